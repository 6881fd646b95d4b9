//! Those who come together: all or none.

use chrono::NaiveDate;
use entity::family_member::MemberRole;
use entity::unit;
use sea_orm::{ActiveModelTrait, ActiveValue::Set};
use serde_json::{Value, json};

use super::{Scene, refused};
use crate::harness::run;
use crate::harness::world::{Household, id};

const BORN: NaiveDate = NaiveDate::from_ymd_opt(2019, 5, 6).unwrap();

/// Three siblings for whom a place each is asked for and approved.
async fn siblings(scene: &Scene<'_>, home: &Household) -> Vec<Value> {
    let mut children = vec![home.child];
    for _ in 0..2 {
        children.push(scene.stage.member(home.id, MemberRole::Child, "X", BORN).await);
    }
    let mut request = scene.request(home);
    let wanted =
        |child| json!({ "personId": id("child", child), "unitId": id("unit", scene.unit) });
    request["persons"] = children.into_iter().map(wanted).collect();
    let first = scene.send(&scene.worker, "placementRequest", request).await;
    scene.approve(first.done("/placement/id")).await;
    let group = first.done("/placement/group").as_array().unwrap().clone();
    assert_eq!(group.len(), 3);
    group.iter().map(|one| one["id"].clone()).collect()
}

async fn statuses(scene: &Scene<'_>, group: &[Value]) -> Vec<String> {
    let mut statuses = Vec::new();
    for one in group {
        statuses.push(scene.status(one).await);
    }
    statuses
}

#[test]
fn of_three_siblings_for_two_places_none_is_admitted() {
    run(async |stage| {
        let scene = Scene::set(stage, 2).await;
        let group = siblings(&scene, &scene.home().await).await;
        assert_eq!(statuses(&scene, &group).await, ["APPROVED"; 3], "decided together");
        let refusal = scene.reserve(&group[1]).await;
        assert_eq!(refusal.refusal(), refused("CAPACITY_EXCEEDED", "input.id"));
        assert_eq!(refusal.user_error()["available"], 2);
        assert_eq!(statuses(&scene, &group).await, ["APPROVED"; 3]);
        // With a third place they come together.
        let places = json!({ "unitId": id("unit", scene.unit), "places": 3 });
        stage.as_(&scene.chief).mutate("capacitySet", places, "unit { id }").await.done("");
        scene.reserve(&group[2]).await.done("");
        assert_eq!(statuses(&scene, &group).await, ["RESERVED"; 3]);
        scene.admit(&group[0]).await.done("");
        assert_eq!(statuses(&scene, &group).await, ["ADMITTED"; 3]);
        scene.discharge(&group[0]).await.done("");
        assert_eq!(statuses(&scene, &group).await, ["DISCHARGED", "ADMITTED", "ADMITTED"]);
    });
}

#[test]
fn an_emergency_of_three_for_two_places_admits_none() {
    run(async |stage| {
        let scene = Scene::set(stage, 2).await;
        let home = scene.home().await;
        let mut request = scene.request(&home);
        request["basis"] = json!("EMERGENCY");
        let mut persons = vec![request["persons"][0].clone()];
        for _ in 0..2 {
            let child = stage.member(home.id, MemberRole::Child, "X", BORN).await;
            persons
                .push(json!({ "personId": id("child", child), "unitId": id("unit", scene.unit) }));
        }
        request["persons"] = json!(persons);
        let first = scene.done(&scene.worker, "placementRequest", request).await;
        assert_eq!(scene.admit(&first).await.refusal(), refused("CAPACITY_EXCEEDED", "input.id"));
        let seen = scene.seen(&first).await;
        assert!(seen["group"].as_array().unwrap().iter().all(|one| one["status"] == "REQUESTED"));
    });
}

#[test]
fn a_group_waits_until_there_are_places_for_all_and_who_fits_is_not_kept_waiting() {
    run(async |stage| {
        let scene = Scene::set(stage, 3).await;
        let here = [scene.admitted().await, scene.admitted().await, scene.admitted().await];
        let group = siblings(&scene, &scene.home().await).await;
        scene.queue(&group[0]).await.done("");
        assert_eq!(statuses(&scene, &group).await, ["WAITLISTED"; 3]);
        let single = scene.waiting().await;
        scene.discharge(&here[0]).await.done("");
        assert_eq!(scene.status(&single).await, "RESERVED", "a place stays empty for nobody");
        let cancel = json!({ "id": single, "reason": "Not needed." });
        scene.send(&scene.staff, "placementCancel", cancel).await.done("");
        scene.discharge(&here[1]).await.done("");
        assert_eq!(statuses(&scene, &group).await, ["WAITLISTED"; 3]);
        scene.discharge(&here[2]).await.done("");
        assert_eq!(statuses(&scene, &group).await, ["RESERVED"; 3]);
    });
}

#[test]
fn a_mother_comes_with_her_children_where_families_are_taken() {
    run(async |stage| {
        let scene = Scene::set(stage, 4).await;
        let home = scene.home().await;
        let row = unit::ActiveModel {
            id: Set(scene.unit),
            max_age_months: Set(Some(18 * 12)),
            ..Default::default()
        };
        row.update(&stage.database.writer).await.unwrap();
        let mother = stage
            .member(home.id, MemberRole::Parent, "X", NaiveDate::from_ymd_opt(1990, 1, 1).unwrap())
            .await;
        let mut request = scene.request(&home);
        let wanted = json!({ "personId": id("person", mother), "unitId": id("unit", scene.unit) });
        request["persons"] = json!([wanted, request["persons"][0]]);
        let placement = scene.done(&scene.worker, "placementRequest", request).await;
        scene.approve(&placement).await;
        let alone = scene.reserve(&placement).await;
        assert_eq!(alone.refusal(), refused("NOT_ELIGIBLE", "input.id"), "{}", alone.text);
        let row = unit::ActiveModel {
            id: Set(scene.unit),
            takes_families: Set(true),
            ..Default::default()
        };
        row.update(&stage.database.writer).await.unwrap();
        scene.reserve(&placement).await.done("");
        let admitted = scene.admit(&placement).await;
        assert_eq!(admitted.done("/placement/unit/occupancy/occupied"), 2);
    });
}

#[test]
fn those_who_are_apart_are_brought_to_the_same_step_or_cancelled() {
    run(async |stage| {
        let scene = Scene::set(stage, 3).await;
        let group = siblings(&scene, &scene.home().await).await;
        let cancel = json!({ "id": group[1], "reason": "With an aunt." });
        scene.send(&scene.worker, "placementCancel", cancel).await.done("");
        scene.reserve(&group[0]).await.done("");
        assert_eq!(statuses(&scene, &group).await, ["RESERVED", "CANCELLED", "RESERVED"]);
    });
}
