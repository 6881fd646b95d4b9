//! Bad tokens as clients send them: whatever is wrong with one, the answer is the same 401, and
//! neither its body nor its headers say why.

use axum::body::Body;
use axum::http::{HeaderValue, Request, header};
use entity::revocation;
use hearth::access::viewer::{device_key, session_key, token_key};
use jsonwebtoken::{Algorithm, EncodingKey, crypto};
use sea_orm::ActiveValue::Set;
use serde_json::{Value, json};

use super::key_server::{self, KeyServer};
use super::mint::{Mint, encode, now};
use crate::harness::wire::{GRAPHQL, JSON, get, post};
use crate::harness::world::{Person, id};
use crate::harness::{AUDIENCE, Answer, Stage, run};

/// A caseworker who signs in, and the key of the issuer.
struct Caller {
    mint: Mint,
    claims: Vec<(&'static str, Value)>,
}

impl Caller {
    fn new(person: &Person) -> Self {
        let claims = vec![
            ("aud", json!(AUDIENCE)),
            ("sub", json!(person.subject)),
            ("client_id", json!(person.client_id)),
            ("org", json!(id("organisation", person.organisation))),
        ];
        Self { mint: Mint::of_stage(), claims }
    }

    /// A good token but for some claims; `null` leaves one out.
    fn with(&self, changes: &[(&'static str, Value)]) -> String {
        let changes: Vec<_> = self.claims.iter().chain(changes).cloned().collect();
        self.mint.with(&changes)
    }

    /// The good token's payload under another header, signed with the right key.
    fn headed(&self, name: &str, value: &Value) -> String {
        let mut header = self.mint.header();
        header[name] = value.clone();
        self.mint.sign(header.to_string(), self.payload().to_string())
    }

    fn payload(&self) -> Value {
        let mut payload = self.mint.claims();
        for (name, value) in &self.claims {
            payload[*name] = value.clone();
        }
        payload
    }

    /// What would be signed, but for the algorithm.
    fn message(&self, algorithm: &str) -> String {
        let mut header = self.mint.header();
        header["alg"] = json!(algorithm);
        format!("{}.{}", encode(header.to_string()), encode(self.payload().to_string()))
    }

    fn with_bad_claims(&self) -> Vec<(String, String)> {
        let now = now();
        let ten_years = 10 * 365 * 86_400;
        let claims = [
            ("exp", json!(now - 31)),
            ("exp", json!(now - ten_years)),
            ("exp", json!(null)),
            ("exp", json!(-1)),
            ("exp", json!("9999999999")),
            ("exp", json!(1e300)),
            ("exp", json!(u64::MAX)),
            ("nbf", json!(now + 120)),
            ("iat", json!(now + 120)),
            ("iss", json!("https://evil.example")),
            ("iss", json!(null)),
            ("iss", json!([self.mint.issuer])),
            ("aud", json!("billing-api")),
            ("aud", json!(null)),
            ("aud", json!([AUDIENCE])),
            ("aud", json!(7)),
            ("role", json!(null)),
            ("role", json!("SUPERUSER")),
            ("role", json!(["CASEWORKER"])),
            ("role", json!("SUPERVISOR")),
            ("org", json!(id("organisation", uuid::Uuid::now_v7()))),
            ("sub", json!("somebody-else")),
            ("sub", json!("' or 1=1 --")),
            ("jti", json!(null)),
        ];
        let token = |(name, value): (&'static str, Value)| {
            let issued =
                if name == "exp" { value.as_u64().unwrap_or(now).min(now) - 900 } else { now };
            let token = self.with(&[("iat", json!(issued)), (name, value.clone())]);
            (format!("{name} {value}"), token)
        };
        claims.into_iter().map(token).collect()
    }

    /// Headers that are refused; those that name a place name `lure`.
    fn with_bad_headers(&self, lure: &str) -> Vec<(String, String)> {
        let headers = [
            ("typ", json!("JWT")),
            ("typ", json!("id+jwt")),
            ("alg", json!("ES256")),
            ("alg", json!("RS256")),
            ("alg", json!("HS256")),
            ("alg", json!("ES384")),
            ("alg", json!("PS256")),
            ("kid", json!("unknown")),
            ("kid", json!("../../../../dev/null")),
            ("kid", json!("x'; drop table keys; --")),
            ("kid", json!("nul\0")),
            ("kid", json!("k".repeat(10 * 1024))),
            ("kid", json!(["a"])),
            ("jku", json!(lure)),
            ("x5u", json!(lure)),
            ("x5c", json!(["MIIB"])),
            ("x5t", json!("AAAA")),
            ("jwk", self.mint.jwk.clone()),
            ("crit", json!(["exp"])),
            ("b64", json!(false)),
            ("zip", json!("DEF")),
            ("enc", json!("A128GCM")),
        ];
        let token = |(name, value): (&'static str, Value)| {
            (format!("{name} {value}"), self.headed(name, &value))
        };
        headers.into_iter().map(token).collect()
    }

    fn forged(&self) -> Vec<(String, String)> {
        let mut tokens = Vec::new();
        for none in ["none", "None", "NONE", "nOnE"] {
            let message = self.message(none);
            tokens.push((format!("{none}, signed"), format!("{message}.AA")));
            tokens.push((format!("{none}, unsigned"), format!("{message}.")));
        }
        let public = self.mint.jwk["x"].as_str().unwrap();
        let message = self.message("HS256");
        let secret = EncodingKey::from_secret(public.as_bytes());
        let signature = crypto::sign(message.as_bytes(), &secret, Algorithm::HS256).unwrap();
        tokens.push(("our key as a password".to_owned(), format!("{message}.{signature}")));
        let mut stranger = Mint::ed25519();
        stranger.kid.clone_from(&self.mint.kid);
        let header = self.mint.header().to_string();
        let payload = self.payload().to_string();
        tokens.push(("a stranger's".to_owned(), stranger.sign(&header, &payload)));
        for (name, member) in [
            ("a role twice", "\"role\":\"ADMIN\"".to_owned()),
            ("a name twice below", "\"a\":{\"b\":1,\"b\":2}".to_owned()),
            ("129 deep", format!("\"a\":{}{}", "[".repeat(129), "]".repeat(129))),
        ] {
            let with = payload.replacen('{', &format!("{{{member},"), 1);
            tokens.push((name.to_owned(), self.mint.sign(&header, with)));
        }
        let not_utf8 = payload.replace("CASEWORKER", "CASE\u{1}WORKER").into_bytes();
        let not_utf8: Vec<u8> =
            not_utf8.into_iter().map(|byte| if byte == 1 { 0xff } else { byte }).collect();
        tokens.push(("not UTF-8".to_owned(), self.mint.sign(&header, not_utf8)));
        tokens
    }

    /// Tokens that the same issuer signed for something else.
    fn for_others(&self) -> Vec<(String, String)> {
        let mut id_token = self.payload();
        for name in ["scope", "client_id", "role", "org"] {
            id_token.as_object_mut().unwrap().remove(name);
        }
        id_token["nonce"] = json!("n");
        let access_header = self.mint.header();
        let mut id_header = access_header.clone();
        id_header["typ"] = json!("JWT");
        let sign = |header: &Value| self.mint.sign(header.to_string(), id_token.to_string());
        vec![
            ("an ID token".to_owned(), sign(&id_header)),
            ("an ID token as an access token".to_owned(), sign(&access_header)),
        ]
    }

    fn misshapen(&self) -> Vec<(String, String)> {
        let good = self.with(&[]);
        let unsigned = good.rsplit_once('.').unwrap().0;
        let padding = (5_000..7_000).map(|size| self.with(&[("x", json!("x".repeat(size)))]));
        let long = padding.into_iter().find(|token| token.len() > 8_192).unwrap();
        let texts = ["..", "hello", unsigned, &long, &good[1..], &good[..good.len() - 1]];
        let mut tokens: Vec<_> = texts.map(|text| (format!("{text:.20}"), text.to_owned())).into();
        tokens.push(("two in one".to_owned(), format!("{good} {good}")));
        tokens.push(("8,193 bytes".to_owned(), "a".repeat(8_193)));
        tokens.push(("1 MB".to_owned(), "a".repeat(1_000_000)));
        tokens
    }
}

fn ask() -> Value {
    json!({ "query": "{viewer{role}}" })
}

/// Status, headers and body are what every refused token gets, apart from the request's id.
#[track_caller]
fn refused(answer: &Answer, name: &str, accept: &str, challenge: &str) {
    let mut headers: Vec<_> = answer
        .headers
        .iter()
        .map(|(name, value)| (name.as_str(), value.to_str().unwrap()))
        .collect();
    headers.sort_unstable();
    let request_id = answer.header("x-request-id");
    let kind = format!("{accept}; charset=utf-8");
    let expected = [
        ("cache-control", "private, no-store"),
        ("content-language", "en"),
        ("content-length", answer.header("content-length")),
        ("content-type", &kind),
        ("vary", "accept, accept-language, authorization"),
        ("www-authenticate", challenge),
        ("x-content-type-options", "nosniff"),
        ("x-request-id", request_id),
    ];
    let expected = expected.into_iter().filter(|(_, value)| !value.is_empty());
    assert_eq!(headers, expected.collect::<Vec<_>>(), "{name}");
    let message = "Sign in: send a valid access token as `Authorization: Bearer <token>`.";
    let extensions =
        json!({ "code": "UNAUTHENTICATED", "requestId": request_id, "retryable": false });
    let body = json!({ "errors": [{ "message": message, "extensions": extensions }] });
    assert_eq!((answer.status.as_u16(), &answer.body), (401, &body), "{name}");
}

const TOKEN_CAME: &str = r#"Bearer realm="hearth", error="invalid_token""#;
const NO_TOKEN: &str = r#"Bearer realm="hearth""#;

async fn good_token_is_let_in(stage: &Stage, token: &str) {
    let answer = stage.with_token(token).post(&ask()).await;
    assert_eq!(answer.data("/viewer/role"), "CASEWORKER");
}

#[test]
fn every_bad_token_gets_the_same_answer() {
    run(async |stage| {
        let caller = Caller::new(&stage.somebody().await);
        good_token_is_let_in(stage, &caller.with(&[])).await;
        let lure = KeyServer::start(key_server::Answer::Json(caller.mint.jwk.to_string())).await;
        let tokens = [
            caller.with_bad_claims(),
            caller.with_bad_headers(&lure.url),
            caller.forged(),
            caller.misshapen(),
            caller.for_others(),
        ];
        for (name, token) in tokens.concat() {
            for accept in [GRAPHQL, JSON] {
                let answer = stage.send(post(&token, accept, &ask())).await;
                refused(&answer, &name, accept, TOKEN_CAME);
            }
        }
        good_token_is_let_in(stage, &caller.with(&[])).await;
        assert_eq!(lure.asked(), 0, "no token causes a request");
    });
}

#[test]
fn a_thousand_unknown_key_ids_get_that_answer_and_nobody_waits() {
    run(async |stage| {
        let caller = Caller::new(&stage.somebody().await);
        for no in 0..1_000 {
            let token = caller.headed("kid", &json!(format!("unknown-{no}")));
            let sent = stage.send(post(&token, GRAPHQL, &ask()));
            let (statements, answer) = stage.counted(sent).await;
            refused(&answer, &format!("kid {no}"), GRAPHQL, TOKEN_CAME);
            assert_eq!(statements, 0, "kid {no}");
        }
        good_token_is_let_in(stage, &caller.with(&[])).await;
    });
}

#[test]
fn a_revoked_token_gets_that_answer_too_though_it_was_just_let_in() {
    run(async |stage| {
        let caller = Caller::new(&stage.somebody().await);
        let (one, other) = (caller.with(&[("jti", json!("one"))]), caller.with(&[]));
        let elsewhere = caller.with(&[("sid", json!("login-2"))]);
        let phone = caller.with(&[("sid", json!("login-2")), ("device_id", json!("phone-1"))]);
        for token in [&one, &other, &elsewhere, &phone] {
            good_token_is_let_in(stage, token).await;
        }
        let of_each = [
            (token_key("one"), &one),
            (session_key("login-1"), &other),
            (device_key("phone-1"), &phone),
        ];
        for (revoked, token) in of_each {
            let (revoked_at, expires_at) = (Set(stage.now()), Set(stage.now()));
            stage.put(revocation::ActiveModel { id: Set(revoked), revoked_at, expires_at }).await;
            let answer = stage.send(post(token, GRAPHQL, &ask())).await;
            refused(&answer, "revoked", GRAPHQL, TOKEN_CAME);
        }
        good_token_is_let_in(stage, &elsewhere).await;
    });
}

#[test]
fn a_token_with_one_bit_flipped_is_refused_without_asking_the_database() {
    run(async |stage| {
        let caller = Caller::new(&stage.somebody().await);
        let good = caller.with(&[]);
        good_token_is_let_in(stage, &good).await;
        for index in 0..good.len() {
            let mut bytes = good.clone().into_bytes();
            bytes[index] ^= 1 << (index % 5);
            let token = String::from_utf8(bytes).unwrap();
            if HeaderValue::from_str(&token).is_ok() {
                let sent = stage.send(post(&token, GRAPHQL, &ask()));
                let (statements, answer) = stage.counted(sent).await;
                refused(&answer, &format!("byte {index}"), GRAPHQL, TOKEN_CAME);
                assert_eq!(statements, 0, "byte {index}");
            }
        }
        good_token_is_let_in(stage, &good).await;
    });
}

#[test]
fn a_token_in_two_headers_or_beside_bytes_that_are_no_text_is_refused() {
    run(async |stage| {
        let token = Caller::new(&stage.somebody().await).with(&[]);
        let mut twice = post(&token, GRAPHQL, &ask());
        let same = twice.headers()[header::AUTHORIZATION].clone();
        twice.headers_mut().append(header::AUTHORIZATION, same);
        refused(&stage.send(twice).await, "twice", GRAPHQL, TOKEN_CAME);
        for bytes in [b"Bearer \xff\xfe".as_slice(), format!("Bearer {token}é").as_bytes()] {
            let mut request = post("", GRAPHQL, &ask());
            let value = HeaderValue::from_bytes(bytes).unwrap();
            request.headers_mut().insert(header::AUTHORIZATION, value);
            refused(&stage.send(request).await, "no text", GRAPHQL, TOKEN_CAME);
        }
    });
}

#[test]
fn a_token_elsewhere_than_in_its_header_is_not_looked_for() {
    run(async |stage| {
        let token = Caller::new(&stage.somebody().await).with(&[]);
        for parameter in ["access_token", "token", "authorization"] {
            let parameters = format!("query=%7Bviewer%7Brole%7D%7D&{parameter}={token}");
            let mut request = get("", &parameters);
            request.headers_mut().remove(header::AUTHORIZATION);
            refused(&stage.send(request).await, parameter, GRAPHQL, NO_TOKEN);
        }
        let body = json!({ "query": "{viewer{role}}", "access_token": token });
        let request = Request::post("/graphql")
            .header("content-type", JSON)
            .header("cookie", format!("access_token={token}"))
            .header("x-access-token", &token)
            .body(Body::from(body.to_string()));
        refused(&stage.send(request.unwrap()).await, "elsewhere", JSON, NO_TOKEN);
    });
}
