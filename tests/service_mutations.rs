//! Services: under a measure, in a case, or to a family; by an office, a partner or a machine.

use chrono::{NaiveDate, TimeDelta};
use entity::access_grant::{AccessLevel, GrantBasis};
use entity::case::{self, CaseStatus};
use entity::family_member::MemberRole;
use entity::membership::Role;
use entity::person;
use entity::plan::PlanStatus;
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveEnum, ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::world::{Branch, Household, Person, START, id};
use crate::harness::{Answer, Stage, run};

const SERVICE: &str = "service { id quantity deliveredOn serviceType { code } provider { id } \
    measure { id status } persons { id } }";

struct Scene<'s> {
    stage: &'s Stage,
    area: Branch,
    office: Branch,
    home: Household,
    worker: Person,
    kind: Uuid,
}

impl<'s> Scene<'s> {
    async fn set(stage: &'s Stage) -> Self {
        let area = stage.area("Area", None).await;
        let office = stage.organisation("Office", None).await;
        let home = stage.household(&office, &area, "X").await;
        let worker = stage.worker(&office, Role::Caseworker).await;
        let kind = stage.service_type("S1", true).await;
        Self { stage, area, office, home, worker, kind }
    }

    fn days_ago(&self, days: i64) -> NaiveDate {
        self.stage.today() - TimeDelta::days(days)
    }

    fn input(&self) -> Value {
        json!({ "caseId": id("case", self.home.case), "serviceTypeId": id("servicetype", self.kind),
            "personIds": [id("child", self.home.child)], "deliveredOn": self.days_ago(1) })
    }

    fn with(&self, field: &str, value: Value) -> Value {
        let mut input = self.input();
        input[field] = value;
        input
    }

    /// Recorded for a family or a measure instead of the case.
    fn instead(&self, field: &str, value: &str) -> Value {
        let mut input = self.with(field, json!(value));
        input.as_object_mut().unwrap().remove("caseId");
        input
    }

    async fn record(&self, by: &Person, input: Value) -> Answer {
        self.stage.as_(by).mutate("serviceRecord", input, SERVICE).await
    }
}

fn refused(code: &str, path: &str) -> (String, String) {
    (code.to_owned(), path.to_owned())
}

