//! Which documents are served, to whom, and what stops a start.

use serde_json::json;

use super::*;

const SDL: &str = "type Query { a: Int b(first: Int): BConnection } type BConnection { nodes: [B!]! } type B { id: ID! }";
const TEXT: &str = "query Q($n: Int) { b(first: $n) { nodes { id } } }";

fn documents(free_form: FreeForm) -> Documents {
    Documents::load(SDL, &[("Q", TEXT)], None, free_form).unwrap()
}

fn text(text: &str) -> Asked {
    Asked { text: Some(text.to_owned()), ..Asked::default() }
}

fn hashed(hash: Hash) -> Asked {
    Asked { hash: Some(hash), ..Asked::default() }
}

fn code(found: Result<Arc<Checked>, Refusal>) -> &'static str {
    found.map_or_else(|refusal| refusal.code, |_| "")
}

#[test]
fn a_hash_is_64_lower_case_digits() {
    let hash = Hash::of("{__typename}");
    assert_eq!(
        hash.id(),
        "sha256:ecf4edb46db40b5132295c0291d62fb65d6759a9eedfa4d5d612dd5ec54a6b38"
    );
    let hex = hash.id().split_off("sha256:".len());
    assert_eq!(Hash::of_hex(&hex), hash);
    for wrong in
        [&hex[1..], &hex.to_uppercase(), &format!("{hex}0"), "", &"g".repeat(64), &"é".repeat(32)]
    {
        assert_eq!(Hash::of_hex(wrong), Hash::UNKNOWN, "{wrong}");
    }
}

#[test]
fn trusted_documents_are_for_everybody() {
    for free_form in [FreeForm::On, FreeForm::Scope, FreeForm::Off] {
        let documents = documents(free_form);
        assert!(documents.find(&hashed(Hash::of(TEXT)), false).unwrap().is_trusted);
        assert_eq!(
            code(documents.find(&hashed(Hash::of("{a}")), true)),
            "PERSISTED_QUERY_NOT_FOUND"
        );
        assert_eq!(code(documents.find(&hashed(Hash::UNKNOWN), true)), "PERSISTED_QUERY_NOT_FOUND");
        let both = Asked { hash: Some(Hash::of(TEXT)), ..text(TEXT) };
        assert!(documents.find(&both, false).unwrap().is_trusted);
    }
}

#[test]
fn free_form_text_is_for_those_who_may() {
    for (free_form, has_scope, expected) in [
        (FreeForm::On, false, ""),
        (FreeForm::Scope, false, "PERSISTED_QUERY_ONLY"),
        (FreeForm::Scope, true, ""),
        (FreeForm::Off, true, "PERSISTED_QUERY_ONLY"),
    ] {
        let documents = documents(free_form);
        for _ in 0..2 {
            assert_eq!(code(documents.find(&text("{a}"), has_scope)), expected, "{free_form:?}");
        }
    }
}

#[test]
fn a_client_registers_nothing() {
    let documents = documents(FreeForm::On);
    let both = Asked { hash: Some(Hash::of("{a}")), ..text("{a}") };
    assert!(!documents.find(&both, false).unwrap().is_trusted);
    assert_eq!(code(documents.find(&hashed(Hash::of("{a}")), true)), "PERSISTED_QUERY_NOT_FOUND");
    let mismatch = Asked { hash: Some(Hash::of("{b}")), ..text("{a}") };
    assert_eq!(code(documents.find(&mismatch, false)), "BAD_USER_INPUT");
}

#[test]
fn a_document_is_parsed_once_and_what_is_refused_is_not_kept() {
    let documents = documents(FreeForm::On);
    let first = documents.find(&text("{a}"), false).unwrap();
    let second = documents.find(&text("{a}"), false).unwrap();
    assert!(Arc::ptr_eq(&first, &second));
    for (text_, expected) in [
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("\"", "GRAPHQL_PARSE_FAILED"),
        ("{a a a a a a}", "DOCUMENT_LIMIT_EXCEEDED"),
    ] {
        assert_eq!(code(documents.find(&text(text_), false)), expected);
    }
    documents.sent.run_pending_tasks();
    assert_eq!(documents.sent.entry_count(), 1);
}

