//! One family from a report to a closed case, and back: the whole of casework through the API, in
//! the order in which an authority works.

use chrono::{Days, TimeDelta};
use entity::membership::Role;
use entity::organisation::OrganisationKind;
use entity::{change, episode, organisation_area, service_type};
use sea_orm::{ActiveValue::Set, EntityTrait};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::world::{Branch, Person, id};
use crate::harness::{Stage, run};

/// Who takes part.
struct Cast {
    area: Branch,
    clinic: Branch,
    school: Branch,
    worker: Person,
    supervisor: Person,
    hotline: Person,
    office: Branch,
    service_type: Uuid,
}

async fn people(stage: &Stage) -> Cast {
    let area = stage.area("Riverside", None).await;
    let office = stage.organisation("Family service", None).await;
    let serves =
        organisation_area::ActiveModel { organisation_id: Set(office.id), area_id: Set(area.id) };
    stage.put(serves).await;
    let partner = stage.agency("Hotline", OrganisationKind::Ngo).await;
    let service_type = Uuid::now_v7();
    stage
        .put(service_type::ActiveModel {
            id: Set(service_type),
            code: Set("COUNSEL".to_owned()),
            name: Set("Counselling".to_owned()),
            class: Set(service_type::ServiceClass::Psychological),
            is_active: Set(true),
        })
        .await;
    Cast {
        clinic: stage.agency("Clinic", OrganisationKind::Health).await,
        school: stage.agency("School", OrganisationKind::Education).await,
        worker: stage.worker(&office, Role::Caseworker).await,
        supervisor: stage.worker(&office, Role::Supervisor).await,
        hotline: stage.machine(&partner).await,
        area,
        office,
        service_type,
    }
}

/// A day of the story, counted from its today.
fn day(stage: &Stage, days: u64) -> String {
    stage.now().date_naive().checked_add_days(Days::new(days)).unwrap().to_string()
}

/// An anonymous report through a partner's machine, triaged, linked to a family made for it,
/// verified by a visit and confirmed: the report and its case.
#[expect(clippy::too_many_lines, reason = "one story, told at once")]
async fn confirmed(stage: &Stage, people: &Cast) -> (Value, Value) {
    let worker = stage.as_(&people.worker);
    let report = json!({ "channel": "HOTLINE", "source": "CITIZEN", "areaId": id("area", people.area.id),
        "narrative": "The children are alone until late.", "categories": ["NEGLECT"],
        "isAnonymous": true });
    let machine = stage.as_(&people.hotline);
    let report = machine
        .mutate("concernReportSubmit", report, "concernReport { id status isAnonymous }")
        .await;
    assert_eq!(report.done("/concernReport/status"), "RECEIVED");
    let report = report.done("/concernReport/id").clone();

    let triage = json!({ "id": report, "urgency": "PRIORITY" });
    let triaged =
        worker.mutate("concernReportTriage", triage, "concernReport { status dueAt }").await;
    assert_eq!(triaged.done("/concernReport/status"), "TRIAGED");

    let family = json!({ "label": "Family of the lane", "areaId": id("area", people.area.id) });
    let family = worker.mutate("familyCreate", family, "family { id }").await;
    let family = family.done("/family/id").clone();
    for (role, given, born) in [
        ("PARENT", "Olena", "1990-05-05"),
        ("CHILD", "Marko", "2016-02-01"),
        ("CHILD", "Iryna", "2019-09-09"),
    ] {
        let person = json!({ "givenName": given, "familyName": "Lanova", "sex": "UNKNOWN",
            "birthDate": born, "familyId": family,
            "membership": { "role": role, "since": "2020-01-01" } });
        worker.mutate("personCreate", person, "person { id }").await.done("/person/id");
    }
    let link = json!({ "id": report, "familyId": family });
    worker
        .mutate("concernReportLink", link, "concernReport { id }")
        .await
        .done("/concernReport/id");

    let visit = json!({ "concernReportId": report, "purpose": "VERIFICATION", "outcome": "COMPLETED",
        "visitedAt": stage.now(), "note": "The flat was cold.", "children": [] });
    let visit = worker.mutate("visitRecord", visit, "visit { id status }").await;
    assert_eq!(visit.done("/visit/status"), "COMPLETED");

    let decide =
        json!({ "id": report, "decision": "CONFIRMED", "reason": "Neglect was confirmed." });
    let decided = worker
        .mutate("concernReportDecide", decide, "concernReport { status case { id status } }")
        .await;
    assert_eq!(decided.done("/concernReport/status"), "CONFIRMED");
    (report, decided.done("/concernReport/case/id").clone())
}

