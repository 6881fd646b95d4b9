//! The pathway from treatment through training to a job: consent first, one stage after the other,
//! one worker throughout, back after a relapse.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use entity::consent::{self, ConsentPurpose, ConsentStatus};
use entity::organisation::OrganisationKind;
use sea_orm::{ActiveModelTrait, ActiveValue::Set};
use serde_json::{Value, json};

use crate::harness::programmes::{Scene, refused};
use crate::harness::world::{Branch, Household, id};
use crate::harness::{Answer, run};

/// A pathway with its agencies.
struct Pathway<'s> {
    scene: Scene<'s>,
    intake: Value,
    stages: Vec<Value>,
    agencies: [Branch; 3],
}

impl<'s> Pathway<'s> {
    async fn set(stage: &'s crate::harness::Stage) -> Self {
        let scene = Scene::set(stage).await;
        let agencies = [
            stage.agency("Clinic", OrganisationKind::Health).await,
            stage.agency("School", OrganisationKind::Education).await,
            stage.agency("Job centre", OrganisationKind::Employment).await,
        ];
        let programme = scene
            .active(json!({ "kind": "TREATMENT_TO_WORK", "enrolmentUnit": "PERSON", "stages": [
                { "name": "Treatment", "ownerKind": "HEALTH", "requiresConsent": true },
                { "name": "Training", "ownerKind": "EDUCATION", "prerequisiteNumber": 1,
                    "relapseToNumber": 1 },
                { "name": "A job", "ownerKind": "EMPLOYMENT", "prerequisiteNumber": 2,
                    "relapseToNumber": 1 },
            ] }))
            .await;
        let query = "query Q($id: ID!) { programme(id: $id) { stages { id } } }";
        let told = stage.as_(&scene.worker).query_with(query, json!({ "id": programme })).await;
        let stages =
            told.list("/programme/stages").iter().map(|stage| stage["id"].clone()).collect();
        let intake = scene.intake(&programme, 20).await;
        Self { scene, intake, stages, agencies }
    }

    async fn begin(&self) -> (Value, Household) {
        let home = self.scene.home().await;
        let asked = self.scene.request(&self.intake, &home, &[home.parent]).await;
        let enrolment = asked.done("/enrolment/id").clone();
        self.scene.take(&enrolment).await;
        (enrolment, home)
    }

    async fn step(&self, enrolment: &Value, stage: usize, kind: &str) -> Answer {
        let agency = id("organisation", self.agencies[stage].id);
        let input = json!({ "id": enrolment, "stageId": self.stages[stage], "kind": kind,
            "occurredOn": self.scene.stage.today(), "organisationId": agency });
        let asked = "enrolment { status worker { id } stageEvents { kind stage { number }
            organisation { id } } }";
        self.scene.send(&self.scene.worker, "enrolmentAdvance", input, asked).await
    }

    async fn steps(&self, enrolment: &Value, steps: &[(usize, &str)]) -> Answer {
        let mut last = None;
        for (stage, kind) in steps {
            let answer = self.step(enrolment, *stage, kind).await;
            answer.done("/enrolment/status");
            last = Some(answer);
        }
        last.unwrap()
    }
}

/// What happened, in short.
fn course(answer: &Answer) -> Vec<(i64, String)> {
    let events = answer.done("/enrolment/stageEvents").as_array().unwrap();
    let short = |event: &Value| {
        let number = event["stage"]["number"].as_i64().unwrap();
        (number, event["kind"].as_str().unwrap().to_owned())
    };
    events.iter().map(short).collect()
}

