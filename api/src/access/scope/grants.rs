//! Which grants count for a viewer, and how a statement asks them.

use entity::access_grant::{self, GrantBasis, Shown};
use sea_orm::sea_query::{Expr, ExprTrait, Func, Query, SelectStatement, SimpleExpr};
use sea_orm::{ColumnTrait, Condition, DbBackend};

use super::{LEAD, Reach, never, one_of, reach};
use crate::access::viewer::{Grants, Viewer};

/// The grants in force for the viewer on some bases.
pub(super) fn grants(viewer: &Viewer, bases: Option<&[GrantBasis]>) -> SelectStatement {
    let mut select = Query::select();
    select.from(access_grant::Entity).cond_where(in_force(viewer, bases));
    select
}

/// What is granted to the viewer by their role, for a statement to name once as [`GRANTED`]. For PostgreSQL,
/// which puts it in its place wherever it is named; and not for who took access in an emergency: what
/// they are shown depends on where it is asked.
pub fn granted(viewer: &Viewer) -> Option<SelectStatement> {
    use access_grant::Column;
    let Reach::Granted(bases) = reach(viewer) else { return None };
    if viewer.backend != DbBackend::Postgres || viewer.breaks_glass || viewer.is_leading {
        return None;
    }
    let mut granted = grants(viewer, bases);
    granted.columns([Column::FamilyId, Column::PersonId, Column::Level, Column::Shown]);
    Some(granted)
}

/// As what a statement names what is granted.
pub const GRANTED: &str = "granted";

/// The grants by which the viewer's role sees.
pub(super) fn grants_of_role(viewer: &Viewer, bases: Option<&[GrantBasis]>) -> SelectStatement {
    if viewer.grants == Grants::OfTable || viewer.is_leading {
        return grants(viewer, bases);
    }
    let mut select = Query::select();
    // Under the name of the table, so that what is asked of it is said alike.
    select.from_as(GRANTED, access_grant::Entity);
    select
}

/// That a grant is in force for the viewer, on one of some bases.
pub(super) fn in_force(viewer: &Viewer, bases: Option<&[GrantBasis]>) -> Condition {
    let organisations = viewer.organisations.clone();
    let own = one_of(viewer.backend, access_grant::Column::OrganisationId, organisations);
    in_force_for(own, viewer, bases)
}

/// The same of a grant to an organisation that a condition says.
pub(super) fn in_force_for(
    organisation: SimpleExpr,
    viewer: &Viewer,
    bases: Option<&[GrantBasis]>,
) -> Condition {
    use access_grant::Column;
    Condition::all()
        .add(organisation)
        .add(Column::Since.lte(viewer.now))
        .add(Condition::any().add(Column::Until.is_null()).add(Column::Until.gt(viewer.now)))
        .add(for_worker(viewer))
        .add_option(bases.map(|bases| Column::Basis.is_in(bases.iter().copied())))
}

/// That the viewer's organisations lead the work with one of these families or persons.
pub fn leads_any_of(
    viewer: &Viewer,
    families: impl Iterator<Item = SelectStatement>,
    persons: impl Iterator<Item = SelectStatement>,
) -> SimpleExpr {
    use access_grant::Column;
    let column = |column: Column| Expr::col((access_grant::Entity, column));
    let any = Condition::any().add(never());
    let any = families.fold(any, |any, ids| any.add(column(Column::FamilyId).in_subquery(ids)));
    let any = persons.fold(any, |any, ids| any.add(column(Column::PersonId).in_subquery(ids)));
    let mut led = grants(viewer, Some(LEAD));
    led.expr(Expr::val(1)).cond_where(any);
    Expr::exists(led)
}

/// Grants for everybody in the organisation; and for the viewer alone, where there are such.
fn for_worker(viewer: &Viewer) -> Condition {
    use access_grant::Column;
    let own = viewer.worker_id.filter(|_| viewer.breaks_glass);
    Condition::any()
        .add(Column::WorkerId.is_null())
        .add_option(own.map(|id| Column::WorkerId.eq(id)))
}

/// The bits of several grants together. SQLite has no aggregate for that: each bit is there if it is
/// there in the greatest of what the grants have of it.
pub(super) fn union_of_grants(backend: DbBackend) -> SimpleExpr {
    let shown = || Expr::col((access_grant::Entity, access_grant::Column::Shown));
    if backend == DbBackend::Postgres {
        return Func::cust("bit_or").arg(shown()).into();
    }
    let greatest = |bit: Shown| SimpleExpr::from(Func::max(shown().bit_and(bit.stored())));
    Shown::bits().map(greatest).reduce(ExprTrait::bit_or).unwrap_or_else(|| Expr::val(0))
}
