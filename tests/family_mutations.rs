//! Families as they are recorded and changed: likeness, versions, protection, moves, members.

use entity::access_grant::{self, AccessLevel, GrantBasis};
use entity::membership::Role;
use entity::organisation_area;
use entity::{audit_event, decision};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::world::{Branch, Person, START, id};
use crate::harness::{Stage, run};

struct Office {
    area: Branch,
    branch: Branch,
    worker: Person,
}

async fn office(stage: &Stage) -> Office {
    let area = stage.area("Area", None).await;
    let office = stage.organisation("Office", None).await;
    let worker = stage.worker(&office, Role::Caseworker).await;
    Office { area, branch: office, worker }
}

const FAMILY: &str = "family { id version reference label address isAddressProtected \
    characteristics leadOrganisation { id } members { id person { id } since until } }";

impl Office {
    fn family(&self, label: &str) -> Value {
        json!({ "label": label, "areaId": id("area", self.area.id), "address": "12 Reed Street" })
    }
}

#[test]
fn a_family_is_recorded_and_seen_by_its_organisation_alone() {
    run(async |stage| {
        let own = office(stage).await;
        let mut input = own.family("Kovalenko M.");
        input["characteristics"] = json!(["LARGE_FAMILY", "UNEMPLOYED"]);
        let client = stage.as_(&own.worker);
        let made = client.mutate("familyCreate", input, FAMILY).await;
        assert_eq!(made.done("/family/label"), "Kovalenko M.");
        assert_eq!(made.done("/family/version"), 1);
        assert_eq!(made.done("/family/characteristics"), &json!(["LARGE_FAMILY", "UNEMPLOYED"]));
        assert!(made.done("/family/reference").as_str().unwrap().starts_with("F-"));
        let found = format!("{{ family(id: {}) {{ id }} }}", made.done("/family/id"));
        assert_eq!(client.query(&found).await.data("/family/id"), made.done("/family/id"));
        let stranger = stage.somebody().await;
        assert_eq!(stage.as_(&stranger).query(&found).await.data("/family"), &Value::Null);
    });
}

#[test]
fn a_family_that_looks_like_a_known_one_is_asked_about() {
    run(async |stage| {
        let own = office(stage).await;
        let client = stage.as_(&own.worker);
        let known = client.mutate("familyCreate", own.family("Коваленко М."), FAMILY).await;
        let selection = "family { id } userErrors { ... on DuplicateSuspectedError { candidates { \
            score reasons family { id } } } }";
        let again = client.mutate("familyCreate", own.family("Kovalenko M."), selection).await;
        assert_eq!(again.refusal(), ("DUPLICATE_SUSPECTED".to_owned(), "input".to_owned()));
        let candidate = &again.user_error()["candidates"][0];
        assert_eq!(candidate["family"]["id"], *known.done("/family/id"));
        assert_eq!(candidate["score"], 100);
        assert_eq!(candidate["reasons"], json!(["FAMILY_LABEL", "ADDRESS"]));

        let mut sure = own.family("Kovalenko M.");
        sure["confirmedNew"] = json!(true);
        client.mutate("familyCreate", sure, FAMILY).await.done("/family/id");

        // Another organisation is not told of families that it may not see.
        let stranger = stage.somebody().await;
        let elsewhere = stage.as_(&stranger);
        elsewhere
            .mutate("familyCreate", own.family("Kovalenko M."), FAMILY)
            .await
            .done("/family/id");
    });
}

#[test]
fn of_two_changes_on_one_version_the_second_is_told_what_is_there_now() {
    run(async |stage| {
        let own = office(stage).await;
        let (one, other) = (&own.worker, stage.worker(&own.branch, Role::Caseworker).await);
        let made = stage.as_(one).mutate("familyCreate", own.family("Melnyk"), FAMILY).await;
        let change = |label: &str| {
            json!({ "id": made.done("/family/id"), "expectedVersion": 1, "label": label,
                "address": "12 Reed Street" })
        };
        let first = stage.as_(one).mutate("familyUpdate", change("Melnyk O."), FAMILY).await;
        assert_eq!(first.done("/family/version"), 2);
        let second = stage.as_(&other).mutate("familyUpdate", change("Melnyk P."), FAMILY).await;
        let error = second.user_error();
        assert_eq!(error["__typename"], "VersionConflictError");
        assert_eq!(error["code"], "VERSION_CONFLICT");
        assert_eq!(error["currentVersion"], 2);
        // The address was sent as it is.
        assert_eq!(error["conflictingFields"], json!(["label"]));
        assert_eq!(error["current"], json!({ "id": made.done("/family/id"), "version": 2 }));
        let query = format!("{{ family(id: {}) {{ label }} }}", made.done("/family/id"));
        assert_eq!(stage.as_(one).query(&query).await.data("/family/label"), "Melnyk O.");
    });
}

