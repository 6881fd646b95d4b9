//! Who sees which rows and which fields: by grant, area, placement, report; and nobody else.

use chrono::TimeDelta;
use entity::access_grant::{AccessLevel, GrantBasis};
use entity::membership::Role;
use entity::placement::PlacementStatus;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, IntoActiveModel};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::world::{Branch, Household, Person, id};
use crate::harness::{Stage, run};

/// Two organisations that have nothing to do with each other, each with a family.
struct Neighbours {
    area: Branch,
    ours: Branch,
    theirs: Branch,
    home: Household,
    foreign: Household,
    caseworker: Person,
}

async fn neighbours(stage: &Stage) -> Neighbours {
    let region = stage.area("Region", None).await;
    let area = stage.area("Here", Some(&region)).await;
    let there = stage.area("There", Some(&region)).await;
    let ours = stage.organisation("Ours", None).await;
    let theirs = stage.organisation("Theirs", None).await;
    let home = stage.household(&ours, &area, "Ourcanary").await;
    let foreign = stage.household(&theirs, &there, "Theircanary").await;
    let caseworker = stage.worker(&ours, Role::Caseworker).await;
    Neighbours { area, ours, theirs, home, foreign, caseworker }
}

/// Every root that could give a family, a child, a case or a placement away.
const EVERYTHING: &str = "query Everything($family: ID!, $child: ID!, $case: ID!, $ids: [ID!]!) {
  family(id: $family) { id label }
  child(id: $child) { id displayName }
  case(id: $case) { id reference }
  nodes(ids: $ids) { id }
  families(first: 100) { totalCount nodes { id } }
  children(first: 100) { totalCount nodes { id } }
  cases(first: 100) { totalCount nodes { id } }
  placements(first: 100) { totalCount nodes { id } }
}";

fn everything(home: &Household) -> Value {
    json!({
        "family": id("family", home.id),
        "child": id("child", home.child),
        "case": id("case", home.case),
        "ids": [
            id("family", home.id), id("child", home.child), id("person", home.child),
            id("person", home.parent), id("case", home.case),
        ],
    })
}

#[test]
fn a_family_of_another_organisation_is_nowhere() {
    run(async |stage| {
        let world = neighbours(stage).await;
        let answer =
            stage.as_(&world.caseworker).query_with(EVERYTHING, everything(&world.foreign)).await;
        assert_eq!(answer.data("/family"), &Value::Null);
        assert_eq!(answer.data("/child"), &Value::Null);
        assert_eq!(answer.data("/case"), &Value::Null);
        assert_eq!(answer.data("/nodes"), &json!([null, null, null, null, null]));
        let own = |root: &str| answer.list(&format!("/{root}/nodes")).len();
        assert_eq!((own("families"), own("children"), own("cases")), (1, 1, 1));
        assert_eq!(answer.data("/families/totalCount"), 1);
        assert!(!answer.text.contains("Theircanary"));
    });
}

#[test]
fn an_absent_row_and_a_hidden_row_answer_alike() {
    run(async |stage| {
        let world = neighbours(stage).await;
        let query = "query Q($id: ID!) { family(id: $id) { id } node(id: $id) { id } }";
        let ask = async |uuid: Uuid| {
            let variables = json!({ "id": id("family", uuid) });
            stage.as_(&world.caseworker).query_with(query, variables).await.body["data"].clone()
        };
        assert_eq!(ask(world.foreign.id).await, ask(Uuid::now_v7()).await);
    });
}

#[test]
fn the_parent_organisation_sees_what_its_branch_does_and_the_branch_not_what_its_sister_does() {
    run(async |stage| {
        let area = stage.area("Area", None).await;
        let centre = stage.organisation("Centre", None).await;
        let one = stage.organisation("One", Some(&centre)).await;
        let other = stage.organisation("Other", Some(&centre)).await;
        stage.household(&one, &area, "One").await;
        stage.household(&other, &area, "Two").await;
        for (organisation, count) in [(&centre, 2), (&one, 1), (&other, 1)] {
            let worker = stage.worker(organisation, Role::Supervisor).await;
            let answer = stage.as_(&worker).query("{ families { totalCount } }").await;
            assert_eq!(answer.data("/families/totalCount"), count);
        }
    });
}

