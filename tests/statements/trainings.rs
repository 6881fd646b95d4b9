//! Trainings, recorded for a branch and voided.

use serde_json::json;
use uuid::Uuid;

use super::{Act, Ground};
use crate::harness::world::id;

pub async fn acts(ground: &Ground<'_>) -> Vec<Act> {
    let branch = ground.stage.organisation("Branch", Some(&ground.office)).await;
    let came = |kind: &str| json!({ "organisationKind": kind, "participants": 32 });
    let seminar = json!({ "topic": "Finding families together", "kind": "SEMINAR",
        "organiserId": id("organisation", branch.id), "heldOn": ground.day(-1),
        "headcounts": [came("EDUCATION"), came("HEALTH"), came("POLICE")] });
    let wrong = ground.done(&ground.worker, "trainingEventRecord", seminar.clone()).await;
    let mut full = seminar;
    full["id"] = json!(id("training", Uuid::now_v7()));
    let void = json!({ "id": wrong, "reason": "Recorded twice." });
    vec![
        Act::new("trainingEventRecord", "of a branch, three headcounts", &ground.worker, full),
        Act::new("trainingEventVoid", "by a supervisor", &ground.boss, void),
    ]
}
