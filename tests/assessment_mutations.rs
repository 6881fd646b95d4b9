//! Stories about assessments: recorded, sent back, approved by somebody else, compared.

use chrono::{NaiveDate, TimeDelta};
use entity::assessment::AssessmentStatus;
use entity::case::{CaseStatus, RiskLevel};
use entity::membership::Role;
use entity::task::{self, TaskKind, TaskStatus};
use entity::{assessment, case};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveEnum, ColumnTrait, EntityTrait, Iterable, PaginatorTrait, QueryFilter};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::world::{Branch, Household, Person, START, id};
use crate::harness::{Stage, run};

const SELECT: &str = "assessment { id version status riskLevel decisionNote nextDueOn \
    answerList { question answer } assessedBy { id } approvedBy { id } }";

/// A family in intake, its worker and the worker's supervisor.
struct Scene {
    area: Branch,
    office: Branch,
    home: Household,
    worker: Person,
    boss: Person,
}

async fn scene(stage: &Stage) -> Scene {
    let area = stage.area("Area", None).await;
    let office = stage.organisation("Office", None).await;
    let home = stage.household(&office, &area, "X").await;
    stage.set_case(home.case, CaseStatus::Intake).await;
    let worker = stage.worker(&office, Role::Caseworker).await;
    let boss = stage.worker(&office, Role::Supervisor).await;
    Scene { area, office, home, worker, boss }
}

fn today(stage: &Stage) -> NaiveDate {
    stage.now().date_naive()
}

fn record(stage: &Stage, case: Uuid) -> Value {
    json!({
        "caseId": id("case", case), "tool": "needs", "toolVersion": "2", "assessedOn": today(stage),
        "answers": [
            { "question": "housing", "answer": "3" },
            { "question": "care", "answer": "говорит, что \"да\"" },
        ],
        "score": 12, "riskLevel": "HIGH", "needs": "A warm flat.",
    })
}

async fn case_of(stage: &Stage, case: Uuid) -> case::Model {
    case::Entity::find_by_id(case).one(&stage.database.reader).await.unwrap().unwrap()
}

async fn task_of(stage: &Stage, kind: TaskKind, subject: Uuid) -> task::Model {
    let tasks = task::Entity::find()
        .filter(task::Column::Kind.eq(kind))
        .filter(task::Column::SubjectId.eq(subject));
    tasks.one(&stage.database.reader).await.unwrap().unwrap()
}

fn refusal(code: &str, path: &str) -> (String, String) {
    (code.to_owned(), path.to_owned())
}

