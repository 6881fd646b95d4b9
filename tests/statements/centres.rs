//! Centres, their units and places.

use entity::placement::PlacementStatus;
use serde_json::json;
use uuid::Uuid;

use super::{Act, Ground};
use crate::harness::world::id;

pub async fn acts(ground: &Ground<'_>) -> Vec<Act> {
    let (stage, boss) = (ground.stage, &ground.boss);
    let (office, area) = (&ground.office, &ground.area);
    let create = json!({ "id": id("centre", Uuid::now_v7()), "organisationId": id("organisation", office.id), "name": "House",
        "kind": "SHELTER", "regime": "RESIDENTIAL", "areaId": id("area", area.id),
        "address": "12 Reed Street", "isAddressProtected": true });
    let (centre, unit) = stage.centre(office, area, 4).await;
    let stay = stage.placement(&ground.home().await, (centre, unit), PlacementStatus::Admitted);
    stage.put(stay).await;
    let places = json!({ "unitId": id("unit", unit), "places": 2, "expectedVersion": 1 });
    let (closing, _) = stage.centre(office, area, 4).await;
    let suspend =
        json!({ "id": id("centre", closing), "expectedVersion": 1, "status": "SUSPENDED" });
    ground.done(boss, "centreUpdate", suspend).await;
    let close = json!({ "id": id("centre", closing), "expectedVersion": 2, "status": "CLOSED",
        "name": "House, closed", "isAddressProtected": false });
    let add = json!({ "id": id("unit", Uuid::now_v7()), "centreId": id("centre", centre), "name": "Mothers", "minAgeMonths": 0,
        "maxAgeMonths": 36, "sex": "FEMALE", "takesFamilies": true, "maxStayDays": 90 });
    let mut close = Act::new("centreUpdate", "closed, and its address shown", boss, close);
    close.scopes = &["restricted:read"];
    vec![
        Act::new("centreCreate", "at a protected address", boss, create),
        close,
        Act::new("unitCreate", "with all its limits", boss, add),
        Act::new("capacitySet", "in place of another", boss, places),
    ]
}
