//! Who works for an organisation: in it, above it or below it; and who sees a family by that.

use entity::access_grant::{self, AccessLevel, GrantBasis};
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

/// By which grants a family is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// Of those who lead the work with it.
    Lead,
    /// Of all to whom it is shown in full.
    Full,
    /// Of a centre, while a member is placed in it.
    Placement,
}

/// The organisations whose workers see a family by such grants: those that have one now, and all
/// above them.
pub fn seeing(change: &Change, family_id: Uuid, by: By) -> SelectStatement {
    use access_grant::Column as Grant;
    let now = change.session().now();
    let (home, granted) = (Alias::new("seer"), Alias::new("granted"));
    let path = |of: &Alias| Expr::col((of.clone(), organisation::Column::Path));
    let mut select = Query::select();
    select
        .column((home.clone(), organisation::Column::Id))
        .from(access_grant::Entity)
        .from_as(organisation::Entity, granted.clone())
        .from_as(organisation::Entity, home.clone())
        .and_where(
            Expr::col((granted.clone(), organisation::Column::Id))
                .eq(Expr::col((access_grant::Entity, Grant::OrganisationId))),
        )
        .and_where(path(&granted).binary(BinOper::Like, Expr::cust("seer.path || '%'")))
        .and_where(Grant::FamilyId.eq(family_id))
        .and_where(Grant::WorkerId.is_null())
        .and_where(match by {
            By::Lead => Grant::Basis.eq(GrantBasis::Lead),
            By::Full => Grant::Level.gte(AccessLevel::Full),
            By::Placement => Grant::Basis.eq(GrantBasis::Placement),
        })
        .and_where(Grant::Since.lte(now))
        .cond_where(Condition::any().add(Grant::Until.is_null()).add(Grant::Until.gt(now)));
    select
}