#[test]
#[expect(clippy::too_many_lines, reason = "one story, told at once")]
fn a_family_is_helped_from_an_anonymous_report_to_a_closed_case_and_comes_back() {
    run(async |stage| {
        let people = people(stage).await;
        let (worker, boss) = (stage.as_(&people.worker), stage.as_(&people.supervisor));
        let (report, case) = confirmed(stage, &people).await;
        let file = format!(
            "{{ case(id: {case}) {{ status riskLevel assignments {{ role }} family {{ id children {{ id }} }}
                visits {{ status }} services {{ id }}
                episodes {{ number openedOn closedOn closureClass sourceReport {{ id }}
                    closedBy {{ id }} approvedBy {{ id }} }}
                activePlan {{ signOffs {{ signedAt }} measures {{ id status }} }} }} }}"
        );
        let opened = worker.query(&file).await;
        assert_eq!(opened.data("/case/status"), "INTAKE");
        assert_eq!(opened.data("/case/episodes/0/sourceReport/id"), &report);
        let children = opened.list("/case/family/children").to_vec();
        assert_eq!(children.len(), 2);

        // Who confirmed the facts leads the case; another worker joins.
        assert_eq!(opened.data("/case/assignments/0/role"), "LEAD");
        let second = stage.worker(&people.office, Role::Caseworker).await;
        let assign = json!({ "caseId": case, "workerId": id("worker", second.id), "role": "CO" });
        boss.mutate("caseAssign", assign, "case { id }").await.done("/case/id");

        assess(stage, &people, &case).await;
        let measures = agree(stage, &people, &case).await;
        visit_and_serve(stage, &people, &case, &children, &measures).await;

        let found = worker.query(&file).await;
        assert_eq!(found.data("/case/status"), "ACTIVE");
        assert_eq!(found.data("/case/riskLevel"), "HIGH");
        assert_eq!(found.list("/case/visits").len(), 4);
        assert_eq!(found.list("/case/services").len(), 2);

        close(stage, &people, &case).await;
        let closed = worker.query(&file).await;
        assert_eq!(closed.data("/case/status"), "CLOSED");
        assert_eq!(closed.data("/case/episodes/0/closureClass"), "OVERCAME");
        overcame_is_on_record(stage).await;

        stage.wait(TimeDelta::days(100));
        let again = json!({ "caseId": case, "reason": "Two new reports within a month." });
        let again = worker.mutate("caseReopen", again, "case { status }").await;
        assert_eq!(again.done("/case/status"), "ASSESSMENT");
        let episodes = worker.query(&file).await;
        assert_eq!(episodes.data("/case/episodes/0/number"), 2);
        assert_eq!(episodes.data("/case/episodes/1/closureClass"), "OVERCAME");
        let seqs = change::Entity::find().all(&stage.database.reader).await.unwrap();
        assert!(seqs.len() > 30, "every step is in the feed");
    });
}

async fn assess(stage: &Stage, people: &Cast, case: &Value) {
    let worker = stage.as_(&people.worker);
    let assessment = json!({ "caseId": case, "tool": "FAMILY_NEEDS", "toolVersion": "2.1",
        "answers": [{ "question": "Food", "answer": "Not every day" }], "score": 31,
        "riskLevel": "HIGH", "assessedOn": day(stage, 0) });
    let select = "assessment { id status score }";
    let recorded = worker.mutate("assessmentRecord", assessment, select).await;
    let approve = json!({ "id": recorded.done("/assessment/id"), "decision": "APPROVED",
        "supportLevel": "CRISIS" });
    let approved = stage.as_(&people.supervisor).mutate("assessmentDecide", approve, select).await;
    assert_eq!(approved.done("/assessment/status"), "APPROVED");
}

