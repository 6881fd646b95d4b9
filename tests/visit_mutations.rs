//! Visits: planned, made, missed; for a case, or to verify a report; from an office or a centre.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use entity::access_grant::{AccessLevel, GrantBasis};
use entity::case::{self, CaseStatus, SupportLevel};
use entity::concern_report::{ConcernStatus, ConcernUrgency};
use entity::family_member::MemberRole;
use entity::membership::Role;
use entity::{task, visit};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveEnum, ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::world::{Branch, Household, Person, START, id};
use crate::harness::{Answer, Client, Stage, run};

const VISIT: &str = "visit { id version status purpose scheduledFor visitedAt note nextDueOn \
    worker { id } case { id nextVisitDueOn visitEveryDays } concernReport { id status } \
    children { child { id } isSeen isSeenAlone } }";

/// An office that works with a family in a crisis.
struct Scene<'s> {
    stage: &'s Stage,
    area: Branch,
    office: Branch,
    home: Household,
    worker: Person,
}

impl<'s> Scene<'s> {
    async fn set(stage: &'s Stage) -> Self {
        let area = stage.area("Area", None).await;
        let office = stage.organisation("Office", None).await;
        let home = stage.household(&office, &area, "X").await;
        let worker = stage.worker(&office, Role::Caseworker).await;
        let scene = Self { stage, area, office, home, worker };
        scene.case(case::Column::SupportLevel, SupportLevel::Crisis.to_value()).await;
        scene
    }

    async fn case(&self, column: case::Column, value: impl Into<sea_orm::Value>) {
        case::Entity::update_many()
            .col_expr(column, Expr::value(value))
            .filter(case::Column::Id.eq(self.home.case))
            .exec(&self.stage.database.writer)
            .await
            .unwrap();
    }

    fn client(&self) -> Client<'_> {
        self.stage.as_(&self.worker)
    }

    fn in_days(&self, days: i64) -> NaiveDate {
        self.stage.today() + TimeDelta::days(days)
    }

    fn ago(&self, days: i64) -> DateTime<Utc> {
        self.stage.now() - TimeDelta::days(days)
    }

    /// Plans a visit and gives its id.
    async fn planned(&self, days: i64) -> String {
        let input = json!({ "caseId": id("case", self.home.case), "purpose": "MONITORING",
            "scheduledFor": self.in_days(days) });
        let done = self.client().mutate("visitSchedule", input, VISIT).await;
        done.done("/visit/id").as_str().unwrap().to_owned()
    }

    async fn record(&self, input: Value) -> Answer {
        self.client().mutate("visitRecord", input, VISIT).await
    }

    /// A visit that nobody planned, made some days ago.
    fn made(&self, days: i64) -> Value {
        json!({ "caseId": id("case", self.home.case), "purpose": "MONITORING",
            "outcome": "COMPLETED", "visitedAt": self.ago(days) })
    }

    async fn task(&self) -> Option<task::Model> {
        task::Entity::find()
            .filter(task::Column::CaseId.eq(self.home.case))
            .one(&self.stage.database.reader)
            .await
            .unwrap()
    }

    async fn due(&self) -> Option<NaiveDate> {
        let task = self.task().await?;
        (task.status == task::TaskStatus::Open).then_some(task.due_on)
    }
}

fn refused(code: &str, path: &str) -> (String, String) {
    (code.to_owned(), path.to_owned())
}

#[test]
fn a_planned_visit_is_made_and_the_next_one_is_due() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let sibling = stage.member(scene.home.id, MemberRole::Child, "Y", START).await;
        let first = scene.planned(3).await;
        assert_eq!(scene.due().await, Some(scene.in_days(3)));
        scene.planned(20).await;
        assert_eq!(scene.due().await, Some(scene.in_days(3)), "the earlier day is kept");
        let second = scene.planned(1).await;
        assert_eq!(scene.due().await, Some(scene.in_days(1)));
        assert_ne!(first, second);

        let input = json!({ "id": second, "outcome": "COMPLETED", "visitedAt": scene.ago(0),
            "note": "All is well.", "expectedVersion": 1,
            "children": [{ "personId": id("child", scene.home.child), "seen": true,
                "seenAlone": true }] });
        let done = scene.record(input).await;
        assert_eq!(done.done("/visit/status"), "COMPLETED");
        assert_eq!(done.done("/visit/version"), 2);
        assert_eq!(done.done("/visit/note"), "All is well.");
        assert_eq!(done.done("/visit/nextDueOn"), &json!(scene.in_days(7)));
        assert_eq!(done.done("/visit/worker/id"), &json!(id("worker", scene.worker.id)));
        assert_eq!(done.done("/visit/case/visitEveryDays"), 7);
        assert_eq!(done.done("/visit/case/nextVisitDueOn"), &json!(scene.in_days(3)));
        let mut children = vec![
            json!({ "child": { "id": id("child", scene.home.child) }, "isSeen": true,
                "isSeenAlone": true }),
            json!({ "child": { "id": id("child", sibling) }, "isSeen": false,
                "isSeenAlone": false }),
        ];
        children.sort_by_key(|child| child["child"]["id"].to_string());
        assert_eq!(done.done("/visit/children"), &json!(children));
    });
}

