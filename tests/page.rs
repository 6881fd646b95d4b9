//! Pages: keyset order, cursors that hold for their list only, and counts.

use entity::membership::Role;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::harness::world::Person;
use crate::harness::{Stage, run};

async fn families(stage: &Stage, count: usize) -> Person {
    let area = stage.area("Area", None).await;
    let office = stage.organisation("Office", None).await;
    for number in 0..count {
        stage.household(&office, &area, &format!("N{number}")).await;
    }
    stage.worker(&office, Role::Caseworker).await
}

const PAGE: &str = "query P($first: Int, $after: String, $order: FamilyOrder) {
  families(first: $first, after: $after, orderBy: $order) {
    nodes { id updatedAt reference }
    edges { cursor }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    totalCount
  }
}";

async fn walk(stage: &Stage, worker: &Person, first: i32, order: &Value) -> Vec<Value> {
    let mut all = Vec::new();
    let mut after = Value::Null;
    loop {
        let variables = json!({ "first": first, "after": after, "order": order });
        let answer = stage.as_(worker).query_with(PAGE, variables).await;
        all.extend(answer.list("/families/nodes").iter().cloned());
        assert_eq!(answer.data("/families/pageInfo/hasPreviousPage"), !after.is_null());
        if answer.data("/families/pageInfo/hasNextPage") == false {
            let total = answer.data("/families/totalCount").as_u64().unwrap();
            assert_eq!(total, all.len() as u64);
            return all;
        }
        after = answer.data("/families/pageInfo/endCursor").clone();
    }
}

#[test]
fn pages_of_any_size_make_the_same_list_in_every_order() {
    run(async |stage| {
        let worker = families(stage, 13).await;
        for field in ["UPDATED_AT", "REFERENCE"] {
            for direction in ["ASC", "DESC"] {
                let order = json!({ "field": field, "direction": direction });
                let whole = walk(stage, &worker, 100, &order).await;
                assert_eq!(whole.len(), 13);
                let key = if field == "REFERENCE" { "reference" } else { "updatedAt" };
                let mut sorted = whole.clone();
                sorted.sort_by(|one, other| one[key].as_str().cmp(&other[key].as_str()));
                if direction == "DESC" {
                    sorted.reverse();
                }
                let keys =
                    |list: &[Value]| list.iter().map(|row| row[key].clone()).collect::<Vec<_>>();
                assert_eq!(keys(&whole), keys(&sorted));
                for first in [1, 2, 5, 12, 13, 14] {
                    assert_eq!(walk(stage, &worker, first, &order).await, whole, "{first}");
                }
            }
        }
    });
}

#[test]
fn a_cursor_holds_for_its_list_order_and_filter_only() {
    run(async |stage| {
        let worker = families(stage, 3).await;
        let asked = stage.as_(&worker);
        let page = asked.query("{ families(first: 1) { pageInfo { endCursor } } }").await;
        let cursor = page.data("/families/pageInfo/endCursor").as_str().unwrap().to_owned();
        let refused = [
            format!("{{ cases(after: \"{cursor}\") {{ nodes {{ id }} }} }}"),
            format!(
                "{{ families(after: \"{cursor}\", orderBy: {{field: UPDATED_AT}}) {{ nodes {{ id }} }} }}"
            ),
            format!(
                "{{ families(after: \"{cursor}\", filter: {{reference: \"x\"}}) {{ nodes {{ id }} }} }}"
            ),
            format!("{{ families(after: \"{cursor}A\") {{ nodes {{ id }} }} }}"),
            "{ families(after: \"\") { nodes { id } } }".to_owned(),
        ];
        for query in refused {
            assert_eq!(asked.query(&query).await.code(), "INVALID_CURSOR", "{query}");
        }
        let next = format!("{{ families(after: \"{cursor}\") {{ nodes {{ id }} }} }}");
        assert_eq!(asked.query(&next).await.list("/families/nodes").len(), 2);
    });
}

#[test]
fn a_page_has_from_one_to_a_hundred_rows() {
    run(async |stage| {
        let worker = families(stage, 1).await;
        for first in [-1, 0, 101] {
            let query = format!("{{ families(first: {first}) {{ nodes {{ id }} }} }}");
            assert_eq!(stage.as_(&worker).query(&query).await.code(), "BAD_USER_INPUT");
        }
    });
}

#[test]
fn ids_of_another_kind_and_nonsense_are_refused_with_what_is_expected() {
    run(async |stage| {
        let worker = families(stage, 1).await;
        for wrong in
            ["child_00000000000000000000000000000000", "family_0", "", "family_zz", "x\\u0000"]
        {
            let query = format!("{{ family(id: \"{wrong}\") {{ id }} }}");
            let answer = stage.as_(&worker).query(&query).await;
            assert_eq!(answer.code(), "BAD_USER_INPUT", "{wrong}");
            assert!(answer.text.contains("expected a family id"), "{}", answer.text);
        }
    });
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

    #[test]
    fn no_text_is_taken_for_a_cursor(text in "[A-Za-z0-9_-]{0,120}") {
        run(async |stage| {
            let worker = families(stage, 1).await;
            let query = "query Q($after: String) { families(after: $after) { nodes { id } } }";
            let answer = stage.as_(&worker).query_with(query, json!({ "after": text })).await;
            assert_eq!(answer.code(), "INVALID_CURSOR");
        });
    }
}
