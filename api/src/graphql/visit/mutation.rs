//! Planning and recording visits.

use async_graphql::{Context, Enum, ID, InputObject, Object};
use entity::visit::{VisitPurpose, VisitStatus};
use uuid::Uuid;

use super::Visit;
use crate::casework;
use crate::casework::visit::occasion::About;
use crate::casework::visit::planning::Schedule;
use crate::casework::visit::recording::{Record, Seen};
use crate::error::Result;
use crate::graphql::id::{Kind, parse_person};
use crate::graphql::payload::{payloads, perform};
use crate::graphql::scalar::{Date, Instant};

payloads! {
    /// A visit, or why nothing was done.
    VisitPayload {
        /// The visit; null if nothing was done.
        visit: Visit of visit
    }
}

/// What plans a visit.
#[derive(InputObject)]
pub struct VisitScheduleInput {
    /// Made by the client, new for each change: sending it again does nothing twice.
    client_mutation_id: Uuid,
    /// The id of the new visit, if the client made one offline: `visit_` and a `UUIDv7`.
    id: Option<ID>,
    /// The case; exactly one of `caseId` and `concernReportId`.
    case_id: Option<ID>,
    /// The report to verify, which must be linked to a family. Planning a visit for it begins its
    /// verification.
    concern_report_id: Option<ID>,
    /// Why the family is visited; needed with a case. With a report it is `VERIFICATION`. Staff of
    /// a centre visit with `POST_DISCHARGE` or `MONITORING`.
    purpose: Option<VisitPurpose>,
    /// The day, from today to two years from now.
    scheduled_for: Date,
    /// Who visits: an active worker of the organisation that leads the case, or of the viewer's;
    /// the viewer if omitted.
    worker_id: Option<ID>,
}

impl VisitScheduleInput {
    fn command(self) -> Result<Schedule> {
        Ok(Schedule {
            id: self.id.map(|id| Kind::Visit.parse(&id)).transpose()?,
            about: about(self.case_id, self.concern_report_id)?,
            purpose: self.purpose,
            scheduled_for: self.scheduled_for.0,
            worker_id: self.worker_id.map(|id| Kind::Worker.parse(&id)).transpose()?,
        })
    }
}

fn about(case_id: Option<ID>, concern_report_id: Option<ID>) -> Result<About> {
    Ok(About {
        enrolment_id: None,
        case_id: case_id.map(|id| Kind::Case.parse(&id)).transpose()?,
        concern_report_id: concern_report_id
            .map(|id| Kind::ConcernReport.parse(&id))
            .transpose()?,
    })
}

/// What became of a visit.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum VisitOutcome {
    /// The family was visited.
    Completed,
    /// Somebody went there, and nobody let them in.
    NoAccess,
    /// A planned visit was not made.
    Missed,
    /// A planned visit was called off.
    Cancelled,
}

impl From<VisitOutcome> for VisitStatus {
    fn from(outcome: VisitOutcome) -> Self {
        match outcome {
            VisitOutcome::Completed => Self::Completed,
            VisitOutcome::NoAccess => Self::NoAccess,
            VisitOutcome::Missed => Self::Missed,
            VisitOutcome::Cancelled => Self::Cancelled,
        }
    }
}

/// Whether a child was seen at a visit.
#[derive(InputObject)]
pub struct VisitChildInput {
    /// The child, as a person or as a child: a child of the family on the day of the visit.
    person_id: ID,
    /// Whether the child was seen. Sensitive.
    seen: bool,
    /// Whether the child was seen alone, which it can't be unless it was seen. Sensitive.
    #[graphql(default)]
    seen_alone: bool,
}

/// What records a visit.
#[derive(InputObject)]
pub struct VisitRecordInput {
    /// Made by the client, new for each change: sending it again does nothing twice.
    client_mutation_id: Uuid,
    /// The planned visit that this is about. For one that nobody planned, leave it out, or send
    /// the id that the client made offline: `visit_` and a `UUIDv7`.
    id: Option<ID>,
    /// The case of a visit that nobody planned; exactly one of `caseId` and `concernReportId`.
    case_id: Option<ID>,
    /// The report that a visit verifies that nobody planned; it must be linked to a family.
    concern_report_id: Option<ID>,
    /// Why the family was visited; needed with `caseId`. Staff of a centre visit with
    /// `POST_DISCHARGE` or `MONITORING`.
    purpose: Option<VisitPurpose>,
    /// What became of it. A visit that nobody planned is `COMPLETED` or `NO_ACCESS`.
    outcome: VisitOutcome,
    /// When the family was visited, with `COMPLETED` and `NO_ACCESS` only: not in the future, at
    /// most 90 days ago, and not before the day before the case was opened.
    visited_at: Option<Instant>,
    /// What was seen and agreed; with other outcomes than `COMPLETED` it is needed, and says why.
    /// Up to 10,000 characters. Sensitive.
    note: Option<String>,
    /// The children who were met, with `COMPLETED` only, up to 50. Children of the family who are
    /// left out are recorded as not seen.
    #[graphql(default)]
    children: Vec<VisitChildInput>,
    /// The version of the planned visit that this was decided on; it is checked if it is given.
    expected_version: Option<i32>,
}

impl VisitRecordInput {
    fn command(self) -> Result<Record> {
        let seen = |child: VisitChildInput| {
            let person_id = parse_person(&child.person_id)?;
            Ok(Seen { person_id, seen: child.seen, seen_alone: child.seen_alone })
        };
        Ok(Record {
            id: self.id.map(|id| Kind::Visit.parse(&id)).transpose()?,
            about: about(self.case_id, self.concern_report_id)?,
            purpose: self.purpose,
            outcome: self.outcome.into(),
            visited_at: self.visited_at.map(|at| at.0),
            note: self.note,
            children: self.children.into_iter().map(seen).collect::<Result<_>>()?,
            expected_version: self.expected_version,
        })
    }
}

/// Mutations of visits.
#[derive(Default)]
pub struct VisitMutation;

#[Object]
impl VisitMutation {
    /// Plans a visit to a family. For caseworkers and supervisors who see the family in full, and
    /// for staff of a centre.
    async fn visit_schedule(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What plans it.")] input: VisitScheduleInput,
    ) -> Option<Result<VisitPayload>> {
        perform!(ctx, input => casework::visit::planning::schedule)
    }

    /// Records what became of a visit, planned or not; what was recorded is never changed. Says
    /// when the next visit is due. A visit for a report begins its verification. For caseworkers
    /// and supervisors who see the family in full, and for staff of a centre.
    async fn visit_record(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What records it.")] input: VisitRecordInput,
    ) -> Option<Result<VisitPayload>> {
        perform!(ctx, input => casework::visit::recording::record)
    }
}
