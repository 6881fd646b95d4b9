//! Persons as they are recorded and changed: with a family or alone, likeness, versions, names.

use entity::access_grant::{self, GrantBasis};
use entity::membership::Role;
use entity::person_name::{self, NameKind};
use entity::{audit_event, family_member, person};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::world::{Branch, Household, Person, id};
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

const PERSON: &str = "person { id version givenName familyName patronymic sex birthDate \
    birthDatePrecision deathDate disability phone isAddressProtected redactedFields \
    names { kind givenName familyName patronymic since until } \
    identifiers { kind value redactedFields } identityFacts { kind value redactedFields } }";

fn uuid_of(id: &Value) -> Uuid {
    id.as_str().unwrap().split_once('_').unwrap().1.parse().unwrap()
}

fn refusal(code: &str, path: &str) -> (String, String) {
    (code.to_owned(), path.to_owned())
}

async fn search_key(stage: &Stage, id: Uuid) -> String {
    let row = person::Entity::find_by_id(id).one(&stage.database.reader).await.unwrap();
    row.unwrap().search_key
}

fn everything(home: &Household) -> Value {
    json!({
        "givenName": "Марія", "familyName": "Коваленко", "patronymic": "Іванівна",
        "sex": "FEMALE", "birthDate": "2016-03-09", "disability": "None known",
        "phone": "000 111", "isAddressProtected": true, "birthPlace": "Reedtown",
        "familyId": id("family", home.id), "membership": { "role": "CHILD", "since": "2016-03-09" },
        "identifiers": [{ "kind": "CERTIFICATE", "value": "A-1" }, { "kind": "FILE", "value": "7" }],
    })
}

#[test]
#[expect(clippy::too_many_lines, reason = "one story, told at once")]
fn a_member_of_a_family_is_recorded_whole_and_seen_with_the_family() {
    run(async |stage| {
        let own = office(stage).await;
        let client = stage.as_(&own.worker);
        let input = everything(&own.home);
        let made = client.mutate("personCreate", input.clone(), "person { id }");
        let (statements, made) = stage.counted(made).await;
        assert!(statements <= 12, "{statements}: {:#?}", stage.said());
        let person = made.done("/person/id").clone();
        let again = client.mutate("personUpdate", json!({ "id": person, "expectedVersion": 1 }),
            &format!("{PERSON} child {{ id families {{ id }} identityFacts {{ kind value other {{ id }} \
                recordedAt }} }}")).await;
        assert_eq!(again.done("/person/version"), 1, "nothing was changed");
        for (field, value) in [
            ("givenName", "Марія"),
            ("familyName", "Коваленко"),
            ("sex", "FEMALE"),
            ("birthDate", "2016-03-09"),
            ("disability", "None known"),
            ("phone", "000 111"),
        ] {
            assert_eq!(again.done(&format!("/person/{field}")), value);
        }
        assert_eq!(again.done("/person/names/0/kind"), "LEGAL");
        assert_eq!(
            again.done("/person/identifiers/0"),
            &json!({ "kind": "CERTIFICATE", "value": null, "redactedFields": ["value"] })
        );
        assert_eq!(
            again.done("/person/identityFacts"),
            &json!([
            { "kind": "BIRTH_NAME", "value": "Коваленко Марія Іванівна", "redactedFields": [] },
            { "kind": "BIRTH_PLACE", "value": "Reedtown", "redactedFields": [] }])
        );
        assert_eq!(again.done("/child/families/0/id"), &input["familyId"]);
        let reader = &stage.database.reader;
        let grants =
            access_grant::Entity::find().filter(access_grant::Column::PersonId.is_not_null());
        assert!(grants.all(reader).await.unwrap().is_empty());
        let events = audit_event::Entity::find()
            .filter(audit_event::Column::EntityIds.eq(uuid_of(&person).simple().to_string()))
            .order_by_asc(audit_event::Column::Seq);
        assert_eq!(events.one(reader).await.unwrap().unwrap().field_class, "RESTRICTED");
    });
}

