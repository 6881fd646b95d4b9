//! Referrals of families to other organisations.

pub mod mutation;

use async_graphql::{Context, Enum, ID, InputObject, Object};
use entity::access_grant::{AccessLevel, DataCategory};
use entity::referral::{self, Column, ReferralStatus};

use super::case::Case;
use super::consent::Consent;
use super::family::Family;
use super::id::Kind;
use super::input::{objects, orders};
use super::loader::{Asking, By, one, questions};
use super::organisation::{Organisation, Worker};
use super::page::{Asked, Connection, page};
use super::permission::{self, ReferralPermissions};
use super::scalar::Instant;
use super::service::ServiceType;
use crate::access::Row;
use crate::access::policy::Action;
use crate::casework;
use crate::casework::referral::{Direction, ReferralFilter as Narrowed};
use crate::error::Result;

objects! {
    /// A referral of a family to another organisation.
    Referral of referral;
}

questions! {
    /// The referrals of a case, latest first.
    ReferralsOf -> Vec<Row<referral::Model>> = casework::referral::of_cases;
}

/// Which way something goes.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "Direction")]
pub enum SharingDirection {
    /// From the viewer's organisation, or from one whose case it leads now.
    Sent,
    /// To the viewer's organisation.
    Received,
}

/// A referral of a family to another organisation, for a service. It is known to who leads the work
/// with the family, and while it waits or holds to who received it; the family is shown to the latter
/// from its acceptance on, and no longer than the referral and its consent hold.
#[Object(serial)]
impl Referral {
    /// Id with the prefix `referral_`.
    pub(super) async fn id(&self) -> ID {
        Kind::Referral.id(self.0.id)
    }

    /// Grows with each change.
    pub(super) async fn version(&self) -> i32 {
        self.0.version
    }

    /// When it was written.
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

    /// The family; null until the viewer may see it.
    async fn family(&self, ctx: &Context<'_>) -> Option<Result<Family>> {
        one(ctx, Some(By::<entity::family::Entity>::id(self.0.family_id))).await
    }

    /// Who sent it: the organisation that led the case then.
    async fn sender(&self, ctx: &Context<'_>) -> Option<Result<Organisation>> {
        one(ctx, Some(By::<entity::organisation::Entity>::id(self.0.sender_id))).await
    }

    /// To whom: this organisation and those above it.
    async fn receiver(&self, ctx: &Context<'_>) -> Option<Result<Organisation>> {
        one(ctx, Some(By::<entity::organisation::Entity>::id(self.0.receiver_id))).await
    }

    /// For which service; null if for none in particular.
    async fn service_type(&self, ctx: &Context<'_>) -> Option<Result<ServiceType>> {
        one(ctx, self.0.service_type_id.map(By::<entity::service_type::Entity>::id)).await
    }

    /// How much the receiver sees once it is accepted.
    async fn level(&self) -> AccessLevel {
        self.0.level
    }

    /// Of what the receiver sees more than ids, dates and given names; nothing at `SERVICE_ONLY`.
    async fn sections(&self) -> Vec<DataCategory> {
        casework::referral::sections(&self.0)
    }

    /// Why, as the receiver reads it before accepting. Sensitive.
    async fn reason(&self) -> Option<&str> {
        Some(self.0.show(Column::Reason, |row| &row.reason)?)
    }

    /// The consent on which it rests; null if it rests on a law, or if the viewer may not see it.
    async fn consent(&self, ctx: &Context<'_>) -> Option<Result<Consent>> {
        one(ctx, self.0.consent_id.map(By::<entity::consent::Entity>::id)).await
    }

    /// The law on which it rests; null if it rests on a consent. Sensitive.
    async fn legal_basis(&self) -> Option<&str> {
        self.0.show(Column::LegalBasis, |row| &row.legal_basis)?.as_deref()
    }

    /// Who approved one that rests on a law; null until then.
    async fn approved_by(&self, ctx: &Context<'_>) -> Option<Result<Worker>> {
        one(ctx, self.0.approved_by.map(By::<entity::worker::Entity>::id)).await
    }

