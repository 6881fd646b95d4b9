//! Where a child is on a day, by what is recorded: one class, by the first rule that applies. It
//! reads nothing, so that each rule can be tried alone.

use chrono::NaiveDate;
use entity::absence::AbsenceKind;
use entity::episode::ClosureClass;
use entity::family_member::MemberRole;
use entity::legal_status::LegalStatusKind;
use entity::placement::Destination;
use uuid::Uuid;

/// Where a child is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Whereabouts {
    /// With a parent.
    Home,
    /// With relatives or a guardian.
    Kin,
    /// In a foster family.
    Foster,
    /// In a unit of a centre.
    Unit,
    /// In hospital.
    Hospital,
    /// On leave at home from a unit.
    OnLeave,
    /// Missing.
    Missing,
    /// Moved away with the family.
    Moved,
    /// Not known.
    Unknown,
}

/// What is recorded about a child, of the day and of before; nothing of after it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// Its residential stays that began by the day.
    pub stays: Vec<Stay>,
    /// Its legal statuses in force on the day.
    pub statuses: Vec<Status>,
    /// The families that it lived in as a child, by the day.
    pub homes: Vec<Home>,
}

/// A residential stay in a centre.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stay {
    /// The placement.
    pub placement_id: Uuid,
    /// The day of the admission.
    pub came_on: NaiveDate,
    /// The day of the discharge.
    pub left_on: Option<NaiveDate>,
    /// Where the child went then.
    pub destination: Option<Destination>,
    /// When it was away.
    pub absences: Vec<Away>,
}

/// A time away from a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Away {
    /// Why.
    pub kind: AbsenceKind,
    /// First day.
    pub since: NaiveDate,
    /// The day after the last.
    pub until: Option<NaiveDate>,
}

/// A legal status in force on the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Status {
    /// Which.
    pub kind: LegalStatusKind,
    /// First day.
    pub since: NaiveDate,
}

/// A family that a child lived in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Home {
    /// The family.
    pub family_id: Uuid,
    /// First day of the child's membership.
    pub since: NaiveDate,
    /// The day after its last.
    pub until: Option<NaiveDate>,
    /// The day on which the work with the family was closed because it moved away.
    pub moved_on: Option<NaiveDate>,
    /// The roles of the others who live there on the day, children left out.
    pub adults: Vec<MemberRole>,
}

/// Where a child is, and what says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Where.
    pub class: Whereabouts,
    /// From which day on, if that is known.
    pub since: Option<NaiveDate>,
    /// The stay that covers the day.
    pub placement_id: Option<Uuid>,
    /// The family that the child lives in.
    pub family_id: Option<Uuid>,
}

impl Verdict {
    const UNKNOWN: Self =
        Self { class: Whereabouts::Unknown, since: None, placement_id: None, family_id: None };

    const fn since(class: Whereabouts, since: NaiveDate) -> Self {
        Self { class, since: Some(since), ..Self::UNKNOWN }
    }

    const fn in_family(self, home: &Home) -> Self {
        Self { family_id: Some(home.family_id), ..self }
    }
}

/// Whether a half-open time covers a day.
fn covers(since: NaiveDate, until: Option<NaiveDate>, day: NaiveDate) -> bool {
    since <= day && until.is_none_or(|until| day < until)
}

/// Where a child is on a day: the first of these that says it. A stay that covers the day; a legal
/// status that places the child with somebody; the last discharge; the families lived in.
pub fn classify(facts: &Facts, day: NaiveDate) -> Verdict {
    let left = last_discharge(facts, day);
    by_stay(facts, day)
        .or_else(|| by_status(facts, left))
        .or_else(|| by_discharge(facts, left?, day))
        .or_else(|| by_home(facts, day))
        .unwrap_or(Verdict::UNKNOWN)
}

fn by_stay(facts: &Facts, day: NaiveDate) -> Option<Verdict> {
    let covering = facts.stays.iter().filter(|stay| covers(stay.came_on, stay.left_on, day));
    let stay = covering.max_by_key(|stay| (stay.came_on, stay.placement_id))?;
    let away = stay.absences.iter().filter(|away| covers(away.since, away.until, day));
    let (class, since) = match away.max_by_key(|away| (away.since, away.kind)) {
        Some(away) => (of_absence(away.kind), away.since),
        None => (Whereabouts::Unit, back_since(stay, day)),
    };
    Some(Verdict { placement_id: Some(stay.placement_id), ..Verdict::since(class, since) })
}

const fn of_absence(kind: AbsenceKind) -> Whereabouts {
    match kind {
        AbsenceKind::Hospital => Whereabouts::Hospital,
        AbsenceKind::Missing => Whereabouts::Missing,
        AbsenceKind::HomeLeave => Whereabouts::OnLeave,
    }
}

/// The day of the last return, or of the admission.
fn back_since(stay: &Stay, day: NaiveDate) -> NaiveDate {
    let returns = stay.absences.iter().filter(|away| away.since <= day);
    let last = returns.filter_map(|away| away.until).max();
    last.map_or(stay.came_on, |last| last.max(stay.came_on))
}

/// The last discharge by a day: the day, and where the child went.
type Discharge = (NaiveDate, Option<Destination>);

fn last_discharge(facts: &Facts, day: NaiveDate) -> Option<Discharge> {
    let left = facts.stays.iter().filter_map(|stay| Some((stay.left_on?, stay)));
    let last = left
        .filter(|(left_on, _)| *left_on <= day)
        .max_by_key(|(left_on, stay)| (*left_on, stay.came_on, stay.placement_id));
    last.map(|(left_on, stay)| (left_on, stay.destination))
}

