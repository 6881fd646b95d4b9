//! Who may take part in a programme: by age to the day, by area, and by what else its rules ask.

use chrono::{Months, NaiveDate};
use entity::access_grant::{AccessLevel, GrantBasis};
use entity::family_characteristic::FamilyCharacteristic;
use entity::family_member::MemberRole;
use entity::membership::Role;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::programmes::{Scene, refused};
use crate::harness::world::{START, id};
use crate::harness::{Answer, run};

const ASKED: &str = "query Q($programme: ID!, $subject: ID!) {
    eligibility(programmeId: $programme, subjectId: $subject) {
        isEligible redactedFields conditions { code isMet reason redactedFields }
    }
}";

impl Scene<'_> {
    async fn eligible(&self, programme: &Value, subject: String) -> Answer {
        let variables = json!({ "programme": programme, "subject": subject });
        self.stage.as_(&self.worker).query_with(ASKED, variables).await
    }
}

/// The first condition with a code.
fn condition(answer: &Answer, code: &str) -> Value {
    let mut conditions = answer.list("/eligibility/conditions").iter();
    conditions.find(|condition| condition["code"] == code).unwrap().clone()
}

#[test]
fn at_12_a_child_of_36_months_and_no_day_is_too_old_for_under_36_months() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let under = json!([{ "kind": "AGE_MONTHS_RANGE", "minValue": 0, "maxValue": 36 }]);
        let programme =
            scene.active(json!({ "enrolmentUnit": "PERSON", "eligibilityRules": under })).await;
        let intake = scene.intake(&programme, 5).await;
        let day_36 = stage.today() - Months::new(36);
        for (born, is_eligible) in
            [(day_36, false), (day_36 + chrono::TimeDelta::days(1), true), (stage.today(), true)]
        {
            let mut home = scene.home().await;
            home.child = stage.member(home.id, MemberRole::Child, "Y", born.max(START)).await;
            set_birth(&scene, home.child, born).await;
            let told = scene.eligible(&programme, id("child", home.child)).await;
            assert_eq!(told.data("/eligibility/isEligible"), is_eligible, "{born}");
            let answer = scene.request(&intake, &home, &[home.child]).await;
            if is_eligible {
                assert_eq!(answer.done("/enrolment/status"), "REQUESTED");
            } else {
                assert_eq!(answer.refusal(), refused("NOT_ELIGIBLE", "input.familyId"));
                let message = answer.user_error()["message"].as_str().unwrap();
                assert!(message.contains("from 0 to under 36 completed months"), "{message}");
            }
        }
    });
}

async fn set_birth(scene: &Scene<'_>, person: Uuid, born: NaiveDate) {
    use sea_orm::{ActiveModelTrait, ActiveValue::Set};
    let row = entity::person::ActiveModel {
        id: Set(person),
        birth_date: Set(Some(born)),
        ..Default::default()
    };
    row.update(&scene.stage.database.writer).await.unwrap();
}

#[test]
fn at_10_four_pilot_districts_take_their_settlements_and_not_a_fifth_district() {
    run(async |stage| {
        let mut scene = Scene::set(stage).await;
        let mut pilots = Vec::new();
        for _ in 0..4 {
            pilots.push(stage.area("Pilot", None).await);
        }
        let settlement = stage.area("Settlement", Some(&pilots[3])).await;
        let fifth = stage.area("Fifth", None).await;
        let areas: Vec<Value> = pilots
            .iter()
            .map(|area| json!({ "areaId": id("area", area.id), "since": scene.day(-9) }))
            .collect();
        let programme = scene.active(json!({ "availability": areas })).await;
        let intake = scene.intake(&programme, 9).await;
        for area in pilots.iter().chain([&settlement]) {
            scene.area = area.clone();
            let home = scene.home().await;
            scene.request(&intake, &home, &[]).await.done("/enrolment/id");
        }
        scene.area = fifth;
        let home = scene.home().await;
        let answer = scene.request(&intake, &home, &[]).await;
        assert_eq!(answer.refusal(), refused("NOT_AVAILABLE_IN_AREA", "input.familyId"));
        let told = scene.eligible(&programme, id("family", home.id)).await;
        assert_eq!(told.data("/eligibility/isEligible"), false);
        assert_eq!(condition(&told, "AVAILABLE_IN_AREA")["isMet"], false);
        assert_eq!(condition(&told, "PROGRAMME_ACTIVE")["isMet"], true);
    });
}

