//! The people of a family: who lives together, how old they are, what they are called.

use chrono::{DateTime, NaiveDate, Utc};
use entity::enrolment::EnrolmentStatus;
use entity::family_member::MemberRole;
use entity::person::Sex;
use uuid::Uuid;

use super::course::{Course, StayDays};
use crate::synthetic::calendar::{after, morning};
use crate::synthetic::centres::ward;
use crate::synthetic::chance::Chance;
use crate::synthetic::names::{self, Name, Surname};
use crate::synthetic::outline::Scheme;
use crate::synthetic::story::{Berth, Seat, Story, Tie};

/// A person in a family.
#[derive(Clone, Debug)]
pub struct Person {
    pub id: Uuid,
    pub sex: Sex,
    pub born_on: NaiveDate,
    pub role: MemberRole,
    pub name: Name,
    pub known_at: DateTime<Utc>,
}

/// The people of a family.
#[derive(Clone, Debug)]
pub struct Household {
    pub makeup: Makeup,
    pub surname: Surname,
    /// The first one is the primary caregiver.
    pub adults: Vec<Person>,
    /// The first one is placed or enrolled, if anybody is.
    pub children: Vec<Person>,
    /// A child whose first household is another family.
    pub guest: Option<Person>,
}

/// Which adults there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Makeup {
    Parents,
    Mother,
    Father,
    MotherAndStepfather,
    Grandmother,
}

/// What the first child must be like, because of a unit or of a programme.
#[derive(Clone, Copy, Debug)]
struct Fit {
    on: NaiveDate,
    /// Days of age: at least, at most.
    ages: (i64, i64),
    sex: Option<Sex>,
}

const SHARED: u64 = 1 << 41;
const MAKEUPS: [(u32, Makeup); 5] = [
    (40, Makeup::Parents),
    (38, Makeup::Mother),
    (6, Makeup::Father),
    (9, Makeup::MotherAndStepfather),
    (7, Makeup::Grandmother),
];
const CHILDREN: [(u32, u32); 4] = [(46, 1), (33, 2), (14, 3), (7, 4)];

impl Fit {
    fn of(story: &Story, course: &Course) -> Option<Self> {
        match (story.berth, course.stay, story.seat, course.seat) {
            (Some(berth), Some(days), _, _) => Some(Self::in_unit(&berth, &days)),
            (None, _, Some(seat), Some(days)) => Self::in_programme(&seat, days.requested_on),
            _ => None,
        }
    }

    fn in_unit(berth: &Berth, days: &StayDays) -> Self {
        let ward = ward(berth.house, berth.unit);
        let (from, below) = ward.ages.map_or((1, 180), |(from, below)| (from, below));
        Self {
            on: days.admitted.unwrap_or(days.requested),
            ages: (i64::from(from) * 31 + 40, i64::from(below) * 30 - 60),
            sex: ward.sex,
        }
    }

    fn in_programme(seat: &Seat, on: NaiveDate) -> Option<Self> {
        let ages = match seat.status {
            EnrolmentStatus::Ineligible => (36 * 31 + 10, 2_400),
            _ => (40, 36 * 30 - 60),
        };
        (seat.scheme == Scheme::EarlyHelp).then_some(Self { on, ages, sex: None })
    }
}

impl Household {
    /// The people of a story's family.
    pub fn of(
        story: &Story,
        course: &Course,
        (known_at, children): (DateTime<Utc>, Option<u32>),
        chance: &mut Chance,
    ) -> Self {
        let surname = names::surname(chance);
        let makeup = match (story.index, story.seat, story.berth) {
            (_, Some(_), _) | (_, _, Some(_)) => chance.pick(&[Makeup::Mother, Makeup::Parents]),
            (6 | 7, ..) => Makeup::Mother,
            _ => chance.weigh(&MAKEUPS),
        };
        let count = children.unwrap_or_else(|| chance.weigh(&CHILDREN));
        let mut people = Makers { surname, known_at, chance };
        let opened_on = course.spans.first().map_or(known_at.date_naive(), |span| span.opened_on);
        let children = people.children(count, opened_on, Fit::of(story, course));
        let eldest = children.iter().map(|child| child.born_on).min().unwrap_or(opened_on);
        let adults = people.adults(makeup, eldest);
        Self { makeup, surname, adults, children, guest: None }
    }