#[test]
fn the_heaviest_recording_and_planning_stay_within_twelve_statements() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let colleague = stage.worker(&scene.office, Role::Supervisor).await;
        let case_id = id("case", scene.home.case);
        let input = json!({ "caseId": case_id, "purpose": "CRISIS", "scheduledFor": scene.in_days(1),
            "workerId": id("worker", colleague.id) });
        let client = scene.client();
        let (statements, done) =
            stage.counted(client.mutate("visitSchedule", input, "visit { id }")).await;
        assert!(statements <= 12, "{statements}: {:#?}", stage.said());
        let children = json!([{ "personId": id("person", scene.home.child), "seen": true }]);
        let input = json!({ "id": done.done("/visit/id"), "outcome": "COMPLETED",
            "visitedAt": scene.ago(1), "children": children });
        let (statements, done) =
            stage.counted(client.mutate("visitRecord", input, "visit { id }")).await;
        done.done("/visit/id");
        assert!(statements <= 12, "{statements}: {:#?}", stage.said());

        let (office, area) = (&scene.office, &scene.area);
        let status = ConcernStatus::Triaged;
        let report =
            stage.report(office, area, status, ConcernUrgency::Routine, Some(scene.home.id)).await;
        let input = json!({ "id": id("visit", Uuid::now_v7()), "outcome": "COMPLETED",
            "concernReportId": id("report", report), "visitedAt": scene.ago(0),
            "children": children });
        let (statements, done) =
            stage.counted(client.mutate("visitRecord", input, "visit { id }")).await;
        done.done("/visit/id");
        assert!(statements <= 12, "{statements}: {:#?}", stage.said());
    });
}

#[test]
fn a_visit_that_nobody_planned_is_recorded_once_and_never_changed() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let own = id("visit", Uuid::now_v7());
        let mut input = scene.made(1);
        input["id"] = json!(own);
        let (client, key) = (scene.client(), Uuid::now_v7());
        let first = client.mutate_as(key, "visitRecord", input.clone(), VISIT).await;
        assert_eq!(first.done("/visit/id"), &json!(own));
        assert_eq!(first.done("/visit/scheduledFor"), &json!(scene.in_days(-1)));
        assert_eq!(first.done("/visit/case/nextVisitDueOn"), &json!(scene.in_days(6)));
        let again = client.mutate_as(key, "visitRecord", input.clone(), VISIT).await;
        assert!(again.replayed());
        assert_eq!(again.done("/visit"), first.done("/visit"));
        let another = scene.record(input).await;
        assert_eq!(another.refusal(), refused("INVALID_STATE_TRANSITION", "input.outcome"));
        assert_eq!(another.user_error()["__typename"], "TransitionError");
        assert_eq!(another.user_error()["allowed"], json!([]));
        assert_eq!(visit::Entity::find().all(&stage.database.reader).await.unwrap().len(), 1);
    });
}

#[test]
fn what_became_of_a_visit_is_final() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let outcomes = ["COMPLETED", "NO_ACCESS", "MISSED", "CANCELLED"];
        let input = |visit: &str, outcome: &str| {
            let was_there = matches!(outcome, "COMPLETED" | "NO_ACCESS");
            json!({ "id": visit, "outcome": outcome, "note": "So it was.",
                "visitedAt": was_there.then(|| scene.ago(0)) })
        };
        for outcome in outcomes {
            let visit = scene.planned(1).await;
            let done = scene.record(input(&visit, outcome)).await;
            assert_eq!(done.done("/visit/status"), outcome);
            for next in outcomes {
                let refusal = scene.record(input(&visit, next)).await.refusal();
                assert_eq!(refusal, refused("INVALID_STATE_TRANSITION", "input.outcome"), "{next}");
            }
        }
    });
}

