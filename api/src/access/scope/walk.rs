//! The first persons that a viewer sees, found along what makes them seen instead of along all persons.

use entity::{access_grant, family_member, person};
use sea_orm::sea_query::{
    Alias, Expr, ExprTrait, Func, JoinType, Query, SelectStatement, SimpleExpr, UnionType,
};
use sea_orm::{ColumnTrait, Condition, IntoSimpleExpr, Order, Value};
use uuid::Uuid;

use super::{Reach, SEEN, each_family, exists_for_each, in_force_for, reach};
use crate::access::viewer::Viewer;

/// Where a walk along ids begins, where it goes, and when it ends.
#[derive(Clone, Debug)]
pub struct Walk {
    /// Which way.
    pub direction: Order,
    /// The id behind which it begins.
    pub behind: Option<Uuid>,
    /// How many are found at most.
    pub most: u64,
}

/// The name of what is found.
const ID: &str = "walked";

impl Walk {
    /// The first ids of a query over rows that name persons, of those that count.
    fn along(
        &self,
        mut rows: SelectStatement,
        id: SimpleExpr,
        persons: &SelectStatement,
        viewer: &Viewer,
    ) -> SelectStatement {
        let mut counts = persons.clone();
        counts.and_where(Expr::col((person::Entity, person::Column::Id)).eq(id.clone()));
        rows.distinct()
            .expr_as(id.clone(), Alias::new(ID))
            .and_where_option(self.behind.map(|last| self.is_behind(id.clone(), last)))
            .and_where(exists_for_each(viewer.backend, counts))
            .order_by_expr(id, self.direction.clone())
            .limit(self.most);
        rows
    }

    fn is_behind(&self, id: SimpleExpr, last: Uuid) -> SimpleExpr {
        if self.direction == Order::Desc { id.lt(last) } else { id.gt(last) }
    }
}

/// The ids of the first persons of a query that the viewer sees, by id: along the memberships of
/// families, and along the grants of persons to each organisation. What the viewer may see of a family or
/// by a grant is looked up there, so that of the others the person isn't read. For PostgreSQL alone.
pub fn first_persons(
    viewer: &Viewer,
    persons: &SelectStatement,
    walk: &Walk,
) -> Option<SelectStatement> {
    let mut members = Query::select();
    members
        .from(family_member::Entity)
        .and_where(family_member::Column::VoidedAt.is_null())
        .and_where(each_family(viewer, SEEN, Expr::col(FAMILY))?);
    let id = family_member::Column::PersonId.into_simple_expr();
    let members = walk.along(members, id, persons, viewer);
    let mut all = Query::select();
    all.column(Alias::new(ID)).from_subquery(members, Alias::new("members"));
    if let Some(granted) = granted(viewer, persons, walk) {
        all.union(UnionType::Distinct, granted);
    }
    all.order_by(Alias::new(ID), walk.direction.clone()).limit(walk.most);
    Some(all)
}

const FAMILY: (family_member::Entity, family_member::Column) =
    (family_member::Entity, family_member::Column::FamilyId);

/// Along the grants of persons, to one organisation after the other, since only those of one are in order.
fn granted(viewer: &Viewer, persons: &SelectStatement, walk: &Walk) -> Option<SelectStatement> {
    use access_grant::Column;
    let Reach::Granted(bases) = reach(viewer) else { return None };
    let own = Alias::new("own");
    let to_it = Column::OrganisationId.into_simple_expr().eq(Expr::col((own.clone(), own.clone())));
    let mut grants = Query::select();
    grants
        .from(access_grant::Entity)
        .cond_where(in_force_for(to_it, viewer, bases))
        .and_where(Column::PersonId.is_not_null())
        .and_where_option(SEEN.is_met_by_grant());
    let grants = walk.along(grants, Column::PersonId.into_simple_expr(), persons, viewer);
    let organisations: Value = viewer.organisations.clone().into();
    let mut granted = Query::select();
    granted
        .column(Alias::new(ID))
        .from_function(Func::cust("unnest").arg(organisations), own)
        .join_lateral(JoinType::InnerJoin, grants, Alias::new("grants"), Condition::all());
    Some(granted)
}
