//! Which rows a viewer sees, and at which level: one predicate over access grants, used by
//! every read. An entity without [`Visible`] can't be read; `tables` says it of each.

mod beside;
mod centre;
mod counted;
mod grants;
mod sharing;
mod tables;
mod walk;

use entity::access_grant::{self, AccessLevel, GrantBasis, Shown};
use entity::membership::Role;
use entity::{family, family_member};
use sea_orm::sea_query::{
    Alias, Expr, ExprTrait, Func, Query, SelectStatement, SimpleExpr, UnionType,
};
use sea_orm::{
    ColumnTrait, Condition, DbBackend, EntityTrait, IntoSimpleExpr, Iterable, TryIntoModel, Value,
};
use uuid::Uuid;

pub use beside::{seen_alike, shown_beside, visible_beside};
pub use counted::{Counted, counted};
pub use grants::{GRANTED, granted, leads_any_of};
pub use walk::{Walk, first_persons};

use grants::{grants_of_role, in_force, in_force_for, union_of_grants};

use super::redact::Veil;
use super::viewer::Viewer;

/// What must be seen of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// The row, at a level or above it, whatever it shows.
    Row(AccessLevel),
    /// Such values of it.
    Value(Veil),
}

impl Need {
    /// The level without which it is not seen.
    pub const fn level(self) -> AccessLevel {
        match self {
            Self::Row(level) => level,
            Self::Value(veil) => veil.class.needs(),
        }
    }

    /// Which grants are enough, unless each is.
    fn is_met_by_grant(self) -> Option<SimpleExpr> {
        use access_grant::Column;
        match self {
            Self::Row(AccessLevel::ServiceOnly) => None,
            Self::Row(level) => Some(Column::Level.gte(level)),
            Self::Value(veil) if veil.needs() == Shown::default() => None,
            Self::Value(veil) => {
                let shown = Expr::col((access_grant::Entity, Column::Shown));
                Some(shown.bit_and(veil.needs().stored()).ne(0))
            }
        }
    }
}

/// With whom rows are seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// With a family.
    Family,
    /// With a person.
    Person,
}

/// An entity whose rows a viewer may see in part. For a viewer who [asks each](Viewer::asking_each), what is
/// seen is looked up row by row, else gathered before: the same, but one is fast where rows are found
/// otherwise, the other where what is seen finds them.
pub trait Visible: EntityTrait<ActiveModel: TryIntoModel<Self::Model>> {
    /// The rows of which the viewer sees what is needed.
    fn visible_to(viewer: &Viewer, need: Need) -> Condition;

    /// What the viewer is shown of a visible row, as an expression to select.
    fn shown_to(viewer: &Viewer) -> SimpleExpr;

    /// With whom the rows are seen, all alike and by nothing else, and the column that names them.
    fn subject() -> Option<(Subject, Self::Column)> {
        None
    }

    /// The columns each of which names somebody with whom the row is seen, if they are.
    fn seen_with() -> Vec<(Subject, Self::Column)> {
        Self::subject().into_iter().collect()
    }

    /// The columns that name rows which this one is a part of, and of whose family it is therefore.
    fn within() -> &'static [Self::Column] {
        &[]
    }

    /// The column that names a person who is seen by whoever sees the row, and of which rows that is true.
    fn brings() -> Option<(Self::Column, SimpleExpr)> {
        None
    }

    /// For a viewer who reaches few: that a row is with one of these few, said so that a list begins at
    /// them. It narrows nothing that [`Visible::visible_to`] leaves.
    fn among_few(_: &Viewer) -> Option<SimpleExpr> {
        None
    }
}

/// The rows that the viewer's organisation leads the work with.
pub fn led_by<E: Visible>(viewer: &Viewer) -> Condition {
    E::visible_to(&viewer.leading(), Need::Row(AccessLevel::Full))
}

