//! Access in an emergency, and its review.

use entity::membership::Role;
use serde_json::json;

use super::{Act, Ground};
use crate::harness::world::id;

pub async fn acts(ground: &Ground<'_>) -> Vec<Act> {
    let stage = ground.stage;
    let elsewhere = stage.organisation("Elsewhere", None).await;
    let boss = stage.worker(&elsewhere, Role::Supervisor).await;
    let reviewer = stage.worker(&elsewhere, Role::Supervisor).await;
    let (home, other) = (ground.home().await, ground.home().await);
    let open = |subject: String| json!({ "subjectId": subject, "reason": "At night.", "hours": 24, "level": "FULL" });
    let taken = ground.done(&boss, "accessBreakGlass", open(id("family", other.id))).await;
    let review = json!({ "id": taken, "outcome": "UNJUSTIFIED", "note": "No need." });
    let child = open(id("child", home.child));
    let theirs = stage.household(&elsewhere, &ground.area, ground.canary).await;
    let short = json!({ "subjectId": id("family", theirs.id), "reason": "By day.", "hours": 1 });
    vec![
        Act::new("accessBreakGlass", "by the office", &ground.worker, short),
        Act::new("accessBreakGlass", "a child, in full", &boss, child),
        Act::new("accessBreakGlass", "a family, in full", &reviewer, open(id("family", home.id))),
        Act::new("breakGlassReview", "it ends at once", &reviewer, review),
    ]
}
