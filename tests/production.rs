//! What a server is like that `hearth serve` starts with nothing but what it needs: as in production.

use serde_json::{Value, json};

use crate::harness::process::{Server, command};
use crate::harness::{Stage, claims, run, token};

/// A token with a session, a device and scopes of its own.
async fn token_of(
    stage: &Stage,
    (session, device): (&str, &str),
    scopes: &[&str],
) -> (String, String) {
    let worker = stage.somebody().await;
    let scopes = scopes.iter().map(|scope| (*scope).to_owned()).collect();
    let mut claims = claims(&worker.subject, "app", worker.organisation, worker.role, scopes);
    claims.session_id = Some(session.to_owned());
    claims.device_id = Some(device.to_owned());
    (claims.token_id.clone(), token(&claims))
}

#[test]
fn introspection_suggestions_and_the_explorer_are_off_unless_asked_for() {
    run(async |stage| {
        let server = Server::start(&stage.url, &[]).await;
        let (_, plain) = token_of(stage, ("s", "d"), &[]).await;
        let (_, scoped) = token_of(stage, ("s", "d"), &["schema:introspect"]).await;
        let schema = "{__schema{queryType{name}}}";
        let refused = server.ask(&plain, schema).await.unwrap().body;
        assert_eq!(refused["errors"][0]["extensions"]["code"], "GRAPHQL_VALIDATION_FAILED");
        let kind = server.ask(&plain, "{__type(name:\"Query\"){name}}").await.unwrap().body;
        assert!(kind["data"].is_null() && !kind["errors"].is_null(), "{kind}");
        let told = server.ask(&scoped, schema).await.unwrap().body;
        assert_eq!(told["data"]["__schema"]["queryType"]["name"], "Query");
        let typo = "{viewe{role}}";
        let silent = server.ask(&plain, typo).await.unwrap().body;
        assert_eq!(silent["errors"][0]["message"], "Unknown field \"viewe\" on type \"Query\".");
        let hint = server.ask(&scoped, typo).await.unwrap().body;
        assert!(hint["errors"][0]["message"].as_str().unwrap().contains("Did you mean"), "{hint}");
        for path in
            ["/", "/index.html", "/explorer", "/schema.graphql", "/examples.json", "/reports"]
        {
            assert_eq!(server.get(path).await.unwrap().status, 404, "{path}");
        }
        drop(server);
        let open = ["--explorer", "--reports", "--introspection"];
        let open = Server::start(&stage.url, &open).await;
        for path in ["/", "/reports", "/reports/reports.js"] {
            assert_eq!(open.get(path).await.unwrap().status, 200, "{path}");
        }
        let settings = open.get("/reports/settings.json").await.unwrap();
        assert_eq!(settings.body, json!({ "roles": [] }), "no tokens where people bring their own");
        assert_eq!(open.get("/reports/report.json").await.unwrap().status, 401);
        let told = open.ask(&plain, schema).await.unwrap().body;
        assert_eq!(told["data"]["__schema"]["queryType"]["name"], "Query");
    });
}

#[test]
fn documents_that_are_not_trusted_need_the_scope_unless_said_otherwise() {
    run(async |stage| {
        let server = Server::start(&stage.url, &["--free-form", "scope"]).await;
        let (_, plain) = token_of(stage, ("s", "d"), &[]).await;
        let (_, scoped) = token_of(stage, ("s", "d"), &["graphql:free-form"]).await;
        let refused = server.ask(&plain, "{viewer{role}}").await.unwrap().body;
        assert_eq!(refused["errors"][0]["extensions"]["code"], "PERSISTED_QUERY_ONLY");
        let answered = server.ask(&scoped, "{viewer{role}}").await.unwrap().body;
        assert_eq!(answered["data"]["viewer"]["role"], "CASEWORKER");
    });
}

#[test]
fn a_revocation_holds_from_the_next_request_on() {
    run(async |stage| {
        let server = Server::start(&stage.url, &[]).await;
        let (id, by_token) = token_of(stage, ("s-1", "d-1"), &[]).await;
        let (_, by_session) = token_of(stage, ("s-2", "d-2"), &[]).await;
        let (_, by_device) = token_of(stage, ("s-3", "d-3"), &[]).await;
        let (_, other) = token_of(stage, ("s-4", "d-4"), &[]).await;
        let status = async |token: &str| server.ask(token, "{viewer{role}}").await.unwrap().status;
        let of_each = [
            ("--token", id.as_str(), &by_token),
            ("--session", "s-2", &by_session),
            ("--device", "d-3", &by_device),
        ];
        for (flag, name, token) in of_each {
            // Proven just now, and kept as proven: the database is asked all the same.
            assert_eq!((status(token).await, status(token).await), (200, 200), "{flag}");
            let (is_done, said) = command(&["revoke", "--database-url", &stage.url, flag, name]);
            assert!(is_done, "{said}");
            assert_eq!(status(token).await, 401, "{flag}");
            assert_eq!(status(&other).await, 200, "{flag}");
        }
        let refused: Value = server.ask(&by_device, "{viewer{role}}").await.unwrap().body;
        assert_eq!(refused["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
    });
}

#[test]
fn what_a_token_does_not_name_is_not_revoked_with_others() {
    run(async |stage| {
        let worker = stage.somebody().await;
        let mut claims =
            claims(&worker.subject, "app", worker.organisation, worker.role, Vec::new());
        (claims.session_id, claims.device_id) = (None, None);
        let token = token(&claims);
        for (flag, name) in [("--session", "-"), ("--device", "-"), ("--session", &claims.token_id)]
        {
            let (is_done, said) = command(&["revoke", "--database-url", &stage.url, flag, name]);
            assert!(is_done, "{said}");
            let answer = stage.with_token(&token).query("{viewer{role}}").await;
            assert_eq!(answer.data("/viewer/role"), &json!("CASEWORKER"), "{flag} {name}");
        }
        let one = ["revoke", "--database-url", &stage.url, "--device", "a", "--session", "b"];
        assert!(!command(&one).0, "one at a time");
    });
}
