//! The centre sees whom it places while that lasts, and no longer.

use chrono::TimeDelta;
use entity::access_grant::{self, GrantBasis};
use entity::change;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::{Value, json};

use super::Scene;
use crate::harness::run;
use crate::harness::world::{Household, Person, id};

/// Every root that could give a family, a child or a stay away.
async fn seen_by(scene: &Scene<'_>, person: &Person, home: &Household, placement: &Value) -> bool {
    let query = "query Q($family: ID!, $child: ID!, $person: ID!, $case: ID!, $placement: ID!, $centre: ID!) {
        family(id: $family) { id } child(id: $child) { id } case(id: $case) { id }
        families { totalCount nodes { id } } children { totalCount nodes { id } }
        cases { totalCount nodes { id } } placements { totalCount nodes { id } }
        tasks { totalCount }
        centre(id: $centre) { placements { id person { id } } }
        nodes(ids: [$family, $child, $person, $case, $placement]) { id } }";
    let variables = json!({ "family": id("family", home.id), "child": id("child", home.child),
        "person": id("person", home.child), "case": id("case", home.case),
        "placement": placement, "centre": id("centre", scene.centre) });
    let answer = scene.stage.as_(person).query_with(query, variables).await;
    let data = answer.data("");
    let mut found = Vec::new();
    for root in ["family", "child", "case"] {
        found.push(!data[root].is_null());
    }
    for root in ["families", "children", "cases", "placements"] {
        found.push(data[root]["totalCount"] != 0);
        found.push(data[root]["nodes"] != json!([]));
    }
    found.push(data["centre"]["placements"] != json!([]));
    found.extend(data["nodes"].as_array().unwrap().iter().map(|node| !node.is_null()));
    assert!(found.iter().all(|seen| *seen) || found.iter().all(|seen| !*seen), "{}", answer.text);
    found[0]
}

#[test]
fn the_centre_sees_the_child_from_the_request_to_the_discharge_by_every_root() {
    run(async |stage| {
        let scene = Scene::set(stage, 1).await;
        let home = scene.home().await;
        let request = scene.request(&home);
        assert!(!seen_by(&scene, &scene.staff, &home, &json!(id("placement", home.id))).await);
        let placement = scene.done(&scene.worker, "placementRequest", request).await;
        let (staff, chief) = (&scene.staff, &scene.chief);
        assert!(seen_by(&scene, staff, &home, &placement).await);
        scene.approve(&placement).await;
        scene.reserve(&placement).await.done("");
        scene.admit(&placement).await.done("");
        for person in [staff, chief] {
            assert!(seen_by(&scene, person, &home, &placement).await);
        }
        scene.discharge(&placement).await.done("");
        for person in [staff, chief] {
            assert!(!seen_by(&scene, person, &home, &placement).await);
        }
        assert!(seen_by(&scene, &scene.boss, &home, &placement).await, "who leads sees on");
        let grants = access_grant::Entity::find()
            .filter(access_grant::Column::Basis.eq(GrantBasis::Placement))
            .filter(access_grant::Column::Until.is_null());
        assert_eq!(grants.count(&stage.database.reader).await.unwrap(), 0);
        let lost = change::Entity::find()
            .filter(change::Column::OrganisationId.eq(scene.provider.id))
            .filter(change::Column::Kind.eq(change::ChangeKind::AccessLost));
        assert_eq!(lost.count(&stage.database.reader).await.unwrap(), 2, "of child and family");
    });
}

#[test]
fn every_end_ends_the_access() {
    run(async |stage| {
        let scene = Scene::set(stage, 2).await;
        for end in ["refuse", "cancel", "expire"] {
            let home = scene.home().await;
            let placement =
                scene.done(&scene.worker, "placementRequest", scene.request(&home)).await;
            match end {
                "refuse" => {
                    let input = json!({ "id": placement, "isApproved": false, "reason": "Full." });
                    scene.send(&scene.staff, "placementApprove", input).await.done("");
                }
                "cancel" => {
                    let input = json!({ "id": placement, "reason": "Not needed." });
                    scene.send(&scene.worker, "placementCancel", input).await.done("");
                }
                _ => {
                    scene.approve(&placement).await;
                    scene.reserve(&placement).await.done("");
                    stage.wait(TimeDelta::hours(72) + TimeDelta::seconds(1));
                }
            }
            assert!(!seen_by(&scene, &scene.staff, &home, &placement).await, "{end}");
        }
    });
}

#[test]
fn of_two_siblings_the_one_who_stays_keeps_the_family_in_sight() {
    run(async |stage| {
        let scene = Scene::set(stage, 2).await;
        let home = scene.home().await;
        let first = scene.done(&scene.worker, "placementRequest", scene.request(&home)).await;
        let born = chrono::NaiveDate::from_ymd_opt(2020, 1, 1).unwrap();
        let sibling =
            stage.member(home.id, entity::family_member::MemberRole::Child, "X", born).await;
        let mut request = scene.request(&home);
        request["persons"][0]["personId"] = json!(id("child", sibling));
        let second = scene.done(&scene.worker, "placementRequest", request).await;
        for placement in [&first, &second] {
            scene.approve(placement).await;
            scene.reserve(placement).await.done("");
            scene.admit(placement).await.done("");
        }
        scene.discharge(&first).await.done("");
        assert!(
            seen_by(&scene, &scene.staff, &home, &second).await,
            "in summary, with its members"
        );
        scene.discharge(&second).await.done("");
        assert!(!seen_by(&scene, &scene.staff, &home, &second).await);
    });
}

#[test]
fn who_moves_to_another_organisations_centre_is_seen_there_and_not_here() {
    run(async |stage| {
        let scene = Scene::set(stage, 1).await;
        let home = scene.home().await;
        let placement = scene.done(&scene.worker, "placementRequest", scene.request(&home)).await;
        scene.approve(&placement).await;
        scene.reserve(&placement).await.done("");
        scene.admit(&placement).await.done("");
        // A branch of the provider runs a house of its own; the provider's supervisor is above both.
        let branch = stage.organisation("Branch", Some(&scene.provider)).await;
        let (_, unit) = stage.centre(&branch, &scene.area, 1).await;
        let guard = stage.worker(&branch, entity::membership::Role::CentreStaff).await;
        assert!(
            stage
                .as_(&guard)
                .query("{ placements { totalCount } }")
                .await
                .data("/placements/totalCount")
                == 0
        );
        let input =
            json!({ "id": placement, "unitId": id("unit", unit), "reason": "Nearer home." });
        let moved = scene.send(&scene.chief, "placementMove", input).await;
        assert_eq!(moved.done("/placement/status"), "ADMITTED");
        assert_eq!(
            stage
                .as_(&guard)
                .query("{ children { totalCount } }")
                .await
                .data("/children/totalCount"),
            1
        );
    });
}
