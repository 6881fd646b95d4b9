//! What a viewer could do with a row now, as far as role, right and the row's state say: the rules of
//! the verbs, asked before anything is sent. What an input or another row may forbid is not asked.

mod facts;
pub mod sharing;

use entity::access_grant::AccessLevel;
use entity::assessment::{self, AssessmentStatus};
use entity::case::{self, CaseStatus};
use entity::centre::CentreStatus;
use entity::enrolment::EnrolmentStatus;
use entity::placement::{PlacementBasis, PlacementStatus};
use entity::plan::{self, PlanStatus};
use entity::programme::ProgrammeStatus;
use entity::{
    centre, concern_report, enrolment, intake, measure, person, placement, programme,
    training_event, visit,
};
use uuid::Uuid;

use super::state::Machine;
use super::{
    concern, enrolment as enrolments, person as persons, plan as plans, programme as programmes,
    service, training, transfer, visit as visits,
};
use crate::access::policy::{Action, allows};
use crate::access::{Seen, Session, Viewer};

pub use facts::{CaseFacts, OpenEpisode, led_families, led_persons, of_cases};

/// The actions that a viewer could do with a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Permitted(Vec<Action>);

impl Permitted {
    /// Those actions that the viewer's role may do, and for which the rest holds.
    fn of<const N: usize>(session: &Session, actions: [(Action, bool); N]) -> Self {
        let role = session.viewer().role;
        let may = |(action, holds)| (holds && allows(role, action)).then_some(action);
        Self(actions.into_iter().filter_map(may).collect())
    }

    /// Whether an action is among them.
    pub fn has(&self, action: Action) -> bool {
        self.0.contains(&action)
    }
}

/// Whether it is worth asking who leads the work with a row that is seen at a level.
pub fn could_lead(viewer: &Viewer, level: AccessLevel) -> bool {
    viewer.can_lead() && level == AccessLevel::Full
}

/// Whether it is worth asking more of a row that is seen at a level: the role does one of the
/// actions. Who leads work with families does nothing with what they see in part.
pub fn could_act(viewer: &Viewer, level: AccessLevel, actions: &[Action]) -> bool {
    let is_seen = !viewer.can_lead() || level == AccessLevel::Full;
    is_seen && actions.iter().any(|action| allows(viewer.role, *action))
}

/// What could be done with a family that is seen at a level.
pub fn of_family(session: &Session, level: AccessLevel, is_led: bool) -> Permitted {
    let by_worker = is_led && is_worker(session);
    Permitted::of(
        session,
        [
            (Action::FamilyUpdate, is_led),
            (Action::FamilyMemberAdd, is_led),
            (Action::FamilyMemberEnd, is_led),
            (Action::CaseOpen, by_worker),
            (Action::RegisterEnter, is_led),
            (Action::DecisionRecord, by_worker),
            (Action::ServiceRecord, may_serve(session, level)),
            (Action::ConsentGive, is_led),
        ],
    )
}

/// What could be done with a person.
pub fn of_person(session: &Session, person: &person::Model, is_led: bool) -> Permitted {
    let is_led = is_led && !persons::gate::is_merged(person);
    Permitted::of(
        session,
        [
            (Action::PersonUpdate, is_led),
            (Action::PersonNameAdd, is_led),
            (Action::IdentifierAdd, is_led),
            (Action::IdentifierVoid, is_led),
            (Action::IdentityFactAdd, is_led),
            (Action::RelationshipAdd, is_led),
            (Action::RelationshipEnd, is_led),
            (Action::LegalStatusRecord, is_led),
            (Action::RegisterEnter, is_led),
            (Action::DecisionRecord, is_led && is_worker(session)),
            (Action::PlacementRequest, is_led && person.death_date.is_none()),
        ],
    )
}

