//! Another organisation takes a case over: all that is open of it, at once; and who led it sees the
//! family no more.

use chrono::TimeDelta;
use entity::access_grant::{AccessLevel, GrantBasis};
use entity::assignment::{self, AssignmentRole};
use entity::change::ChangeKind;
use entity::membership::Role;
use entity::task::{self, TaskStatus};
use entity::{case, family, visit};
use futures_util::future::join_all;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};

use super::scene::{Scene, WAYS, with};
use crate::harness::world::{Branch, Person, id};
use crate::harness::{Stage, run};

/// Another office that takes cases over.
struct Taker {
    office: Branch,
    boss: Person,
    other_boss: Person,
    worker: Person,
}

impl Taker {
    async fn set(stage: &Stage) -> Self {
        let office = stage.organisation("Taker", None).await;
        Self {
            boss: stage.worker(&office, Role::Supervisor).await,
            other_boss: stage.worker(&office, Role::Supervisor).await,
            worker: stage.worker(&office, Role::Caseworker).await,
            office,
        }
    }

    fn propose(&self, scene: &Scene<'_>, more: &Value) -> Value {
        let input = json!({ "caseId": id("case", scene.home.case), "reason": "The family moved.",
            "toOrganisationId": id("organisation", self.office.id) });
        with(input, more)
    }

    async fn proposed(&self, scene: &Scene<'_>) -> String {
        let input = self.propose(scene, &json!({}));
        let answer = scene.sends(&scene.boss, "transferPropose", input, "transfer").await;
        assert_eq!(answer.done("/transfer/status"), "PROPOSED");
        answer.done("/transfer/id").as_str().unwrap().to_owned()
    }

    fn accept(&self, transfer: &str) -> Value {
        json!({ "id": transfer, "accepts": true, "workerId": id("worker", self.worker.id) })
    }
}

/// A case with a lead worker, open tasks and a planned visit.
async fn at_work(scene: &Scene<'_>) {
    let client = scene.stage.as_(&scene.boss);
    let case = id("case", scene.home.case);
    let lead = json!({ "caseId": case, "workerId": id("worker", scene.worker.id), "role": "LEAD" });
    client.mutate("caseAssign", lead, "case { id }").await.done("/case/id");
    let level = json!({ "id": case, "expectedVersion": 1, "supportLevel": "CRISIS" });
    client.mutate("caseUpdate", level, "case { id }").await.done("/case/id");
    let day = scene.stage.today() + TimeDelta::days(3);
    let visit = json!({ "caseId": case, "purpose": "MONITORING", "scheduledFor": day });
    client.mutate("visitSchedule", visit, "visit { id }").await.done("/visit/id");
}

#[test]
#[expect(clippy::too_many_lines, reason = "one story, told at once")]
fn by_its_acceptance_everything_open_is_the_new_leads() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let taker = Taker::set(stage).await;
        at_work(&scene).await;
        let (_, referral) = scene.shared(&json!({})).await;
        let own = Some(scene.home.child);
        let (level, basis) = (AccessLevel::Full, GrantBasis::Lead);
        stage.grant_until(&scene.office, None, own, level, basis, scene.home.child, None).await;
        let transfer = taker.proposed(&scene).await;
        assert!(scene.finds(&taker.boss, &transfer).await);
        assert_eq!(scene.ways(&taker.boss).await, 0, "nothing of the family is shown by it");
        let query = format!(
            "{{ node(id: \"{transfer}\") {{ ... on Transfer {{ reason caseReference expiresAt
                case {{ id }} family {{ id }} viewerPermissions {{ canAnswer canRevoke }} }} }} }}"
        );
        let seen = stage.as_(&taker.boss).query(&query).await;
        assert_eq!(seen.data("/node/reason"), "The family moved.");
        assert!(seen.data("/node/caseReference").as_str().unwrap().starts_with("C-"));
        assert_eq!(seen.data("/node/case"), &Value::Null);
        assert_eq!(seen.data("/node/family"), &Value::Null);
        assert_eq!(
            seen.data("/node/viewerPermissions"),
            &json!({ "canAnswer": true, "canRevoke": false })
        );
        for by in [&taker.worker, &scene.stranger] {
            let node = format!("{{ node(id: \"{transfer}\") {{ id }} }}");
            assert_eq!(stage.as_(by).query(&node).await.data("/node"), &Value::Null);
        }

        let input = taker.accept(&transfer);
        let answer = scene.sends(&taker.boss, "transferAnswer", input, "transfer").await;
        assert_eq!(answer.done("/transfer/status"), "ACCEPTED");
        for by in [&taker.boss, &taker.worker] {
            assert_eq!(scene.ways(by).await, WAYS);
        }
        for by in [&scene.boss, &scene.worker] {
            assert_eq!(scene.ways(by).await, 0, "who led it sees it no more");
            assert!(!scene.finds(by, &transfer).await);
            assert!(!scene.finds(by, &referral).await);
        }
        let told = scene.told().await;
        assert!(told.contains(&(ChangeKind::AccessLost, Some(scene.office.id))), "{told:?}");
        assert!(told.contains(&(ChangeKind::AccessGained, Some(taker.office.id))), "{told:?}");
        let database = &stage.database.reader;
        let case = case::Entity::find_by_id(scene.home.case).one(database).await.unwrap().unwrap();
        assert_eq!(case.lead_organisation_id, taker.office.id);
        let family =
            family::Entity::find_by_id(scene.home.id).one(database).await.unwrap().unwrap();
        assert_eq!(family.lead_organisation_id, Some(taker.office.id));
        let open = assignment::Entity::find().filter(assignment::Column::Until.is_null());
        let open = open.all(database).await.unwrap();
        let [lead] = open.as_slice() else { panic!("one is assigned: {open:?}") };
        assert_eq!((lead.worker_id, lead.role), (taker.worker.id, AssignmentRole::Lead));
        let tasks = task::Entity::find().filter(task::Column::Status.eq(TaskStatus::Open));
        let tasks = tasks.all(database).await.unwrap();
        assert!(!tasks.is_empty());
        for task in tasks {
            assert_eq!(task.owner_id, Some(taker.worker.id), "{task:?}");
            assert_eq!(task.organisation_id, taker.office.id, "{task:?}");
        }
        let visits = visit::Entity::find().all(database).await.unwrap();
        assert!(visits.iter().all(|visit| visit.worker_id == Some(taker.worker.id)), "{visits:?}");
        // What was shared with the partner goes on, and is the new lead's to end.
        assert_eq!(scene.ways(&scene.helper).await, WAYS);
        let revoke = json!({ "id": referral, "reason": "We do it." });
        let ended = scene.sends(&taker.worker, "referralRevoke", revoke, "referral").await;
        assert_eq!(ended.done("/referral/status"), "REVOKED");
        scene.is_over(&referral).await;
    });
}

