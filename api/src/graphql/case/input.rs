//! What mutations of cases take.

use async_graphql::{ID, InputObject, MaybeUndefined};
use entity::assignment::AssignmentRole;
use entity::case::{CaseKind, CaseStatus, SupportLevel};
use entity::episode::ClosureClass;
use uuid::Uuid;

use crate::casework::case::closing::{Addendum, Decide, Request};
use crate::casework::case::keeping::{Assign, End, Update};
use crate::casework::case::opening::{Open, Reopen};
use crate::error::Result;
use crate::graphql::id::Kind;
use crate::graphql::scalar::Date;

/// What opens a case.
#[derive(InputObject)]
pub struct CaseOpenInput {
    /// Made by the client, new for each change: sending it again does nothing twice.
    pub(super) client_mutation_id: Uuid,
    /// The id of the new case, if the client made one offline: `case_` and a `UUIDv7`.
    id: Option<ID>,
    /// The family.
    family_id: ID,
    /// What the case is for.
    kind: CaseKind,
    /// Why it is opened, up to 10,000 characters. Sensitive.
    reason: String,
    /// How intensely the family is supported, if that is known already: sets how often it is
    /// visited.
    support_level: Option<SupportLevel>,
}

impl CaseOpenInput {
    pub(super) fn command(self) -> Result<Open> {
        Ok(Open {
            id: self.id.map(|id| Kind::Case.parse(&id)).transpose()?,
            family_id: Kind::Family.parse(&self.family_id)?,
            kind: self.kind,
            reason: self.reason,
            support_level: self.support_level,
        })
    }
}

/// What reopens a case.
#[derive(InputObject)]
pub struct CaseReopenInput {
    /// Made by the client, new for each change: sending it again does nothing twice.
    pub(super) client_mutation_id: Uuid,
    /// The case.
    case_id: ID,
    /// Why it is reopened, up to 10,000 characters. Sensitive.
    reason: String,
    /// Straight to work, status `ACTIVE`, instead of a new assessment.
    #[graphql(default)]
    is_active: bool,
}

impl CaseReopenInput {
    pub(super) fn command(self) -> Result<Reopen> {
        Ok(Reopen {
            case_id: Kind::Case.parse(&self.case_id)?,
            reason: self.reason,
            is_active: self.is_active,
        })
    }
}

/// What changes a case; what is omitted stays as it is.
#[derive(InputObject)]
pub struct CaseUpdateInput {
    /// Made by the client, new for each change: sending it again does nothing twice.
    pub(super) client_mutation_id: Uuid,
    /// The case.
    id: ID,
    /// The `version` that the change was decided on; another one now is a version conflict.
    expected_version: i32,
    /// What the case is for.
    kind: MaybeUndefined<CaseKind>,
    /// How intensely the family is supported: sets how often it is visited. Null clears it.
    support_level: MaybeUndefined<SupportLevel>,
    /// Where it stands: `ASSESSMENT`, `PLANNING`, `ACTIVE` (needs a plan in force) or `MONITORING`.
    status: MaybeUndefined<CaseStatus>,
}

impl CaseUpdateInput {
    pub(super) fn command(self) -> Result<Update> {
        Ok(Update {
            id: Kind::Case.parse(&self.id)?,
            expected_version: self.expected_version,
            kind: self.kind.into(),
            support_level: self.support_level.into(),
            status: self.status.into(),
        })
    }
}

/// What assigns a worker.
#[derive(InputObject)]
pub struct CaseAssignInput {
    /// Made by the client, new for each change: sending it again does nothing twice.
    pub(super) client_mutation_id: Uuid,
    /// The case.
    case_id: ID,
    /// A caseworker or supervisor of the viewer's organisation or its branches.
    worker_id: ID,
    /// What the worker is in the case; a new `LEAD` follows the one before.
    role: AssignmentRole,
}

impl CaseAssignInput {
    pub(super) fn command(self) -> Result<Assign> {
        Ok(Assign {
            case_id: Kind::Case.parse(&self.case_id)?,
            worker_id: Kind::Worker.parse(&self.worker_id)?,
            role: self.role,
        })
    }
}

/// What ends an assignment.
#[derive(InputObject)]
pub struct CaseAssignmentEndInput {
    /// Made by the client, new for each change: sending it again does nothing twice.
    pub(super) client_mutation_id: Uuid,
    /// The case.
    case_id: ID,
    /// The assignment, which is not the lead's.
    assignment_id: ID,
    /// The day after the last, at the latest today; today if omitted.
    until: Option<Date>,
}

impl CaseAssignmentEndInput {
    pub(super) fn command(self) -> Result<End> {
        Ok(End {
            case_id: Kind::Case.parse(&self.case_id)?,
            assignment_id: Kind::Assignment.parse(&self.assignment_id)?,
            until: self.until.map(|day| day.0),
        })
    }
}

/// What asks for a closure.
#[derive(InputObject)]
pub struct CaseClosureRequestInput {
    /// Made by the client, new for each change: sending it again does nothing twice.
    pub(super) client_mutation_id: Uuid,
    /// The case.
    case_id: ID,
    /// The `version` that the request was decided on, if it matters.
    expected_version: Option<i32>,
    /// How the episode ends.
    outcome: ClosureClass,
    /// The local reason, up to 200 characters. Sensitive.
    reason: Option<String>,
    /// What was reached and what was not, up to 10,000 characters. Sensitive.
    summary: String,
}

impl CaseClosureRequestInput {
    pub(super) fn command(self) -> Result<Request> {
        Ok(Request {
            case_id: Kind::Case.parse(&self.case_id)?,
            expected_version: self.expected_version,
            outcome: self.outcome,
            reason: self.reason,
            summary: self.summary,
        })
    }
}

/// What decides a closure.
#[derive(InputObject)]
pub struct CaseClosureDecideInput {
    /// Made by the client, new for each change: sending it again does nothing twice.
    pub(super) client_mutation_id: Uuid,
    /// The case.
    case_id: ID,
    /// The `version` that the decision was made on, if it matters.
    expected_version: Option<i32>,
    /// Closed if true, sent back to work if false.
    is_approved: bool,
    /// Why it is sent back, up to 10,000 characters; needed then. Sensitive.
    note: Option<String>,
}

impl CaseClosureDecideInput {
    pub(super) fn command(self) -> Result<Decide> {
        Ok(Decide {
            case_id: Kind::Case.parse(&self.case_id)?,
            expected_version: self.expected_version,
            is_approved: self.is_approved,
            note: self.note,
        })
    }
}

/// What adds to a closed episode.
#[derive(InputObject)]
pub struct CaseAddendumAddInput {
    /// Made by the client, new for each change: sending it again does nothing twice.
    pub(super) client_mutation_id: Uuid,
    /// The case.
    case_id: ID,
    /// The closed episode; the one closed last if omitted.
    episode_id: Option<ID>,
    /// What is added, up to 10,000 characters. Sensitive.
    body: String,
}

impl CaseAddendumAddInput {
    pub(super) fn command(self) -> Result<Addendum> {
        Ok(Addendum {
            case_id: Kind::Case.parse(&self.case_id)?,
            episode_id: self.episode_id.map(|id| Kind::Episode.parse(&id)).transpose()?,
            body: self.body,
        })
    }
}
