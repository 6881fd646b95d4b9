//! What is recorded of persons: further names, the ledger of identity, relationships, legal status;
//! and who may record it.

use chrono::NaiveDate;
use entity::access_grant::{AccessLevel, GrantBasis};
use entity::membership::Role;
use entity::{decision, identity_fact, person};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::world::{Branch, Household, Person, START, id};
use crate::harness::{Client, Stage, run};

struct Office {
    branch: Branch,
    worker: Person,
    home: Household,
}

async fn office(stage: &Stage) -> Office {
    let area = stage.area("Area", None).await;
    let office = stage.organisation("Office", None).await;
    let worker = stage.worker(&office, Role::Caseworker).await;
    let home = stage.household(&office, &area, "X").await;
    Office { branch: office, worker, home }
}

fn refusal(code: &str, path: &str) -> (String, String) {
    (code.to_owned(), path.to_owned())
}

/// Sends a mutation about the child of a home.
async fn refused(client: &Client<'_>, mutation: &str, input: Value) -> (String, String) {
    client.mutate(mutation, input, "person { id }").await.refusal()
}

/// An input about a person, with further fields.
fn about(person: Uuid, fields: &Value) -> Value {
    let mut input = json!({ "personId": id("child", person) });
    input.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    input
}

#[test]
#[expect(clippy::too_many_lines, reason = "one story, told at once")]
fn a_person_is_found_by_each_further_name() {
    run(async |stage| {
        let own = office(stage).await;
        let client = stage.as_(&own.worker);
        let child = own.home.child;
        let add = |fields: Value| about(child, &fields);
        let alias = json!({ "kind": "ALIAS", "givenName": "Zirka", "since": "2019-01-01",
            "until": "2020-01-01" });
        let names = "person { version names { kind givenName since until } }";
        let (statements, added) = stage
            .counted(client.mutate("personNameAdd", add(alias.clone()), "person { version }"))
            .await;
        assert!(statements <= 12, "{statements}: {:#?}", stage.said());
        assert_eq!(added.done("/person/version"), 2);
        let birth = json!({ "kind": "BIRTH", "givenName": "Nova", "familyName": "First" });
        let added = client.mutate("personNameAdd", add(birth), names).await;
        assert_eq!(
            added.done("/person/names/0"),
            &json!({ "kind": "ALIAS", "givenName": "Zirka",
            "since": "2019-01-01", "until": "2020-01-01" })
        );
        let row = person::Entity::find_by_id(child).one(&stage.database.reader).await.unwrap();
        let key = row.unwrap().search_key;
        for name in ["Zirka", "Nova", "First", "GivenX"] {
            let word = &hearth::casework::search::fold::words(name)[0];
            assert!(key.contains(&format!(" {word} ")), "{name} in {key}");
        }
        for (fields, code, path) in [
            (alias, "ALREADY_EXISTS", "input"),
            (json!({ "kind": "BIRTH", "givenName": "Other" }), "ALREADY_EXISTS", "input.kind"),
            (json!({ "kind": "LEGAL", "givenName": "Other" }), "INVALID", "input.kind"),
            (json!({ "kind": "ALIAS", "givenName": "" }), "REQUIRED", "input.givenName"),
            (
                json!({ "kind": "ALIAS", "givenName": "A", "since": "2999-01-01" }),
                "OUT_OF_RANGE",
                "input.since",
            ),
            (
                json!({ "kind": "ALIAS", "givenName": "A", "since": "2018-03-08" }),
                "OUT_OF_RANGE",
                "input.since",
            ),
            (
                json!({ "kind": "ALIAS", "givenName": "A", "since": "2020-01-01", "until": "2020-01-01" }),
                "OUT_OF_RANGE",
                "input.until",
            ),
            (
                json!({ "kind": "ALIAS", "givenName": "A", "until": "2999-01-01" }),
                "OUT_OF_RANGE",
                "input.until",
            ),
        ] {
            assert_eq!(
                refused(&client, "personNameAdd", add(fields.clone())).await,
                refusal(code, path),
                "{fields}"
            );
        }
    });
}

