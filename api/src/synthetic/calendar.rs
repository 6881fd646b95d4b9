//! Days and moments of the synthetic histories. Every recorded moment lies between 08:00 and
//! 10:00 UTC, so that it falls on the same local date nearly everywhere.

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};

/// The day on which the region's organisations and registers begin.
pub const FOUNDED: NaiveDate = day(2019, 1, 1);

/// A day of the calendar; the beginning of time where there is no such day.
pub const fn day(year: i32, month: u32, of_month: u32) -> NaiveDate {
    match NaiveDate::from_ymd_opt(year, month, of_month) {
        Some(day) => day,
        None => NaiveDate::MIN,
    }
}

/// The day so many days after another; before it if negative.
pub fn after(day: NaiveDate, days: i64) -> NaiveDate {
    day + TimeDelta::days(days)
}

/// 08:00 UTC of a day.
pub fn morning(day: NaiveDate) -> DateTime<Utc> {
    day.and_time(NaiveTime::MIN).and_utc() + TimeDelta::hours(8)
}

/// The number of days from one day to another.
pub fn days_between(from: NaiveDate, to: NaiveDate) -> i64 {
    (to - from).num_days()
}
