//! Pausing an enrolment, going on with it, and ending it with an outcome; the visits that follow.

use chrono::{Months, NaiveDate, TimeDelta};
use entity::enrolment::{self, EnrolmentOutcome, EnrolmentStatus};
use entity::visit::{self, VisitPurpose};
use uuid::Uuid;

use super::gate::{self, By, moved_here};
use super::places::Places;
use crate::access::Session;
use crate::access::policy::Action;
use crate::casework::change::{Change, Key, Subject};
use crate::casework::check::{Checks, LONG};
use crate::casework::problem::{Halt, Problem};
use crate::casework::state::Machine;
use crate::casework::visit::occasion::Occasion;
use crate::casework::visit::planning::Plan;
use crate::casework::wording::{ProgrammeText, Text};

const PATH: &str = "input.id";

/// How many days back an end may be recorded.
const LONGEST_DELAY: TimeDelta = TimeDelta::days(365);

/// After how many months a family is visited again.
const FOLLOW_UP: [u32; 3] = [3, 6, 12];

/// What pauses an enrolment.
#[derive(Clone, Debug)]
pub struct Suspend {
    /// The enrolment.
    pub id: Uuid,
    /// The version that this was decided on, if it is to be checked.
    pub expected_version: Option<i32>,
    /// Why.
    pub reason: String,
}

/// Pauses an enrolment; its place is kept.
pub async fn suspend(session: &Session, key: &Key, command: &Suspend) -> Result<Uuid, Halt> {
    let subject = Subject::new("enrolment", command.id);
    let mut change = Change::begin(session, Action::EnrolmentSuspend, key, subject).await?;
    let mut checks = Checks::default();
    checks.text("input.reason", &command.reason, LONG);
    checks.done()?;
    let (enrolment, _) = gate::enter(&change, command.id, By::Either, PATH).await?;
    let after = enrolment::Model {
        status: EnrolmentStatus::Suspended,
        status_reason: Some(command.reason.clone()),
        ..enrolment.clone()
    };
    change.expect_some(&enrolment, &after, command.expected_version)?;
    enrolment.status.check(EnrolmentStatus::Suspended, PATH)?;
    change.update(&enrolment, after).await?;
    change.commit().await
}

/// What goes on with an enrolment.
#[derive(Clone, Debug)]
pub struct Resume {
    /// The enrolment.
    pub id: Uuid,
    /// The version that this was decided on, if it is to be checked.
    pub expected_version: Option<i32>,
}

/// Goes on with an enrolment that was paused.
pub async fn resume(session: &Session, key: &Key, command: &Resume) -> Result<Uuid, Halt> {
    let subject = Subject::new("enrolment", command.id);
    let mut change = Change::begin(session, Action::EnrolmentResume, key, subject).await?;
    let (enrolment, _) = gate::enter(&change, command.id, By::Either, PATH).await?;
    let next = EnrolmentStatus::InProgress;
    let after = enrolment::Model { status: next, status_reason: None, ..enrolment.clone() };
    change.expect_some(&enrolment, &after, command.expected_version)?;
    if enrolment.status != EnrolmentStatus::Suspended {
        return Err(enrolment.status.refusal(next, PATH));
    }
    change.update(&enrolment, after).await?;
    change.commit().await
}

/// What ends an enrolment.
#[derive(Clone, Debug)]
pub struct End {
    /// The enrolment.
    pub id: Uuid,
    /// The version that this was decided on, if it is to be checked.
    pub expected_version: Option<i32>,
    /// How it ended.
    pub outcome: EnrolmentOutcome,
    /// Its last day.
    pub ended_on: NaiveDate,
    /// What there is to say about it.
    pub reason: Option<String>,
}

/// Ends an enrolment with an outcome: its place goes to who waits, the programme's organisation sees
/// the family no longer by it, and visits are planned that look after the family.
pub async fn end(session: &Session, key: &Key, command: &End) -> Result<Uuid, Halt> {
    let subject = Subject::new("enrolment", command.id);
    let mut change = Change::begin(session, Action::EnrolmentEnd, key, subject).await?;
    let today = session.today();
    let mut checks = Checks::default();
    checks.some_text("input.reason", command.reason.as_deref(), LONG);
    checks.past("input.endedOn", Some(command.ended_on), today);
    let earliest = today - LONGEST_DELAY;
    checks.hold(command.ended_on >= earliest, "input.endedOn", Text::TooEarly { earliest });
    checks.done()?;
    let mut places = Places::of_enrolment(&change, command.id, PATH).await?;
    let party = (places.organisation_id(), places.is_led());
    moved_here(&change, party, By::Either, PATH)?;
    let enrolment = places.get(command.id).cloned().ok_or_else(|| Problem::not_found(PATH))?;
    change.expect_some(&enrolment, &enrolment, command.expected_version)?;
    enrolment.status.check(EnrolmentStatus::Ended, PATH)?;
    command.check_against(&enrolment)?;
    let now = places.now();
    places.set(enrolment.id, |one| {
        one.status = EnrolmentStatus::Ended;
        one.ended_on = Some(command.ended_on);
        one.outcome = Some(command.outcome);
        one.status_reason.clone_from(&command.reason);
        one.closed_at = Some(now);
    });
    places.expire();
    places.promote();
    places.write(&mut change).await?;
    let visits = follow_up(&change, &enrolment, (party.0, command));
    change.insert_all(visits).await?;
    change.commit().await
}

impl End {
    fn check_against(&self, enrolment: &enrolment::Model) -> Result<(), Halt> {
        let mut checks = Checks::default();
        let earliest = enrolment.enrolled_on.unwrap_or(self.ended_on);
        let text = Text::TooEarly { earliest };
        checks.hold(self.ended_on >= earliest, "input.endedOn", text);
        let began = enrolment.status != EnrolmentStatus::Enrolled;
        let completed = self.outcome == EnrolmentOutcome::Completed;
        checks.hold(began || !completed, "input.outcome", ProgrammeText::NeverBegan);
        checks.done()
    }

    /// Whether the family is looked after once it is over: not one that moved away, and not one
    /// that left or was excluded, with which work goes on in its case.
    const fn is_followed(&self) -> bool {
        matches!(self.outcome, EnrolmentOutcome::Completed | EnrolmentOutcome::Other)
    }
}

/// The visits by the accountable worker that follow an end.
fn follow_up(
    change: &Change,
    enrolment: &enrolment::Model,
    (organisation_id, end): (Uuid, &End),
) -> Vec<visit::Model> {
    let session = change.session();
    let worker_id = enrolment.worker_id.or(session.viewer().worker_id);
    let Some(worker_id) = worker_id.filter(|_| end.is_followed()) else { return Vec::new() };
    let occasion = Occasion::Enrolment(Box::new(enrolment.clone()), organisation_id);
    let days = FOLLOW_UP.map(|months| end.ended_on + Months::new(months));
    let plan = |day| Plan { id: Uuid::now_v7(), purpose: VisitPurpose::FollowUp, worker_id, day };
    let ahead = days.into_iter().filter(|day| *day >= session.today());
    ahead.map(|day| plan(day).row(change, &occasion)).collect()
}