#[test]
#[expect(clippy::too_many_lines, reason = "one story, told at once")]
fn identity_is_registered_once_and_shown_to_those_who_see_in_full() {
    run(async |stage| {
        let own = office(stage).await;
        let client = stage.as_(&own.worker);
        let (child, parent) = (own.home.child, id("person", own.home.parent));
        let add = |fields: Value| about(child, &fields);
        for fields in [
            json!({ "kind": "BIRTH_NAME", "value": "First Nova" }),
            json!({ "kind": "BIRTH_PLACE", "value": "Reedtown" }),
            json!({ "kind": "PARENT", "otherPersonId": parent }),
            json!({ "kind": "SIBLING", "value": "Ihor" }),
        ] {
            let added = client.mutate("identityFactAdd", add(fields), "person { id }");
            let (statements, added) = stage.counted(added).await;
            added.done("/person/id");
            assert!(statements <= 12, "{statements}: {:#?}", stage.said());
        }
        for (fields, code, path) in [
            (json!({ "kind": "BIRTH_NAME", "value": "Second" }), "ALREADY_EXISTS", "input.kind"),
            (json!({ "kind": "BIRTH_PLACE", "value": "Second" }), "ALREADY_EXISTS", "input.kind"),
            (json!({ "kind": "PARENT", "otherPersonId": parent }), "ALREADY_EXISTS", "input.kind"),
            (json!({ "kind": "SIBLING", "value": "Ihor" }), "ALREADY_EXISTS", "input.kind"),
            (json!({ "kind": "BIRTH_NAME" }), "REQUIRED", "input.value"),
            (
                json!({ "kind": "BIRTH_NAME", "value": "A", "otherPersonId": parent }),
                "INVALID",
                "input.otherPersonId",
            ),
            (json!({ "kind": "PARENT" }), "REQUIRED", "input.otherPersonId"),
            (json!({ "kind": "PARENT", "value": " " }), "REQUIRED", "input.value"),
            (
                json!({ "kind": "PARENT", "otherPersonId": id("person", child) }),
                "INVALID",
                "input.otherPersonId",
            ),
            (
                json!({ "kind": "PARENT", "otherPersonId": id("person", Uuid::nil()) }),
                "NOT_FOUND",
                "input.otherPersonId",
            ),
        ] {
            assert_eq!(
                refused(&client, "identityFactAdd", add(fields.clone())).await,
                refusal(code, path),
                "{fields}"
            );
        }
        let query = format!(
            "{{ child(id: \"{}\") {{ identityFacts {{ kind value other {{ id }} \
            redactedFields }} }} }}",
            id("child", child)
        );
        let facts = client.query(&query).await;
        assert_eq!(
            facts.data("/child/identityFacts/2"),
            &json!({ "kind": "PARENT", "value": null,
            "other": { "id": parent }, "redactedFields": [] })
        );
        let partner = stage.organisation("Partner", None).await;
        let reader = stage.worker(&partner, Role::Caseworker).await;
        let level = AccessLevel::Summary;
        stage.grant(&partner, own.home.id, level, GrantBasis::Statute, own.home.id).await;
        let facts = stage.as_(&reader).query(&query).await;
        assert_eq!(
            facts.data("/child/identityFacts/2"),
            &json!({ "kind": "PARENT", "value": null,
            "other": null, "redactedFields": ["value", "other"] })
        );
        assert_eq!(facts.data("/child/identityFacts/1/value"), &Value::Null);
    });
}

#[test]
fn the_ledger_can_not_be_changed_in_the_tables_either() {
    run(async |stage| {
        let own = office(stage).await;
        let fact = identity_fact::Model {
            id: Uuid::now_v7(),
            person_id: own.home.child,
            kind: identity_fact::IdentityFactKind::BirthPlace,
            value: Some("Reedtown".to_owned()),
            other_id: None,
            recorded_at: stage.now(),
            recorded_by: None,
        };
        stage.put(identity_fact::ActiveModel::from(fact.clone())).await;
        let writer = &stage.database.writer;
        let update = identity_fact::Entity::update_many()
            .col_expr(identity_fact::Column::Value, Expr::val("Elsewhere"))
            .exec(writer)
            .await;
        assert!(update.unwrap_err().to_string().contains("append-only"));
        let delete = identity_fact::Entity::delete_by_id(fact.id).exec(writer).await;
        assert!(delete.unwrap_err().to_string().contains("append-only"));
        let replace = writer.execute_unprepared("delete from identity_fact").await;
        assert!(replace.unwrap_err().to_string().contains("append-only"));
        let kept = identity_fact::Entity::find_by_id(fact.id).one(writer).await.unwrap();
        assert_eq!(kept, Some(fact));
    });
}

