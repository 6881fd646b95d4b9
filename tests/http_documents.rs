//! Which documents are answered, by which method, to whom.

use entity::membership::Role;
use hearth::server::documents::{FreeForm, Hash};
use hearth::server::examples::TRUSTED;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::wire::{GRAPHQL, JSON, get, post};
use crate::harness::world::id;
use crate::harness::{Setup, run, run_with};

const ROLE: &str = "{viewer{role}}";
const PARSE: &str = "GRAPHQL_PARSE_FAILED";
const VALIDATION: &str = "GRAPHQL_VALIDATION_FAILED";
const LIMIT: &str = "DOCUMENT_LIMIT_EXCEEDED";

const REFUSED: &[(&str, &str)] = &[
    ("{", PARSE),
    ("{a(b: \"x}", PARSE),
    ("", PARSE),
    ("fragment F on Query{viewer{role}}", PARSE),
    ("{nothing}", VALIDATION),
    ("{...Missing}", VALIDATION),
    (CYCLE_BESIDE, VALIDATION),
    ("mutation{nothing}", VALIDATION),
    ("subscription{x}", VALIDATION),
    ("{__schema{types{name}}}", VALIDATION),
    ("query A{viewer{role}} query B{viewer{role}}", "OPERATION_RESOLUTION_FAILURE"),
    ("query($id:ID!){family(id:$id){id}}", "BAD_USER_INPUT"),
    ("{families(first:\"x\"){nodes{id}}}", "BAD_USER_INPUT"),
    ("{children(filter:{sexIn:[NEITHER]}){nodes{id}}}", "BAD_USER_INPUT"),
    (MANY_ROOTS, LIMIT),
    (DEEP, LIMIT),
    ("{families(first:5000){nodes{id}}}", "COST_LIMIT_EXCEEDED"),
];
/// The library itself would follow this cycle for ever.
const CYCLE_BESIDE: &str = "{viewer{role}} fragment A on Query{...B} fragment B on Query{...A}";
const MANY_ROOTS: &str =
    "{a:viewer{role} b:viewer{role} c:viewer{role} d:viewer{role} e:viewer{role} f:viewer{role}}";
const DEEP: &str = "{a(b:[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[";

fn no_introspection(setup: &mut Setup) {
    setup.settings.introspection = false;
}

#[test]
fn request_errors_are_400_or_200_by_media_type_and_have_no_data_and_ask_no_rows() {
    run_with(no_introspection, async |stage| {
        let token = stage.somebody().await.token();
        let requests = REFUSED.iter().map(|(query, code)| (json!({ "query": query }), *code));
        let id = "query($id:ID!){family(id:$id){id}}";
        let first = "query($n:Int){families(first:$n){nodes{id}}}";
        let named = json!({ "query": "query A{viewer{role}}", "operationName": "B" });
        let others = [
            (json!({ "query": id, "variables": { "id": null } }), "BAD_USER_INPUT"),
            (json!({ "query": first, "variables": { "n": "x" } }), "BAD_USER_INPUT"),
            (named, "OPERATION_RESOLUTION_FAILURE"),
            (json!({ "documentId": "sha256:0" }), "PERSISTED_QUERY_NOT_FOUND"),
        ];
        for (body, code) in requests.chain(others) {
            for (accept, status) in [(GRAPHQL, 400), (JSON, 200)] {
                let sent = stage.send(post(&token, accept, &body));
                let (statements, answer) = stage.counted(sent).await;
                let came = (answer.status.as_u16(), answer.code());
                assert_eq!(came, (status, code), "{body} {}", answer.text);
                assert_eq!(statements, 1, "the viewer's: {body} {:?}", stage.said());
                assert_eq!(answer.body.get("data"), None, "{body}");
                assert!(answer.body["extensions"]["cost"]["remaining"].is_u64(), "{body}");
            }
        }
    });
}

#[test]
fn a_mutation_by_get_is_405() {
    run(async |stage| {
        let token = stage.somebody().await.token();
        for query in [
            "query=mutation%7B__typename%7D",
            "query=query+A%7Bviewer%7Brole%7D%7D+mutation+B%7B__typename%7D&operationName=B",
        ] {
            let answer = stage.send(get(&token, query)).await;
            assert_eq!((answer.status.as_u16(), answer.header("allow")), (405, "POST"));
        }
    });
}

fn trusted(name: &str) -> Hash {
    Hash::of(TRUSTED.iter().find(|(known, _)| *known == name).unwrap().1)
}

