//! The outlines dealt out in order: to each family its municipality, its bed and its seat, so
//! that beds and seats are never given twice. Cheap enough to run once ahead, for the totals.

use entity::enrolment::EnrolmentStatus;
use entity::placement::PlacementStatus;
use entity::referral::ReferralStatus;

use super::chance::Chance;
use super::outline::{self, FEATURED, House, Outline, Scheme, Shape};

/// One family's outline with what was dealt to it.
#[derive(Clone, Copy, Debug)]
pub struct Story {
    pub index: u32,
    pub shape: Shape,
    pub berth: Option<Berth>,
    pub seat: Option<Seat>,
    pub referral: Option<Referral>,
    /// The number of the municipality.
    pub municipality: u32,
    pub tie: Tie,
}

/// A bed of a centre, now or in one of the windows of the past.
#[derive(Clone, Copy, Debug)]
pub struct Berth {
    pub house: House,
    pub centre: u32,
    pub unit: u32,
    pub status: PlacementStatus,
    /// 0 is now; a bed is used once in each window.
    pub window: u32,
}

/// A seat in an intake of a programme, or the wish for one.
#[derive(Clone, Copy, Debug)]
pub struct Seat {
    pub scheme: Scheme,
    pub status: EnrolmentStatus,
    pub cohort: Cohort,
    /// The number of the intake among those of its cohort.
    pub group: u32,
}

/// Intakes of one time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cohort {
    /// Ended; 1 is the latest.
    Past(u32),
    /// Running, full, with a waiting list.
    Running,
    /// Starts soon, has free places.
    Next,
}

/// A referral to one of the two partners.
#[derive(Clone, Copy, Debug)]
pub struct Referral {
    pub status: ReferralStatus,
    /// Whether it goes to the second partner.
    pub to_second: bool,
}

/// Whether a child of this family lives in two households.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tie {
    None,
    /// Its first household.
    First,
    /// Its second household; the first one's number is one less.
    Second,
}

/// How many windows the past has.
pub const WINDOWS: u32 = 4;
/// How many take part in an intake that is full.
pub const GROUP: u32 = 24;
/// How many ask for a place of an intake that starts soon.
const ASKING: u32 = 20;
/// The municipality of the caseworker's branch.
pub const HOME: u32 = 1;
/// The pathway's pilot districts are this municipality and the ones after it.
pub const PILOTS: std::ops::Range<u32> = 1..5;

const BRANCHES: u64 = 1 << 40;

impl House {
    /// How many beds of one centre of this kind are dealt out.
    const fn beds(self) -> u32 {
        match self {
            Self::Rehabilitation | Self::SmallGroup | Self::Planned => 48,
            Self::Crisis => 10,
            Self::EarlyHelp => 40,
        }
    }

    const fn units(self) -> u32 {
        match self {
            Self::Rehabilitation => 3,
            _ => 1,
        }
    }
}

/// What was dealt so far.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    held_beds: [u32; 5],
    past_beds: [u32; 5],
    running: [u32; 3],
    asking: [u32; 3],
    ended: [u32; 3],
    accepted: u32,
}

impl Tally {
    /// How many centres of a kind the beds need.
    pub fn centres(&self, house: House) -> u32 {
        let past = self.past_beds[house as usize].div_ceil(WINDOWS);
        self.held_beds[house as usize].max(past).div_ceil(house.beds()).max(1)
    }

    /// How many intakes a cohort needs.
    pub fn groups(&self, scheme: Scheme, cohort: Cohort) -> u32 {
        let needed = match cohort {
            Cohort::Past(_) => self.ended[scheme as usize].div_ceil(WINDOWS).div_ceil(GROUP),
            Cohort::Running => self.running[scheme as usize].div_ceil(GROUP),
            Cohort::Next => self.asking[scheme as usize].div_ceil(ASKING),
        };
        needed.max(1)
    }

    /// The capacity of an intake: of a running one exactly its participants.
    pub fn capacity(&self, scheme: Scheme, cohort: Cohort, group: u32) -> u32 {
        let here = self.running[scheme as usize].saturating_sub(group * GROUP).min(GROUP);
        if cohort == Cohort::Running && here > 0 { here } else { GROUP }
    }

