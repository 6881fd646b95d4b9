//! Who holds a place of a centre, who waits for one and who is about to be given one: read once
//! nobody else changes it, decided on in memory, and written as a whole. Whoever gives out places of
//! a centre keeps its row, so that of two who do one sees what the other did.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use entity::centre::{self, CentreStatus};
use entity::placement::{self, PlacementStatus};
use entity::{person, unit};
use uuid::Uuid;

use super::limits;
use crate::access::Session;
use crate::casework::state::Machine;

/// A unit with its places in force today.
#[derive(Clone, Debug)]
pub struct Ward {
    /// The unit.
    pub unit: unit::Model,
    /// How many places it has today.
    pub places: i32,
}

/// A placement with what the rules need of its person.
#[derive(Clone, Debug)]
pub struct Line {
    /// As it was read; none if it is new.
    pub before: Option<placement::Model>,
    /// As it is to be.
    pub row: placement::Model,
    /// The person.
    pub person: person::Model,
    /// What the person has elsewhere.
    pub elsewhere: Elsewhere,
    /// Limits beyond which the placement was approved.
    pub breaches: Vec<entity::placement_breach::BreachKind>,
}

/// What a person has in other centres.
#[derive(Clone, Copy, Debug, Default)]
pub struct Elsewhere {
    /// A reservation that did not run out.
    pub is_reserved: bool,
    /// A reservation that ran out, and that nobody has noted yet.
    pub has_stale: bool,
    /// A residential stay.
    pub is_resident: bool,
}

/// The roll of one centre, or of several between which somebody moves.
#[derive(Clone, Debug)]
pub struct Roll {
    /// The moment of the change: after all that was done before it in these centres, by the clock of
    /// whichever server, so that the history holds what truly came after what.
    pub now: DateTime<Utc>,
    /// Its local date.
    pub today: NaiveDate,
    session: Session,
    /// How long a place is reserved.
    pub term: TimeDelta,
    /// The centres.
    pub centres: BTreeMap<Uuid, centre::Model>,
    /// Their units.
    pub wards: BTreeMap<Uuid, Ward>,
    /// Their placements that are not over.
    pub lines: Vec<Line>,
}

impl Roll {
    /// An empty roll.
    pub fn new(
        session: &Session,
        now: DateTime<Utc>,
        centres: BTreeMap<Uuid, centre::Model>,
    ) -> Self {
        Self {
            now,
            today: session.day_of(now),
            session: session.clone(),
            term: TimeDelta::hours(session.terms().reservation_hours),
            centres,
            wards: BTreeMap::new(),
            lines: Vec::new(),
        }
    }

    /// The local date of an instant.
    pub fn day_of(&self, at: DateTime<Utc>) -> NaiveDate {
        self.session.day_of(at)
    }

    /// Whether a placement holds a place.
    pub fn holds(&self, row: &placement::Model) -> bool {
        match row.status {
            PlacementStatus::Admitted => true,
            PlacementStatus::OnLeave => row.holds_place,
            PlacementStatus::Reserved => row.reserved_until.is_some_and(|until| until > self.now),
            _ => false,
        }
    }

    /// How many hold a place of a unit.
    pub fn held(&self, unit_id: Uuid) -> i32 {
        let holders =
            self.lines.iter().filter(|line| line.row.unit_id == unit_id && self.holds(&line.row));
        i32::try_from(holders.count()).unwrap_or(i32::MAX)
    }

    /// How many places of a unit nobody holds.
    pub fn free(&self, unit_id: Uuid) -> i32 {
        let places = self.wards.get(&unit_id).map_or(0, |ward| ward.places);
        (places - self.held(unit_id)).max(0)
    }

    /// Whether a centre gives out places.
    pub fn is_open(&self, centre_id: Uuid) -> bool {
        self.centres.get(&centre_id).is_some_and(|centre| centre.status == CentreStatus::Open)
    }

    /// Notes reservations that ran out, and gives places that are free to who waits for them.
    pub fn settle(&mut self) {
        let now = self.now;
        for line in &mut self.lines {
            let row = &mut line.row;
            let until = row.reserved_until.filter(|until| *until <= now);
            if row.status == PlacementStatus::Reserved && until.is_some() {
                close(row, PlacementStatus::Expired, until);
            }
        }
        for party in self.waiting() {
            if self.can_be_given(&party) {
                self.reserve(&party, self.now + self.term);
            }
        }
    }

