//! The definitions of metrics, with their versions: what is counted, of what it is a share, by what it is
//! broken down. A definition that changes gets a new version, so that two results can be compared.

mod families;
mod services;

pub use entity::metric::MetricUnit as Unit;
use entity::metric::{Dimension, MetricId};

use super::frame::kind;
use crate::language::Language;

/// What a metric is.
#[derive(Debug)]
pub struct Definition {
    /// Which.
    pub id: MetricId,
    /// Goes up when what is counted changes.
    pub version: i32,
    /// In what the value is counted.
    pub unit: Unit,
    /// How the value is read.
    pub reading: Reading,
    /// By what it is broken down; REGION stands for areas of every kind.
    pub dimensions: &'static [Dimension],
    /// The metric whose value the rate is taken of, if it is another one.
    pub base: Option<MetricId>,
    /// What it is called, in English, Russian and Ukrainian.
    pub name: [&'static str; 3],
    /// The definition, in the same languages.
    pub text: [&'static str; 3],
}

/// How a value is read off the parts that were counted.
#[derive(Clone, Copy, Debug)]
pub enum Reading {
    /// All parts together, or those that pick; no rate.
    Count(fn(&str) -> bool),
    /// The parts that pick, of all of them: the rate is in percent.
    Share(fn(&str) -> bool),
    /// All parts together, of the value of the base: the rate is in percent.
    ShareOfBase,
    /// All parts together for one of the base: the rate is a mean.
    PerBase,
    /// Each part is a number, of days or nights: how many there are, and how they spread.
    Spread,
    /// The same; the value is of those that end in ` Y`, and the rate is in percent.
    SpreadWithin,
    /// The nights held, of the nights that there were places for: the rate is in percent.
    Held,
}

/// The definition of a metric.
pub fn of(id: MetricId) -> &'static Definition {
    let found = all().find(|definition| definition.id == id);
    found.unwrap_or(&families::FAMILIES[0])
}

impl Definition {
    /// How the value is read in a breakdown: of what is broken down by the parts themselves, each group
    /// has its own part alone.
    pub fn reading_by(&self, by: &[Dimension]) -> Reading {
        match self.reading {
            Reading::Count(_) if by.contains(&Dimension::Outcome) => Reading::Count(any),
            reading => reading,
        }
    }

    /// Whether results can be broken down by a dimension, or narrowed to one of its groups.
    pub fn has(&self, dimension: Dimension) -> bool {
        let is_area = kind(dimension).is_some() && self.dimensions.contains(&Dimension::Region);
        is_area || self.dimensions.contains(&dimension)
    }

    /// What it is called in a language.
    pub fn name(&self, language: Language) -> &'static str {
        let [english, russian, ukrainian] = self.name;
        language.choose(english, russian, ukrainian)
    }

    /// The definition in a language.
    pub fn text(&self, language: Language) -> &'static str {
        let [english, russian, ukrainian] = self.text;
        language.choose(english, russian, ukrainian)
    }
}

/// All definitions, in the order in which they are listed.
pub fn all() -> impl Iterator<Item = &'static Definition> {
    families::FAMILIES.iter().chain(services::SERVICES)
}

fn any(_: &str) -> bool {
    true
}