#[test]
fn omitted_stays_and_null_clears() {
    run(async |stage| {
        let own = office(stage).await;
        let client = stage.as_(&own.worker);
        let made = client.mutate("familyCreate", own.family("Bondar"), FAMILY).await;
        let family = made.done("/family/id");
        let kept = json!({ "id": family, "expectedVersion": 1, "label": "Bondar A." });
        let kept = client.mutate("familyUpdate", kept, FAMILY).await;
        assert_eq!(kept.done("/family/address"), "12 Reed Street");
        let cleared = json!({ "id": family, "expectedVersion": 2, "address": null });
        let cleared = client.mutate("familyUpdate", cleared, FAMILY).await;
        assert_eq!(cleared.done("/family/address"), &Value::Null);
        assert_eq!(cleared.done("/family/label"), "Bondar A.");
        for field in ["label", "areaId", "isAddressProtected", "characteristics"] {
            let mut wrong = json!({ "id": family, "expectedVersion": 3 });
            wrong[field] = Value::Null;
            let refused = client.mutate("familyUpdate", wrong, FAMILY).await;
            assert_eq!(refused.refusal(), ("REQUIRED".to_owned(), format!("input.{field}")));
        }
    });
}

/// How often a restricted value was read.
async fn audit_reads(stage: &Stage) -> u64 {
    audit_event::Entity::find()
        .filter(audit_event::Column::Action.eq("READ"))
        .filter(audit_event::Column::FieldClass.eq("RESTRICTED"))
        .count(&stage.database.reader)
        .await
        .unwrap()
}

#[test]
fn protection_hides_the_address_at_once_and_its_end_shows_it_again() {
    run(async |stage| {
        let own = office(stage).await;
        let client = stage.as_(&own.worker);
        let made = client.mutate("familyCreate", own.family("Shevchuk"), FAMILY).await;
        let family = made.done("/family/id");
        let hide = json!({ "id": family, "expectedVersion": 1, "isAddressProtected": true });
        let hidden = client.mutate("familyUpdate", hide, FAMILY).await;
        assert_eq!(hidden.done("/family/address"), &Value::Null);
        let query = format!("{{ family(id: {family}) {{ protectedAddress redactedFields }} }}");
        let plain = client.query(&query).await;
        assert_eq!(plain.data("/family/protectedAddress"), &Value::Null);
        let reader = stage.as_with(&own.worker, &["restricted:read"]);
        let shown = reader.query(&query).await;
        assert_eq!(shown.data("/family/protectedAddress"), "12 Reed Street");
        let show = json!({ "id": family, "expectedVersion": 2, "isAddressProtected": false });
        let refused = client.mutate("familyUpdate", show.clone(), FAMILY).await;
        let expected = ("PERMISSION_DENIED".to_owned(), "input.isAddressProtected".to_owned());
        assert_eq!(refused.refusal(), expected, "who may not read it does not unveil it");
        let reads = async || audit_reads(stage).await;
        let before = reads().await;
        let shown = reader.mutate("familyUpdate", show, FAMILY).await;
        assert_eq!(shown.done("/family/address"), "12 Reed Street");
        assert_eq!(reads().await, before + 1, "and for who may it is on record");
        // Without knowing the old one, whoever brings a new address may end the protection.
        for (version, protect) in [
            (3, json!({ "isAddressProtected": true })),
            (4, json!({ "isAddressProtected": false, "address": "1 Mill Lane" })),
        ] {
            let mut input = json!({ "id": family, "expectedVersion": version });
            input.as_object_mut().unwrap().extend(protect.as_object().unwrap().clone());
            client.mutate("familyUpdate", input, FAMILY).await.done("/family/id");
        }
    });
}