#[test]
#[expect(clippy::too_many_lines, reason = "one story, told at once")]
fn one_is_recorded_sent_back_changed_and_approved_by_somebody_else() {
    run(async |stage| {
        let Scene { home, worker, boss, .. } = scene(stage).await;
        let (client, supervisor) = (stage.as_(&worker), stage.as_(&boss));
        let mut input = record(stage, home.case);
        let own = id("assessment", Uuid::now_v7());
        input["id"] = json!(own);
        let (statements, first) =
            stage.counted(client.mutate("assessmentRecord", input.clone(), SELECT)).await;
        assert_eq!(first.done("/assessment/status"), "SUBMITTED");
        assert_eq!(first.done("/assessment/answerList/1/question"), "care");
        assert_eq!(first.done("/assessment/answerList/1/answer"), "говорит, что \"да\"");
        assert_eq!(first.done("/assessment/assessedBy/id"), &json!(id("worker", worker.id)));
        assert!(statements <= 12, "{statements}: {:#?}", stage.said());
        assert_eq!(case_of(stage, home.case).await.status, CaseStatus::Assessment);
        let due = task_of(stage, TaskKind::Assessment, home.case).await;
        let in_half_a_year = today(stage) + TimeDelta::days(180);
        assert_eq!((due.due_on, due.owner_id), (in_half_a_year, Some(worker.id)));

        let mut decision = json!({ "id": own, "decision": "REJECTED", "expectedVersion": 1 });
        let silent = supervisor.mutate("assessmentDecide", decision.clone(), SELECT).await;
        assert_eq!(silent.refusal(), refusal("REQUIRED", "input.reason"));
        decision["reason"] = json!("Ask the mother too.");
        let back = supervisor.mutate("assessmentDecide", decision, SELECT).await;
        assert_eq!(back.done("/assessment/status"), "REJECTED");
        assert_eq!(back.done("/assessment/decisionNote"), "Ask the mother too.");
        let due = task_of(stage, TaskKind::Assessment, home.case).await;
        assert_eq!((due.due_on, due.status), (today(stage), TaskStatus::Open));

        let versionless = client.mutate("assessmentRecord", input.clone(), SELECT).await;
        assert_eq!(versionless.refusal(), refusal("REQUIRED", "input.expectedVersion"));
        input["expectedVersion"] = json!(2);
        input["riskLevel"] = json!("CRITICAL");
        input["isDraft"] = json!(true);
        let kept = client.mutate("assessmentRecord", input.clone(), SELECT).await;
        assert_eq!(kept.done("/assessment/status"), "REJECTED");
        input["isDraft"] = json!(false);
        let stale = client.mutate("assessmentRecord", input.clone(), SELECT).await;
        assert_eq!(stale.refusal(), refusal("VERSION_CONFLICT", "input.expectedVersion"));
        assert_eq!(stale.user_error()["conflictingFields"], json!(["status"]));
        input["expectedVersion"] = json!(3);
        let again = client.mutate("assessmentRecord", input.clone(), SELECT).await;
        assert_eq!(again.done("/assessment/status"), "SUBMITTED");
        assert_eq!(again.done("/assessment/approvedBy"), &Value::Null);

        let decision = json!({ "id": own, "decision": "APPROVED", "supportLevel": "CRISIS" });
        let done = supervisor.mutate("assessmentDecide", decision.clone(), SELECT).await;
        assert_eq!(done.done("/assessment/status"), "APPROVED");
        assert_eq!(done.done("/assessment/approvedBy/id"), &json!(id("worker", boss.id)));
        assert_eq!(done.done("/assessment/nextDueOn"), &json!(in_half_a_year));
        let case = case_of(stage, home.case).await;
        assert_eq!(case.risk_level, Some(RiskLevel::Critical));
        assert_eq!(case.support_level, Some(case::SupportLevel::Crisis));
        let visit = task_of(stage, TaskKind::Visit, home.case).await;
        assert_eq!(visit.due_on, today(stage) + TimeDelta::days(7));

        input["expectedVersion"] = json!(5);
        let late = client.mutate("assessmentRecord", input, SELECT).await;
        assert_eq!(late.refusal(), refusal("INVALID_STATE_TRANSITION", "input.id"));
        assert_eq!(late.user_error()["allowed"], json!([]));
        let twice = supervisor.mutate("assessmentDecide", decision, SELECT).await;
        assert_eq!(twice.refusal(), refusal("INVALID_STATE_TRANSITION", "input.decision"));
    });
}

#[test]
fn a_draft_moves_nothing_and_only_submitted_ones_are_decided() {
    run(async |stage| {
        let Scene { home, worker, boss, .. } = scene(stage).await;
        let mut draft = record(stage, home.case);
        draft["isDraft"] = json!(true);
        draft["riskLevel"] = Value::Null;
        let drafted = stage.as_(&worker).mutate("assessmentRecord", draft, SELECT).await;
        assert_eq!(drafted.done("/assessment/status"), "DRAFT");
        assert_eq!(case_of(stage, home.case).await.status, CaseStatus::Intake);
        assert_eq!(task::Entity::find().count(&stage.database.reader).await.unwrap(), 0);
        let rated = (RiskLevel::Low, 1, "{}");
        for status in AssessmentStatus::iter() {
            let row = stage.assessment(&home, &worker, status, rated).await;
            let decision = json!({ "id": id("assessment", row), "decision": "APPROVED" });
            let decided = stage.as_(&boss).mutate("assessmentDecide", decision, SELECT).await;
            if status == AssessmentStatus::Submitted {
                decided.done("/assessment/id");
                continue;
            }
            let error = decided.user_error();
            assert_eq!(error["code"], "INVALID_STATE_TRANSITION", "{status:?}");
            let allowed = match status {
                AssessmentStatus::Approved => json!([]),
                _ => json!(["SUBMITTED"]),
            };
            assert_eq!(error["allowed"], allowed, "{}", status.to_value());
        }
    });
}

