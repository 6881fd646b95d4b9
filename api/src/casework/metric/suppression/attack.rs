//! What a reader knows of hidden cells that hang together, as a system of linear equations in how
//! far each count may differ from the true one.

use std::collections::BTreeSet;

use microlp::{ComparisonOp, OptimizationDirection, Problem, SolveOptions, Variable};

use super::{Equation, Release};

/// By how much a count differs from the true one.
pub(super) type Change = i32;

/// Cells, by their places in the attack, each with its sign.
pub(super) type Sum = Vec<(usize, Change)>;

/// The farthest change that is looked at: a bound for what has none, and exact in the solver.
const REACH: Change = 1_000_000;

/// Branches that the solver may try where the linear solution is no whole number.
const NODES: u64 = 100;

/// How many cells are tried as the one within the threshold.
const SMALL: usize = 8;

/// Which solution is sought.
#[derive(Clone, Debug)]
pub(super) struct Goal {
    /// Cells that are to sink, or with -1 to rise, together as far as they can.
    pub(super) sink: Sum,
    /// A cell that is changed by just so much.
    pub(super) fixed: Option<(usize, Change)>,
}

/// The equations over some hidden cells; the true counts fulfil them with no change at all.
pub(super) struct Attack {
    /// The cells, in order; elsewhere here a cell is its place in this.
    pub(super) cells: Vec<usize>,
    /// How far each may sink and stay above zero.
    room: Vec<Change>,
    /// The greatest change with which each is within the threshold, if that is in reach.
    small: Vec<Option<Change>>,
    /// Whether one of them must be within the threshold.
    one_is_small: bool,
    /// Changes whose sum is zero.
    rows: Vec<Sum>,
    /// Changes whose sum is at most so much.
    limits: Vec<(Sum, Change)>,
    /// By cell, the rows that it is in.
    columns: Vec<Sum>,
}

impl Attack {
    /// What is known of one component of hidden cells.
    pub(super) fn new(release: &Release, cells: Vec<usize>) -> Self {
        let of_cells = cells.iter().flat_map(|&cell| release.equations_of[cell].iter());
        let equations: BTreeSet<usize> = of_cells.copied().collect();
        let equations = || equations.iter().map(|&at| &release.equations[at]);
        let rows: Vec<Sum> = equations().map(|equation| row(equation, &cells)).collect();
        let mut columns = vec![Vec::new(); cells.len()];
        for (row, sum) in rows.iter().enumerate() {
            for &(at, sign) in sum {
                columns[at].push((row, sign));
            }
        }
        Self {
            room: cells.iter().map(|&cell| capped(release.values[cell], 1)).collect(),
            small: cells.iter().map(|&cell| small(release, cell)).collect(),
            one_is_small: !cells.iter().any(|&cell| release.forced[cell]),
            limits: equations().flat_map(|equation| limits(release, equation, &cells)).collect(),
            rows,
            columns,
            cells,
        }
    }

    /// The rows that a cell is in.
    pub(super) fn column(&self, at: usize) -> &[(usize, Change)] {
        &self.columns[at]
    }

    /// Whether cells stay above zero.
    pub(super) fn sinkable(&self, changes: impl IntoIterator<Item = (usize, Change)>) -> bool {
        changes.into_iter().all(|(at, change)| change >= -self.room[at])
    }

    /// Whether changes agree with everything that is known.
    pub(super) fn allows(&self, changes: &[Change]) -> bool {
        let total = |sum: &Sum| -> i64 {
            sum.iter().map(|&(at, sign)| i64::from(sign) * i64::from(changes[at])).sum()
        };
        let small = |(small, &change): (&Option<Change>, &Change)| {
            small.is_some_and(|greatest| change <= greatest)
        };
        self.sinkable(changes.iter().copied().enumerate())
            && self.rows.iter().all(|row| total(row) == 0)
            && self.limits.iter().all(|(sum, limit)| total(sum) <= i64::from(*limit))
            && (!self.one_is_small || self.small.iter().zip(changes).any(small))
    }

