//! Limits of a unit: ages in months, a sex, the longest stay; beyond them only by a supervisor, and
//! that stays on record.

use chrono::{Datelike, Months, NaiveDate, TimeDelta};
use entity::person::{self, DatePrecision, Sex};
use entity::unit;
use sea_orm::{ActiveModelTrait, ActiveValue::Set};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Scene, refused};
use crate::harness::world::Household;
use crate::harness::{Stage, run};

async fn born(stage: &Stage, person: Uuid, birth: Option<NaiveDate>, precision: DatePrecision) {
    let row = person::ActiveModel {
        id: Set(person),
        birth_date: Set(birth),
        birth_precision: Set(precision),
        ..Default::default()
    };
    row.update(&stage.database.writer).await.unwrap();
}

async fn limit(scene: &Scene<'_>, row: unit::ActiveModel) {
    let row = unit::ActiveModel { id: Set(scene.unit), ..row };
    row.update(&scene.stage.database.writer).await.unwrap();
}

async fn approved(scene: &Scene<'_>, home: &Household) -> Value {
    let placement = scene.done(&scene.worker, "placementRequest", scene.request(home)).await;
    scene.approve(&placement).await;
    placement
}

/// The boundary of AT-12, at a unit.
#[test]
fn under_36_months_ends_on_the_day_on_which_they_are_completed() {
    run(async |stage| {
        let scene = Scene::set(stage, 9).await;
        limit(&scene, unit::ActiveModel { max_age_months: Set(Some(36)), ..Default::default() })
            .await;
        let three_years = stage.today() - Months::new(36);
        for (birth, fits) in [(three_years, false), (three_years + TimeDelta::days(1), true)] {
            let home = scene.home().await;
            born(stage, home.child, Some(birth), DatePrecision::Day).await;
            let placement = approved(&scene, &home).await;
            let answer = scene.reserve(&placement).await;
            if fits {
                answer.done("");
            } else {
                assert_eq!(answer.refusal(), refused("NOT_ELIGIBLE", "input.id"));
            }
        }
    });
}

#[test]
fn an_age_that_is_not_known_well_enough_does_not_fit() {
    run(async |stage| {
        let scene = Scene::set(stage, 9).await;
        limit(&scene, unit::ActiveModel { max_age_months: Set(Some(36)), ..Default::default() })
            .await;
        let this_year = stage.today().with_ordinal(1).unwrap();
        let three_ago = this_year - Months::new(36);
        for (birth, precision, fits) in [
            (None, DatePrecision::Estimated, false),
            (Some(three_ago), DatePrecision::Year, false),
            (Some(this_year), DatePrecision::Month, true),
        ] {
            let home = scene.home().await;
            born(stage, home.child, birth, precision).await;
            let placement = approved(&scene, &home).await;
            let answer = scene.reserve(&placement).await;
            if fits {
                answer.done("");
            } else {
                assert_eq!(answer.refusal(), refused("NOT_ELIGIBLE", "input.id"), "{birth:?}");
            }
        }
    });
}

#[test]
#[expect(clippy::too_many_lines, reason = "one story, told at once")]
fn a_supervisor_of_the_centre_goes_beyond_a_limit_and_leaves_a_breach() {
    run(async |stage| {
        let scene = Scene::set(stage, 1).await;
        let limits = unit::ActiveModel {
            sex: Set(Some(Sex::Male)),
            max_stay_days: Set(Some(30)),
            max_age_months: Set(Some(12)),
            ..Default::default()
        };
        limit(&scene, limits).await;
        let home = scene.home().await;
        let row = person::ActiveModel {
            id: Set(home.child),
            sex: Set(Sex::Female),
            ..Default::default()
        };
        row.update(&stage.database.writer).await.unwrap();
        let mut request = scene.request(&home);
        request["plannedDischargeOn"] = json!(stage.today() + TimeDelta::days(31));
        let placement = scene.done(&scene.worker, "placementRequest", request).await;
        scene.approve(&placement).await;
        let plain = scene.reserve(&placement).await;
        assert_eq!(
            plain.list("/result/userErrors").len(),
            3,
            "all limits are told: {}",
            plain.text
        );
        let beyond = json!({ "id": placement, "overrideReason": "No other place tonight." });
        for (by, path) in
            [(&scene.staff, "input.overrideReason"), (&scene.worker, "input.overrideReason")]
        {
            let refusal = scene.send(by, "placementReserve", beyond.clone()).await.refusal();
            assert_eq!(refusal, refused("PERMISSION_DENIED", path));
        }
        let reserved = scene.send(&scene.chief, "placementReserve", beyond).await;
        reserved.done("");
        let breaches = scene.seen(&placement).await["breaches"].clone();
        let mut kinds: Vec<_> = breaches
            .as_array()
            .unwrap()
            .iter()
            .map(|breach| {
                assert_eq!(breach["reason"], "No other place tonight.");
                assert_eq!(
                    breach["approvedBy"]["id"],
                    crate::harness::world::id("worker", scene.chief.id)
                );
                breach["kind"].as_str().unwrap().to_owned()
            })
            .collect();
        kinds.sort();
        assert_eq!(kinds, ["AGE", "SEX", "STAY"]);
        // What was approved is not asked again; the number of places is never exceeded.
        scene.admit(&placement).await.done("");
        let next = scene.asked_with(&json!({ "basis": "EMERGENCY" })).await;
        let beyond = json!({ "id": next, "overrideReason": "No other place tonight." });
        let full = scene.send(&scene.chief, "placementAdmit", beyond).await;
        assert_eq!(full.refusal(), refused("CAPACITY_EXCEEDED", "input.id"));
    });
}

#[test]
fn a_reason_without_a_limit_is_refused() {
    run(async |stage| {
        let scene = Scene::set(stage, 1).await;
        let placement = scene.approved().await;
        let beyond = json!({ "id": placement, "overrideReason": "To be safe." });
        let refusal = scene.send(&scene.chief, "placementReserve", beyond).await.refusal();
        assert_eq!(refusal, refused("INVALID", "input.overrideReason"));
    });
}

#[test]
fn who_outgrew_the_unit_while_waiting_is_passed_over() {
    run(async |stage| {
        let scene = Scene::set(stage, 1).await;
        let young = unit::ActiveModel { max_age_months: Set(Some(36)), ..Default::default() };
        limit(&scene, young).await;
        let mut waiting = Vec::new();
        let almost_three = stage.today() - Months::new(36) + TimeDelta::days(1);
        let is_born = [stage.today(), almost_three, stage.today()];
        for (place, birth) in is_born.into_iter().enumerate() {
            let home = scene.home().await;
            born(stage, home.child, Some(birth), DatePrecision::Day).await;
            let placement = approved(&scene, &home).await;
            if place == 0 {
                scene.reserve(&placement).await.done("");
                scene.admit(&placement).await.done("");
            } else {
                scene.queue(&placement).await.done("");
            }
            waiting.push(placement);
        }
        stage.wait(TimeDelta::days(1));
        scene.discharge(&waiting[0]).await.done("");
        assert_eq!(scene.status(&waiting[1]).await, "WAITLISTED");
        assert_eq!(scene.status(&waiting[2]).await, "RESERVED");
    });
}
