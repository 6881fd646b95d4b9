//! Whom a unit takes: ages in months, a sex, parents with their children, and how long. A supervisor
//! may approve a placement beyond a limit, and that stays on record; nobody goes beyond the places.

use chrono::NaiveDate;
use entity::person::{DatePrecision, Sex};
use entity::placement_breach::BreachKind;
use entity::unit;

use super::roll::{Line, Roll};
use crate::casework::person::life::{ages_in_months, is_aged};
use crate::casework::wording::Placing;

/// Of age, in months.
const OF_AGE: i32 = 18 * 12;

/// A limit that a placement exceeds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// Too young or too old.
    Age,
    /// The day of birth is not known well enough to tell.
    AgeUnknown,
    /// Of another sex, or of none recorded.
    Sex,
    /// A parent with children, where none are taken.
    Family,
    /// A stay that is planned for longer than so many days.
    Stay(i32),
}

impl Limit {
    /// How it is recorded.
    pub const fn kind(self) -> BreachKind {
        match self {
            Self::Age | Self::AgeUnknown => BreachKind::Age,
            Self::Sex => BreachKind::Sex,
            Self::Family => BreachKind::Family,
            Self::Stay(_) => BreachKind::Stay,
        }
    }

    /// How it is told.
    pub const fn text(self) -> Placing {
        match self {
            Self::Age => Placing::AgeOutside,
            Self::AgeUnknown => Placing::AgeUnknown,
            Self::Sex => Placing::SexOutside,
            Self::Family => Placing::NoFamilies,
            Self::Stay(days) => Placing::StayTooLong { days },
        }
    }
}

/// The limits of its unit that a placement exceeds. Of a parent who comes with children, a unit that
/// takes families asks no age; of the children who come with a parent, it asks no sex.
pub fn exceeded(roll: &Roll, line: &Line, party: &[&Line]) -> Vec<Limit> {
    let Some(ward) = roll.wards.get(&line.row.unit_id) else { return Vec::new() };
    let unit = &ward.unit;
    let is_grown = |line: &Line| {
        ages_in_months(birth(line), roll.today).is_some_and(|(least, _)| least >= OF_AGE)
    };
    let is_family =
        party.iter().any(|line| is_grown(line)) && !party.iter().all(|line| is_grown(line));
    let is_parent = is_family && is_grown(line);
    let mut limits = Vec::new();
    if is_parent && !unit.takes_families {
        limits.push(Limit::Family);
    }
    if !is_parent {
        limits.extend(age(unit, line, roll));
    }
    let asks_sex = !is_family || is_parent;
    if asks_sex && unit.sex.is_some_and(|only| only != line.person.sex || only == Sex::Unknown) {
        limits.push(Limit::Sex);
    }
    limits.extend(stay(unit, line, roll));
    limits
}

fn age(unit: &unit::Model, line: &Line, roll: &Roll) -> Option<Limit> {
    if unit.min_age_months.is_none() && unit.max_age_months.is_none() {
        return None;
    }
    let limits = (unit.min_age_months, unit.max_age_months);
    match is_aged(birth(line), roll.today, limits) {
        Some(true) => None,
        Some(false) => Some(Limit::Age),
        None => Some(Limit::AgeUnknown),
    }
}

const fn birth(line: &Line) -> (Option<NaiveDate>, DatePrecision) {
    (line.person.birth_date, line.person.birth_precision)
}

fn stay(unit: &unit::Model, line: &Line, roll: &Roll) -> Option<Limit> {
    let days = unit.max_stay_days?;
    let planned = line.row.planned_discharge_on?;
    let begun = line.row.admitted_at.map_or(roll.today, |at| roll.day_of(at));
    ((planned - begun).num_days() > i64::from(days)).then_some(Limit::Stay(days))
}
