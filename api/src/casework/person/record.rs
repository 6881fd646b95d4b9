//! Recording persons: a new one is compared with those that are known, and what it is called and
//! where it was born is kept as it was first registered.

use chrono::NaiveDate;
use entity::family;
use entity::identity_fact::IdentityFactKind;
use entity::person::{self, Sex};
use entity::person_name::NameKind;
use uuid::Uuid;

use super::identifier::Identifier;
use super::naming::FullName;
use super::{identity, life, likeness};
use crate::access::Session;
use crate::access::policy::Action;
use crate::casework::change::{Change, Key, Right, Subject};
use crate::casework::check::{Checks, SHORT};
use crate::casework::family::membership::{self, Membership};
use crate::casework::grant::{About, lead_grant};
use crate::casework::problem::Halt;
use crate::casework::search::{PartialBirth, search_key};
use crate::casework::wording::Text;
use crate::error::Error;

/// What records a person.
#[derive(Clone, Debug)]
pub struct Create {
    /// The id that the client made, or none.
    pub id: Option<Uuid>,
    /// The name in documents.
    pub name: FullName,
    /// Sex as recorded.
    pub sex: Sex,
    /// Birth date, as exact as it is known.
    pub birth: Option<PartialBirth>,
    /// Whether the year of birth is an estimate.
    pub is_birth_date_estimated: bool,
    /// Date of death.
    pub death_date: Option<NaiveDate>,
    /// Disability.
    pub disability: Option<String>,
    /// Telephone number.
    pub phone: Option<String>,
    /// Whether the address is kept secret.
    pub is_address_protected: bool,
    /// Place of birth.
    pub birth_place: Option<String>,
    /// The family that the person belongs to.
    pub family_id: Option<Uuid>,
    /// As what the person belongs to it.
    pub membership: Option<Membership>,
    /// Numbers in other systems.
    pub identifiers: Vec<Identifier>,
    /// That the person is new, though it looks like a known one.
    pub confirmed_new: bool,
}

/// Records a person: as a member of a family, with which it is seen, or alone, seen by the viewer's
/// organisation.
pub async fn create(session: &Session, key: &Key, command: &Create) -> Result<Uuid, Halt> {
    let id = command.id.unwrap_or_else(Uuid::now_v7);
    let subject = Subject::new("person", id);
    let mut change = Change::begin(session, Action::PersonCreate, key, subject).await?;
    check(session, command)?;
    let person = new_row(&change, id, command);
    check_life(&person, command)?;
    let family = match command.family_id {
        Some(id) => {
            let path = "input.familyId";
            Some(change.lock::<family::Entity>(id, Right::Led, path).await?)
        }
        None => None,
    };
    if !command.confirmed_new {
        likeness::refuse_known(&change, &person).await?;
    }
    change.insert(person).await?;
    let name = command.name.row(&change, id, NameKind::Legal);
    change.insert(name).await?;
    let mut facts = vec![(IdentityFactKind::BirthName, command.name.in_one_line())];
    facts.extend(command.birth_place.clone().map(|place| (IdentityFactKind::BirthPlace, place)));
    let facts = facts.into_iter().map(|(kind, value)| identity::row(&change, id, kind, value));
    let facts = facts.collect();
    change.insert_all(facts).await?;
    if let (Some(family), Some(told)) = (&family, &command.membership) {
        let member = membership::row(&change, family.id, id, told);
        change.insert(member).await?;
    } else {
        // A person without a family is seen by a grant of its own, until it joins one.
        let grant = lead_grant(&change, session.viewer().organisation_id, About::Person(id), id);
        change.insert(grant).await?;
    }
    let identifiers = command.identifiers.iter().map(|told| told.row(session, id));
    change.insert_all(identifiers.collect::<Result<_, Error>>()?).await?;
    change.commit().await
}

fn check(session: &Session, command: &Create) -> Result<(), Halt> {
    let mut checks = Checks::default();
    command.name.check(&mut checks);
    checks.past("input.birthDate", command.birth.map(|birth| birth.day), session.today());
    let has_estimate = command.birth.is_some() || !command.is_birth_date_estimated;
    checks.hold(has_estimate, "input.birthDate", Text::Required);
    checks.past("input.deathDate", command.death_date, session.today());
    checks.some_text("input.disability", command.disability.as_deref(), SHORT);
    checks.some_text("input.phone", command.phone.as_deref(), SHORT);
    if let Some(place) = &command.birth_place {
        checks.text("input.birthPlace", place, SHORT);
    }
    checks.distinct("input.identifiers", &command.identifiers);
    for (place, identifier) in command.identifiers.iter().enumerate() {
        identifier.check(&mut checks, &format!("input.identifiers.{place}"));
    }
    let (has_family, has_membership) = (command.family_id.is_some(), command.membership.is_some());
    checks.hold(has_membership || !has_family, "input.membership", Text::Required);
    checks.hold(has_family || !has_membership, "input.familyId", Text::Required);
    checks.done()?;
    command.membership.as_ref().map_or(Ok(()), |told| membership::check(session, told))
}

/// What can't lie outside of the person's life.
fn check_life(person: &person::Model, command: &Create) -> Result<(), Halt> {
    let mut checks = Checks::default();
    if let Some(died) = person.death_date {
        life::check_born(&mut checks, person, died, "input.deathDate");
    }
    let since = command.membership.as_ref().map(|told| told.since);
    life::check_within(&mut checks, person, since, "input.membership.since");
    checks.done()
}

fn new_row(change: &Change, id: Uuid, command: &Create) -> person::Model {
    let (now, by) = (change.session().now(), change.by());
    let birth = life::birth(command.birth, Some(command.is_birth_date_estimated));
    let mut person = person::Model {
        id,
        given_name: command.name.given_name.clone(),
        family_name: command.name.family_name.clone(),
        patronymic: command.name.patronymic.clone(),
        sex: command.sex,
        birth_date: birth.map(|birth| birth.day),
        birth_precision: life::precision(birth),
        death_date: command.death_date,
        disability: command.disability.clone(),
        phone: command.phone.clone(),
        search_key: String::new(),
        is_address_protected: command.is_address_protected,
        merged_into_id: None,
        version: 1,
        created_at: now,
        updated_at: now,
        created_by: by,
        updated_by: by,
    };
    person.search_key = search_key([(&person).into()]);
    person
}