#[test]
fn a_person_without_a_family_is_seen_by_its_organisation_alone_until_it_joins_one() {
    run(async |stage| {
        let own = office(stage).await;
        let client = stage.as_(&own.worker);
        let made = Uuid::now_v7();
        let input = json!({ "id": id("child", made), "givenName": "Olha", "birthDate": "2019",
            "isBirthDateEstimated": true });
        let answer =
            client.mutate("personCreate", input, &format!("{PERSON} child {{ id }}")).await;
        assert_eq!(answer.done("/person/id"), &json!(id("person", made)));
        assert_eq!(answer.done("/person/birthDate"), "2019");
        assert_eq!(answer.done("/person/birthDatePrecision"), "ESTIMATED");
        assert_eq!(answer.done("/person/sex"), "UNKNOWN");
        assert_eq!(answer.done("/child"), &Value::Null);
        let grants = access_grant::Entity::find().filter(access_grant::Column::PersonId.eq(made));
        let grants = grants.all(&stage.database.reader).await.unwrap();
        assert_eq!(grants.len(), 1);
        assert_eq!((grants[0].basis, grants[0].source_id), (GrantBasis::Lead, Some(made)));
        let update = json!({ "id": id("person", made), "expectedVersion": 1, "sex": "MALE" });
        let stranger = stage.somebody().await;
        let refused = stage.as_(&stranger).mutate("personUpdate", update.clone(), PERSON).await;
        assert_eq!(refused.refusal(), refusal("NOT_FOUND", "input.id"));
        client.mutate("personUpdate", update, PERSON).await.done("/person/id");
        let join = json!({ "familyId": id("family", own.home.id), "personId": id("child", made),
            "membership": { "role": "CHILD", "since": "2025-02-01" } });
        client.mutate("familyMemberAdd", join, "family { id }").await.done("/family/id");
        let update = json!({ "id": id("child", made), "expectedVersion": 2, "phone": "1" });
        client.mutate("personUpdate", update, PERSON).await.done("/person/id");
    });
}

#[test]
fn a_person_that_looks_like_a_known_one_is_asked_about() {
    run(async |stage| {
        let own = office(stage).await;
        let client = stage.as_(&own.worker);
        let known = client.mutate("personCreate", everything(&own.home), PERSON).await;
        let like =
            json!({ "givenName": "Mariia", "familyName": "Kovalenko", "birthDate": "2016-03-09" });
        let selection = "person { id } userErrors { ... on DuplicateSuspectedError { candidates { \
            score reasons person { id } family { id } } } }";
        let refused = client.mutate("personCreate", like.clone(), selection).await;
        assert_eq!(refused.refusal(), refusal("DUPLICATE_SUSPECTED", "input"));
        let candidate = &refused.user_error()["candidates"][0];
        assert_eq!(candidate["person"]["id"], *known.done("/person/id"));
        assert_eq!(candidate["family"], Value::Null);
        assert!(candidate["score"].as_i64().unwrap() >= 70, "{candidate}");
        assert_eq!(candidate["reasons"], json!(["FAMILY_NAME", "GIVEN_NAME", "BIRTH_DATE"]));
        let mut sure = like.clone();
        sure["confirmedNew"] = json!(true);
        client.mutate("personCreate", sure, PERSON).await.done("/person/id");
        // Whoever may not see the known one isn't told.
        let stranger = stage.somebody().await;
        stage.as_(&stranger).mutate("personCreate", like, PERSON).await.done("/person/id");
    });
}

#[test]
#[expect(clippy::too_many_lines, reason = "one story, told at once")]
fn what_is_sent_is_checked_at_its_place() {
    run(async |stage| {
        let own = office(stage).await;
        let client = stage.as_(&own.worker);
        let long = "x".repeat(201);
        let tomorrow = stage.now().date_naive().succ_opt().unwrap();
        let many: Vec<_> =
            (0..51).map(|no| json!({ "kind": "FILE", "value": no.to_string() })).collect();
        let same = json!({ "kind": "FILE", "value": "1" });
        let family = json!(id("family", own.home.id));
        let member = json!({ "role": "CHILD", "since": "2020-01-01" });
        for (fields, code, path) in [
            (json!({ "givenName": " " }), "REQUIRED", "input.givenName"),
            (json!({ "familyName": "" }), "REQUIRED", "input.familyName"),
            (json!({ "patronymic": long }), "TOO_LONG", "input.patronymic"),
            (json!({ "phone": "1\u{0}" }), "INVALID", "input.phone"),
            (json!({ "disability": long }), "TOO_LONG", "input.disability"),
            (json!({ "birthPlace": "" }), "REQUIRED", "input.birthPlace"),
            (json!({ "birthDate": "1899" }), "OUT_OF_RANGE", "input.birthDate"),
            (json!({ "birthDate": tomorrow }), "OUT_OF_RANGE", "input.birthDate"),
            (json!({ "isBirthDateEstimated": true }), "REQUIRED", "input.birthDate"),
            (json!({ "deathDate": tomorrow }), "OUT_OF_RANGE", "input.deathDate"),
            (
                json!({ "birthDate": "2020-02", "deathDate": "2020-01-31" }),
                "OUT_OF_RANGE",
                "input.deathDate",
            ),
            (json!({ "identifiers": many }), "TOO_MANY_ITEMS", "input.identifiers"),
            (json!({ "identifiers": [same, same] }), "INVALID", "input.identifiers"),
            (
                json!({ "identifiers": [{ "kind": "FILE", "value": "" }] }),
                "REQUIRED",
                "input.identifiers.0.value",
            ),
            (json!({ "familyId": family }), "REQUIRED", "input.membership"),
            (json!({ "membership": member }), "REQUIRED", "input.familyId"),
            (
                json!({ "familyId": id("family", Uuid::nil()), "membership": member }),
                "NOT_FOUND",
                "input.familyId",
            ),
            (
                json!({ "familyId": family, "membership": member, "birthDate": "2021-01-01" }),
                "OUT_OF_RANGE",
                "input.membership.since",
            ),
            (
                json!({ "familyId": family, "membership": member, "birthDate": "1990", "deathDate": "2019-01-01" }),
                "OUT_OF_RANGE",
                "input.membership.since",
            ),
            (
                json!({ "familyId": family, "membership": { "role": "CHILD", "since": tomorrow } }),
                "OUT_OF_RANGE",
                "input.membership.since",
            ),
            (json!({ "id": id("person", own.home.child) }), "ALREADY_EXISTS", "input"),
        ] {
            let mut input = fields.clone();
            if fields.get("givenName").is_none() {
                input["givenName"] = json!("Olha");
            }
            let refused = client.mutate("personCreate", input, PERSON).await;
            assert_eq!(refused.refusal(), refusal(code, path), "{fields}");
        }
        let wrong =
            client.mutate("personCreate", json!({ "id": family, "givenName": "Y" }), PERSON).await;
        assert_eq!(wrong.code(), "BAD_USER_INPUT");
        let rows = person::Entity::find().all(&stage.database.reader).await.unwrap();
        assert_eq!(rows.len(), 2, "nothing was recorded");
    });
}

