//! Recording what somebody answers who is asked for consent, and withdrawing a consent.

use async_graphql::{Context, ID, InputObject, Object};
use entity::access_grant::DataCategory;
use entity::consent::{ConsentCapacity, ConsentForm, ConsentPurpose};
use uuid::Uuid;

use super::Consent;
use crate::casework;
use crate::casework::consent::giving::Give;
use crate::casework::consent::withdrawing::Withdraw;
use crate::error::Result;
use crate::graphql::id::{Kind, parse_person};
use crate::graphql::payload::{payloads, perform};
use crate::graphql::scalar::Instant;

payloads! {
    /// A consent or a refusal, or why nothing was done.
    ConsentPayload {
        /// The consent or the refusal; null if nothing was done.
        consent: Consent of consent
    }
}

/// What records an answer.
#[derive(InputObject)]
pub struct ConsentGiveInput {
    /// Made by the client, new for each change: sending it again does nothing twice.
    client_mutation_id: Uuid,
    /// The id of the new consent, if the client made one offline: `consent_` and a `UUIDv7`.
    id: Option<ID>,
    /// The family. Id with the prefix `family_`.
    family_id: ID,
    /// The one member that it is about, as a person or as a child; about the family as a whole if
    /// omitted. A referral needs one of the family as a whole.
    person_id: Option<ID>,
    /// Who answers: a member of the family today, as a person or as a child. To be omitted only for
    /// a `REPRESENTATIVE` who is none.
    given_by_id: Option<ID>,
    /// In what capacity: parents and guardians are no children in the family; who answers for
    /// themselves is 14 or older.
    capacity: ConsentCapacity,
    /// How the answer was given.
    form: ConsentForm,
    /// What data may be shared for; at least one.
    purposes: Vec<ConsentPurpose>,
    /// With whom: these organisations and their branches. At least one for `REFERRAL`. Ids with the
    /// prefix `organisation_`.
    #[graphql(default)]
    recipient_ids: Vec<ID>,
    /// What may be shared; at least one.
    categories: Vec<DataCategory>,
    /// Until when, at most five years ahead; open if omitted.
    until: Option<Instant>,
    /// Whether it is refused: a refusal is kept, and nothing is shared on it.
    #[graphql(default)]
    is_refused: bool,
}

impl ConsentGiveInput {
    fn command(self) -> Result<Give> {
        let person = |id: Option<ID>| id.map(|id| parse_person(&id)).transpose();
        let recipients = Kind::Organisation.parse_all(Some(self.recipient_ids))?;
        Ok(Give {
            id: self.id.map(|id| Kind::Consent.parse(&id)).transpose()?,
            family_id: Kind::Family.parse(&self.family_id)?,
            person_id: person(self.person_id)?,
            given_by_id: person(self.given_by_id)?,
            capacity: self.capacity,
            form: self.form,
            purposes: self.purposes,
            recipient_ids: recipients.unwrap_or_default(),
            categories: self.categories,
            until: self.until.map(|until| until.0),
            is_refused: self.is_refused,
        })
    }
}

/// What withdraws a consent.
#[derive(InputObject)]
pub struct ConsentWithdrawInput {
    /// Made by the client, new for each change: sending it again does nothing twice.
    client_mutation_id: Uuid,
    /// The consent. Id with the prefix `consent_`.
    id: ID,
    /// Why, if whoever withdraws it says so, up to 10,000 characters. Sensitive.
    reason: Option<String>,
}

impl ConsentWithdrawInput {
    fn command(self) -> Result<Withdraw> {
        Ok(Withdraw { id: Kind::Consent.parse(&self.id)?, reason: self.reason })
    }
}

/// Mutations of consents.
#[derive(Default)]
pub struct ConsentMutation;

#[Object]
impl ConsentMutation {
    /// Records what somebody answers who is asked for consent to share data. It holds from now on; a
    /// new answer does not change what was answered before. For who leads the work with the family.
    async fn consent_give(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What records it.")] input: ConsentGiveInput,
    ) -> Option<Result<ConsentPayload>> {
        perform!(ctx, input => casework::consent::giving::give)
    }

    /// Withdraws a consent. Referrals that rest on it are revoked, and the access that they gave
    /// ends at once. For who leads the work with the family.
    async fn consent_withdraw(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What withdraws it.")] input: ConsentWithdrawInput,
    ) -> Option<Result<ConsentPayload>> {
        perform!(ctx, input => casework::consent::withdrawing::withdraw)
    }
}