#[test]
fn a_token_for_an_organisation_without_a_membership_there_is_refused() {
    run(async |stage| {
        let world = neighbours(stage).await;
        let elsewhere = Person { organisation: world.theirs.id, ..world.caseworker.clone() };
        assert_eq!(stage.as_(&elsewhere).query("{ viewer { role } }").await.status, 401);
        let promoted = Person { role: Role::Supervisor, ..world.caseworker };
        assert_eq!(stage.as_(&promoted).query("{ viewer { role } }").await.status, 401);
    });
}

#[test]
fn a_machine_account_sees_what_was_referred_to_its_organisation_until_it_is_revoked() {
    run(async |stage| {
        let world = neighbours(stage).await;
        let machine = stage.machine(&world.ours).await;
        let (level, basis) = (AccessLevel::Summary, GrantBasis::Referral);
        stage.grant(&world.ours, world.foreign.id, level, basis, Uuid::now_v7()).await;
        let query = "{ viewer { role } families { totalCount nodes { id } } }";
        let answer = stage.as_(&machine).query(query).await;
        assert_eq!(answer.data("/viewer/role"), "INTEGRATION");
        let referred = [json!({ "id": id("family", world.foreign.id) })];
        assert_eq!(answer.list("/families/nodes"), referred);
        let elsewhere = Person { organisation: world.theirs.id, ..machine.clone() };
        assert_eq!(stage.as_(&elsewhere).query(query).await.status, 401);

        let accounts = entity::api_client::Entity::find();
        let account = accounts.one(&stage.database.writer).await.unwrap().unwrap();
        let mut revoked = account.into_active_model();
        revoked.status = Set(entity::api_client::ApiClientStatus::Revoked);
        revoked.update(&stage.database.writer).await.unwrap();
        assert_eq!(stage.as_(&machine).query(query).await.status, 401);
    });
}

#[test]
fn a_membership_that_ended_an_inactive_organisation_and_a_revoked_session_are_refused_at_once() {
    run(async |stage| {
        let world = neighbours(stage).await;
        let asks = async || stage.as_(&world.caseworker).query("{ viewer { role } }").await.status;
        assert_eq!(asks().await, 200);

        let revoked = entity::revocation::ActiveModel {
            id: Set("sid:session-1".to_owned()),
            revoked_at: Set(stage.now()),
            expires_at: Set(stage.now()),
        };
        stage.put(revoked).await;
        assert_eq!(asks().await, 401);
        entity::revocation::Entity::delete_many().exec(&stage.database.writer).await.unwrap();
        assert_eq!(asks().await, 200);

        let memberships = entity::membership::Entity::find();
        let membership = memberships.one(&stage.database.writer).await.unwrap().unwrap();
        let mut ended = membership.into_active_model();
        ended.until = Set(Some(stage.now()));
        ended.update(&stage.database.writer).await.unwrap();
        stage.wait(TimeDelta::seconds(1));
        assert_eq!(asks().await, 401);
    });
}

const SHARED: &str = "query Shared($id: ID!) { family(id: $id) {
  id reference label address characteristics redactedFields
  members { person { displayName givenName familyName redactedFields } }
  children { displayName birthDate legalStatus redactedFields }
  openCase { reference status riskLevel redactedFields }
} }";

#[test]
fn a_partner_sees_what_was_referred_at_the_level_of_the_grant_and_hidden_fields_are_named() {
    run(async |stage| {
        let world = neighbours(stage).await;
        let ngo = stage.organisation("NGO", None).await;
        let partner = stage.worker(&ngo, Role::NgoWorker).await;
        let variables = json!({ "id": id("family", world.home.id) });
        let ask = async || stage.as_(&partner).query_with(SHARED, variables.clone()).await;
        assert_eq!(ask().await.data("/family"), &Value::Null);

        let source = Uuid::now_v7();
        stage
            .grant(&ngo, world.home.id, AccessLevel::ServiceOnly, GrantBasis::Referral, source)
            .await;
        let answer = ask().await;
        assert_eq!(answer.data("/family/label"), &Value::Null);
        assert_eq!(answer.data("/family/children/0/displayName"), "GivenOurcanary");
        let hidden = answer.data("/family/redactedFields");
        for field in ["label", "area", "address", "characteristics"] {
            assert!(hidden.as_array().unwrap().contains(&json!(field)), "{field} in {hidden}");
        }
        assert!(!answer.text.contains("FamilyOurcanary") && !answer.text.contains("2018"));

        let grants = entity::access_grant::Entity::find();
        for grant in grants.all(&stage.database.writer).await.unwrap() {
            if grant.organisation_id == ngo.id {
                let mut raised = grant.into_active_model();
                raised.level = Set(AccessLevel::Summary);
                raised.shown = Set(entity::access_grant::Shown::all(AccessLevel::Summary));
                raised.update(&stage.database.writer).await.unwrap();
            }
        }
        let answer = ask().await;
        assert_eq!(answer.data("/family/label"), "Label Ourcanary");
        assert_eq!(answer.data("/family/children/0/birthDate"), "2018-03-09");
        assert_eq!(answer.data("/family/address"), &Value::Null);
        assert_eq!(answer.data("/family/openCase/riskLevel"), &Value::Null);
        assert_eq!(answer.data("/family/openCase/redactedFields"), &json!(["riskLevel"]));
    });
}

