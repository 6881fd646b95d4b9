//! A key server that is down, slow, ill or hostile, at the start and later.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use hearth::access::token::{KeySource, Refusal, Verifier};
use tokio::net::TcpListener;

use super::key_server::{Answer, KeyServer};
use super::mint::{Mint, foreign_issuer, inline, jwks, own_issuer};
use super::rotation::{pass, serving};

const LONGEST_WAIT: Duration = Duration::from_secs(5);

async fn faults(mint: &Mint) -> (Vec<(&'static str, Answer)>, KeyServer) {
    let elsewhere = KeyServer::start(Answer::Json(jwks(&[mint]))).await;
    let to = elsewhere.url.clone();
    let padded = format!("{}{}", jwks(&[mint]), " ".repeat(65 * 1024));
    let secret = r#"{"keys":[{"kty":"oct","kid":"a","k":"c2VjcmV0"}]}"#.to_owned();
    let faults = vec![
        ("500", Answer::Status(500)),
        ("404", Answer::Status(404)),
        ("201", Answer::Status(201)),
        ("html", Answer::Html),
        ("empty", Answer::Json(String::new())),
        ("huge", Answer::Huge),
        ("announced huge", Answer::Announced),
        ("padded", Answer::Json(padded)),
        ("redirecting", Answer::Redirect(to)),
        ("a secret", Answer::Json(secret)),
        ("hanging up", Answer::HangUp),
        ("silent", Answer::Silent),
        ("dripping", Answer::Dripping(jwks(&[mint]))),
    ];
    (faults, elsewhere)
}

#[tokio::test]
async fn the_last_good_set_serves_through_every_fault() {
    let mint = Mint::p256();
    let (faults, elsewhere) = faults(&mint).await;
    let mut stricken = Vec::new();
    for (name, fault) in faults {
        let (server, verifier) = serving(&[&mint]).await;
        server.tell(fault);
        stricken.push((name, server, verifier));
    }
    pass(301).await;
    // Side by side, because some faults take as long as the verifier's patience.
    join_all(stricken.iter().map(async |(name, server, verifier)| {
        let (first, second) = (mint.token(), mint.token());
        let begun = Instant::now();
        let behind = async {
            tokio::task::yield_now().await;
            verifier.verify(&second).await.unwrap();
            begun.elapsed()
        };
        let (answer, behind) = tokio::join!(verifier.verify(&first), behind);
        assert!(answer.is_ok(), "{name}: {answer:?}");
        assert!(begun.elapsed() < LONGEST_WAIT, "{name}");
        assert!(behind < Duration::from_secs(2), "{name} holds up one request only");
        assert_eq!(server.asked(), 2, "{name} was tried");
        verifier.verify(&mint.token()).await.unwrap();
        assert_eq!(server.asked(), 2, "{name} was tried once");
    }))
    .await;
    assert_eq!(elsewhere.asked(), 0, "no redirect is followed");
}

#[tokio::test]
async fn a_fault_at_the_start_refuses_until_it_is_mended() {
    let mint = Mint::ed25519();
    let (faults, elsewhere) = faults(&mint).await;
    let stricken = join_all(faults.into_iter().map(async |(name, fault)| {
        let server = KeyServer::start(fault).await;
        let keys = KeySource::Url(server.url.clone());
        let verifier = Verifier::open(vec![own_issuer(keys)]).await.unwrap();
        let answer = verifier.verify(&mint.token()).await;
        assert_eq!(answer, Err(Refusal::KeysUnavailable), "{name}");
        assert_eq!(server.asked(), 1, "{name}");
        server.tell(Answer::Json(jwks(&[&mint])));
        (name, server, verifier)
    }))
    .await;
    pass(61).await;
    for (name, _server, verifier) in stricken {
        let answer = verifier.verify(&mint.token()).await;
        assert!(answer.is_ok(), "{name}: {answer:?}");
    }
    assert_eq!(elsewhere.asked(), 0);
}

#[tokio::test]
async fn a_server_that_is_down_costs_a_day_at_most() {
    let mint = Mint::p256();
    let (server, verifier) = serving(&[&mint]).await;
    server.tell(Answer::HangUp);
    for _ in 0..23 {
        pass(3_600).await;
        verifier.verify(&mint.token()).await.unwrap();
    }
    pass(3_600).await;
    let answer = verifier.verify(&mint.token()).await;
    assert_eq!(answer, Err(Refusal::KeysUnavailable));
    server.tell(Answer::Json(jwks(&[&mint])));
    pass(61).await;
    verifier.verify(&mint.token()).await.unwrap();
}

#[tokio::test]
async fn a_closed_port_does_not_stop_the_start_nor_other_issuers() {
    let (mint, other) = (Mint::p256(), Mint::rsa(jsonwebtoken::Algorithm::PS256));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let closed = KeySource::Url(format!("http://localhost:{port}/keys"));
    let mut third = foreign_issuer(KeySource::Url(format!("https://127.0.0.1:{port}/keys")));
    third.issuer = "https://third.example".to_owned();
    let own = own_issuer(inline(&[&mint]));
    let issuers = vec![foreign_issuer(closed), third, own];
    let verifier = Verifier::open(issuers).await.unwrap();
    verifier.verify(&mint.token()).await.unwrap();
    let answer = verifier.verify(&other.token()).await;
    assert_eq!(answer, Err(Refusal::KeysUnavailable));
}
