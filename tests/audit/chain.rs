//! The chain over the audit: what is untouched verifies, also while others write and seal; whoever
//! changes, removes or adds a row, even with the rights of the tables' owner, is found out.

use entity::membership::Role;
use hearth::access::audit::chain;
use hearth::access::audit::verify::{Asked, Finding, Report, verify};
use sea_orm::{ConnectionTrait, DbBackend, Statement, TransactionTrait};
use serde_json::json;

use crate::harness::world::{Household, Person, id};
use crate::harness::{Stage, run};

const READ: &str = "query Read($id: ID!) { family(id: $id) { label members { person { phone } } openCase { riskLevel } } }";

/// The columns of a row besides its number.
const COLUMNS: &str =
    "occurred_at, request_id, subject, client_id, organisation_id, role, operation,
    document, origin, action, entity_kind, entity_ids, field_class";

struct Ground<'s> {
    stage: &'s Stage,
    home: Household,
    worker: Person,
}

impl<'s> Ground<'s> {
    /// An audit with three seals.
    async fn lay(stage: &'s Stage) -> Self {
        let area = stage.area("Area", None).await;
        let office = stage.organisation("Office", None).await;
        let home = stage.household(&office, &area, "Canary").await;
        let worker = stage.worker(&office, Role::Caseworker).await;
        let ground = Self { stage, home, worker };
        for _ in 0..3 {
            ground.read().await;
            assert_eq!(ground.seal().await, 1);
        }
        ground
    }

    async fn read(&self) {
        let variables = json!({ "id": id("family", self.home.id) });
        self.stage.as_(&self.worker).query_with(READ, variables).await.data("/family/label");
    }

    async fn seal(&self) -> usize {
        chain::seal(&self.stage.database, &self.stage.app.settings.clock).await.unwrap()
    }

    async fn verify(&self, asked: &Asked) -> Report {
        verify(&self.stage.database.reader, asked, |_| ()).await.unwrap()
    }

    async fn found(&self) -> Option<Finding> {
        self.verify(&Asked::default()).await.finding
    }

    async fn say(&self, sql: &str) {
        let done = self.stage.database.writer.execute_unprepared(sql).await;
        done.unwrap_or_else(|error| panic!("{sql}: {error}"));
    }

    fn is_postgres(&self) -> bool {
        self.stage.database.writer.get_database_backend() == DbBackend::Postgres
    }

    async fn number(&self, sql: &str) -> i64 {
        let backend = self.stage.database.reader.get_database_backend();
        let statement = Statement::from_string(backend, sql);
        let row = self.stage.database.reader.query_one_raw(statement).await.unwrap().unwrap();
        row.try_get_by_index(0).unwrap()
    }

    /// Does what an attacker with the rights of the owner does first, and keeps a copy.
    async fn break_in(&self) {
        if self.is_postgres() {
            self.say("drop trigger tr_audit_event_refuse on audit_event").await;
            self.say("drop trigger tr_audit_seal_refuse on audit_seal").await;
            self.say("alter table audit_event alter column seq drop identity").await;
        } else {
            for table in ["event", "seal"] {
                self.say(&format!("drop trigger tr_audit_{table}_update")).await;
                self.say(&format!("drop trigger tr_audit_{table}_delete")).await;
            }
        }
        for table in ["audit_event", "audit_seal"] {
            self.say(&format!("create table kept_{table} as select * from {table}")).await;
        }
    }

    /// Changes something, says what is found, and puts everything back.
    async fn with(&self, attack: &[String]) -> Option<Finding> {
        for sql in attack {
            self.say(sql).await;
        }
        let found = self.found().await;
        self.restore().await;
        found
    }

    async fn restore(&self) {
        for table in ["audit_event", "audit_seal"] {
            self.say(&format!("delete from {table}")).await;
            self.say(&format!("insert into {table} select * from kept_{table}")).await;
        }
        assert_eq!(self.found().await, None, "what was put back is as it was");
    }

