//! Stories about plans: drafted, signed by agencies, answered by the family, put into force,
//! reviewed, replaced.

use chrono::{NaiveDate, TimeDelta};
use entity::case::CaseStatus;
use entity::measure::MeasureStatus;
use entity::membership::Role;
use entity::plan::PlanStatus;
use entity::task::{self, TaskKind, TaskStatus};
use entity::{case, goal, plan, service_type};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::world::{Branch, Household, Person, START, id};
use crate::harness::{Stage, run};

const SELECT: &str = "plan { id version revision status until reviewDueOn familyAgreed childViews \
    reviewNote goals { id status } measures { id status responsible { id } } \
    signOffs { organisation { id } worker { id } signedAt } }";

/// A family that was assessed, its worker, and a school.
struct Scene {
    office: Branch,
    school: Branch,
    home: Household,
    worker: Person,
}

async fn scene(stage: &Stage) -> Scene {
    let area = stage.area("Area", None).await;
    let office = stage.organisation("Office", None).await;
    let school = stage.organisation("School", None).await;
    let home = stage.household(&office, &area, "X").await;
    stage.set_case(home.case, CaseStatus::Assessment).await;
    let worker = stage.worker(&office, Role::Caseworker).await;
    Scene { office, school, home, worker }
}

fn today(stage: &Stage) -> NaiveDate {
    stage.now().date_naive()
}

fn draft(stage: &Stage, case: Uuid, school: &Branch) -> Value {
    let due_on = today(stage) + TimeDelta::days(30);
    json!({
        "caseId": id("case", case), "since": today(stage), "childViews": "Likes the school.",
        "goals": [
            { "statement": "The flat is warm.", "measures": [
                { "description": "Repair the stove.", "dueOn": due_on },
            ] },
            { "statement": "The child is at school.", "need": "Education", "measures": [
                { "description": "A tutor.", "dueOn": due_on,
                  "responsibleId": id("organisation", school.id) },
                { "description": "Books.", "dueOn": due_on,
                  "responsibleId": id("organisation", school.id) },
            ] },
        ],
    })
}

async fn case_status(stage: &Stage, case: Uuid) -> CaseStatus {
    let case = case::Entity::find_by_id(case).one(&stage.database.reader).await;
    case.unwrap().unwrap().status
}

async fn plan_row(stage: &Stage, plan: Uuid) -> plan::Model {
    plan::Entity::find_by_id(plan).one(&stage.database.reader).await.unwrap().unwrap()
}

async fn tasks(stage: &Stage, kind: TaskKind, status: TaskStatus) -> Vec<task::Model> {
    let tasks = task::Entity::find()
        .filter(task::Column::Kind.eq(kind))
        .filter(task::Column::Status.eq(status));
    tasks.all(&stage.database.reader).await.unwrap()
}

fn refusal(code: &str, path: &str) -> (String, String) {
    (code.to_owned(), path.to_owned())
}

