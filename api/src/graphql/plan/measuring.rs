//! What changes a measure of a plan, and what that answers with.

use async_graphql::{ID, InputObject, MaybeUndefined};
use entity::measure::MeasureStatus;
use uuid::Uuid;

use super::Measure;
use crate::casework::plan::measuring::Update;
use crate::error::Result;
use crate::graphql::id::Kind;
use crate::graphql::payload::payloads;
use crate::graphql::scalar::Date;

payloads! {
    /// A measure, or why nothing was done.
    MeasurePayload {
        /// The measure; null if nothing was done.
        measure: Measure of measure
    }
}

/// What changes a measure. What is left out stays as it is.
#[derive(InputObject)]
pub struct MeasureUpdateInput {
    /// Made by the client, new for each change: sending it again does nothing twice.
    pub(super) client_mutation_id: Uuid,
    /// The measure; its plan must not be over.
    id: ID,
    /// The version that the change was decided on.
    expected_version: i32,
    /// Where it stands: from `PLANNED` to `IN_PROGRESS` or `CANCELLED`, from there to `DONE` or
    /// `NOT_DONE`.
    status: MaybeUndefined<MeasureStatus>,
    /// What came of it, up to 10,000 characters; why, if it is not done or cancelled. Sensitive.
    result: MaybeUndefined<String>,
    /// The day on which it was done, from the plan's first day to today, with the status `DONE`; today
    /// unless said.
    done_on: Option<Date>,
    /// Until when: not before the plan begins.
    due_on: MaybeUndefined<Date>,
    /// What is to be done, up to 10,000 characters; only while the plan is a draft. Sensitive.
    description: MaybeUndefined<String>,
    /// The agency that answers for it, and is to sign the plan; only while the plan is a draft.
    responsible_id: MaybeUndefined<ID>,
}

impl MeasureUpdateInput {
    pub(super) fn command(self) -> Result<Update> {
        let responsible: Option<Option<ID>> = self.responsible_id.into();
        let responsible =
            responsible.map(|id| id.map(|id| Kind::Organisation.parse(&id)).transpose());
        Ok(Update {
            id: Kind::Measure.parse(&self.id)?,
            expected_version: self.expected_version,
            status: self.status.into(),
            result: self.result.into(),
            done_on: self.done_on.map(|day| day.0),
            due_on: self.due_on.map_value(|day| day.0).into(),
            description: self.description.into(),
            responsible_id: responsible.transpose()?,
        })
    }
}
