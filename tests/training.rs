//! Trainings: recorded by who held them, read by everybody, voided with a reason, and listed.

use chrono::{NaiveDate, TimeDelta};
use entity::membership::Role;
use entity::organisation::{self, OrganisationKind, OrganisationStatus};
use entity::{audit_event, change, training_event, training_headcount};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use sea_orm::{Iterable, PaginatorTrait};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::world::{Branch, Person, id};
use crate::harness::{Answer, Stage, run};

const TRAINING: &str = "trainingEvent { id topic kind heldOn organiser { id } participants \
    headcounts { organisationKind participants } voidedAt voidReason \
    viewerPermissions { canVoid } }";

struct Scene<'s> {
    stage: &'s Stage,
    office: Branch,
    branch: Branch,
    worker: Person,
    boss: Person,
}

impl<'s> Scene<'s> {
    async fn set(stage: &'s Stage) -> Self {
        let office = stage.organisation("Office", None).await;
        let branch = stage.organisation("Branch", Some(&office)).await;
        let worker = stage.worker(&office, Role::Caseworker).await;
        let boss = stage.worker(&office, Role::Supervisor).await;
        Self { stage, office, branch, worker, boss }
    }

    fn day(&self, days: i64) -> NaiveDate {
        self.stage.today() + TimeDelta::days(days)
    }

    /// The seminar of AT-08.
    fn seminar(&self) -> Value {
        json!({ "topic": "Finding families together", "kind": "SEMINAR", "heldOn": self.day(-1),
            "headcounts": [came("SOCIAL_SERVICE", 24), came("EDUCATION", 60), came("HEALTH", 12)] })
    }

    fn with(&self, field: &str, value: Value) -> Value {
        let mut input = self.seminar();
        input[field] = value;
        input
    }

    async fn record(&self, by: &Person, input: Value) -> Answer {
        self.stage.as_(by).mutate("trainingEventRecord", input, TRAINING).await
    }

    /// A training that was recorded; its id.
    async fn recorded(&self, by: &Person, input: Value) -> Value {
        self.record(by, input).await.done("/trainingEvent/id").clone()
    }

    async fn void(&self, by: &Person, training: &Value) -> Answer {
        let input = json!({ "id": training, "reason": "Recorded twice." });
        self.stage.as_(by).mutate("trainingEventVoid", input, TRAINING).await
    }
}

fn came(kind: &str, participants: i32) -> Value {
    json!({ "organisationKind": kind, "participants": participants })
}

fn refused(code: &str, path: &str) -> (String, String) {
    (code.to_owned(), path.to_owned())
}

#[test]
fn at_08_a_seminar_had_96_participants() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let (client, key) = (stage.as_(&scene.worker), Uuid::now_v7());
        let mut input = scene.seminar();
        input["id"] = json!(id("training", Uuid::now_v7()));
        let send = || client.mutate_as(key, "trainingEventRecord", input.clone(), TRAINING);
        let made = send().await;
        assert_eq!(made.done("/trainingEvent/id"), &input["id"]);
        let again = send().await;
        assert!(again.replayed());
        let done = again.done("/trainingEvent");
        assert_eq!(done["participants"], 96);
        let own = json!({ "id": id("organisation", scene.office.id) });
        assert_eq!(done["organiser"], own);
        let sorted = [came("EDUCATION", 60), came("HEALTH", 12), came("SOCIAL_SERVICE", 24)];
        assert_eq!(done["headcounts"], json!(sorted));
        assert_eq!(done["viewerPermissions"], json!({ "canVoid": true }));
        let kept = training_headcount::Entity::find().count(&stage.database.reader).await;
        assert_eq!(kept.unwrap(), 3, "it was done once");
        let query = format!(
            "{{ mutationResult(clientMutationId: \"{key}\") {{ replayed \
             ... on TrainingEventPayload {{ trainingEvent {{ participants }} }} }} }}"
        );
        let told = client.query(&query).await;
        assert_eq!(told.data("/mutationResult/trainingEvent/participants"), 96);
    });
}

