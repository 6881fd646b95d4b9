//! Sending and accepting: what a partner sees before and after, on a consent and on a law.

use chrono::TimeDelta;
use entity::change::ChangeKind;
use entity::membership::Role;
use serde_json::{Value, json};

use super::scene::{Scene, WAYS, with};
use crate::harness::run;
use crate::harness::world::id;

#[test]
#[expect(clippy::too_many_lines, reason = "one story, told at once")]
fn a_partner_sees_nothing_before_it_accepts_and_no_more_than_was_agreed_after() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let consent = scene.consented(&json!({})).await;
        let referral = scene.referred(&json!({ "consentId": consent })).await;
        assert_eq!(scene.stands(&referral).await.0, "SENT");
        for by in [&scene.helper, &scene.machine] {
            assert_eq!(scene.ways(by).await, 0, "nothing of the family yet");
            assert!(scene.finds(by, &referral).await, "but the referral");
        }
        let query = format!(
            "{{ node(id: \"{referral}\") {{ ... on Referral {{ reason case {{ id }} family {{ id }}
                sender {{ name }} viewerPermissions {{ canAnswer canRevoke canComplete }} }} }}
                received: referrals(filter: {{ direction: RECEIVED, statusIn: [SENT] }})
                {{ totalCount }} sent: referrals(filter: {{ direction: SENT }}) {{ totalCount }}
                accessDecision(nodeId: \"{referral}\") {{ basis grants {{ basis }} }} }}"
        );
        let seen = stage.as_(&scene.helper).query(&query).await;
        assert_eq!(seen.data("/node/reason"), "Help with school.");
        assert_eq!(seen.data("/node/case"), &Value::Null);
        assert_eq!(seen.data("/node/family"), &Value::Null);
        assert_eq!(seen.data("/node/viewerPermissions/canAnswer"), true);
        assert_eq!(seen.data("/node/viewerPermissions/canRevoke"), false);
        assert_eq!(seen.data("/received/totalCount"), 1);
        assert_eq!(seen.data("/sent/totalCount"), 0);
        assert_eq!(seen.data("/accessDecision/basis"), "OF_ORGANISATION");
        let led = stage.as_(&scene.boss).query(&query).await;
        assert_eq!(led.data("/sent/totalCount"), 1);
        assert_eq!(led.data("/received/totalCount"), 0);
        for by in [&scene.stranger, &scene.in_branch] {
            assert!(!scene.finds(by, &referral).await, "neither another NGO nor its branch");
        }

        scene.accept(&referral).await;
        for by in [&scene.helper, &scene.machine] {
            assert_eq!(scene.ways(by).await, WAYS);
        }
        for by in [&scene.stranger, &scene.in_branch] {
            assert_eq!(scene.ways(by).await, 0);
            assert!(!scene.finds(by, &referral).await);
        }
        let gained = (ChangeKind::AccessGained, Some(scene.ngo.id));
        assert_eq!(scene.told().await, [gained]);
        let query = format!(
            "{{ family(id: \"{}\") {{ label address redactedFields
                children {{ givenName birthDate redactedFields }}
                cases {{ riskLevel referrals {{ id }} transfers {{ id }} redactedFields }} }} }}",
            id("family", scene.home.id),
        );
        let seen = stage.as_(&scene.helper).query(&query).await;
        assert_eq!(seen.data("/family/label"), &Value::Null);
        assert_eq!(seen.data("/family/children/0/birthDate"), &Value::Null);
        assert!(seen.list("/family/redactedFields").contains(&json!("label")));
        assert_eq!(seen.data("/family/cases/0/referrals/0/id"), &json!(referral));
        let service = json!({ "caseId": id("case", scene.home.case),
            "serviceTypeId": id("servicetype", scene.service_type),
            "personIds": [id("child", scene.home.child)], "deliveredOn": stage.today() });
        let client = stage.as_(&scene.helper);
        client.mutate("serviceRecord", service, "service { id }").await.done("/service/id");
    });
}

