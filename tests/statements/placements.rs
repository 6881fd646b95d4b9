//! Placements: of groups, where somebody waits and a reservation of somebody else ran out.

use chrono::{NaiveDate, TimeDelta};
use entity::family_member::MemberRole;
use entity::placement::PlacementStatus;
use entity::{placement, unit};
use sea_orm::{ActiveModelTrait, ActiveValue::Set};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Act, Ground};
use crate::harness::world::{Household, START, id};

const BORN: NaiveDate = NaiveDate::from_ymd_opt(2019, 5, 6).unwrap();

/// A unit with two places too few for who waits, in which a reservation ran out.
async fn unit(ground: &Ground<'_>, places: i32, is_limited: bool) -> (Uuid, Uuid) {
    let stage = ground.stage;
    let (centre, unit) = stage.centre(&ground.office, &ground.area, places).await;
    if is_limited {
        let row =
            unit::ActiveModel { id: Set(unit), max_age_months: Set(Some(1)), ..Default::default() };
        row.update(&stage.database.writer).await.unwrap();
    }
    let home = ground.home().await;
    let mut expired = stage.placement(&home, (centre, unit), PlacementStatus::Reserved);
    expired.reserved_until = Set(Some(stage.now() - TimeDelta::hours(1)));
    stage.put(expired).await;
    if !is_limited {
        let home = ground.home().await;
        let mut waits = stage.placement(&home, (centre, unit), PlacementStatus::Waitlisted);
        waits.requested_at = Set(stage.now());
        stage.put(waits).await;
    }
    (centre, unit)
}

/// Two siblings as a group, who stand in a status.
async fn group(
    ground: &Ground<'_>,
    (centre, unit): (Uuid, Uuid),
    home: &Household,
    status: PlacementStatus,
) -> Value {
    let stage = ground.stage;
    let sibling = stage.member(home.id, MemberRole::Child, ground.canary, BORN).await;
    let group = Uuid::now_v7();
    let mut first = None;
    for person in [home.child, sibling] {
        let row = stage.placement(home, (centre, unit), status);
        let row = placement::ActiveModel {
            person_id: Set(person),
            group_id: Set(Some(group)),
            created_by: Set(Some(ground.worker.id)),
            reserved_at: Set(Some(stage.now() - TimeDelta::hours(1))),
            ..row
        };
        first.get_or_insert(row.id.clone().unwrap());
        stage.put(row).await;
    }
    json!(id("placement", first.unwrap()))
}

/// Somebody who stays, in a unit that is full and for which somebody waits.
async fn staying(ground: &Ground<'_>) -> (Value, (Uuid, Uuid)) {
    let place = unit(ground, 1, false).await;
    let home = ground.home().await;
    let row = ground.stage.placement(&home, place, PlacementStatus::Admitted);
    let placement = json!(id("placement", row.id.clone().unwrap()));
    ground.stage.put(row).await;
    (placement, place)
}

async fn request(ground: &Ground<'_>) -> Act {
    let home = ground.home().await;
    let sibling = ground.stage.member(home.id, MemberRole::Child, ground.canary, BORN).await;
    let (_, unit) = unit(ground, 1, false).await;
    let wanted = |person| json!({ "id": id("placement", Uuid::now_v7()), "personId": id("child", person), "unitId": id("unit", unit) });
    let input = json!({ "persons": [wanted(home.child), wanted(sibling), wanted(home.parent)],
        "caseId": id("case", home.case), "basis": "COMMISSION", "priority": 9,
        "decisionId": ground.decision(&home).await, "plannedDischargeOn": ground.day(30) });
    Act::new("placementRequest", "for a group, by a decision", &ground.worker, input)
}

async fn request_without_a_case(ground: &Ground<'_>) -> Act {
    let home = ground.home().await;
    let (_, unit) = unit(ground, 1, false).await;
    let input = json!({ "persons": [{ "personId": id("child", home.child),
        "unitId": id("unit", unit) }], "familyId": id("family", home.id), "basis": "PARENT" });
    Act::new("placementRequest", "for one of a family", &ground.worker, input)
}

