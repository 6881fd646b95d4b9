//! Giving out places: reserving one, joining the waiting list, and admitting.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use entity::membership::Role;
use entity::placement::{PlacementBasis, PlacementStatus};
use entity::placement_breach::{self, BreachKind};
use uuid::Uuid;

use super::gate::{self, Entered, Whose};
use super::limits;
use super::roll::{Line, Roll};
use crate::access::Session;
use crate::access::policy::Action;
use crate::casework::change::{Change, Key, Subject};
use crate::casework::check::{Checks, LONG};
use crate::casework::problem::{Halt, Problem};
use crate::casework::state::Machine;
use crate::casework::wording::{Placing, Text};

/// For how long a place may be reserved at most.
const LONGEST_RESERVATION: TimeDelta = TimeDelta::days(30);

/// What reserves a place.
#[derive(Clone, Debug)]
pub struct Reserve {
    /// The placement.
    pub id: Uuid,
    /// The version that this was decided on, if it is to be checked.
    pub expected_version: Option<i32>,
    /// Until when; for the authority's usual term if not said.
    pub reserved_until: Option<DateTime<Utc>>,
    /// Whether to wait if no place is free.
    pub joins_waiting_list: bool,
    /// Why a limit may be exceeded.
    pub override_reason: Option<String>,
}

/// Reserves a place for a person, with those of the group for all or for none. Without a free place
/// they wait, if that is wanted.
pub async fn reserve(session: &Session, key: &Key, command: &Reserve) -> Result<Uuid, Halt> {
    let subject = Subject::new("placement", command.id);
    let mut change = Change::begin(session, Action::PlacementReserve, key, subject).await?;
    command.check(session)?;
    let mut entered =
        gate::enter(&change, command.id, command.expected_version, Whose::Either).await?;
    let until = command.reserved_until.unwrap_or(entered.roll.now + entered.roll.term);
    if until <= entered.roll.now {
        let today = entered.roll.today;
        return Err(Problem::at("input.reservedUntil", Text::InPast { today }).into());
    }
    if entered.was_given() {
        // A place became free since it waits: it is reserved by that.
        let party = entered.roll.group_of(entered.place);
        entered.roll.reserve(&party, until);
        entered.roll.write(&mut change).await?;
        return change.commit().await;
    }
    let party = entered.party(PlacementStatus::Reserved)?;
    entered.check_free(&party, false)?;
    let overrides = command.override_reason.as_deref();
    let breaches = check_limits(&change, &entered, &party, overrides)?;
    match entered.roll.lacking(&party) {
        None => entered.roll.reserve(&party, until),
        Some(_) if command.joins_waiting_list => {
            entered.check(PlacementStatus::Waitlisted)?;
            entered.roll.change(&party, |row| row.status = PlacementStatus::Waitlisted);
        }
        Some(lacking) => return Err(gate::no_place("input.id", lacking).into()),
    }
    entered.roll.write(&mut change).await?;
    change.insert_all(breaches).await?;
    change.commit().await
}

impl Reserve {
    fn check(&self, session: &Session) -> Result<(), Halt> {
        let (now, path, until) = (session.now(), "input.reservedUntil", self.reserved_until);
        let mut checks = Checks::default();
        let is_ahead = until.is_none_or(|until| until > now);
        checks.hold(is_ahead, path, Text::InPast { today: session.today() });
        let latest = now + LONGEST_RESERVATION;
        let is_near = until.is_none_or(|until| until <= latest);
        checks.hold(is_near, path, Text::TooLate { latest: session.day_of(latest) });
        checks.some_text("input.overrideReason", self.override_reason.as_deref(), LONG);
        checks.done()
    }
}

/// What admits a person.
#[derive(Clone, Debug)]
pub struct Admit {
    /// The placement.
    pub id: Uuid,
    /// The version that this was decided on, if it is to be checked.
    pub expected_version: Option<i32>,
    /// When the person came; now if not said.
    pub admitted_at: Option<DateTime<Utc>>,
    /// When the person is to leave; as it was planned if not said.
    pub planned_discharge_on: Option<NaiveDate>,
    /// Why a limit may be exceeded.
    pub override_reason: Option<String>,
}

