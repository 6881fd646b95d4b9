//! What of a report is hidden from those who may see no person: which of its counts follow from others,
//! and which were published before.

use std::collections::{BTreeMap, BTreeSet};

use entity::metric::{Dimension, MetricId};
use sea_orm::ActiveEnum;

use super::Answer;
use super::definition::{self, Reading};
use super::figure::Figure;
use super::question::{Key, Period};
use super::report::Report;
use super::snapshot::Frozen;
use super::suppression::{CellId, Release};

/// A count of a report: the value of a figure or its base, in a breakdown, under some keys.
type Count = (MetricId, Side, Vec<Dimension>, Vec<Key>);

/// Which number of a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Side {
    Value,
    Base,
}

/// A report that was published before: what it showed, and what it hid.
#[derive(Debug)]
pub struct Earlier {
    period: Period,
    figures: BTreeMap<(String, Vec<String>, Vec<Key>), Figure>,
}

impl Earlier {
    /// What a published report showed.
    pub fn of(frozen: &Frozen) -> Self {
        let figures = frozen.figures().map(|((metric, by, keys), figure)| {
            ((metric.to_owned(), by.to_vec(), keys.to_vec()), figure)
        });
        Self { period: frozen.period(), figures: figures.collect() }
    }

    /// Whether it would give a count away: it hid the same one, or showed one so close to it that the
    /// difference is small.
    fn forbids(&self, count: &Count, value: i64, period: Period, threshold: u64) -> bool {
        let (metric, Side::Value, by, keys) = count else { return false };
        let by = by.iter().map(ActiveEnum::to_value).collect();
        let Some(before) = self.figures.get(&(metric.to_value(), by, keys.clone())) else {
            return false;
        };
        if before.is_hidden {
            return self.period == period;
        }
        (1..=threshold).contains(&before.value.abs_diff(value))
    }
}

/// Hides what is small, and what would give it away, by each threshold in turn: what is hidden by one is
/// hidden by the next as well, so that readers of both learn no more.
pub fn hide(report: Report, thresholds: &[u64], earlier: &[Earlier]) -> Report {
    let mut hidden: BTreeSet<Count> = BTreeSet::new();
    for threshold in thresholds {
        let mut release = Release::new(*threshold);
        let counts = Counts::of(&report, &mut release);
        for (count, (cell, value)) in &counts.0 {
            let forbids =
                |earlier: &Earlier| earlier.forbids(count, *value, report.period, *threshold);
            if hidden.contains(count) || earlier.iter().any(forbids) {
                release.force_hidden(*cell);
            }
        }
        let found = release.suppress();
        let is_hidden = |(count, (cell, _)): (&Count, &(CellId, i64))| {
            found.is_hidden(*cell).then(|| count.clone())
        };
        hidden = counts.0.iter().filter_map(is_hidden).collect();
    }
    if hidden.is_empty() { report } else { concealed(report, &hidden) }
}

/// The report without what is hidden.
fn concealed(mut report: Report, hidden: &BTreeSet<Count>) -> Report {
    for answer in &mut report.answers {
        let (metric, by) = (answer.question.metric, answer.question.by.clone());
        let conceal = |figure: Figure, by: &[Dimension], keys: &[Key]| {
            let is_hidden = |count: Option<Count>| count.is_some_and(|it| hidden.contains(&it));
            if is_hidden(Some((metric, Side::Value, by.to_vec(), keys.to_vec()))) {
                return Figure { is_hidden: true, ..Figure::default() };
            }
            let base = base_of(metric, by, keys);
            Figure { base: figure.base.filter(|_| !is_hidden(base)), ..figure }
        };
        answer.total = conceal(answer.total, &[], &[]);
        for line in &mut answer.lines {
            line.figure = conceal(line.figure, &by, &line.keys);
        }
    }
    report
}

/// The count that a figure's base is; none where it counts nobody.
fn base_of(metric: MetricId, by: &[Dimension], keys: &[Key]) -> Option<Count> {
    let definition = definition::of(metric);
    let of = |metric, side| Some((metric, side, by.to_vec(), keys.to_vec()));
    match (definition.base, definition.reading) {
        (Some(base), _) => of(base, Side::Value),
        (None, Reading::Held | Reading::Count(_) | Reading::Spread) => None,
        (None, _) if is_outcome(metric) => of(MetricId::FamiliesCovered, Side::Value),
        (None, _) => of(metric, Side::Base),
    }
}

const fn is_outcome(metric: MetricId) -> bool {
    matches!(
        metric,
        MetricId::FamiliesOvercame
            | MetricId::FamiliesContinuing
            | MetricId::FamiliesOtherExits
            | MetricId::FamiliesNew
            | MetricId::FamiliesCarriedIn
    )
}

