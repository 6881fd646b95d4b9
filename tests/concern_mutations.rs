//! Receiving reports, triaging them, linking them to families, and setting out to verify them.

use chrono::{DateTime, TimeDelta, Utc};
use entity::access_grant::{AccessLevel, GrantBasis};
use entity::concern_report::{self, ConcernStatus, ConcernUrgency};
use entity::membership::Role;
use entity::organisation::{OrganisationKind, OrganisationStatus};
use entity::task::{self, TaskKind, TaskStatus};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter,
};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::world::{Branch, Person, id};
use crate::harness::{Stage, run};

const REPORT: &str = "concernReport { id version reference receivedAt status urgency dueAt \
    narrative categories isAnonymous organisation { id } family { id } redactedFields }";

/// An office in an area, with somebody who works there.
struct Scene {
    area: Branch,
    office: Branch,
    worker: Person,
}

async fn scene(stage: &Stage) -> Scene {
    let area = stage.area("Area", None).await;
    let office = stage.organisation("Office", None).await;
    let worker = stage.worker(&office, Role::Caseworker).await;
    Scene { area, office, worker }
}

/// A worker of an office that has nothing to do with the others.
async fn stranger(stage: &Stage) -> Person {
    stage.somebody().await
}

fn submission(area: &Branch) -> Value {
    json!({
        "channel": "PHONE",
        "source": "CITIZEN",
        "areaId": id("area", area.id),
        "narrative": "Crying is heard every night.",
        "categories": ["NEGLECT", "LIFE_OR_HEALTH"],
        "isAnonymous": true,
    })
}

fn with(mut input: Value, name: &str, value: Value) -> Value {
    input[name] = value;
    input
}

async fn row(stage: &Stage, report: Uuid) -> concern_report::Model {
    let rows = concern_report::Entity::find().filter(concern_report::Column::Id.eq(report));
    rows.one(&stage.database.reader).await.unwrap().unwrap()
}

async fn only_row(stage: &Stage) -> concern_report::Model {
    concern_report::Entity::find().one(&stage.database.reader).await.unwrap().unwrap()
}

async fn verification(stage: &Stage, report: Uuid) -> task::Model {
    let tasks = task::Entity::find().filter(task::Column::SubjectId.eq(report));
    tasks.one(&stage.database.reader).await.unwrap().unwrap()
}

fn instant(value: &Value) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(value.as_str().unwrap()).unwrap().to_utc()
}

fn refusal(code: &str, path: &str) -> (String, String) {
    (code.to_owned(), path.to_owned())
}

#[test]
fn a_report_is_received_once_and_is_due_at_once() {
    run(async |stage| {
        let Scene { area, office, worker } = scene(stage).await;
        let client = stage.as_(&worker);
        let home = stage.household(&office, &area, "X").await;
        let input = with(submission(&area), "familyId", json!(id("family", home.id)));
        let input = with(input, "organisationId", json!(id("organisation", office.id)));
        let key = Uuid::now_v7();
        let answer = client.mutate_as(key, "concernReportSubmit", input.clone(), REPORT).await;
        let report = answer.done("/concernReport");
        assert_eq!(report["status"], "RECEIVED");
        assert_eq!(report["urgency"], "ROUTINE");
        assert_eq!(report["dueAt"], Value::Null);
        assert_eq!(report["categories"], json!(["LIFE_OR_HEALTH", "NEGLECT"]));
        assert_eq!(report["family"]["id"], id("family", home.id));
        assert_eq!(report["organisation"]["id"], id("organisation", office.id));
        let row = only_row(stage).await;
        assert_eq!(row.submitted_by_id, Some(worker.id));
        assert_eq!(row.created_by, Some(worker.id));
        assert_eq!(report["reference"], row.reference);
        assert!(row.reference.starts_with("R-") && row.reference.len() == 11, "{}", row.reference);
        let due = verification(stage, row.id).await;
        assert_eq!((due.kind, due.status), (TaskKind::Verification, TaskStatus::Open));
        assert_eq!(due.due_on, (row.received_at + TimeDelta::days(10)).date_naive());
        assert_eq!((due.organisation_id, due.concern_report_id), (office.id, Some(row.id)));

        let again = client.mutate_as(key, "concernReportSubmit", input, REPORT).await;
        assert!(again.replayed());
        assert_eq!(again.done("/concernReport"), report);
        let count = concern_report::Entity::find().count(&stage.database.reader).await.unwrap();
        assert_eq!(count, 1);
    });
}

