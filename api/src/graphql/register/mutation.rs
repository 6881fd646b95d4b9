//! Entering on registers, removing from them, and recording decisions.

use async_graphql::{Context, ID, InputObject, Object};
use entity::register_entry::RegisterGrounds;
use uuid::Uuid;

use super::{Decision, RegisterEntry};
use crate::casework;
use crate::casework::register::deciding::Record;
use crate::casework::register::entering::{Enter, Remove};
use crate::casework::register::subject::About;
use crate::error::Result;
use crate::graphql::id::{Kind, parse_person};
use crate::graphql::payload::{payloads, perform};
use crate::graphql::scalar::Date;

payloads! {
    /// An entry on a register, or why nothing was done.
    RegisterEntryPayload {
        /// The entry; null if nothing was done.
        entry: RegisterEntry of register_entry
    }
    /// A decision of a body, or why nothing was done.
    DecisionPayload {
        /// The decision; null if nothing was done.
        decision: Decision of decision
    }
}

fn about(family_id: Option<ID>, person_id: Option<ID>) -> Result<About> {
    Ok(About {
        family_id: family_id.map(|id| Kind::Family.parse(&id)).transpose()?,
        person_id: person_id.map(|id| parse_person(&id)).transpose()?,
    })
}

/// What enters a family or a person on a register.
#[derive(InputObject)]
pub struct RegisterEnterInput {
    /// Made by the client, new for each change: sending it again does nothing twice.
    client_mutation_id: Uuid,
    /// The id of the new entry, if the client made one offline: `entry_` and a `UUIDv7`.
    id: Option<ID>,
    /// The register: an active one of the catalogue that lists such subjects.
    register_id: ID,
    /// The family; exactly one of `familyId` and `personId`.
    family_id: Option<ID>,
    /// The person, as a person or as a child.
    person_id: Option<ID>,
    /// Why; one entry is open for each grounds. Sensitive.
    grounds: RegisterGrounds,
    /// The decision that starts it: about the same subject, or about the person's family.
    decision_id: ID,
    /// First day: today at the latest, and not before the person was born.
    since: Date,
}

impl RegisterEnterInput {
    fn command(self) -> Result<Enter> {
        Ok(Enter {
            id: self.id.map(|id| Kind::RegisterEntry.parse(&id)).transpose()?,
            register_id: Kind::Register.parse(&self.register_id)?,
            about: about(self.family_id, self.person_id)?,
            grounds: self.grounds,
            decision_id: Kind::Decision.parse(&self.decision_id)?,
            since: self.since.0,
        })
    }
}

/// What removes an entry from a register.
#[derive(InputObject)]
pub struct RegisterRemoveInput {
    /// Made by the client, new for each change: sending it again does nothing twice.
    client_mutation_id: Uuid,
    /// The entry, which must be open.
    entry_id: ID,
    /// The decision that ends it: about the same subject, or about the person's family.
    decision_id: ID,
    /// The day after the last: after the first day, tomorrow at the latest.
    until: Date,
    /// Why, up to 10,000 characters. Sensitive.
    reason: String,
}

impl RegisterRemoveInput {
    fn command(self) -> Result<Remove> {
        Ok(Remove {
            entry_id: Kind::RegisterEntry.parse(&self.entry_id)?,
            decision_id: Kind::Decision.parse(&self.decision_id)?,
            until: self.until.0,
            reason: self.reason,
        })
    }
}

/// What records a decision of a body.
#[derive(InputObject)]
pub struct DecisionRecordInput {
    /// Made by the client, new for each change: sending it again does nothing twice.
    client_mutation_id: Uuid,
    /// The id of the new decision, if the client made one offline: `decision_` and a `UUIDv7`.
    id: Option<ID>,
    /// The body that decided.
    body_id: ID,
    /// The family that it is about; `familyId`, `personId`, or both.
    family_id: Option<ID>,
    /// The person that it is about, as a person or as a child.
    person_id: Option<ID>,
    /// What was decided, up to 200 characters. Personal.
    kind: String,
    /// The decision's number at the body, up to 200 characters. Personal.
    number: String,
    /// The day of the decision: today at the latest, and not before the person was born.
    decided_on: Date,
    /// The first day on which it has effect, if that is another one.
    effect_since: Option<Date>,
    /// The day after the last on which it has effect; open if omitted.
    effect_until: Option<Date>,
    /// Where the document is kept, up to 10,000 characters. Sensitive.
    document: Option<String>,
}

impl DecisionRecordInput {
    fn command(self) -> Result<Record> {
        Ok(Record {
            id: self.id.map(|id| Kind::Decision.parse(&id)).transpose()?,
            body_id: Kind::Organisation.parse(&self.body_id)?,
            about: about(self.family_id, self.person_id)?,
            kind: self.kind,
            number: self.number,
            decided_on: self.decided_on.0,
            effect_since: self.effect_since.map(|day| day.0),
            effect_until: self.effect_until.map(|day| day.0),
            document: self.document,
        })
    }
}

/// Mutations of registers and decisions.
#[derive(Default)]
pub struct RegisterMutation;

#[Object]
impl RegisterMutation {
    /// Enters a family or a person on a register. For caseworkers and supervisors who see them in
    /// full.
    async fn register_enter(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What enters them.")] input: RegisterEnterInput,
    ) -> Option<Result<RegisterEntryPayload>> {
        perform!(ctx, input => casework::register::entering::enter)
    }

    /// Removes an entry from a register: it ends, and stays to be read. For caseworkers and
    /// supervisors who see its subject in full.
    async fn register_remove(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What removes it.")] input: RegisterRemoveInput,
    ) -> Option<Result<RegisterEntryPayload>> {
        perform!(ctx, input => casework::register::entering::remove)
    }

    /// Records a decision of a body about a family or a person. For caseworkers and supervisors who
    /// see them in full.
    async fn decision_record(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What records it.")] input: DecisionRecordInput,
    ) -> Option<Result<DecisionPayload>> {
        perform!(ctx, input => casework::register::deciding::record)
    }
}
