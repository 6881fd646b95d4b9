//! Of each table, with what its rows are seen: with everybody, with a family, with a person, with
//! another row, or by a rule of their own.

use entity::access_grant::{self, AccessLevel};
use entity::membership::Role;
use entity::snapshot::Audience;
use entity::task::TaskKind;
use entity::{concern_report, family_member, worker};
use sea_orm::sea_query::{Expr, ExprTrait, Query, SimpleExpr};
use sea_orm::{ColumnTrait, Condition};

use super::{
    AREA_LEVEL, Need, Reach, SEEN, Subject, Visible, among, families, family_shown, in_families,
    in_force, in_persons, in_rows, level, never, one_of, or_zero, person_shown, persons, reach,
};
use crate::access::viewer::Viewer;

/// Rows that everybody signed in may see: they say nothing of a family.
macro_rules! open_to_all {
    ($($entity:ident),+ $(,)?) => {
        $(impl Visible for entity::$entity::Entity {
            fn visible_to(_: &Viewer, _: Need) -> Condition {
                Condition::all()
            }

            fn shown_to(_: &Viewer) -> SimpleExpr {
                level(AccessLevel::Full)
            }
        })+
    };
}

/// Rows that are seen with their family; and the rows of the same family that they are parts of.
macro_rules! seen_with_family {
    ($($entity:ident . $column:ident
        $(of $($parent:ident)+)? $(brings $person:ident where $is_true:expr)?),+ $(,)?) => {
        $(impl Visible for entity::$entity::Entity {
            fn visible_to(viewer: &Viewer, need: Need) -> Condition {
                let id = (Self, entity::$entity::Column::$column);
                Condition::all().add(in_families(viewer, need, Expr::col(id)))
            }

            fn shown_to(viewer: &Viewer) -> SimpleExpr {
                family_shown(viewer, Expr::col((Self, entity::$entity::Column::$column)))
            }

            fn subject() -> Option<(Subject, Self::Column)> {
                Some((Subject::Family, entity::$entity::Column::$column))
            }

            $(fn within() -> &'static [Self::Column] {
                &[$(entity::$entity::Column::$parent),+]
            })?

            $(fn brings() -> Option<(Self::Column, SimpleExpr)> {
                Some((entity::$entity::Column::$person, $is_true))
            })?

            fn among_few(viewer: &Viewer) -> Option<SimpleExpr> {
                let id = Expr::col((Self, entity::$entity::Column::$column));
                Some(among(id, families(viewer, SEEN)?))
            }
        })+
    };
}

/// Rows that are seen with their person.
macro_rules! seen_with_person {
    ($($entity:ident . $column:ident),+ $(,)?) => {
        $(impl Visible for entity::$entity::Entity {
            fn visible_to(viewer: &Viewer, need: Need) -> Condition {
                let id = (Self, entity::$entity::Column::$column);
                Condition::all().add(in_persons(viewer, need, Expr::col(id)))
            }

            fn shown_to(viewer: &Viewer) -> SimpleExpr {
                person_shown(viewer, Expr::col((Self, entity::$entity::Column::$column)))
            }

            fn subject() -> Option<(Subject, Self::Column)> {
                Some((Subject::Person, entity::$entity::Column::$column))
            }

            fn among_few(viewer: &Viewer) -> Option<SimpleExpr> {
                let id = Expr::col((Self, entity::$entity::Column::$column));
                Some(among(id, persons(viewer, SEEN)?))
            }
        })+
    };
}

/// Rows that are about a family, or else about a person.
macro_rules! seen_with_subject {
    ($($entity:ident),+ $(,)?) => {
        $(impl Visible for entity::$entity::Entity {
            fn visible_to(viewer: &Viewer, need: Need) -> Condition {
                use entity::$entity::Column;
                Condition::any()
                    .add(in_families(viewer, need, Expr::col((Self, Column::FamilyId))))
                    .add(in_persons(viewer, need, Expr::col((Self, Column::PersonId))))
            }

            fn shown_to(viewer: &Viewer) -> SimpleExpr {
                use entity::$entity::Column;
                family_shown(viewer, Expr::col((Self, Column::FamilyId)))
                    .bit_or(person_shown(viewer, Expr::col((Self, Column::PersonId))))
            }

            fn seen_with() -> Vec<(Subject, Self::Column)> {
                use entity::$entity::Column;
                vec![(Subject::Family, Column::FamilyId), (Subject::Person, Column::PersonId)]
            }
        })+
    };
}

