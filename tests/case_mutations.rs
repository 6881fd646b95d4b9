//! Cases from opening to closure and back: levels, assignments, four eyes, addenda, episodes.

use chrono::TimeDelta;
use entity::membership::Role;
use entity::{episode, task};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::world::{Branch, Person, id};
use crate::harness::{Stage, run};

struct Office {
    area: Branch,
    branch: Branch,
    worker: Person,
    supervisor: Person,
}

async fn office(stage: &Stage) -> Office {
    let area = stage.area("Area", None).await;
    let office = stage.organisation("Office", None).await;
    let worker = stage.worker(&office, Role::Caseworker).await;
    let supervisor = stage.worker(&office, Role::Supervisor).await;
    Office { area, branch: office, worker, supervisor }
}

const CASE: &str = "case { id version status supportLevel openedOn closedOn \
    episodes { id number reason closedOn closureClass summary closedBy { id } approvedBy { id } \
        notes { kind body author { id } } } \
    assignments { id role since until worker { id } } }";

/// An open case that was opened through the API.
async fn opened(stage: &Stage, own: &Office) -> Value {
    let label = format!("Home {}", Uuid::now_v7());
    let family = json!({ "label": label, "areaId": id("area", own.area.id) });
    let client = stage.as_(&own.worker);
    let family = client.mutate("familyCreate", family, "family { id }").await;
    let input = json!({ "familyId": family.done("/family/id"), "kind": "ACCOMPANIMENT",
        "reason": "Neglect was confirmed.", "supportLevel": "CRISIS" });
    client.mutate("caseOpen", input, CASE).await.done("/case/id").clone()
}

fn closure(case: &Value) -> Value {
    json!({ "caseId": case, "outcome": "OVERCAME", "summary": "Work found, children at school." })
}

#[test]
fn a_case_is_opened_once_for_a_family_and_kind_with_its_lead_and_its_tasks() {
    run(async |stage| {
        let own = office(stage).await;
        let case = opened(stage, &own).await;
        let client = stage.as_(&own.worker);
        let query = format!(
            "{{ case(id: {case}) {{ family {{ id }} assignments {{ role worker {{ id }} }} }} }}"
        );
        let found = client.query(&query).await;
        assert_eq!(found.data("/case/assignments/0/role"), "LEAD");
        assert_eq!(
            found.data("/case/assignments/0/worker/id"),
            &json!(id("worker", own.worker.id))
        );
        let tasks = task::Entity::find().all(&stage.database.reader).await.unwrap();
        let today = stage.now().date_naive();
        let mut due: Vec<_> = tasks.iter().map(|task| (task.kind, task.due_on - today)).collect();
        due.sort();
        let expected = [
            (task::TaskKind::Visit, TimeDelta::days(7)),
            (task::TaskKind::Assessment, TimeDelta::days(10)),
        ];
        assert_eq!(due, expected);
        let again = json!({ "familyId": found.data("/case/family/id"), "kind": "ACCOMPANIMENT", "reason": "Again." });
        let refused = client.mutate("caseOpen", again, CASE).await;
        assert_eq!(refused.refusal(), ("ALREADY_EXISTS".to_owned(), "input.familyId".to_owned()));
    });
}

#[test]
fn a_level_of_support_sets_when_the_next_visit_is_due() {
    run(async |stage| {
        let own = office(stage).await;
        let case = opened(stage, &own).await;
        let client = stage.as_(&own.worker);
        let today = stage.now().date_naive();
        for (version, level, days) in [
            (1, json!("EMERGENCY"), Some(2)),
            (2, json!("BASIC"), Some(30)),
            (3, Value::Null, None),
        ] {
            let input = json!({ "id": case, "expectedVersion": version, "supportLevel": level });
            let changed = client.mutate("caseUpdate", input, CASE).await;
            assert_eq!(changed.done("/case/supportLevel"), &level);
            let visit = task::Entity::find()
                .filter(task::Column::Kind.eq(task::TaskKind::Visit))
                .one(&stage.database.reader)
                .await
                .unwrap()
                .unwrap();
            match days {
                Some(days) => assert_eq!(visit.due_on, today + TimeDelta::days(days)),
                None => assert_eq!(visit.status, task::TaskStatus::Cancelled),
            }
        }
        let stale = json!({ "id": case, "expectedVersion": 1, "supportLevel": "CRISIS" });
        let refused = client.mutate("caseUpdate", stale, CASE).await;
        assert_eq!(refused.user_error()["conflictingFields"], json!(["supportLevel"]));
        for status in ["CLOSED", "CLOSURE_REQUESTED"] {
            let input = json!({ "id": case, "expectedVersion": 4, "status": status });
            let refused = client.mutate("caseUpdate", input, CASE).await;
            assert_eq!(refused.refusal().0, "INVALID_STATE_TRANSITION");
        }
        let skipped = json!({ "id": case, "expectedVersion": 4, "status": "MONITORING" });
        let refused = client.mutate("caseUpdate", skipped, CASE).await;
        assert_eq!(refused.user_error()["__typename"], "TransitionError");
        assert_eq!(refused.user_error()["allowed"], json!(["ASSESSMENT", "CLOSURE_REQUESTED"]));
    });
}

