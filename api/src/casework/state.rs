//! Where things may go from where they stand: each machine is one match, in the order of the
//! features. Who may move them, and under which guard, stands with the verbs.

use entity::assessment::AssessmentStatus;
use entity::case::CaseStatus;
use entity::centre::CentreStatus;
use entity::concern_report::ConcernStatus;
use entity::consent::ConsentStatus;
use entity::enrolment::EnrolmentStatus;
use entity::measure::MeasureStatus;
use entity::placement::PlacementStatus;
use entity::plan::PlanStatus;
use entity::programme::ProgrammeStatus;
use entity::referral::ReferralStatus;
use entity::transfer::TransferStatus;
use entity::visit::VisitStatus;
use sea_orm::{ActiveEnum, Iterable};

use super::problem::{Halt, Problem};

/// A status with the moves that it allows.
pub trait Machine: ActiveEnum<Value = String> + Iterable + Copy + Eq {
    /// Whether what stands here may go there.
    fn may_become(self, next: Self) -> bool;

    /// Where it may go from here.
    fn allowed(self) -> Vec<Self> {
        Self::iter().filter(|next| self.may_become(*next)).collect()
    }

    /// Whether it goes nowhere from here.
    fn is_final(self) -> bool {
        self.allowed().is_empty()
    }

    /// The same as the schema spells them.
    fn allowed_names(self) -> Vec<String> {
        self.allowed().iter().map(ActiveEnum::to_value).collect()
    }

    /// Why a move is not made; the problem names those that the machine has from here.
    fn refusal(self, next: Self, path: &str) -> Halt {
        let (from, to) = (self.to_value(), next.to_value());
        Problem::transition(path, from, to, self.allowed_names()).into()
    }

    /// Refuses a move that the machine does not have; the problem names those that it has.
    fn check(self, next: Self, path: &str) -> Result<(), Halt> {
        if self.may_become(next) {
            return Ok(());
        }
        Err(self.refusal(next, path))
    }
}

impl Machine for ConcernStatus {
    fn may_become(self, next: Self) -> bool {
        use ConcernStatus::{
            Confirmed, Linked, NotConfirmed, Received, ScreenedOut, Triaged, Verifying,
        };
        match self {
            // Straight to verification only where the report is IMMEDIATE, which the verb checks.
            Received => matches!(next, Triaged | Verifying),
            Triaged => matches!(next, ScreenedOut | Linked | Verifying),
            Verifying => matches!(next, Confirmed | NotConfirmed),
            ScreenedOut | Linked | Confirmed | NotConfirmed => false,
        }
    }
}

impl Machine for CaseStatus {
    fn may_become(self, next: Self) -> bool {
        use CaseStatus::{
            Active, Assessment, Closed, ClosureRequested, Intake, Monitoring, Planning,
        };
        match self {
            Intake => matches!(next, Assessment | ClosureRequested),
            Assessment => matches!(next, Planning | ClosureRequested),
            Planning => matches!(next, Active | ClosureRequested),
            Active => matches!(next, Monitoring | ClosureRequested),
            Monitoring => matches!(next, Active | ClosureRequested),
            // Sent back to where work can go on: without a plan in force that is not ACTIVE.
            ClosureRequested => matches!(next, Closed | Active | Planning | Assessment),
            // Only as a new episode.
            Closed => matches!(next, Assessment | Active),
        }
    }
}

impl Machine for AssessmentStatus {
    fn may_become(self, next: Self) -> bool {
        use AssessmentStatus::{Approved, Draft, Rejected, Submitted};
        match self {
            Draft | Rejected => matches!(next, Submitted),
            Submitted => matches!(next, Approved | Rejected),
            Approved => false,
        }
    }
}

impl Machine for PlanStatus {
    fn may_become(self, next: Self) -> bool {
        use PlanStatus::{Active, Agreed, Cancelled, Completed, Draft, Superseded, UnderReview};
        match self {
            Draft => matches!(next, Agreed | Cancelled),
            Agreed => matches!(next, Active | Cancelled),
            Active => matches!(next, UnderReview | Cancelled),
            UnderReview => matches!(next, Active | Completed | Superseded | Cancelled),
            Completed | Superseded | Cancelled => false,
        }
    }
}

