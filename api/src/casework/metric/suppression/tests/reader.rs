//! A reader who tries every count, written without the solver.

use std::collections::BTreeSet;

use super::super::{CellId, Release};

/// A table as tests write it; cells are places in its values.
#[derive(Clone, Debug)]
pub(super) struct Table {
    pub(super) threshold: u64,
    pub(super) values: Vec<u64>,
    pub(super) equations: Vec<(usize, Vec<usize>)>,
}

impl Table {
    /// Rows, then the total of each, then the total of each column, then that of all.
    pub(super) fn of_rows(threshold: u64, rows: &[Vec<u64>]) -> Self {
        let (height, width) = (rows.len(), rows[0].len());
        let mut table = Self { threshold, values: rows.concat(), equations: Vec::new() };
        let of_rows: Vec<usize> = (0..height)
            .map(|row| table.add_total((0..width).map(|column| row * width + column).collect()))
            .collect();
        let of_columns: Vec<usize> = (0..width)
            .map(|column| table.add_total((0..height).map(|row| row * width + column).collect()))
            .collect();
        let all = table.add_total(of_rows);
        table.equations.push((all, of_columns));
        table
    }

    /// Adds the sum of the parts.
    pub(super) fn add_total(&mut self, parts: Vec<usize>) -> usize {
        self.values.push(parts.iter().map(|&part| self.values[part]).sum());
        self.equations.push((self.values.len() - 1, parts));
        self.values.len() - 1
    }

    /// Adds what the parts count together, where so much of their sum is counted twice at most.
    pub(super) fn add_union(&mut self, parts: Vec<usize>, shared: u64) -> usize {
        let total = self.add_total(parts);
        let parts = self.equations[self.equations.len() - 1].1.iter();
        let greatest = parts.map(|&part| self.values[part]).max().unwrap_or_default();
        self.values[total] = self.values[total].saturating_sub(shared).max(greatest);
        total
    }

    pub(super) fn release(&self) -> Release {
        let mut release = Release::new(self.threshold);
        let cells: Vec<CellId> = self.values.iter().map(|&value| release.cell(value)).collect();
        for (total, parts) in &self.equations {
            let parts: Vec<CellId> = parts.iter().map(|&part| cells[part]).collect();
            release.equation(cells[*total], &parts);
        }
        release
    }

    /// By cell, whether it is hidden.
    pub(super) fn hidden(&self) -> Vec<bool> {
        let hidden = self.release().suppress();
        (0..self.values.len()).map(|cell| hidden.is_hidden(CellId(cell))).collect()
    }

    /// What the parts count more than once (less than nothing where the total counts more).
    fn overlap(&self, equation: usize) -> i64 {
        let (total, parts) = &self.equations[equation];
        parts.iter().map(|&part| count(self.values[part])).sum::<i64>() - count(self.values[*total])
    }

    /// The cells that share an equation with it, itself among them, and so on through those for
    /// which it is asked to go on.
    pub(super) fn joined(&self, cell: usize, on: impl Fn(usize) -> bool) -> BTreeSet<usize> {
        let mut joined = BTreeSet::from([cell]);
        loop {
            let before = joined.len();
            for (total, parts) in &self.equations {
                let cells: Vec<usize> = parts.iter().copied().chain([*total]).collect();
                if cells.iter().any(|cell| joined.contains(cell) && on(*cell)) {
                    joined.extend(cells);
                }
            }
            if joined.len() == before {
                return joined;
            }
        }
    }
}

fn count(value: u64) -> i64 {
    i64::try_from(value).expect("tests count little")
}

/// Counts that the reader holds possible for a hidden cell, the nearest to the true one first and
/// no more than asked for.
pub(super) fn possible(table: &Table, hidden: &[bool], cell: usize, most: usize) -> BTreeSet<u64> {
    let near: Vec<usize> =
        table.joined(cell, |at| hidden[at]).into_iter().filter(|&at| hidden[at]).collect();
    let mut found = BTreeSet::new();
    for guess in guesses(table, cell) {
        let mut tried: Vec<Option<i64>> =
            (0..hidden.len()).map(|at| (!hidden[at]).then(|| count(table.values[at]))).collect();
        tried[cell] = Some(guess);
        if found.len() < most && fits(table, &tried) && solvable(table, &near, &mut tried) {
            found.insert(guess.unsigned_abs());
        }
    }
    found
}

/// Every count that is tried for a cell.
fn guesses(table: &Table, cell: usize) -> Vec<i64> {
    let most = count(table.values.iter().sum()) + 3;
    let mut guesses: Vec<i64> = (1..=most).collect();
    guesses.sort_by_key(|guess| (guess - count(table.values[cell])).abs());
    guesses
}

/// Whether the cells without a count can have some.
fn solvable(table: &Table, near: &[usize], tried: &mut [Option<i64>]) -> bool {
    let Some(&first) = near.iter().find(|&&cell| tried[cell].is_none()) else {
        let small = |cell: &usize| tried[*cell].is_some_and(|at| at <= count(table.threshold));
        return near.iter().any(small);
    };
    let (cell, guesses) = match forced(table, near, tried) {
        Some((cell, guess)) => (cell, vec![guess]),
        None => (first, guesses(table, first)),
    };
    for guess in guesses {
        tried[cell] = Some(guess);
        if fits(table, tried) && solvable(table, near, tried) {
            tried[cell] = None;
            return true;
        }
    }
    tried[cell] = None;
    false
}

/// A cell that an equation leaves no choice.
fn forced(table: &Table, near: &[usize], tried: &[Option<i64>]) -> Option<(usize, i64)> {
    table.equations.iter().enumerate().find_map(|(at, (total, parts))| {
        let cells: Vec<usize> = parts.iter().copied().chain([*total]).collect();
        let mut open = cells.iter().filter(|&&cell| tried[cell].is_none());
        let cell = *open.next().filter(|cell| near.contains(cell))?;
        let sum: i64 =
            parts.iter().filter_map(|&part| tried[part]).sum::<i64>() - table.overlap(at);
        let guess = if cell == *total { sum } else { tried[*total]? - sum };
        open.next().is_none().then_some((cell, guess))
    })
}

/// Whether nothing contradicts what is tried so far.
fn fits(table: &Table, tried: &[Option<i64>]) -> bool {
    table.equations.iter().enumerate().all(|(at, (total, parts))| {
        let open = parts.iter().filter(|&&part| tried[part].is_none()).count();
        let sum: i64 = parts.iter().map(|&part| tried[part].unwrap_or(1)).sum();
        let Some(whole) = tried[*total] else { return true };
        let adds_up = if open == 0 {
            sum == whole + table.overlap(at)
        } else {
            sum <= whole + table.overlap(at)
        };
        let within = parts.iter().all(|&part| {
            table.values[part] > table.values[*total]
                || tried[part].is_none_or(|part| part <= whole)
        });
        adds_up && within
    }) && tried
        .iter()
        .zip(&table.values)
        .all(|(tried, &value)| tried.is_none_or(|tried| tried > 0 || value == 0))
}
