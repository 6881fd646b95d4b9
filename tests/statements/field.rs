//! Reports and what they come to, visits and services.

use chrono::TimeDelta;
use entity::access_grant::{AccessLevel, GrantBasis};
use entity::concern_report::{ConcernStatus, ConcernUrgency};
use entity::family_member::MemberRole;
use entity::organisation::OrganisationKind;
use entity::plan::PlanStatus;
use entity::visit::VisitStatus;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Act, Ground};
use crate::harness::world::{Household, START, id};

pub async fn acts(ground: &Ground<'_>) -> Vec<Act> {
    let mut acts = submissions(ground).await;
    acts.extend(triage(ground).await);
    acts.extend(decisions(ground).await);
    acts.extend(visits_of_cases(ground).await);
    acts.extend(visits_of_reports(ground).await);
    acts.extend(services(ground).await);
    acts
}

async fn submissions(ground: &Ground<'_>) -> Vec<Act> {
    let stage = ground.stage;
    let home = ground.home().await;
    let mut full = json!({ "id": id("report", Uuid::now_v7()), "channel": "PHONE",
        "source": "CITIZEN", "areaId": id("area", ground.area.id),
        "receivedAt": stage.now() - TimeDelta::days(1), "urgency": "IMMEDIATE",
        "narrative": "Crying is heard every night.", "categories": ["NEGLECT", "LIFE_OR_HEALTH"],
        "isAnonymous": false, "reporterName": "A neighbour", "reporterContact": "000 111",
        "familyId": id("family", home.id) });
    let partner = stage.agency("Clinic", OrganisationKind::Health).await;
    let machine = stage.machine(&partner).await;
    stage.grant(&partner, home.id, AccessLevel::Summary, GrantBasis::Referral, home.case).await;
    let mut sent = full.clone();
    sent["id"] = json!(id("report", Uuid::now_v7()));
    full["organisationId"] = json!(id("organisation", ground.office.id));
    vec![
        Act::new("concernReportSubmit", "to a named office", &ground.worker, full),
        Act::new("concernReportSubmit", "by a machine, to whoever serves", &machine, sent),
    ]
}

/// A report that the office received.
async fn report(ground: &Ground<'_>, status: ConcernStatus, family: Option<Uuid>) -> Uuid {
    let urgency = ConcernUrgency::Routine;
    ground.stage.report(&ground.office, &ground.area, status, urgency, family).await
}

async fn triage(ground: &Ground<'_>) -> Vec<Act> {
    let home = ground.home().await;
    let received = report(ground, ConcernStatus::Received, Some(home.id)).await;
    let triaged = json!({ "id": id("report", received), "expectedVersion": 1,
        "urgency": "PRIORITY", "dueAt": ground.stage.now() + TimeDelta::days(20) });
    let received = report(ground, ConcernStatus::Received, None).await;
    let linked = json!({ "id": id("report", received), "expectedVersion": 1,
        "familyId": id("family", home.id) });
    let waiting = report(ground, ConcernStatus::Triaged, Some(home.id)).await;
    let verified = json!({ "id": id("report", waiting), "expectedVersion": 1 });
    vec![
        Act::new("concernReportTriage", "with a later deadline", &ground.boss, triaged),
        Act::new("concernReportLink", "at a version", &ground.worker, linked),
        Act::new("concernReportVerify", "at a version", &ground.worker, verified),
    ]
}

/// A family whose case is closed, though its plan was in force.
async fn closed(ground: &Ground<'_>) -> Household {
    let home = ground.home().await;
    ground.stage.episode(&home).await;
    ground.stage.plan_with_measure(&home, &ground.office, PlanStatus::Active).await;
    let case = id("case", home.case);
    let asked = json!({ "caseId": case, "outcome": "OVERCAME", "summary": "All is well." });
    ground.done(&ground.worker, "caseClosureRequest", asked).await;
    let decided = json!({ "caseId": case, "isApproved": true });
    ground.done(&ground.boss, "caseClosureDecide", decided).await;
    home
}

async fn decisions(ground: &Ground<'_>) -> Vec<Act> {
    let stage = ground.stage;
    let new = stage.family(&ground.office, &ground.area, "Y").await;
    stage.grant(&ground.office, new, AccessLevel::Full, GrantBasis::Lead, new).await;
    let (known, other) = (ground.home().await, ground.home().await);
    let mut acts = Vec::new();
    for (family, what) in [
        (new, "confirmed, with a first case"),
        (closed(ground).await.id, "confirmed, with a case opened again"),
        (known.id, "confirmed, in an open case"),
    ] {
        let verifying = report(ground, ConcernStatus::Verifying, None).await;
        stage.verifying_visit(verifying, family, VisitStatus::Completed).await;
        let input = json!({ "id": id("report", verifying), "expectedVersion": 1,
            "decision": "CONFIRMED", "reason": "So it is.", "evidence": "A record.",
            "familyId": id("family", family), "caseKind": "CHILD_PROTECTION",
            "supportLevel": "CRISIS" });
        acts.push(Act::new("concernReportDecide", what, &ground.worker, input));
    }
    let original = report(ground, ConcernStatus::Triaged, Some(other.id)).await;
    let again = report(ground, ConcernStatus::Triaged, None).await;
    let linked = json!({ "id": id("report", again), "expectedVersion": 1, "decision": "LINKED",
        "reason": "The same.", "caseId": id("case", other.case),
        "duplicateOfId": id("report", original) });
    acts.push(Act::new("concernReportDecide", "linked, a repetition", &ground.worker, linked));
    acts
}

