//! Work that goes on: reports about families that somebody leads already, cases that are opened or
//! reopened beside others, and who is given what is due.

use chrono::TimeDelta;
use entity::access_grant::{AccessLevel, GrantBasis};
use entity::assessment::AssessmentStatus;
use entity::case::{self, CaseStatus, RiskLevel};
use entity::concern_report::{ConcernStatus, ConcernUrgency};
use entity::measure::MeasureStatus;
use entity::membership::Role;
use entity::organisation::OrganisationKind;
use entity::plan::PlanStatus;
use entity::task::{self, TaskKind, TaskStatus};
use entity::visit::VisitStatus;
use entity::{episode, family};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::world::{Branch, Household, Person, id};
use crate::harness::{Answer, Stage, run};

struct Scene<'s> {
    stage: &'s Stage,
    area: Branch,
    office: Branch,
    home: Household,
    worker: Person,
    boss: Person,
}

impl<'s> Scene<'s> {
    async fn set(stage: &'s Stage) -> Self {
        let area = stage.area("Area", None).await;
        let office = stage.agency("Office", OrganisationKind::SocialService).await;
        let home = stage.household(&office, &area, "X").await;
        stage.episode(&home).await;
        let worker = stage.worker(&office, Role::Caseworker).await;
        let boss = stage.worker(&office, Role::Supervisor).await;
        Self { stage, area, office, home, worker, boss }
    }

    async fn send(&self, by: &Person, mutation: &str, input: Value) -> Answer {
        self.stage.as_(by).mutate(mutation, input, "").await
    }

    async fn done(&self, mutation: &str, input: Value) {
        let answer = self.send(&self.worker, mutation, input).await;
        assert_eq!(answer.data("/result/userErrors"), &json!([]), "{mutation}");
    }

    async fn report(&self, receiver: &Branch, status: ConcernStatus) -> String {
        let (urgency, family) = (ConcernUrgency::Routine, Some(self.home.id));
        id("report", self.stage.report(receiver, &self.area, status, urgency, family).await)
    }

    /// Closes the case, asked for by the worker.
    async fn close(&self) {
        let case = id("case", self.home.case);
        let ask = json!({ "caseId": case, "outcome": "OVERCAME", "summary": "All is well." });
        self.done("caseClosureRequest", ask).await;
        let approve = json!({ "caseId": case, "isApproved": true });
        let closed = self.send(&self.boss, "caseClosureDecide", approve).await;
        assert_eq!(closed.data("/result/userErrors"), &json!([]));
    }

    async fn open_tasks(&self) -> Vec<task::Model> {
        let open = task::Entity::find().filter(task::Column::Status.eq(TaskStatus::Open));
        open.all(&self.stage.database.reader).await.unwrap()
    }

    async fn case(&self) -> case::Model {
        let case = case::Entity::find_by_id(self.home.case);
        case.one(&self.stage.database.reader).await.unwrap().unwrap()
    }
}

fn refused(code: &str, path: &str) -> (String, String) {
    (code.to_owned(), path.to_owned())
}

#[test]
fn who_leads_a_family_moves_a_report_about_it_that_others_received() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let desk = stage.agency("Desk", OrganisationKind::SocialService).await;
        let report = scene.report(&desk, ConcernStatus::Triaged).await;
        let permissions = format!(
            "{{ node(id: \"{report}\") {{ ... on ConcernReport {{ \
            viewerPermissions {{ canVerify canDecide }} }} }} }}"
        );
        let may = stage.as_(&scene.worker).query(&permissions).await;
        assert_eq!(may.data("/node/viewerPermissions/canVerify"), true);
        scene.done("concernReportVerify", json!({ "id": report })).await;
        let due = scene.open_tasks().await;
        assert_eq!((due[0].kind, due[0].owner_id), (TaskKind::Verification, Some(scene.worker.id)));
        // Its owner sees it, though the desk owes it.
        let tasks = stage.as_(&scene.worker).query("{ tasks { nodes { kind } } }").await;
        assert_eq!(tasks.data("/tasks/nodes/0/kind"), "VERIFICATION");
        let confirm = json!({ "id": report, "decision": "CONFIRMED", "reason": "So it is.",
            "evidence": "A record." });
        scene.done("concernReportDecide", confirm).await;
    });
}