#[test]
#[expect(clippy::too_many_lines, reason = "one story, told at once")]
fn a_plan_goes_from_draft_into_force_through_review_to_its_end() {
    run(async |stage| {
        let Scene { office, school, home, worker } = scene(stage).await;
        let client = stage.as_(&worker);
        let input = draft(stage, home.case, &school);
        let (statements, drafted) =
            stage.counted(client.mutate("planDraft", input, "plan { id }")).await;
        let plan = drafted.done("/plan/id").clone();
        assert!(statements <= 12, "{statements}: {:#?}", stage.said());
        assert_eq!(case_status(stage, home.case).await, CaseStatus::Planning);

        let signed = json!({ "organisationId": id("organisation", office.id) });
        let agree = json!({ "planId": plan, "expectedVersion": 1, "signOffs": [signed] });
        let half = client.mutate("planAgree", agree, SELECT).await;
        assert_eq!(half.done("/plan/status"), "DRAFT");
        assert_eq!(half.done("/plan/version"), 2);
        assert_eq!(half.done("/plan/childViews"), "Likes the school.");
        assert_eq!(half.done("/plan/signOffs").as_array().unwrap().len(), 2);
        let missing = |answer: &Value| {
            let sign_offs = answer.as_array().unwrap().iter();
            let missing = sign_offs.filter(|sign_off| sign_off["signedAt"].is_null());
            missing.map(|sign_off| sign_off["organisation"]["id"].clone()).collect::<Vec<_>>()
        };
        let school_id = json!(id("organisation", school.id));
        assert_eq!(missing(half.done("/plan/signOffs")), std::slice::from_ref(&school_id));
        let teacher = stage.worker(&school, Role::Reporter).await;
        let both = json!([
            { "organisationId": id("organisation", office.id) },
            { "organisationId": school_id, "workerId": id("worker", teacher.id) },
        ]);
        let agree = json!({ "planId": plan, "signOffs": both, "familyAgreed": false });
        let (statements, agreed) =
            stage.counted(client.mutate("planAgree", agree, "plan { status }")).await;
        assert_eq!(agreed.done("/plan/status"), "AGREED");
        assert!(statements <= 12, "{statements}: {:#?}", stage.said());

        let activate = json!({ "planId": plan, "expectedVersion": 3 });
        let active = client.mutate("planActivate", activate, SELECT).await;
        assert_eq!(active.done("/plan/status"), "ACTIVE");
        let in_ninety = today(stage) + TimeDelta::days(90);
        assert_eq!(active.done("/plan/reviewDueOn"), &json!(in_ninety));
        assert_eq!(active.done("/plan/familyAgreed"), false);
        assert_eq!(case_status(stage, home.case).await, CaseStatus::Active);
        assert_eq!(tasks(stage, TaskKind::Measure, TaskStatus::Open).await.len(), 3);
        assert_eq!(tasks(stage, TaskKind::PlanReview, TaskStatus::Open).await[0].due_on, in_ninety);

        let goal = active.done("/plan/goals/0/id").clone();
        let start = json!({ "planId": plan, "outcome": "BEGIN",
            "goals": [{ "goalId": goal, "status": "REACHED" }] });
        let begun = client.mutate("planReview", start, SELECT).await;
        assert_eq!(begun.done("/plan/status"), "UNDER_REVIEW");
        assert_eq!(begun.done("/plan/goals/0/status"), "REACHED");
        assert_eq!(begun.done("/plan/goals/1/status"), "OPEN");
        let next = today(stage) + TimeDelta::days(10);
        let goes_on = json!({ "planId": plan, "outcome": "CONTINUE", "reviewDueOn": next });
        let goes_on = client.mutate("planReview", goes_on, SELECT).await;
        assert_eq!(goes_on.done("/plan/status"), "ACTIVE");
        assert_eq!(goes_on.done("/plan/reviewDueOn"), &json!(next));
        assert_eq!(tasks(stage, TaskKind::PlanReview, TaskStatus::Open).await[0].due_on, next);
        let complete = json!({ "planId": plan, "outcome": "COMPLETE", "note": "Done well." });
        let early = client.mutate("planReview", complete.clone(), SELECT).await;
        assert_eq!(early.refusal(), refusal("INVALID_STATE_TRANSITION", "input.outcome"));
        assert_eq!(early.user_error()["allowed"], json!(["UNDER_REVIEW", "CANCELLED"]));
        let start = json!({ "planId": plan, "outcome": "BEGIN" });
        client.mutate("planReview", start, SELECT).await.done("/plan/id");
        let open = client.mutate("planReview", complete.clone(), SELECT).await;
        assert_eq!(open.refusal(), refusal("DEPENDENCY_FAILED", "input.outcome"));
        for measure in active.done("/plan/measures").as_array().unwrap() {
            let cancel = json!({ "id": measure["id"], "expectedVersion": 1,
                "status": "CANCELLED", "result": "Not needed." });
            client.mutate("measureUpdate", cancel, "measure { id }").await.done("/measure/id");
        }
        let done = client.mutate("planReview", complete, SELECT).await;
        assert_eq!(done.done("/plan/status"), "COMPLETED");
        assert_eq!(done.done("/plan/until"), &json!(today(stage)));
        assert_eq!(done.done("/plan/reviewNote"), "Done well.");
        assert_eq!(tasks(stage, TaskKind::PlanReview, TaskStatus::Done).await.len(), 1);
        assert_eq!(tasks(stage, TaskKind::Measure, TaskStatus::Cancelled).await.len(), 3);
    });
}

