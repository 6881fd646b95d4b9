//! What a request may ask for: the actions that the policy decides, and how each is told.

use sea_orm::{DeriveActiveEnum, Iterable};

/// Something that a request asks for: a kind of reading, or a mutation by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sea_orm::EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Action {
    /// Read areas, organisations, programmes, trainings, centres and free places.
    ReadCatalogue,
    /// Read families, persons and what belongs to them.
    ReadFamilies,
    /// Read cases with their plans, visits and services.
    ReadCases,
    /// Read placements in centres.
    ReadPlacements,
    /// Read concern reports.
    ReadConcernReports,
    /// Read what is due.
    ReadTasks,
    /// Search for a person by name.
    SearchPersons,
    /// Read the audit.
    ReadAudit,
    /// Read metrics and published reports.
    ReadMetrics,
    /// Publish a report.
    SnapshotPublish,
    /// Report a concern.
    ConcernReportSubmit,
    /// Set urgency and deadline of a report.
    ConcernReportTriage,
    /// Say which family a report is about.
    ConcernReportLink,
    /// Begin to verify a report.
    ConcernReportVerify,
    /// Decide a report.
    ConcernReportDecide,
    /// Record a family.
    FamilyCreate,
    /// Change a family.
    FamilyUpdate,
    /// Add a member to a family.
    FamilyMemberAdd,
    /// End a membership of a family.
    FamilyMemberEnd,
    /// Record a person.
    PersonCreate,
    /// Change a person.
    PersonUpdate,
    /// Record a further name of a person.
    PersonNameAdd,
    /// Add a number of a person.
    IdentifierAdd,
    /// Void a number of a person.
    IdentifierVoid,
    /// Record a fact of a person's identity.
    IdentityFactAdd,
    /// Record a relationship between persons.
    RelationshipAdd,
    /// End a relationship between persons.
    RelationshipEnd,
    /// Record a child's legal status.
    LegalStatusRecord,
    /// Open a case.
    CaseOpen,
    /// Change a case.
    CaseUpdate,
    /// Assign a worker to a case.
    CaseAssign,
    /// End an assignment to a case.
    CaseAssignmentEnd,
    /// Ask for the closure of a case.
    CaseClosureRequest,
    /// Approve or send back the closure of a case.
    CaseClosureDecide,
    /// Reopen a case as a new episode.
    CaseReopen,
    /// Add a note to a closed episode.
    CaseAddendumAdd,
    /// Record an assessment.
    AssessmentRecord,
    /// Approve an assessment or send it back.
    AssessmentDecide,
    /// Draft a plan.
    PlanDraft,
    /// Record who agreed to a plan.
    PlanAgree,
    /// Put a plan into force.
    PlanActivate,
    /// Review a plan.
    PlanReview,
    /// Record how far a measure is.
    MeasureUpdate,
    /// Plan a visit.
    VisitSchedule,
    /// Record a visit.
    VisitRecord,
    /// Record a service.
    ServiceRecord,
    /// Enter a family or a person on a register.
    RegisterEnter,
    /// Remove an entry from a register.
    RegisterRemove,
    /// Record a centre.
    CentreCreate,
    /// Change a centre, and where it stands in its life cycle.
    CentreUpdate,
    /// Add a unit to a centre.
    UnitCreate,
    /// Say how many places a unit has.
    CapacitySet,
    /// Ask a centre for a place.
    PlacementRequest,
    /// Approve or refuse a request for a place.
    PlacementApprove,
    /// Reserve a place, or join the waiting list.
    PlacementReserve,
    /// Cancel a request or a reservation.
    PlacementCancel,
    /// Admit a person to a centre.
    PlacementAdmit,
    /// Move a person to another unit.
    PlacementMove,
    /// Record that a placed person is away.
    PlacementLeave,
    /// Record that a placed person is back.
    PlacementReturn,
    /// Discharge a person from a centre.
    PlacementDischarge,
    /// Record a decision of a body.
    DecisionRecord,
    /// Record a programme.
    ProgrammeCreate,
    /// Change a programme, and where it stands in its life cycle.
    ProgrammeUpdate,
    /// Open an intake of a programme.
    IntakeOpen,
    /// Change an intake of a programme.
    IntakeUpdate,
    /// Ask for an enrolment in a programme.
    EnrolmentRequest,
    /// Offer a place of a programme.
    EnrolmentOffer,
    /// Record the answer to an offer.
    EnrolmentAnswer,
    /// Withdraw what was asked for.
    EnrolmentWithdraw,
    /// Pause an enrolment.
    EnrolmentSuspend,
    /// Go on with an enrolment that was paused.
    EnrolmentResume,
    /// Record what happened in a stage of a programme.
    EnrolmentAdvance,
    /// End an enrolment with an outcome.
    EnrolmentEnd,
    /// Record who attended a programme.
    AttendanceRecord,
    /// Record a training that was held.
    TrainingEventRecord,
    /// Void a training that was recorded wrongly.
    TrainingEventVoid,
    /// Read who else sees what one leads.
    ReadAccess,
    /// Read who opened what in an emergency.
    ReadBreakGlass,
    /// Open a family or a person in an emergency.
    AccessBreakGlass,
    /// Review what was opened in an emergency.
    BreakGlassReview,
    /// Tell that what was opened in an emergency is closed again: by the service itself.
    BreakGlassExpire,
    /// Record what somebody answers who is asked for consent.
    ConsentGive,
    /// Withdraw a consent.
    ConsentWithdraw,
    /// Read referrals that were sent or received.
    ReadReferrals,
    /// Send a referral to another organisation.
    ReferralSend,
    /// Approve a referral that rests on a law.
    ReferralApprove,
    /// Accept or decline a referral.
    ReferralAnswer,
    /// Say that what a referral asked for is done.
    ReferralComplete,
    /// Give back a referral that was accepted.
    ReferralWithdraw,
    /// Take back a referral.
    ReferralRevoke,
    /// Read transfers of cases that were proposed or received.
    ReadTransfers,
    /// Propose that another organisation leads a case.
    TransferPropose,
    /// Accept or decline a transfer.
    TransferAnswer,
    /// Take back a transfer.
    TransferRevoke,
    /// Note that consents, referrals and transfers ran out: by the service itself.
    SharingExpire,
    /// Give free places to who waits, and note what ran out: by the service itself.
    GiveOutPlaces,
}

