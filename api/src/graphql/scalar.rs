//! Scalars of the schema: instants, days, partial dates, decimals.

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};
use chrono::{DateTime, Datelike, NaiveDate, SecondsFormat, Utc};
use entity::person::DatePrecision;

/// An instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Instant(pub DateTime<Utc>);

/// An instant in UTC by RFC 3339, to the microsecond, for example `2026-03-09T08:30:00Z`. Other
/// offsets are understood as input.
#[Scalar(name = "DateTime", specified_by_url = "https://scalars.graphql.org/andimarek/date-time")]
impl ScalarType for Instant {
    fn parse(value: Value) -> InputValueResult<Self> {
        let Value::String(text) = &value else {
            return Err(InputValueError::expected_type(value));
        };
        DateTime::parse_from_rfc3339(text)
            .map(|at| Self(at.with_timezone(&Utc)))
            .map_err(|_| InputValueError::custom("expected an instant as `2026-03-09T08:30:00Z`"))
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_rfc3339_opts(SecondsFormat::AutoSi, true))
    }
}

/// A day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Date(pub NaiveDate);

/// A local date in the authority's time zone, as `YYYY-MM-DD`, for example `2026-03-09`.
#[Scalar(name = "Date", specified_by_url = "https://scalars.graphql.org/andimarek/local-date")]
impl ScalarType for Date {
    fn parse(value: Value) -> InputValueResult<Self> {
        let Value::String(text) = &value else {
            return Err(InputValueError::expected_type(value));
        };
        if text.len() != 10 {
            return Err(InputValueError::custom("expected a date as `YYYY-MM-DD`"));
        }
        NaiveDate::parse_from_str(text, "%Y-%m-%d")
            .map(Self)
            .map_err(|_| InputValueError::custom("expected a date as `YYYY-MM-DD`"))
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.format("%Y-%m-%d").to_string())
    }
}

/// A date as exact as it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PartialDate {
    day: NaiveDate,
    precision: DatePrecision,
}

impl PartialDate {
    /// A date as exact as it is known.
    pub const fn new(day: NaiveDate, precision: DatePrecision) -> Self {
        Self { day, precision }
    }

    /// The day, or the first day of the month or year.
    pub const fn day(self) -> NaiveDate {
        self.day
    }

    /// How exactly it is known.
    pub const fn precision(self) -> DatePrecision {
        self.precision
    }
}

/// A date known to the year, the month or the day: `2014`, `2014-06` or `2014-06-09`.
#[Scalar(name = "PartialDate")]
impl ScalarType for PartialDate {
    fn parse(value: Value) -> InputValueResult<Self> {
        let Value::String(text) = &value else {
            return Err(InputValueError::expected_type(value));
        };
        let (full, precision) = match text.len() {
            4 => (format!("{text}-01-01"), DatePrecision::Year),
            7 => (format!("{text}-01"), DatePrecision::Month),
            _ => (text.clone(), DatePrecision::Day),
        };
        NaiveDate::parse_from_str(&full, "%Y-%m-%d")
            .map(|day| Self { day, precision })
            .map_err(|_| InputValueError::custom("expected `YYYY`, `YYYY-MM` or `YYYY-MM-DD`"))
    }

    fn to_value(&self) -> Value {
        Value::String(match self.precision {
            DatePrecision::Day => self.day.format("%Y-%m-%d").to_string(),
            DatePrecision::Month => self.day.format("%Y-%m").to_string(),
            DatePrecision::Year | DatePrecision::Estimated => format!("{:04}", self.day.year()),
        })
    }
}

/// An exact decimal number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decimal {
    minor: i64,
    places: u32,
}

impl Decimal {
    /// An amount of money in hundredths.
    pub const fn from_minor(minor: i64) -> Self {
        Self::new(minor, 2)
    }

    /// A number of `10^-places`, at least one place.
    pub const fn new(minor: i64, places: u32) -> Self {
        Self { minor, places }
    }

    /// The amount in hundredths.
    pub const fn minor(self) -> i64 {
        self.minor
    }
}

/// An exact decimal number as text, for example `2200000.00` or `21.6`. Amounts of money have two places,
/// and so has what is sent.
#[Scalar(name = "Decimal")]
impl ScalarType for Decimal {
    fn parse(value: Value) -> InputValueResult<Self> {
        let Value::String(text) = &value else {
            return Err(InputValueError::expected_type(value));
        };
        let wrong = || InputValueError::custom("expected a decimal as text with two places");
        let (whole, cents) = text.split_once('.').ok_or_else(wrong)?;
        if cents.len() != 2 || whole.trim_start_matches('-').is_empty() {
            return Err(wrong());
        }
        format!("{whole}{cents}").parse().map(Self::from_minor).map_err(|_| wrong())
    }

    fn to_value(&self) -> Value {
        let sign = if self.minor < 0 { "-" } else { "" };
        let (minor, unit) = (self.minor.unsigned_abs(), 10_u64.pow(self.places));
        let width = self.places as usize;
        Value::String(format!("{sign}{}.{:0width$}", minor / unit, minor % unit))
    }
}
