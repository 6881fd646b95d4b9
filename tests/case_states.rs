//! The machine of cases through the API: from each state each mutation that moves a case, and what
//! is in the table afterwards.

use entity::case::{self, CaseStatus, RiskLevel};
use entity::episode;
use entity::measure::MeasureStatus;
use entity::membership::Role;
use entity::plan::PlanStatus;
use entity::task::{self, TaskKind, TaskStatus};
use hearth::casework::state::Machine;
use sea_orm::{ActiveEnum, ActiveModelTrait, ActiveValue::Set, EntityTrait, Iterable};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::world::{Branch, Household, Person, START, id};
use crate::harness::{Answer, Stage, run};

/// A mutation with its input, and where it leads.
type Move = (&'static str, Value, CaseStatus);

/// Every mutation that moves a case.
fn moves(case: Uuid) -> Vec<Move> {
    let case = id("case", case);
    let mut moves: Vec<Move> = CaseStatus::iter()
        .map(|to| {
            let input = json!({ "id": case, "expectedVersion": 1, "status": to.to_value() });
            ("caseUpdate", input, to)
        })
        .collect();
    let closure = json!({ "caseId": case, "outcome": "OVERCAME", "summary": "All is well." });
    let decide =
        |is_approved: bool| json!({ "caseId": case, "isApproved": is_approved, "note": "So." });
    let reopen = json!({ "caseId": case, "reason": "Help is needed again." });
    moves.push(("caseClosureRequest", closure, CaseStatus::ClosureRequested));
    moves.push(("caseClosureDecide", decide(true), CaseStatus::Closed));
    moves.push(("caseClosureDecide", decide(false), CaseStatus::Active));
    let at_once = json!({ "caseId": case, "reason": "Help goes on.", "isActive": true });
    moves.push(("caseReopen", reopen, CaseStatus::Assessment));
    moves.push(("caseReopen", at_once, CaseStatus::Active));
    moves
}

/// Whether a mutation is the one that makes a move which the machine has: by hand a case is moved
/// while it is open, and its closure has mutations of its own.
fn is_made(mutation: &str, from: CaseStatus, to: CaseStatus) -> bool {
    let is_closing = |status| matches!(status, CaseStatus::ClosureRequested | CaseStatus::Closed);
    let is_its_own = match mutation {
        "caseUpdate" => !is_closing(from) && !is_closing(to),
        "caseClosureDecide" => from == CaseStatus::ClosureRequested,
        "caseReopen" => from == CaseStatus::Closed,
        _ => true,
    };
    is_its_own && from.may_become(to)
}

/// How far the work in a case is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Work {
    /// Nothing is assessed.
    New,
    /// An assessment was approved.
    Assessed,
    /// A plan is in force.
    Planned,
}

/// A family's case in a state, as far as the work is, and its episode.
async fn standing(
    stage: &Stage,
    (office, area): (&Branch, &Branch),
    (asker, approver): (Uuid, Uuid),
    (status, work): (CaseStatus, Work),
) -> Uuid {
    let home = stage.household(office, area, "X").await;
    if work == Work::Planned {
        stage.plan(&home, office, 1, PlanStatus::Active).await;
    }
    let is_closed = status == CaseStatus::Closed;
    let is_asked_for = is_closed || status == CaseStatus::ClosureRequested;
    let case = case::Entity::find_by_id(home.case).one(&stage.database.reader).await.unwrap();
    let mut moved: case::ActiveModel = case.unwrap().into();
    moved.status = Set(status);
    moved.risk_level = Set((work != Work::New).then_some(RiskLevel::High));
    moved.closed_on = Set(is_closed.then_some(START));
    moved.update(&stage.database.writer).await.unwrap();
    let now = stage.now();
    stage
        .put(episode::ActiveModel {
            id: Set(Uuid::now_v7()),
            case_id: Set(home.case),
            family_id: Set(home.id),
            no: Set(1),
            opened_on: Set(START),
            reason: Set("A report.".to_owned()),
            closed_on: Set(is_closed.then_some(START)),
            closure_class: Set(is_asked_for.then_some(episode::ClosureClass::Overcame)),
            summary: Set(is_asked_for.then(|| "All is well.".to_owned())),
            closed_by_id: Set(is_asked_for.then_some(asker)),
            approved_by_id: Set(is_closed.then_some(approver)),
            recorded_at: Set(now),
            closure_recorded_at: Set(is_closed.then_some(now)),
            ..Default::default()
        })
        .await;
    home.case
}

async fn status_of(stage: &Stage, case: Uuid) -> CaseStatus {
    let row = case::Entity::find_by_id(case).one(&stage.database.reader).await.unwrap();
    row.unwrap().status
}

