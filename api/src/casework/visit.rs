//! Visits to families and which children were seen.

pub mod occasion;
pub mod planning;
pub mod recording;
pub mod due;

use std::collections::HashMap;

use chrono::NaiveDate;
use entity::task::{self, TaskKind, TaskStatus};
use entity::visit::VisitStatus;
use entity::{visit, visit_child};
use sea_orm::{ColumnTrait, Order};
use uuid::Uuid;

use crate::access::{Row, Session};
use crate::error::Result;

/// The last visits of each case by the day they are planned for, latest first.
pub async fn last_of_cases(
    session: &Session,
    ids: &[Uuid],
    last: u64,
) -> Result<HashMap<Uuid, Vec<Row<visit::Model>>>> {
    use visit::Column;
    let rows = session.find::<visit::Entity>().of(Column::CaseId, ids);
    rows.filter(Column::VoidedAt.is_null())
        .last_of_each(Column::CaseId, Column::ScheduledFor, last)
        .grouped(|visit| visit.case_id.unwrap_or_default())
        .await
}

/// Which children were seen at visits.
pub async fn children_of(
    session: &Session,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, Vec<Row<visit_child::Model>>>> {
    use visit_child::Column;
    let rows = session.find::<visit_child::Entity>().of(Column::VisitId, ids);
    rows.order(Column::PersonId, Order::Asc).grouped(|seen| seen.visit_id).await
}

/// When families are to be visited next, by their cases: the task says so, or else the last visit
/// that was made.
pub async fn next_due_of_cases(
    session: &Session,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, NaiveDate>> {
    use visit::Column;
    let made = session
        .find::<visit::Entity>()
        .of(Column::CaseId, ids)
        .filter(Column::VoidedAt.is_null())
        .filter(Column::Status.eq(VisitStatus::Completed))
        .last_of_each(Column::CaseId, Column::VisitedAt, 1)
        .all()
        .await?;
    let tasks = session
        .find::<task::Entity>()
        .of(task::Column::CaseId, ids)
        .filter(task::Column::Kind.eq(TaskKind::Visit))
        .filter(task::Column::Status.eq(TaskStatus::Open))
        .all()
        .await?;
    let by_visits = made.iter().filter_map(|visit| Some((visit.case_id?, visit.next_due_on?)));
    let by_tasks = tasks.iter().filter_map(|task| Some((task.case_id?, task.due_on)));
    Ok(by_visits.chain(by_tasks).collect())
}
