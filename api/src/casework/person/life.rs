//! When a person was born and died, as exactly as it is known, and what can't lie outside of it.

use chrono::{Datelike, Months, NaiveDate};
use entity::person::{self, DatePrecision};

use crate::casework::check::Checks;
use crate::casework::search::PartialBirth;
use crate::casework::wording::Text;

/// A birth date with what is said of its being an estimate: of one only the year is kept; one that
/// is none any more is known to the year.
pub fn birth(told: Option<PartialBirth>, is_estimated: Option<bool>) -> Option<PartialBirth> {
    let told = told?;
    let year = |precision| {
        let day = told.day.with_ordinal(1).unwrap_or(told.day);
        PartialBirth { day, precision }
    };
    Some(match is_estimated {
        Some(true) => year(DatePrecision::Estimated),
        Some(false) if told.precision == DatePrecision::Estimated => year(DatePrecision::Year),
        _ => told,
    })
}

/// How exactly a birth date is known; of none, nothing is.
pub fn precision(birth: Option<PartialBirth>) -> DatePrecision {
    birth.map_or(DatePrecision::Estimated, |birth| birth.precision)
}

/// The first day on which a person may have been born; an estimate may be a year off.
pub fn earliest_birth(person: &person::Model) -> Option<NaiveDate> {
    let day = person.birth_date?;
    match person.birth_precision {
        DatePrecision::Estimated => day.checked_sub_months(Months::new(12)),
        DatePrecision::Day | DatePrecision::Month | DatePrecision::Year => Some(day),
    }
}

/// Notes a day that lies before the birth of a person.
pub fn check_born(checks: &mut Checks, person: &person::Model, day: NaiveDate, path: &str) {
    let is_born = earliest_birth(person).is_none_or(|born| born <= day);
    checks.hold(is_born, path, Text::BeforeBirth);
}

/// Notes a day that lies after the death of a person.
pub fn check_alive(checks: &mut Checks, person: &person::Model, day: NaiveDate, path: &str) {
    checks.hold(person.death_date.is_none_or(|died| day <= died), path, Text::AfterDeath);
}

/// Notes a day that lies outside of a person's life.
pub fn check_within(
    checks: &mut Checks,
    person: &person::Model,
    day: Option<NaiveDate>,
    path: &str,
) {
    if let Some(day) = day {
        check_born(checks, person, day, path);
        check_alive(checks, person, day, path);
    }
}