#[test]
fn the_same_request_is_done_once() {
    run(async |stage| {
        let own = office(stage).await;
        let client = stage.as_(&own.worker);
        let key = Uuid::now_v7();
        let first = client.mutate_as(key, "personCreate", everything(&own.home), PERSON).await;
        let again = client.mutate_as(key, "personCreate", everything(&own.home), PERSON).await;
        assert!(again.replayed());
        assert_eq!(again.done("/person/id"), first.done("/person/id"));
        let other =
            client.mutate_as(key, "personCreate", json!({ "givenName": "Z" }), PERSON).await;
        assert_eq!(other.refusal().0, "IDEMPOTENCY_KEY_REUSED");
        let members = family_member::Entity::find().all(&stage.database.reader).await.unwrap();
        assert_eq!(members.len(), 3);
    });
}

#[test]
fn of_two_changes_on_one_version_the_second_is_told_what_is_there_now() {
    run(async |stage| {
        let own = office(stage).await;
        let other = stage.worker(&own.branch, Role::Caseworker).await;
        let change = |phone: &str| {
            json!({ "id": id("child", own.home.child), "expectedVersion": 1, "phone": phone,
                "givenName": "GivenX" })
        };
        let first = stage.as_(&own.worker).mutate("personUpdate", change("1"), PERSON).await;
        assert_eq!(first.done("/person/version"), 2);
        let second = stage.as_(&other).mutate("personUpdate", change("2"), PERSON).await;
        let error = second.user_error();
        assert_eq!(error["__typename"], "VersionConflictError");
        assert_eq!(error["currentVersion"], 2);
        assert_eq!(error["conflictingFields"], json!(["phone"]));
        assert_eq!(error["current"], json!({ "id": id("person", own.home.child), "version": 2 }));
    });
}

async fn renamed(client: &Client<'_>, person: Uuid, version: i32, name: &str) -> Value {
    let input =
        json!({ "id": id("person", person), "expectedVersion": version, "familyName": name });
    client.mutate("personUpdate", input, PERSON).await.done("/person").clone()
}