#[test]
fn a_visit_that_was_not_made_stays_due() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let told = |visit: &str, outcome: &str, at: Option<DateTime<Utc>>| json!({ "id": visit, "outcome": outcome, "visitedAt": at, "note": "Nobody there." });
        for (outcome, at) in [("MISSED", None), ("NO_ACCESS", Some(scene.ago(0)))] {
            let visit = scene.planned(2).await;
            scene.record(told(&visit, outcome, at)).await.done("/visit/id");
            assert_eq!(scene.due().await, Some(scene.in_days(2)), "{outcome}");
        }
        // Cancelled: due as planned, unless another is planned.
        let (soon, later) = (scene.planned(2).await, scene.planned(5).await);
        scene.record(told(&soon, "CANCELLED", None)).await.done("/visit/id");
        assert_eq!(scene.due().await, Some(scene.in_days(5)));
        scene.record(told(&later, "CANCELLED", None)).await.done("/visit/id");
        assert_eq!(scene.due().await, Some(scene.in_days(5)));
    });
}

#[test]
fn a_visit_that_is_recorded_late_does_not_undo_a_later_one_and_without_a_level_none_is_due() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        scene.record(scene.made(1)).await.done("/visit/id");
        assert_eq!(scene.due().await, Some(scene.in_days(6)));
        scene.record(scene.made(30)).await.done("/visit/id");
        assert_eq!(scene.due().await, Some(scene.in_days(6)));
        scene.case(case::Column::SupportLevel, None::<String>).await;
        let done = scene.record(scene.made(0)).await;
        assert_eq!(done.done("/visit/nextDueOn"), &json!(null));
        assert_eq!(done.done("/visit/case/nextVisitDueOn"), &json!(null));
        let task = scene.task().await.unwrap();
        assert_eq!(task.status, task::TaskStatus::Done);
        assert_eq!(task.closed_by, Some(scene.worker.id));
    });
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table of what is refused")]
fn what_makes_no_sense_is_refused_at_its_place() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let late = stage.member(scene.home.id, MemberRole::Child, "Z", scene.in_days(-2)).await;
        let child = id("person", scene.home.child);
        let seen = |person: &str| json!({ "personId": person, "seen": true });
        let with = |field: &str, value: Value| {
            let mut input = scene.made(10);
            input[field] = value;
            input
        };
        let stranger = id("person", Uuid::now_v7());
        let parent = id("person", scene.home.parent);
        let alone = json!([{ "personId": child, "seen": false, "seenAlone": true }]);
        let report = id("report", Uuid::now_v7());
        let cases = [
            (with("visitedAt", json!(null)), "REQUIRED", "input.visitedAt"),
            (with("visitedAt", json!(scene.ago(-1))), "OUT_OF_RANGE", "input.visitedAt"),
            (with("visitedAt", json!(scene.ago(91))), "OUT_OF_RANGE", "input.visitedAt"),
            (with("note", json!("\u{7}")), "INVALID", "input.note"),
            (with("note", json!("x".repeat(10_001))), "TOO_LONG", "input.note"),
            (with("outcome", json!("NO_ACCESS")), "REQUIRED", "input.note"),
            (with("purpose", json!(null)), "REQUIRED", "input.purpose"),
            (with("caseId", json!(null)), "REQUIRED", "input.caseId"),
            (with("concernReportId", json!(report)), "INVALID", "input.concernReportId"),
            (with("caseId", json!(id("case", Uuid::now_v7()))), "NOT_FOUND", "input.caseId"),
            (with("children", alone), "INVALID", "input.children.0.seenAlone"),
            (with("children", json!([seen(&child), seen(&child)])), "INVALID", "input.children"),
            (
                with("children", json!([seen(&child), seen(&stranger)])),
                "NOT_FOUND",
                "input.children.1.personId",
            ),
            (with("children", json!([seen(&parent)])), "INVALID", "input.children.0.personId"),
            (
                with("children", json!([seen(&id("child", late))])),
                "OUT_OF_RANGE",
                "input.children.0.personId",
            ),
        ];
        for (input, code, path) in cases {
            let told = input.to_string();
            assert_eq!(scene.record(input).await.refusal(), refused(code, path), "{told:.300}");
        }
        let mut missed = scene.made(10);
        (missed["outcome"], missed["note"]) = (json!("MISSED"), json!("Ill."));
        let at = missed.as_object_mut().unwrap().remove("visitedAt");
        assert_eq!(
            scene.record(missed.clone()).await.refusal(),
            refused("INVALID", "input.outcome")
        );
        missed["visitedAt"] = at.unwrap();
        assert_eq!(scene.record(missed).await.refusal(), refused("INVALID", "input.visitedAt"));
        let unknown = json!({ "id": id("visit", Uuid::now_v7()), "outcome": "COMPLETED",
            "visitedAt": scene.ago(0) });
        assert_eq!(scene.record(unknown).await.refusal(), refused("NOT_FOUND", "input.id"));
        let malformed = scene.record(with("caseId", json!("case_x"))).await;
        assert_eq!(malformed.code(), "BAD_USER_INPUT");
    });
}

