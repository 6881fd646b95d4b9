//! The people of a family: who lives together, how old they are, what they are called.

use chrono::{DateTime, NaiveDate, Utc};
use entity::enrolment::EnrolmentStatus;
use entity::family_member::MemberRole;
use entity::person::Sex;
use uuid::Uuid;

use super::course::{Course, StayDays};
use crate::synthetic::Sowing;
use crate::synthetic::calendar::{after, days_between, morning};
use crate::synthetic::centres::ward;
use crate::synthetic::chance::Chance;
use crate::synthetic::names::{self, Name, Shared};
use crate::synthetic::outline::{House, Scheme};
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
    /// The people of a story's family, known since a moment; as many children as are given.
    pub fn of(
        story: &Story,
        course: &Course,
        sowing: Sowing,
        (known_at, children): (DateTime<Utc>, Option<u32>),
        chance: &mut Chance,
    ) -> Self {
        let names = names::shared(chance);
        let makeup = Makeup::of(story, chance);
        let count = children.unwrap_or_else(|| chance.weigh(&CHILDREN));
        let mut makers = Makers { names, known_at, chance };
        let opened_on = course.spans.first().map_or(known_at.date_naive(), |span| span.opened_on);
        let mut children = makers.children(count, opened_on, Fit::of(story, course));
        let guest = match story.tie {
            Tie::None => None,
            Tie::First => {
                add_shared_child(&mut children, shared_child(story, sowing, Some(names)));
                None
            }
            Tie::Second => Some(shared_child(story, sowing, None)),
        };
        let eldest = children.iter().chain(&guest).map(|child| child.born_on).min();
        let adults = makers.adults(makeup, eldest.unwrap_or(opened_on));
        Self { makeup, adults, children, guest }
    }

    /// All who are first known through this family.
    pub fn people(&self) -> impl Iterator<Item = &Person> {
        self.adults.iter().chain(&self.children)
    }

    /// The person who is asked, who answers, and who receives most letters.
    pub fn caregiver(&self) -> Option<&Person> {
        self.adults.first()
    }
}

impl Makeup {
    fn of(story: &Story, chance: &mut Chance) -> Self {
        let in_crisis_centre = story.berth.is_some_and(|berth| berth.house == House::Crisis);
        match story.tie {
            _ if in_crisis_centre => Self::Mother,
            Tie::First => Self::Mother,
            Tie::Second => Self::Father,
            Tie::None if story.berth.is_some() || story.seat.is_some() => {
                chance.pick(&[Self::Mother, Self::Parents])
            }
            Tie::None => chance.weigh(&MAKEUPS),
        }
    }
}

/// The child of two households, known since before both families were, so that either can
/// be the first to mention it.
fn shared_child(story: &Story, sowing: Sowing, names: Option<Shared>) -> Person {
    let first = story.index - story.index % 2;
    let mut chance = Chance::new(sowing.seed, SHARED + u64::from(first));
    let known_at = morning(chance.day_after(sowing.today, -1_220, -1_190));
    let sex = chance.pick(&[Sex::Female, Sex::Male]);
    let id = chance.id(known_at);
    let born_on = chance.day_after(sowing.today, -4_600, -1_700);
    let names = names.unwrap_or_else(|| names::shared(&mut chance));
    let name = names::of_child(&mut chance, names, sex);
    Person { id, sex, born_on, role: MemberRole::Child, name, known_at }
}

/// The siblings of the child of two households are born some time before or after it.
fn add_shared_child(children: &mut Vec<Person>, shared: Person) {
    let mut no = 0;
    children.retain(|child| {
        no += 1;
        no == 1 || days_between(child.born_on, shared.born_on).abs() > 280
    });
    children.push(shared);
}

struct Makers<'a> {
    names: Shared,
    known_at: DateTime<Utc>,
    chance: &'a mut Chance,
}

impl Makers<'_> {
    fn person(&mut self, role: MemberRole, sex: Sex, born_on: NaiveDate) -> Person {
        let known_at = self.known_at.max(morning(after(born_on, 1)));
        let id = self.chance.id(known_at);
        let name = if role == MemberRole::Child {
            names::of_child(self.chance, self.names, sex)
        } else {
            names::of_adult(self.chance, self.names, sex)
        };
        Person { id, sex, born_on, role, name, known_at }
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
        self.tell_apart(&mut children);
        children
    }

    fn child(&mut self, sex: Option<Sex>, born_on: NaiveDate) -> Person {
        let sex = sex.unwrap_or_else(|| self.chance.pick(&[Sex::Female, Sex::Male]));
        self.person(MemberRole::Child, sex, born_on)
    }

    /// Gives siblings different names, as far as a few tries go.
    fn tell_apart(&mut self, children: &mut [Person]) {
        for no in 1..children.len() {
            let (elders, rest) = children.split_at_mut(no);
            let Some(child) = rest.first_mut() else { return };
            for _ in 0..4 {
                let given = &child.name.legal.given;
                if elders.iter().all(|elder| elder.name.legal.given != *given) {
                    break;
                }
                child.name = names::of_child(self.chance, self.names, child.sex);
            }
        }
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