#[test]
fn a_new_name_ends_the_former_and_both_find_the_person() {
    run(async |stage| {
        let own = office(stage).await;
        let client = stage.as_(&own.worker);
        let today = stage.now().date_naive();
        let made = client.mutate("personCreate", everything(&own.home), PERSON).await;
        let person = uuid_of(made.done("/person/id"));
        let input = json!({ "id": id("person", person), "expectedVersion": 1, "familyName": "Bondar",
            "birthDate": "2016-03", "deathDate": today, "phone": "2" });
        let update = client.mutate("personUpdate", input, "person { id }");
        let (statements, update) = stage.counted(update).await;
        update.done("/person/id");
        assert!(statements <= 12, "{statements}: {:#?}", stage.said());
        // Twice on one day, and a third time.
        renamed(&client, person, 2, "Melnyk").await;
        let last = renamed(&client, person, 3, "Tkachuk").await;
        assert_eq!(last["familyName"], "Tkachuk");
        let facts = &last["identityFacts"];
        assert_eq!(facts[0]["value"], "Коваленко Марія Іванівна", "the ledger stays");
        let names = person_name::Entity::find().filter(person_name::Column::PersonId.eq(person));
        let names = names.all(&stage.database.reader).await.unwrap();
        let borne =
            |family: &str| names.iter().find(|name| name.family_name.as_deref() == Some(family));
        let days = |family: &str| borne(family).map(|name| (name.since, name.until)).unwrap();
        assert_eq!(names.len(), 4);
        assert!(names.iter().all(|name| name.kind == NameKind::Legal));
        assert_eq!(days("Коваленко"), (None, Some(today)));
        assert_eq!(days("Bondar"), (Some(today), today.succ_opt()));
        assert_eq!(days("Tkachuk"), (Some(today), None));
        let key = search_key(stage, person).await;
        for name in ["Kovalenko", "Bondar", "Melnyk", "Tkachuk", "Maria"] {
            let word = &hearth::casework::search::fold::words(name)[0];
            assert!(key.contains(&format!(" {word} ")), "{name} in {key}");
        }
        // A name that was never a row of its own is kept as well.
        let child = renamed(&client, own.home.child, 1, "Later").await;
        assert_eq!(child["names"].as_array().unwrap().len(), 2);
        let former = child["names"][1]["familyName"].as_str().unwrap();
        let word = &hearth::casework::search::fold::words(former)[0];
        let key = search_key(stage, own.home.child).await;
        assert!(key.contains(&format!(" {word} ")), "the former one, {word}, in {key}");
    });
}

#[test]
#[expect(clippy::too_many_lines, reason = "one story, told at once")]
fn omitted_stays_null_clears_and_what_must_be_there_is_asked_for() {
    run(async |stage| {
        let own = office(stage).await;
        let client = stage.as_(&own.worker);
        let update = |version: i32, fields: Value| {
            let mut input =
                json!({ "id": id("child", own.home.child), "expectedVersion": version });
            input.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
            input
        };
        let cleared = json!({ "patronymic": null, "disability": null, "birthDate": null });
        let cleared = client.mutate("personUpdate", update(1, cleared), PERSON).await;
        for field in ["patronymic", "disability", "birthDate", "birthDatePrecision"] {
            assert_eq!(cleared.done(&format!("/person/{field}")), &Value::Null);
        }
        assert_eq!(cleared.done("/person/phone"), "Phone X");
        for field in ["givenName", "sex", "isBirthDateEstimated", "isAddressProtected"] {
            let refused =
                client.mutate("personUpdate", update(2, json!({ field: null })), PERSON).await;
            assert_eq!(refused.refusal(), refusal("REQUIRED", &format!("input.{field}")));
        }
        let tomorrow = stage.now().date_naive().succ_opt().unwrap();
        for (fields, code, path) in [
            (json!({ "familyName": " " }), "REQUIRED", "input.familyName"),
            (json!({ "isBirthDateEstimated": true }), "REQUIRED", "input.birthDate"),
            (json!({ "birthDate": tomorrow }), "OUT_OF_RANGE", "input.birthDate"),
            // The child joined the family on the first day of 2025.
            (json!({ "birthDate": "2025-01-02" }), "OUT_OF_RANGE", "input.birthDate"),
            (json!({ "deathDate": "2024-12-31" }), "OUT_OF_RANGE", "input.deathDate"),
            (
                json!({ "birthDate": "2024-06-01", "deathDate": "2024-05-01" }),
                "OUT_OF_RANGE",
                "input.deathDate",
            ),
        ] {
            let refused = client.mutate("personUpdate", update(2, fields.clone()), PERSON).await;
            assert_eq!(refused.refusal(), refusal(code, path), "{fields}");
        }
        let known = json!({ "birthDate": "2018-05", "isBirthDateEstimated": true });
        let known = client.mutate("personUpdate", update(2, known), PERSON).await;
        assert_eq!(known.done("/person/birthDatePrecision"), "ESTIMATED");
        let sure = update(3, json!({ "isBirthDateEstimated": false }));
        let sure = client.mutate("personUpdate", sure, PERSON).await;
        assert_eq!(sure.done("/person/birthDatePrecision"), "YEAR");
        let exact =
            client.mutate("personUpdate", update(4, json!({ "birthDate": "2018-05-04" })), PERSON);
        assert_eq!(exact.await.done("/person/birthDate"), "2018-05-04");
    });
}