#[test]
fn a_submission_keeps_to_its_statements() {
    run(async |stage| {
        let Scene { area, office, worker } = scene(stage).await;
        let home = stage.household(&office, &area, "X").await;
        let input = with(submission(&area), "familyId", json!(id("family", home.id)));
        let input = with(input, "organisationId", json!(id("organisation", office.id)));
        let client = stage.as_(&worker);
        let sent = client.mutate("concernReportSubmit", input, "concernReport { id status }");
        let (statements, answer) = stage.counted(sent).await;
        answer.done("/concernReport/id");
        assert!(statements <= 12, "{statements}: {:#?}", stage.said());
    });
}

#[test]
fn what_is_immediate_has_its_deadline_without_triage() {
    run(async |stage| {
        let Scene { area, worker, .. } = scene(stage).await;
        let received = stage.now() - TimeDelta::hours(2);
        let input = with(submission(&area), "urgency", json!("IMMEDIATE"));
        let input = with(input, "receivedAt", json!(received.to_rfc3339()));
        let answer = stage.as_(&worker).mutate("concernReportSubmit", input, REPORT).await;
        let due = received + TimeDelta::hours(24);
        let told = instant(&answer.done("/concernReport")["dueAt"]);
        assert!((told - due).abs() < TimeDelta::milliseconds(1), "{told} {due}");
        let task = verification(stage, only_row(stage).await.id).await;
        assert_eq!((task.status, task.due_on), (TaskStatus::Open, due.date_naive()));
    });
}

#[test]
#[expect(clippy::too_many_lines, reason = "one story, told at once")]
fn the_report_of_a_reporter_goes_to_the_nearest_service() {
    run(async |stage| {
        let region = stage.area("Region", None).await;
        let district = stage.area("District", Some(&region)).await;
        let village = stage.area("Village", Some(&district)).await;
        let aside = stage.area("Aside", Some(&region)).await;
        let school = stage.organisation("School", None).await;
        let reporter = stage.worker(&school, Role::Reporter).await;
        let client = stage.as_(&reporter);

        // Nobody serves it yet: one that is closed, and one that receives no reports, don't count.
        let closed = stage.organisation("Closed", None).await;
        set(stage, &closed, OrganisationKind::SocialService, OrganisationStatus::Inactive).await;
        let clinic = stage.organisation("Clinic", None).await;
        set(stage, &clinic, OrganisationKind::Health, OrganisationStatus::Active).await;
        let beside = stage.organisation("Beside", None).await;
        for (organisation, area) in [(&closed, &village), (&clinic, &village), (&beside, &aside)] {
            stage.serves(organisation, area).await;
        }
        let refused = client.mutate("concernReportSubmit", submission(&village), REPORT).await;
        assert_eq!(refused.refusal(), refusal("REQUIRED", "input.organisationId"));

        let (far, one, other) = (
            stage.organisation("Far", None).await,
            stage.organisation("One", None).await,
            stage.organisation("Other", None).await,
        );
        set(stage, &one, OrganisationKind::ChildAffairsService, OrganisationStatus::Active).await;
        stage.serves(&far, &region).await;
        let done = client.mutate("concernReportSubmit", submission(&village), REPORT).await;
        let receiver = "/concernReport/organisation/id";
        assert_eq!(done.done(receiver), &json!(id("organisation", far.id)));
        for nearer in [&other, &one] {
            stage.serves(nearer, &district).await;
        }
        let sent = client.mutate("concernReportSubmit", submission(&village), REPORT);
        let done = sent.await;
        assert_eq!(done.done(receiver), &json!(id("organisation", one.id.min(other.id))));

        // Its progress is seen by who submitted it, and not what is in it.
        assert_eq!(done.done("/concernReport/narrative"), &Value::Null);
        assert_eq!(done.done("/concernReport/status"), "RECEIVED");
        let list = "{ concernReports { nodes { id } } }";
        assert_eq!(client.query(list).await.list("/concernReports/nodes").len(), 2);
        let other = stage.worker(&school, Role::Reporter).await;
        let answer = stage.as_(&other).query(list).await;
        assert!(answer.list("/concernReports/nodes").is_empty());
        let one_of_them = done.done("/concernReport/id").clone();
        let query = "query Q($id: ID!) { concernReport(id: $id) { id } }";
        let answer = client.query_with(query, json!({ "id": one_of_them })).await;
        assert_eq!(answer.data("/concernReport/id"), &one_of_them);
        let answer = stage.as_(&other).query_with(query, json!({ "id": one_of_them })).await;
        assert_eq!(answer.data("/concernReport"), &Value::Null);
    });
}

