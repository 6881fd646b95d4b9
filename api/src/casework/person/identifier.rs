//! Numbers that identify a person in other systems. They are RESTRICTED: that one is on record already
//! is not told, so it may stand there twice; a wrong one is voided with a reason, not deleted.

use entity::person_identifier::{self, Column};
use entity::secret::Secret;
use sea_orm::{ColumnTrait, PaginatorTrait, QueryFilter};
use uuid::Uuid;

use super::gate;
use crate::access::policy::Action;
use crate::access::{Place, Session};
use crate::casework::change::{Change, Key, Right, Subject};
use crate::casework::check::{Checks, LONG, MOST_ITEMS, SHORT};
use crate::casework::problem::{Halt, Problem};
use crate::casework::wording::Text;
use crate::error::Result;

/// A number that identifies a person in another system.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Identifier {
    /// What kind of number it is.
    pub kind: String,
    /// The number.
    pub value: Secret,
}

impl Identifier {
    /// Checks both texts, at a place of the input.
    pub fn check(&self, checks: &mut Checks, path: &str) {
        checks.text(&format!("{path}.kind"), &self.kind, SHORT);
        checks.text(&format!("{path}.value"), self.value.expose(), SHORT);
    }

    /// The row of a number.
    pub fn row(&self, session: &Session, person_id: Uuid) -> Result<person_identifier::Model> {
        let id = Uuid::now_v7();
        Ok(person_identifier::Model {
            id,
            person_id,
            kind: self.kind.clone(),
            value: session.seal(Place::of(Column::Value, id), &self.value)?,
            value_hash: Some(session.vault().fingerprint(&self.kind, &self.value)),
            recorded_at: session.now(),
            voided_at: None,
            void_reason: None,
        })
    }
}

/// What adds a number.
#[derive(Clone, Debug)]
pub struct Add {
    /// The person.
    pub person_id: Uuid,
    /// The number.
    pub identifier: Identifier,
}

/// Adds a number to a person, whether it is on record already or not.
pub async fn add(session: &Session, key: &Key, command: &Add) -> Result<Uuid, Halt> {
    let subject = Subject::new("person", command.person_id);
    let mut change = Change::begin(session, Action::IdentifierAdd, key, subject).await?;
    let mut checks = Checks::default();
    command.identifier.check(&mut checks, "input");
    checks.done()?;
    let person = gate::enter(&change, command.person_id, "input.personId").await?;
    let known = change
        .see::<person_identifier::Entity>(Right::Led)
        .filter(Column::PersonId.eq(person.id))
        .filter(Column::VoidedAt.is_null())
        .count(change.connection())
        .await?;
    if usize::try_from(known).is_ok_and(|known| known >= MOST_ITEMS) {
        return Err(Problem::at("input", Text::TooMany { most: MOST_ITEMS }).into());
    }
    change.insert(command.identifier.row(session, person.id)?).await?;
    change.bump(&person, person.clone()).await?;
    change.commit().await
}

/// What voids a number.
#[derive(Clone, Debug)]
pub struct Void {
    /// The person.
    pub person_id: Uuid,
    /// The number's row.
    pub identifier_id: Uuid,
    /// Why it is wrong.
    pub reason: String,
}

/// Voids a wrong number: it is shown no more, and stays on record.
pub async fn void(session: &Session, key: &Key, command: &Void) -> Result<Uuid, Halt> {
    let subject = Subject::new("person", command.person_id);
    let mut change = Change::begin(session, Action::IdentifierVoid, key, subject).await?;
    let mut checks = Checks::default();
    checks.text("input.reason", &command.reason, LONG);
    checks.done()?;
    let person = gate::enter(&change, command.person_id, "input.personId").await?;
    let (id, path) = (command.identifier_id, "input.identifierId");
    let row = change.read::<person_identifier::Entity>(id, Right::Led, path).await?;
    if row.person_id != person.id || row.voided_at.is_some() {
        return Err(Problem::not_found(path).into());
    }
    let voided = person_identifier::Model {
        voided_at: Some(session.now()),
        void_reason: Some(command.reason.clone()),
        ..row.clone()
    };
    change.update(&row, voided).await?;
    change.bump(&person, person.clone()).await?;
    change.commit().await
}
