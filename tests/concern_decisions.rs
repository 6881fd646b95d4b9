//! Deciding reports: every move of a report's status, and the work that a confirmed one begins.

use entity::access_grant::{AccessLevel, GrantBasis};
use entity::assignment::{self, AssignmentRole};
use entity::case::{self, CaseKind, CaseStatus};
use entity::concern_report::{self, ConcernStatus, ConcernUrgency};
use entity::episode::{self, ClosureClass};
use entity::membership::Role;
use entity::task::{self, TaskKind, TaskStatus};
use entity::visit::VisitStatus;
use sea_orm::{
    ActiveEnum, ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, Iterable,
    PaginatorTrait, QueryFilter, QueryOrder,
};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::world::{Branch, Household, Person, START, id};
use crate::harness::{Answer, Stage, run};

const REPORT: &str =
    "concernReport { id status decision decidedAt family { id } case { id } duplicateOf { id } }";

/// An office with a family that it works with, and somebody who works there.
struct Scene {
    area: Branch,
    office: Branch,
    home: Household,
    worker: Person,
}

async fn scene(stage: &Stage) -> Scene {
    let area = stage.area("Area", None).await;
    let office = stage.organisation("Office", None).await;
    let home = stage.household(&office, &area, "X").await;
    let worker = stage.worker(&office, Role::Caseworker).await;
    Scene { area, office, home, worker }
}

impl Scene {
    async fn report(&self, stage: &Stage, status: ConcernStatus, family: Option<Uuid>) -> Uuid {
        stage.report(&self.office, &self.area, status, ConcernUrgency::Routine, family).await
    }

    /// A family without a case, seen in full.
    async fn family(&self, stage: &Stage) -> Uuid {
        let family = stage.family(&self.office, &self.area, "Y").await;
        let (level, basis) = (AccessLevel::Full, GrantBasis::Lead);
        stage.grant(&self.office, family, level, basis, family).await;
        family
    }
}

fn deciding(report: Uuid, decision: &str) -> Value {
    json!({ "id": id("report", report), "decision": decision, "reason": "So it is." })
}

fn with(mut input: Value, name: &str, value: Value) -> Value {
    input[name] = value;
    input
}

fn refusal(code: &str, path: &str) -> (String, String) {
    (code.to_owned(), path.to_owned())
}

async fn row(stage: &Stage, report: Uuid) -> concern_report::Model {
    let rows = concern_report::Entity::find().filter(concern_report::Column::Id.eq(report));
    rows.one(&stage.database.reader).await.unwrap().unwrap()
}

async fn verification(stage: &Stage, report: Uuid) -> task::Model {
    let tasks = task::Entity::find().filter(task::Column::SubjectId.eq(report));
    tasks.one(&stage.database.reader).await.unwrap().unwrap()
}

/// What each mutation that moves a report makes of it, with what else it needs.
fn moves(scene: &Scene, report: Uuid) -> [(&'static str, Value, ConcernStatus); 6] {
    let to = json!({ "id": id("report", report) });
    let case = json!(id("case", scene.home.case));
    let linked = with(deciding(report, "LINKED"), "caseId", case);
    let confirmed = with(deciding(report, "CONFIRMED"), "evidence", json!("A record."));
    [
        (
            "concernReportTriage",
            with(to.clone(), "urgency", json!("ROUTINE")),
            ConcernStatus::Triaged,
        ),
        ("concernReportVerify", to, ConcernStatus::Verifying),
        ("concernReportDecide", deciding(report, "SCREENED_OUT"), ConcernStatus::ScreenedOut),
        ("concernReportDecide", linked, ConcernStatus::Linked),
        ("concernReportDecide", confirmed, ConcernStatus::Confirmed),
        ("concernReportDecide", deciding(report, "NOT_CONFIRMED"), ConcernStatus::NotConfirmed),
    ]
}

/// Where a report that is not immediate may go.
const fn allowed(from: ConcernStatus) -> &'static [&'static str] {
    match from {
        ConcernStatus::Received => &["TRIAGED"],
        ConcernStatus::Triaged => &["TRIAGED", "SCREENED_OUT", "LINKED", "VERIFYING"],
        ConcernStatus::Verifying => &["CONFIRMED", "NOT_CONFIRMED"],
        ConcernStatus::ScreenedOut
        | ConcernStatus::Linked
        | ConcernStatus::Confirmed
        | ConcernStatus::NotConfirmed => &[],
    }
}