impl Action {
    /// All actions, in the order of the policy table.
    pub fn all() -> impl Iterator<Item = Self> {
        Self::iter()
    }

    /// What the action is, as the end of "your role never does this: ...".
    #[expect(clippy::too_many_lines, reason = "one line an action")]
    pub(super) const fn phrase(self) -> &'static str {
        match self {
            Self::ReadCatalogue => "read the catalogue",
            Self::ReadFamilies => "read families and persons",
            Self::ReadCases => "read cases",
            Self::ReadPlacements => "read placements",
            Self::ReadConcernReports => "read concern reports",
            Self::ReadTasks => "read tasks",
            Self::SearchPersons => "search for persons",
            Self::ReadAudit => "read the audit",
            Self::ReadMetrics => "read metrics and reports",
            Self::SnapshotPublish => "publish reports",
            Self::ConcernReportSubmit => "report a concern",
            Self::ConcernReportTriage => "triage concern reports",
            Self::ConcernReportLink => "link concern reports to families",
            Self::ConcernReportVerify => "verify concern reports",
            Self::ConcernReportDecide => "decide concern reports",
            Self::FamilyCreate => "record families",
            Self::FamilyUpdate => "change families",
            Self::FamilyMemberAdd => "add members to families",
            Self::FamilyMemberEnd => "end memberships of families",
            Self::PersonCreate => "record persons",
            Self::PersonUpdate => "change persons",
            Self::PersonNameAdd => "record names",
            Self::IdentifierAdd => "record numbers of persons",
            Self::IdentifierVoid => "void numbers of persons",
            Self::IdentityFactAdd => "record facts of identity",
            Self::RelationshipAdd => "record relationships",
            Self::RelationshipEnd => "end relationships",
            Self::LegalStatusRecord => "record legal statuses",
            Self::CaseOpen => "open cases",
            Self::CaseUpdate => "change cases",
            Self::CaseAssign => "assign workers",
            Self::CaseAssignmentEnd => "end assignments",
            Self::CaseClosureRequest => "ask for closures",
            Self::CaseClosureDecide => "decide closures",
            Self::CaseReopen => "reopen cases",
            Self::CaseAddendumAdd => "add to closed episodes",
            Self::AssessmentRecord => "record assessments",
            Self::AssessmentDecide => "decide assessments",
            Self::PlanDraft => "draft plans",
            Self::PlanAgree => "record agreement to plans",
            Self::PlanActivate => "put plans into force",
            Self::PlanReview => "review plans",
            Self::MeasureUpdate => "change measures",
            Self::VisitSchedule => "plan visits",
            Self::VisitRecord => "record visits",
            Self::ServiceRecord => "record services",
            Self::RegisterEnter => "enter on registers",
            Self::RegisterRemove => "remove from registers",
            Self::CentreCreate => "record centres",
            Self::CentreUpdate => "change centres",
            Self::UnitCreate => "add units to centres",
            Self::CapacitySet => "set the places of units",
            Self::PlacementRequest => "ask for placements",
            Self::PlacementApprove => "decide requests for placements",
            Self::PlacementReserve => "reserve places",
            Self::PlacementCancel => "cancel placements",
            Self::PlacementAdmit => "admit to centres",
            Self::PlacementMove => "move between units",
            Self::PlacementLeave => "record leaves",
            Self::PlacementReturn => "record returns",
            Self::PlacementDischarge => "discharge from centres",
            Self::DecisionRecord => "record decisions",
            Self::ProgrammeCreate => "record programmes",
            Self::ProgrammeUpdate => "change programmes",
            Self::IntakeOpen => "open intakes",
            Self::IntakeUpdate => "change intakes",
            Self::EnrolmentRequest => "ask for enrolments",
            Self::EnrolmentOffer => "offer places of programmes",
            Self::EnrolmentAnswer => "record answers to offers",
            Self::EnrolmentWithdraw => "withdraw enrolments",
            Self::EnrolmentSuspend => "pause enrolments",
            Self::EnrolmentResume => "resume enrolments",
            Self::EnrolmentAdvance => "record stages of programmes",
            Self::EnrolmentEnd => "end enrolments",
            Self::AttendanceRecord => "record attendance",
            Self::TrainingEventRecord => "record trainings",
            Self::TrainingEventVoid => "void trainings",
            Self::ReadAccess => "read who can see what",
            Self::ReadBreakGlass => "read who opened what in an emergency",
            Self::AccessBreakGlass => "open files in an emergency",
            Self::BreakGlassReview => "review what was opened in an emergency",
            Self::ConsentGive => "record consents",
            Self::ConsentWithdraw => "withdraw consents",
            Self::ReadReferrals => "read referrals",
            Self::ReferralSend => "send referrals",
            Self::ReferralApprove => "approve referrals",
            Self::ReferralAnswer => "answer referrals",
            Self::ReferralComplete => "complete referrals",
            Self::ReferralWithdraw => "give referrals back",
            Self::ReferralRevoke => "take referrals back",
            Self::ReadTransfers => "read transfers",
            Self::TransferPropose => "propose transfers",
            Self::TransferAnswer => "answer transfers",
            Self::TransferRevoke => "take transfers back",
            Self::BreakGlassExpire | Self::GiveOutPlaces | Self::SharingExpire => {
                "what is due by itself"
            }
        }
    }
}