/// What could be done with a case, by how it stands.
pub fn of_case(session: &Session, row: &Seen<case::Model>, case: Option<&CaseFacts>) -> Permitted {
    let Some(case) = case else { return Permitted::of(session, []) };
    let level = row.lasting();
    let leads_it = session.viewer().organisations.contains(&row.lead_organisation_id);
    let may_move = case.is_led && leads_it && transfer::proposing::may_transfer(case.status);
    let (is_led, is_open) = (case.is_led, case.is_open());
    let by_worker = is_led && is_worker(session);
    let may_visit = is_open && may_visit(session, level);
    let asks = case.open_episode.is_some() && case.status.may_become(CaseStatus::ClosureRequested);
    let is_anothers = |open: OpenEpisode| !is_viewer(session, open.closure_asked_by);
    let decides =
        case.status == CaseStatus::ClosureRequested && case.open_episode.is_some_and(is_anothers);
    Permitted::of(
        session,
        [
            (Action::CaseUpdate, is_led && is_open),
            (Action::CaseAssign, is_led && is_open),
            (Action::CaseAssignmentEnd, is_led && is_open),
            (Action::CaseClosureRequest, by_worker && asks),
            (Action::CaseClosureDecide, by_worker && decides),
            (Action::CaseReopen, by_worker && case.status == CaseStatus::Closed),
            (Action::CaseAddendumAdd, by_worker && case.has_closed_episode),
            (Action::AssessmentRecord, by_worker && is_open),
            (Action::PlanDraft, is_led && is_open && !case.has_draft),
            (Action::VisitSchedule, may_visit),
            (Action::VisitRecord, may_visit),
            (Action::ServiceRecord, is_open && may_serve(session, level)),
            (Action::ReferralSend, is_led && is_open),
            (Action::TransferPropose, may_move),
        ],
    )
}

/// What could be done with a report, about a family that the viewer's organisation leads or not.
pub fn of_report(
    session: &Session,
    report: &Seen<concern_report::Model>,
    is_led: bool,
) -> Permitted {
    let is_ours = report.lasting() == AccessLevel::Full && is_moved(session, report, is_led);
    let verifies = is_worker(session) && concern::verification::may_begin(report);
    Permitted::of(
        session,
        [
            (Action::ConcernReportTriage, is_ours && concern::triage::may_triage(report.status)),
            (Action::ConcernReportLink, is_ours && !report.status.is_final()),
            (Action::ConcernReportVerify, is_ours && verifies),
            (Action::ConcernReportDecide, is_ours && concern::decision::may_decide(report.status)),
        ],
    )
}

/// What could be done with an assessment.
pub fn of_assessment(
    session: &Session,
    assessment: &assessment::Model,
    case: Option<&CaseFacts>,
) -> Permitted {
    let is_written = is_written_into(case) && is_worker(session);
    let is_own = is_viewer(session, Some(assessment.assessed_by_id));
    let decides = assessment.status.may_become(AssessmentStatus::Approved);
    let submits = assessment.status.may_become(AssessmentStatus::Submitted);
    Permitted::of(
        session,
        [
            (Action::AssessmentRecord, is_written && is_own && submits),
            (Action::AssessmentDecide, is_written && !is_own && decides),
        ],
    )
}

/// What could be done with a plan.
pub fn of_plan(session: &Session, plan: &plan::Model, case: Option<&CaseFacts>) -> Permitted {
    let is_written = is_written_into(case);
    let activates = plan.status.may_become(PlanStatus::Active)
        && case.is_some_and(|case| plans::activating::status_with_plan(case.status).is_ok());
    Permitted::of(
        session,
        [
            (Action::PlanAgree, is_written && plan.status.may_become(PlanStatus::Agreed)),
            (Action::PlanActivate, is_written && activates),
            // What a review may always come to.
            (Action::PlanReview, is_written && plan.status.may_become(PlanStatus::Cancelled)),
        ],
    )
}

