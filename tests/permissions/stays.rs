//! Placements as they stand in a state, with what may be done with each.

use chrono::TimeDelta;
use entity::centre::{self, CentreStatus};
use entity::placement::{self, PlacementBasis, PlacementStatus};
use entity::{capacity_period, unit};
use sea_orm::ActiveValue::Set;
use serde_json::json;
use uuid::Uuid;

use super::ground::{Ground, Row};
use crate::harness::world::{Person, START, id};

/// How a placement stands.
#[derive(Clone, Copy, Debug)]
pub struct StayState {
    pub status: PlacementStatus,
    pub centre: CentreStatus,
    pub basis: PlacementBasis,
    /// Whether its reservation ran out.
    pub ran_out: bool,
    /// Whether the viewer asked for it.
    pub is_own: bool,
}

impl StayState {
    pub const fn at(status: PlacementStatus) -> Self {
        let (centre, basis) = (CentreStatus::Open, PlacementBasis::Parent);
        Self { status, centre, basis, ran_out: false, is_own: false }
    }
}

/// In a centre of the partner's, with free places in two units.
#[expect(clippy::too_many_lines, reason = "one entry a mutation")]
pub async fn placement(ground: &Ground<'_>, viewer: &Person, stands: StayState) -> Row {
    let stage = ground.stage;
    // Nobody waits where places are free.
    let places = if stands.status == PlacementStatus::Waitlisted { 0 } else { 5 };
    let (centre, first) = stage.centre(&ground.house, &ground.area, places).await;
    let second = Uuid::now_v7();
    stage
        .put(unit::ActiveModel {
            id: Set(second),
            centre_id: Set(centre),
            name: Set("Second".to_owned()),
            takes_families: Set(false),
            version: Set(1),
            created_at: Set(stage.now()),
            updated_at: Set(stage.now()),
            ..Default::default()
        })
        .await;
    stage
        .put(capacity_period::ActiveModel {
            id: Set(Uuid::now_v7()),
            unit_id: Set(second),
            since: Set(START),
            until: Set(None),
            places: Set(5),
        })
        .await;
    let status =
        centre::ActiveModel { id: Set(centre), status: Set(stands.centre), ..Default::default() };
    ground.set(status).await;
    let home = ground.home().await;
    let row = stage.placement(&home, (centre, first), stands.status);
    let until = stage.now() + TimeDelta::hours(if stands.ran_out { -1 } else { 1 });
    let asked_by = if stands.is_own { viewer.id } else { ground.worker.id };
    let row = placement::ActiveModel {
        basis: Set(stands.basis),
        created_by: Set(Some(asked_by)),
        reserved_until: Set((stands.status == PlacementStatus::Reserved).then_some(until)),
        ..row
    };
    let own = id("placement", row.id.clone().unwrap());
    stage.put(row).await;
    Row::new(
        own.clone(),
        vec![
            ("canApprove", "placementApprove", json!({ "id": own, "isApproved": true })),
            ("canReserve", "placementReserve", json!({ "id": own })),
            ("canCancel", "placementCancel", json!({ "id": own, "reason": "Not needed." })),
            ("canAdmit", "placementAdmit", json!({ "id": own })),
            (
                "canMove",
                "placementMove",
                json!({ "id": own, "unitId": id("unit", second), "reason": "Grew up." }),
            ),
            ("canLeave", "placementLeave", json!({ "id": own, "kind": "HOME_LEAVE" })),
            ("canReturn", "placementReturn", json!({ "id": own })),
            (
                "canDischarge",
                "placementDischarge",
                json!({ "id": own, "reason": "Done.", "destination": "KIN" }),
            ),
        ],
    )
}