/// A status that is older than the last discharge says nothing any more: the discharge does.
fn by_status(facts: &Facts, left: Option<Discharge>) -> Option<Verdict> {
    let class = |status: &Status| match status.kind {
        LegalStatusKind::Foster => Some(Whereabouts::Foster),
        LegalStatusKind::Guardianship => Some(Whereabouts::Kin),
        LegalStatusKind::ParentalCare
        | LegalStatusKind::WithoutParentalCare
        | LegalStatusKind::Orphan
        | LegalStatusKind::Adopted
        | LegalStatusKind::Unknown => None,
    };
    let is_last = |status: &&Status| left.is_none_or(|(left_on, _)| left_on <= status.since);
    let placing = facts.statuses.iter().filter(is_last);
    let found = placing.filter_map(|status| Some(Verdict::since(class(status)?, status.since)));
    found.max_by_key(|verdict| (verdict.since, verdict.class))
}

fn by_discharge(facts: &Facts, left: Discharge, day: NaiveDate) -> Option<Verdict> {
    let (left_on, destination) = left;
    if facts.homes.iter().any(|home| home.since > left_on) {
        return None;
    }
    let class = of_destination(destination);
    let is_returned = facts.statuses.iter().any(|status| {
        let with_parents =
            matches!(status.kind, LegalStatusKind::ParentalCare | LegalStatusKind::Adopted);
        with_parents && status.since > left_on
    });
    match class {
        Whereabouts::Kin | Whereabouts::Foster if is_returned => None,
        Whereabouts::Home => Some(home_again(facts, left_on, day)),
        class => Some(Verdict::since(class, left_on)),
    }
}

const fn of_destination(destination: Option<Destination>) -> Whereabouts {
    match destination {
        Some(Destination::BirthFamily | Destination::Adoption) => Whereabouts::Home,
        Some(Destination::Kin | Destination::Guardianship) => Whereabouts::Kin,
        Some(Destination::Foster) => Whereabouts::Foster,
        Some(Destination::Medical) => Whereabouts::Hospital,
        Some(Destination::LeftWithoutPermission) => Whereabouts::Missing,
        Some(
            Destination::OtherCentre
            | Destination::Independent
            | Destination::Custody
            | Destination::Died
            | Destination::Other,
        )
        | None => Whereabouts::Unknown,
    }
}

/// A child that returned is where the family is, unless that moved away since.
fn home_again(facts: &Facts, left_on: NaiveDate, day: NaiveDate) -> Verdict {
    let lived_in = || facts.homes.iter().filter(|home| covers(home.since, home.until, day));
    let moved = |home: &&Home| home.moved_on.is_some_and(|moved_on| moved_on >= left_on);
    if let Some(home) = latest(lived_in().filter(|home| !moved(home))) {
        return Verdict::since(Whereabouts::Home, left_on).in_family(home);
    }
    match latest(lived_in()) {
        Some(home) => {
            let since = home.moved_on.unwrap_or(left_on);
            Verdict::since(Whereabouts::Moved, since).in_family(home)
        }
        None => Verdict::since(Whereabouts::Home, left_on),
    }
}

/// The family that the child came to last; one that moved away only where there is no other.
fn by_home(facts: &Facts, day: NaiveDate) -> Option<Verdict> {
    let lived_in = || facts.homes.iter().filter(|home| covers(home.since, home.until, day));
    let moved = |home: &&Home| home.moved_on.filter(|moved_on| *moved_on >= home.since);
    if let Some(home) = latest(lived_in().filter(|home| moved(home).is_none())) {
        return Some(Verdict::since(of_household(&home.adults), home.since).in_family(home));
    }
    let home = latest(lived_in())?;
    Some(Verdict::since(Whereabouts::Moved, moved(&home)?).in_family(home))
}

fn latest<'f>(homes: impl Iterator<Item = &'f Home>) -> Option<&'f Home> {
    homes.max_by_key(|home| {
        let is_home = of_household(&home.adults) == Whereabouts::Home;
        (home.since, is_home, home.family_id)
    })
}

fn of_household(adults: &[MemberRole]) -> Whereabouts {
    let lives_with = |roles: &[MemberRole]| adults.iter().any(|role| roles.contains(role));
    let kin = [MemberRole::Guardian, MemberRole::Caregiver, MemberRole::Relative];
    if !lives_with(&[MemberRole::Parent, MemberRole::StepParent]) && lives_with(&kin) {
        Whereabouts::Kin
    } else {
        Whereabouts::Home
    }
}

/// An episode of the work with a family, as far as it tells whether the family moved away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Worked {
    /// First day.
    pub opened_on: NaiveDate,
    /// The day of the closure.
    pub closed_on: Option<NaiveDate>,
    /// How it was closed.
    pub class: Option<ClosureClass>,
}

/// The day on which a family had moved away, if by a day no work with it goes on and the last to be
/// closed was closed for that.
pub fn moved_on(episodes: &[Worked], day: NaiveDate) -> Option<NaiveDate> {
    let known = || episodes.iter().filter(|episode| episode.opened_on <= day);
    if known().any(|episode| covers(episode.opened_on, episode.closed_on, day)) {
        return None;
    }
    let last =
        known().max_by_key(|episode| (episode.closed_on, episode.opened_on, episode.class))?;
    if last.class == Some(ClosureClass::Moved) { last.closed_on } else { None }
}
