//! Visits to families and which children were seen.

use std::collections::HashMap;

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