#[test]
fn the_next_plan_takes_the_place_of_the_one_in_force() {
    run(async |stage| {
        let Scene { office, school, home, worker } = scene(stage).await;
        let client = stage.as_(&worker);
        for (revision, status) in [(1, PlanStatus::Active), (3, PlanStatus::UnderReview)] {
            let old = stage.plan(&home, &office, revision, status).await;
            stage.measure(&home, old, &school, MeasureStatus::InProgress).await;
            stage.measure(&home, old, &school, MeasureStatus::Done).await;
            let new = stage.plan(&home, &office, revision + 1, PlanStatus::Agreed).await;
            let next = stage.measure(&home, new, &school, MeasureStatus::Planned).await;
            stage.set_case(home.case, CaseStatus::Assessment).await;
            let activate = json!({ "planId": id("plan", new) });
            let (statements, active) =
                stage.counted(client.mutate("planActivate", activate, "plan { status }")).await;
            assert_eq!(active.done("/plan/status"), "ACTIVE");
            assert!(statements <= 12, "{statements}: {:#?}", stage.said());
            assert_eq!(case_status(stage, home.case).await, CaseStatus::Active);
            let old = plan_row(stage, old).await;
            assert_eq!(old.status, PlanStatus::Superseded);
            assert_eq!(old.until, Some(today(stage)));
            let open = tasks(stage, TaskKind::Measure, TaskStatus::Open).await;
            assert_eq!(open.iter().map(|task| task.subject_id).collect::<Vec<_>>(), [next]);
            assert_eq!(open[0].organisation_id, office.id, "the office sees to it");
            let reviews = tasks(stage, TaskKind::PlanReview, TaskStatus::Open).await;
            assert_eq!(reviews.iter().map(|task| task.subject_id).collect::<Vec<_>>(), [new]);
            // The next round begins without a plan in force.
            let cancel = json!({ "planId": id("plan", new), "outcome": "CANCEL", "note": "Over." });
            client.mutate("planReview", cancel, SELECT).await.done("/plan/id");
            assert!(tasks(stage, TaskKind::Measure, TaskStatus::Open).await.is_empty());
        }
    });
}

#[test]
fn a_case_in_intake_takes_no_plan_and_one_in_monitoring_stays_there() {
    run(async |stage| {
        let Scene { office, home, worker, .. } = scene(stage).await;
        let client = stage.as_(&worker);
        let plan = stage.plan(&home, &office, 1, PlanStatus::Agreed).await;
        let activate = json!({ "planId": id("plan", plan) });
        stage.set_case(home.case, CaseStatus::Intake).await;
        let refused = client.mutate("planActivate", activate.clone(), SELECT).await;
        assert_eq!(refused.refusal(), refusal("DEPENDENCY_FAILED", "input.planId"));
        stage.set_case(home.case, CaseStatus::Monitoring).await;
        client.mutate("planActivate", activate.clone(), SELECT).await.done("/plan/id");
        assert_eq!(case_status(stage, home.case).await, CaseStatus::Monitoring);
        stage.set_case(home.case, CaseStatus::Closed).await;
        let closed = client.mutate("planActivate", activate, SELECT).await;
        assert_eq!(closed.refusal(), refusal("INVALID_STATE_TRANSITION", "input.planId"));
    });
}

#[test]
fn one_draft_at_a_time_with_the_next_revision() {
    run(async |stage| {
        let Scene { office, school, home, worker } = scene(stage).await;
        let client = stage.as_(&worker);
        stage.plan(&home, &office, 4, PlanStatus::Active).await;
        let key = Uuid::now_v7();
        let input = draft(stage, home.case, &school);
        let first = client.mutate_as(key, "planDraft", input.clone(), SELECT).await;
        assert_eq!(first.done("/plan/revision"), 5);
        let again = client.mutate_as(key, "planDraft", input.clone(), SELECT).await;
        assert!(again.replayed());
        assert_eq!(again.done("/plan"), first.done("/plan"));
        let second = client.mutate("planDraft", input.clone(), SELECT).await;
        assert_eq!(second.refusal(), refusal("DEPENDENCY_FAILED", "input.caseId"));
        let cancel = json!({ "planId": first.done("/plan/id"), "outcome": "CANCEL" });
        let silent = client.mutate("planReview", cancel.clone(), SELECT).await;
        assert_eq!(silent.refusal(), refusal("REQUIRED", "input.note"));
        let mut cancel = cancel;
        cancel["note"] = json!("Wrong family.");
        let cancelled = client.mutate("planReview", cancel, SELECT).await;
        assert_eq!(cancelled.done("/plan/reviewNote"), "Wrong family.");
        assert_eq!(task::Entity::find().count(&stage.database.reader).await.unwrap(), 0);
        let third = client.mutate("planDraft", input, SELECT).await;
        assert_eq!(third.done("/plan/revision"), 6);
    });
}

