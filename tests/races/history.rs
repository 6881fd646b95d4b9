//! What holds of the places of a unit and of an intake whatever came, read off the recorded history.

use chrono::{DateTime, Utc};
use entity::enrolment::{self, EnrolmentStatus};
use entity::placement::{self, PlacementStatus};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use crate::harness::Stage;

/// From when to when somebody held a place.
type Span = (DateTime<Utc>, Option<DateTime<Utc>>);

/// Who held a place and when, and whether somebody waits.
struct History {
    spans: Vec<Span>,
    somebody_waits: bool,
}

async fn of_unit(stage: &Stage, unit: Uuid) -> History {
    let rows = placement::Entity::find().filter(placement::Column::UnitId.eq(unit));
    let rows = rows.all(&stage.database.reader).await.unwrap();
    let span = |row: &placement::Model| {
        let until = match row.status {
            PlacementStatus::Reserved => row.reserved_until,
            _ => row.discharged_at.or(row.closed_at),
        };
        Some((row.reserved_at.or(row.admitted_at)?, until))
    };
    let waits = |row: &placement::Model| row.status == PlacementStatus::Waitlisted;
    History {
        spans: rows.iter().filter_map(span).collect(),
        somebody_waits: rows.iter().any(waits),
    }
}

async fn of_intake(stage: &Stage, intake: Uuid) -> History {
    let rows = enrolment::Entity::find().filter(enrolment::Column::IntakeId.eq(intake));
    let rows = rows.all(&stage.database.reader).await.unwrap();
    let span = |row: &enrolment::Model| {
        let until = match row.status {
            EnrolmentStatus::Offered => row.offered_until,
            _ => row.closed_at,
        };
        Some((row.offered_at?, until))
    };
    let waits = |row: &enrolment::Model| row.status == EnrolmentStatus::Waitlisted;
    History {
        spans: rows.iter().filter_map(span).collect(),
        somebody_waits: rows.iter().any(waits),
    }
}

impl History {
    fn held_at(&self, moment: DateTime<Utc>) -> usize {
        let holds =
            |(since, until): &&Span| *since <= moment && until.is_none_or(|until| until > moment);
        self.spans.iter().filter(holds).count()
    }

    /// At no moment did more hold a place than there are, and nobody waits beside a free one.
    fn holds(&self, now: DateTime<Utc>, places: usize) {
        for (moment, _) in &self.spans {
            let held = self.held_at(*moment);
            assert!(held <= places, "{held} held {places} places at {moment}: {:#?}", self.spans);
        }
        let held = self.held_at(now);
        assert!(!self.somebody_waits || held == places, "somebody waits, {held} are held");
    }
}

/// Asserts both of a unit and of an intake.
pub async fn holds(stage: &Stage, (unit, intake): (Uuid, Uuid), places: i32) {
    let places = usize::try_from(places).unwrap();
    for history in [of_unit(stage, unit).await, of_intake(stage, intake).await] {
        history.holds(stage.now(), places);
    }
}
