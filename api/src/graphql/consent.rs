//! Consents to share data, and refusals.

pub mod mutation;

use async_graphql::{Context, ID, Object};
use entity::access_grant::DataCategory;
use entity::consent::{self, ConsentCapacity, ConsentForm, ConsentPurpose, ConsentStatus};

use super::family::Family;
use super::id::Kind;
use super::input::objects;
use super::loader::{Asking, By, one, questions};
use super::organisation::{Organisation, Worker};
use super::permission::{self, ConsentPermissions};
use super::person::Person;
use super::scalar::Instant;
use crate::access::Row;
use crate::casework;
use crate::error::Result;

objects! {
    /// What somebody answered who was asked for consent to share data.
    Consent of consent;
}

questions! {
    /// The answers of a family, latest first.
    ConsentsOf -> Vec<Row<consent::Model>> = casework::consent::of_families;
    /// The organisations that a consent names.
    RecipientsOf -> Vec<Row<entity::consent_recipient::Model>> = casework::consent::recipients_of;
}

/// What somebody answered who was asked for consent to share data: a consent, or a refusal. A new
/// answer is a new consent. It is known to who leads the work with the family.
#[Object(serial)]
impl Consent {
    /// Id with the prefix `consent_`.
    pub(super) async fn id(&self) -> ID {
        Kind::Consent.id(self.0.id)
    }

    /// Grows with each change.
    pub(super) async fn version(&self) -> i32 {
        self.0.version
    }

    /// When it was recorded.
    pub(super) async fn created_at(&self) -> Instant {
        Instant(self.0.recorded_at)
    }

    /// When it was last changed.
    pub(super) async fn updated_at(&self) -> Instant {
        Instant(self.0.updated_at.unwrap_or(self.0.recorded_at))
    }

    /// The family.
    async fn family(&self, ctx: &Context<'_>) -> Option<Result<Family>> {
        one(ctx, Some(By::<entity::family::Entity>::id(self.0.family_id))).await
    }

    /// The one member that it is about; null if it is about the family as a whole.
    async fn person(&self, ctx: &Context<'_>) -> Option<Result<Person>> {
        one(ctx, self.0.person_id.map(By::<entity::person::Entity>::id)).await
    }

    /// Who answered; null if it was somebody else who represents them.
    async fn given_by(&self, ctx: &Context<'_>) -> Option<Result<Person>> {
        one(ctx, self.0.given_by_id.map(By::<entity::person::Entity>::id)).await
    }

    /// In what capacity. Personal.
    async fn capacity(&self) -> Option<ConsentCapacity> {
        self.0.show(consent::Column::Capacity, |row| &row.capacity).copied()
    }

    /// How the answer was given.
    async fn form(&self) -> ConsentForm {
        self.0.form
    }

    /// What data may be shared for. Personal.
    async fn purposes(&self) -> Option<Vec<ConsentPurpose>> {
        Some(casework::consent::purposes(self.0.show(consent::Column::Purposes, |row| row)?))
    }

    /// With whom: these organisations and their branches.
    async fn recipients(&self, ctx: &Context<'_>) -> Result<Vec<Organisation>> {
        let named = ctx.ask(RecipientsOf(self.0.id)).await?;
        let mut recipients = Vec::new();
        for row in named.iter().flat_map(|named| named.iter()) {
            let id = By::<entity::organisation::Entity>::id(row.organisation_id);
            recipients.extend(one(ctx, Some(id)).await.transpose()?);
        }
        Ok(recipients)
    }

    /// What may be shared. Personal.
    async fn categories(&self) -> Option<Vec<DataCategory>> {
        Some(casework::consent::categories(self.0.show(consent::Column::Categories, |row| row)?))
    }

    /// From when on it holds.
    async fn since(&self) -> Instant {
        Instant(self.0.since)
    }

    /// Until when it was given; null if it is open. One that is withdrawn ends before.
    async fn until(&self) -> Option<Instant> {
        self.0.until.map(Instant)
    }

    /// Where it stands.
    async fn status(&self) -> ConsentStatus {
        self.0.status
    }

    /// Whether it holds now.
    async fn is_in_force(&self, ctx: &Context<'_>) -> Result<bool> {
        Ok(casework::consent::is_in_force(&self.0, ctx.session()?.now()))
    }

    /// When it was withdrawn; null if it was not.
    async fn withdrawn_at(&self) -> Option<Instant> {
        self.0.withdrawn_at.map(Instant)
    }

    /// Why it was withdrawn. Sensitive.
    async fn withdrawal_reason(&self) -> Option<&str> {
        self.0.show(consent::Column::WithdrawalReason, |row| &row.withdrawal_reason)?.as_deref()
    }

    /// Who recorded it; null if it was no worker.
    async fn recorded_by(&self, ctx: &Context<'_>) -> Option<Result<Worker>> {
        one(ctx, self.0.recorded_by.map(By::<entity::worker::Entity>::id)).await
    }

    /// What the viewer could do with it now.
    async fn viewer_permissions(&self, ctx: &Context<'_>) -> Result<ConsentPermissions> {
        permission::of_consent(ctx, &self.0)
    }

    /// The names of the fields of this object that are hidden from the viewer.
    async fn redacted_fields(&self) -> Vec<String> {
        use consent::Column;
        self.0.hidden(&[
            ("capacity", Column::Capacity),
            ("purposes", Column::Purposes),
            ("categories", Column::Categories),
            ("withdrawalReason", Column::WithdrawalReason),
        ])
    }
}