#[test]
fn who_leads_another_case_of_the_family_still_sees_it() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let taker = Taker::set(stage).await;
        let open = json!({ "familyId": id("family", scene.home.id), "kind": "EARLY_HELP",
            "reason": "They ask for help." });
        scene.sends(&scene.boss, "caseOpen", open, "case").await.done("/case/id");
        let transfer = taker.proposed(&scene).await;
        let input = taker.accept(&transfer);
        scene.sends(&taker.boss, "transferAnswer", input, "transfer").await.done("/transfer/id");
        assert_eq!(scene.ways(&scene.boss).await, WAYS);
        assert_eq!(scene.ways(&taker.boss).await, WAYS);
        // But the case is not theirs to give away any more.
        let again =
            taker.propose(&scene, &json!({ "toOrganisationId": id("organisation", scene.ngo.id) }));
        let refused = scene.sends(&scene.boss, "transferPropose", again, "").await.refusal();
        assert_eq!(refused, ("PERMISSION_DENIED".to_owned(), "input.caseId".to_owned()));
    });
}

#[test]
fn it_is_declined_taken_back_or_runs_out_and_nothing_moved() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let taker = Taker::set(stage).await;
        let declined = taker.proposed(&scene).await;
        let second = taker.propose(&scene, &json!({}));
        let open = scene.sends(&scene.boss, "transferPropose", second, "").await.refusal();
        assert_eq!(open, ("ALREADY_EXISTS".to_owned(), "input.caseId".to_owned()));
        let no = json!({ "id": declined, "accepts": false, "reason": "No room." });
        scene.sends(&taker.boss, "transferAnswer", no, "transfer").await.done("/transfer");
        assert_eq!(scene.stands(&declined).await, (json!("DECLINED"), json!("No room.")));
        assert!(!scene.finds(&taker.boss, &declined).await);

        let revoked = taker.proposed(&scene).await;
        let back = json!({ "id": revoked, "reason": "They stay." });
        let theirs = scene.sends(&taker.boss, "transferRevoke", back.clone(), "").await.refusal();
        assert_eq!(theirs, ("NOT_FOUND".to_owned(), "input.id".to_owned()));
        scene.sends(&scene.boss, "transferRevoke", back, "transfer").await.done("/transfer/id");
        assert!(!scene.finds(&taker.boss, &revoked).await);
        let late = taker.accept(&revoked);
        let refused = scene.sends(&taker.boss, "transferAnswer", late, "").await.refusal();
        assert_eq!(refused, ("NOT_FOUND".to_owned(), "input.id".to_owned()));

        let expired = taker.proposed(&scene).await;
        stage.wait(TimeDelta::days(14));
        assert!(!scene.finds(&taker.boss, &expired).await, "before that is noted");
        let late = taker.accept(&expired);
        let refused = scene.sends(&taker.boss, "transferAnswer", late, "").await.refusal();
        assert_eq!(refused, ("NOT_FOUND".to_owned(), "input.id".to_owned()));
        // What ran out is in nobody's way.
        let next = taker.proposed(&scene).await;
        assert_eq!(scene.stands(&expired).await.0, "EXPIRED");
        stage.wait(TimeDelta::days(14));
        assert_eq!(hearth::upkeep::pass(&stage.app).await.unwrap(), 1);
        assert_eq!(hearth::upkeep::pass(&stage.app).await.unwrap(), 0);
        assert_eq!(scene.stands(&next).await.0, "EXPIRED");
        assert_eq!(scene.ways(&taker.boss).await, 0);
        assert_eq!(scene.ways(&scene.boss).await, WAYS);
    });
}

