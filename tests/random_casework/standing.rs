//! What stands and what is due, asked of the tables after a history: leads, plans, tasks, registers, and
//! that nothing is dated into an episode that was closed.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use entity::assignment::AssignmentRole;
use entity::case::CaseStatus;
use entity::measure::MeasureStatus;
use entity::plan::PlanStatus;
use entity::task::{TaskKind, TaskStatus};
use entity::visit::VisitStatus;
use entity::{
    assessment, assignment, case, change, concern_report, episode, identity_fact, measure, plan,
    register_entry, service, task, visit,
};
use uuid::Uuid;

use super::invariants::all;
use crate::harness::Stage;

/// Asserts all of it.
pub async fn hold(stage: &Stage) {
    let cases = all::<case::Entity>(stage).await;
    let tasks = all::<task::Entity>(stage).await;
    led_by_one(stage, &cases).await;
    nothing_is_due_of_a_closed_case(stage, &cases, &tasks).await;
    plans_stand_with_their_measures(stage, &cases, &tasks).await;
    nothing_is_dated_into_a_closed_episode(stage).await;
    entries_do_not_overlap(stage).await;
    the_feed_tells_the_version_of_a_task(stage, &tasks).await;
}

async fn led_by_one(stage: &Stage, cases: &[case::Model]) {
    let assignments = all::<assignment::Entity>(stage).await;
    for case in cases {
        let leads = assignments.iter().filter(|one| {
            one.case_id == case.id && one.role == AssignmentRole::Lead && one.until.is_none()
        });
        let expected = usize::from(case.status != CaseStatus::Closed);
        assert_eq!(leads.count(), expected, "an open case has one lead: {case:?}");
    }
}

async fn nothing_is_due_of_a_closed_case(
    stage: &Stage,
    cases: &[case::Model],
    tasks: &[task::Model],
) {
    let is_open = |id: Option<Uuid>| {
        cases.iter().find(|case| Some(case.id) == id).map(|case| case.status != CaseStatus::Closed)
    };
    for task in tasks.iter().filter(|task| task.status == TaskStatus::Open) {
        assert_ne!(is_open(task.case_id), Some(false), "due of a closed case: {task:?}");
        assert!(task.case_id.is_none() || task.owner_id.is_some(), "nobody's: {task:?}");
    }
    for visit in all::<visit::Entity>(stage).await {
        let is_planned = visit.status == VisitStatus::Scheduled;
        assert!(!is_planned || is_open(visit.case_id) != Some(false), "{visit:?}");
    }
    for report in all::<concern_report::Entity>(stage).await {
        use concern_report::ConcernStatus::{Received, Triaged, Verifying};
        let task = tasks.iter().find(|task| task.subject_id == report.id).unwrap();
        let is_due = matches!(report.status, Received | Triaged | Verifying);
        assert_eq!(task.status == TaskStatus::Open, is_due, "{report:?}");
    }
}

async fn plans_stand_with_their_measures(
    stage: &Stage,
    cases: &[case::Model],
    tasks: &[task::Model],
) {
    let plans = all::<plan::Entity>(stage).await;
    let measures = all::<measure::Entity>(stage).await;
    let is_due = |kind: TaskKind, subject: Uuid| {
        tasks.iter().any(|task| {
            (task.kind, task.subject_id, task.status) == (kind, subject, TaskStatus::Open)
        })
    };
    for plan in &plans {
        let case = cases.iter().find(|case| case.id == plan.case_id).unwrap();
        let in_force = matches!(plan.status, PlanStatus::Active | PlanStatus::UnderReview);
        let is_worked_on = in_force && case.status != CaseStatus::Closed;
        let is_over = !in_force && !matches!(plan.status, PlanStatus::Draft | PlanStatus::Agreed);
        assert_eq!(is_due(TaskKind::PlanReview, plan.id), is_worked_on, "{plan:?}");
        for measure in measures.iter().filter(|measure| measure.plan_id == plan.id) {
            let is_open =
                matches!(measure.status, MeasureStatus::Planned | MeasureStatus::InProgress);
            assert!(!(is_over && is_open), "open in a plan that is over: {measure:?}");
            let is_owed = is_worked_on && is_open;
            assert_eq!(is_due(TaskKind::Measure, measure.id), is_owed, "{measure:?}");
        }
    }
    for case in cases {
        let is_active = matches!(case.status, CaseStatus::Active | CaseStatus::Monitoring);
        let had_a_plan = plans.iter().any(|plan| {
            plan.case_id == case.id
                && !matches!(plan.status, PlanStatus::Draft | PlanStatus::Agreed)
        });
        assert!(!is_active || had_a_plan, "active without a plan: {case:?}");
    }
}

