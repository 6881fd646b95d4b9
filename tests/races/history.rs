//! What holds of the places of a unit whatever came, read off the recorded history.

use chrono::{DateTime, Utc};
use entity::placement::{self, PlacementStatus};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use crate::harness::Stage;

async fn of_unit(stage: &Stage, unit: Uuid) -> Vec<placement::Model> {
    let rows = placement::Entity::find().filter(placement::Column::UnitId.eq(unit));
    rows.all(&stage.database.reader).await.unwrap()
}

/// From when to when a placement held a place.
fn held(row: &placement::Model) -> Option<(DateTime<Utc>, Option<DateTime<Utc>>)> {
    let since = row.reserved_at.or(row.admitted_at)?;
    let until = match row.status {
        PlacementStatus::Reserved => row.reserved_until,
        _ => row.discharged_at.or(row.closed_at),
    };
    Some((since, until))
}

/// At no moment did more hold a place than there are.
pub async fn is_never_over(stage: &Stage, unit: Uuid, places: i32) {
    let rows = of_unit(stage, unit).await;
    let spans: Vec<_> = rows.iter().filter_map(held).collect();
    for (moment, _) in &spans {
        let at_once = spans
            .iter()
            .filter(|(since, until)| since <= moment && until.is_none_or(|until| until > *moment))
            .count();
        assert!(at_once <= usize::try_from(places).unwrap(), "{at_once} at {moment}: {rows:#?}");
    }
}

/// Somebody waits only while all places are held.
pub async fn nobody_waits_beside_a_free_place(stage: &Stage, unit: Uuid, places: i32) {
    let rows = of_unit(stage, unit).await;
    let now = stage.now();
    let holds = |row: &&placement::Model| match row.status {
        PlacementStatus::Admitted => true,
        PlacementStatus::Reserved => row.reserved_until.unwrap() > now,
        _ => false,
    };
    let held = rows.iter().filter(holds).count();
    let waits = rows.iter().any(|row| row.status == PlacementStatus::Waitlisted);
    assert!(!waits || held == usize::try_from(places).unwrap(), "{held} of {places} are held");
}
