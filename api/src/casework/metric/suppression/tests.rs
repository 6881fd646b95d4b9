//! What is hidden of tables whose answer is known, and of random ones that a reader tries to break
//! by trying every count.

mod random;
mod reader;
mod size;

use super::audit::protect;
use super::complement::{complete, primary};
use super::{CellId, Release};
use reader::{Table, possible};

/// A release and its cells by the order of their values.
fn release(
    threshold: u64,
    values: &[u64],
    equations: &[(usize, &[usize])],
) -> (Release, Vec<CellId>) {
    let mut release = Release::new(threshold);
    let cells: Vec<CellId> = values.iter().map(|&value| release.cell(value)).collect();
    for (total, parts) in equations {
        let parts: Vec<CellId> = parts.iter().map(|&part| cells[part]).collect();
        release.equation(cells[*total], &parts);
    }
    (release, cells)
}

/// The places of the cells that are hidden.
fn hidden_places(release: &Release) -> Vec<usize> {
    let hidden = release.suppress();
    (0..release.values.len()).filter(|&cell| hidden.is_hidden(CellId(cell))).collect()
}

/// The same without the audit.
fn hidden_without_audit(release: &Release) -> Vec<bool> {
    let mut hidden = primary(release);
    complete(release, &mut hidden);
    hidden
}

/// Covered, and of them: overcame, continuing, other exits.
const COVERED: [u64; 4] = [51, 11, 35, 5];
const OUTCOMES: (usize, &[usize]) = (0, &[1, 2, 3]);

#[test]
fn a_small_count_takes_the_next_smallest_with_it() {
    let (release, cells) = release(5, &COVERED, &[OUTCOMES]);
    let hidden = release.suppress();
    assert_eq!(
        cells.iter().map(|&cell| hidden.shown(cell)).collect::<Vec<_>>(),
        [Some(51), None, Some(35), None]
    );
}

#[test]
fn nothing_is_hidden_where_nothing_is_small() {
    assert_eq!(hidden_places(&release(4, &COVERED, &[OUTCOMES]).0), [0; 0]);
    assert_eq!(hidden_places(&release(0, &[1, 1, 0], &[(0, &[1, 2])]).0), [0; 0]);
}

#[test]
fn small_parts_that_hide_each_other_take_nothing_else() {
    let (release, _) = release(4, &[51, 11, 35, 5, 3, 2], &[OUTCOMES, (3, &[4, 5])]);
    assert_eq!(hidden_places(&release), [4, 5]);
}

#[test]
fn a_part_goes_before_its_equal_total_unless_the_others_are_zero() {
    // Equal by an overlap of 3.
    let equal = release(4, &[9, 3, 9], &[(0, &[1, 2])]).0;
    assert_eq!(hidden_places(&equal), [1, 2]);
    let alone = release(4, &[3, 3, 0, 0], &[(0, &[1, 2, 3])]).0;
    assert_eq!(hidden_places(&alone), [0, 1]);
    let carried = release(4, &[9, 3, 6, 0, 3], &[(0, &[1, 2]), (1, &[3, 4])]).0;
    assert_eq!(hidden_places(&carried), [1, 2, 4]);
}

#[test]
fn ones_that_sum_to_a_shown_total_hide_it() {
    let ones = release(4, &[5, 1, 1, 1, 1, 1], &[(0, &[1, 2, 3, 4, 5])]).0;
    assert_eq!(hidden_places(&ones), [0, 1, 2, 3, 4, 5]);
    assert_eq!(hidden_without_audit(&ones), [false, true, true, true, true, true]);
    // A reader would name five ones, but not which of them is the two.
    let one_two = release(4, &[6, 1, 1, 2, 1, 1], &[(0, &[1, 2, 3, 4, 5])]).0;
    assert_eq!(hidden_places(&one_two), [1, 2, 3, 4, 5]);
    // Unless he must be left with three counts for each.
    assert_eq!(hidden_places(&one_two.with_least_candidates(3)), [0, 1, 2, 3, 4, 5]);
}