#[test]
fn a_visit_that_is_late_stays_late_at_any_level() {
    run(async |stage| {
        let own = office(stage).await;
        let case = opened(stage, &own).await;
        let due = async || {
            let visits = task::Entity::find().filter(task::Column::Kind.eq(task::TaskKind::Visit));
            visits.one(&stage.database.reader).await.unwrap().unwrap()
        };
        let before = due().await;
        stage.wait(TimeDelta::days(20));
        for (version, level) in [(1, json!("EMERGENCY")), (2, Value::Null)] {
            let input = json!({ "id": case, "expectedVersion": version, "supportLevel": level });
            let client = stage.as_(&own.worker);
            let changed = client.mutate("caseUpdate", input, CASE).await;
            assert_eq!(changed.done("/case/supportLevel"), &level);
            assert_eq!(due().await, before, "{level}");
        }
    });
}

#[test]
fn who_was_assigned_stays_on_record() {
    run(async |stage| {
        let own = office(stage).await;
        let case = opened(stage, &own).await;
        let next = stage.worker(&own.branch, Role::Caseworker).await;
        let assign = |worker: &Person, role: &str| json!({ "caseId": case, "workerId": id("worker", worker.id), "role": role });
        let boss = stage.as_(&own.supervisor);
        let (statements, changed) =
            stage.counted(boss.mutate("caseAssign", assign(&next, "LEAD"), "case { id }")).await;
        changed.done("/case/id");
        assert!(statements <= 12, "{statements}: {:#?}", stage.said());
        let co = boss.mutate("caseAssign", assign(&own.worker, "CO"), CASE).await;
        let assignments = co.done("/case/assignments").as_array().unwrap();
        let open: Vec<_> = assignments.iter().filter(|one| one["until"].is_null()).collect();
        assert_eq!((assignments.len(), open.len()), (3, 2));
        let owners = task::Entity::find().all(&stage.database.reader).await.unwrap();
        assert!(
            owners.iter().all(|task| task.owner_id == Some(next.id)),
            "the lead owns what is due"
        );

        let refused = boss.mutate("caseAssign", assign(&next, "LEAD"), CASE).await;
        assert_eq!(refused.refusal().0, "ALREADY_EXISTS");
        let foreign = stage.somebody().await;
        let refused = boss.mutate("caseAssign", assign(&foreign, "CO"), CASE).await;
        assert_eq!(refused.refusal(), ("NOT_FOUND".to_owned(), "input.workerId".to_owned()));
        let of = |role: &str| {
            let one = open.iter().find(|one| one["role"] == role).unwrap();
            json!({ "caseId": case, "assignmentId": one["id"] })
        };
        let refused = boss.mutate("caseAssignmentEnd", of("LEAD"), CASE).await;
        assert_eq!(refused.refusal().0, "DEPENDENCY_FAILED");
        boss.mutate("caseAssignmentEnd", of("CO"), CASE).await.done("/case/id");
        let forbidden =
            stage.as_(&own.worker).mutate("caseAssign", assign(&next, "CO"), CASE).await;
        assert_eq!(forbidden.code(), "FORBIDDEN");
    });
}

#[test]
fn a_closure_takes_two_and_a_return_leaves_its_reason() {
    run(async |stage| {
        let own = office(stage).await;
        let case = opened(stage, &own).await;
        let boss = stage.as_(&own.supervisor);
        let asked = boss.mutate("caseClosureRequest", closure(&case), CASE).await;
        assert_eq!(asked.done("/case/status"), "CLOSURE_REQUESTED");
        let approve = json!({ "caseId": case, "isApproved": true });
        let refused = boss.mutate("caseClosureDecide", approve.clone(), CASE).await;
        assert_eq!(refused.refusal(), ("APPROVER_IS_REQUESTER".to_owned(), "input".to_owned()));
        let second = stage.worker(&own.branch, Role::Supervisor).await;
        let second = stage.as_(&second);
        let silent = json!({ "caseId": case, "isApproved": false });
        let refused = second.mutate("caseClosureDecide", silent, CASE).await;
        assert_eq!(refused.refusal(), ("REQUIRED".to_owned(), "input.note".to_owned()));
        let back = json!({ "caseId": case, "isApproved": false, "note": "See the school first." });
        let back = second.mutate("caseClosureDecide", back, CASE).await;
        assert_eq!(back.done("/case/status"), "ASSESSMENT", "nothing is assessed or planned yet");
        assert_eq!(back.done("/case/episodes/0/closureClass"), &Value::Null);
        assert_eq!(back.done("/case/episodes/0/notes/0/kind"), "CLOSURE_RETURNED");
        assert_eq!(back.done("/case/episodes/0/notes/0/body"), "See the school first.");

        let client = stage.as_(&own.worker);
        client.mutate("caseClosureRequest", closure(&case), CASE).await.done("/case/id");
        let (statements, closed) = stage
            .counted(boss.mutate("caseClosureDecide", approve.clone(), "case { status }"))
            .await;
        assert_eq!(closed.done("/case/status"), "CLOSED");
        assert!(statements <= 12, "{statements}: {:#?}", stage.said());
        let again = boss.mutate("caseClosureDecide", approve, CASE).await;
        assert_eq!(again.user_error()["__typename"], "TransitionError");
        let open = task::Entity::find()
            .filter(task::Column::Status.eq(task::TaskStatus::Open))
            .all(&stage.database.reader)
            .await
            .unwrap();
        assert!(open.is_empty(), "nothing of a closed case is due: {open:?}");
    });
}