    fn berth(&mut self, house: House, status: PlacementStatus) -> Berth {
        use PlacementStatus::{Admitted, Discharged, OnLeave, Reserved};
        if house == House::SmallGroup {
            return Berth { house: House::Rehabilitation, centre: 0, unit: 3, status, window: 0 };
        }
        let held = &mut self.held_beds[house as usize];
        let (bed, window) = match status {
            Discharged => {
                let no = next(&mut self.past_beds[house as usize]);
                (no / WINDOWS, 1 + no % WINDOWS)
            }
            Admitted | OnLeave | Reserved => (next(held), 0),
            _ => (held.saturating_sub(1), 0),
        };
        let (centre, unit) = (bed / house.beds(), bed % house.units());
        Berth { house, centre, unit, status, window }
    }

    fn seat(&mut self, scheme: Scheme, status: EnrolmentStatus) -> Seat {
        use EnrolmentStatus::{Ended, InProgress, Suspended, Waitlisted};
        let running = &mut self.running[scheme as usize];
        let (cohort, group) = match status {
            InProgress | Suspended => (Cohort::Running, next(running) / GROUP),
            Waitlisted => (Cohort::Running, running.saturating_sub(1) / GROUP),
            Ended => {
                let no = next(&mut self.ended[scheme as usize]);
                (Cohort::Past(1 + no % WINDOWS), no / WINDOWS / GROUP)
            }
            _ => (Cohort::Next, next(&mut self.asking[scheme as usize]) / ASKING),
        };
        Seat { scheme, status, cohort, group }
    }

    fn referral(&mut self, index: u32, status: ReferralStatus) -> Referral {
        let no = if status == ReferralStatus::Accepted { next(&mut self.accepted) } else { index };
        Referral { status, to_second: no % 2 == 1 }
    }
}

fn next(counter: &mut u32) -> u32 {
    *counter += 1;
    *counter - 1
}

/// The stories of all families, in order.
#[derive(Clone, Debug)]
pub struct Stories {
    seed: u64,
    families: u32,
    municipalities: u32,
    index: u32,
    tally: Tally,
}

impl Stories {
    pub fn new(seed: u64, families: u32) -> Self {
        let municipalities = municipalities(families);
        Self { seed, families, municipalities, index: 0, tally: Tally::default() }
    }

    /// What all of them need together.
    pub fn tally(mut self) -> Tally {
        while self.next().is_some() {}
        self.tally
    }

    fn municipality(&self, index: u32, outline: Outline) -> u32 {
        if index < FEATURED {
            return HOME;
        }
        let mut chance = Chance::new(self.seed, BRANCHES + u64::from(index / 2));
        match outline.seat {
            Some((Scheme::Pathway, _)) => PILOTS.start + chance.below(PILOTS.end - PILOTS.start),
            _ => chance.below(self.municipalities),
        }
    }

    fn tie(&self, index: u32) -> Tie {
        let first = index - index % 2;
        let is_pair = first == 6 || (first >= FEATURED && first / 2 % 40 == 7);
        if !is_pair || first + 1 >= self.families || !self.are_neighbours(first) {
            return Tie::None;
        }
        if index == first { Tie::First } else { Tie::Second }
    }

    /// Whether a family and the next one live in one municipality.
    fn are_neighbours(&self, first: u32) -> bool {
        let [one, other] =
            [first, first + 1].map(|index| self.municipality(index, outline::of_family(index)));
        one == other
    }
}

impl Iterator for Stories {
    type Item = Story;

    fn next(&mut self) -> Option<Story> {
        if self.index >= self.families {
            return None;
        }
        let index = next(&mut self.index);
        let outline = outline::of_family(index);
        Some(Story {
            index,
            shape: outline.shape,
            berth: outline.stay.map(|(house, status)| self.tally.berth(house, status)),
            seat: outline.seat.map(|(scheme, status)| self.tally.seat(scheme, status)),
            referral: outline.referral.map(|status| self.tally.referral(index, status)),
            municipality: self.municipality(index, outline),
            tie: self.tie(index),
        })
    }
}

/// How many municipalities a region of so many families has, without the one that is history.
pub const fn municipalities(families: u32) -> u32 {
    let more = families / 1_400;
    if more < 14 { 6 + more } else { 20 }
}
