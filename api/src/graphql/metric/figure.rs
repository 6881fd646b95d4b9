//! The definitions of metrics, and figures as they are told: the value, what it is a share of, and whether
//! it is hidden.

use async_graphql::{Object, SimpleObject};
use entity::metric::{Dimension, MetricId, MetricUnit};

use crate::casework::metric::definition::{Definition, Reading};
use crate::casework::metric::figure::{Figure, Rate, Spread, ratio};
use crate::graphql::scalar::Decimal;
use crate::language::Language;

/// In what a rate is told.
#[derive(async_graphql::Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum RateUnit {
    /// Percent of the base, to one place.
    Percent,
    /// For each one of the base, to two places.
    ForEach,
}

/// What a metric is, exactly.
pub struct MetricDefinition(pub(super) &'static Definition, pub(super) Language);

/// What a metric is, exactly.
#[Object(serial)]
impl MetricDefinition {
    /// Which metric.
    async fn id(&self) -> MetricId {
        self.0.id
    }

    /// Goes up when what is counted changes: results of different versions are not compared.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// What it is called, in the language asked for.
    async fn name(&self) -> &str {
        self.0.name(self.1)
    }

    /// The definition, in the language asked for.
    async fn text(&self) -> &str {
        self.0.text(self.1)
    }

    /// In what values are counted.
    async fn unit(&self) -> MetricUnit {
        self.0.unit
    }

    /// In what rates are told; null if the metric has none.
    async fn rate_unit(&self) -> Option<RateUnit> {
        rate_unit(self.0.reading)
    }

    /// By what results can be broken down, and what they can be narrowed to. REGION stands for areas of
    /// every kind.
    async fn dimensions(&self) -> &'static [Dimension] {
        self.0.dimensions
    }
}

const fn rate_unit(reading: Reading) -> Option<RateUnit> {
    match reading {
        Reading::Count(_) | Reading::Spread => None,
        Reading::Share(_) | Reading::ShareOfBase | Reading::SpreadWithin | Reading::Held => {
            Some(RateUnit::Percent)
        }
        Reading::PerBase => Some(RateUnit::ForEach),
    }
}

/// Why a value is not shown.
#[derive(async_graphql::Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Suppression {
    /// It is small, or would give away a small one.
    SmallNumber,
}

/// How days or nights spread.
#[derive(SimpleObject)]
pub struct MetricSpread {
    /// How many were counted.
    count: i32,
    /// The mean, to two places; null if nothing was counted.
    mean: Option<Decimal>,
    /// The least number that half of them are at most; null if nothing was counted.
    median: Option<i32>,
    /// The least number that nine of ten are at most; null if nothing was counted.
    p90: Option<i32>,
    /// The greatest; null if nothing was counted.
    most: Option<i32>,
}

/// A figure of a result.
pub struct MetricFigure {
    pub(super) figure: Figure,
    pub(super) reading: Reading,
}

/// A figure of a result.
#[Object(serial)]
impl MetricFigure {
    /// How many; null if it is hidden.
    async fn value(&self) -> Option<i32> {
        (!self.figure.is_hidden).then(|| int(self.figure.value))
    }

    /// Why the value is hidden; null if it is shown.
    async fn suppression(&self) -> Option<Suppression> {
        self.figure.is_hidden.then_some(Suppression::SmallNumber)
    }

    /// Of how many it is a share, or for how many; null if the metric has no base, or not in these
    /// dimensions.
    async fn base(&self) -> Option<i32> {
        self.figure.base.map(int)
    }

    /// The value by the base, rounded half up, in the definition's `rateUnit`; null without a base, or
    /// where it is zero.
    async fn rate(&self) -> Option<Decimal> {
        rate(&self.figure, self.reading)
    }

    /// How days or nights spread, where they are what is counted.
    async fn spread(&self) -> Option<MetricSpread> {
        self.figure.spread.map(MetricSpread::from)
    }
}

/// The rate of a figure, as it is told.
fn rate(figure: &Figure, reading: Reading) -> Option<Decimal> {
    match figure.rate(reading)? {
        Rate::Percent(tenths) => Some(Decimal::new(tenths, 1)),
        Rate::ForEach(hundredths) => Some(Decimal::new(hundredths, 2)),
    }
}

impl From<Spread> for MetricSpread {
    fn from(spread: Spread) -> Self {
        let some = |number: i64| (spread.count > 0).then(|| int(number));
        Self {
            count: int(spread.count),
            mean: ratio(spread.sum, spread.count, 2).map(|mean| Decimal::new(mean, 2)),
            median: some(spread.median),
            p90: some(spread.p90),
            most: some(spread.most),
        }
    }
}

/// Counts that don't fit are told as the greatest that does.
fn int(number: i64) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}
