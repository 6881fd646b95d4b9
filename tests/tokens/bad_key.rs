//! Bad tokens: the wrong algorithm, the wrong key, a strange key id.

use hearth::access::token::Refusal;
use jsonwebtoken::{Algorithm, EncodingKey, crypto};
use serde_json::json;

use super::case::Case;
use super::mint::{FOREIGN, ISSUER, Mint, encode};

/// The first two parts of a token that would be good but for its algorithm.
fn message(mint: &Mint, alg: &str) -> String {
    let header = json!({"alg": alg, "typ": "at+jwt", "kid": mint.kid}).to_string();
    format!("{}.{}", encode(header), encode(mint.claims().to_string()))
}

#[tokio::test]
async fn unsigned() {
    let case = Case::open().await;
    for none in ["none", "None", "NONE", "nOnE"] {
        let message = message(&case.p256, none);
        let signed = format!("{message}.AA");
        case.refuses(none, &signed, Refusal::Algorithm).await;
        let empty = format!("{message}.");
        case.refuses(none, &empty, Refusal::Envelope).await;
        case.refuses(none, &message, Refusal::Envelope).await;
    }
}

#[tokio::test]
async fn signed_with_our_public_key_as_a_password() {
    let case = Case::open().await;
    let jwk = &case.p256.jwk;
    for public in [jwk.to_string(), jwk["x"].to_string(), String::new()] {
        let message = message(&case.p256, "HS256");
        let secret = EncodingKey::from_secret(public.as_bytes());
        let signature = crypto::sign(message.as_bytes(), &secret, Algorithm::HS256).unwrap();
        let token = format!("{message}.{signature}");
        case.refuses("HS256", &token, Refusal::Algorithm).await;
    }
}

#[tokio::test]
async fn headed_with_another_algorithm() {
    let case = Case::open().await;
    for alg in ["HS256", "HS512", "ES384", "EdDSA", "RS256", "PS256", "es256", "Ed25519", ""] {
        let token = case.p256.headed(&[("alg", json!(alg))]);
        case.refuses(alg, &token, Refusal::Algorithm).await;
    }
    let token = case.ed25519.headed(&[("alg", json!("ES256"))]);
    case.refuses("ES256", &token, Refusal::Algorithm).await;
}

#[tokio::test]
async fn signed_with_the_other_rsa_algorithm() {
    let case = Case::open().await;
    for (mint, other) in [(&case.rs256, Algorithm::PS256), (&case.ps256, Algorithm::RS256)] {
        let claims = mint.claims().to_string();
        let renamed = json!({"alg": format!("{other:?}"), "typ": "at+jwt", "kid": mint.kid});
        let renamed = renamed.to_string();
        let swapped = mint.sign_as(other, &renamed, &claims);
        case.refuses("swapped", &swapped, Refusal::Algorithm).await;
        let only_said = mint.sign(&renamed, &claims);
        case.refuses("only said", &only_said, Refusal::Algorithm).await;
        let only_done = mint.sign_as(other, mint.header().to_string(), &claims);
        case.refuses("only done", &only_done, Refusal::Signature).await;
    }
}

#[tokio::test]
async fn signed_with_rsa_for_our_own_issuer() {
    let case = Case::open().await;
    for mint in [&case.rs256, &case.ps256] {
        let token = mint.with(&[("iss", json!(ISSUER))]);
        case.refuses("RSA", &token, Refusal::UnknownKey).await;
    }
}

#[tokio::test]
async fn signed_by_somebody_else() {
    let case = Case::open().await;
    let ours = case.p256.with(&[("iss", json!(FOREIGN))]);
    case.refuses("our key, their name", &ours, Refusal::UnknownKey).await;
    let kid = [("kid", json!(case.p256.kid))];
    let stranger = Mint::p256().headed(&kid);
    case.refuses("a stranger", &stranger, Refusal::Signature).await;
    let sibling = case.ed25519.headed(&kid);
    case.refuses("another key's name", &sibling, Refusal::Algorithm).await;
}

#[tokio::test]
async fn strange_key_ids() {
    let case = Case::open().await;
    let (too_long, huge) = ("k".repeat(65), "k".repeat(10 * 1024));
    for (kid, expected) in [
        ("../../../../dev/null", Refusal::KeyId),
        ("a' OR '1'='1", Refusal::KeyId),
        ("x'; DROP TABLE keys; --", Refusal::KeyId),
        ("nul\0", Refusal::KeyId),
        ("|id", Refusal::KeyId),
        ("schlüssel", Refusal::KeyId),
        ("", Refusal::KeyId),
        (&too_long, Refusal::KeyId),
        (&huge, Refusal::Size),
        ("..", Refusal::UnknownKey),
        (&too_long[1..], Refusal::UnknownKey),
    ] {
        let token = case.p256.headed(&[("kid", json!(kid))]);
        case.refuses(kid, &token, expected).await;
    }
    for kid in [json!(null), json!(7), json!(["a"]), json!({"a": 1})] {
        let token = case.p256.headed(&[("kid", kid.clone())]);
        case.refuses(&kid.to_string(), &token, Refusal::Header).await;
    }
}
