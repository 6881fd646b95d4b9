//! Cases from opening to closure, their assessments and their plans.

use entity::access_grant::{AccessLevel, GrantBasis};
use entity::assessment::AssessmentStatus;
use entity::assignment::{self, AssignmentRole};
use entity::case::{CaseStatus, RiskLevel};
use entity::measure::MeasureStatus;
use entity::plan::PlanStatus;
use entity::plan_sign_off;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Act, Ground};
use crate::harness::world::{Household, Person, id};

pub async fn acts(ground: &Ground<'_>) -> Vec<Act> {
    let mut acts = openings(ground).await;
    acts.extend(keeping(ground).await);
    acts.extend(closures(ground).await);
    acts.extend(assessments(ground).await);
    acts.extend(drafts(ground).await);
    acts.extend(plans_in_force(ground).await);
    acts.extend(reviews(ground).await);
    acts.extend(measures(ground).await);
    acts
}

/// A family that the office sees in full and that has no case.
async fn family(ground: &Ground<'_>) -> Uuid {
    let family = ground.stage.family(&ground.office, &ground.area, ground.canary).await;
    let (level, basis) = (AccessLevel::Full, GrantBasis::Lead);
    ground.stage.grant(&ground.office, family, level, basis, family).await;
    family
}

fn opening(family: Uuid) -> Value {
    json!({ "id": id("case", Uuid::now_v7()), "familyId": id("family", family),
        "kind": "ACCOMPANIMENT", "reason": "Neglect was confirmed.", "supportLevel": "CRISIS" })
}

/// A case as it is opened, with its lead and its tasks, and a second worker.
async fn opened(ground: &Ground<'_>) -> Value {
    let input = opening(family(ground).await);
    let case = ground.done(&ground.worker, "caseOpen", input).await;
    let second = assigning(&case, &ground.boss, "CO");
    ground.done(&ground.boss, "caseAssign", second).await;
    case
}

fn assigning(case: &Value, worker: &Person, role: &str) -> Value {
    json!({ "caseId": case, "workerId": id("worker", worker.id), "role": role })
}

fn closure(case: &Value) -> Value {
    json!({ "caseId": case, "expectedVersion": 1, "outcome": "OVERCAME", "reason": "Work",
        "summary": "Work found, children at school." })
}

/// A case whose closure is asked for.
async fn closing(ground: &Ground<'_>) -> Value {
    let case = opened(ground).await;
    ground.done(&ground.worker, "caseClosureRequest", closure(&case)).await
}

/// A plan with two open measures and one that is done.
async fn plan(ground: &Ground<'_>, home: &Household, revision: i32, status: PlanStatus) -> Uuid {
    let plan = ground.stage.plan(home, &ground.office, revision, status).await;
    for status in [MeasureStatus::Planned, MeasureStatus::InProgress, MeasureStatus::Done] {
        ground.stage.measure(home, plan, &ground.school, status).await;
    }
    plan
}

async fn openings(ground: &Ground<'_>) -> Vec<Act> {
    let home = ground.home().await;
    plan(ground, &home, 1, PlanStatus::Active).await;
    ground.stage.episode(&home).await;
    let case = json!(id("case", home.case));
    ground.done(&ground.worker, "caseClosureRequest", closure(&case)).await;
    let closed = json!({ "caseId": case, "isApproved": true });
    ground.done(&ground.boss, "caseClosureDecide", closed).await;
    let again = json!({ "caseId": case, "reason": "They came back.", "isActive": true });
    let first = opening(family(ground).await);
    vec![
        Act::new("caseOpen", "with a level of support", &ground.worker, first),
        Act::new("caseReopen", "under the plan in force", &ground.worker, again),
    ]
}

async fn keeping(ground: &Ground<'_>) -> Vec<Act> {
    let home = ground.home().await;
    plan(ground, &home, 1, PlanStatus::Active).await;
    ground.stage.set_case(home.case, CaseStatus::Planning).await;
    let active = json!({ "id": id("case", home.case), "expectedVersion": 1, "status": "ACTIVE",
        "kind": "CHILD_PROTECTION", "supportLevel": "CRISIS" });
    let case = opened(ground).await;
    let lead = assigning(&case, &ground.boss, "LEAD");
    let other = opened(ground).await;
    let co = assignment::Entity::find()
        .filter(assignment::Column::Role.eq(AssignmentRole::Co))
        .filter(assignment::Column::CaseId.eq(uuid_of(&other)))
        .one(&ground.stage.database.reader)
        .await
        .unwrap()
        .unwrap();
    let ended = json!({ "caseId": other, "assignmentId": id("assignment", co.id),
        "until": ground.day(0) });
    vec![
        Act::new("caseUpdate", "under a plan at another level", &ground.worker, active),
        Act::new("caseAssign", "a lead after another", &ground.boss, lead),
        Act::new("caseAssignmentEnd", "of a second worker", &ground.boss, ended),
    ]
}

