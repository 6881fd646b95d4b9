//! Placements of persons in centres, and absences from them.

pub mod deciding;
mod gate;
pub mod giving;
pub mod keeping;
pub mod leaving;
mod limits;
pub mod moving;
pub mod requesting;
mod roll;
pub mod upkeep;

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::placement::{self, Destination, PlacementStatus};
use entity::{absence, placement_breach};
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Query, WindowStatement};
use sea_orm::{ColumnTrait, Order};
use uuid::Uuid;

use super::Range;
use crate::access::scope::one_of;
use crate::access::{Row, Rows, Session, Veil};
use crate::error::Result;

/// What narrows a list of placements.
#[derive(Debug, Default)]
pub struct PlacementFilter {
    /// In one of these states.
    pub status_in: Option<Vec<PlacementStatus>>,
    /// In one of these centres: personal, so only placements seen in summary or in full.
    pub centre_in: Option<Vec<Uuid>>,
    /// In one of these units: personal as well.
    pub unit_in: Option<Vec<Uuid>>,
    /// Ended with one of these destinations: personal as well.
    pub destination_in: Option<Vec<Destination>>,
    /// Requested in this time.
    pub requested: Option<Range<DateTime<Utc>>>,
}

/// The placements that the viewer may see.
pub fn placements(session: &Session, filter: PlacementFilter) -> Rows<placement::Entity> {
    use placement::Column;
    let named = [
        filter.centre_in.as_ref().map(|_| Column::CentreId),
        filter.unit_in.as_ref().map(|_| Column::UnitId),
        filter.destination_in.as_ref().map(|_| Column::Destination),
    ];
    let rows = session
        .find_showing::<placement::Entity>(&Veil::of::<placement::Entity>(named))
        .filter(Column::VoidedAt.is_null())
        .filter_some(filter.status_in, |statuses| Column::Status.is_in(statuses))
        .filter_some(filter.centre_in, |ids| Column::CentreId.is_in(ids))
        .filter_some(filter.unit_in, |ids| Column::UnitId.is_in(ids))
        .filter_some(filter.destination_in, |places| Column::Destination.is_in(places));
    match filter.requested {
        Some(range) => rows.filter(range.condition(Column::RequestedAt)),
        None => rows,
    }
}

/// The placements of persons, latest first.
pub async fn of_persons(
    session: &Session,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, Vec<Row<placement::Model>>>> {
    use placement::Column;
    let rows = session.find::<placement::Entity>().of(Column::PersonId, ids);
    rows.filter(Column::VoidedAt.is_null())
        .order(Column::RequestedAt, Order::Desc)
        .order(Column::Id, Order::Desc)
        .grouped(|placement| placement.person_id)
        .await
}

/// Where persons are placed now: the stay in force, a residential one first.
pub async fn current_of_persons(
    session: &Session,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, Row<placement::Model>>> {
    use placement::Column;
    let stays = [PlacementStatus::Admitted, PlacementStatus::OnLeave];
    let rows = session.find::<placement::Entity>().of(Column::PersonId, ids);
    let stays = rows
        .filter(Column::VoidedAt.is_null())
        .filter(Column::Status.is_in(stays))
        .order(Column::IsResidential, Order::Asc)
        .order(Column::RequestedAt, Order::Asc)
        .order(Column::Id, Order::Asc)
        .all()
        .await?;
    Ok(stays.into_iter().map(|stay| (stay.person_id, stay)).collect())
}

/// The last placements requested in each centre, of those whose centre the viewer may know.
pub async fn last_of_centres(
    session: &Session,
    ids: &[Uuid],
    last: u64,
) -> Result<HashMap<Uuid, Vec<Row<placement::Model>>>> {
    use placement::Column;
    let where_placed = Veil::of::<placement::Entity>([Some(Column::CentreId)]);
    let rows = session.find_showing::<placement::Entity>(&where_placed).of(Column::CentreId, ids);
    rows.filter(Column::VoidedAt.is_null())
        .last_of_each(Column::CentreId, Column::RequestedAt, last)
        .grouped(|placement| placement.centre_id)
        .await
}

/// The absences from placements, latest first.
pub async fn absences_of(
    session: &Session,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, Vec<Row<absence::Model>>>> {
    let rows = session.find::<absence::Entity>().of(absence::Column::PlacementId, ids);
    rows.order(absence::Column::Since, Order::Desc).grouped(|absence| absence.placement_id).await
}

/// The limits beyond which placements were approved.
pub async fn breaches_of(
    session: &Session,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, Vec<Row<placement_breach::Model>>>> {
    use placement_breach::Column;
    let rows = session.find::<placement_breach::Entity>().of(Column::PlacementId, ids);
    rows.order(Column::RecordedAt, Order::Asc)
        .order(Column::Id, Order::Asc)
        .grouped(|breach| breach.placement_id)
        .await
}

/// The placements of groups, by when they were asked for and id.
pub async fn of_groups(
    session: &Session,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, Vec<Row<placement::Model>>>> {
    use placement::Column;
    let rows = session.find::<placement::Entity>().of(Column::GroupId, ids);
    rows.filter(Column::VoidedAt.is_null())
        .order(Column::RequestedAt, Order::Asc)
        .order(Column::Id, Order::Asc)
        .grouped(|placement| placement.group_id.unwrap_or_default())
        .await
}

/// At which place of their unit's waiting list placements stand, counted over all who wait, whoever
/// may see them; the first is 1.
pub async fn positions_of(session: &Session, ids: &[Uuid]) -> Result<HashMap<Uuid, i64>> {
    use placement::{Column, Entity};
    let backend = session.viewer().backend;
    let (line, place) = (Alias::new("line"), Alias::new("place"));
    let mut order = WindowStatement::partition_by((Entity, Column::UnitId));
    order
        .order_by((Entity, Column::Priority), Order::Desc)
        .order_by((Entity, Column::RequestedAt), Order::Asc)
        .order_by((Entity, Column::Id), Order::Asc);
    let mut units = Query::select();
    units.column(Column::UnitId).from(Entity).and_where(one_of(backend, Column::Id, ids.to_vec()));
    let mut waiting = Query::select();
    waiting
        .column((Entity, Column::Id))
        .expr_window_as(Expr::cust("row_number()"), order, place.clone())
        .from(Entity)
        .and_where(Column::Status.eq(PlacementStatus::Waitlisted))
        .and_where(Column::VoidedAt.is_null())
        .and_where(Expr::col((Entity, Column::UnitId)).in_subquery(units));
    let mut select = Query::select();
    select
        .column((line.clone(), Column::Id))
        .column((line.clone(), place))
        .from_subquery(waiting, line.clone())
        .and_where(one_of(backend, Expr::col((line, Column::Id)), ids.to_vec()));
    session.tally(&select).await
}
