//! Which role may do what: one exhaustive match, reviewed as a table in the tests. Which rows
//! an action then reaches is decided in `scope`.

mod action;

use entity::membership::Role;

use crate::error::{Error, Result};

pub use action::Action;

/// Whether a role may do something at all.
#[expect(clippy::too_many_lines, reason = "each action is decided for each role")]
pub const fn allows(role: Role, action: Action) -> bool {
    use Action::{
        AccessBreakGlass, BreakGlassExpire, BreakGlassReview, ReadAccess, ReadBreakGlass,
    };
    use Action::{
        AssessmentDecide, AssessmentRecord, CapacitySet, CaseAddendumAdd, CaseAssign,
        CaseAssignmentEnd, CaseClosureDecide, CaseClosureRequest, CaseOpen, CaseReopen, CaseUpdate,
        CentreCreate, CentreUpdate, ConcernReportDecide, ConcernReportLink, ConcernReportSubmit,
        ConcernReportTriage, ConcernReportVerify, DecisionRecord, FamilyCreate, FamilyMemberAdd,
        FamilyMemberEnd, FamilyUpdate, GiveOutPlaces, IdentifierAdd, IdentifierVoid,
        IdentityFactAdd, LegalStatusRecord, MeasureUpdate, PersonCreate, PersonNameAdd,
        PersonUpdate, PlacementAdmit, PlacementApprove, PlacementCancel, PlacementDischarge,
        PlacementLeave, PlacementMove, PlacementRequest, PlacementReserve, PlacementReturn,
        PlanActivate, PlanAgree, PlanDraft, PlanReview, ReadAudit, ReadCases, ReadCatalogue,
        ReadConcernReports, ReadFamilies, ReadMetrics, ReadPlacements, ReadTasks, RegisterEnter,
        RegisterRemove, RelationshipAdd, RelationshipEnd, SearchPersons, ServiceRecord,
        SnapshotPublish, UnitCreate, VisitRecord, VisitSchedule,
    };
    use Action::{
        AttendanceRecord, EnrolmentAdvance, EnrolmentAnswer, EnrolmentEnd, EnrolmentOffer,
        EnrolmentRequest, EnrolmentResume, EnrolmentSuspend, EnrolmentWithdraw, IntakeOpen,
        IntakeUpdate, ProgrammeCreate, ProgrammeUpdate,
    };
    use Action::{
        ConsentGive, ConsentWithdraw, ReadReferrals, ReadTransfers, ReferralAnswer,
        ReferralApprove, ReferralComplete, ReferralRevoke, ReferralSend, ReferralWithdraw,
        SharingExpire, TransferAnswer, TransferPropose, TransferRevoke,
    };
    use Action::{TrainingEventRecord, TrainingEventVoid};
    if is_due_by_itself(action) {
        return false;
    }
    match role {
        Role::Supervisor => match action {
            ReadCatalogue | ReadFamilies | ReadCases | ReadPlacements | ReadConcernReports
            | ReadTasks | SearchPersons | ConcernReportSubmit | ConcernReportTriage
            | ConcernReportLink | ConcernReportVerify | ConcernReportDecide | FamilyCreate
            | FamilyUpdate | FamilyMemberAdd | FamilyMemberEnd | PersonCreate | PersonUpdate
            | PersonNameAdd | IdentifierAdd | IdentifierVoid | IdentityFactAdd
            | RelationshipAdd | RelationshipEnd | LegalStatusRecord | CaseOpen | CaseUpdate
            | CaseAssign | CaseAssignmentEnd | CaseClosureRequest | CaseClosureDecide
            | CaseReopen | CaseAddendumAdd | AssessmentRecord | AssessmentDecide | PlanDraft
            | PlanAgree | PlanActivate | PlanReview | MeasureUpdate | VisitSchedule
            | VisitRecord | ServiceRecord | RegisterEnter | RegisterRemove | DecisionRecord
            | CentreCreate | CentreUpdate | UnitCreate | CapacitySet | ProgrammeCreate
            | ProgrammeUpdate | IntakeOpen | IntakeUpdate | EnrolmentRequest | EnrolmentOffer
            | EnrolmentAnswer | EnrolmentWithdraw | EnrolmentSuspend | EnrolmentResume
            | EnrolmentAdvance | EnrolmentEnd | AttendanceRecord | TrainingEventRecord
            | TrainingEventVoid | PlacementRequest | PlacementApprove | PlacementReserve
            | PlacementCancel | PlacementAdmit | PlacementMove | PlacementLeave
            | PlacementReturn | PlacementDischarge | ReadBreakGlass | AccessBreakGlass
            | BreakGlassReview | BreakGlassExpire | ReadAccess | GiveOutPlaces | ConsentGive
            | ConsentWithdraw | ReadReferrals | ReferralSend | ReferralApprove | ReferralAnswer
            | ReferralComplete | ReferralWithdraw | ReferralRevoke | ReadTransfers
            | TransferPropose | TransferAnswer | TransferRevoke | SharingExpire | ReadMetrics
            | SnapshotPublish => true,
            ReadAudit => false,
        },
        Role::Caseworker => match action {
            ReadCatalogue | ReadFamilies | ReadCases | ReadPlacements | ReadConcernReports
            | ReadTasks | SearchPersons | ConcernReportSubmit | ConcernReportTriage
            | ConcernReportLink | ConcernReportVerify | ConcernReportDecide | FamilyCreate
            | FamilyUpdate | FamilyMemberAdd | FamilyMemberEnd | PersonCreate | PersonUpdate
            | PersonNameAdd | IdentifierAdd | IdentifierVoid | IdentityFactAdd
            | RelationshipAdd | RelationshipEnd | LegalStatusRecord | CaseOpen | CaseUpdate
            | CaseClosureRequest | CaseReopen | CaseAddendumAdd | AssessmentRecord | PlanDraft
            | PlanAgree | PlanActivate | PlanReview | MeasureUpdate | VisitSchedule
            | VisitRecord | ServiceRecord | RegisterEnter | RegisterRemove | DecisionRecord
            | EnrolmentRequest | EnrolmentOffer | EnrolmentAnswer | EnrolmentWithdraw
            | EnrolmentSuspend | EnrolmentResume | EnrolmentAdvance | EnrolmentEnd
            | AttendanceRecord | TrainingEventRecord | TrainingEventVoid | PlacementRequest
            | PlacementReserve | PlacementCancel | ReadBreakGlass | AccessBreakGlass
            | ConsentGive | ConsentWithdraw | ReadReferrals | ReferralSend | ReferralAnswer
            | ReferralComplete | ReferralWithdraw | ReferralRevoke | ReadTransfers
            | ReadMetrics => true,
            CaseAssign | CaseAssignmentEnd | CaseClosureDecide | AssessmentDecide
            | CentreCreate | CentreUpdate | UnitCreate | CapacitySet | ProgrammeCreate
            | ProgrammeUpdate | IntakeOpen | IntakeUpdate | PlacementApprove | PlacementAdmit
            | PlacementMove | PlacementLeave | PlacementReturn | PlacementDischarge
            | BreakGlassReview | BreakGlassExpire | ReadAccess | GiveOutPlaces
            | ReferralApprove | TransferPropose | TransferAnswer | TransferRevoke
            | SharingExpire | ReadAudit | SnapshotPublish => false,
        },
        Role::AreaCoordinator => match action {
            ReadCatalogue | ReadFamilies | ReadCases | ReadPlacements | ReadConcernReports
            | ReadTasks | SearchPersons | ReadMetrics => true,
            ConcernReportSubmit | ConcernReportTriage | ConcernReportLink | ConcernReportVerify
            | ConcernReportDecide | FamilyCreate | FamilyUpdate | FamilyMemberAdd
            | FamilyMemberEnd | PersonCreate | PersonUpdate | PersonNameAdd | IdentifierAdd
            | IdentifierVoid | IdentityFactAdd | RelationshipAdd | RelationshipEnd
            | LegalStatusRecord | CaseOpen | CaseUpdate | CaseAssign | CaseAssignmentEnd
            | CaseClosureRequest | CaseClosureDecide | CaseReopen | CaseAddendumAdd
            | AssessmentRecord | AssessmentDecide | PlanDraft | PlanAgree | PlanActivate
            | PlanReview | MeasureUpdate | VisitSchedule | VisitRecord | ServiceRecord
            | RegisterEnter | RegisterRemove | DecisionRecord | CentreCreate | CentreUpdate
            | UnitCreate | CapacitySet | ProgrammeCreate | ProgrammeUpdate | IntakeOpen
            | IntakeUpdate | EnrolmentRequest | EnrolmentOffer | EnrolmentAnswer
            | EnrolmentWithdraw | EnrolmentSuspend | EnrolmentResume | EnrolmentAdvance
            | EnrolmentEnd | AttendanceRecord | TrainingEventRecord | TrainingEventVoid
            | PlacementRequest | PlacementApprove | PlacementReserve | PlacementCancel
            | PlacementAdmit | PlacementMove | PlacementLeave | PlacementReturn
            | PlacementDischarge | ReadBreakGlass | AccessBreakGlass | BreakGlassReview
            | BreakGlassExpire | ReadAccess | GiveOutPlaces | ConsentGive | ConsentWithdraw
            | ReadReferrals | ReferralSend | ReferralApprove | ReferralAnswer
            | ReferralComplete | ReferralWithdraw | ReferralRevoke | ReadTransfers
            | TransferPropose | TransferAnswer | TransferRevoke | SharingExpire | ReadAudit
            | SnapshotPublish => false,
        },
        Role::CentreStaff => match action {
            ReadCatalogue | ReadFamilies | ReadCases | ReadPlacements | ReadTasks
            | VisitSchedule | VisitRecord | ServiceRecord | PlacementApprove | PlacementReserve
            | PlacementCancel | PlacementAdmit | PlacementMove | PlacementLeave
            | PlacementReturn | PlacementDischarge | ReadMetrics => true,
            ReadConcernReports | SearchPersons | ConcernReportSubmit | ConcernReportTriage
            | ConcernReportLink | ConcernReportVerify | ConcernReportDecide | FamilyCreate
            | FamilyUpdate | FamilyMemberAdd | FamilyMemberEnd | PersonCreate | PersonUpdate
            | PersonNameAdd | IdentifierAdd | IdentifierVoid | IdentityFactAdd
            | RelationshipAdd | RelationshipEnd | LegalStatusRecord | CaseOpen | CaseUpdate
            | CaseAssign | CaseAssignmentEnd | CaseClosureRequest | CaseClosureDecide
            | CaseReopen | CaseAddendumAdd | AssessmentRecord | AssessmentDecide | PlanDraft
            | PlanAgree | PlanActivate | PlanReview | MeasureUpdate | RegisterEnter
            | RegisterRemove | DecisionRecord | CentreCreate | CentreUpdate | UnitCreate
            | CapacitySet | ProgrammeCreate | ProgrammeUpdate | IntakeOpen | IntakeUpdate
            | EnrolmentRequest | EnrolmentOffer | EnrolmentAnswer | EnrolmentWithdraw
            | EnrolmentSuspend | EnrolmentResume | EnrolmentAdvance | EnrolmentEnd
            | AttendanceRecord | TrainingEventRecord | TrainingEventVoid | PlacementRequest
            | ReadBreakGlass | AccessBreakGlass | BreakGlassReview | BreakGlassExpire
            | ReadAccess | GiveOutPlaces | ConsentGive | ConsentWithdraw | ReadReferrals
            | ReferralSend | ReferralApprove | ReferralAnswer | ReferralComplete
            | ReferralWithdraw | ReferralRevoke | ReadTransfers | TransferPropose
            | TransferAnswer | TransferRevoke | SharingExpire | ReadAudit | SnapshotPublish => {
                false
            }
        },
        Role::NgoWorker => match action {
            ReadCatalogue | ReadFamilies | ReadCases | ReadPlacements | ReadTasks
            | ServiceRecord | IntakeOpen | IntakeUpdate | EnrolmentRequest | EnrolmentOffer
            | EnrolmentAnswer | EnrolmentWithdraw | EnrolmentSuspend | EnrolmentResume
            | EnrolmentAdvance | EnrolmentEnd | AttendanceRecord | TrainingEventRecord
            | TrainingEventVoid | ReadReferrals | ReferralAnswer | ReferralComplete
            | ReferralWithdraw => true,
            ReadConcernReports | SearchPersons | ConcernReportSubmit | ConcernReportTriage
            | ConcernReportLink | ConcernReportVerify | ConcernReportDecide | FamilyCreate
            | FamilyUpdate | FamilyMemberAdd | FamilyMemberEnd | PersonCreate | PersonUpdate
            | PersonNameAdd | IdentifierAdd | IdentifierVoid | IdentityFactAdd
            | RelationshipAdd | RelationshipEnd | LegalStatusRecord | CaseOpen | CaseUpdate
            | CaseAssign | CaseAssignmentEnd | CaseClosureRequest | CaseClosureDecide
            | CaseReopen | CaseAddendumAdd | AssessmentRecord | AssessmentDecide | PlanDraft
            | PlanAgree | PlanActivate | PlanReview | MeasureUpdate | VisitSchedule
            | VisitRecord | RegisterEnter | RegisterRemove | DecisionRecord | CentreCreate
            | CentreUpdate | UnitCreate | CapacitySet | ProgrammeCreate | ProgrammeUpdate
            | PlacementRequest | PlacementApprove | PlacementReserve | PlacementCancel
            | PlacementAdmit | PlacementMove | PlacementLeave | PlacementReturn
            | PlacementDischarge | ReadBreakGlass | AccessBreakGlass | BreakGlassReview
            | BreakGlassExpire | ReadAccess | GiveOutPlaces | ConsentGive | ConsentWithdraw
            | ReferralSend | ReferralApprove | ReferralRevoke | ReadTransfers | TransferPropose
            | TransferAnswer | TransferRevoke | SharingExpire | ReadAudit | ReadMetrics
            | SnapshotPublish => false,
        },
        Role::Integration => match action {
            ReadCatalogue | ReadFamilies | ReadCases | ReadPlacements | ReadConcernReports
            | ConcernReportSubmit | ServiceRecord | EnrolmentRequest | EnrolmentOffer
            | EnrolmentAnswer | EnrolmentWithdraw | EnrolmentSuspend | EnrolmentResume
            | EnrolmentAdvance | EnrolmentEnd | AttendanceRecord | ReadReferrals
            | ReferralAnswer | ReferralComplete | ReferralWithdraw => true,
            ReadTasks | SearchPersons | ConcernReportTriage | ConcernReportLink
            | ConcernReportVerify | ConcernReportDecide | FamilyCreate | FamilyUpdate
            | FamilyMemberAdd | FamilyMemberEnd | PersonCreate | PersonUpdate | PersonNameAdd
            | IdentifierAdd | IdentifierVoid | IdentityFactAdd | RelationshipAdd
            | RelationshipEnd | LegalStatusRecord | CaseOpen | CaseUpdate | CaseAssign
            | CaseAssignmentEnd | CaseClosureRequest | CaseClosureDecide | CaseReopen
            | CaseAddendumAdd | AssessmentRecord | AssessmentDecide | PlanDraft | PlanAgree
            | PlanActivate | PlanReview | MeasureUpdate | VisitSchedule | VisitRecord
            | RegisterEnter | RegisterRemove | DecisionRecord | CentreCreate | CentreUpdate
            | UnitCreate | CapacitySet | ProgrammeCreate | ProgrammeUpdate | IntakeOpen
            | IntakeUpdate | TrainingEventRecord | TrainingEventVoid | PlacementRequest
            | PlacementApprove | PlacementReserve | PlacementCancel | PlacementAdmit
            | PlacementMove | PlacementLeave | PlacementReturn | PlacementDischarge
            | ReadBreakGlass | AccessBreakGlass | BreakGlassReview | BreakGlassExpire
            | ReadAccess | GiveOutPlaces | ConsentGive | ConsentWithdraw | ReferralSend
            | ReferralApprove | ReferralRevoke | ReadTransfers | TransferPropose
            | TransferAnswer | TransferRevoke | SharingExpire | ReadAudit | ReadMetrics
            | SnapshotPublish => false,
        },
        Role::Reporter => match action {
            ReadCatalogue | ReadConcernReports | ConcernReportSubmit => true,
            ReadFamilies | ReadCases | ReadPlacements | ReadTasks | SearchPersons
            | ConcernReportTriage | ConcernReportLink | ConcernReportVerify
            | ConcernReportDecide | FamilyCreate | FamilyUpdate | FamilyMemberAdd
            | FamilyMemberEnd | PersonCreate | PersonUpdate | PersonNameAdd | IdentifierAdd
            | IdentifierVoid | IdentityFactAdd | RelationshipAdd | RelationshipEnd
            | LegalStatusRecord | CaseOpen | CaseUpdate | CaseAssign | CaseAssignmentEnd
            | CaseClosureRequest | CaseClosureDecide | CaseReopen | CaseAddendumAdd
            | AssessmentRecord | AssessmentDecide | PlanDraft | PlanAgree | PlanActivate
            | PlanReview | MeasureUpdate | VisitSchedule | VisitRecord | ServiceRecord
            | RegisterEnter | RegisterRemove | DecisionRecord | CentreCreate | CentreUpdate
            | UnitCreate | CapacitySet | ProgrammeCreate | ProgrammeUpdate | IntakeOpen
            | IntakeUpdate | EnrolmentRequest | EnrolmentOffer | EnrolmentAnswer
            | EnrolmentWithdraw | EnrolmentSuspend | EnrolmentResume | EnrolmentAdvance
            | EnrolmentEnd | AttendanceRecord | TrainingEventRecord | TrainingEventVoid
            | PlacementRequest | PlacementApprove | PlacementReserve | PlacementCancel
            | PlacementAdmit | PlacementMove | PlacementLeave | PlacementReturn
            | PlacementDischarge | ReadBreakGlass | AccessBreakGlass | BreakGlassReview
            | BreakGlassExpire | ReadAccess | GiveOutPlaces | ConsentGive | ConsentWithdraw
            | ReadReferrals | ReferralSend | ReferralApprove | ReferralAnswer
            | ReferralComplete | ReferralWithdraw | ReferralRevoke | ReadTransfers
            | TransferPropose | TransferAnswer | TransferRevoke | SharingExpire | ReadAudit
            | ReadMetrics | SnapshotPublish => false,
        },
        Role::Analyst | Role::Auditor => match action {
            ReadCatalogue => true,
            ReadAudit => matches!(role, Role::Auditor),
            ReadMetrics => matches!(role, Role::Analyst),
            SnapshotPublish | ReadFamilies | ReadCases | ReadPlacements | ReadConcernReports
            | ReadTasks | SearchPersons | ConcernReportSubmit | ConcernReportTriage
            | ConcernReportLink | ConcernReportVerify | ConcernReportDecide | FamilyCreate
            | FamilyUpdate | FamilyMemberAdd | FamilyMemberEnd | PersonCreate | PersonUpdate
            | PersonNameAdd | IdentifierAdd | IdentifierVoid | IdentityFactAdd
            | RelationshipAdd | RelationshipEnd | LegalStatusRecord | CaseOpen | CaseUpdate
            | CaseAssign | CaseAssignmentEnd | CaseClosureRequest | CaseClosureDecide
            | CaseReopen | CaseAddendumAdd | AssessmentRecord | AssessmentDecide | PlanDraft
            | PlanAgree | PlanActivate | PlanReview | MeasureUpdate | VisitSchedule
            | VisitRecord | ServiceRecord | RegisterEnter | RegisterRemove | DecisionRecord
            | CentreCreate | CentreUpdate | UnitCreate | CapacitySet | ProgrammeCreate
            | ProgrammeUpdate | IntakeOpen | IntakeUpdate | EnrolmentRequest | EnrolmentOffer
            | EnrolmentAnswer | EnrolmentWithdraw | EnrolmentSuspend | EnrolmentResume
            | EnrolmentAdvance | EnrolmentEnd | AttendanceRecord | TrainingEventRecord
            | TrainingEventVoid | PlacementRequest | PlacementApprove | PlacementReserve
            | PlacementCancel | PlacementAdmit | PlacementMove | PlacementLeave
            | PlacementReturn | PlacementDischarge | ReadBreakGlass | AccessBreakGlass
            | BreakGlassReview | BreakGlassExpire | ReadAccess | GiveOutPlaces | ConsentGive
            | ConsentWithdraw | ReadReferrals | ReferralSend | ReferralApprove | ReferralAnswer
            | ReferralComplete | ReferralWithdraw | ReferralRevoke | ReadTransfers
            | TransferPropose | TransferAnswer | TransferRevoke | SharingExpire => false,
        },
        Role::Admin => match action {
            ReadCatalogue | CentreCreate | CentreUpdate | UnitCreate | CapacitySet
            | ProgrammeCreate | ProgrammeUpdate | IntakeOpen | IntakeUpdate => true,
            ReadFamilies | ReadCases | ReadPlacements | ReadConcernReports | ReadTasks
            | SearchPersons | ConcernReportSubmit | ConcernReportTriage | ConcernReportLink
            | ConcernReportVerify | ConcernReportDecide | FamilyCreate | FamilyUpdate
            | FamilyMemberAdd | FamilyMemberEnd | PersonCreate | PersonUpdate | PersonNameAdd
            | IdentifierAdd | IdentifierVoid | IdentityFactAdd | RelationshipAdd
            | RelationshipEnd | LegalStatusRecord | CaseOpen | CaseUpdate | CaseAssign
            | CaseAssignmentEnd | CaseClosureRequest | CaseClosureDecide | CaseReopen
            | CaseAddendumAdd | AssessmentRecord | AssessmentDecide | PlanDraft | PlanAgree
            | PlanActivate | PlanReview | MeasureUpdate | VisitSchedule | VisitRecord
            | ServiceRecord | RegisterEnter | RegisterRemove | DecisionRecord
            | EnrolmentRequest | EnrolmentOffer | EnrolmentAnswer | EnrolmentWithdraw
            | EnrolmentSuspend | EnrolmentResume | EnrolmentAdvance | EnrolmentEnd
            | AttendanceRecord | TrainingEventRecord | TrainingEventVoid | PlacementRequest
            | PlacementApprove | PlacementReserve | PlacementCancel | PlacementAdmit
            | PlacementMove | PlacementLeave | PlacementReturn | PlacementDischarge
            | ReadBreakGlass | AccessBreakGlass | BreakGlassReview | BreakGlassExpire
            | ReadAccess | GiveOutPlaces | ConsentGive | ConsentWithdraw | ReadReferrals
            | ReferralSend | ReferralApprove | ReferralAnswer | ReferralComplete
            | ReferralWithdraw | ReferralRevoke | ReadTransfers | TransferPropose
            | TransferAnswer | TransferRevoke | SharingExpire | ReadAudit | ReadMetrics
            | SnapshotPublish => false,
        },
    }
}

/// What the service does by itself, and nobody else.
pub const fn is_due_by_itself(action: Action) -> bool {
    matches!(action, Action::GiveOutPlaces | Action::BreakGlassExpire | Action::SharingExpire)
}

/// Refuses what a role never does.
pub const fn check(role: Role, action: Action) -> Result<()> {
    if allows(role, action) { Ok(()) } else { Err(Error::Forbidden(action.phrase())) }
}