fn uuid_of(id: &Value) -> Uuid {
    id.as_str().unwrap().split_once('_').unwrap().1.parse().unwrap()
}

async fn closures(ground: &Ground<'_>) -> Vec<Act> {
    let asked = closure(&opened(ground).await);
    let approved = json!({ "caseId": closing(ground).await, "isApproved": true,
        "expectedVersion": 2, "note": "Well done." });
    let returned = json!({ "caseId": closing(ground).await, "isApproved": false,
        "expectedVersion": 2, "note": "See the school first." });
    let home = ground.home().await;
    let episode = ground.stage.episode(&home).await;
    let case = json!(id("case", home.case));
    ground.done(&ground.worker, "caseClosureRequest", closure(&case)).await;
    let closed = json!({ "caseId": case, "isApproved": true });
    ground.done(&ground.boss, "caseClosureDecide", closed).await;
    let addendum = json!({ "caseId": case, "episodeId": id("episode", episode),
        "body": "The school called: all is well." });
    vec![
        Act::new("caseClosureRequest", "with a reason", &ground.worker, asked),
        Act::new("caseClosureDecide", "approved with what is open", &ground.boss, approved),
        Act::new("caseClosureDecide", "sent back with a note", &ground.boss, returned),
        Act::new("caseAddendumAdd", "to a named episode", &ground.worker, addendum),
    ]
}

fn assessing(ground: &Ground<'_>, assessment: Uuid, home: &Household) -> Value {
    json!({ "id": id("assessment", assessment), "caseId": id("case", home.case), "tool": "needs",
        "toolVersion": "2", "assessedOn": ground.day(-1), "nextDueOn": ground.day(100),
        "answers": [{ "question": "housing", "answer": "3" }], "score": 12, "riskLevel": "HIGH",
        "needs": "A warm flat." })
}

async fn assessments(ground: &Ground<'_>) -> Vec<Act> {
    let mut made = Vec::new();
    for status in [AssessmentStatus::Rejected, AssessmentStatus::Submitted] {
        let home = ground.home().await;
        ground.stage.set_case(home.case, CaseStatus::Intake).await;
        let of = (RiskLevel::Low, 1, "{}");
        let assessment = ground.stage.assessment(&home, &ground.worker, status, of).await;
        made.push((home, assessment));
    }
    let (home, rejected) = made.remove(0);
    let mut rewritten = assessing(ground, rejected, &home);
    rewritten["expectedVersion"] = json!(1);
    let home = ground.home().await;
    ground.stage.set_case(home.case, CaseStatus::Intake).await;
    let new = assessing(ground, Uuid::now_v7(), &home);
    let decided = json!({ "id": id("assessment", made[0].1), "expectedVersion": 1,
        "decision": "APPROVED", "reason": "So it is.", "supportLevel": "CRISIS" });
    vec![
        Act::new("assessmentRecord", "new, from intake", &ground.worker, new),
        Act::new("assessmentRecord", "written again, from intake", &ground.worker, rewritten),
        Act::new("assessmentDecide", "an older one, at another level", &ground.boss, decided),
    ]
}