#[test]
fn a_report_moves_as_its_machine_allows_and_no_other_way() {
    run(async |stage| {
        let scene = scene(stage).await;
        let client = stage.as_(&scene.worker);
        for from in ConcernStatus::iter() {
            for nth in 0..6 {
                let report = scene.report(stage, from, Some(scene.home.id)).await;
                let (mutation, input, next) = moves(&scene, report)[nth].clone();
                let answer = client.mutate(mutation, input, REPORT).await;
                let now = row(stage, report).await.status;
                if allowed(from).contains(&next.to_value().as_str()) {
                    assert_eq!(answer.done("/concernReport/status"), &json!(next.to_value()));
                    assert_eq!(now, next);
                } else {
                    let error = answer.user_error();
                    assert_eq!(error["__typename"], "TransitionError", "{from:?} {next:?}");
                    assert_eq!(now, from);
                    let is_final = error["allowed"] == json!([]);
                    assert_eq!(is_final, allowed(from).is_empty(), "{from:?} {next:?} {error}");
                }
            }
        }
    });
}

#[test]
fn only_what_is_immediate_is_verified_without_triage() {
    run(async |stage| {
        let scene = scene(stage).await;
        let client = stage.as_(&scene.worker);
        let received = ConcernStatus::Received;
        for (urgency, goes) in [
            (ConcernUrgency::Routine, false),
            (ConcernUrgency::Priority, false),
            (ConcernUrgency::Immediate, true),
        ] {
            let report = stage.report(&scene.office, &scene.area, received, urgency, None).await;
            let to = json!({ "id": id("report", report) });
            let (statements, answer) =
                stage.counted(client.mutate("concernReportVerify", to, REPORT)).await;
            assert!(statements <= 12, "{statements}: {:#?}", stage.said());
            if goes {
                assert_eq!(answer.done("/concernReport/status"), "VERIFYING");
            } else {
                assert_eq!(answer.refusal(), refusal("INVALID_STATE_TRANSITION", "input.id"));
                assert_eq!(answer.user_error()["allowed"], json!(["TRIAGED"]));
            }
        }
    });
}

#[test]
fn a_decided_report_stays_with_its_family() {
    run(async |stage| {
        let scene = scene(stage).await;
        let client = stage.as_(&scene.worker);
        for status in ConcernStatus::iter() {
            let report = scene.report(stage, status, None).await;
            let input = json!({
                "id": id("report", report), "familyId": id("family", scene.home.id),
            });
            let answer = client.mutate("concernReportLink", input, REPORT).await;
            if allowed(status).is_empty() {
                let expected = refusal("INVALID_STATE_TRANSITION", "input.id");
                assert_eq!(answer.refusal(), expected, "{status:?}");
            } else {
                assert_eq!(answer.done("/concernReport/status"), &json!(status.to_value()));
            }
        }
    });
}

#[test]
#[expect(clippy::too_many_lines, reason = "one story, told at once")]
fn a_report_that_leads_nowhere_says_why() {
    run(async |stage| {
        let scene = scene(stage).await;
        let client = stage.as_(&scene.worker);
        for (from, decision) in
            [(ConcernStatus::Triaged, "SCREENED_OUT"), (ConcernStatus::Verifying, "NOT_CONFIRMED")]
        {
            let report = scene.report(stage, from, None).await;
            for (reason, code) in [
                (" ".to_owned(), "REQUIRED"),
                ("x".repeat(10_001), "TOO_LONG"),
                ("\u{7}".to_owned(), "INVALID"),
            ] {
                let input = with(deciding(report, decision), "reason", json!(reason));
                let refused = client.mutate("concernReportDecide", input, REPORT).await;
                assert_eq!(refused.refusal(), refusal(code, "input.reason"));
            }
            for (name, value) in [
                ("evidence", json!("A record.")),
                ("familyId", json!(id("family", scene.home.id))),
                ("caseId", json!(id("case", scene.home.case))),
                ("duplicateOfId", json!(id("report", report))),
                ("caseKind", json!("EARLY_HELP")),
                ("supportLevel", json!("BASIC")),
            ] {
                let input = with(deciding(report, decision), name, value);
                let refused = client.mutate("concernReportDecide", input, REPORT).await;
                assert_eq!(refused.refusal(), refusal("INVALID", &format!("input.{name}")));
            }
            let key = Uuid::now_v7();
            let input = deciding(report, decision);
            let sent = client.mutate_as(key, "concernReportDecide", input.clone(), REPORT).await;
            let done = sent.done("/concernReport");
            assert_eq!(
                (&done["status"], &done["decision"]),
                (&json!(decision), &json!("So it is."))
            );
            assert!(row(stage, report).await.decided_at.is_some());
            let task = verification(stage, report).await;
            assert_eq!((task.kind, task.status), (TaskKind::Verification, TaskStatus::Done));
            assert_eq!(task.closed_by, Some(scene.worker.id));
            let again = client.mutate_as(key, "concernReportDecide", input, REPORT).await;
            assert!(again.replayed());
            assert_eq!(again.done("/concernReport"), done);
        }
    });
}

