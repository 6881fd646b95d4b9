//! Reviewing a plan: begun, and then continued, completed or cancelled.

use std::collections::HashMap;

use chrono::NaiveDate;
use entity::case;
use entity::goal::{self, GoalStatus};
use entity::measure;
use entity::plan::{self, PlanStatus};
use entity::task::TaskKind;
use sea_orm::sea_query::{CaseStatement, Expr};
use sea_orm::{ActiveEnum, ColumnTrait, Condition, QueryFilter};
use uuid::Uuid;

use super::activating::next_review_on;
use super::ending::{end_measures, ends_on};
use super::{OPEN_MEASURES, is_in_force};
use crate::access::Session;
use crate::access::policy::Action;
use crate::casework::change::{Change, Key, Right, Subject};
use crate::casework::check::{Checks, LONG};
use crate::casework::problem::{Halt, Problem};
use crate::casework::state::Machine;
use crate::casework::task::Due;
use crate::casework::wording::Text;

/// What a review comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReviewOutcome {
    /// It begins.
    Begin,
    /// The plan goes on.
    Continue,
    /// The plan is carried out.
    Complete,
    /// The plan is given up.
    Cancel,
}

impl ReviewOutcome {
    const fn status(self) -> PlanStatus {
        match self {
            Self::Begin => PlanStatus::UnderReview,
            Self::Continue => PlanStatus::Active,
            Self::Complete => PlanStatus::Completed,
            Self::Cancel => PlanStatus::Cancelled,
        }
    }
}

/// What reviews a plan.
#[derive(Clone, Debug)]
pub struct Review {
    /// The plan.
    pub plan_id: Uuid,
    /// The version that it was decided on.
    pub expected_version: Option<i32>,
    /// What it comes to.
    pub outcome: ReviewOutcome,
    /// What was found.
    pub note: Option<String>,
    /// When a plan that goes on is reviewed next.
    pub review_due_on: Option<NaiveDate>,
    /// Where goals stand.
    pub goals: Vec<(Uuid, GoalStatus)>,
}

/// Begins the review of a plan, or says what it came to. A plan is completed when each measure has
/// a result; it may be cancelled at any time, for a reason.
pub async fn review(session: &Session, key: &Key, command: &Review) -> Result<Uuid, Halt> {
    let subject = Subject::new("plan", command.plan_id);
    let mut change = Change::begin(session, Action::PlanReview, key, subject).await?;
    command.check(session.today())?;
    let (case, before) = super::enter(&change, command.plan_id).await?;
    let after = command.over(&before, session);
    change.expect_some(&before, &after, command.expected_version)?;
    if before.status == PlanStatus::Agreed && command.outcome == ReviewOutcome::Continue {
        let refused = Problem::at("input.outcome", Text::NotInForce);
        return Err(refused.from_where(before.status).into());
    }
    before.status.check(after.status, "input.outcome")?;
    command.end_measures(&mut change, &case, &before).await?;
    command.set_goals(&mut change).await?;
    let plan = change.update(&before, after).await?;
    command.follow(&mut change, &case, &before, &plan);
    change.commit().await
}

impl Review {
    fn check(&self, today: NaiveDate) -> Result<(), Halt> {
        let mut checks = Checks::default();
        let note = self.note.as_deref();
        checks.some_text("input.note", note, LONG);
        let is_told = note.is_some_and(|note| !note.trim().is_empty());
        let is_kept = self.outcome != ReviewOutcome::Cancel;
        checks.hold(is_kept || is_told, "input.note", Text::ReasonRequired);
        checks.day("input.reviewDueOn", self.review_due_on);
        let is_ahead = self.review_due_on.is_none_or(|day| day >= today);
        checks.hold(is_ahead, "input.reviewDueOn", Text::InPast { today });
        let goals: Vec<Uuid> = self.goals.iter().map(|(id, _)| *id).collect();
        checks.distinct("input.goals", &goals);
        checks.done()
    }

    fn over(&self, before: &plan::Model, session: &Session) -> plan::Model {
        let mut after = plan::Model {
            status: self.outcome.status(),
            review_note: self.note.clone().or_else(|| before.review_note.clone()),
            ..before.clone()
        };
        match self.outcome {
            ReviewOutcome::Begin => {}
            ReviewOutcome::Continue => {
                after.review_due_on =
                    Some(self.review_due_on.unwrap_or_else(|| next_review_on(session)));
            }
            ReviewOutcome::Complete | ReviewOutcome::Cancel => {
                after.until = Some(ends_on(before, session.today()));
            }
        }
        after
    }

    /// With a plan that is completed, no measure may be open; those of one that is cancelled end with
    /// it.
    async fn end_measures(
        &self,
        change: &mut Change,
        case: &case::Model,
        plan: &plan::Model,
    ) -> Result<(), Halt> {
        match self.outcome {
            ReviewOutcome::Complete => {
                let count = count_open(change, plan).await?;
                if count > 0 {
                    return Err(Problem::at("input.outcome", Text::MeasuresOpen { count }).into());
                }
            }
            ReviewOutcome::Cancel => {
                let reason = self.note.as_deref().unwrap_or_default();
                end_measures(change, case, plan, reason).await?;
            }
            ReviewOutcome::Begin | ReviewOutcome::Continue => {}
        }
        Ok(())
    }

    /// Writes where goals stand, in one statement.
    async fn set_goals(&self, change: &mut Change) -> Result<(), Halt> {
        use goal::Column;
        if self.goals.is_empty() {
            return Ok(());
        }
        let found: HashMap<Uuid, goal::Model> = change
            .see::<goal::Entity>(Right::Led)
            .filter(Column::PlanId.eq(self.plan_id))
            .filter(Column::Id.is_in(self.goals.iter().map(|(id, _)| *id)))
            .all(change.connection())
            .await?
            .into_iter()
            .map(|goal| (goal.id, goal))
            .collect();
        let mut checks = Checks::default();
        let mut statuses = CaseStatement::new();
        for (no, (id, status)) in self.goals.iter().enumerate() {
            let path = format!("input.goals.{no}.goalId");
            checks.hold(found.contains_key(id), &path, Text::NotFound);
            statuses = statuses.case(Column::Id.eq(*id), Expr::val(status.to_value()));
        }
        checks.done()?;
        let statuses = statuses.finally(Expr::col(Column::Status)).into();
        let these = Condition::all().add(Column::Id.is_in(found.keys().copied()));
        change.update_where::<goal::Entity>(vec![(Column::Status, statuses)], these).await?;
        Ok(())
    }

    /// Says when the plan is reviewed next, or that it was.
    fn follow(
        &self,
        change: &mut Change,
        case: &case::Model,
        before: &plan::Model,
        plan: &plan::Model,
    ) {
        let due_on = plan.review_due_on.unwrap_or_else(|| next_review_on(change.session()));
        let due = Due::of_case(TaskKind::PlanReview, plan.id, case, due_on);
        match self.outcome {
            ReviewOutcome::Continue => change.task(due),
            ReviewOutcome::Complete => change.task(due.done()),
            ReviewOutcome::Cancel if is_in_force(before.status) => change.task(due.cancelled()),
            ReviewOutcome::Begin | ReviewOutcome::Cancel => {}
        }
    }
}

/// How many measures of a plan have no result yet.
async fn count_open(change: &Change, plan: &plan::Model) -> Result<usize, Halt> {
    use measure::Column;
    let measures = change
        .see::<measure::Entity>(Right::Led)
        .filter(Column::PlanId.eq(plan.id))
        .filter(Column::Status.is_in(OPEN_MEASURES))
        .all(change.connection())
        .await?;
    Ok(measures.len())
}