#[test]
fn the_heaviest_draft_keeps_to_the_budget() {
    run(async |stage| {
        let Scene { school, home, worker, .. } = scene(stage).await;
        let kind = Uuid::now_v7();
        stage
            .put(service_type::ActiveModel {
                id: Set(kind),
                code: Set("TUTOR".to_owned()),
                name: Set("Tutor".to_owned()),
                class: Set(service_type::ServiceClass::Pedagogical),
                is_active: Set(true),
            })
            .await;
        let mut input = draft(stage, home.case, &school);
        let measure = json!({ "description": "A tutor.", "dueOn": today(stage),
            "serviceTypeId": id("servicetype", kind),
            "responsibleId": id("organisation", school.id) });
        let measures: Vec<_> = (0..3).map(|_| measure.clone()).collect();
        let goal = json!({ "statement": "A goal.", "measures": measures });
        let mut goals: Vec<_> = (0..16).map(|_| goal.clone()).collect();
        goals.push(json!({ "statement": "A goal.", "measures": [measure, measure] }));
        input["goals"] = json!(goals);
        let client = stage.as_(&worker);
        let (statements, drafted) =
            stage.counted(client.mutate("planDraft", input.clone(), "plan { id }")).await;
        drafted.done("/plan/id");
        assert!(statements <= 12, "{statements}: {:#?}", stage.said());
        assert_eq!(goal::Entity::find().count(&stage.database.reader).await.unwrap(), 17);
        input["goals"][0]["measures"].as_array_mut().unwrap().push(measure);
        let refused = client.mutate("planDraft", input, "plan { id }").await;
        assert_eq!(refused.refusal(), refusal("TOO_MANY_ITEMS", "input.goals"));
    });
}

#[test]
#[expect(clippy::too_many_lines, reason = "one story, told at once")]
fn what_is_sent_is_checked() {
    run(async |stage| {
        let Scene { school, home, worker, .. } = scene(stage).await;
        let client = stage.as_(&worker);
        let measure = "input.goals.1.measures.0";
        let wrong = [
            ("/since", json!("1899-01-01"), "OUT_OF_RANGE", "input.since"),
            ("/reviewDueOn", json!(today(stage)), "OUT_OF_RANGE", "input.reviewDueOn"),
            ("/childViews", json!("x".repeat(10_001)), "TOO_LONG", "input.childViews"),
            ("/goals", json!([]), "REQUIRED", "input.goals"),
            ("/goals/0/statement", json!(""), "REQUIRED", "input.goals.0.statement"),
            ("/goals/1/need", json!("\u{7}"), "INVALID", "input.goals.1.need"),
            (
                "/goals/1/measures/0/description",
                json!(" "),
                "REQUIRED",
                &format!("{measure}.description"),
            ),
            (
                "/goals/1/measures/0/dueOn",
                json!(START),
                "OUT_OF_RANGE",
                &format!("{measure}.dueOn"),
            ),
            (
                "/goals/1/measures/0/responsibleId",
                json!(id("organisation", Uuid::now_v7())),
                "NOT_FOUND",
                &format!("{measure}.responsibleId"),
            ),
            (
                "/goals/1/measures/0/serviceTypeId",
                json!(id("servicetype", Uuid::now_v7())),
                "NOT_FOUND",
                &format!("{measure}.serviceTypeId"),
            ),
        ];
        for (place, value, code, path) in wrong {
            let mut input = draft(stage, home.case, &school);
            input["reviewDueOn"] = Value::Null;
            input["goals"][1]["measures"][0]["serviceTypeId"] = Value::Null;
            *input.pointer_mut(place).unwrap() = value;
            let refused = client.mutate("planDraft", input, SELECT).await;
            assert_eq!(refused.refusal(), refusal(code, path), "{place}");
        }
        let mut malformed = draft(stage, home.case, &school);
        malformed["caseId"] = json!("family_1");
        let refused = client.mutate("planDraft", malformed, SELECT).await;
        assert_eq!(refused.code(), "BAD_USER_INPUT");
    });
}