#[test]
fn a_decision_closes_the_task_and_keeps_its_day() {
    run(async |stage| {
        let scene = scene(stage).await;
        let client = stage.as_(&scene.worker);
        let report = scene.report(stage, ConcernStatus::Received, None).await;
        let triage = json!({ "id": id("report", report), "urgency": "PRIORITY" });
        client.mutate("concernReportTriage", triage, REPORT).await.done("");
        let open = verification(stage, report).await;
        assert_eq!(open.status, TaskStatus::Open);
        client
            .mutate("concernReportDecide", deciding(report, "SCREENED_OUT"), REPORT)
            .await
            .done("");
        let done = verification(stage, report).await;
        assert_eq!((done.id, done.status, done.due_on), (open.id, TaskStatus::Done, open.due_on));
    });
}

#[test]
fn a_report_is_joined_to_an_open_case() {
    run(async |stage| {
        let scene = scene(stage).await;
        let client = stage.as_(&scene.worker);
        let report = scene.report(stage, ConcernStatus::Triaged, None).await;
        let elsewhere = stage.organisation("Elsewhere", None).await;
        let hidden = stage.household(&elsewhere, &scene.area, "Y").await;
        let (level, basis) = (AccessLevel::Summary, GrantBasis::Referral);
        stage.grant(&scene.office, hidden.id, level, basis, hidden.case).await;
        let family = scene.family(stage).await;
        let closed = closed_case(stage, &scene, family).await;
        let to = |case| with(deciding(report, "LINKED"), "caseId", json!(id("case", case)));

        let refused =
            client.mutate("concernReportDecide", deciding(report, "LINKED"), REPORT).await;
        assert_eq!(refused.refusal(), refusal("REQUIRED", "input.caseId"));
        for (case, code) in [
            (hidden.case, "NOT_FOUND"),
            (Uuid::now_v7(), "NOT_FOUND"),
            (closed, "INVALID_STATE_TRANSITION"),
        ] {
            let refused = client.mutate("concernReportDecide", to(case), REPORT).await;
            assert_eq!(refused.refusal(), refusal(code, "input.caseId"));
        }
        let original = scene.report(stage, ConcernStatus::Confirmed, Some(scene.home.id)).await;
        let input = with(to(scene.home.case), "duplicateOfId", json!(id("report", original)));
        let select = "concernReport { id status }";
        let (statements, answer) =
            stage.counted(client.mutate("concernReportDecide", input, select)).await;
        assert!(statements <= 12, "{statements}: {:#?}", stage.said());
        assert_eq!(answer.done("/concernReport/status"), "LINKED");
        let row = row(stage, report).await;
        assert_eq!((row.family_id, row.case_id), (Some(scene.home.id), Some(scene.home.case)));
        assert_eq!(row.duplicate_of_id, Some(original));
        assert_eq!(verification(stage, report).await.status, TaskStatus::Done);
        let episodes = episode::Entity::find().count(&stage.database.reader).await.unwrap();
        assert_eq!(episodes, 1, "none but the one that was there");
    });
}