/// What could be done with a measure of a plan.
pub fn of_measure(
    session: &Session,
    measure: &Seen<measure::Model>,
    plan: Option<&plan::Model>,
    case: Option<&CaseFacts>,
) -> Permitted {
    let is_open = case.is_some_and(CaseFacts::is_open);
    let lasts = plan.is_some_and(|plan| !plan.status.is_final());
    let is_in_force = plan.is_some_and(|plan| plans::is_in_force(plan.status));
    let serves = is_open && is_in_force && may_serve(session, measure.lasting());
    Permitted::of(
        session,
        [(Action::MeasureUpdate, is_written_into(case) && lasts), (Action::ServiceRecord, serves)],
    )
}

/// What could be done with a visit that is planned in a case, or for a report.
pub fn of_visit(
    session: &Session,
    visit: &Seen<visit::Model>,
    case: Option<&CaseFacts>,
    report: Option<&concern_report::Model>,
    is_led: bool,
) -> Permitted {
    let is_planned = visit.voided_at.is_none() && !visit.status.is_final();
    let is_own = visits::recording::is_for(session.viewer(), visit)
        && visits::occasion::check_purpose(session, visit.purpose).is_ok();
    let has_occasion = match visit.case_id {
        Some(_) => case.is_some_and(CaseFacts::is_open),
        None if visit.enrolment_id.is_some() => true,
        None => report.is_some_and(|report| {
            is_moved(session, report, is_led) && report.family_id == Some(visit.family_id)
        }),
    };
    let records = is_planned && is_own && has_occasion && may_visit(session, visit.lasting());
    Permitted::of(session, [(Action::VisitRecord, records)])
}

/// What could be done with a centre.
pub fn of_centre(session: &Session, centre: &centre::Model) -> Permitted {
    let is_run_here = session.viewer().organisations.contains(&centre.organisation_id);
    let grows = is_run_here && !centre.status.is_final();
    Permitted::of(session, [(Action::CentreUpdate, is_run_here), (Action::UnitCreate, grows)])
}

/// What could be done with a unit of a centre.
pub fn of_unit(session: &Session, centre: Option<&centre::Model>) -> Permitted {
    let grows = centre.is_some_and(|centre| {
        session.viewer().organisations.contains(&centre.organisation_id)
            && !centre.status.is_final()
    });
    Permitted::of(session, [(Action::CapacitySet, grows)])
}

/// What could be done with a programme.
pub fn of_programme(session: &Session, programme: &programme::Model) -> Permitted {
    let is_run_here = programmes::gate::is_run_here(session, programme.organisation_id);
    let grows = is_run_here && !programme.status.is_final();
    Permitted::of(session, [(Action::ProgrammeUpdate, is_run_here), (Action::IntakeOpen, grows)])
}

/// What could be done with a training.
pub fn of_training_event(session: &Session, event: &training_event::Model) -> Permitted {
    let is_held_here = training::recording::is_held_here(session, event.organiser_id);
    let stands = event.voided_at.is_none();
    Permitted::of(session, [(Action::TrainingEventVoid, is_held_here && stands)])
}

/// What could be done with an intake of a programme.
pub fn of_intake(
    session: &Session,
    intake: &intake::Model,
    programme: Option<&programme::Model>,
) -> Permitted {
    let today = session.today();
    let is_open = intake.opens_on <= today && intake.closes_on.is_none_or(|last| today <= last);
    let takes = programme.is_some_and(|one| one.status == ProgrammeStatus::Active);
    let is_run_here =
        programme.is_some_and(|one| programmes::gate::is_run_here(session, one.organisation_id));
    Permitted::of(
        session,
        [(Action::IntakeUpdate, is_run_here), (Action::EnrolmentRequest, is_open && takes)],
    )
}

