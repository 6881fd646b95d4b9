//! Deciding a report: it leads to nothing, belongs to work that goes on already, or its facts are
//! confirmed and work begins.

use entity::case::{self, CaseKind, CaseStatus, SupportLevel};
use entity::concern_report::{self, ConcernStatus};
use uuid::Uuid;

use super::confirming::{self, Ground};
use super::gate;
use super::verification::due_on;
use crate::access::Session;
use crate::access::policy::Action;
use crate::casework::case::gate as cases;
use crate::casework::change::{Change, Key, Right, Subject};
use crate::casework::check::{Checks, LONG};
use crate::casework::problem::{Halt, Problem};
use crate::casework::state::Machine;
use crate::casework::task::Due;
use crate::casework::wording::Text;

/// What a report comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is not taken further.
    ScreenedOut,
    /// It belongs to an open case.
    Linked,
    /// The facts are as reported.
    Confirmed,
    /// They are not.
    NotConfirmed,
}

impl Outcome {
    const ALL: [Self; 4] = [Self::ScreenedOut, Self::Linked, Self::Confirmed, Self::NotConfirmed];

    const fn status(self) -> ConcernStatus {
        match self {
            Self::ScreenedOut => ConcernStatus::ScreenedOut,
            Self::Linked => ConcernStatus::Linked,
            Self::Confirmed => ConcernStatus::Confirmed,
            Self::NotConfirmed => ConcernStatus::NotConfirmed,
        }
    }
}

/// Whether a report may come to anything now.
pub fn may_decide(status: ConcernStatus) -> bool {
    Outcome::ALL.iter().any(|outcome| status.may_become(outcome.status()))
}

/// A decision on a report.
#[derive(Clone, Debug)]
pub struct Decide {
    /// The report.
    pub id: Uuid,
    /// The version that this was decided on, if it is to be checked.
    pub expected_version: Option<i32>,
    /// What the report comes to.
    pub outcome: Outcome,
    /// Why.
    pub reason: String,
    /// What confirms the facts, where it is no visit.
    pub evidence: Option<String>,
    /// The family whose facts are confirmed, where the report was not linked before.
    pub family_id: Option<Uuid>,
    /// The open case that the report belongs to.
    pub case_id: Option<Uuid>,
    /// The report that it repeats.
    pub duplicate_of_id: Option<Uuid>,
    /// What a first case of the family is for.
    pub case_kind: Option<CaseKind>,
    /// How intensely the family is supported in a first case.
    pub support_level: Option<SupportLevel>,
}

/// Decides a report; it is not due any more.
pub async fn decide(session: &Session, key: &Key, command: &Decide) -> Result<Uuid, Halt> {
    let subject = Subject::new("report", command.id);
    let mut change = Change::begin(session, Action::ConcernReportDecide, key, subject).await?;
    check(command)?;
    let (report, ground) = enter(&change, command).await?;
    let next = command.outcome.status();
    let wanted = concern_report::Model { status: next, ..report.clone() };
    change.expect_some(&report, &wanted, command.expected_version)?;
    report.status.check(next, "input.decision")?;
    let placed = match command.outcome {
        Outcome::ScreenedOut | Outcome::NotConfirmed => report.clone(),
        Outcome::Linked => linked(&change, command, &report).await?,
        Outcome::Confirmed => confirming::confirmed(&mut change, command, &report, ground).await?,
    };
    let decided = concern_report::Model {
        status: next,
        decision: Some(told(command)),
        decided_at: Some(session.now()),
        ..placed
    };
    let decided = change.update(&report, decided).await?;
    let due_on = due_on(session, &decided);
    change.task(Due::verification(&decided, due_on).done());
    change.commit().await
}

