//! Asking for a place, deciding the request, and cancelling it.

use chrono::TimeDelta;
use serde_json::json;

use super::{PLACEMENT, Scene, refused};
use crate::harness::run;
use crate::harness::world::id;

#[test]
fn a_place_is_asked_for_decided_reserved_used_and_left() {
    run(async |stage| {
        let scene = Scene::set(stage, 2).await;
        let home = scene.home().await;
        let asked = scene.send(&scene.worker, "placementRequest", scene.request(&home)).await;
        let placement = asked.done("/placement/id").clone();
        assert_eq!(asked.done("/placement/status"), "REQUESTED");
        assert_eq!(asked.done("/placement/unit/occupancy/occupied"), 0);
        let approve = json!({ "id": placement, "isApproved": true, "expectedVersion": 1 });
        let approved = scene.send(&scene.staff, "placementApprove", approve).await;
        assert_eq!(approved.done("/placement/status"), "APPROVED");
        let reserved = scene.reserve(&placement).await;
        assert_eq!(reserved.done("/placement/status"), "RESERVED");
        assert_eq!(reserved.done("/placement/unit/occupancy/free"), 1);
        let until = (stage.now() + TimeDelta::hours(72)).format("%Y-%m-%dT%H").to_string();
        assert!(reserved.done("/placement/reservedUntil").as_str().unwrap().starts_with(&until));
        assert_eq!(scene.admit(&placement).await.done("/placement/status"), "ADMITTED");
        let left = scene.discharge(&placement).await;
        assert_eq!(left.done("/placement"), &json!(null), "the centre sees the child no longer");
        let seen = scene.seen(&placement).await;
        assert_eq!(seen["status"], "DISCHARGED");
        assert_eq!(seen["destination"], "BIRTH_FAMILY");
        assert_eq!(seen["version"], 5);
        assert_eq!(seen["unit"]["occupancy"]["occupied"], 0);
    });
}

#[test]
fn the_centre_decides_and_says_why_it_refuses() {
    run(async |stage| {
        let scene = Scene::set(stage, 2).await;
        let placement = scene.asked().await;
        let silent = json!({ "id": placement, "isApproved": false });
        let refusal = scene.send(&scene.staff, "placementApprove", silent).await.refusal();
        assert_eq!(refusal, refused("REQUIRED", "input.reason"));
        let by_office = json!({ "id": placement, "isApproved": true });
        let refusal = scene.send(&scene.boss, "placementApprove", by_office).await.refusal();
        assert_eq!(refusal, refused("PERMISSION_DENIED", "input.id"));
        let input = json!({ "id": placement, "isApproved": false, "reason": "No care at night." });
        scene.send(&scene.staff, "placementApprove", input).await.done("");
        let seen = scene.seen(&placement).await;
        assert_eq!(
            (&seen["status"], &seen["statusReason"]),
            (&json!("REFUSED"), &json!("No care at night."))
        );
        assert!(seen["closedAt"].is_string());
        let late = scene.reserve(&placement).await;
        assert_eq!(
            late.refusal(),
            refused("NOT_FOUND", "input.id"),
            "the centre sees it no longer"
        );
    });
}

