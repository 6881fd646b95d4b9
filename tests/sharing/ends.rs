//! The ends of a referral: whichever comes, the partner sees nothing any more, by any path, and is told.

use chrono::TimeDelta;
use entity::change::{self, ChangeKind};
use entity::referral::ReferralStatus;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;

use super::scene::{Scene, WAYS};
use crate::harness::run;
use crate::harness::world::id;

#[test]
fn a_consent_that_is_withdrawn_ends_it_at_once() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let (consent, referral) = scene.shared(&json!({})).await;
        let waiting = scene.referred(&json!({ "consentId": consent })).await;
        assert_eq!(scene.ways(&scene.helper).await, WAYS);
        let withdraw = json!({ "id": consent, "reason": "No more." });
        scene.sends(&scene.boss, "consentWithdraw", withdraw, "consent").await.done("/consent/id");
        scene.is_over(&referral).await;
        assert!(!scene.finds(&scene.helper, &waiting).await, "nor what waited for an answer");
        for row in [&referral, &waiting] {
            let reason = json!("The consent was withdrawn.");
            assert_eq!(scene.stands(row).await, (json!("REVOKED"), reason));
        }
        // What is told of one change is of one transaction.
        let lines = change::Entity::find()
            .filter(change::Column::EntityKind.is_in(["consent", "referral", "family"]))
            .all(&stage.database.reader)
            .await
            .unwrap();
        let lost = lines.iter().find(|line| line.kind == ChangeKind::AccessLost).unwrap();
        let same = |line: &&change::Model| {
            line.transaction_no == lost.transaction_no && line.changed_at == lost.changed_at
        };
        let kinds: Vec<_> =
            lines.iter().filter(same).map(|line| line.entity_kind.as_str()).collect();
        for kind in ["consent", "referral", "family"] {
            assert!(kinds.contains(&kind), "{kinds:?}");
        }
    });
}

#[test]
fn it_runs_out_by_the_clock_and_is_noted_once() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let (consent, referral) = scene.shared(&json!({})).await;
        stage.wait(TimeDelta::days(30));
        assert_eq!(scene.ways(&scene.helper).await, 0, "before that is noted");
        assert!(!scene.finds(&scene.helper, &referral).await);
        let complete = json!({ "id": referral, "reason": "Done." });
        let late = scene.sends(&scene.helper, "referralComplete", complete, "").await.refusal();
        assert_eq!(late.0, "NOT_FOUND");
        assert_eq!(hearth::upkeep::pass(&stage.app).await.unwrap(), 1);
        scene.is_over(&referral).await;
        assert_eq!(scene.stands(&referral).await.0, "EXPIRED");
        assert_eq!(hearth::upkeep::pass(&stage.app).await.unwrap(), 0, "and it is done once");
        stage.wait(TimeDelta::days(30));
        assert_eq!(hearth::upkeep::pass(&stage.app).await.unwrap(), 1);
        assert_eq!(scene.stands(&consent).await.0, "EXPIRED");
    });
}

#[test]
fn with_the_consent_all_that_rests_on_it_runs_out() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let more = json!({ "expiresAt": stage.now() + TimeDelta::days(60) });
        let (consent, referral) = scene.shared(&more).await;
        stage.wait(TimeDelta::days(60));
        assert_eq!(scene.ways(&scene.helper).await, 0);
        hearth::upkeep::pass(&stage.app).await.unwrap();
        scene.is_over(&referral).await;
        assert_eq!(scene.stands(&referral).await.0, "EXPIRED");
        assert_eq!(scene.stands(&consent).await.0, "EXPIRED");
    });
}

#[test]
fn who_received_it_completes_it_or_gives_it_back_and_who_sent_it_takes_it_back() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        for (mutation, by, status) in [
            ("referralComplete", &scene.helper, "COMPLETED"),
            ("referralWithdraw", &scene.machine, "WITHDRAWN"),
            ("referralRevoke", &scene.worker, "REVOKED"),
        ] {
            let (_, referral) = scene.shared(&json!({})).await;
            assert_eq!(scene.ways(&scene.helper).await, WAYS);
            let silent = json!({ "id": referral, "reason": " " });
            let refused = scene.sends(by, mutation, silent, "").await.refusal();
            assert_eq!(refused, ("REQUIRED".to_owned(), "input.reason".to_owned()));
            let end = json!({ "id": referral, "reason": "So it is." });
            let answer = scene.sends(by, mutation, end.clone(), "referral").await;
            // Who received it sees it no more.
            assert_eq!(answer.done("/referral").is_null(), by.organisation == scene.ngo.id);
            scene.is_over(&referral).await;
            assert_eq!(scene.stands(&referral).await, (json!(status), json!("So it is.")));
            let again = scene.sends(by, mutation, end, "").await.refusal().0;
            let told = if by.organisation == scene.ngo.id {
                "NOT_FOUND"
            } else {
                "INVALID_STATE_TRANSITION"
            };
            assert_eq!(again, told);
        }
    });
}

#[test]
fn what_is_declined_was_never_shown() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let consent = scene.consented(&json!({})).await;
        let referral = scene.referred(&json!({ "consentId": consent })).await;
        let silent = json!({ "id": referral, "accepts": false });
        let refused = scene.sends(&scene.helper, "referralAnswer", silent, "").await.refusal();
        assert_eq!(refused, ("REQUIRED".to_owned(), "input.reason".to_owned()));
        let decline = json!({ "id": referral, "accepts": false, "reason": "No room." });
        scene.sends(&scene.helper, "referralAnswer", decline, "referral").await.done("/referral");
        assert_eq!(scene.stands(&referral).await, (json!("DECLINED"), json!("No room.")));
        assert!(!scene.finds(&scene.helper, &referral).await);
        assert_eq!(scene.ways(&scene.helper).await, 0);
        assert_eq!(scene.told().await, []);
    });
}

#[test]
fn a_case_that_is_closed_ends_it() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let (_, referral) = scene.shared(&json!({})).await;
        let draft = scene.referred(&json!({ "legalBasis": "A law." })).await;
        let case = id("case", scene.home.case);
        let ask = json!({ "caseId": case, "outcome": "OVERCAME", "summary": "All is well." });
        scene.sends(&scene.worker, "caseClosureRequest", ask, "case").await.done("/case/id");
        let close = json!({ "caseId": case, "isApproved": true });
        scene.sends(&scene.boss, "caseClosureDecide", close, "case").await.done("/case/id");
        scene.is_over(&referral).await;
        for row in [&referral, &draft] {
            assert_eq!(scene.stands(row).await, (json!("REVOKED"), json!("The case was closed.")));
        }
    });
}

#[test]
fn who_approves_is_never_who_wrote_it_by_the_table_either() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let mut row =
            stage.referral(&scene.home, (&scene.office, &scene.ngo), ReferralStatus::Draft);
        row.created_by = Set(Some(scene.boss.id));
        let id = row.id.clone();
        stage.put(row).await;
        let approve = |by| entity::referral::ActiveModel {
            id: id.clone(),
            approved_by: Set(Some(by)),
            ..Default::default()
        };
        approve(scene.boss.id).update(&stage.database.writer).await.unwrap_err();
        approve(scene.other_boss.id).update(&stage.database.writer).await.unwrap();
    });
}
