//! Who is told where which children are, and who is told nothing.

use entity::access_grant::{AccessLevel, GrantBasis};
use entity::family_member::MemberRole;
use entity::membership::Role;
use entity::person;
use entity::placement::{Destination, PlacementStatus};
use sea_orm::sea_query::Expr;
use serde_json::{Value, json};

use super::ground::{Ground, QUERY};
use super::of_person;
use crate::harness::run;
use crate::harness::world::{START, id};

#[test]
fn a_child_of_another_organisation_is_nowhere_and_counts_nowhere() {
    run(async |stage| {
        let ground = Ground::lay(stage).await;
        let home = ground.registered().await;
        ground.stay(&home, PlacementStatus::Admitted, None).await;
        let stranger = stage.somebody().await;
        for filter in [Value::Null, json!({ "classIn": ["UNIT"] })] {
            let variables = json!({ "filter": filter });
            let answer = ground.ask_as(&stranger, variables.clone()).await;
            assert_eq!(answer.data("/childWhereabouts/totalCount"), 0);
            assert!(answer.list("/childWhereabouts/nodes").is_empty());
            let answer = ground.ask(variables).await;
            assert_eq!(answer.data("/childWhereabouts/totalCount"), 1);
            let unit = answer.data("/childWhereabouts/nodes/0/placement/unit/name");
            assert_eq!(unit, "Unit");
        }
    });
}

#[test]
fn who_sees_a_child_in_part_is_told_that_it_is_listed_and_not_where_it_is() {
    run(async |stage| {
        let ground = Ground::lay(stage).await;
        let home = ground.registered().await;
        ground.stay(&home, PlacementStatus::Admitted, None).await;
        let ngo = stage.organisation("NGO", None).await;
        let partner = stage.worker(&ngo, Role::NgoWorker).await;
        let ask = async |variables: Value| ground.ask_as(&partner, variables).await;
        assert_eq!(ask(json!({})).await.data("/childWhereabouts/totalCount"), 0);

        ground.share(&ngo, &home, AccessLevel::ServiceOnly).await;
        let hidden = ask(json!({})).await;
        let expected = json!([{ "child": { "id": id("child", home.child) }, "whereabouts": null,
            "since": null, "placement": null, "family": null,
            "redactedFields": ["whereabouts", "since", "placement", "family"] }]);
        assert_eq!(hidden.data("/childWhereabouts/nodes"), &expected);
        assert_eq!(hidden.data("/childWhereabouts/totalCount"), 1);
        let all = ["HOME", "KIN", "FOSTER", "UNIT", "HOSPITAL", "ON_LEAVE", "MISSING", "MOVED"];
        let area = [id("area", ground.area.id)];
        for filter in [json!({ "classIn": all }), json!({ "areaIdIn": area })] {
            let answer = ask(json!({ "filter": filter })).await;
            assert_eq!(answer.data("/childWhereabouts/totalCount"), 0, "{filter}");
            assert!(answer.list("/childWhereabouts/nodes").is_empty(), "{filter}");
        }
        let register = json!({ "filter": { "registerIdIn": [id("register", ground.register)] } });
        assert_eq!(ask(register).await.data("/childWhereabouts/totalCount"), 1);

        ground.share(&ngo, &home, AccessLevel::Summary).await;
        let seen = ask(json!({ "filter": { "classIn": ["UNIT"], "areaIdIn": area } })).await;
        assert_eq!(seen.data("/childWhereabouts/nodes/0/whereabouts"), "UNIT");
        assert_eq!(seen.data("/childWhereabouts/nodes/0/redactedFields"), &json!([]));
    });
}

/// By asking for one day after another nobody learns when a child was born or died, or what its
/// legal status is, who doesn't see that.
#[test]
fn the_list_of_who_sees_a_child_in_part_depends_on_nothing_hidden() {
    run(async |stage| {
        let ground = Ground::lay(stage).await;
        let home = ground.registered().await;
        let ngo = stage.organisation("NGO", None).await;
        let partner = stage.worker(&ngo, Role::NgoWorker).await;
        ground.share(&ngo, &home, AccessLevel::ServiceOnly).await;
        let other = ground.home().await;
        ground.share(&ngo, &other, AccessLevel::ServiceOnly).await;
        let listed = async || {
            let mut all = Vec::new();
            for days in [-300, -100, -10, 0] {
                let variables = json!({ "on": ground.day(days) });
                let answer = ground.ask_as(&partner, variables).await;
                all.push(answer.data("/childWhereabouts/nodes").clone());
            }
            all
        };
        let before = listed().await;
        let fully =
            async || ground.ask(json!({})).await.data("/childWhereabouts/totalCount").clone();
        assert_eq!(fully().await, 1);
        of_person(stage, home.child, person::Column::DeathDate, Expr::val(ground.day(-50))).await;
        of_person(stage, other.child, person::Column::BirthDate, Expr::val(START)).await;
        let foster = entity::legal_status::LegalStatusKind::Foster;
        ground.status(&other, foster, -200).await;
        assert_eq!(listed().await, before);
        assert_eq!(fully().await, 1, "one is dead, the other in care");
    });
}