fn check(command: &Decide) -> Result<(), Halt> {
    let mut checks = Checks::default();
    checks.text("input.reason", &command.reason, LONG);
    if let Some(evidence) = &command.evidence {
        checks.text("input.evidence", evidence, LONG);
    }
    let (is_linked, is_confirmed) =
        (command.outcome == Outcome::Linked, command.outcome == Outcome::Confirmed);
    for (path, is_given, belongs) in [
        ("input.evidence", command.evidence.is_some(), is_confirmed),
        ("input.familyId", command.family_id.is_some(), is_confirmed),
        ("input.caseKind", command.case_kind.is_some(), is_confirmed),
        ("input.supportLevel", command.support_level.is_some(), is_confirmed),
        ("input.caseId", command.case_id.is_some(), is_linked),
        ("input.duplicateOfId", command.duplicate_of_id.is_some(), is_linked),
    ] {
        checks.hold(belongs || !is_given, path, Text::OtherDecision);
    }
    checks.hold(!is_linked || command.case_id.is_some(), "input.caseId", Text::Required);
    checks.done()
}

/// What was decided, as it is kept.
fn told(command: &Decide) -> String {
    match &command.evidence {
        Some(evidence) => format!("{}\n\n{evidence}", command.reason),
        None => command.reason.clone(),
    }
}

/// The report through its gate; with what its family brings to it, where its facts are to be
/// confirmed and the viewer sees that family.
async fn enter(
    change: &Change,
    command: &Decide,
) -> Result<(concern_report::Model, Option<Ground>), Halt> {
    if command.outcome == Outcome::Confirmed {
        let mut found = Ground::enter(change, command.id, command.family_id).await?;
        let is_unfounded = |ground: &Ground| !ground.is_founded(command);
        if found.as_ref().is_none_or(|(_, ground)| is_unfounded(ground)) {
            // A visit or a link may have been recorded while this waited for the report.
            found = Ground::enter(change, command.id, command.family_id).await?;
        }
        if let Some((report, ground)) = found {
            let is_led = ground.leads_to(&report);
            let report =
                if is_led { report } else { gate::moved_here(change, report, "input.id").await? };
            return Ok((report, Some(ground)));
        }
    }
    Ok((gate::enter(change, command.id, "input.id").await?, None))
}

/// The report as it belongs to an open case, and repeats another report of it.
async fn linked(
    change: &Change,
    command: &Decide,
    report: &concern_report::Model,
) -> Result<concern_report::Model, Halt> {
    let Some(case_id) = command.case_id else {
        return Err(Problem::at("input.caseId", Text::Required).into());
    };
    // The report joins work that goes on: nobody's right becomes another by that.
    let (case, _) = cases::enter_episode(change, case_id, Right::FULL, "input.caseId").await?;
    if case.status == CaseStatus::ClosureRequested {
        return Err(Problem::at("input.caseId", Text::ClosureAsked).into());
    }
    if let Some(original_id) = command.duplicate_of_id {
        check_original(change, report.id, original_id, &case).await?;
    }
    Ok(concern_report::Model {
        family_id: Some(case.family_id),
        case_id: Some(case.id),
        duplicate_of_id: command.duplicate_of_id,
        ..report.clone()
    })
}

/// A report that is repeated is about the same family, and repeats none itself: so repetitions
/// never go round in a circle.
async fn check_original(
    change: &Change,
    report_id: Uuid,
    original_id: Uuid,
    case: &case::Model,
) -> Result<(), Halt> {
    let path = "input.duplicateOfId";
    let level = Right::ANY;
    let original = change.lock::<concern_report::Entity>(original_id, level, path).await?;
    let is_akin = original.case_id == Some(case.id) || original.family_id == Some(case.family_id);
    let mut checks = Checks::default();
    if original.voided_at.is_some() {
        return Err(Problem::not_found(path).into());
    }
    if original.id == report_id {
        checks.fail(path, Text::RepeatsItself);
    } else if !is_akin {
        checks.fail(path, Text::RepeatsAnotherFamily);
    }
    checks.hold(original.duplicate_of_id.is_none(), path, Text::RepeatsARepetition);
    checks.done()
}
