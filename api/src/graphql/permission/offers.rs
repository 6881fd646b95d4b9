//! The objects that tell what could be done, one field for each mutation.

use async_graphql::Object;

use crate::access::policy::Action;
use crate::casework::permission::Permitted;

/// What could be done with an object of a kind.
pub trait Offer {
    /// The actions that it tells of.
    const ACTIONS: &'static [Action];
}

/// Declares what could be done with an object, each field by its action.
macro_rules! permissions {
    ($($(#[$doc:meta])+ $name:ident {
        $($(#[$field_doc:meta])+ $field:ident: $action:ident),+ $(,)?
    })+) => {
        $($(#[$doc])+
        pub struct $name(pub(super) Permitted);

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
        /// Whether the viewer could record an answer to a request for consent (`consentGive`).
        can_record_consent: ConsentGive,
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
        /// Whether the viewer could send a referral (`referralSend`).
        can_refer: ReferralSend,
        /// Whether the viewer could propose that another organisation leads it (`transferPropose`),
        /// unless one is proposed.
        can_transfer: TransferPropose,
    }

    /// What the viewer could do with a consent now, as far as role, right and its state say; the
    /// input may still be refused.
    ConsentPermissions {
        /// Whether the viewer could withdraw it (`consentWithdraw`).
        can_withdraw: ConsentWithdraw,
    }

    /// What the viewer could do with a referral now, as far as role, right and its state say; the
    /// input may still be refused.
    ReferralPermissions {
        /// Whether the viewer could approve it (`referralApprove`), unless the viewer wrote it.
        can_approve: ReferralApprove,
        /// Whether the viewer could accept or decline it (`referralAnswer`).
        can_answer: ReferralAnswer,
        /// Whether the viewer could say that it is done (`referralComplete`).
        can_complete: ReferralComplete,
        /// Whether the viewer could give it back (`referralWithdraw`).
        can_withdraw: ReferralWithdraw,
        /// Whether the viewer could take it back (`referralRevoke`).
        can_revoke: ReferralRevoke,
    }

    /// What the viewer could do with a transfer now, as far as role, right and its state say; the
    /// input may still be refused.
    TransferPermissions {
        /// Whether the viewer could accept or decline it (`transferAnswer`).
        can_answer: TransferAnswer,
        /// Whether the viewer could take it back (`transferRevoke`).
        can_revoke: TransferRevoke,
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

    /// What the viewer could do with a training now, as far as role, organisation and its state say;
    /// the input may still be refused.
    TrainingEventPermissions {
        /// Whether the viewer could void it (`trainingEventVoid`).
        can_void: TrainingEventVoid,
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
