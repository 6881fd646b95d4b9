//! How rows beside others are seen: what these prove is not looked up again.

use sea_orm::sea_query::{Expr, ExprTrait, SimpleExpr};
use sea_orm::{Condition, IdenStatic};

use super::{Reach, SEEN, Subject, Visible, level, reach};
use crate::access::viewer::Viewer;
use entity::access_grant::AccessLevel;

/// How rows beside others are seen with these, which the viewer sees.
enum Beside {
    /// By the same as these.
    Alike,
    /// By these, where that is true; else for themselves.
    Where(SimpleExpr),
}

impl Beside {
    /// Of a row that is named by a column of one that the viewer sees.
    fn of<E: Visible, F: Visible>(from: E::Column, to: F::Column) -> Option<Self> {
        let (subject, _) = F::subject().filter(|(_, key)| key.as_str() == to.as_str())?;
        let is_named = |column: E::Column| column.as_str() == from.as_str();
        if E::subject().is_some_and(|(with, named)| with == subject && is_named(named)) {
            return Some(Self::Alike);
        }
        let (column, is_true) = E::brings()?;
        (subject == Subject::Person && is_named(column)).then_some(Self::Where(is_true))
    }
}

/// Whether rows beside others are seen by the same as these, and as much of them.
pub fn seen_alike<E: Visible, F: Visible>(from: E::Column, to: F::Column) -> bool {
    matches!(Beside::of::<E, F>(from, to), Some(Beside::Alike))
}

/// The rows beside those that the viewer sees, named by a column of these. What these prove is not looked up
/// again; nor whether they bring whom they name, where it is known that all do.
pub fn visible_beside<E: Visible, F: Visible>(
    viewer: &Viewer,
    from: E::Column,
    to: F::Column,
    all_bring: bool,
) -> Condition {
    match Beside::of::<E, F>(from, to) {
        Some(Beside::Alike) => Condition::all(),
        Some(Beside::Where(_)) if all_bring => Condition::all(),
        Some(Beside::Where(is_true)) => {
            Condition::any().add(is_true).add(F::visible_to(viewer, SEEN))
        }
        None => F::visible_to(viewer, SEEN),
    }
}

/// What the viewer is shown of such rows: at least what of those that they are seen with.
pub fn shown_beside<E: Visible, F: Visible>(
    viewer: &Viewer,
    from: E::Column,
    to: F::Column,
    all_bring: bool,
) -> SimpleExpr {
    match Beside::of::<E, F>(from, to) {
        Some(Beside::Alike) => E::shown_to(viewer),
        Some(Beside::Where(is_true)) if matches!(reach(viewer), Reach::Granted(_)) => {
            let all = level(AccessLevel::Full);
            let fully = E::shown_to(viewer).eq(all.clone());
            Expr::case(if all_bring { fully } else { is_true.and(fully) }, all)
                .finally(F::shown_to(viewer))
                .into()
        }
        _ => F::shown_to(viewer),
    }
}
