//! Every machine, pair by pair: what the code allows is what the practice has; and what a mutation
//! does to a row in each state is what the machine says, in the database.

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
use hearth::casework::problem::{Detail, Halt};
use hearth::casework::state::Machine;

/// Walks every pair of a machine: a line `FROM -> ALLOWED ...` for each status that has moves, and
/// nothing else moves.
#[track_caller]
fn walk<S: Machine + std::fmt::Debug>(expected: &str) {
    let moves: Vec<(&str, Vec<&str>)> = expected
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(|line| {
            let (from, to) = line.split_once(" -> ").unwrap();
            (from, to.split(' ').collect())
        })
        .collect();
    let mut met = 0;
    for from in S::iter() {
        let (name, empty) = (from.to_value(), Vec::new());
        let line = moves.iter().find(|(start, _)| *start == name);
        let allowed = line.map_or(&empty, |(_, allowed)| allowed);
        for to in S::iter() {
            let is_allowed = allowed.contains(&to.to_value().as_str());
            assert_eq!(from.may_become(to), is_allowed, "{from:?} -> {to:?}");
            match from.check(to, "input.status") {
                Ok(()) => met += 1,
                Err(Halt::Refused(problems)) => {
                    let Detail::Transition { allowed: told } = &problems[0].detail else {
                        panic!("{problems:?}")
                    };
                    let mut told: Vec<&str> = told.iter().map(String::as_str).collect();
                    let mut allowed = allowed.clone();
                    told.sort_unstable();
                    allowed.sort_unstable();
                    assert_eq!(told, allowed, "{from:?} tells where it may go");
                }
                Err(other) => panic!("{other:?}"),
            }
        }
    }
    let listed: usize = moves.iter().map(|(_, allowed)| allowed.len()).sum();
    assert_eq!(met, listed, "every move above is there");
}

#[test]
fn concern_reports() {
    walk::<ConcernStatus>(
        "RECEIVED -> TRIAGED VERIFYING
         TRIAGED -> SCREENED_OUT LINKED VERIFYING
         VERIFYING -> CONFIRMED NOT_CONFIRMED",
    );
}

#[test]
fn cases() {
    walk::<CaseStatus>(
        "INTAKE -> ASSESSMENT CLOSURE_REQUESTED
         ASSESSMENT -> PLANNING CLOSURE_REQUESTED
         PLANNING -> ACTIVE CLOSURE_REQUESTED
         ACTIVE -> MONITORING CLOSURE_REQUESTED
         MONITORING -> ACTIVE CLOSURE_REQUESTED
         CLOSURE_REQUESTED -> CLOSED ACTIVE PLANNING ASSESSMENT
         CLOSED -> ASSESSMENT ACTIVE",
    );
}

#[test]
fn assessments() {
    walk::<AssessmentStatus>(
        "DRAFT -> SUBMITTED
         SUBMITTED -> APPROVED REJECTED
         REJECTED -> SUBMITTED",
    );
}

#[test]
fn plans() {
    walk::<PlanStatus>(
        "DRAFT -> AGREED CANCELLED
         AGREED -> ACTIVE CANCELLED
         ACTIVE -> UNDER_REVIEW CANCELLED
         UNDER_REVIEW -> ACTIVE COMPLETED SUPERSEDED CANCELLED",
    );
}

#[test]
fn measures() {
    walk::<MeasureStatus>(
        "PLANNED -> IN_PROGRESS CANCELLED
         IN_PROGRESS -> DONE NOT_DONE",
    );
}

#[test]
fn visits() {
    walk::<VisitStatus>("SCHEDULED -> COMPLETED NO_ACCESS MISSED CANCELLED");
}

#[test]
fn centres() {
    walk::<CentreStatus>(
        "PLANNED -> OPEN
         OPEN -> SUSPENDED
         SUSPENDED -> OPEN CLOSED",
    );
}

#[test]
fn placements() {
    walk::<PlacementStatus>(
        "REQUESTED -> APPROVED REFUSED ADMITTED CANCELLED
         APPROVED -> WAITLISTED RESERVED CANCELLED
         WAITLISTED -> RESERVED CANCELLED
         RESERVED -> ADMITTED EXPIRED CANCELLED
         ADMITTED -> ON_LEAVE DISCHARGED
         ON_LEAVE -> ADMITTED DISCHARGED",
    );
}

#[test]
fn programmes() {
    walk::<ProgrammeStatus>(
        "PLANNED -> ACTIVE
         ACTIVE -> SUSPENDED
         SUSPENDED -> ACTIVE ENDED",
    );
}

#[test]
fn enrolments() {
    walk::<EnrolmentStatus>(
        "REQUESTED -> INELIGIBLE WAITLISTED OFFERED ENROLLED WITHDRAWN
         WAITLISTED -> INELIGIBLE OFFERED WITHDRAWN
         OFFERED -> WAITLISTED ENROLLED WITHDRAWN EXPIRED
         ENROLLED -> IN_PROGRESS ENDED
         IN_PROGRESS -> SUSPENDED ENDED
         SUSPENDED -> IN_PROGRESS ENDED",
    );
}

#[test]
fn consents() {
    walk::<ConsentStatus>("GIVEN -> WITHDRAWN EXPIRED");
}

#[test]
fn referrals() {
    walk::<ReferralStatus>(
        "DRAFT -> SENT REVOKED
         SENT -> ACCEPTED DECLINED EXPIRED REVOKED
         ACCEPTED -> EXPIRED COMPLETED WITHDRAWN REVOKED",
    );
}

#[test]
fn transfers() {
    walk::<TransferStatus>("PROPOSED -> ACCEPTED DECLINED REVOKED EXPIRED");
}