#[test]
fn only_agencies_that_are_to_sign_sign() {
    run(async |stage| {
        let Scene { office, school, home, worker } = scene(stage).await;
        let client = stage.as_(&worker);
        let plan = stage.plan(&home, &office, 1, PlanStatus::Draft).await;
        let agree = |sign_offs: Value| json!({ "planId": id("plan", plan), "signOffs": sign_offs });
        let own = json!({ "organisationId": id("organisation", office.id) });
        let foreign = json!({ "organisationId": id("organisation", school.id) });
        let refused = client.mutate("planAgree", agree(json!([own, foreign])), SELECT).await;
        let expected = refusal("NOT_FOUND", "input.signOffs.1.organisationId");
        assert_eq!(refused.refusal(), expected);
        let mut nobody = own.clone();
        nobody["workerId"] = json!(id("worker", Uuid::now_v7()));
        let refused = client.mutate("planAgree", agree(json!([nobody])), SELECT).await;
        assert_eq!(refused.refusal(), refusal("NOT_FOUND", "input.signOffs.0.workerId"));
        let refused = client.mutate("planAgree", agree(json!([own, own])), SELECT).await;
        assert_eq!(refused.refusal(), refusal("INVALID", "input.signOffs"));
        let signed = client.mutate("planAgree", agree(json!([own])), SELECT).await;
        assert_eq!(signed.done("/plan/status"), "DRAFT");
        assert_eq!(signed.done("/plan/signOffs/0/worker/id"), &json!(id("worker", worker.id)));
        let at = signed.done("/plan/signOffs/0/signedAt").clone();
        stage.wait(TimeDelta::minutes(1));
        let again = client.mutate("planAgree", agree(json!([own])), SELECT).await;
        assert_eq!(again.done("/plan/signOffs/0/signedAt"), &at);
        assert_eq!(again.done("/plan/version"), 2);
        let mut answer = agree(json!([]));
        answer["familyAgreed"] = json!(true);
        answer["expectedVersion"] = json!(1);
        let stale = client.mutate("planAgree", answer.clone(), SELECT).await;
        assert_eq!(stale.user_error()["conflictingFields"], json!(["familyAgreed"]));
        answer["expectedVersion"] = json!(2);
        let agreed = client.mutate("planAgree", answer, SELECT).await;
        assert_eq!(agreed.done("/plan/status"), "AGREED");
    });
}

#[test]
fn hidden_plans_are_not_found_and_who_may_not_is_refused() {
    run(async |stage| {
        let Scene { office, school, home, worker } = scene(stage).await;
        let plan = stage.plan(&home, &office, 1, PlanStatus::Active).await;
        let measure = stage.measure(&home, plan, &office, MeasureStatus::Planned).await;
        let plan = json!(id("plan", plan));
        let measure = json!(id("measure", measure));
        let asked = [
            ("planDraft", draft(stage, home.case, &school), "input.caseId"),
            ("planAgree", json!({ "planId": plan, "signOffs": [] }), "input.planId"),
            ("planActivate", json!({ "planId": plan }), "input.planId"),
            ("planReview", json!({ "planId": plan, "outcome": "BEGIN" }), "input.planId"),
            ("measureUpdate", json!({ "id": measure, "expectedVersion": 1 }), "input.id"),
        ];
        let stranger = stage.somebody().await;
        let ngo = stage.worker(&office, Role::NgoWorker).await;
        for (mutation, input, path) in asked {
            let hidden =
                stage.as_(&stranger).mutate(mutation, input.clone(), "clientMutationId").await;
            assert_eq!(hidden.refusal(), refusal("NOT_FOUND", path), "{mutation}");
            let forbidden = stage.as_(&ngo).mutate(mutation, input, "clientMutationId").await;
            assert_eq!(forbidden.code(), "FORBIDDEN", "{mutation}");
        }
        let goals = json!([{ "goalId": id("goal", Uuid::now_v7()), "status": "REACHED" }]);
        let start = json!({ "planId": plan, "outcome": "BEGIN", "goals": goals });
        let absent = stage.as_(&worker).mutate("planReview", start, SELECT).await;
        assert_eq!(absent.refusal(), refusal("NOT_FOUND", "input.goals.0.goalId"));
    });
}

#[test]
fn of_plans_put_into_force_at_once_one_stays_in_force() {
    run(async |stage| {
        let Scene { office, home, worker, .. } = scene(stage).await;
        let client = stage.as_(&worker);
        let mut plans = Vec::new();
        for revision in 1..=4 {
            plans.push(stage.plan(&home, &office, revision, PlanStatus::Agreed).await);
        }
        let activate = async |plan: &Uuid| {
            let input = json!({ "planId": id("plan", *plan) });
            client.mutate("planActivate", input, "plan { id }").await
        };
        let answers = futures_util::future::join_all(plans.iter().map(activate)).await;
        for answer in &answers {
            answer.done("/plan/id");
        }
        let rows = plan::Entity::find().all(&stage.database.reader).await.unwrap();
        let count = |status| rows.iter().filter(|plan| plan.status == status).count();
        assert_eq!((count(PlanStatus::Active), count(PlanStatus::Superseded)), (1, 3));
        assert_eq!(tasks(stage, TaskKind::PlanReview, TaskStatus::Open).await.len(), 1);
    });
}
