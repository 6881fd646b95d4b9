//! Which counts of a published table are hidden, so that no small number of families or children
//! can be read from it or computed from what it shows.
//!
//! A [`Release`] holds every cell that is published together and the equations between them.
//! Counts of `1..=threshold` are hidden; then, where one hidden cell of an equation would follow
//! from the others, the next smallest is hidden with it; then an audit takes the part of a reader
//! who subtracts, and hides more until he can name no hidden count.
//!
//! That reader knows the equations, how far parts overlap, what is shown, that a hidden count is
//! at least one, that a total is no less than any of its parts, the threshold, and that hidden
//! cells which hang together hide at least one count within it (or one that was hidden for a
//! reason of its own). What is hidden beyond the small numbers is as little as the audit allows,
//! so a reader who replays these rules for each guess may narrow more than the audit sees; it
//! promises `least_candidates` to arithmetic, not to that.

mod attack;
mod audit;
mod complement;
#[cfg(test)]
mod tests;

/// Fewest counts that must stay possible for a hidden cell unless the caller asks for more.
const LEAST_CANDIDATES: usize = 2;

/// A cell of one [`Release`]; of no meaning in another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CellId(usize);

/// A total and its parts.
#[derive(Clone, Debug)]
struct Equation {
    total: usize,
    /// In order, each once, without the total.
    parts: Vec<usize>,
    /// Parts share some of what they count, so that the total is less than their sum.
    overlapping: bool,
}

impl Equation {
    fn cells(&self) -> impl Iterator<Item = usize> {
        std::iter::once(self.total).chain(self.parts.iter().copied())
    }
}

/// Counts that are published together, and how they add up.
#[derive(Clone, Debug)]
pub struct Release {
    threshold: u64,
    least_candidates: usize,
    values: Vec<u64>,
    forced: Vec<bool>,
    equations: Vec<Equation>,
    /// By cell, the equations that it is in.
    equations_of: Vec<Vec<usize>>,
}

impl Release {
    /// Nothing yet; counts of `1..=threshold` will be hidden, and with 0 none for its size.
    pub fn new(threshold: u64) -> Self {
        Self {
            threshold,
            least_candidates: LEAST_CANDIDATES,
            values: Vec::new(),
            forced: Vec::new(),
            equations: Vec::new(),
            equations_of: Vec::new(),
        }
    }

    /// How many counts must stay possible for each hidden cell, 2 by default and at least; more
    /// hides more. A cell may keep fewer where nothing is left to hide with it: with a threshold of
    /// `t` a cell that is in no equation has `t`.
    #[must_use]
    pub fn with_least_candidates(mut self, least: usize) -> Self {
        self.least_candidates = least.max(LEAST_CANDIDATES);
        self
    }

    /// Adds a cell.
    pub fn cell(&mut self, value: u64) -> CellId {
        self.values.push(value);
        self.forced.push(false);
        self.equations_of.push(Vec::new());
        CellId(self.values.len() - 1)
    }

    /// Says that the total counts what its parts count; a part named twice is one part. Parts may
    /// overlap, as branches do that serve the same family, or leave a rest: by how much is taken
    /// from the values, and the reader is thought to know it.
    pub fn equation(&mut self, total: CellId, parts: &[CellId]) {
        let total = total.0;
        let mut parts: Vec<usize> =
            parts.iter().map(|part| part.0).filter(|&part| part != total).collect();
        parts.sort_unstable();
        parts.dedup();
        let sum: u128 = parts.iter().map(|&part| u128::from(self.values[part])).sum();
        let overlapping = sum > u128::from(self.values[total]);
        let equation = Equation { total, parts, overlapping };
        for cell in equation.cells() {
            self.equations_of[cell].push(self.equations.len());
        }
        self.equations.push(equation);
    }

    /// Hides a cell whatever its size, because an earlier release hid it or shows a count too close
    /// to this one. A zero is shown all the same.
    pub fn force_hidden(&mut self, cell: CellId) {
        self.forced[cell.0] = true;
    }

    /// Decides what is hidden; the same release gives the same answer.
    pub fn suppress(&self) -> Hidden {
        let mut hidden = complement::primary(self);
        audit::protect(self, &mut hidden);
        let shown = |(&value, hidden)| if hidden { None } else { Some(value) };
        Hidden { shown: self.values.iter().zip(hidden).map(shown).collect() }
    }

    /// The least shown count above zero in these equations, parts before totals and then the
    /// earliest cell where several are equal.
    fn least_shown(
        &self,
        hidden: &[bool],
        equations: impl IntoIterator<Item = usize>,
    ) -> Option<usize> {
        let order = |equation: usize| {
            let equation = &self.equations[equation];
            equation.cells().map(|cell| (self.values[cell], cell == equation.total, cell))
        };
        equations
            .into_iter()
            .flat_map(order)
            .filter(|&(value, _, cell)| value > 0 && !hidden[cell])
            .min()
            .map(|(_, _, cell)| cell)
    }
}

/// What of a release is shown. Why a cell is hidden isn't told: that would tell its size.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hidden {
    shown: Vec<Option<u64>>,
}

impl Hidden {
    /// Whether the cell is hidden.
    pub fn is_hidden(&self, cell: CellId) -> bool {
        self.shown(cell).is_none()
    }

    /// The count, unless it is hidden.
    pub fn shown(&self, cell: CellId) -> Option<u64> {
        self.shown.get(cell.0).copied().flatten()
    }
}
