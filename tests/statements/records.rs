//! What is recorded of families and persons, in registers and of decisions.

use entity::access_grant::{AccessLevel, GrantBasis};
use entity::legal_status::{self, LegalStatusKind};
use entity::person_name::{self, NameKind};
use entity::register::RegisterSubject;
use entity::relationship::{self, RelationshipKind};
use entity::{family_member, register_entry};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Act, Ground};
use crate::harness::world::{Household, START, id};

pub async fn acts(ground: &Ground<'_>) -> Vec<Act> {
    let mut acts = families(ground).await;
    acts.extend(members(ground).await);
    acts.extend(persons(ground).await);
    acts.extend(facts(ground).await);
    acts.extend(relations(ground).await);
    acts.extend(registers(ground).await);
    acts
}

async fn families(ground: &Ground<'_>) -> Vec<Act> {
    let new = json!({ "id": id("family", Uuid::now_v7()), "label": "Kovalenko",
        "areaId": id("area", ground.area.id), "address": "Mill street 5",
        "characteristics": ["DISPLACED", "LARGE_FAMILY"] });
    let far = ground.stage.area("Far", None).await;
    let home = ground.home().await;
    let moved = json!({ "id": id("family", home.id), "expectedVersion": 1, "label": "Moved",
        "areaId": id("area", far.id), "moveDecisionId": ground.decision(&home).await,
        "characteristics": ["DISPLACED"], "isAddressProtected": false,
        "address": "Field street 1" });
    let home = ground.home().await;
    let shown = json!({ "id": id("family", home.id), "expectedVersion": 1, "label": "Moved",
        "areaId": id("area", far.id), "moveDecisionId": ground.decision(&home).await,
        "characteristics": ["DISPLACED"], "isAddressProtected": false });
    let shown = Act::new("familyUpdate", "the same, which shows its address", &ground.boss, shown);
    vec![
        Act::new("familyCreate", "compared with those known", &ground.worker, new),
        Act::new("familyUpdate", "moved by a decision, all changed", &ground.boss, moved),
        Act { scopes: &["restricted:read"], ..shown },
    ]
}

async fn members(ground: &Ground<'_>) -> Vec<Act> {
    let stage = ground.stage;
    let home = ground.home().await;
    let alone = stage.person(ground.canary, START).await;
    let (level, basis) = (AccessLevel::Full, GrantBasis::Lead);
    stage.grant_until(&ground.office, None, Some(alone), level, basis, alone, None).await;
    let membership = json!({ "id": id("member", Uuid::now_v7()), "role": "CHILD",
        "since": "2025-03-01", "until": ground.day(0), "livesHere": true });
    let added = json!({ "familyId": id("family", home.id), "personId": id("child", alone),
        "membership": membership });
    let member = family_member::Entity::find()
        .filter(family_member::Column::PersonId.eq(home.child))
        .one(&stage.database.reader)
        .await
        .unwrap()
        .unwrap();
    let ended = json!({ "familyId": id("family", home.id), "memberId": id("member", member.id),
        "until": ground.day(0) });
    vec![
        Act::new("familyMemberAdd", "of somebody recorded alone", &ground.worker, added),
        Act::new("familyMemberEnd", "as of today", &ground.worker, ended),
    ]
}

fn everything(ground: &Ground<'_>, given_name: &str) -> Value {
    json!({ "id": id("person", Uuid::now_v7()), "givenName": given_name,
        "familyName": "Kovalenko", "patronymic": "Ivanivna", "sex": "FEMALE",
        "birthDate": "2016-03-09", "isBirthDateEstimated": true, "deathDate": ground.day(-1),
        "disability": "None known", "phone": "000 111", "isAddressProtected": true,
        "birthPlace": "Reedtown",
        "identifiers": [{ "kind": "PASS", "value": "A-1" }, { "kind": "FILE", "value": "7" }] })
}

async fn persons(ground: &Ground<'_>) -> Vec<Act> {
    let home = ground.home().await;
    let mut member = everything(ground, "Maria");
    member["familyId"] = json!(id("family", home.id));
    member["membership"] = json!({ "id": id("member", Uuid::now_v7()), "role": "CHILD",
        "since": "2016-03-09", "until": ground.day(0) });
    let legal = person_name::ActiveModel {
        id: Set(Uuid::now_v7()),
        person_id: Set(home.child),
        kind: Set(NameKind::Legal),
        given_name: Set(format!("Given{}", ground.canary)),
        recorded_at: Set(ground.stage.now()),
        ..Default::default()
    };
    ground.stage.put(legal).await;
    let changed = json!({ "id": id("child", home.child), "expectedVersion": 1,
        "givenName": "Olha", "familyName": "Bondar", "patronymic": "Petrivna", "sex": "MALE",
        "birthDate": "2018-03", "isBirthDateEstimated": false, "deathDate": ground.day(0),
        "disability": "Hearing", "phone": "2", "isAddressProtected": true });
    vec![
        Act::new("personCreate", "as a member, compared", &ground.worker, member),
        Act::new("personCreate", "alone, compared", &ground.worker, everything(ground, "Daryna")),
        Act::new("personUpdate", "another name and life", &ground.worker, changed),
    ]
}

