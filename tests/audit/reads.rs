//! What the audit says of a reading: each object once, with the highest class that was shown of it,
//! who asked, as what, by which operation and from where; and nothing of what was hidden.

use axum::http::{HeaderName, HeaderValue};
use entity::access_grant::{AccessLevel, GrantBasis};
use entity::membership::Role;
use hearth::access::audit::node::named;
use hearth::access::{Class, Classified};
use sea_orm::{ColumnTrait, ColumnType, EntityTrait, IdenStatic, Iterable};
use serde_json::json;
use uuid::Uuid;

use super::{events, shown};
use crate::entities::every_entity;
use crate::harness::world::{Branch, Household, Person, id};
use crate::harness::{Stage, run, run_with, wire};

/// An office, a family of it, and who works with it.
pub async fn scene(stage: &Stage) -> (Branch, Household, Person) {
    let area = stage.area("Area", None).await;
    let office = stage.organisation("Office", None).await;
    let home = stage.household(&office, &area, "Canary").await;
    let worker = stage.worker(&office, Role::Caseworker).await;
    (office, home, worker)
}

#[test]
fn each_object_is_noted_once_with_its_highest_class() {
    run(async |stage| {
        let (office, home, worker) = scene(stage).await;
        let query = "query Household($id: ID!) { family(id: $id) { label characteristics
            members { livesHere person { displayName birthDate givenName } }
            children { id phone names { familyName } } openCase { reference } } }";
        let client = stage.as_(&worker);
        client
            .query_with(query, json!({ "id": id("family", home.id) }))
            .await
            .data("/family/label");
        assert_eq!(
            shown(stage).await,
            [
                ("family", home.id, "SENSITIVE"),
                ("person", home.parent, "PERSONAL"),
                ("person", home.child, "SENSITIVE"),
            ]
            .map(|(kind, id, class)| (kind.to_owned(), id, class.to_owned()))
        );
        for event in events(stage).await {
            assert_eq!(event.action, "READ");
            assert_eq!(event.operation.as_deref(), Some("Household"));
            assert_eq!((event.document, event.origin), (None, None));
            assert_eq!(event.subject, worker.subject);
            assert_eq!(event.client_id, worker.client_id);
            assert_eq!(event.organisation_id, office.id);
            assert_eq!(event.role, "CASEWORKER");
        }
    });
}

#[test]
fn what_is_hidden_is_not_noted_nor_what_is_not_personal() {
    run(async |stage| {
        let (_, home, worker) = scene(stage).await;
        let partner = stage.organisation("Partner", None).await;
        let basis = GrantBasis::Statute;
        stage.grant(&partner, home.id, AccessLevel::Summary, basis, home.id).await;
        let reader = stage.worker(&partner, Role::NgoWorker).await;
        let variables = json!({ "id": id("family", home.id) });
        let plain = "query Q($id: ID!) { family(id: $id) { reference redactedFields
            children { givenName redactedFields } cases { status } } }";
        stage.as_(&worker).query_with(plain, variables.clone()).await.data("/family/reference");
        assert!(events(stage).await.is_empty());
        let query = "query Q($id: ID!) { family(id: $id) { label address characteristics
            children { phone identityFacts { value } } } }";
        let answer = stage.as_(&reader).query_with(query, variables).await;
        assert_eq!(answer.data("/family/label"), "Label Canary");
        assert_eq!(shown(stage).await, [("family".to_owned(), home.id, "PERSONAL".to_owned())]);
        assert_eq!(events(stage).await[0].operation.as_deref(), Some("Q"));
    });
}

#[test]
fn a_match_of_a_search_is_a_reading() {
    run(async |stage| {
        let (_, home, worker) = scene(stage).await;
        let query = "{ personSearch(input: { familyName: \"FamilyCanary\" }) { nodes { score } } }";
        let answer = stage.as_(&worker).query(query).await;
        let matches = answer.data("/personSearch/nodes").as_array().unwrap().len();
        assert_eq!(matches, 2, "{}", answer.text);
        let expected =
            [home.parent, home.child].map(|id| ("person".to_owned(), id, "PERSONAL".to_owned()));
        assert_eq!(shown(stage).await, expected);
        assert_eq!(events(stage).await[0].operation, None, "the operation has no name");
    });
}