async fn drafts(ground: &Ground<'_>) -> Vec<Act> {
    let stage = ground.stage;
    let home = ground.home().await;
    plan(ground, &home, 1, PlanStatus::Active).await;
    stage.set_case(home.case, CaseStatus::Assessment).await;
    let kind = stage.service_type(&ground.code("TUTOR"), true).await;
    let measure = |agency: Uuid| {
        json!({ "description": "A tutor.", "dueOn": ground.day(30),
            "serviceTypeId": id("servicetype", kind), "responsibleId": id("organisation", agency) })
    };
    let goal = json!({ "statement": "At school.", "need": "Education", "indicator": "Marks",
        "measures": [measure(ground.office.id), measure(ground.school.id)] });
    let drafted = json!({ "id": id("plan", Uuid::now_v7()), "caseId": id("case", home.case),
        "since": ground.day(0), "reviewDueOn": ground.day(90), "childViews": "Likes it.",
        "goals": vec![goal; 20] });
    let home = ground.home().await;
    let draft = stage.plan(&home, &ground.office, 1, PlanStatus::Draft).await;
    let missing = plan_sign_off::ActiveModel {
        plan_id: Set(draft),
        organisation_id: Set(ground.school.id),
        family_id: Set(home.id),
        worker_id: Set(None),
        signed_at: Set(None),
    };
    stage.put(missing).await;
    let sign = |agency: Uuid, worker: &Person| json!({ "organisationId": id("organisation", agency), "workerId": id("worker", worker.id) });
    let agreed = json!({ "planId": id("plan", draft), "expectedVersion": 1,
        "signOffs": [sign(ground.office.id, &ground.boss), sign(ground.school.id, &ground.teacher)],
        "familyAgreed": true, "childViews": "Likes it still." });
    vec![
        Act::new("planDraft", "20 goals of two agencies", &ground.worker, drafted),
        Act::new("planAgree", "by two agencies and the family", &ground.worker, agreed),
    ]
}

async fn plans_in_force(ground: &Ground<'_>) -> Vec<Act> {
    let mut acts = Vec::new();
    for (before, what) in [
        (PlanStatus::Active, "in the place of one in force"),
        (PlanStatus::UnderReview, "in the place of one under review"),
    ] {
        let home = ground.home().await;
        plan(ground, &home, 1, before).await;
        let next = plan(ground, &home, 2, PlanStatus::Agreed).await;
        ground.stage.set_case(home.case, CaseStatus::Assessment).await;
        let input = json!({ "planId": id("plan", next), "expectedVersion": 1 });
        acts.push(Act::new("planActivate", what, &ground.worker, input));
    }
    acts
}

async fn reviews(ground: &Ground<'_>) -> Vec<Act> {
    let mut acts = Vec::new();
    for (outcome, before, what) in [
        ("BEGIN", PlanStatus::Active, "begun, with goals"),
        ("CONTINUE", PlanStatus::UnderReview, "continued, with goals"),
        ("COMPLETE", PlanStatus::UnderReview, "completed, with goals"),
        ("CANCEL", PlanStatus::UnderReview, "cancelled, with goals and open measures"),
    ] {
        let home = ground.home().await;
        let plan = if outcome == "COMPLETE" {
            ground.stage.plan(&home, &ground.office, 1, before).await
        } else {
            plan(ground, &home, 1, before).await
        };
        let goals = [ground.goal(&home, plan).await, ground.goal(&home, plan).await];
        let goals = goals.map(|goal| json!({ "goalId": goal, "status": "REACHED" }));
        let input = json!({ "planId": id("plan", plan), "expectedVersion": 1, "outcome": outcome,
            "note": "As was agreed.", "reviewDueOn": ground.day(40), "goals": goals });
        acts.push(Act::new("planReview", what, &ground.worker, input));
    }
    acts
}

async fn measures(ground: &Ground<'_>) -> Vec<Act> {
    let stage = ground.stage;
    let home = ground.home().await;
    let draft = stage.plan(&home, &ground.office, 1, PlanStatus::Draft).await;
    let own = stage.measure(&home, draft, &ground.office, MeasureStatus::Planned).await;
    let handed = json!({ "id": id("measure", own), "expectedVersion": 1,
        "result": "Begun.", "dueOn": ground.day(60), "description": "Another tutor.",
        "responsibleId": id("organisation", ground.school.id) });
    let home = ground.home().await;
    let active = stage.plan(&home, &ground.office, 1, PlanStatus::Active).await;
    let own = stage.measure(&home, active, &ground.school, MeasureStatus::InProgress).await;
    let done = json!({ "id": id("measure", own), "expectedVersion": 1, "status": "DONE",
        "result": "Warm.", "doneOn": ground.day(0), "dueOn": ground.day(1) });
    vec![
        Act::new("measureUpdate", "handed over in a draft", &ground.worker, handed),
        Act::new("measureUpdate", "done", &ground.worker, done),
    ]
}
