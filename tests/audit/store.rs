//! The audit's store: nothing personal is shown that it doesn't hold, one that fails fails the
//! request and no longer, requests share inserts, and nothing in it is changed or removed.

use std::time::Duration;

use axum::http::StatusCode;
use entity::membership::Role;
use migration::{Migrator, MigratorTrait};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, TransactionTrait};
use serde_json::{Value, json};
use uuid::Uuid;

use super::events;
use super::reads::scene;
use crate::harness::world::{Household, Person, id};
use crate::harness::{Answer, Stage, run};

const LABEL: &str = "query Label($id: ID!) { family(id: $id) { label } }";
const REFERENCE: &str = "query Reference($id: ID!) { family(id: $id) { reference } }";

async fn ask(stage: &Stage, worker: &Person, home: &Household, query: &str) -> Answer {
    stage.as_(worker).query_with(query, json!({ "id": id("family", home.id) })).await
}

fn is_postgres(stage: &Stage) -> bool {
    stage.database.writer.get_database_backend() == DbBackend::Postgres
}

/// Makes inserts fail whose row fulfils a condition.
async fn refuse(stage: &Stage, condition: &str) {
    let sql = if is_postgres(stage) {
        let condition = condition.replace("new.", "");
        format!(
            "alter table audit_event add constraint refused check (not ({condition})) not valid"
        )
    } else {
        format!(
            "create trigger refused before insert on audit_event when {condition}
             begin select raise(abort, 'refused'); end"
        )
    };
    stage.database.writer.execute_unprepared(&sql).await.unwrap();
}

async fn refuse_no_more(stage: &Stage) {
    let sql = if is_postgres(stage) {
        "alter table audit_event drop constraint refused"
    } else {
        "drop trigger refused"
    };
    stage.database.writer.execute_unprepared(sql).await.unwrap();
}

#[test]
fn without_an_audit_nothing_personal_leaves_and_with_it_again() {
    run(async |stage| {
        let (_, home, worker) = scene(stage).await;
        let writer = &stage.database.writer;
        writer.execute_unprepared("alter table audit_event rename to lost_event").await.unwrap();
        for _ in 0..2 {
            let answer = ask(stage, &worker, &home, LABEL).await;
            assert_eq!(
                (answer.status, answer.code()),
                (StatusCode::SERVICE_UNAVAILABLE, "SERVICE_UNAVAILABLE")
            );
            assert!(!answer.text.contains("Canary"), "{}", answer.text);
        }
        let plain = ask(stage, &worker, &home, REFERENCE).await;
        assert!(plain.data("/family/reference").is_string(), "what is not personal is shown");
        writer.execute_unprepared("alter table lost_event rename to audit_event").await.unwrap();
        let answer = ask(stage, &worker, &home, LABEL).await;
        assert_eq!(answer.data("/family/label"), "Label Canary");
        assert_eq!(events(stage).await.len(), 1);
    });
}

#[test]
fn a_change_whose_answer_can_not_be_audited_is_done_and_answers_when_it_is_repeated() {
    run(async |stage| {
        let (_, home, worker) = scene(stage).await;
        refuse(stage, "new.action = 'READ'").await;
        let query = "mutation M($input: FamilyUpdateInput!) { familyUpdate(input: $input) {
            family { label version } replayed userErrors { code } } }";
        let input = json!({ "clientMutationId": Uuid::now_v7(), "id": id("family", home.id),
            "expectedVersion": 1, "label": "Other" });
        let send = async || stage.as_(&worker).query_with(query, json!({ "input": input })).await;
        let lost = send().await;
        assert_eq!(
            (lost.status, lost.code()),
            (StatusCode::SERVICE_UNAVAILABLE, "SERVICE_UNAVAILABLE")
        );
        assert!(!lost.text.contains("Other"), "{}", lost.text);
        let written = events(stage).await;
        assert_eq!(written.len(), 1);
        assert_eq!(written[0].action, "FAMILY_UPDATE", "the change is done, and on record");
        refuse_no_more(stage).await;
        let again = send().await;
        assert_eq!(again.data("/familyUpdate/replayed"), &Value::Bool(true), "{}", again.text);
        let family = json!({ "label": "Other", "version": 2 });
        assert_eq!(again.data("/familyUpdate/family"), &family);
        let actions: Vec<_> = events(stage).await.into_iter().map(|event| event.action).collect();
        assert_eq!(actions, ["FAMILY_UPDATE", "READ"]);
    });
}

/// Keeps the writer waiting while requests come in.
async fn held_up(stage: &Stage, requests: impl Future<Output = Vec<Answer>>) -> Vec<Answer> {
    let database: &DatabaseConnection = &stage.database.writer;
    let lock = database.begin().await.unwrap();
    if is_postgres(stage) {
        let sql = "lock table audit_event in share row exclusive mode";
        lock.execute_unprepared(sql).await.unwrap();
    }
    let freed = async {
        tokio::time::sleep(Duration::from_millis(800)).await;
        lock.rollback().await.unwrap();
    };
    tokio::join!(requests, freed).0
}

