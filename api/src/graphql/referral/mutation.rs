//! Sending referrals, answering and ending them.

use async_graphql::{Context, ID, InputObject, Object};
use entity::access_grant::{AccessLevel, DataCategory};
use uuid::Uuid;

use super::Referral;
use crate::casework;
use crate::casework::referral::answering::Answer;
use crate::casework::referral::approving::Approve;
use crate::casework::referral::ending::End;
use crate::casework::referral::sending::Send;
use crate::error::Result;
use crate::graphql::id::Kind;
use crate::graphql::payload::{payloads, perform};
use crate::graphql::scalar::Instant;

payloads! {
    /// A referral, or why nothing was done.
    ReferralPayload {
        /// The referral; null if nothing was done, or if the viewer sees it no more, as who received
        /// one that is over.
        referral: Referral of referral
    }
}

/// What sends a referral.
#[derive(InputObject)]
pub struct ReferralSendInput {
    /// Made by the client, new for each change: sending it again does nothing twice.
    client_mutation_id: Uuid,
    /// The id of the new referral, if the client made one offline: `referral_` and a `UUIDv7`.
    id: Option<ID>,
    /// The open case. Id with the prefix `case_`.
    case_id: ID,
    /// To which organisation. Id with the prefix `organisation_`.
    receiver_id: ID,
    /// For which service. Id with the prefix `servicetype_`.
    service_type_id: Option<ID>,
    /// Why, up to 10,000 characters: the receiver reads it before accepting. Sensitive.
    reason: String,
    /// How much the receiver sees once it accepted.
    #[graphql(default_with = "AccessLevel::ServiceOnly")]
    level: AccessLevel,
    /// Of what the receiver sees more than ids, dates and given names: needed for a level above
    /// `SERVICE_ONLY`, and not allowed at it.
    #[graphql(default)]
    sections: Vec<DataCategory>,
    /// The consent on which it rests: of the family as a whole, in force, for `REFERRAL`, to this
    /// organisation or one above it, for these sections. Id with the prefix `consent_`.
    consent_id: Option<ID>,
    /// Or the law on which it rests, up to 10,000 characters: then another supervisor is to approve
    /// it. Sensitive.
    legal_basis: Option<String>,
    /// When it runs out: at most a year ahead, and not after the consent.
    expires_at: Instant,
}

impl ReferralSendInput {
    fn command(self) -> Result<Send> {
        Ok(Send {
            id: self.id.map(|id| Kind::Referral.parse(&id)).transpose()?,
            case_id: Kind::Case.parse(&self.case_id)?,
            receiver_id: Kind::Organisation.parse(&self.receiver_id)?,
            service_type_id: self
                .service_type_id
                .map(|id| Kind::ServiceType.parse(&id))
                .transpose()?,
            reason: self.reason,
            level: self.level,
            sections: self.sections,
            consent_id: self.consent_id.map(|id| Kind::Consent.parse(&id)).transpose()?,
            legal_basis: self.legal_basis,
            expires_at: self.expires_at.0,
        })
    }
}

/// What approves a referral.
#[derive(InputObject)]
pub struct ReferralApproveInput {
    /// Made by the client, new for each change: sending it again does nothing twice.
    client_mutation_id: Uuid,
    /// The referral: a draft that somebody else wrote. Id with the prefix `referral_`.
    id: ID,
    /// Sent, or dropped.
    is_approved: bool,
    /// Why, up to 10,000 characters; needed where it is dropped. Sensitive.
    reason: Option<String>,
}

impl ReferralApproveInput {
    fn command(self) -> Result<Approve> {
        let id = Kind::Referral.parse(&self.id)?;
        Ok(Approve { id, is_approved: self.is_approved, reason: self.reason })
    }
}

/// What answers a referral.
#[derive(InputObject)]
pub struct ReferralAnswerInput {
    /// Made by the client, new for each change: sending it again does nothing twice.
    client_mutation_id: Uuid,
    /// The referral, which waits for its answer. Id with the prefix `referral_`.
    id: ID,
    /// Accepted, or declined.
    accepts: bool,
    /// Why, up to 10,000 characters; needed where it is declined. Sensitive.
    reason: Option<String>,
}

impl ReferralAnswerInput {
    fn command(self) -> Result<Answer> {
        let id = Kind::Referral.parse(&self.id)?;
        Ok(Answer { id, accepts: self.accepts, reason: self.reason })
    }
}

/// Declares inputs that end a referral.
macro_rules! ends {
    ($($(#[$doc:meta])+ $name:ident: $reason:literal;)+) => {
        $($(#[$doc])+
        #[derive(InputObject)]
        pub struct $name {
            /// Made by the client, new for each change: sending it again does nothing twice.
            client_mutation_id: Uuid,
            /// The referral. Id with the prefix `referral_`.
            id: ID,
            #[doc = $reason]
            reason: String,
        }

        impl $name {
            fn command(self) -> Result<End> {
                Ok(End { id: Kind::Referral.parse(&self.id)?, reason: self.reason })
            }
        })+
    };
}

ends! {
    /// What completes a referral.
    ReferralCompleteInput: "What came of it, up to 10,000 characters. Sensitive.";
    /// What gives a referral back.
    ReferralWithdrawInput: "Why, up to 10,000 characters. Sensitive.";
    /// What takes a referral back.
    ReferralRevokeInput: "Why, up to 10,000 characters. Sensitive.";
}

/// Mutations of referrals.
#[derive(Default)]
pub struct ReferralMutation;

#[Object]
impl ReferralMutation {
    /// Sends a referral on a consent at once; on a law, leaves it to be approved. The receiver sees
    /// nothing of the family before it accepts. For who leads the work with the family.
    async fn referral_send(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What sends it.")] input: ReferralSendInput,
    ) -> Option<Result<ReferralPayload>> {
        perform!(ctx, input => casework::referral::sending::send)
    }

    /// Sends a referral that rests on a law, or drops it. For supervisors of who leads the work with
    /// the family, but not for who wrote it.
    async fn referral_approve(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What approves it.")] input: ReferralApproveInput,
    ) -> Option<Result<ReferralPayload>> {
        perform!(ctx, input => casework::referral::approving::approve)
    }

    /// Accepts or declines a referral; what is accepted shows the family from the next request on. For
    /// who received it.
    async fn referral_answer(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What answers it.")] input: ReferralAnswerInput,
    ) -> Option<Result<ReferralPayload>> {
        perform!(ctx, input => casework::referral::answering::answer)
    }

    /// Says that what a referral asked for is done; the access that it gave ends. For who received it.
    async fn referral_complete(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What completes it.")] input: ReferralCompleteInput,
    ) -> Option<Result<ReferralPayload>> {
        perform!(ctx, input => casework::referral::ending::complete)
    }

    /// Gives back a referral that was accepted; the access that it gave ends. For who received it.
    async fn referral_withdraw(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What gives it back.")] input: ReferralWithdrawInput,
    ) -> Option<Result<ReferralPayload>> {
        perform!(ctx, input => casework::referral::ending::withdraw)
    }

    /// Takes a referral back; the access that it gave ends. For who leads the work with the family.
    async fn referral_revoke(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What takes it back.")] input: ReferralRevokeInput,
    ) -> Option<Result<ReferralPayload>> {
        perform!(ctx, input => casework::referral::ending::revoke)
    }
}
