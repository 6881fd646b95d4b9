//! Programmes, intakes and enrolments.

use entity::enrolment;
use entity::membership::Role;
use entity::organisation::OrganisationKind;
use entity::register::RegisterSubject;
use sea_orm::{ActiveModelTrait, ActiveValue::Set};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Act, Ground};
use crate::harness::programmes::Scene;
use crate::harness::world::id;

pub async fn acts(ground: &Ground<'_>) -> Vec<Act> {
    let stage = ground.stage;
    let mut scene = Scene::set(stage).await;
    scene.area = ground.area.clone();
    scene.office = ground.office.clone();
    scene.worker = ground.worker.clone();
    scene.canary = ground.canary;
    let mut acts = foundings(ground, &scene).await;
    acts.extend(intakes(&scene).await);
    acts.extend(requests(&scene).await);
    acts.extend(places(&scene).await);
    acts.extend(courses(&scene).await);
    acts
}

async fn foundings(ground: &Ground<'_>, scene: &Scene<'_>) -> Vec<Act> {
    let stage = scene.stage;
    let register = stage.register(&ground.code("R9"), RegisterSubject::Family, true).await;
    let prior = scene.active(json!({})).await;
    let mut full = scene.programme();
    let line = json!({ "year": 2026, "purpose": "Rooms", "amount": "1.00", "currency": "EUR" });
    let area = json!({ "areaId": id("area", ground.area.id), "since": ground.day(-9) });
    full["id"] = json!(id("programme", Uuid::now_v7()));
    full["budget"] = json!([line]);
    full["availability"] = json!([area]);
    full["stages"] = json!([
        { "name": "One", "ownerKind": "HEALTH", "requiresConsent": true },
        { "name": "Two", "ownerKind": "NGO", "prerequisiteNumber": 1, "relapseToNumber": 1 },
    ]);
    full["eligibilityRules"] = json!([
        { "kind": "AREA", "areaId": id("area", ground.area.id) },
        { "kind": "REGISTER", "registerId": id("register", register) },
        { "kind": "PRIOR_OUTCOME", "priorProgrammeId": prior },
    ]);
    full["priorities"] = json!([{ "characteristic": "ALCOHOL_DEPENDENCE", "points": 10 }]);
    let grown = scene.active(json!({})).await;
    let grow = json!({ "id": grown, "expectedVersion": 2, "name": "Y", "summary": "Z",
        "until": ground.day(900), "status": "SUSPENDED", "addBudget": [line],
        "addAvailability": [area] });
    let ending = scene.active(json!({})).await;
    let suspend = json!({ "id": ending, "expectedVersion": 2, "status": "SUSPENDED" });
    ground.done(&scene.admin, "programmeUpdate", suspend).await;
    let end = json!({ "id": ending, "expectedVersion": 3, "status": "ENDED" });
    vec![
        Act::new("programmeCreate", "with all its parts", &scene.admin, full),
        Act::new("programmeUpdate", "with parts that are added", &scene.admin, grow),
        Act::new("programmeUpdate", "ended", &scene.admin, end),
    ]
}

async fn intakes(scene: &Scene<'_>) -> Vec<Act> {
    let programme = scene.active(json!({})).await;
    let open = json!({ "id": id("intake", Uuid::now_v7()), "programmeId": programme, "name": "Spring", "opensOn": scene.day(0),
        "closesOn": scene.day(9), "startsOn": scene.day(9), "endsOn": scene.day(90),
        "capacity": 5, "hasWaitingList": true });
    let full = crowded(scene, &programme).await;
    let grow = json!({ "id": full, "expectedVersion": 1, "name": "Summer", "capacity": 3,
        "closesOn": scene.day(5), "endsOn": scene.day(95) });
    vec![
        Act::new("intakeOpen", "with all its days", &scene.partner, open),
        Act::new("intakeUpdate", "an offer ran out, two move up", &scene.partner, grow),
    ]
}

/// An intake of one place: an offer that ran out, and two who wait.
async fn crowded(scene: &Scene<'_>, programme: &Value) -> Value {
    let intake = scene.intake(programme, 1).await;
    let first = scene.requested(&intake).await;
    scene.offer(&first).await.done("/enrolment/id");
    for _ in 0..2 {
        let waiting = scene.requested(&intake).await;
        assert_eq!(scene.offer(&waiting).await.done("/enrolment/status"), "WAITLISTED");
    }
    run_out(scene, &first).await;
    intake
}

/// Lets an offer run out.
async fn run_out(scene: &Scene<'_>, enrolment: &Value) {
    let uuid = enrolment.as_str().unwrap().split_once('_').unwrap().1.parse().unwrap();
    let row = enrolment::ActiveModel {
        id: Set(uuid),
        offered_until: Set(Some(scene.stage.now())),
        ..Default::default()
    };
    row.update(&scene.stage.database.writer).await.unwrap();
}

async fn requests(scene: &Scene<'_>) -> Vec<Act> {
    let programme = scene
        .active(json!({ "enrolmentUnit": "PARENT_AND_CHILD",
            "eligibilityRules": [{ "kind": "AGE_MONTHS_RANGE", "minValue": 0 }],
            "priorities": [{ "characteristic": "LARGE_FAMILY", "points": 10 }] }))
        .await;
    let intake = scene.intake(&programme, 5).await;
    let home = scene.home().await;
    let accountable = scene.stage.worker(&scene.office, Role::Caseworker).await;
    let input = json!({ "id": id("enrolment", Uuid::now_v7()), "intakeId": intake,
        "familyId": id("family", home.id),
        "personIds": [id("person", home.parent), id("child", home.child)],
        "workerId": id("worker", accountable.id) });
    vec![Act::new("enrolmentRequest", "for another worker", &scene.worker, input)]
}