#[test]
fn everybody_who_is_signed_in_reads_it() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let training = scene.recorded(&scene.worker, scene.seminar()).await;
        let query = "query Q($id: ID!) { trainingEvent(id: $id) { topic participants
            viewerPermissions { canVoid } }
          node(id: $id) { id } trainingEvents { totalCount nodes { id } }
          accessDecision(nodeId: $id) { isVisible } }";
        let elsewhere = stage.organisation("School", None).await;
        for role in Role::iter() {
            let viewer = match role {
                Role::Integration => stage.machine(&elsewhere).await,
                role => stage.worker(&elsewhere, role).await,
            };
            let answer = stage.as_(&viewer).query_with(query, json!({ "id": training })).await;
            let seen = json!({ "topic": "Finding families together", "participants": 96,
                "viewerPermissions": { "canVoid": false } });
            assert_eq!(answer.data("/trainingEvent"), &seen, "{role:?}");
            assert_eq!(answer.data("/node/id"), &training);
            assert_eq!(answer.list("/trainingEvents/nodes"), [json!({ "id": training })]);
            assert_eq!(answer.data("/trainingEvents/totalCount"), 1);
            assert_eq!(answer.data("/accessDecision/isVisible"), true);
        }
    });
}

#[test]
fn who_held_it_is_the_viewers_organisation_or_an_active_branch_of_it() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let held_by = |of: Uuid| scene.with("organiserId", json!(id("organisation", of)));
        for of in [scene.office.id, scene.branch.id] {
            let made = scene.record(&scene.boss, held_by(of)).await;
            let organiser = json!(id("organisation", of));
            assert_eq!(made.done("/trainingEvent/organiser/id"), &organiser);
        }
        let helper = stage.worker(&scene.branch, Role::Caseworker).await;
        let elsewhere = refused("PERMISSION_DENIED", "input.organiserId");
        let answer = scene.record(&helper, held_by(scene.office.id)).await;
        assert_eq!(answer.refusal(), elsewhere, "it is above them");
        let school = stage.organisation("School", None).await;
        assert_eq!(scene.record(&scene.boss, held_by(school.id)).await.refusal(), elsewhere);
        let nowhere = scene.record(&scene.boss, held_by(Uuid::now_v7())).await;
        assert_eq!(nowhere.refusal(), refused("NOT_FOUND", "input.organiserId"));
        let status = Set(OrganisationStatus::Inactive);
        let shut =
            organisation::ActiveModel { id: Set(scene.branch.id), status, ..Default::default() };
        shut.update(&stage.database.writer).await.unwrap();
        let over = scene.record(&scene.boss, held_by(scene.branch.id)).await;
        assert_eq!(over.refusal(), refused("INVALID", "input.organiserId"));
    });
}

#[test]
fn what_makes_no_sense_is_refused_at_its_place() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let counted = |headcounts: Value| scene.with("headcounts", headcounts);
        let twice = json!([came("HEALTH", 1), came("HEALTH", 2)]);
        let cases = [
            (scene.with("topic", json!(" ")), "REQUIRED", "input.topic"),
            (scene.with("topic", json!("x".repeat(201))), "TOO_LONG", "input.topic"),
            (scene.with("topic", json!("x\u{7}")), "INVALID", "input.topic"),
            (scene.with("heldOn", json!(scene.day(1))), "OUT_OF_RANGE", "input.heldOn"),
            (scene.with("heldOn", json!("1899-12-31")), "OUT_OF_RANGE", "input.heldOn"),
            (counted(json!([])), "REQUIRED", "input.headcounts"),
            (counted(twice), "INVALID", "input.headcounts"),
            (
                counted(json!([came("NGO", 3), came("HEALTH", 0)])),
                "OUT_OF_RANGE",
                "input.headcounts.1.participants",
            ),
            (
                counted(json!([came("NGO", 100_001)])),
                "OUT_OF_RANGE",
                "input.headcounts.0.participants",
            ),
        ];
        for (input, code, path) in cases {
            let told = input.to_string();
            let answer = scene.record(&scene.worker, input).await;
            assert_eq!(answer.refusal(), refused(code, path), "{told}");
        }
        let kept = training_event::Entity::find().count(&stage.database.reader).await;
        assert_eq!(kept.unwrap(), 0, "nothing was kept of it");
        let mut most = scene.with("topic", json!("x".repeat(200)));
        most["heldOn"] = json!(scene.day(0));
        most["headcounts"] = json!([came("NGO", 100_000), came("POLICE", 1)]);
        let made = scene.record(&scene.worker, most).await;
        assert_eq!(made.done("/trainingEvent/participants"), 100_001);
    });
}