async fn set(
    stage: &Stage,
    organisation: &Branch,
    kind: OrganisationKind,
    status: OrganisationStatus,
) {
    let change = entity::organisation::ActiveModel {
        id: Set(organisation.id),
        kind: Set(kind),
        status: Set(status),
        ..Default::default()
    };
    change.update(&stage.database.writer).await.unwrap();
}

#[test]
fn a_machine_account_reports_for_its_agency() {
    run(async |stage| {
        let Scene { area, office, .. } = scene(stage).await;
        let home = stage.household(&office, &area, "X").await;
        stage.serves(&office, &area).await;
        let agency = stage.organisation("Agency", None).await;
        let machine = stage.machine(&agency).await;
        let client = stage.as_(&machine);
        let hidden = with(submission(&area), "familyId", json!(id("family", home.id)));
        let refused = client.mutate("concernReportSubmit", hidden.clone(), REPORT).await;
        assert_eq!(refused.refusal(), refusal("NOT_FOUND", "input.familyId"));
        let (level, basis) = (AccessLevel::ServiceOnly, GrantBasis::Referral);
        stage.grant(&agency, home.id, level, basis, home.id).await;
        let done = client.mutate("concernReportSubmit", hidden, REPORT).await;
        assert_eq!(done.done("/concernReport/status"), "RECEIVED");
        let row = only_row(stage).await;
        assert_eq!((row.submitted_by_id, row.submitted_by_client_id), (None, Some(machine.id)));
        assert_eq!((row.organisation_id, row.family_id), (office.id, Some(home.id)));
    });
}

#[test]
fn a_named_receiver_must_receive_reports() {
    run(async |stage| {
        let Scene { area, worker, .. } = scene(stage).await;
        let service = stage.organisation("Service", None).await;
        let ngo = stage.organisation("Partner", None).await;
        set(stage, &ngo, OrganisationKind::Ngo, OrganisationStatus::Active).await;
        let gone = stage.organisation("Gone", None).await;
        set(stage, &gone, OrganisationKind::SocialService, OrganisationStatus::Inactive).await;
        let client = stage.as_(&worker);
        let path = "input.organisationId";
        for (organisation, expected) in
            [(ngo.id, "INVALID"), (gone.id, "INVALID"), (Uuid::now_v7(), "NOT_FOUND")]
        {
            let named = json!(id("organisation", organisation));
            let input = with(submission(&area), "organisationId", named);
            let refused = client.mutate("concernReportSubmit", input, REPORT).await;
            assert_eq!(refused.refusal(), refusal(expected, path));
        }
        let named = json!(id("organisation", service.id));
        let input = with(submission(&area), "organisationId", named);
        client.mutate("concernReportSubmit", input, REPORT).await.done("");
        let row = only_row(stage).await;
        assert_eq!(row.organisation_id, service.id);
        assert_eq!(verification(stage, row.id).await.organisation_id, service.id);
        // A reporter's own organisation is no service because it is theirs.
        let helper = stage.worker(&ngo, Role::Reporter).await;
        let input = with(submission(&area), "organisationId", json!(id("organisation", ngo.id)));
        let refused = stage.as_(&helper).mutate("concernReportSubmit", input, REPORT).await;
        assert_eq!(refused.refusal(), refusal("INVALID", path));
    });
}