/// The counts of a report, as cells of a release.
struct Counts(BTreeMap<Count, (CellId, i64)>);

/// A whole, its parts, and whether there is a rest that is not told.
type Whole = ((MetricId, Side), &'static [(MetricId, Side)], bool);

/// What adds up in each group: a whole, its parts, and whether there is a rest that is not told.
const WHOLES: &[Whole] = {
    use MetricId as M;
    use Side::{Base, Value};
    &[
        (
            (M::FamiliesCovered, Value),
            &[
                (M::FamiliesOvercame, Value),
                (M::FamiliesContinuing, Value),
                (M::FamiliesOtherExits, Value),
            ],
            false,
        ),
        (
            (M::FamiliesCovered, Value),
            &[(M::FamiliesNew, Value), (M::FamiliesCarriedIn, Value)],
            false,
        ),
        ((M::FamiliesCovered, Value), &[(M::FamiliesServed, Value)], true),
        ((M::FamiliesOnRegister, Value), &[(M::FamiliesContinuing, Value)], true),
        ((M::ReturnedToBirthFamilyRate, Base), &[(M::ReturnedToBirthFamilyRate, Value)], true),
        ((M::Discharges, Value), &[(M::ReturnedToBirthFamilyRate, Base)], true),
    ]
};

impl Counts {
    fn of(report: &Report, release: &mut Release) -> Self {
        let mut counts = Self(BTreeMap::new());
        for answer in &report.answers {
            counts.add(answer, release);
        }
        for answer in &report.answers {
            counts.add_up(answer, release);
        }
        counts.relate(release);
        counts
    }

    /// Adds the counts of a result: totals are the same ones in all of a metric's results.
    fn add(&mut self, answer: &Answer, release: &mut Release) {
        let metric = answer.question.metric;
        let by = &answer.question.by;
        let total: (&[Dimension], &[Key], Figure) = (&[], &[], answer.total);
        let lines = answer.lines.iter();
        let lines = lines.map(|line| (by.as_slice(), line.keys.as_slice(), line.figure));
        for (by, keys, figure) in std::iter::once(total).chain(lines) {
            self.put((metric, Side::Value, by.to_vec(), keys.to_vec()), figure.value, release);
            if let (Some(count), Some(base)) = (base_of(metric, by, keys), figure.base) {
                self.put(count, base, release);
            }
        }
    }

    fn put(&mut self, count: Count, value: i64, release: &mut Release) {
        let cell = || (release.cell(value.unsigned_abs()), value);
        self.0.entry(count).or_insert_with(cell);
    }

    fn cell(&self, count: &Count) -> Option<CellId> {
        self.0.get(count).map(|(cell, _)| *cell)
    }

    /// That the lines of a result add up to its total.
    fn add_up(&self, answer: &Answer, release: &mut Release) {
        let (metric, by) = (answer.question.metric, &answer.question.by);
        if by.is_empty() || by.contains(&Dimension::Outcome) {
            return;
        }
        for side in [Side::Value, Side::Base] {
            let Some(total) = self.cell(&(metric, side, Vec::new(), Vec::new())) else { continue };
            let line =
                |line: &super::Line| self.cell(&(metric, side, by.clone(), line.keys.clone()));
            let parts: Vec<CellId> = answer.lines.iter().filter_map(line).collect();
            if !parts.is_empty() {
                release.equation(total, &parts);
            }
        }
    }

    /// What adds up in each group, and in the totals.
    fn relate(&self, release: &mut Release) {
        let groups: BTreeSet<(&Vec<Dimension>, &Vec<Key>)> =
            self.0.keys().map(|(_, _, by, keys)| (by, keys)).collect();
        for (by, keys) in groups {
            for ((whole, side), parts, has_rest) in WHOLES {
                let of = |(metric, side): (MetricId, Side)| {
                    self.0.get(&(metric, side, by.clone(), keys.clone()))
                };
                let Some((whole, value)) = of((*whole, *side)) else { continue };
                let parts: Vec<(CellId, i64)> =
                    parts.iter().filter_map(|it| of(*it)).copied().collect();
                let mut cells: Vec<CellId> = parts.iter().map(|(cell, _)| *cell).collect();
                if *has_rest && !cells.is_empty() {
                    let sum: i64 = parts.iter().map(|(_, value)| value).sum();
                    cells.push(release.cell(value.abs_diff(sum)));
                }
                if !cells.is_empty() {
                    release.equation(*whole, &cells);
                }
            }
        }
    }
}
