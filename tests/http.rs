//! What HTTP itself asks for: methods, media types, sizes, times, tokens, and the order of the
//! checks; health and readiness.

use std::convert::Infallible;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{Method, Request};
use futures_util::stream;
use migration::{Migrator, MigratorTrait};
use sea_orm::{ConnectionTrait, DatabaseTransaction, TransactionTrait};
use serde_json::{Value, json};
use tokio::time::{Instant, timeout};
use uuid::Uuid;

use crate::harness::wire::{GRAPHQL, JSON, get, plain, post};
use crate::harness::{Answer, Stage, run, run_with};

const ROLE: &str = "{viewer{role}}";

fn ask() -> Value {
    json!({ "query": ROLE })
}

#[test]
fn a_query_is_answered_in_both_media_types_and_by_both_methods() {
    run(async |stage| {
        let token = stage.somebody().await.token();
        let role = json!({ "viewer": { "role": "CASEWORKER" } });
        for accept in [GRAPHQL, JSON] {
            let answer = stage.send(post(&token, accept, &ask())).await;
            assert_eq!(answer.status, 200);
            assert_eq!(answer.body["data"], role);
            assert_eq!(answer.body.get("errors"), None);
            assert_eq!(answer.header("content-type"), format!("{accept}; charset=utf-8"));
            assert_eq!(answer.header("cache-control"), "private, no-store");
            assert_eq!(answer.header("vary"), "accept, accept-language, authorization");
            assert_eq!(answer.header("x-content-type-options"), "nosniff");
        }
        let answer = stage.send(get(&token, "query=%7Bviewer%7Brole%7D%7D")).await;
        assert_eq!((answer.status.as_u16(), &answer.body["data"]), (200, &role));
    });
}

#[test]
fn a_request_id_is_made_here_and_taken_from_nobody() {
    run(async |stage| {
        let token = stage.somebody().await.token();
        let mut request = post(&token, GRAPHQL, &json!({ "query": "{nothing}" }));
        request.headers_mut().insert("x-request-id", "from-outside".parse().unwrap());
        let answer = stage.send(request).await;
        let id: Uuid = answer.header("x-request-id").parse().unwrap();
        assert_eq!(id.get_version_num(), 7);
        assert_eq!(answer.body["errors"][0]["extensions"]["requestId"], id.to_string());
    });
}

#[test]
fn other_methods_are_405() {
    run(async |stage| {
        let (put, trace) = (Method::PUT, Method::TRACE);
        for method in [put, trace, Method::DELETE, Method::PATCH, Method::OPTIONS, Method::HEAD] {
            let request = Request::builder().method(&method).uri("/graphql");
            let answer = stage.send(request.body(Body::empty()).unwrap()).await;
            assert_eq!(answer.status, 405, "{method}");
            assert_eq!(answer.header("allow"), "GET, POST");
        }
    });
}

async fn with_header(stage: &Stage, token: &str, name: &'static str, values: &[&str]) -> Answer {
    let mut request = post(token, GRAPHQL, &ask());
    request.headers_mut().remove(name);
    for value in values {
        request.headers_mut().append(name, value.parse().unwrap());
    }
    stage.send(request).await
}

#[test]
fn other_content_types_are_415() {
    run(async |stage| {
        let token = stage.somebody().await.token();
        let wrong: [&[&str]; 6] = [
            &[],
            &["text/plain"],
            &["application/x-www-form-urlencoded"],
            &["multipart/form-data; boundary=x"],
            &["application/json; charset=latin1"],
            &["application/json", "application/json"],
        ];
        for values in wrong {
            let answer = with_header(stage, &token, "content-type", values).await;
            assert_eq!(answer.status, 415, "{values:?}");
        }
        let right = &["application/json; charset=UTF-8"];
        assert_eq!(with_header(stage, &token, "content-type", right).await.status, 200);
    });
}

#[test]
fn compressed_bodies_are_415() {
    run(async |stage| {
        for encoding in ["gzip", "identity, gzip", "br"] {
            let answer = with_header(stage, "", "content-encoding", &[encoding]).await;
            assert_eq!(answer.status, 415);
            assert_eq!(answer.header("accept-encoding"), "identity");
        }
    });
}

