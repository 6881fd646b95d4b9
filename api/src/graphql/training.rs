//! Trainings that were held for the staff of agencies.

pub mod mutation;

use async_graphql::{Context, ID, InputObject, Object};
use entity::organisation::OrganisationKind;
use entity::training_event::{self, TrainingKind};

use super::id::Kind;
use super::input::{DateRange, objects, orders};
use super::loader::{Asking, By, many, one, questions, single};
use super::organisation::Organisation;
use super::page::{Asked, Connection, page};
use super::permission::{self, TrainingEventPermissions};
use super::scalar::{Date, Instant};
use crate::access::Row;
use crate::access::policy::Action;
use crate::casework;
use crate::casework::training::TrainingFilter as Narrowed;
use crate::error::Result;

objects! {
    /// A training that was held.
    TrainingEvent of training_event;
    /// How many came from agencies of a class.
    TrainingHeadcount of training_headcount;
}

questions! {
    /// How many came to a training, by class of agency.
    HeadcountsOf -> Vec<Row<entity::training_headcount::Model>> =
        casework::training::headcounts_of;
}

/// A seminar, conference or course that was held for the staff of agencies. It names none of those
/// who came, and everybody who is signed in may read it.
#[Object(serial)]
impl TrainingEvent {
    /// Id with the prefix `training_`.
    pub(super) async fn id(&self) -> ID {
        Kind::TrainingEvent.id(self.0.id)
    }

    /// What it was about.
    async fn topic(&self) -> &str {
        &self.0.topic
    }

    /// What it was.
    async fn kind(&self) -> TrainingKind {
        self.0.kind
    }

    /// The day on which it was held; of a longer one, the first.
    async fn held_on(&self) -> Date {
        Date(self.0.held_on)
    }

    /// The organisation that held it.
    async fn organiser(&self, ctx: &Context<'_>) -> Option<Result<Organisation>> {
        one(ctx, Some(By::<entity::organisation::Entity>::id(self.0.organiser_id))).await
    }

    /// How many came, by class of agency, each class once.
    async fn headcounts(&self, ctx: &Context<'_>) -> Result<Vec<TrainingHeadcount>> {
        many(ctx, HeadcountsOf(self.0.id)).await
    }

    /// How many came, in persons: the sum of the headcounts.
    async fn participants(&self, ctx: &Context<'_>) -> Result<i32> {
        let headcounts = ctx.ask(HeadcountsOf(self.0.id)).await?;
        Ok(headcounts.iter().flat_map(|came| came.iter()).map(|came| came.participants).sum())
    }

    /// When it was recorded.
    async fn recorded_at(&self) -> Instant {
        Instant(self.0.recorded_at)
    }

    /// When it was voided, as recorded wrongly; from then on it counts nowhere. Null while it stands.
    async fn voided_at(&self) -> Option<Instant> {
        self.0.voided_at.map(Instant)
    }

    /// Why it was voided; null while it stands.
    async fn void_reason(&self) -> Option<&str> {
        self.0.void_reason.as_deref()
    }

    /// What the viewer could do with it now.
    async fn viewer_permissions(&self, ctx: &Context<'_>) -> Result<TrainingEventPermissions> {
        permission::of_training_event(ctx, &self.0)
    }
}

/// How many came to a training from agencies of a class.
#[Object(serial)]
impl TrainingHeadcount {
    /// The class of agency.
    async fn organisation_kind(&self) -> OrganisationKind {
        self.0.organisation_kind
    }

    /// How many came, in persons, at least 1.
    async fn participants(&self) -> i32 {
        self.0.participants
    }
}

/// Narrows the list of trainings; what is given must all hold.
#[derive(InputObject, Debug)]
pub struct TrainingEventFilter {
    /// Of one of these kinds.
    kind_in: Option<Vec<TrainingKind>>,
    /// Organised by one of these organisations, up to 100, ids with the prefix `organisation_`
    /// (branches are not looked at).
    organiser_id_in: Option<Vec<ID>>,
    /// Held in these days.
    held_on: Option<DateRange>,
}

orders! {
    TrainingEventOrder by TrainingEventOrderField of training_event {
        /// By the day on which it was held.
        HeldOn = HeldOn,
    }
}

impl TrainingEventFilter {
    fn narrowed(filter: Option<Self>) -> Result<Narrowed> {
        let Some(filter) = filter else { return Ok(Narrowed::default()) };
        Ok(Narrowed {
            kind_in: filter.kind_in,
            organiser_in: Kind::Organisation.parse_all(filter.organiser_id_in)?,
            held: filter.held_on.map(Into::into),
        })
    }
}

/// Roots for trainings.
#[derive(Default)]
pub struct TrainingQuery;

#[Object]
impl TrainingQuery {
    /// A training by its id, also one that was voided.
    async fn training_event(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id with the prefix `training_`.")] id: ID,
    ) -> Option<Result<TrainingEvent>> {
        let (action, kind) = (Action::ReadCatalogue, Kind::TrainingEvent);
        single::<TrainingEvent, training_event::Entity>(ctx, action, kind, &id).await.transpose()
    }

    /// The trainings that were held, without those that were voided.
    async fn training_events(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, 1 to 100; 25 unless said.")] first: Option<i32>,
        #[graphql(desc = "Behind this cursor.")] after: Option<String>,
        #[graphql(desc = "Which ones.")] filter: Option<TrainingEventFilter>,
        #[graphql(desc = "In which order; by id unless said.")] order_by: Option<
            TrainingEventOrder,
        >,
    ) -> Option<Result<Connection<TrainingEvent>>> {
        Some(training_events(ctx, first, after, filter, order_by).await)
    }
}

async fn training_events(
    ctx: &Context<'_>,
    first: Option<i32>,
    after: Option<String>,
    filter: Option<TrainingEventFilter>,
    order_by: Option<TrainingEventOrder>,
) -> Result<Connection<TrainingEvent>> {
    let session = ctx.session()?;
    session.may(Action::ReadCatalogue)?;
    let filter = TrainingEventFilter::narrowed(filter)?;
    let asked = Asked {
        first,
        after,
        order: TrainingEventOrder::keyset(order_by),
        filter: format!("trainingEvents {filter:?}"),
    };
    page(ctx, casework::training::events(session, filter), asked).await
}
