//! Asking for enrolments, who may, what opens and what ends, and the visits that follow.

use chrono::TimeDelta;
use entity::access_grant::{AccessLevel, GrantBasis};
use entity::case::{self, CaseStatus};
use entity::family_member::MemberRole;
use entity::membership::Role;
use sea_orm::{ActiveModelTrait, ActiveValue::Set};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::programmes::{ENROLMENT, Scene, refused};
use crate::harness::run;
use crate::harness::world::{Household, Person, START, id};

#[test]
fn who_takes_part_fits_who_enrols() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let home = scene.home().await;
        let stranger = stage.person("Y", START).await;
        let persons = [home.parent, home.child];
        for (unit, persons, refusal) in [
            ("FAMILY", &[][..], None),
            ("FAMILY", &persons, None),
            ("FAMILY", &[stranger], Some("input.personIds.0")),
            ("PERSON", &persons[..1], None),
            ("PERSON", &persons, Some("input.personIds")),
            ("PERSON", &[], Some("input.personIds")),
            ("PARENT_AND_CHILD", &persons, None),
            ("PARENT_AND_CHILD", &persons[..1], Some("input.personIds")),
            ("PARENT_AND_CHILD", &persons[1..], Some("input.personIds")),
        ] {
            let programme = scene.active(json!({ "enrolmentUnit": unit })).await;
            let intake = scene.intake(&programme, 5).await;
            let answer = scene.request(&intake, &home, persons).await;
            match refusal {
                Some(path) => assert_eq!(answer.refusal(), refused("INVALID", path), "{unit}"),
                None => assert_eq!(answer.done("/enrolment/status"), "REQUESTED", "{unit}"),
            }
        }
    });
}

#[test]
fn the_same_subject_is_not_enrolled_twice_in_one_intake() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let programme = scene.active(json!({ "enrolmentUnit": "PERSON" })).await;
        let intake = scene.intake(&programme, 5).await;
        let home = scene.home().await;
        let sibling = stage.member(home.id, MemberRole::Child, "Y", START).await;
        let first = scene.request(&intake, &home, &[home.child]).await;
        let first = first.done("/enrolment/id").clone();
        scene.request(&intake, &home, &[sibling]).await.done("/enrolment/id");
        let again = scene.request(&intake, &home, &[home.child]).await;
        assert_eq!(again.refusal(), refused("ALREADY_EXISTS", "input.intakeId"));
        let withdraw = json!({ "id": first, "reason": "They moved." });
        scene.send(&scene.worker, "enrolmentWithdraw", withdraw, "replayed").await;
        scene.request(&intake, &home, &[home.child]).await.done("/enrolment/id");
    });
}

#[test]
fn two_who_ask_for_the_same_at_once_come_to_one_enrolment() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let intake = scene.intake(&scene.active(json!({})).await, 5).await;
        let home = scene.home().await;
        let asks = (0..6).map(|_| scene.request(&intake, &home, &[]));
        let answers = futures_util::future::join_all(asks).await;
        let done = answers.iter().filter(|answer| !answer.data("/result/enrolment").is_null());
        assert_eq!(done.count(), 1);
        for answer in answers.iter().filter(|answer| answer.data("/result/enrolment").is_null()) {
            assert_eq!(answer.refusal(), refused("ALREADY_EXISTS", "input.intakeId"));
        }
    });
}

#[test]
fn an_intake_takes_requests_on_its_days_only() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let programme = scene.active(json!({})).await;
        for (opens, closes, is_open) in
            [(1, None, false), (0, None, true), (-9, Some(0), true), (-9, Some(-1), false)]
        {
            let input = json!({ "programmeId": programme, "name": "Term",
                "opensOn": scene.day(opens), "closesOn": closes.map(|days| scene.day(days)),
                "startsOn": scene.day(0), "capacity": 5 });
            let asked = "intake { id viewerPermissions { canRequestEnrolment } }";
            let made = scene.send(&scene.partner, "intakeOpen", input, asked).await;
            let told = made.done("/intake/viewerPermissions/canRequestEnrolment");
            assert_eq!(told, is_open, "{opens} {closes:?}");
            let home = scene.home().await;
            let answer = scene.request(made.done("/intake/id"), &home, &[]).await;
            if is_open {
                answer.done("/enrolment/id");
            } else {
                let shut = refused("INVALID_STATE_TRANSITION", "input.intakeId");
                assert_eq!(answer.refusal(), shut);
            }
        }
    });
}

