//! The places of an intake: never more hold one than there are, who waits moves up in order and in the
//! transaction that frees a place, and offers run out.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use entity::enrolment::{self, EnrolmentStatus};
use entity::family_characteristic::FamilyCharacteristic;
use hearth::casework::enrolment::HOLDING;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::{Value, json};

use crate::harness::programmes::{ENROLMENT, Scene, refused};
use crate::harness::{run, run_with};

#[test]
fn thirty_offers_at_once_for_five_places_come_to_five() {
    // As many are let in at once as ask, so that all of them compete.
    let all_at_once = |setup: &mut crate::harness::Setup| setup.settings.pool_size = 10;
    run_with(all_at_once, async |stage| {
        let scene = Scene::set(stage).await;
        let intake = scene.intake(&scene.active(json!({})).await, 5).await;
        let mut asked = Vec::new();
        for _ in 0..30 {
            asked.push(scene.requested(&intake).await);
        }
        let offers = asked.iter().map(|enrolment| {
            let input = json!({ "id": enrolment });
            scene.send(&scene.partner, "enrolmentOffer", input, ENROLMENT)
        });
        let answers = futures_util::future::join_all(offers).await;
        let mut told: BTreeMap<String, usize> = BTreeMap::new();
        for answer in &answers {
            let error = answer.body.pointer("/data/result/userErrors/0/code");
            let code = answer.body.pointer("/errors/0/extensions/code");
            let code = error.or(code).and_then(Value::as_str).unwrap_or("OFFERED");
            *told.entry(code.to_owned()).or_default() += 1;
        }
        let holds = enrolment::Column::Status.is_in(HOLDING);
        let held = enrolment::Entity::find().filter(holds).count(&stage.database.reader);
        assert_eq!(held.await.unwrap(), 5, "{told:?}");
        assert_eq!(told["OFFERED"], 5, "{told:?}");
        assert_eq!(told["CAPACITY_EXCEEDED"], 25, "{told:?}");
    });
}

#[test]
fn a_full_intake_tells_how_many_places_are_free_and_whether_one_may_wait() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let intake = scene.intake(&scene.active(json!({})).await, 1).await;
        scene.enrolled(&intake).await;
        let late = scene.requested(&intake).await;
        let input = json!({ "id": late });
        let answer = scene.send(&scene.partner, "enrolmentOffer", input, ENROLMENT).await;
        assert_eq!(answer.refusal(), refused("CAPACITY_EXCEEDED", "input.id"));
        let error = answer.user_error();
        assert_eq!(error["__typename"], "CapacityError");
        assert_eq!((&error["available"], &error["waitingListOpen"]), (&json!(0), &json!(true)));
        assert_eq!(scene.status(&late).await, "REQUESTED");
        assert_eq!(scene.offer(&late).await.done("/enrolment/waitingPosition"), 1);
    });
}

/// Three who wait in a full intake of one place: an early one, one with priority, a late one.
async fn queue(scene: &Scene<'_>) -> (Value, Value, [Value; 3]) {
    let first = json!([{ "characteristic": "ALCOHOL_DEPENDENCE", "points": 10 }]);
    let programme = scene.active(json!({ "priorities": first })).await;
    let intake = scene.intake(&programme, 1).await;
    let holder = scene.enrolled(&intake).await;
    let mut waiting = [Value::Null, Value::Null, Value::Null];
    for (no, enrolment) in waiting.iter_mut().enumerate() {
        let home = scene.home().await;
        if no == 1 {
            let kind = FamilyCharacteristic::AlcoholDependence;
            scene.stage.characteristic(home.id, kind).await;
        }
        *enrolment = scene.request(&intake, &home, &[]).await.done("/enrolment/id").clone();
        assert_eq!(scene.offer(enrolment).await.done("/enrolment/status"), "WAITLISTED");
    }
    (intake, holder, waiting)
}

#[test]
fn families_with_priority_come_first_then_who_asked_first() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let (_, holder, waiting) = queue(&scene).await;
        let mut positions = Vec::new();
        for enrolment in &waiting {
            let standing = scene.standing(enrolment, "waitingPosition priority").await;
            positions.push((standing["waitingPosition"].clone(), standing["priority"].clone()));
        }
        let expected =
            [(2, 0), (1, 10), (3, 0)].map(|(place, points)| (json!(place), json!(points)));
        assert_eq!(positions, expected);
        let mut leaving = holder;
        for next in [&waiting[1], &waiting[0], &waiting[2]] {
            let end = json!({ "id": leaving, "outcome": "MOVED", "endedOn": scene.day(0) });
            let answer = scene.send(&scene.partner, "enrolmentEnd", end, "clientMutationId").await;
            assert_eq!(answer.data("/result/userErrors"), &json!([]));
            assert_eq!(scene.status(next).await, "OFFERED", "by the same act");
            scene.answer(next, "ACCEPT").await.done("/enrolment/id");
            leaving = next.clone();
        }
    });
}

