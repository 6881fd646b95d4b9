//! Persons: what they are called, who they are related to, and, in `child`, persons in the role of
//! a child.

pub mod mutation;
mod child;
mod record;

use async_graphql::{Context, ID, Object};
use entity::person::{self, DatePrecision, Sex};

use super::family::{Family, HomesOf};
use super::id::Kind;
use super::input::objects;
use super::loader::{Asking, many, one, questions};
use super::permission::{self, PersonPermissions};
use super::scalar::{Date, Instant, PartialDate};
use crate::access::{Class, Row, Seen};
use crate::casework;
use crate::error::Result;

pub use child::PersonQuery;
pub use record::{IdentityFact, LegalStatus, PersonIdentifier, PersonName, Relationship};

objects! {
    /// A human being.
    Person of person;
    /// A person in the role of a child.
    Child of person;
}

questions! {
    /// All names of a person.
    NamesOf -> Vec<Row<entity::person_name::Model>> = casework::person::names_of;
    /// The identifiers of a person.
    IdentifiersOf -> Vec<Row<entity::person_identifier::Model>> = casework::person::identifiers_of;
    /// The facts of a person's identity at first registration.
    IdentityFactsOf -> Vec<Row<entity::identity_fact::Model>> = casework::person::identity_facts_of;
    /// The legal statuses of a child, latest first.
    LegalStatusesOf -> Vec<Row<entity::legal_status::Model>> = casework::person::legal_statuses_of;
    /// The relationships of a person.
    RelationshipsOf -> Vec<Row<entity::relationship::Model>> = casework::person::relationships_of;
    /// A person, if it is a child.
    ChildBy -> Row<person::Model> = casework::person::children_among;
}

/// The fields of persons and children that can be hidden, with the columns they show.
const HIDEABLE: [(&str, person::Column); 9] = [
    ("familyName", person::Column::FamilyName),
    ("patronymic", person::Column::Patronymic),
    ("birthDate", person::Column::BirthDate),
    ("birthDatePrecision", person::Column::BirthPrecision),
    ("deathDate", person::Column::DeathDate),
    ("sex", person::Column::Sex),
    ("names", person::Column::SearchKey),
    ("disability", person::Column::Disability),
    ("phone", person::Column::Phone),
];

type SeenPerson = Seen<person::Model>;

/// The name to show: the given name alone where the rest is hidden.
fn display_name(person: &SeenPerson) -> String {
    let family = person.show(person::Column::FamilyName, |row| &row.family_name);
    match family.and_then(Option::as_deref) {
        Some(family) => format!("{} {family}", person.given_name),
        None => person.given_name.clone(),
    }
}

fn birth_date(person: &SeenPerson) -> Option<PartialDate> {
    let day = *person.show(person::Column::BirthDate, |row| &row.birth_date)?;
    Some(PartialDate::new(day?, person.birth_precision))
}

fn birth_date_precision(person: &SeenPerson) -> Option<DatePrecision> {
    let precision = person.show(person::Column::BirthPrecision, |row| &row.birth_precision)?;
    person.birth_date.map(|_| *precision)
}

fn text(
    person: &SeenPerson,
    column: person::Column,
    value: fn(&person::Model) -> &Option<String>,
) -> Option<&str> {
    person.show(column, value)?.as_deref()
}

async fn shown_names(ctx: &Context<'_>, person: &SeenPerson) -> Option<Result<Vec<PersonName>>> {
    if !person.shows(person::Column::SearchKey) {
        return None;
    }
    person.note(Class::Personal);
    Some(many(ctx, NamesOf(person.id)).await)
}

/// A human being: a parent, a caregiver, a relative, or a child seen as a person.
#[Object(serial)]
impl Person {
    /// Id with the prefix `person_`.
    pub(super) async fn id(&self) -> ID {
        Kind::Person.id(self.0.id)
    }

    /// Grows with each change.
    pub(super) async fn version(&self) -> i32 {
        self.0.version
    }

    /// When it was recorded.
    pub(super) async fn created_at(&self) -> Instant {
        Instant(self.0.created_at)
    }

    /// When it was last changed.
    pub(super) async fn updated_at(&self) -> Instant {
        Instant(self.0.updated_at)
    }

    /// Given and family name; the given name alone where the rest is hidden.
    async fn display_name(&self) -> String {
        display_name(&self.0)
    }

