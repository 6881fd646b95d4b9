//! `hearth audit verify` beside a server that runs, which seals by itself, and tells what was found.

use entity::audit_seal;
use sea_orm::{ConnectionTrait, DbBackend, EntityTrait, PaginatorTrait};
use serde_json::json;
use uuid::Uuid;

use super::events;
use super::reads::scene;
use crate::harness::process::{Server, command};
use crate::harness::world::id;
use crate::harness::{Stage, run};

async fn sealed(stage: &Stage) {
    for _ in 0..200 {
        if audit_seal::Entity::find().count(&stage.database.reader).await.unwrap() > 0 {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("nothing was sealed");
}

/// Changes a row, with the rights of the table's owner.
async fn forge(stage: &Stage) {
    let trigger = match stage.database.writer.get_database_backend() {
        DbBackend::Postgres => "drop trigger tr_audit_event_refuse on audit_event",
        _ => "drop trigger tr_audit_event_update",
    };
    for sql in [trigger, "update audit_event set subject = 'x' where seq = 2"] {
        stage.database.writer.execute_unprepared(sql).await.unwrap();
    }
}

#[test]
fn the_command_verifies_what_a_server_writes_and_seals() {
    run(async |stage| {
        let (_, home, worker) = scene(stage).await;
        let url = &stage.url;
        let server = Server::start(url, &["--seal-seconds", "1"]).await;
        let input = json!({ "id": id("family", home.id), "expectedVersion": 1, "label": "Other" });
        let sent = server
            .try_mutate(
                &worker.token(),
                Uuid::now_v7(),
                ("familyUpdate", &input),
                "family { label }",
            )
            .await;
        assert_eq!(sent.unwrap().status, 200);
        let events = events(stage).await;
        assert_eq!(events.len(), 2);
        for event in &events {
            assert_eq!(event.origin.as_deref(), Some("127.0.0.1"));
            assert_eq!(event.operation.as_deref(), Some("M"));
        }
        sealed(stage).await;
        let (is_good, said) = command(&["audit", "verify", "--database-url", url]);
        assert!(is_good, "{said}");
        assert!(said.contains("2 rows under 1 seals are as they were sealed"), "{said}");
        let head = said.split("head ").nth(1).unwrap()[..64].to_owned();
        let with_head = ["audit", "verify", "--database-url", url, "--head", &head];
        assert!(command(&with_head).0);
        let other = "0".repeat(64);
        let (is_good, said) =
            command(&["audit", "verify", "--database-url", url, "--head", &other]);
        assert!(!is_good && said.contains("its end was cut off"), "{said}");
        server.kill();

        forge(stage).await;
        let (is_good, said) = command(&["audit", "verify", "--database-url", url]);
        assert!(!is_good && said.contains("row 2 was changed (seal 1)"), "{said}");
    });
}
