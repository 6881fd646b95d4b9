//! Checks of what was sent, before anything is written: each finds a place in the input wanting,
//! and all are told at once.

use chrono::NaiveDate;

use super::problem::{Halt, Problem};
use super::wording::Text;

/// A short text: a name, a label, a number of a document.
pub const SHORT: usize = 200;
/// A long text: a narrative, a note, a summary.
pub const LONG: usize = 10_000;
/// Items of a list that is sent.
pub const MOST_ITEMS: usize = 50;

/// What was found wanting so far.
#[derive(Debug, Default)]
pub struct Checks(Vec<Problem>);

impl Checks {
    /// Notes a problem.
    pub fn fail(&mut self, path: &str, text: impl Into<Text>) {
        self.0.push(Problem::at(path, text));
    }

    /// Notes a problem unless something holds.
    pub fn hold(&mut self, holds: bool, path: &str, text: impl Into<Text>) {
        if !holds {
            self.fail(path, text);
        }
    }

    /// A text that must say something.
    pub fn text(&mut self, path: &str, text: &str, most: usize) {
        self.hold(!text.trim().is_empty(), path, Text::Required);
        self.some_text(path, Some(text), most);
    }

    /// A text that may be absent.
    pub fn some_text(&mut self, path: &str, text: Option<&str>, most: usize) {
        let Some(text) = text else { return };
        self.hold(text.chars().count() <= most, path, Text::TooLong { most });
        let is_plain = |char: char| !char.is_control() || matches!(char, '\n' | '\r' | '\t');
        self.hold(text.chars().all(is_plain), path, Text::Characters);
    }

    /// A list that is not too long.
    pub fn items<T>(&mut self, path: &str, items: &[T]) {
        self.hold(items.len() <= MOST_ITEMS, path, Text::TooMany { most: MOST_ITEMS });
    }

    /// A list that names nothing twice.
    pub fn distinct<T: Ord + Clone>(&mut self, path: &str, items: &[T]) {
        self.items(path, items);
        let mut sorted = items.to_vec();
        sorted.sort();
        sorted.dedup();
        self.hold(sorted.len() == items.len(), path, Text::Repeated);
    }

    /// A day that has come: from 1900 to today.
    pub fn past(&mut self, path: &str, day: Option<NaiveDate>, today: NaiveDate) {
        self.day(path, day);
        self.hold(day.is_none_or(|day| day <= today), path, Text::InFuture { today });
    }

    /// A day within reach: from 1900 to 2200.
    pub fn day(&mut self, path: &str, day: Option<NaiveDate>) {
        let Some(day) = day else { return };
        self.hold(day >= EARLIEST, path, Text::TooEarly { earliest: EARLIEST });
        self.hold(day <= LATEST, path, Text::InFuture { today: LATEST });
    }

    /// A half-open range of days.
    pub fn range(&mut self, path: &str, since: Option<NaiveDate>, until: Option<NaiveDate>) {
        if let (Some(since), Some(until)) = (since, until) {
            self.hold(since < until, path, Text::DatesOutOfOrder);
        }
    }

    /// A number between limits.
    pub fn number(&mut self, path: &str, number: i64, least: i64, most: i64) {
        self.hold((least..=most).contains(&number), path, Text::OutOfRange { least, most });
    }

    /// Refuses, if anything was found.
    pub fn done(self) -> Result<(), Halt> {
        if self.0.is_empty() { Ok(()) } else { Err(Halt::Refused(self.0)) }
    }
}

const EARLIEST: NaiveDate = NaiveDate::from_ymd_opt(1900, 1, 1).unwrap();
const LATEST: NaiveDate = NaiveDate::from_ymd_opt(2200, 1, 1).unwrap();
