//! Submitting, triaging and deciding concern reports.

use async_graphql::{Context, Enum, ID, InputObject, Object};
use entity::case::{CaseKind, SupportLevel};
use entity::concern_category::ConcernCategory;
use entity::concern_report::{ConcernChannel, ConcernSource, ConcernUrgency};
use uuid::Uuid;

use super::ConcernReport;
use crate::casework;
use crate::casework::concern::decision::{Decide, Outcome};
use crate::casework::concern::intake::Submit;
use crate::casework::concern::reporter::Reporter;
use crate::casework::concern::triage::{Link, Triage};
use crate::casework::concern::verification::Verify;
use crate::error::Result;
use crate::graphql::id::Kind;
use crate::graphql::payload::{payloads, perform};
use crate::graphql::scalar::Instant;

payloads! {
    /// A concern report, or why nothing was done.
    ConcernReportPayload {
        /// The report, if you may see it; null if nothing was done.
        concern_report: ConcernReport of concern_report
    }
}

/// What is reported about a child that may be in danger.
#[derive(InputObject)]
pub struct ConcernReportSubmitInput {
    /// Made by the client, new for each change: sending it again does nothing twice.
    client_mutation_id: Uuid,
    /// The id of the new report, if the client made one offline: `report_` and a `UUIDv7`.
    id: Option<ID>,
    /// When it came in, not in the future; now, unless said. From reporters and machine accounts
    /// at most a year ago.
    received_at: Option<Instant>,
    /// How it came in.
    channel: ConcernChannel,
    /// Class of who reported.
    source: ConcernSource,
    /// The area that it is about.
    area_id: ID,
    /// Who is to receive it: an acting social service or service for children's affairs, or an
    /// organisation of your own. Unless said, it is your own organisation; for reporters and
    /// machine accounts the service that serves the area, or else the nearest area around it.
    organisation_id: Option<ID>,
    /// What was reported, up to 10,000 characters. Sensitive.
    narrative: String,
    /// What the report is about: at least one, none twice. Sensitive.
    categories: Vec<ConcernCategory>,
    /// How fast it must be verified. `IMMEDIATE` has its deadline at once, the others after triage.
    #[graphql(default_with = "ConcernUrgency::Routine")]
    urgency: ConcernUrgency,
    /// Whether the reporter wishes not to be named: then neither name nor contact may be sent.
    is_anonymous: bool,
    /// Who reported, up to 200 characters. Restricted: shown with full access and the scope
    /// `restricted:read` only.
    reporter_name: Option<String>,
    /// How to reach who reported, up to 200 characters. Restricted, as `reporterName`.
    reporter_contact: Option<String>,
    /// The family that it is about, if you know it and may see it.
    family_id: Option<ID>,
}

impl ConcernReportSubmitInput {
    fn command(self) -> Result<Submit> {
        Ok(Submit {
            id: self.id.map(|id| Kind::ConcernReport.parse(&id)).transpose()?,
            received_at: self.received_at.map(|at| at.0),
            channel: self.channel,
            source: self.source,
            area_id: Kind::Area.parse(&self.area_id)?,
            organisation_id: self
                .organisation_id
                .map(|id| Kind::Organisation.parse(&id))
                .transpose()?,
            narrative: self.narrative,
            categories: self.categories,
            urgency: self.urgency,
            is_anonymous: self.is_anonymous,
            reporter: Reporter::new(self.reporter_name, self.reporter_contact),
            family_id: self.family_id.map(|id| Kind::Family.parse(&id)).transpose()?,
        })
    }
}

/// How a report is triaged.
#[derive(InputObject)]
pub struct ConcernReportTriageInput {
    /// Made by the client, new for each change: sending it again does nothing twice.
    client_mutation_id: Uuid,
    /// The report.
    id: ID,
    /// The version that you looked at: refused if the report was changed since.
    expected_version: Option<i32>,
    /// How fast it must be verified.
    urgency: ConcernUrgency,
    /// Until when it must be verified; unless said, by the authority's term for the urgency, from
    /// when it came in. Later than that only by supervisors.
    due_at: Option<Instant>,
}

impl ConcernReportTriageInput {
    fn command(self) -> Result<Triage> {
        Ok(Triage {
            id: Kind::ConcernReport.parse(&self.id)?,
            expected_version: self.expected_version,
            urgency: self.urgency,
            due_at: self.due_at.map(|at| at.0),
        })
    }
}

/// Which family a report is about.
#[derive(InputObject)]
pub struct ConcernReportLinkInput {
    /// Made by the client, new for each change: sending it again does nothing twice.
    client_mutation_id: Uuid,
    /// The report.
    id: ID,
    /// The family, which you see in full.
    family_id: ID,
    /// The version that you looked at: refused if the report was changed since.
    expected_version: Option<i32>,
}

impl ConcernReportLinkInput {
    fn command(self) -> Result<Link> {
        Ok(Link {
            id: Kind::ConcernReport.parse(&self.id)?,
            expected_version: self.expected_version,
            family_id: Kind::Family.parse(&self.family_id)?,
        })
    }
}