/// Rows that are seen with another row, which this one names by its id.
macro_rules! seen_with_parent {
    ($($entity:ident . $column:ident of $parent:ident),+ $(,)?) => {
        $(impl Visible for entity::$entity::Entity {
            fn visible_to(viewer: &Viewer, need: Need) -> Condition {
                let mut parents = Query::select();
                parents
                    .column((entity::$parent::Entity, entity::$parent::Column::Id))
                    .from(entity::$parent::Entity)
                    .cond_where(entity::$parent::Entity::visible_to(viewer, need));
                let id = Expr::col((Self, entity::$entity::Column::$column));
                let key = Expr::col((entity::$parent::Entity, entity::$parent::Column::Id));
                Condition::all().add(in_rows(viewer, id, parents, key))
            }

            fn shown_to(viewer: &Viewer) -> SimpleExpr {
                let mut parents = Query::select();
                parents
                    .expr(entity::$parent::Entity::shown_to(viewer))
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
    unit,
    capacity_period,
    programme,
    budget_line,
    programme_availability,
    eligibility_rule,
    programme_stage,
    programme_priority,
    intake,
    training_event,
    training_headcount,
);

seen_with_family!(
    family.Id,
    family_characteristic.FamilyId,
    family_member.FamilyId brings PersonId where family_member::Column::VoidedAt.is_null(),
    case.FamilyId,
    episode.FamilyId of CaseId,
    assignment.FamilyId of CaseId,
    case_note.FamilyId of EpisodeId,
    assessment.FamilyId of CaseId,
    plan.FamilyId of CaseId,
    plan_sign_off.FamilyId of PlanId,
    goal.FamilyId of PlanId,
    measure.FamilyId of PlanId,
    visit.FamilyId of CaseId,
    service.FamilyId of CaseId,
    stage_event.FamilyId,
    attendance.FamilyId,
);

seen_with_person!(
    person.Id,
    person_name.PersonId,
    person_identifier.PersonId,
    identity_fact.PersonId,
    legal_status.PersonId,
    placement.PersonId,
    placement_breach.PersonId,
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
    fn visible_to(viewer: &Viewer, need: Need) -> Condition {
        use entity::relationship::Column;
        Condition::all()
            .add(in_persons(viewer, need, Expr::col((Self, Column::PersonId))))
            .add(in_persons(viewer, need, Expr::col((Self, Column::OtherId))))
    }

    fn shown_to(viewer: &Viewer) -> SimpleExpr {
        person_shown(viewer, Expr::col((Self, entity::relationship::Column::PersonId)))
    }
}

/// Colleagues are known to those who work with families, to auditors and to administrators;
/// everybody knows themselves.
impl Visible for worker::Entity {
    fn visible_to(viewer: &Viewer, _: Need) -> Condition {
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

    fn shown_to(_: &Viewer) -> SimpleExpr {
        level(AccessLevel::Full)
    }
}

/// A report is seen in full by the organisation that received it, with its family by others,
/// in summary by the area's coordinator, and as to its progress by whoever submitted it.
impl Visible for concern_report::Entity {
    fn visible_to(viewer: &Viewer, need: Need) -> Condition {
        use concern_report::Column;
        let own = need.level() == AccessLevel::ServiceOnly;
        match viewer.role {
            Role::Caseworker | Role::Supervisor => Condition::any()
                .add(received_by(viewer))
                .add(in_families(viewer, need, Expr::col((Self, Column::FamilyId)))),
            Role::AreaCoordinator if need.level() <= AREA_LEVEL => {
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

    fn shown_to(viewer: &Viewer) -> SimpleExpr {
        match viewer.role {
            Role::Caseworker | Role::Supervisor => {
                Expr::case(received_by(viewer), level(AccessLevel::Full))
                    .finally(family_shown(
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

/// What is due is seen by the organisation that owes it, by its owner, and by an area's coordinator;
/// with a family only while the family is seen.
impl Visible for entity::task::Entity {
    fn visible_to(viewer: &Viewer, need: Need) -> Condition {
        use entity::task::Column;
        let family = || Expr::col((Self, Column::FamilyId));
        let with_family = in_families(viewer, need, family());
        let owed = one_of(viewer.backend, Column::OrganisationId, viewer.organisations.clone());
        let own = viewer.worker_id.map_or_else(never, |id| Column::OwnerId.eq(id));
        let theirs = || Condition::any().add(owed.clone()).add(own.clone());
        match viewer.role {
            // A task without a family is about a report: an owner elsewhere sees it with the report.
            Role::Caseworker | Role::Supervisor => Condition::any()
                .add(Condition::all().add(theirs()).add(with_family))
                .add(family().is_null().and(owed.clone()).and(for_role(viewer.role)))
                .add(family().is_null().and(own.clone()).and(with_report(viewer, need))),
            Role::CentreStaff | Role::NgoWorker => Condition::all().add(theirs()).add(with_family),
            Role::AreaCoordinator => Condition::all().add(with_family),
            Role::Integration | Role::Reporter | Role::Analyst | Role::Auditor | Role::Admin => {
                Condition::all().add(never())
            }
        }
    }

    fn shown_to(viewer: &Viewer) -> SimpleExpr {
        use entity::task::Column;
        let family = || Expr::col((Self, Column::FamilyId));
        Expr::case(family().is_null(), level(AccessLevel::Full))
            .finally(family_shown(viewer, family()))
            .into()
    }
}

/// Tasks that are not for supervisors alone, unless the viewer is one: to review what was taken in an
/// emergency is no caseworker's.
fn for_role(role: Role) -> SimpleExpr {
    match role {
        Role::Supervisor => SimpleExpr::Constant(true.into()),
        _ => entity::task::Column::Kind.ne(TaskKind::BreakGlassReview),
    }
}

/// What is seen in full.
const IN_FULL: Need = Need::Row(AccessLevel::Full);

/// Access that was taken in an emergency is known to who took it, to the supervisors of their
/// organisation, who review it, and to those who lead the work with the family or the person.
impl Visible for entity::break_glass::Entity {
    fn visible_to(viewer: &Viewer, _: Need) -> Condition {
        use entity::break_glass::Column;
        let own = viewer.worker_id.map_or_else(never, |id| Column::WorkerId.eq(id));
        match viewer.role {
            _ if viewer.is_house => Condition::all(),
            Role::Caseworker => Condition::all().add(own),
            Role::Supervisor => {
                let lead = viewer.leading();
                let subject = |column: Column| Expr::col((Self, column));
                let ours =
                    one_of(viewer.backend, Column::OrganisationId, viewer.organisations.clone());
                Condition::any()
                    .add(own)
                    .add(ours)
                    .add(in_families(&lead, IN_FULL, subject(Column::FamilyId)))
                    .add(in_persons(&lead, IN_FULL, subject(Column::PersonId)))
            }
            _ => Condition::all().add(never()),
        }
    }

    fn shown_to(_: &Viewer) -> SimpleExpr {
        level(AccessLevel::Full)
    }
}

/// A grant is seen by those who see by it.
impl Visible for access_grant::Entity {
    fn visible_to(viewer: &Viewer, need: Need) -> Condition {
        match reach(viewer) {
            Reach::Granted(bases) => in_force(viewer, bases).add_option(need.is_met_by_grant()),
            Reach::Areas | Reach::Nothing => Condition::all().add(never()),
        }
    }

    fn shown_to(_: &Viewer) -> SimpleExpr {
        level(AccessLevel::Full)
    }
}

/// Tasks about reports that the viewer sees.
fn with_report(viewer: &Viewer, need: Need) -> SimpleExpr {
    let mut reports = Query::select();
    reports
        .column((concern_report::Entity, concern_report::Column::Id))
        .from(concern_report::Entity)
        .cond_where(concern_report::Entity::visible_to(viewer, need));
    let id = Expr::col((entity::task::Entity, entity::task::Column::ConcernReportId));
    in_rows(viewer, id, reports, Expr::col((concern_report::Entity, concern_report::Column::Id)))
}

/// Auditors see what was done and read for their organisations.
impl Visible for entity::audit_event::Entity {
    fn visible_to(viewer: &Viewer, _: Need) -> Condition {
        if viewer.role != Role::Auditor || viewer.is_house {
            return Condition::all().add(never());
        }
        let of = (Self, entity::audit_event::Column::OrganisationId);
        let own = one_of(viewer.backend, Expr::col(of), viewer.organisations.clone());
        Condition::all().add(own)
    }

    fn shown_to(_: &Viewer) -> SimpleExpr {
        level(AccessLevel::Full)
    }
}

/// Auditors see how far the audit is sealed: the seals say nothing of the rows.
impl Visible for entity::audit_seal::Entity {
    fn visible_to(viewer: &Viewer, _: Need) -> Condition {
        if viewer.role == Role::Auditor { Condition::all() } else { Condition::all().add(never()) }
    }

    fn shown_to(_: &Viewer) -> SimpleExpr {
        level(AccessLevel::Full)
    }
}

/// Whoever sent a mutation may ask what came of it.
impl Visible for entity::idempotency_key::Entity {
    fn visible_to(viewer: &Viewer, _: Need) -> Condition {
        Condition::all().add(entity::idempotency_key::Column::Subject.eq(&viewer.subject))
    }

    fn shown_to(_: &Viewer) -> SimpleExpr {
        level(AccessLevel::Full)
    }
}

/// A published report is read by the organisation's own staff whatever its audience, by its analysts if it is
/// for them, and by all who read metrics if it is for everybody.
impl Visible for entity::snapshot::Entity {
    fn visible_to(viewer: &Viewer, _: Need) -> Condition {
        use entity::snapshot::Column;
        let own = || one_of(viewer.backend, Column::OrganisationId, viewer.organisations.clone());
        let public = Column::Audience.eq(Audience::Public);
        match viewer.role {
            Role::Caseworker | Role::Supervisor | Role::CentreStaff => {
                Condition::any().add(own()).add(public)
            }
            Role::Analyst => {
                let for_analysts = Column::Audience.eq(Audience::Analyst);
                Condition::any().add(own().and(for_analysts)).add(public)
            }
            Role::AreaCoordinator => Condition::all().add(public),
            Role::NgoWorker | Role::Integration | Role::Reporter | Role::Auditor | Role::Admin => {
                Condition::all().add(never())
            }
        }
    }

    fn shown_to(_: &Viewer) -> SimpleExpr {
        level(AccessLevel::Full)
    }
}