    /// Solutions to seek in which a cell is changed by just so much: one with each of several
    /// others at its least, where it is not small itself and something must be.
    pub(super) fn probes(&self, at: usize, change: Change) -> Vec<Goal> {
        let fixed = |other| Goal { sink: vec![(other, 1)], fixed: Some((at, change)) };
        if !self.one_is_small || self.small[at].is_some_and(|greatest| change <= greatest) {
            return vec![fixed(at)];
        }
        let mut others: Vec<_> = (0..self.cells.len())
            .filter(|&other| other != at && self.small[other].is_some())
            .collect();
        others.sort_by_key(|&other| std::cmp::Reverse(self.small[other]));
        others.into_iter().take(SMALL).map(fixed).collect()
    }

    /// Whole changes that reach the goal; none where there are none or the solver fails.
    pub(super) fn solve(&self, goal: &Goal) -> Option<Vec<Change>> {
        let mut problem = Problem::new(OptimizationDirection::Minimize);
        let mut costs = vec![0.0; self.cells.len()];
        goal.sink.iter().for_each(|&(at, sign)| costs[at] = f64::from(sign));
        let bounds = |place: usize| match goal.fixed {
            Some((at, change)) if at == place => (change, change),
            _ => (-self.room[place], REACH),
        };
        let add = |place: usize| problem.add_integer_var(costs[place], bounds(place));
        let variables: Vec<Variable> = (0..self.cells.len()).map(add).collect();
        let sum = |sum: &Sum| -> Vec<(Variable, f64)> {
            sum.iter().map(|&(at, sign)| (variables[at], f64::from(sign))).collect()
        };
        for row in &self.rows {
            problem.add_constraint(sum(row), ComparisonOp::Eq, 0.0);
        }
        for (changes, limit) in &self.limits {
            problem.add_constraint(sum(changes), ComparisonOp::Le, f64::from(*limit));
        }
        let mut options = SolveOptions::default();
        options.node_limit = Some(NODES);
        let solution = problem.solve_with(options).ok()?.into_solution().ok()?;
        Some(variables.iter().map(|&variable| whole(solution.var_value(variable))).collect())
    }
}

/// How far a count may sink to another, as far as is looked at.
fn capped(from: u64, to: u64) -> Change {
    Change::try_from(from.saturating_sub(to)).map_or(REACH, |room| room.min(REACH))
}

/// The greatest change with which a cell is within the threshold.
fn small(release: &Release, cell: usize) -> Option<Change> {
    let change = i128::from(release.threshold) - i128::from(release.values[cell]);
    Change::try_from(change.min(i128::from(REACH))).ok().filter(|&change| change >= -REACH)
}

/// Where a hidden cell is among these.
fn place(cells: &[usize], cell: usize) -> Option<usize> {
    cells.binary_search(&cell).ok()
}

/// The equation: what is shown and what overlaps doesn't change, so that the changes add up.
fn row(equation: &Equation, cells: &[usize]) -> Sum {
    let total = place(cells, equation.total).map(|total| (total, -1));
    let parts = equation.parts.iter().filter_map(|&part| Some((place(cells, part)?, 1)));
    total.into_iter().chain(parts).collect()
}

/// Where parts overlap, that the total is no less than any of them; else the equation says so.
fn limits(release: &Release, equation: &Equation, cells: &[usize]) -> Vec<(Sum, Change)> {
    let whole = release.values[equation.total];
    let fits = |part: &usize| equation.overlapping && release.values[*part] <= whole;
    let limit = |part: usize| {
        let total = place(cells, equation.total).map(|total| (total, -1));
        let part_of = place(cells, part).map(|part| (part, 1));
        (part_of.into_iter().chain(total).collect(), capped(whole, release.values[part]))
    };
    let limits = equation.parts.iter().copied().filter(fits).map(limit);
    limits.filter(|(sum, _): &(Sum, Change)| !sum.is_empty()).collect()
}

/// The whole number that the solver means.
#[expect(clippy::cast_possible_truncation, reason = "variables are bounded by REACH")]
fn whole(value: f64) -> Change {
    value.round() as Change
}
