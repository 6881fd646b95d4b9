//! Numbers of persons: added, voided with a reason, and never told by an answer to who may not read
//! them.

use entity::membership::Role;
use entity::person_identifier;
use sea_orm::EntityTrait;
use serde_json::{Value, json};

use crate::harness::world::id;
use crate::harness::{Stage, run};

async fn rows(stage: &Stage) -> Vec<person_identifier::Model> {
    let mut rows = person_identifier::Entity::find().all(&stage.database.reader).await.unwrap();
    rows.sort_by_key(|row| row.id);
    rows
}

#[test]
fn a_number_is_added_once_and_voided_with_a_reason() {
    run(async |stage| {
        let area = stage.area("Area", None).await;
        let office = stage.organisation("Office", None).await;
        let home = stage.household(&office, &area, "X").await;
        let worker = stage.worker(&office, Role::Caseworker).await;
        let client = stage.as_(&worker);
        let child = id("child", home.child);
        let number = |value: &str| json!({ "personId": child, "kind": "SCHOOL", "value": value });
        let select = "person { version identifiers { id kind value redactedFields } }";
        let added = client.mutate("identifierAdd", number("17"), select).await;
        let first = added.done("/person/identifiers/0/id").clone();
        assert_eq!(added.done("/person/version"), 2);
        // The number is hidden from who has no scope for it: it may be added, not read.
        assert_eq!(added.done("/person/identifiers/0/value"), &Value::Null);
        assert_eq!(added.done("/person/identifiers/0/redactedFields"), &json!(["value"]));
        // That a number was guessed right is not told: either way there is one more.
        for (value, count) in [("17", 2), ("18", 3)] {
            let again = client.mutate("identifierAdd", number(value), select).await;
            assert_eq!(again.done("/person/identifiers").as_array().unwrap().len(), count);
        }

        let void = |identifier: &Value, reason: &str| json!({ "personId": child, "identifierId": identifier, "reason": reason });
        let silent = client.mutate("identifierVoid", void(&first, " "), select).await.refusal();
        assert_eq!(silent, ("REQUIRED".to_owned(), "input.reason".to_owned()));
        let voided = client.mutate("identifierVoid", void(&first, "A sister's."), select).await;
        let left = voided.done("/person/identifiers").as_array().unwrap();
        assert!(left.len() == 2 && left.iter().all(|number| number["id"] != first));
        let twice = client.mutate("identifierVoid", void(&first, "Again."), select).await.refusal();
        assert_eq!(twice, ("NOT_FOUND".to_owned(), "input.identifierId".to_owned()));
        let kept = rows(stage).await;
        assert_eq!(kept[0].void_reason.as_deref(), Some("A sister's."));
        let column = person_identifier::Column::Value;
        let value = stage.open_at(column, kept[0].id, &kept[0].value);
        assert_eq!(value, "17", "nothing is deleted");
        for no in 0..48 {
            client.mutate("identifierAdd", number(&no.to_string()), "").await;
        }
        let many = client.mutate("identifierAdd", number("51"), "").await.refusal();
        assert_eq!(many, ("TOO_MANY_ITEMS".to_owned(), "input".to_owned()));
    });
}

#[test]
fn a_number_is_read_with_the_scope_and_voided_on_its_own_person_only() {
    run(async |stage| {
        let area = stage.area("Area", None).await;
        let office = stage.organisation("Office", None).await;
        let home = stage.household(&office, &area, "X").await;
        let worker = stage.worker(&office, Role::Caseworker).await;
        let number = stage.identifier(home.child, "SCHOOL", "17").await;
        let query = format!(
            "{{ node(id: \"{}\") {{ ... on Person {{ identifiers {{ value }} }} }} }}",
            id("person", home.child)
        );
        let reader = stage.as_with(&worker, &["restricted:read"]);
        assert_eq!(reader.query(&query).await.data("/node/identifiers/0/value"), "17");
        let elsewhere = json!({ "personId": id("person", home.parent), "reason": "So.",
            "identifierId": id("identifier", number) });
        let refused = reader.mutate("identifierVoid", elsewhere, "").await.refusal();
        assert_eq!(refused, ("NOT_FOUND".to_owned(), "input.identifierId".to_owned()));
    });
}