/// Which report is going to be verified.
#[derive(InputObject)]
pub struct ConcernReportVerifyInput {
    /// Made by the client, new for each change: sending it again does nothing twice.
    client_mutation_id: Uuid,
    /// The report.
    id: ID,
    /// The version that you looked at: refused if the report was changed since.
    expected_version: Option<i32>,
}

impl ConcernReportVerifyInput {
    fn command(self) -> Result<Verify> {
        Ok(Verify {
            id: Kind::ConcernReport.parse(&self.id)?,
            expected_version: self.expected_version,
        })
    }
}

/// What a report comes to.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "Outcome")]
pub enum ConcernDecision {
    /// It is not taken further. From `TRIAGED`.
    ScreenedOut,
    /// It belongs to an open case. From `TRIAGED`.
    Linked,
    /// The facts are as reported: a case is opened or reopened, unless one is open. From
    /// `VERIFYING`.
    Confirmed,
    /// The facts are not as reported. From `VERIFYING`.
    NotConfirmed,
}

/// A decision on a report. What belongs to another decision may not be sent.
#[derive(InputObject)]
pub struct ConcernReportDecideInput {
    /// Made by the client, new for each change: sending it again does nothing twice.
    client_mutation_id: Uuid,
    /// The report.
    id: ID,
    /// The version that you looked at: refused if the report was changed since.
    expected_version: Option<i32>,
    /// What it comes to.
    decision: ConcernDecision,
    /// Why, up to 10,000 characters; of `CONFIRMED` also why the case is opened. Sensitive.
    reason: String,
    /// Of `CONFIRMED`: what confirms the facts, up to 10,000 characters; required unless a visit
    /// to the family was recorded for this report. Sensitive.
    evidence: Option<String>,
    /// Of `CONFIRMED`: the family, which you see in full; required unless the report was linked.
    family_id: Option<ID>,
    /// Of `LINKED`: the open case, which you see in full. Required there.
    case_id: Option<ID>,
    /// Of `LINKED`: the report that this one repeats; one of the same family that repeats none.
    duplicate_of_id: Option<ID>,
    /// Of `CONFIRMED`: what the case is for if it is the family's first; `ACCOMPANIMENT` unless
    /// said.
    case_kind: Option<CaseKind>,
    /// Of `CONFIRMED`: how intensely the family is supported if the case is its first; sets how
    /// often it is visited.
    support_level: Option<SupportLevel>,
}

impl ConcernReportDecideInput {
    fn command(self) -> Result<Decide> {
        Ok(Decide {
            id: Kind::ConcernReport.parse(&self.id)?,
            expected_version: self.expected_version,
            outcome: self.decision.into(),
            reason: self.reason,
            evidence: self.evidence,
            family_id: self.family_id.map(|id| Kind::Family.parse(&id)).transpose()?,
            case_id: self.case_id.map(|id| Kind::Case.parse(&id)).transpose()?,
            duplicate_of_id: self
                .duplicate_of_id
                .map(|id| Kind::ConcernReport.parse(&id))
                .transpose()?,
            case_kind: self.case_kind,
            support_level: self.support_level,
        })
    }
}

/// Mutations of concern reports.
#[derive(Default)]
pub struct ConcernMutation;

#[Object]
impl ConcernMutation {
    /// Reports that a child may be in danger. For caseworkers, supervisors, reporters and machine
    /// accounts.
    async fn concern_report_submit(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is reported.")] input: ConcernReportSubmitInput,
    ) -> Option<Result<ConcernReportPayload>> {
        perform!(ctx, input => casework::concern::intake::submit)
    }

    /// Sets urgency and deadline of a report that was received, also again until its verification
    /// begins. For caseworkers and supervisors.
    async fn concern_report_triage(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How it is triaged.")] input: ConcernReportTriageInput,
    ) -> Option<Result<ConcernReportPayload>> {
        perform!(ctx, input => casework::concern::triage::triage)
    }

    /// Says which family a report is about, until it is decided. For caseworkers and supervisors.
    async fn concern_report_link(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which report, and which family.")] input: ConcernReportLinkInput,
    ) -> Option<Result<ConcernReportPayload>> {
        perform!(ctx, input => casework::concern::triage::link)
    }

    /// Begins to verify a report that was triaged, or that is `IMMEDIATE`. For caseworkers and
    /// supervisors.
    async fn concern_report_verify(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which report.")] input: ConcernReportVerifyInput,
    ) -> Option<Result<ConcernReportPayload>> {
        perform!(ctx, input => casework::concern::verification::verify)
    }

    /// Decides a report. If the facts are confirmed, work on the family begins: its open case
    /// goes on, its closed case is reopened with a new episode, or a first one is opened, led by
    /// your organisation. For caseworkers and supervisors.
    async fn concern_report_decide(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it comes to.")] input: ConcernReportDecideInput,
    ) -> Option<Result<ConcernReportPayload>> {
        perform!(ctx, input => casework::concern::decision::decide)
    }
}
