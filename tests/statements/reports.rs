//! Publishing a report: it counts each of its breakdowns once.

use serde_json::json;

use super::{Act, Ground};

pub fn acts(ground: &Ground<'_>) -> Vec<Act> {
    let (boss, period) = (&ground.boss, json!({ "since": "2025-01-01", "through": "2025-09-30" }));
    let publish = json!({ "period": period, "audience": "PUBLIC", "asOf": "2025-10-01T00:00:00Z" });
    vec![Act::new("snapshotPublish", "for everybody", boss, publish).within(60)]
}
