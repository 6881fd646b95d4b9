//! Centres as they are recorded, opened and closed, their units and places.

use chrono::TimeDelta;
use entity::capacity_period;
use entity::membership::Role;
use entity::placement::PlacementStatus;
use sea_orm::{ActiveValue::Set, EntityTrait, QueryOrder};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::world::{Branch, Person, id};
use crate::harness::{Answer, Stage, run};

struct Scene<'s> {
    stage: &'s Stage,
    area: Branch,
    provider: Branch,
    admin: Person,
}

const CENTRE: &str = "centre { id version status name address isAddressProtected \
    viewerPermissions { canUpdate canAddUnit } }";

impl<'s> Scene<'s> {
    async fn set(stage: &'s Stage) -> Self {
        let area = stage.area("Area", None).await;
        let provider = stage.organisation("Provider", None).await;
        let admin = stage.worker(&provider, Role::Admin).await;
        Self { stage, area, provider, admin }
    }

    fn centre(&self) -> Value {
        json!({ "organisationId": id("organisation", self.provider.id), "name": "House",
            "kind": "SHELTER", "regime": "RESIDENTIAL", "areaId": id("area", self.area.id),
            "address": "12 Reed Street" })
    }

    async fn send(&self, mutation: &str, input: Value, selection: &str) -> Answer {
        self.stage.as_(&self.admin).mutate(mutation, input, selection).await
    }

    /// Moves a centre, and says where it stands then.
    async fn to(&self, centre: &Value, version: i32, status: &str) -> Answer {
        let input = json!({ "id": centre, "expectedVersion": version, "status": status });
        self.send("centreUpdate", input, CENTRE).await
    }
}

fn refused(code: &str, path: &str) -> (String, String) {
    (code.to_owned(), path.to_owned())
}

#[test]
fn a_centre_is_planned_opened_suspended_and_closed() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let made = scene.send("centreCreate", scene.centre(), CENTRE).await;
        let centre = made.done("/centre/id").clone();
        assert_eq!(made.done("/centre/status"), "PLANNED");
        let both = json!({ "canUpdate": true, "canAddUnit": true });
        assert_eq!(made.done("/centre/viewerPermissions"), &both);
        let early = scene.to(&centre, 1, "CLOSED").await;
        assert_eq!(early.user_error()["allowed"], json!(["OPEN"]));
        for (version, status) in [(1, "OPEN"), (2, "SUSPENDED"), (3, "OPEN"), (4, "SUSPENDED")] {
            assert_eq!(scene.to(&centre, version, status).await.done("/centre/status"), status);
        }
        let late = scene.to(&centre, 1, "CLOSED").await;
        assert_eq!(late.user_error()["conflictingFields"], json!(["status"]));
        let closed = scene.to(&centre, 5, "CLOSED").await;
        let one = json!({ "canUpdate": true, "canAddUnit": false });
        assert_eq!(closed.done("/centre/viewerPermissions"), &one);
        let unit = json!({ "centreId": centre, "name": "Group" });
        let refusal = scene.send("unitCreate", unit, "").await.refusal();
        assert_eq!(refusal, refused("INVALID_STATE_TRANSITION", "input.centreId"));
    });
}

#[test]
fn a_protected_address_is_hidden_at_once_and_shown_by_who_may_read_it() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let made = scene.send("centreCreate", scene.centre(), CENTRE).await;
        let centre = made.done("/centre/id").clone();
        assert_eq!(made.done("/centre/address"), "12 Reed Street");
        let protect = |version: i32, is_protected: bool| json!({ "id": centre, "expectedVersion": version, "isAddressProtected": is_protected });
        let hidden = scene.send("centreUpdate", protect(1, true), CENTRE).await;
        assert_eq!(hidden.done("/centre/address"), &Value::Null);
        let refusal = scene.send("centreUpdate", protect(2, false), CENTRE).await.refusal();
        assert_eq!(refusal, refused("PERMISSION_DENIED", "input.isAddressProtected"));
        let reader = stage.as_with(&scene.admin, &["restricted:read"]);
        let shown = reader.mutate("centreUpdate", protect(2, false), CENTRE).await;
        assert_eq!(shown.done("/centre/address"), "12 Reed Street");
    });
}

