//! Entering families and persons on registers, and removing entries.

use chrono::{Days, NaiveDate};
use entity::register::{self, RegisterSubject};
use entity::register_entry::{self, RegisterGrounds};
use sea_orm::sea_query::{ExprTrait, NullOrdering};
use sea_orm::{ColumnTrait, Order, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::subject::About;
use crate::access::Session;
use crate::access::policy::Action;
use crate::casework::change::{Change, KEPT, Key, Right, Subject};
use crate::casework::check::{Checks, LONG};
use crate::casework::problem::{Halt, Problem};
use crate::casework::wording::Text;

/// What enters a family or a person on a register.
#[derive(Clone, Debug)]
pub struct Enter {
    /// The id that the client made, or none.
    pub id: Option<Uuid>,
    /// The register.
    pub register_id: Uuid,
    /// The family or the person: one of the two.
    pub about: About,
    /// Why.
    pub grounds: RegisterGrounds,
    /// The decision that starts it.
    pub decision_id: Uuid,
    /// First day.
    pub since: NaiveDate,
}

/// Enters a family or a person on a register.
pub async fn enter(session: &Session, key: &Key, command: &Enter) -> Result<Uuid, Halt> {
    let id = command.id.unwrap_or_else(Uuid::now_v7);
    let subject = Subject::new("entry", id);
    let mut change = Change::begin(session, Action::RegisterEnter, key, subject).await?;
    command.check(session)?;
    command.check_register(&change).await?;
    command.about.lock(&change, ("input.since", command.since)).await?;
    command.check_others(&change).await?;
    command.about.check_decision(&change, command.decision_id).await?;
    let entry = register_entry::Model {
        id,
        register_id: command.register_id,
        family_id: command.about.family_id,
        person_id: command.about.person_id,
        grounds: command.grounds,
        decision_id: Some(command.decision_id),
        removal_decision_id: None,
        since: command.since,
        until: None,
        removal_reason: None,
        recorded_at: session.now(),
        ended_recorded_at: None,
        voided_at: None,
        void_reason: None,
    };
    change.insert(entry).await?;
    change.commit().await
}

impl Enter {
    fn check(&self, session: &Session) -> Result<(), Halt> {
        let mut checks = Checks::default();
        let (family_id, person_id) = (self.about.family_id, self.about.person_id);
        checks.hold(family_id.or(person_id).is_some(), "input.familyId", Text::Required);
        let one = family_id.is_none() || person_id.is_none();
        checks.hold(one, "input.personId", Text::OnlyOne);
        checks.past("input.since", Some(self.since), session.today());
        checks.done()
    }

    /// That new entries of such subjects are made on the register.
    async fn check_register(&self, change: &Change) -> Result<(), Halt> {
        let path = "input.registerId";
        let level = Right::ANY;
        let register = change.read::<register::Entity>(self.register_id, level, path).await?;
        let mut checks = Checks::default();
        checks.hold(register.is_active, path, Text::OutOfUse);
        let listed = match register.subject {
            RegisterSubject::Family => self.about.family_id,
            RegisterSubject::Person => self.about.person_id,
        };
        checks.hold(listed.is_some(), path, Text::RegisterSubject);
        checks.done()
    }

    /// That no entry on the same grounds is open, or lasted beyond the first day: the subject is locked,
    /// so that nobody else makes one meanwhile.
    async fn check_others(&self, change: &Change) -> Result<(), Halt> {
        use register_entry::Column;
        let subject = match (self.about.family_id, self.about.person_id) {
            (Some(id), _) => Column::FamilyId.eq(id),
            (None, id) => Column::PersonId.eq(id),
        };
        let open = change
            .see::<register_entry::Entity>(Right::Led)
            .filter(Column::RegisterId.eq(self.register_id))
            .filter(subject)
            .filter(Column::Grounds.eq(self.grounds))
            .filter(Column::Until.is_null().or(Column::Until.gt(self.since)))
            .filter(Column::VoidedAt.is_null())
            .order_by_with_nulls(Column::Until, Order::Desc, NullOrdering::First)
            .limit(1)
            .one(change.connection())
            .await?;
        match open.map(|entry| entry.until) {
            Some(Some(until)) => {
                Err(Problem::at("input.since", Text::EntriesOverlap { until }).into())
            }
            Some(None) => Err(Problem::at("input.grounds", Text::EntryOpen).into()),
            None => Ok(()),
        }
    }
}

/// What removes an entry from a register.
#[derive(Clone, Debug)]
pub struct Remove {
    /// The entry.
    pub entry_id: Uuid,
    /// The decision that ends it.
    pub decision_id: Uuid,
    /// The day after the last.
    pub until: NaiveDate,
    /// Why.
    pub reason: String,
}

/// Removes an entry from a register: it ends, and stays to be read.
pub async fn remove(session: &Session, key: &Key, command: &Remove) -> Result<Uuid, Halt> {
    let subject = Subject::new("entry", command.entry_id);
    let mut change = Change::begin(session, Action::RegisterRemove, key, subject).await?;
    let mut checks = Checks::default();
    checks.text("input.reason", &command.reason, LONG);
    checks.day("input.until", Some(command.until));
    let latest = session.today() + Days::new(1);
    checks.hold(command.until <= latest, "input.until", Text::TooLate { latest });
    checks.done()?;
    let entry = entry(&change, command.entry_id).await?;
    if entry.until.is_some() {
        return Err(Problem::at("input.entryId", Text::EntryEnded).into());
    }
    let mut checks = Checks::default();
    checks.range("input.until", Some(entry.since), Some(command.until));
    checks.done()?;
    let about = About { family_id: entry.family_id, person_id: entry.person_id };
    about.check_decision(&change, command.decision_id).await?;
    let ended = register_entry::Model {
        until: Some(command.until),
        removal_reason: Some(command.reason.clone()),
        removal_decision_id: Some(command.decision_id),
        ended_recorded_at: Some(session.now()),
        ..entry.clone()
    };
    change.update(&entry, ended).await?;
    change.commit().await
}

/// An entry that the viewer sees in full, kept from others until the change is over.
async fn entry(change: &Change, id: Uuid) -> Result<register_entry::Model, Halt> {
    use register_entry::Column;
    let entry = change
        .see::<register_entry::Entity>(Right::Led)
        .filter(Column::Id.eq(id))
        .filter(Column::VoidedAt.is_null())
        .lock(KEPT)
        .one(change.connection())
        .await?;
    entry.ok_or_else(|| Problem::not_found("input.entryId").into())
}
