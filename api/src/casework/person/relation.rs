//! How persons are related, for a time: the same relationship of the same two is on record once.

use chrono::NaiveDate;
use entity::relationship::{self, Column, RelationshipKind};
use sea_orm::{ColumnTrait, Condition, QueryFilter};
use uuid::Uuid;

use super::{gate, life};
use crate::access::Session;
use crate::access::policy::Action;
use crate::casework::change::{Change, Key, Right, Subject};
use crate::casework::check::Checks;
use crate::casework::problem::{Halt, Problem};
use crate::casework::wording::Text;

/// What records a relationship.
#[derive(Clone, Debug)]
pub struct Add {
    /// The id that the client made, or none.
    pub id: Option<Uuid>,
    /// The person of whom the kind is said.
    pub person_id: Uuid,
    /// The person to whom that one is related.
    pub other_id: Uuid,
    /// What the first person is to the second.
    pub kind: RelationshipKind,
    /// First day, if it is known.
    pub since: Option<NaiveDate>,
    /// The day after the last.
    pub until: Option<NaiveDate>,
}

/// Records how a person is related to another.
pub async fn add(session: &Session, key: &Key, command: &Add) -> Result<Uuid, Halt> {
    let subject = Subject::new("person", command.person_id);
    let mut change = Change::begin(session, Action::RelationshipAdd, key, subject).await?;
    let mut checks = Checks::default();
    checks.past("input.since", command.since, session.today());
    check_end(&mut checks, session, command.since, command.until);
    checks.done()?;
    let (person, other) = gate::enter_both(
        &change,
        (command.person_id, "input.personId"),
        (command.other_id, "input.otherId"),
    )
    .await?;
    let mut checks = Checks::default();
    for one in [&person, &other] {
        life::check_within(&mut checks, one, command.since, "input.since");
    }
    checks.done()?;
    refuse_known(&change, command).await?;
    let row = relationship::Model {
        id: command.id.unwrap_or_else(Uuid::now_v7),
        person_id: person.id,
        other_id: other.id,
        kind: command.kind,
        since: command.since,
        until: command.until,
        recorded_at: session.now(),
        voided_at: None,
        void_reason: None,
    };
    change.insert(row).await?;
    change.commit().await
}

/// The end of a relationship: tomorrow if today is its last day.
fn check_end(
    checks: &mut Checks,
    session: &Session,
    since: Option<NaiveDate>,
    until: Option<NaiveDate>,
) {
    checks.day("input.until", until);
    let today = session.today();
    let has_come = until.is_none_or(|until| Some(until) <= today.succ_opt());
    checks.hold(has_come, "input.until", Text::InFuture { today });
    checks.range("input.until", since, until);
}

/// Whether a relationship of this kind holds from either side.
const fn is_symmetric(kind: RelationshipKind) -> bool {
    match kind {
        RelationshipKind::SiblingOf | RelationshipKind::PartnerOf | RelationshipKind::Other => true,
        RelationshipKind::ParentOf
        | RelationshipKind::GrandparentOf
        | RelationshipKind::GuardianOf => false,
    }
}

/// Refuses what is on record for that time already; what has no day begins, or ends, at none.
async fn refuse_known(change: &Change, command: &Add) -> Result<(), Halt> {
    let between = |one: Uuid, other: Uuid| {
        Condition::all().add(Column::PersonId.eq(one)).add(Column::OtherId.eq(other))
    };
    let mut sides = Condition::any().add(between(command.person_id, command.other_id));
    if is_symmetric(command.kind) {
        sides = sides.add(between(command.other_id, command.person_id));
    }
    let mut known = change
        .see::<relationship::Entity>(Right::Led)
        .filter(sides)
        .filter(Column::Kind.eq(command.kind))
        .filter(Column::VoidedAt.is_null());
    if let Some(since) = command.since {
        known = known
            .filter(Condition::any().add(Column::Until.is_null()).add(Column::Until.gt(since)));
    }
    if let Some(until) = command.until {
        known = known
            .filter(Condition::any().add(Column::Since.is_null()).add(Column::Since.lt(until)));
    }
    match known.one(change.connection()).await? {
        Some(_) => Err(Problem::at("input.kind", Text::AlreadyExists).into()),
        None => Ok(()),
    }
}

/// What ends a relationship.
#[derive(Clone, Debug)]
pub struct End {
    /// One of the two persons.
    pub person_id: Uuid,
    /// The relationship.
    pub relationship_id: Uuid,
    /// The day after the last.
    pub until: NaiveDate,
}

/// Ends a relationship; it stays on record.
pub async fn end(session: &Session, key: &Key, command: &End) -> Result<Uuid, Halt> {
    let subject = Subject::new("person", command.person_id);
    let mut change = Change::begin(session, Action::RelationshipEnd, key, subject).await?;
    let mut checks = Checks::default();
    check_end(&mut checks, session, None, Some(command.until));
    checks.done()?;
    let person = gate::enter(&change, command.person_id, "input.personId").await?;
    let path = "input.relationshipId";
    let level = Right::Led;
    let row = change.lock::<relationship::Entity>(command.relationship_id, level, path).await?;
    let is_of_person = [row.person_id, row.other_id].contains(&person.id);
    if !is_of_person || row.voided_at.is_some() {
        return Err(Problem::not_found(path).into());
    }
    if row.until.is_some() {
        return Err(Problem::at(path, Text::EndedAlready).into());
    }
    let mut checks = Checks::default();
    checks.range("input.until", row.since, Some(command.until));
    life::check_born(&mut checks, &person, command.until, "input.until");
    checks.done()?;
    let ended = relationship::Model { until: Some(command.until), ..row.clone() };
    change.update(&row, ended).await?;
    change.commit().await
}
