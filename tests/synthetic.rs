//! The made-up data: what must never be in it, what must be in it exactly, and that the same seed
//! gives the same rows. The statements are SQL files, read alike by both databases.

use std::hash::{DefaultHasher, Hash, Hasher};

use hearth::synthetic::{self, Sowing};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, EntityTrait, Statement};

use crate::entities::every_entity;
use crate::harness::{Stage, TODAY, run, run_on_demo};

/// The branch whose history is known, and the caseworker's own.
const HISTORIC: &str = "(select id from organisation where name = 'Branch of Quietwater')";
const OWN: &str = "(select m.organisation_id from membership m join worker w on w.id = m.worker_id \
                   where w.subject = 'caseworker@hearth.example')";

/// Statements with what they are about, from a file.
fn statements(file: &'static str) -> Vec<(&'static str, &'static str)> {
    let parts = file.split("-- ").filter(|part| !part.trim().is_empty());
    parts.map(|part| part.split_once('\n').unwrap()).collect()
}

async fn number(database: &DatabaseConnection, sql: &str) -> i64 {
    let backend = database.get_database_backend();
    let sql = sql.trim().trim_end_matches(';');
    let sql = format!("select cast(({}) as bigint) as n", spoken(sql, backend));
    let row = database.query_one_raw(Statement::from_string(backend, &sql)).await;
    let row = row.unwrap_or_else(|error| panic!("{error}: {sql}")).unwrap();
    row.try_get("", "n").unwrap()
}

/// A statement in the database's own words for adding months, years and days.
fn spoken(sql: &str, backend: DbBackend) -> String {
    let sqlite = backend == DbBackend::Sqlite;
    let mut text = sql
        .replace("{today}", &format!("'{TODAY}'"))
        .replace("{historic}", HISTORIC)
        .replace("{own}", OWN);
    let years =
        if sqlite { "p.birth_date, '+18 years'" } else { "p.birth_date + interval '18 years'" };
    text = text.replace("{years:p.birth_date}", years);
    for column in ["u.min_age_months", "u.max_age_months", "r.max_value"] {
        let own = if sqlite {
            format!("date(x.birth_date, '+' || {column} || ' months')")
        } else {
            format!("date(x.birth_date + {column} * interval '1 month')")
        };
        text = text.replace(&format!("{{months:{column}}}"), &own);
    }
    let stay = if sqlite {
        "date(p.admitted_at, '+' || u.max_stay_days || ' days')"
    } else {
        "date(p.admitted_at + u.max_stay_days * interval '1 day')"
    };
    text.replace("{stay:u.max_stay_days}", stay)
}

#[test]
fn what_must_never_be_is_nowhere() {
    run_on_demo(async |stage| {
        let rules = statements(include_str!("synthetic/never.sql"));
        assert!(rules.len() > 100);
        for (what, sql) in rules {
            assert_eq!(number(&stage.database.reader, sql).await, 0, "{what}");
        }
    });
}

#[test]
fn the_figures_of_practice_are_there_exactly() {
    run_on_demo(async |stage| {
        for (what, sql) in statements(include_str!("synthetic/exactly.sql")) {
            let (what, expected) = what.rsplit_once(": ").unwrap();
            let expected: i64 = expected.parse().unwrap();
            assert_eq!(number(&stage.database.reader, sql).await, expected, "{what}");
        }
    });
}

#[test]
fn every_state_occurs_and_every_actor_has_work() {
    run_on_demo(async |stage| {
        for (what, sql) in statements(include_str!("synthetic/at_least.sql")) {
            let (what, least) = what.rsplit_once(": ").unwrap();
            let least: i64 = least.parse().unwrap();
            let found = number(&stage.database.reader, sql).await;
            assert!(found >= least, "{what}: {found}, less than {least}");
        }
    });
}

/// The number of rows of each table and a hash of them.
async fn digest(stage: &Stage) -> Vec<(&'static str, usize, u64)> {
    macro_rules! of_each {
        ($($table:ident),+) => {{
            let mut digests = Vec::new();
            $({
                let found = entity::$table::Entity::find().all(&stage.database.reader).await;
                let mut rows: Vec<String> =
                    found.unwrap().iter().map(|row| format!("{row:?}")).collect();
                rows.sort_unstable();
                let mut hasher = DefaultHasher::new();
                rows.hash(&mut hasher);
                digests.push((stringify!($table), rows.len(), hasher.finish()));
            })+
            digests
        }};
    }
    every_entity!(of_each)
}

async fn sow(stage: &Stage, seed: u64) -> Vec<(&'static str, usize, u64)> {
    let sowing = Sowing { families: 40, seed, today: TODAY };
    Box::pin(synthetic::sow(&stage.database.writer, &sowing, stage.vault(), |_| ())).await.unwrap();
    digest(stage).await
}

#[test]
fn the_same_seed_gives_the_same_rows_and_another_one_others() {
    run(async |one| {
        let first = sow(one, 7).await;
        run(async |two| assert_eq!(sow(two, 7).await, first));
        run(async |three| assert_ne!(sow(three, 8).await, first));
    });
}

#[test]
fn a_database_with_families_is_not_sown_again() {
    run(async |stage| {
        assert!(!synthetic::is_sown(&stage.database.reader).await.unwrap());
        sow(stage, 1).await;
        assert!(synthetic::is_sown(&stage.database.reader).await.unwrap());
        let sowing = Sowing { families: 40, seed: 1, today: TODAY };
        let again =
            Box::pin(synthetic::sow(&stage.database.writer, &sowing, stage.vault(), |_| ())).await;
        assert!(again.unwrap_err().to_string().contains("make a new one"));
    });
}