/// Admits a person by a reservation, or in an emergency where a place is free; those of the group
/// all or none.
pub async fn admit(session: &Session, key: &Key, command: &Admit) -> Result<Uuid, Halt> {
    let subject = Subject::new("placement", command.id);
    let mut change = Change::begin(session, Action::PlacementAdmit, key, subject).await?;
    let mut checks = Checks::default();
    checks.some_text("input.overrideReason", command.override_reason.as_deref(), LONG);
    check_planned(&mut checks, session, command.planned_discharge_on);
    checks.done()?;
    let mut entered =
        gate::enter(&change, command.id, command.expected_version, Whose::Centre).await?;
    let party = entered.party(PlacementStatus::Admitted)?;
    check_coming(&entered, &party)?;
    let at = command.time(session, &entered, &party)?;
    if let Some(day) = command.planned_discharge_on {
        entered.roll.change(&party, |row| row.planned_discharge_on = Some(day));
    }
    entered.check_free(&party, true)?;
    let overrides = command.override_reason.as_deref();
    let breaches = check_limits(&change, &entered, &party, overrides)?;
    entered.check_places(&party)?;
    entered.roll.change(&party, |row| {
        row.status = PlacementStatus::Admitted;
        row.admitted_at = Some(at);
        row.holds_place = true;
    });
    entered.roll.write(&mut change).await?;
    change.insert_all(breaches).await?;
    change.commit().await
}

impl Admit {
    /// When the persons came: a place must have been held for them since.
    fn time(
        &self,
        session: &Session,
        entered: &Entered,
        party: &[usize],
    ) -> Result<DateTime<Utc>, Halt> {
        let path = "input.admittedAt";
        let now = entered.roll.now;
        let since = entered.lines(party).iter().map(|line| held_since(line, now)).max();
        let since = since.unwrap_or(now);
        let at = self.admitted_at.unwrap_or(now);
        if at < since {
            let since = since.format("%Y-%m-%dT%H:%M:%SZ").to_string();
            return Err(Problem::at(path, Placing::HeldSince { since }).into());
        }
        entered.time(session, Some(at), (since, path))
    }
}

fn held_since(line: &Line, now: DateTime<Utc>) -> DateTime<Utc> {
    let is_held = line.row.status == PlacementStatus::Reserved;
    line.row.reserved_at.filter(|_| is_held).unwrap_or(now)
}

/// Only an emergency is admitted without a reservation, and who is away is not admitted again.
fn check_coming(entered: &Entered, party: &[usize]) -> Result<(), Halt> {
    let row = entered.row()?;
    if row.status == PlacementStatus::OnLeave {
        return Err(Problem::at("input.id", Placing::FirstBack).from_where(row.status).into());
    }
    let unreserved = entered.lines(party).into_iter().find(|line| {
        line.row.status == PlacementStatus::Requested && line.row.basis != PlacementBasis::Emergency
    });
    let Some(line) = unreserved else { return Ok(()) };
    let status = line.row.status;
    let allowed = status.allowed().into_iter().filter(|next| *next != PlacementStatus::Admitted);
    let allowed = allowed.map(|next| sea_orm::ActiveEnum::to_value(&next)).collect();
    let (from, to) = (
        sea_orm::ActiveEnum::to_value(&status),
        sea_orm::ActiveEnum::to_value(&PlacementStatus::Admitted),
    );
    Err(Problem::transition("input.id", from, to, allowed).into())
}

/// A planned day that lies ahead, within reach.
pub fn check_planned(checks: &mut Checks, session: &Session, day: Option<NaiveDate>) {
    let path = "input.plannedDischargeOn";
    checks.day(path, day);
    let today = session.today();
    checks.hold(day.is_none_or(|day| day >= today), path, Text::InPast { today });
}

/// Refuses limits that are exceeded, unless a supervisor of the centre says why they may be: that is
/// recorded.
pub fn check_limits(
    change: &Change,
    entered: &Entered,
    party: &[usize],
    overrides: Option<&str>,
) -> Result<Vec<placement_breach::Model>, Halt> {
    let lines = entered.lines(party);
    let mut breaches = Vec::new();
    let mut checks = Checks::default();
    for line in &lines {
        for limit in limits::exceeded(&entered.roll, line, &lines) {
            if line.breaches.contains(&limit.kind()) {
                continue;
            }
            match overrides {
                Some(reason) => {
                    breaches.push(breach(change, &entered.roll, line, (limit.kind(), reason))?);
                }
                None => checks.fail("input.id", limit.text()),
            }
        }
    }
    checks.done()?;
    if overrides.is_some() && breaches.is_empty() {
        return Err(Problem::at("input.overrideReason", Placing::NothingToOverride).into());
    }
    Ok(breaches)
}

fn breach(
    change: &Change,
    roll: &Roll,
    line: &Line,
    (kind, reason): (BreachKind, &str),
) -> Result<placement_breach::Model, Halt> {
    let path = "input.overrideReason";
    let is_theirs = change.session().viewer().role == Role::Supervisor
        && gate::runs(change, roll, line.row.centre_id);
    if !is_theirs {
        return Err(Problem::at(path, Placing::SupervisorOverrides).into());
    }
    if reason.trim().is_empty() {
        return Err(Problem::at(path, Text::ReasonRequired).into());
    }
    Ok(placement_breach::Model {
        id: Uuid::now_v7(),
        placement_id: line.row.id,
        person_id: line.row.person_id,
        kind,
        reason: reason.to_owned(),
        approved_by_id: change.worker()?,
        recorded_at: roll.now,
    })
}
