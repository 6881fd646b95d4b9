//! Rights that last: what was shared for a while, however fully, is not enough to write into a file,
//! to join a shared person to a family of one's own, or to begin work that gives a lasting right.

use chrono::TimeDelta;
use entity::access_grant::{self, AccessLevel, GrantBasis};
use entity::concern_report::{ConcernStatus, ConcernUrgency};
use entity::membership::Role;
use entity::{audit_event, case};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::world::{Branch, Household, Person, id};
use crate::harness::{Stage, run};

/// A household that one office leads, and another organisation with a family of its own.
struct Scene<'s> {
    stage: &'s Stage,
    area: Branch,
    office: Branch,
    home: Household,
    partner: Branch,
    own: Household,
    boss: Person,
}

impl<'s> Scene<'s> {
    async fn set(stage: &'s Stage) -> Self {
        let area = stage.area("Area", None).await;
        let office = stage.organisation("Office", None).await;
        let partner = stage.organisation("Partner", None).await;
        let home = stage.household(&office, &area, "X").await;
        let own = stage.household(&partner, &area, "Y").await;
        let boss = stage.worker(&partner, Role::Supervisor).await;
        Self { stage, area, office, home, partner, own, boss }
    }

    /// The family and its child are shared in full, until tomorrow.
    async fn share(&self, basis: GrantBasis) {
        let until = Some(self.stage.now() + TimeDelta::days(1));
        let (full, source) = (AccessLevel::Full, self.home.case);
        for (family, person) in [(Some(self.home.id), None), (None, Some(self.home.child))] {
            let to = &self.partner;
            self.stage.grant_until(to, family, person, full, basis, source, until).await;
        }
    }

    fn join(&self, family: Uuid) -> Value {
        json!({ "familyId": id("family", family), "personId": id("child", self.home.child),
            "membership": { "role": "CHILD", "since": "2025-06-01" } })
    }

    /// What writes into the file of the shared family, with the place that is refused.
    fn writes(&self) -> Vec<Write> {
        let mut writes = self.of_family();
        writes.extend(self.of_case());
        writes
    }

    fn of_family(&self) -> Vec<Write> {
        let family = id("family", self.home.id);
        let (child, parent) = (id("child", self.home.child), id("person", self.home.parent));
        vec![
            ("familyMemberAdd", self.join(self.own.id), "input.personId"),
            ("familyMemberAdd", self.join(self.home.id), "input.familyId"),
            (
                "familyUpdate",
                json!({ "id": family, "expectedVersion": 1, "label": "Z" }),
                "input.id",
            ),
            (
                "personUpdate",
                json!({ "id": child, "expectedVersion": 1, "phone": "1" }),
                "input.id",
            ),
            (
                "personNameAdd",
                json!({ "personId": child, "kind": "ALIAS", "givenName": "B" }),
                "input.personId",
            ),
            (
                "relationshipAdd",
                json!({ "personId": child, "otherId": parent, "kind": "OTHER" }),
                "input.personId",
            ),
        ]
    }

    fn of_case(&self) -> Vec<Write> {
        let (family, case) = (id("family", self.home.id), id("case", self.home.case));
        let today = self.stage.today();
        vec![
            (
                "caseOpen",
                json!({ "familyId": family, "kind": "EARLY_HELP", "reason": "So." }),
                "input.familyId",
            ),
            ("caseUpdate", json!({ "id": case, "expectedVersion": 1 }), "input.id"),
            (
                "caseAssign",
                json!({ "caseId": case, "workerId": id("worker", self.boss.id), "role": "LEAD" }),
                "input.caseId",
            ),
            (
                "caseClosureRequest",
                json!({ "caseId": case, "outcome": "OVERCAME", "summary": "So." }),
                "input.caseId",
            ),
            ("caseAddendumAdd", json!({ "caseId": case, "body": "So." }), "input.caseId"),
            (
                "planDraft",
                json!({ "caseId": case, "since": today, "goals": [{ "statement": "So.",
                    "measures": [{ "description": "So.", "dueOn": today }] }] }),
                "input.caseId",
            ),
            (
                "decisionRecord",
                json!({ "bodyId": id("organisation", self.office.id), "familyId": family,
                    "kind": "K", "number": "1", "decidedOn": today }),
                "input.familyId",
            ),
        ]
    }

    async fn lasting(&self) -> u64 {
        access_grant::Entity::find()
            .filter(access_grant::Column::OrganisationId.eq(self.partner.id))
            .filter(access_grant::Column::Until.is_null())
            .count(&self.stage.database.reader)
            .await
            .unwrap()
    }
}

/// A mutation, its input, and the place at which it is refused.
type Write = (&'static str, Value, &'static str);

const BASES: [GrantBasis; 5] = [
    GrantBasis::Referral,
    GrantBasis::Placement,
    GrantBasis::Enrolment,
    GrantBasis::Statute,
    GrantBasis::BreakGlass,
];

