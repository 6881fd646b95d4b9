//! However much somebody sees, an answer reads about as much as it shows: of a page of families, of a
//! family's file and of a few children no statement gathers all that its viewer sees, as PostgreSQL would
//! by a plan that fits whatever is asked.

use futures_util::future::join_all;
use hearth::server::examples::TRUSTED;
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use serde_json::{Value, json};

use crate::demo::actor;
use crate::harness::{Client, Stage, run_on_demo};

/// How many families there are, spread over seven branches.
const FAMILIES: i64 = 14_000;
const BRANCHES: i64 = 7;

/// The families of the benchmark.
const MORE: &str = include_str!("../bench/families.sql");

const CHILDREN: &str =
    "{ children(first: 5) { nodes { id displayName families { id reference } } } }";

async fn fill(stage: &Stage) {
    let more = MORE.replace("{families}", &FAMILIES.to_string());
    let admin = sea_orm::Database::connect(&stage.url).await.unwrap();
    admin.execute_unprepared(&more).await.unwrap();
    admin.execute_unprepared("analyze").await.unwrap();
}

/// How many rows have been read of the tables, by all connections: each tells what it has counted.
async fn rows_read(stage: &Stage) -> i64 {
    let reader = &stage.database.reader;
    let tell = "select pg_stat_force_next_flush(), pg_sleep(0.1)";
    for told in join_all((0..5).map(|_| reader.execute_unprepared(tell))).await {
        told.unwrap();
    }
    let read = "select ((select sum(seq_tup_read) from pg_stat_user_tables) \
                + (select sum(idx_tup_read) from pg_stat_user_indexes))::bigint as read";
    let read = Statement::from_string(DbBackend::Postgres, read);
    reader.query_one_raw(read).await.unwrap().unwrap().try_get("", "read").unwrap()
}

/// How many rows a query reads when its statements are no longer new to their connections.
async fn read_by(stage: &Stage, who: &Client<'_>, query: &str, variables: &Value) -> i64 {
    for _ in 0..5 {
        let answer = who.query_with(query, variables.clone()).await;
        assert!(answer.body["errors"].is_null(), "{}", answer.body);
    }
    let before = rows_read(stage).await;
    who.query_with(query, variables.clone()).await;
    rows_read(stage).await - before
}

#[test]
fn an_answer_reads_about_as_much_as_it_shows() {
    run_on_demo(async |stage| {
        if stage.database.reader.get_database_backend() != DbBackend::Postgres {
            return;
        }
        fill(stage).await;
        let document = |name| TRUSTED.iter().find(|(known, _)| *known == name).unwrap().1;
        let who = stage.as_(&actor("supervisor"));
        let page = who.query("{ families(first: 1) { nodes { id } } }").await;
        let family = page.data("/families/nodes/0/id").clone();
        for (query, variables) in [
            (document("families"), json!({})),
            (document("family-file"), json!({ "id": family })),
            (CHILDREN, json!({})),
        ] {
            let read = read_by(stage, &who, query, &variables).await;
            println!("{read} rows read by {query}");
            assert!(read > 10, "{read} rows are no count");
            assert!(read < FAMILIES / BRANCHES, "{read} rows read by {query}");
        }
    });
}
