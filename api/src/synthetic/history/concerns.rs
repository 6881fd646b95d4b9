//! Reports about a family: those that led to an episode, those joined to an open case; and,
//! apart from all families, those that led to nothing yet.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use entity::concern_category::{self, ConcernCategory};
use entity::concern_report::{
    self, Column, ConcernChannel, ConcernSource, ConcernStatus, ConcernUrgency,
};
use entity::secret::Sealed;
use uuid::Uuid;

use super::Chronicle;
use crate::casework::task::Due;
use crate::synthetic::actors;
use crate::synthetic::calendar::{after, morning};
use crate::synthetic::chance::Chance;
use crate::synthetic::names;
use crate::synthetic::outline::{FEATURED, Shape};
use crate::synthetic::region::{Branch, Region};
use crate::synthetic::rows::Rows;
use crate::synthetic::story::Story;

const NARRATIVES: [&str; 7] = [
    "The children are often alone until late in the evening.",
    "Shouting and crying are heard nearly every night.",
    "The child came to school hungry and without a coat for two weeks.",
    "The flat has had no heating since the autumn; there is an infant.",
    "A child has bruises and gives different reasons for them.",
    "The mother asks for help: she can't manage after losing her work.",
    "A child was found at the station late at night and did not want to go home.",
];
const CATEGORIES: [ConcernCategory; 8] = [
    ConcernCategory::Neglect,
    ConcernCategory::LifeOrHealth,
    ConcernCategory::PhysicalViolence,
    ConcernCategory::EmotionalViolence,
    ConcernCategory::Dependence,
    ConcernCategory::Truancy,
    ConcernCategory::Runaway,
    ConcernCategory::Other,
];
const SOURCES: [(u32, ConcernSource, ConcernChannel); 9] = [
    (22, ConcernSource::Education, ConcernChannel::Agency),
    (16, ConcernSource::Citizen, ConcernChannel::Phone),
    (12, ConcernSource::Citizen, ConcernChannel::Hotline),
    (10, ConcernSource::Health, ConcernChannel::Agency),
    (12, ConcernSource::Police, ConcernChannel::Patrol),
    (8, ConcernSource::Ngo, ConcernChannel::Web),
    (8, ConcernSource::SettlementAdministration, ConcernChannel::Letter),
    (7, ConcernSource::Family, ConcernChannel::SelfReferral),
    (5, ConcernSource::Social, ConcernChannel::InPerson),
];
const URGENCIES: [(u32, ConcernUrgency); 3] = [
    (60, ConcernUrgency::Routine),
    (28, ConcernUrgency::Priority),
    (12, ConcernUrgency::Immediate),
];

/// What a report came to.
#[derive(Clone, Copy)]
struct Came {
    status: ConcernStatus,
    decided_on: Option<NaiveDate>,
    decision: Option<&'static str>,
    family: Option<(Uuid, Uuid)>,
    duplicate_of_id: Option<Uuid>,
}

struct Desk<'a> {
    region: &'a Region,
    branch: &'a Branch,
    area_id: Uuid,
    chance: &'a mut Chance,
    rows: &'a mut Rows,
}

impl Chronicle<'_> {
    pub(super) fn write_concerns(&mut self) {
        let spans = self.plot.course.spans.clone();
        let mut source = None;
        for (no, span) in (1_u32..).zip(&spans) {
            let Some(reported_on) = span.reported_on else { continue };
            let came = Came {
                status: ConcernStatus::Confirmed,
                decided_on: Some(span.opened_on),
                decision: Some("Confirmed: a case was opened."),
                family: Some((self.family_id, self.case_id)),
                duplicate_of_id: None,
            };
            let id = self.report(&format!("{}-{no}", self.plot.reference), reported_on, came);
            source = Some(id);
            let mut episodes = self.rows.episode.iter_mut().rev();
            if let Some(row) =
                episodes.find(|row| row.case_id == self.case_id && row.opened_on == span.opened_on)
            {
                row.source_report_id = Some(id);
            }
        }
        let is_active = matches!(self.plot.story.shape, Shape::Active(_) | Shape::Monitoring);
        if is_active && self.plot.chance.percent(18) {
            self.write_linked(source);
        }
    }

    /// A further report that was joined to the open case.
    fn write_linked(&mut self, source: Option<Uuid>) {
        let Some(span) = self.plot.course.latest().copied() else { return };
        let day = self.plot.chance.day_after(span.opened_on, 3, 20);
        let duplicate_of_id = source.filter(|_| self.plot.chance.percent(40));
        let came = Came {
            status: ConcernStatus::Linked,
            decided_on: Some(after(day, 1)),
            decision: Some("Joined to the open case."),
            family: Some((self.family_id, self.case_id)),
            duplicate_of_id,
        };
        self.report(&format!("{}-9", self.plot.reference), day, came);
    }

    fn report(&mut self, reference: &str, received_on: NaiveDate, came: Came) -> Uuid {
        let mut desk = Desk {
            region: self.region,
            branch: self.plot.branch,
            area_id: self.area_id,
            chance: &mut self.plot.chance,
            rows: self.rows,
        };
        desk.write(reference, received_on, came)
    }
}