#[track_caller]
fn assert_told(answer: &Answer, from: CaseStatus, told: &str) {
    let error = answer.user_error();
    assert_eq!(error["__typename"], "TransitionError", "{told}: {error}");
    assert_eq!(error["code"], "INVALID_STATE_TRANSITION", "{told}");
    let allowed: Vec<_> = from.allowed().iter().map(ActiveEnum::to_value).collect();
    assert_eq!(error["allowed"], json!(allowed), "{told}");
}

/// A closure is sent back to where work can go on.
async fn assert_sent_back(
    stage: &Stage,
    place: (&Branch, &Branch),
    (asker, boss): (Uuid, &Person),
    (work, to): (Work, CaseStatus),
) {
    let from = CaseStatus::ClosureRequested;
    let case = standing(stage, place, (asker, boss.id), (from, work)).await;
    let back = json!({ "caseId": id("case", case), "isApproved": false, "note": "So." });
    let answer = stage.as_(boss).mutate("caseClosureDecide", back, "case { status }").await;
    assert_eq!(answer.done("/case/status"), &json!(to.to_value()), "{work:?}");
}

#[test]
fn cases_move_as_their_machine_says_and_no_other_way() {
    run(async |stage| {
        let area = stage.area("Area", None).await;
        let office = stage.organisation("Office", None).await;
        let boss = stage.worker(&office, Role::Supervisor).await;
        let asker = stage.worker(&office, Role::Caseworker).await.id;
        let client = stage.as_(&boss);
        let mut made = Vec::new();
        for from in CaseStatus::iter() {
            for nth in 0..moves(Uuid::nil()).len() {
                let case =
                    standing(stage, (&office, &area), (asker, boss.id), (from, Work::Planned))
                        .await;
                let (mutation, input, to) = moves(case)[nth].clone();
                if mutation == "caseUpdate" && from == to && from != CaseStatus::Closed {
                    continue; // What stays as it is moves nowhere.
                }
                let told = format!("{mutation}: {from:?} -> {to:?}");
                let answer = client.mutate(mutation, input, "case { status }").await;
                if is_made(mutation, from, to) {
                    assert_eq!(answer.done("/case/status"), &json!(to.to_value()), "{told}");
                    assert_eq!(status_of(stage, case).await, to, "{told}");
                    made.push((from, to));
                } else {
                    assert_told(&answer, from, &told);
                    assert_eq!(status_of(stage, case).await, from, "{told}");
                }
            }
        }
        for (work, to) in
            [(Work::New, CaseStatus::Assessment), (Work::Assessed, CaseStatus::Planning)]
        {
            assert_sent_back(stage, (&office, &area), (asker, &boss), (work, to)).await;
            made.push((CaseStatus::ClosureRequested, to));
        }
        // Every move of the machine has a mutation that makes it.
        for from in CaseStatus::iter() {
            for to in from.allowed() {
                assert!(made.contains(&(from, to)), "{from:?} -> {to:?}");
            }
        }
    });
}

#[test]
fn what_a_plan_in_force_has_open_is_due_again_after_a_reopening() {
    run(async |stage| {
        let area = stage.area("Area", None).await;
        let office = stage.organisation("Office", None).await;
        let boss = stage.worker(&office, Role::Supervisor).await;
        let case = standing(
            stage,
            (&office, &area),
            (Uuid::now_v7(), boss.id),
            (CaseStatus::Active, Work::Planned),
        )
        .await;
        let found = entity::plan::Entity::find().one(&stage.database.reader).await.unwrap();
        let plan = found.unwrap();
        let home = Household { id: plan.family_id, case, parent: Uuid::nil(), child: Uuid::nil() };
        let measure = stage.measure(&home, plan.id, &office, MeasureStatus::Planned).await;
        stage.measure(&home, plan.id, &office, MeasureStatus::Done).await;
        let second = stage.worker(&office, Role::Supervisor).await;
        let (one, other) = (stage.as_(&boss), stage.as_(&second));
        let closure = json!({ "caseId": id("case", case), "outcome": "MOVED", "summary": "Gone." });
        one.mutate("caseClosureRequest", closure, "case { id }").await.done("/case/id");
        let close = json!({ "caseId": id("case", case), "isApproved": true });
        other.mutate("caseClosureDecide", close, "case { id }").await.done("/case/id");
        let reopen =
            json!({ "caseId": id("case", case), "reason": "They came back.", "isActive": true });
        let (statements, active) =
            stage.counted(one.mutate("caseReopen", reopen, "case { status }")).await;
        assert_eq!(active.done("/case/status"), "ACTIVE");
        assert!(statements <= 12, "{statements}: {:#?}", stage.said());
        let tasks = task::Entity::find().all(&stage.database.reader).await.unwrap();
        let due = |kind: TaskKind| -> Vec<Uuid> {
            let open = tasks.iter().filter(|task| task.status == TaskStatus::Open);
            open.filter(|task| task.kind == kind).map(|task| task.subject_id).collect()
        };
        assert_eq!(due(TaskKind::Measure), [measure]);
        assert_eq!(due(TaskKind::PlanReview), [plan.id]);
    });
}
