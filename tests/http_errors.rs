//! What an answer says of errors, and what it must not say.

use entity::membership::Role;
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

use crate::harness::log::Log;
use crate::harness::wire::{GRAPHQL, JSON, post};
use crate::harness::{Answer, Setup, Stage, run, run_with};

fn faults(setup: &mut Setup) {
    setup.with_faults = true;
}

/// An answer with data beside an error, in both media types: a field, its error's code, and the
/// message, none where it is masked.
async fn fails(stage: &Stage, token: &str, field: &str, code: &str, message: Option<&str>) {
    for accept in [GRAPHQL, JSON] {
        let body = json!({ "query": format!("{{viewer{{__typename}} x:{field}}}") });
        let answer = stage.send(post(token, accept, &body)).await;
        assert_eq!((answer.status.as_u16(), answer.code()), (200, code), "{}", answer.text);
        assert_eq!(answer.body["data"], json!({"viewer": {"__typename": "Viewer"}, "x": null}));
        let error = &answer.body["errors"][0];
        assert_eq!((&error["path"][0], &error["locations"][0]["line"]), (&json!("x"), &json!(1)));
        told(&answer, message);
        assert_eq!(error["extensions"]["retryable"], false);
        assert_eq!(error["extensions"].get("retryAfterMs"), None);
    }
}

#[track_caller]
fn told(answer: &Answer, message: Option<&str>) {
    let id = answer.header("x-request-id");
    let masked = format!("Something went wrong on our side; quote the request id {id}.");
    assert_eq!(answer.message(), message.unwrap_or(&masked));
    assert_eq!(answer.body["errors"][0]["extensions"]["requestId"], id);
    assert!(!answer.text.contains("secret"), "{}", answer.text);
}

#[test]
fn errors_of_fields_come_with_the_data_that_there_is() {
    run(async |stage| {
        let office = stage.organisation("Office", None).await;
        let worker = stage.worker(&office, Role::Caseworker).await.token();
        let analyst = stage.worker(&office, Role::Analyst).await.token();
        let message = "`bad` is not what is expected here: expected a family id, as `family_` and 32 hex digits.";
        let bad = "family(id:\"bad\"){id}";
        fails(stage, &worker, bad, "BAD_USER_INPUT", Some(message)).await;
        let message = "The cursor does not belong to this list, filter and order: start again without `after`.";
        let cursor = "families(after:\"bad\"){totalCount}";
        fails(stage, &worker, cursor, "INVALID_CURSOR", Some(message)).await;
        let message = "Your role never does this: read families and persons.";
        fails(stage, &analyst, "families{totalCount}", "FORBIDDEN", Some(message)).await;
        let away = "alter table family rename to secret";
        stage.database.writer.execute_unprepared(away).await.unwrap();
        let families = "families{nodes{id}}";
        fails(stage, &worker, families, "INTERNAL_SERVER_ERROR", None).await;
    });
}

#[test]
fn errors_that_are_not_ours_are_masked() {
    run_with(faults, async |stage| {
        let worker = stage.somebody().await;
        for name in ["Foreign", "Textual"] {
            let query = format!("query {name} {{ viewer {{ role }} }}");
            let body = json!({ "query": query, "operationName": name });
            let answer = stage.as_(&worker).post(&body).await;
            assert_eq!((answer.status.as_u16(), answer.code()), (200, "INTERNAL_SERVER_ERROR"));
            assert_eq!(answer.body["data"]["viewer"]["role"], "CASEWORKER");
            assert_eq!(answer.body["errors"][0]["path"], json!(["viewer"]));
            assert!(!answer.text.contains("digit"), "{}", answer.text);
            told(&answer, None);
        }
    });
}

#[test]
fn a_database_that_goes_away_while_a_query_runs_is_an_error_that_may_be_tried_again() {
    run_with(faults, async |stage| {
        let worker = stage.somebody().await;
        let query = "query Held { families { nodes { id } } }";
        let body = json!({ "query": query, "operationName": "Held" });
        let client = stage.as_(&worker);
        let asked = client.post(&body);
        let gone = async {
            stage.faults.begun(1).await;
            stage.database.reader.close_by_ref().await.unwrap();
            stage.faults.release();
        };
        let (answer, ()) = tokio::join!(asked, gone);
        assert_eq!((answer.status.as_u16(), answer.code()), (200, "SERVICE_UNAVAILABLE"));
        assert_eq!(answer.body["data"], json!({ "families": null }));
        let extensions = &answer.body["errors"][0]["extensions"];
        assert_eq!(extensions["retryable"], true);
        assert_eq!(extensions["retryAfterMs"], 1_000);
    });
}

