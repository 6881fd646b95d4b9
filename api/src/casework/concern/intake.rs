//! Receiving a report: what was reported, by whom, and who has to look at it.

use chrono::{DateTime, TimeDelta, Utc};
use entity::concern_category::{self, ConcernCategory};
use entity::concern_report::{self, ConcernChannel, ConcernSource, ConcernStatus, ConcernUrgency};
use entity::membership::Role;
use entity::{area, family};
use uuid::Uuid;

use super::receiver;
use super::reporter::Reporter;
use super::verification::due_on;
use crate::access::Session;
use crate::access::policy::Action;
use crate::casework::change::{Change, Key, Right, Subject};
use crate::casework::check::{Checks, LONG};
use crate::casework::problem::Halt;
use crate::casework::reference;
use crate::casework::task::Due;
use crate::casework::wording::Text;
use crate::error::Result;

/// What is reported.
#[derive(Clone, Debug)]
pub struct Submit {
    /// The id that the client made, or none.
    pub id: Option<Uuid>,
    /// When it came in; now, if not said.
    pub received_at: Option<DateTime<Utc>>,
    /// How it came in.
    pub channel: ConcernChannel,
    /// Class of who reported.
    pub source: ConcernSource,
    /// The area that it is about.
    pub area_id: Uuid,
    /// Who is to receive it, if that is said.
    pub organisation_id: Option<Uuid>,
    /// What was reported.
    pub narrative: String,
    /// What it is about.
    pub categories: Vec<ConcernCategory>,
    /// How fast it must be verified; in the ordinary time, if not said.
    pub urgency: ConcernUrgency,
    /// Whether the reporter wishes not to be named.
    pub is_anonymous: bool,
    /// Who reported.
    pub reporter: Reporter,
    /// The family that it is about, if known.
    pub family_id: Option<Uuid>,
}

/// How long ago what others send in may have come in.
const OLDEST: TimeDelta = TimeDelta::days(365);

/// Receives a report. From now on it is due, triaged or not.
pub async fn submit(session: &Session, key: &Key, command: &Submit) -> Result<Uuid, Halt> {
    let id = command.id.unwrap_or_else(Uuid::now_v7);
    let subject = Subject::new("report", id);
    let mut change = Change::begin(session, Action::ConcernReportSubmit, key, subject).await?;
    check(session, command)?;
    let area = change.read::<area::Entity>(command.area_id, Right::ANY, "input.areaId").await?;
    let family = match command.family_id {
        // A closure of its case beside this waits for the report, or is over.
        Some(id) => Some(change.lock::<family::Entity>(id, Right::ANY, "input.familyId").await?),
        None => None,
    };
    let lead = family.and_then(|family| family.lead_organisation_id);
    let organisation_id = receiver::of(&change, command.organisation_id, &area, lead).await?;
    let report = received(&change, id, command, organisation_id)?;
    change.insert(report.clone()).await?;
    let categories = command.categories.iter();
    let categories =
        categories.map(|kind| concern_category::Model { concern_report_id: id, kind: *kind });
    change.insert_all(categories.collect()).await?;
    let due_on = due_on(session, &report);
    change.task(Due::verification(&report, due_on));
    change.commit().await
}

fn check(session: &Session, command: &Submit) -> Result<(), Halt> {
    let mut checks = Checks::default();
    checks.text("input.narrative", &command.narrative, LONG);
    checks.hold(!command.categories.is_empty(), "input.categories", Text::Required);
    checks.distinct("input.categories", &command.categories);
    command.reporter.check(&mut checks, command.is_anonymous);
    if let Some(received_at) = command.received_at {
        let path = "input.receivedAt";
        let today = session.today();
        checks.hold(received_at <= session.now(), path, Text::InFuture { today });
        checks.day(path, Some(session.day_of(received_at)));
        if matches!(session.viewer().role, Role::Reporter | Role::Integration) {
            let oldest = session.now() - OLDEST;
            let earliest = session.day_of(oldest);
            checks.hold(received_at >= oldest, path, Text::TooEarly { earliest });
        }
    }
    checks.done()
}

/// The report as it came in. What is immediate has its deadline at once, without triage.
fn received(
    change: &Change,
    id: Uuid,
    command: &Submit,
    organisation_id: Uuid,
) -> Result<concern_report::Model> {
    let (session, by) = (change.session(), change.by());
    let (now, viewer) = (session.now(), session.viewer());
    let received_at = command.received_at.unwrap_or(now);
    let is_immediate = command.urgency == ConcernUrgency::Immediate;
    let due_at = received_at + session.terms().verification(command.urgency);
    let report = concern_report::Model {
        id,
        reference: reference::of("R", id),
        received_at,
        channel: command.channel,
        source_class: command.source,
        reporter_name: None,
        reporter_contact: None,
        is_anonymous: command.is_anonymous,
        submitted_by_id: viewer.worker_id,
        submitted_by_client_id: viewer.api_client_id,
        organisation_id,
        area_id: command.area_id,
        narrative: command.narrative.clone(),
        urgency: command.urgency,
        due_at: is_immediate.then_some(due_at),
        status: ConcernStatus::Received,
        decision: None,
        decided_at: None,
        family_id: command.family_id,
        case_id: None,
        duplicate_of_id: None,
        version: 1,
        created_at: now,
        updated_at: now,
        created_by: by,
        updated_by: by,
        voided_at: None,
        void_reason: None,
    };
    command.reporter.keep(session, report)
}
