//! What happens to each family, before there are days and names: a table of forty families of
//! the caseworker's branch, and one that repeats every hundred families. It asks no chance, so
//! that every state occurs whatever the seed.

use entity::enrolment::EnrolmentStatus as Seat;
use entity::episode::ClosureClass as Class;
use entity::placement::PlacementStatus as Stay;
use entity::referral::ReferralStatus as Referral;

/// What happens to a family.
#[derive(Clone, Copy, Debug)]
pub struct Outline {
    pub shape: Shape,
    pub stay: Option<(House, Stay)>,
    pub seat: Option<(Scheme, Seat)>,
    pub referral: Option<Referral>,
}

/// How far the work with a family has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    Intake,
    Assessment,
    Planning(Draft),
    Active(Revision),
    /// Active again, in a second episode.
    Reopened,
    Monitoring,
    ClosureRequested,
    Closed(Class),
    /// Closed, opened again, and closed again.
    ClosedTwice,
}

/// The plan of a case in planning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Draft {
    Written,
    Agreed,
    /// A first plan was cancelled.
    Rewritten,
}

/// The plan of an active case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Revision {
    First,
    /// A first plan was superseded.
    Second,
    /// A first plan was cancelled.
    AfterCancelled,
    UnderReview,
}

/// Kinds of centres, in the order of their numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum House {
    Rehabilitation,
    Crisis,
    EarlyHelp,
    Planned,
    /// The full unit of the first rehabilitation centre.
    SmallGroup,
}

/// The programmes, in the order of their numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    ParentsSchool,
    Pathway,
    EarlyHelp,
}

impl Scheme {
    pub const ALL: [Self; 3] = [Self::ParentsSchool, Self::Pathway, Self::EarlyHelp];
}

const fn of(shape: Shape) -> Outline {
    Outline { shape, stay: None, seat: None, referral: None }
}

const fn active() -> Outline {
    of(Shape::Active(Revision::First))
}

const fn closed(class: Class) -> Outline {
    of(Shape::Closed(class))
}

impl Outline {
    const fn staying(mut self, house: House, status: Stay) -> Self {
        self.stay = Some((house, status));
        self
    }

    const fn seated(mut self, scheme: Scheme, status: Seat) -> Self {
        self.seat = Some((scheme, status));
        self
    }

    const fn referred(mut self, status: Referral) -> Self {
        self.referral = Some(status);
        self
    }
}

/// How many families stand in the caseworker's branch before all others.
pub const FEATURED: u32 = 40;

static OF_FEATURED: [Outline; FEATURED as usize] = [
    active().staying(House::SmallGroup, Stay::Admitted).referred(Referral::Accepted),
    active()
        .staying(House::SmallGroup, Stay::Admitted)
        .seated(Scheme::ParentsSchool, Seat::InProgress),
    of(Shape::Active(Revision::Second)).staying(House::Rehabilitation, Stay::Admitted),
    active().seated(Scheme::Pathway, Seat::InProgress).referred(Referral::Accepted),
    of(Shape::Planning(Draft::Agreed)).referred(Referral::Accepted),
    active().staying(House::Rehabilitation, Stay::OnLeave),
    active().referred(Referral::Accepted),
    active().seated(Scheme::ParentsSchool, Seat::Waitlisted),
    active().staying(House::SmallGroup, Stay::Admitted).referred(Referral::Accepted),
    of(Shape::Monitoring).staying(House::Rehabilitation, Stay::Discharged),
    active().staying(House::EarlyHelp, Stay::Admitted).seated(Scheme::EarlyHelp, Seat::InProgress),
    of(Shape::Active(Revision::UnderReview)).referred(Referral::Accepted),
    active().staying(House::Crisis, Stay::Admitted),
    of(Shape::Reopened).referred(Referral::Accepted),
    active().staying(House::SmallGroup, Stay::Admitted).referred(Referral::Accepted),
    active().staying(House::Rehabilitation, Stay::Reserved),
    of(Shape::ClosureRequested),
    of(Shape::Active(Revision::AfterCancelled)).seated(Scheme::Pathway, Seat::InProgress),
    of(Shape::Assessment),
    active().staying(House::Rehabilitation, Stay::Requested).referred(Referral::Accepted),
    active().staying(House::SmallGroup, Stay::Waitlisted),
    of(Shape::Monitoring).seated(Scheme::ParentsSchool, Seat::Ended).referred(Referral::Completed),
    active().referred(Referral::Accepted),
    of(Shape::Intake),
    active().seated(Scheme::ParentsSchool, Seat::InProgress).referred(Referral::Accepted),
    of(Shape::Planning(Draft::Written)),
    active().staying(House::Crisis, Stay::Discharged),
    active().referred(Referral::Revoked),
    active().referred(Referral::Sent).seated(Scheme::ParentsSchool, Seat::Offered),
    of(Shape::Active(Revision::Second)).referred(Referral::Accepted),
    of(Shape::Planning(Draft::Rewritten)),
    of(Shape::Monitoring).referred(Referral::Accepted),
    of(Shape::Reopened).staying(House::Rehabilitation, Stay::Admitted),
    active().seated(Scheme::EarlyHelp, Seat::InProgress),
    closed(Class::Overcame).staying(House::Rehabilitation, Stay::Discharged),
    closed(Class::Overcame).seated(Scheme::Pathway, Seat::Ended),
    of(Shape::ClosedTwice),
    closed(Class::Moved),
    closed(Class::Adverse),
    closed(Class::Refused).referred(Referral::Declined),
];