#[test]
fn a_grant_that_ran_out_shows_nothing_by_any_root() {
    run(async |stage| {
        let world = neighbours(stage).await;
        let ngo = stage.organisation("NGO", None).await;
        let partner = stage.worker(&ngo, Role::NgoWorker).await;
        let until = stage.now() + TimeDelta::hours(1);
        let (family, level) = (Some(world.home.id), AccessLevel::Full);
        let source = Uuid::now_v7();
        let basis = GrantBasis::Referral;
        stage.grant_until(&ngo, family, None, level, basis, source, Some(until)).await;
        let ask = async || {
            let variables = everything(&world.home);
            stage.as_(&partner).query_with(EVERYTHING, variables).await
        };
        assert_eq!(ask().await.data("/families/totalCount"), 1);
        stage.wait(TimeDelta::hours(1));
        let answer = ask().await;
        assert_eq!(answer.data("/nodes"), &json!([null, null, null, null, null]));
        for root in ["families", "children", "cases", "placements"] {
            assert_eq!(answer.data(&format!("/{root}/totalCount")), 0, "{root}");
        }
        assert!(!answer.text.contains("Ourcanary"));
    });
}

#[test]
fn a_filter_on_a_hidden_field_finds_nothing_whatever_is_asked() {
    run(async |stage| {
        let world = neighbours(stage).await;
        let ngo = stage.organisation("NGO", None).await;
        let partner = stage.worker(&ngo, Role::NgoWorker).await;
        let level = AccessLevel::ServiceOnly;
        stage.grant(&ngo, world.home.id, level, GrantBasis::Referral, Uuid::now_v7()).await;
        let asks = [
            "{ children(filter: {born: {since: \"2018-01-01\", until: \"2019-01-01\"}}) { totalCount } }",
            "{ children(filter: {sexIn: [FEMALE]}) { totalCount } }",
            "{ cases(filter: {riskLevelIn: [HIGH]}) { totalCount } }",
        ];
        for query in asks {
            let hidden = stage.as_(&partner).query(query).await;
            let counted = hidden.body["data"].as_object().unwrap().values().next().unwrap();
            assert_eq!(counted["totalCount"], 0, "{query}");
            let seen = stage.as_(&world.caseworker).query(query).await;
            let counted = seen.body["data"].as_object().unwrap().values().next().unwrap();
            assert_eq!(counted["totalCount"], 1, "{query}");
        }
    });
}

#[test]
fn a_coordinator_sees_the_families_of_the_area_in_summary() {
    run(async |stage| {
        let world = neighbours(stage).await;
        let office = stage.organisation("Office", None).await;
        let coordinator = stage.coordinator(&office, &world.area).await;
        let query = "{ families { totalCount nodes { id label address redactedFields } } }";
        let answer = stage.as_(&coordinator).query(query).await;
        assert_eq!(answer.data("/families/totalCount"), 1);
        assert_eq!(answer.data("/families/nodes/0/id"), &json!(id("family", world.home.id)));
        assert_eq!(answer.data("/families/nodes/0/label"), "Label Ourcanary");
        assert_eq!(answer.data("/families/nodes/0/address"), &Value::Null);
    });
}