/// A plan of three agencies, signed by all of them, in force: its measures.
async fn agree(stage: &Stage, people: &Cast, case: &Value) -> Vec<Value> {
    let worker = stage.as_(&people.worker);
    let own = people.worker.organisation;
    let agencies = [own, people.clinic.id, people.school.id];
    let measures: Vec<_> = agencies
        .iter()
        .map(|agency| {
            json!({ "description": "Does its part.", "responsibleId": id("organisation", *agency),
                "serviceTypeId": id("servicetype", people.service_type), "dueOn": day(stage, 60) })
        })
        .collect();
    let draft = json!({ "caseId": case, "since": day(stage, 0),
        "goals": [{ "statement": "The children are fed and at school.", "measures": measures }] });
    let select =
        "plan { id status signOffs { organisation { id } signedAt } measures { id status } }";
    let drafted = worker.mutate("planDraft", draft, select).await;
    assert_eq!(drafted.done("/plan/status"), "DRAFT");
    let plan = drafted.done("/plan/id").clone();
    let sign = |agency: Uuid| json!({ "organisationId": id("organisation", agency) });
    let some = json!({ "planId": plan, "signOffs": [sign(own), sign(people.clinic.id)],
        "familyAgreed": true });
    let some = worker.mutate("planAgree", some, select).await;
    assert_eq!(some.done("/plan/status"), "DRAFT", "the school has not signed");
    let early = worker.mutate("planActivate", json!({ "planId": plan }), select).await;
    assert_eq!(early.user_error()["__typename"], "TransitionError");
    let last = json!({ "planId": plan, "signOffs": [sign(people.school.id)] });
    let agreed = worker.mutate("planAgree", last, select).await;
    assert_eq!(agreed.done("/plan/status"), "AGREED");
    let active = worker.mutate("planActivate", json!({ "planId": plan }), select).await;
    assert_eq!(active.done("/plan/status"), "ACTIVE");
    active.done("/plan/measures").as_array().unwrap().clone()
}

/// Four visits, a week apart, and two services under a measure, which is then done.
async fn visit_and_serve(
    stage: &Stage,
    people: &Cast,
    case: &Value,
    children: &[Value],
    measures: &[Value],
) {
    let worker = stage.as_(&people.worker);
    let seen: Vec<_> = children
        .iter()
        .map(|child| json!({ "personId": child["id"], "seen": true, "seenAlone": true }))
        .collect();
    for _ in 0..4 {
        stage.wait(TimeDelta::days(7));
        let visit = json!({ "caseId": case, "purpose": "MONITORING", "outcome": "COMPLETED",
            "visitedAt": stage.now(), "note": "All at home.", "children": seen });
        worker.mutate("visitRecord", visit, "visit { id nextDueOn }").await.done("/visit/id");
    }
    let measure = &measures[0]["id"];
    for _ in 0..2 {
        let service = json!({ "measureId": measure,
            "serviceTypeId": id("servicetype", people.service_type),
            "personIds": [children[0]["id"]], "deliveredOn": day(stage, 0) });
        worker.mutate("serviceRecord", service, "service { id }").await.done("/service/id");
    }
    for (version, status) in [(1, "IN_PROGRESS"), (2, "DONE")] {
        let update = json!({ "id": measure, "expectedVersion": version, "status": status,
            "result": "Carried out." });
        worker.mutate("measureUpdate", update, "measure { status }").await.done("/measure/status");
    }
}

async fn close(stage: &Stage, people: &Cast, case: &Value) {
    let request = json!({ "caseId": case, "outcome": "OVERCAME", "reason": "Goals reached.",
        "summary": "The mother works; the children are at school." });
    let select = "case { status closedOn }";
    let worker = stage.as_(&people.worker);
    worker.mutate("caseClosureRequest", request, select).await.done("/case/status");
    let approve = json!({ "caseId": case, "isApproved": true });
    let closed = stage.as_(&people.supervisor).mutate("caseClosureDecide", approve, select).await;
    assert_eq!(closed.done("/case/status"), "CLOSED");
}

/// What `families_overcame` counts: an episode that closed with this class, when it was true and
/// when it was recorded, asked for by one and approved by another.
async fn overcame_is_on_record(stage: &Stage) {
    let episodes = episode::Entity::find().all(&stage.database.reader).await.unwrap();
    let [episode] = episodes.as_slice() else { panic!("{episodes:?}") };
    assert_eq!(episode.closure_class, Some(episode::ClosureClass::Overcame));
    assert_eq!(episode.closed_on, Some(stage.now().date_naive()));
    assert!(
        episode.closure_recorded_at.is_some() && episode.opened_on < episode.closed_on.unwrap()
    );
    assert!(episode.closed_by_id != episode.approved_by_id && episode.approved_by_id.is_some());
}
