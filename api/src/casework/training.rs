//! Trainings that were held for the staff of agencies: seminars, conferences and courses, and how
//! many came.

pub mod recording;

use std::collections::HashMap;

use chrono::NaiveDate;
use entity::training_event::{self, TrainingKind};
use entity::training_headcount;
use sea_orm::{ColumnTrait, Order};
use uuid::Uuid;

use super::Range;
use crate::access::{Row, Rows, Session};
use crate::error::Result;

/// What narrows a list of trainings.
#[derive(Debug, Default)]
pub struct TrainingFilter {
    /// Of one of these kinds.
    pub kind_in: Option<Vec<TrainingKind>>,
    /// Organised by one of these organisations.
    pub organiser_in: Option<Vec<Uuid>>,
    /// Held in these days.
    pub held: Option<Range<NaiveDate>>,
}

/// The trainings that stand: none that was voided.
pub fn events(session: &Session, filter: TrainingFilter) -> Rows<training_event::Entity> {
    use training_event::Column;
    let rows = session
        .find::<training_event::Entity>()
        .filter(Column::VoidedAt.is_null())
        .filter_some(filter.kind_in, |kinds| Column::Kind.is_in(kinds))
        .filter_some(filter.organiser_in, |ids| Column::OrganiserId.is_in(ids));
    match filter.held {
        Some(days) => rows.filter(days.condition(Column::HeldOn)),
        None => rows,
    }
}

/// How many came to trainings, by class of agency.
pub async fn headcounts_of(
    session: &Session,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, Vec<Row<training_headcount::Model>>>> {
    use training_headcount::Column;
    let rows = session.find::<training_headcount::Entity>().of(Column::TrainingEventId, ids);
    rows.order(Column::OrganisationKind, Order::Asc)
        .grouped(|headcount| headcount.training_event_id)
        .await
}