#[test]
fn a_planned_visit_is_recorded_as_it_was_planned_and_on_the_version_it_was_seen_at() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let visit = scene.planned(1).await;
        let with = |field: &str, value: Value| {
            let mut input =
                json!({ "id": visit, "outcome": "COMPLETED", "visitedAt": scene.ago(0) });
            input[field] = value;
            input
        };
        let other = json!(id("case", Uuid::now_v7()));
        let refusal = scene.record(with("caseId", other)).await.refusal();
        assert_eq!(refusal, refused("INVALID", "input.caseId"));
        let refusal = scene.record(with("purpose", json!("CRISIS"))).await.refusal();
        assert_eq!(refusal, refused("INVALID", "input.purpose"));
        let stale = scene.record(with("expectedVersion", json!(7))).await;
        assert_eq!(stale.refusal(), refused("VERSION_CONFLICT", "input.expectedVersion"));
        assert_eq!(stale.user_error()["currentVersion"], 1);
        scene.case(case::Column::OpenedOn, scene.in_days(2)).await;
        let refusal = scene.record(with("note", json!(null))).await.refusal();
        assert_eq!(refusal, refused("OUT_OF_RANGE", "input.visitedAt"));
        scene.case(case::Column::Status, CaseStatus::Closed.to_value()).await;
        let refusal = scene.record(with("note", json!(null))).await.refusal();
        assert_eq!(refusal, refused("INVALID_STATE_TRANSITION", "input.id"));
    });
}

#[test]
fn a_visit_is_planned_for_a_day_to_come_by_somebody_who_visits() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let with = |field: &str, value: Value| {
            let mut input = json!({ "caseId": id("case", scene.home.case),
                "purpose": "MONITORING", "scheduledFor": scene.in_days(1) });
            input[field] = value;
            input
        };
        let elsewhere = stage.somebody().await;
        let analyst = stage.worker(&scene.office, Role::Analyst).await;
        let report = json!(id("report", Uuid::now_v7()));
        let cases = [
            (with("scheduledFor", json!(scene.in_days(-1))), "OUT_OF_RANGE", "input.scheduledFor"),
            (with("scheduledFor", json!(scene.in_days(800))), "OUT_OF_RANGE", "input.scheduledFor"),
            (with("purpose", json!(null)), "REQUIRED", "input.purpose"),
            (with("caseId", json!(null)), "REQUIRED", "input.caseId"),
            (with("concernReportId", report), "INVALID", "input.concernReportId"),
            (with("workerId", json!(id("worker", elsewhere.id))), "NOT_FOUND", "input.workerId"),
            (with("workerId", json!(id("worker", analyst.id))), "NOT_FOUND", "input.workerId"),
            (with("workerId", json!(id("worker", Uuid::now_v7()))), "NOT_FOUND", "input.workerId"),
        ];
        let client = scene.client();
        for (input, code, path) in cases {
            let told = input.to_string();
            let answer = client.mutate("visitSchedule", input, VISIT).await;
            assert_eq!(answer.refusal(), refused(code, path), "{told}");
        }
        scene.case(case::Column::Status, CaseStatus::Closed.to_value()).await;
        let closed = client.mutate("visitSchedule", with("id", json!(null)), VISIT).await;
        assert_eq!(closed.refusal(), refused("INVALID_STATE_TRANSITION", "input.caseId"));
    });
}

