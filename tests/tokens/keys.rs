//! Which key sets and addresses are refused, and which keys are passed over.

use hearth::access::token::{KeyError, KeySource, OpenError, Refusal, Verifier};
use jsonwebtoken::Algorithm;
use serde_json::{Value, json};

use super::mint::{Mint, encode, foreign_issuer, inline, own_issuer};

fn set(keys: &[Value]) -> String {
    json!({ "keys": keys }).to_string()
}

fn but(mint: &Mint, changes: &Value) -> Value {
    let mut jwk = mint.jwk.clone();
    let members = jwk.as_object_mut().unwrap();
    members.extend(changes.as_object().unwrap().clone());
    members.retain(|_, value| !value.is_null());
    jwk
}

async fn refusal_of(keys: KeySource) -> KeyError {
    match Verifier::open(vec![foreign_issuer(keys)]).await {
        Err(OpenError::Keys { reason, .. }) => reason,
        other => panic!("accepted: {other:?}"),
    }
}

#[tokio::test]
async fn a_set_that_shows_a_secret_is_refused_whole() {
    let (good, rsa) = (Mint::p256(), Mint::rsa(Algorithm::RS256));
    for bad in [
        json!({"kty": "oct", "kid": "s", "k": "c2VjcmV0"}),
        json!({"kty": "oct"}),
        but(&rsa, &json!({"d": "AA"})),
        but(&Mint::ed25519(), &json!({"d": "AA"})),
    ] {
        let text = set(&[good.jwk.clone(), bad]);
        let found = refusal_of(KeySource::Inline(text)).await;
        assert!(matches!(found, KeyError::Secret), "{found}");
    }
}

#[tokio::test]
async fn an_ambiguous_or_large_set_is_refused_whole() {
    let (good, other) = (Mint::p256(), Mint::ed25519());
    let same = set(&[good.jwk.clone(), but(&other, &json!({"kid": good.kid}))]);
    let many: Vec<Value> =
        (0..21).map(|index| but(&good, &json!({"kid": format!("k{index}")}))).collect();
    let text = set(std::slice::from_ref(&good.jwk));
    let large = format!("{text}{}", " ".repeat(64 * 1024));
    for (text, expected) in [
        (same, KeyError::SameKeyId),
        (set(&many), KeyError::TooMany),
        (large, KeyError::TooLarge),
        (set(&[]), KeyError::NoneUsable),
    ] {
        let found = refusal_of(KeySource::Inline(text)).await;
        assert_eq!(found.to_string(), expected.to_string());
    }
    let twenty = KeySource::Inline(set(&many[..20]));
    Verifier::open(vec![own_issuer(twenty)]).await.unwrap();
}