/// A good request of so many bytes.
fn sized(bytes: usize) -> String {
    let body = |padding: &str| json!({ "query": ROLE, "padding": padding }).to_string();
    body(&"x".repeat(bytes - body("").len()))
}

/// A body that doesn't say how long it is, as a chunked one.
fn streamed(text: &str) -> Body {
    let pieces = text.as_bytes().chunks(1_000).map(Bytes::copy_from_slice);
    let pieces: Vec<_> = pieces.map(Ok::<_, Infallible>).collect();
    Body::from_stream(stream::iter(pieces))
}

#[test]
fn a_body_over_256_kib_is_413_whatever_length_it_says() {
    run(async |stage| {
        let token = stage.somebody().await.token();
        let most = 256 * 1024;
        let with = async |body: Body| {
            let mut request = post(&token, GRAPHQL, &Value::Null);
            request.headers_mut().insert("content-length", 10.into());
            *request.body_mut() = body;
            stage.send(request).await.status.as_u16()
        };
        for body in [Body::from(sized(most)), streamed(&sized(most))] {
            assert_eq!(with(body).await, 200);
        }
        for size in [most + 1, 300 * 1024] {
            for body in [Body::from(sized(size)), streamed(&sized(size))] {
                assert_eq!(with(body).await, 413);
            }
        }
        // An endless body is not read to its end.
        let blanks = || Ok::<_, Infallible>(Bytes::from_static(&[b' '; 1_000]));
        assert_eq!(with(Body::from_stream(stream::repeat_with(blanks))).await, 413);
    });
}

#[test]
fn a_body_that_does_not_come_is_408() {
    run(async |stage| {
        tokio::time::pause();
        let mut request = post("", GRAPHQL, &Value::Null);
        *request.body_mut() = Body::from_stream(stream::pending::<Result<Bytes, Infallible>>());
        let begun = Instant::now();
        let answer = stage.send(request).await;
        assert_eq!((answer.status.as_u16(), answer.code()), (408, "TIMEOUT"));
        assert_eq!(begun.elapsed().as_secs(), 10);
    });
}

#[test]
fn what_is_no_graphql_request_is_400_in_both_media_types() {
    run(async |stage| {
        let token = stage.somebody().await.token();
        let bodies = ["[{\"query\":\"{viewer{role}}\"}]", "[]", "{}", "", "\"x\"", "{\"query\":1}"];
        let variables = ["{\"query\":\"{viewer{role}}\",\"variables\":[]}", "{\"query\""];
        for body in bodies.into_iter().chain(variables) {
            for accept in [GRAPHQL, JSON] {
                let mut request = post(&token, accept, &Value::Null);
                *request.body_mut() = Body::from(body);
                let (statements, answer) = stage.counted(stage.send(request)).await;
                let came = (answer.status.as_u16(), answer.code(), statements);
                assert_eq!(came, (400, "BAD_USER_INPUT", 0), "{body}");
                assert_eq!(answer.body.get("data"), None);
            }
        }
        for parameters in ["", "query=%7Bviewer%7D&variables=x", "query=%7Ba%7D&query=%7Ba%7D"] {
            let answer = stage.send(get(&token, parameters)).await;
            assert_eq!((answer.status.as_u16(), answer.code()), (400, "BAD_USER_INPUT"));
        }
    });
}

#[test]
fn a_header_that_holds_no_token_is_401() {
    run(async |stage| {
        let token = stage.somebody().await.token();
        let bearer = format!("Bearer {token}");
        let small = format!("bearer {token}");
        let headers: [(&[&str], bool); 6] = [
            (&[], false),
            (&["Basic YTpi"], true),
            (&["Bearer"], true),
            (&["Bearer "], true),
            (&[&token], true),
            (&[&bearer, &bearer], true),
        ];
        for (values, came) in headers {
            let answer = with_header(stage, &token, "authorization", values).await;
            assert_eq!((answer.status.as_u16(), answer.code()), (401, "UNAUTHENTICATED"));
            assert_eq!(answer.body.get("extensions"), None, "no client, no bucket");
            let challenge = answer.header("www-authenticate");
            assert!(challenge.starts_with("Bearer realm="), "{challenge}");
            assert_eq!(challenge.contains("invalid_token"), came, "{values:?}");
        }
        assert_eq!(with_header(stage, &token, "authorization", &[&small]).await.status, 200);
    });
}

