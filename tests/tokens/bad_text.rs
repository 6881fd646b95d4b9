//! Bad tokens: too large, not of three parts, not sound JSON, or changed by a single bit.

use hearth::access::token::Refusal;
use serde_json::json;

use super::case::Case;

#[tokio::test]
async fn too_large() {
    let case = Case::open().await;
    let padded = |size: usize| case.p256.with(&[("x", json!("x".repeat(size)))]);
    let size = (5_000..7_000).find(|size| padded(*size).len() > 8_192);
    let size = size.unwrap();
    case.refuses("padded", &padded(size), Refusal::Size).await;
    case.verifier.verify(&padded(size - 1)).await.unwrap();
    for size in [8_193, 1_000_000] {
        case.refuses("filler", &"a".repeat(size), Refusal::Size).await;
    }
}

#[tokio::test]
async fn not_three_parts_of_base64url() {
    let case = Case::open().await;
    let good = case.p256.token();
    let unsigned = good.rsplit_once('.').unwrap().0;
    for token in [
        String::new(),
        "..".to_owned(),
        "hello".to_owned(),
        unsigned.to_owned(),
        format!("{unsigned}."),
        format!("{good}.AA"),
        format!("{good}.AA.AA"),
        format!(" {good}"),
        format!("{good}\n"),
        format!("Bearer {good}"),
        format!("{good}="),
        good.replace('.', "+."),
        format!("{good}é"),
        format!("{good}\0"),
        json!({"payload": "", "signatures": []}).to_string(),
    ] {
        case.refuses(&token, &token, Refusal::Envelope).await;
    }
}

#[tokio::test]
async fn not_sound_json() {
    let case = Case::open().await;
    let header = case.p256.header().to_string();
    let claims = case.p256.claims().to_string();
    let (head, tail) = claims.as_bytes().split_at(20);
    let not_utf8 = [head, b"\xff", tail].concat();
    for (name, bad) in [
        ("nothing", Vec::new()),
        ("not UTF-8", not_utf8),
        ("a control character", claims.replace("worker", "\n").into()),
        ("half a surrogate", claims.replace("worker", "\\ud800").into()),
        ("byte order mark", format!("\u{feff}{claims}").into()),
        ("more after it", format!("{claims}{{}}").into()),
        ("cut short", head.to_vec()),
        ("a list", b"[]".to_vec()),
        ("a string", b"\"x\"".to_vec()),
        ("null", b"null".to_vec()),
    ] {
        let (as_payload, as_header) = match name {
            "nothing" => (Refusal::Envelope, Refusal::Envelope),
            _ => (Refusal::Claims, Refusal::Header),
        };
        let token = case.p256.sign(&header, &bad);
        case.refuses(name, &token, as_payload).await;
        let token = case.p256.sign(&bad, &claims);
        case.refuses(name, &token, as_header).await;
    }
    let list = json!(["ES256", case.p256.kid, "at+jwt"]).to_string();
    let token = case.p256.sign(list, &claims);
    case.refuses("a list of fields", &token, Refusal::Header).await;
    let more = format!("{header} {{}}");
    let token = case.p256.sign(more, &claims);
    case.refuses("two headers", &token, Refusal::Header).await;
}

#[tokio::test]
async fn a_name_twice() {
    let case = Case::open().await;
    let (header, claims) = (case.p256.header(), case.p256.claims());
    for (name, value) in header.as_object().unwrap() {
        let doubled = format!("{{\"{name}\":{value},");
        let doubled = header.to_string().replacen('{', &doubled, 1);
        let token = case.p256.sign(doubled, claims.to_string());
        case.refuses(name, &token, Refusal::Header).await;
    }
    for (name, value) in claims.as_object().unwrap() {
        let doubled = format!("{{\"{name}\":{value},");
        let doubled = claims.to_string().replacen('{', &doubled, 1);
        let token = case.p256.sign(header.to_string(), doubled);
        case.refuses(name, &token, Refusal::Claims).await;
    }
}

#[tokio::test]
async fn a_name_twice_below_or_nested_too_deep() {
    let case = Case::open().await;
    let header = case.p256.header().to_string();
    let claims = case.p256.claims().to_string();
    let lists = |levels: usize| format!("\"a\":{}{}", "[".repeat(levels), "]".repeat(levels));
    let objects = |levels: usize| {
        let (open, close) = ("{\"a\":".repeat(levels), "}".repeat(levels));
        format!("\"a\":{open}1{close}")
    };
    for member in [
        r#""\u0072ole":"ADMIN""#.to_owned(),
        r#""a":1,"a":2"#.to_owned(),
        r#""a":{"b":1,"b":2}"#.to_owned(),
        r#""a":[{"b":1,"\u0062":2}]"#.to_owned(),
        lists(129),
        objects(129),
        lists(2_500),
    ] {
        let with_member = |text: &str| text.replacen('{', &format!("{{{member},"), 1);
        let token = case.p256.sign(&header, with_member(&claims));
        case.refuses(&member, &token, Refusal::Claims).await;
        let token = case.p256.sign(with_member(&header), &claims);
        case.refuses(&member, &token, Refusal::Header).await;
    }
}

#[tokio::test]
async fn one_bit_flipped() {
    let case = Case::open().await;
    for mint in [&case.p256, &case.ed25519, &case.rs256, &case.ps256] {
        let good = mint.token();
        for index in 0..good.len() {
            for bit in [index % 7, (index + 3) % 7] {
                let mut bytes = good.clone().into_bytes();
                bytes[index] ^= 1 << bit;
                let token = String::from_utf8(bytes).unwrap();
                let answer = case.verifier.verify(&token).await;
                assert!(answer.is_err(), "byte {index}, bit {bit}");
            }
        }
        // Refusals leave no trace: the token itself is still good.
        case.verifier.verify(&good).await.unwrap();
    }
}