#[test]
#[expect(clippy::too_many_lines, reason = "one story, told at once")]
fn a_move_out_of_the_organisations_areas_needs_a_decision_and_a_second_person() {
    run(async |stage| {
        let own = office(stage).await;
        let serves = organisation_area::ActiveModel {
            organisation_id: Set(own.branch.id),
            area_id: Set(own.area.id),
        };
        stage.put(serves).await;
        let near = stage.area("Near", Some(&own.area)).await;
        let far = stage.area("Far", None).await;
        let client = stage.as_(&own.worker);
        let made = client.mutate("familyCreate", own.family("Tkachenko"), FAMILY).await;
        let family = made.done("/family/id").clone();
        let to = |version: i32, area: &Branch, decision: Option<Uuid>| {
            json!({ "id": family, "expectedVersion": version, "areaId": id("area", area.id),
                "moveDecisionId": decision.map(|uuid| id("decision", uuid)) })
        };
        client.mutate("familyUpdate", to(1, &near, None), FAMILY).await.done("/family/id");
        let refused = client.mutate("familyUpdate", to(2, &far, None), FAMILY).await;
        let expected = ("DEPENDENCY_FAILED".to_owned(), "input.moveDecisionId".to_owned());
        assert_eq!(refused.refusal(), expected);

        let supervisor = stage.worker(&own.branch, Role::Supervisor).await;
        let decision = |by: Uuid| decision::ActiveModel {
            id: Set(Uuid::now_v7()),
            body_id: Set(own.branch.id),
            family_id: Set(Some(uuid_of(&family))),
            kind: Set("MOVE".to_owned()),
            number: Set("7".to_owned()),
            decided_on: Set(START),
            recorded_at: Set(stage.now()),
            recorded_by_id: Set(Some(by)),
            ..Default::default()
        };
        let by_worker = decision(own.worker.id);
        let by_supervisor = decision(supervisor.id);
        let ids = (by_worker.id.clone().unwrap(), by_supervisor.id.clone().unwrap());
        stage.put(by_worker).await;
        stage.put(by_supervisor).await;

        let refused = client.mutate("familyUpdate", to(2, &far, Some(ids.1)), FAMILY).await;
        assert_eq!(refused.refusal(), ("PERMISSION_DENIED".to_owned(), "input.areaId".to_owned()));
        let boss = stage.as_(&supervisor);
        let mut over = decision(own.worker.id);
        over.effect_until = Set(Some(stage.today()));
        let past = over.id.clone().unwrap();
        stage.put(over).await;
        let refused = boss.mutate("familyUpdate", to(2, &far, Some(past)), FAMILY).await;
        let expected = ("INVALID".to_owned(), "input.moveDecisionId".to_owned());
        assert_eq!(refused.refusal(), expected);
        let refused = boss.mutate("familyUpdate", to(2, &far, Some(ids.1)), FAMILY).await;
        assert_eq!(refused.refusal().0, "APPROVER_IS_REQUESTER");
        let mut everything = to(2, &far, Some(ids.0));
        everything["characteristics"] = json!(["DISPLACED"]);
        everything["label"] = json!("Tkachenko, moved");
        let moved = boss.mutate("familyUpdate", everything, "family { area { id } }").await;
        assert_eq!(moved.done("/family/area/id"), &json!(id("area", far.id)));
    });
}

fn uuid_of(id: &Value) -> Uuid {
    id.as_str().unwrap().split_once('_').unwrap().1.parse().unwrap()
}