#[test]
fn sections_are_shown_and_no_others() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let more = json!({ "level": "SUMMARY", "sections": ["IDENTITY"] });
        let (_, referral) = scene.shared(&more).await;
        let query = format!(
            "{{ family(id: \"{}\") {{ label area {{ id }} }}
                node(id: \"{referral}\") {{ ... on Referral {{ level sections }} }} }}",
            id("family", scene.home.id),
        );
        let seen = stage.as_(&scene.helper).query(&query).await;
        assert_ne!(seen.data("/family/label"), &Value::Null);
        assert_eq!(seen.data("/family/area"), &Value::Null, "contact was not agreed on");
        assert_eq!(seen.data("/node/sections"), &json!(["IDENTITY"]));
    });
}

#[test]
fn a_consent_to_an_organisation_covers_its_branches() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let consent = scene.consented(&json!({})).await;
        let branch =
            json!({ "consentId": consent, "receiverId": id("organisation", scene.branch.id) });
        let referral = scene.referred(&branch).await;
        for by in [&scene.in_branch, &scene.helper] {
            assert!(scene.finds(by, &referral).await, "the branch, and the NGO above it");
        }
        let input = json!({ "id": referral, "accepts": true });
        scene
            .sends(&scene.in_branch, "referralAnswer", input, "referral")
            .await
            .done("/referral/id");
        assert_eq!(scene.ways(&scene.in_branch).await, WAYS);
        assert_eq!(scene.ways(&scene.stranger).await, 0);
    });
}

#[test]
#[expect(clippy::too_many_lines, reason = "one entry a refusal")]
fn a_referral_is_refused_with_what_to_do() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let consent = scene.consented(&json!({})).await;
        let other = stage.household(&scene.office, &scene.area, "Y").await;
        let of_child = scene.consented(&json!({ "personId": id("child", scene.home.child) })).await;
        let services = scene.consented(&json!({ "purposes": ["SERVICES"] })).await;
        let elsewhere = id("organisation", scene.stranger.organisation);
        let not_to_it = scene.consented(&json!({ "recipientIds": [elsewhere] })).await;
        let to_branch = json!({ "recipientIds": [id("organisation", scene.branch.id)] });
        let below = scene.consented(&to_branch).await;
        let refused = scene.consented(&json!({ "isRefused": true })).await;
        let withdrawn = scene.consented(&json!({})).await;
        let withdraw = json!({ "id": withdrawn });
        scene
            .sends(&scene.worker, "consentWithdraw", withdraw, "consent")
            .await
            .done("/consent/id");
        let covers_not = ("CONSENT_REQUIRED", "input.consentId");
        let late = json!({ "consentId": consent, "expiresAt": stage.now() + TimeDelta::days(90) });
        let office = id("organisation", scene.office.id);
        for (more, (code, path)) in [
            (json!({}), covers_not),
            (
                json!({ "consentId": consent, "legalBasis": "A law." }),
                ("INVALID", "input.legalBasis"),
            ),
            (json!({ "consentId": of_child }), covers_not),
            (json!({ "consentId": services }), covers_not),
            (json!({ "consentId": not_to_it }), covers_not),
            (json!({ "consentId": below }), covers_not),
            (json!({ "consentId": refused }), covers_not),
            (json!({ "consentId": withdrawn }), covers_not),
            (json!({ "consentId": consent, "level": "FULL", "sections": ["HEALTH"] }), covers_not),
            (late, ("OUT_OF_RANGE", "input.expiresAt")),
            (
                json!({ "consentId": consent, "expiresAt": stage.now() }),
                ("OUT_OF_RANGE", "input.expiresAt"),
            ),
            (
                json!({ "consentId": consent, "caseId": id("case", other.case) }),
                ("NOT_FOUND", "input.consentId"),
            ),
            (json!({ "consentId": consent, "level": "SUMMARY" }), ("REQUIRED", "input.sections")),
            (
                json!({ "consentId": consent, "sections": ["IDENTITY"] }),
                ("INVALID", "input.sections"),
            ),
            (
                json!({ "consentId": consent, "receiverId": office }),
                ("ALREADY_EXISTS", "input.receiverId"),
            ),
            (json!({ "consentId": consent, "reason": " " }), ("REQUIRED", "input.reason")),
        ] {
            let input = scene.referral(&more);
            let answer = scene.sends(&scene.worker, "referralSend", input, "").await;
            assert_eq!(answer.refusal(), (code.to_owned(), path.to_owned()), "{more}");
        }
        // A consent that ran out covers nothing, whether that is noted or not.
        stage.wait(TimeDelta::days(61));
        let input = scene.referral(&json!({ "consentId": consent }));
        let answer = scene.sends(&scene.worker, "referralSend", input, "").await;
        assert_eq!(answer.refusal(), (covers_not.0.to_owned(), covers_not.1.to_owned()));
    });
}