/// With a reservation that ran out in another centre.
async fn reserve(ground: &Ground<'_>) -> Act {
    let (place, home) = (unit(ground, 2, true).await, ground.home().await);
    let elsewhere = ground.stage.centre(&ground.office, &ground.area, 1).await;
    let mut expired = ground.stage.placement(&home, elsewhere, PlacementStatus::Reserved);
    expired.reserved_until = Set(Some(ground.stage.now() - TimeDelta::hours(1)));
    ground.stage.put(expired).await;
    let placement = group(ground, place, &home, PlacementStatus::Approved).await;
    let input = json!({ "id": placement, "expectedVersion": 1, "reservedUntil":
        ground.stage.now() + TimeDelta::days(2), "overrideReason": "No other place." });
    Act::new("placementReserve", "beyond a limit, for a group", &ground.boss, input)
}

async fn admit(ground: &Ground<'_>) -> Act {
    let (place, home) = (unit(ground, 2, true).await, ground.home().await);
    let placement = group(ground, place, &home, PlacementStatus::Reserved).await;
    let input = json!({ "id": placement, "expectedVersion": 1,
        "admittedAt": ground.stage.now() - TimeDelta::minutes(5),
        "plannedDischargeOn": ground.day(30), "overrideReason": "No other place." });
    Act::new("placementAdmit", "beyond a limit, for a group", &ground.boss, input)
}

async fn leave_and_return(ground: &Ground<'_>) -> [Act; 2] {
    let (away, _) = staying(ground).await;
    let leave = json!({ "id": away, "expectedVersion": 1, "kind": "MISSING", "since": START.max(ground.day(-1)) });
    let (back, _) = staying(ground).await;
    let first = json!({ "id": back, "kind": "HOSPITAL" });
    ground.done(&ground.boss, "placementLeave", first).await;
    let back = json!({ "id": back, "expectedVersion": 2, "returnedOn": ground.day(0) });
    [
        Act::new("placementLeave", "and the place given away", &ground.boss, leave),
        Act::new("placementReturn", "to the place that was kept", &ground.boss, back),
    ]
}

async fn moving(ground: &Ground<'_>) -> Act {
    let (placement, _) = staying(ground).await;
    let (_, next) = unit(ground, 1, true).await;
    let input = json!({ "id": placement, "newId": id("placement", Uuid::now_v7()),
        "expectedVersion": 1, "unitId": id("unit", next),
        "movedAt": ground.stage.now(), "reason": "Grew up.", "plannedDischargeOn": ground.day(9),
        "overrideReason": "No other place." });
    Act::new("placementMove", "beyond a limit, and the place given away", &ground.boss, input)
}

pub async fn acts(ground: &Ground<'_>) -> Vec<Act> {
    let (place, home) = (unit(ground, 1, true).await, ground.home().await);
    let refused = group(ground, place, &home, PlacementStatus::Requested).await;
    let refuse = json!({ "id": refused, "expectedVersion": 1, "isApproved": false,
        "reason": "No care at night." });
    let (holder, place) = (ground.home().await, unit(ground, 2, false).await);
    let reserved = group(ground, place, &holder, PlacementStatus::Reserved).await;
    let cancel = json!({ "id": reserved, "expectedVersion": 1, "reason": "Not needed." });
    let (left, _) = staying(ground).await;
    let leave = json!({ "id": left, "kind": "HOSPITAL" });
    ground.done(&ground.boss, "placementLeave", leave).await;
    let discharge = json!({ "id": left, "expectedVersion": 2, "reason": "Done.",
        "destination": "KIN", "dischargedAt": ground.stage.now() });
    let mut acts = vec![
        request(ground).await,
        request_without_a_case(ground).await,
        Act::new("placementApprove", "a group refused", &ground.boss, refuse),
        reserve(ground).await,
        Act::new("placementCancel", "and the place given away", &ground.worker, cancel),
        admit(ground).await,
        moving(ground).await,
        Act::new(
            "placementDischarge",
            "from a leave, and the place given away",
            &ground.boss,
            discharge,
        ),
    ];
    acts.extend(leave_and_return(ground).await);
    acts
}