#[test]
#[expect(clippy::too_many_lines, reason = "one story, told at once")]
fn relationships_of_the_same_two_do_not_repeat_and_end() {
    run(async |stage| {
        let own = office(stage).await;
        let client = stage.as_(&own.worker);
        let (child, parent) = (own.home.child, own.home.parent);
        let add = |one: Uuid, other: Uuid, fields: Value| {
            let mut input = about(one, &fields);
            input["otherId"] = json!(id("person", other));
            input
        };
        let selection = "person { relationships { id kind isForward since until } }";
        let sibling = add(child, parent, json!({ "kind": "SIBLING_OF" }));
        let (statements, added) =
            stage.counted(client.mutate("relationshipAdd", sibling.clone(), "person { id }")).await;
        assert!(statements <= 12, "{statements}: {:#?}", stage.said());
        assert_eq!(added.done("/person/id"), &json!(id("person", child)));
        let parent_of = add(parent, child, json!({ "kind": "PARENT_OF", "since": "2025-03-09" }));
        let added = client.mutate("relationshipAdd", parent_of.clone(), selection).await;
        assert_eq!(added.done("/person/relationships").as_array().unwrap().len(), 2);
        let of_kind = |kind: &str| {
            let all = added.done("/person/relationships").as_array().unwrap();
            all.iter().find(|one| one["kind"] == kind).unwrap()["id"].clone()
        };
        let (sibling_id, parent_id) = (of_kind("SIBLING_OF"), of_kind("PARENT_OF"));
        let nobody = Uuid::nil();
        for (input, code, path) in [
            (sibling, "ALREADY_EXISTS", "input.kind"),
            (add(parent, child, json!({ "kind": "SIBLING_OF" })), "ALREADY_EXISTS", "input.kind"),
            (parent_of, "ALREADY_EXISTS", "input.kind"),
            (add(child, child, json!({ "kind": "OTHER" })), "INVALID", "input.otherId"),
            (add(child, nobody, json!({ "kind": "OTHER" })), "NOT_FOUND", "input.otherId"),
            (add(nobody, child, json!({ "kind": "OTHER" })), "NOT_FOUND", "input.personId"),
            (
                add(child, parent, json!({ "kind": "OTHER", "since": "2999-01-01" })),
                "OUT_OF_RANGE",
                "input.since",
            ),
            (
                add(child, parent, json!({ "kind": "OTHER", "since": "2018-03-08" })),
                "OUT_OF_RANGE",
                "input.since",
            ),
            (
                add(
                    child,
                    parent,
                    json!({ "kind": "OTHER", "since": "2025-03-09", "until": "2025-03-09" }),
                ),
                "OUT_OF_RANGE",
                "input.until",
            ),
        ] {
            assert_eq!(
                refused(&client, "relationshipAdd", input.clone()).await,
                refusal(code, path),
                "{input}"
            );
        }
        let end = |person: Uuid, relationship: &Value, until: &str| {
            about(person, &json!({ "relationshipId": relationship, "until": until }))
        };
        let other = stage
            .member(own.home.id, entity::family_member::MemberRole::Relative, "Y", START)
            .await;
        for (input, code, path) in [
            (end(child, &parent_id, "2025-03-09"), "OUT_OF_RANGE", "input.until"),
            (end(child, &parent_id, "2999-01-01"), "OUT_OF_RANGE", "input.until"),
            (end(other, &parent_id, "2025-06-01"), "NOT_FOUND", "input.relationshipId"),
            (
                end(child, &json!(id("relationship", nobody)), "2025-06-01"),
                "NOT_FOUND",
                "input.relationshipId",
            ),
        ] {
            assert_eq!(
                refused(&client, "relationshipEnd", input.clone()).await,
                refusal(code, path),
                "{input}"
            );
        }
        let ended = end(parent, &sibling_id, "2025-06-01");
        let (statements, ended) =
            stage.counted(client.mutate("relationshipEnd", ended, "person { id }")).await;
        ended.done("/person/id");
        assert!(statements <= 12, "{statements}: {:#?}", stage.said());
        let again =
            refused(&client, "relationshipEnd", end(child, &sibling_id, "2025-06-02")).await;
        assert_eq!(again, refusal("INVALID_STATE_TRANSITION", "input.relationshipId"));
        let later = add(parent, child, json!({ "kind": "SIBLING_OF", "since": "2025-06-01" }));
        client.mutate("relationshipAdd", later, selection).await.done("/person/relationships");
    });
}

