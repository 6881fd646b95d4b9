//! Keys that come and go, at a key server and in a file, and what it costs to ask for others.

use std::sync::Arc;
use std::time::Duration;

use hearth::access::token::{KeySource, Refusal, Verifier};
use serde_json::json;
use tokio::task::JoinSet;

use super::key_server::{Answer, KeyServer};
use super::mint::{Mint, jwks, own_issuer};

/// Lets time pass for the verifier: the schedule, not the wall clock.
pub async fn pass(seconds: u64) {
    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(seconds)).await;
    tokio::time::resume();
}

pub async fn serving(mints: &[&Mint]) -> (KeyServer, Verifier) {
    let server = KeyServer::start(Answer::Json(jwks(mints))).await;
    let keys = KeySource::Url(server.url.clone());
    let verifier = Verifier::open(vec![own_issuer(keys)]).await.unwrap();
    (server, verifier)
}

#[tokio::test]
async fn a_key_is_rotated_with_overlap_and_removed() {
    let (old, new) = (Mint::p256(), Mint::ed25519());
    let (server, verifier) = serving(&[&old]).await;
    let from_old = old.token();
    verifier.verify(&from_old).await.unwrap();
    assert_eq!(server.asked(), 1);

    server.tell(Answer::Json(jwks(&[&old, &new])));
    pass(61).await;
    verifier.verify(&new.token()).await.unwrap();
    verifier.verify(&old.token()).await.unwrap();
    assert_eq!(server.asked(), 2, "the unknown kid was worth one request");

    server.tell(Answer::Json(jwks(&[&new])));
    pass(280).await;
    verifier.verify(&old.token()).await.unwrap();
    assert_eq!(server.asked(), 2, "the set isn't five minutes old");
    pass(21).await;
    for token in [old.token(), from_old] {
        assert_eq!(verifier.verify(&token).await, Err(Refusal::UnknownKey));
    }
    verifier.verify(&new.token()).await.unwrap();
    assert_eq!(server.asked(), 3);
}

#[tokio::test]
async fn a_kid_that_changes_hands_is_read_anew() {
    let (mut first, mut second) = (Mint::p256(), Mint::p256());
    for mint in [&mut first, &mut second] {
        mint.kid = "main".to_owned();
        mint.jwk["kid"] = json!("main");
    }
    let (server, verifier) = serving(&[&first]).await;
    let before = verifier.verify(&second.token()).await;
    assert_eq!(before, Err(Refusal::Signature));
    server.tell(Answer::Json(jwks(&[&second])));
    pass(301).await;
    verifier.verify(&second.token()).await.unwrap();
    let after = verifier.verify(&first.token()).await;
    assert_eq!(after, Err(Refusal::Signature));
}

#[tokio::test]
async fn an_issuer_may_withdraw_all_its_keys() {
    let mint = Mint::p256();
    let (server, verifier) = serving(&[&mint]).await;
    server.tell(Answer::Json(r#"{"keys":[]}"#.to_owned()));
    pass(301).await;
    let answer = verifier.verify(&mint.token()).await;
    assert_eq!(answer, Err(Refusal::UnknownKey));
}

#[tokio::test]
async fn a_storm_of_unknown_kids_makes_one_request() {
    let mint = Mint::ed25519();
    let (server, verifier) = serving(&[&mint]).await;
    let verifier = Arc::new(verifier);
    server.tell(Answer::Late(Duration::from_millis(100), jwks(&[&mint])));
    pass(61).await;
    for round in 0..2 {
        let mut storm = JoinSet::new();
        for index in 0..1_000 {
            let verifier = Arc::clone(&verifier);
            let kid = json!(format!("unknown-{round}-{index}"));
            let token = mint.headed(&[("kid", kid)]);
            storm.spawn(async move { verifier.verify(&token).await });
        }
        let answers = storm.join_all().await;
        assert!(answers.into_iter().all(|a| a == Err(Refusal::UnknownKey)));
        assert_eq!(server.asked(), 2, "one at the start, one for the storm");
        pass(29).await;
    }
    verifier.verify(&mint.token()).await.unwrap();
    pass(61).await;
    let late = mint.headed(&[("kid", json!("unknown"))]);
    assert_eq!(verifier.verify(&late).await, Err(Refusal::UnknownKey));
    assert_eq!(server.asked(), 3);
}

#[tokio::test]
async fn many_good_tokens_refresh_a_stale_set_once() {
    let mint = Mint::ed25519();
    let (server, verifier) = serving(&[&mint]).await;
    let verifier = Arc::new(verifier);
    server.tell(Answer::Late(Duration::from_millis(100), jwks(&[&mint])));
    pass(301).await;
    let mut crowd = JoinSet::new();
    for _ in 0..100 {
        let (verifier, token) = (Arc::clone(&verifier), mint.token());
        crowd.spawn(async move { verifier.verify(&token).await });
    }
    assert!(crowd.join_all().await.iter().all(Result::is_ok));
    assert_eq!(server.asked(), 2);
}

#[tokio::test]
async fn a_client_that_hangs_up_does_not_stop_the_reading() {
    let (old, new) = (Mint::p256(), Mint::p256());
    let (server, verifier) = serving(&[&old]).await;
    server.tell(Answer::Late(Duration::from_millis(200), jwks(&[&old, &new])));
    pass(61).await;
    let token = new.token();
    let cut_off = tokio::time::timeout(Duration::from_millis(50), verifier.verify(&token)).await;
    assert!(cut_off.is_err());
    tokio::time::sleep(Duration::from_millis(900)).await;
    verifier.verify(&token).await.unwrap();
    assert_eq!(server.asked(), 2);
}

#[tokio::test]
async fn a_file_is_read_again() {
    let (old, new) = (Mint::p256(), Mint::ed25519());
    let path = std::env::temp_dir().join(format!("hearth-{}.json", uuid::Uuid::new_v4()));
    std::fs::write(&path, jwks(&[&old])).unwrap();
    let issuer = own_issuer(KeySource::File(path.clone()));
    let verifier = Verifier::open(vec![issuer]).await.unwrap();
    verifier.verify(&old.token()).await.unwrap();

    std::fs::write(&path, jwks(&[&new])).unwrap();
    let early = verifier.verify(&new.token()).await;
    assert_eq!(early, Err(Refusal::UnknownKey));
    pass(61).await;
    verifier.verify(&new.token()).await.unwrap();
    let removed = verifier.verify(&old.token()).await;
    assert_eq!(removed, Err(Refusal::UnknownKey));

    std::fs::remove_file(&path).unwrap();
    pass(301).await;
    verifier.verify(&new.token()).await.unwrap();
}