/// What could be done with an enrolment, in a programme that the viewer's organisation runs or not.
pub fn of_enrolment(
    session: &Session,
    enrolment: &enrolment::Model,
    programme: Option<&programme::Model>,
    is_led: bool,
) -> Permitted {
    use EnrolmentStatus::{Ended, InProgress, Offered, Suspended, Withdrawn};
    let status = enrolment.status;
    let is_run_here =
        programme.is_some_and(|one| programmes::gate::is_run_here(session, one.organisation_id));
    let is_ours = is_run_here || is_led;
    let is_offered = status == Offered && !enrolments::places::ran_out(enrolment, session.now());
    let takes_part = enrolments::gate::takes_part(status);
    Permitted::of(
        session,
        [
            (Action::EnrolmentOffer, is_run_here && status.may_become(Offered)),
            (Action::EnrolmentAnswer, is_ours && is_offered),
            (Action::EnrolmentWithdraw, is_ours && status.may_become(Withdrawn)),
            (Action::EnrolmentSuspend, is_ours && status == InProgress),
            (Action::EnrolmentResume, is_ours && status == Suspended),
            (Action::EnrolmentAdvance, is_ours && takes_part),
            (Action::EnrolmentEnd, is_ours && status.may_become(Ended)),
            (Action::AttendanceRecord, is_run_here && takes_part),
        ],
    )
}

/// What could be done with a placement in a centre, of a person whom the viewer's organisation leads
/// or not.
pub fn of_placement(
    session: &Session,
    placement: &placement::Model,
    centre: Option<&centre::Model>,
    is_led: bool,
) -> Permitted {
    use PlacementStatus::{
        Admitted, Approved, Cancelled, Discharged, Expired, OnLeave, Requested, Reserved,
        Waitlisted,
    };
    let viewer = session.viewer();
    let runs = centre.is_some_and(|centre| viewer.organisations.contains(&centre.organisation_id));
    let gives = centre.is_some_and(|centre| centre.status == CentreStatus::Open);
    let ran_out = placement.reserved_until.is_some_and(|until| until <= session.now());
    let status = match placement.status {
        Reserved if ran_out => Expired,
        status => status,
    };
    let may_become = |next| placement.voided_at.is_none() && status.may_become(next);
    let is_own = viewer.worker_id.is_none() || placement.created_by == viewer.worker_id;
    let is_emergency = placement.basis == PlacementBasis::Emergency;
    let comes = may_become(Admitted) && status != OnLeave && (status != Requested || is_emergency);
    Permitted::of(
        session,
        [
            (Action::PlacementApprove, runs && !is_own && may_become(Approved)),
            (Action::PlacementReserve, (runs || is_led) && gives && may_become(Waitlisted)),
            (Action::PlacementCancel, (runs || is_led) && may_become(Cancelled)),
            (Action::PlacementAdmit, runs && gives && comes),
            (Action::PlacementMove, runs && may_become(OnLeave)),
            (Action::PlacementLeave, runs && may_become(OnLeave)),
            (Action::PlacementReturn, runs && status == OnLeave && may_become(Admitted)),
            (Action::PlacementDischarge, runs && may_become(Discharged)),
        ],
    )
}

/// Whether the viewer leads the work in a case that is open.
fn is_written_into(case: Option<&CaseFacts>) -> bool {
    case.is_some_and(|case| case.is_led && case.is_open())
}

fn is_moved(session: &Session, report: &concern_report::Model, is_led: bool) -> bool {
    let is_ours = is_led || concern::gate::is_received_by(session.viewer(), report);
    report.voided_at.is_none() && is_ours
}

/// Whether the viewer may visit a family that is seen at a level.
fn may_visit(session: &Session, level: AccessLevel) -> bool {
    is_worker(session) && visits::occasion::level(session).is_given(level, false)
}

/// Whether the viewer may serve a family that is seen at a level.
fn may_serve(session: &Session, level: AccessLevel) -> bool {
    service::recording::level(session).is_given(level, false)
}

fn is_worker(session: &Session) -> bool {
    session.viewer().worker_id.is_some()
}

fn is_viewer(session: &Session, worker_id: Option<Uuid>) -> bool {
    worker_id.is_some() && worker_id == session.viewer().worker_id
}