#[test]
fn repetitions_are_of_the_same_family_and_never_go_in_a_circle() {
    run(async |stage| {
        let scene = scene(stage).await;
        let client = stage.as_(&scene.worker);
        let triaged = ConcernStatus::Triaged;
        let (one, two) = (
            scene.report(stage, triaged, Some(scene.home.id)).await,
            scene.report(stage, triaged, Some(scene.home.id)).await,
        );
        let unknown = scene.report(stage, triaged, None).await;
        let elsewhere = stage.organisation("Elsewhere", None).await;
        let (status, urgency) = (triaged, ConcernUrgency::Routine);
        let hidden = stage.report(&elsewhere, &scene.area, status, urgency, None).await;
        let repeats = |report, original| {
            let case = json!(id("case", scene.home.case));
            let input = with(deciding(report, "LINKED"), "caseId", case);
            with(input, "duplicateOfId", json!(id("report", original)))
        };
        for (original, code) in [
            (one, "INVALID"),
            (unknown, "INVALID"),
            (hidden, "NOT_FOUND"),
            (Uuid::now_v7(), "NOT_FOUND"),
        ] {
            let refused =
                client.mutate("concernReportDecide", repeats(one, original), REPORT).await;
            assert_eq!(refused.refusal(), refusal(code, "input.duplicateOfId"));
        }
        let done = client.mutate("concernReportDecide", repeats(one, two), REPORT).await;
        assert_eq!(done.done("/concernReport/duplicateOf/id"), &json!(id("report", two)));
        let refused = client.mutate("concernReportDecide", repeats(two, one), REPORT).await;
        assert_eq!(refused.refusal(), refusal("INVALID", "input.duplicateOfId"));
        assert_eq!(row(stage, two).await.status, triaged);
    });
}

/// A closed case of a family, with its one episode.
async fn closed_case(stage: &Stage, scene: &Scene, family: Uuid) -> Uuid {
    let case = stage.case(family, &scene.office, &scene.area).await;
    let change = case::ActiveModel {
        id: Set(case),
        status: Set(CaseStatus::Closed),
        closed_on: Set(Some(START)),
        ..Default::default()
    };
    change.update(&stage.database.writer).await.unwrap();
    let other = stage.worker(&scene.office, Role::Supervisor).await;
    stage
        .put(episode::ActiveModel {
            id: Set(Uuid::now_v7()),
            case_id: Set(case),
            family_id: Set(family),
            no: Set(1),
            opened_on: Set(START),
            reason: Set("It was needed.".to_owned()),
            source_report_id: Set(None),
            closed_on: Set(Some(START)),
            closure_class: Set(Some(ClosureClass::Overcame)),
            closure_reason: Set(Some("It went well.".to_owned())),
            summary: Set(Some("It went well.".to_owned())),
            closed_by_id: Set(Some(scene.worker.id)),
            approved_by_id: Set(Some(other.id)),
            recorded_at: Set(stage.now()),
            closure_recorded_at: Set(Some(stage.now())),
        })
        .await;
    case
}

async fn latest_episode(stage: &Stage, case: Uuid) -> episode::Model {
    let episodes = episode::Entity::find().filter(episode::Column::CaseId.eq(case));
    let latest = episodes.order_by_desc(episode::Column::No).one(&stage.database.reader).await;
    latest.unwrap().unwrap()
}

async fn case_of(stage: &Stage, report: Uuid) -> case::Model {
    let id = row(stage, report).await.case_id.unwrap();
    let cases = case::Entity::find().filter(case::Column::Id.eq(id));
    cases.one(&stage.database.reader).await.unwrap().unwrap()
}

