//! Looking at a report first: how fast it must be verified, and which family it is about.

use chrono::{DateTime, Utc};
use entity::concern_report::{self, ConcernStatus, ConcernUrgency};
use entity::family;
use entity::membership::Role;
use sea_orm::{ColumnTrait, Condition};
use uuid::Uuid;

use super::gate;
use crate::access::Session;
use crate::access::policy::Action;
use crate::casework::change::{Change, Key, Right, Subject};
use crate::casework::check::Checks;
use crate::casework::problem::{Halt, Problem};
use crate::casework::state::Machine;
use crate::casework::task::Due;
use crate::casework::wording::Text;

/// How a report is triaged.
#[derive(Clone, Debug)]
pub struct Triage {
    /// The report.
    pub id: Uuid,
    /// The version that this was decided on, if it is to be checked.
    pub expected_version: Option<i32>,
    /// How fast it must be verified.
    pub urgency: ConcernUrgency,
    /// Until when; by the authority's terms, if not said.
    pub due_at: Option<DateTime<Utc>>,
}

/// Sets urgency and deadline of a report, also again as long as nobody verifies it.
pub async fn triage(session: &Session, key: &Key, command: &Triage) -> Result<Uuid, Halt> {
    let subject = Subject::new("report", command.id);
    let mut change = Change::begin(session, Action::ConcernReportTriage, key, subject).await?;
    let mut checks = Checks::default();
    checks.day("input.dueAt", command.due_at.map(|at| session.day_of(at)));
    checks.done()?;
    let report = gate::enter(&change, command.id, "input.id").await?;
    let latest = report.received_at + session.terms().verification(command.urgency);
    let due_at = command.due_at.unwrap_or(latest);
    let triaged = concern_report::Model {
        status: ConcernStatus::Triaged,
        urgency: command.urgency,
        due_at: Some(due_at),
        ..report.clone()
    };
    change.expect_some(&report, &triaged, command.expected_version)?;
    if !may_triage(report.status) {
        return Err(report.status.refusal(ConcernStatus::Triaged, "input.id"));
    }
    let mut checks = Checks::default();
    checks.hold(due_at > report.received_at, "input.dueAt", Text::DatesOutOfOrder);
    let may_wait = due_at <= latest || session.viewer().role == Role::Supervisor;
    checks.hold(may_wait, "input.dueAt", Text::LaterThanTerms { latest });
    checks.done()?;
    if let Some(family_id) = report.family_id.filter(|_| report.urgency != command.urgency) {
        // A closure of the family's case beside this sees that the report can't wait, or is over.
        let family = Condition::all().add(family::Column::Id.eq(family_id));
        change.hold::<family::Entity>(family).await?;
    }
    let report = change.update(&report, triaged).await?;
    change.task(Due::verification(&report, session.day_of(due_at)));
    change.commit().await
}

/// Whether a report may be triaged: also again.
pub fn may_triage(status: ConcernStatus) -> bool {
    status == ConcernStatus::Triaged || status.may_become(ConcernStatus::Triaged)
}

/// Which family a report is about.
#[derive(Clone, Debug)]
pub struct Link {
    /// The report.
    pub id: Uuid,
    /// The version that this was decided on, if it is to be checked.
    pub expected_version: Option<i32>,
    /// The family.
    pub family_id: Uuid,
}

/// Says which family a report is about, until it is decided.
pub async fn link(session: &Session, key: &Key, command: &Link) -> Result<Uuid, Halt> {
    let subject = Subject::new("report", command.id);
    let mut change = Change::begin(session, Action::ConcernReportLink, key, subject).await?;
    let report = gate::enter(&change, command.id, "input.id").await?;
    let linked = concern_report::Model { family_id: Some(command.family_id), ..report.clone() };
    change.expect_some(&report, &linked, command.expected_version)?;
    if report.status.is_final() {
        return Err(Problem::at("input.id", Text::ReportDecided).from_where(report.status).into());
    }
    let family_id = command.family_id;
    change.lock::<family::Entity>(family_id, Right::FULL, "input.familyId").await?;
    change.update(&report, linked).await?;
    change.commit().await
}