#[test]
#[expect(clippy::too_many_lines, reason = "one story, told at once")]
fn members_come_and_go_with_dates_that_do_not_overlap() {
    run(async |stage| {
        let own = office(stage).await;
        let client = stage.as_(&own.worker);
        let home = stage.household(&own.branch, &own.area, "X").await;
        let second = client.mutate("familyCreate", own.family("Second home"), FAMILY).await;
        let second = second.done("/family/id").clone();
        let add = |family: Value, since: &str, until: Value| {
            json!({ "familyId": family, "personId": id("child", home.child),
                "membership": { "role": "CHILD", "since": since, "until": until } })
        };
        // A child in two households.
        let both = client
            .mutate("familyMemberAdd", add(second.clone(), "2025-03-01", Value::Null), FAMILY)
            .await;
        assert_eq!(both.done("/family/members/0/person/id"), &json!(id("person", home.child)));
        let first = json!(id("family", home.id));
        let refused = client
            .mutate("familyMemberAdd", add(first.clone(), "2025-06-01", Value::Null), FAMILY)
            .await;
        let expected = ("ALREADY_EXISTS".to_owned(), "input.membership.since".to_owned());
        assert_eq!(refused.refusal(), expected);
        let early = client
            .mutate(
                "familyMemberAdd",
                add(first.clone(), "2017-01-01", json!("2017-06-01")),
                FAMILY,
            )
            .await;
        let expected = ("OUT_OF_RANGE".to_owned(), "input.membership.since".to_owned());
        assert_eq!(early.refusal(), expected, "before the child was born");

        let end = |until: &str| json!({ "familyId": second, "memberId": both.done("/family/members/0/id"), "until": until });
        let refused = client.mutate("familyMemberEnd", end("2025-03-01"), FAMILY).await;
        assert_eq!(refused.refusal(), ("OUT_OF_RANGE".to_owned(), "input.until".to_owned()));
        let ended = client.mutate("familyMemberEnd", end("2025-05-01"), FAMILY).await;
        assert_eq!(ended.done("/family/members"), &json!([]));
        let refused = client.mutate("familyMemberEnd", end("2025-05-02"), FAMILY).await;
        assert_eq!(refused.refusal().0, "INVALID_STATE_TRANSITION");
        let query =
            format!("{{ family(id: {second}, at: \"2025-04-30\") {{ children {{ id }} }} }}");
        let then = client.query(&query).await;
        assert_eq!(then.data("/family/children/0/id"), &json!(id("child", home.child)));
        // Back again, from the very day on which it ended.
        client
            .mutate("familyMemberAdd", add(second.clone(), "2025-05-01", Value::Null), FAMILY)
            .await
            .done("/family/id");
    });
}

#[test]
fn a_person_with_a_grant_of_its_own_is_seen_with_the_family_from_then_on() {
    run(async |stage| {
        let own = office(stage).await;
        let person = stage.person("X", START).await;
        // A branch recorded the person; the office above it adds them to a family.
        let below = stage.organisation("Below", Some(&own.branch)).await;
        let level = AccessLevel::Full;
        stage.grant_until(&below, None, Some(person), level, GrantBasis::Lead, person, None).await;
        let client = stage.as_(&own.worker);
        let family = client.mutate("familyCreate", own.family("Home"), FAMILY).await;
        let add = json!({ "familyId": family.done("/family/id"), "personId": id("person", person),
            "membership": { "role": "PARENT", "since": "2025-02-01" } });
        client.mutate("familyMemberAdd", add, FAMILY).await.done("/family/id");
        let grants = access_grant::Entity::find()
            .filter(access_grant::Column::PersonId.eq(person))
            .all(&stage.database.reader)
            .await
            .unwrap();
        assert!(grants.iter().all(|grant| grant.until.is_some()));
    });
}

#[test]
fn what_others_keep_is_not_found_and_what_a_role_never_does_is_forbidden() {
    run(async |stage| {
        let own = office(stage).await;
        let home = stage.household(&own.branch, &own.area, "X").await;
        let stranger = stage.somebody().await;
        let (family, child) = (id("family", home.id), id("child", home.child));
        let membership = json!({ "role": "RELATIVE", "since": "2025-01-01" });
        let update = json!({ "id": family, "expectedVersion": 1, "label": "Y" });
        let add = json!({ "familyId": family, "personId": child, "membership": membership });
        let elsewhere = stage.as_(&stranger);
        let refused = elsewhere.mutate("familyUpdate", update.clone(), FAMILY).await;
        assert_eq!(refused.refusal(), ("NOT_FOUND".to_owned(), "input.id".to_owned()));
        let refused = elsewhere.mutate("familyMemberAdd", add.clone(), FAMILY).await;
        assert_eq!(refused.refusal(), ("NOT_FOUND".to_owned(), "input.familyId".to_owned()));
        // A summary is not enough to write.
        let summary = AccessLevel::Summary;
        stage
            .grant(
                &Branch { id: stranger.organisation, path: String::new() },
                home.id,
                summary,
                GrantBasis::Statute,
                home.id,
            )
            .await;
        let refused = elsewhere.mutate("familyUpdate", update.clone(), FAMILY).await;
        assert_eq!(refused.refusal(), ("NOT_FOUND".to_owned(), "input.id".to_owned()));
        for role in [Role::NgoWorker, Role::CentreStaff, Role::Analyst, Role::Reporter] {
            let other = stage.worker(&own.branch, role).await;
            let other = stage.as_(&other);
            assert_eq!(
                other.mutate("familyUpdate", update.clone(), FAMILY).await.code(),
                "FORBIDDEN"
            );
            assert_eq!(
                other.mutate("familyMemberAdd", add.clone(), FAMILY).await.code(),
                "FORBIDDEN"
            );
        }
    });
}
