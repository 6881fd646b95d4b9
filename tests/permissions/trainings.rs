//! Trainings as they stand in a state, with what may be done with each.

use serde_json::json;

use super::ground::{Ground, Row};
use crate::harness::world::Person;

/// A training of the office, voided or not.
pub async fn training(ground: &Ground<'_>, _: &Person, is_voided: bool) -> Row {
    let client = ground.stage.as_(&ground.worker);
    let seminar = json!({ "topic": "x", "kind": "SEMINAR", "heldOn": ground.today(),
        "headcounts": [{ "organisationKind": "HEALTH", "participants": 1 }] });
    let made = client.mutate("trainingEventRecord", seminar, "trainingEvent { id }").await;
    let own = made.done("/trainingEvent/id").clone();
    let void = json!({ "id": own, "reason": "Recorded twice." });
    if is_voided {
        let selection = "trainingEvent { id }";
        let voided = client.mutate("trainingEventVoid", void.clone(), selection).await;
        voided.done("/trainingEvent/id");
    }
    let own = own.as_str().unwrap().to_owned();
    Row::new(own, vec![("canVoid", "trainingEventVoid", void)])
}
