//! Bad tokens: rightly signed, but what they say doesn't hold.

use hearth::access::token::Refusal;
use serde_json::{Value, json};

use super::case::Case;
use super::mint::now;

#[tokio::test]
async fn expired() {
    let case = Case::open().await;
    let years = 10 * 365 * 86_400;
    for (name, age) in [("31 s", 31), ("10 years", years)] {
        let expired_at = now() - age;
        let times = [("exp", json!(expired_at)), ("iat", json!(expired_at - 900))];
        let token = case.p256.with(&times);
        case.refuses(name, &token, Refusal::Expired).await;
    }
    let token = case.p256.with(&[("exp", json!(0))]);
    case.refuses("1970", &token, Refusal::Expired).await;
}

#[tokio::test]
async fn from_the_future_or_too_long() {
    let case = Case::open().await;
    let now = now();
    for (claim, time, expected) in [
        ("nbf", now + 120, Refusal::NotYetValid),
        ("nbf", u64::MAX, Refusal::NotYetValid),
        ("iat", now + 120, Refusal::IssuedAhead),
        ("iat", u64::MAX, Refusal::IssuedAhead),
        ("iat", now - 7_200, Refusal::Lifetime),
        ("exp", now + 3_700, Refusal::Lifetime),
        ("exp", u64::MAX, Refusal::Lifetime),
    ] {
        let token = case.p256.with(&[(claim, json!(time))]);
        let name = format!("{claim} {time}");
        case.refuses(&name, &token, expected).await;
    }
    let times = [("exp", json!(now)), ("iat", json!(now + 20))];
    let token = case.p256.with(&times);
    case.refuses("over before it began", &token, Refusal::Lifetime).await;
}

#[tokio::test]
async fn times_that_are_no_whole_numbers() {
    let case = Case::open().await;
    let header = case.p256.header().to_string();
    for name in ["exp", "nbf", "iat"] {
        for wrong in [
            "null",
            "-1",
            "\"9999999999\"",
            "9999999999.5",
            "1e300",
            "1e999",
            "18446744073709551616",
            "[1]",
            "{}",
            "true",
        ] {
            let claims = case.p256.claims();
            let right = format!("\"{name}\":{}", claims[name]);
            let wrong = format!("\"{name}\":{wrong}");
            let claims = claims.to_string().replace(&right, &wrong);
            assert!(claims.contains(&wrong));
            let token = case.p256.sign(&header, claims);
            case.refuses(&wrong, &token, Refusal::Claims).await;
        }
    }
}

#[tokio::test]
async fn missing_or_of_another_type() {
    let case = Case::open().await;
    let claims = case.p256.claims();
    for name in claims.as_object().unwrap().keys() {
        let wrongs = [json!(7), json!(["a"]), json!({"a": "b"}), json!(true)];
        for wrong in wrongs {
            if !(claims[name].is_number() && wrong.is_number()) {
                let token = case.p256.with(&[(name, wrong.clone())]);
                let title = format!("{name} {wrong}");
                case.refuses(&title, &token, Refusal::Claims).await;
            }
        }
        if name != "sid" {
            let token = case.p256.with(&[(name, json!(null))]);
            case.refuses(name, &token, Refusal::Claims).await;
        }
        let right = format!("\"{name}\":{}", claims[name]);
        let null = claims.to_string().replace(&right, &format!("\"{name}\":null"));
        let token = case.p256.sign(case.p256.header().to_string(), null);
        case.refuses(name, &token, Refusal::Claims).await;
    }
}

#[tokio::test]
async fn for_another_service_or_from_another_issuer() {
    let case = Case::open().await;
    let audience = |aud: Value| case.p256.with(&[("aud", aud)]);
    for aud in ["billing-api", "hearth-api ", ""] {
        let token = audience(json!(aud));
        case.refuses(aud, &token, Refusal::Audience).await;
    }
    let among_others = audience(json!(["hearth-api"]));
    case.refuses("array", &among_others, Refusal::Claims).await;
    for issuer in ["https://evil.example", "https://hearth.example/", ""] {
        let token = case.p256.with(&[("iss", json!(issuer))]);
        case.refuses(issuer, &token, Refusal::Issuer).await;
    }
}

#[tokio::test]
async fn roles_we_do_not_have() {
    let case = Case::open().await;
    for role in [
        json!("caseworker"),
        json!("SUPERUSER"),
        json!("Admin"),
        json!(""),
        json!("CASEWORKER,ADMIN"),
        json!(["CASEWORKER"]),
        json!({"ADMIN": null}),
        json!(9),
    ] {
        let token = case.p256.with(&[("role", role.clone())]);
        let name = role.to_string();
        case.refuses(&name, &token, Refusal::Claims).await;
    }
}

#[tokio::test]
async fn names_that_are_not_well_formed() {
    let case = Case::open().await;
    let long = "a".repeat(129);
    let capitals = "organisation_0190A5C07D3A7C3E8A4F6B2D9E1C5F70";
    let hyphens = "organisation_0190a5c0-7d3a-7c3e-8a4f-6b2d9e1c5f70";
    let braces = "organisation_{0190a5c07d3a7c3e8a4f6b2d9e1c5f70}";
    let subjects = ["", "two words", "nul\0", "jörg", "a/b", &long];
    let organisations = ["", "organisation_", &capitals[13..], capitals, hyphens, braces];
    let identifiers = ["", "a\nb", "two words", "ä", &long];
    let scopes = ["tab\there", "quo\"te", "back\\slash", "größe"];
    for (claim, values, expected) in [
        ("sub", &subjects[..], Refusal::Subject),
        ("org", &organisations, Refusal::Organisation),
        ("jti", &identifiers, Refusal::Identifier),
        ("sid", &identifiers, Refusal::Identifier),
        ("device_id", &identifiers, Refusal::Identifier),
        ("client_id", &identifiers, Refusal::Identifier),
        ("scope", &scopes, Refusal::Scope),
    ] {
        for value in values {
            let token = case.p256.with(&[(claim, json!(value))]);
            let name = format!("{claim} {value}");
            case.refuses(&name, &token, expected).await;
        }
    }
}