async fn refused_session(stage: &Stage, token: &str, status: u16, code: &str) {
    for accept in [GRAPHQL, JSON] {
        let answer = stage.send(post(token, accept, &ask())).await;
        assert_eq!((answer.status.as_u16(), answer.code()), (status, code), "{}", answer.text);
        assert_eq!(answer.body.get("data"), None);
        let id = answer.header("x-request-id");
        assert_eq!(answer.message().contains(id), status == 500, "{}", answer.text);
        assert_eq!(answer.header("content-type"), format!("{accept}; charset=utf-8"));
        assert_eq!(answer.header("retry-after"), if status == 500 { "" } else { "1" });
    }
}

#[test]
fn a_viewer_who_cannot_be_loaded_is_a_masked_500() {
    run(async |stage| {
        let token = stage.somebody().await.token();
        let away = "alter table membership rename to secret";
        stage.database.writer.execute_unprepared(away).await.unwrap();
        refused_session(stage, &token, 500, "INTERNAL_SERVER_ERROR").await;
        let answer = stage.send(post(&token, JSON, &ask())).await;
        let id = answer.header("x-request-id");
        let apology = format!("Something went wrong on our side; quote the request id {id}.");
        assert_eq!(answer.message(), apology);
        assert!(!answer.text.contains("membership"));
    });
}

#[test]
fn without_a_database_it_is_503_and_not_ready_but_healthy() {
    run(async |stage| {
        let token = stage.somebody().await.token();
        assert_eq!(stage.send(plain("/readyz")).await.status, 200);
        stage.database.reader.close_by_ref().await.unwrap();
        refused_session(stage, &token, 503, "SERVICE_UNAVAILABLE").await;
        let answer = stage.send(plain("/readyz")).await;
        assert_eq!((answer.status.as_u16(), &answer.body), (503, &json!({"status": "not ready"})));
        assert_eq!(stage.send(plain("/healthz")).await.status, 200);
    });
}

/// Takes every connection for reads, as long as what it gives back is kept.
async fn all_connections(stage: &Stage) -> Vec<DatabaseTransaction> {
    let mut taken = Vec::new();
    let soon = Duration::from_millis(500);
    while let Ok(next) = timeout(soon, stage.database.reader.begin()).await {
        taken.push(next.unwrap());
    }
    taken
}

#[test]
fn a_viewer_who_is_loaded_too_late_is_504_and_later_requests_are_not_hurt() {
    run_with(
        |setup| setup.settings.deadline = Duration::from_secs(1),
        async |stage| {
            let token = stage.somebody().await.token();
            let all = all_connections(stage).await;
            refused_session(stage, &token, 504, "TIMEOUT").await;
            drop(all);
            assert_eq!(stage.send(post(&token, GRAPHQL, &ask())).await.status, 200);
        },
    );
}

#[test]
fn a_request_waits_two_seconds_for_a_connection_and_is_then_503() {
    run(async |stage| {
        let token = stage.somebody().await.token();
        let _taken = all_connections(stage).await;
        let begun = Instant::now();
        let answer = stage.send(post(&token, GRAPHQL, &ask())).await;
        assert_eq!((answer.status.as_u16(), answer.code()), (503, "SERVICE_UNAVAILABLE"));
        assert!((2..5).contains(&begun.elapsed().as_secs()), "{:?}", begun.elapsed());
    });
}