impl Machine for MeasureStatus {
    fn may_become(self, next: Self) -> bool {
        use MeasureStatus::{Cancelled, Done, InProgress, NotDone, Planned};
        match self {
            Planned => matches!(next, InProgress | Cancelled),
            InProgress => matches!(next, Done | NotDone),
            Done | NotDone | Cancelled => false,
        }
    }
}

impl Machine for VisitStatus {
    fn may_become(self, next: Self) -> bool {
        use VisitStatus::{Cancelled, Completed, Missed, NoAccess, Scheduled};
        match self {
            Scheduled => matches!(next, Completed | NoAccess | Missed | Cancelled),
            Completed | NoAccess | Missed | Cancelled => false,
        }
    }
}

impl Machine for CentreStatus {
    fn may_become(self, next: Self) -> bool {
        use CentreStatus::{Closed, Open, Planned, Suspended};
        match self {
            Planned => matches!(next, Open),
            Open => matches!(next, Suspended),
            Suspended => matches!(next, Open | Closed),
            Closed => false,
        }
    }
}

impl Machine for PlacementStatus {
    fn may_become(self, next: Self) -> bool {
        use PlacementStatus::{
            Admitted, Approved, Cancelled, Discharged, Expired, OnLeave, Refused, Requested,
            Reserved, Waitlisted,
        };
        match self {
            // Straight to admission only in an emergency, which the verb checks.
            Requested => matches!(next, Approved | Refused | Admitted | Cancelled),
            Approved => matches!(next, Waitlisted | Reserved | Cancelled),
            Waitlisted => matches!(next, Reserved | Cancelled),
            Reserved => matches!(next, Admitted | Expired | Cancelled),
            Admitted => matches!(next, OnLeave | Discharged),
            OnLeave => matches!(next, Admitted | Discharged),
            Refused | Discharged | Cancelled | Expired => false,
        }
    }
}

impl Machine for ProgrammeStatus {
    fn may_become(self, next: Self) -> bool {
        use ProgrammeStatus::{Active, Ended, Planned, Suspended};
        match self {
            Planned => matches!(next, Active),
            Active => matches!(next, Suspended),
            Suspended => matches!(next, Active | Ended),
            Ended => false,
        }
    }
}

impl Machine for EnrolmentStatus {
    fn may_become(self, next: Self) -> bool {
        use EnrolmentStatus::{
            Ended, Enrolled, Expired, InProgress, Ineligible, Offered, Requested, Suspended,
            Waitlisted, Withdrawn,
        };
        match self {
            Requested => matches!(next, Ineligible | Waitlisted | Offered | Enrolled | Withdrawn),
            Waitlisted => matches!(next, Ineligible | Offered | Withdrawn),
            Offered => matches!(next, Enrolled | Waitlisted | Withdrawn | Expired),
            // Who never began, or is suspended, may leave as well.
            Enrolled | Suspended => matches!(next, InProgress | Ended),
            InProgress => matches!(next, Suspended | Ended),
            Ineligible | Ended | Withdrawn | Expired => false,
        }
    }
}

impl Machine for ConsentStatus {
    fn may_become(self, next: Self) -> bool {
        match self {
            Self::Given => matches!(next, Self::Withdrawn | Self::Expired),
            Self::Refused | Self::Withdrawn | Self::Expired => false,
        }
    }
}

impl Machine for ReferralStatus {
    fn may_become(self, next: Self) -> bool {
        use ReferralStatus::{
            Accepted, Completed, Declined, Draft, Expired, Revoked, Sent, Withdrawn,
        };
        match self {
            // Dropped where its approval is refused.
            Draft => matches!(next, Sent | Revoked),
            Sent => matches!(next, Accepted | Declined | Expired | Revoked),
            Accepted => matches!(next, Completed | Withdrawn | Revoked | Expired),
            Declined | Expired | Completed | Withdrawn | Revoked => false,
        }
    }
}

impl Machine for TransferStatus {
    fn may_become(self, next: Self) -> bool {
        match self {
            Self::Proposed => !matches!(next, Self::Proposed),
            Self::Accepted | Self::Declined | Self::Revoked | Self::Expired => false,
        }
    }
}
