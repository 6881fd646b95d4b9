//! Tokens that must be accepted, what is read from them, how long that is kept, and signers.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use chrono::DateTime;
use entity::membership::Role;
use hearth::access::token::{Claims, KeySource, Signer, Verifier, self_test};
use jsonwebtoken::Algorithm;
use serde_json::json;
use uuid::Uuid;

use super::mint::{AUDIENCE, ISSUER, Mint, foreign_issuer, inline, now, own_issuer, pem};
use super::rotation::pass;

#[test]
fn the_self_test_passes() {
    self_test().unwrap();
}

#[tokio::test]
async fn our_own_issuer_signs_with_p256_and_ed25519() {
    let (p256, ed25519) = (Mint::p256(), Mint::ed25519());
    let verifier = Verifier::open(vec![own_issuer(inline(&[&p256, &ed25519]))]).await.unwrap();
    for mint in [&p256, &ed25519] {
        let claims = verifier.verify(&mint.token()).await.unwrap();
        assert_eq!(claims.subject, "worker|7");
        assert_eq!(claims.role, Role::Caseworker);
        assert_eq!(claims.issuer, ISSUER);
        assert_eq!(claims.client_id, "hearth-web");
        assert_eq!(claims.session_id.as_deref(), Some("login-1"));
        let organisation = Uuid::from_u128(0x0190_a5c0_7d3a_7c3e_8a4f_6b2d_9e1c_5f70);
        assert_eq!(claims.organisation, organisation);
        let scopes = ["cases:read", "cases:write"].map(str::to_owned);
        assert_eq!(claims.scopes, BTreeSet::from(scopes));
    }
}

#[tokio::test]
async fn a_foreign_issuer_may_also_sign_with_rsa() {
    let (rs256, ps256) = (Mint::rsa(Algorithm::RS256), Mint::rsa(Algorithm::PS256));
    let foreign = foreign_issuer(inline(&[&rs256, &ps256]));
    let verifier = Verifier::open(vec![foreign]).await.unwrap();
    for mint in [&rs256, &ps256] {
        verifier.verify(&mint.token()).await.unwrap();
    }
}

#[tokio::test]
async fn what_is_optional_may_differ() {
    let mint = Mint::ed25519();
    let issuer = own_issuer(inline(&[&mint]));
    let verifier = Verifier::open(vec![issuer]).await.unwrap();
    let now = now();
    let tokens = [
        mint.with(&[("sid", json!(null))]),
        mint.with(&[("scope", json!(""))]),
        mint.with(&[("email_verified", json!({"a": [1, 2.5, null, "x"]}))]),
        mint.with(&[("exp", json!(now - 25)), ("iat", json!(now - 100))]),
        mint.with(&[("nbf", json!(now + 25)), ("iat", json!(now + 25))]),
        mint.with(&[("exp", json!(now + 3600)), ("iat", json!(now))]),
        mint.with(&[("sub", json!("a".repeat(128)))]),
        mint.headed(&[("typ", json!("application/at+jwt"))]),
        mint.headed(&[("cty", json!("json"))]),
    ];
    for (index, token) in tokens.iter().enumerate() {
        let answer = verifier.verify(token).await;
        assert!(answer.is_ok(), "token {index}: {answer:?}");
    }
}

#[tokio::test]
async fn a_proven_token_is_kept_for_thirty_seconds() {
    let mint = Mint::p256();
    let issuer = own_issuer(inline(&[&mint]));
    let verifier = Verifier::open(vec![issuer]).await.unwrap();
    let token = mint.token();
    let first = verifier.verify(&token).await.unwrap();
    pass(25).await;
    let kept = verifier.verify(&token).await.unwrap();
    assert!(Arc::ptr_eq(&first, &kept));
    pass(6).await;
    let again = verifier.verify(&token).await.unwrap();
    assert!(!Arc::ptr_eq(&first, &again));
}

#[tokio::test]
async fn a_proven_token_is_not_kept_past_its_expiry() {
    let mint = Mint::p256();
    let issuer = own_issuer(inline(&[&mint]));
    let verifier = Verifier::open(vec![issuer]).await.unwrap();
    let token = mint.with(&[("exp", json!(now() + 5))]);
    let first = verifier.verify(&token).await.unwrap();
    pass(6).await;
    // The wall clock hasn't moved, so the token is still good, but it was opened anew.
    let again = verifier.verify(&token).await.unwrap();
    assert!(!Arc::ptr_eq(&first, &again));
}

fn claims() -> Claims {
    let issued_at = i64::try_from(now()).unwrap();
    let issued_at = DateTime::from_timestamp(issued_at, 0).unwrap();
    Claims {
        subject: "integration:register".to_owned(),
        client_id: "register".to_owned(),
        organisation: Uuid::from_u128(7),
        role: Role::Integration,
        scopes: BTreeSet::from(["events:read".to_owned()]),
        token_id: "t1".to_owned(),
        session_id: None,
        device_id: None,
        issuer: ISSUER.to_owned(),
        issued_at,
        expires_at: issued_at + Duration::from_mins(10),
    }
}

#[tokio::test]
async fn what_a_signer_signs_a_verifier_reads() {
    let saved = Signer::generate().unwrap().private_pem();
    let p256 = aws_lc_rs::signature::EcdsaKeyPair::generate(
        &aws_lc_rs::signature::ECDSA_P256_SHA256_FIXED_SIGNING,
    );
    let p256 = pem(p256.unwrap().to_pkcs8v1().unwrap().as_ref());
    for pem in [saved, p256] {
        let signer = Signer::from_pem(pem.as_bytes()).unwrap();
        let issuer = own_issuer(KeySource::Inline(signer.public_jwks()));
        let verifier = Verifier::open(vec![issuer]).await.unwrap();
        let token = signer.sign(&claims(), AUDIENCE).unwrap();
        assert_eq!(*verifier.verify(&token).await.unwrap(), claims());
        // Saving a key and reading it back changes nothing.
        assert_eq!(signer.private_pem(), pem);
        assert_eq!(signer.kid().len(), 43);
    }
}

#[test]
fn a_signer_takes_no_other_key() {
    let rsa = aws_lc_rs::rsa::KeyPair::generate(aws_lc_rs::rsa::KeySize::Rsa2048).unwrap();
    let rsa = aws_lc_rs::encoding::AsDer::<aws_lc_rs::encoding::Pkcs8V1Der>::as_der(&rsa);
    let p384 = aws_lc_rs::signature::EcdsaKeyPair::generate(
        &aws_lc_rs::signature::ECDSA_P384_SHA384_FIXED_SIGNING,
    );
    let p384 = p384.unwrap().to_pkcs8v1().unwrap();
    for pem in [pem(rsa.unwrap().as_ref()), pem(p384.as_ref()), pem(b"nonsense"), String::new()] {
        assert!(Signer::from_pem(pem.as_bytes()).is_err());
    }
}

#[tokio::test]
async fn debug_output_shows_no_secret() {
    let signer = Signer::generate().unwrap();
    let pem = signer.private_pem();
    let secret = pem.lines().nth(1).unwrap();
    let source = KeySource::Inline(pem.clone());
    let url = KeySource::Url("https://a.example/keys?code=hush".to_owned());
    let mint = Mint::ed25519();
    let issuer = own_issuer(inline(&[&mint]));
    let verifier = Verifier::open(vec![issuer]).await.unwrap();
    let shown = format!("{signer:?} {source:?} {url:?} {verifier:?}");
    assert!(!shown.contains(secret) && !shown.contains("hush"), "{shown}");
}
