//! The part of a reader who computes: for each hidden cell either enough counts that are possible
//! are found, or one more cell is hidden and the search begins again.

use std::collections::BTreeMap;

use super::Release;
use super::attack::{Attack, Change, Goal};
use super::complement::complete;

/// How many solutions are sought at most before a cell counts as unprotected, beyond its extremes.
const PROBES: usize = 64;

/// After how many cells that needed the solver the rest is tried together.
const MANY: usize = 8;

/// Hides until every hidden cell is protected or has nothing left to hide with it.
pub(super) fn protect(release: &Release, hidden: &mut [bool]) {
    let mut evidence = Evidence::new(release);
    let mut given_up = vec![false; hidden.len()];
    let mut grown = true;
    while grown {
        grown = false;
        complete(release, hidden);
        for cells in components(release, hidden) {
            if given_up[cells[0]] {
                continue;
            }
            let attack = Attack::new(release, cells);
            let Some(weak) = evidence.first_unprotected(&attack) else { continue };
            match next_to_hide(release, hidden, &attack, weak) {
                Some(cell) => {
                    hidden[cell] = true;
                    grown = true;
                }
                // None of its equations has anything to show, so no other component reaches it.
                None => attack.cells.iter().for_each(|&cell| given_up[cell] = true),
            }
        }
    }
}

/// The smallest cell that shares an equation with the weak one, else with any it hangs together
/// with.
fn next_to_hide(release: &Release, hidden: &[bool], attack: &Attack, weak: usize) -> Option<usize> {
    let near = release.equations_of[weak].iter().copied();
    release.least_shown(hidden, near).or_else(|| {
        let all = attack.cells.iter().flat_map(|&cell| release.equations_of[cell].iter().copied());
        release.least_shown(hidden, all)
    })
}

/// The hidden cells, those together that share equations.
fn components(release: &Release, hidden: &[bool]) -> Vec<Vec<usize>> {
    let mut reached = vec![false; hidden.len()];
    let mut found = Vec::new();
    for start in (0..hidden.len()).filter(|&cell| hidden[cell]) {
        let mut cells = Vec::new();
        let mut open = vec![start];
        while let Some(cell) = open.pop() {
            if hidden[cell] && !std::mem::replace(&mut reached[cell], true) {
                cells.push(cell);
                let near = release.equations_of[cell].iter();
                open.extend(near.flat_map(|&equation| release.equations[equation].cells()));
            }
        }
        if !cells.is_empty() {
            cells.sort_unstable();
            found.push(cells);
        }
    }
    found
}

/// By cell, changes that some solution makes to it. What was possible stays so when more is hidden.
struct Evidence {
    least: usize,
    seen: Vec<Vec<Change>>,
}

impl Evidence {
    fn new(release: &Release) -> Self {
        Self { least: release.least_candidates, seen: vec![vec![0]; release.values.len()] }
    }

    /// The first cell for which too few counts are possible.
    fn first_unprotected(&mut self, attack: &Attack) -> Option<usize> {
        let mut alike: BTreeMap<_, Vec<usize>> = BTreeMap::new();
        for at in 0..attack.cells.len() {
            alike.entry(attack.column(at)).or_default().push(at);
        }
        let exchanged = |evidence: &mut Self, at: usize| {
            evidence.enough(attack, at) || evidence.exchanged(attack, at, &alike[attack.column(at)])
        };
        let mut open: Vec<usize> =
            (0..attack.cells.len()).filter(|&at| !exchanged(self, at)).collect();
        let mut solved = 0;
        while let Some(&at) = open.first() {
            if !self.solved(attack, at) {
                return Some(attack.cells[at]);
            }
            solved += 1;
            if solved % MANY == 0 {
                self.moved_together(attack, &open, solved / MANY);
            }
            open.retain(|&at| !self.enough(attack, at));
        }
        None
    }

    /// Many at once: half of them sink and half rise, each round other halves.
    fn moved_together(&mut self, attack: &Attack, open: &[usize], round: usize) {
        let sign = |at: usize| if at >> (round / 2) & 1 == round & 1 { 1 } else { -1 };
        let sink = open.iter().map(|&at| (at, sign(at))).collect();
        if let Some(solution) = attack.solve(&Goal { sink, fixed: None }) {
            self.note(attack, &solution);
        }
    }

    fn enough(&self, attack: &Attack, at: usize) -> bool {
        self.seen[attack.cells[at]].len() >= self.least
    }

    /// Takes note of a solution, if it is one.
    fn note(&mut self, attack: &Attack, solution: &[Change]) {
        if attack.allows(solution) {
            for (&cell, &change) in attack.cells.iter().zip(solution) {
                let seen = &mut self.seen[cell];
                if seen.len() < self.least && !seen.contains(&change) {
                    seen.push(change);
                }
            }
        }
    }

    /// The same, and whether the cell has enough with it.
    fn noted(&mut self, attack: &Attack, at: usize, solution: &[Change]) -> bool {
        self.note(attack, solution);
        self.enough(attack, at)
    }

    /// Without the solver: the cell alone where no equation has it, or against another that is in
    /// the same equations.
    fn exchanged(&mut self, attack: &Attack, at: usize, alike: &[usize]) -> bool {
        let alone = attack.column(at).is_empty().then_some(None);
        let others = alike.iter().copied().filter(|&other| other != at).map(Some);
        alone.into_iter().chain(others).any(|other| {
            let steps = (1..).take(self.least).flat_map(|step| [step, -step]);
            steps.into_iter().any(|change| {
                let changes = [(at, change)].into_iter().chain(other.map(|other| (other, -change)));
                attack.sinkable(changes.clone()) && {
                    let mut solution = vec![0; attack.cells.len()];
                    changes.for_each(|(at, change)| solution[at] = change);
                    self.noted(attack, at, &solution)
                }
            })
        })
    }

    /// With the solver: the extremes, then what is between them, the nearest first.
    fn solved(&mut self, attack: &Attack, at: usize) -> bool {
        let extreme = |sign| attack.solve(&Goal { sink: vec![(at, sign)], fixed: None });
        let Some(least) = extreme(1) else { return false };
        if self.noted(attack, at, &least) {
            return true;
        }
        let Some(greatest) = extreme(-1) else { return false };
        if self.noted(attack, at, &greatest) {
            return true;
        }
        let (least, greatest) = (least[at], greatest[at]);
        let within = |change: &Change| (least..=greatest).contains(change);
        let between = (1..).take(PROBES).flat_map(|step| [step, -step]).filter(within);
        if between.clone().take(self.least).count() + 1 < self.least {
            return false;
        }
        let probes = between.flat_map(|change| attack.probes(at, change)).take(PROBES);
        for goal in probes {
            if let Some(solution) = attack.solve(&goal)
                && self.noted(attack, at, &solution)
            {
                return true;
            }
        }
        false
    }
}
