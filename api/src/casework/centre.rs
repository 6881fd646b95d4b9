//! Centres with their units and places, and how many are taken.

pub mod capacity;
pub mod founding;
pub mod vacancy;
mod gate;
mod holders;

use std::collections::HashMap;

use chrono::NaiveDate;
use entity::centre::{self, CentreKind, CentreRegime, CentreStatus};
use entity::person::Sex;
use entity::placement::{self, PlacementStatus};
use entity::{capacity_period, unit};
use sea_orm::sea_query::{Func, Query, SelectStatement};
use sea_orm::{ColumnTrait, Condition, Order};
use uuid::Uuid;

use crate::access::scope::one_of;
use crate::access::{Row, Rows, Session};
use crate::error::Result;

/// What narrows a list of centres.
#[derive(Debug, Default)]
pub struct CentreFilter {
    /// Of one of these kinds.
    pub kind_in: Option<Vec<CentreKind>>,
    /// Of one of these regimes.
    pub regime_in: Option<Vec<CentreRegime>>,
    /// In one of these stages of their life cycle.
    pub status_in: Option<Vec<CentreStatus>>,
    /// In one of these areas (not areas within them).
    pub area_in: Option<Vec<Uuid>>,
    /// Of one of these organisations.
    pub organisation_in: Option<Vec<Uuid>>,
}

/// The centres.
pub fn centres(session: &Session, filter: CentreFilter) -> Rows<centre::Entity> {
    use centre::Column;
    session
        .find::<centre::Entity>()
        .filter_some(filter.kind_in, |kinds| Column::Kind.is_in(kinds))
        .filter_some(filter.regime_in, |regimes| Column::Regime.is_in(regimes))
        .filter_some(filter.status_in, |statuses| Column::Status.is_in(statuses))
        .filter_some(filter.area_in, |areas| Column::AreaId.is_in(areas))
        .filter_some(filter.organisation_in, |ids| Column::OrganisationId.is_in(ids))
}

/// The units of centres, by name.
pub async fn units_of(
    session: &Session,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, Vec<Row<unit::Model>>>> {
    let rows = session.find::<unit::Entity>().of(unit::Column::CentreId, ids);
    rows.order(unit::Column::Name, Order::Asc).grouped(|unit| unit.centre_id).await
}

/// How many places units have, by period, latest first.
pub async fn capacity_of(
    session: &Session,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, Vec<Row<capacity_period::Model>>>> {
    use capacity_period::Column;
    let rows = session.find::<capacity_period::Entity>().of(Column::UnitId, ids);
    rows.order(Column::Since, Order::Desc).grouped(|period| period.unit_id).await
}

/// The places of a unit on a day and who holds them, as numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Occupancy {
    /// Places in force on the day.
    pub places: i32,
    /// Places reserved, in use, or kept for somebody on leave.
    pub occupied: i32,
    /// Persons on the waiting list.
    pub waiting: i32,
}

impl Occupancy {
    /// Places that nobody holds.
    pub const fn free(self) -> i32 {
        if self.places > self.occupied { self.places - self.occupied } else { 0 }
    }
}

/// How full units are now.
pub async fn occupancy_of(session: &Session, ids: &[Uuid]) -> Result<HashMap<Uuid, Occupancy>> {
    occupancy_on(session, ids, session.today()).await
}

/// How full units will be on a day, as far as it is known now; today, how full they are.
async fn occupancy_on(
    session: &Session,
    ids: &[Uuid],
    day: NaiveDate,
) -> Result<HashMap<Uuid, Occupancy>> {
    let capacity = capacity_of(session, ids).await?;
    let holding = holders::place_until(session, day);
    let occupied = session.tally(&count_by_unit(session, ids, holding)).await?;
    let waiting = Condition::all().add(placement::Column::Status.eq(PlacementStatus::Waitlisted));
    let waiting = session.tally(&count_by_unit(session, ids, waiting)).await?;
    let number = |counts: &HashMap<Uuid, i64>, id: &Uuid| {
        counts.get(id).map_or(0, |count| i32::try_from(*count).unwrap_or(i32::MAX))
    };
    let of = |id: &Uuid| {
        let periods = capacity.get(id).into_iter().flatten();
        let mut in_force = periods
            .filter(|period| period.since <= day && period.until.is_none_or(|until| day < until));
        let places = in_force.next().map_or(0, |period| period.places);
        Occupancy { places, occupied: number(&occupied, id), waiting: number(&waiting, id) }
    };
    Ok(ids.iter().map(|id| (*id, of(id))).collect())
}

fn count_by_unit(session: &Session, ids: &[Uuid], which: Condition) -> SelectStatement {
    use placement::Column;
    let backend = session.viewer().backend;
    let mut select = Query::select();
    select
        .column(Column::UnitId)
        .expr(Func::count(sea_orm::sea_query::Expr::col(Column::Id)))
        .from(placement::Entity)
        .and_where(one_of(backend, Column::UnitId, ids.to_vec()))
        .and_where(Column::VoidedAt.is_null())
        .cond_where(which)
        .group_by_col(Column::UnitId);
    select
}

/// Whether a unit's limits admit an age and a sex, where they are given.
fn takes(unit: &unit::Model, age_months: Option<i32>, sex: Option<Sex>) -> bool {
    let old_enough = |age| unit.min_age_months.is_none_or(|min| min <= age);
    let young_enough = |age| unit.max_age_months.is_none_or(|max| age < max);
    age_months.is_none_or(|age| old_enough(age) && young_enough(age))
        && sex.is_none_or(|sex| unit.sex.is_none_or(|only| only == sex))
}
