//! What can be asked: a metric, a period, what it is broken down by and narrowed to, and as of when.

use chrono::{DateTime, NaiveDate, Utc};
use entity::case::SupportLevel;
use entity::metric::{AgeBand, Dimension, MetricId};
use entity::person::Sex;
use entity::register_entry::RegisterGrounds;
use sea_orm::ActiveEnum;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::definition::{self, Definition};
use super::frame::Frame;
pub use super::frame::is_by_row;
use crate::access::Session;
use crate::access::scope::Counted;
use crate::error::{Error, Result};

/// A period of whole local days, both inclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Period {
    /// First day.
    pub since: NaiveDate,
    /// Last day.
    pub through: NaiveDate,
}

/// What a result is narrowed to; all that is given must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Filter {
    /// Within this area.
    pub area: Option<Uuid>,
    /// Of this organisation, its branches and teams.
    pub organisation: Option<Uuid>,
    /// Of this programme.
    pub programme: Option<Uuid>,
    /// Of this centre.
    pub centre: Option<Uuid>,
    /// Of persons of these sexes.
    pub sex_in: Option<Vec<Sex>>,
    /// Of persons of these ages.
    pub age_band_in: Option<Vec<AgeBand>>,
    /// With register entries on these grounds.
    pub grounds_in: Option<Vec<RegisterGrounds>>,
    /// At these levels of support.
    pub support_level_in: Option<Vec<SupportLevel>>,
}

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// The metric.
    pub metric: MetricId,
    /// The period.
    pub period: Period,
    /// Broken down by these.
    pub by: Vec<Dimension>,
    /// Narrowed to this.
    pub filter: Filter,
    /// What was recorded later doesn't count; now if not said.
    pub as_of: Option<DateTime<Utc>>,
}

/// By how many dimensions at once a result is broken down at most.
const MOST_DIMENSIONS: usize = 2;

/// The longest period, in days.
pub const LONGEST: i64 = LONGEST_YEARS * 366;
/// The same, in years.
pub const LONGEST_YEARS: i64 = 10;

impl Filter {
    /// The codes that a dimension is narrowed to.
    pub fn codes(&self, dimension: Dimension) -> Option<Vec<String>> {
        fn codes<E: ActiveEnum<Value = String>>(given: Option<&Vec<E>>) -> Option<Vec<String>> {
            Some(given?.iter().map(ActiveEnum::to_value).collect())
        }
        match dimension {
            Dimension::Sex => codes(self.sex_in.as_ref()),
            Dimension::AgeBand => codes(self.age_band_in.as_ref()),
            Dimension::Grounds => codes(self.grounds_in.as_ref()),
            Dimension::SupportLevel => codes(self.support_level_in.as_ref()),
            _ => None,
        }
    }

    /// The dimensions that it narrows.
    pub fn dimensions(&self) -> Vec<Dimension> {
        let rows = [
            (self.area, Dimension::Region),
            (self.organisation, Dimension::Organisation),
            (self.programme, Dimension::Programme),
            (self.centre, Dimension::Centre),
        ];
        let rows = rows.into_iter().filter(|(id, _)| id.is_some()).map(|(_, dimension)| dimension);
        let codes =
            [Dimension::Sex, Dimension::AgeBand, Dimension::Grounds, Dimension::SupportLevel];
        rows.chain(codes.into_iter().filter(|dimension| self.codes(*dimension).is_some())).collect()
    }
}

impl Question {
    /// The definition of what is asked.
    pub fn definition(&self) -> &'static Definition {
        definition::of(self.metric)
    }

    /// Refuses what can't be answered, and says what can.
    pub fn check(&self, session: &Session) -> Result<()> {
        let Period { since, through } = self.period;
        if since > through {
            return refuse("`period.since` must not be after `period.through`.");
        }
        if (through - since).num_days() > LONGEST {
            return refuse("A period is at most ten years long.");
        }
        if since > session.today() {
            return refuse(&format!("The period begins after today, {}.", session.today()));
        }
        if self.as_of.is_some_and(|as_of| as_of > session.now()) {
            return refuse("`asOf` must not be in the future.");
        }
        if self.by.len() > MOST_DIMENSIONS {
            return refuse("`groupBy` takes at most two dimensions.");
        }
        if self.by.len() == 2 && self.by.first() == self.by.last() {
            return refuse("`groupBy` names a dimension twice.");
        }
        self.check_filter()?;
        let asked = self.by.iter().copied().chain(self.filter.dimensions());
        let (definition, known) = (self.definition(), self.definition().dimensions);
        for dimension in asked {
            if !definition.has(dimension) {
                let known: Vec<String> = known.iter().map(ActiveEnum::to_value).collect();
                return refuse(&format!(
                    "{} is not broken down by {}, but by {} (and areas of other kinds where by REGION).",
                    self.metric.to_value(),
                    dimension.to_value(),
                    known.join(", ")
                ));
            }
        }
        Ok(())
    }

    fn check_filter(&self) -> Result<()> {
        let codes =
            [Dimension::Sex, Dimension::AgeBand, Dimension::Grounds, Dimension::SupportLevel];
        let is_empty =
            |dimension| self.filter.codes(dimension).is_some_and(|codes| codes.is_empty());
        if codes.into_iter().any(is_empty) {
            return refuse("A list in the filter names nothing: leave it out, or name something.");
        }
        Ok(())
    }

    /// What is asked, resolved, of some work and as of a moment.
    pub fn frame(&self, session: &Session, counted: Counted, as_of: DateTime<Utc>) -> Frame {
        Frame {
            backend: session.viewer().backend,
            metric: self.metric,
            since: self.period.since,
            through: self.period.through,
            since_at: session.start_of(self.period.since),
            until_at: session.end_of(self.period.through),
            as_of,
            looks_back: as_of < session.now(),
            counted,
            filter: self.filter.clone(),
            by: self.by.clone(),
        }
    }
}

fn refuse<T>(why: &str) -> Result<T> {
    Err(Error::BadInput(why.to_owned()))
}

/// The key of one row of a result, in one dimension.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Key {
    /// A row, by its id.
    Id(Uuid),
    /// A code.
    Code(String),
    /// Nothing: no such area, not on a register, not set.
    None,
}
