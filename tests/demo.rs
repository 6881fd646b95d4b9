//! The made-up data of the demo: every role finds what it is for, and the figures of practice are
//! in it.

use entity::membership::Role;
use hearth::server::examples::TRUSTED;
use hearth::synthetic;
use serde_json::{Value, json};

use crate::harness::run_on_demo;
use crate::harness::world::Person;

/// One of the people of the demo.
pub fn actor(key: &str) -> Person {
    let actors = synthetic::actors();
    let actor = actors.into_iter().find(|actor| actor.key == key).unwrap();
    Person {
        id: uuid::Uuid::nil(),
        subject: actor.subject,
        client_id: actor.client_id,
        organisation: actor.organisation_id,
        role: actor.role,
    }
}

const FAMILIES: &str = "{ families(first: 100) { nodes { id label redactedFields } } }";

#[test]
fn a_caseworker_finds_families_with_children_cases_placements_and_centres() {
    run_on_demo(async |stage| {
        let query = TRUSTED.iter().find(|(name, _)| *name == "families").unwrap().1;
        let answer = stage.as_(&actor("caseworker")).query(query).await;
        let nodes = answer.list("/families/nodes");
        assert_eq!(nodes.len(), 20);
        let count =
            |found: &dyn Fn(&Value) -> bool| nodes.iter().filter(|node| found(node)).count();
        assert!(count(&|family| family["label"].is_string()) == 20);
        assert!(count(&|family| family["openCase"]["riskLevel"].is_string()) > 5);
        assert!(count(&|family| family["children"].as_array().unwrap().len() > 1) > 5);
        let placed = |family: &Value| {
            let children = family["children"].as_array().unwrap();
            children.iter().any(|child| child["currentPlacement"]["centre"]["name"].is_string())
        };
        assert!(count(&placed) >= 2);
    });
}

#[test]
fn the_other_caseworker_gets_none_of_them_by_any_root() {
    run_on_demo(async |stage| {
        let ids = async |key: &str| -> Vec<String> {
            let answer = stage.as_(&actor(key)).query(FAMILIES).await;
            let nodes = answer.list("/families/nodes").iter();
            nodes.map(|node| node["id"].as_str().unwrap().to_owned()).collect()
        };
        let (ours, theirs) = (ids("caseworker").await, ids("caseworker_other").await);
        assert!(!ours.is_empty() && !theirs.is_empty());
        assert!(ours.iter().all(|id| !theirs.contains(id)));
        let other = stage.as_(&actor("caseworker_other"));
        let query = "query Q($ids: [ID!]!) { nodes(ids: $ids) { id } }";
        let answer = other.query_with(query, json!({ "ids": ours })).await;
        assert!(answer.list("/nodes").iter().all(Value::is_null));
        for id in ours.iter().take(5) {
            let query = "query Q($id: ID!) { family(id: $id) { id } node(id: $id) { id } }";
            let answer = other.query_with(query, json!({ "id": id })).await;
            assert_eq!(
                (answer.data("/family"), answer.data("/node")),
                (&Value::Null, &Value::Null)
            );
        }
    });
}

#[test]
fn partners_get_what_was_referred_with_hidden_fields_named_and_others_no_person() {
    run_on_demo(async |stage| {
        for key in ["ngo_worker", "integration"] {
            let answer = stage.as_(&actor(key)).query(FAMILIES).await;
            let nodes = answer.list("/families/nodes");
            assert!(nodes.len() >= 5, "{key}");
            let hidden = nodes.iter().filter(|node| {
                node["redactedFields"].as_array().unwrap().contains(&json!("address"))
            });
            assert_eq!(hidden.count(), nodes.len(), "{key}");
        }
        for key in ["analyst", "auditor", "admin", "reporter"] {
            let answer = stage.as_(&actor(key)).query(FAMILIES).await;
            assert_eq!(answer.code(), "FORBIDDEN", "{key}");
        }
    });
}

#[test]
fn every_example_answers_for_every_role_that_it_is_offered_to() {
    run_on_demo(async |stage| {
        for role in hearth::server::examples::roles(|_| None) {
            let client = stage.as_(&actor(role.name));
            for (number, example) in role.examples.iter().enumerate() {
                let mut variables = json!(example.variables);
                if variables["id"] == "family_" {
                    let families = client.query(FAMILIES).await;
                    variables["id"] = families.data("/families/nodes/0/id").clone();
                }
                let answer = client.query_with(&example.query, variables).await;
                assert_eq!(answer.body.get("errors"), None, "{} {}", role.name, answer.text);
                if number == 0 {
                    assert!(answer.text.len() > 150, "{}: {}", role.name, answer.text);
                }
            }
        }
    });
}

#[test]
fn each_actor_has_the_role_that_the_key_says() {
    let roles: Vec<(&str, Role)> =
        synthetic::actors().into_iter().map(|actor| (actor.key, actor.role)).collect();
    for expected in [
        ("caseworker", Role::Caseworker),
        ("supervisor", Role::Supervisor),
        ("director", Role::Supervisor),
        ("coordinator", Role::AreaCoordinator),
        ("centre_staff", Role::CentreStaff),
        ("ngo_worker", Role::NgoWorker),
        ("integration", Role::Integration),
        ("reporter", Role::Reporter),
        ("analyst", Role::Analyst),
        ("auditor", Role::Auditor),
        ("admin", Role::Admin),
        ("caseworker_other", Role::Caseworker),
    ] {
        assert!(roles.contains(&expected), "{expected:?}");
    }
}
