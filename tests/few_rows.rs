//! However much somebody sees, an answer reads about as much as it shows: of a page of families, of a
//! family's file and of a few children no statement gathers all that its viewer sees, as PostgreSQL would
//! by a plan that fits whatever is asked.

use futures_util::future::join_all;
use hearth::rates::Rate;
use hearth::server::examples::TRUSTED;
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use serde_json::{Value, json};

use crate::demo::actor;
use crate::harness::{Client, Setup, Stage, run_on_demo, run_on_demo_with};

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

/// Grants of persons to an organisation, every other one of which is over or hasn't begun.
fn granted(organisation: uuid::Uuid) -> String {
    format!(
        "insert into access_grant (id, organisation_id, person_id, level, shown, basis, since, until, created_at) \
         select md5('o' || n)::uuid, '{organisation}', id, 1, 1, 'REFERRAL', \
           now() + case when n % 4 = 1 then interval '1 day' else interval '-3 days' end, \
           case when n % 4 = 3 then now() - interval '1 day' end, now() - interval '3 days' \
         from (select id, row_number() over (order by md5(id::text)) as n from person) p where n % 16 < 5"
    )
}

/// The ids of all children in an order, page by page.
async fn children(who: &Client<'_>, order: &Value) -> Vec<String> {
    let query = "query ($after: String, $order: ChildOrder) {
        children(first: 100, after: $after, orderBy: $order) {
            nodes { id } pageInfo { hasNextPage endCursor } } }";
    let (mut ids, mut after) = (Vec::new(), Value::Null);
    loop {
        let variables = json!({ "after": after, "order": order });
        let answer = who.query_with(query, variables).await;
        let id = |node: &Value| node["id"].as_str().unwrap().to_owned();
        ids.extend(answer.list("/children/nodes").iter().map(id));
        if answer.data("/children/pageInfo/hasNextPage") == false {
            return ids;
        }
        after = answer.data("/children/pageInfo/endCursor").clone();
    }
}

#[test]
fn along_what_makes_them_seen_the_same_children_are_found_as_one_by_one() {
    let rich = |setup: &mut Setup| {
        setup.settings.rates.viewer = Rate { burst: 1_000_000, refill: 1 };
        setup.settings.rates.client = Rate { burst: 10_000_000, refill: 1 };
    };
    run_on_demo_with(rich, async |stage| {
        if stage.database.reader.get_database_backend() != DbBackend::Postgres {
            return;
        }
        fill(stage).await;
        let admin = sea_orm::Database::connect(&stage.url).await.unwrap();
        admin.execute_unprepared(&granted(actor("supervisor").organisation)).await.unwrap();
        for (key, least) in [("supervisor", 4_000), ("coordinator", 1_000), ("centre_staff", 1_000)]
        {
            let who = stage.as_(&actor(key));
            let along = children(&who, &Value::Null).await;
            assert!(along.len() > least, "{key}: {}", along.len());
            assert!(along.is_sorted_by(|one, next| one < next), "by id, each once");
            // In another order than by id they are looked at one by one.
            let order = json!({ "field": "UPDATED_AT", "direction": "DESC" });
            let mut one_by_one = children(&who, &order).await;
            one_by_one.sort();
            assert!(along == one_by_one, "{key}: {} and {}", along.len(), one_by_one.len());
        }
    });
}