#[test]
fn confirmed_facts_open_a_first_case() {
    run(async |stage| {
        let scene = scene(stage).await;
        let client = stage.as_(&scene.worker);
        let family = scene.family(stage).await;
        let report = scene.report(stage, ConcernStatus::Verifying, None).await;
        let mut input = with(deciding(report, "CONFIRMED"), "evidence", json!("A record."));
        input["familyId"] = json!(id("family", family));
        input["caseKind"] = json!("CHILD_PROTECTION");
        input["supportLevel"] = json!("CRISIS");
        input["expectedVersion"] = json!(1);
        let select = "concernReport { id status decision }";
        let (statements, answer) =
            stage.counted(client.mutate("concernReportDecide", input, select)).await;
        assert_eq!(answer.done("/concernReport/status"), "CONFIRMED");
        assert_eq!(answer.done("/concernReport/decision"), "So it is.\n\nA record.");
        // And one for the audit of what the answer shows.
        assert!(statements <= 12 + 1, "{statements}: {:#?}", stage.said());
        let case = case_of(stage, report).await;
        assert_eq!((case.family_id, case.status), (family, CaseStatus::Intake));
        assert_eq!(case.kind, CaseKind::ChildProtection);
        assert_eq!(case.lead_organisation_id, scene.office.id);
        let episode = latest_episode(stage, case.id).await;
        assert_eq!((episode.no, episode.source_report_id), (1, Some(report)));
        assert_eq!(episode.reason, "So it is.");
        let lead = assignment::Entity::find().one(&stage.database.reader).await.unwrap().unwrap();
        let expected = (case.id, scene.worker.id, AssignmentRole::Lead);
        assert_eq!((lead.case_id, lead.worker_id, lead.role), expected);
        let open = task::Entity::find().filter(task::Column::CaseId.eq(case.id));
        let open = open.filter(task::Column::Status.eq(TaskStatus::Open));
        let open = open.order_by_asc(task::Column::Kind).all(&stage.database.reader).await.unwrap();
        let kinds: Vec<_> = open.iter().map(|task| task.kind).collect();
        assert_eq!(kinds, [TaskKind::Assessment, TaskKind::Visit]);
        assert!(open.iter().all(|task| task.owner_id == Some(scene.worker.id)));
        assert_eq!(verification(stage, report).await.status, TaskStatus::Done);
    });
}

#[test]
fn confirmed_facts_reopen_a_closed_case() {
    run(async |stage| {
        let scene = scene(stage).await;
        let client = stage.as_(&scene.worker);
        let family = scene.family(stage).await;
        let closed = closed_case(stage, &scene, family).await;
        let report = scene.report(stage, ConcernStatus::Verifying, Some(family)).await;
        stage.verifying_visit(report, family, VisitStatus::Completed).await;
        let sent = client.mutate(
            "concernReportDecide",
            deciding(report, "CONFIRMED"),
            "concernReport { id status }",
        );
        let (statements, answer) = stage.counted(sent).await;
        assert_eq!(answer.done("/concernReport/status"), "CONFIRMED");
        assert!(statements <= 12, "{statements}: {:#?}", stage.said());
        let case = case_of(stage, report).await;
        assert_eq!((case.id, case.status), (closed, CaseStatus::Assessment));
        let episode = latest_episode(stage, closed).await;
        assert_eq!((episode.no, episode.source_report_id), (2, Some(report)));
    });
}

#[test]
fn confirmed_facts_join_an_open_case_whoever_leads_it() {
    run(async |stage| {
        let scene = scene(stage).await;
        let client = stage.as_(&scene.worker);
        let elsewhere = stage.organisation("Elsewhere", None).await;
        let shared = stage.household(&elsewhere, &scene.area, "Y").await;
        let (level, basis) = (AccessLevel::Full, GrantBasis::Referral);
        stage.grant(&scene.office, shared.id, level, basis, shared.case).await;
        let report = scene.report(stage, ConcernStatus::Verifying, Some(shared.id)).await;
        let mut input = with(deciding(report, "CONFIRMED"), "evidence", json!("A record."));
        input["caseKind"] = json!("CHILD_PROTECTION");
        let answer = client.mutate("concernReportDecide", input, REPORT).await;
        assert_eq!(answer.done("/concernReport/case/id"), &json!(id("case", shared.case)));
        let case = case_of(stage, report).await;
        assert_eq!((case.lead_organisation_id, case.version), (elsewhere.id, 1));
        let episodes = episode::Entity::find().count(&stage.database.reader).await.unwrap();
        assert_eq!(episodes, 0);
    });
}

