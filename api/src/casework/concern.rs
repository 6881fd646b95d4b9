//! Concern reports: what was reported, and how far it is.

pub mod gate;
pub mod reporter;
pub mod receiver;
pub mod intake;
pub mod triage;
pub mod verification;
pub mod decision;
mod confirming;

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::concern_category;
use entity::concern_report::{self, ConcernStatus, ConcernUrgency};
use sea_orm::{ColumnTrait, Order};
use uuid::Uuid;

use super::Range;
use crate::access::{Row, Rows, Session};
use crate::error::Result;

/// What narrows a list of concern reports.
#[derive(Debug, Default)]
pub struct ConcernReportFilter {
    /// In one of these states.
    pub status_in: Option<Vec<ConcernStatus>>,
    /// Of one of these urgencies.
    pub urgency_in: Option<Vec<ConcernUrgency>>,
    /// About one of these areas (not areas within them).
    pub area_in: Option<Vec<Uuid>>,
    /// Received by one of these organisations.
    pub organisation_in: Option<Vec<Uuid>>,
    /// Received in this time.
    pub received: Option<Range<DateTime<Utc>>>,
}

/// The concern reports that the viewer may see.
pub fn reports(session: &Session, filter: ConcernReportFilter) -> Rows<concern_report::Entity> {
    use concern_report::Column;
    let rows = session
        .find::<concern_report::Entity>()
        .filter(Column::VoidedAt.is_null())
        .filter_some(filter.status_in, |statuses| Column::Status.is_in(statuses))
        .filter_some(filter.urgency_in, |urgencies| Column::Urgency.is_in(urgencies))
        .filter_some(filter.area_in, |areas| Column::AreaId.is_in(areas))
        .filter_some(filter.organisation_in, |ids| Column::OrganisationId.is_in(ids));
    match filter.received {
        Some(range) => rows.filter(range.condition(Column::ReceivedAt)),
        None => rows,
    }
}

/// What reports are about.
pub async fn categories_of(
    session: &Session,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, Vec<Row<concern_category::Model>>>> {
    use concern_category::Column;
    let rows = session.find::<concern_category::Entity>().of(Column::ConcernReportId, ids);
    rows.order(Column::Kind, Order::Asc).grouped(|category| category.concern_report_id).await
}

/// The reports about families, latest first.
pub async fn of_families(
    session: &Session,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, Vec<Row<concern_report::Model>>>> {
    use concern_report::Column;
    let rows = session.find::<concern_report::Entity>().of(Column::FamilyId, ids);
    rows.filter(Column::VoidedAt.is_null())
        .order(Column::ReceivedAt, Order::Desc)
        .order(Column::Id, Order::Desc)
        .grouped(|report| report.family_id.unwrap_or_default())
        .await
}
