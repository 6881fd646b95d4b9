//! Reads as clients make them: relations in both directions, a family as of a day, lists with
//! filters, places that are free.

use chrono::{Days, NaiveDate, TimeDelta};
use entity::family_member::MemberRole;
use entity::membership::Role;
use entity::placement::PlacementStatus;
use serde_json::json;

use crate::harness::run;
use crate::harness::world::{START, id};

#[test]
fn a_family_is_shown_as_of_a_day_and_a_child_can_live_in_two_households() {
    run(async |stage| {
        let area = stage.area("Area", None).await;
        let office = stage.organisation("Office", None).await;
        let worker = stage.worker(&office, Role::Caseworker).await;
        let one = stage.household(&office, &area, "One").await;
        let two = stage.household(&office, &area, "Two").await;
        stage.membership(two.id, one.child, MemberRole::Child, START, None).await;
        let ended = START.checked_add_days(Days::new(30)).unwrap();
        let past = stage.person("Past", START).await;
        stage.membership(one.id, past, MemberRole::Relative, START, Some(ended)).await;

        let query = "query Q($id: ID!, $at: Date) { family(id: $id, at: $at) {
          members { role person { givenName } until }
          everybody: members(includePast: true) { person { givenName } }
          children { families { id } caregivers { person { givenName } } }
        } }";
        let ask = async |at: Option<NaiveDate>| {
            let variables = json!({ "id": id("family", one.id), "at": at });
            stage.as_(&worker).query_with(query, variables).await
        };
        let now = ask(None).await;
        assert_eq!(now.list("/family/members").len(), 2);
        assert_eq!(now.list("/family/everybody").len(), 3);
        assert_eq!(now.list("/family/children/0/families").len(), 2);
        let caregivers = now.list("/family/children/0/caregivers");
        assert_eq!(caregivers.len(), 2, "one in each household");
        assert_eq!(ask(Some(START)).await.list("/family/members").len(), 3);
        assert_eq!(ask(Some(ended)).await.list("/family/members").len(), 2);
        let before = START.checked_sub_days(Days::new(1));
        assert_eq!(ask(before).await.list("/family/members").len(), 0);
        let future = stage.now().date_naive().checked_add_days(Days::new(1));
        assert_eq!(ask(future).await.code(), "BAD_USER_INPUT");
    });
}

#[test]
fn places_are_counted_whoever_holds_them_and_a_stale_reservation_holds_none() {
    run(async |stage| {
        let area = stage.area("Area", None).await;
        let office = stage.organisation("Office", None).await;
        let stranger = stage.organisation("Stranger", None).await;
        let worker = stage.worker(&stranger, Role::Caseworker).await;
        let place = stage.centre(&office, &area, 4).await;
        let states = [
            PlacementStatus::Admitted,
            PlacementStatus::OnLeave,
            PlacementStatus::Reserved,
            PlacementStatus::Discharged,
        ];
        for status in states {
            let home = stage.household(&office, &area, "X").await;
            stage.put(stage.placement(&home, place, status)).await;
        }
        let query = "{ vacancies { unit { name occupancy { places } } centre { name }
          occupancy { places occupied free waiting } } placements { totalCount } }";
        let answer = stage.as_(&worker).query(query).await;
        let occupancy = json!({ "places": 4, "occupied": 3, "free": 1, "waiting": 0 });
        assert_eq!(answer.data("/vacancies/0/occupancy"), &occupancy);
        assert_eq!(answer.data("/placements/totalCount"), 0);

        stage.wait(TimeDelta::days(2));
        let answer = stage.as_(&worker).query(query).await;
        assert_eq!(answer.data("/vacancies/0/occupancy/free"), 2);
        let many = "{ vacancies(filter: {freeAtLeast: 3}) { unit { id } } }";
        assert_eq!(stage.as_(&worker).query(many).await.list("/vacancies").len(), 0);
    });
}

#[test]
fn lists_are_narrowed_by_their_filters() {
    run(async |stage| {
        let area = stage.area("Area", None).await;
        let other = stage.area("Other", None).await;
        let office = stage.organisation("Office", None).await;
        let worker = stage.worker(&office, Role::Caseworker).await;
        let home = stage.household(&office, &area, "One").await;
        stage.household(&office, &other, "Two").await;
        let query = "query Q($f: FamilyFilter) { families(filter: $f) { totalCount } }";
        let area = id("area", area.id);
        let lead = id("organisation", office.id);
        let cases = [
            (json!({}), 2),
            (json!({ "areaIdIn": [area] }), 1),
            (json!({ "areaIdIn": [] }), 0),
            (json!({ "leadOrganisationIdIn": [lead] }), 2),
            (json!({ "caseStatusIn": ["ACTIVE"] }), 2),
            (json!({ "caseStatusIn": ["CLOSED"] }), 0),
            (json!({ "characteristicIn": ["LARGE_FAMILY"] }), 0),
            (json!({ "updatedAt": { "since": "2000-01-01T00:00:00Z" } }), 2),
            (json!({ "updatedAt": { "until": "2000-01-01T00:00:00Z" } }), 0),
        ];
        for (filter, count) in cases {
            let answer = stage.as_(&worker).query_with(query, json!({ "f": filter })).await;
            assert_eq!(answer.data("/families/totalCount"), count, "{filter}");
        }
        let query = "query Q($f: ChildFilter) { children(filter: $f) { nodes { id } } }";
        let filter = json!({ "familyIdIn": [id("family", home.id)] });
        let answer = stage.as_(&worker).query_with(query, json!({ "f": filter })).await;
        assert_eq!(answer.list("/children/nodes"), [json!({ "id": id("child", home.child) })]);
    });
}

#[test]
fn a_failing_query_is_an_error_and_never_an_empty_list() {
    run(async |stage| {
        use sea_orm::ConnectionTrait;
        let area = stage.area("Area", None).await;
        let office = stage.organisation("Office", None).await;
        let worker = stage.worker(&office, Role::Caseworker).await;
        stage.household(&office, &area, "One").await;
        for table in ["absence", "placement_breach", "placement"] {
            let drop = format!("drop table {table}");
            stage.database.writer.execute_unprepared(&drop).await.unwrap();
        }
        let query = "{ families { nodes { id children { id placements { id } } } } }";
        let answer = stage.as_(&worker).query(query).await;
        assert_eq!(answer.code(), "INTERNAL_SERVER_ERROR");
        assert!(!answer.text.contains("placement\" "), "{}", answer.text);
        assert!(answer.body["errors"][0]["extensions"]["requestId"].is_string());
        assert_eq!(answer.body["data"]["families"], serde_json::Value::Null);
    });
}