#[test]
#[expect(clippy::too_many_lines, reason = "one story, told at once")]
fn all_that_is_wrong_with_a_submission_is_told_at_once() {
    run(async |stage| {
        let Scene { area, worker, .. } = scene(stage).await;
        let client = stage.as_(&worker);
        let future = stage.now() + TimeDelta::minutes(5);
        let mut input = submission(&area);
        for (name, value) in [
            ("narrative", json!(" ")),
            ("categories", json!([])),
            ("receivedAt", json!(future.to_rfc3339())),
            ("reporterName", json!("Somebody")),
            ("reporterContact", json!("x".repeat(201))),
        ] {
            input[name] = value;
        }
        let refused = client.mutate("concernReportSubmit", input, REPORT).await;
        let told: Vec<_> = refused.list("/result/userErrors").iter().map(told).collect();
        assert_eq!(
            told,
            [
                "REQUIRED narrative",
                "REQUIRED categories",
                "INVALID reporterName",
                "TOO_LONG reporterContact",
                "INVALID reporterContact",
                "OUT_OF_RANGE receivedAt",
            ]
        );
        for (name, value, code) in [
            ("narrative", json!("a\u{1}b"), "INVALID"),
            ("narrative", json!("я".repeat(10_001)), "TOO_LONG"),
            ("categories", json!(["NEGLECT", "NEGLECT"]), "INVALID"),
            ("receivedAt", json!("1899-12-31T00:00:00Z"), "OUT_OF_RANGE"),
            ("receivedAt", json!("0000-01-01T00:00:00Z"), "OUT_OF_RANGE"),
            ("receivedAt", json!("9999-12-31T23:59:59Z"), "OUT_OF_RANGE"),
            ("areaId", json!(id("area", Uuid::now_v7())), "NOT_FOUND"),
            ("familyId", json!(id("family", Uuid::now_v7())), "NOT_FOUND"),
        ] {
            let input = with(submission(&area), name, value);
            let refused = client.mutate("concernReportSubmit", input, REPORT).await;
            assert_eq!(refused.refusal(), refusal(code, &format!("input.{name}")));
        }
        for (name, value) in [
            ("areaId", json!("area_1")),
            ("familyId", json!(id("person", Uuid::now_v7()))),
            ("id", json!("x")),
            ("organisationId", json!("")),
        ] {
            let input = with(submission(&area), name, value);
            let refused = client.mutate("concernReportSubmit", input, REPORT).await;
            assert_eq!(refused.code(), "BAD_USER_INPUT");
        }
        let count = concern_report::Entity::find().count(&stage.database.reader).await.unwrap();
        assert_eq!(count, 0);
    });
}

fn told(error: &Value) -> String {
    format!("{} {}", error["code"].as_str().unwrap(), error["path"][1].as_str().unwrap())
}

#[test]
fn old_news_come_from_the_services_themselves_only() {
    run(async |stage| {
        let Scene { area, office, worker } = scene(stage).await;
        stage.serves(&office, &area).await;
        let reporter = stage.worker(&office, Role::Reporter).await;
        let old = stage.now() - TimeDelta::days(366);
        let input = with(submission(&area), "receivedAt", json!(old.to_rfc3339()));
        for person in [reporter, stage.machine(&office).await] {
            let client = stage.as_(&person);
            let sent = client.mutate("concernReportSubmit", input.clone(), REPORT).await;
            assert_eq!(sent.refusal(), refusal("OUT_OF_RANGE", "input.receivedAt"));
        }
        stage.as_(&worker).mutate("concernReportSubmit", input, REPORT).await.done("");
    });
}

#[test]
fn an_id_that_the_client_made_is_kept_and_can_be_taken_once() {
    run(async |stage| {
        let Scene { area, worker, .. } = scene(stage).await;
        let client = stage.as_(&worker);
        let made = json!(id("report", Uuid::now_v7()));
        let input = with(submission(&area), "id", made.clone());
        let done = client.mutate("concernReportSubmit", input.clone(), REPORT).await;
        assert_eq!(done.done("/concernReport/id"), &made);
        let taken = client.mutate("concernReportSubmit", input, REPORT).await;
        assert_eq!(taken.refusal(), refusal("ALREADY_EXISTS", "input"));
    });
}

#[test]
fn roles_that_only_report_or_only_look_do_no_more() {
    run(async |stage| {
        let Scene { area, office, .. } = scene(stage).await;
        let report = received(stage, &office, &area).await;
        let to = json!({ "id": id("report", report) });
        let reporter = stage.worker(&office, Role::Reporter).await;
        let machine = stage.machine(&office).await;
        for person in [&reporter, &machine] {
            let client = stage.as_(person);
            for (mutation, input) in [
                ("concernReportTriage", with(to.clone(), "urgency", json!("ROUTINE"))),
                ("concernReportLink", with(to.clone(), "familyId", json!(id("family", report)))),
                ("concernReportVerify", to.clone()),
                (
                    "concernReportDecide",
                    json!({ "id": to["id"], "decision": "SCREENED_OUT", "reason": "No." }),
                ),
            ] {
                let refused = client.mutate(mutation, input, REPORT).await;
                assert_eq!(refused.code(), "FORBIDDEN", "{mutation}");
            }
        }
        let coordinator = stage.coordinator(&office, &area).await;
        for role in [Role::CentreStaff, Role::NgoWorker, Role::Analyst] {
            let person = stage.worker(&office, role).await;
            let client = stage.as_(&person);
            let sent = client.mutate("concernReportSubmit", submission(&area), REPORT).await;
            assert_eq!(sent.code(), "FORBIDDEN", "{role:?}");
        }
        let client = stage.as_(&coordinator);
        let sent = client.mutate("concernReportSubmit", submission(&area), REPORT).await;
        assert_eq!(sent.code(), "FORBIDDEN");
    });
}