fn inserts(stage: &Stage) -> usize {
    let said = stage.said();
    said.iter()
        .filter(|sql| {
            sql.to_lowercase().contains("insert into \"audit_event\"")
                || sql.contains("insert into audit_event")
        })
        .count()
}

#[test]
fn readings_that_come_together_share_an_insert() {
    run(async |stage| {
        let (_, home, worker) = scene(stage).await;
        stage.counted(ask(stage, &worker, &home, REFERENCE)).await;
        let asking = async {
            let asked = (0..12).map(|_| ask(stage, &worker, &home, LABEL));
            futures_util::future::join_all(asked).await
        };
        for answer in held_up(stage, asking).await {
            assert_eq!(answer.data("/family/label"), "Label Canary", "{}", answer.text);
        }
        assert_eq!(events(stage).await.len(), 12);
        assert!(inserts(stage) <= 3, "{} inserts for 12 readings", inserts(stage));
    });
}

#[test]
fn what_one_request_spoils_does_not_fail_the_others() {
    run(async |stage| {
        let (office, home, worker) = scene(stage).await;
        let bad = stage.worker(&office, Role::Supervisor).await;
        refuse(stage, "new.role = 'SUPERVISOR'").await;
        let asking = async {
            let who = |at: usize| if at % 4 == 1 { &bad } else { &worker };
            let asked = (0..12).map(|at| ask(stage, who(at), &home, LABEL));
            futures_util::future::join_all(asked).await
        };
        let answers = held_up(stage, asking).await;
        for (at, answer) in answers.iter().enumerate() {
            assert_eq!(answer.status, if at % 4 == 1 { 503 } else { 200 }, "{at} {}", answer.text);
        }
        assert_eq!(events(stage).await.len(), 9);
    });
}

#[test]
fn nothing_in_the_audit_is_changed_or_removed() {
    run(async |stage| {
        let (_, home, worker) = scene(stage).await;
        ask(stage, &worker, &home, LABEL).await.data("/family/label");
        let (database, clock) = (&stage.database, &stage.app.settings.clock);
        hearth::access::audit::chain::seal(database, clock).await.unwrap();
        let mut attempts = Vec::new();
        for (table, column) in [("audit_event", "request_id"), ("audit_seal", "hash")] {
            attempts.push(format!("update {table} set {column} = {column}"));
            attempts.push(format!("delete from {table}"));
            if is_postgres(stage) {
                attempts.push(format!("truncate {table}"));
            }
        }
        for sql in attempts {
            let refused = stage.database.writer.execute_unprepared(&sql).await.unwrap_err();
            assert!(refused.to_string().contains("the audit is append-only"), "{sql}: {refused}");
        }
        assert_eq!(events(stage).await.len(), 1);
    });
}

#[test]
fn the_role_of_the_database_may_not_change_it_either() {
    run(async |stage| {
        if !is_postgres(stage) {
            return;
        }
        // An ordinary role that owns everything of its own, as a service is run.
        let role = format!("hearth_role_{}", Uuid::now_v7().simple());
        let admin = &stage.database.writer;
        let say = async |sql: String| admin.execute_unprepared(&sql).await.map(drop);
        say(format!("create role {role}")).await.unwrap();
        let outcome = of_an_ordinary_role(stage, &role).await;
        say(format!("drop owned by {role} cascade")).await.unwrap();
        say(format!("drop role {role}")).await.unwrap();
        assert_eq!(outcome, [true; 6]);
    });
}

/// Whether each attempt of the role that migrated, with the triggers gone, is refused.
async fn of_an_ordinary_role(stage: &Stage, role: &str) -> Vec<bool> {
    let admin = &stage.database.writer;
    let transaction = admin.begin().await.unwrap();
    for sql in [
        format!("create schema own authorization {role}"),
        format!("set local role {role}"),
        "set local search_path to own, public".to_owned(),
    ] {
        transaction.execute_unprepared(&sql).await.unwrap();
    }
    Migrator::up(&transaction, None).await.unwrap();
    let mut refused = Vec::new();
    for (table, column) in [("audit_event", "role"), ("audit_seal", "hash")] {
        let drop = format!("drop trigger tr_{table}_refuse on {table}");
        transaction.execute_unprepared(&drop).await.unwrap();
        for attempt in [
            format!("update {table} set {column} = {column}"),
            format!("delete from {table}"),
            format!("truncate {table}"),
        ] {
            transaction.execute_unprepared("savepoint here").await.unwrap();
            let told = transaction.execute_unprepared(&attempt).await;
            refused.push(told.is_err_and(|told| told.to_string().contains("permission denied")));
            transaction.execute_unprepared("rollback to savepoint here").await.unwrap();
        }
    }
    transaction.rollback().await.unwrap();
    refused
}