#[test]
fn a_machines_report_about_a_family_goes_to_who_leads_it() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let desk = stage.agency("Desk", OrganisationKind::SocialService).await;
        stage.serves(&desk, &scene.area).await;
        let partner = stage.organisation("Partner", None).await;
        let machine = stage.machine(&partner).await;
        let level = AccessLevel::ServiceOnly;
        stage.grant(&partner, scene.home.id, level, GrantBasis::Referral, scene.home.case).await;
        let submit = |family: Option<Uuid>| {
            json!({ "channel": "AGENCY", "source": "NGO", "areaId": id("area", scene.area.id),
                "narrative": "What was seen.", "categories": ["NEGLECT"], "isAnonymous": true,
                "familyId": family.map(|uuid| id("family", uuid)) })
        };
        let select = "concernReport { organisation { id } }";
        let client = stage.as_(&machine);
        for (family, receiver) in [(Some(scene.home.id), &scene.office), (None, &desk)] {
            let sent = client.mutate("concernReportSubmit", submit(family), select).await;
            let expected = json!(id("organisation", receiver.id));
            assert_eq!(sent.done("/concernReport/organisation/id"), &expected);
        }
    });
}

#[test]
fn facts_that_reopen_a_case_make_its_plan_due_again_where_the_family_lives_now() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        stage.set_case(scene.home.case, CaseStatus::Active).await;
        let plan = stage.plan(&scene.home, &scene.office, 1, PlanStatus::Active).await;
        let planned = MeasureStatus::Planned;
        let measure = stage.measure(&scene.home, plan, &scene.office, planned).await;
        scene.close().await;
        assert!(scene.open_tasks().await.is_empty());
        let next = stage.area("Next", None).await;
        family::Entity::update_many()
            .col_expr(family::Column::AreaId, Expr::val(next.id))
            .exec(&stage.database.writer)
            .await
            .unwrap();
        let report = scene.report(&scene.office, ConcernStatus::Verifying).await;
        let confirm = json!({ "id": report, "decision": "CONFIRMED", "reason": "So it is.",
            "evidence": "A record." });
        let client = stage.as_(&scene.worker);
        let sent = client.mutate("concernReportDecide", confirm, "concernReport { id }");
        let (statements, answer) = stage.counted(sent).await;
        answer.done("/concernReport/id");
        assert!(statements <= 12, "{statements}: {:#?}", stage.said());
        let due = scene.open_tasks().await;
        for (kind, subject) in [(TaskKind::Measure, measure), (TaskKind::PlanReview, plan)] {
            let found = due.iter().find(|task| (task.kind, task.subject_id) == (kind, subject));
            assert_eq!(found.unwrap().owner_id, Some(scene.worker.id), "{kind:?}");
        }
        assert_eq!(scene.case().await.area_id, next.id);
    });
}

#[test]
fn a_second_open_case_of_a_kind_is_named_as_what_is_in_the_way() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let open = |kind: &str| json!({ "familyId": id("family", scene.home.id), "kind": kind, "reason": "So." });
        let kind = scene.case().await.kind;
        let kind = json!(sea_orm::ActiveEnum::to_value(&kind));
        scene.close().await;
        scene.done("caseOpen", open(kind.as_str().unwrap())).await;
        let again = json!({ "caseId": id("case", scene.home.case), "reason": "Again." });
        let refusal = scene.send(&scene.worker, "caseReopen", again).await.refusal();
        assert_eq!(refusal, refused("ALREADY_EXISTS", "input.caseId"));
        let client = stage.as_(&scene.worker);
        let other = client.mutate("caseOpen", open("AFTERCARE"), "case { id version }").await;
        let change = json!({ "id": other.done("/case/id"), "expectedVersion": 1, "kind": kind });
        let refusal = scene.send(&scene.worker, "caseUpdate", change).await.refusal();
        assert_eq!(refusal, refused("ALREADY_EXISTS", "input.kind"));
    });
}

