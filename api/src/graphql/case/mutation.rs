//! Opening, changing, closing and reopening cases.

use async_graphql::{Context, ID, InputObject, Object};
use entity::case::{CaseKind, SupportLevel};
use uuid::Uuid;

use super::Case;
use crate::casework;
use crate::casework::case::opening::{Open, Reopen};
use crate::error::Result;
use crate::graphql::id::Kind;
use crate::graphql::payload::{payloads, perform};

payloads! {
    /// A case, or why nothing was done.
    CasePayload {
        /// The case; null if nothing was done.
        case: Case of case
    }
}

/// What opens a case.
#[derive(InputObject)]
pub struct CaseOpenInput {
    /// Made by the client, new for each change: sending it again does nothing twice.
    client_mutation_id: Uuid,
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
    fn command(self) -> Result<Open> {
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
    client_mutation_id: Uuid,
    /// The case.
    case_id: ID,
    /// Why it is reopened, up to 10,000 characters. Sensitive.
    reason: String,
    /// Straight to work, status `ACTIVE`, instead of a new assessment.
    #[graphql(default)]
    is_active: bool,
}

impl CaseReopenInput {
    fn command(self) -> Result<Reopen> {
        Ok(Reopen {
            case_id: Kind::Case.parse(&self.case_id)?,
            reason: self.reason,
            is_active: self.is_active,
        })
    }
}

/// Mutations of cases.
#[derive(Default)]
pub struct CaseMutation;

#[Object]
impl CaseMutation {
    /// Opens a case of a family, with its first episode. The viewer's organisation leads it, the
    /// viewer is its lead worker. For caseworkers and supervisors.
    async fn case_open(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What opens it.")] input: CaseOpenInput,
    ) -> Option<Result<CasePayload>> {
        perform!(ctx, input => casework::case::opening::open)
    }

    /// Reopens a closed case as a new episode. For caseworkers and supervisors.
    async fn case_reopen(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What reopens it.")] input: CaseReopenInput,
    ) -> Option<Result<CasePayload>> {
        perform!(ctx, input => casework::case::opening::reopen)
    }
}
