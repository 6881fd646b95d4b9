//! A release as large as a country's takes seconds, not minutes.

use super::reader::Table;

/// Numbers that look random and repeat themselves.
fn numbers(seed: u64) -> impl Iterator<Item = u64> {
    std::iter::successors(Some(seed), |last| {
        Some(last.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407))
    })
    .map(|number| number >> 33)
}

/// Skewed as counts of branches are: many are small, some large, some zero.
fn counts(seed: u64) -> impl Iterator<Item = u64> {
    numbers(seed).map(|number| match number % 10 {
        0 | 1 => 0,
        2..=4 => number / 10 % 6,
        5..=7 => number / 10 % 40,
        _ => number / 10 % 900,
    })
}

fn rows(seed: u64, height: usize, width: usize) -> Vec<Vec<u64>> {
    let mut counts = counts(seed);
    (0..height).map(|_| counts.by_ref().take(width).collect()).collect()
}

/// That a decision comes, and hides some and not all.
fn decided(table: &Table) {
    let hidden = table.hidden();
    let many = hidden.iter().filter(|&&hidden| hidden).count();
    assert!((1..hidden.len()).contains(&many), "{many} of {} are hidden", hidden.len());
}

#[test]
fn one_large_table() {
    decided(&Table::of_rows(4, &rows(1, 60, 32)));
}

#[test]
fn many_tables_with_one_total() {
    let mut table = Table { threshold: 4, values: Vec::new(), equations: Vec::new() };
    let mut totals = Vec::new();
    for seed in 0..12 {
        let one = Table::of_rows(4, &rows(seed, 15, 10));
        let first = table.values.len();
        table.values.extend(one.values);
        for (total, parts) in one.equations {
            table.equations.push((total + first, parts.iter().map(|part| part + first).collect()));
        }
        totals.push(table.values.len() - 1);
    }
    table.add_total(totals);
    decided(&table);
}