/// A visit of a case that is planned.
async fn planned(ground: &Ground<'_>, home: &Household, days: i64) -> Value {
    let input = json!({ "caseId": id("case", home.case), "purpose": "MONITORING",
        "scheduledFor": ground.day(days) });
    ground.done(&ground.worker, "visitSchedule", input).await
}

/// A family at a level of support, with two children.
async fn supported(ground: &Ground<'_>) -> (Household, Value) {
    let home = ground.home().await;
    let sibling = ground.stage.member(home.id, MemberRole::Child, "Z", START).await;
    let level = json!({ "id": id("case", home.case), "expectedVersion": 1,
        "supportLevel": "CRISIS" });
    ground.done(&ground.worker, "caseUpdate", level).await;
    let children = json!([
        { "personId": id("child", home.child), "seen": true, "seenAlone": true },
        { "personId": id("child", sibling), "seen": false },
    ]);
    (home, children)
}

async fn visits_of_cases(ground: &Ground<'_>) -> Vec<Act> {
    let (home, children) = supported(ground).await;
    let scheduled = json!({ "id": id("visit", Uuid::now_v7()), "caseId": id("case", home.case),
        "purpose": "CRISIS", "scheduledFor": ground.day(1),
        "workerId": id("worker", ground.boss.id) });
    let now = ground.stage.now();
    let earlier = json!({ "caseId": id("case", home.case), "purpose": "MONITORING",
        "outcome": "COMPLETED", "visitedAt": now - TimeDelta::days(3) });
    ground.done(&ground.worker, "visitRecord", earlier).await;
    let (visit, _) = (planned(ground, &home, 0).await, planned(ground, &home, 20).await);
    let made = json!({ "id": visit, "caseId": id("case", home.case), "purpose": "MONITORING",
        "expectedVersion": 1, "outcome": "COMPLETED", "visitedAt": now, "note": "All is well.",
        "children": children });
    let (home, children) = supported(ground).await;
    let unplanned = json!({ "id": id("visit", Uuid::now_v7()), "caseId": id("case", home.case),
        "purpose": "CRISIS", "outcome": "COMPLETED", "visitedAt": now, "note": "All is well.",
        "children": children });
    let (home, _) = supported(ground).await;
    let cancelled = json!({ "id": planned(ground, &home, 5).await, "expectedVersion": 1,
        "outcome": "CANCELLED", "note": "They are away." });
    let seldom = json!({ "id": id("case", home.case), "expectedVersion": 2,
        "supportLevel": "BASIC" });
    ground.done(&ground.worker, "caseUpdate", seldom).await;
    vec![
        Act::new("visitSchedule", "of a case, for another worker", &ground.worker, scheduled),
        Act::new("visitRecord", "planned, with children, others around", &ground.worker, made),
        Act::new("visitRecord", "unplanned, with children", &ground.worker, unplanned),
        Act::new(
            "visitRecord",
            "cancelled, none planned but one due later",
            &ground.worker,
            cancelled,
        ),
    ]
}

async fn visits_of_reports(ground: &Ground<'_>) -> Vec<Act> {
    let (home, children) = supported(ground).await;
    let mut reports = Vec::new();
    for status in [ConcernStatus::Triaged, ConcernStatus::Triaged, ConcernStatus::Triaged] {
        reports.push(id("report", report(ground, status, Some(home.id)).await));
    }
    let scheduled = json!({ "id": id("visit", Uuid::now_v7()), "concernReportId": reports[0],
        "purpose": "VERIFICATION", "scheduledFor": ground.day(1),
        "workerId": id("worker", ground.boss.id) });
    let first = json!({ "concernReportId": reports[1], "scheduledFor": ground.day(0) });
    let first = ground.done(&ground.worker, "visitSchedule", first).await;
    let made = |visit: Value, report: &str| {
        json!({ "id": visit, "concernReportId": report, "purpose": "VERIFICATION",
            "outcome": "COMPLETED", "visitedAt": ground.stage.now(), "note": "So it is.",
            "children": children })
    };
    let mut first = made(first, &reports[1]);
    first["expectedVersion"] = json!(1);
    let second = made(json!(id("visit", Uuid::now_v7())), &reports[2]);
    vec![
        Act::new("visitSchedule", "of a report, for another worker", &ground.worker, scheduled),
        Act::new("visitRecord", "of a report, planned", &ground.worker, first),
        Act::new("visitRecord", "of a report, unplanned", &ground.worker, second),
    ]
}

async fn services(ground: &Ground<'_>) -> Vec<Act> {
    let stage = ground.stage;
    let home = ground.home().await;
    let kind = stage.service_type(&ground.code("S1"), true).await;
    let (_, measure) = stage.plan_with_measure(&home, &ground.school, PlanStatus::Active).await;
    let input = json!({ "id": id("service", Uuid::now_v7()), "measureId": id("measure", measure),
        "serviceTypeId": id("servicetype", kind), "deliveredOn": ground.day(-1), "quantity": 3,
        "providerId": id("organisation", ground.school.id),
        "personIds": [id("child", home.child), id("person", home.parent)] });
    let home = ground.home().await;
    let given = |field: &str, about: Value| {
        let mut given = json!({ "serviceTypeId": id("servicetype", kind),
            "personIds": [id("child", home.child)], "deliveredOn": ground.day(-1) });
        given[field] = about;
        given
    };
    let of_case = given("caseId", json!(id("case", home.case)));
    let of_family = given("familyId", json!(id("family", home.id)));
    vec![
        Act::new("serviceRecord", "under a measure, by others", &ground.worker, input),
        Act::new("serviceRecord", "in a case", &ground.worker, of_case),
        Act::new("serviceRecord", "for a family", &ground.worker, of_family),
    ]
}
