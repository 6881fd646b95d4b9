//! What records names, facts of identity, relationships and legal statuses.

use async_graphql::{ID, InputObject};
use entity::identity_fact::IdentityFactKind;
use entity::legal_status::LegalStatusKind;
use entity::person_name::NameKind;
use entity::relationship::RelationshipKind;
use entity::secret::Secret;
use uuid::Uuid;

use crate::casework::person::identifier::Identifier;
use crate::casework::person::naming::{FullName, NameAdd};
use crate::casework::person::{identifier, identity, legal, relation};
use crate::error::Result;
use crate::graphql::id::Kind;
use crate::graphql::scalar::Date;

/// What records a further name of a person.
#[derive(InputObject)]
pub struct PersonNameAddInput {
    /// Made by the client, new for each change: sending it again does nothing twice.
    pub(super) client_mutation_id: Uuid,
    /// The person: an id with the prefix `person_` or `child_`.
    person_id: ID,
    /// What kind of name it is: any but `LEGAL`, which `personUpdate` changes. `BIRTH` is recorded
    /// once.
    kind: NameKind,
    /// Given name, up to 200 characters. Personal.
    given_name: String,
    /// Family name, up to 200 characters. Personal.
    family_name: Option<String>,
    /// Patronymic, up to 200 characters. Personal.
    patronymic: Option<String>,
    /// First day on which it was borne, if known; at the latest today. Personal.
    since: Option<Date>,
    /// The day after the last; omitted while it is borne. Personal.
    until: Option<Date>,
}

impl PersonNameAddInput {
    pub(super) fn command(self) -> Result<NameAdd> {
        Ok(NameAdd {
            person_id: Kind::parse_person(&self.person_id)?,
            kind: self.kind,
            name: FullName {
                family_name: self.family_name,
                given_name: self.given_name,
                patronymic: self.patronymic,
            },
            since: self.since.map(|day| day.0),
            until: self.until.map(|day| day.0),
        })
    }
}

/// What records a fact of a person's identity.
#[derive(InputObject)]
pub struct IdentityFactAddInput {
    /// Made by the client, new for each change: sending it again does nothing twice.
    pub(super) client_mutation_id: Uuid,
    /// The person: an id with the prefix `person_` or `child_`.
    person_id: ID,
    /// What the fact says. `BIRTH_NAME` and `BIRTH_PLACE` are recorded once.
    kind: IdentityFactKind,
    /// The name or the place, up to 200 characters: needed but for a parent or sibling that
    /// `otherPersonId` names. Sensitive.
    value: Option<String>,
    /// The parent or sibling: an id with the prefix `person_` or `child_`, of a person that the
    /// viewer sees in full. Sensitive.
    other_person_id: Option<ID>,
}

impl IdentityFactAddInput {
    pub(super) fn command(self) -> Result<identity::Add> {
        let other = self.other_person_id;
        Ok(identity::Add {
            person_id: Kind::parse_person(&self.person_id)?,
            kind: self.kind,
            value: self.value,
            other_person_id: other.map(|id| Kind::parse_person(&id)).transpose()?,
        })
    }
}

/// What records a relationship between two persons.
#[derive(InputObject)]
pub struct RelationshipAddInput {
    /// Made by the client, new for each change: sending it again does nothing twice.
    pub(super) client_mutation_id: Uuid,
    /// The id of the new relationship, if the client made one offline: `relationship_` and a
    /// `UUIDv7`.
    id: Option<ID>,
    /// The person of whom `kind` is said: an id with the prefix `person_` or `child_`, of a person
    /// that the viewer sees in full.
    person_id: ID,
    /// The person to whom that one is related, likewise.
    other_id: ID,
    /// What the first person is to the other. Personal.
    kind: RelationshipKind,
    /// First day, if it is known; at the latest today. Personal.
    since: Option<Date>,
    /// The day after the last; omitted while it lasts. Personal.
    until: Option<Date>,
}

