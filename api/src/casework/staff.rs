//! Who works for an organisation: in it, above it or below it.

use entity::membership::{self, Column};
use entity::organisation;
use sea_orm::sea_query::{Alias, BinOper, Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{ColumnTrait, Condition};
use uuid::Uuid;

use super::change::Change;

/// The organisations asked about, in what [`memberships`] selects from.
pub const ROOT: &str = "root";

/// The memberships in force now in the trees of organisations, without columns: `membership` and the
/// organisation asked about, [`ROOT`], may be selected from.
pub fn memberships(change: &Change, organisations: &[Uuid]) -> SelectStatement {
    let now = change.session().now();
    let (home, root) = (Alias::new("home"), Alias::new(ROOT));
    let path = |of: &Alias| Expr::col((of.clone(), organisation::Column::Path));
    let below = path(&home).binary(BinOper::Like, Expr::cust("root.path || '%'"));
    let above = path(&root).binary(BinOper::Like, Expr::cust("home.path || '%'"));
    let mut select = Query::select();
    select
        .from(membership::Entity)
        .from_as(organisation::Entity, home.clone())
        .from_as(organisation::Entity, root.clone())
        .and_where(
            Expr::col((home, organisation::Column::Id))
                .eq(Expr::col((membership::Entity, Column::OrganisationId))),
        )
        .and_where(Expr::col((root, organisation::Column::Id)).is_in(organisations.iter().copied()))
        .cond_where(Condition::any().add(below).add(above))
        .and_where(Column::Since.lte(now))
        .cond_where(Condition::any().add(Column::Until.is_null()).add(Column::Until.gt(now)));
    select
}
