//! Reading a roll once nobody else changes it, and writing what was decided on it: placements, who
//! may see whom, and what ran out elsewhere.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use entity::access_grant::GrantBasis;
use entity::placement::{self, Column, PlacementStatus};
use entity::placement_breach::{self, BreachKind};
use entity::{capacity_period, centre, person, unit};
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Func, Order, Query, SelectStatement, SimpleExpr};
use sea_orm::{
    ActiveEnum, ColumnTrait, Condition, ConnectionTrait, DbErr, FromQueryResult, Iterable,
    QueryFilter, QueryResult, QuerySelect, QueryTrait,
};
use uuid::Uuid;

use super::roll::{Elsewhere, Line, Roll, Ward};
use crate::casework::change::{Change, KEPT, Right};
use crate::casework::grant::show_until;
use crate::casework::joined::select_columns_of;
use crate::casework::kept::Kept;
use crate::casework::problem::{Halt, Problem};
use crate::casework::state::Machine;

/// The roll of the centre of a placement that the viewer sees; of the centre of a unit besides, if
/// one is named.
pub async fn enter(
    change: &Change,
    id: Uuid,
    unit_id: Option<Uuid>,
    path: &str,
) -> Result<Roll, Halt> {
    let of_placement = change
        .see::<placement::Entity>(Right::ANY)
        .filter(Column::Id.eq(id))
        .filter(Column::VoidedAt.is_null())
        .select_only()
        .column(Column::CentreId)
        .into_query();
    let this = || Expr::col((centre::Entity, centre::Column::Id));
    let which = this().in_subquery(of_placement).or(this().in_subquery(centre_of(unit_id)));
    let roll = of_centres(change, Condition::all().add(which), Some(id)).await?;
    if roll.place_of(id).is_none() {
        return Err(Problem::not_found(path).into());
    }
    Ok(roll)
}

/// The roll of a centre.
pub async fn of_centre(change: &Change, centre_id: Uuid) -> Result<Roll, Halt> {
    let which = Condition::all().add(centre::Column::Id.eq(centre_id));
    of_centres(change, which, None).await
}

/// The roll of the centre of a unit.
pub async fn of_unit(change: &Change, unit_id: Uuid) -> Result<Roll, Halt> {
    let this = Expr::col((centre::Entity, centre::Column::Id));
    let which = Condition::all().add(this.in_subquery(centre_of(unit_id.into())));
    of_centres(change, which, None).await
}

fn centre_of(unit_id: Option<Uuid>) -> SelectStatement {
    let mut select = Query::select();
    select
        .column(unit::Column::CentreId)
        .from(unit::Entity)
        .and_where(unit::Column::Id.eq(unit_id));
    select
}

async fn of_centres(
    change: &Change,
    which: Condition,
    placement_id: Option<Uuid>,
) -> Result<Roll, Halt> {
    let mut keep = Query::select();
    keep.columns(centre::Column::iter().map(|column| (centre::Entity, column)))
        .from(centre::Entity)
        .cond_where(which)
        .order_by((centre::Entity, centre::Column::Id), Order::Asc)
        .lock(KEPT);
    let rows = change.connection().query_all(&keep).await?;
    let centres = rows.iter().map(|row| centre::Model::from_query_result(row, ""));
    let centres: BTreeMap<Uuid, _> =
        centres.map(|row| row.map(|row| (row.id, row))).collect::<Result<_, DbErr>>()?;
    let mut roll = Roll::new(change.session(), change.session().later(), centres);
    let ids: Vec<Uuid> = roll.centres.keys().copied().collect();
    let select = select(&roll, &ids, placement_id);
    for row in change.connection().query_all(&select).await? {
        let last: Option<DateTime<Utc>> = row.try_get("", LAST)?;
        roll.now = last.map_or(roll.now, |last| Ord::max(last, roll.now));
        let unit = unit::Model::from_query_result(&row, UNIT)?;
        let places: Option<i32> = row.try_get("", PLACES)?;
        let places = places.unwrap_or_default();
        roll.wards.entry(unit.id).or_insert(Ward { unit, places });
        roll.lines.extend(line(&row)?);
    }
    Ok(roll)
}

const UNIT: &str = "ward_";
const PLACES: &str = "places_today";
const PLACEMENT: &str = "line_";
const PERSON: &str = "person_";
const LAST: &str = "last_change_at";
const IS_RESERVED: &str = "reserved_elsewhere";
const HAS_STALE: &str = "stale_elsewhere";
const IS_RESIDENT: &str = "resident_elsewhere";

/// Statuses in which a placement is on the roll whoever is asked about.
const ON_ROLL: [PlacementStatus; 4] = [
    PlacementStatus::Waitlisted,
    PlacementStatus::Reserved,
    PlacementStatus::Admitted,
    PlacementStatus::OnLeave,
];

