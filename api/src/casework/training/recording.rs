//! Recording trainings that were held, and voiding what was recorded wrongly.

use chrono::NaiveDate;
use entity::organisation::{self, OrganisationKind, OrganisationStatus};
use entity::training_event::{self, TrainingKind};
use entity::training_headcount;
use uuid::Uuid;

use crate::access::Session;
use crate::access::policy::Action;
use crate::casework::change::{Change, Key, Right, Subject};
use crate::casework::check::{Checks, LONG, SHORT};
use crate::casework::problem::{Halt, Problem};
use crate::casework::wording::{Text, Training};

/// How many may have come from agencies of one class, at most.
const MOST_PARTICIPANTS: i64 = 100_000;

/// What records a training.
#[derive(Clone, Debug)]
pub struct Record {
    /// The id that the client made, or none.
    pub id: Option<Uuid>,
    /// What it was about.
    pub topic: String,
    /// What it was.
    pub kind: TrainingKind,
    /// Who organised it; the viewer's organisation unless said.
    pub organiser_id: Option<Uuid>,
    /// On which day it was held.
    pub held_on: NaiveDate,
    /// How many came, each class of agency once.
    pub headcounts: Vec<Headcount>,
}

/// How many came from agencies of a class.
#[derive(Clone, Copy, Debug)]
pub struct Headcount {
    /// The class of agency.
    pub organisation_kind: OrganisationKind,
    /// How many.
    pub participants: i32,
}

/// Records a training that was held.
pub async fn record(session: &Session, key: &Key, command: &Record) -> Result<Uuid, Halt> {
    let id = command.id.unwrap_or_else(Uuid::now_v7);
    let subject = Subject::new("training", id);
    let mut change = Change::begin(session, Action::TrainingEventRecord, key, subject).await?;
    command.check(session)?;
    let event = training_event::Model {
        id,
        topic: command.topic.clone(),
        kind: command.kind,
        organiser_id: command.organiser(&change).await?,
        held_on: command.held_on,
        recorded_at: session.now(),
        created_by: change.by(),
        voided_at: None,
        void_reason: None,
    };
    change.insert_last(vec![event]);
    let came = |came: &Headcount| training_headcount::Model {
        training_event_id: id,
        organisation_kind: came.organisation_kind,
        participants: came.participants,
    };
    change.insert_last(command.headcounts.iter().map(came).collect());
    change.commit().await
}

impl Record {
    fn check(&self, session: &Session) -> Result<(), Halt> {
        let mut checks = Checks::default();
        checks.text("input.topic", &self.topic, SHORT);
        checks.past("input.heldOn", Some(self.held_on), session.today());
        let path = "input.headcounts";
        checks.hold(!self.headcounts.is_empty(), path, Text::Required);
        let kinds: Vec<_> = self.headcounts.iter().map(|came| came.organisation_kind).collect();
        checks.distinct(path, &kinds);
        for (place, came) in self.headcounts.iter().enumerate() {
            let path = format!("{path}.{place}.participants");
            checks.number(&path, came.participants.into(), 1, MOST_PARTICIPANTS);
        }
        checks.done()
    }

    /// Who organised it: the viewer's organisation or a branch of it that still acts.
    async fn organiser(&self, change: &Change) -> Result<Uuid, Halt> {
        let own = change.session().viewer().organisation_id;
        let Some(id) = self.organiser_id.filter(|id| *id != own) else { return Ok(own) };
        let path = "input.organiserId";
        let organisation = change.read::<organisation::Entity>(id, Right::ANY, path).await?;
        if !is_held_here(change.session(), id) {
            return Err(Problem::at(path, Training::HeldElsewhere).into());
        }
        if organisation.status != OrganisationStatus::Active {
            return Err(Problem::at(path, Text::OutOfUse).into());
        }
        Ok(id)
    }
}

/// What voids a training.
#[derive(Clone, Debug)]
pub struct Void {
    /// The training.
    pub id: Uuid,
    /// Why it is wrong.
    pub reason: String,
}

/// Voids a training that was recorded wrongly: it counts no more, and stays on record.
pub async fn void(session: &Session, key: &Key, command: &Void) -> Result<Uuid, Halt> {
    let subject = Subject::new("training", command.id);
    let mut change = Change::begin(session, Action::TrainingEventVoid, key, subject).await?;
    let mut checks = Checks::default();
    checks.text("input.reason", &command.reason, LONG);
    checks.done()?;
    let path = "input.id";
    let event = change.lock::<training_event::Entity>(command.id, Right::ANY, path).await?;
    if !is_held_here(session, event.organiser_id) {
        return Err(Problem::at(path, Training::HeldElsewhere).into());
    }
    if event.voided_at.is_some() {
        return Err(Problem::at(path, Training::VoidedAlready).into());
    }
    let voided = training_event::Model {
        voided_at: Some(session.now()),
        void_reason: Some(command.reason.clone()),
        ..event.clone()
    };
    change.update(&event, voided).await?;
    change.commit().await
}

/// Whether the viewer acts for whoever organised a training.
pub fn is_held_here(session: &Session, organiser_id: Uuid) -> bool {
    session.viewer().organisations.contains(&organiser_id)
}
