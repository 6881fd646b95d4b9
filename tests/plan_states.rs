//! The machines of plans and of measures through the API: from each state each move, and what may
//! be changed of a measure where.

use chrono::TimeDelta;
use entity::measure::MeasureStatus;
use entity::membership::Role;
use entity::plan::PlanStatus;
use entity::task::{self, TaskStatus};
use entity::{measure, plan, plan_sign_off};
use hearth::casework::state::Machine;
use sea_orm::{
    ActiveEnum, ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, Iterable, QueryFilter,
};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::world::{Branch, Household, Person, START, id};
use crate::harness::{Answer, Stage, run};

const SELECT: &str =
    "measure { version status result doneOn dueOn description responsible { id } }";

async fn scene(stage: &Stage) -> (Branch, Household, Person) {
    let area = stage.area("Area", None).await;
    let office = stage.organisation("Office", None).await;
    let home = stage.household(&office, &area, "X").await;
    let worker = stage.worker(&office, Role::Caseworker).await;
    (office, home, worker)
}

fn refusal(code: &str, path: &str) -> (String, String) {
    (code.to_owned(), path.to_owned())
}

/// Whether a move was made, or refused with exactly the moves that the machine has.
#[track_caller]
fn assert_follows<M: Machine + std::fmt::Debug>(answer: &Answer, from: M, to: M) {
    let error = &answer.data("/result/userErrors")[0];
    if from.may_become(to) {
        assert_eq!(error, &Value::Null, "{from:?} -> {to:?}");
    } else {
        assert_eq!(error["__typename"], "TransitionError", "{from:?} -> {to:?}");
        let allowed: Vec<_> = from.allowed().iter().map(ActiveEnum::to_value).collect();
        assert_eq!(error["allowed"], json!(allowed), "{from:?} -> {to:?}");
    }
}

#[test]
fn measures_move_as_their_machine_says() {
    run(async |stage| {
        let (office, home, worker) = scene(stage).await;
        let plan = stage.plan(&home, &office, 1, PlanStatus::Active).await;
        for from in MeasureStatus::iter() {
            for to in MeasureStatus::iter() {
                let row = stage.measure(&home, plan, &office, from).await;
                let update = json!({ "id": id("measure", row), "expectedVersion": 1,
                    "status": to.to_value(), "result": "Because." });
                let moved = stage.as_(&worker).mutate("measureUpdate", update, SELECT).await;
                assert_follows(&moved, from, to);
            }
        }
    });
}

#[test]
#[expect(clippy::too_many_lines, reason = "one story, told at once")]
fn plans_move_as_their_machine_says() {
    run(async |stage| {
        let (office, home, worker) = scene(stage).await;
        let client = stage.as_(&worker);
        let plan = stage.plan(&home, &office, 1, PlanStatus::Draft).await;
        let verbs = [
            ("planAgree", None, PlanStatus::Agreed),
            ("planActivate", None, PlanStatus::Active),
            ("planReview", Some("BEGIN"), PlanStatus::UnderReview),
            ("planReview", Some("CONTINUE"), PlanStatus::Active),
            ("planReview", Some("COMPLETE"), PlanStatus::Completed),
            ("planReview", Some("CANCEL"), PlanStatus::Cancelled),
        ];
        for from in PlanStatus::iter() {
            for (verb, outcome, to) in verbs {
                let as_it_stands = plan::ActiveModel {
                    id: Set(plan),
                    status: Set(from),
                    until: Set(None),
                    ..Default::default()
                };
                as_it_stands.update(&stage.database.writer).await.unwrap();
                let mut input = json!({ "planId": id("plan", plan) });
                if let Some(outcome) = outcome {
                    input["outcome"] = json!(outcome);
                    input["note"] = json!("Because.");
                } else if verb == "planAgree" {
                    input["familyAgreed"] = json!(true);
                    input["signOffs"] =
                        json!([{ "organisationId": id("organisation", office.id) }]);
                }
                let moved = client.mutate(verb, input, "plan { status }").await;
                if (from, outcome) == (PlanStatus::Agreed, Some("CONTINUE")) {
                    let expected = refusal("INVALID_STATE_TRANSITION", "input.outcome");
                    assert_eq!(moved.refusal(), expected);
                    assert_eq!(moved.user_error()["allowed"], json!(["ACTIVE", "CANCELLED"]));
                } else {
                    assert_follows(&moved, from, to);
                }
            }
        }
    });
}

