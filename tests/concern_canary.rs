//! Who reported stays with the report: in no list, error, log or other table, and read only with
//! the scope and a trace.

use entity::membership::Role;
use sea_orm::EntityTrait;
use serde_json::{Value, json};

use crate::harness::log::Log;
use crate::harness::world::id;
use crate::harness::{Stage, run};

const CANARY: &str = "Kanarienvogel";
const ALL: &str = "id reference reporterName reporterContact narrative decision isAnonymous \
    redactedFields";

/// What is kept besides the report itself, as text.
async fn kept(stage: &Stage) -> String {
    use entity::{audit_event, change, concern_category, idempotency_key, task};
    let database = &stage.database.reader;
    let audit = audit_event::Entity::find().all(database).await.unwrap();
    let feed = change::Entity::find().all(database).await.unwrap();
    let keys = idempotency_key::Entity::find().all(database).await.unwrap();
    let tasks = task::Entity::find().all(database).await.unwrap();
    let categories = concern_category::Entity::find().all(database).await.unwrap();
    assert!(!audit.is_empty() && !feed.is_empty() && !keys.is_empty() && !tasks.is_empty());
    format!("{audit:?} {feed:?} {keys:?} {tasks:?} {categories:?}")
}

#[test]
#[expect(clippy::too_many_lines, reason = "one story, told at once")]
fn who_reported_is_told_to_nobody_who_may_not_know() {
    run(async |stage| {
        let log = Log::default();
        let writer = log.clone();
        let lines = tracing_subscriber::fmt()
            .with_max_level(tracing::Level::TRACE)
            .with_writer(move || writer.clone())
            .finish();
        let _default = tracing::subscriber::set_default(lines);
        let area = stage.area("Area", None).await;
        let office = stage.organisation("Office", None).await;
        let worker = stage.worker(&office, Role::Caseworker).await;
        let client = stage.as_(&worker);
        client.query("{viewer{role}}").await;
        tracing::callsite::rebuild_interest_cache();
        let input = json!({
            "channel": "PHONE",
            "source": "CITIZEN",
            "areaId": id("area", area.id),
            "narrative": "Crying is heard every night.",
            "categories": ["NEGLECT"],
            "isAnonymous": false,
            "reporterName": format!("Name {CANARY}"),
            "reporterContact": format!("Phone {CANARY}"),
        });
        let select = format!("concernReport {{ {ALL} }}");
        let mut answers = Vec::new();
        let done = client.mutate("concernReportSubmit", input.clone(), &select).await;
        let report = done.done("/concernReport/id").clone();
        let hidden = done.done("/concernReport/redactedFields");
        assert_eq!(hidden, &json!(["reporterName", "reporterContact"]));
        answers.push(done);

        // What is wrong with it is told without it.
        let wrong = [
            ("reporterName", json!(format!("{CANARY} {}", "x".repeat(300)))),
            ("reporterContact", json!(format!("{CANARY}\u{2}"))),
            ("isAnonymous", json!(true)),
            ("areaId", json!(id("area", office.id))),
            ("reporterName", json!({ "name": CANARY })),
            ("reporterContact", json!([[CANARY]])),
            ("narrative", Value::Null),
        ];
        for (name, value) in wrong {
            let mut input = input.clone();
            input[name] = value;
            answers.push(client.mutate("concernReportSubmit", input, &select).await);
        }
        for query in [
            format!(
                "mutation {{ concernReportSubmit(input: {{ reporterName: \"{CANARY}\" }}) {{ replayed }} }}"
            ),
            format!(
                "mutation {{ concernReportSubmit(input: {{ reporterName: {{ a: \"{CANARY}\" }} }}) {{ replayed }} }}"
            ),
            format!("mutation {{ concernReportSubmit(input: {{ reporterName: \"{CANARY}\" "),
        ] {
            answers.push(client.query(&query).await);
        }

        let list = format!("{{ concernReports {{ nodes {{ {ALL} }} }} }}");
        let one = format!("{{ concernReport(id: {report}) {{ {ALL} }} }}");
        let coordinator = stage.coordinator(&office, &area).await;
        let supervisor = stage.worker(&office, Role::Supervisor).await;
        for query in [&list, &one] {
            answers.push(client.query(query).await);
            answers.push(stage.as_(&supervisor).query(query).await);
            answers.push(stage.as_with(&coordinator, &["restricted:read"]).query(query).await);
        }
        let triage = json!({ "id": report, "urgency": "PRIORITY", "expectedVersion": 9 });
        answers.push(client.mutate("concernReportTriage", triage, &select).await);
        for answer in &answers {
            assert!(!answer.text.contains(CANARY), "{}", answer.text);
        }

        // With the scope it is told, and that it was is kept.
        let before = entity::audit_event::Entity::find().all(&stage.database.reader).await.unwrap();
        let scoped = stage.as_with(&worker, &["restricted:read"]).query(&one).await;
        assert_eq!(scoped.data("/concernReport/reporterName"), &json!(format!("Name {CANARY}")));
        assert_eq!(
            scoped.data("/concernReport/reporterContact"),
            &json!(format!("Phone {CANARY}"))
        );
        let after = entity::audit_event::Entity::find().all(&stage.database.reader).await.unwrap();
        assert_eq!(after.len(), before.len() + 1);

        let kept = kept(stage).await;
        assert!(!kept.contains(CANARY), "{kept}");
        let log = log.text();
        assert!(log.contains("concernReport") || log.contains("executed"), "{log}");
        assert!(!log.contains(CANARY), "{log}");
    });
}
