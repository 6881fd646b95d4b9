//! What is due: listed for those who owe it, made once by many acts, closed by the act that it asks
//! for.

use chrono::{NaiveDate, TimeDelta};
use entity::membership::Role;
use entity::task::{self, TaskKind, TaskStatus};
use sea_orm::ActiveValue::Set;
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::json;
use uuid::Uuid;

use crate::harness::world::{Branch, Household, Person, id};
use crate::harness::{Answer, Stage, run};

const TASKS: &str = "query Q($filter: TaskFilter) { tasks(filter: $filter) { totalCount nodes { \
    id version kind status dueOn isOverdue closedAt owner { id } organisation { id } case { id } \
    family { id } concernReport { id } plan { id } measure { id } } } }";

async fn task(
    stage: &Stage,
    (home, office): (&Household, &Branch),
    (kind, subject): (TaskKind, Uuid),
    due_on: NaiveDate,
    owner: Option<Uuid>,
) -> Uuid {
    let task_id = Uuid::now_v7();
    let now = stage.now();
    stage
        .put(task::ActiveModel {
            id: Set(task_id),
            kind: Set(kind),
            subject_id: Set(subject),
            family_id: Set(Some(home.id)),
            case_id: Set(Some(home.case)),
            organisation_id: Set(office.id),
            owner_id: Set(owner),
            due_on: Set(due_on),
            status: Set(TaskStatus::Open),
            version: Set(1),
            created_at: Set(now),
            updated_at: Set(now),
            ..Default::default()
        })
        .await;
    task_id
}