async fn places(scene: &Scene<'_>) -> Vec<Act> {
    let programme = scene.active(json!({})).await;
    let crowd = crowded(scene, &programme).await;
    let asked = scene.requested(&crowd).await;
    let queue = json!({ "id": asked, "expectedVersion": 1, "joinWaitingList": true });
    let lost = scene.requested(&scene.intake(&programme, 5).await).await;
    let mut acts =
        vec![Act::new("enrolmentOffer", "others run out and move up", &scene.partner, queue)];
    let offered = json!({ "id": lost, "expectedVersion": 1 });
    acts.push(Act::new("enrolmentOffer", "a place is free", &scene.partner, offered));
    for (mutation, what, mut input) in [
        (
            "enrolmentAnswer",
            "declined, another moves up",
            json!({ "answer": "DECLINE", "reason": "No time." }),
        ),
        ("enrolmentWithdraw", "of an offer, another moves up", json!({ "reason": "No time." })),
    ] {
        let intake = scene.intake(&programme, 2).await;
        let (stale, first) = (scene.requested(&intake).await, scene.requested(&intake).await);
        scene.offer(&stale).await.done("/enrolment/id");
        scene.offer(&first).await.done("/enrolment/id");
        for _ in 0..2 {
            let waiting = scene.requested(&intake).await;
            scene.offer(&waiting).await.done("/enrolment/id");
        }
        run_out(scene, &stale).await;
        input["id"] = first;
        input["expectedVersion"] = json!(2);
        acts.push(Act::new(mutation, what, &scene.worker, input));
    }
    acts
}

#[expect(clippy::too_many_lines, reason = "one entry a mutation")]
async fn courses(scene: &Scene<'_>) -> Vec<Act> {
    let (stage, worker) = (scene.stage, &scene.worker);
    let clinic = stage.agency("Clinic", OrganisationKind::Health).await;
    let programme = scene
        .active(json!({ "stages": [
            { "name": "One", "ownerKind": "HEALTH", "requiresConsent": true },
            { "name": "Two", "ownerKind": "HEALTH", "prerequisiteNumber": 1, "relapseToNumber": 1 },
        ] }))
        .await;
    let query = "query Q($id: ID!) { programme(id: $id) { stages { id } } }";
    let told = stage.as_(worker).query_with(query, json!({ "id": programme })).await;
    let stages: Vec<Value> =
        told.list("/programme/stages").iter().map(|stage| stage["id"].clone()).collect();
    let intake = scene.intake(&programme, 50).await;
    let step = |enrolment: &Value, stage: usize, kind: &str| {
        json!({ "id": enrolment, "stageId": stages[stage], "kind": kind,
            "occurredOn": scene.day(0), "organisationId": id("organisation", clinic.id) })
    };
    let mut begun = Vec::new();
    for _ in 0..5 {
        let home = scene.home().await;
        stage.consent(home.id, None).await;
        let asked = scene.request(&intake, &home, &[]).await.done("/enrolment/id").clone();
        scene.take(&asked).await;
        begun.push((asked, home));
    }
    let enter = step(&begun[0].0, 0, "ENTERED");
    for (asked, _) in &begun[1..] {
        scene.send(worker, "enrolmentAdvance", step(asked, 0, "ENTERED"), "clientMutationId").await;
    }
    let (relapsing, _) = &begun[1];
    for (no, kind) in [(0, "COMPLETED"), (1, "ENTERED")] {
        let input = step(relapsing, no, kind);
        scene.send(worker, "enrolmentAdvance", input, "clientMutationId").await;
    }
    let relapse = step(relapsing, 1, "RELAPSED");
    let suspend = json!({ "id": begun[2].0, "reason": "Ill." });
    let (paused, _) = &begun[3];
    let pause = json!({ "id": paused, "reason": "Ill." });
    scene.send(worker, "enrolmentSuspend", pause, "clientMutationId").await;
    let resume = json!({ "id": paused });
    let (attending, home) = &begun[4];
    let persons = json!([{ "personId": id("person", home.parent), "isPresent": true },
        { "personId": id("child", home.child), "isPresent": false }]);
    let attended = json!({ "id": attending, "heldOn": scene.day(0), "persons": persons });
    let mut earlier = attended.clone();
    earlier["persons"] = json!([{ "personId": id("person", home.parent), "isPresent": false }]);
    scene.send(&scene.partner, "attendanceRecord", earlier, "clientMutationId").await;
    let mut acts = vec![
        Act::new("enrolmentAdvance", "entered, with a consent", worker, enter),
        Act::new("enrolmentAdvance", "relapsed", worker, relapse),
        Act::new("enrolmentSuspend", "in progress", worker, suspend),
        Act::new("enrolmentResume", "suspended", worker, resume),
        Act::new("attendanceRecord", "corrected and added", &scene.partner, attended),
    ];
    acts.push(ending(scene, &scene.active(json!({})).await).await);
    acts
}

/// An end in a full intake in which an offer ran out, and two wait.
async fn ending(scene: &Scene<'_>, programme: &Value) -> Act {
    let intake = scene.intake(programme, 2).await;
    let (first, stale) = (scene.enrolled(&intake).await, scene.requested(&intake).await);
    scene.offer(&stale).await.done("/enrolment/id");
    for _ in 0..2 {
        let waiting = scene.requested(&intake).await;
        scene.offer(&waiting).await.done("/enrolment/id");
    }
    run_out(scene, &stale).await;
    let end = json!({ "id": first, "expectedVersion": 3, "outcome": "OTHER",
        "endedOn": scene.day(0), "reason": "They found work." });
    Act::new("enrolmentEnd", "two move up, visits are planned", &scene.worker, end)
}