#[test]
fn a_required_field_that_fails_leaves_data_null_but_there() {
    run(async |stage| {
        let worker = stage.somebody().await;
        let query = "query Q($ids: [ID!]!) { viewer { role } nodes(ids: $ids) { id } }";
        let answer = stage.as_(&worker).query_with(query, json!({ "ids": vec!["x"; 101] })).await;
        assert_eq!((answer.status.as_u16(), answer.code()), (200, "BAD_USER_INPUT"));
        assert_eq!(answer.body.get("data"), Some(&Value::Null));
    });
}

#[test]
fn a_panic_is_a_masked_500_and_the_service_goes_on() {
    run_with(faults, async |stage| {
        let worker = stage.somebody().await;
        for kind in ["query", "mutation"] {
            let query = format!("{kind} Panicking {{ __typename }}");
            let body = json!({ "query": query, "operationName": "Panicking" });
            let answer = stage.as_(&worker).post(&body).await;
            assert_eq!((answer.status.as_u16(), answer.code()), (500, "INTERNAL_SERVER_ERROR"));
            assert_eq!(answer.body.get("data"), None);
            told(&answer, None);
        }
        assert_eq!(stage.as_(&worker).query("{viewer{role}}").await.status, 200);
    });
}

#[test]
fn errors_are_bounded_in_number_and_length() {
    run(async |stage| {
        let worker = stage.somebody().await;
        let many: Vec<_> = (0..400).map(|n| format!("nowhere{n} ")).collect();
        let answer = stage.as_(&worker).query(&format!("{{{}}}", many.concat())).await;
        assert_eq!(answer.body["errors"].as_array().unwrap().len(), 50);
        let answer = stage.as_(&worker).query(&format!("{{{}}}", "x".repeat(14_000))).await;
        assert!(answer.message().len() <= 400);
    });
}

#[test]
fn the_log_has_an_operation_and_nothing_that_the_client_wrote_or_read() {
    run_with(faults, async |stage| {
        let log = Log::default();
        let writer = log.clone();
        let lines = tracing_subscriber::fmt().with_writer(move || writer.clone()).finish();
        let _default = tracing::subscriber::set_default(lines);
        let area = stage.area("Area", None).await;
        let office = stage.organisation("Office", None).await;
        let worker = stage.worker(&office, Role::Caseworker).await;
        stage.household(&office, &area, "canary").await;
        let asked = stage.as_(&worker);
        // Other tests, which have no subscriber, may have switched the span off before.
        asked.query("{viewer{role}}").await;
        tracing::callsite::rebuild_interest_cache();

        let query = "query Foreign($id: ID!) { canary: family(id: $id) { id } families { nodes { label } } } # canary";
        let variables = json!({ "id": "canary" });
        let body = json!({ "query": query, "operationName": "Foreign", "variables": variables });
        let answer = asked.post(&body).await;
        for query in ["{canary}", "{a(b:\"canary\")", "{family(id:\"canary\"){canary}}"] {
            asked.query(query).await;
        }
        let away = "alter table family rename to secret";
        stage.database.writer.execute_unprepared(away).await.unwrap();
        asked.query("{families(filter:{reference:\"canary\"}){nodes{id}}}").await;
        stage.with_token("canary.canary.canary").query("{viewer{role}}").await;

        let text = log.text();
        assert!(text.contains("operation=\"Foreign\""), "{text}");
        assert!(text.contains(answer.header("x-request-id")), "{text}");
        assert!(text.contains("path=\"viewer\""), "{text}");
        assert!(text.contains("database error"), "{text}");
        assert!(text.contains("token refused"), "{text}");
        for said in ["canary", "secret", "invalid digit", &worker.subject, &worker.token()[..20]] {
            assert!(!text.contains(said), "{said} in {text}");
        }
    });
}