#[test]
fn availability_begins_and_ends_on_its_days() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let home = scene.home().await;
        for (since, until, is_met) in
            [(0, None, true), (1, None, false), (-9, Some(0), false), (-9, Some(1), true)]
        {
            let until = until.map(|days| scene.day(days));
            let area = json!({ "areaId": id("area", scene.area.id), "since": scene.day(since),
                "until": until });
            let programme = scene.active(json!({ "availability": [area] })).await;
            let told = scene.eligible(&programme, id("family", home.id)).await;
            assert_eq!(condition(&told, "AVAILABLE_IN_AREA")["isMet"], is_met, "{since}");
        }
    });
}

#[test]
fn each_rule_is_told_with_its_reason_in_the_viewers_language() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let prior = scene.active(json!({})).await;
        let rules = json!([
            { "kind": "CHARACTERISTIC", "code": "ALCOHOL_DEPENDENCE" },
            { "kind": "RISK_AT_LEAST", "code": "HIGH" },
            { "kind": "PRIOR_OUTCOME", "priorProgrammeId": prior },
            { "kind": "REFERRAL_REQUIRED" },
            { "kind": "AREA", "areaId": id("area", scene.area.id) },
        ]);
        let programme = scene.active(json!({ "eligibilityRules": rules })).await;
        let home = scene.home().await;
        let told = scene.eligible(&programme, id("family", home.id)).await;
        for (code, is_met) in [
            ("CHARACTERISTIC", false),
            ("RISK_AT_LEAST", true),
            ("PRIOR_OUTCOME", false),
            ("REFERRAL_REQUIRED", false),
            ("AREA", true),
        ] {
            assert_eq!(condition(&told, code)["isMet"], is_met, "{code}");
        }
        stage.characteristic(home.id, FamilyCharacteristic::AlcoholDependence).await;
        let intake = scene.intake(&prior, 3).await;
        let enrolment = scene.request(&intake, &home, &[]).await.done("/enrolment/id").clone();
        scene.take(&enrolment).await;
        let stage_free = json!({ "id": enrolment, "outcome": "OTHER", "endedOn": scene.day(0) });
        scene.send(&scene.partner, "enrolmentEnd", stage_free, "clientMutationId").await;
        let told = scene.eligible(&programme, id("family", home.id)).await;
        assert_eq!(condition(&told, "CHARACTERISTIC")["isMet"], true);
        assert_eq!(condition(&told, "PRIOR_OUTCOME")["isMet"], false, "ended, not completed");
        let variables = json!({ "programme": programme, "subject": id("family", home.id) });
        let client = stage.as_(&scene.worker).in_language("uk");
        let told = client.query_with(ASKED, variables).await;
        let reason = condition(&told, "CHARACTERISTIC")["reason"].clone();
        assert_eq!(reason, "Родина повинна мати ознаку ALCOHOL_DEPENDENCE.");
    });
}

#[test]
fn who_sees_a_family_in_part_is_not_told_what_is_kept_from_them() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let rules = json!([{ "kind": "CHARACTERISTIC", "code": "ALCOHOL_DEPENDENCE" }]);
        let programme = scene.active(json!({ "eligibilityRules": rules })).await;
        let home = scene.home().await;
        let other = stage.organisation("Other NGO", None).await;
        let outsider = stage.worker(&other, Role::NgoWorker).await;
        let (level, basis) = (AccessLevel::ServiceOnly, GrantBasis::Referral);
        for organisation in [&scene.ngo, &other] {
            stage.grant(organisation, home.id, level, basis, home.case).await;
        }
        let variables = json!({ "programme": programme, "subject": id("family", home.id) });
        let told = stage.as_(&outsider).query_with(ASKED, variables.clone()).await;
        assert_eq!(told.data("/eligibility/isEligible"), &Value::Null);
        assert_eq!(told.data("/eligibility/redactedFields"), &json!(["isEligible"]));
        assert_eq!(condition(&told, "CHARACTERISTIC")["isMet"], Value::Null);
        let told = stage.as_(&scene.partner).query_with(ASKED, variables.clone()).await;
        assert_eq!(told.data("/eligibility/isEligible"), false, "they decide by it");
        assert_eq!(condition(&told, "CHARACTERISTIC")["isMet"], Value::Null);
        let intake = scene.intake(&programme, 3).await;
        let input = json!({ "intakeId": intake, "familyId": id("family", home.id) });
        let answer = scene.send(&scene.partner, "enrolmentRequest", input, "replayed").await;
        assert_eq!(answer.refusal(), refused("NOT_ELIGIBLE", "input.familyId"));
        assert!(!answer.text.contains("ALCOHOL"), "{}", answer.text);
        let stranger = stage.somebody().await;
        let told = stage.as_(&stranger).query_with(ASKED, variables).await;
        assert_eq!(told.data("/eligibility"), &Value::Null);
    });
}
