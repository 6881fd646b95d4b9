//! The gate of a report: what moves it on goes through here, so that two who decide at once don't
//! both win.

use entity::concern_report::{self, Column};
use sea_orm::{ColumnTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use crate::access::viewer::Viewer;
use crate::casework::change::{Change, KEPT, Right};
use crate::casework::problem::{Halt, Problem};
use crate::casework::wording::Text;

/// A report that the viewer sees in full, kept from others until the change is over; one that was
/// voided is none.
pub async fn enter(
    change: &Change,
    report_id: Uuid,
    path: &str,
) -> Result<concern_report::Model, Halt> {
    let report = change
        .see::<concern_report::Entity>(Right::FULL)
        .filter(Column::Id.eq(report_id))
        .filter(Column::VoidedAt.is_null())
        .lock(KEPT)
        .one(change.connection())
        .await?;
    moved_here(change, report.ok_or_else(|| Problem::not_found(path))?, path).await
}

/// A report that the viewer's organisation received, or that is about a family which it leads the
/// work with: others who see it, because they see the family, don't move it.
pub async fn moved_here(
    change: &Change,
    report: concern_report::Model,
    path: &str,
) -> Result<concern_report::Model, Halt> {
    if is_received_by(change.session().viewer(), &report) {
        return Ok(report);
    }
    let ours = change.see::<concern_report::Entity>(Right::Led).filter(Column::Id.eq(report.id));
    match ours.one(change.connection()).await? {
        Some(_) => Ok(report),
        None => Err(Problem::at(path, Text::ReceiverMoves).into()),
    }
}

/// Whether the viewer's organisation received a report.
pub fn is_received_by(viewer: &Viewer, report: &concern_report::Model) -> bool {
    viewer.organisations.contains(&report.organisation_id)
}