/// One row for each placement of the centres' units that is on the roll, or for a unit without one.
fn select(roll: &Roll, centres: &[Uuid], placement_id: Option<Uuid>) -> SelectStatement {
    let (today, now) = (roll.today, roll.now);
    let unit_id = || Expr::col((unit::Entity, unit::Column::Id));
    let in_force = Condition::all()
        .add(Expr::col((capacity_period::Entity, capacity_period::Column::UnitId)).eq(unit_id()))
        .add(capacity_period::Column::Since.lte(today))
        .add(capacity_period::Column::Until.is_null().or(capacity_period::Column::Until.gt(today)));
    let of_line = Expr::col((person::Entity, person::Column::Id))
        .eq(Expr::col((placement::Entity, Column::PersonId)));
    let mut select = Query::select();
    select
        .from(unit::Entity)
        .expr_as(
            Expr::col((capacity_period::Entity, capacity_period::Column::Places)),
            Alias::new(PLACES),
        )
        .left_join(capacity_period::Entity, in_force)
        .left_join(placement::Entity, on_roll(placement_id))
        .left_join(person::Entity, of_line)
        .and_where(Expr::col((unit::Entity, unit::Column::CentreId)).is_in(centres.to_vec()));
    select_columns_of::<unit::Entity>(&mut select, UNIT);
    select_columns_of::<placement::Entity>(&mut select, PLACEMENT);
    select_columns_of::<person::Entity>(&mut select, PERSON);
    select.expr_as(last_change(centres), Alias::new(LAST));
    for (name, which) in elsewhere(centres, now) {
        select.expr_as(Expr::exists(which), Alias::new(name));
    }
    for kind in BreachKind::iter() {
        select.expr_as(Expr::exists(approved(kind)), Alias::new(breach(kind)));
    }
    select
}

/// When a placement of the centres was changed last.
fn last_change(centres: &[Uuid]) -> SimpleExpr {
    let other = Alias::new("earlier");
    let column = |column: Column| Expr::col((other.clone(), column));
    let mut select = Query::select();
    select
        .expr(Func::max(column(Column::UpdatedAt)))
        .from_as(placement::Entity, other.clone())
        .and_where(column(Column::CentreId).is_in(centres.to_vec()));
    SimpleExpr::SubQuery(None, Box::new(select.into()))
}

/// Placements of a unit that hold a place or wait for one; the one that is asked about and its group
/// wherever they stand.
fn on_roll(placement_id: Option<Uuid>) -> Condition {
    let own = |column: Column| Expr::col((placement::Entity, column));
    let mut group = Query::select();
    group
        .column(Column::GroupId)
        .from(placement::Entity)
        .and_where(Column::Id.eq(placement_id))
        .and_where(Column::GroupId.is_not_null());
    Condition::all()
        .add(own(Column::UnitId).eq(Expr::col((unit::Entity, unit::Column::Id))))
        .add(own(Column::VoidedAt).is_null())
        .add(
            Condition::any()
                .add(Column::Status.is_in(ON_ROLL))
                .add(own(Column::Id).eq(placement_id))
                .add(own(Column::GroupId).in_subquery(group)),
        )
}