#[test]
#[expect(clippy::too_many_lines, reason = "one story, told at once")]
fn a_closed_episode_takes_an_addendum_and_nothing_else_and_a_reopening_is_a_new_one() {
    run(async |stage| {
        let own = office(stage).await;
        let case = opened(stage, &own).await;
        let client = stage.as_(&own.worker);
        let early = json!({ "caseId": case, "body": "Too early." });
        let refused = client.mutate("caseAddendumAdd", early, CASE).await;
        assert_eq!(refused.refusal(), ("NOT_FOUND".to_owned(), "input.episodeId".to_owned()));
        client.mutate("caseClosureRequest", closure(&case), CASE).await.done("/case/id");
        let approve = json!({ "caseId": case, "isApproved": true });
        let closed = stage.as_(&own.supervisor).mutate("caseClosureDecide", approve, CASE).await;
        let version = closed.done("/case/version").clone();

        let update = json!({ "id": case, "expectedVersion": version, "supportLevel": "BASIC" });
        let refused = client.mutate("caseUpdate", update, CASE).await;
        assert_eq!(
            refused.refusal(),
            ("INVALID_STATE_TRANSITION".to_owned(), "input.id".to_owned())
        );
        let refused = client.mutate("caseClosureRequest", closure(&case), CASE).await;
        assert_eq!(refused.refusal().0, "INVALID_STATE_TRANSITION");
        let added = json!({ "caseId": case, "body": "The school called: all is well." });
        let added = client.mutate("caseAddendumAdd", added, CASE).await;
        assert_eq!(added.done("/case/episodes/0/notes/0/kind"), "ADDENDUM");

        let hurried = json!({ "caseId": case, "reason": "Again.", "isActive": true });
        let refused = client.mutate("caseReopen", hurried, CASE).await;
        assert_eq!(
            refused.refusal(),
            ("DEPENDENCY_FAILED".to_owned(), "input.isActive".to_owned())
        );
        stage.wait(TimeDelta::days(40));
        let reopen = json!({ "caseId": case, "reason": "A new report was confirmed." });
        let (statements, again) =
            stage.counted(client.mutate("caseReopen", reopen.clone(), "case { status }")).await;
        assert_ne!(again.status, 401, "tokens follow the story's clock");
        assert_eq!(again.done("/case/status"), "ASSESSMENT");
        assert!(statements <= 12, "{statements}: {:#?}", stage.said());
        // What happened between the episodes, or in the first one, is not dated into it any more.
        let day = stage.now() - TimeDelta::days(20);
        let on = day.date_naive();
        let child = json!(id("person", Uuid::now_v7()));
        for (mutation, input, field) in [
            (
                "visitRecord",
                json!({ "outcome": "NO_ACCESS", "purpose": "MONITORING",
                "visitedAt": day.to_rfc3339(), "note": "Nobody opened." }),
                "visitedAt",
            ),
            (
                "serviceRecord",
                json!({ "deliveredOn": on, "personIds": [child],
                "serviceTypeId": id("servicetype", Uuid::now_v7()) }),
                "deliveredOn",
            ),
            (
                "assessmentRecord",
                json!({ "assessedOn": on, "tool": "T", "toolVersion": "1",
                "riskLevel": "HIGH", "answers": [] }),
                "assessedOn",
            ),
        ] {
            let mut input = input;
            input["caseId"] = case.clone();
            let late = client.mutate(mutation, input, "replayed").await;
            let expected = ("OUT_OF_RANGE".to_owned(), format!("input.{field}"));
            assert_eq!(late.refusal(), expected, "{mutation}");
        }
        let refused = client.mutate("caseReopen", reopen, CASE).await;
        assert_eq!(refused.refusal().0, "INVALID_STATE_TRANSITION");
        let episodes = episode::Entity::find().all(&stage.database.reader).await.unwrap();
        let mut numbers: Vec<_> =
            episodes.iter().map(|one| (one.no, one.closed_on.is_none())).collect();
        numbers.sort_unstable();
        assert_eq!(numbers, [(1, false), (2, true)]);
    });
}
