//! What is recorded of a person beside the person's own row: names, identifiers, facts of identity,
//! legal statuses, relationships.

use async_graphql::{Context, ID, Object};
use entity::identity_fact::IdentityFactKind;
use entity::legal_status::LegalStatusKind;
use entity::person;
use entity::person_name::NameKind;
use entity::relationship::RelationshipKind;

use super::Person;
use crate::access::Row;
use crate::error::Result;
use crate::graphql::id::Kind;
use crate::graphql::input::objects;
use crate::graphql::loader::{Asking, By, one};
use crate::graphql::register::Decision;
use crate::graphql::scalar::{Date, Instant};

objects! {
    /// A name that a person bears or bore.
    PersonName of person_name;
    /// A number that identifies a person in another system.
    PersonIdentifier of person_identifier;
    /// A fact of a person's identity at first registration.
    IdentityFact of identity_fact;
    /// A child's legal status for a time.
    LegalStatus of legal_status;
}

/// How a person is related to another.
pub struct Relationship {
    row: Row<entity::relationship::Model>,
    from: uuid::Uuid,
}

impl Relationship {
    /// A relationship as one of its two persons sees it.
    pub const fn new(row: Row<entity::relationship::Model>, from: uuid::Uuid) -> Self {
        Self { row, from }
    }
}

/// How a person is related to another one that the viewer may see.
#[Object(serial)]
impl Relationship {
    /// Id with the prefix `relationship_`.
    pub(in crate::graphql) async fn id(&self) -> ID {
        Kind::Relationship.id(self.row.id)
    }

    /// What `person` is to `other`. Personal.
    async fn kind(&self) -> Option<RelationshipKind> {
        self.row.show(entity::relationship::Column::Kind, |row| &row.kind).copied()
    }

    /// Whether the object that this relationship was asked of is `person`, not `other`.
    async fn is_forward(&self) -> bool {
        self.row.person_id == self.from
    }

    /// The person of whom `kind` is said.
    async fn person(&self, ctx: &Context<'_>) -> Option<Result<Person>> {
        one(ctx, Some(By::<person::Entity>::id(self.row.person_id))).await
    }

    /// The person to whom `person` is related.
    async fn other(&self, ctx: &Context<'_>) -> Option<Result<Person>> {
        one(ctx, Some(By::<person::Entity>::id(self.row.other_id))).await
    }

    /// First day, if it is known. Personal.
    async fn since(&self) -> Option<Date> {
        self.row.show(entity::relationship::Column::Since, |row| &row.since)?.map(Date)
    }

    /// The day after the last; null while it lasts. Personal.
    async fn until(&self) -> Option<Date> {
        self.row.show(entity::relationship::Column::Until, |row| &row.until)?.map(Date)
    }
}

/// A name that a person bears or bore. Personal.
#[Object(serial)]
impl PersonName {
    /// What kind of name it is.
    async fn kind(&self) -> NameKind {
        self.0.kind
    }

    /// Given name.
    async fn given_name(&self) -> &str {
        &self.0.given_name
    }

    /// Family name.
    async fn family_name(&self) -> Option<&str> {
        self.0.family_name.as_deref()
    }

    /// Patronymic.
    async fn patronymic(&self) -> Option<&str> {
        self.0.patronymic.as_deref()
    }

    /// First day on which it was borne, if known.
    async fn since(&self) -> Option<Date> {
        self.0.since.map(Date)
    }

    /// The day after the last; null while it is borne.
    async fn until(&self) -> Option<Date> {
        self.0.until.map(Date)
    }
}

/// A number that identifies a person in another system.
#[Object(serial)]
impl PersonIdentifier {
    /// Id with the prefix `identifier_`.
    async fn id(&self) -> ID {
        Kind::PersonIdentifier.id(self.0.id)
    }

    /// What kind of number it is.
    async fn kind(&self) -> &str {
        &self.0.kind
    }

    /// The number. Restricted: needs full access and the scope `restricted:read`.
    async fn value(&self, ctx: &Context<'_>) -> Option<Result<String>> {
        ctx.reveal(&self.0, entity::person_identifier::Column::Value, |row| Some(&row.value))
    }

    /// The names of the fields of this object that are hidden from the viewer.
    async fn redacted_fields(&self) -> Vec<String> {
        self.0.hidden(&[("value", entity::person_identifier::Column::Value)])
    }
}

/// A fact of a person's identity at first registration: it is never changed nor deleted.
#[Object(serial)]
impl IdentityFact {
    /// What it says.
    async fn kind(&self) -> IdentityFactKind {
        self.0.kind
    }

    /// The name or the place; null if only `other` says it. Sensitive.
    async fn value(&self) -> Option<&str> {
        self.0.show(entity::identity_fact::Column::Value, |row| &row.value)?.as_deref()
    }

    /// The parent or sibling, if it is on record and the viewer may see it. Sensitive.
    async fn other(&self, ctx: &Context<'_>) -> Option<Result<Person>> {
        let other = *self.0.show(entity::identity_fact::Column::OtherId, |row| &row.other_id)?;
        one(ctx, other.map(By::<person::Entity>::id)).await
    }

    /// When it was recorded.
    async fn recorded_at(&self) -> Instant {
        Instant(self.0.recorded_at)
    }

    /// The names of the fields of this object that are hidden from the viewer.
    async fn redacted_fields(&self) -> Vec<String> {
        use entity::identity_fact::Column;
        self.0.hidden(&[("value", Column::Value), ("other", Column::OtherId)])
    }
}

/// A child's legal status for a time.
#[Object(serial)]
impl LegalStatus {
    /// Id with the prefix `legalstatus_`.
    pub(in crate::graphql) async fn id(&self) -> ID {
        Kind::LegalStatus.id(self.0.id)
    }

    /// The status. Personal.
    async fn status(&self) -> Option<LegalStatusKind> {
        self.0.show(entity::legal_status::Column::Status, |row| &row.status).copied()
    }

    /// First day.
    async fn since(&self) -> Date {
        Date(self.0.since)
    }

    /// The day after the last; null while it lasts.
    async fn until(&self) -> Option<Date> {
        self.0.until.map(Date)
    }

    /// The decision that it follows from.
    async fn decision(&self, ctx: &Context<'_>) -> Option<Result<Decision>> {
        one(ctx, self.0.decision_id.map(By::<entity::decision::Entity>::id)).await
    }

    /// The names of the fields of this object that are hidden from the viewer.
    async fn redacted_fields(&self) -> Vec<String> {
        self.0.hidden(&[("status", entity::legal_status::Column::Status)])
    }
}
