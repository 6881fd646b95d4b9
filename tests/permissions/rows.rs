//! Families, persons, cases and reports as they stand in a state, with what may be done with each.

use chrono::TimeDelta;
use entity::access_grant::{AccessLevel, GrantBasis};
use entity::assignment::{self, AssignmentRole};
use entity::case::{self, CaseStatus};
use entity::concern_report::{self, ConcernStatus, ConcernUrgency};
use entity::episode::{self, ClosureClass};
use entity::membership::Role;
use entity::plan::PlanStatus;
use entity::relationship::{self, RelationshipKind};
use entity::{family_member, person};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};
use uuid::Uuid;

use super::ground::{Ground, Row};
use crate::harness::world::{Household, Person, START, id};

/// A service that a member of a family had today, in some context.
pub fn service(ground: &Ground<'_>, home: &Household, field: &str, of: &str) -> Value {
    let mut input = json!({ "serviceTypeId": id("servicetype", ground.service_type),
        "personIds": [id("person", home.child)], "deliveredOn": ground.today() });
    input[field] = json!(of);
    input
}

#[expect(clippy::too_many_lines, reason = "one entry a mutation")]
pub async fn family(ground: &Ground<'_>, _: &Person, (): ()) -> Row {
    let (stage, today) = (ground.stage, ground.today());
    let home = ground.home().await;
    let relative = stage.person("Y", START).await;
    let (level, basis) = (AccessLevel::Full, GrantBasis::Lead);
    stage.grant_until(&ground.office, None, Some(relative), level, basis, relative, None).await;
    let member = family_member::Entity::find()
        .filter(family_member::Column::PersonId.eq(home.parent))
        .one(&stage.database.reader)
        .await
        .unwrap()
        .unwrap();
    let decision = stage.decision(&ground.office, home.id, "1").await;
    let own = id("family", home.id);
    let body = id("organisation", ground.office.id);
    Row::new(
        own.clone(),
        vec![
            ("canUpdate", "familyUpdate", json!({ "id": own, "expectedVersion": 1, "label": "Y" })),
            (
                "canAddMember",
                "familyMemberAdd",
                json!({ "familyId": own, "personId": id("person", relative),
                    "membership": { "role": "RELATIVE", "since": today } }),
            ),
            (
                "canEndMember",
                "familyMemberEnd",
                json!({ "familyId": own, "memberId": id("member", member.id), "until": today }),
            ),
            (
                "canOpenCase",
                "caseOpen",
                json!({ "familyId": own, "kind": "EARLY_HELP", "reason": "They ask for help." }),
            ),
            (
                "canRegister",
                "registerEnter",
                json!({ "registerId": id("register", ground.family_register), "familyId": own,
                    "grounds": "NEGLECT", "since": today,
                    "decisionId": id("decision", decision) }),
            ),
            (
                "canRecordDecision",
                "decisionRecord",
                json!({ "bodyId": body, "familyId": own, "kind": "x", "number": "2",
                    "decidedOn": today }),
            ),
            ("canRecordService", "serviceRecord", service(ground, &home, "familyId", &own)),
            (
                "canRecordConsent",
                "consentGive",
                json!({ "familyId": own, "givenById": id("person", home.parent),
                    "capacity": "PARENT", "form": "WRITTEN", "purposes": ["SERVICES"],
                    "categories": ["IDENTITY"] }),
            ),
        ],
    )
}