    /// When it was approved.
    async fn approved_at(&self) -> Option<Instant> {
        self.0.approved_at.map(Instant)
    }

    /// Where it stands.
    async fn status(&self) -> ReferralStatus {
        self.0.status
    }

    /// Why it stands there. Sensitive.
    async fn status_reason(&self) -> Option<&str> {
        self.0.show(Column::StatusReason, |row| &row.status_reason)?.as_deref()
    }

    /// When it was sent; null until it is approved.
    async fn sent_at(&self) -> Option<Instant> {
        self.0.sent_at.map(Instant)
    }

    /// When it was accepted or declined.
    async fn answered_at(&self) -> Option<Instant> {
        self.0.answered_at.map(Instant)
    }

    /// When it ended.
    async fn ended_at(&self) -> Option<Instant> {
        self.0.ended_at.map(Instant)
    }

    /// When it runs out.
    async fn expires_at(&self) -> Option<Instant> {
        self.0.expires_at.map(Instant)
    }

    /// What the viewer could do with it now.
    async fn viewer_permissions(&self, ctx: &Context<'_>) -> Result<ReferralPermissions> {
        permission::of_referral(ctx, &self.0).await
    }

    /// The names of the fields of this object that are hidden from the viewer.
    async fn redacted_fields(&self) -> Vec<String> {
        self.0.hidden(&[
            ("reason", Column::Reason),
            ("legalBasis", Column::LegalBasis),
            ("statusReason", Column::StatusReason),
        ])
    }
}

/// Narrows the list of referrals; what is given must all hold.
#[derive(InputObject, Debug)]
pub struct ReferralFilter {
    /// In one of these states.
    status_in: Option<Vec<ReferralStatus>>,
    /// Sent or received.
    direction: Option<SharingDirection>,
    /// Of one of these cases, up to 100. Ids with the prefix `case_`.
    case_id_in: Option<Vec<ID>>,
    /// To one of these organisations, up to 100 (branches are not looked at). Ids with the prefix
    /// `organisation_`.
    receiver_id_in: Option<Vec<ID>>,
}

orders! {
    ReferralOrder by ReferralOrderField of referral {
        /// By when it was written.
        CreatedAt = CreatedAt,
        /// By the last change.
        UpdatedAt = UpdatedAt,
    }
}

impl ReferralFilter {
    fn narrowed(filter: Option<Self>) -> Result<Narrowed> {
        let Some(filter) = filter else { return Ok(Narrowed::default()) };
        Ok(Narrowed {
            status_in: filter.status_in,
            direction: filter.direction.map(Into::into),
            case_in: Kind::Case.parse_all(filter.case_id_in)?,
            receiver_in: Kind::Organisation.parse_all(filter.receiver_id_in)?,
        })
    }
}

/// Roots for referrals.
#[derive(Default)]
pub struct ReferralQuery;

#[Object]
impl ReferralQuery {
    /// The referrals that the viewer may see: of families that the viewer's organisation leads the
    /// work with, and those that wait for it or hold.
    async fn referrals(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, 1 to 100; 25 unless said.")] first: Option<i32>,
        #[graphql(desc = "Behind this cursor.")] after: Option<String>,
        #[graphql(desc = "Which ones.")] filter: Option<ReferralFilter>,
        #[graphql(desc = "In which order; by id unless said.")] order_by: Option<ReferralOrder>,
    ) -> Option<Result<Connection<Referral>>> {
        Some(referrals(ctx, first, after, filter, order_by).await)
    }
}

async fn referrals(
    ctx: &Context<'_>,
    first: Option<i32>,
    after: Option<String>,
    filter: Option<ReferralFilter>,
    order_by: Option<ReferralOrder>,
) -> Result<Connection<Referral>> {
    let session = ctx.session()?;
    session.may(Action::ReadReferrals)?;
    let filter = ReferralFilter::narrowed(filter)?;
    let asked = Asked {
        first,
        after,
        order: ReferralOrder::keyset(order_by),
        filter: format!("referrals {filter:?}"),
    };
    page(ctx, casework::referral::referrals(session, filter), asked).await
}
