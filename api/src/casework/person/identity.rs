//! The ledger of a person's identity at first registration: what it was called, where it was born,
//! its parents and siblings. Facts are only ever added.

use entity::identity_fact::{self, Column, IdentityFactKind};
use entity::person;
use sea_orm::{ColumnTrait, QueryFilter};
use uuid::Uuid;

use super::gate;
use crate::access::Session;
use crate::access::policy::Action;
use crate::casework::change::{Change, Key, Right, Subject};
use crate::casework::check::{Checks, MOST_ITEMS, SHORT};
use crate::casework::problem::{Halt, Problem};
use crate::casework::wording::Text;

/// The row of a fact that a text tells.
pub fn row(
    change: &Change,
    person_id: Uuid,
    kind: IdentityFactKind,
    value: String,
) -> identity_fact::Model {
    identity_fact::Model {
        id: Uuid::now_v7(),
        person_id,
        kind,
        value: Some(value),
        other_id: None,
        recorded_at: change.session().now(),
        recorded_by: change.by(),
    }
}

/// What records a fact.
#[derive(Clone, Debug)]
pub struct Add {
    /// The person.
    pub person_id: Uuid,
    /// What the fact says.
    pub kind: IdentityFactKind,
    /// The name or the place.
    pub value: Option<String>,
    /// The parent or sibling.
    pub other_person_id: Option<Uuid>,
}

/// Records a fact of a person's identity, for good.
pub async fn add(session: &Session, key: &Key, command: &Add) -> Result<Uuid, Halt> {
    let subject = Subject::new("person", command.person_id);
    let mut change = Change::begin(session, Action::IdentityFactAdd, key, subject).await?;
    check(command)?;
    let person = gate::enter(&change, command.person_id, "input.personId").await?;
    if let Some(id) = command.other_person_id {
        let path = "input.otherPersonId";
        let other = change.read::<person::Entity>(id, Right::FULL, path).await?;
        if other.merged_into_id.is_some() {
            return Err(Problem::not_found(path).into());
        }
    }
    refuse_known(&change, command).await?;
    let fact = identity_fact::Model {
        id: Uuid::now_v7(),
        person_id: person.id,
        kind: command.kind,
        value: command.value.clone(),
        other_id: command.other_person_id,
        recorded_at: session.now(),
        recorded_by: change.by(),
    };
    change.insert(fact).await?;
    change.bump(&person, person.clone()).await?;
    change.commit().await
}

/// A name or a place is told as text; a parent or a sibling by name, or as a person.
fn check(command: &Add) -> Result<(), Halt> {
    let mut checks = Checks::default();
    if let Some(value) = &command.value {
        checks.text("input.value", value, SHORT);
    }
    let path = "input.otherPersonId";
    let is_named = command.other_person_id.is_some();
    if is_single(command.kind) {
        checks.hold(!is_named, path, Text::NotForThisKind);
        checks.hold(command.value.is_some(), "input.value", Text::Required);
    } else {
        checks.hold(command.value.is_some() || is_named, path, Text::Required);
    }
    let is_itself = command.other_person_id == Some(command.person_id);
    checks.hold(!is_itself, path, Text::SamePerson);
    checks.done()
}

/// Whether a person has one such fact at most.
const fn is_single(kind: IdentityFactKind) -> bool {
    match kind {
        IdentityFactKind::BirthName | IdentityFactKind::BirthPlace => true,
        IdentityFactKind::Parent | IdentityFactKind::Sibling => false,
    }
}

/// First registration is never changed, and nothing is registered twice.
async fn refuse_known(change: &Change, command: &Add) -> Result<(), Halt> {
    let facts = change
        .see::<identity_fact::Entity>(Right::Led)
        .filter(Column::PersonId.eq(command.person_id))
        .all(change.connection())
        .await?;
    let told = (&command.value, command.other_person_id);
    let is_known = |fact: &identity_fact::Model| {
        fact.kind == command.kind
            && (is_single(fact.kind)
                || (&fact.value, fact.other_id) == told
                || (fact.other_id.is_some() && fact.other_id == command.other_person_id))
    };
    if facts.iter().any(is_known) {
        return Err(Problem::at("input.kind", Text::AlreadyExists).into());
    }
    if facts.len() >= MOST_ITEMS {
        return Err(Problem::at("input", Text::TooMany { most: MOST_ITEMS }).into());
    }
    Ok(())
}