/// Whatever was recorded in an episode happened in it, or on the day before it at most.
async fn nothing_is_dated_into_a_closed_episode(stage: &Stage) {
    let episodes = all::<episode::Entity>(stage).await;
    let begun = |case_id: Uuid, recorded: DateTime<Utc>| -> NaiveDate {
        let own = episodes.iter().filter(|one| one.case_id == case_id);
        own.filter(|one| one.recorded_at <= recorded).map(|one| one.opened_on).max().unwrap()
    };
    let before = TimeDelta::days(1);
    for visit in all::<visit::Entity>(stage).await {
        if let (Some(case_id), Some(at)) = (visit.case_id, visit.visited_at) {
            let earliest = begun(case_id, visit.updated_at) - before;
            assert!(at.date_naive() >= earliest, "I08: {visit:?}");
        }
    }
    for row in all::<assessment::Entity>(stage).await {
        let earliest = begun(row.case_id, row.created_at) - before;
        assert!(row.assessed_on >= earliest, "I08: {row:?}");
    }
    for service in all::<service::Entity>(stage).await {
        if let Some(case_id) = service.case_id {
            let earliest = begun(case_id, service.recorded_at);
            assert!(service.delivered_on >= earliest, "I08: {service:?}");
        }
    }
}

async fn entries_do_not_overlap(stage: &Stage) {
    let entries = all::<register_entry::Entity>(stage).await;
    for (place, one) in entries.iter().enumerate() {
        assert!(one.decision_id.is_some(), "{one:?}");
        assert_eq!(one.until.is_some(), one.removal_decision_id.is_some(), "{one:?}");
        for other in &entries[place + 1..] {
            let of = |entry: &register_entry::Model| {
                (entry.register_id, entry.family_id, entry.person_id, entry.grounds)
            };
            let ends_before = |a: &register_entry::Model, b: &register_entry::Model| {
                a.until.is_some_and(|until| until <= b.since)
            };
            let apart = ends_before(one, other) || ends_before(other, one);
            assert!(of(one) != of(other) || apart, "{one:?} {other:?}");
        }
    }
}

async fn the_feed_tells_the_version_of_a_task(stage: &Stage, tasks: &[task::Model]) {
    let mut feed = all::<change::Entity>(stage).await;
    feed.sort_by_key(|line| line.seq);
    let newest: HashMap<Uuid, i32> =
        feed.iter().map(|line| (line.entity_id, line.version)).collect();
    for task in tasks {
        assert_eq!(newest.get(&task.id), Some(&task.version), "{task:?}");
    }
}

/// The facts of identity at a moment; see [`are_kept`].
pub async fn facts(stage: &Stage) -> Vec<identity_fact::Model> {
    all::<identity_fact::Entity>(stage).await
}

/// I22: what was a fact once is one as it was.
pub async fn are_kept(stage: &Stage, earlier: &[identity_fact::Model]) {
    let now = facts(stage).await;
    assert!(now.len() >= earlier.len());
    for fact in earlier {
        assert!(now.contains(fact), "I22: {fact:?}");
    }
}
