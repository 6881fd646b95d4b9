//! Verifying a report: somebody sets out to find out whether it is so, most often with a visit.

use chrono::NaiveDate;
use entity::concern_report::{self, ConcernStatus, ConcernUrgency};
use sea_orm::ActiveEnum;
use uuid::Uuid;

use super::gate;
use crate::access::Session;
use crate::access::policy::Action;
use crate::casework::change::{Change, Key, Subject};
use crate::casework::problem::{Halt, Problem};
use crate::casework::state::Machine;
use crate::casework::task::Due;

/// What begins to verify a report.
#[derive(Clone, Debug)]
pub struct Verify {
    /// The report.
    pub id: Uuid,
    /// The version that this was decided on, if it is to be checked.
    pub expected_version: Option<i32>,
}

/// Begins to verify a report.
pub async fn verify(session: &Session, key: &Key, command: &Verify) -> Result<Uuid, Halt> {
    let subject = Subject::new("report", command.id);
    let mut change = Change::begin(session, Action::ConcernReportVerify, key, subject).await?;
    let report = gate::enter(&change, command.id, "input.id").await?;
    change.expect_some(&report, &verifying(&report), command.expected_version)?;
    check(&report, "input.id")?;
    let worker = change.worker()?;
    begin(&mut change, &report, Some(worker)).await?;
    change.commit().await
}

/// Begins to verify a report by an act that says so, such as a visit: one that is verified already
/// stays as it is, one that is decided is refused. The report must have come through the gate.
pub async fn begin_verification(
    change: &mut Change,
    report: &concern_report::Model,
    worker_id: Option<Uuid>,
) -> Result<(), Halt> {
    if report.status == ConcernStatus::Verifying {
        return Ok(());
    }
    check(report, "input.concernReportId")?;
    begin(change, report, worker_id).await
}

/// The report is being verified from now on, and that is the task of who began it.
async fn begin(
    change: &mut Change,
    report: &concern_report::Model,
    worker_id: Option<Uuid>,
) -> Result<(), Halt> {
    let report = change.update(report, verifying(report)).await?;
    let due_on = due_on(change.session(), &report);
    change.task(Due::verification(&report, due_on).owned_by(worker_id));
    Ok(())
}

/// Until which day a report is to be verified: as it was triaged, or by the authority's terms.
pub fn due_on(session: &Session, report: &concern_report::Model) -> NaiveDate {
    let latest = report.received_at + session.terms().verification(report.urgency);
    session.day_of(report.due_at.unwrap_or(latest))
}

/// Whether the verification of a report may begin.
pub fn may_begin(report: &concern_report::Model) -> bool {
    !is_to_be_triaged(report) && report.status.may_become(ConcernStatus::Verifying)
}

fn is_to_be_triaged(report: &concern_report::Model) -> bool {
    report.status == ConcernStatus::Received && report.urgency != ConcernUrgency::Immediate
}

/// Only what can't wait goes to verification without triage.
fn check(report: &concern_report::Model, path: &str) -> Result<(), Halt> {
    use ConcernStatus::{Received, Triaged, Verifying};
    if is_to_be_triaged(report) {
        let allowed = vec![Triaged.to_value()];
        return Err(
            Problem::transition(path, Received.to_value(), Verifying.to_value(), allowed).into()
        );
    }
    report.status.check(Verifying, path)
}

fn verifying(report: &concern_report::Model) -> concern_report::Model {
    concern_report::Model { status: ConcernStatus::Verifying, ..report.clone() }
}
