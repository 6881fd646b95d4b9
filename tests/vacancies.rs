//! Free places, today and on a day to come, and what stands between them and somebody in need.

use chrono::{Months, NaiveDate, TimeDelta};
use entity::centre::CentreStatus;
use entity::person::Sex;
use entity::placement::PlacementStatus;
use entity::{capacity_period, centre, placement, unit};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveEnum, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::world::{Branch, Person};
use crate::harness::{Answer, Stage, run};

const QUERY: &str = "query V($f: VacancyFilter) { vacancies(filter: $f) {
  on status unit { name } centre { name } occupancy { places occupied free waiting } } }";

struct Scene<'s> {
    stage: &'s Stage,
    office: Branch,
    area: Branch,
    somebody: Person,
}

impl<'s> Scene<'s> {
    async fn set(stage: &'s Stage) -> Self {
        let area = stage.area("Area", None).await;
        let office = stage.organisation("Office", None).await;
        let somebody = stage.somebody().await;
        Self { stage, office, area, somebody }
    }

    async fn centre(&self, places: i32) -> (Uuid, Uuid) {
        self.stage.centre(&self.office, &self.area, places).await
    }

    /// Somebody who is placed; by when to leave, if that is planned.
    async fn placed(
        &self,
        place: (Uuid, Uuid),
        status: PlacementStatus,
        leaves: Option<NaiveDate>,
    ) {
        let home = self.stage.household(&self.office, &self.area, "X").await;
        let row = self.stage.placement(&home, place, status);
        self.stage.put(placement::ActiveModel { planned_discharge_on: Set(leaves), ..row }).await;
    }

    async fn limit(&self, unit: Uuid, column: unit::Column, value: impl Into<Expr>) {
        unit::Entity::update_many()
            .col_expr(column, value.into())
            .filter(unit::Column::Id.eq(unit))
            .exec(&self.stage.database.writer)
            .await
            .unwrap();
    }

    async fn ask(&self, filter: Value) -> Answer {
        self.stage.as_(&self.somebody).query_with(QUERY, json!({ "f": filter })).await
    }

    /// The statuses of the units that a filter finds.
    async fn statuses(&self, filter: Value) -> Vec<Value> {
        let answer = self.ask(filter).await;
        answer.list("/vacancies").iter().map(|vacancy| vacancy["status"].clone()).collect()
    }

    /// How full the only unit is on a day.
    async fn numbers_on(&self, on: Option<NaiveDate>) -> Value {
        let asked = json!({ "on": on, "statusIn": ["CAPACITY", "NO_CAPACITY"] });
        self.ask(asked).await.data("/vacancies/0/occupancy").clone()
    }

    /// Another number of places from a day on.
    async fn set_places(&self, unit: Uuid, since: NaiveDate, places: i32) {
        capacity_period::Entity::update_many()
            .col_expr(capacity_period::Column::Until, Expr::val(since))
            .filter(capacity_period::Column::UnitId.eq(unit))
            .exec(&self.stage.database.writer)
            .await
            .unwrap();
        let period = capacity_period::ActiveModel {
            id: Set(Uuid::now_v7()),
            unit_id: Set(unit),
            since: Set(since),
            until: Set(None),
            places: Set(places),
        };
        self.stage.put(period).await;
    }

    fn day(&self, days: i64) -> NaiveDate {
        self.stage.today() + TimeDelta::days(days)
    }
}

/// A unit of four places: one leaves on day 5, one on day 20, one stays, one is reserved.
async fn full(scene: &Scene<'_>) -> (Uuid, Uuid) {
    let place = scene.centre(4).await;
    scene.placed(place, PlacementStatus::Admitted, None).await;
    scene.placed(place, PlacementStatus::Admitted, Some(scene.day(5))).await;
    scene.placed(place, PlacementStatus::OnLeave, Some(scene.day(20))).await;
    scene.placed(place, PlacementStatus::Reserved, None).await;
    scene.placed(place, PlacementStatus::Discharged, None).await;
    place
}

fn numbers(places: i32, occupied: i32) -> Value {
    json!({ "places": places, "occupied": occupied, "waiting": 0,
        "free": (places - occupied).max(0) })
}

#[test]
fn on_a_later_day_those_who_are_to_have_left_hold_no_place() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        full(&scene).await;
        assert_eq!(scene.numbers_on(None).await, numbers(4, 4));
        for (days, occupied) in [(0, 4), (4, 4), (5, 3), (19, 3), (20, 2)] {
            let day = Some(scene.day(days));
            assert_eq!(scene.numbers_on(day).await, numbers(4, occupied), "in {days} days");
        }
        let found = scene.ask(json!({ "on": scene.day(5) })).await;
        assert_eq!(found.data("/vacancies/0/on"), &json!(scene.day(5)));
        assert_eq!(found.data("/vacancies/0/status"), "CAPACITY");
        assert_eq!(scene.ask(json!({})).await.list("/vacancies").len(), 0);
        // Whoever was to have left by now and is still there, is there.
        stage.wait(TimeDelta::days(6));
        assert_eq!(scene.numbers_on(None).await, numbers(4, 3), "the reservation ran out");
        assert_eq!(scene.numbers_on(Some(scene.day(1))).await, numbers(4, 2));
    });
}