    /// Given name.
    async fn given_name(&self) -> &str {
        &self.0.given_name
    }

    /// Family name. Personal.
    async fn family_name(&self) -> Option<&str> {
        text(&self.0, person::Column::FamilyName, |row| &row.family_name)
    }

    /// Patronymic. Personal.
    async fn patronymic(&self) -> Option<&str> {
        text(&self.0, person::Column::Patronymic, |row| &row.patronymic)
    }

    /// Birth date, as exact as it is known. Personal.
    async fn birth_date(&self) -> Option<PartialDate> {
        birth_date(&self.0)
    }

    /// How exactly the birth date is known; null if it isn't. Personal.
    async fn birth_date_precision(&self) -> Option<DatePrecision> {
        birth_date_precision(&self.0)
    }

    /// Date of death, if the person died. Personal.
    async fn death_date(&self) -> Option<Date> {
        self.0.show(person::Column::DeathDate, |row| &row.death_date)?.map(Date)
    }

    /// Sex as recorded. Personal.
    async fn sex(&self) -> Option<Sex> {
        self.0.show(person::Column::Sex, |row| &row.sex).copied()
    }

    /// All names, the first recorded first. Personal.
    async fn names(&self, ctx: &Context<'_>) -> Option<Result<Vec<PersonName>>> {
        shown_names(ctx, &self.0).await
    }

    /// Disability, if there is one. Sensitive.
    async fn disability(&self) -> Option<&str> {
        text(&self.0, person::Column::Disability, |row| &row.disability)
    }

    /// Telephone number. Sensitive.
    async fn phone(&self) -> Option<&str> {
        text(&self.0, person::Column::Phone, |row| &row.phone)
    }

    /// Numbers that identify the person in other systems.
    async fn identifiers(&self, ctx: &Context<'_>) -> Result<Vec<PersonIdentifier>> {
        many(ctx, IdentifiersOf(self.0.id)).await
    }

    /// What was registered first of the person's identity, and is never changed: the name at birth,
    /// the place, parents and siblings.
    async fn identity_facts(&self, ctx: &Context<'_>) -> Result<Vec<IdentityFact>> {
        many(ctx, IdentityFactsOf(self.0.id)).await
    }

    /// Whether the person's address is kept secret.
    async fn is_address_protected(&self) -> bool {
        self.0.is_address_protected
    }

    /// The same person in the role of a child; null if it is none.
    async fn as_child(&self, ctx: &Context<'_>) -> Option<Result<Child>> {
        one(ctx, Some(ChildBy(self.0.id))).await
    }

    /// The families that the person belongs to today and that the viewer may see.
    async fn families(&self, ctx: &Context<'_>) -> Result<Vec<Family>> {
        families(ctx, self.0.id).await
    }

    /// Relationships with persons that the viewer may see.
    async fn relationships(&self, ctx: &Context<'_>) -> Result<Vec<Relationship>> {
        relationships(ctx, self.0.id).await
    }

    /// What the viewer could do with it now.
    async fn viewer_permissions(&self, ctx: &Context<'_>) -> Result<PersonPermissions> {
        permission::of_person(ctx, &self.0).await
    }

    /// The names of the fields of this object that are hidden from the viewer.
    async fn redacted_fields(&self) -> Vec<String> {
        self.0.hidden(&HIDEABLE)
    }
}

async fn families(ctx: &Context<'_>, id: uuid::Uuid) -> Result<Vec<Family>> {
    let homes = ctx.ask(HomesOf(id)).await?;
    let today = ctx.session()?.today();
    let current = homes
        .iter()
        .flat_map(|homes| homes.iter())
        .filter(|(member, _)| casework::family::is_member_on(member, today));
    let mut families: Vec<Row<entity::family::Model>> = Vec::new();
    for (_, family) in current {
        if families.iter().all(|known| known.id != family.id) {
            families.push(Row::clone(family));
        }
    }
    Ok(families.into_iter().map(Family::from).collect())
}

async fn relationships(ctx: &Context<'_>, id: uuid::Uuid) -> Result<Vec<Relationship>> {
    let rows = ctx.ask(RelationshipsOf(id)).await?;
    let rows = rows.iter().flat_map(|rows| rows.iter());
    Ok(rows.map(|row| Relationship::new(Row::clone(row), id)).collect())
}
