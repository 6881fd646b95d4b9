//! Rows beside those of another table that a column names.

use sea_orm::sea_query::{Expr, ExprTrait, SelectStatement, SimpleExpr};
use sea_orm::{QuerySelect, SelectTwo};

use super::{asking_each_of, whole};
use crate::access::redact::{LASTING, SHOWN};
use crate::access::scope::{SEEN, Visible, seen_alike, shown_beside, visible_beside};
use crate::access::session::Session;
use crate::access::viewer::Viewer;

/// What the columns of the first and of the second table of a pair are named by.
pub const A: &str = "A_";
/// See [`A`].
pub const B: &str = "B_";

/// How the rows of a second table stand beside those of a first one, and what the viewer may see of them.
pub(super) struct Pair<E: Visible, F: Visible> {
    pub from: E::Column,
    pub to: F::Column,
    /// Whether each of the first rows is one that the viewer sees.
    pub is_seen: bool,
    /// Whether each of them brings whom it names.
    pub bring: bool,
}

impl<E: Visible, F: Visible> Pair<E, F> {
    /// Whether as much is shown of the second rows as of the first ones.
    pub fn is_alike(&self) -> bool {
        self.is_seen && seen_alike::<E, F>(self.from, self.to)
    }

    /// The first rows, each beside its second one.
    pub fn beside(&self, mut select: SelectStatement, session: &Session) -> SelectStatement {
        let (from, to) = (self.from, self.to);
        let viewer = asking_each_of(session);
        let same = Expr::col((E::default(), from)).eq(Expr::col((F::default(), to)));
        select.inner_join(F::default().table_ref(), same).cond_where(if self.is_seen {
            visible_beside::<E, F>(viewer, from, to, self.bring)
        } else {
            F::visible_to(viewer, SEEN)
        });
        select
    }

    /// What the viewer is shown of the second rows.
    pub fn shown_to(&self, viewer: &Viewer) -> SimpleExpr {
        if self.is_seen {
            shown_beside::<E, F>(viewer, self.from, self.to, self.bring)
        } else {
            F::shown_to(viewer)
        }
    }
}

/// The rows beside those of another table, and what is shown of each.
pub(super) fn joined<E: Visible, F: Visible>(
    select: SelectStatement,
    session: &Session,
    pair: &Pair<E, F>,
) -> SelectTwo<E, F> {
    let viewer = session.viewer();
    let select = whole::<E>(pair.beside(select, session))
        .select_also(F::default())
        .column_as(E::shown_to(viewer), format!("{A}{SHOWN}"))
        .column_as(pair.shown_to(viewer), format!("{B}{SHOWN}"));
    if !viewer.breaks_glass {
        return select;
    }
    let lasting = viewer.lasting();
    select
        .column_as(E::shown_to(&lasting), format!("{A}{LASTING}"))
        .column_as(pair.shown_to(&lasting), format!("{B}{LASTING}"))
}