#[test]
fn a_centre_in_which_somebody_holds_a_place_is_not_closed() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let place = stage.centre(&scene.provider, &scene.area, 4).await;
        let centre = json!(id("centre", place.0));
        scene.to(&centre, 1, "SUSPENDED").await.done("/centre/id");
        let home = stage.household(&scene.provider, &scene.area, "X").await;
        for status in
            [PlacementStatus::Reserved, PlacementStatus::Admitted, PlacementStatus::OnLeave]
        {
            let stay = stage.placement(&home, place, status);
            let stay_id = stay.id.clone().unwrap();
            stage.put(stay).await;
            let refusal = scene.to(&centre, 2, "CLOSED").await.refusal();
            assert_eq!(refusal, refused("DEPENDENCY_FAILED", "input.status"), "{status:?}");
            let gone = entity::placement::ActiveModel {
                id: Set(stay_id),
                status: Set(PlacementStatus::Cancelled),
                ..Default::default()
            };
            sea_orm::ActiveModelTrait::update(gone, &stage.database.writer).await.unwrap();
        }
        // A reservation that ran out holds nothing.
        stage.put(stage.placement(&home, place, PlacementStatus::Reserved)).await;
        stage.wait(TimeDelta::days(2));
        assert_eq!(scene.to(&centre, 2, "CLOSED").await.done("/centre/status"), "CLOSED");
    });
}

#[test]
fn fewer_places_than_are_held_come_on_a_later_day_only() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let place = stage.centre(&scene.provider, &scene.area, 4).await;
        for canary in ["X", "Y"] {
            let home = stage.household(&scene.provider, &scene.area, canary).await;
            stage.put(stage.placement(&home, place, PlacementStatus::Admitted)).await;
        }
        let set = |places: i32, since: Option<i64>| {
            let since = since.map(|days| stage.today() + TimeDelta::days(days));
            json!({ "unitId": id("unit", place.1), "places": places, "since": since })
        };
        let refusal = scene.send("capacitySet", set(1, None), "").await;
        assert_eq!(refusal.refusal(), refused("CAPACITY_EXCEEDED", "input.places"));
        let told = refusal.user_error()["message"].as_str().unwrap();
        assert!(told.starts_with("2 places are held today"), "{told}");
        for (places, since) in [(2, None), (3, None), (1, Some(7)), (0, Some(7))] {
            let done = scene.send("capacitySet", set(places, since), "unit { id }").await;
            done.done("/unit/id");
        }
        for (since, path) in [(-1, "input.since"), (6, "input.since")] {
            let refusal = scene.send("capacitySet", set(5, Some(since)), "").await.refusal();
            assert_eq!(refusal, refused("OUT_OF_RANGE", path), "{since}");
        }
        let periods = capacity_period::Entity::find().order_by_asc(capacity_period::Column::Since);
        let periods = periods.all(&stage.database.reader).await.unwrap();
        let places: Vec<_> = periods.iter().map(|period| period.places).collect();
        assert_eq!(places, [4, 3, 0], "what was corrected on the same day stands once");
        for pair in periods.windows(2) {
            assert_eq!(pair[0].until, Some(pair[1].since));
        }
        assert_eq!(periods[2].until, None);
    });
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table of what is refused")]
fn what_makes_no_sense_or_is_run_by_others_is_refused() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let elsewhere = stage.organisation("Elsewhere", None).await;
        let theirs = stage.centre(&elsewhere, &scene.area, 4).await;
        let own = stage.centre(&scene.provider, &scene.area, 4).await;
        let with = |field: &str, value: Value| {
            let mut input = scene.centre();
            input[field] = value;
            input
        };
        let unit = |centre: Uuid, min: i32, max: i32| {
            json!({ "centreId": id("centre", centre), "name": "Group", "minAgeMonths": min,
                "maxAgeMonths": max })
        };
        let places =
            |unit: Uuid, places: i32| json!({ "unitId": id("unit", unit), "places": places });
        let other = json!(id("organisation", elsewhere.id));
        let rename = json!({ "id": id("centre", theirs.0), "expectedVersion": 1, "name": "Ours" });
        let cases = [
            ("centreCreate", with("name", json!(" ")), "REQUIRED", "input.name"),
            (
                "centreCreate",
                with("organisationId", other),
                "PERMISSION_DENIED",
                "input.organisationId",
            ),
            (
                "centreCreate",
                with("areaId", json!(id("area", Uuid::nil()))),
                "NOT_FOUND",
                "input.areaId",
            ),
            ("centreUpdate", rename, "PERMISSION_DENIED", "input.id"),
            ("unitCreate", unit(theirs.0, 0, 36), "PERMISSION_DENIED", "input.centreId"),
            ("unitCreate", unit(own.0, 36, 36), "OUT_OF_RANGE", "input.maxAgeMonths"),
            ("unitCreate", unit(own.0, -1, 36), "OUT_OF_RANGE", "input.minAgeMonths"),
            ("capacitySet", places(theirs.1, 3), "PERMISSION_DENIED", "input.unitId"),
            ("capacitySet", places(own.1, -1), "OUT_OF_RANGE", "input.places"),
            ("capacitySet", places(Uuid::nil(), 1), "NOT_FOUND", "input.unitId"),
        ];
        for (mutation, input, code, path) in cases {
            let told = format!("{mutation} {input}");
            let refusal = scene.send(mutation, input, "").await.refusal();
            assert_eq!(refusal, refused(code, path), "{told}");
        }
    });
}