/// What the person of a line has in other centres.
fn elsewhere(centres: &[Uuid], now: DateTime<Utc>) -> [(&'static str, SelectStatement); 3] {
    let other = Alias::new("other");
    let column = |column: Column| Expr::col((other.clone(), column));
    let reserved = || column(Column::Status).eq(PlacementStatus::Reserved.to_value());
    let stays = [PlacementStatus::Admitted.to_value(), PlacementStatus::OnLeave.to_value()];
    let lives = column(Column::Status).is_in(stays).and(column(Column::IsResidential).eq(true));
    let select = |which: SimpleExpr| {
        let mut select = Query::select();
        select
            .expr(Expr::val(1))
            .from_as(placement::Entity, other.clone())
            .and_where(
                column(Column::PersonId).eq(Expr::col((placement::Entity, Column::PersonId))),
            )
            .and_where(column(Column::CentreId).is_not_in(centres.to_vec()))
            .and_where(column(Column::VoidedAt).is_null())
            .and_where(which);
        select
    };
    [
        (IS_RESERVED, select(reserved().and(column(Column::ReservedUntil).gt(now)))),
        (HAS_STALE, select(reserved().and(column(Column::ReservedUntil).lte(now)))),
        (IS_RESIDENT, select(lives)),
    ]
}

/// That a line was approved beyond a limit.
fn approved(kind: BreachKind) -> SelectStatement {
    let of_line = Expr::col((placement_breach::Entity, placement_breach::Column::PlacementId))
        .eq(Expr::col((placement::Entity, Column::Id)));
    let mut select = Query::select();
    select
        .expr(Expr::val(1))
        .from(placement_breach::Entity)
        .and_where(of_line)
        .and_where(placement_breach::Column::Kind.eq(kind));
    select
}

fn breach(kind: BreachKind) -> String {
    format!("breach_{}", kind.to_value())
}

fn line(row: &QueryResult) -> Result<Option<Line>, DbErr> {
    let id: Option<Uuid> = row.try_get(PLACEMENT, "id")?;
    if id.is_none() {
        return Ok(None);
    }
    let placement = placement::Model::from_query_result(row, PLACEMENT)?;
    let mut breaches = Vec::new();
    for kind in BreachKind::iter() {
        if row.try_get("", &breach(kind))? {
            breaches.push(kind);
        }
    }
    Ok(Some(Line {
        before: Some(placement.clone()),
        row: placement,
        person: person::Model::from_query_result(row, PERSON)?,
        elsewhere: Elsewhere {
            is_reserved: row.try_get("", IS_RESERVED)?,
            has_stale: row.try_get("", HAS_STALE)?,
            is_resident: row.try_get("", IS_RESIDENT)?,
        },
        breaches,
    }))
}

impl Roll {
    /// Whether anything was decided that is not written.
    pub fn is_changed(&self) -> bool {
        self.lines.iter().any(Line::is_changed)
    }

    /// Writes what was decided: the placements, first those that free a place, and until when the
    /// centre may see whom.
    pub async fn write(self, change: &mut Change) -> Result<(), Halt> {
        change.happens_at(self.now);
        self.end_stale_elsewhere(change).await?;
        let (now, by) = (self.now, change.by());
        let changed: Vec<Line> = self.lines.into_iter().filter(Line::is_changed).collect();
        // The answer to this very request shows the centre no more than the next one does.
        let seen = change.session().now();
        let shown = changed.iter().filter(|line| line.is_shown_otherwise(seen));
        let until = shown.map(|line| (line.row.id, shown_until(&line.row, seen))).collect();
        show_until(change, GrantBasis::Placement, until).await?;
        let stamp = |line: Line| {
            let mut row = line.row;
            if let Some(before) = &line.before {
                note_when_known(before, &mut row, now);
                row.stamp(now, by);
            }
            row
        };
        let mut rows: Vec<placement::Model> = changed.into_iter().map(stamp).collect();
        rows.sort_by_key(|row| (!row.status.is_final(), row.id));
        change.write_all(rows).await
    }

    /// A reservation of the same person that ran out elsewhere is in nobody's way.
    async fn end_stale_elsewhere(&self, change: &mut Change) -> Result<(), Halt> {
        let reserved = |line: &&Line| {
            line.elsewhere.has_stale
                && line.is_changed()
                && line.row.status == PlacementStatus::Reserved
        };
        let persons: Vec<Uuid> =
            self.lines.iter().filter(reserved).map(|line| line.row.person_id).collect();
        if persons.is_empty() {
            return Ok(());
        }
        let stale = Condition::all()
            .add(Column::PersonId.is_in(persons))
            .add(Column::Status.eq(PlacementStatus::Reserved))
            .add(Column::ReservedUntil.lte(self.now))
            .add(Column::VoidedAt.is_null());
        let expired = vec![
            (Column::Status, Expr::val(PlacementStatus::Expired.to_value())),
            (Column::ClosedAt, Expr::col(Column::ReservedUntil)),
            (Column::HoldsPlace, Expr::val(false)),
            (Column::UpdatedAt, Expr::val(self.now)),
            (Column::UpdatedBy, Expr::val(change.by())),
            (Column::Version, Expr::col(Column::Version).add(1)),
        ];
        let rows = change.update_where::<placement::Entity>(expired, stale).await?;
        let until = rows.iter().map(|row| (row.id, row.closed_at)).collect();
        show_until(change, GrantBasis::Placement, until).await
    }
}

impl Line {
    fn is_changed(&self) -> bool {
        self.before.as_ref() != Some(&self.row)
    }

    /// Until when the centre sees the person for this placement.
    fn is_shown_otherwise(&self, now: DateTime<Utc>) -> bool {
        let before = self.before.as_ref().map(|row| shown_until(row, now));
        before.is_some_and(|before| before != shown_until(&self.row, now))
    }
}

/// Until when the centre may see the person of a placement: while it runs, and a reservation no
/// longer than it holds.
fn shown_until(row: &placement::Model, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    match row.status {
        PlacementStatus::Reserved => row.reserved_until,
        PlacementStatus::Expired => row.closed_at,
        status if status.is_final() => Some(now),
        _ => None,
    }
}

/// Since when it is known that somebody came, and that they left.
fn note_when_known(before: &placement::Model, row: &mut placement::Model, now: DateTime<Utc>) {
    if before.admitted_at.is_none() && row.admitted_at.is_some() {
        row.admission_recorded_at = Some(now);
    }
    if before.discharged_at.is_none() && row.discharged_at.is_some() {
        row.discharge_recorded_at = Some(now);
    }
}