#[test]
fn a_closure_that_is_asked_for_is_settled_before_facts_join_the_case() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let case = id("case", scene.home.case);
        let ask = json!({ "caseId": case, "outcome": "OVERCAME", "summary": "All is well." });
        scene.done("caseClosureRequest", ask).await;
        let confirm = json!({ "decision": "CONFIRMED", "reason": "So.", "evidence": "A record." });
        let link = json!({ "decision": "LINKED", "reason": "So.", "caseId": case });
        let mut waiting = Vec::new();
        for (mut input, status, path) in [
            (confirm, ConcernStatus::Verifying, "input.id"),
            (link, ConcernStatus::Triaged, "input.caseId"),
        ] {
            input["id"] = json!(scene.report(&scene.office, status).await);
            let refusal = scene.send(&scene.worker, "concernReportDecide", input.clone()).await;
            assert_eq!(refusal.refusal(), refused("DEPENDENCY_FAILED", path));
            waiting.push(input);
        }
        let back = json!({ "caseId": case, "isApproved": false, "note": "There is news." });
        scene.send(&scene.boss, "caseClosureDecide", back).await;
        for input in waiting {
            scene.done("concernReportDecide", input).await;
        }
    });
}

#[test]
fn a_planned_visit_is_told_though_its_report_was_decided_meanwhile() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let report = scene.report(&scene.office, ConcernStatus::Triaged).await;
        let plan = json!({ "concernReportId": report, "scheduledFor": stage.today() });
        let client = stage.as_(&scene.worker);
        let planned = client.mutate("visitSchedule", plan, "visit { id }").await;
        let visit = planned.done("/visit/id").clone();
        let decide = json!({ "id": report, "decision": "NOT_CONFIRMED", "reason": "A mistake." });
        scene.done("concernReportDecide", decide).await;
        let made = json!({ "id": visit, "outcome": "COMPLETED", "visitedAt": stage.now(),
            "children": [{ "personId": id("child", scene.home.child), "seen": true }] });
        scene.done("visitRecord", made).await;
        let row = entity::visit::Entity::find().one(&stage.database.reader).await.unwrap().unwrap();
        assert_eq!(row.status, VisitStatus::Completed);
        let unplanned = json!({ "concernReportId": report, "outcome": "NO_ACCESS",
            "visitedAt": stage.now(), "note": "Nobody was there." });
        let refusal = scene.send(&scene.worker, "visitRecord", unplanned).await.refusal();
        assert_eq!(refusal.0, "INVALID_STATE_TRANSITION");
    });
}

#[test]
fn an_assessment_of_a_closed_episode_says_nothing_of_the_next() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let told = (RiskLevel::Critical, 9, "[]");
        let submitted = AssessmentStatus::Submitted;
        let old = stage.assessment(&scene.home, &scene.worker, submitted, told).await;
        scene.close().await;
        stage.wait(TimeDelta::days(3));
        let again = json!({ "caseId": id("case", scene.home.case), "reason": "Again." });
        scene.done("caseReopen", again).await;
        let episodes = episode::Entity::find().all(&stage.database.reader).await.unwrap();
        assert_eq!(episodes.len(), 2);
        let decide = |decision: &str| json!({ "id": id("assessment", old), "decision": decision, "reason": "It is old." });
        let refusal = scene.send(&scene.boss, "assessmentDecide", decide("APPROVED")).await;
        assert_eq!(refusal.refusal(), refused("OUT_OF_RANGE", "input.id"));
        assert_eq!(scene.case().await.risk_level, Some(RiskLevel::High), "as it was");
        let back = scene.send(&scene.boss, "assessmentDecide", decide("REJECTED")).await;
        assert_eq!(back.data("/result/userErrors"), &json!([]));
    });
}