#[test]
fn who_assessed_does_not_approve_and_who_may_not_is_refused() {
    run(async |stage| {
        let Scene { home, worker, boss, .. } = scene(stage).await;
        let rated = (RiskLevel::Low, 1, "{}");
        let own = stage.assessment(&home, &boss, AssessmentStatus::Submitted, rated).await;
        let decision = json!({ "id": id("assessment", own), "decision": "APPROVED" });
        let refused = stage.as_(&boss).mutate("assessmentDecide", decision.clone(), SELECT).await;
        assert_eq!(refused.refusal(), refusal("APPROVER_IS_REQUESTER", "input.id"));
        let forbidden = stage.as_(&worker).mutate("assessmentDecide", decision, SELECT).await;
        assert_eq!(forbidden.code(), "FORBIDDEN");
        // One of somebody else's is not changed, but the id is taken.
        let mut input = record(stage, home.case);
        input["id"] = json!(id("assessment", own));
        input["expectedVersion"] = json!(1);
        let taken = stage.as_(&worker).mutate("assessmentRecord", input, SELECT).await;
        assert_eq!(taken.refusal(), refusal("ALREADY_EXISTS", "input.id"));
    });
}

#[test]
fn hidden_rows_are_not_found_and_a_closed_case_takes_nothing() {
    run(async |stage| {
        let Scene { home, worker, office, .. } = scene(stage).await;
        let stranger = stage.somebody().await;
        let input = record(stage, home.case);
        let hidden = stage.as_(&stranger).mutate("assessmentRecord", input.clone(), SELECT).await;
        assert_eq!(hidden.refusal(), refusal("NOT_FOUND", "input.caseId"));
        let rated = (RiskLevel::Low, 1, "{}");
        let row = stage.assessment(&home, &worker, AssessmentStatus::Submitted, rated).await;
        let elsewhere = stage.organisation("Elsewhere", None).await;
        let foreign = stage.worker(&elsewhere, Role::Supervisor).await;
        let decision = json!({ "id": id("assessment", row), "decision": "APPROVED" });
        let hidden = stage.as_(&foreign).mutate("assessmentDecide", decision.clone(), SELECT).await;
        assert_eq!(hidden.refusal(), refusal("NOT_FOUND", "input.id"));
        let mut unknown = input.clone();
        unknown["id"] = json!(id("assessment", Uuid::now_v7()));
        unknown["expectedVersion"] = json!(1);
        let absent = stage.as_(&worker).mutate("assessmentRecord", unknown, SELECT).await;
        assert_eq!(absent.refusal(), refusal("NOT_FOUND", "input.id"));
        stage.set_case(home.case, CaseStatus::Closed).await;
        let closed = stage.as_(&worker).mutate("assessmentRecord", input, SELECT).await;
        assert_eq!(closed.refusal(), refusal("INVALID_STATE_TRANSITION", "input.caseId"));
        let boss = stage.worker(&office, Role::Supervisor).await;
        let closed = stage.as_(&boss).mutate("assessmentDecide", decision, SELECT).await;
        assert_eq!(closed.refusal(), refusal("INVALID_STATE_TRANSITION", "input.id"));
    });
}

#[test]
fn what_is_sent_is_checked_and_the_same_is_done_once() {
    run(async |stage| {
        let Scene { home, worker, .. } = scene(stage).await;
        let client = stage.as_(&worker);
        let tomorrow = today(stage) + TimeDelta::days(1);
        let many: Vec<_> =
            (0..201).map(|no| json!({ "question": no.to_string(), "answer": "" })).collect();
        let twice = json!([{ "question": "q", "answer": "1" }, { "question": "q", "answer": "2" }]);
        let wrong = [
            ("tool", json!(" "), "REQUIRED", "input.tool"),
            ("toolVersion", json!("x".repeat(201)), "TOO_LONG", "input.toolVersion"),
            ("needs", json!("a\u{0}b"), "INVALID", "input.needs"),
            ("assessedOn", json!(tomorrow), "OUT_OF_RANGE", "input.assessedOn"),
            ("assessedOn", json!("1899-12-31"), "OUT_OF_RANGE", "input.assessedOn"),
            ("nextDueOn", json!(today(stage)), "OUT_OF_RANGE", "input.nextDueOn"),
            ("score", json!(2_000_000), "OUT_OF_RANGE", "input.score"),
            ("riskLevel", Value::Null, "REQUIRED", "input.riskLevel"),
            ("answers", json!(many), "TOO_MANY_ITEMS", "input.answers"),
            ("answers", twice, "INVALID", "input.answers.1.question"),
            (
                "answers",
                json!([{ "question": "q", "answer": "x".repeat(2001) }]),
                "TOO_LONG",
                "input.answers.0.answer",
            ),
        ];
        for (field, value, code, path) in wrong {
            let mut input = record(stage, home.case);
            input[field] = value;
            let refused = client.mutate("assessmentRecord", input, SELECT).await;
            assert_eq!(refused.refusal(), refusal(code, path), "{field}");
        }
        let key = Uuid::now_v7();
        let input = record(stage, home.case);
        let first = client.mutate_as(key, "assessmentRecord", input.clone(), SELECT).await;
        let again = client.mutate_as(key, "assessmentRecord", input, SELECT).await;
        assert!(again.replayed());
        assert_eq!(again.done("/assessment"), first.done("/assessment"));
        let rows = assessment::Entity::find().count(&stage.database.reader).await.unwrap();
        assert_eq!(rows, 1);
    });
}