#[test]
fn those_who_work_with_families_record_and_void_it_and_nobody_else() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        for role in Role::iter() {
            let training = scene.recorded(&scene.worker, scene.seminar()).await;
            let viewer = match role {
                Role::Integration => stage.machine(&scene.office).await,
                role => stage.worker(&scene.office, role).await,
            };
            let made = scene.record(&viewer, scene.seminar()).await;
            let voided = scene.void(&viewer, &training).await;
            if matches!(role, Role::Caseworker | Role::Supervisor | Role::NgoWorker) {
                made.done("/trainingEvent/id");
                voided.done("/trainingEvent/voidedAt");
            } else {
                assert_eq!(made.code(), "FORBIDDEN", "{role:?}");
                assert_eq!(voided.code(), "FORBIDDEN", "{role:?}");
            }
        }
    });
}

#[test]
fn what_is_voided_counts_no_more_and_stays_on_record() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let ngo = stage.agency("NGO", OrganisationKind::Ngo).await;
        let partner = stage.worker(&ngo, Role::NgoWorker).await;
        let training = scene.recorded(&scene.worker, scene.seminar()).await;
        let theirs = scene.recorded(&partner, scene.seminar()).await;
        let elsewhere = scene.void(&partner, &training).await;
        assert_eq!(elsewhere.refusal(), refused("PERMISSION_DENIED", "input.id"));
        let nowhere = scene.void(&partner, &json!(id("training", Uuid::now_v7()))).await;
        assert_eq!(nowhere.refusal(), refused("NOT_FOUND", "input.id"));
        let silent = json!({ "id": training, "reason": " " });
        let silent = stage.as_(&scene.boss).mutate("trainingEventVoid", silent, TRAINING).await;
        assert_eq!(silent.refusal(), refused("REQUIRED", "input.reason"));

        let voided = scene.void(&scene.boss, &training).await;
        let voided = voided.done("/trainingEvent");
        assert!(voided["voidedAt"].is_string());
        assert_eq!(voided["voidReason"], "Recorded twice.");
        assert_eq!(voided["participants"], 96);
        assert_eq!(voided["viewerPermissions"], json!({ "canVoid": false }));
        let again = scene.void(&scene.boss, &training).await;
        assert_eq!(again.refusal(), refused("INVALID_STATE_TRANSITION", "input.id"));

        let query = "query Q($id: ID!) { trainingEvent(id: $id) { voidReason }
          trainingEvents { totalCount nodes { id } } }";
        let told = stage.as_(&partner).query_with(query, json!({ "id": training })).await;
        assert_eq!(told.data("/trainingEvent/voidReason"), "Recorded twice.");
        assert_eq!(told.list("/trainingEvents/nodes"), [json!({ "id": theirs })]);
        assert_eq!(told.data("/trainingEvents/totalCount"), 1);
        leaves_its_traces(stage, &training).await;
    });
}

/// A line in the feed and an event in the audit for each of the two changes.
async fn leaves_its_traces(stage: &Stage, training: &Value) {
    let hex = training.as_str().unwrap().split_once('_').unwrap().1.to_owned();
    let lines = change::Entity::find()
        .filter(change::Column::EntityId.eq(hex.parse::<Uuid>().unwrap()))
        .all(&stage.database.reader)
        .await
        .unwrap();
    assert_eq!(lines.len(), 2);
    assert!(lines.iter().all(|line| line.entity_kind == "training" && line.family_id.is_none()));
    let events = audit_event::Entity::find()
        .filter(audit_event::Column::EntityIds.eq(hex))
        .all(&stage.database.reader)
        .await
        .unwrap();
    let actions: Vec<_> = events.iter().map(|event| event.action.as_str()).collect();
    assert_eq!(actions, ["TRAINING_EVENT_RECORD", "TRAINING_EVENT_VOID"]);
}

#[test]
fn of_two_who_void_it_at_once_one_is_told_that_it_is() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        for _ in 0..3 {
            let training = scene.recorded(&scene.worker, scene.seminar()).await;
            let (one, other) = tokio::join!(
                scene.void(&scene.worker, &training),
                scene.void(&scene.boss, &training)
            );
            let (first, second) = if one.data("/result/trainingEvent").is_null() {
                (other, one)
            } else {
                (one, other)
            };
            first.done("/trainingEvent/voidedAt");
            assert_eq!(second.refusal(), refused("INVALID_STATE_TRANSITION", "input.id"));
        }
    });
}

