//! Random small tables against a reader who tries every count.

use proptest::prelude::*;

use super::hidden_without_audit;
use super::reader::{Table, possible};

/// Two ways, at most twelve cells with the totals.
fn two_way() -> impl Strategy<Value = Table> {
    let sizes = prop_oneof![Just((2, 2)), Just((2, 3)), Just((3, 2)), Just((1, 5))];
    (1u64..=5, sizes).prop_flat_map(|(threshold, (height, width))| {
        let rows = prop::collection::vec(prop::collection::vec(0u64..=8, width), height);
        rows.prop_map(move |rows| Table::of_rows(threshold, &rows))
    })
}

/// Parts under totals under one total, and some of them split a second time.
fn hierarchy() -> impl Strategy<Value = Table> {
    let groups = prop::collection::vec(prop::collection::vec(0u64..=8, 1..=3), 1..=3);
    (1u64..=5, groups, 0u64..=8).prop_map(|(threshold, groups, served)| {
        let mut table = Table { threshold, values: Vec::new(), equations: Vec::new() };
        let mut totals = Vec::new();
        for group in groups {
            let first = table.values.len();
            table.values.extend(group);
            totals.push(table.add_total((first..table.values.len()).collect()));
        }
        let all = table.add_total(totals);
        let served = served.min(table.values[all]);
        let complement = [served, table.values[all] - served];
        let at = table.values.len();
        table.values.extend(complement);
        table.equations.push((all, vec![at, at + 1]));
        table
    })
}

/// Regions whose branches may serve the same families, and a country whose regions may.
fn overlapping() -> impl Strategy<Value = Table> {
    let regions = prop::collection::vec((prop::collection::vec(0u64..=8, 1..=3), 0u64..=8), 1..=3);
    (1u64..=5, regions, 0u64..=8).prop_map(|(threshold, regions, shared)| {
        let mut table = Table { threshold, values: Vec::new(), equations: Vec::new() };
        let mut totals = Vec::new();
        for (branches, shared) in regions {
            let first = table.values.len();
            table.values.extend(branches);
            totals.push(table.add_union((first..table.values.len()).collect(), shared));
        }
        table.add_union(totals, shared);
        table
    })
}

/// Equations between any cells, whose parts overlap or leave a rest.
fn anything() -> impl Strategy<Value = Table> {
    let values = prop::collection::vec(0u64..=8, 4..=8);
    let equations = prop::collection::vec((0usize..8, 1u16..256), 1..=4);
    (1u64..=5, values, equations).prop_map(|(threshold, values, equations)| {
        let equations = equations.into_iter().map(|(total, mask)| {
            let total = total % values.len();
            let parts = (0..values.len()).filter(|&cell| mask >> cell & 1 == 1 && cell != total);
            (total, parts.collect())
        });
        let equations = equations.collect();
        Table { threshold, values, equations }
    })
}

/// Whether everything that hangs together with the cell is hidden but zeros.
fn nothing_left(table: &Table, hidden: &[bool], cell: usize) -> bool {
    table.joined(cell, |at| hidden[at]).iter().all(|&at| hidden[at] || table.values[at] == 0)
}

/// Whether the reader is left with two counts for each hidden cell.
fn protected(table: &Table, hidden: &[bool]) -> Option<usize> {
    (0..hidden.len()).find(|&cell| {
        hidden[cell]
            && !nothing_left(table, hidden, cell)
            && possible(table, hidden, cell, 2).len() < 2
    })
}

fn check(table: &Table) -> Result<(), TestCaseError> {
    let hidden = table.hidden();
    prop_assert_eq!(&hidden, &table.hidden());
    prop_assert_eq!(protected(table, &hidden), None, "{:?}", hidden);
    let simple = hidden_without_audit(&table.release());
    for (cell, &value) in table.values.iter().enumerate() {
        prop_assert!(value > 0 || !hidden[cell], "a zero is shown");
        prop_assert!(value == 0 || value > table.threshold || hidden[cell], "what is small is not");
        prop_assert!(hidden[cell] || !simple[cell]);
    }
    if protected(table, &simple).is_none() {
        prop_assert_eq!(&simple, &hidden, "nothing is hidden without need");
    }
    Ok(())
}

proptest! {
    #[test]
    fn two_way_tables_keep_their_small_numbers(table in two_way()) {
        check(&table)?;
    }

    #[test]
    fn hierarchies_keep_their_small_numbers(table in hierarchy()) {
        check(&table)?;
    }

    #[test]
    fn regions_that_overlap_keep_their_small_numbers(table in overlapping()) {
        check(&table)?;
    }

    #[test]
    fn equations_of_any_kind_keep_their_small_numbers(table in anything()) {
        check(&table)?;
    }

    #[test]
    fn a_table_without_small_numbers_is_shown(table in hierarchy()) {
        let values = table.values.iter().map(|value| value * (table.threshold + 1)).collect();
        let table = Table { values, ..table };
        prop_assert!(table.hidden().iter().all(|hidden| !hidden));
    }

    #[test]
    fn a_table_apart_is_not_touched(small in two_way(), apart in hierarchy()) {
        let mut table = small.clone();
        let first = table.values.len();
        table.values.extend(apart.values.iter().map(|value| value * (small.threshold + 1)));
        for (total, parts) in apart.equations {
            let parts = parts.into_iter().map(|part| part + first).collect();
            table.equations.push((total + first, parts));
        }
        let hidden = table.hidden();
        prop_assert_eq!(&hidden[..first], small.hidden());
        prop_assert!(hidden[first..].iter().all(|hidden| !hidden));
    }
}