async fn decided(stage: &Stage, own: &Office, family: Option<Uuid>, person: Option<Uuid>) -> Value {
    let row = decision::ActiveModel {
        id: Set(Uuid::now_v7()),
        body_id: Set(own.branch.id),
        family_id: Set(family),
        person_id: Set(person),
        kind: Set("STATUS".to_owned()),
        number: Set("7".to_owned()),
        decided_on: Set(START),
        recorded_at: Set(stage.now()),
        ..Default::default()
    };
    let made = row.id.clone().unwrap();
    stage.put(row).await;
    json!(id("decision", made))
}

#[test]
#[expect(clippy::too_many_lines, reason = "one story, told at once")]
fn a_legal_status_ends_the_one_in_force_and_follows_from_a_decision() {
    run(async |stage| {
        let own = office(stage).await;
        let client = stage.as_(&own.worker);
        let child = own.home.child;
        let record = |status: &str, since: &str, decision: Value| {
            about(child, &json!({ "status": status, "since": since, "decisionId": decision }))
        };
        let of_child = decided(stage, &own, None, Some(child)).await;
        let of_family = decided(stage, &own, Some(own.home.id), None).await;
        let of_parent = decided(stage, &own, None, Some(own.home.parent)).await;
        let selection =
            "child { legalStatus legalStatuses { status since until decision { id } } }";
        let first = record("PARENTAL_CARE", "2018-03-09", Value::Null);
        client.mutate("legalStatusRecord", first, selection).await.done("/child/legalStatus");
        let second = record("WITHOUT_PARENTAL_CARE", "2025-02-01", of_family.clone());
        let (statements, done) =
            stage.counted(client.mutate("legalStatusRecord", second, "person { id }")).await;
        done.done("/person/id");
        assert!(statements <= 12, "{statements}: {:#?}", stage.said());
        for (input, code, path) in [
            (
                record("WITHOUT_PARENTAL_CARE", "2025-03-01", of_child.clone()),
                "ALREADY_EXISTS",
                "input.status",
            ),
            (record("FOSTER", "2025-02-01", of_child.clone()), "OUT_OF_RANGE", "input.since"),
            (record("FOSTER", "2018-03-08", of_child.clone()), "OUT_OF_RANGE", "input.since"),
            (record("FOSTER", "2999-01-01", of_child.clone()), "OUT_OF_RANGE", "input.since"),
            (record("FOSTER", "2025-03-01", of_parent), "NOT_FOUND", "input.decisionId"),
            (record("ORPHAN", "2025-03-01", Value::Null), "DEPENDENCY_FAILED", "input.decisionId"),
            (
                record("GUARDIANSHIP", "2025-03-01", Value::Null),
                "DEPENDENCY_FAILED",
                "input.decisionId",
            ),
            (record("FOSTER", "2025-03-01", Value::Null), "DEPENDENCY_FAILED", "input.decisionId"),
            (record("ADOPTED", "2025-03-01", Value::Null), "DEPENDENCY_FAILED", "input.decisionId"),
        ] {
            assert_eq!(
                refused(&client, "legalStatusRecord", input.clone()).await,
                refusal(code, path),
                "{input}"
            );
        }
        let third = record("FOSTER", "2025-03-01", of_child.clone());
        let done = client.mutate("legalStatusRecord", third, selection).await;
        assert_eq!(
            done.done("/child"),
            &json!({ "legalStatus": "FOSTER", "legalStatuses": [
            { "status": "FOSTER", "since": "2025-03-01", "until": null, "decision": { "id": of_child } },
            { "status": "WITHOUT_PARENTAL_CARE", "since": "2025-02-01", "until": "2025-03-01",
                "decision": { "id": of_family } },
            { "status": "PARENTAL_CARE", "since": "2018-03-09", "until": "2025-02-01", "decision": null },
        ] })
        );
    });
}