    /// Those who wait, in order, each with the group that comes together: priority, then who asked
    /// first. The first who fits is given what is free: a place stays empty for nobody.
    fn waiting(&self) -> Vec<Vec<usize>> {
        let waits = |(_, line): &(usize, &Line)| line.row.status == PlacementStatus::Waitlisted;
        let mut parties: BTreeMap<Uuid, Vec<usize>> = BTreeMap::new();
        for (place, line) in self.lines.iter().enumerate().filter(waits) {
            parties.entry(line.row.group_id.unwrap_or(line.row.id)).or_default().push(place);
        }
        let mut parties: Vec<Vec<usize>> = parties.into_values().collect();
        parties.sort_by_key(|party| {
            let rows =
                party.iter().filter_map(|place| self.lines.get(*place)).map(|line| &line.row);
            rows.map(|row| (-row.priority, row.requested_at, row.id)).min()
        });
        parties
    }

    fn can_be_given(&self, party: &[usize]) -> bool {
        let lines: Vec<&Line> = party.iter().filter_map(|place| self.lines.get(*place)).collect();
        let fits = lines.iter().all(|line| {
            self.is_open(line.row.centre_id)
                && line.person.death_date.is_none()
                && !self.has_reservation(line)
                && limits::exceeded(self, line, &lines)
                    .iter()
                    .all(|limit| line.breaches.contains(&limit.kind()))
        });
        fits && self.lacking(party).is_none()
    }

    /// A unit that has too few free places for a party, with how many are free and how many it needs.
    pub fn lacking(&self, party: &[usize]) -> Option<(i32, i32)> {
        let mut wanted: BTreeMap<Uuid, i32> = BTreeMap::new();
        for line in party.iter().filter_map(|place| self.lines.get(*place)) {
            if !self.holds(&line.row) {
                *wanted.entry(line.row.unit_id).or_default() += 1;
            }
        }
        let lacks = |(unit, wanted): (Uuid, i32)| {
            let free = self.free(unit);
            (free < wanted).then_some((free, wanted))
        };
        wanted.into_iter().find_map(lacks)
    }

    /// Whether the person of a line has a reservation besides it.
    pub fn has_reservation(&self, line: &Line) -> bool {
        let is_other = |other: &&Line| {
            other.row.person_id == line.row.person_id && other.row.id != line.row.id
        };
        let reserved =
            |other: &Line| other.row.status == PlacementStatus::Reserved && self.holds(&other.row);
        line.elsewhere.is_reserved || self.lines.iter().filter(is_other).any(reserved)
    }

    /// Whether the person of a line lives in a centre by another placement.
    pub fn is_resident(&self, line: &Line) -> bool {
        let lives = |other: &Line| {
            other.row.person_id == line.row.person_id
                && other.row.id != line.row.id
                && other.row.is_residential
                && is_stay(other.row.status)
        };
        line.elsewhere.is_resident || self.lines.iter().any(lives)
    }

    /// Holds a place for each of a party until a moment.
    pub fn reserve(&mut self, party: &[usize], until: DateTime<Utc>) {
        let now = self.now;
        self.change(party, |row| {
            row.status = PlacementStatus::Reserved;
            row.reserved_at = Some(now);
            row.reserved_until = Some(until);
            row.holds_place = true;
        });
    }

    /// Changes the placements of a party.
    pub fn change(&mut self, party: &[usize], change: impl Fn(&mut placement::Model)) {
        for place in party {
            if let Some(line) = self.lines.get_mut(*place) {
                change(&mut line.row);
            }
        }
    }

    /// Ends placements that nobody was admitted by.
    pub fn close(&mut self, party: &[usize], status: PlacementStatus, reason: Option<&str>) {
        let now = self.now;
        self.change(party, |row| {
            close(row, status, Some(now));
            row.status_reason = reason.map(str::to_owned);
        });
    }

    /// The placement of a line.
    pub fn row(&self, place: usize) -> Option<&placement::Model> {
        self.lines.get(place).map(|line| &line.row)
    }

    /// The line of a placement.
    pub fn place_of(&self, id: Uuid) -> Option<usize> {
        self.lines.iter().position(|line| line.row.id == id)
    }

    /// The placement with those of its group that are not over, at whatever step they are.
    pub fn group_of(&self, place: usize) -> Vec<usize> {
        let Some(row) = self.row(place) else { return Vec::new() };
        let comes_along = |other: &placement::Model| {
            let same = row.group_id.is_some() && other.group_id == row.group_id;
            other.id == row.id || (same && !other.status.is_final() && !is_stay(other.status))
        };
        let along = self.lines.iter().enumerate().filter(|(_, line)| comes_along(&line.row));
        along.map(|(place, _)| place).collect()
    }
}

/// Whether somebody is in the centre, or away for a while.
pub const fn is_stay(status: PlacementStatus) -> bool {
    matches!(status, PlacementStatus::Admitted | PlacementStatus::OnLeave)
}

fn close(row: &mut placement::Model, status: PlacementStatus, at: Option<DateTime<Utc>>) {
    row.status = status;
    row.closed_at = at;
    row.holds_place = false;
}