#[test]
fn a_request_is_done_once_and_decided_on_the_version_that_was_seen() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let intake = scene.intake(&scene.active(json!({})).await, 5).await;
        let home = scene.home().await;
        let input = json!({ "intakeId": intake, "familyId": id("family", home.id) });
        let (key, client) = (Uuid::now_v7(), stage.as_(&scene.worker));
        let first = client.mutate_as(key, "enrolmentRequest", input.clone(), ENROLMENT).await;
        let again = client.mutate_as(key, "enrolmentRequest", input, ENROLMENT).await;
        assert!(again.replayed());
        let enrolment = first.done("/enrolment/id").clone();
        assert_eq!(again.done("/enrolment/id"), &enrolment);
        let late = json!({ "id": enrolment, "expectedVersion": 7 });
        let answer = scene.send(&scene.partner, "enrolmentOffer", late, ENROLMENT).await;
        assert_eq!(answer.user_error()["code"], "VERSION_CONFLICT");
        assert_eq!(answer.user_error()["current"]["version"], 1);
    });
}

#[test]
fn only_who_leads_the_family_or_runs_the_programme_moves_its_enrolment() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let intake = scene.intake(&scene.active(json!({})).await, 5).await;
        let home = scene.home().await;
        let other = stage.organisation("Neighbour", None).await;
        let neighbour = stage.worker(&other, Role::Caseworker).await;
        stage.grant(&other, home.id, AccessLevel::Full, GrantBasis::Referral, home.case).await;
        let input = json!({ "intakeId": intake, "familyId": id("family", home.id) });
        for stranger in [&neighbour, &scene.partner] {
            let answer = scene.send(stranger, "enrolmentRequest", input.clone(), ENROLMENT).await;
            assert_eq!(answer.refusal(), refused("NOT_FOUND", "input.familyId"));
        }
        let enrolment = scene.request(&intake, &home, &[]).await.done("/enrolment/id").clone();
        let offer = json!({ "id": enrolment });
        for stranger in [&neighbour, &scene.worker] {
            let answer = scene.send(stranger, "enrolmentOffer", offer.clone(), ENROLMENT).await;
            assert_eq!(answer.refusal(), refused("PERMISSION_DENIED", "input.id"));
        }
        scene.offer(&enrolment).await.done("/enrolment/id");
        let accept = json!({ "id": enrolment, "answer": "ACCEPT" });
        let answer = scene.send(&neighbour, "enrolmentAnswer", accept, ENROLMENT).await;
        assert_eq!(answer.refusal(), refused("PERMISSION_DENIED", "input.id"));
        let offers = "viewerPermissions { canOffer canAnswer canWithdraw canSuspend canResume
            canAdvance canEnd canRecordAttendance }";
        let may = scene.standing(&enrolment, offers).await["viewerPermissions"].clone();
        let expected = json!({ "canOffer": false, "canAnswer": true, "canWithdraw": true,
            "canSuspend": false, "canResume": false, "canAdvance": false, "canEnd": false,
            "canRecordAttendance": false });
        assert_eq!(may, expected);
    });
}

/// What somebody finds of a family, by every root that leads to it.
async fn found(scene: &Scene<'_>, by: &Person, home: &Household, intake: &Value) -> Vec<Value> {
    let query = "query Q($family: ID!, $intake: ID!) {
        family(id: $family) { id }
        node(id: $family) { id }
        families { totalCount nodes { id } }
        intake: node(id: $intake) { ... on Intake { enrolments { id }
            programme { enrolments { id } } } }
    }";
    let variables = json!({ "family": id("family", home.id), "intake": intake });
    let answer = scene.stage.as_(by).query_with(query, variables).await;
    let places = ["/family", "/node", "/families", "/intake"];
    places.map(|place| answer.data(place).clone()).to_vec()
}