/// Every mutation of a person, about this one.
fn all(person: Uuid, other: Uuid) -> [(&'static str, Value, &'static str); 8] {
    let about = |fields: Value| about(person, &fields);
    [
        (
            "personUpdate",
            json!({ "id": id("child", person), "expectedVersion": 1, "phone": "1" }),
            "input.id",
        ),
        ("personNameAdd", about(json!({ "kind": "ALIAS", "givenName": "A" })), "input.personId"),
        ("identifierAdd", about(json!({ "kind": "SCHOOL", "value": "1" })), "input.personId"),
        (
            "identifierVoid",
            about(json!({ "identifierId": id("identifier", other), "reason": "So." })),
            "input.personId",
        ),
        ("identityFactAdd", about(json!({ "kind": "SIBLING", "value": "B" })), "input.personId"),
        (
            "relationshipAdd",
            about(json!({ "otherId": id("person", other), "kind": "OTHER" })),
            "input.personId",
        ),
        (
            "relationshipEnd",
            about(json!({ "relationshipId": id("relationship", other), "until": "2025-06-01" })),
            "input.personId",
        ),
        (
            "legalStatusRecord",
            about(json!({ "status": "UNKNOWN", "since": "2025-06-01" })),
            "input.personId",
        ),
    ]
}

#[test]
#[expect(clippy::too_many_lines, reason = "one story, told at once")]
fn what_is_hidden_or_merged_is_not_found_and_what_a_role_never_does_is_forbidden() {
    run(async |stage| {
        let own = office(stage).await;
        let (child, parent) = (own.home.child, own.home.parent);
        let stranger = stage.somebody().await;
        let theirs = stage.person("Z", NaiveDate::from_ymd_opt(2000, 1, 1).unwrap()).await;
        let office = Branch { id: stranger.organisation, path: String::new() };
        let (full, lead) = (AccessLevel::Full, GrantBasis::Lead);
        stage.grant_until(&office, None, Some(theirs), full, lead, theirs, None).await;
        // A summary is not enough to write.
        stage.grant(&office, own.home.id, AccessLevel::Summary, GrantBasis::Statute, child).await;
        let elsewhere = stage.as_(&stranger);
        for (mutation, input, path) in all(child, theirs) {
            assert_eq!(refused(&elsewhere, mutation, input).await, refusal("NOT_FOUND", path));
        }
        for (mutation, fields) in [
            ("relationshipAdd", json!({ "otherId": id("person", child), "kind": "OTHER" })),
            ("identityFactAdd", json!({ "otherPersonId": id("person", child), "kind": "PARENT" })),
        ] {
            let found = refused(&elsewhere, mutation, about(theirs, &fields)).await;
            assert_eq!(found.0, "NOT_FOUND");
            assert_ne!(found.1, "input.personId");
        }
        for role in [Role::NgoWorker, Role::CentreStaff, Role::Analyst, Role::AreaCoordinator] {
            let other = stage.worker(&own.branch, role).await;
            let other = stage.as_(&other);
            let create = ("personCreate", json!({ "givenName": "A" }), "");
            for (mutation, input, _) in all(child, parent).into_iter().chain([create]) {
                let answer = other.mutate(mutation, input, "person { id }").await;
                assert_eq!(answer.code(), "FORBIDDEN", "{role:?} {mutation}");
            }
        }
        person::Entity::update_many()
            .col_expr(person::Column::MergedIntoId, Expr::val(parent))
            .filter(person::Column::Id.eq(child))
            .exec(&stage.database.writer)
            .await
            .unwrap();
        let client = stage.as_(&own.worker);
        for (mutation, input, path) in all(child, parent) {
            assert_eq!(refused(&client, mutation, input).await, refusal("NOT_FOUND", path));
        }
        let join = json!({ "familyId": id("family", own.home.id), "personId": id("child", child),
            "membership": { "role": "CHILD", "since": "2025-06-01" } });
        let subject = entity::register::RegisterSubject::Person;
        let register = stage.register("CHILDREN", subject, true).await;
        let enter = json!({ "registerId": id("register", register), "grounds": "NEGLECT",
            "personId": id("child", child), "since": "2025-06-01",
            "decisionId": id("decision", Uuid::now_v7()) });
        let entered = client.mutate("registerEnter", enter, "entry { id }").await;
        assert_eq!(entered.refusal(), refusal("NOT_FOUND", "input.personId"));
        let joined = client.mutate("familyMemberAdd", join, "family { id }").await;
        assert_eq!(joined.refusal(), refusal("NOT_FOUND", "input.personId"));
    });
}