/// From this block of a hundred on, waiting for a place is as rare as in a large region.
const RARER_FROM: u32 = 10;
const WAITING: [Stay; 7] = [
    Stay::Approved,
    Stay::Refused,
    Stay::Cancelled,
    Stay::Expired,
    Stay::Reserved,
    Stay::Requested,
    Stay::Waitlisted,
];
const SEATS: [Seat; 8] = [
    Seat::Requested,
    Seat::Ineligible,
    Seat::Waitlisted,
    Seat::Offered,
    Seat::Enrolled,
    Seat::Suspended,
    Seat::Withdrawn,
    Seat::Expired,
];
const REFERRALS: [Referral; 7] = [
    Referral::Draft,
    Referral::Sent,
    Referral::Declined,
    Referral::Expired,
    Referral::Completed,
    Referral::Withdrawn,
    Referral::Revoked,
];

/// What happens to the family with a number.
pub fn of_family(index: u32) -> Outline {
    if let Some(outline) = OF_FEATURED.get(index as usize) {
        return *outline;
    }
    let turn = index - FEATURED;
    let (block, slot) = (turn / 100, turn * 37 % 100);
    match slot {
        0..=14 => early(slot),
        15..=61 => under_way(block, slot),
        62..=65 => of(Shape::ClosureRequested),
        _ => ended(block, slot),
    }
}

const fn early(slot: u32) -> Outline {
    of(match slot {
        0..=3 => Shape::Intake,
        4..=8 => Shape::Assessment,
        9 | 10 => Shape::Planning(Draft::Agreed),
        11 => Shape::Planning(Draft::Rewritten),
        _ => Shape::Planning(Draft::Written),
    })
}

fn under_way(block: u32, slot: u32) -> Outline {
    match slot {
        16 if block.is_multiple_of(2) => active().staying(House::Rehabilitation, Stay::OnLeave),
        15 | 16 => active().staying(House::Rehabilitation, Stay::Admitted),
        17 if block.is_multiple_of(4) => active().staying(House::Crisis, Stay::Admitted),
        18 if block % 4 == 1 => active().staying(House::EarlyHelp, Stay::Admitted),
        19..=21 => waiting(block, slot - 19),
        22 => active().seated(Scheme::ParentsSchool, Seat::InProgress),
        23 => active().seated(Scheme::Pathway, Seat::InProgress),
        24 => active().seated(Scheme::EarlyHelp, Seat::InProgress),
        25..=29 => {
            let scheme = Scheme::ALL[(slot - 25) as usize % 3];
            active().seated(scheme, SEATS[(block * 5 + slot - 25) as usize % SEATS.len()])
        }
        30..=32 => active().referred(Referral::Accepted),
        33..=36 => active().referred(REFERRALS[(block * 4 + slot - 33) as usize % REFERRALS.len()]),
        37..=39 => of(Shape::Reopened),
        40 | 41 => active().staying(House::Rehabilitation, Stay::Discharged),
        42 | 43 => of(Shape::Active(Revision::UnderReview)),
        44..=46 => of(Shape::Active(Revision::Second)),
        47 => of(Shape::Active(Revision::AfterCancelled)),
        48..=52 | 17 | 18 => active(),
        53 => of(Shape::Monitoring).seated(Scheme::ParentsSchool, Seat::Ended),
        54 => of(Shape::Monitoring).staying(House::Rehabilitation, Stay::Discharged),
        55 => of(Shape::Monitoring).seated(Scheme::Pathway, Seat::Ended),
        _ => of(Shape::Monitoring),
    }
}

fn waiting(block: u32, row: u32) -> Outline {
    let status = WAITING[(block * 3 + row) as usize % WAITING.len()];
    let is_rare = block >= RARER_FROM && (row > 0 || status == Stay::Waitlisted);
    if is_rare {
        return active();
    }
    let house = if status == Stay::Waitlisted { House::SmallGroup } else { House::Rehabilitation };
    active().staying(house, status)
}

const fn ended(block: u32, slot: u32) -> Outline {
    match slot {
        68 if block.is_multiple_of(4) => {
            closed(Class::Overcame).staying(House::Crisis, Stay::Discharged)
        }
        66..=68 => closed(Class::Overcame).staying(House::Rehabilitation, Stay::Discharged),
        69 => closed(Class::Overcame).seated(Scheme::ParentsSchool, Seat::Ended),
        70 => closed(Class::Overcame).seated(Scheme::EarlyHelp, Seat::Ended),
        71 | 72 => of(Shape::ClosedTwice),
        73 | 74 => closed(Class::Overcame).referred(Referral::Completed),
        84..=86 => closed(Class::Adverse),
        87..=90 => closed(Class::Moved),
        91..=93 => closed(Class::Transferred),
        94..=96 => closed(Class::Refused),
        97.. => closed(Class::Administrative),
        _ => closed(Class::Overcame),
    }
}