#[test]
fn a_service_is_recorded_under_a_measure_in_a_case_or_for_a_family() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let school = stage.organisation("School", None).await;
        let (_, measure) =
            stage.plan_with_measure(&scene.home, &scene.office, PlanStatus::Active).await;
        let mut input = scene.instead("measureId", &id("measure", measure));
        input["providerId"] = json!(id("organisation", school.id));
        input["quantity"] = json!(3);
        input["personIds"] =
            json!([id("person", scene.home.child), id("person", scene.home.parent)]);
        let (client, key) = (stage.as_(&scene.worker), Uuid::now_v7());
        let request = client.mutate_as(key, "serviceRecord", input.clone(), "service { id }");
        let (statements, first) = stage.counted(request).await;
        let service = first.done("/service/id");
        assert!(statements <= 12, "{statements}: {:#?}", stage.said());
        let again = client.mutate_as(key, "serviceRecord", input, SERVICE).await;
        assert!(again.replayed());
        assert_eq!(again.done("/service/id"), service);
        assert_eq!(again.done("/service/quantity"), 3);
        assert_eq!(again.done("/service/provider/id"), &json!(id("organisation", school.id)));
        let expected = json!({ "id": id("measure", measure), "status": "IN_PROGRESS" });
        assert_eq!(again.done("/service/measure"), &expected);
        assert_eq!(again.done("/service/persons").as_array().unwrap().len(), 2);

        let in_case = scene.record(&scene.worker, scene.input()).await;
        assert_eq!(in_case.done("/service/quantity"), 1);
        let own = json!(id("organisation", scene.office.id));
        assert_eq!(in_case.done("/service/provider/id"), &own);
        let query =
            format!("{{ case(id: \"{}\") {{ services {{ id }} }} }}", id("case", scene.home.case));
        let listed = client.query(&query).await;
        assert_eq!(listed.list("/case/services").len(), 2, "that of the measure too");
        let for_family = scene.instead("familyId", &id("family", scene.home.id));
        scene.record(&scene.worker, for_family).await.done("/service/id");
    });
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table of what is refused")]
fn what_makes_no_sense_is_refused_at_its_place() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let stranger = id("person", Uuid::now_v7());
        let newborn = stage.person("N", scene.days_ago(0)).await;
        let later = stage.person("L", START).await;
        let role = entity::family_member::MemberRole::Child;
        stage.membership(scene.home.id, newborn, role, START, None).await;
        stage.membership(scene.home.id, later, role, scene.days_ago(0), None).await;
        let persons = |person: &str| json!([id("person", scene.home.child), person]);
        let old = stage.service_type("OLD", false).await;
        let family = json!(id("family", scene.home.id));
        let cases = [
            (scene.with("caseId", json!(null)), "REQUIRED", "input.familyId"),
            (scene.with("familyId", family), "INVALID", "input.familyId"),
            (scene.with("caseId", json!(id("case", Uuid::now_v7()))), "NOT_FOUND", "input.caseId"),
            (
                scene.instead("familyId", &id("family", Uuid::now_v7())),
                "NOT_FOUND",
                "input.familyId",
            ),
            (
                scene.instead("measureId", &id("measure", Uuid::now_v7())),
                "NOT_FOUND",
                "input.measureId",
            ),
            (
                scene.with("serviceTypeId", json!(id("servicetype", Uuid::now_v7()))),
                "NOT_FOUND",
                "input.serviceTypeId",
            ),
            (
                scene.with("serviceTypeId", json!(id("servicetype", old))),
                "INVALID",
                "input.serviceTypeId",
            ),
            (
                scene.with("providerId", json!(id("organisation", Uuid::now_v7()))),
                "NOT_FOUND",
                "input.providerId",
            ),
            (scene.with("personIds", json!([])), "REQUIRED", "input.personIds"),
            (
                scene.with("personIds", persons(&id("child", scene.home.child))),
                "INVALID",
                "input.personIds",
            ),
            (
                scene.with("personIds", json!(vec![stranger.clone(); 51])),
                "TOO_MANY_ITEMS",
                "input.personIds",
            ),
            (scene.with("personIds", persons(&stranger)), "NOT_FOUND", "input.personIds.1"),
            (
                scene.with("personIds", persons(&id("person", newborn))),
                "OUT_OF_RANGE",
                "input.personIds.1",
            ),
            (
                scene.with("personIds", persons(&id("person", later))),
                "INVALID",
                "input.personIds.1",
            ),
            (scene.with("quantity", json!(0)), "OUT_OF_RANGE", "input.quantity"),
            (scene.with("quantity", json!(1001)), "OUT_OF_RANGE", "input.quantity"),
            (
                scene.with("deliveredOn", json!(scene.days_ago(-1))),
                "OUT_OF_RANGE",
                "input.deliveredOn",
            ),
            (
                scene.with("deliveredOn", json!(scene.days_ago(400))),
                "OUT_OF_RANGE",
                "input.deliveredOn",
            ),
        ];
        for (input, code, path) in cases {
            let told = input.to_string();
            let answer = scene.record(&scene.worker, input).await;
            assert_eq!(answer.refusal(), refused(code, path), "{told:.300}");
        }
    });
}

#[test]
fn a_closed_case_a_plan_that_is_over_and_days_before_the_case_are_refused() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let over = [
            PlanStatus::Draft,
            PlanStatus::Agreed,
            PlanStatus::Completed,
            PlanStatus::Superseded,
            PlanStatus::Cancelled,
        ];
        for status in over {
            let other = stage.household(&scene.office, &scene.area, "O").await;
            let (_, measure) = stage.plan_with_measure(&other, &scene.office, status).await;
            let input = scene.instead("measureId", &id("measure", measure));
            let refusal = scene.record(&scene.worker, input).await.refusal();
            let expected = refused("INVALID_STATE_TRANSITION", "input.measureId");
            assert_eq!(refusal, expected, "{status:?}");
        }
        let set = async |column, value: sea_orm::Value| {
            case::Entity::update_many()
                .col_expr(column, Expr::value(value))
                .filter(case::Column::Id.eq(scene.home.case))
                .exec(&stage.database.writer)
                .await
                .unwrap();
        };
        set(case::Column::OpenedOn, stage.today().into()).await;
        let refusal = scene.record(&scene.worker, scene.input()).await.refusal();
        assert_eq!(refusal, refused("OUT_OF_RANGE", "input.deliveredOn"));
        set(case::Column::Status, CaseStatus::Closed.to_value().into()).await;
        let refusal = scene.record(&scene.worker, scene.input()).await.refusal();
        assert_eq!(refusal, refused("INVALID_STATE_TRANSITION", "input.caseId"));
    });
}