#[test]
fn what_rests_on_a_law_is_sent_by_somebody_else_than_who_wrote_it() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let input = scene.referral(&json!({ "legalBasis": "The law on children." }));
        let draft = scene.sends(&scene.boss, "referralSend", input, "referral").await;
        assert_eq!(draft.done("/referral/status"), "DRAFT");
        let draft = draft.done("/referral/id").as_str().unwrap().to_owned();
        assert!(!scene.finds(&scene.helper, &draft).await, "it is not sent yet");
        let approve = json!({ "id": draft, "isApproved": true });
        let own = scene.sends(&scene.boss, "referralApprove", approve.clone(), "").await.refusal();
        assert_eq!(own, ("APPROVER_IS_REQUESTER".to_owned(), "input.id".to_owned()));
        let worker = scene.sends(&scene.worker, "referralApprove", approve.clone(), "").await;
        assert_eq!(worker.code(), "FORBIDDEN");
        let sent = scene.sends(&scene.other_boss, "referralApprove", approve, "referral").await;
        assert_eq!(sent.done("/referral/status"), "SENT");
        scene.accept(&draft).await;
        assert_eq!(scene.ways(&scene.helper).await, WAYS);

        let dropped = scene.referred(&json!({ "legalBasis": "The law on children." })).await;
        let drop = json!({ "id": dropped, "isApproved": false });
        let silent = scene.sends(&scene.boss, "referralApprove", drop.clone(), "").await.refusal();
        assert_eq!(silent, ("REQUIRED".to_owned(), "input.reason".to_owned()));
        let told = with(drop, &json!({ "reason": "No such law." }));
        let answer = scene.sends(&scene.boss, "referralApprove", told, "referral").await;
        assert_eq!(answer.done("/referral/status"), "REVOKED");
        assert!(!scene.finds(&scene.helper, &dropped).await);
    });
}

#[test]
fn who_answers_is_who_received_it() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let consent = scene.consented(&json!({})).await;
        let referral = scene.referred(&json!({ "consentId": consent })).await;
        let input = json!({ "id": referral, "accepts": true });
        let boss = stage.worker(&scene.ngo, Role::Supervisor).await;
        for (by, refused) in [
            (&scene.boss, "PERMISSION_DENIED"),
            (&scene.stranger, "NOT_FOUND"),
            (&scene.in_branch, "NOT_FOUND"),
        ] {
            let answer = scene.sends(by, "referralAnswer", input.clone(), "").await;
            assert_eq!(answer.refusal(), (refused.to_owned(), "input.id".to_owned()));
        }
        let revoke = json!({ "id": referral, "reason": "So." });
        let answer = scene.sends(&boss, "referralRevoke", revoke, "").await;
        assert_eq!(answer.refusal(), ("NOT_FOUND".to_owned(), "input.id".to_owned()));
        scene.sends(&boss, "referralAnswer", input, "referral").await.done("/referral/id");
    });
}