#[test]
fn the_programme_sees_the_family_while_the_enrolment_lasts_and_not_after() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let programme = scene.active(json!({})).await;
        let intake = scene.intake(&programme, 5).await;
        let home = scene.home().await;
        let family = json!({ "id": id("family", home.id) });
        let nothing = found(&scene, &scene.partner, &home, &intake).await;
        assert_eq!(nothing[2]["totalCount"], 0);
        let enrolment = scene.request(&intake, &home, &[]).await.done("/enrolment/id").clone();
        scene.take(&enrolment).await;
        stage.wait(TimeDelta::days(30));
        let seen = found(&scene, &scene.partner, &home, &intake).await;
        assert_eq!((&seen[0], &seen[1]), (&family, &family), "an accepted offer does not run out");
        assert_eq!(seen[2]["totalCount"], 1);
        assert_eq!(seen[3]["enrolments"], json!([{ "id": enrolment }]));
        let label = "query Q($id: ID!) { family(id: $id) { label redactedFields } }";
        let told = stage.as_(&scene.partner).query_with(label, family.clone()).await;
        assert_eq!(told.data("/family/label"), &Value::Null, "what serving it needs, no more");
        let end = json!({ "id": enrolment, "outcome": "OTHER", "endedOn": stage.today() });
        let answer = scene.send(&scene.partner, "enrolmentEnd", end, ENROLMENT).await;
        assert_eq!(answer.data("/result/userErrors"), &json!([]));
        assert_eq!(answer.data("/result/enrolment"), &Value::Null);
        let after = found(&scene, &scene.partner, &home, &intake).await;
        assert_eq!((&after[0], &after[1]), (&Value::Null, &Value::Null));
        assert_eq!(after[2], json!({ "totalCount": 0, "nodes": [] }));
        assert_eq!(after[3]["enrolments"], json!([]));
        assert_eq!(after[3]["programme"]["enrolments"], json!([]));
        assert_eq!(scene.status(&enrolment).await, "ENDED");
    });
}

#[test]
fn a_partner_makes_what_was_shared_with_it_no_more_lasting_by_enrolling() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let intake = scene.intake(&scene.active(json!({})).await, 5).await;
        let home = scene.home().await;
        let until = Some(stage.now() + TimeDelta::days(3));
        let (level, basis) = (AccessLevel::ServiceOnly, GrantBasis::Referral);
        stage.grant_until(&scene.ngo, Some(home.id), None, level, basis, home.case, until).await;
        let input = json!({ "intakeId": intake, "familyId": id("family", home.id) });
        let asked = scene.send(&scene.partner, "enrolmentRequest", input, ENROLMENT).await;
        scene.take(asked.done("/enrolment/id")).await;
        let seen = found(&scene, &scene.partner, &home, &intake).await;
        assert_eq!(seen[2]["totalCount"], 1);
        stage.wait(TimeDelta::days(4));
        let after = found(&scene, &scene.partner, &home, &intake).await;
        assert_eq!(after[2]["totalCount"], 0, "the referral is over, and so is what it showed");
        assert_eq!(scene.status(asked.done("/enrolment/id")).await, "ENROLLED");
    });
}

#[test]
fn an_offer_that_nobody_answers_ends_what_the_programme_sees() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let intake = scene.intake(&scene.active(json!({})).await, 5).await;
        let home = scene.home().await;
        let enrolment = scene.request(&intake, &home, &[]).await.done("/enrolment/id").clone();
        scene.offer(&enrolment).await.done("/enrolment/offeredUntil");
        let seen = found(&scene, &scene.partner, &home, &intake).await;
        assert_eq!(seen[2]["totalCount"], 1);
        stage.wait(TimeDelta::days(15));
        let after = found(&scene, &scene.partner, &home, &intake).await;
        assert_eq!(after[2]["totalCount"], 0);
        let late = scene.answer(&enrolment, "ACCEPT").await;
        assert_eq!(late.refusal(), refused("OUT_OF_RANGE", "input.id"));
    });
}

async fn close_case(scene: &Scene<'_>, home: &Household) {
    let row = case::ActiveModel {
        id: Set(home.case),
        status: Set(CaseStatus::Closed),
        closed_on: Set(Some(scene.stage.today())),
        ..Default::default()
    };
    row.update(&scene.stage.database.writer).await.unwrap();
}