#[test]
fn centre_staff_see_a_child_while_it_is_placed_and_nothing_of_it_afterwards() {
    run(async |stage| {
        let world = neighbours(stage).await;
        let provider = stage.organisation("Provider", None).await;
        let staff = stage.worker(&provider, Role::CentreStaff).await;
        let place = stage.centre(&provider, &world.area, 4).await;
        let stay = stage.placement(&world.home, place, PlacementStatus::Admitted);
        let source = stay.id.clone().unwrap();
        stage.put(stay).await;
        let until = stage.now() + TimeDelta::days(1);
        let (child, family) = (Some(world.home.child), Some(world.home.id));
        let basis = GrantBasis::Placement;
        let (full, summary) = (AccessLevel::Full, AccessLevel::Summary);
        stage.grant_until(&provider, None, child, full, basis, source, Some(until)).await;
        stage.grant_until(&provider, family, None, summary, basis, source, Some(until)).await;

        let query = "query Q($id: ID!) {
          child(id: $id) { displayName disability families { label address } }
          placements { totalCount nodes { child { id } centre { name } } }
        }";
        let ask = async || {
            let variables = json!({ "id": id("child", world.home.child) });
            stage.as_(&staff).query_with(query, variables).await
        };
        let answer = ask().await;
        assert_eq!(answer.data("/child/disability"), "Disability Ourcanary");
        assert_eq!(answer.data("/child/families/0/label"), "Label Ourcanary");
        assert_eq!(answer.data("/child/families/0/address"), &Value::Null);
        assert_eq!(answer.data("/placements/totalCount"), 1);

        stage.wait(TimeDelta::days(1));
        let answer = ask().await;
        assert_eq!(answer.data("/child"), &Value::Null);
        assert_eq!(answer.data("/placements/totalCount"), 0);
    });
}

#[test]
fn analysts_auditors_administrators_and_reporters_see_no_person() {
    run(async |stage| {
        let world = neighbours(stage).await;
        for role in [Role::Analyst, Role::Auditor, Role::Admin, Role::Reporter] {
            let somebody = stage.worker(&world.ours, role).await;
            let answer = stage.as_(&somebody).query_with(EVERYTHING, everything(&world.home)).await;
            assert!(!answer.text.contains("Ourcanary"), "{role:?}: {}", answer.text);
            assert!(!answer.text.contains("family_"), "{role:?}: {}", answer.text);
            for root in ["families", "children", "cases", "placements"] {
                assert_eq!(answer.body["data"][root], Value::Null, "{role:?} {root}");
            }
            assert_eq!(answer.code(), "FORBIDDEN");
        }
    });
}

#[test]
fn a_concern_report_is_seen_by_who_received_it_and_its_progress_by_who_submitted_it() {
    run(async |stage| {
        let world = neighbours(stage).await;
        let reporter = stage.worker(&world.ours, Role::Reporter).await;
        let other = stage.worker(&world.ours, Role::Reporter).await;
        let stranger = stage.worker(&world.theirs, Role::Caseworker).await;
        stage.put(concern_report(stage, &world, reporter.id)).await;
        let query = "{ concernReports { totalCount nodes { status narrative reporterName redactedFields } } }";
        let seen = stage.as_(&world.caseworker).query(query).await;
        assert_eq!(seen.data("/concernReports/nodes/0/narrative"), "Narrative Ourcanary");
        assert_eq!(seen.data("/concernReports/nodes/0/reporterName"), &Value::Null);
        assert!(!seen.text.contains("Reporter Ourcanary"));
        let own = stage.as_(&reporter).query(query).await;
        assert_eq!(own.data("/concernReports/nodes/0/status"), "RECEIVED");
        assert_eq!(own.data("/concernReports/nodes/0/narrative"), &Value::Null);
        for nobody in [&other, &stranger] {
            let answer = stage.as_(nobody).query(query).await;
            assert_eq!(answer.data("/concernReports/totalCount"), 0);
        }
    });
}

fn concern_report(
    stage: &Stage,
    world: &Neighbours,
    submitted_by: Uuid,
) -> entity::concern_report::ActiveModel {
    use entity::concern_report as report;
    let (id, now) = (Uuid::now_v7(), stage.now());
    let name = stage.seal(report::Column::ReporterName, id, "Reporter Ourcanary");
    let contact = stage.seal(report::Column::ReporterContact, id, "Contact Ourcanary");
    report::ActiveModel {
        id: Set(id),
        reference: Set("R-1".to_owned()),
        received_at: Set(now),
        channel: Set(report::ConcernChannel::Phone),
        source_class: Set(report::ConcernSource::Citizen),
        reporter_name: Set(Some(name)),
        reporter_contact: Set(Some(contact)),
        is_anonymous: Set(false),
        submitted_by_id: Set(Some(submitted_by)),
        organisation_id: Set(world.ours.id),
        area_id: Set(world.area.id),
        narrative: Set("Narrative Ourcanary".to_owned()),
        urgency: Set(report::ConcernUrgency::Routine),
        status: Set(report::ConcernStatus::Received),
        version: Set(1),
        created_at: Set(now),
        updated_at: Set(now),
        ..Default::default()
    }
}