#[test]
fn a_measure_is_carried_out_and_its_task_follows() {
    run(async |stage| {
        let (office, home, worker) = scene(stage).await;
        let client = stage.as_(&worker);
        let plan = stage.plan(&home, &office, 1, PlanStatus::Active).await;
        let row = stage.measure(&home, plan, &office, MeasureStatus::Planned).await;
        let own = id("measure", row);
        let today = stage.now().date_naive();
        let later = today + TimeDelta::days(60);
        let start = json!({ "id": own, "expectedVersion": 1, "status": "IN_PROGRESS",
            "dueOn": later });
        let begun = client.mutate("measureUpdate", start, SELECT).await;
        assert_eq!(begun.done("/measure/dueOn"), &json!(later));
        let due = async || {
            let tasks = task::Entity::find().filter(task::Column::SubjectId.eq(row));
            tasks.one(&stage.database.reader).await.unwrap().unwrap()
        };
        assert_eq!((due().await.status, due().await.due_on), (TaskStatus::Open, later));
        let done = json!({ "id": own, "expectedVersion": 2, "status": "DONE", "result": "Warm." });
        let early = START - TimeDelta::days(1);
        for (day, why) in
            [(early, "before the plan"), (today + TimeDelta::days(1), "in the future")]
        {
            let mut wrong = done.clone();
            wrong["doneOn"] = json!(day);
            let refused = client.mutate("measureUpdate", wrong, SELECT).await;
            assert_eq!(refused.refusal(), refusal("OUT_OF_RANGE", "input.doneOn"), "{why}");
        }
        let key = Uuid::now_v7();
        let finished = client.mutate_as(key, "measureUpdate", done.clone(), SELECT).await;
        assert_eq!(finished.done("/measure/doneOn"), &json!(today));
        assert_eq!(due().await.status, TaskStatus::Done);
        assert!(client.mutate_as(key, "measureUpdate", done, SELECT).await.replayed());

        let late = json!({ "id": own, "expectedVersion": 3, "dueOn": today });
        let refused = client.mutate("measureUpdate", late, SELECT).await;
        assert_eq!(refused.refusal(), refusal("INVALID_STATE_TRANSITION", "input.dueOn"));
        let words = json!({ "id": own, "expectedVersion": 3, "result": null });
        let words = client.mutate("measureUpdate", words, SELECT).await;
        assert_eq!(words.done("/measure/result"), &Value::Null);
    });
}

#[test]
fn of_two_workers_who_change_the_same_version_one_is_told_what_differs() {
    run(async |stage| {
        let (office, home, worker) = scene(stage).await;
        let other = stage.worker(&office, Role::Caseworker).await;
        let plan = stage.plan(&home, &office, 1, PlanStatus::Active).await;
        let row = stage.measure(&home, plan, &office, MeasureStatus::InProgress).await;
        let mut change = json!({ "id": id("measure", row), "expectedVersion": 1,
            "status": "DONE", "result": "Done." });
        stage.as_(&worker).mutate("measureUpdate", change.clone(), SELECT).await.done("/measure");
        change["status"] = json!("NOT_DONE");
        change["result"] = json!("They were away.");
        let refused = stage.as_(&other).mutate("measureUpdate", change, SELECT).await;
        let error = refused.user_error();
        assert_eq!(error["__typename"], "VersionConflictError");
        assert_eq!(error["currentVersion"], 2);
        assert_eq!(error["current"]["version"], 2);
        let mut fields: Vec<_> = error["conflictingFields"]
            .as_array()
            .unwrap()
            .iter()
            .map(|f| f.as_str().unwrap())
            .collect();
        fields.sort_unstable();
        assert_eq!(fields, ["result", "status"]);
        let kept = measure::Entity::find_by_id(row).one(&stage.database.reader).await;
        assert_eq!(kept.unwrap().unwrap().status, MeasureStatus::Done);
    });
}