#[tokio::test]
async fn what_is_not_a_set_is_refused() {
    let text = set(&[Mint::p256().jwk]);
    let deep = format!("\"z\":{}{},\"kty\"", "[".repeat(200), "]".repeat(200));
    for text in [
        text.replace(r#""kty""#, r#""kty":"EC","kty""#),
        text.replace(r#""kty""#, r#""z":1,"z":2,"kty""#),
        text.replace(r#""kty""#, &deep),
        r#"{"keys":[],"keys":[]}"#.to_owned(),
        "<html>".to_owned(),
        "[]".to_owned(),
        String::new(),
    ] {
        let found = refusal_of(KeySource::Inline(text)).await;
        assert!(matches!(found, KeyError::NotJwks), "{found}");
    }
}

#[tokio::test]
async fn an_unfit_key_is_passed_over() {
    let (good, ed25519) = (Mint::p256(), Mint::ed25519());
    let number = |bytes: usize| encode(vec![0xB5; bytes]);
    for (name, jwk) in [
        ("for encryption", but(&good, &json!({"use": "enc"}))),
        ("for signing", but(&good, &json!({"key_ops": ["sign"]}))),
        ("P-384", but(&good, &json!({"crv": "P-384", "alg": "ES384"}))),
        ("ES384 of P-256", but(&good, &json!({"alg": "ES384"}))),
        ("HS256 of P-256", but(&good, &json!({"alg": "HS256"}))),
        ("none of P-256", but(&good, &json!({"alg": "none"}))),
        ("RS256 of P-256", but(&good, &json!({"alg": "RS256"}))),
        ("Ed25519 of EC", but(&good, &json!({"crv": "Ed25519", "alg": "EdDSA"}))),
        ("X25519", but(&ed25519, &json!({"crv": "X25519"}))),
        ("short Ed25519", but(&ed25519, &json!({"x": number(31)}))),
        ("off the curve", but(&good, &json!({"x": number(32)}))),
        ("short point", but(&good, &json!({"x": number(31)}))),
        ("no y", but(&good, &json!({"y": null}))),
        ("padded base64", but(&good, &json!({"x": "AAAA="}))),
        ("no kid", but(&good, &json!({"kid": null}))),
        ("a path", but(&good, &json!({"kid": "../../keys"}))),
        ("long kid", but(&good, &json!({"kid": "k".repeat(65)}))),
    ] {
        let found = refusal_of(KeySource::Inline(set(&[jwk]))).await;
        assert!(matches!(found, KeyError::NoneUsable), "{name}: {found}");
    }
}

#[tokio::test]
async fn an_unfit_rsa_key_is_passed_over() {
    let rsa = Mint::rsa(Algorithm::RS256);
    let number = |bytes: usize| encode(vec![0xB5; bytes]);
    let wide = encode([vec![0; 64], vec![0xB5; 192]].concat());
    for (name, jwk) in [
        ("RSA without alg", but(&rsa, &json!({"alg": null}))),
        ("RS512", but(&rsa, &json!({"alg": "RS512"}))),
        ("RSA of 1024 bits", but(&rsa, &json!({"n": number(128)}))),
        ("RSA of 2040 bits", but(&rsa, &json!({"n": number(255)}))),
        ("RSA of 1536 bits in 2048", but(&rsa, &json!({"n": wide}))),
        ("RSA of 16384 bits", but(&rsa, &json!({"n": number(2048)}))),
        ("RSA with e = 1", but(&rsa, &json!({"e": encode([1])}))),
        ("RSA with e = 2", but(&rsa, &json!({"e": encode([2])}))),
        ("RSA with e = 3", but(&rsa, &json!({"e": encode([3])}))),
        ("RSA with e = 2^40 + 1", but(&rsa, &json!({"e": encode([1, 0, 0, 0, 0, 1])}))),
        ("RSA with e = 0", but(&rsa, &json!({"e": encode([0])}))),
    ] {
        let found = refusal_of(KeySource::Inline(set(&[jwk]))).await;
        assert!(matches!(found, KeyError::NoneUsable), "{name}: {found}");
    }
}

#[tokio::test]
async fn one_unfit_key_does_not_spoil_the_others() {
    let (good, old) = (Mint::p256(), Mint::ed25519());
    let keys = set(&[but(&old, &json!({"use": "enc"})), good.jwk.clone()]);
    let issuer = own_issuer(KeySource::Inline(keys));
    let verifier = Verifier::open(vec![issuer]).await.unwrap();
    verifier.verify(&good.token()).await.unwrap();
    let answer = verifier.verify(&old.token()).await;
    assert_eq!(answer, Err(Refusal::UnknownKey));
}

#[tokio::test]
async fn type_and_curve_are_enough_for_our_own_algorithms() {
    for mint in [Mint::p256(), Mint::ed25519()] {
        let bare = but(&mint, &json!({"alg": null, "use": null}));
        let issuer = own_issuer(KeySource::Inline(set(&[bare])));
        let verifier = Verifier::open(vec![issuer]).await.unwrap();
        verifier.verify(&mint.token()).await.unwrap();
    }
}

#[tokio::test]
async fn only_guarded_addresses_are_asked() {
    for url in [
        "http://keys.example/jwks",
        "http://127.0.0.1.example/jwks",
        "http://localhost.example/jwks",
        "http://169.254.169.254/latest",
        "http://10.0.0.1/jwks",
        "https://user:secret@keys.example/jwks",
        "file:///etc/passwd",
        "ftp://127.0.0.1/keys",
        "keys.json",
        "",
    ] {
        let found = refusal_of(KeySource::Url(url.to_owned())).await;
        assert!(matches!(found, KeyError::Address), "{url}: {found}");
        assert!(!found.to_string().contains("secret"));
    }
}

#[tokio::test]
async fn a_verifier_needs_sound_settings() {
    let mint = Mint::p256();
    let issuer = || own_issuer(inline(&[&mint]));
    let none = Verifier::open(Vec::new()).await;
    assert!(matches!(none, Err(OpenError::NoIssuer)));
    let twice = Verifier::open(vec![issuer(), issuer()]).await;
    assert!(matches!(twice, Err(OpenError::Twice(_))));
    let mut unnamed = issuer();
    unnamed.audience.clear();
    let unnamed = Verifier::open(vec![unnamed]).await;
    let Err(OpenError::Keys { reason, .. }) = unnamed else {
        panic!("an empty audience was accepted");
    };
    assert!(matches!(reason, KeyError::Unnamed));
    let missing = refusal_of(KeySource::File("/nonexistent/keys.json".into())).await;
    assert!(matches!(missing, KeyError::File(_)));
}