const LIST: &str = "query Q($filter: TrainingEventFilter, $order: TrainingEventOrder,
    $first: Int, $after: String) {
  trainingEvents(filter: $filter, orderBy: $order, first: $first, after: $after) {
    totalCount nodes { id } pageInfo { hasNextPage endCursor } } }";

impl Scene<'_> {
    /// A course, a seminar before it, and between them a course of the branch; their ids.
    async fn three(&self) -> Vec<Value> {
        let (own, branch) = (&self.office, &self.branch);
        let mut ids = Vec::new();
        for (days, kind, by) in [(-3, "COURSE", own), (-9, "SEMINAR", own), (-5, "COURSE", branch)]
        {
            let mut input = self.with("heldOn", json!(self.day(days)));
            input["kind"] = json!(kind);
            input["organiserId"] = json!(id("organisation", by.id));
            ids.push(self.recorded(&self.boss, input).await);
        }
        ids
    }

    /// The ids on a page, and the page.
    async fn list(&self, variables: Value) -> (Vec<Value>, Value) {
        let answer = self.stage.as_(&self.worker).query_with(LIST, variables).await;
        let nodes = answer.list("/trainingEvents/nodes");
        let ids = nodes.iter().map(|node| node["id"].clone()).collect();
        (ids, answer.data("/trainingEvents").clone())
    }
}

#[test]
fn trainings_are_listed_by_organiser_days_and_kind() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let ids = scene.three().await;
        let [own, branch] = [&scene.office, &scene.branch].map(|of| id("organisation", of.id));
        let days = json!({ "since": scene.day(-9), "until": scene.day(-3) });
        let cases = [
            (json!({}), vec![0, 1, 2]),
            (json!({ "kindIn": ["COURSE"] }), vec![0, 2]),
            (json!({ "kindIn": ["CONFERENCE"] }), vec![]),
            (json!({ "organiserIdIn": [branch] }), vec![2]),
            (json!({ "heldOn": days }), vec![1, 2]),
            (json!({ "heldOn": days, "organiserIdIn": [own], "kindIn": ["SEMINAR"] }), vec![1]),
        ];
        for (filter, places) in cases {
            let expected: Vec<_> = places.into_iter().map(|at: usize| ids[at].clone()).collect();
            let (listed, page) = scene.list(json!({ "filter": filter })).await;
            assert_eq!(listed, expected, "{filter}");
            assert_eq!(page["totalCount"], expected.len(), "{filter}");
        }
    });
}

#[test]
fn trainings_are_paged_by_the_day_on_which_they_were_held() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let ids = scene.three().await;
        for (direction, expected) in [("ASC", [1, 2, 0]), ("DESC", [0, 2, 1])] {
            let order = json!({ "field": "HELD_ON", "direction": direction });
            let (mut after, mut paged) = (Value::Null, Vec::new());
            loop {
                let asked = json!({ "order": order, "first": 1, "after": after });
                let (listed, page) = scene.list(asked).await;
                paged.extend(listed);
                if page["pageInfo"]["hasNextPage"] == false {
                    break;
                }
                after = page["pageInfo"]["endCursor"].clone();
            }
            assert_eq!(paged, expected.map(|at: usize| ids[at].clone()), "{direction}");
        }
    });
}

#[test]
fn a_page_takes_the_same_statements_however_many_trainings_there_are() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let query = "{ trainingEvents(first: 50) { nodes { topic organiser { name } participants
            headcounts { participants } viewerPermissions { canVoid } } } }";
        let mut counts = Vec::new();
        for _ in 0..2 {
            for _ in 0..6 {
                scene.recorded(&scene.worker, scene.seminar()).await;
            }
            let (statements, answer) = stage.counted(stage.as_(&scene.worker).query(query)).await;
            assert_eq!(answer.list("/trainingEvents/nodes")[5]["participants"], 96);
            counts.push(statements);
        }
        assert_eq!(counts[0], counts[1]);
        assert!(counts[0] <= 5, "{counts:?}: {:#?}", stage.said());
    });
}
