//! The audit. Here: restricted values are shown with the scope only, and never before the audit says
//! so.

mod access;
mod chain;
mod command;
mod reads;
mod store;

use entity::audit_event;
use entity::membership::Role;
use hearth::access::audit::ids_of;
use sea_orm::{ConnectionTrait, EntityTrait, QueryOrder};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::world::id;
use crate::harness::{Stage, run};

/// All events, in the order of their writing.
async fn events(stage: &Stage) -> Vec<audit_event::Model> {
    let events = audit_event::Entity::find().order_by_asc(audit_event::Column::Seq);
    events.all(&stage.database.reader).await.unwrap()
}

/// What was shown, by kind, id and class.
async fn shown(stage: &Stage) -> Vec<(String, Uuid, String)> {
    let events = events(stage).await;
    let each = events.iter().flat_map(|event| {
        let told = |id| (event.entity_kind.clone(), id, event.field_class.clone());
        ids_of(event).map(told)
    });
    let mut each: Vec<_> = each.collect();
    each.sort();
    each
}

const ADDRESS: &str = "query Q($id: ID!) { family(id: $id) { protectedAddress redactedFields } }";

#[test]
fn a_protected_address_needs_the_scope_and_leaves_a_trace() {
    run(async |stage| {
        let area = stage.area("Area", None).await;
        let office = stage.organisation("Office", None).await;
        let home = stage.household(&office, &area, "Canary").await;
        let worker = stage.worker(&office, Role::Caseworker).await;
        let variables = json!({ "id": id("family", home.id) });
        let events =
            async || entity::audit_event::Entity::find().all(&stage.database.reader).await.unwrap();

        let plain = stage.as_(&worker).query_with(ADDRESS, variables.clone()).await;
        assert_eq!(plain.data("/family/protectedAddress"), &Value::Null);
        assert_eq!(plain.data("/family/redactedFields"), &json!(["protectedAddress"]));
        assert!(events().await.is_empty());

        let scoped = stage.as_with(&worker, &["restricted:read"]);
        let answer = scoped.query_with(ADDRESS, variables.clone()).await;
        assert_eq!(answer.data("/family/protectedAddress"), "Secret Canary");
        let written = events().await;
        assert_eq!(written.len(), 1);
        assert_eq!(ids_of(&written[0]).collect::<Vec<_>>(), [home.id]);
        assert_eq!(written[0].subject, worker.subject);
        assert_eq!(written[0].field_class, "RESTRICTED");
    });
}

#[test]
fn without_an_audit_nothing_restricted_leaves() {
    run(async |stage| {
        let area = stage.area("Area", None).await;
        let office = stage.organisation("Office", None).await;
        let home = stage.household(&office, &area, "Canary").await;
        let worker = stage.worker(&office, Role::Caseworker).await;
        let drop = "drop table audit_event";
        stage.database.writer.execute_unprepared(drop).await.unwrap();
        let variables = json!({ "id": id("family", home.id) });
        let scoped = stage.as_with(&worker, &["restricted:read"]);
        let answer = scoped.query_with(ADDRESS, variables).await;
        assert_eq!(answer.status, 503);
        assert_eq!(answer.code(), "SERVICE_UNAVAILABLE");
        assert!(!answer.text.contains("Canary"));
    });
}
