//! Who answers for whom, and that an answer is kept.

use chrono::TimeDelta;
use entity::membership::Role;
use entity::organisation;
use sea_orm::{ActiveModelTrait, ActiveValue::Set};
use serde_json::{Value, json};

use super::scene::Scene;
use crate::harness::run;
use crate::harness::world::id;

#[test]
fn an_answer_is_kept_and_a_new_one_is_a_new_row() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let refused = scene.consented(&json!({ "isRefused": true })).await;
        let given = scene.consented(&json!({})).await;
        let query = format!(
            "{{ family(id: \"{}\") {{ consents {{ id status isInForce purposes categories capacity
                recipients {{ id }} person {{ id }} givenBy {{ id }} recordedBy {{ id }} version
                viewerPermissions {{ canWithdraw }} redactedFields }} }} }}",
            id("family", scene.home.id),
        );
        let answer = stage.as_(&scene.worker).query(&query).await;
        let list = answer.list("/family/consents");
        assert_eq!((&list[0]["id"], &list[1]["id"]), (&json!(given), &json!(refused)));
        assert_eq!(list[0]["status"], "GIVEN");
        assert_eq!(list[0]["isInForce"], true);
        assert_eq!(list[0]["categories"], json!(["IDENTITY", "CONTACT"]));
        assert_eq!(list[0]["recipients"], json!([{ "id": id("organisation", scene.ngo.id) }]));
        assert_eq!(list[0]["givenBy"]["id"], id("person", scene.home.parent));
        assert_eq!(list[0]["recordedBy"]["id"], id("worker", scene.worker.id));
        assert_eq!((&list[1]["status"], &list[1]["isInForce"]), (&json!("REFUSED"), &json!(false)));
        assert_eq!(list[1]["viewerPermissions"]["canWithdraw"], false);
        let withdraw = json!({ "id": refused });
        let stays = scene.sends(&scene.worker, "consentWithdraw", withdraw, "").await.refusal();
        assert_eq!(stays, ("INVALID_STATE_TRANSITION".to_owned(), "input.id".to_owned()));
        let withdraw = json!({ "id": given, "reason": "No more." });
        let answer = scene.sends(&scene.worker, "consentWithdraw", withdraw, "consent").await;
        assert_eq!(answer.done("/consent/status"), "WITHDRAWN");
        let again = scene.sends(&scene.worker, "consentWithdraw", json!({ "id": given }), "").await;
        assert_eq!(again.refusal().0, "INVALID_STATE_TRANSITION");
    });
}

#[test]
#[expect(clippy::too_many_lines, reason = "one story, told at once")]
fn an_answer_is_refused_with_what_to_do() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let (parent, child) = (id("person", scene.home.parent), id("child", scene.home.child));
        let stranger = stage.household(&scene.office, &scene.area, "Y").await;
        let closed = stage.organisation("Closed", None).await;
        let row = organisation::ActiveModel {
            id: Set(closed.id),
            status: Set(organisation::OrganisationStatus::Inactive),
            ..Default::default()
        };
        row.update(&stage.database.writer).await.unwrap();
        for (more, code, path) in [
            (json!({ "purposes": [] }), "REQUIRED", "input.purposes"),
            (json!({ "categories": [] }), "REQUIRED", "input.categories"),
            (json!({ "recipientIds": [] }), "REQUIRED", "input.recipientIds"),
            (
                json!({ "recipientIds": [id("organisation", closed.id)] }),
                "NOT_FOUND",
                "input.recipientIds.0",
            ),
            (json!({ "until": stage.now() }), "OUT_OF_RANGE", "input.until"),
            (
                json!({ "until": stage.now() + TimeDelta::days(3000) }),
                "OUT_OF_RANGE",
                "input.until",
            ),
            (json!({ "givenById": null }), "REQUIRED", "input.givenById"),
            (json!({ "givenById": child }), "INVALID", "input.givenById"),
            (
                json!({ "givenById": child, "personId": child, "capacity": "DATA_SUBJECT" }),
                "INVALID",
                "input.givenById",
            ),
            (json!({ "personId": child, "capacity": "DATA_SUBJECT" }), "INVALID", "input.personId"),
            (json!({ "personId": id("person", stranger.parent) }), "NOT_FOUND", "input.personId"),
            (json!({ "givenById": id("person", stranger.parent) }), "NOT_FOUND", "input.givenById"),
        ] {
            let input = scene.consent(&more);
            let refused = scene.sends(&scene.worker, "consentGive", input, "").await.refusal();
            assert_eq!(refused, (code.to_owned(), path.to_owned()), "{more}");
        }
        let subject = json!({ "personId": parent, "capacity": "DATA_SUBJECT" });
        scene.consented(&subject).await;
        scene.consented(&json!({ "personId": child })).await;
        scene.consented(&json!({ "givenById": null, "capacity": "REPRESENTATIVE" })).await;
    });
}

#[test]
fn a_consent_is_known_to_who_leads_alone() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let (consent, referral) = scene.shared(&json!({})).await;
        let coordinator = stage.coordinator(&scene.office, &scene.area).await;
        let query = format!(
            "{{ consent: node(id: \"{consent}\") {{ id }} family(id: \"{}\") {{ consents {{ id }} }}
                referral: node(id: \"{referral}\") {{ ... on Referral {{ id consent {{ id }} }} }} }}",
            id("family", scene.home.id),
        );
        let led = stage.as_(&scene.boss).query(&query).await;
        assert_eq!(led.data("/consent/id"), &json!(consent));
        assert_eq!(led.data("/referral/consent/id"), &json!(consent));
        for by in [&scene.helper, &scene.machine, &coordinator] {
            let seen = stage.as_(by).query(&query).await;
            assert!(!seen.text.contains(&consent), "{:?}: {}", by.role, seen.text);
            assert_eq!(seen.data("/family/consents"), &json!([]));
        }
        let boss = stage.worker(&scene.ngo, Role::Supervisor).await;
        let refused = scene.sends(&boss, "consentWithdraw", json!({ "id": consent }), "").await;
        assert_eq!(refused.refusal(), ("NOT_FOUND".to_owned(), "input.id".to_owned()));
        let refused = scene.sends(&boss, "consentGive", scene.consent(&json!({})), "").await;
        assert_eq!(refused.refusal(), ("NOT_FOUND".to_owned(), "input.familyId".to_owned()));
        let noted: &Value = led.data("/family/consents");
        assert_eq!(noted.as_array().unwrap().len(), 1);
    });
}