#[test]
#[expect(clippy::too_many_lines, reason = "one story, told at once")]
fn facts_are_confirmed_by_a_visit_to_the_family_or_by_evidence() {
    run(async |stage| {
        let scene = scene(stage).await;
        let client = stage.as_(&scene.worker);
        let confirm = async |report, family: Option<Uuid>| -> Answer {
            let mut input = deciding(report, "CONFIRMED");
            if let Some(family) = family {
                input["familyId"] = json!(id("family", family));
            }
            client.mutate("concernReportDecide", input, REPORT).await
        };
        let verifying = ConcernStatus::Verifying;
        let report = scene.report(stage, verifying, None).await;
        let refused = confirm(report, None).await;
        let told: Vec<_> = refused.list("/result/userErrors").to_vec();
        assert_eq!(told[0]["code"], "REQUIRED");
        assert_eq!(told[0]["path"], json!(["input", "familyId"]));
        assert_eq!(told[1]["code"], "DEPENDENCY_FAILED");
        assert_eq!(told[1]["path"], json!(["input", "evidence"]));

        let home = scene.home.id;
        let other = scene.family(stage).await;
        for (family, status) in [
            (home, VisitStatus::Scheduled),
            (home, VisitStatus::NoAccess),
            (home, VisitStatus::Missed),
            (home, VisitStatus::Cancelled),
            (other, VisitStatus::Completed),
        ] {
            stage.verifying_visit(report, family, status).await;
            let refused = confirm(report, Some(home)).await;
            assert_eq!(refused.refusal(), refusal("DEPENDENCY_FAILED", "input.evidence"));
        }
        let voided = stage.verifying_visit(report, home, VisitStatus::Completed).await;
        let void = entity::visit::ActiveModel {
            id: Set(voided),
            voided_at: Set(Some(stage.now())),
            void_reason: Set(Some("Of another family.".to_owned())),
            ..Default::default()
        };
        void.update(&stage.database.writer).await.unwrap();
        let refused = confirm(report, Some(home)).await;
        assert_eq!(refused.refusal(), refusal("DEPENDENCY_FAILED", "input.evidence"));
        let input = with(deciding(report, "CONFIRMED"), "evidence", json!(" "));
        let refused = client.mutate("concernReportDecide", input, REPORT).await;
        assert_eq!(refused.refusal(), refusal("REQUIRED", "input.evidence"));
        stage.verifying_visit(report, home, VisitStatus::Completed).await;
        assert_eq!(confirm(report, Some(home)).await.done("/concernReport/status"), "CONFIRMED");

        let elsewhere = stage.organisation("Elsewhere", None).await;
        let hidden = stage.household(&elsewhere, &scene.area, "Z").await;
        let report = scene.report(stage, verifying, None).await;
        stage.verifying_visit(report, hidden.id, VisitStatus::Completed).await;
        let refused = confirm(report, Some(hidden.id)).await;
        assert_eq!(refused.refusal(), refusal("NOT_FOUND", "input.familyId"));
    });
}

#[test]
fn of_two_decisions_at_once_one_holds() {
    run(async |stage| {
        let scene = scene(stage).await;
        let client = stage.as_(&scene.worker);
        let report = scene.report(stage, ConcernStatus::Verifying, Some(scene.home.id)).await;
        let confirmed = with(deciding(report, "CONFIRMED"), "evidence", json!("A record."));
        let (one, other) = tokio::join!(
            client.mutate("concernReportDecide", confirmed, REPORT),
            client.mutate("concernReportDecide", deciding(report, "NOT_CONFIRMED"), REPORT),
        );
        let refused: Vec<_> = [one, other]
            .iter()
            .filter(|answer| answer.data("/result/userErrors") != &json!([]))
            .map(Answer::refusal)
            .collect();
        assert_eq!(refused, [refusal("INVALID_STATE_TRANSITION", "input.decision")]);
    });
}

#[test]
fn who_sees_the_family_but_did_not_receive_the_report_does_not_move_it() {
    run(async |stage| {
        let scene = scene(stage).await;
        let other = stage.organisation("Other", None).await;
        let (full, basis) = (AccessLevel::Full, GrantBasis::Referral);
        stage.grant(&other, scene.home.id, full, basis, scene.home.case).await;
        let worker = stage.worker(&other, Role::Caseworker).await;
        let client = stage.as_(&worker);
        let report = scene.report(stage, ConcernStatus::Triaged, Some(scene.home.id)).await;
        let this = json!({ "id": id("report", report) });
        for (mutation, input) in [
            ("concernReportTriage", with(this.clone(), "urgency", json!("PRIORITY"))),
            (
                "concernReportLink",
                with(this.clone(), "familyId", json!(id("family", scene.home.id))),
            ),
            ("concernReportVerify", this),
            ("concernReportDecide", deciding(report, "SCREENED_OUT")),
        ] {
            let refused = client.mutate(mutation, input, REPORT).await.refusal();
            assert_eq!(refused, refusal("PERMISSION_DENIED", "input.id"), "{mutation}");
        }
        assert_eq!(row(stage, report).await.status, ConcernStatus::Triaged);
    });
}
