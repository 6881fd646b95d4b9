//! Deciding an assessment: somebody else approves it, or sends it back.

use chrono::{NaiveDate, TimeDelta};
use entity::assessment::{self, AssessmentStatus};
use entity::case::{self, SupportLevel};
use entity::task::TaskKind;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, FromQueryResult, QueryFilter, QueryTrait};
use uuid::Uuid;

use super::recording::next_due_on;
use crate::access::Session;
use crate::access::policy::Action;
use crate::casework::case::gate;
use crate::casework::change::{Change, Key, Right, Subject};
use crate::casework::check::{Checks, LONG};
use crate::casework::problem::{Halt, Problem};
use crate::casework::state::Machine;
use crate::casework::task::Due;
use crate::casework::visit::due;
use crate::casework::wording::Text;

/// What a supervisor says of an assessment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// It holds.
    Approved,
    /// It is to be done again.
    Rejected,
}

/// What decides an assessment.
#[derive(Clone, Debug)]
pub struct Decide {
    /// The assessment.
    pub id: Uuid,
    /// The version that it was decided on.
    pub expected_version: Option<i32>,
    /// The decision.
    pub decision: Decision,
    /// Why.
    pub reason: Option<String>,
    /// How intensely the family is supported from now on.
    pub support_level: Option<SupportLevel>,
}

/// Approves an assessment, whose risk is then the case's, or sends it back with a reason.
pub async fn decide(session: &Session, key: &Key, command: &Decide) -> Result<Uuid, Halt> {
    let subject = Subject::new("assessment", command.id);
    let mut change = Change::begin(session, Action::AssessmentDecide, key, subject).await?;
    command.check()?;
    let worker = change.worker()?;
    let columns = (assessment::Column::Id, assessment::Column::CaseId);
    let case =
        gate::enter_through::<assessment::Entity>(&change, columns, command.id, "input.id").await?;
    let (before, begun) = with_episode(&change, command.id).await?;
    let after = assessment::Model {
        status: command.status(),
        approved_by_id: Some(worker),
        decision_note: command.reason.clone(),
        ..before.clone()
    };
    change.expect_some(&before, &after, command.expected_version)?;
    before.status.check(after.status, "input.decision")?;
    if before.assessed_by_id == worker {
        return Err(Problem::at("input.id", Text::ApproverIsRequester).into());
    }
    let earliest = begun.map(|day| day - TimeDelta::days(1));
    if let Some(earliest) = earliest.filter(|day| before.assessed_on < *day)
        && command.decision == Decision::Approved
    {
        return Err(Problem::at("input.id", Text::TooEarly { earliest }).into());
    }
    match command.decision {
        Decision::Approved => approve(&mut change, command, &case, (&before, after)).await?,
        Decision::Rejected => {
            let again = Due::of_case(TaskKind::Assessment, case.id, &case, session.today());
            change.task(again.owned_by(Some(before.assessed_by_id)));
            change.update(&before, after).await?;
        }
    }
    change.commit().await
}

/// An assessment, and the first day of its case's last episode: what was assessed before says
/// nothing of it.
async fn with_episode(
    change: &Change,
    id: Uuid,
) -> Result<(assessment::Model, Option<NaiveDate>), Halt> {
    let of_case = Expr::col((assessment::Entity, assessment::Column::CaseId));
    let mut one = change
        .see::<assessment::Entity>(Right::Led)
        .filter(assessment::Column::Id.eq(id))
        .into_query();
    one.expr_as(gate::begun_on(of_case), gate::BEGUN);
    let row = change.connection().query_one(&one).await?;
    let row = row.ok_or_else(|| Problem::not_found("input.id"))?;
    Ok((assessment::Model::from_query_result(&row, "")?, row.try_get("", gate::BEGUN)?))
}

async fn approve(
    change: &mut Change,
    command: &Decide,
    case: &case::Model,
    (before, after): (&assessment::Model, assessment::Model),
) -> Result<(), Halt> {
    let due_on = next_due_on(before, change.session().terms());
    let after = assessment::Model { next_due_on: Some(due_on), ..after };
    change.update(before, after).await?;
    // An older one that is approved late says nothing of the risk today.
    let is_latest = !is_outdated(change, before).await?;
    let risk_level = before.risk_level.filter(|_| is_latest).or(case.risk_level);
    let rated = case::Model {
        risk_level,
        support_level: command.support_level.or(case.support_level),
        ..case.clone()
    };
    // A level that stays leaves what is due as it is: a visit that is late stays late.
    let is_new_level = rated.support_level != case.support_level;
    let case = change.update(case, rated).await?;
    if is_new_level {
        due::at_level(change, &case, Some(before.assessed_by_id)).await?;
    }
    Ok(())
}

/// Whether a later assessment of the case was approved already.
async fn is_outdated(change: &Change, this: &assessment::Model) -> Result<bool, Halt> {
    use assessment::Column;
    if this.assessed_on >= change.session().today() {
        return Ok(false);
    }
    let later = change
        .see::<assessment::Entity>(Right::Led)
        .filter(Column::CaseId.eq(this.case_id))
        .filter(Column::Status.eq(AssessmentStatus::Approved))
        .filter(Column::AssessedOn.gt(this.assessed_on))
        .one(change.connection())
        .await?;
    Ok(later.is_some())
}

impl Decide {
    const fn status(&self) -> AssessmentStatus {
        match self.decision {
            Decision::Approved => AssessmentStatus::Approved,
            Decision::Rejected => AssessmentStatus::Rejected,
        }
    }

    fn check(&self) -> Result<(), Halt> {
        let mut checks = Checks::default();
        let reason = self.reason.as_deref();
        checks.some_text("input.reason", reason, LONG);
        let is_told = reason.is_some_and(|reason| !reason.trim().is_empty());
        let is_approved = self.decision == Decision::Approved;
        checks.hold(is_approved || is_told, "input.reason", Text::ReasonRequired);
        checks.done()
    }
}
