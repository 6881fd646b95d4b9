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

/// The last day on which a person may have been born.
fn latest_birth(person: &person::Model) -> Option<NaiveDate> {
    let day = person.birth_date?;
    let further = match person.birth_precision {
        DatePrecision::Day => return Some(day),
        DatePrecision::Month => 1,
        DatePrecision::Year => 12,
        DatePrecision::Estimated => 24,
    };
    day.checked_add_months(Months::new(further))?.pred_opt()
}

/// The ages, in completed months, that a person may have on a day: the least and the greatest, equal
/// where the birth date is known to the day. None if it is not known at all.
pub fn ages_in_months(person: &person::Model, on: NaiveDate) -> Option<(i32, i32)> {
    let (earliest, latest) = (earliest_birth(person)?, latest_birth(person)?);
    Some((completed_months(latest, on), completed_months(earliest, on)))
}

/// How many months are completed from a day to another: one at each return of the day of the month,
/// or on the first of the next where a month has no such day.
pub fn completed_months(since: NaiveDate, on: NaiveDate) -> i32 {
    let months = |day: NaiveDate| day.year() * 12 + i32::try_from(day.month0()).unwrap_or_default();
    let begun = months(on) - months(since);
    if on.day() < since.day() { begun - 1 } else { begun }
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

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::completed_months;

    #[test]
    fn a_month_is_completed_when_its_day_returns() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        for (since, on, months) in [
            ("2020-03-15", "2023-03-14", 35),
            ("2020-03-15", "2023-03-15", 36),
            ("2020-01-31", "2020-02-29", 0),
            ("2020-01-31", "2020-03-01", 1),
            ("2020-02-29", "2023-02-28", 35),
            ("2020-02-29", "2023-03-01", 36),
            ("2020-03-15", "2020-03-14", -1),
        ] {
            assert_eq!(completed_months(day(since), day(on)), months, "{since} {on}");
        }
    }
}
