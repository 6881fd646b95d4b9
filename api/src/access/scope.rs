//! Which rows a viewer sees, and at which level: one predicate over access grants, used by
//! every read. An entity without [`Visible`] can't be read.

use entity::access_grant::{self, AccessLevel, GrantBasis};
use entity::membership::Role;
use entity::{concern_report, family, family_member, worker};
use sea_orm::sea_query::{Expr, ExprTrait, Func, Query, SelectStatement, SimpleExpr, UnionType};
use sea_orm::{ColumnTrait, Condition, DbBackend, EntityTrait, IntoSimpleExpr, Value};
use uuid::Uuid;

use super::viewer::Viewer;

/// An entity whose rows a viewer may see in part.
pub trait Visible: EntityTrait {
    /// The rows that the viewer sees at a level or above it.
    fn visible_to(viewer: &Viewer, at_least: AccessLevel) -> Condition;

    /// The viewer's level on a visible row, as an expression to select.
    fn level_for(viewer: &Viewer) -> SimpleExpr;
}

/// What a role reaches of families and persons.
enum Reach {
    /// What was granted to the viewer's organisations on these bases; on any if `None`.
    Granted(Option<&'static [GrantBasis]>),
    /// The families of the viewer's areas, in summary.
    Areas,
    Nothing,
}

const PARTNER: &[GrantBasis] =
    &[GrantBasis::Referral, GrantBasis::Enrolment, GrantBasis::Statute, GrantBasis::BreakGlass];

const fn reach(role: Role) -> Reach {
    match role {
        Role::Caseworker | Role::Supervisor => Reach::Granted(None),
        Role::CentreStaff => Reach::Granted(Some(&[GrantBasis::Placement])),
        Role::NgoWorker | Role::Integration => Reach::Granted(Some(PARTNER)),
        Role::AreaCoordinator => Reach::Areas,
        Role::Reporter | Role::Analyst | Role::Auditor | Role::Admin => Reach::Nothing,
    }
}

/// The level at which a coordinator sees the families of an area.
const AREA_LEVEL: AccessLevel = AccessLevel::Summary;

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

fn level(level: AccessLevel) -> SimpleExpr {
    Expr::val(sea_orm::ActiveEnum::into_value(level))
}

/// The grants in force for the viewer on some bases.
fn grants(viewer: &Viewer, bases: Option<&[GrantBasis]>) -> SelectStatement {
    use access_grant::Column;
    let mut select = Query::select();
    select
        .from(access_grant::Entity)
        .and_where(one_of(viewer.backend, Column::OrganisationId, viewer.organisations.clone()))
        .and_where(Column::Since.lte(viewer.now))
        .cond_where(
            Condition::any().add(Column::Until.is_null()).add(Column::Until.gt(viewer.now)),
        );
    if let Some(bases) = bases {
        select.and_where(Column::Basis.is_in(bases.iter().copied()));
    }
    select
}

/// The ids of the families that the viewer sees at a level.
fn families(viewer: &Viewer, at_least: AccessLevel) -> Option<SelectStatement> {
    use access_grant::Column;
    match reach(viewer.role) {
        Reach::Granted(bases) => {
            let mut select = grants(viewer, bases);
            select
                .column((access_grant::Entity, Column::FamilyId))
                .and_where(Column::FamilyId.is_not_null())
                .and_where(Column::Level.gte(at_least));
            Some(select)
        }
        Reach::Areas if at_least <= AREA_LEVEL => {
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

/// The ids of the persons that the viewer sees at a level: by a grant of their own, or as
/// members of a family.
fn persons(viewer: &Viewer, at_least: AccessLevel) -> Option<SelectStatement> {
    let mut members = Query::select();
    members
        .column((family_member::Entity, family_member::Column::PersonId))
        .from(family_member::Entity)
        .and_where(family_member::Column::VoidedAt.is_null())
        .and_where(
            family_member::Column::FamilyId
                .into_simple_expr()
                .in_subquery(families(viewer, at_least)?),
        );
    if let Reach::Granted(bases) = reach(viewer.role) {
        use access_grant::Column;
        let mut own = grants(viewer, bases);
        own.column((access_grant::Entity, Column::PersonId))
            .and_where(Column::PersonId.is_not_null())
            .and_where(Column::Level.gte(at_least));
        members.union(UnionType::All, own);
    }
    Some(members)
}

fn in_families(viewer: &Viewer, at_least: AccessLevel, id: impl IntoSimpleExpr) -> SimpleExpr {
    families(viewer, at_least).map_or_else(never, |ids| id.into_simple_expr().in_subquery(ids))
}

fn in_persons(viewer: &Viewer, at_least: AccessLevel, id: impl IntoSimpleExpr) -> SimpleExpr {
    persons(viewer, at_least).map_or_else(never, |ids| id.into_simple_expr().in_subquery(ids))
}

/// The highest level that grants give on the family of a row, or nothing.
fn family_level(viewer: &Viewer, id: impl IntoSimpleExpr) -> SimpleExpr {
    use access_grant::Column;
    match reach(viewer.role) {
        Reach::Granted(bases) => {
            let mut select = grants(viewer, bases);
            select
                .expr(Func::max(Column::Level.into_simple_expr()))
                .and_where(Column::FamilyId.into_simple_expr().eq(id.into_simple_expr()));
            or_zero(select)
        }
        Reach::Areas | Reach::Nothing => level(AREA_LEVEL),
    }
}

/// The highest level that grants give on the person of a row, or nothing.
fn person_level(viewer: &Viewer, id: impl IntoSimpleExpr) -> SimpleExpr {
    use access_grant::Column;
    let id = id.into_simple_expr();
    match reach(viewer.role) {
        Reach::Granted(bases) => {
            let mut own = grants(viewer, bases);
            own.expr(Func::max(Column::Level.into_simple_expr()))
                .and_where(Column::PersonId.into_simple_expr().eq(id.clone()));
            let mut by_family = grants(viewer, bases);
            let mut homes = Query::select();
            homes
                .column((family_member::Entity, family_member::Column::FamilyId))
                .from(family_member::Entity)
                .and_where(family_member::Column::VoidedAt.is_null())
                .and_where(family_member::Column::PersonId.into_simple_expr().eq(id));
            by_family
                .expr(Func::max(Column::Level.into_simple_expr()))
                .and_where(Column::FamilyId.into_simple_expr().in_subquery(homes));
            higher(viewer.backend, or_zero(own), or_zero(by_family))
        }
        Reach::Areas | Reach::Nothing => level(AREA_LEVEL),
    }
}

fn or_zero(select: SelectStatement) -> SimpleExpr {
    Func::coalesce([SimpleExpr::SubQuery(None, Box::new(select.into())), Expr::val(0)]).into()
}

fn higher(backend: DbBackend, one: SimpleExpr, other: SimpleExpr) -> SimpleExpr {
    let name = if backend == DbBackend::Postgres { "greatest" } else { "max" };
    Func::cust(name).args([one, other]).into()
}

/// Rows that everybody signed in may see: they say nothing of a family.
macro_rules! open_to_all {
    ($($entity:ident),+ $(,)?) => {
        $(impl Visible for entity::$entity::Entity {
            fn visible_to(_: &Viewer, _: AccessLevel) -> Condition {
                Condition::all()
            }

            fn level_for(_: &Viewer) -> SimpleExpr {
                level(AccessLevel::Full)
            }
        })+
    };
}

/// Rows that are seen with their family.
macro_rules! seen_with_family {
    ($($entity:ident . $column:ident),+ $(,)?) => {
        $(impl Visible for entity::$entity::Entity {
            fn visible_to(viewer: &Viewer, at_least: AccessLevel) -> Condition {
                let id = (Self, entity::$entity::Column::$column);
                Condition::all().add(in_families(viewer, at_least, Expr::col(id)))
            }

            fn level_for(viewer: &Viewer) -> SimpleExpr {
                family_level(viewer, Expr::col((Self, entity::$entity::Column::$column)))
            }
        })+
    };
}

/// Rows that are seen with their person.
macro_rules! seen_with_person {
    ($($entity:ident . $column:ident),+ $(,)?) => {
        $(impl Visible for entity::$entity::Entity {
            fn visible_to(viewer: &Viewer, at_least: AccessLevel) -> Condition {
                let id = (Self, entity::$entity::Column::$column);
                Condition::all().add(in_persons(viewer, at_least, Expr::col(id)))
            }

            fn level_for(viewer: &Viewer) -> SimpleExpr {
                person_level(viewer, Expr::col((Self, entity::$entity::Column::$column)))
            }
        })+
    };
}

/// Rows that are about a family, or else about a person.
macro_rules! seen_with_subject {
    ($($entity:ident),+ $(,)?) => {
        $(impl Visible for entity::$entity::Entity {
            fn visible_to(viewer: &Viewer, at_least: AccessLevel) -> Condition {
                use entity::$entity::Column;
                Condition::any()
                    .add(in_families(viewer, at_least, Expr::col((Self, Column::FamilyId))))
                    .add(in_persons(viewer, at_least, Expr::col((Self, Column::PersonId))))
            }

            fn level_for(viewer: &Viewer) -> SimpleExpr {
                use entity::$entity::Column;
                higher(
                    viewer.backend,
                    family_level(viewer, Expr::col((Self, Column::FamilyId))),
                    person_level(viewer, Expr::col((Self, Column::PersonId))),
                )
            }
        })+
    };
}

/// Rows that are seen with another row, which this one names by its id.
macro_rules! seen_with_parent {
    ($($entity:ident . $column:ident of $parent:ident),+ $(,)?) => {
        $(impl Visible for entity::$entity::Entity {
            fn visible_to(viewer: &Viewer, at_least: AccessLevel) -> Condition {
                let mut parents = Query::select();
                parents
                    .column((entity::$parent::Entity, entity::$parent::Column::Id))
                    .from(entity::$parent::Entity)
                    .cond_where(entity::$parent::Entity::visible_to(viewer, at_least));
                let id = (Self, entity::$entity::Column::$column);
                Condition::all().add(Expr::col(id).in_subquery(parents))
            }

            fn level_for(viewer: &Viewer) -> SimpleExpr {
                let mut parents = Query::select();
                parents
                    .expr(entity::$parent::Entity::level_for(viewer))
                    .from(entity::$parent::Entity)
                    .and_where(
                        Expr::col((entity::$parent::Entity, entity::$parent::Column::Id))
                            .eq(Expr::col((Self, entity::$entity::Column::$column))),
                    );
                or_zero(parents)
            }
        })+
    };
}

open_to_all!(
    area,
    organisation,
    organisation_area,
    register,
    service_type,
    centre,
    unit,
    capacity_period,
    programme,
    budget_line,
    programme_availability,
    eligibility_rule,
    programme_stage,
    intake,
);

seen_with_family!(
    family.Id,
    family_characteristic.FamilyId,
    family_member.FamilyId,
    case.FamilyId,
    episode.FamilyId,
    assignment.FamilyId,
    assessment.FamilyId,
    plan.FamilyId,
    plan_sign_off.FamilyId,
    goal.FamilyId,
    measure.FamilyId,
    visit.FamilyId,
    service.FamilyId,
    stage_event.FamilyId,
    consent.FamilyId,
    consent_recipient.FamilyId,
    referral.FamilyId,
);

seen_with_person!(
    person.Id,
    person_name.PersonId,
    person_identifier.PersonId,
    legal_status.PersonId,
    placement.PersonId,
    absence.PersonId,
);

seen_with_subject!(register_entry, decision, enrolment);

seen_with_parent!(
    concern_category.ConcernReportId of concern_report,
    visit_child.VisitId of visit,
    service_person.ServiceId of service,
    enrolment_person.EnrolmentId of enrolment,
);

/// Both persons must be visible, so that a relationship never tells of a hidden one.
impl Visible for entity::relationship::Entity {
    fn visible_to(viewer: &Viewer, at_least: AccessLevel) -> Condition {
        use entity::relationship::Column;
        Condition::all()
            .add(in_persons(viewer, at_least, Expr::col((Self, Column::PersonId))))
            .add(in_persons(viewer, at_least, Expr::col((Self, Column::OtherId))))
    }

    fn level_for(viewer: &Viewer) -> SimpleExpr {
        person_level(viewer, Expr::col((Self, entity::relationship::Column::PersonId)))
    }
}

/// Colleagues are known to those who work with families, to auditors and to administrators;
/// everybody knows themselves.
impl Visible for worker::Entity {
    fn visible_to(viewer: &Viewer, _: AccessLevel) -> Condition {
        match viewer.role {
            Role::Reporter | Role::Analyst | Role::Integration => {
                Condition::all().add(worker::Column::Id.eq(viewer.worker_id))
            }
            Role::Caseworker
            | Role::Supervisor
            | Role::AreaCoordinator
            | Role::CentreStaff
            | Role::NgoWorker
            | Role::Auditor
            | Role::Admin => Condition::all(),
        }
    }

    fn level_for(_: &Viewer) -> SimpleExpr {
        level(AccessLevel::Full)
    }
}

/// A report is seen in full by the organisation that received it, with its family by others,
/// in summary by the area's coordinator, and as to its progress by whoever submitted it.
impl Visible for concern_report::Entity {
    fn visible_to(viewer: &Viewer, at_least: AccessLevel) -> Condition {
        use concern_report::Column;
        let own = at_least == AccessLevel::ServiceOnly;
        match viewer.role {
            Role::Caseworker | Role::Supervisor => Condition::any()
                .add(received_by(viewer))
                .add(in_families(viewer, at_least, Expr::col((Self, Column::FamilyId)))),
            Role::AreaCoordinator if at_least <= AREA_LEVEL => {
                Condition::all().add(one_of(viewer.backend, Column::AreaId, viewer.areas.clone()))
            }
            Role::Reporter if own => {
                Condition::all().add(Column::SubmittedById.eq(viewer.worker_id))
            }
            Role::Integration if own => {
                Condition::all().add(Column::SubmittedByClientId.eq(viewer.api_client_id))
            }
            _ => Condition::all().add(never()),
        }
    }

    fn level_for(viewer: &Viewer) -> SimpleExpr {
        match viewer.role {
            Role::Caseworker | Role::Supervisor => {
                Expr::case(received_by(viewer), level(AccessLevel::Full))
                    .finally(family_level(
                        viewer,
                        Expr::col((Self, concern_report::Column::FamilyId)),
                    ))
                    .into()
            }
            Role::AreaCoordinator => level(AREA_LEVEL),
            _ => level(AccessLevel::ServiceOnly),
        }
    }
}

fn received_by(viewer: &Viewer) -> SimpleExpr {
    one_of(viewer.backend, concern_report::Column::OrganisationId, viewer.organisations.clone())
}