#[test]
fn who_asked_does_not_decide() {
    run(async |stage| {
        let scene = Scene::set(stage, 2).await;
        // An office that runs a centre itself.
        let (_, unit) = stage.centre(&scene.office, &scene.area, 2).await;
        let home = scene.home().await;
        let mut request = scene.request(&home);
        request["persons"][0]["unitId"] = json!(id("unit", unit));
        let placement = scene.done(&scene.boss, "placementRequest", request).await;
        let input = json!({ "id": placement, "isApproved": true });
        let refusal = scene.send(&scene.boss, "placementApprove", input).await.refusal();
        assert_eq!(refusal, refused("APPROVER_IS_REQUESTER", "input.id"));
    });
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table of what is refused")]
fn what_is_asked_wrongly_is_refused_with_its_place() {
    run(async |stage| {
        let scene = Scene::set(stage, 2).await;
        let (home, other) = (scene.home().await, scene.home().await);
        let foreign = stage.organisation("Elsewhere", None).await;
        let strangers = stage.household(&foreign, &scene.area, "X").await;
        let (_, apart) = stage.centre(&scene.provider, &scene.area, 2).await;
        let unit = id("unit", scene.unit);
        let wanted =
            |person, unit: &str| json!({ "personId": id("person", person), "unitId": unit });
        for (change, code, path) in [
            (json!({ "persons": [] }), "REQUIRED", "input.persons"),
            (
                json!({ "persons": [wanted(home.child, &unit), wanted(home.child, &unit)] }),
                "INVALID",
                "input.persons",
            ),
            (
                json!({ "persons": [wanted(strangers.child, &unit)] }),
                "NOT_FOUND",
                "input.persons.0.personId",
            ),
            (
                json!({ "persons": [wanted(other.child, &unit)] }),
                "INVALID",
                "input.persons.0.personId",
            ),
            (
                json!({ "persons": [wanted(home.child, &unit), wanted(home.parent, &id("unit", apart))] }),
                "INVALID",
                "input.persons.1.unitId",
            ),
            (
                json!({ "persons": [wanted(home.child, &id("unit", home.id))] }),
                "NOT_FOUND",
                "input.persons.0.unitId",
            ),
            (json!({ "caseId": id("case", strangers.case) }), "NOT_FOUND", "input.caseId"),
            (json!({ "familyId": id("family", home.id) }), "INVALID", "input.familyId"),
            (json!({ "basis": "COURT" }), "DEPENDENCY_FAILED", "input.decisionId"),
            (json!({ "priority": 10 }), "OUT_OF_RANGE", "input.priority"),
            (
                json!({ "plannedDischargeOn": "2001-01-01" }),
                "OUT_OF_RANGE",
                "input.plannedDischargeOn",
            ),
        ] {
            let mut request = scene.request(&home);
            for (name, value) in change.as_object().unwrap() {
                request[name] = value.clone();
            }
            let answer = scene.send(&scene.worker, "placementRequest", request).await;
            assert_eq!(answer.refusal(), refused(code, path), "{change}");
        }
        scene.done(&scene.worker, "placementRequest", scene.request(&home)).await;
        let again = scene.send(&scene.worker, "placementRequest", scene.request(&home)).await;
        assert_eq!(again.refusal(), refused("ALREADY_EXISTS", "input.persons.0.personId"));
    });
}

#[test]
fn a_request_holds_up_the_closure_of_the_case_until_it_is_cancelled() {
    run(async |stage| {
        let scene = Scene::set(stage, 2).await;
        let home = scene.home().await;
        stage.episode(&home).await;
        let placement = scene.done(&scene.worker, "placementRequest", scene.request(&home)).await;
        let worker = stage.as_(&scene.worker);
        let close = || {
            let input = json!({ "caseId": id("case", home.case), "outcome": "OVERCAME",
                "summary": "All is well." });
            worker.mutate("caseClosureRequest", input, "case { id }")
        };
        let refusal = close().await.refusal();
        assert_eq!(refusal, refused("DEPENDENCY_FAILED", "input.caseId"));
        let cancel = json!({ "id": placement, "reason": "A neighbour took the child in." });
        let cancelled = scene.send(&scene.worker, "placementCancel", cancel).await;
        assert_eq!(cancelled.done("/placement/status"), "CANCELLED");
        close().await.done("");
    });
}

#[test]
fn the_same_request_is_done_once() {
    run(async |stage| {
        let scene = Scene::set(stage, 2).await;
        let request = scene.request(&scene.home().await);
        let key = uuid::Uuid::now_v7();
        let client = stage.as_(&scene.worker);
        let first = client.mutate_as(key, "placementRequest", request.clone(), PLACEMENT).await;
        let again = client.mutate_as(key, "placementRequest", request, PLACEMENT).await;
        assert!(again.replayed());
        assert_eq!(first.done("/placement/id"), again.done("/placement/id"));
        let late =
            json!({ "id": first.done("/placement/id"), "isApproved": true, "expectedVersion": 7 });
        let refusal = scene.send(&scene.staff, "placementApprove", late).await;
        assert_eq!(refusal.refusal(), refused("VERSION_CONFLICT", "input.expectedVersion"));
    });
}
