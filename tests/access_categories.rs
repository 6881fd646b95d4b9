//! What is shared by category: a grant shows what it names up to its level, grants add up, and what no
//! grant shows is hidden, named, and found by no filter.

use entity::access_grant::{self, AccessLevel, DataCategory, GrantBasis, Shown};
use entity::membership::Role;
use sea_orm::{ActiveModelTrait, ActiveValue::Set};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::world::{Branch, Household, id};
use crate::harness::{Stage, run};

/// Shares some categories of a family, up to a level.
async fn share(
    stage: &Stage,
    to: &Branch,
    home: &Household,
    (level, basis): (AccessLevel, GrantBasis),
    categories: &[DataCategory],
) {
    let grant = stage.grant(to, home.id, level, basis, Uuid::now_v7()).await;
    let narrowed = access_grant::ActiveModel {
        id: Set(grant),
        shown: Set(Shown::of(level, categories)),
        ..Default::default()
    };
    narrowed.update(&stage.database.writer).await.unwrap();
}

const FAMILY: &str = "query Q($id: ID!) { family(id: $id) {
  label address area { id } characteristics redactedFields
  children { givenName familyName birthDate disability phone legalStatus redactedFields }
  openCase { status riskLevel redactedFields }
} }";

const FULL: AccessLevel = AccessLevel::Full;

#[test]
fn a_grant_shows_its_categories_and_several_add_up() {
    run(async |stage| {
        let area = stage.area("Area", None).await;
        let office = stage.organisation("Office", None).await;
        let ngo = stage.organisation("NGO", None).await;
        let home = stage.household(&office, &area, "Canary").await;
        let partner = stage.worker(&ngo, Role::NgoWorker).await;
        let ask = async || {
            let variables = json!({ "id": id("family", home.id) });
            stage.as_(&partner).query_with(FAMILY, variables).await
        };
        let child = "/family/children/0";

        let referral = (FULL, GrantBasis::Referral);
        share(stage, &ngo, &home, referral, &[DataCategory::Health]).await;
        let health = ask().await;
        assert_eq!(health.data(&format!("{child}/disability")), "Disability Canary");
        assert_eq!(health.data(&format!("{child}/givenName")), "GivenCanary");
        for hidden in ["familyName", "birthDate", "phone", "legalStatus"] {
            assert_eq!(health.data(&format!("{child}/{hidden}")), &Value::Null, "{hidden}");
            let named = health.data(&format!("{child}/redactedFields")).as_array().unwrap();
            assert!(named.contains(&json!(hidden)), "{hidden} in {named:?}");
        }
        for hidden in ["label", "address", "area", "characteristics"] {
            assert_eq!(health.data(&format!("/family/{hidden}")), &Value::Null, "{hidden}");
        }
        let of_case = json!(["riskLevel", "area"]);
        assert_eq!(health.data("/family/openCase/redactedFields"), &of_case);

        let enrolment = (AccessLevel::Summary, GrantBasis::Enrolment);
        let both = [DataCategory::Identity, DataCategory::Contact];
        share(stage, &ngo, &home, enrolment, &both).await;
        let more = ask().await;
        assert_eq!(more.data(&format!("{child}/disability")), "Disability Canary");
        assert_eq!(more.data(&format!("{child}/familyName")), "FamilyCanary");
        assert_eq!(more.data("/family/label"), "Label Canary");
        assert_eq!(more.data("/family/area/id"), &json!(id("area", area.id)));
        // Contact is shown in summary alone: an address and a phone need it in full.
        assert_eq!(more.data("/family/address"), &Value::Null);
        assert_eq!(more.data(&format!("{child}/phone")), &Value::Null);
        assert_eq!(more.data("/family/openCase/riskLevel"), &Value::Null);
    });
}

/// How many rows a filter finds.
async fn count(stage: &Stage, who: &crate::harness::world::Person, root: &str) -> Value {
    let answer = stage.as_(who).query(&format!("{{ {root} {{ totalCount }} }}")).await;
    answer.body["data"].as_object().unwrap().values().next().unwrap()["totalCount"].clone()
}

#[test]
fn a_filter_finds_by_what_is_shown_of_each_category_by_whichever_grant() {
    run(async |stage| {
        let area = stage.area("Area", None).await;
        let office = stage.organisation("Office", None).await;
        let ngo = stage.organisation("NGO", None).await;
        let home = stage.household(&office, &area, "Canary").await;
        let partner = stage.worker(&ngo, Role::NgoWorker).await;
        let lives = format!("areaIdIn: [\"{}\"]", id("area", area.id));
        let kinds = "characteristicIn: [LARGE_FAMILY, SINGLE_PARENT, ALCOHOL_DEPENDENCE]";
        let kind = entity::family_characteristic::FamilyCharacteristic::SingleParent;
        stage.characteristic(home.id, kind).await;
        let by_area = format!("families(filter: {{{lives}}})");
        let by_kind = format!("families(filter: {{{kinds}}})");
        let by_both = format!("families(filter: {{{lives}, {kinds}}})");
        let by_birth = "children(filter: {born: {since: \"2018-01-01\", until: \"2019-01-01\"}})";
        let by_risk = "cases(filter: {riskLevelIn: [HIGH]})";
        let asked = [by_area.as_str(), &by_kind, &by_both, by_birth, by_risk];
        let counts = async || {
            let mut found = Vec::new();
            for root in asked {
                found.push(count(stage, &partner, root).await);
            }
            found
        };

        let (referral, enrolment) = ((FULL, GrantBasis::Referral), (FULL, GrantBasis::Enrolment));
        share(stage, &ngo, &home, referral, &[DataCategory::Health]).await;
        assert_eq!(counts().await, [0, 0, 0, 0, 0], "nothing that is asked for is of health");
        share(stage, &ngo, &home, enrolment, &[DataCategory::Needs]).await;
        assert_eq!(counts().await, [0, 1, 0, 0, 1]);
        // One grant shows the area, another one the circumstances: together they are enough.
        let contact = (AccessLevel::Summary, GrantBasis::Statute);
        share(stage, &ngo, &home, contact, &[DataCategory::Contact]).await;
        assert_eq!(counts().await, [1, 1, 1, 0, 1]);
    });
}

#[test]
fn who_sees_one_category_may_open_the_others_in_an_emergency() {
    run(async |stage| {
        let area = stage.area("Area", None).await;
        let office = stage.organisation("Office", None).await;
        let other = stage.organisation("Other", None).await;
        let home = stage.household(&office, &area, "Canary").await;
        let boss = stage.worker(&other, Role::Supervisor).await;
        let open = || {
            json!({ "subjectId": id("family", home.id), "reason": "A child is in danger.",
                "level": "FULL" })
        };
        share(stage, &other, &home, (FULL, GrantBasis::Referral), &[DataCategory::Health]).await;
        let opened = stage.as_(&boss).mutate("accessBreakGlass", open(), "").await;
        assert_eq!(opened.data("/result/userErrors"), &json!([]));

        let peer = stage.worker(&other, Role::Supervisor).await;
        stage.grant(&other, home.id, FULL, GrantBasis::Statute, Uuid::now_v7()).await;
        let refused = stage.as_(&peer).mutate("accessBreakGlass", open(), "").await.refusal();
        assert_eq!(refused, ("ALREADY_EXISTS".to_owned(), "input.subjectId".to_owned()));
    });
}