#[test]
fn at_11_treatment_needs_consent_training_needs_treatment_and_the_worker_stays() {
    run(async |stage| {
        let pathway = Pathway::set(stage).await;
        let (enrolment, home) = pathway.begin().await;
        let answer = pathway.step(&enrolment, 0, "ENTERED").await;
        assert_eq!(answer.refusal(), refused("CONSENT_REQUIRED", "input.stageId"));
        assert_eq!(answer.user_error()["__typename"], "ConsentRequiredError");
        // One to something else is none.
        stage.answer((home.id, None), ConsentPurpose::Referral, ConsentStatus::Given).await;
        let answer = pathway.step(&enrolment, 0, "ENTERED").await;
        assert_eq!(answer.refusal(), refused("CONSENT_REQUIRED", "input.stageId"));
        stage.consent(home.id, Some(home.parent)).await;
        let answer = pathway.step(&enrolment, 0, "ENTERED").await;
        assert_eq!(answer.done("/enrolment/status"), "IN_PROGRESS");
        let answer = pathway.step(&enrolment, 1, "ENTERED").await;
        assert_eq!(answer.refusal(), refused("DEPENDENCY_FAILED", "input.stageId"));
        let told = answer.user_error()["message"].as_str().unwrap();
        assert!(told.contains("Treatment"), "{told}");
        let steps =
            [(0, "COMPLETED"), (1, "ENTERED"), (1, "COMPLETED"), (2, "ENTERED"), (2, "COMPLETED")];
        for step in steps {
            let answer = pathway.steps(&enrolment, &[step]).await;
            let worker = answer.done("/enrolment/worker/id");
            assert_eq!(worker, &id("worker", pathway.scene.worker.id));
        }
        let end = json!({ "id": enrolment, "outcome": "COMPLETED", "endedOn": stage.today() });
        let asked = "enrolment { status outcome worker { id } }";
        let worker = &pathway.scene.worker;
        let ended = pathway.scene.send(worker, "enrolmentEnd", end, asked).await;
        let expected = json!({ "status": "ENDED", "outcome": "COMPLETED",
            "worker": { "id": id("worker", pathway.scene.worker.id) } });
        assert_eq!(ended.done("/enrolment"), &expected);
    });
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table of courses and what they count")]
fn at_11_the_funnel_counts_each_stage() {
    run(async |stage| {
        let pathway = Pathway::set(stage).await;
        let courses: [&[(usize, &str)]; 4] = [
            &[(0, "ENTERED")],
            &[(0, "ENTERED"), (0, "DROPPED")],
            &[(0, "ENTERED"), (0, "COMPLETED"), (1, "ENTERED"), (1, "RELAPSED")],
            &[
                (0, "ENTERED"),
                (0, "COMPLETED"),
                (1, "ENTERED"),
                (1, "COMPLETED"),
                (2, "ENTERED"),
                (2, "COMPLETED"),
            ],
        ];
        for course in courses {
            let (enrolment, home) = pathway.begin().await;
            stage.consent(home.id, None).await;
            pathway.steps(&enrolment, course).await;
        }
        let query = "query Q($id: ID!) { node(id: $id) { ... on Intake { enrolments {
            stageEvents { kind stage { number } } } } } }";
        let client = stage.as_(&pathway.scene.worker);
        let told = client.query_with(query, json!({ "id": pathway.intake })).await;
        let mut funnel: BTreeMap<(i64, String), usize> = BTreeMap::new();
        for enrolment in told.list("/node/enrolments") {
            let mut own: Vec<(i64, String)> = Vec::new();
            for event in enrolment["stageEvents"].as_array().unwrap() {
                let number = event["stage"]["number"].as_i64().unwrap();
                own.push((number, event["kind"].as_str().unwrap().to_owned()));
            }
            own.sort();
            own.dedup();
            for step in own {
                *funnel.entry(step).or_default() += 1;
            }
        }
        let expected = [
            ((1, "COMPLETED"), 2),
            ((1, "DROPPED"), 1),
            ((1, "ENTERED"), 4),
            ((2, "COMPLETED"), 1),
            ((2, "ENTERED"), 2),
            ((2, "RELAPSED"), 1),
            ((3, "COMPLETED"), 1),
            ((3, "ENTERED"), 1),
        ];
        let expected = expected.map(|((number, kind), count)| ((number, kind.to_owned()), count));
        assert_eq!(funnel, BTreeMap::from(expected));
    });
}

#[test]
fn a_relapse_leads_back_to_treatment_and_training_waits_for_it_again() {
    run(async |stage| {
        let pathway = Pathway::set(stage).await;
        let (enrolment, home) = pathway.begin().await;
        let consent = stage.consent(home.id, None).await;
        let steps = [(0, "ENTERED"), (0, "COMPLETED"), (1, "ENTERED")];
        pathway.steps(&enrolment, &steps).await;
        set_withdrawn(&pathway.scene, consent).await;
        let refusal = pathway.step(&enrolment, 1, "RELAPSED").await.refusal();
        assert_eq!(refusal, refused("CONSENT_REQUIRED", "input.stageId"), "it begins anew");
        stage.consent(home.id, Some(home.parent)).await;
        let answer = pathway.step(&enrolment, 1, "RELAPSED").await;
        let last = course(&answer).split_off(3);
        assert_eq!(last, [(2, "RELAPSED".to_owned()), (1, "ENTERED".to_owned())]);
        let agencies = answer.done("/enrolment/stageEvents");
        let clinic = id("organisation", pathway.agencies[0].id);
        assert_eq!(agencies[4]["organisation"]["id"], clinic, "the one that treated before");
        let refusal = pathway.step(&enrolment, 1, "ENTERED").await.refusal();
        assert_eq!(refusal, refused("DEPENDENCY_FAILED", "input.stageId"));
        let steps = [(0, "COMPLETED"), (1, "ENTERED"), (1, "COMPLETED")];
        pathway.steps(&enrolment, &steps).await;
    });
}

