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
    births(person.birth_date?, person.birth_precision).map(|(first, _)| first)
}

/// The first and the last day on which somebody may have been born, by what is recorded.
fn births(day: NaiveDate, precision: DatePrecision) -> Option<(NaiveDate, NaiveDate)> {
    let last = |months: u32| day.checked_add_months(Months::new(months))?.pred_opt();
    match precision {
        DatePrecision::Day => Some((day, day)),
        DatePrecision::Month => Some((day, last(1)?)),
        DatePrecision::Year => Some((day, last(12)?)),
        DatePrecision::Estimated => Some((day.checked_sub_months(Months::new(12))?, last(24)?)),
    }
}

/// The ages, in completed months, that somebody may have on a day: the least and the greatest, equal
/// where the birth date is known to the day.
pub fn ages_in_months(
    (birth, precision): (Option<NaiveDate>, DatePrecision),
    on: NaiveDate,
) -> Option<(i32, i32)> {
    let (first, last) = births(birth?, precision)?;
    Some((completed_months(last, on), completed_months(first, on)))
}

/// Whether an age lies within limits in completed months, the least inclusive and the other exclusive;
/// unknown where the birth date is, or where it depends on which of several days it was.
pub fn is_aged(
    birth: (Option<NaiveDate>, DatePrecision),
    on: NaiveDate,
    (least, below): (Option<i32>, Option<i32>),
) -> Option<bool> {
    let (youngest, oldest) = ages_in_months(birth, on)?;
    let fits =
        |age: i32| least.is_none_or(|least| least <= age) && below.is_none_or(|below| age < below);
    (fits(youngest) == fits(oldest)).then_some(fits(youngest))
}

/// The completed months between two days: a month is completed on the same day of the next one, or on
/// its last day if it has no such day.
pub fn completed_months(born: NaiveDate, on: NaiveDate) -> i32 {
    let number = |day: NaiveDate| day.year() * 12 + i32::try_from(day.month0()).unwrap_or_default();
    let months = number(on) - number(born);
    let Ok(ahead) = u32::try_from(months) else { return months };
    if born + Months::new(ahead) <= on { months } else { months - 1 }
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
    use entity::person::DatePrecision;

    use super::{completed_months, is_aged};

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn months_are_completed_on_the_same_day_or_on_the_last() {
        for (born, on, months) in [
            ("2023-03-10", "2026-03-10", 36),
            ("2023-03-10", "2026-03-09", 35),
            ("2023-03-31", "2023-04-30", 1),
            ("2023-03-31", "2023-04-29", 0),
            ("2024-02-29", "2025-02-28", 12),
            ("2024-02-29", "2025-02-27", 11),
            ("2023-08-31", "2024-02-29", 6),
            ("2023-08-31", "2024-02-28", 5),
            ("2023-01-31", "2026-01-30", 35),
            ("2023-01-31", "2026-01-31", 36),
            ("2026-01-02", "2026-01-01", -1),
        ] {
            assert_eq!(completed_months(day(born), day(on)), months, "{born} {on}");
        }
    }

    #[test]
    fn an_age_is_known_where_every_day_of_birth_gives_the_same() {
        let under_three = (None, Some(36));
        for (born, precision, fits) in [
            ("2023-06-01", DatePrecision::Day, Some(false)),
            ("2023-06-02", DatePrecision::Day, Some(true)),
            ("2023-06-01", DatePrecision::Month, None),
            ("2023-07-01", DatePrecision::Month, Some(true)),
            ("2022-01-01", DatePrecision::Year, Some(false)),
            ("2023-01-01", DatePrecision::Year, None),
            ("2022-01-01", DatePrecision::Estimated, None),
            ("2021-01-01", DatePrecision::Estimated, Some(false)),
        ] {
            let birth = (Some(day(born)), precision);
            assert_eq!(
                is_aged(birth, day("2026-06-01"), under_three),
                fits,
                "{born} {precision:?}"
            );
        }
        assert_eq!(is_aged((None, DatePrecision::Day), day("2026-06-01"), under_three), None);
    }
}
