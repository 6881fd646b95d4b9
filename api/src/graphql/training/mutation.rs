//! Recording trainings, and voiding what was recorded wrongly.

use async_graphql::{Context, ID, InputObject, Object};
use entity::organisation::OrganisationKind;
use entity::training_event::TrainingKind;
use uuid::Uuid;

use super::TrainingEvent;
use crate::casework;
use crate::casework::training::recording::{Headcount, Record, Void};
use crate::error::Result;
use crate::graphql::id::Kind;
use crate::graphql::payload::{payloads, perform};
use crate::graphql::scalar::Date;

payloads! {
    /// A training, or why nothing was done.
    TrainingEventPayload {
        /// The training; null if nothing was done.
        training_event: TrainingEvent of training_event
    }
}

/// How many came to a training from agencies of a class.
#[derive(InputObject)]
pub struct TrainingHeadcountInput {
    /// The class of agency.
    organisation_kind: OrganisationKind,
    /// How many came, in persons, 1 to 100,000.
    participants: i32,
}

/// What records a training that was held.
#[derive(InputObject)]
pub struct TrainingEventRecordInput {
    /// Made by the client, new for each change: sending it again does nothing twice.
    client_mutation_id: Uuid,
    /// The id of the new training, if the client made one offline: `training_` and a `UUIDv7`.
    id: Option<ID>,
    /// What it was about, up to 200 characters. Everybody may read it: it names no participant.
    topic: String,
    /// What it was.
    kind: TrainingKind,
    /// The organisation that held it: the viewer's, if omitted, or an active branch of it.
    organiser_id: Option<ID>,
    /// The day on which it was held, today at the latest; of a longer one, the first.
    held_on: Date,
    /// How many came, at least one entry, each class of agency once.
    headcounts: Vec<TrainingHeadcountInput>,
}

impl TrainingEventRecordInput {
    fn command(self) -> Result<Record> {
        let headcount = |came: TrainingHeadcountInput| Headcount {
            organisation_kind: came.organisation_kind,
            participants: came.participants,
        };
        Ok(Record {
            id: self.id.map(|id| Kind::TrainingEvent.parse(&id)).transpose()?,
            topic: self.topic,
            kind: self.kind,
            organiser_id: self.organiser_id.map(|id| Kind::Organisation.parse(&id)).transpose()?,
            held_on: self.held_on.0,
            headcounts: self.headcounts.into_iter().map(headcount).collect(),
        })
    }
}

/// What voids a training that was recorded wrongly.
#[derive(InputObject)]
pub struct TrainingEventVoidInput {
    /// Made by the client, new for each change: sending it again does nothing twice.
    client_mutation_id: Uuid,
    /// The training, which was not voided before.
    id: ID,
    /// Why it is wrong, up to 10,000 characters; kept, and everybody may read it.
    reason: String,
}

impl TrainingEventVoidInput {
    fn command(self) -> Result<Void> {
        Ok(Void { id: Kind::TrainingEvent.parse(&self.id)?, reason: self.reason })
    }
}

/// Mutations of trainings.
#[derive(Default)]
pub struct TrainingMutation;

#[Object]
impl TrainingMutation {
    /// Records a training that was held. For caseworkers, supervisors and workers of an NGO in the
    /// organisation that held it, or in one above it.
    async fn training_event_record(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The training.")] input: TrainingEventRecordInput,
    ) -> Option<Result<TrainingEventPayload>> {
        perform!(ctx, input => casework::training::recording::record)
    }

    /// Voids a training that was recorded wrongly: it counts no more, and stays on record with the
    /// reason. For caseworkers, supervisors and workers of an NGO in the organisation that held it,
    /// or in one above it.
    async fn training_event_void(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What voids it.")] input: TrainingEventVoidInput,
    ) -> Option<Result<TrainingEventPayload>> {
        perform!(ctx, input => casework::training::recording::void)
    }
}