fn ids(answer: &Answer) -> Vec<String> {
    let nodes = answer.list("/tasks/nodes").iter();
    nodes.map(|node| node["id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn two_acts_make_one_task_and_the_act_that_it_asks_for_closes_it() {
    run(async |stage| {
        let area = stage.area("Area", None).await;
        let office = stage.organisation("Office", None).await;
        let home = stage.household(&office, &area, "X").await;
        let worker = stage.worker(&office, Role::Caseworker).await;
        let client = stage.as_(&worker);
        let case_id = id("case", home.case);
        let mut visits = Vec::new();
        for days in [4, 2] {
            let input = json!({ "caseId": case_id, "purpose": "MONITORING",
                "scheduledFor": stage.today() + TimeDelta::days(days) });
            let done = client.mutate("visitSchedule", input, "visit { id }").await;
            visits.push(done.done("/visit/id").clone());
        }
        assert_eq!(task::Entity::find().count(&stage.database.reader).await.unwrap(), 1);
        let due = client.query_with(TASKS, json!({})).await;
        assert_eq!(due.data("/tasks/totalCount"), 1);
        let expected = json!(stage.today() + TimeDelta::days(2));
        assert_eq!(due.data("/tasks/nodes/0/dueOn"), &expected);
        assert_eq!(due.data("/tasks/nodes/0/version"), 2);
        assert_eq!(due.data("/tasks/nodes/0/case/id"), &json!(case_id));
        // The family has no level of support: after the last planned visit none is due.
        for visit in visits {
            let input = json!({ "id": visit, "outcome": "COMPLETED", "visitedAt": stage.now() });
            client.mutate("visitRecord", input, "visit { id }").await.done("/visit/id");
        }
        assert_eq!(client.query_with(TASKS, json!({})).await.data("/tasks/totalCount"), 0);
        let filter = json!({ "filter": { "statusIn": ["DONE"] } });
        let done = client.query_with(TASKS, filter).await;
        assert_eq!(done.data("/tasks/nodes/0/status"), "DONE");
        assert!(done.data("/tasks/nodes/0/closedAt").is_string());
        let task_id = done.data("/tasks/nodes/0/id").as_str().unwrap();
        let query = format!("{{ node(id: \"{task_id}\") {{ id ... on Task {{ kind }} }} }}");
        assert_eq!(client.query(&query).await.data("/node/kind"), "VISIT");
        let other = stage.somebody().await;
        assert_eq!(stage.as_(&other).query(&query).await.data("/node"), &json!(null));
    });
}

#[test]
fn what_is_overdue_comes_first_and_filters_narrow() {
    run(async |stage| {
        let area = stage.area("Area", None).await;
        let office = stage.organisation("Office", None).await;
        let home = stage.household(&office, &area, "X").await;
        let worker = stage.worker(&office, Role::Caseworker).await;
        let (plan, measure) =
            stage.plan_with_measure(&home, &office, entity::plan::PlanStatus::Active).await;
        let on = |days: i64| stage.today() + TimeDelta::days(days);
        let (place, own) = ((&home, &office), Some(worker.id));
        let later = task(stage, place, (TaskKind::Visit, home.case), on(9), None).await;
        let late = task(stage, place, (TaskKind::PlanReview, plan), on(-3), own).await;
        let today = task(stage, place, (TaskKind::Measure, measure), on(0), own).await;
        let [later, late, today] = [later, late, today].map(|task| id("task", task));
        let client = stage.as_(&worker);
        let (statements, all) = stage.counted(client.query_with(TASKS, json!({}))).await;
        assert_eq!(ids(&all), [late.clone(), today.clone(), later.clone()]);
        assert!(statements <= 9, "{statements}: {:#?}", stage.said());
        assert_eq!(all.data("/tasks/nodes/0/isOverdue"), true);
        assert_eq!(all.data("/tasks/nodes/1/isOverdue"), false);
        assert_eq!(all.data("/tasks/nodes/0/plan/id"), &json!(id("plan", plan)));
        assert_eq!(all.data("/tasks/nodes/0/measure"), &json!(null));
        assert_eq!(all.data("/tasks/nodes/1/measure/id"), &json!(id("measure", measure)));
        assert_eq!(all.data("/tasks/nodes/0/owner/id"), &json!(id("worker", worker.id)));
        let narrowed =
            async |filter| ids(&client.query_with(TASKS, json!({ "filter": filter })).await);
        assert_eq!(narrowed(json!({ "mine": true })).await, [late.clone(), today.clone()]);
        assert_eq!(narrowed(json!({ "isOverdue": true })).await, std::slice::from_ref(&late));
        let rest = narrowed(json!({ "isOverdue": false })).await;
        assert_eq!(rest, [today.clone(), later.clone()]);
        assert_eq!(narrowed(json!({ "kindIn": ["VISIT"] })).await, std::slice::from_ref(&later));
        let range = json!({ "dueOn": { "since": on(0), "until": on(1) } });
        assert_eq!(narrowed(range).await, std::slice::from_ref(&today));
        let case = json!({ "caseIdIn": [id("case", home.case)],
            "organisationIdIn": [id("organisation", office.id)] });
        assert_eq!(narrowed(case).await.len(), 3);
        let elsewhere = json!({ "ownerIdIn": [id("worker", Uuid::now_v7())] });
        assert!(narrowed(elsewhere).await.is_empty());
    });
}

#[test]
fn the_list_is_paged_in_either_direction() {
    run(async |stage| {
        let area = stage.area("Area", None).await;
        let office = stage.organisation("Office", None).await;
        let home = stage.household(&office, &area, "X").await;
        let worker = stage.worker(&office, Role::Caseworker).await;
        let mut made = Vec::new();
        for (days, kind) in
            [(-3, TaskKind::Visit), (0, TaskKind::Assessment), (9, TaskKind::Measure)]
        {
            let due_on = stage.today() + TimeDelta::days(days);
            let task = task(stage, (&home, &office), (kind, home.case), due_on, None).await;
            made.push(id("task", task));
        }
        let client = stage.as_(&worker);
        let query = "{ tasks(first: 1, orderBy: { field: DUE_ON, direction: DESC }) \
            { nodes { id } pageInfo { endCursor } } }";
        let page = client.query(query).await;
        assert_eq!(ids(&page), std::slice::from_ref(&made[2]));
        let cursor = page.data("/tasks/pageInfo/endCursor").as_str().unwrap();
        let query = format!(
            "{{ tasks(first: 2, after: \"{cursor}\", orderBy: {{ field: DUE_ON, direction: DESC }}) \
            {{ nodes {{ id }} }} }}"
        );
        assert_eq!(ids(&client.query(&query).await), [made[1].clone(), made[0].clone()]);
    });
}

#[test]
fn tasks_are_seen_by_those_who_owe_them_and_by_the_area() {
    run(async |stage| {
        let area = stage.area("Area", None).await;
        let far = stage.area("Far", None).await;
        let office = stage.organisation("Office", None).await;
        let home = stage.household(&office, &area, "X").await;
        task(stage, (&home, &office), (TaskKind::Visit, home.case), stage.today(), None).await;
        let count = async |person: Person| {
            stage.as_(&person).query_with(TASKS, json!({})).await.data("/tasks/totalCount").clone()
        };
        assert_eq!(count(stage.worker(&office, Role::Supervisor).await).await, 1);
        assert_eq!(count(stage.coordinator(&office, &area).await).await, 1);
        assert_eq!(count(stage.coordinator(&office, &far).await).await, 0);
        assert_eq!(count(stage.somebody().await).await, 0);
    });
}