#[test]
fn the_cache_is_bounded_by_the_text_in_it() {
    let documents = documents(FreeForm::On);
    for n in 0..200 {
        let padded = format!("{{a}}#{n}{}", "x".repeat(14_000));
        documents.find(&text(&padded), false).unwrap();
    }
    documents.sent.run_pending_tasks();
    assert!(documents.sent.weighted_size() <= KEPT_CHARACTERS);
}

#[test]
fn the_cost_follows_the_variables_of_each_request() {
    let documents = documents(FreeForm::On);
    let document = documents.find(&text(TEXT), false).unwrap();
    let chosen = document.operation(None).unwrap();
    let cost =
        |variables| document.cost(chosen, &Variables::from_json(variables), &documents.shape);
    assert_eq!(cost(json!({"n": 3})), 5);
    assert_eq!(cost(json!({"n": 30})), 32);
    assert_eq!(cost(json!({})), 27);
}

#[test]
fn the_operation_must_be_clear() {
    let documents = documents(FreeForm::On);
    let operation = |text_: &str, name: Option<&str>| {
        let document = documents.find(&text(text_), false).unwrap();
        let chosen = document.operation(name);
        chosen.map(|chosen| chosen.name.map(ToString::to_string)).map_err(|refusal| refusal.code)
    };
    let failed = Err("OPERATION_RESOLUTION_FAILURE");
    assert_eq!(operation("{a}", None), Ok(None));
    assert_eq!(operation("{a}", Some("A")), failed);
    assert_eq!(operation("query A{a}", None), Ok(Some("A".to_owned())));
    assert_eq!(operation("query A{a} query B{a}", Some("B")), Ok(Some("B".to_owned())));
    assert_eq!(operation("query A{a} query B{a}", None), failed);
    assert_eq!(operation("query A{a} query B{a}", Some("C")), failed);
}

fn with_manifest(name: &str, manifest: &str) -> Result<Documents, Unfit> {
    let path = std::env::temp_dir().join(format!("{name}-{}.json", std::process::id()));
    fs::write(&path, manifest).unwrap();
    let loaded = Documents::load(SDL, &[], Some(&path), FreeForm::Off);
    fs::remove_file(&path).unwrap();
    loaded
}

#[test]
fn a_manifest_adds_documents_by_their_hash() {
    let id = Hash::of("{a}").id();
    for (name, key) in [("prefixed", id.as_str()), ("bare", &id["sha256:".len()..])] {
        let documents = with_manifest(name, &json!({ key: "{a}" }).to_string()).unwrap();
        assert!(documents.find(&hashed(Hash::of("{a}")), false).is_ok());
    }
}

#[test]
fn what_can_t_be_served_stops_the_start() {
    let broken = Hash::of("{a").id();
    let cyclic = "{...F} fragment F on Query{...F}";
    for (name, manifest) in [
        ("no-json", "[".to_owned()),
        ("no-map", "[]".to_owned()),
        ("md5", json!({ "0cc175b9c0f1b6a831c399e269772661": "{a}" }).to_string()),
        ("other-text", json!({ (Hash::of("{b}").id()): "{a}" }).to_string()),
        ("broken", json!({ (broken): "{a" }).to_string()),
        ("cyclic", json!({ (Hash::of(cyclic).id()): cyclic }).to_string()),
    ] {
        assert!(with_manifest(name, &manifest).is_err(), "{name}");
    }
    assert!(Documents::load("type Query {", &[], None, FreeForm::On).is_err());
    assert!(
        Documents::load(SDL, &[("Broken", "{")], None, FreeForm::On)
            .unwrap_err()
            .to_string()
            .contains("Broken")
    );
    assert!(Documents::load(SDL, &[], Some(Path::new("/nowhere")), FreeForm::On).is_err());
}