/// A child who belongs to two families is told of by the one that the viewer sees.
#[test]
fn what_a_hidden_family_would_tell_has_no_part_in_the_class() {
    run(async |stage| {
        let ground = Ground::lay(stage).await;
        let (seen, hidden) = (ground.home().await, ground.registered().await);
        stage.membership(hidden.id, seen.child, MemberRole::Child, START, None).await;
        let ngo = stage.organisation("NGO", None).await;
        let partner = stage.worker(&ngo, Role::NgoWorker).await;
        ground.share(&ngo, &seen, AccessLevel::Full).await;
        let told = async |who| {
            let answer = ground.ask_as(who, json!({})).await;
            let nodes = answer.list("/childWhereabouts/nodes").iter();
            let of = nodes.filter(|node| node["child"]["id"] == json!(id("child", seen.child)));
            of.map(|node| (node["whereabouts"].clone(), node["family"]["id"].clone()))
                .collect::<Vec<_>>()
        };
        assert_eq!(told(&ground.worker).await.len(), 1);
        assert!(told(&partner).await.is_empty(), "on the hidden family's register");
        ground.entry(None, Some(seen.child), (-9, None)).await;
        ground.lives_elsewhere(&seen, seen.child).await;
        let family = json!(id("family", hidden.id));
        assert_eq!(told(&ground.worker).await, [(json!("HOME"), family)]);
        assert_eq!(told(&partner).await, [(json!("UNKNOWN"), Value::Null)]);
        // A family that is seen in part doesn't tell who lives there either.
        ground.share(&ngo, &hidden, AccessLevel::ServiceOnly).await;
        assert_eq!(told(&partner).await, [(json!("UNKNOWN"), Value::Null)]);
        ground.share(&ngo, &hidden, AccessLevel::Summary).await;
        assert_eq!(told(&partner).await, told(&ground.worker).await);
    });
}

#[test]
fn a_coordinator_is_told_of_the_children_of_the_area() {
    run(async |stage| {
        let ground = Ground::lay(stage).await;
        let home = ground.registered().await;
        ground.stay(&home, PlacementStatus::Discharged, Some(Destination::Medical)).await;
        let there = stage.area("There", None).await;
        let coordinator = stage.coordinator(&ground.office, &ground.area).await;
        let elsewhere = stage.coordinator(&ground.office, &there).await;
        let answer = ground.ask_as(&coordinator, json!({})).await;
        assert_eq!(answer.data("/childWhereabouts/totalCount"), 1);
        assert_eq!(answer.data("/childWhereabouts/nodes/0/whereabouts"), "HOSPITAL");
        assert_eq!(answer.data("/childWhereabouts/nodes/0/redactedFields"), &json!([]));
        let answer = ground.ask_as(&elsewhere, json!({})).await;
        assert_eq!(answer.data("/childWhereabouts/totalCount"), 0);
    });
}

#[test]
fn centre_staff_are_told_of_those_who_are_placed_with_them_while_it_lasts() {
    run(async |stage| {
        let ground = Ground::lay(stage).await;
        ground.registered().await;
        let home = ground.home().await;
        let stay = ground.stay(&home, PlacementStatus::Admitted, None).await;
        let (full, basis) = (AccessLevel::Full, GrantBasis::Placement);
        let until = stage.now() + chrono::TimeDelta::days(1);
        let provider = &ground.provider;
        let child = Some(home.child);
        stage.grant_until(provider, None, child, full, basis, stay, Some(until)).await;
        let staff = stage.worker(provider, Role::CentreStaff).await;
        let answer = ground.ask_as(&staff, json!({})).await;
        assert_eq!(answer.data("/childWhereabouts/totalCount"), 1);
        assert_eq!(answer.data("/childWhereabouts/nodes/0/whereabouts"), "UNIT");
        assert_eq!(
            answer.data("/childWhereabouts/nodes/0/child/id"),
            &json!(id("child", home.child))
        );
        stage.wait(chrono::TimeDelta::days(1));
        let answer = ground.ask_as(&staff, json!({})).await;
        assert_eq!(answer.data("/childWhereabouts/totalCount"), 0);
    });
}

#[test]
fn roles_that_read_no_person_are_refused() {
    run(async |stage| {
        let ground = Ground::lay(stage).await;
        ground.registered().await;
        for role in [Role::Analyst, Role::Auditor, Role::Admin, Role::Reporter] {
            let somebody = stage.worker(&ground.office, role).await;
            let answer = stage.as_(&somebody).query_with(QUERY, json!({})).await;
            assert_eq!(answer.code(), "FORBIDDEN", "{role:?}");
            assert_eq!(answer.body["data"]["childWhereabouts"], Value::Null);
            assert!(!answer.text.contains("child_"), "{role:?}");
        }
    });
}
