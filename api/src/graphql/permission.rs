//! What the viewer could do with an object now: one field for each mutation, by which a client shows
//! its buttons. The rules stand in `casework`.

use std::sync::Arc;

use async_graphql::{Context, Object};
use entity::access_grant::AccessLevel;
use entity::{
    assessment, centre, concern_report, enrolment, family, intake, measure, person, placement,
    plan, programme, unit, visit,
};
use uuid::Uuid;

use super::loader::{Asking, By, questions};
use crate::access::policy::Action;
use crate::access::{Seen, Session};
use crate::casework;
use crate::casework::permission::{self, CaseFacts, Permitted};
use crate::error::Result;

questions! {
    /// Whether the viewer's organisation leads the work with a family.
    LedFamily -> bool = casework::permission::led_families;
    /// Whether the viewer's organisation leads the work with a person.
    LedPerson -> bool = casework::permission::led_persons;
    /// Where a case stands.
    CaseFactsOf -> CaseFacts = casework::permission::of_cases;
}

/// What could be done with an object of a kind.
trait Offer {
    /// The actions that it tells of.
    const ACTIONS: &'static [Action];
}

/// Declares what could be done with an object, each field by its action.
macro_rules! permissions {
    ($($(#[$doc:meta])+ $name:ident {
        $($(#[$field_doc:meta])+ $field:ident: $action:ident),+ $(,)?
    })+) => {
        $($(#[$doc])+
        pub struct $name(Permitted);

        impl Offer for $name {
            const ACTIONS: &'static [Action] = &[$(Action::$action),+];
        }

        $(#[$doc])+
        #[Object(serial)]
        impl $name {
            $($(#[$field_doc])+
            async fn $field(&self) -> bool {
                self.0.has(Action::$action)
            })+
        })+
    };
}

permissions! {
    /// What the viewer could do with a family now, as far as role, right and its state say; the
    /// input may still be refused.
    FamilyPermissions {
        /// Whether the viewer could change it (`familyUpdate`).
        can_update: FamilyUpdate,
        /// Whether the viewer could add a member (`familyMemberAdd`).
        can_add_member: FamilyMemberAdd,
        /// Whether the viewer could end a membership (`familyMemberEnd`).
        can_end_member: FamilyMemberEnd,
        /// Whether the viewer could open a case (`caseOpen`), of a kind of which none is open.
        can_open_case: CaseOpen,
        /// Whether the viewer could enter it on a register (`registerEnter`).
        can_register: RegisterEnter,
        /// Whether the viewer could record a decision about it (`decisionRecord`).
        can_record_decision: DecisionRecord,
        /// Whether the viewer could record a service that was delivered to it (`serviceRecord`),
        /// outside of a case.
        can_record_service: ServiceRecord,
    }

    /// What the viewer could do with a person now, as far as role, right and its state say; the
    /// input may still be refused. With a person that was merged into another, nothing.
    PersonPermissions {
        /// Whether the viewer could change it (`personUpdate`).
        can_update: PersonUpdate,
        /// Whether the viewer could record a further name (`personNameAdd`).
        can_add_name: PersonNameAdd,
        /// Whether the viewer could record a number of another system (`identifierAdd`).
        can_add_identifier: IdentifierAdd,
        /// Whether the viewer could void such a number (`identifierVoid`).
        can_void_identifier: IdentifierVoid,
        /// Whether the viewer could record a fact of identity (`identityFactAdd`).
        can_add_identity_fact: IdentityFactAdd,
        /// Whether the viewer could record a relationship (`relationshipAdd`), if the other person
        /// is likewise open to it.
        can_add_relationship: RelationshipAdd,
        /// Whether the viewer could end a relationship (`relationshipEnd`), if the other person is
        /// likewise open to it.
        can_end_relationship: RelationshipEnd,
        /// Whether the viewer could record the legal status (`legalStatusRecord`).
        can_record_legal_status: LegalStatusRecord,
        /// Whether the viewer could enter it on a register (`registerEnter`).
        can_register: RegisterEnter,
        /// Whether the viewer could record a decision about it (`decisionRecord`).
        can_record_decision: DecisionRecord,
        /// Whether the viewer could ask for a place in a centre (`placementRequest`), unless it died.
        can_request_placement: PlacementRequest,
    }

    /// What the viewer could do with a case now, as far as role, right and its state say; the
    /// input may still be refused.
    CasePermissions {
        /// Whether the viewer could change it (`caseUpdate`).
        can_update: CaseUpdate,
        /// Whether the viewer could assign a worker (`caseAssign`).
        can_assign: CaseAssign,
        /// Whether the viewer could end an assignment (`caseAssignmentEnd`), unless it is the
        /// lead's.
        can_end_assignment: CaseAssignmentEnd,
        /// Whether the viewer could ask for its closure (`caseClosureRequest`); what runs of the
        /// family, such as a placement, may still be in the way.
        can_request_closure: CaseClosureRequest,
        /// Whether the viewer could decide its closure (`caseClosureDecide`), unless the viewer
        /// asked for it; what runs of the family may still be in the way of an approval.
        can_decide_closure: CaseClosureDecide,
        /// Whether the viewer could reopen it as a new episode (`caseReopen`).
        can_reopen: CaseReopen,
        /// Whether the viewer could add a note to a closed episode (`caseAddendumAdd`).
        can_add_addendum: CaseAddendumAdd,
        /// Whether the viewer could record an assessment (`assessmentRecord`).
        can_record_assessment: AssessmentRecord,
        /// Whether the viewer could draft a plan (`planDraft`), unless a draft is open.
        can_draft_plan: PlanDraft,
        /// Whether the viewer could plan a visit (`visitSchedule`).
        can_schedule_visit: VisitSchedule,
        /// Whether the viewer could record a visit that nobody planned (`visitRecord`).
        can_record_visit: VisitRecord,
        /// Whether the viewer could record a service (`serviceRecord`).
        can_record_service: ServiceRecord,
    }

    /// What the viewer could do with a report now, as far as role, right and its state say; the
    /// input may still be refused. A report is moved by whose
    /// organisation received it, or leads the work with its family.
    ConcernReportPermissions {
        /// Whether the viewer could set urgency and deadline (`concernReportTriage`), also again
        /// until it is verified.
        can_triage: ConcernReportTriage,
        /// Whether the viewer could say which family it is about (`concernReportLink`), until it
        /// is decided.
        can_link: ConcernReportLink,
        /// Whether the viewer could begin to verify it (`concernReportVerify`).
        can_verify: ConcernReportVerify,
        /// Whether the viewer could decide it (`concernReportDecide`); what it may come to depends
        /// on where it stands.
        can_decide: ConcernReportDecide,
    }

    /// What the viewer could do with an assessment now, as far as role, right and its state say;
    /// the input may still be refused.
    AssessmentPermissions {
        /// Whether the viewer could write it on, or anew (`assessmentRecord` with its id): the
        /// viewer's own draft, or one of theirs that was sent back.
        can_rewrite: AssessmentRecord,
        /// Whether the viewer could approve it or send it back (`assessmentDecide`), unless it is
        /// the viewer's own.
        can_decide: AssessmentDecide,
    }

    /// What the viewer could do with a plan now, as far as role, right and its state say; the
    /// input may still be refused.
    PlanPermissions {
        /// Whether the viewer could record who agreed to it (`planAgree`).
        can_agree: PlanAgree,
        /// Whether the viewer could put it into force (`planActivate`).
        can_activate: PlanActivate,
        /// Whether the viewer could review it (`planReview`); what a review may come to depends on
        /// where it stands.
        can_review: PlanReview,
    }

    /// What the viewer could do with a measure now, as far as role, right and its state say; the
    /// input may still be refused.
    MeasurePermissions {
        /// Whether the viewer could change it (`measureUpdate`); which of its fields depends on
        /// where its plan stands.
        can_update: MeasureUpdate,
        /// Whether the viewer could record a service under it (`serviceRecord`), while its plan is
        /// in force.
        can_record_service: ServiceRecord,
    }

    /// What the viewer could do with a centre now, as far as role, organisation and its state say;
    /// the input may still be refused.
    CentrePermissions {
        /// Whether the viewer could change it (`centreUpdate`).
        can_update: CentreUpdate,
        /// Whether the viewer could add a unit (`unitCreate`), until it is closed.
        can_add_unit: UnitCreate,
    }

    /// What the viewer could do with a unit now, as far as role, organisation and its centre's state
    /// say; the input may still be refused.
    UnitPermissions {
        /// Whether the viewer could set its places (`capacitySet`), until its centre is closed.
        can_set_capacity: CapacitySet,
    }

    /// What the viewer could do with a programme now, as far as role, organisation and its state say;
    /// the input may still be refused.
    ProgrammePermissions {
        /// Whether the viewer could change it (`programmeUpdate`).
        can_update: ProgrammeUpdate,
        /// Whether the viewer could open an intake (`intakeOpen`), until it has ended.
        can_open_intake: IntakeOpen,
    }

    /// What the viewer could do with an intake now, as far as role, organisation and its state say;
    /// the input may still be refused.
    IntakePermissions {
        /// Whether the viewer could change it (`intakeUpdate`).
        can_update: IntakeUpdate,
        /// Whether the viewer could ask for an enrolment in it (`enrolmentRequest`) of a family that
        /// is led here or, by the programme's staff, seen.
        can_request_enrolment: EnrolmentRequest,
    }

    /// What the viewer could do with an enrolment now, as far as role, right and its state say; the
    /// input may still be refused.
    EnrolmentPermissions {
        /// Whether the viewer could offer a place (`enrolmentOffer`), if one is free.
        can_offer: EnrolmentOffer,
        /// Whether the viewer could record the answer to the offer (`enrolmentAnswer`).
        can_answer: EnrolmentAnswer,
        /// Whether the viewer could withdraw it (`enrolmentWithdraw`).
        can_withdraw: EnrolmentWithdraw,
        /// Whether the viewer could pause it (`enrolmentSuspend`).
        can_suspend: EnrolmentSuspend,
        /// Whether the viewer could go on with it (`enrolmentResume`).
        can_resume: EnrolmentResume,
        /// Whether the viewer could record what happened in a stage (`enrolmentAdvance`); which
        /// stage and what depends on what happened so far.
        can_advance: EnrolmentAdvance,
        /// Whether the viewer could end it (`enrolmentEnd`).
        can_end: EnrolmentEnd,
        /// Whether the viewer could record who attended (`attendanceRecord`).
        can_record_attendance: AttendanceRecord,
    }

    /// What the viewer could do with a placement now, as far as role, organisation, right and its
    /// state say; the input may still be refused, and so may what others of the group, the places of
    /// the unit or its limits stand against. What ran out is over, whether that is noted or not.
    PlacementPermissions {
        /// Whether the viewer could approve or refuse it (`placementApprove`), unless the viewer
        /// asked for it.
        can_approve: PlacementApprove,
        /// Whether the viewer could reserve a place (`placementReserve`); who waits is given one
        /// without being asked for again.
        can_reserve: PlacementReserve,
        /// Whether the viewer could cancel it (`placementCancel`).
        can_cancel: PlacementCancel,
        /// Whether the viewer could admit the person (`placementAdmit`).
        can_admit: PlacementAdmit,
        /// Whether the viewer could move the person to another unit (`placementMove`).
        can_move: PlacementMove,
        /// Whether the viewer could record that the person is away (`placementLeave`).
        can_leave: PlacementLeave,
        /// Whether the viewer could record that the person is back (`placementReturn`).
        can_return: PlacementReturn,
        /// Whether the viewer could discharge the person (`placementDischarge`).
        can_discharge: PlacementDischarge,
    }

    /// What the viewer could do with a visit now, as far as role, right and its state say; the
    /// input may still be refused.
    VisitPermissions {
        /// Whether the viewer could record what became of it (`visitRecord` with its id), while it
        /// is planned.
        can_record: VisitRecord,
    }
}

/// What could be done with a family.
pub async fn of_family(ctx: &Context<'_>, row: &Seen<family::Model>) -> Result<FamilyPermissions> {
    let (session, level) = (ctx.session()?, row.level());
    let is_led = leads(ctx, level, Some(row.id)).await?;
    Ok(FamilyPermissions(permission::of_family(session, level, is_led)))
}

/// What could be done with a person.
pub async fn of_person(ctx: &Context<'_>, row: &Seen<person::Model>) -> Result<PersonPermissions> {
    let session = ctx.session()?;
    let is_led = permission::could_lead(session.viewer(), row.level())
        && ctx.ask(LedPerson(row.id)).await?.is_some_and(|led| *led);
    Ok(PersonPermissions(permission::of_person(session, row, is_led)))
}

/// What could be done with a case.
pub async fn of_case(
    ctx: &Context<'_>,
    row: &Seen<entity::case::Model>,
) -> Result<CasePermissions> {
    let case = case::<CasePermissions>(ctx, row.level(), row.id).await?;
    let permitted = permission::of_case(ctx.session()?, row.level(), case.as_deref());
    Ok(CasePermissions(permitted))
}

/// What could be done with a report.
pub async fn of_report(
    ctx: &Context<'_>,
    row: &Seen<concern_report::Model>,
) -> Result<ConcernReportPermissions> {
    let is_led = leads(ctx, row.level(), row.family_id).await?;
    Ok(ConcernReportPermissions(permission::of_report(ctx.session()?, row, is_led)))
}

/// Whether the viewer's organisation leads the work with the family of a row.
async fn leads(ctx: &Context<'_>, level: AccessLevel, family_id: Option<Uuid>) -> Result<bool> {
    let Some(id) = family_id.filter(|_| {
        ctx.session().is_ok_and(|session| permission::could_lead(session.viewer(), level))
    }) else {
        return Ok(false);
    };
    Ok(ctx.ask(LedFamily(id)).await?.is_some_and(|led| *led))
}

/// What could be done with an assessment.
pub async fn of_assessment(
    ctx: &Context<'_>,
    row: &Seen<assessment::Model>,
) -> Result<AssessmentPermissions> {
    let case = case::<AssessmentPermissions>(ctx, row.level(), row.case_id).await?;
    let permitted = permission::of_assessment(ctx.session()?, row, case.as_deref());
    Ok(AssessmentPermissions(permitted))
}

/// What could be done with a plan.
pub async fn of_plan(ctx: &Context<'_>, row: &Seen<plan::Model>) -> Result<PlanPermissions> {
    let case = case::<PlanPermissions>(ctx, row.level(), row.case_id).await?;
    Ok(PlanPermissions(permission::of_plan(ctx.session()?, row, case.as_deref())))
}

/// What could be done with a measure.
pub async fn of_measure(
    ctx: &Context<'_>,
    row: &Seen<measure::Model>,
) -> Result<MeasurePermissions> {
    let session = ctx.session()?;
    let case = case::<MeasurePermissions>(ctx, row.level(), row.case_id).await?;
    let plan = match case {
        Some(_) => ctx.ask(By::<plan::Entity>::id(row.plan_id)).await?,
        None => None,
    };
    let plan = plan.as_ref().map(|plan| &***plan as &plan::Model);
    Ok(MeasurePermissions(permission::of_measure(session, row, plan, case.as_deref())))
}

/// What could be done with a visit.
pub async fn of_visit(ctx: &Context<'_>, row: &Seen<visit::Model>) -> Result<VisitPermissions> {
    let (session, level) = (ctx.session()?, row.level());
    let (case, report) = match (row.case_id, row.concern_report_id) {
        (Some(id), _) => (case::<VisitPermissions>(ctx, level, id).await?, None),
        (None, Some(id)) if could::<VisitPermissions>(session, level) => {
            (None, ctx.ask(By::<concern_report::Entity>::id(id)).await?)
        }
        (None, _) => (None, None),
    };
    let is_led = match &report {
        Some(_) => leads(ctx, level, Some(row.family_id)).await?,
        None => false,
    };
    let report = report.as_ref().map(|report| &***report as &concern_report::Model);
    Ok(VisitPermissions(permission::of_visit(session, row, case.as_deref(), report, is_led)))
}

/// Where a case stands, for who may do one of the things with what is seen of it at a level.
async fn case<O: Offer>(
    ctx: &Context<'_>,
    level: AccessLevel,
    id: Uuid,
) -> Result<Option<Arc<CaseFacts>>> {
    if could::<O>(ctx.session()?, level) {
        return ctx.ask(CaseFactsOf(id)).await;
    }
    Ok(None)
}

fn could<O: Offer>(session: &Session, level: AccessLevel) -> bool {
    permission::could_act(session.viewer(), level, O::ACTIONS)
}

/// What could be done with a centre.
pub fn of_centre(ctx: &Context<'_>, row: &centre::Model) -> Result<CentrePermissions> {
    Ok(CentrePermissions(permission::of_centre(ctx.session()?, row)))
}

/// What could be done with a unit.
pub async fn of_unit(ctx: &Context<'_>, row: &unit::Model) -> Result<UnitPermissions> {
    let session = ctx.session()?;
    let centre = if could::<UnitPermissions>(session, AccessLevel::Full) {
        ctx.ask(By::<centre::Entity>::id(row.centre_id)).await?
    } else {
        None
    };
    let centre = centre.as_ref().map(|centre| &***centre as &centre::Model);
    Ok(UnitPermissions(permission::of_unit(session, centre)))
}

/// What could be done with a programme.
pub fn of_programme(ctx: &Context<'_>, row: &programme::Model) -> Result<ProgrammePermissions> {
    Ok(ProgrammePermissions(permission::of_programme(ctx.session()?, row)))
}

/// What could be done with an intake.
pub async fn of_intake(ctx: &Context<'_>, row: &intake::Model) -> Result<IntakePermissions> {
    let session = ctx.session()?;
    let is_asked = could::<IntakePermissions>(session, AccessLevel::Full);
    let run =
        if is_asked { ctx.ask(By::<programme::Entity>::id(row.programme_id)).await? } else { None };
    let run = run.as_ref().map(|run| &***run as &programme::Model);
    Ok(IntakePermissions(permission::of_intake(session, row, run)))
}

/// What could be done with an enrolment.
pub async fn of_enrolment(
    ctx: &Context<'_>,
    row: &Seen<enrolment::Model>,
) -> Result<EnrolmentPermissions> {
    let session = ctx.session()?;
    let is_asked = could::<EnrolmentPermissions>(session, AccessLevel::Full);
    let run =
        if is_asked { ctx.ask(By::<programme::Entity>::id(row.programme_id)).await? } else { None };
    let run = run.as_ref().map(|run| &***run as &programme::Model);
    let is_led = leads(ctx, row.level(), Some(row.family_id)).await?;
    Ok(EnrolmentPermissions(permission::of_enrolment(session, row, run, is_led)))
}

/// What could be done with a placement.
pub async fn of_placement(
    ctx: &Context<'_>,
    row: &Seen<placement::Model>,
) -> Result<PlacementPermissions> {
    let (session, level) = (ctx.session()?, row.level());
    let centre = if could::<PlacementPermissions>(session, AccessLevel::Full) {
        ctx.ask(By::<centre::Entity>::id(row.centre_id)).await?
    } else {
        None
    };
    let is_led = permission::could_lead(session.viewer(), level)
        && ctx.ask(LedPerson(row.person_id)).await?.is_some_and(|led| *led);
    let centre = centre.as_ref().map(|centre| &***centre as &centre::Model);
    Ok(PlacementPermissions(permission::of_placement(session, row, centre, is_led)))
}
