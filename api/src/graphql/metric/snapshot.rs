//! Published reports: read, published, and checked against the rows.

use async_graphql::{Context, ID, InputObject, Object};
use entity::snapshot::Audience;
use uuid::Uuid;

use super::PeriodInput;
use crate::access::policy::Action;
use crate::casework::metric::publishing::{self, Publish};
use crate::casework::metric::snapshot::{self, SnapshotFilter as Narrowed};
use crate::error::Result;
use crate::graphql::id::Kind;
use crate::graphql::input::{Direction, objects, orders};
use crate::graphql::loader::{Asking, By, one, single};
use crate::graphql::organisation::{Organisation, Worker};
use crate::graphql::page::{Asked, Connection, page};
use crate::graphql::payload::{payloads, perform};
use crate::graphql::scalar::{Date, Instant};

objects! {
    /// A report that was published.
    Snapshot of snapshot;
}

/// A report that was published: frozen, and never changed. The organisation's own staff read it whatever its
/// audience; analysts of the organisation read those for them, and all who read metrics the public ones.
#[Object(serial)]
impl Snapshot {
    /// Id with the prefix `snapshot_`.
    pub(crate) async fn id(&self) -> ID {
        Kind::Snapshot.id(self.0.id)
    }

    /// The organisation whose work, with that of its branches, it is about.
    async fn organisation(&self, ctx: &Context<'_>) -> Option<Result<Organisation>> {
        one(ctx, Some(By::<entity::organisation::Entity>::id(self.0.organisation_id))).await
    }

    /// For whom it was published: from others than the organisation's own staff small numbers are
    /// hidden.
    async fn audience(&self) -> Audience {
        self.0.audience
    }

    /// First day of the period.
    async fn since(&self) -> Date {
        Date(self.0.since)
    }

    /// Last day of the period.
    async fn through(&self) -> Date {
        Date(self.0.through)
    }

    /// What was recorded later doesn't count.
    async fn as_of(&self) -> Instant {
        Instant(self.0.as_of)
    }

    /// When it was published.
    async fn published_at(&self) -> Instant {
        Instant(self.0.published_at)
    }

    /// Who published it.
    async fn published_by(&self, ctx: &Context<'_>) -> Option<Result<Worker>> {
        one(ctx, Some(By::<entity::worker::Entity>::id(self.0.published_by_id))).await
    }

    /// The SHA-256 of `content`, in 64 hex digits.
    async fn sha256(&self) -> &str {
        &self.0.sha256
    }

    /// The report as JSON text: its period, moment and organisation, and `results`, each with its metric,
    /// version, breakdown, total and rows. A hidden value is null.
    async fn content(&self) -> &str {
        &self.0.content
    }

    /// Whether the same comes out again from the rows, byte for byte; computed now. For supervisors of the
    /// organisation; null for others.
    async fn reproduces(&self, ctx: &Context<'_>) -> Option<Result<bool>> {
        let computed = async { publishing::reproduces(ctx.session()?, &self.0).await };
        computed.await.transpose()
    }
}

payloads! {
    /// A published report, or why nothing was done.
    SnapshotPayload {
        /// The report; null if nothing was done.
        snapshot: Snapshot of snapshot
    }
}

/// What publishes a report.
#[derive(InputObject)]
pub struct SnapshotPublishInput {
    /// Made by the client, new for each change: sending it again does nothing twice.
    client_mutation_id: Uuid,
    /// The period, at most ten years; it begins today at the latest.
    period: PeriodInput,
    /// For whom.
    audience: Audience,
    /// What was recorded later doesn't count; now unless said.
    as_of: Option<Instant>,
}

impl SnapshotPublishInput {
    #[expect(clippy::unnecessary_wraps, reason = "inputs of mutations are read alike")]
    fn command(self) -> Result<Publish> {
        Ok(Publish {
            period: self.period.into(),
            audience: self.audience,
            as_of: self.as_of.map(|at| at.0),
        })
    }
}

/// Narrows the list of published reports; what is given must all hold.
#[derive(InputObject, Debug)]
pub struct SnapshotFilter {
    /// For one of these audiences.
    audience_in: Option<Vec<Audience>>,
    /// Of exactly this period.
    period: Option<PeriodInput>,
}

orders! {
    SnapshotOrder by SnapshotOrderField of snapshot {
        /// By when it was published.
        PublishedAt = PublishedAt,
    }
}

/// Roots for published reports.
#[derive(Default)]
pub struct SnapshotQuery;

#[Object]
impl SnapshotQuery {
    /// A published report by its id.
    async fn snapshot(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "An id with the prefix `snapshot_`.")] id: ID,
    ) -> Option<Result<Snapshot>> {
        single::<Snapshot, entity::snapshot::Entity>(ctx, Action::ReadMetrics, Kind::Snapshot, &id)
            .await
            .transpose()
    }

    /// The published reports that the viewer may read.
    async fn snapshots(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, 1 to 100; 25 unless said.")] first: Option<i32>,
        #[graphql(desc = "Behind this cursor.")] after: Option<String>,
        #[graphql(desc = "Which ones.")] filter: Option<SnapshotFilter>,
        #[graphql(desc = "In which order; latest first unless said.")] order_by: Option<
            SnapshotOrder,
        >,
    ) -> Option<Result<Connection<Snapshot>>> {
        let listed = async {
            let session = ctx.session()?;
            session.may(Action::ReadMetrics)?;
            let latest = SnapshotOrder {
                field: SnapshotOrderField::PublishedAt,
                direction: Direction::Desc,
            };
            let asked = Asked {
                first,
                after,
                order: SnapshotOrder::keyset(Some(order_by.unwrap_or(latest))),
                filter: format!("snapshots {filter:?}"),
            };
            let filter = filter.map_or_else(Narrowed::default, |filter| Narrowed {
                audience_in: filter.audience_in,
                period: filter.period.map(Into::into),
            });
            page(ctx, snapshot::snapshots(session, filter), asked).await
        };
        Some(listed.await)
    }
}

/// Mutations of published reports.
#[derive(Default)]
pub struct SnapshotMutation;

#[Object]
impl SnapshotMutation {
    /// Publishes a report of the work of the viewer's organisation with its branches, and freezes it. For
    /// analysts and the public small numbers are hidden, with those that would give them away, also by what
    /// was published before; of organisations above and below each other only one publishes for these. For
    /// supervisors.
    async fn snapshot_publish(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What publishes it.")] input: SnapshotPublishInput,
    ) -> Option<Result<SnapshotPayload>> {
        perform!(ctx, input => publishing::publish)
    }
}
