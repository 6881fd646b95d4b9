//! How many SQL statements an operation takes, whatever the number of rows; the one with which the
//! audit notes what it shows comes on top.

use entity::membership::Role;
use entity::placement::PlacementStatus;
use hearth::server::examples::TRUSTED;
use serde_json::json;

use crate::harness::world::id;
use crate::harness::{run, run_on_demo};

/// The statement with which the audit notes all that an operation shows.
const NOTED: usize = 1;

/// The statement that reads who asks.
const ASKED: usize = 1;

fn document(name: &str) -> &'static str {
    TRUSTED.iter().find(|(known, _)| *known == name).unwrap().1
}

#[test]
fn a_page_of_families_takes_one_statement_besides_who_asks_and_what_is_noted() {
    run(async |stage| {
        let area = stage.area("Area", None).await;
        let office = stage.organisation("Office", None).await;
        let worker = stage.worker(&office, Role::Caseworker).await;
        let place = stage.centre(&office, &area, 40).await;
        let mut homes = Vec::new();
        for _ in 0..25 {
            let home = stage.household(&office, &area, "X").await;
            stage.put(stage.placement(&home, place, PlacementStatus::Admitted)).await;
            homes.push(home);
        }
        let asked = stage.as_(&worker);
        let (statements, answer) = stage.counted(asked.query(document("families"))).await;
        assert_eq!(answer.list("/families/nodes").len(), 20);
        let placed = "/families/nodes/7/children/0/currentPlacement/centre/name";
        assert_eq!(answer.data(placed), "Centre");
        assert_eq!(statements, ASKED + 1 + NOTED, "{statements}: {:#?}", stage.said());
    });
}

#[test]
fn the_measured_operations_stay_within_their_budgets_on_the_demo() {
    run_on_demo(async |stage| {
        let worker = crate::demo::actor("caseworker");
        let asked = stage.as_(&worker);
        let (statements, page) = stage.counted(asked.query(document("families"))).await;
        assert_eq!(page.list("/families/nodes").len(), 20);
        assert_eq!(statements, ASKED + 1 + NOTED, "{statements}: {:#?}", stage.said());

        for family in page.list("/families/nodes") {
            let variables = json!({ "id": family["id"] });
            let file = asked.query_with(document("family-file"), variables);
            let (statements, answer) = stage.counted(file).await;
            assert_eq!(answer.data("/family/id"), &family["id"]);
            assert_eq!(statements, ASKED + 1 + NOTED, "{statements}: {:#?}", stage.said());
        }

        let (statements, _) = stage.counted(asked.query(document("children"))).await;
        assert_eq!(statements, ASKED + 1 + NOTED, "{statements}: {:#?}", stage.said());
    });
}

#[test]
fn looking_up_many_nodes_takes_a_statement_a_kind() {
    run(async |stage| {
        let area = stage.area("Area", None).await;
        let office = stage.organisation("Office", None).await;
        let worker = stage.worker(&office, Role::Caseworker).await;
        let mut ids = Vec::new();
        for _ in 0..10 {
            let home = stage.household(&office, &area, "X").await;
            ids.push(id("family", home.id));
            ids.push(id("case", home.case));
        }
        let query = "query Q($ids: [ID!]!) { nodes(ids: $ids) { id } }";
        let asked = stage.as_(&worker);
        let (statements, answer) =
            stage.counted(asked.query_with(query, json!({ "ids": ids }))).await;
        let found: Vec<_> = answer.list("/nodes").iter().map(|node| node["id"].clone()).collect();
        assert_eq!(json!(found), json!(ids));
        assert!(statements <= 3, "{statements}: {:#?}", stage.said());
    });
}
