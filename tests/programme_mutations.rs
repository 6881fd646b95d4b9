//! Programmes as they are recorded and moved through their life cycle, and their intakes.

use entity::membership::Role;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::programmes::{Scene, refused};
use crate::harness::run;
use crate::harness::world::id;

const PROGRAMME: &str = "programme { id version status name budget { year purpose amount currency } \
    stages { id number name prerequisite { number } relapseTo { number } requiresConsent } \
    priorities { characteristic points } availability { area { id } } \
    eligibilityRules { kind minValue maxValue code } \
    viewerPermissions { canUpdate canOpenIntake } }";

#[test]
fn at_09_a_programme_of_three_years_keeps_its_money_of_one_year_exactly() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let mut input = scene.programme();
        input["since"] = json!("2012-01-01");
        input["until"] = json!("2015-01-01");
        input["budget"] = json!([{ "year": 2013, "purpose": "The whole programme",
            "amount": "2200000.00", "currency": "RUB" }]);
        let made = scene.send(&scene.admin, "programmeCreate", input, PROGRAMME).await;
        let line = json!({ "year": 2013, "purpose": "The whole programme",
            "amount": "2200000.00", "currency": "RUB" });
        assert_eq!(made.done("/programme/budget"), &json!([line]));
        let query = "query Q($id: ID!) { programme(id: $id) { since until budget { amount } } }";
        let told = stage.as_(&scene.worker);
        let told = told.query_with(query, json!({ "id": made.done("/programme/id") })).await;
        let expected = json!({ "since": "2012-01-01", "until": "2015-01-01",
            "budget": [{ "amount": "2200000.00" }] });
        assert_eq!(told.data("/programme"), &expected);
    });
}

#[test]
fn a_programme_is_recorded_with_its_stages_rules_and_priorities() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let mut input = scene.programme();
        input["stages"] = json!([
            { "name": "Treatment", "ownerKind": "HEALTH", "requiresConsent": true },
            { "name": "Training", "ownerKind": "EDUCATION", "prerequisiteNumber": 1,
                "relapseToNumber": 1 },
        ]);
        input["eligibilityRules"] = json!([{ "kind": "AGE_MONTHS_RANGE", "maxValue": 36 }]);
        input["priorities"] = json!([{ "characteristic": "ALCOHOL_DEPENDENCE", "points": 100 }]);
        input["availability"] =
            json!([{ "areaId": id("area", scene.area.id), "since": scene.day(-9) }]);
        let made = scene.send(&scene.admin, "programmeCreate", input, PROGRAMME).await;
        let stages = made.done("/programme/stages");
        assert_eq!(stages[0]["requiresConsent"], true);
        assert_eq!(stages[1]["prerequisite"], json!({ "number": 1 }));
        assert_eq!(stages[1]["relapseTo"], json!({ "number": 1 }));
        let first = json!([{ "characteristic": "ALCOHOL_DEPENDENCE", "points": 100 }]);
        assert_eq!(made.done("/programme/priorities"), &first);
        assert_eq!(made.done("/programme/eligibilityRules/0/maxValue"), 36);
        let both = json!({ "canUpdate": true, "canOpenIntake": true });
        assert_eq!(made.done("/programme/viewerPermissions"), &both);
    });
}

#[test]
fn a_programme_is_planned_active_suspended_and_ended_when_nobody_takes_part() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let programme = scene.active(json!({})).await;
        let intake = scene.intake(&programme, 3).await;
        let enrolment = scene.enrolled(&intake).await;
        let to = async |version: i32, status: &str| {
            let input = json!({ "id": programme, "expectedVersion": version, "status": status });
            scene.send(&scene.admin, "programmeUpdate", input, PROGRAMME).await
        };
        let early = to(2, "ENDED").await;
        assert_eq!(early.user_error()["allowed"], json!(["SUSPENDED"]));
        assert_eq!(to(2, "SUSPENDED").await.done("/programme/status"), "SUSPENDED");
        assert_eq!(to(3, "ENDED").await.refusal(), refused("DEPENDENCY_FAILED", "input.status"));
        let end = json!({ "id": enrolment, "outcome": "MOVED", "endedOn": scene.day(0) });
        scene.send(&scene.partner, "enrolmentEnd", end, "clientMutationId").await;
        let late = to(1, "ENDED").await;
        assert_eq!(late.user_error()["conflictingFields"], json!(["status"]));
        let ended = to(3, "ENDED").await;
        let one = json!({ "canUpdate": true, "canOpenIntake": false });
        assert_eq!(ended.done("/programme/viewerPermissions"), &one);
        let open = json!({ "programmeId": programme, "name": "Late", "opensOn": scene.day(0),
            "startsOn": scene.day(0), "capacity": 1 });
        let refusal = scene.send(&scene.partner, "intakeOpen", open, "clientMutationId").await;
        let expected = refused("INVALID_STATE_TRANSITION", "input.programmeId");
        assert_eq!(refusal.refusal(), expected);
    });
}