/// A child, which may be merged into another person.
#[expect(clippy::too_many_lines, reason = "one entry a mutation")]
pub async fn person(ground: &Ground<'_>, _: &Person, is_merged: bool) -> Row {
    let (stage, today) = (ground.stage, ground.today());
    let home = ground.home().await;
    let relationship = Uuid::now_v7();
    let row = relationship::ActiveModel {
        id: Set(relationship),
        person_id: Set(home.child),
        other_id: Set(home.parent),
        kind: Set(RelationshipKind::SiblingOf),
        recorded_at: Set(stage.now()),
        ..Default::default()
    };
    stage.put(row).await;
    let number = id("identifier", stage.identifier(home.child, "TAX", "1").await);
    if is_merged {
        let into = Set(Some(home.parent));
        let merged =
            person::ActiveModel { id: Set(home.child), merged_into_id: into, ..Default::default() };
        ground.set(merged).await;
    }
    let decision = stage.decision(&ground.office, home.id, "1").await;
    let (_, unit) = stage.centre(&ground.office, &ground.area, 1).await;
    let own = id("person", home.child);
    let body = id("organisation", ground.office.id);
    Row::new(
        own.clone(),
        vec![
            ("canUpdate", "personUpdate", json!({ "id": own, "expectedVersion": 1, "phone": "1" })),
            (
                "canAddName",
                "personNameAdd",
                json!({ "personId": own, "kind": "ALIAS", "givenName": "Y" }),
            ),
            (
                "canAddIdentifier",
                "identifierAdd",
                json!({ "personId": own, "kind": "TAX", "value": "2" }),
            ),
            (
                "canVoidIdentifier",
                "identifierVoid",
                json!({ "personId": own, "identifierId": number, "reason": "By mistake." }),
            ),
            (
                "canAddIdentityFact",
                "identityFactAdd",
                json!({ "personId": own, "kind": "PARENT", "value": "Y" }),
            ),
            (
                "canAddRelationship",
                "relationshipAdd",
                json!({ "personId": own, "otherId": id("person", home.parent), "kind": "OTHER" }),
            ),
            (
                "canEndRelationship",
                "relationshipEnd",
                json!({ "personId": own, "relationshipId": id("relationship", relationship),
                    "until": today }),
            ),
            (
                "canRecordLegalStatus",
                "legalStatusRecord",
                json!({ "personId": own, "status": "UNKNOWN", "since": today }),
            ),
            (
                "canRegister",
                "registerEnter",
                json!({ "registerId": id("register", ground.person_register), "personId": own,
                    "grounds": "NEGLECT", "since": today,
                    "decisionId": id("decision", decision) }),
            ),
            (
                "canRecordDecision",
                "decisionRecord",
                json!({ "bodyId": body, "personId": own, "kind": "x", "number": "2",
                    "decidedOn": today }),
            ),
            (
                "canRequestPlacement",
                "placementRequest",
                json!({ "persons": [{ "personId": own, "unitId": id("unit", unit) }],
                    "familyId": id("family", home.id), "basis": "PARENT" }),
            ),
        ],
    )
}

/// How a case stands.
#[derive(Clone, Copy, Debug)]
pub struct CaseState {
    pub status: CaseStatus,
    pub detail: Option<Detail>,
}

/// What else holds for a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    AskedByViewer,
    Drafted,
    ClosedBefore,
    WithoutEpisode,
}

impl CaseState {
    pub const fn at(status: CaseStatus) -> Self {
        Self { status, detail: None }
    }

    pub const fn with(status: CaseStatus, detail: Detail) -> Self {
        Self { status, detail: Some(detail) }
    }

    fn is(self, detail: Detail) -> bool {
        self.detail == Some(detail)
    }
}

/// An episode of a case, open or closed.
async fn episode(
    ground: &Ground<'_>,
    home: &Household,
    (no, asker): (i32, Option<Uuid>),
    is_closed: bool,
) {
    let now = ground.stage.now();
    let row = episode::ActiveModel {
        id: Set(Uuid::now_v7()),
        case_id: Set(home.case),
        family_id: Set(home.id),
        no: Set(no),
        opened_on: Set(START),
        reason: Set("A report.".to_owned()),
        closed_on: Set(is_closed.then_some(START)),
        closure_class: Set(asker.map(|_| ClosureClass::Overcame)),
        summary: Set(asker.map(|_| "All is well.".to_owned())),
        closed_by_id: Set(asker),
        approved_by_id: Set(is_closed.then_some(ground.boss.id)),
        recorded_at: Set(now),
        closure_recorded_at: Set(is_closed.then_some(now)),
        ..Default::default()
    };
    ground.stage.put(row).await;
}

/// Puts a family's case into a state.
pub async fn set_case(ground: &Ground<'_>, home: &Household, status: CaseStatus) {
    let closed_on = Set((status == CaseStatus::Closed).then_some(START));
    let row = case::ActiveModel {
        id: Set(home.case),
        status: Set(status),
        closed_on,
        ..Default::default()
    };
    ground.set(row).await;
}

async fn case_home(ground: &Ground<'_>, viewer: &Person, state: CaseState) -> Household {
    let home = ground.home().await;
    set_case(ground, &home, state.status).await;
    let asker =
        if state.is(Detail::AskedByViewer) { ground.as_worker(viewer) } else { &ground.worker };
    let is_asked = state.status == CaseStatus::ClosureRequested;
    let is_closed = state.status == CaseStatus::Closed;
    if state.is(Detail::ClosedBefore) {
        episode(ground, &home, (1, Some(ground.worker.id)), true).await;
    }
    if !state.is(Detail::WithoutEpisode) {
        let no = if state.is(Detail::ClosedBefore) { 2 } else { 1 };
        let asker = (is_asked || is_closed).then_some(asker.id);
        episode(ground, &home, (no, asker), is_closed).await;
    }
    if state.is(Detail::Drafted) {
        ground.stage.plan(&home, &ground.office, 1, PlanStatus::Draft).await;
    }
    home
}