/// Four rows and four columns with their totals. The small cells are two blocks of two by two and
/// one that joins them; in every row and column two are hidden at least.
fn joined_blocks() -> Table {
    let rows = [[1, 2, 20, 20], [3, 2, 3, 20], [20, 20, 2, 4], [20, 20, 1, 2]];
    Table::of_rows(4, &rows.map(|row| row.to_vec()))
}

#[test]
fn a_cell_that_rows_and_columns_give_away_together_is_found() {
    let table = joined_blocks();
    let release = table.release();
    let simple = hidden_without_audit(&release);
    let joint = 4 + 2;
    for (total, parts) in &table.equations {
        let of_equation = parts.iter().chain([total]).filter(|&&cell| simple[cell]).count();
        assert!(of_equation != 1, "{total}");
    }
    assert_eq!(possible(&table, &simple, joint, 2), [3].into());
    let hidden: Vec<bool> = table.hidden();
    assert!(hidden[joint] && hidden != simple);
    for cell in (0..hidden.len()).filter(|&cell| hidden[cell]) {
        assert!(possible(&table, &hidden, cell, 2).len() > 1, "{cell}");
    }
}

#[test]
fn a_lone_cell_of_a_two_way_table_takes_a_rectangle_with_it() {
    let table = Table::of_rows(4, &[vec![3, 9, 12], vec![8, 10, 30], vec![25, 40, 50]]);
    let hidden = table.hidden();
    assert_eq!((0..hidden.len()).filter(|&cell| hidden[cell]).collect::<Vec<_>>(), [0, 1, 3, 4]);
}

#[test]
fn the_threshold_tells_nothing() {
    // Sums 3 + 12 = 15 and 12 + 20 = 32, where only the first can be small. It is at least 4 as
    // its total is 16 with the overlap of 3 known, so that it would be four.
    let table =
        Table { threshold: 4, values: vec![24, 4, 20, 0], equations: vec![(0, vec![1, 2, 3])] };
    assert_eq!(table.hidden(), [false, true, true, false]);
}

#[test]
fn a_forced_cell_is_hidden_and_protected_and_a_zero_is_not() {
    let (mut release, cells) = release(4, &[60, 10, 30, 20, 0], &[(0, &[1, 2, 3, 4])]);
    release.force_hidden(cells[2]);
    release.force_hidden(cells[4]);
    assert_eq!(hidden_places(&release), [1, 2]);
}

#[test]
fn parts_that_overlap_are_protected_as_if_the_overlap_were_known() {
    // Two branches served 3 and 9 of the 10 families of their region.
    let two = release(4, &[10, 3, 9, 30, 20], &[(0, &[1, 2]), (3, &[0, 4])]).0;
    assert_eq!(hidden_places(&two), [1, 2]);
    // With 4 and 4 of 4, each could only be 4.
    let same = release(4, &[4, 4, 4, 30, 26], &[(0, &[1, 2]), (3, &[0, 4])]).0;
    assert_eq!(hidden_places(&same), [0, 1, 2, 4]);
    let limited = release(2, &[9, 9, 2, 2], &[(0, &[1, 2, 3])]).0;
    assert_eq!(hidden_places(&limited), [2, 3]);
}

#[test]
fn a_cell_of_no_equation_is_hidden_alone() {
    assert_eq!(hidden_places(&release(4, &[1, 9, 4], &[]).0), [0, 2]);
    assert_eq!(hidden_places(&release(1, &[1, 9], &[]).0), [0]);
}

#[test]
fn the_audit_ends_where_nothing_is_left_to_hide() {
    let (release, _) = release(1, &[1, 1, 0], &[(0, &[1, 2])]);
    let mut hidden = primary(&release);
    protect(&release, &mut hidden);
    assert_eq!(hidden, [true, true, false]);
}
