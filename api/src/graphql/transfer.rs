//! Transfers of cases to other organisations.

pub mod mutation;

use async_graphql::{Context, ID, InputObject, Object};
use entity::transfer::{self, Column, TransferStatus};

use super::case::Case;
use super::family::Family;
use super::id::Kind;
use super::input::{objects, orders};
use super::loader::{Asking, By, one, questions};
use super::organisation::{Organisation, Worker};
use super::page::{Asked, Connection, page};
use super::permission::{self, TransferPermissions};
use super::referral::SharingDirection;
use super::scalar::Instant;
use crate::access::Row;
use crate::access::policy::Action;
use crate::casework;
use crate::casework::transfer::TransferFilter as Narrowed;
use crate::error::Result;

objects! {
    /// A transfer of a case to another organisation.
    Transfer of transfer;
}

questions! {
    /// The transfers of a case, latest first.
    TransfersOf -> Vec<Row<transfer::Model>> = casework::transfer::of_cases;
    /// The reference of the case that a transfer is about.
    ReferenceOf -> String = casework::transfer::references;
}

/// A transfer of a case to another organisation, which leads it once it accepts. It is known to who
/// leads the work with the family, and while it waits to the supervisors of who received it.
#[Object(serial)]
impl Transfer {
    /// Id with the prefix `transfer_`.
    pub(super) async fn id(&self) -> ID {
        Kind::Transfer.id(self.0.id)
    }

    /// Grows with each change.
    pub(super) async fn version(&self) -> i32 {
        self.0.version
    }

    /// When it was proposed.
    pub(super) async fn created_at(&self) -> Instant {
        Instant(self.0.created_at)
    }

    /// When it was last changed.
    pub(super) async fn updated_at(&self) -> Instant {
        Instant(self.0.updated_at)
    }

    /// The case; null until the viewer may see it.
    async fn case(&self, ctx: &Context<'_>) -> Option<Result<Case>> {
        one(ctx, Some(By::<entity::case::Entity>::id(self.0.case_id))).await
    }

    /// The reference of the case, without personal meaning: whoever sees the transfer knows it.
    async fn case_reference(&self, ctx: &Context<'_>) -> Option<Result<String>> {
        let found = ctx.ask(ReferenceOf(self.0.id)).await;
        found.map(|found| found.map(|reference| reference.as_ref().clone())).transpose()
    }

    /// The family; null until the viewer may see it.
    async fn family(&self, ctx: &Context<'_>) -> Option<Result<Family>> {
        one(ctx, Some(By::<entity::family::Entity>::id(self.0.family_id))).await
    }

    /// Who proposed it: the organisation that led the case then.
    async fn sender(&self, ctx: &Context<'_>) -> Option<Result<Organisation>> {
        one(ctx, Some(By::<entity::organisation::Entity>::id(self.0.sender_id))).await
    }

    /// The organisation that is to lead the case.
    async fn receiver(&self, ctx: &Context<'_>) -> Option<Result<Organisation>> {
        one(ctx, Some(By::<entity::organisation::Entity>::id(self.0.receiver_id))).await
    }

    /// Why, as the receiver reads it before accepting. Sensitive.
    async fn reason(&self) -> Option<&str> {
        Some(self.0.show(Column::Reason, |row| &row.reason)?)
    }

    /// Where it stands.
    async fn status(&self) -> TransferStatus {
        self.0.status
    }

    /// Why it stands there. Sensitive.
    async fn status_reason(&self) -> Option<&str> {
        self.0.show(Column::StatusReason, |row| &row.status_reason)?.as_deref()
    }

    /// When it was proposed.
    async fn proposed_at(&self) -> Instant {
        Instant(self.0.proposed_at)
    }

    /// Until when it is to be answered.
    async fn expires_at(&self) -> Instant {
        Instant(self.0.expires_at)
    }

    /// When it was accepted or declined.
    async fn answered_at(&self) -> Option<Instant> {
        self.0.answered_at.map(Instant)
    }

    /// When it ended: answered, taken back or run out.
    async fn ended_at(&self) -> Option<Instant> {
        self.0.ended_at.map(Instant)
    }

    /// Who leads the case from its acceptance on.
    async fn worker(&self, ctx: &Context<'_>) -> Option<Result<Worker>> {
        one(ctx, self.0.worker_id.map(By::<entity::worker::Entity>::id)).await
    }

    /// What the viewer could do with it now.
    async fn viewer_permissions(&self, ctx: &Context<'_>) -> Result<TransferPermissions> {
        permission::of_transfer(ctx, &self.0).await
    }

    /// The names of the fields of this object that are hidden from the viewer.
    async fn redacted_fields(&self) -> Vec<String> {
        self.0.hidden(&[("reason", Column::Reason), ("statusReason", Column::StatusReason)])
    }
}

/// Narrows the list of transfers; what is given must all hold.
#[derive(InputObject, Debug)]
pub struct TransferFilter {
    /// In one of these states.
    status_in: Option<Vec<TransferStatus>>,
    /// Proposed by the viewer's organisation, or to it.
    direction: Option<SharingDirection>,
    /// Of one of these cases, up to 100. Ids with the prefix `case_`.
    case_id_in: Option<Vec<ID>>,
}

orders! {
    TransferOrder by TransferOrderField of transfer {
        /// By when it was proposed.
        ProposedAt = ProposedAt,
        /// By until when it is to be answered.
        ExpiresAt = ExpiresAt,
    }
}

impl TransferFilter {
    fn narrowed(filter: Option<Self>) -> Result<Narrowed> {
        let Some(filter) = filter else { return Ok(Narrowed::default()) };
        Ok(Narrowed {
            status_in: filter.status_in,
            direction: filter.direction.map(Into::into),
            case_in: Kind::Case.parse_all(filter.case_id_in)?,
        })
    }
}

/// Roots for transfers.
#[derive(Default)]
pub struct TransferQuery;

#[Object]
impl TransferQuery {
    /// The transfers that the viewer may see: of families that the viewer's organisation leads the
    /// work with, and for a supervisor those that wait for its answer.
    async fn transfers(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, 1 to 100; 25 unless said.")] first: Option<i32>,
        #[graphql(desc = "Behind this cursor.")] after: Option<String>,
        #[graphql(desc = "Which ones.")] filter: Option<TransferFilter>,
        #[graphql(desc = "In which order; by id unless said.")] order_by: Option<TransferOrder>,
    ) -> Option<Result<Connection<Transfer>>> {
        Some(transfers(ctx, first, after, filter, order_by).await)
    }
}

async fn transfers(
    ctx: &Context<'_>,
    first: Option<i32>,
    after: Option<String>,
    filter: Option<TransferFilter>,
    order_by: Option<TransferOrder>,
) -> Result<Connection<Transfer>> {
    let session = ctx.session()?;
    session.may(Action::ReadTransfers)?;
    let filter = TransferFilter::narrowed(filter)?;
    let asked = Asked {
        first,
        after,
        order: TransferOrder::keyset(order_by),
        filter: format!("transfers {filter:?}"),
    };
    page(ctx, casework::transfer::transfers(session, filter), asked).await
}