#[test]
fn visits_after_the_end_are_made_by_the_accountable_worker_though_the_case_is_closed() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let intake = scene.intake(&scene.active(json!({})).await, 5).await;
        let home = scene.home().await;
        let enrolment = scene.request(&intake, &home, &[]).await.done("/enrolment/id").clone();
        scene.take(&enrolment).await;
        let end = json!({ "id": enrolment, "outcome": "OTHER", "endedOn": scene.day(0) });
        let asked = "enrolment { status worker { id }
            followUpVisits { id purpose status scheduledFor worker { id } enrolment { id } } }";
        let answer = scene.send(&scene.worker, "enrolmentEnd", end, asked).await;
        let visits = answer.done("/enrolment/followUpVisits").as_array().unwrap().clone();
        let days: Vec<_> = visits.iter().map(|visit| visit["scheduledFor"].clone()).collect();
        let expected = [3, 6, 12].map(|months| json!(stage.today() + chrono::Months::new(months)));
        assert_eq!(days, expected);
        for visit in &visits {
            assert_eq!(visit["worker"]["id"], id("worker", scene.worker.id));
            assert_eq!(visit["purpose"], "FOLLOW_UP");
            assert_eq!(visit["enrolment"]["id"], enrolment);
        }
        close_case(&scene, &home).await;
        stage.wait(TimeDelta::days(95));
        let query = "query Q($id: ID!) { node(id: $id) { ... on Visit {
            status case { id } viewerPermissions { canRecord } } } }";
        let client = stage.as_(&scene.worker);
        let told = client.query_with(query, json!({ "id": visits[0]["id"] })).await;
        let expected = json!({ "status": "SCHEDULED", "case": null,
            "viewerPermissions": { "canRecord": true } });
        assert_eq!(told.data("/node"), &expected);
        let made = json!({ "id": visits[0]["id"], "outcome": "COMPLETED",
            "visitedAt": stage.now(), "note": "They do well.",
            "children": [{ "personId": id("child", home.child), "seen": true }] });
        let answer = scene.send(&scene.worker, "visitRecord", made, "visit { status }").await;
        assert_eq!(answer.done("/visit/status"), "COMPLETED");
    });
}

#[test]
fn who_left_or_moved_is_not_followed_by_the_programme() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let intake = scene.intake(&scene.active(json!({})).await, 9).await;
        for (outcome, visits) in [("DROPPED_OUT", 0), ("MOVED", 0), ("EXCLUDED", 0), ("OTHER", 3)] {
            let enrolment = scene.enrolled(&intake).await;
            let end = json!({ "id": enrolment, "outcome": outcome, "endedOn": scene.day(0) });
            let asked = "enrolment { followUpVisits { id } }";
            let answer = scene.send(&scene.worker, "enrolmentEnd", end, asked).await;
            let planned = answer.done("/enrolment/followUpVisits").as_array().unwrap().len();
            assert_eq!(planned, visits, "{outcome}");
        }
        let enrolment = scene.enrolled(&intake).await;
        let end = json!({ "id": enrolment, "outcome": "COMPLETED", "endedOn": scene.day(0) });
        let answer = scene.send(&scene.worker, "enrolmentEnd", end, "replayed").await;
        assert_eq!(answer.refusal(), refused("INVALID", "input.outcome"), "it never began");
    });
}

#[test]
fn attendance_is_recorded_by_the_programme_and_corrected_on_the_same_day() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let intake = scene.intake(&scene.active(json!({})).await, 5).await;
        let home = scene.home().await;
        let stranger = stage.person("Y", START).await;
        let enrolment = scene.request(&intake, &home, &[]).await.done("/enrolment/id").clone();
        let record = async |by: &Person, persons: &[(Uuid, bool)]| {
            let persons: Vec<Value> = persons
                .iter()
                .map(|(person, there)| json!({ "personId": id("person", *person), "isPresent": there }))
                .collect();
            let input = json!({ "id": enrolment, "heldOn": scene.day(0), "persons": persons });
            let asked = "enrolment { version attendance { person { id } heldOn isPresent } }";
            scene.send(by, "attendanceRecord", input, asked).await
        };
        let early = record(&scene.partner, &[(home.parent, true)]).await;
        assert_eq!(early.refusal(), refused("INVALID_STATE_TRANSITION", "input.id"));
        scene.take(&enrolment).await;
        record(&scene.partner, &[(home.parent, true)]).await.done("/enrolment/version");
        let both = record(&scene.partner, &[(home.parent, false), (home.child, true)]).await;
        let attendance = both.done("/enrolment/attendance").as_array().unwrap();
        assert_eq!(attendance.len(), 2);
        for row in attendance {
            let is_child = row["person"]["id"] == id("person", home.child);
            assert_eq!(row["isPresent"], is_child);
        }
        let answer = record(&scene.partner, &[(stranger, true)]).await;
        assert_eq!(answer.refusal(), refused("NOT_FOUND", "input.persons.0.personId"));
        let answer = record(&scene.worker, &[(home.parent, true)]).await;
        assert_eq!(answer.refusal(), refused("PERMISSION_DENIED", "input.id"));
    });
}