#[test]
fn places_are_those_in_force_on_the_day_and_a_reservation_is_judged_now() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let (_, unit) = full(&scene).await;
        let turn = scene.day(10);
        scene.set_places(unit, turn, 2).await;
        assert_eq!(scene.numbers_on(Some(scene.day(9))).await, numbers(4, 3));
        assert_eq!(scene.numbers_on(Some(turn)).await, numbers(2, 3));
        let ahead = scene.day(20);
        assert_eq!(scene.numbers_on(Some(ahead)).await, numbers(2, 2));
        stage.wait(TimeDelta::days(2));
        assert_eq!(scene.numbers_on(Some(ahead)).await, numbers(2, 1));
        assert_eq!(scene.numbers_on(None).await, numbers(4, 3));
    });
}

#[test]
fn the_day_is_from_today_to_two_years_ahead() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        scene.centre(1).await;
        for on in [scene.day(-1), scene.day(800)] {
            assert_eq!(scene.ask(json!({ "on": on })).await.code(), "BAD_USER_INPUT");
        }
        let last = stage.today().checked_add_months(Months::new(24)).unwrap();
        assert_eq!(scene.ask(json!({ "on": last })).await.list("/vacancies").len(), 1);
    });
}

#[test]
fn each_unit_stands_in_one_of_four_ways() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let place = scene.centre(1).await;
        assert_eq!(scene.statuses(json!({})).await, ["CAPACITY"]);
        // Somebody waits beside a free place: the place is free.
        scene.placed(place, PlacementStatus::Waitlisted, None).await;
        assert_eq!(scene.statuses(json!({})).await, ["CAPACITY"]);
        scene.placed(place, PlacementStatus::Admitted, None).await;
        assert_eq!(scene.statuses(json!({})).await, Vec::<Value>::new());
        let all = json!(["CAPACITY", "NO_CAPACITY", "WAITING_LIST", "ASSESSMENT_REQUIRED"]);
        assert_eq!(scene.statuses(json!({ "statusIn": all })).await, ["WAITING_LIST"]);
        assert!(scene.statuses(json!({ "statusIn": ["NO_CAPACITY"] })).await.is_empty());
        placement::Entity::update_many()
            .col_expr(placement::Column::Status, Expr::val(PlacementStatus::Cancelled.to_value()))
            .filter(placement::Column::Status.eq(PlacementStatus::Waitlisted))
            .exec(&stage.database.writer)
            .await
            .unwrap();
        assert_eq!(scene.statuses(json!({ "statusIn": all })).await, ["NO_CAPACITY"]);
        let full = json!({ "statusIn": all, "freeAtLeast": 1 });
        assert!(scene.statuses(full).await.is_empty(), "what is given must all hold");
    });
}

#[test]
fn a_limit_of_which_the_filter_says_nothing_wants_a_look_at_the_person() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let (_, unit) = scene.centre(1).await;
        scene.limit(unit, unit::Column::MaxAgeMonths, Expr::val(36)).await;
        let look = "ASSESSMENT_REQUIRED";
        assert_eq!(scene.statuses(json!({})).await, [look]);
        assert_eq!(scene.statuses(json!({ "sex": "MALE" })).await, [look]);
        assert_eq!(scene.statuses(json!({ "ageMonths": 35 })).await, ["CAPACITY"]);
        assert!(scene.statuses(json!({ "ageMonths": 36 })).await.is_empty(), "36 months, 0 days");
        scene.limit(unit, unit::Column::Sex, Expr::val(Sex::Female.to_value())).await;
        assert_eq!(scene.statuses(json!({ "ageMonths": 35 })).await, [look]);
        assert_eq!(scene.statuses(json!({ "ageMonths": 35, "sex": "UNKNOWN" })).await, [look]);
        let girl = json!({ "ageMonths": 35, "sex": "FEMALE" });
        assert_eq!(scene.statuses(girl).await, ["CAPACITY"]);
        assert!(scene.statuses(json!({ "sex": "MALE" })).await.is_empty());
        assert!(scene.statuses(json!({ "forFamily": true })).await.is_empty());
        scene.limit(unit, unit::Column::TakesFamilies, Expr::val(true)).await;
        assert_eq!(scene.statuses(json!({ "forFamily": true })).await, [look]);
        assert_eq!(scene.statuses(json!({ "forFamily": false })).await, [look]);
    });
}

#[test]
fn a_centre_that_is_not_open_lists_nothing() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        scene.centre(1).await;
        let all = json!({ "statusIn": ["CAPACITY", "NO_CAPACITY", "WAITING_LIST"] });
        let closed = [CentreStatus::Planned, CentreStatus::Suspended, CentreStatus::Closed];
        for (status, count) in
            closed.map(|status| (status, 0)).into_iter().chain([(CentreStatus::Open, 1)])
        {
            centre::Entity::update_many()
                .col_expr(centre::Column::Status, Expr::val(status.to_value()))
                .exec(&stage.database.writer)
                .await
                .unwrap();
            assert_eq!(scene.ask(all.clone()).await.list("/vacancies").len(), count, "{status:?}");
            assert_eq!(scene.ask(json!({})).await.list("/vacancies").len(), count, "{status:?}");
        }
    });
}

#[test]
fn free_places_take_as_many_statements_however_many_units_there_are() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let ask = async || {
            let asked = scene.ask(json!({ "on": scene.day(3) }));
            let (statements, answer) = stage.counted(asked).await;
            (statements, answer.list("/vacancies").len())
        };
        scene.centre(2).await;
        let (alone, one) = ask().await;
        for _ in 0..20 {
            let place = scene.centre(2).await;
            scene.placed(place, PlacementStatus::Admitted, None).await;
        }
        let (together, many) = ask().await;
        assert_eq!((one, many), (1, 21));
        assert_eq!(alone, together);
        assert!(together <= 6, "{together}: {:#?}", stage.said());
    });
}
