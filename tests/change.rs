//! The door for writes: once and only once, all or nothing, with an event in the audit for each
//! success and none for a failure.

use entity::membership::Role;
use entity::{audit_event, case, change, idempotency_key};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::json;
use uuid::Uuid;

use crate::harness::world::{Person, id};
use crate::harness::{Stage, run, run_with};

/// A family without a case, and a caseworker who sees it.
async fn family(stage: &Stage) -> (Uuid, Person) {
    use entity::access_grant::{AccessLevel, GrantBasis};
    let area = stage.area("Area", None).await;
    let office = stage.organisation("Office", None).await;
    let family = stage.family(&office, &area, "X").await;
    stage.grant(&office, family, AccessLevel::Full, GrantBasis::Lead, family).await;
    (family, stage.worker(&office, Role::Caseworker).await)
}

/// How many rows there are of cases, of changes in the audit, of keys.
async fn counts(stage: &Stage) -> (u64, u64, u64) {
    let database = &stage.database.reader;
    (
        case::Entity::find().count(database).await.unwrap(),
        audit_event::Entity::find()
            .filter(audit_event::Column::Action.ne("READ"))
            .count(database)
            .await
            .unwrap(),
        idempotency_key::Entity::find().count(database).await.unwrap(),
    )
}

fn opening(family: Uuid) -> serde_json::Value {
    json!({ "familyId": id("family", family), "kind": "ACCOMPANIMENT", "reason": "They asked." })
}

#[test]
fn the_same_mutation_is_done_once_and_answered_again() {
    run(async |stage| {
        let (family, worker) = family(stage).await;
        let client = stage.as_(&worker);
        let key = Uuid::now_v7();
        let select = "case { id reference status episodes { number reason } }";
        let first = client.mutate_as(key, "caseOpen", opening(family), select).await;
        assert_eq!(first.done("/case/status"), "INTAKE");
        assert!(!first.replayed());
        let again = client.mutate_as(key, "caseOpen", opening(family), select).await;
        assert!(again.replayed());
        assert_eq!(again.done("/case"), first.done("/case"));
        assert_eq!(counts(stage).await, (1, 1, 1));
        let feed = change::Entity::find().all(&stage.database.reader).await.unwrap();
        let kinds: Vec<_> = feed.iter().map(|line| line.entity_kind.as_str()).collect();
        assert_eq!(kinds, ["case", "family", "episode", "assignment", "task"]);
    });
}

#[test]
fn another_payload_under_the_same_id_is_refused() {
    run(async |stage| {
        let (family, worker) = family(stage).await;
        let client = stage.as_(&worker);
        let key = Uuid::now_v7();
        client.mutate_as(key, "caseOpen", opening(family), "case { id }").await.done("/case/id");
        let mut other = opening(family);
        other["reason"] = json!("Something else.");
        let refused = client.mutate_as(key, "caseOpen", other, "case { id }").await;
        let expected = ("IDEMPOTENCY_KEY_REUSED".to_owned(), "input.clientMutationId".to_owned());
        assert_eq!(refused.refusal(), expected);
        assert_eq!(counts(stage).await, (1, 1, 1));
    });
}

#[test]
fn of_twenty_at_once_one_wins_and_the_others_are_answered_as_it() {
    // Places for all of them: what is shed under load is another story.
    run_with(
        |setup| setup.settings.pool_size = 10,
        async |stage| {
            let (family, worker) = family(stage).await;
            let client = stage.as_(&worker);
            let key = Uuid::now_v7();
            let sent =
                (0..20).map(|_| client.mutate_as(key, "caseOpen", opening(family), "case { id }"));
            let answers = futures_util::future::join_all(sent).await;
            let replayed = answers.iter().filter(|answer| answer.replayed()).count();
            assert_eq!(replayed, 19);
            let first = answers[0].done("/case/id");
            assert!(answers.iter().all(|answer| answer.done("/case/id") == first));
            assert_eq!(counts(stage).await, (1, 1, 1));
        },
    );
}

#[test]
fn a_refused_mutation_leaves_nothing_behind() {
    run(async |stage| {
        let (family, worker) = family(stage).await;
        let client = stage.as_(&worker);
        let mut wrong = opening(family);
        wrong["reason"] = json!(" ");
        let key = Uuid::now_v7();
        let refused = client.mutate_as(key, "caseOpen", wrong, "case { id }").await;
        assert_eq!(refused.refusal(), ("REQUIRED".to_owned(), "input.reason".to_owned()));
        assert_eq!(counts(stage).await, (0, 0, 0));
        let hidden = opening(Uuid::now_v7());
        let refused = client.mutate("caseOpen", hidden, "case { id }").await;
        assert_eq!(refused.refusal(), ("NOT_FOUND".to_owned(), "input.familyId".to_owned()));
        assert_eq!(counts(stage).await, (0, 0, 0));
        // The id was not used up: the right payload goes through under it.
        let done = client.mutate_as(key, "caseOpen", opening(family), "case { id }").await;
        assert!(!done.replayed());
    });
}