#[test]
fn money_and_areas_are_added_later() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let programme = scene.active(json!({})).await;
        let line = |purpose: &str| {
            json!({ "year": 2026, "purpose": purpose, "amount": "0.10",
            "currency": "EUR" })
        };
        let add = json!({ "id": programme, "expectedVersion": 2, "addBudget": [line("Rooms")],
            "addAvailability": [{ "areaId": id("area", scene.area.id), "since": scene.day(0) }] });
        let done = scene.send(&scene.admin, "programmeUpdate", add, PROGRAMME).await;
        assert_eq!(done.done("/programme/version"), 3);
        assert_eq!(done.done("/programme/budget"), &json!([line("Rooms")]));
        let area = json!([{ "area": { "id": id("area", scene.area.id) } }]);
        assert_eq!(done.done("/programme/availability"), &area);
    });
}

#[test]
fn an_intake_has_at_least_the_places_that_are_held() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let programme = scene.active(json!({})).await;
        let intake = scene.intake(&programme, 2).await;
        for _ in 0..2 {
            scene.enrolled(&intake).await;
        }
        let set = async |version: i32, capacity: i32| {
            let input = json!({ "id": intake, "expectedVersion": version, "capacity": capacity });
            let asked = "intake { version capacity held viewerPermissions { canUpdate } }";
            scene.send(&scene.partner, "intakeUpdate", input, asked).await
        };
        let refusal = set(1, 1).await;
        assert_eq!(refusal.refusal(), refused("CAPACITY_EXCEEDED", "input.capacity"));
        let done = set(1, 3).await;
        assert_eq!(done.done("/intake/held"), 2);
        assert_eq!(done.done("/intake/viewerPermissions/canUpdate"), true);
        assert_eq!(set(1, 4).await.user_error()["code"], "VERSION_CONFLICT");
    });
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table of what is refused")]
fn what_makes_no_sense_or_is_run_by_others_is_refused() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let with = |field: &str, value: Value| {
            let mut input = scene.programme();
            input[field] = value;
            input
        };
        let line = |field: &str, value: Value| {
            let mut line = json!({ "year": 2026, "purpose": "x", "amount": "1.00",
                "currency": "EUR" });
            line[field] = value;
            with("budget", json!([line]))
        };
        let rule = |rule: Value| with("eligibilityRules", json!([rule]));
        let nowhere = id("area", Uuid::nil());
        let cases = [
            (with("name", json!(" ")), "REQUIRED", "input.name"),
            (
                with("organisationId", json!(id("organisation", scene.office.id))),
                "PERMISSION_DENIED",
                "input.organisationId",
            ),
            (with("until", json!("1999-01-01")), "OUT_OF_RANGE", "input.until"),
            (line("currency", json!("eur")), "INVALID_FORMAT", "input.budget.0.currency"),
            (line("amount", json!("-1.00")), "OUT_OF_RANGE", "input.budget.0.amount"),
            (
                with("availability", json!([{ "areaId": nowhere, "since": "2026-01-01" }])),
                "NOT_FOUND",
                "input.availability.0.areaId",
            ),
            (
                with(
                    "stages",
                    json!([{ "name": "x", "ownerKind": "NGO", "prerequisiteNumber": 1 }]),
                ),
                "INVALID",
                "input.stages.0.prerequisiteNumber",
            ),
            (rule(json!({ "kind": "AREA" })), "REQUIRED", "input.eligibilityRules.0.areaId"),
            (
                rule(json!({ "kind": "RISK_AT_LEAST", "code": "DIRE" })),
                "INVALID",
                "input.eligibilityRules.0.code",
            ),
            (
                rule(json!({ "kind": "AGE_MONTHS_RANGE", "minValue": 36, "maxValue": 36 })),
                "OUT_OF_RANGE",
                "input.eligibilityRules.0.maxValue",
            ),
            (
                with("priorities", json!([{ "characteristic": "DISPLACED", "points": 0 }])),
                "OUT_OF_RANGE",
                "input.priorities.0.points",
            ),
        ];
        for (input, code, path) in cases {
            let told = input.to_string();
            let answer = scene.send(&scene.admin, "programmeCreate", input, "clientMutationId");
            assert_eq!(answer.await.refusal(), refused(code, path), "{told}");
        }
        let stranger = stage.worker(&scene.office, Role::Admin).await;
        let programme = scene.active(json!({})).await;
        let rename = json!({ "id": programme, "expectedVersion": 2, "name": "Ours" });
        let answer = scene.send(&stranger, "programmeUpdate", rename, "clientMutationId").await;
        assert_eq!(answer.refusal(), refused("PERMISSION_DENIED", "input.id"));
    });
}
