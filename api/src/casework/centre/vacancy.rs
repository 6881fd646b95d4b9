//! Free places, today and on a day to come, and what stands between them and somebody in need.

use chrono::{Months, NaiveDate};
use entity::centre::{self, CentreStatus};
use entity::person::Sex;
use entity::unit;
use sea_orm::{ColumnTrait, Condition, Order};
use uuid::Uuid;

use super::{CentreFilter, Occupancy, centres, occupancy_on, takes, units_of};
use crate::access::{Row, Session};
use crate::error::{Error, Result};

/// What narrows the list of free places.
#[derive(Debug, Default)]
pub struct VacancyFilter {
    /// In centres like these.
    pub centres: CentreFilter,
    /// In one of these centres.
    pub centre_in: Option<Vec<Uuid>>,
    /// On this day; today if not said.
    pub on: Option<NaiveDate>,
    /// For somebody of this age in completed months.
    pub age_months: Option<i32>,
    /// For somebody of this sex.
    pub sex: Option<Sex>,
    /// For a parent with children.
    pub for_family: bool,
    /// At least so many free places; at least one, unless statuses are asked for.
    pub at_least: Option<i32>,
    /// Units that stand so, those without a free place too.
    pub status_in: Option<Vec<VacancyStatus>>,
}

/// What stands between a unit's places and somebody in need.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum VacancyStatus {
    /// Places are free, and no question is open.
    Capacity,
    /// No place is free, and nobody waits.
    NoCapacity,
    /// No place is free, and somebody waits.
    WaitingList,
    /// Places are free, but only for some, and the filter doesn't say whether for whom it asks.
    AssessmentRequired,
}

/// A unit of an open centre with its places on a day.
#[derive(Debug)]
pub struct Vacancy {
    /// The unit.
    pub unit: Row<unit::Model>,
    /// Its centre.
    pub centre: Row<centre::Model>,
    /// How full it is on the day.
    pub occupancy: Occupancy,
    /// What that means for whom the filter asks.
    pub status: VacancyStatus,
    /// The day.
    pub on: NaiveDate,
}

/// Most units that one list of free places looks at.
const MOST_UNITS: usize = 1000;

/// How far ahead free places can be asked for.
const FARTHEST: Months = Months::new(24);

/// The units of open centres that fit a filter on a day, by centre and unit.
pub async fn vacancies(session: &Session, filter: VacancyFilter) -> Result<Vec<Vacancy>> {
    let day = day(session, filter.on)?;
    let wanted = Wanted::of(&filter);
    let fitting = fitting(session, filter).await?;
    let ids: Vec<Uuid> = fitting.iter().map(|(unit, _)| unit.id).collect();
    let occupancy = occupancy_on(session, &ids, day).await?;
    let found = fitting.into_iter().map(|(unit, centre)| {
        let occupancy = occupancy.get(&unit.id).copied().unwrap_or_default();
        let status = wanted.status(&unit, occupancy);
        Vacancy { unit, centre, occupancy, status, on: day }
    });
    Ok(found.filter(|vacancy| wanted.holds(vacancy)).collect())
}

fn day(session: &Session, on: Option<NaiveDate>) -> Result<NaiveDate> {
    let today = session.today();
    let day = on.unwrap_or(today);
    let farthest = today.checked_add_months(FARTHEST).unwrap_or(NaiveDate::MAX);
    if (today..=farthest).contains(&day) {
        return Ok(day);
    }
    Err(Error::BadInput(format!("`on` must be from {today} to {farthest}, not {day}.")))
}

/// The units of open centres whose limits don't exclude whom the filter asks for.
async fn fitting(
    session: &Session,
    filter: VacancyFilter,
) -> Result<Vec<(Row<unit::Model>, Row<centre::Model>)>> {
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
    let sex = known(filter.sex);
    let fits = |unit: &unit::Model| {
        takes(unit, filter.age_months, sex) && (unit.takes_families || !filter.for_family)
    };
    Ok(pairs.filter(|(unit, _)| fits(unit)).take(MOST_UNITS).collect())
}

/// A sex that is not recorded answers no question.
fn known(sex: Option<Sex>) -> Option<Sex> {
    sex.filter(|sex| *sex != Sex::Unknown)
}

/// What a filter says of somebody, and how much it wants.
struct Wanted {
    says_age: bool,
    says_sex: bool,
    at_least: i32,
    status_in: Option<Vec<VacancyStatus>>,
}

impl Wanted {
    fn of(filter: &VacancyFilter) -> Self {
        let least = i32::from(filter.status_in.is_none());
        Self {
            says_age: filter.age_months.is_some(),
            says_sex: known(filter.sex).is_some(),
            at_least: filter.at_least.unwrap_or(least).max(least),
            status_in: filter.status_in.clone(),
        }
    }

    fn status(&self, unit: &unit::Model, occupancy: Occupancy) -> VacancyStatus {
        let asks_age = unit.min_age_months.is_some() || unit.max_age_months.is_some();
        let is_open = (asks_age && !self.says_age) || (unit.sex.is_some() && !self.says_sex);
        match (occupancy.free() > 0, occupancy.waiting > 0) {
            (true, _) if is_open => VacancyStatus::AssessmentRequired,
            (true, _) => VacancyStatus::Capacity,
            (false, true) => VacancyStatus::WaitingList,
            (false, false) => VacancyStatus::NoCapacity,
        }
    }

    fn holds(&self, vacancy: &Vacancy) -> bool {
        let is_asked = |statuses: &Vec<VacancyStatus>| statuses.contains(&vacancy.status);
        vacancy.occupancy.free() >= self.at_least && self.status_in.as_ref().is_none_or(is_asked)
    }
}