/// What a role reaches of families and persons.
enum Reach {
    /// What was granted to the viewer's organisations on these bases; on any if `None`.
    Granted(Option<&'static [GrantBasis]>),
    /// The families of the viewer's areas, in summary.
    Areas,
    Nothing,
}

/// That a row is seen at all.
pub const SEEN: Need = Need::Row(AccessLevel::ServiceOnly);

const PARTNER: &[GrantBasis] =
    &[GrantBasis::Referral, GrantBasis::Enrolment, GrantBasis::Statute, GrantBasis::BreakGlass];

const LEAD: &[GrantBasis] = &[GrantBasis::Lead];

const fn reach(viewer: &Viewer) -> Reach {
    match viewer.role {
        _ if viewer.is_leading && viewer.can_lead() => Reach::Granted(Some(LEAD)),
        _ if viewer.is_leading => Reach::Nothing,
        role => of_role(role),
    }
}

const fn of_role(role: Role) -> Reach {
    match role {
        Role::Caseworker | Role::Supervisor => Reach::Granted(None),
        Role::CentreStaff => Reach::Granted(Some(&[GrantBasis::Placement])),
        Role::NgoWorker | Role::Integration => Reach::Granted(Some(PARTNER)),
        Role::AreaCoordinator => Reach::Areas,
        Role::Reporter | Role::Analyst | Role::Auditor | Role::Admin => Reach::Nothing,
    }
}

/// The level at which a coordinator sees the families of an area.
pub const AREA_LEVEL: AccessLevel = AccessLevel::Summary;

/// Membership of a column's value in a list: one array on PostgreSQL, so that there is one
/// prepared statement whatever the length; a list on SQLite.
pub fn one_of(backend: DbBackend, column: impl IntoSimpleExpr, ids: Vec<Uuid>) -> SimpleExpr {
    let column = column.into_simple_expr();
    if backend == DbBackend::Postgres {
        let ids: Value = ids.into();
        column.eq(Func::cust("any").arg(ids))
    } else {
        column.is_in(ids)
    }
}

const fn never() -> SimpleExpr {
    SimpleExpr::Constant(Value::Bool(Some(false)))
}

/// All that a level shows, of a row that is seen otherwise than by grants.
fn level(level: AccessLevel) -> SimpleExpr {
    Expr::val(Shown::all(level).stored())
}

/// That somebody sees by a grant of the query: in which role, `is` says.
pub fn roles_seeing(is: impl Fn(Role) -> SimpleExpr) -> Condition {
    Role::iter().fold(Condition::any(), |any, role| match of_role(role) {
        Reach::Granted(None) => any.add(is(role)),
        Reach::Granted(Some(bases)) => {
            any.add(is(role).and(access_grant::Column::Basis.is_in(bases.iter().copied())))
        }
        Reach::Areas | Reach::Nothing => any,
    })
}

/// The ids of the families of which the viewer sees what is needed.
fn families(viewer: &Viewer, need: Need) -> Option<SelectStatement> {
    use access_grant::Column;
    match reach(viewer) {
        Reach::Granted(bases) => {
            let mut select = grants_of_role(viewer, bases);
            select
                .column((access_grant::Entity, Column::FamilyId))
                .and_where(Column::FamilyId.is_not_null())
                .and_where_option(need.is_met_by_grant());
            Some(select)
        }
        Reach::Areas if need.level() <= AREA_LEVEL => {
            let mut select = Query::select();
            select
                .column((family::Entity, family::Column::Id))
                .from(family::Entity)
                .and_where(one_of(viewer.backend, family::Column::AreaId, viewer.areas.clone()));
            Some(select)
        }
        Reach::Areas | Reach::Nothing => None,
    }
}

/// The ids of the persons of whom the viewer sees what is needed: by a grant of their own, or as
/// members of a family.
fn persons(viewer: &Viewer, need: Need) -> Option<SelectStatement> {
    let mut members = Query::select();
    members
        .column((family_member::Entity, family_member::Column::PersonId))
        .from(family_member::Entity)
        .and_where(family_member::Column::VoidedAt.is_null())
        .and_where(
            family_member::Column::FamilyId.into_simple_expr().in_subquery(families(viewer, need)?),
        );
    if let Reach::Granted(bases) = reach(viewer) {
        use access_grant::Column;
        let mut own = grants_of_role(viewer, bases);
        own.column((access_grant::Entity, Column::PersonId))
            .and_where(Column::PersonId.is_not_null())
            .and_where_option(need.is_met_by_grant());
        members.union(UnionType::All, own);
    }
    Some(members)
}

/// That an id is among few, which are read first. For PostgreSQL alone: its planner takes an array for
/// short, and goes by an index.
pub fn among(id: impl IntoSimpleExpr, ids: SelectStatement) -> SimpleExpr {
    let ids = SimpleExpr::SubQuery(None, Box::new(ids.into()));
    id.into_simple_expr().eq(Func::cust("any").arg(Func::cust("array").arg(ids)))
}

/// That there is something, looked for again for each row: the planner must not gather it for all rows
/// before the first one.
pub fn exists_for_each(backend: DbBackend, mut select: SelectStatement) -> SimpleExpr {
    if backend == DbBackend::Postgres {
        select.offset(0);
    }
    Expr::exists(select)
}

/// That the viewer sees what is needed of a family.
fn in_families(viewer: &Viewer, need: Need, id: impl IntoSimpleExpr) -> SimpleExpr {
    let id = id.into_simple_expr();
    if viewer.asks_each() {
        return each_family(viewer, need, id).unwrap_or_else(never);
    }
    families(viewer, need).map_or_else(never, |ids| id.in_subquery(ids))
}

fn each_family(viewer: &Viewer, need: Need, id: SimpleExpr) -> Option<SimpleExpr> {
    let granted = families(viewer, need)?;
    let one = match reach(viewer) {
        // By another name, because the row that is asked about may be a family itself.
        Reach::Areas => {
            let home = Alias::new("home");
            let column = |column: family::Column| Expr::col((home.clone(), column));
            let area = column(family::Column::AreaId);
            let mut one = Query::select();
            one.column((home.clone(), family::Column::Id))
                .from_as(family::Entity, home.clone())
                .and_where(one_of(viewer.backend, area, viewer.areas.clone()))
                .and_where(column(family::Column::Id).eq(id));
            one
        }
        Reach::Granted(_) | Reach::Nothing => {
            let mut one = granted;
            one.and_where(Expr::col((access_grant::Entity, access_grant::Column::FamilyId)).eq(id));
            one
        }
    };
    Some(exists_for_each(viewer.backend, one))
}

/// That the viewer sees what is needed of a person.
fn in_persons(viewer: &Viewer, need: Need, id: impl IntoSimpleExpr) -> SimpleExpr {
    let id = id.into_simple_expr();
    if viewer.asks_each() {
        return each_person(viewer, need, &id).unwrap_or_else(never);
    }
    persons(viewer, need).map_or_else(never, |ids| id.in_subquery(ids))
}

/// By a family of theirs, or by a grant of their own.
fn each_person(viewer: &Viewer, need: Need, id: &SimpleExpr) -> Option<SimpleExpr> {
    use family_member::{Column, Entity};
    let mut membership = Query::select();
    membership
        .column((Entity, Column::PersonId))
        .from(Entity)
        .and_where(Column::VoidedAt.is_null())
        .and_where(Expr::col((Entity, Column::PersonId)).eq(id.clone()))
        .and_where(each_family(viewer, need, Expr::col((Entity, Column::FamilyId)))?);
    let member = exists_for_each(viewer.backend, membership);
    let Reach::Granted(bases) = reach(viewer) else { return Some(member) };
    let mut own = grants_of_role(viewer, bases);
    own.column((access_grant::Entity, access_grant::Column::PersonId))
        .and_where_option(need.is_met_by_grant())
        .and_where(access_grant::Column::PersonId.into_simple_expr().eq(id.clone()));
    Some(member.or(exists_for_each(viewer.backend, own)))
}

/// That a row's id of another row is among those of a query.
fn in_rows(
    viewer: &Viewer,
    id: SimpleExpr,
    mut rows: SelectStatement,
    key: SimpleExpr,
) -> SimpleExpr {
    if viewer.asks_each() {
        rows.and_where(key.eq(id));
        return exists_for_each(viewer.backend, rows);
    }
    id.in_subquery(rows)
}

/// What grants show of the family of a row, all together.
fn family_shown(viewer: &Viewer, id: impl IntoSimpleExpr) -> SimpleExpr {
    use access_grant::Column;
    match reach(viewer) {
        Reach::Granted(bases) => {
            let mut select = grants_of_role(viewer, bases);
            select
                .expr(union_of_grants(viewer.backend))
                .and_where(Column::FamilyId.into_simple_expr().eq(id.into_simple_expr()));
            or_zero(select)
        }
        Reach::Areas | Reach::Nothing => level(AREA_LEVEL),
    }
}

/// What grants show of the person of a row, all together.
fn person_shown(viewer: &Viewer, id: impl IntoSimpleExpr) -> SimpleExpr {
    use access_grant::Column;
    let id = id.into_simple_expr();
    match reach(viewer) {
        Reach::Granted(bases) => {
            let mut own = grants_of_role(viewer, bases);
            own.expr(union_of_grants(viewer.backend))
                .and_where(Column::PersonId.into_simple_expr().eq(id.clone()));
            let mut by_family = grants_of_role(viewer, bases);
            let mut homes = Query::select();
            homes
                .column((family_member::Entity, family_member::Column::FamilyId))
                .from(family_member::Entity)
                .and_where(family_member::Column::VoidedAt.is_null())
                .and_where(family_member::Column::PersonId.into_simple_expr().eq(id));
            by_family
                .expr(union_of_grants(viewer.backend))
                .and_where(Column::FamilyId.into_simple_expr().in_subquery(homes));
            or_zero(own).bit_or(or_zero(by_family))
        }
        Reach::Areas | Reach::Nothing => level(AREA_LEVEL),
    }
}

fn or_zero(select: SelectStatement) -> SimpleExpr {
    Func::coalesce([SimpleExpr::SubQuery(None, Box::new(select.into())), Expr::val(0)]).into()
}