#[test]
fn messages_follow_the_language_that_is_asked_for_and_codes_stay() {
    run(async |stage| {
        let (family, worker) = family(stage).await;
        let cases = [
            ("en", "en", "Give a value here."),
            ("de", "en", "Give a value here."),
            ("ru-RU,ru;q=0.9", "ru", "Укажите значение."),
            ("de;q=1, uk;q=0.8, en;q=0.1", "uk", "Вкажіть значення."),
        ];
        for (asked, tag, expected) in cases {
            let mut wrong = opening(family);
            wrong["reason"] = json!("");
            let client = stage.as_(&worker).in_language(asked);
            let refused = client.mutate("caseOpen", wrong, "case { id }").await;
            assert_eq!(refused.refusal().0, "REQUIRED");
            assert_eq!(refused.header("content-language"), tag, "{asked}");
            let message = refused.user_error()["message"].as_str().unwrap();
            assert_eq!(message, expected);
        }
        let analyst = stage.worker(&stage.organisation("Desk", None).await, Role::Analyst).await;
        let client = stage.as_(&analyst).in_language("uk");
        let refused = client.mutate("caseOpen", opening(family), "case { id }").await;
        assert_eq!(refused.code(), "FORBIDDEN");
        assert!(refused.message().starts_with("Ваша роль цього не робить"));
    });
}

#[test]
fn a_second_mutation_of_a_document_sees_what_the_first_one_did() {
    run(async |stage| {
        let (family, worker) = family(stage).await;
        let client = stage.as_(&worker);
        let opened = client.mutate("caseOpen", opening(family), "case { id }").await;
        let case = opened.done("/case/id");
        let change = |level: &str, version: i32| {
            format!(
                "caseUpdate(input: {{ clientMutationId: \"{}\", id: {case}, expectedVersion: {version}, \
                 supportLevel: {level} }}) {{ case {{ version supportLevel }} }}",
                Uuid::now_v7()
            )
        };
        let both = format!("mutation {{ a: {} b: {} }}", change("BASIC", 1), change("CRISIS", 2));
        let answer = client.query(&both).await;
        assert_eq!(answer.data("/a/case"), &json!({ "version": 2, "supportLevel": "BASIC" }));
        assert_eq!(answer.data("/b/case"), &json!({ "version": 3, "supportLevel": "CRISIS" }));
    });
}

#[test]
fn what_can_not_be_audited_is_not_done() {
    run(async |stage| {
        let (family, worker) = family(stage).await;
        let writer = &stage.database.writer;
        writer.execute_unprepared("alter table audit_event rename to lost_event").await.unwrap();
        let client = stage.as_(&worker);
        let failed = client.mutate("caseOpen", opening(family), "case { id }").await;
        assert_eq!(failed.code(), "INTERNAL_SERVER_ERROR");
        writer.execute_unprepared("alter table lost_event rename to audit_event").await.unwrap();
        assert_eq!(counts(stage).await, (0, 0, 0));
        let done = client.mutate("caseOpen", opening(family), "case { id }").await;
        done.done("/case/id");
    });
}

#[test]
fn a_mutation_goes_on_when_its_client_goes_away() {
    run(async |stage| {
        let (family, worker) = family(stage).await;
        let client = stage.as_(&worker);
        let key = Uuid::now_v7();
        let mut sending =
            Box::pin(client.mutate_as(key, "caseOpen", opening(family), "case { id }"));
        // As far as the key's row, then gone.
        while stage.said().iter().all(|sql| !sql.contains("idempotency_key")) {
            let moment = std::time::Duration::from_millis(1);
            assert!(tokio::time::timeout(moment, &mut sending).await.is_err(), "not done yet");
        }
        drop(sending);
        let again = client.mutate_as(key, "caseOpen", opening(family), "case { id }").await;
        assert!(again.replayed(), "the first one was done");
        assert_eq!(counts(stage).await, (1, 1, 1));
    });
}

#[test]
fn the_order_of_fields_says_nothing_and_a_null_says_something() {
    run(async |stage| {
        let (family, worker) = family(stage).await;
        let client = stage.as_(&worker);
        let key = Uuid::now_v7();
        let send = |fields: String| {
            format!(
                "mutation {{ caseOpen(input: {{ {fields} }}) {{ replayed case {{ id }} \
                 userErrors {{ code }} }} }}"
            )
        };
        let (key, family) = (format!("clientMutationId: \"{key}\""), id("family", family));
        let (of, kind) = (format!("familyId: \"{family}\""), "kind: EARLY_HELP");
        let first = client.query(&send(format!("{key} {of} {kind} reason: \"A\""))).await;
        assert_eq!(first.data("/caseOpen/replayed"), false);
        let other = client.query(&send(format!("reason: \"A\" {kind} {of} {key}"))).await;
        assert_eq!(other.data("/caseOpen/replayed"), true);
        let null = send(format!("{key} {of} {kind} reason: \"A\" supportLevel: null"));
        let null = client.query(&null).await;
        assert_eq!(null.data("/caseOpen/userErrors/0/code"), "IDEMPOTENCY_KEY_REUSED");
    });
}

#[test]
fn a_client_that_lost_the_answer_asks_for_it() {
    run(async |stage| {
        let (family, worker) = family(stage).await;
        let client = stage.as_(&worker);
        let key = Uuid::now_v7();
        let query = format!(
            "{{ mutationResult(clientMutationId: \"{key}\") {{ __typename replayed \
             ... on CasePayload {{ case {{ id }} }} }} }}"
        );
        assert_eq!(client.query(&query).await.data("/mutationResult"), &json!(null));
        let done = client.mutate_as(key, "caseOpen", opening(family), "case { id }").await;
        let told = client.query(&query).await;
        assert_eq!(told.data("/mutationResult/__typename"), "CasePayload");
        assert_eq!(told.data("/mutationResult/case"), done.done("/case"));
        let other = stage.somebody().await;
        assert_eq!(stage.as_(&other).query(&query).await.data("/mutationResult"), &json!(null));
    });
}
