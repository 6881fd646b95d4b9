//! What is a GraphQL request and what is not.

use serde_json::json;

use super::*;

fn json(body: &serde_json::Value) -> Result<Asked, Refusal> {
    of_json(body.to_string().as_bytes())
}

#[test]
fn a_body_has_the_four_fields_and_nulls_are_nothing() {
    let asked = json(&json!({
        "query": "{a}", "operationName": "A", "variables": {"x": [1, {"y": "z"}]}, "extensions": {"some": 1}, "other": 1,
    }));
    let asked = asked.unwrap();
    assert_eq!(asked.text.as_deref(), Some("{a}"));
    assert_eq!(asked.operation_name.as_deref(), Some("A"));
    assert_eq!(asked.variables.to_string(), r#"{x: [1, {y: "z"}]}"#);
    assert!(!asked.is_get && asked.hash.is_none());

    let asked = json(
        &json!({"query": "{a}", "operationName": null, "variables": null, "extensions": null}),
    )
    .unwrap();
    assert!(asked.operation_name.is_none() && asked.variables.is_empty());
    assert!(json(&json!({"query": "{a}", "operationName": ""})).unwrap().operation_name.is_none());
}

/// A body and a part of what is said of it.
const WRONG: &[(&str, &str)] = &[
    (r#"{"query": 1}"#, "\"query\" is not a string"),
    (r#"{"query": "{a}", "operationName": {}}"#, "\"operationName\" is not a string"),
    (r#"{"query": "{a}", "variables": []}"#, "\"variables\" is not an object"),
    (r#"{"query": "{a}", "variables": "{}"}"#, "\"variables\" is not an object"),
    (r#"{"query": "{a}", "extensions": 0}"#, "\"extensions\" is not an object"),
    (r#"{"documentId": false}"#, "\"documentId\" is not a string"),
    (r#"{"query": "{a}", "documentId": "sha256:0"}"#, "not both"),
    ("{}", "\"query\""),
    (r#"{"query": null}"#, "\"query\""),
    (r#"[{"query": "{a}"}]"#, "Batches"),
    ("[]", "Batches"),
    (r#""{a}""#, "not a JSON object"),
    (r#"{"extensions": {"persistedQuery": 1}}"#, "persistedQuery"),
    (r#"{"extensions": {"persistedQuery": {"version": 2, "sha256Hash": "x"}}}"#, "persistedQuery"),
    (r#"{"extensions": {"persistedQuery": {"version": 1, "sha256Hash": 1}}}"#, "persistedQuery"),
    ("", "empty"),
    (" \n", "empty"),
    ("{", "not JSON"),
    (r#"{"query":"{a}"} x"#, "not JSON"),
];

#[test]
fn wrong_types_are_told_by_name() {
    for (body, part) in WRONG {
        let refusal = of_json(body.as_bytes()).unwrap_err();
        assert!(refusal.message.contains(part), "{body}: {refusal:?}");
        assert_eq!((refusal.status, refusal.outright), (StatusCode::BAD_REQUEST, true));
    }
    for body in [&b"\xff"[..], b"{\"query\":\"\xff\"}"] {
        assert!(of_json(body).unwrap_err().message.contains("not JSON"));
    }
}

#[test]
fn a_body_is_never_repeated_in_a_message() {
    let refusal = of_json(br#"{"query": "{a}", secret}"#).unwrap_err();
    assert!(!refusal.message.contains("secret"), "{refusal:?}");
}

#[test]
fn a_trusted_document_is_named_in_two_ways() {
    let hash = Hash::of("{a}");
    let id = hash.id();
    let apollo = json!({"extensions": {"persistedQuery": {"version": 1, "sha256Hash": &id[7..]}}});
    for body in [json!({"documentId": id}), apollo] {
        assert_eq!(json(&body).unwrap().hash, Some(hash));
    }
    for unknown in ["md5:0", "x", "", "sha256:"] {
        assert_eq!(json(&json!({"documentId": unknown})).unwrap().hash, Some(Hash::UNKNOWN));
    }
}

#[test]
fn variables_nest_16_deep() {
    let nested = |depth: usize| -> serde_json::Value {
        let text = format!("{}1{}", "[".repeat(depth), "]".repeat(depth));
        serde_json::from_str(&text).unwrap()
    };
    assert!(json(&json!({"query": "{a}", "variables": {"x": nested(16)}})).is_ok());
    assert!(json(&json!({"query": "{a}", "variables": {"x": nested(17)}})).is_err());
    let bomb = format!(r#"{{"query":"{{a}}","variables":{{"x":{}"#, "[".repeat(200_000));
    assert!(of_json(bomb.as_bytes()).is_err());
}

#[test]
fn parameters_are_decoded_and_come_once() {
    let asked =
        of_parameters("query=%7Ba%7D&variables=%7B%22x%22%3A1%7D&operationName=&utm=1&utm=2")
            .unwrap();
    assert_eq!(asked.text.as_deref(), Some("{a}"));
    assert_eq!(asked.variables.to_string(), "{x: 1}");
    assert!(asked.is_get && asked.operation_name.is_none());
    assert_eq!(
        of_parameters("query=query+null{a}&operationName=null").unwrap().operation_name.as_deref(),
        Some("null")
    );
    assert!(of_parameters("query={a}&variables=&extensions=null").is_ok());
    for wrong in [
        "",
        "query={a}&query={b}",
        "query={a}&variables={",
        "query={a}&variables=[]",
        "query={a}&extensions=1",
    ] {
        assert!(of_parameters(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn only_json_in_utf_8() {
    for value in [
        "application/json",
        "Application/JSON; charset=UTF-8",
        "application/json;charset=\"utf-8\"",
        "application/json; v=1",
    ] {
        assert!(is_json(value), "{value}");
    }
    for value in [
        "",
        "text/plain",
        "application/graphql",
        "application/json; charset=latin1",
        "application/jsonx",
        "multipart/form-data",
    ] {
        assert!(!is_json(value), "{value}");
    }
}