#[test]
fn who_works_in_a_branch_visits_the_families_that_the_branch_sees() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let branch = stage.organisation("Branch", Some(&scene.office)).await;
        let below = stage.worker(&branch, Role::Caseworker).await;
        let given = json!({ "caseId": id("case", scene.home.case), "purpose": "MONITORING",
            "scheduledFor": scene.in_days(1), "workerId": id("worker", below.id) });
        let unseen = scene.client().mutate("visitSchedule", given.clone(), VISIT).await;
        assert_eq!(unseen.refusal(), refused("NOT_FOUND", "input.workerId"));
        let (full, lead) = (AccessLevel::Full, GrantBasis::Lead);
        stage.grant(&branch, scene.home.id, full, lead, scene.home.case).await;
        let done = scene.client().mutate("visitSchedule", given, VISIT).await;
        assert_eq!(done.done("/visit/worker/id"), &json!(id("worker", below.id)));
        assert_eq!(scene.task().await.unwrap().owner_id, Some(below.id));
    });
}

#[test]
fn a_report_is_verified_by_a_visit() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let (office, area) = (&scene.office, &scene.area);
        let family = Some(scene.home.id);
        let report = stage
            .report(office, area, ConcernStatus::Triaged, ConcernUrgency::Routine, family)
            .await;
        let report = id("report", report);
        let client = scene.client();
        let plan = json!({ "concernReportId": report, "scheduledFor": scene.in_days(0) });
        let planned = client.mutate("visitSchedule", plan.clone(), VISIT).await;
        assert_eq!(planned.done("/visit/purpose"), "VERIFICATION");
        assert_eq!(planned.done("/visit/case"), &json!(null));
        assert_eq!(planned.done("/visit/concernReport/status"), "VERIFYING");
        let record = json!({ "id": planned.done("/visit/id"), "outcome": "COMPLETED",
            "visitedAt": scene.ago(0) });
        let made = scene.record(record).await;
        assert_eq!(
            made.done("/visit/concernReport"),
            &json!({ "id": report, "status": "VERIFYING" })
        );
        assert_eq!(made.done("/visit/nextDueOn"), &json!(null));
        assert_eq!(made.done("/visit/children/0/isSeen"), false);
        assert!(scene.task().await.is_none(), "no visit is due by a report");
        let mut other = plan.clone();
        other["purpose"] = json!("CRISIS");
        let refusal = client.mutate("visitSchedule", other, VISIT).await.refusal();
        assert_eq!(refusal, refused("INVALID", "input.purpose"));
    });
}

#[test]
fn a_visit_is_not_recorded_for_another_family_than_it_was_planned_for() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let (office, area) = (&scene.office, &scene.area);
        let (status, urgency) = (ConcernStatus::Triaged, ConcernUrgency::Routine);
        let report = stage.report(office, area, status, urgency, Some(scene.home.id)).await;
        let client = scene.client();
        let plan =
            json!({ "concernReportId": id("report", report), "scheduledFor": scene.in_days(0) });
        let planned = client.mutate("visitSchedule", plan, VISIT).await;
        let other = stage.household(office, area, "Y").await;
        let link = json!({ "id": id("report", report), "familyId": id("family", other.id) });
        let linked = client.mutate("concernReportLink", link, "concernReport { id }").await;
        linked.done("/concernReport/id");
        let record = json!({ "id": planned.done("/visit/id"), "outcome": "COMPLETED",
            "visitedAt": scene.ago(0) });
        assert_eq!(scene.record(record).await.refusal(), refused("INVALID", "input.id"));
    });
}

#[test]
fn a_report_without_a_family_or_beyond_verification_is_not_visited() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let (office, area) = (&scene.office, &scene.area);
        let family = Some(scene.home.id);
        let client = scene.client();
        let refusal = async |report: Uuid| {
            let mut input = json!({ "concernReportId": id("report", report),
                "scheduledFor": scene.in_days(0) });
            let planned = client.mutate("visitSchedule", input.clone(), VISIT).await.refusal();
            input.as_object_mut().unwrap().remove("scheduledFor");
            (input["outcome"], input["visitedAt"]) = (json!("COMPLETED"), json!(scene.ago(0)));
            assert_eq!(scene.record(input).await.refusal(), planned);
            planned
        };
        let path = "input.concernReportId";
        let unlinked =
            stage.report(office, area, ConcernStatus::Triaged, ConcernUrgency::Routine, None).await;
        assert_eq!(refusal(unlinked).await, refused("DEPENDENCY_FAILED", path));
        for status in [ConcernStatus::Received, ConcernStatus::Confirmed, ConcernStatus::Linked] {
            let report = stage.report(office, area, status, ConcernUrgency::Routine, family).await;
            assert_eq!(refusal(report).await, refused("INVALID_STATE_TRANSITION", path));
        }
        // A report of another office, and one of ours about a family that we don't see.
        let elsewhere = stage.organisation("Elsewhere", None).await;
        let hidden = stage.family(&elsewhere, area, "H").await;
        let theirs = stage
            .report(&elsewhere, area, ConcernStatus::Triaged, ConcernUrgency::Routine, Some(hidden))
            .await;
        assert_eq!(refusal(theirs).await, refused("NOT_FOUND", path));
        let ours = stage
            .report(office, area, ConcernStatus::Triaged, ConcernUrgency::Routine, Some(hidden))
            .await;
        assert_eq!(refusal(ours).await, refused("NOT_FOUND", path));
    });
}