#[test]
fn a_reading_takes_one_statement_more_however_many_rows_it_shows() {
    run(async |stage| {
        let area = stage.area("Area", None).await;
        let office = stage.organisation("Office", None).await;
        let worker = stage.worker(&office, Role::Caseworker).await;
        for _ in 0..30 {
            stage.household(&office, &area, "Canary").await;
        }
        let client = stage.as_(&worker);
        let ask = async |fields: &str| {
            let query = format!("{{ families(first: 30) {{ nodes {{ {fields} }} }} }}");
            stage.counted(client.query(&query)).await.0
        };
        let plain = ask("reference children { givenName }").await;
        assert!(events(stage).await.is_empty());
        assert_eq!(ask("reference label children { givenName familyName }").await, plain + 1);
        assert_eq!(shown(stage).await.len(), 60);
        assert_eq!(events(stage).await.len(), 2, "those of a kind and a class are one row");
    });
}

#[test]
fn a_change_says_what_it_was_and_what_its_answer_shows_is_a_reading() {
    run(async |stage| {
        let (_, home, worker) = scene(stage).await;
        let query = "mutation Renames($input: FamilyUpdateInput!) {
            familyUpdate(input: $input) { family { label } userErrors { code } } }";
        let input = json!({ "clientMutationId": Uuid::now_v7(), "id": id("family", home.id),
            "expectedVersion": 1, "label": "Other" });
        let answer = stage.as_(&worker).query_with(query, json!({ "input": input })).await;
        assert_eq!(answer.data("/familyUpdate/family/label"), "Other", "{}", answer.text);
        let told: Vec<_> = events(stage)
            .await
            .into_iter()
            .map(|event| {
                assert_eq!(event.operation.as_deref(), Some("Renames"));
                assert_eq!(event.entity_ids, home.id.simple().to_string());
                (event.action, event.field_class)
            })
            .collect();
        let expected = [("FAMILY_UPDATE", "RESTRICTED"), ("READ", "PERSONAL")];
        assert_eq!(told, expected.map(|(action, class)| (action.to_owned(), class.to_owned())));
    });
}

#[test]
fn a_trusted_document_is_told_by_its_hash() {
    use hearth::server::documents::Hash;
    run(async |stage| {
        let (_, _, worker) = scene(stage).await;
        let (_, text) = hearth::server::examples::TRUSTED
            .iter()
            .find(|(_, text)| text.contains("query ChildrenPage"))
            .unwrap();
        let hash = Hash::of(text).id();
        let body = json!({ "documentId": hash, "variables": { "first": 5 } });
        let answer = stage.as_(&worker).post(&body).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        let event = events(stage).await.into_iter().next().unwrap();
        assert_eq!(event.operation.as_deref(), Some("ChildrenPage"));
        assert_eq!(event.document.as_deref(), Some(&hash["sha256:".len()..][..16]));
    });
}

#[test]
fn a_trusted_proxy_tells_where_a_request_comes_from() {
    const HEADER: HeaderName = HeaderName::from_static("x-forwarded-for");
    run_with(
        |setup| setup.settings.client_address_header = Some(HEADER.to_string()),
        async |stage| {
            let (_, home, worker) = scene(stage).await;
            let query = format!("{{ family(id: \"{}\") {{ label }} }}", id("family", home.id));
            let body = json!({ "query": query });
            let mut request = wire::post(&worker.token(), wire::GRAPHQL, &body);
            let line = HeaderValue::from_static("203.0.113.9, 198.51.100.7");
            request.headers_mut().insert(HEADER, line);
            stage.send(request).await.data("/family/label");
            assert_eq!(events(stage).await[0].origin.as_deref(), Some("198.51.100.7"));
        },
    );
}

/// Whether an entity holds something personal, and is named by columns that it has.
fn check<E: EntityTrait + Classified>() -> bool {
    let table = E::default().table_name().to_owned();
    let is_personal = E::Column::iter().any(|column| E::class(&column) >= Class::Personal);
    let named = named(&table);
    assert_eq!(is_personal, !named.is_empty() || table == "service" && is_personal, "{table}");
    for (kind, name) in named {
        let column = E::Column::iter().find(|column| column.as_str() == *name);
        let column = column.unwrap_or_else(|| panic!("{table} has no {name} for {kind}"));
        assert_eq!(column.def().get_column_type(), &ColumnType::Uuid, "{table}.{name}");
    }
    is_personal
}

#[test]
fn every_entity_with_something_personal_is_named_in_the_audit() {
    macro_rules! check_all {
        ($($entity:ident),+) => {
            [$(check::<entity::$entity::Entity>()),+].into_iter().filter(|is| *is).count()
        };
    }
    assert!(every_entity!(check_all) >= 26);
}
