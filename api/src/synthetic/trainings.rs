//! Trainings for the staff of agencies: some each year by a few organisations, and one seminar with
//! exactly 96 participants, which was recorded twice and voided once.

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use entity::organisation::OrganisationKind;
use entity::training_event::TrainingKind;
use entity::{training_event, training_headcount};
use uuid::Uuid;

use super::agencies::{Agency, worker_id};
use super::calendar::{after, day, morning};
use super::chance::{Chance, Kind, dated};
use super::region::Region;
use super::rows::Rows;
use super::story::HOME;

/// What is held each year: by whom, in which month, what, and about what.
const YEARLY: [(Agency, u32, TrainingKind, &str); 6] = [
    (Agency::Branch(HOME), 2, TrainingKind::Seminar, "Visits that help"),
    (Agency::RegionalCentre, 3, TrainingKind::Seminar, "Seeing neglect early"),
    (Agency::FirstPartner, 4, TrainingKind::Course, "Parents and treatment"),
    (Agency::RegionalCentre, 6, TrainingKind::Conference, "A year of working together"),
    (Agency::SecondPartner, 9, TrainingKind::Seminar, "Parents as partners"),
    (Agency::RegionalCentre, 10, TrainingKind::Course, "Talking with children"),
];

/// Whose staff comes.
const GUESTS: [OrganisationKind; 5] = [
    OrganisationKind::Education,
    OrganisationKind::SocialService,
    OrganisationKind::Health,
    OrganisationKind::Police,
    OrganisationKind::ChildAffairsService,
];

/// The day of the seminar with 96 participants; its organiser held nothing else in that month.
const KNOWN_DAY: NaiveDate = day(2021, 11, 18);
/// Who came to it.
const KNOWN: [(OrganisationKind, i32); 4] = [
    (OrganisationKind::Education, 52),
    (OrganisationKind::SocialService, 24),
    (OrganisationKind::Health, 12),
    (OrganisationKind::Police, 8),
];

/// How many years before this one have trainings.
const YEARS: i32 = 3;
const STREAM: u64 = 1 << 44;

/// Writes the trainings that were held and recorded before the day of the sowing.
pub fn write(region: &Region, rows: &mut Rows) {
    write_known(rows);
    let mut chance = Chance::new(region.sowing.seed, STREAM);
    let this_year = region.sowing.today.year();
    for year in this_year - YEARS..=this_year {
        for (organiser, month, kind, topic) in YEARLY {
            let held_on = chance.day_after(day(year, month, 1), 0, 27);
            let recorded_on = chance.day_after(held_on, 0, 6);
            let recorded_at = chance.moment(recorded_on);
            let id = chance.id(recorded_at);
            let classes = chance.between(2, 5);
            let came = GUESTS.map(|guests| (guests, chance.between(3, 30)));
            if recorded_on > region.yesterday() {
                continue;
            }
            rows.training_event.push(event((id, recorded_at), (organiser, held_on), kind, topic));
            let came = came.into_iter().take(usize::try_from(classes).unwrap_or_default());
            for (guests, participants) in came {
                add(rows, id, guests, i32::try_from(participants).unwrap_or_default());
            }
        }
    }
}

/// The same seminar twice; the second one was voided some days later.
fn write_known(rows: &mut Rows) {
    let recorded_at = morning(after(KNOWN_DAY, 1));
    for no in 1..=2 {
        let id = dated(KNOWN_DAY, Kind::TrainingEvent, no);
        let held = (Agency::RegionalCentre, KNOWN_DAY);
        let topic = "How schools and services find families together";
        let mut seminar = event((id, recorded_at), held, TrainingKind::Seminar, topic);
        if no == 2 {
            seminar.voided_at = Some(morning(after(KNOWN_DAY, 4)));
            seminar.void_reason = Some("Recorded twice.".to_owned());
        }
        rows.training_event.push(seminar);
        for (guests, participants) in KNOWN {
            add(rows, id, guests, participants);
        }
    }
}

fn event(
    (id, recorded_at): (Uuid, DateTime<Utc>),
    (organiser, held_on): (Agency, NaiveDate),
    kind: TrainingKind,
    topic: &str,
) -> training_event::Model {
    training_event::Model {
        id,
        topic: topic.to_owned(),
        kind,
        organiser_id: organiser.id(),
        held_on,
        recorded_at,
        created_by: Some(recorder(organiser)),
        voided_at: None,
        void_reason: None,
    }
}

/// Who records for an organisation: the supervisor of a branch, or the one worker of another.
fn recorder(organiser: Agency) -> Uuid {
    match organiser {
        Agency::Branch(no) => worker_id(no * 100 + 99),
        other => worker_id(other.clerk()),
    }
}

fn add(rows: &mut Rows, id: Uuid, organisation_kind: OrganisationKind, participants: i32) {
    let training_event_id = id;
    let headcount =
        training_headcount::Model { training_event_id, organisation_kind, participants };
    rows.training_headcount.push(headcount);
}
