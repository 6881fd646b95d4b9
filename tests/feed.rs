//! The feed and the versions: what changes an aggregate counts, also where its own row says nothing of
//! it, and a line tells the version that the row has.

use entity::membership::Role;
use entity::plan::PlanStatus;
use entity::{change, task};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::world::{Branch, Household, Person, id};
use crate::harness::{Stage, run};

async fn scene(stage: &Stage) -> (Household, Person) {
    let (home, boss, _) = scene_at(stage).await;
    (home, boss)
}

async fn scene_at(stage: &Stage) -> (Household, Person, Branch) {
    let area = stage.area("Area", None).await;
    let office = stage.organisation("Office", None).await;
    let home = stage.household(&office, &area, "X").await;
    stage.episode(&home).await;
    let boss = stage.worker(&office, Role::Supervisor).await;
    (home, boss, office)
}

/// The versions that the feed told of a row, in their order.
async fn told(stage: &Stage, row: Uuid) -> Vec<i32> {
    let lines = change::Entity::find()
        .filter(change::Column::EntityId.eq(row))
        .order_by_asc(change::Column::Seq)
        .all(&stage.database.reader)
        .await
        .unwrap();
    lines.iter().map(|line| line.version).collect()
}

/// The mutations of one document have one moment: what tells two changes apart is the version.
#[test]
fn two_changes_of_a_familys_circumstances_in_one_document_are_two_versions() {
    run(async |stage| {
        let (home, boss) = scene(stage).await;
        let input = |version: i32, kinds: Value| {
            json!({ "clientMutationId": Uuid::now_v7(), "id": id("family", home.id),
                "expectedVersion": version, "characteristics": kinds })
        };
        let document = "mutation M($one: FamilyUpdateInput!, $other: FamilyUpdateInput!) {
            one: familyUpdate(input: $one) { family { version } userErrors { code } }
            other: familyUpdate(input: $other) { family { version } userErrors { code } } }";
        let variables = json!({ "one": input(1, json!(["DISPLACED"])),
            "other": input(2, json!(["UNEMPLOYED"])) });
        let answer = stage.as_(&boss).query_with(document, variables).await;
        assert_eq!(answer.data("/one/family/version"), 2);
        assert_eq!(answer.data("/other/family/version"), 3);
        assert_eq!(told(stage, home.id).await, [2, 3]);
    });
}

#[test]
fn signatures_names_and_facts_are_changes_of_what_they_belong_to() {
    run(async |stage| {
        let (home, boss) = scene(stage).await;
        let client = stage.as_(&boss);
        let school = stage.organisation("School", None).await;
        let plan = stage.plan(&home, &school, 1, PlanStatus::Draft).await;
        let sign = json!({ "planId": id("plan", plan),
            "signOffs": [{ "organisationId": id("organisation", school.id) }] });
        let signed = client.mutate("planAgree", sign, "plan { version }").await;
        assert_eq!(signed.done("/plan/version"), 2);
        assert_eq!(told(stage, plan).await, [2]);

        let child = id("child", home.child);
        let name = json!({ "personId": child, "kind": "ALIAS", "givenName": "Leni" });
        let named = client.mutate("personNameAdd", name, "person { version }").await;
        assert_eq!(named.done("/person/version"), 2);
        let fact = json!({ "personId": child, "kind": "BIRTH_PLACE", "value": "A village" });
        let known = client.mutate("identityFactAdd", fact, "person { version }").await;
        assert_eq!(known.done("/person/version"), 3);
        assert_eq!(told(stage, home.child).await, [2, 3]);
    });
}

#[test]
fn a_task_that_is_made_again_is_told_with_the_version_that_it_has() {
    run(async |stage| {
        let (home, boss) = scene(stage).await;
        let client = stage.as_(&boss);
        for days in [9, 5, 7] {
            let day = stage.today() + chrono::TimeDelta::days(days);
            let plan = json!({ "caseId": id("case", home.case), "purpose": "MONITORING",
                "scheduledFor": day });
            client.mutate("visitSchedule", plan, "visit { id }").await.done("/visit/id");
        }
        let task = task::Entity::find().one(&stage.database.reader).await.unwrap().unwrap();
        assert_eq!(task.version, 3);
        assert_eq!(told(stage, task.id).await, [1, 2, 3]);
    });
}

#[test]
fn who_knew_an_older_family_is_told_that_its_circumstances_are_others() {
    run(async |stage| {
        let (home, boss) = scene(stage).await;
        let client = stage.as_(&boss);
        let update = |version: i32, label: &str, kinds: Value| {
            json!({ "id": id("family", home.id), "expectedVersion": version, "label": label,
                "characteristics": kinds })
        };
        let first = update(1, "Label X", json!(["DISPLACED"]));
        client.mutate("familyUpdate", first, "family { id }").await.done("/family/id");
        for (label, kinds, fields) in [
            ("Label X", json!(["UNEMPLOYED"]), json!(["characteristics"])),
            ("Another", json!([]), json!(["label", "characteristics"])),
            ("Another", json!(["DISPLACED"]), json!(["label"])),
        ] {
            let late = client.mutate("familyUpdate", update(1, label, kinds), "").await;
            assert_eq!(late.user_error()["conflictingFields"], fields);
            assert_eq!(late.user_error()["currentVersion"], 2);
        }
    });
}

/// A task of a case that somebody leads is theirs, and goes with the lead.
#[test]
fn what_is_due_in_a_case_belongs_to_its_lead() {
    run(async |stage| {
        let (home, boss, office) = scene_at(stage).await;
        let client = stage.as_(&boss);
        let lead = stage.worker(&office, Role::Caseworker).await;
        let next = stage.worker(&office, Role::Caseworker).await;
        let assign = |worker: &Person| {
            json!({ "caseId": id("case", home.case), "workerId": id("worker", worker.id),
                "role": "LEAD" })
        };
        client.mutate("caseAssign", assign(&lead), "case { id }").await.done("/case/id");
        let school = stage.organisation("School", None).await;
        let plan = stage.plan(&home, &school, 1, PlanStatus::Agreed).await;
        stage.set_case(home.case, entity::case::CaseStatus::Planning).await;
        let planned = entity::measure::MeasureStatus::Planned;
        stage.measure(&home, plan, &school, planned).await;
        let activate = json!({ "planId": id("plan", plan) });
        client.mutate("planActivate", activate, "plan { id }").await.done("/plan/id");
        let owners = async || {
            let tasks = task::Entity::find().order_by_asc(task::Column::Kind);
            let tasks = tasks.all(&stage.database.reader).await.unwrap();
            tasks.iter().map(|task| (task.kind, task.owner_id)).collect::<Vec<_>>()
        };
        let (measure, review) = (task::TaskKind::Measure, task::TaskKind::PlanReview);
        assert_eq!(owners().await, [(measure, Some(lead.id)), (review, Some(lead.id))]);
        client.mutate("caseAssign", assign(&next), "case { id }").await.done("/case/id");
        assert_eq!(owners().await, [(measure, Some(next.id)), (review, Some(next.id))]);
    });
}