    /// All who are first known through this family.
    pub fn people(&self) -> impl Iterator<Item = &Person> {
        self.adults.iter().chain(&self.children)
    }

    /// The person who is asked, who answers, and who receives most letters.
    pub fn caregiver(&self) -> Option<&Person> {
        self.adults.first()
    }

    /// Adds the child of two households: as one of this family's, or as a guest.
    pub fn tie(&mut self, story: &Story, seed: u64, today: NaiveDate) {
        let first = story.index - story.index % 2;
        let mut chance = Chance::new(seed, SHARED + u64::from(first));
        let child = shared_child(&mut chance, today);
        match story.tie {
            Tie::None => {}
            Tie::First => {
                let name = names::name(&mut chance, self.surname, child.sex);
                self.children.push(Person { name, ..child });
            }
            Tie::Second => self.guest = Some(child),
        }
    }
}

/// Known since before both families were, so that either can be the first to mention it.
fn shared_child(chance: &mut Chance, today: NaiveDate) -> Person {
    let known_at = morning(chance.day_after(today, -1_220, -1_190));
    let surname = names::surname(chance);
    let sex = chance.pick(&[Sex::Female, Sex::Male]);
    Person {
        id: chance.id(known_at),
        sex,
        born_on: chance.day_after(today, -4_600, -1_700),
        role: MemberRole::Child,
        name: names::name(chance, surname, sex),
        known_at,
    }
}

struct Makers<'a> {
    surname: Surname,
    known_at: DateTime<Utc>,
    chance: &'a mut Chance,
}

impl Makers<'_> {
    fn person(&mut self, role: MemberRole, sex: Sex, born_on: NaiveDate) -> Person {
        let known_at = self.known_at.max(morning(after(born_on, 1)));
        Person {
            id: self.chance.id(known_at),
            sex,
            born_on,
            role,
            name: names::name(self.chance, self.surname, sex),
            known_at,
        }
    }

    /// Siblings some years apart, all born before the case was opened and still children.
    fn children(&mut self, count: u32, opened_on: NaiveDate, fit: Option<Fit>) -> Vec<Person> {
        let sex = fit.and_then(|fit| fit.sex);
        let born_on = match fit {
            Some(fit) => self.chance.day_after(fit.on, -fit.ages.1, -fit.ages.0),
            None => self.chance.day_after(opened_on, -4_700, -60),
        };
        let (mut youngest, mut eldest) = (born_on, born_on);
        let mut children = vec![self.child(sex, born_on)];
        for _ in 1..count {
            let gap = self.chance.between(400, 1_300);
            let (later, earlier) = (after(youngest, gap), after(eldest, -gap));
            if later < after(opened_on, -40) {
                youngest = later;
                children.push(self.child(None, later));
            } else if earlier > after(opened_on, -5_700) {
                eldest = earlier;
                children.push(self.child(None, earlier));
            } else {
                // No room for another birth: a twin of the eldest.
                children.push(self.child(None, eldest));
            }
        }
        children
    }

    fn child(&mut self, sex: Option<Sex>, born_on: NaiveDate) -> Person {
        let sex = sex.unwrap_or_else(|| self.chance.pick(&[Sex::Female, Sex::Male]));
        self.person(MemberRole::Child, sex, born_on)
    }

    fn adults(&mut self, makeup: Makeup, eldest: NaiveDate) -> Vec<Person> {
        let mut adult = |role, sex, least: i64, most: i64| {
            let born_on = self.chance.day_after(eldest, -most * 365, -least * 365);
            self.person(role, sex, born_on)
        };
        match makeup {
            Makeup::Parents => vec![
                adult(MemberRole::Parent, Sex::Female, 18, 36),
                adult(MemberRole::Parent, Sex::Male, 19, 42),
            ],
            Makeup::Mother => vec![adult(MemberRole::Parent, Sex::Female, 18, 36)],
            Makeup::Father => vec![adult(MemberRole::Parent, Sex::Male, 20, 42)],
            Makeup::MotherAndStepfather => vec![
                adult(MemberRole::Parent, Sex::Female, 18, 34),
                adult(MemberRole::StepParent, Sex::Male, 19, 40),
            ],
            Makeup::Grandmother => vec![adult(MemberRole::Guardian, Sex::Female, 42, 58)],
        }
    }
}
