//! One figure: a value, what it is a share of, and where it is of days how they spread.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::definition::Reading;

/// How many of each part.
pub type Parts = BTreeMap<String, i64>;

/// A figure, exact.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Told", into = "Told")]
pub struct Figure {
    /// Whether it is hidden: the numbers are gone then.
    pub is_hidden: bool,
    /// How many.
    pub value: i64,
    /// Of how many, where it is a share or a mean.
    pub base: Option<i64>,
    /// How days or nights spread.
    pub spread: Option<Spread>,
}

/// A figure as it is written: what is hidden has no value.
#[derive(Serialize, Deserialize)]
struct Told {
    value: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    base: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    spread: Option<Spread>,
}

impl From<Figure> for Told {
    fn from(figure: Figure) -> Self {
        let Figure { is_hidden, value, base, spread } = figure;
        Self { value: (!is_hidden).then_some(value), base, spread }
    }
}

impl From<Told> for Figure {
    fn from(told: Told) -> Self {
        let Told { value, base, spread } = told;
        Self { is_hidden: value.is_none(), value: value.unwrap_or(0), base, spread }
    }
}

/// How days or nights spread.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spread {
    /// How many were counted.
    pub count: i64,
    /// The sum.
    pub sum: i64,
    /// The least number that half of all are at most.
    pub median: i64,
    /// The least number that nine of ten are at most.
    pub p90: i64,
    /// The greatest.
    pub most: i64,
}

/// The value by the base, half rounded up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rate {
    /// Percent of the base, in tenths.
    Percent(i64),
    /// For each one of the base, in hundredths.
    ForEach(i64),
}

impl Figure {
    /// The value by the base; none without a base, or where it is zero.
    pub fn rate(&self, reading: Reading) -> Option<Rate> {
        let base = self.base?;
        match reading {
            Reading::Count(_) | Reading::Spread => None,
            Reading::PerBase => Some(Rate::ForEach(ratio(self.value, base, 2)?)),
            Reading::Share(_) | Reading::ShareOfBase | Reading::SpreadWithin | Reading::Held => {
                Some(Rate::Percent(ratio(self.value.checked_mul(100)?, base, 1)?))
            }
        }
    }

    /// The figure of some parts.
    pub fn read(reading: Reading, parts: &Parts, base: Option<i64>) -> Self {
        let all: i64 = parts.values().sum();
        let picked = |pick: fn(&str) -> bool| {
            parts.iter().filter(|(part, _)| pick(part)).map(|(_, number)| number).sum()
        };
        match reading {
            Reading::Count(pick) => Self { value: picked(pick), ..Self::default() },
            Reading::Share(pick) => {
                Self { value: picked(pick), base: Some(all), ..Self::default() }
            }
            Reading::ShareOfBase | Reading::PerBase => Self { value: all, base, ..Self::default() },
            Reading::Spread => {
                let Self { base, spread, .. } = Self::spread(parts);
                Self { value: base.unwrap_or(0), spread, ..Self::default() }
            }
            Reading::SpreadWithin => Self::spread(parts),
            Reading::Held => {
                let of = |name: &str| parts.get(name).copied().unwrap_or(0);
                Self { value: of("HELD"), base: Some(of("PLACES")), ..Self::default() }
            }
        }
    }

    fn spread(parts: &Parts) -> Self {
        let read = |(part, number): (&String, &i64)| {
            let (days, mark) = part.split_once(' ').unwrap_or((part, ""));
            Some((days.parse::<i64>().ok()?, mark == "Y", *number))
        };
        let mut days: Vec<(i64, bool, i64)> = parts.iter().filter_map(read).collect();
        days.sort_unstable();
        let count = days.iter().map(|(_, _, number)| number).sum();
        let spread = Spread {
            count,
            sum: days.iter().map(|(days, _, number)| days * number).sum(),
            median: rank(&days, (count + 1) / 2),
            p90: rank(&days, (count * 9 + 9) / 10),
            most: days.last().map_or(0, |(days, _, _)| *days),
        };
        let value = days.iter().filter(|(_, marked, _)| *marked).map(|(_, _, n)| n).sum();
        let base = Some(parts.values().sum());
        Self { value, base, spread: Some(spread), ..Self::default() }
    }

    /// Whether a group with this figure is worth a line: shares of an empty whole and zeros of a plain
    /// count are not.
    pub const fn says_something(&self, reading: Reading) -> bool {
        match (reading, self.base) {
            (Reading::Count(_), _) | (_, None) => self.value != 0,
            (_, Some(base)) => base != 0 || self.value != 0,
        }
    }
}

/// The number at a rank, counted from one.
fn rank(days: &[(i64, bool, i64)], rank: i64) -> i64 {
    let mut seen = 0;
    for (day, _, number) in days {
        seen += number;
        if seen >= rank {
            return *day;
        }
    }
    0
}

/// A ratio as a number of `10^-places`, half rounded up; none where the base is zero.
pub fn ratio(value: i64, base: i64, places: u32) -> Option<i64> {
    if base <= 0 {
        return None;
    }
    let scaled = i128::from(value) * i128::from(10_i64.pow(places)) * 2 + i128::from(base);
    i64::try_from(scaled.div_euclid(i128::from(base) * 2)).ok()
}

#[cfg(test)]
mod tests {
    use super::{Figure, Parts, Spread, ratio};
    use crate::casework::metric::definition::Reading;

    #[test]
    fn ratios_are_rounded_half_up() {
        // Of 51 families 11, 35 and 5, in tenths of a percent; 123 children in hundredths.
        assert_eq!(ratio(11 * 100, 51, 1), Some(216));
        assert_eq!(ratio(35 * 100, 51, 1), Some(686));
        assert_eq!(ratio(5 * 100, 51, 1), Some(98));
        assert_eq!(ratio(123, 51, 2), Some(241));
        assert_eq!(ratio(1, 8, 2), Some(13));
        assert_eq!(ratio(1, 0, 2), None);
        assert_eq!(ratio(0, 7, 2), Some(0));
    }

    #[test]
    fn days_spread_by_rank() {
        let parts = |all: &[(&str, i64)]| -> Parts {
            all.iter().map(|(part, number)| ((*part).to_owned(), *number)).collect()
        };
        let figure = Figure::read(
            Reading::SpreadWithin,
            &parts(&[("10 N", 1), ("2 Y", 3), ("9 Y", 6)]),
            None,
        );
        let spread = Spread { count: 10, sum: 70, median: 9, p90: 9, most: 10 };
        assert_eq!(
            figure,
            Figure { value: 9, base: Some(10), spread: Some(spread), ..Figure::default() }
        );
        assert_eq!(
            Figure::read(Reading::Spread, &Parts::new(), None).spread,
            Some(Spread::default())
        );
    }
}
