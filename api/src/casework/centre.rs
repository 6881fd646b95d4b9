//! Centres with their units and places, and how many are taken.

pub mod capacity;
pub mod founding;
mod gate;
mod holders;

use std::collections::HashMap;

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

/// The places of a unit today and who holds them, as numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Occupancy {
    /// Places in force today.
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
    let today = session.today();
    let capacity = capacity_of(session, ids).await?;
    let occupied = session.tally(&count_by_unit(session, ids, holders::place(session))).await?;
    let waiting = Condition::all().add(placement::Column::Status.eq(PlacementStatus::Waitlisted));
    let waiting = session.tally(&count_by_unit(session, ids, waiting)).await?;
    let number = |counts: &HashMap<Uuid, i64>, id: &Uuid| {
        counts.get(id).map_or(0, |count| i32::try_from(*count).unwrap_or(i32::MAX))
    };
    let of = |id: &Uuid| {
        let periods = capacity.get(id).into_iter().flatten();
        let mut in_force = periods.filter(|period| {
            period.since <= today && period.until.is_none_or(|until| today < until)
        });
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

/// What narrows the list of free places.
#[derive(Debug, Default)]
pub struct VacancyFilter {
    /// In centres like these.
    pub centres: CentreFilter,
    /// In one of these centres.
    pub centre_in: Option<Vec<Uuid>>,
    /// For somebody of this age in completed months.
    pub age_months: Option<i32>,
    /// For somebody of this sex.
    pub sex: Option<Sex>,
    /// At least so many.
    pub at_least: i32,
}

/// A unit of an open centre with its places.
pub type Vacancy = (Row<unit::Model>, Row<centre::Model>, Occupancy);

/// Most units that one list of free places looks at.
const MOST_UNITS: usize = 1000;

/// The units of open centres that have free places now, by centre and unit.
pub async fn vacancies(session: &Session, filter: VacancyFilter) -> Result<Vec<Vacancy>> {
    let open = centres(session, filter.centres)
        .filter(Condition::all().add(centre::Column::Status.eq(CentreStatus::Open)))
        .filter_some(filter.centre_in, |ids| centre::Column::Id.is_in(ids))
        .order(centre::Column::Name, Order::Asc)
        .order(centre::Column::Id, Order::Asc)
        .all()
        .await?;
    let ids: Vec<Uuid> = open.iter().map(|centre| centre.id).collect();
    let mut units = units_of(session, &ids).await?;
    let pairs = open.into_iter().flat_map(|centre| {
        let units = units.remove(&centre.id).unwrap_or_default();
        units.into_iter().map(move |unit| (unit, Row::clone(&centre)))
    });
    let fitting: Vec<_> = pairs
        .filter(|(unit, _)| takes(unit, filter.age_months, filter.sex))
        .take(MOST_UNITS)
        .collect();
    let ids: Vec<Uuid> = fitting.iter().map(|(unit, _)| unit.id).collect();
    let occupancy = occupancy_of(session, &ids).await?;
    let found = fitting.into_iter().map(|(unit, centre)| {
        let occupancy = occupancy.get(&unit.id).copied().unwrap_or_default();
        (unit, centre, occupancy)
    });
    Ok(found.filter(|(_, _, occupancy)| occupancy.free() >= filter.at_least.max(1)).collect())
}

/// Whether a unit's limits admit an age and a sex, where they are given.
fn takes(unit: &unit::Model, age_months: Option<i32>, sex: Option<Sex>) -> bool {
    let old_enough = |age| unit.min_age_months.is_none_or(|min| min <= age);
    let young_enough = |age| unit.max_age_months.is_none_or(|max| age < max);
    age_months.is_none_or(|age| old_enough(age) && young_enough(age))
        && sex.is_none_or(|sex| unit.sex.is_none_or(|only| only == sex))
}