#[test]
fn two_are_compared_by_who_sees_both_in_full() {
    run(async |stage| {
        let Scene { home, worker, office, area, .. } = scene(stage).await;
        let before = (RiskLevel::Critical, 15, r#"{"housing":3,"care":4,"gone":1}"#);
        let earlier = stage.assessment(&home, &worker, AssessmentStatus::Approved, before).await;
        let answers = r#"[{"question":"care","answer":"2"},{"question":"housing","answer":"3"}]"#;
        let after = (RiskLevel::Low, 5, answers);
        let later = stage.assessment(&home, &worker, AssessmentStatus::Approved, after).await;
        let compare = |later: Uuid| {
            format!(
                "{{ assessmentComparison(earlierId: \"{}\", laterId: \"{}\") {{ earlier {{ id }} \
                 later {{ id }} isSameTool scoreChange riskChange \
                 changedAnswers {{ question before after }} }} }}",
                id("assessment", earlier),
                id("assessment", later)
            )
        };
        let told = stage.as_(&worker).query(&compare(later)).await;
        let told = told.data("/assessmentComparison").clone();
        assert_eq!(told["scoreChange"], -10);
        assert_eq!(told["riskChange"], "LOWERED");
        assert_eq!(told["isSameTool"], true);
        let changed = json!([
            { "question": "care", "before": "4", "after": "2" },
            { "question": "gone", "before": "1", "after": null },
        ]);
        assert_eq!(told["changedAnswers"], changed);

        let coordinator = stage.coordinator(&office, &area).await;
        for viewer in [coordinator, stage.somebody().await] {
            let hidden = stage.as_(&viewer).query(&compare(later)).await;
            assert_eq!(hidden.data("/assessmentComparison"), &Value::Null);
        }
        let other = stage.household(&office, &area, "Y").await;
        let foreign = stage.assessment(&other, &worker, AssessmentStatus::Draft, after).await;
        let refused = stage.as_(&worker).query(&compare(foreign)).await;
        assert_eq!(refused.code(), "BAD_USER_INPUT");
    });
}

#[test]
fn an_older_one_that_is_approved_late_says_nothing_of_the_risk_today() {
    run(async |stage| {
        let Scene { home, worker, boss, .. } = scene(stage).await;
        let before = case_of(stage, home.case).await.risk_level;
        assert_ne!(before, Some(RiskLevel::Low));
        let low = (RiskLevel::Low, 1, "{}");
        let old = stage.assessment(&home, &worker, AssessmentStatus::Submitted, low).await;
        let later = stage.assessment(&home, &worker, AssessmentStatus::Approved, low).await;
        assessment::Entity::update_many()
            .col_expr(assessment::Column::AssessedOn, Expr::val(START + TimeDelta::days(30)))
            .filter(assessment::Column::Id.eq(later))
            .exec(&stage.database.writer)
            .await
            .unwrap();
        let decide = json!({ "id": id("assessment", old), "decision": "APPROVED" });
        let client = stage.as_(&boss);
        let (statements, done) =
            stage.counted(client.mutate("assessmentDecide", decide, "assessment { id }")).await;
        done.done("/assessment/id");
        assert!(statements <= 12, "{statements}: {:#?}", stage.said());
        assert_eq!(case_of(stage, home.case).await.risk_level, before);
    });
}