/// Writes, beside every tenth family, a report of which no family is known yet.
pub fn write_open_report(region: &Region, story: &Story, chance: &mut Chance, rows: &mut Rows) {
    if story.index % 10 != 3 {
        return;
    }
    let today = region.sowing.today;
    let (status, ago, decision) = match story.index / 10 % 5 {
        0 => (ConcernStatus::Received, (1, 2), None),
        1 => (ConcernStatus::Triaged, (2, 5), None),
        2 => (ConcernStatus::Verifying, (3, 8), None),
        3 => (ConcernStatus::ScreenedOut, (20, 500), Some("No child is concerned.")),
        _ => (ConcernStatus::NotConfirmed, (20, 500), Some("The visit found no danger.")),
    };
    let received_on = chance.day_after(today, -ago.1, -ago.0);
    let decided_on = decision.map(|_| chance.day_after(received_on, 1, 9));
    let branch = region.branch(story.municipality);
    let area_id = branch.home(chance.below(4));
    let came = Came { status, decided_on, decision, family: None, duplicate_of_id: None };
    let mut desk = Desk { region, branch, area_id, chance, rows };
    desk.write(&format!("{:06}-0", story.index + 1), received_on, came);
}

impl Desk<'_> {
    fn write(&mut self, reference: &str, received_on: NaiveDate, came: Came) -> Uuid {
        let row = self.report(format!("R-{reference}"), received_on, came);
        let id = row.id;
        let is_open = matches!(
            row.status,
            ConcernStatus::Received | ConcernStatus::Triaged | ConcernStatus::Verifying
        );
        if is_open {
            let due_on = due_at(row.received_at, row.urgency).date_naive();
            let due = Due::verification(&row, due_on);
            self.rows.task.push(due.row(row.updated_at, row.updated_by));
        }
        self.rows.concern_report.push(row);
        self.write_categories(id);
        id
    }

    fn report(
        &mut self,
        reference: String,
        received_on: NaiveDate,
        came: Came,
    ) -> concern_report::Model {
        let (source_class, channel) = self.source();
        let received_at = self.chance.moment(received_on);
        let urgency = self.chance.weigh(&URGENCIES);
        let is_anonymous = source_class == ConcernSource::Citizen && self.chance.percent(60);
        let (submitted_by_id, submitted_by_client_id) = self.submitter(source_class);
        let decided_at = came.decided_on.map(|day| morning(day) + TimeDelta::hours(2));
        let changed_at = decided_at.map_or(received_at, |at| at.max(received_at));
        let is_triaged = came.status != ConcernStatus::Received;
        let id = self.chance.id(received_at);
        let (reporter_name, reporter_contact) = self.reporter(id, is_anonymous);
        concern_report::Model {
            id,
            reference,
            received_at,
            channel,
            source_class,
            reporter_name,
            reporter_contact,
            is_anonymous,
            submitted_by_id,
            submitted_by_client_id,
            organisation_id: self.branch.organisation_id(),
            area_id: self.area_id,
            narrative: self.chance.pick(&NARRATIVES).to_owned(),
            urgency,
            due_at: is_triaged.then(|| due_at(received_at, urgency)),
            status: came.status,
            decision: came.decision.map(str::to_owned),
            decided_at: came.decided_on.map(|_| changed_at),
            family_id: came.family.map(|(family_id, _)| family_id),
            case_id: came.family.map(|(_, case_id)| case_id),
            duplicate_of_id: came.duplicate_of_id,
            version: if is_triaged { 2 } else { 1 },
            created_at: received_at,
            updated_at: changed_at,
            created_by: submitted_by_id,
            updated_by: is_triaged.then(|| self.branch.supervisor_id()),
            voided_at: None,
            void_reason: None,
        }
    }

    /// Who reported and how to reach them, unless they wished not to be named.
    fn reporter(&mut self, id: Uuid, is_anonymous: bool) -> (Option<Sealed>, Option<Sealed>) {
        if is_anonymous {
            return (None, None);
        }
        let name = names::of_staff(self.chance.below(9_000));
        let contact = format!("+000 555 {:04}", self.chance.below(9_999));
        let name = self.region.seal(Column::ReporterName, id, name);
        let contact = self.region.seal(Column::ReporterContact, id, contact);
        (Some(name), Some(contact))
    }

    fn write_categories(&mut self, concern_report_id: Uuid) {
        let first = self.chance.pick(&CATEGORIES);
        let second = self.chance.pick(&CATEGORIES);
        let has_second = second != first && self.chance.percent(35);
        for kind in [Some(first), has_second.then_some(second)].into_iter().flatten() {
            self.rows.concern_category.push(concern_category::Model { concern_report_id, kind });
        }
    }

    fn source(&mut self) -> (ConcernSource, ConcernChannel) {
        let sources = SOURCES.map(|(share, source, channel)| (share, (source, channel)));
        self.chance.weigh(&sources)
    }

    /// A school's worker and the partner's machine report by themselves; the rest is taken
    /// down by a caseworker.
    fn submitter(&mut self, source: ConcernSource) -> (Option<Uuid>, Option<Uuid>) {
        match source {
            ConcernSource::Education => (Some(actors::reporter_id(self.branch.no)), None),
            ConcernSource::Ngo => (None, Some(actors::machine_id())),
            _ => {
                let draw = self.chance.below(FEATURED);
                (Some(self.branch.caseworker(draw)), None)
            }
        }
    }
}

/// A report is verified at the latest after one, three or ten days.
fn due_at(received_at: DateTime<Utc>, urgency: ConcernUrgency) -> DateTime<Utc> {
    let days = match urgency {
        ConcernUrgency::Immediate => 1,
        ConcernUrgency::Priority => 3,
        ConcernUrgency::Routine => 10,
    };
    received_at + TimeDelta::days(days)
}