impl RelationshipAddInput {
    pub(super) fn command(self) -> Result<relation::Add> {
        Ok(relation::Add {
            id: self.id.map(|id| Kind::Relationship.parse(&id)).transpose()?,
            person_id: Kind::parse_person(&self.person_id)?,
            other_id: Kind::parse_person(&self.other_id)?,
            kind: self.kind,
            since: self.since.map(|day| day.0),
            until: self.until.map(|day| day.0),
        })
    }
}

/// What ends a relationship.
#[derive(InputObject)]
pub struct RelationshipEndInput {
    /// Made by the client, new for each change: sending it again does nothing twice.
    pub(super) client_mutation_id: Uuid,
    /// One of the two persons: an id with the prefix `person_` or `child_`.
    person_id: ID,
    /// The relationship.
    relationship_id: ID,
    /// The day after the last: tomorrow if today is the last. Personal.
    until: Date,
}

impl RelationshipEndInput {
    pub(super) fn command(self) -> Result<relation::End> {
        Ok(relation::End {
            person_id: Kind::parse_person(&self.person_id)?,
            relationship_id: Kind::Relationship.parse(&self.relationship_id)?,
            until: self.until.0,
        })
    }
}

/// What records a legal status.
#[derive(InputObject)]
pub struct LegalStatusRecordInput {
    /// Made by the client, new for each change: sending it again does nothing twice.
    pub(super) client_mutation_id: Uuid,
    /// The id of the new status, if the client made one offline: `legalstatus_` and a `UUIDv7`.
    id: Option<ID>,
    /// The child: an id with the prefix `person_` or `child_`.
    person_id: ID,
    /// The status. Personal.
    status: LegalStatusKind,
    /// The decision that it follows from, about the child or its family: needed for every status
    /// but `PARENTAL_CARE` and `UNKNOWN`.
    decision_id: Option<ID>,
    /// First day: at the latest today, and after the first day of the status in force, which ends
    /// on it.
    since: Date,
}

impl LegalStatusRecordInput {
    pub(super) fn command(self) -> Result<legal::Record> {
        let decision = self.decision_id;
        Ok(legal::Record {
            id: self.id.map(|id| Kind::LegalStatus.parse(&id)).transpose()?,
            person_id: Kind::parse_person(&self.person_id)?,
            status: self.status,
            decision_id: decision.map(|id| Kind::Decision.parse(&id)).transpose()?,
            since: self.since.0,
        })
    }
}

/// What adds a number that identifies a person in another system.
#[derive(InputObject)]
pub struct IdentifierAddInput {
    /// Made by the client, new for each change: sending it again does nothing twice.
    pub(super) client_mutation_id: Uuid,
    /// The person: an id with the prefix `person_` or `child_`.
    person_id: ID,
    /// What kind of number it is, up to 200 characters.
    kind: String,
    /// The number, up to 200 characters. Restricted.
    value: String,
}

impl IdentifierAddInput {
    pub(super) fn command(self) -> Result<identifier::Add> {
        let value = Secret::new(self.value);
        Ok(identifier::Add {
            person_id: Kind::parse_person(&self.person_id)?,
            identifier: Identifier { kind: self.kind, value },
        })
    }
}

/// What voids a number that is wrong.
#[derive(InputObject)]
pub struct IdentifierVoidInput {
    /// Made by the client, new for each change: sending it again does nothing twice.
    pub(super) client_mutation_id: Uuid,
    /// The person: an id with the prefix `person_` or `child_`.
    person_id: ID,
    /// The number: an id with the prefix `identifier_`.
    identifier_id: ID,
    /// Why it is wrong, up to 10,000 characters.
    reason: String,
}

impl IdentifierVoidInput {
    pub(super) fn command(self) -> Result<identifier::Void> {
        Ok(identifier::Void {
            person_id: Kind::parse_person(&self.person_id)?,
            identifier_id: Kind::PersonIdentifier.parse(&self.identifier_id)?,
            reason: self.reason,
        })
    }
}