#[test]
fn a_client_that_accepts_neither_media_type_is_406() {
    run(async |stage| {
        let token = stage.somebody().await.token();
        for accept in ["text/html", "application/json;q=0", "text/event-stream"] {
            let sent = stage.send(post(&token, accept, &ask()));
            let (statements, answer) = stage.counted(sent).await;
            let came = (answer.status.as_u16(), answer.code(), statements);
            assert_eq!(came, (406, "BAD_USER_INPUT", 1), "{accept}");
            assert!(answer.header("content-type").starts_with("application/json;"));
        }
        for accept in ["*/*", "text/html, application/json;q=0.1"] {
            assert_eq!(stage.send(post(&token, accept, &ask())).await.status, 200);
        }
    });
}

#[test]
fn checks_come_in_their_order() {
    run(async |stage| {
        let token = stage.somebody().await.token();
        // Each request has the fault of its status and all faults that are looked for later.
        // Nothing is acceptable to it: what comes before 406 is JSON, where a bad document is 200.
        let large = sized(300_000);
        let broken = r#"{"query":"{"}"#;
        let dear = r#"{"query":"{families(first:5000){nodes{id}}}"}"#;
        let faults: [(&str, &str, &str, &str, u16); 7] = [
            ("PUT", "text/plain", &large, "bad", 405),
            ("POST", "text/plain", &large, "bad", 415),
            ("POST", JSON, &large, "bad", 413),
            ("POST", JSON, "[]", "bad", 400),
            ("POST", JSON, broken, "bad", 401),
            ("POST", JSON, broken, &token, 200),
            ("POST", JSON, dear, &token, 406),
        ];
        for (method, kind, body, token, status) in faults {
            let request = Request::builder()
                .method(method)
                .uri("/graphql")
                .header("content-type", kind)
                .header("accept", "text/html")
                .header("authorization", format!("Bearer {token}"));
            let answer = stage.send(request.body(Body::from(body.to_owned())).unwrap()).await;
            assert_eq!(answer.status, status, "{method} {kind}");
            assert!(answer.header("content-type").starts_with("application/json;"));
        }
    });
}

#[test]
fn a_mutation_by_get_is_refused_before_its_media_type() {
    run(async |stage| {
        let token = stage.somebody().await.token();
        let mut request = get(&token, "query=mutation%7B__typename%7D");
        request.headers_mut().insert("accept", "text/html".parse().unwrap());
        let (statements, answer) = stage.counted(stage.send(request)).await;
        assert_eq!((answer.status.as_u16(), statements), (405, 1), "the viewer was loaded");
    });
}

#[test]
fn health_needs_no_token_and_only_get() {
    run(async |stage| {
        for path in ["/healthz", "/readyz"] {
            let answer = stage.send(plain(path)).await;
            assert_eq!(answer.status, 200);
            assert_eq!(answer.header("cache-control"), "no-store");
            assert_eq!(answer.header("x-content-type-options"), "nosniff");
            assert!(!answer.header("x-request-id").is_empty());
            let answer = stage.send(Request::post(path).body(Body::empty()).unwrap()).await;
            assert_eq!((answer.status.as_u16(), answer.header("allow")), (405, "GET, HEAD"));
        }
    });
}

#[test]
fn a_database_that_lacks_steps_is_not_ready_until_they_are_taken() {
    run(async |stage| {
        Migrator::down(&stage.database.writer, Some(1)).await.unwrap();
        let answer = stage.send(plain("/readyz")).await;
        assert_eq!((answer.status.as_u16(), &answer.body), (503, &json!({"status": "not ready"})));
        stage.database.migrate().await.unwrap();
        let answer = stage.send(plain("/readyz")).await;
        assert_eq!((answer.status.as_u16(), &answer.body), (200, &json!({"status": "ready"})));
    });
}

#[test]
fn other_addresses_say_what_to_do() {
    run(async |stage| {
        for request in
            [Request::get("/"), Request::post("/graphql/"), Request::delete("/api/v1/families")]
        {
            let answer = stage.send(request.body(Body::empty()).unwrap()).await;
            assert_eq!(answer.status, 404);
            assert!(answer.message().contains("/graphql"), "{}", answer.text);
            assert!(!answer.header("x-request-id").is_empty());
        }
    });
}