#[test]
fn a_centre_visits_after_a_discharge_and_leaves_the_office_its_duty() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let provider = stage.organisation("Provider", None).await;
        let staff = stage.worker(&provider, Role::CentreStaff).await;
        let basis = GrantBasis::Placement;
        let source = Uuid::now_v7();
        stage.grant(&provider, scene.home.id, AccessLevel::Summary, basis, source).await;
        let of_the_office = scene.planned(3).await;
        let client = stage.as_(&staff);
        let cancel = json!({ "id": of_the_office, "outcome": "CANCELLED", "note": "No." });
        let refusal = client.mutate("visitRecord", cancel, VISIT).await.refusal();
        assert_eq!(refusal, refused("PERMISSION_DENIED", "input.id"), "somebody else's");
        let mut input = scene.made(0);
        let answer = client.mutate("visitRecord", input.clone(), VISIT).await;
        assert_eq!(answer.done("/visit/status"), "COMPLETED");
        assert_eq!(answer.done("/visit/nextDueOn"), &json!(null));
        assert_eq!(scene.due().await, Some(scene.in_days(3)));
        input["purpose"] = json!("CRISIS");
        let refusal = client.mutate("visitRecord", input, VISIT).await.refusal();
        assert_eq!(refusal, refused("PERMISSION_DENIED", "input.purpose"));
        let plan = json!({ "caseId": id("case", scene.home.case), "purpose": "POST_DISCHARGE",
            "scheduledFor": scene.in_days(0) });
        client.mutate("visitSchedule", plan.clone(), VISIT).await.done("/visit/id");
        // An office that sees no more than a centre does can't.
        let partner = stage.organisation("Partner", None).await;
        let basis = GrantBasis::Referral;
        stage.grant(&partner, scene.home.id, AccessLevel::Summary, basis, source).await;
        let other = stage.worker(&partner, Role::Caseworker).await;
        let refusal = stage.as_(&other).mutate("visitSchedule", plan, VISIT).await.refusal();
        assert_eq!(refusal, refused("NOT_FOUND", "input.caseId"));
    });
}

#[test]
fn who_does_not_see_the_family_finds_nothing_and_who_never_visits_is_told_so() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let visit = scene.planned(1).await;
        let plan = json!({ "caseId": id("case", scene.home.case), "purpose": "MONITORING",
            "scheduledFor": scene.in_days(1) });
        let record = json!({ "id": visit, "outcome": "CANCELLED", "note": "x" });
        let other = stage.somebody().await;
        let client = stage.as_(&other);
        let refusal = client.mutate("visitSchedule", plan.clone(), VISIT).await.refusal();
        assert_eq!(refusal, refused("NOT_FOUND", "input.caseId"));
        let refusal = client.mutate("visitRecord", record.clone(), VISIT).await.refusal();
        assert_eq!(refusal, refused("NOT_FOUND", "input.id"));
        for role in [Role::NgoWorker, Role::AreaCoordinator, Role::Reporter, Role::Admin] {
            let worker = match role {
                Role::AreaCoordinator => stage.coordinator(&scene.office, &scene.area).await,
                _ => stage.worker(&scene.office, role).await,
            };
            let client = stage.as_(&worker);
            let answer = client.mutate("visitSchedule", plan.clone(), VISIT).await;
            assert_eq!(answer.code(), "FORBIDDEN", "{role:?}");
            let answer = client.mutate("visitRecord", record.clone(), VISIT).await;
            assert_eq!(answer.code(), "FORBIDDEN", "{role:?}");
        }
    });
}
