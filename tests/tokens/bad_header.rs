//! Bad tokens: headers that would choose a key, change the format or cause a request.

use std::time::Duration;

use hearth::access::token::Refusal;
use serde_json::{Value, json};

use super::case::Case;
use super::key_server::{Answer, KeyServer};
use super::mint::{ISSUER, Mint, jwks, now};

fn dangerous(url: &str, mint: &Mint) -> Vec<(&'static str, Value)> {
    vec![
        ("jku", json!(url)),
        ("x5u", json!(url)),
        ("x5c", json!(["MIIB"])),
        ("x5t", json!("AAAA")),
        ("x5t#S256", json!("AAAA")),
        ("jwk", mint.jwk.clone()),
        ("crit", json!(["exp"])),
        ("crit", json!([])),
        ("b64", json!(false)),
        ("b64", json!(true)),
        ("zip", json!("DEF")),
        ("enc", json!("A128GCM")),
        ("url", json!(url)),
        ("nonce", json!("n")),
        ("iss", json!(ISSUER)),
        ("cty", json!("JWT")),
        ("anything", json!(1)),
    ]
}

#[tokio::test]
async fn a_header_chooses_no_key_and_causes_no_request() {
    let case = Case::open().await;
    let lure = KeyServer::start(Answer::Json(jwks(&[&case.p256]))).await;
    let stranger = Mint::p256();
    for mint in [&case.p256, &stranger] {
        for (name, value) in dangerous(&lure.url, mint) {
            let token = mint.headed(&[(name, value)]);
            case.refuses(name, &token, Refusal::Header).await;
        }
    }
    let url = json!(lure.url);
    let claims = [("iss", url.clone()), ("jku", url.clone()), ("x5u", url)];
    let token = case.p256.with(&claims);
    case.refuses("iss", &token, Refusal::Issuer).await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(lure.asked(), 0);
}

#[tokio::test]
async fn present_but_null_is_present() {
    let case = Case::open().await;
    for name in ["jku", "x5u", "x5c", "jwk", "crit", "b64", "zip", "enc", "cty"] {
        let header = case.p256.header().to_string();
        let header = header.replacen('{', &format!("{{\"{name}\":null,"), 1);
        let token = case.p256.sign(header, case.p256.claims().to_string());
        case.refuses(name, &token, Refusal::Header).await;
    }
}

#[tokio::test]
async fn other_types_of_token() {
    let case = Case::open().await;
    for typ in ["JWT", "id+jwt", "dpop+jwt", "logout+jwt", "AT+JWT", "at+jwt ", ""] {
        let token = case.p256.headed(&[("typ", json!(typ))]);
        case.refuses(typ, &token, Refusal::Type).await;
    }
    let untyped = case.p256.headed(&[("typ", json!(null))]);
    case.refuses("no typ", &untyped, Refusal::Header).await;
}

#[tokio::test]
async fn an_id_token_that_calls_itself_an_access_token() {
    let case = Case::open().await;
    let claims = json!({
        "iss": ISSUER, "aud": "hearth-web", "sub": "worker|7", "iat": now(), "exp": now() + 300,
        "nonce": "n", "auth_time": now(),
    });
    let header = case.p256.header().to_string();
    let token = case.p256.sign(header, claims.to_string());
    case.refuses("ID token", &token, Refusal::Claims).await;
}