    /// Another value of a column's type.
    fn other(&self, column: &str) -> String {
        match column {
            "occurred_at" | "sealed_at" => "'2001-02-03 04:05:06+00:00'".to_owned(),
            "request_id" | "organisation_id" if self.is_postgres() => {
                "'00000000-0000-0000-0000-000000000001'".to_owned()
            }
            "request_id" | "organisation_id" => "x'00000000000000000000000000000001'".to_owned(),
            "root" | "leaves" | "hash" if self.is_postgres() => {
                format!("set_byte({column}, 0, get_byte({column}, 0) # 1)")
            }
            "root" | "leaves" | "hash" => {
                format!("cast(x'ff' || substr({column}, 2) as blob)")
            }
            "first_seq" | "last_seq" | "count" => format!("{column} + 1"),
            _ => format!("coalesce({column}, '') || 'x'"),
        }
    }
}

#[test]
fn what_is_untouched_verifies() {
    run(async |stage| {
        let ground = Ground::lay(stage).await;
        let report = ground.verify(&Asked::default()).await;
        let rows = ground.number("select count(*) from audit_event").await;
        assert_eq!((&report.finding, report.seals, report.rows), (&None, 3, rows));
        assert_eq!(report.unsealed, 0);
        assert_eq!(ground.seal().await, 0, "there is nothing more to seal");

        ground.read().await;
        let later = ground.verify(&Asked { head: report.head.clone(), since: None }).await;
        assert_eq!((later.finding, &later.head), (None, &report.head));
        assert_eq!(later.unsealed, rows / 3);
        assert_eq!(ground.seal().await, 1);
        let sealed = ground.verify(&Asked { head: report.head.clone(), since: None }).await;
        assert_eq!((sealed.finding, sealed.seals, sealed.unsealed), (None, 4, 0));
        assert_ne!(sealed.head, report.head);
    });
}

#[test]
fn a_verification_may_begin_later() {
    run(async |stage| {
        let ground = Ground::lay(stage).await;
        stage.wait(chrono::TimeDelta::days(1));
        let since = Some(stage.now());
        ground.read().await;
        ground.seal().await;
        ground.break_in().await;
        ground.say("update audit_event set subject = 'x' where seq = 1").await;
        let whole = ground.found().await;
        assert_eq!(whole, Some(Finding::RowChanged { seal: 1, seq: 1 }));
        let later = ground.verify(&Asked { head: None, since }).await;
        assert_eq!((later.finding, later.seals), (None, 1));
    });
}

#[test]
fn a_change_of_any_column_is_found_and_named() {
    run(async |stage| {
        let ground = Ground::lay(stage).await;
        ground.break_in().await;
        let columns = COLUMNS.split(',').map(str::trim);
        let mut tried = 0;
        for column in columns {
            let other = ground.other(column);
            let attack = format!("update audit_event set {column} = {other} where seq = 5");
            let found = ground.with(&[attack]).await;
            assert_eq!(found, Some(Finding::RowChanged { seal: 2, seq: 5 }), "{column}");
            tried += 1;
        }
        assert_eq!(tried, 13);
    });
}

#[test]
fn rows_that_were_removed_swapped_or_added_are_found_and_named() {
    run(async |stage| {
        let ground = Ground::lay(stage).await;
        // A number that was never written, as a transaction leaves it that is rolled back.
        let spare = ground.number("select max(seq) from audit_event").await + 1;
        ground.break_in().await;
        let found = ground.with(&["delete from audit_event where seq = 5".to_owned()]).await;
        assert_eq!(found, Some(Finding::RowRemoved { seal: 2, seq: 5 }));

        let swap = [(4, -4), (5, 4), (-4, 5)]
            .map(|(from, to)| format!("update audit_event set seq = {to} where seq = {from}"));
        assert_eq!(ground.with(&swap).await, Some(Finding::RowChanged { seal: 2, seq: 4 }));

        let renumber = format!("update audit_event set seq = {spare} where seq = 5");
        let found = ground.with(&[renumber]).await;
        assert_eq!(found, Some(Finding::RowRemoved { seal: 2, seq: 5 }));

        let add = format!(
            "insert into audit_event (seq, {COLUMNS}) select 0, {COLUMNS} from audit_event where seq = 5"
        );
        let found = ground.with(&[add]).await;
        assert_eq!(found, Some(Finding::RowInserted { seal: 1, seq: 0 }));
    });
}