#[test]
#[expect(clippy::too_many_lines, reason = "one story, told at once")]
fn it_is_refused_with_what_to_do() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let taker = Taker::set(stage).await;
        for (more, code, path) in [
            (json!({ "reason": "" }), "REQUIRED", "input.reason"),
            (
                json!({ "toOrganisationId": id("organisation", scene.office.id) }),
                "ALREADY_EXISTS",
                "input.toOrganisationId",
            ),
            (json!({ "expiresAt": stage.now() }), "OUT_OF_RANGE", "input.expiresAt"),
            (
                json!({ "expiresAt": stage.now() + TimeDelta::days(100) }),
                "OUT_OF_RANGE",
                "input.expiresAt",
            ),
        ] {
            let input = taker.propose(&scene, &more);
            let refused = scene.sends(&scene.boss, "transferPropose", input, "").await.refusal();
            assert_eq!(refused, (code.to_owned(), path.to_owned()), "{more}");
        }
        let input = taker.propose(&scene, &json!({}));
        let refused = scene.sends(&taker.boss, "transferPropose", input, "").await.refusal();
        assert_eq!(refused, ("NOT_FOUND".to_owned(), "input.caseId".to_owned()));
        let transfer = taker.proposed(&scene).await;
        for (more, code, path) in [
            (json!({ "workerId": null }), "REQUIRED", "input.workerId"),
            (json!({ "workerId": id("worker", scene.worker.id) }), "NOT_FOUND", "input.workerId"),
            (json!({ "accepts": false }), "REQUIRED", "input.reason"),
            (json!({ "accepts": false, "reason": "No." }), "INVALID", "input.workerId"),
        ] {
            let input = with(taker.accept(&transfer), &more);
            let refused = scene.sends(&taker.boss, "transferAnswer", input, "").await.refusal();
            assert_eq!(refused, (code.to_owned(), path.to_owned()), "{more}");
        }
        let own = scene.sends(&scene.boss, "transferAnswer", taker.accept(&transfer), "").await;
        assert_eq!(own.refusal(), ("PERMISSION_DENIED".to_owned(), "input.id".to_owned()));
        // A case that somebody is asked to take is not closed meanwhile.
        let close = json!({ "caseId": id("case", scene.home.case), "outcome": "OVERCAME",
            "summary": "All is well." });
        let refused = scene.sends(&scene.boss, "caseClosureRequest", close.clone(), "").await;
        assert_eq!(refused.refusal().0, "DEPENDENCY_FAILED");
        let back = json!({ "id": transfer, "reason": "They stay." });
        scene.sends(&scene.boss, "transferRevoke", back, "transfer").await.done("/transfer/id");
        scene.sends(&scene.boss, "caseClosureRequest", close, "case").await.done("/case/id");
        let input = taker.propose(&scene, &json!({}));
        let refused = scene.sends(&scene.boss, "transferPropose", input, "").await.refusal();
        assert_eq!(refused, ("DEPENDENCY_FAILED".to_owned(), "input.caseId".to_owned()));
    });
}

#[test]
fn of_two_answers_at_once_one_counts() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let taker = Taker::set(stage).await;
        let transfer = taker.proposed(&scene).await;
        let sends = [&taker.boss, &taker.other_boss, &taker.boss, &taker.other_boss]
            .map(|by| scene.sends(by, "transferAnswer", taker.accept(&transfer), "transfer"));
        let answers = join_all(sends).await;
        let done =
            |answer: &&crate::harness::Answer| answer.data("/result/userErrors") == &json!([]);
        assert_eq!(answers.iter().filter(done).count(), 1);
        for answer in answers.iter().filter(|answer| !done(answer)) {
            assert_eq!(answer.refusal().0, "INVALID_STATE_TRANSITION", "{}", answer.text);
        }
        let open = assignment::Entity::find().filter(assignment::Column::Until.is_null());
        assert_eq!(open.all(&stage.database.reader).await.unwrap().len(), 1);
    });
}