async fn received(stage: &Stage, office: &Branch, area: &Branch) -> Uuid {
    let (status, urgency) = (ConcernStatus::Received, ConcernUrgency::Routine);
    stage.report(office, area, status, urgency, None).await
}

#[test]
fn a_report_is_triaged_and_triaged_again() {
    run(async |stage| {
        let Scene { area, office, worker } = scene(stage).await;
        let report = received(stage, &office, &area).await;
        let came = row(stage, report).await.received_at;
        let client = stage.as_(&worker);
        let input =
            json!({ "id": id("report", report), "urgency": "PRIORITY", "expectedVersion": 1 });
        let select = "concernReport { id status urgency dueAt version }";
        let sent = client.mutate("concernReportTriage", input, select);
        let (statements, answer) = stage.counted(sent).await;
        assert!(statements <= 12, "{statements}: {:#?}", stage.said());
        let done = answer.done("/concernReport");
        assert_eq!((&done["status"], &done["urgency"]), (&json!("TRIAGED"), &json!("PRIORITY")));
        assert_eq!(
            (&done["version"], instant(&done["dueAt"])),
            (&json!(2), came + TimeDelta::hours(72))
        );
        let day = (came + TimeDelta::hours(72)).date_naive();
        assert_eq!(verification(stage, report).await.due_on, day);

        let sooner = came + TimeDelta::hours(5);
        let input = json!({
            "id": id("report", report), "urgency": "IMMEDIATE", "dueAt": sooner.to_rfc3339(),
        });
        let answer = client.mutate("concernReportTriage", input, select).await;
        let done = answer.done("/concernReport");
        assert_eq!((&done["status"], &done["urgency"]), (&json!("TRIAGED"), &json!("IMMEDIATE")));
        assert_eq!(instant(&done["dueAt"]), sooner);
        let task = verification(stage, report).await;
        assert_eq!((task.due_on, task.status), (sooner.date_naive(), TaskStatus::Open));
    });
}

#[test]
fn only_a_supervisor_gives_more_time_than_the_terms() {
    run(async |stage| {
        let Scene { area, office, worker } = scene(stage).await;
        let supervisor = stage.worker(&office, Role::Supervisor).await;
        let report = received(stage, &office, &area).await;
        let came = row(stage, report).await.received_at;
        let input = |due: DateTime<Utc>| json!({ "id": id("report", report), "urgency": "ROUTINE", "dueAt": due.to_rfc3339() });
        let late = came + TimeDelta::days(10) + TimeDelta::seconds(1);
        let refused = stage.as_(&worker).mutate("concernReportTriage", input(late), REPORT).await;
        assert_eq!(refused.refusal(), refusal("OUT_OF_RANGE", "input.dueAt"));
        for person in [&worker, &supervisor] {
            let client = stage.as_(person);
            let refused = client.mutate("concernReportTriage", input(came), REPORT).await;
            assert_eq!(refused.refusal(), refusal("OUT_OF_RANGE", "input.dueAt"));
            let never = "9999-01-01T00:00:00Z".parse().unwrap();
            let refused = client.mutate("concernReportTriage", input(never), REPORT).await;
            assert_eq!(refused.refusal(), refusal("OUT_OF_RANGE", "input.dueAt"));
        }
        assert_eq!(row(stage, report).await.status, ConcernStatus::Received);
        let done = stage.as_(&supervisor).mutate("concernReportTriage", input(late), REPORT).await;
        assert_eq!(instant(&done.done("/concernReport")["dueAt"]), late);
    });
}