#[test]
fn a_place_that_is_declined_withdrawn_or_added_goes_to_who_waits_at_once() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let (intake, holder, waiting) = queue(&scene).await;
        let end = json!({ "id": holder, "outcome": "OTHER", "endedOn": scene.day(0) });
        scene.send(&scene.partner, "enrolmentEnd", end, "clientMutationId").await;
        assert_eq!(scene.status(&waiting[1]).await, "OFFERED");
        assert_eq!(
            scene.answer(&waiting[1], "DECLINE").await.done("/enrolment/status"),
            "WITHDRAWN"
        );
        assert_eq!(scene.status(&waiting[0]).await, "OFFERED");
        let withdraw = json!({ "id": waiting[0], "reason": "They moved." });
        scene.send(&scene.worker, "enrolmentWithdraw", withdraw, "clientMutationId").await;
        assert_eq!(scene.status(&waiting[2]).await, "OFFERED");
        let next = scene.requested(&intake).await;
        assert_eq!(scene.offer(&next).await.done("/enrolment/status"), "WAITLISTED");
        let grow = json!({ "id": intake, "expectedVersion": 1, "capacity": 2 });
        scene.send(&scene.partner, "intakeUpdate", grow, "intake { id }").await.done("/intake/id");
        assert_eq!(scene.status(&next).await, "OFFERED");
    });
}

#[test]
fn who_declines_may_go_on_waiting_behind_those_who_wait() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let intake = scene.intake(&scene.active(json!({})).await, 1).await;
        let first = scene.requested(&intake).await;
        scene.offer(&first).await.done("/enrolment/id");
        let second = scene.requested(&intake).await;
        scene.offer(&second).await.done("/enrolment/id");
        stage.wait(TimeDelta::minutes(1));
        let later = json!({ "id": first, "answer": "DECLINE", "keepWaiting": true });
        let answer = scene.send(&scene.worker, "enrolmentAnswer", later, ENROLMENT).await;
        assert_eq!(answer.done("/enrolment/status"), "WAITLISTED");
        assert_eq!(answer.done("/enrolment/waitingPosition"), 1);
        assert_eq!(scene.status(&second).await, "OFFERED");
    });
}

#[test]
fn an_offer_that_ran_out_holds_no_place_and_ends_when_the_place_is_given() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let intake = scene.intake(&scene.active(json!({})).await, 1).await;
        let first = scene.requested(&intake).await;
        scene.offer(&first).await.done("/enrolment/id");
        let held = "query Q($id: ID!) { node(id: $id) { ... on Intake { held } } }";
        let asks =
            async || stage.as_(&scene.worker).query_with(held, json!({ "id": intake })).await;
        assert_eq!(asks().await.data("/node/held"), 1);
        stage.wait(TimeDelta::days(14) + TimeDelta::seconds(1));
        assert_eq!(asks().await.data("/node/held"), 0);
        let second = scene.requested(&intake).await;
        assert_eq!(scene.offer(&second).await.done("/enrolment/status"), "OFFERED");
        assert_eq!(scene.status(&first).await, "EXPIRED");
        let again = scene.offer(&first).await;
        assert_eq!(again.refusal(), refused("NOT_FOUND", "input.id"), "it is seen no longer");
    });
}

#[test]
fn who_is_no_longer_eligible_when_a_place_is_offered_becomes_ineligible() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let rules = json!([{ "kind": "CHARACTERISTIC", "code": "DISPLACED" }]);
        let programme = scene.active(json!({ "eligibilityRules": rules })).await;
        let intake = scene.intake(&programme, 1).await;
        let home = scene.home().await;
        stage.characteristic(home.id, FamilyCharacteristic::Displaced).await;
        let enrolment = scene.request(&intake, &home, &[]).await.done("/enrolment/id").clone();
        let gone = entity::family_characteristic::Entity::delete_many();
        gone.exec(&stage.database.writer).await.unwrap();
        let answer = scene.offer(&enrolment).await;
        assert_eq!(answer.data("/result/userErrors"), &json!([]));
        let standing = scene.standing(&enrolment, "status statusReason closedAt").await;
        assert_eq!(standing["status"], "INELIGIBLE");
        assert_eq!(standing["statusReason"], "The family must have the characteristic DISPLACED.");
        assert!(standing["closedAt"].is_string());
        let rows = enrolment::Entity::find().all(&stage.database.reader).await.unwrap();
        assert_eq!(rows[0].status, EnrolmentStatus::Ineligible);
    });
}

#[test]
fn the_service_offers_by_itself_what_ran_out() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let intake = scene.intake(&scene.active(json!({})).await, 1).await;
        let first = scene.requested(&intake).await;
        scene.offer(&first).await.done("/enrolment/id");
        let second = scene.requested(&intake).await;
        assert_eq!(scene.offer(&second).await.done("/enrolment/status"), "WAITLISTED");
        let pass = || hearth::upkeep::pass(&stage.app);
        assert_eq!(pass().await.unwrap(), 0, "nothing is due yet");
        stage.wait(TimeDelta::days(15));
        assert_eq!(pass().await.unwrap(), 1);
        assert_eq!(scene.status(&first).await, "EXPIRED");
        assert_eq!(scene.status(&second).await, "OFFERED");
        assert_eq!(pass().await.unwrap(), 0, "and it is done once");
    });
}