#[test]
fn what_may_be_changed_of_a_measure_depends_on_its_plan() {
    run(async |stage| {
        let (office, home, worker) = scene(stage).await;
        let client = stage.as_(&worker);
        let school = stage.organisation("School", None).await;
        let plan = stage.plan(&home, &office, 1, PlanStatus::Draft).await;
        for status in PlanStatus::iter() {
            let as_it_stands =
                plan::ActiveModel { id: Set(plan), status: Set(status), ..Default::default() };
            as_it_stands.update(&stage.database.writer).await.unwrap();
            for (field, value) in [
                ("description", json!("Other words.")),
                ("responsibleId", json!(id("organisation", school.id))),
                ("dueOn", json!("2031-01-01")),
                ("status", json!("IN_PROGRESS")),
                ("result", json!("So far so good.")),
            ] {
                let row = stage.measure(&home, plan, &office, MeasureStatus::Planned).await;
                let mut input = json!({ "id": id("measure", row), "expectedVersion": 1 });
                input[field] = value;
                let answer = client.mutate("measureUpdate", input, SELECT).await;
                let is_agreed_on = matches!(field, "description" | "responsibleId");
                if status.allowed().is_empty() {
                    let expected = refusal("INVALID_STATE_TRANSITION", "input.id");
                    assert_eq!(answer.refusal(), expected, "{status:?} {field}");
                } else if is_agreed_on && status != PlanStatus::Draft {
                    let path = format!("input.{field}");
                    let expected = refusal("INVALID_STATE_TRANSITION", &path);
                    assert_eq!(answer.refusal(), expected, "{status:?} {field}");
                } else if field == "status"
                    && !matches!(status, PlanStatus::Active | PlanStatus::UnderReview)
                {
                    let expected = refusal("INVALID_STATE_TRANSITION", "input.status");
                    assert_eq!(answer.refusal(), expected, "{status:?}: not in force");
                } else {
                    assert_eq!(answer.done("/measure/version"), 2, "{status:?} {field}");
                }
            }
        }
    });
}

#[test]
fn whoever_answers_for_a_measure_of_a_draft_is_to_sign_it() {
    run(async |stage| {
        let (office, home, worker) = scene(stage).await;
        let client = stage.as_(&worker);
        let [school, clinic] =
            [stage.organisation("School", None).await, stage.organisation("Clinic", None).await];
        let plan = stage.plan(&home, &office, 1, PlanStatus::Draft).await;
        let row = stage.measure(&home, plan, &office, MeasureStatus::Planned).await;
        let signing = async || {
            let sign_offs =
                plan_sign_off::Entity::find().all(&stage.database.reader).await.unwrap();
            let mut ids: Vec<_> =
                sign_offs.iter().map(|sign_off| sign_off.organisation_id).collect();
            ids.sort_unstable();
            ids
        };
        let hand_over = async |version: i32, to: Uuid| {
            let input = json!({ "id": id("measure", row), "expectedVersion": version,
                "responsibleId": id("organisation", to) });
            stage.counted(client.mutate("measureUpdate", input, "measure { id }")).await
        };
        let (statements, answer) = hand_over(1, school.id).await;
        answer.done("/measure/id");
        assert!(statements <= 12, "{statements}: {:#?}", stage.said());
        assert_eq!(signing().await, [office.id, school.id]);
        hand_over(2, clinic.id).await.1.done("/measure/id");
        assert_eq!(signing().await, [office.id, clinic.id]);
        let (_, refused) = hand_over(3, Uuid::now_v7()).await;
        assert_eq!(refused.refusal(), refusal("NOT_FOUND", "input.responsibleId"));
    });
}

#[test]
fn a_reason_is_needed_and_what_cannot_be_cleared_is_not() {
    run(async |stage| {
        let (office, home, worker) = scene(stage).await;
        let plan = stage.plan(&home, &office, 1, PlanStatus::Draft).await;
        let row = stage.measure(&home, plan, &office, MeasureStatus::Planned).await;
        let today = stage.now().date_naive();
        for (field, value, code, path) in [
            ("status", json!("CANCELLED"), "REQUIRED", "input.result"),
            ("status", Value::Null, "REQUIRED", "input.status"),
            ("dueOn", Value::Null, "REQUIRED", "input.dueOn"),
            ("dueOn", json!("2024-12-31"), "OUT_OF_RANGE", "input.dueOn"),
            ("description", Value::Null, "REQUIRED", "input.description"),
            ("description", json!(" "), "REQUIRED", "input.description"),
            ("responsibleId", Value::Null, "REQUIRED", "input.responsibleId"),
            ("result", json!("x".repeat(10_001)), "TOO_LONG", "input.result"),
            ("doneOn", json!(today), "INVALID", "input.doneOn"),
        ] {
            let mut input = json!({ "id": id("measure", row), "expectedVersion": 1 });
            input[field] = value;
            let refused = stage.as_(&worker).mutate("measureUpdate", input, SELECT).await;
            assert_eq!(refused.refusal(), refusal(code, path), "{field}");
        }
    });
}
