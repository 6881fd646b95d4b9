//! Proposing transfers, answering them and taking them back.

use async_graphql::{Context, ID, InputObject, Object};
use uuid::Uuid;

use super::Transfer;
use crate::casework;
use crate::casework::transfer::answering::Answer;
use crate::casework::transfer::proposing::Propose;
use crate::casework::transfer::revoking::Revoke;
use crate::error::Result;
use crate::graphql::id::Kind;
use crate::graphql::payload::{payloads, perform};
use crate::graphql::scalar::Instant;

payloads! {
    /// A transfer, or why nothing was done.
    TransferPayload {
        /// The transfer; null if nothing was done, or if the viewer sees it no more, as who declined
        /// one.
        transfer: Transfer of transfer
    }
}

/// What proposes a transfer.
#[derive(InputObject)]
pub struct TransferProposeInput {
    /// Made by the client, new for each change: sending it again does nothing twice.
    client_mutation_id: Uuid,
    /// The id of the new transfer, if the client made one offline: `transfer_` and a `UUIDv7`.
    id: Option<ID>,
    /// The open case, whose closure is not asked for. Id with the prefix `case_`.
    case_id: ID,
    /// The organisation that is to lead it. Id with the prefix `organisation_`.
    to_organisation_id: ID,
    /// Why, up to 10,000 characters: the other organisation reads it before accepting. Sensitive.
    reason: String,
    /// Until when it is to be answered, at most 92 days ahead; in 14 days if omitted.
    expires_at: Option<Instant>,
}

impl TransferProposeInput {
    fn command(self) -> Result<Propose> {
        Ok(Propose {
            id: self.id.map(|id| Kind::Transfer.parse(&id)).transpose()?,
            case_id: Kind::Case.parse(&self.case_id)?,
            receiver_id: Kind::Organisation.parse(&self.to_organisation_id)?,
            reason: self.reason,
            expires_at: self.expires_at.map(|until| until.0),
        })
    }
}

/// What answers a transfer.
#[derive(InputObject)]
pub struct TransferAnswerInput {
    /// Made by the client, new for each change: sending it again does nothing twice.
    client_mutation_id: Uuid,
    /// The transfer, which waits for its answer. Id with the prefix `transfer_`.
    id: ID,
    /// Accepted, or declined.
    accepts: bool,
    /// Who leads the case from then on: a caseworker or a supervisor of the organisation that takes
    /// it over. Needed where it is accepted. Id with the prefix `worker_`.
    worker_id: Option<ID>,
    /// Why, up to 10,000 characters; needed where it is declined. Sensitive.
    reason: Option<String>,
}

impl TransferAnswerInput {
    fn command(self) -> Result<Answer> {
        Ok(Answer {
            id: Kind::Transfer.parse(&self.id)?,
            accepts: self.accepts,
            worker_id: self.worker_id.map(|id| Kind::Worker.parse(&id)).transpose()?,
            reason: self.reason,
        })
    }
}

/// What takes a transfer back.
#[derive(InputObject)]
pub struct TransferRevokeInput {
    /// Made by the client, new for each change: sending it again does nothing twice.
    client_mutation_id: Uuid,
    /// The transfer, which waits for its answer. Id with the prefix `transfer_`.
    id: ID,
    /// Why, up to 10,000 characters. Sensitive.
    reason: String,
}

impl TransferRevokeInput {
    fn command(self) -> Result<Revoke> {
        Ok(Revoke { id: Kind::Transfer.parse(&self.id)?, reason: self.reason })
    }
}

/// Mutations of transfers.
#[derive(Default)]
pub struct TransferMutation;

#[Object]
impl TransferMutation {
    /// Proposes that another organisation leads a case; one proposal of a case waits at a time. It
    /// shows nothing of the family. For supervisors of the organisation that leads the case.
    async fn transfer_propose(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What proposes it.")] input: TransferProposeInput,
    ) -> Option<Result<TransferPayload>> {
        perform!(ctx, input => casework::transfer::proposing::propose)
    }

    /// Accepts or declines a transfer. By its acceptance the case, its open tasks and its planned
    /// visits are the new lead's, and who led it before sees the family no more unless they lead
    /// another open case of it. For supervisors of the organisation that is to lead it.
    async fn transfer_answer(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What answers it.")] input: TransferAnswerInput,
    ) -> Option<Result<TransferPayload>> {
        perform!(ctx, input => casework::transfer::answering::answer)
    }

    /// Takes a transfer back that is not answered. For supervisors of the organisation that leads the
    /// case.
    async fn transfer_revoke(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What takes it back.")] input: TransferRevokeInput,
    ) -> Option<Result<TransferPayload>> {
        perform!(ctx, input => casework::transfer::revoking::revoke)
    }
}