#[test]
fn trusted_documents_are_answered_where_text_is_not() {
    run_with(
        |setup| setup.free_form = FreeForm::Off,
        async |stage| {
            let token = stage.somebody().await.token();
            let id = trusted("families").id();
            let hash = id.strip_prefix("sha256:").unwrap();
            let persisted = json!({ "persistedQuery": { "version": 1, "sha256Hash": hash } });
            let apollo = json!({ "extensions": persisted });
            for body in [json!({ "documentId": id, "variables": { "after": null } }), apollo] {
                let answer = stage.send(post(&token, GRAPHQL, &body)).await;
                assert_eq!(answer.status, 200);
                assert_eq!(answer.list("/families/nodes").len(), 0);
            }
            let answer = stage.send(get(&token, &format!("documentId={id}"))).await;
            assert_eq!(answer.list("/families/nodes").len(), 0);
        },
    );
}

#[test]
fn every_trusted_document_is_valid_and_answered() {
    run(async |stage| {
        let area = stage.area("Area", None).await;
        let office = stage.organisation("Office", None).await;
        let home = stage.household(&office, &area, "One").await;
        let worker = stage.worker(&office, Role::Caseworker).await;
        for (name, text) in TRUSTED {
            let variables = match *name {
                "record-visit" => json!({ "input": {
                    "clientMutationId": Uuid::now_v7(), "caseId": id("case", home.case),
                    "outcome": "NO_ACCESS", "visitedAt": stage.now().to_rfc3339(),
                    "purpose": "MONITORING", "note": "Nobody opened.",
                } }),
                _ if text.contains("$id") => json!({ "id": id("family", home.id) }),
                _ => json!({}),
            };
            let body = json!({ "documentId": Hash::of(text).id(), "variables": variables });
            let answer = stage.as_(&worker).post(&body).await;
            assert_eq!(answer.status, 200, "{name}");
            assert_eq!(answer.body.get("errors"), None, "{name}: {}", answer.text);
            assert!(!answer.text.contains(r#""userErrors":[{"#), "{name}: {}", answer.text);
        }
    });
}

#[test]
fn text_is_answered_for_nobody_where_it_is_off() {
    run_with(
        |setup| setup.free_form = FreeForm::Off,
        async |stage| {
            let worker = stage.somebody().await;
            let scopes = vec!["graphql:free-form".to_owned()];
            let token = crate::harness::token(&worker.claims(scopes));
            for (accept, status) in [(GRAPHQL, 403), (JSON, 200)] {
                let answer = stage.send(post(&token, accept, &json!({ "query": ROLE }))).await;
                let came = (answer.status.as_u16(), answer.code());
                assert_eq!(came, (status, "PERSISTED_QUERY_ONLY"));
            }
        },
    );
}

#[test]
fn text_is_answered_for_the_scope_where_it_asks_for_one() {
    run_with(
        |setup| setup.free_form = FreeForm::Scope,
        async |stage| {
            let worker = stage.somebody().await;
            let answer = stage.as_(&worker).query(ROLE).await;
            assert_eq!((answer.status.as_u16(), answer.code()), (403, "PERSISTED_QUERY_ONLY"));
            let scoped = stage.as_with(&worker, &["graphql:free-form"]);
            assert_eq!(scoped.query(ROLE).await.data("/viewer/role"), "CASEWORKER");
            // In addresses, which stand in logs, are hashes of trusted documents alone.
            let claims = worker.claims(vec!["graphql:free-form".to_owned()]);
            let token = crate::harness::token(&claims);
            let by_get = stage.send(get(&token, "query=%7Bviewer%7Brole%7D%7D")).await;
            assert_eq!((by_get.status.as_u16(), by_get.header("allow")), (405, "POST"));
            assert!(by_get.message().contains("by POST"), "{}", by_get.text);
            let trusted = format!("documentId={}", Hash::of(TRUSTED[0].1).id());
            let by_hash = stage.send(get(&token, &trusted)).await;
            assert_ne!(by_hash.status, 405, "{}", by_hash.text);
        },
    );
}

#[test]
fn nobody_registers_a_hash() {
    run(async |stage| {
        let worker = stage.somebody().await;
        let asked = stage.as_(&worker);
        let hash = Hash::of(ROLE).id().split_off("sha256:".len());
        let extensions = json!({ "persistedQuery": { "version": 1, "sha256Hash": hash } });
        let both = json!({ "query": ROLE, "extensions": extensions });
        assert_eq!(asked.post(&both).await.status, 200);
        let answer = asked.post(&json!({ "extensions": extensions })).await;
        let came = (answer.status.as_u16(), answer.code());
        assert_eq!(came, (400, "PERSISTED_QUERY_NOT_FOUND"));
        let wrong = json!({ "query": "{viewer{role }}", "extensions": extensions });
        assert_eq!(asked.post(&wrong).await.status, 400);
    });
}

const SCHEMA: &str = "{__schema{queryType{name}}}";
const TYPO: &str = "{viewe{role}}";

#[test]
fn introspection_and_suggestions_need_the_scope_where_they_are_off() {
    run_with(no_introspection, async |stage| {
        let worker = stage.somebody().await;
        let plain = stage.as_(&worker);
        let refused = plain.query(SCHEMA).await;
        assert!(refused.message().contains("schema.graphql"), "{}", refused.text);
        let unknown = "Unknown field \"viewe\" on type \"Query\".";
        assert_eq!(plain.query(TYPO).await.message(), unknown);
        let scoped = stage.as_with(&worker, &["schema:introspect"]);
        assert_eq!(scoped.query(SCHEMA).await.data("/__schema/queryType/name"), "Query");
        let hint = scoped.query(TYPO).await;
        assert!(hint.message().contains("Did you mean \"viewer\""), "{}", hint.text);
        // The document is in the cache by now, which changes nothing.
        assert_eq!(plain.query(SCHEMA).await.code(), VALIDATION);
        let typename = plain.query("{__typename viewer{__typename}}").await;
        assert_eq!(typename.data("/viewer/__typename"), "Viewer");
    });
}

#[test]
fn introspection_and_suggestions_are_for_everybody_where_they_are_on() {
    run(async |stage| {
        let worker = stage.somebody().await;
        let asked = stage.as_(&worker);
        assert_eq!(asked.query(SCHEMA).await.data("/__schema/queryType/name"), "Query");
        assert!(asked.query(TYPO).await.message().contains("Did you mean \"viewer\""));
    });
}

#[test]
fn omitted_variables_are_not_nulls() {
    run(async |stage| {
        let area = stage.area("Area", None).await;
        let office = stage.organisation("Office", None).await;
        let worker = stage.worker(&office, Role::Caseworker).await;
        for _ in 0..26 {
            stage.household(&office, &area, "One").await;
        }
        let query = "query($n:Int=3){families(first:$n){nodes{id}}}";
        for (variables, count) in
            [(json!({}), 3), (json!({ "n": 2 }), 2), (json!({ "n": Value::Null }), 25)]
        {
            let answer = stage.as_(&worker).query_with(query, variables).await;
            assert_eq!(answer.list("/families/nodes").len(), count);
        }
    });
}

/// Fragments that each spread the next one twice.
fn fan_out(levels: usize) -> String {
    let fragment = |level| format!("fragment F{level} on Viewer{{...F{0} ...F{0}}}", level + 1);
    let fragments: Vec<String> = (0..levels).map(fragment).collect();
    format!("{{viewer{{...F0}}}} {} fragment F{levels} on Viewer{{role}}", fragments.concat())
}

#[test]
fn hostile_documents_are_refused_before_they_run() {
    run(async |stage| {
        let worker = stage.somebody().await;
        let deep = format!("{{a(b:{}", "[{a:".repeat(3_000));
        let wide = format!("{{{}}}", "a ".repeat(7_000));
        let names: Vec<_> = (0..40).map(|n| format!("a{n}:role ")).collect();
        let aliased = format!("{{viewer{{{}}}}}", names.concat());
        let directed = format!("{{viewer{}{{role}}}}", "@include(if:true)".repeat(6));
        let inside = format!("{}role{}", "... on Viewer{".repeat(40), "}".repeat(40));
        let types = "{__schema{types{fields{type{fields{type{fields{name}}}}}}}}".to_owned();
        let long = format!("{{viewer{{role}}}} #{}", "x".repeat(15_000));
        let nested = format!("{{viewer{{{inside}}}}}");
        let documents =
            [fan_out(31), fan_out(14), deep, wide, aliased, directed, nested, types, long];
        for document in documents {
            let asked = stage.as_(&worker);
            let (statements, answer) = stage.counted(asked.query(&document)).await;
            assert_eq!((answer.status.as_u16(), answer.code()), (400, LIMIT), "{document:.80}");
            assert_eq!(statements, 1, "the viewer's: {document:.80}");
        }
    });
}
