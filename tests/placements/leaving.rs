//! Being away, coming back, moving and leaving.

use chrono::TimeDelta;
use serde_json::json;

use super::{Scene, refused};
use crate::harness::run;
use crate::harness::world::id;

#[test]
fn somebody_is_away_and_comes_back_to_the_place_that_was_kept() {
    run(async |stage| {
        let scene = Scene::set(stage, 1).await;
        let placement = scene.admitted().await;
        let leave = json!({ "id": placement, "kind": "HOME_LEAVE", "since": stage.today() });
        let away = scene.send(&scene.staff, "placementLeave", leave).await;
        assert_eq!(away.done("/placement/status"), "ON_LEAVE");
        assert_eq!(away.done("/placement/unit/occupancy/free"), 0, "the place is kept");
        let absence = away.done("/placement/absences/0");
        assert_eq!(
            (&absence["kind"], &absence["holdsPlace"]),
            (&json!("HOME_LEAVE"), &json!(true))
        );
        assert_eq!(absence["until"], json!(null));
        stage.wait(TimeDelta::days(2));
        let early = stage.today() - TimeDelta::days(3);
        let wrong = json!({ "id": placement, "returnedOn": early });
        let refusal = scene.send(&scene.staff, "placementReturn", wrong).await.refusal();
        assert_eq!(refusal, refused("OUT_OF_RANGE", "input.returnedOn"));
        let back = scene.send(&scene.staff, "placementReturn", json!({ "id": placement })).await;
        assert_eq!(back.done("/placement/status"), "ADMITTED");
        assert_eq!(back.done("/placement/absences/0/until"), &json!(stage.today()));
        let again = scene.send(&scene.staff, "placementReturn", json!({ "id": placement })).await;
        assert_eq!(again.refusal(), refused("INVALID_STATE_TRANSITION", "input.id"));
    });
}

#[test]
fn who_never_came_does_not_come_back() {
    run(async |stage| {
        let scene = Scene::set(stage, 1).await;
        let placement = scene.reserved().await;
        let back = scene.send(&scene.staff, "placementReturn", json!({ "id": placement })).await;
        assert_eq!(back.refusal(), refused("INVALID_STATE_TRANSITION", "input.id"));
    });
}

#[test]
fn a_move_is_a_discharge_and_an_admission_at_once() {
    run(async |stage| {
        let scene = Scene::set(stage, 1).await;
        let placement = scene.admitted().await;
        let next = scene.waiting().await;
        let (_, other) = stage.centre(&scene.provider, &scene.area, 1).await;
        let to =
            |unit| json!({ "id": placement, "unitId": id("unit", unit), "reason": "Grew up." });
        let same = scene.send(&scene.staff, "placementMove", to(scene.unit)).await;
        assert_eq!(same.refusal(), refused("INVALID", "input.unitId"));
        let moved = scene.send(&scene.staff, "placementMove", to(other)).await;
        assert_ne!(moved.done("/placement/id"), &placement);
        assert_eq!(moved.done("/placement/status"), "ADMITTED");
        assert_eq!(moved.done("/placement/unit/id"), &json!(id("unit", other)));
        let old = scene.seen(&placement).await;
        assert_eq!(
            (&old["status"], &old["destination"]),
            (&json!("DISCHARGED"), &json!("OTHER_CENTRE"))
        );
        let new = scene.seen(moved.done("/placement/id")).await;
        assert_eq!(old["dischargedAt"], new["admittedAt"]);
        assert_eq!(scene.status(&next).await, "RESERVED", "the place goes to who waits");
        // A full unit, and one of somebody else's.
        let full = json!({ "id": new["id"], "unitId": id("unit", scene.unit), "reason": "Back." });
        let refusal = scene.send(&scene.staff, "placementMove", full).await.refusal();
        assert_eq!(refusal, refused("CAPACITY_EXCEEDED", "input.unitId"));
        let (_, foreign) = stage.centre(&scene.office, &scene.area, 1).await;
        let away = json!({ "id": new["id"], "unitId": id("unit", foreign), "reason": "Away." });
        let refusal = scene.send(&scene.staff, "placementMove", away).await.refusal();
        assert_eq!(refusal, refused("PERMISSION_DENIED", "input.unitId"));
        assert_eq!(scene.status(&new["id"]).await, "ADMITTED");
    });
}

#[test]
fn a_discharge_needs_a_reason_and_lies_within_the_stay() {
    run(async |stage| {
        let scene = Scene::set(stage, 1).await;
        let placement = scene.admitted().await;
        let discharge = |reason: &'static str, at: chrono::DateTime<chrono::Utc>| {
            let input = json!({ "id": placement, "reason": reason, "destination": "DIED",
                "dischargedAt": at });
            scene.send(&scene.staff, "placementDischarge", input)
        };
        let now = stage.now();
        for (reason, at, code, path) in [
            ("", now, "REQUIRED", "input.reason"),
            ("Died.", now + TimeDelta::hours(1), "OUT_OF_RANGE", "input.dischargedAt"),
            ("Died.", now - TimeDelta::days(2), "OUT_OF_RANGE", "input.dischargedAt"),
        ] {
            assert_eq!(discharge(reason, at).await.refusal(), refused(code, path));
        }
        stage.wait(TimeDelta::hours(3));
        discharge("Died.", stage.now() - TimeDelta::hours(1)).await.done("");
        let over = scene.send(
            &scene.chief,
            "placementLeave",
            json!({ "id": placement, "kind": "HOSPITAL" }),
        );
        assert_eq!(over.await.refusal(), refused("NOT_FOUND", "input.id"));
    });
}

#[test]
fn whoever_leaves_for_good_from_a_leave_is_away_no_longer() {
    run(async |stage| {
        let scene = Scene::set(stage, 1).await;
        let placement = scene.admitted().await;
        let leave = json!({ "id": placement, "kind": "HOSPITAL" });
        scene.send(&scene.staff, "placementLeave", leave).await.done("");
        let moving = json!({ "id": placement, "unitId": id("unit", scene.unit), "reason": "x" });
        let refusal = scene.send(&scene.staff, "placementMove", moving).await.refusal();
        assert_eq!(refusal, refused("INVALID_STATE_TRANSITION", "input.id"));
        scene.discharge(&placement).await.done("");
        let seen = scene.seen(&placement).await;
        assert_eq!(seen["absences"][0]["until"], json!(stage.today()));
    });
}

/// AT-13: of those who left a palliative unit one died, who is not in the share that returned.
#[test]
fn a_death_is_told_apart_from_those_who_could_return() {
    run(async |stage| {
        let scene = Scene::set(stage, 3).await;
        for destination in ["BIRTH_FAMILY", "DIED", "KIN"] {
            let placement = scene.admitted().await;
            let input = json!({ "id": placement, "reason": "The stay ended.",
                "destination": destination });
            scene.send(&scene.staff, "placementDischarge", input).await.done("");
        }
        let worker = stage.as_(&scene.worker);
        let left = async |which: &str| {
            let query = format!(
                "{{ placements(filter: {{ statusIn: [DISCHARGED] {which} }}) {{ totalCount }} }}"
            );
            worker.query(&query).await.data("/placements/totalCount").as_i64().unwrap()
        };
        let ended = left("").await - left("destinationIn: [DIED]").await;
        assert_eq!((left("destinationIn: [BIRTH_FAMILY]").await, ended), (1, 2));
    });
}