#[test]
fn partners_record_what_they_delivered_themselves_to_families_that_they_serve() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let ngo = stage.organisation("Ngo", None).await;
        let branch = stage.organisation("Branch", Some(&ngo)).await;
        let worker = stage.worker(&ngo, Role::NgoWorker).await;
        let machine = stage.machine(&ngo).await;
        let refusal = scene.record(&worker, scene.input()).await.refusal();
        assert_eq!(refusal, refused("NOT_FOUND", "input.caseId"));
        let (level, basis) = (AccessLevel::ServiceOnly, GrantBasis::Referral);
        stage.grant(&ngo, scene.home.id, level, basis, Uuid::now_v7()).await;
        for partner in [&worker, &machine] {
            let done = scene.record(partner, scene.input()).await;
            let own = json!(id("organisation", ngo.id));
            assert_eq!(done.done("/service/provider/id"), &own);
        }
        let by =
            |provider: &Branch| scene.with("providerId", json!(id("organisation", provider.id)));
        scene.record(&worker, by(&branch)).await.done("/service/id");
        let refusal = scene.record(&worker, by(&scene.office)).await.refusal();
        assert_eq!(refusal, refused("PERMISSION_DENIED", "input.providerId"));
        // A caseworker with no more than that does not write casework.
        let other = stage.worker(&ngo, Role::Caseworker).await;
        let refusal = scene.record(&other, scene.input()).await.refusal();
        assert_eq!(refusal, refused("NOT_FOUND", "input.caseId"));
        let analyst = stage.worker(&scene.office, Role::Analyst).await;
        assert_eq!(scene.record(&analyst, scene.input()).await.code(), "FORBIDDEN");
    });
}

#[test]
fn a_refusal_tells_who_serves_nothing_of_a_birth_or_a_death() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let ngo = stage.organisation("NGO", None).await;
        let level = AccessLevel::ServiceOnly;
        stage.grant(&ngo, scene.home.id, level, GrantBasis::Referral, scene.home.case).await;
        let worker = stage.worker(&ngo, Role::NgoWorker).await;
        let born = stage.person("Newborn", scene.days_ago(3)).await;
        let died = stage.person("Late", scene.days_ago(9000)).await;
        person::Entity::update_many()
            .col_expr(person::Column::DeathDate, Expr::val(scene.days_ago(7)))
            .filter(person::Column::Id.eq(died))
            .exec(&stage.database.writer)
            .await
            .unwrap();
        let came = stage.person("Came", scene.days_ago(9000)).await;
        for (person, since) in [(born, 3), (died, 9), (came, 3)] {
            let since = scene.days_ago(since);
            stage.membership(scene.home.id, person, MemberRole::Relative, since, None).await;
        }
        let told = async |by: &Person, person: Uuid| {
            let mut input = scene.instead("familyId", &id("family", scene.home.id));
            input["personIds"] = json!([id("person", person)]);
            input["deliveredOn"] = json!(scene.days_ago(5));
            let refused = scene.record(by, input).await;
            (refused.refusal(), refused.user_error()["message"].clone())
        };
        let unknown = told(&worker, came).await;
        assert_eq!(told(&worker, born).await, unknown);
        assert_eq!(told(&worker, died).await, unknown);
        // Who sees the family in full is told why.
        assert_ne!(told(&scene.worker, born).await.1, unknown.1);
        assert_ne!(told(&scene.worker, died).await.1, unknown.1);
    });
}