#[test]
fn a_row_that_is_put_into_a_gap_is_found() {
    run(async |stage| {
        let ground = Ground::lay(stage).await;
        ground.break_in().await;
        // Numbers are skipped where a transaction was rolled back.
        let last = ground.number("select max(seq) from audit_event").await;
        let copy = |seq: i64| {
            format!(
                "insert into audit_event (seq, {COLUMNS})
                 select {seq}, {COLUMNS} from audit_event where seq = 5"
            )
        };
        ground.say(&copy(last + 7)).await;
        assert_eq!(ground.seal().await, 1);
        assert_eq!(ground.found().await, None);
        ground.say(&copy(last + 3)).await;
        let found = ground.found().await;
        assert_eq!(found, Some(Finding::RowInserted { seal: 4, seq: last + 3 }));
    });
}

#[test]
fn a_tail_that_was_cut_off_is_found() {
    run(async |stage| {
        let ground = Ground::lay(stage).await;
        let head = ground.verify(&Asked::default()).await.head;
        ground.break_in().await;
        let rows =
            "delete from audit_event where seq > (select last_seq from audit_seal where no = 2)";
        let first = ground.number("select last_seq from audit_seal where no = 2").await + 1;
        let found = ground.with(&[rows.to_owned()]).await;
        assert_eq!(found, Some(Finding::RowRemoved { seal: 3, seq: first }));

        // Together with its seals: what is left is a whole chain, but not the one whose head is known.
        ground.say(rows).await;
        ground.say("delete from audit_seal where no > 2").await;
        assert_eq!(ground.found().await, None);
        let report = ground.verify(&Asked { head: head.clone(), since: None }).await;
        assert_eq!(report.finding, head.map(|head| Finding::HeadMissing { head }));
    });
}

#[test]
fn a_change_of_the_seals_is_found() {
    run(async |stage| {
        let ground = Ground::lay(stage).await;
        ground.break_in().await;
        for column in ["first_seq", "last_seq", "count", "root", "leaves", "hash", "sealed_at"] {
            let other = ground.other(column);
            let attack = format!("update audit_seal set {column} = {other} where no = 2");
            let found = ground.with(&[attack]).await;
            assert_eq!(found, Some(Finding::SealChanged { seal: 2 }), "{column}");
        }
        let found = ground.with(&["delete from audit_seal where no = 2".to_owned()]).await;
        assert_eq!(found, Some(Finding::SealRemoved { seal: 2 }));
        let attack = "update audit_seal set no = 9 where no = 3".to_owned();
        assert_eq!(ground.with(&[attack]).await, Some(Finding::SealRemoved { seal: 3 }));
    });
}

#[test]
fn it_verifies_while_others_write_and_several_seal() {
    run(async |stage| {
        let ground = Ground::lay(stage).await;
        let reads = async {
            for _ in 0..8 {
                let four = std::iter::repeat_with(|| ground.read()).take(4);
                futures_util::future::join_all(four).await;
            }
        };
        let seals = async || {
            let mut made = 0;
            for _ in 0..12 {
                made += ground.seal().await;
                tokio::time::sleep(std::time::Duration::from_millis(5)).await;
            }
            made
        };
        let verifications = async {
            for _ in 0..12 {
                assert_eq!(ground.found().await, None);
                tokio::time::sleep(std::time::Duration::from_millis(5)).await;
            }
        };
        let ((), one, other, third, ()) =
            tokio::join!(reads, seals(), seals(), seals(), verifications);
        let made = one + other + third + ground.seal().await;
        let report = ground.verify(&Asked::default()).await;
        let rows = ground.number("select count(*) from audit_event").await;
        assert_eq!((report.finding, report.unsealed, report.rows), (None, 0, rows));
        assert_eq!(report.seals, 3 + i64::try_from(made).unwrap());
    });
}

#[test]
fn what_is_not_committed_yet_is_waited_for() {
    run(async |stage| {
        let ground = Ground::lay(stage).await;
        if !ground.is_postgres() {
            // There, one connection writes: nothing is sealed while another transaction goes on.
            return;
        }
        let slow = stage.database.writer.begin().await.unwrap();
        let copy = format!(
            "insert into audit_event ({COLUMNS}) select {COLUMNS} from audit_event where seq = 5"
        );
        slow.execute_unprepared(&copy).await.unwrap();
        ground.read().await;
        assert_eq!(ground.seal().await, 0, "a smaller number is not written yet");
        slow.commit().await.unwrap();
        assert_eq!(ground.seal().await, 1);
        let report = ground.verify(&Asked::default()).await;
        assert_eq!((report.finding, report.unsealed), (None, 0));
    });
}