#[test]
fn what_was_decided_on_an_older_version_is_refused() {
    run(async |stage| {
        let Scene { area, office, worker } = scene(stage).await;
        let home = stage.household(&office, &area, "X").await;
        let (status, urgency) = (ConcernStatus::Triaged, ConcernUrgency::Routine);
        let report = stage.report(&office, &area, status, urgency, None).await;
        let to = json!({ "id": id("report", report), "expectedVersion": 7 });
        let client = stage.as_(&worker);
        let mut decision = with(to.clone(), "decision", json!("SCREENED_OUT"));
        decision["reason"] = json!("No.");
        for (mutation, input) in [
            ("concernReportTriage", with(to.clone(), "urgency", json!("PRIORITY"))),
            ("concernReportLink", with(to.clone(), "familyId", json!(id("family", home.id)))),
            ("concernReportVerify", to.clone()),
            ("concernReportDecide", decision),
        ] {
            let refused = client.mutate(mutation, input, REPORT).await;
            let expected = refusal("VERSION_CONFLICT", "input.expectedVersion");
            assert_eq!(refused.refusal(), expected, "{mutation}");
            let error = refused.user_error();
            assert_eq!(error["currentVersion"], 1);
            assert_eq!(error["current"]["id"], id("report", report));
        }
        assert_eq!(row(stage, report).await.version, 1);
    });
}

#[test]
fn reports_of_other_organisations_and_voided_ones_are_not_there() {
    run(async |stage| {
        let Scene { area, office, worker } = scene(stage).await;
        let report = received(stage, &office, &area).await;
        let gone = received(stage, &office, &area).await;
        let void = concern_report::ActiveModel {
            id: Set(gone),
            voided_at: Set(Some(stage.now())),
            void_reason: Set(Some("Sent twice.".to_owned())),
            ..Default::default()
        };
        void.update(&stage.database.writer).await.unwrap();
        let stranger = stranger(stage).await;
        for (person, report) in [(&stranger, report), (&worker, gone), (&worker, Uuid::now_v7())] {
            let client = stage.as_(person);
            let to = json!({ "id": id("report", report) });
            for (mutation, input) in [
                ("concernReportTriage", with(to.clone(), "urgency", json!("PRIORITY"))),
                ("concernReportLink", with(to.clone(), "familyId", json!(id("family", report)))),
                ("concernReportVerify", to.clone()),
                (
                    "concernReportDecide",
                    json!({ "id": to["id"], "decision": "SCREENED_OUT", "reason": "No." }),
                ),
            ] {
                let refused = client.mutate(mutation, input, REPORT).await;
                assert_eq!(refused.refusal(), refusal("NOT_FOUND", "input.id"), "{mutation}");
            }
        }
    });
}

#[test]
fn a_report_is_linked_to_a_family_that_is_seen_in_full() {
    run(async |stage| {
        let Scene { area, office, worker } = scene(stage).await;
        let home = stage.household(&office, &area, "X").await;
        let elsewhere = stage.organisation("Elsewhere", None).await;
        let hidden = stage.household(&elsewhere, &area, "Y").await;
        let (level, basis) = (AccessLevel::Summary, GrantBasis::Referral);
        stage.grant(&office, hidden.id, level, basis, hidden.case).await;
        let report = received(stage, &office, &area).await;
        let client = stage.as_(&worker);
        let input =
            |family| json!({ "id": id("report", report), "familyId": id("family", family) });
        for family in [hidden.id, Uuid::now_v7()] {
            let refused = client.mutate("concernReportLink", input(family), REPORT).await;
            assert_eq!(refused.refusal(), refusal("NOT_FOUND", "input.familyId"));
        }
        let key = Uuid::now_v7();
        let sent = client.mutate_as(
            key,
            "concernReportLink",
            input(home.id),
            "concernReport { id version family { id } }",
        );
        let (statements, answer) = stage.counted(sent).await;
        assert!(statements <= 12, "{statements}: {:#?}", stage.said());
        assert_eq!(answer.done("/concernReport/family/id"), &json!(id("family", home.id)));
        assert_eq!(answer.done("/concernReport/version"), 2);
        let select = "concernReport { id version family { id } }";
        let again = client.mutate_as(key, "concernReportLink", input(home.id), select).await;
        assert!(again.replayed());
        // To say the same once more changes nothing.
        let again = client.mutate("concernReportLink", input(home.id), select).await;
        assert_eq!(again.done("/concernReport/version"), 2);
    });
}
