//! Reserving and admitting: one stay and one reservation a child, only in open centres, and never
//! more than there are places.

use chrono::TimeDelta;
use entity::centre::{self, CentreStatus};
use sea_orm::{ActiveModelTrait, ActiveValue::Set};
use serde_json::json;
use uuid::Uuid;

use super::{Scene, refused};
use crate::harness::run;

async fn set_status(scene: &Scene<'_>, centre: Uuid, status: CentreStatus) {
    let row = centre::ActiveModel { id: Set(centre), status: Set(status), ..Default::default() };
    row.update(&scene.stage.database.writer).await.unwrap();
}

#[test]
fn a_full_unit_says_so_and_offers_to_wait() {
    run(async |stage| {
        let scene = Scene::set(stage, 1).await;
        scene.reserved().await;
        let late = scene.approved().await;
        let full = scene.reserve(&late).await;
        assert_eq!(full.refusal(), refused("CAPACITY_EXCEEDED", "input.id"));
        let error = full.user_error();
        assert_eq!(error["__typename"], "CapacityError");
        assert_eq!((&error["available"], &error["waitingListOpen"]), (&json!(0), &json!(true)));
        assert_eq!(scene.status(&late).await, "APPROVED");
        let waits = scene.queue(&late).await;
        assert_eq!(waits.done("/placement/status"), "WAITLISTED");
        assert_eq!(waits.done("/placement/waitingPosition"), 1);
    });
}

/// AT-13.
#[test]
fn only_an_open_centre_admits() {
    run(async |stage| {
        let scene = Scene::set(stage, 3).await;
        let (early, ready, urgent) = (
            scene.approved().await,
            scene.reserved().await,
            scene.asked_with(&json!({ "basis": "EMERGENCY" })).await,
        );
        for status in [CentreStatus::Planned, CentreStatus::Suspended] {
            set_status(&scene, scene.centre, status).await;
            for answer in [
                scene.reserve(&early).await,
                scene.queue(&early).await,
                scene.admit(&ready).await,
                scene.admit(&urgent).await,
            ] {
                assert_eq!(answer.refusal(), refused("DEPENDENCY_FAILED", "input.id"));
            }
        }
        set_status(&scene, scene.centre, CentreStatus::Open).await;
        scene.admit(&ready).await.done("");
        scene.admit(&urgent).await.done("");
    });
}

#[test]
fn nobody_is_admitted_without_a_place_held_but_in_an_emergency() {
    run(async |stage| {
        let scene = Scene::set(stage, 1).await;
        let asked = scene.asked().await;
        let early = scene.admit(&asked).await;
        assert_eq!(early.refusal(), refused("INVALID_STATE_TRANSITION", "input.id"));
        let allowed = json!(["APPROVED", "REFUSED", "CANCELLED"]);
        assert_eq!(early.user_error()["allowed"], allowed);
        let urgent = scene.asked_with(&json!({ "basis": "EMERGENCY" })).await;
        assert_eq!(scene.admit(&urgent).await.done("/placement/status"), "ADMITTED");
        let second = scene.asked_with(&json!({ "basis": "EMERGENCY" })).await;
        assert_eq!(scene.admit(&second).await.refusal(), refused("CAPACITY_EXCEEDED", "input.id"));
    });
}

#[test]
fn a_reservation_runs_out_by_itself_and_is_nobodys_place() {
    run(async |stage| {
        let scene = Scene::set(stage, 1).await;
        let stale = scene.reserved().await;
        stage.wait(TimeDelta::hours(73));
        // Nobody noted it, and yet the place is free.
        let late = scene.admit(&stale).await;
        assert_eq!(
            late.refusal(),
            refused("NOT_FOUND", "input.id"),
            "the centre sees it no longer"
        );
        let next = scene.reserved().await;
        assert_eq!(scene.status(&stale).await, "EXPIRED");
        assert_eq!(scene.status(&next).await, "RESERVED");
        let seen = scene.seen(&stale).await;
        assert_eq!(seen["closedAt"], seen["reservedUntil"]);
    });
}

#[test]
fn a_child_lives_in_one_centre_and_has_one_reservation() {
    run(async |stage| {
        let scene = Scene::set(stage, 2).await;
        let [here, there] = scene.approved_here_and_there().await;
        scene.reserve(&here).await.done("");
        let second = scene.reserve(&there).await;
        assert_eq!(second.refusal(), refused("ALREADY_EXISTS", "input.id"));
        scene.admit(&here).await.done("");
        scene.reserve(&there).await.done("");
        let second = scene.admit(&there).await;
        assert_eq!(second.refusal(), refused("ALREADY_EXISTS", "input.id"));
        scene.discharge(&here).await.done("");
        scene.admit(&there).await.done("");
    });
}

#[test]
fn a_reservation_that_ran_out_elsewhere_is_in_nobodys_way() {
    run(async |stage| {
        let scene = Scene::set(stage, 2).await;
        let [here, there] = scene.approved_here_and_there().await;
        scene.reserve(&here).await.done("");
        stage.wait(TimeDelta::hours(73));
        scene.reserve(&there).await.done("");
        assert_eq!(scene.status(&here).await, "EXPIRED");
    });
}

#[test]
fn a_person_came_after_the_place_was_held_and_not_in_the_future() {
    run(async |stage| {
        let scene = Scene::set(stage, 2).await;
        let placement = scene.reserved().await;
        stage.wait(TimeDelta::hours(5));
        let admit = |at: chrono::DateTime<chrono::Utc>| {
            let input = json!({ "id": placement, "admittedAt": at });
            scene.send(&scene.staff, "placementAdmit", input)
        };
        for wrong in [stage.now() + TimeDelta::minutes(1), stage.now() - TimeDelta::hours(6)] {
            let refusal = admit(wrong).await.refusal();
            assert_eq!(refusal, refused("OUT_OF_RANGE", "input.admittedAt"));
        }
        admit(stage.now() - TimeDelta::hours(4)).await.done("");
    });
}

#[test]
fn who_leads_the_work_reserves_and_only_the_centre_admits() {
    run(async |stage| {
        let scene = Scene::set(stage, 2).await;
        let placement = scene.approved().await;
        let reserve = json!({ "id": placement });
        scene.send(&scene.worker, "placementReserve", reserve.clone()).await.done("");
        let refusal = scene.send(&scene.boss, "placementAdmit", reserve).await.refusal();
        assert_eq!(refusal, refused("PERMISSION_DENIED", "input.id"));
        // A centre of somebody else's sees nothing of it.
        let elsewhere = stage.organisation("Elsewhere", None).await;
        let stranger = stage.worker(&elsewhere, entity::membership::Role::CentreStaff).await;
        let admit = json!({ "id": placement });
        let refusal = scene.send(&stranger, "placementAdmit", admit).await.refusal();
        assert_eq!(refusal, refused("NOT_FOUND", "input.id"));
    });
}
