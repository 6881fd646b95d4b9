//! A release as large as a country's takes seconds, not minutes.

use std::time::{Duration, Instant};

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

fn timed(table: &Table) {
    let start = Instant::now();
    let hidden = table.hidden();
    let took = start.elapsed();
    let (all, equations) = (hidden.len(), table.equations.len());
    let hidden = hidden.iter().filter(|&&hidden| hidden).count();
    println!("{all} cells, {equations} equations: {hidden} hidden in {took:?}");
    assert!(took < Duration::from_secs(30), "{took:?}");
}

#[test]
fn one_large_table() {
    timed(&Table::of_rows(4, &rows(1, 60, 32)));
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
    timed(&table);
}
#[test]
fn adhoc() {
    for seed in 1..6 {
        for (h, w) in [(60, 32), (15, 120), (200, 9)] {
            for modulus in [2u64, 3, 5, 8, 30] {
                for t in [1, 4, 9] {
                    let mut n = numbers(seed);
                    let rows: Vec<Vec<u64>> =
                        (0..h).map(|_| n.by_ref().take(w).map(|x| x % modulus).collect()).collect();
                    print!("{seed} {h}x{w} mod {modulus} t {t}: ");
                    timed(&Table::of_rows(t, &rows));
                }
            }
        }
    }
    // three ways: slices with equations across
    for seed in 1..4 {
        for t in [4, 9] {
            for modulus in [4u64, 12, 40, 400] {
                let (h, w, d) = (12, 10, 12);
                let mut table = Table { threshold: t, values: vec![], equations: vec![] };
                let mut n = numbers(seed);
                let mut slices = vec![];
                for _ in 0..d {
                    let rows: Vec<Vec<u64>> = (0..h)
                        .map(|_| {
                            n.by_ref()
                                .take(w)
                                .map(|x| if x % 3 == 0 { 0 } else { x / 8 % modulus })
                                .collect()
                        })
                        .collect();
                    let one = Table::of_rows(t, &rows);
                    let first = table.values.len();
                    table.values.extend(one.values.iter());
                    for (total, parts) in one.equations {
                        table
                            .equations
                            .push((total + first, parts.iter().map(|p| p + first).collect()));
                    }
                    slices.push(first..table.values.len());
                }
                let len = slices[0].len();
                let first = table.values.len();
                for i in 0..len {
                    table.add_total(slices.iter().map(|s| s.start + i).collect());
                }
                let one = Table::of_rows(t, &vec![vec![0; w]; h]);
                for (total, parts) in one.equations {
                    table
                        .equations
                        .push((total + first, parts.iter().map(|p| p + first).collect()));
                }
                print!("3-way {seed} mod {modulus} t {t}: ");
                timed(&table);
            }
        }
    }
}