#[test]
fn what_is_shared_for_a_while_is_not_written_into_on_any_basis() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let client = stage.as_(&scene.boss);
        for basis in BASES {
            scene.share(basis).await;
            let query =
                format!("{{ family(id: \"{}\") {{ address }} }}", id("family", scene.home.id));
            let seen = client.query(&query).await;
            assert_ne!(seen.data("/family/address"), &Value::Null, "{basis:?}: seen in full");
            let lasting = scene.lasting().await;
            for (mutation, input, path) in scene.writes() {
                let refused = client.mutate(mutation, input, "").await.refusal();
                let expected = ("NOT_FOUND".to_owned(), path.to_owned());
                assert_eq!(refused, expected, "{basis:?} {mutation}");
            }
            assert_eq!(scene.lasting().await, lasting, "{basis:?}");
            let events = audit_event::Entity::find().filter(audit_event::Column::Action.ne("READ"));
            assert_eq!(events.count(&stage.database.reader).await.unwrap(), 0, "{basis:?}");
            stage.wait(TimeDelta::days(2));
            assert_eq!(client.query(&query).await.data("/family"), &Value::Null, "{basis:?}");
        }
    });
}

#[test]
fn the_same_is_written_by_who_leads() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let boss = stage.worker(&scene.office, Role::Supervisor).await;
        let client = stage.as_(&boss);
        // Not what needs another state of the case or the family, nor an assignment elsewhere.
        let others = ["familyMemberAdd", "caseAssign", "caseClosureRequest", "caseAddendumAdd"];
        for (mutation, input, _) in scene.writes() {
            if !others.contains(&mutation) {
                let answer = client.mutate(mutation, input, "").await;
                assert_eq!(answer.data("/result/userErrors"), &json!([]), "{mutation}");
            }
        }
    });
}

#[test]
fn confirmed_facts_open_no_case_of_a_family_that_is_only_shared() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let family = stage.family(&scene.office, &scene.area, "Z").await;
        let (full, basis) = (AccessLevel::Full, GrantBasis::Referral);
        stage.grant(&scene.partner, family, full, basis, family).await;
        let (status, urgency) = (ConcernStatus::Verifying, ConcernUrgency::Routine);
        let report = stage.report(&scene.partner, &scene.area, status, urgency, Some(family)).await;
        let confirm = json!({ "id": id("report", report), "decision": "CONFIRMED",
            "reason": "So it is.", "evidence": "A record." });
        let client = stage.as_(&scene.boss);
        let (cases, lasting) = (
            case::Entity::find().count(&stage.database.reader).await.unwrap(),
            scene.lasting().await,
        );
        let refused = client.mutate("concernReportDecide", confirm.clone(), "").await.refusal();
        assert_eq!(refused, ("PERMISSION_DENIED".to_owned(), "input.id".to_owned()));
        assert_eq!(case::Entity::find().count(&stage.database.reader).await.unwrap(), cases);
        assert_eq!(scene.lasting().await, lasting);
        stage.grant(&scene.partner, family, full, GrantBasis::Lead, family).await;
        let answer = client.mutate("concernReportDecide", confirm, "").await;
        assert_eq!(answer.data("/result/userErrors"), &json!([]));
    });
}

#[test]
fn a_visit_for_a_report_is_planned_and_made_by_who_received_it() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        scene.share(GrantBasis::Referral).await;
        let (status, urgency) = (ConcernStatus::Triaged, ConcernUrgency::Routine);
        let home = Some(scene.home.id);
        let report = stage.report(&scene.office, &scene.area, status, urgency, home).await;
        let client = stage.as_(&scene.boss);
        let plan = json!({ "concernReportId": id("report", report),
            "scheduledFor": stage.today() });
        let record = json!({ "concernReportId": id("report", report), "outcome": "NO_ACCESS",
            "visitedAt": stage.now(), "note": "Nobody was there." });
        for (mutation, input) in [("visitSchedule", plan), ("visitRecord", record)] {
            let refused = client.mutate(mutation, input, "").await.refusal();
            let path = "input.concernReportId".to_owned();
            assert_eq!(refused, ("PERMISSION_DENIED".to_owned(), path), "{mutation}");
        }
        let row = entity::concern_report::Entity::find_by_id(report);
        let row = row.one(&stage.database.reader).await.unwrap().unwrap();
        assert_eq!((row.status, row.version), (ConcernStatus::Triaged, 1));
    });
}

#[test]
fn a_report_joins_the_case_of_a_shared_family_without_a_lasting_right() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        scene.share(GrantBasis::Referral).await;
        let lasting = scene.lasting().await;
        let case = id("case", scene.home.case);
        let link = json!({ "decision": "LINKED", "reason": "So.", "caseId": case });
        let confirm = json!({ "decision": "CONFIRMED", "reason": "So.", "evidence": "A record." });
        let select = "concernReport { case { id } }";
        for (mut input, status) in
            [(link, ConcernStatus::Triaged), (confirm, ConcernStatus::Verifying)]
        {
            let (place, home) = ((&scene.partner, &scene.area), Some(scene.home.id));
            let urgency = ConcernUrgency::Routine;
            let report = stage.report(place.0, place.1, status, urgency, home).await;
            input["id"] = json!(id("report", report));
            let client = stage.as_(&scene.boss);
            let joined = client.mutate("concernReportDecide", input, select).await;
            assert_eq!(joined.done("/concernReport/case/id"), &json!(case));
        }
        assert_eq!(scene.lasting().await, lasting);
    });
}
