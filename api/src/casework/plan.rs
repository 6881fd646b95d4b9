//! Plans with their goals, measures and sign-offs.

pub mod activating;
pub mod agreeing;
pub mod drafting;
mod ending;
pub mod measuring;
pub mod reviewing;

use std::collections::HashMap;

use entity::measure::MeasureStatus;
use entity::plan::{self, PlanStatus};
use entity::{case, goal, measure, plan_sign_off};
use sea_orm::{ColumnTrait, Order};
use uuid::Uuid;

use super::case::gate;
use super::change::{Change, Right};
use super::problem::Halt;
use crate::access::{Row, Session};
use crate::error::Result;

/// The plans of cases, latest revision first.
pub async fn of_cases(
    session: &Session,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, Vec<Row<plan::Model>>>> {
    let rows = session.find::<plan::Entity>().of(plan::Column::CaseId, ids);
    rows.order(plan::Column::Revision, Order::Desc).grouped(|plan| plan.case_id).await
}

/// The plan in force of each case.
pub async fn active_of_cases(
    session: &Session,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, Row<plan::Model>>> {
    let rows = session.find::<plan::Entity>().of(plan::Column::CaseId, ids);
    let active = rows.filter(plan::Column::Status.eq(PlanStatus::Active)).all().await?;
    Ok(active.into_iter().map(|plan| (plan.case_id, plan)).collect())
}

/// The goals of plans.
pub async fn goals_of(
    session: &Session,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, Vec<Row<goal::Model>>>> {
    let rows = session.find::<goal::Entity>().of(goal::Column::PlanId, ids);
    rows.order(goal::Column::Id, Order::Asc).grouped(|goal| goal.plan_id).await
}

/// The measures of plans, first due first.
pub async fn measures_of(
    session: &Session,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, Vec<Row<measure::Model>>>> {
    let rows = session.find::<measure::Entity>().of(measure::Column::PlanId, ids);
    rows.order(measure::Column::DueOn, Order::Asc)
        .order(measure::Column::Id, Order::Asc)
        .grouped(|measure| measure.plan_id)
        .await
}

/// The agencies whose signature plans need or have.
pub async fn sign_offs_of(
    session: &Session,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, Vec<Row<plan_sign_off::Model>>>> {
    use plan_sign_off::Column;
    let rows = session.find::<plan_sign_off::Entity>().of(Column::PlanId, ids);
    rows.order(Column::OrganisationId, Order::Asc).grouped(|sign_off| sign_off.plan_id).await
}

/// Whether a plan is carried out, or looked at while it is.
pub const fn is_in_force(status: PlanStatus) -> bool {
    matches!(status, PlanStatus::Active | PlanStatus::UnderReview)
}

/// The same as a list, for statements.
pub const IN_FORCE: [PlanStatus; 2] = [PlanStatus::Active, PlanStatus::UnderReview];

/// Where a measure stands that has no result yet.
pub const OPEN_MEASURES: [MeasureStatus; 2] = [MeasureStatus::Planned, MeasureStatus::InProgress];

/// A plan that may be written into with its case, kept from others until the change is over.
async fn enter(change: &Change, plan_id: Uuid) -> Result<(case::Model, plan::Model), Halt> {
    let columns = (plan::Column::Id, plan::Column::CaseId);
    let case =
        gate::enter_through::<plan::Entity>(change, columns, plan_id, "input.planId").await?;
    let plan = change.read::<plan::Entity>(plan_id, Right::Led, "input.planId").await?;
    Ok((case, plan))
}
