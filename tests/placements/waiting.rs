//! The waiting list: its order, and that a place goes to the first who fits in the transaction that
//! frees it.

use chrono::{NaiveDate, TimeDelta};
use entity::audit_event;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};

use super::Scene;
use crate::harness::run;
use crate::harness::world::id;

/// Somebody who waits with a priority.
async fn waiting_with(scene: &Scene<'_>, priority: i32) -> Value {
    let placement = scene.asked_with(&json!({ "priority": priority })).await;
    scene.approve(&placement).await;
    assert_eq!(scene.queue(&placement).await.done("/placement/status"), "WAITLISTED");
    placement
}

#[test]
fn the_order_is_priority_then_who_was_asked_for_first() {
    run(async |stage| {
        let scene = Scene::set(stage, 1).await;
        let mut holder = scene.admitted().await;
        let (first, second) = (waiting_with(&scene, 1).await, waiting_with(&scene, 1).await);
        let urgent = waiting_with(&scene, 5).await;
        let order = [urgent, first, second];
        for (place, placement) in order.iter().enumerate() {
            assert_eq!(scene.seen(placement).await["waitingPosition"], json!(place + 1));
        }
        for (place, next) in order.iter().enumerate() {
            scene.discharge(&holder).await.done("");
            assert_eq!(scene.status(next).await, "RESERVED");
            for later in &order[place + 1..] {
                assert_eq!(scene.status(later).await, "WAITLISTED");
            }
            scene.admit(next).await.done("");
            holder = next.clone();
        }
    });
}

#[test]
fn every_act_that_frees_a_place_gives_it_to_who_waits() {
    run(async |stage| {
        let scene = Scene::set(stage, 1).await;
        let freed = async |act: &str, holder: Value, input: Value| {
            let next = scene.waiting().await;
            scene.send(&scene.staff, act, input).await.done("");
            assert_eq!(scene.status(&next).await, "RESERVED", "{act}");
            // The one who was away comes back when there is room.
            if act == "placementLeave" {
                let back = json!({ "id": holder });
                let full = scene.send(&scene.staff, "placementReturn", back).await;
                assert_eq!(full.refusal(), super::refused("CAPACITY_EXCEEDED", "input.id"));
                scene.discharge(&holder).await.done("");
            }
            scene.admit(&next).await.done("");
            next
        };
        let one = scene.admitted().await;
        let away = json!({ "id": one, "kind": "MISSING" });
        let two = freed("placementLeave", one, away).await;
        let left = json!({ "id": two, "reason": "Done.", "destination": "KIN" });
        let three = freed("placementDischarge", two, left).await;
        scene.discharge(&three).await.done("");
        let reserved = scene.reserved().await;
        let cancel = json!({ "id": reserved, "reason": "Not needed." });
        freed("placementCancel", reserved, cancel).await;
    });
}

#[test]
fn more_places_go_to_who_waits_and_so_do_those_of_a_centre_that_opens_again() {
    run(async |stage| {
        let scene = Scene::set(stage, 1).await;
        scene.admitted().await;
        let (first, second) = (scene.waiting().await, scene.waiting().await);
        let chief = stage.as_(&scene.chief);
        let places = |places: i32| {
            let input = json!({ "unitId": id("unit", scene.unit), "places": places });
            chief.mutate("capacitySet", input, "unit { id }")
        };
        let status = |version: i32, status: &'static str| {
            let input = json!({ "id": id("centre", scene.centre), "expectedVersion": version,
                "status": status });
            chief.mutate("centreUpdate", input, "centre { id }")
        };
        places(2).await.done("");
        assert_eq!(scene.status(&first).await, "RESERVED");
        assert_eq!(scene.status(&second).await, "WAITLISTED");
        status(1, "SUSPENDED").await.done("");
        places(3).await.done("");
        assert_eq!(scene.status(&second).await, "WAITLISTED", "a suspended centre gives out none");
        status(2, "OPEN").await.done("");
        assert_eq!(scene.status(&second).await, "RESERVED");
    });
}

#[test]
fn the_service_gives_out_by_itself_what_ran_out_and_says_so_in_the_audit() {
    run(async |stage| {
        let scene = Scene::set(stage, 1).await;
        let stale = scene.reserved().await;
        let next = scene.waiting().await;
        assert_eq!(hearth::upkeep::pass(&stage.app).await.unwrap(), 0, "nothing is due yet");
        stage.wait(TimeDelta::hours(73));
        assert_eq!(hearth::upkeep::pass(&stage.app).await.unwrap(), 1);
        assert_eq!(scene.status(&stale).await, "EXPIRED");
        assert_eq!(scene.status(&next).await, "RESERVED");
        let by_house = audit_event::Entity::find().filter(audit_event::Column::Role.eq("HOUSE"));
        let events = by_house.all(&stage.database.reader).await.unwrap();
        assert_eq!(events.len(), 1);
        assert_eq!(events[0].action, "GIVE_OUT_PLACES");
        assert_eq!(events[0].organisation_id, scene.provider.id);
        assert_eq!(hearth::upkeep::pass(&stage.app).await.unwrap(), 0, "and it is done once");
    });
}

#[test]
fn places_that_begin_on_a_day_are_given_out_on_that_day() {
    run(async |stage| {
        let scene = Scene::set(stage, 1).await;
        scene.admitted().await;
        let next = scene.waiting().await;
        let later: NaiveDate = stage.today() + TimeDelta::days(2);
        let input = json!({ "unitId": id("unit", scene.unit), "places": 2, "since": later });
        stage.as_(&scene.chief).mutate("capacitySet", input, "unit { id }").await.done("");
        assert_eq!(scene.status(&next).await, "WAITLISTED");
        stage.wait(TimeDelta::days(2));
        hearth::upkeep::pass(&stage.app).await.unwrap();
        assert_eq!(scene.status(&next).await, "RESERVED");
    });
}

#[test]
fn who_has_a_reservation_elsewhere_is_passed_over() {
    run(async |stage| {
        let scene = Scene::set(stage, 1).await;
        let holder = scene.admitted().await;
        let [here, there] = scene.approved_here_and_there().await;
        scene.queue(&here).await.done("");
        scene.reserve(&there).await.done("");
        let next = scene.waiting().await;
        scene.discharge(&holder).await.done("");
        assert_eq!(scene.status(&here).await, "WAITLISTED");
        assert_eq!(scene.status(&next).await, "RESERVED");
    });
}
