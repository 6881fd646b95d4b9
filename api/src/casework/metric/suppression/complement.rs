//! Small numbers, and the cells that one subtraction would give away.

use super::{Equation, Release};

/// The cells that are hidden for themselves.
pub(super) fn primary(release: &Release) -> Vec<bool> {
    let hide = |(&value, &forced)| value > 0 && (value <= release.threshold || forced);
    release.values.iter().zip(&release.forced).map(hide).collect()
}

/// Hides the next smallest where an equation hides one cell alone, until none does that has another
/// to hide.
pub(super) fn complete(release: &Release, hidden: &mut [bool]) {
    let alone = |equation: &Equation, hidden: &[bool]| {
        equation.cells().filter(|&cell| hidden[cell]).count() == 1
    };
    let mut changed = true;
    while changed {
        changed = false;
        for (at, equation) in release.equations.iter().enumerate() {
            if alone(equation, hidden)
                && let Some(cell) = release.least_shown(hidden, [at])
            {
                hidden[cell] = true;
                changed = true;
            }
        }
    }
}