async fn set_withdrawn(scene: &Scene<'_>, id: uuid::Uuid) {
    let row = consent::ActiveModel {
        id: Set(id),
        status: Set(ConsentStatus::Withdrawn),
        withdrawn_at: Set(Some(scene.stage.now())),
        ..Default::default()
    };
    row.update(&scene.stage.database.writer).await.unwrap();
}

#[test]
fn a_stage_is_entered_before_anything_comes_of_it_and_by_its_own_kind_of_agency() {
    run(async |stage| {
        let pathway = Pathway::set(stage).await;
        let (enrolment, home) = pathway.begin().await;
        stage.consent(home.id, None).await;
        for kind in ["COMPLETED", "DROPPED", "RELAPSED"] {
            let refusal = pathway.step(&enrolment, 0, kind).await.refusal();
            assert_eq!(refusal, refused("INVALID_STATE_TRANSITION", "input.kind"), "{kind}");
        }
        let school = id("organisation", pathway.agencies[1].id);
        let step = |agency: Option<&str>, days: i64| {
            json!({ "id": enrolment, "stageId": pathway.stages[0], "kind": "ENTERED",
                "occurredOn": stage.today() + TimeDelta::days(days), "organisationId": agency })
        };
        let clinic = id("organisation", pathway.agencies[0].id);
        for (input, code, path) in [
            (step(Some(&school), 0), "INVALID", "input.organisationId"),
            (step(None, 0), "REQUIRED", "input.organisationId"),
            (step(Some(&clinic), 1), "OUT_OF_RANGE", "input.occurredOn"),
            (step(Some(&clinic), -1), "OUT_OF_RANGE", "input.occurredOn"),
        ] {
            let worker = &pathway.scene.worker;
            let answer = pathway.scene.send(worker, "enrolmentAdvance", input, "replayed").await;
            assert_eq!(answer.refusal(), refused(code, path));
        }
        pathway.steps(&enrolment, &[(0, "ENTERED")]).await;
        let refusal = pathway.step(&enrolment, 0, "ENTERED").await.refusal();
        assert_eq!(refusal, refused("INVALID_STATE_TRANSITION", "input.kind"));
    });
}

#[test]
fn an_enrolment_is_paused_and_goes_on_with_its_place() {
    run(async |stage| {
        let pathway = Pathway::set(stage).await;
        let scene = &pathway.scene;
        let (enrolment, home) = pathway.begin().await;
        let pause = json!({ "id": enrolment, "reason": "In hospital." });
        let send = async |mutation: &str, input: Value| {
            let asked = "enrolment { status statusReason }";
            scene.send(&scene.worker, mutation, input, asked).await
        };
        let early = send("enrolmentSuspend", pause.clone()).await;
        assert_eq!(early.user_error()["allowed"], json!(["IN_PROGRESS", "ENDED"]));
        let early = send("enrolmentResume", json!({ "id": enrolment })).await;
        assert_eq!(early.user_error()["code"], "INVALID_STATE_TRANSITION");
        stage.consent(home.id, None).await;
        pathway.steps(&enrolment, &[(0, "ENTERED")]).await;
        let paused = send("enrolmentSuspend", pause).await;
        assert_eq!(paused.done("/enrolment/statusReason"), "In hospital.");
        let held = "query Q($id: ID!) { node(id: $id) { ... on Intake { held } } }";
        let client = stage.as_(&scene.worker);
        let told = client.query_with(held, json!({ "id": pathway.intake })).await;
        assert_eq!(told.data("/node/held"), 1);
        let refusal = pathway.step(&enrolment, 0, "COMPLETED").await.refusal();
        assert_eq!(refusal, refused("INVALID_STATE_TRANSITION", "input.id"));
        let resumed = send("enrolmentResume", json!({ "id": enrolment })).await;
        assert_eq!(resumed.done("/enrolment/status"), "IN_PROGRESS");
        pathway.steps(&enrolment, &[(0, "COMPLETED")]).await;
    });
}
