//! What records and changes a person's own row.

use async_graphql::{ID, InputObject, MaybeUndefined};
use entity::person::Sex;
use entity::secret::Secret;
use uuid::Uuid;

use crate::casework::person::identifier::Identifier;
use crate::casework::person::naming::FullName;
use crate::casework::person::record::Create;
use crate::casework::person::revision::Update;
use crate::casework::search::PartialBirth;
use crate::error::Result;
use crate::graphql::family::mutation::MembershipInput;
use crate::graphql::id::Kind;
use crate::graphql::scalar::{Date, PartialDate};

/// What records a person.
#[derive(InputObject)]
pub struct PersonCreateInput {
    /// Made by the client, new for each change: sending it again does nothing twice.
    pub(super) client_mutation_id: Uuid,
    /// The id of the new person, if the client made one offline: `person_` or `child_` and a
    /// `UUIDv7`.
    id: Option<ID>,
    /// Given name, up to 200 characters. With the other parts it is kept as the name at birth,
    /// too, which is never changed.
    given_name: String,
    /// Family name, up to 200 characters. Personal.
    family_name: Option<String>,
    /// Patronymic, up to 200 characters. Personal.
    patronymic: Option<String>,
    /// Sex as recorded. Personal.
    #[graphql(default_with = "Sex::Unknown")]
    sex: Sex,
    /// Birth date, as exact as it is known, from 1900 to today. Personal.
    birth_date: Option<PartialDate>,
    /// Whether the year of birth is an estimate: only the year of `birthDate` is then kept.
    /// Personal.
    #[graphql(default)]
    is_birth_date_estimated: bool,
    /// Date of death, if the person died: not before the birth, at the latest today. Personal.
    death_date: Option<Date>,
    /// Disability, if there is one, up to 200 characters. Sensitive.
    disability: Option<String>,
    /// Telephone number, up to 200 characters. Sensitive.
    phone: Option<String>,
    /// Whether the person's address is kept secret.
    #[graphql(default)]
    is_address_protected: bool,
    /// Place of birth, up to 200 characters: a fact of identity, which is never changed. Sensitive.
    birth_place: Option<String>,
    /// The family that the person belongs to, with which it is then seen; `membership` says as
    /// what.
    family_id: Option<ID>,
    /// As what the person belongs to the family; only with `familyId`.
    membership: Option<MembershipInput>,
    /// Numbers that identify the person in other systems, up to 50. Restricted.
    #[graphql(default)]
    identifiers: Vec<PersonIdentifierInput>,
    /// That the person is new, though it looks like a known one: say so after a look at the
    /// candidates of `DUPLICATE_SUSPECTED`.
    #[graphql(default)]
    confirmed_new: bool,
}

/// A number that identifies a person in another system.
#[derive(InputObject)]
pub struct PersonIdentifierInput {
    /// What kind of number it is, up to 200 characters.
    kind: String,
    /// The number, up to 200 characters. Restricted.
    value: String,
}

impl PersonCreateInput {
    pub(super) fn command(self) -> Result<Create> {
        let identifiers = self.identifiers.into_iter();
        let identifier = |told: PersonIdentifierInput| Identifier {
            kind: told.kind,
            value: Secret::new(told.value),
        };
        Ok(Create {
            id: self.id.map(|id| Kind::parse_person(&id)).transpose()?,
            name: FullName {
                family_name: self.family_name,
                given_name: self.given_name,
                patronymic: self.patronymic,
            },
            sex: self.sex,
            birth: self.birth_date.map(birth),
            is_birth_date_estimated: self.is_birth_date_estimated,
            death_date: self.death_date.map(|day| day.0),
            disability: self.disability,
            phone: self.phone,
            is_address_protected: self.is_address_protected,
            birth_place: self.birth_place,
            family_id: self.family_id.map(|id| Kind::Family.parse(&id)).transpose()?,
            membership: self.membership.map(MembershipInput::told).transpose()?,
            identifiers: identifiers.map(identifier).collect(),
            confirmed_new: self.confirmed_new,
        })
    }
}

const fn birth(told: PartialDate) -> PartialBirth {
    PartialBirth { day: told.day(), precision: told.precision() }
}

/// What changes a person; what is omitted stays as it is, null clears.
#[derive(InputObject)]
pub struct PersonUpdateInput {
    /// Made by the client, new for each change: sending it again does nothing twice.
    pub(super) client_mutation_id: Uuid,
    /// The person: an id with the prefix `person_` or `child_`.
    id: ID,
    /// The `version` that the change was decided on; another one now is a version conflict.
    expected_version: i32,
    /// Given name, up to 200 characters.
    given_name: MaybeUndefined<String>,
    /// Family name, up to 200 characters. Personal.
    family_name: MaybeUndefined<String>,
    /// Patronymic, up to 200 characters. Personal.
    patronymic: MaybeUndefined<String>,
    /// Sex as recorded. Personal.
    sex: MaybeUndefined<Sex>,
    /// Birth date, as exact as it is known, from 1900 to today, and not after a day on which the
    /// person joined a family. It is no estimate unless `isBirthDateEstimated` says so. Personal.
    birth_date: MaybeUndefined<PartialDate>,
    /// Whether the year of birth is an estimate: only the year is then kept. Personal.
    is_birth_date_estimated: MaybeUndefined<bool>,
    /// Date of death: not before the birth or a day on which the person joined a family, at the
    /// latest today. Personal.
    death_date: MaybeUndefined<Date>,
    /// Disability, up to 200 characters. Sensitive.
    disability: MaybeUndefined<String>,
    /// Telephone number, up to 200 characters. Sensitive.
    phone: MaybeUndefined<String>,
    /// Whether the person's address is kept secret.
    is_address_protected: MaybeUndefined<bool>,
}

impl PersonUpdateInput {
    pub(super) fn command(self) -> Result<Update> {
        let birth_date: Option<Option<PartialDate>> = self.birth_date.into();
        let death_date: Option<Option<Date>> = self.death_date.into();
        Ok(Update {
            id: Kind::parse_person(&self.id)?,
            expected_version: self.expected_version,
            given_name: self.given_name.into(),
            family_name: self.family_name.into(),
            patronymic: self.patronymic.into(),
            sex: self.sex.into(),
            birth: birth_date.map(|told| told.map(birth)),
            is_birth_date_estimated: self.is_birth_date_estimated.into(),
            death_date: death_date.map(|day| day.map(|day| day.0)),
            disability: self.disability.into(),
            phone: self.phone.into(),
            is_address_protected: self.is_address_protected.into(),
        })
    }
}