#[expect(clippy::too_many_lines, reason = "one entry a mutation")]
pub async fn case(ground: &Ground<'_>, viewer: &Person, stands: CaseState) -> Row {
    let (stage, today) = (ground.stage, ground.today());
    let home = case_home(ground, viewer, stands).await;
    let spare = stage.worker(&ground.office, Role::Caseworker).await;
    let assigned = Uuid::now_v7();
    let row = assignment::ActiveModel {
        id: Set(assigned),
        case_id: Set(home.case),
        family_id: Set(home.id),
        worker_id: Set(ground.boss.id),
        role: Set(AssignmentRole::Co),
        since: Set(START),
        until: Set(None),
        recorded_at: Set(stage.now()),
    };
    stage.put(row).await;
    let own = id("case", home.case);
    let neighbour = id("organisation", ground.neighbour.id);
    Row::new(
        own.clone(),
        vec![
            (
                "canUpdate",
                "caseUpdate",
                json!({ "id": own, "expectedVersion": 1, "supportLevel": "BASIC" }),
            ),
            (
                "canAssign",
                "caseAssign",
                json!({ "caseId": own, "workerId": id("worker", spare.id), "role": "CO" }),
            ),
            (
                "canEndAssignment",
                "caseAssignmentEnd",
                json!({ "caseId": own, "assignmentId": id("assignment", assigned) }),
            ),
            (
                "canRequestClosure",
                "caseClosureRequest",
                json!({ "caseId": own, "outcome": "OVERCAME", "summary": "All is well." }),
            ),
            ("canDecideClosure", "caseClosureDecide", json!({ "caseId": own, "isApproved": true })),
            ("canReopen", "caseReopen", json!({ "caseId": own, "reason": "They ask again." })),
            ("canAddAddendum", "caseAddendumAdd", json!({ "caseId": own, "body": "They moved." })),
            (
                "canRecordAssessment",
                "assessmentRecord",
                json!({ "caseId": own, "tool": "x", "toolVersion": "1", "answers": [],
                    "riskLevel": "LOW", "assessedOn": today }),
            ),
            (
                "canDraftPlan",
                "planDraft",
                json!({ "caseId": own, "since": today, "goals": [{ "statement": "Work",
                    "measures": [{ "description": "Seek it", "dueOn": today }] }] }),
            ),
            (
                "canScheduleVisit",
                "visitSchedule",
                json!({ "caseId": own, "purpose": "MONITORING", "scheduledFor": today }),
            ),
            (
                "canRecordVisit",
                "visitRecord",
                json!({ "caseId": own, "purpose": "MONITORING", "outcome": "NO_ACCESS",
                    "visitedAt": stage.now(), "note": "Nobody was at home." }),
            ),
            ("canRecordService", "serviceRecord", service(ground, &home, "caseId", &own)),
            (
                "canRefer",
                "referralSend",
                json!({ "caseId": own, "receiverId": neighbour, "reason": "Help with school.",
                    "legalBasis": "A law.", "expiresAt": stage.now() + TimeDelta::days(7) }),
            ),
            (
                "canTransfer",
                "transferPropose",
                json!({ "caseId": own, "toOrganisationId": neighbour, "reason": "They moved." }),
            ),
        ],
    )
}

/// How a report stands.
#[derive(Clone, Copy, Debug)]
pub struct ReportState {
    pub status: ConcernStatus,
    pub urgency: ConcernUrgency,
    pub is_received_elsewhere: bool,
    pub is_voided: bool,
}

impl ReportState {
    pub const fn at(status: ConcernStatus, urgency: ConcernUrgency) -> Self {
        Self { status, urgency, is_received_elsewhere: false, is_voided: false }
    }
}

/// A report about a family, which the machine submitted.
pub async fn report_about(ground: &Ground<'_>, family: Uuid, state: ReportState) -> Uuid {
    let receiver = if state.is_received_elsewhere { &ground.neighbour } else { &ground.office };
    let ReportState { status, urgency, .. } = state;
    let report = ground.stage.report(receiver, &ground.area, status, urgency, Some(family)).await;
    let row = concern_report::ActiveModel {
        id: Set(report),
        submitted_by_client_id: Set(Some(ground.machine.id)),
        voided_at: Set(state.is_voided.then(|| ground.stage.now())),
        void_reason: Set(state.is_voided.then(|| "By mistake.".to_owned())),
        ..Default::default()
    };
    ground.set(row).await;
    report
}

pub async fn report(ground: &Ground<'_>, _: &Person, state: ReportState) -> Row {
    let home = ground.home().await;
    let own = id("report", report_about(ground, home.id, state).await);
    let decision =
        if state.status == ConcernStatus::Verifying { "NOT_CONFIRMED" } else { "SCREENED_OUT" };
    Row::new(
        own.clone(),
        vec![
            ("canTriage", "concernReportTriage", json!({ "id": own, "urgency": "ROUTINE" })),
            (
                "canLink",
                "concernReportLink",
                json!({ "id": own, "familyId": id("family", home.id) }),
            ),
            ("canVerify", "concernReportVerify", json!({ "id": own })),
            (
                "canDecide",
                "concernReportDecide",
                json!({ "id": own, "decision": decision, "reason": "All is well." }),
            ),
        ],
    )
}