async fn facts(ground: &Ground<'_>) -> Vec<Act> {
    let home = ground.home().await;
    let named = json!({ "personId": id("child", home.child), "kind": "ALIAS",
        "givenName": "Zirka", "familyName": "Nova", "patronymic": "Ivanivna",
        "since": "2019-01-01", "until": "2020-01-01" });
    let known = json!({ "personId": id("child", home.child), "kind": "PARENT",
        "value": "Ihor", "otherPersonId": id("person", home.parent) });
    let in_force = legal_status::ActiveModel {
        id: Set(Uuid::now_v7()),
        person_id: Set(home.child),
        status: Set(LegalStatusKind::ParentalCare),
        since: Set(START),
        recorded_at: Set(ground.stage.now()),
        ..Default::default()
    };
    ground.stage.put(in_force).await;
    let status = json!({ "id": id("legalstatus", Uuid::now_v7()), "personId": id("child", home.child),
        "status": "WITHOUT_PARENTAL_CARE", "since": "2025-02-01",
        "decisionId": ground.decision(&home).await });
    let number = json!({ "personId": id("child", home.child), "kind": "SCHOOL", "value": "17" });
    let identifier = ground.stage.identifier(home.child, "SCHOOL", "16").await;
    let wrong = json!({ "personId": id("child", home.child), "reason": "Another child's.",
        "identifierId": id("identifier", identifier) });
    vec![
        Act::new("identifierAdd", "beside another of its kind", &ground.worker, number),
        Act::new("identifierVoid", "with a reason", &ground.worker, wrong),
        Act::new("personNameAdd", "with its days", &ground.worker, named),
        Act::new("identityFactAdd", "about another person", &ground.worker, known),
        Act::new("legalStatusRecord", "after another, by a decision", &ground.worker, status),
    ]
}

async fn relations(ground: &Ground<'_>) -> Vec<Act> {
    let Household { parent, child, .. } = ground.home().await;
    let relationship = Uuid::now_v7();
    let row = relationship::ActiveModel {
        id: Set(relationship),
        person_id: Set(parent),
        other_id: Set(child),
        kind: Set(RelationshipKind::GuardianOf),
        since: Set(Some(START)),
        recorded_at: Set(ground.stage.now()),
        ..Default::default()
    };
    ground.stage.put(row).await;
    let added = json!({ "id": id("relationship", Uuid::now_v7()),
        "personId": id("child", child), "otherId": id("person", parent), "kind": "OTHER",
        "since": "2025-02-01", "until": "2025-03-01" });
    let ended = json!({ "personId": id("child", child), "until": ground.day(0),
        "relationshipId": id("relationship", relationship) });
    vec![
        Act::new("relationshipAdd", "with its days", &ground.worker, added),
        Act::new("relationshipEnd", "from its other side", &ground.worker, ended),
    ]
}

async fn registers(ground: &Ground<'_>) -> Vec<Act> {
    let stage = ground.stage;
    let home = ground.home().await;
    let register = stage.register(&ground.code("P1"), RegisterSubject::Person, true).await;
    let decision = ground.decision(&home).await;
    let about = json!({ "familyId": id("family", home.id), "personId": id("child", home.child) });
    let entered = json!({ "id": id("entry", Uuid::now_v7()), "registerId": id("register", register),
        "personId": about["personId"], "grounds": "NEGLECT", "since": ground.day(-5),
        "decisionId": decision });
    let entry = Uuid::now_v7();
    let row = register_entry::ActiveModel {
        id: Set(entry),
        register_id: Set(register),
        person_id: Set(Some(home.child)),
        grounds: Set(register_entry::RegisterGrounds::Violence),
        since: Set(START),
        recorded_at: Set(stage.now()),
        ..Default::default()
    };
    stage.put(row).await;
    let removed = json!({ "entryId": id("entry", entry), "until": ground.day(1),
        "reason": "The causes are overcome.", "decisionId": decision });
    let other = ground.home().await;
    let register = stage.register(&ground.code("F1"), RegisterSubject::Family, true).await;
    let family = json!({ "registerId": id("register", register), "familyId": id("family", other.id),
        "grounds": "NEGLECT", "since": ground.day(-5), "decisionId": ground.decision(&other).await });
    let decided = json!({ "id": id("decision", Uuid::now_v7()),
        "bodyId": id("organisation", ground.school.id), "familyId": about["familyId"],
        "personId": about["personId"], "kind": "Registration", "number": "17/3",
        "decidedOn": ground.day(-6), "effectSince": ground.day(-5),
        "effectUntil": ground.day(300), "document": "Shelf 3" });
    vec![
        Act::new("registerEnter", "of a person by a family's decision", &ground.worker, entered),
        Act::new("registerEnter", "of a family by a decision", &ground.worker, family),
        Act::new("registerRemove", "of a person by a family's decision", &ground.worker, removed),
        Act::new("decisionRecord", "about a family and a person", &ground.worker, decided),
    ]
}
