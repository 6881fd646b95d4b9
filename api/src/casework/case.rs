//! Cases, their episodes and who is assigned to them.

pub mod gate;
pub mod standing;
pub mod opening;
pub mod keeping;
pub mod closing;

use std::collections::HashMap;

use chrono::NaiveDate;
use entity::case::{CaseKind, CaseStatus, RiskLevel, SupportLevel};
use entity::{assignment, case, case_note, episode};
use sea_orm::sea_query::{ExprTrait, Query};
use sea_orm::{ColumnTrait, IntoSimpleExpr, Order};
use uuid::Uuid;

use super::Range;
use crate::access::{Row, Rows, Session, Veil};
use crate::error::Result;

/// What narrows a list of cases.
#[derive(Debug, Default)]
pub struct CaseFilter {
    /// In one of these states.
    pub status_in: Option<Vec<CaseStatus>>,
    /// Of one of these kinds.
    pub kind_in: Option<Vec<CaseKind>>,
    /// At one of these levels of support.
    pub support_level_in: Option<Vec<SupportLevel>>,
    /// At one of these risks: sensitive, so only cases seen in full.
    pub risk_level_in: Option<Vec<RiskLevel>>,
    /// Led by one of these organisations.
    pub lead_organisation_in: Option<Vec<Uuid>>,
    /// In one of these areas: personal, so only cases seen in summary or in full.
    pub area_in: Option<Vec<Uuid>>,
    /// With one of these workers assigned today.
    pub worker_in: Option<Vec<Uuid>>,
    /// First opened in these days.
    pub opened: Option<Range<NaiveDate>>,
}

/// The cases that the viewer may see.
pub fn cases(session: &Session, filter: CaseFilter) -> Rows<case::Entity> {
    use case::Column;
    let named = [
        filter.risk_level_in.as_ref().map(|_| Column::RiskLevel),
        filter.area_in.as_ref().map(|_| Column::AreaId),
    ];
    let today = session.today();
    let rows = session
        .find_showing::<case::Entity>(&Veil::of::<case::Entity>(named))
        .filter_some(filter.status_in, |statuses| Column::Status.is_in(statuses))
        .filter_some(filter.kind_in, |kinds| Column::Kind.is_in(kinds))
        .filter_some(filter.support_level_in, |levels| Column::SupportLevel.is_in(levels))
        .filter_some(filter.risk_level_in, |levels| Column::RiskLevel.is_in(levels))
        .filter_some(filter.lead_organisation_in, |ids| Column::LeadOrganisationId.is_in(ids))
        .filter_some(filter.area_in, |areas| Column::AreaId.is_in(areas))
        .filter_some(filter.worker_in, |workers| assigned_to(workers, today));
    match filter.opened {
        Some(range) => rows.filter(range.condition(Column::OpenedOn)),
        None => rows,
    }
}

fn assigned_to(workers: Vec<Uuid>, today: NaiveDate) -> sea_orm::sea_query::SimpleExpr {
    use assignment::{Column, Entity};
    let mut select = Query::select();
    select
        .column((Entity, Column::CaseId))
        .from(Entity)
        .and_where(Column::WorkerId.is_in(workers))
        .and_where(Column::Since.lte(today))
        .and_where(Column::Until.is_null().or(Column::Until.gt(today)));
    case::Column::Id.into_simple_expr().in_subquery(select)
}

/// The cases of families, latest first.
pub async fn of_families(
    session: &Session,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, Vec<Row<case::Model>>>> {
    let rows = session.find::<case::Entity>().of(case::Column::FamilyId, ids);
    rows.order(case::Column::OpenedOn, Order::Desc)
        .order(case::Column::Id, Order::Desc)
        .grouped(|case| case.family_id)
        .await
}

/// The case of each family that isn't closed: the one opened last, if there are several.
pub async fn open_of_families(
    session: &Session,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, Row<case::Model>>> {
    let rows = session.find::<case::Entity>().of(case::Column::FamilyId, ids);
    let open = rows
        .filter(case::Column::Status.ne(CaseStatus::Closed))
        .order(case::Column::OpenedOn, Order::Asc)
        .order(case::Column::Id, Order::Asc)
        .all()
        .await?;
    Ok(open.into_iter().map(|case| (case.family_id, case)).collect())
}

/// The episodes of cases, latest first.
pub async fn episodes_of(
    session: &Session,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, Vec<Row<episode::Model>>>> {
    let rows = session.find::<episode::Entity>().of(episode::Column::CaseId, ids);
    rows.order(episode::Column::No, Order::Desc).grouped(|episode| episode.case_id).await
}

/// Who is or was assigned to cases, latest first.
pub async fn assignments_of(
    session: &Session,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, Vec<Row<assignment::Model>>>> {
    use assignment::Column;
    let rows = session.find::<assignment::Entity>().of(Column::CaseId, ids);
    rows.order(Column::Since, Order::Desc)
        .order(Column::Id, Order::Desc)
        .grouped(|assignment| assignment.case_id)
        .await
}

/// The notes of episodes, first first.
pub async fn notes_of(
    session: &Session,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, Vec<Row<case_note::Model>>>> {
    use case_note::Column;
    let rows = session.find::<case_note::Entity>().of(Column::EpisodeId, ids);
    rows.order(Column::RecordedAt, Order::Asc)
        .order(Column::Id, Order::Asc)
        .grouped(|note| note.episode_id)
        .await
}
