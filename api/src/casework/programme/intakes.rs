//! Opening intakes of a programme, and changing their term and their places.

use chrono::NaiveDate;
use entity::intake;
use entity::programme::{self, ProgrammeStatus};
use uuid::Uuid;

use super::gate;
use crate::access::Session;
use crate::access::policy::Action;
use crate::casework::change::{Change, Key, Right, Subject};
use crate::casework::check::{Checks, SHORT};
use crate::casework::enrolment::places::Places;
use crate::casework::problem::{Halt, Problem};
use crate::casework::wording::{ProgrammeText, Text};

/// Most places of an intake.
const MOST_PLACES: i64 = 10_000;

/// What opens an intake.
#[derive(Clone, Debug)]
pub struct Open {
    /// The id that the client made, or none.
    pub id: Option<Uuid>,
    /// The programme.
    pub programme_id: Uuid,
    /// Its name.
    pub name: String,
    /// The first day on which enrolment is open.
    pub opens_on: NaiveDate,
    /// The last day on which enrolment is open.
    pub closes_on: Option<NaiveDate>,
    /// First day of the cohort.
    pub starts_on: NaiveDate,
    /// Last day of the cohort.
    pub ends_on: Option<NaiveDate>,
    /// Number of places.
    pub capacity: i32,
    /// Whether the surplus waits.
    pub has_waiting_list: bool,
}

/// Opens an intake of a programme that has not ended.
pub async fn open(session: &Session, key: &Key, command: &Open) -> Result<Uuid, Halt> {
    let id = command.id.unwrap_or_else(Uuid::now_v7);
    let subject = Subject::new("intake", id);
    let mut change = Change::begin(session, Action::IntakeOpen, key, subject).await?;
    let (now, by) = (session.now(), change.by());
    let intake = intake::Model {
        id,
        programme_id: command.programme_id,
        name: command.name.clone(),
        opens_on: command.opens_on,
        closes_on: command.closes_on,
        starts_on: command.starts_on,
        ends_on: command.ends_on,
        capacity: command.capacity,
        has_waiting_list: command.has_waiting_list,
        version: 1,
        created_at: now,
        updated_at: now,
        created_by: by,
        updated_by: by,
    };
    let mut checks = Checks::default();
    checks.text("input.name", &intake.name, SHORT);
    checks.day("input.opensOn", Some(intake.opens_on));
    checks.day("input.startsOn", Some(intake.starts_on));
    check_term(&mut checks, &intake);
    checks.done()?;
    let path = "input.programmeId";
    let programme =
        change.read::<programme::Entity>(command.programme_id, Right::ANY, path).await?;
    gate::run_here(&change, programme.organisation_id, path)?;
    if programme.status == ProgrammeStatus::Ended {
        return Err(Problem::at(path, ProgrammeText::ProgrammeOver).into());
    }
    change.insert(intake).await?;
    change.commit().await
}

fn check_term(checks: &mut Checks, intake: &intake::Model) {
    checks.number("input.capacity", intake.capacity.into(), 0, MOST_PLACES);
    let ends = [
        ("input.closesOn", intake.opens_on, intake.closes_on),
        ("input.endsOn", intake.starts_on, intake.ends_on),
    ];
    for (path, first, last) in ends {
        checks.day(path, last);
        checks.hold(last.is_none_or(|last| first <= last), path, Text::DatesOutOfOrder);
    }
}

/// What changes an intake.
#[derive(Clone, Debug)]
pub struct Update {
    /// The intake.
    pub id: Uuid,
    /// The version that the change was decided on.
    pub expected_version: i32,
    /// Its name.
    pub name: Option<Option<String>>,
    /// The last day on which enrolment is open.
    pub closes_on: Option<Option<NaiveDate>>,
    /// Last day of the cohort.
    pub ends_on: Option<Option<NaiveDate>>,
    /// Number of places.
    pub capacity: Option<Option<i32>>,
}

/// Changes an intake. Fewer places than are held are refused; those who wait get what is added in
/// the same transaction.
pub async fn update(session: &Session, key: &Key, command: &Update) -> Result<Uuid, Halt> {
    let subject = Subject::new("intake", command.id);
    let mut change = Change::begin(session, Action::IntakeUpdate, key, subject).await?;
    command.check()?;
    let mut places = Places::of_intake(&change, command.id, "input.id").await?;
    gate::run_here(&change, places.organisation_id(), "input.id")?;
    let before = places.intake().clone();
    let after = intake::Model {
        name: command.name.clone().flatten().unwrap_or_else(|| before.name.clone()),
        closes_on: command.closes_on.unwrap_or(before.closes_on),
        ends_on: command.ends_on.unwrap_or(before.ends_on),
        capacity: command.capacity.flatten().unwrap_or(before.capacity),
        ..before.clone()
    };
    change.expect(&before, &after, command.expected_version)?;
    let mut checks = Checks::default();
    check_term(&mut checks, &after);
    checks.done()?;
    places.set_intake(change.update(&before, after).await?);
    places.expire();
    let (holders, capacity) = (places.holders(), places.intake().capacity);
    if usize::try_from(capacity).is_ok_and(|capacity| capacity < holders) {
        let text = ProgrammeText::IntakeHeld { holders };
        return Err(Problem::at("input.capacity", text).into());
    }
    places.promote();
    places.write(&mut change).await?;
    change.commit().await
}

impl Update {
    fn check(&self) -> Result<(), Halt> {
        let mut checks = Checks::default();
        match &self.name {
            Some(Some(name)) => checks.text("input.name", name, SHORT),
            given => checks.hold(given.is_none(), "input.name", Text::NotNull),
        }
        checks.hold(self.capacity != Some(None), "input.capacity", Text::NotNull);
        checks.done()
    }
}
