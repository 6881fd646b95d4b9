//! The history of one family, told from its story as the rows that the work with it would
//! have left. It depends on nothing but the seed, the day and the family's number.

mod assessments;
mod casework;
mod concerns;
pub mod course;
mod grants;
mod home;
mod household;
mod kin;
mod plans;
mod registers;
mod seats;
mod services;
mod sharing;
mod stays;
mod tasks;
mod visits;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use entity::case::CaseStatus;
use entity::family_characteristic::FamilyCharacteristic;
use uuid::Uuid;

pub use self::concerns::write_open_report;
use self::course::{Course, Span};
use self::household::Household;
use super::calendar::{after, morning};
use super::chance::Chance;
use super::outline::{FEATURED, Scheme};
use super::region::{Branch, Region};
use super::rows::Rows;
use super::story::Story;

/// What a history is told from.
pub struct Plot<'a> {
    pub story: Story,
    pub course: Course,
    pub branch: &'a Branch,
    /// The part of the references that is the family's own.
    pub reference: String,
    /// How many children there are, where that is not left to chance.
    pub children: Option<u32>,
    pub chance: Chance,
}

/// A history that is being written.
struct Chronicle<'a> {
    region: &'a Region,
    rows: &'a mut Rows,
    plot: Plot<'a>,
    home: Household,
    family_id: Uuid,
    case_id: Uuid,
    area_id: Uuid,
    known_at: DateTime<Utc>,
    touched_at: DateTime<Utc>,
    leads: Vec<Lead>,
    characteristics: Vec<FamilyCharacteristic>,
}

/// A time in which one worker led the case.
#[derive(Clone, Copy, Debug)]
struct Lead {
    worker_id: Uuid,
    since: NaiveDate,
    until: Option<NaiveDate>,
}

/// Who made a row, when, and when it was last changed.
#[derive(Clone, Copy, Debug)]
struct Stamp {
    made_at: DateTime<Utc>,
    changed_at: DateTime<Utc>,
    by: Option<Uuid>,
    version: i32,
}

/// The first day of the history of a story.
pub fn begins_on(region: &Region, story: &Story) -> NaiveDate {
    let (course, _) = course(region, story);
    course.spans.first().map_or(region.yesterday(), Span::begins_on)
}

fn course(region: &Region, story: &Story) -> (Course, Chance) {
    let mut chance = Chance::new(region.sowing.seed, u64::from(story.index));
    (Course::of(story, region.sowing.today, &mut chance), chance)
}

/// Writes the history of a story.
pub fn tell(region: &Region, story: Story, rows: &mut Rows) {
    let (course, chance) = course(region, &story);
    let plot = Plot {
        branch: region.branch(story.municipality),
        reference: format!("{:06}", story.index + 1),
        children: None,
        story,
        course,
        chance,
    };
    tell_plot(region, plot, rows);
}

/// Writes the history of a plot.
pub fn tell_plot(region: &Region, mut plot: Plot<'_>, rows: &mut Rows) {
    let sowing = region.sowing;
    let begins_on = plot.course.spans.first().map_or(region.yesterday(), Span::begins_on);
    let known_at = plot.chance.moment(begins_on);
    let since = (known_at, plot.children);
    let home = Household::of(&plot.story, &plot.course, sowing, since, &mut plot.chance);
    let chronicle = Chronicle {
        family_id: plot.chance.id(known_at),
        case_id: plot.chance.id(known_at),
        area_id: plot.branch.home(plot.chance.below(4)),
        touched_at: touched_at(&mut plot, sowing.today),
        leads: leads(&mut plot, region.yesterday()),
        characteristics: home::characteristics(&mut plot, &home),
        region,
        rows,
        plot,
        home,
        known_at,
    };
    chronicle.write();
}

/// When the family was last changed: of the featured ones, yesterday, in their order.
fn touched_at(plot: &mut Plot<'_>, today: NaiveDate) -> DateTime<Utc> {
    let is_open = plot.course.status != CaseStatus::Closed;
    if plot.story.index < FEATURED && is_open {
        let earlier = TimeDelta::minutes(i64::from(plot.story.index));
        return morning(after(today, -1)) + TimeDelta::minutes(110) - earlier;
    }
    let day = match plot.course.latest() {
        Some(Span { closed: Some((closed_on, _)), .. }) => *closed_on,
        Some(span) => span.opened_on.max(plot.chance.day_after(today, -30, -2)),
        None => after(today, -2),
    };
    plot.chance.moment(day)
}

/// The workers who led the case, one after the other: in some long episodes two, but on the
/// pathway one throughout.
fn leads(plot: &mut Plot<'_>, yesterday: NaiveDate) -> Vec<Lead> {
    let is_own = plot.story.index < FEATURED && plot.story.index.is_multiple_of(2);
    let on_pathway = plot.story.seat.is_some_and(|seat| seat.scheme == Scheme::Pathway);
    let draw = plot.chance.below(1_000);
    let first = if is_own { 0 } else { draw };
    let mut leads = Vec::new();
    for span in &plot.course.spans {
        let until = span.closed.map(|(closed_on, _)| closed_on);
        let lead = Lead { worker_id: plot.branch.caseworker(first), since: span.opened_on, until };
        let handed_over_on = plot.chance.day_after(span.opened_on, 40, 60);
        let is_handed_over = plot.chance.percent(18) && handed_over_on < span.last_day(yesterday);
        if is_own || on_pathway || !is_handed_over {
            leads.push(lead);
            continue;
        }
        leads.push(Lead { until: Some(handed_over_on), ..lead });
        let worker_id = plot.branch.caseworker(first + 1);
        leads.push(Lead { worker_id, since: handed_over_on, ..lead });
    }
    leads
}

impl Chronicle<'_> {
    fn write(mut self) {
        self.write_home();
        self.write_kin();
        self.write_case();
        self.write_concerns();
        self.write_assessments();
        self.write_plans();
        self.write_visits();
        self.write_services();
        self.write_tasks();
        self.write_registers();
        self.write_stay();
        self.write_seat();
        self.write_sharing();
        self.write_lead_grant();
    }

    fn today(&self) -> NaiveDate {
        self.region.sowing.today
    }

    fn yesterday(&self) -> NaiveDate {
        self.region.yesterday()
    }

    fn organisation_id(&self) -> Uuid {
        self.plot.branch.organisation_id()
    }

    /// Whoever led the case on a day.
    fn lead_on(&self, day: NaiveDate) -> Uuid {
        let lead = self.leads.iter().rev().find(|lead| lead.since <= day);
        lead.or(self.leads.first()).map_or(self.plot.branch.supervisor_id(), |lead| lead.worker_id)
    }

    /// A stamp of a row that was made on one day and perhaps changed on a later one.
    fn stamp(&mut self, made_on: NaiveDate, changed_on: Option<NaiveDate>) -> Stamp {
        let made_at = self.plot.chance.moment(made_on);
        let changed_at = changed_on.map_or(made_at, |day| morning(day) + TimeDelta::hours(2));
        let changed_at = changed_at.max(made_at);
        let version = if changed_at > made_at { 2 } else { 1 };
        Stamp { made_at, changed_at, by: Some(self.lead_on(made_on)), version }
    }

    /// The children who were born by a day, with a guest.
    fn children_on(&self, day: NaiveDate) -> Vec<Uuid> {
        let all = self.home.children.iter().chain(&self.home.guest);
        all.filter(|child| child.born_on < day).map(|child| child.id).collect()
    }
}
