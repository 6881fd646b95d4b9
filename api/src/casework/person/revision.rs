//! Changing persons: what was decided on an older version is refused, and a new name leaves the
//! former one on record.

use chrono::NaiveDate;
use entity::family_member;
use entity::person::{self, Sex};
use sea_orm::{ColumnTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use super::naming::{self, FullName, check_part};
use super::{gate, life};
use crate::access::Session;
use crate::access::policy::Action;
use crate::casework::change::{Change, Key, Right, Subject};
use crate::casework::check::{Checks, SHORT};
use crate::casework::problem::{Halt, Problem};
use crate::casework::search::PartialBirth;
use crate::casework::wording::Text;

/// What changes a person.
#[derive(Clone, Debug)]
pub struct Update {
    /// The person.
    pub id: Uuid,
    /// The version that the change was decided on.
    pub expected_version: i32,
    /// Given name.
    pub given_name: Option<Option<String>>,
    /// Family name.
    pub family_name: Option<Option<String>>,
    /// Patronymic.
    pub patronymic: Option<Option<String>>,
    /// Sex as recorded.
    pub sex: Option<Option<Sex>>,
    /// Birth date, as exact as it is known.
    pub birth: Option<Option<PartialBirth>>,
    /// Whether the year of birth is an estimate.
    pub is_birth_date_estimated: Option<Option<bool>>,
    /// Date of death.
    pub death_date: Option<Option<NaiveDate>>,
    /// Disability.
    pub disability: Option<Option<String>>,
    /// Telephone number.
    pub phone: Option<Option<String>>,
    /// Whether the address is kept secret.
    pub is_address_protected: Option<Option<bool>>,
}

/// Changes a person.
pub async fn update(session: &Session, key: &Key, command: &Update) -> Result<Uuid, Halt> {
    let subject = Subject::new("person", command.id);
    let mut change = Change::begin(session, Action::PersonUpdate, key, subject).await?;
    check(session, command)?;
    let person = gate::enter(&change, command.id, "input.id").await?;
    let mut after = patched(&person, command);
    // How exactly a birth date is known is told with it: it is no field of the input.
    let wanted = person::Model { birth_precision: person.birth_precision, ..after.clone() };
    change.expect(&person, &wanted, command.expected_version)?;
    if command.is_birth_date_estimated == Some(Some(true)) && after.birth_date.is_none() {
        return Err(Problem::at("input.birthDate", Text::Required).into());
    }
    check_life(&change, &person, &after).await?;
    if FullName::of(&after) != FullName::of(&person) {
        after.search_key = naming::rename(&mut change, &person, &after).await?;
    }
    change.update(&person, after).await?;
    change.commit().await
}

fn check(session: &Session, command: &Update) -> Result<(), Halt> {
    let mut checks = Checks::default();
    let given_name = &command.given_name;
    checks.hold(given_name != &Some(None), "input.givenName", Text::NotNull);
    check_part(&mut checks, "input.givenName", told(given_name));
    check_part(&mut checks, "input.familyName", told(&command.family_name));
    check_part(&mut checks, "input.patronymic", told(&command.patronymic));
    checks.hold(command.sex != Some(None), "input.sex", Text::NotNull);
    let birth = command.birth.flatten();
    checks.past("input.birthDate", birth.map(|birth| birth.day), session.today());
    let is_estimated = command.is_birth_date_estimated;
    checks.hold(is_estimated != Some(None), "input.isBirthDateEstimated", Text::NotNull);
    checks.past("input.deathDate", command.death_date.flatten(), session.today());
    checks.some_text("input.disability", told(&command.disability), SHORT);
    checks.some_text("input.phone", told(&command.phone), SHORT);
    let is_protected = command.is_address_protected;
    checks.hold(is_protected != Some(None), "input.isAddressProtected", Text::NotNull);
    checks.done()
}

#[expect(clippy::option_option, clippy::ref_option, reason = "left as it is, cleared, or set")]
fn told(text: &Option<Option<String>>) -> Option<&str> {
    text.as_ref().and_then(Option::as_deref)
}

/// The person as the client wants it.
fn patched(person: &person::Model, command: &Update) -> person::Model {
    let birth = command.birth.unwrap_or_else(|| PartialBirth::of(person));
    let birth = life::birth(birth, command.is_birth_date_estimated.flatten());
    let text = |told: &Option<Option<String>>, kept: &Option<String>| {
        told.clone().unwrap_or_else(|| kept.clone())
    };
    let given_name = command.given_name.clone().flatten();
    let is_address_protected = command.is_address_protected.flatten();
    person::Model {
        given_name: given_name.unwrap_or_else(|| person.given_name.clone()),
        family_name: text(&command.family_name, &person.family_name),
        patronymic: text(&command.patronymic, &person.patronymic),
        sex: command.sex.flatten().unwrap_or(person.sex),
        birth_date: birth.map(|birth| birth.day),
        birth_precision: life::precision(birth),
        death_date: command.death_date.unwrap_or(person.death_date),
        disability: text(&command.disability, &person.disability),
        phone: text(&command.phone, &person.phone),
        is_address_protected: is_address_protected.unwrap_or(person.is_address_protected),
        ..person.clone()
    }
}

/// What can't lie outside of the person's life, if that is another one now: its end, and the days
/// on which it joined families.
async fn check_life(
    change: &Change,
    before: &person::Model,
    after: &person::Model,
) -> Result<(), Halt> {
    use family_member::Column;
    let is_born_otherwise = life::earliest_birth(before) != life::earliest_birth(after);
    let is_dead_otherwise = before.death_date != after.death_date;
    if !is_born_otherwise && !is_dead_otherwise {
        return Ok(());
    }
    let mut checks = Checks::default();
    if let Some(died) = after.death_date {
        let path = if is_dead_otherwise { "input.deathDate" } else { "input.birthDate" };
        life::check_born(&mut checks, after, died, path);
    }
    let joined: Vec<NaiveDate> = change
        .see::<family_member::Entity>(Right::ANY)
        .filter(Column::PersonId.eq(after.id))
        .filter(Column::VoidedAt.is_null())
        .select_only()
        .column(Column::Since)
        .into_tuple()
        .all(change.connection())
        .await?;
    if let Some(first) = joined.iter().min().filter(|_| is_born_otherwise) {
        life::check_born(&mut checks, after, *first, "input.birthDate");
    }
    if let Some(last) = joined.iter().max().filter(|_| is_dead_otherwise) {
        life::check_alive(&mut checks, after, *last, "input.deathDate");
    }
    checks.done()
}
