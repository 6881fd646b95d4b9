//! Assessments, plans, measures and visits as they stand in a state, with what may be done with each.

use entity::assessment::AssessmentStatus;
use entity::case::{CaseStatus, RiskLevel};
use entity::measure::MeasureStatus;
use entity::plan::PlanStatus;
use entity::visit::{self, VisitPurpose, VisitStatus};
use sea_orm::ActiveValue::Set;
use serde_json::json;
use uuid::Uuid;

use super::ground::{Ground, Row};
use super::rows::{ReportState, report_about, service, set_case};
use crate::harness::world::{Person, id};

pub async fn assessment(
    ground: &Ground<'_>,
    viewer: &Person,
    (status, is_own, case): (AssessmentStatus, bool, CaseStatus),
) -> Row {
    let (stage, home) = (ground.stage, ground.home().await);
    stage.episode(&home).await;
    set_case(ground, &home, case).await;
    let somebody = stage.worker(&ground.office, entity::membership::Role::Caseworker).await;
    let by = if is_own { ground.as_worker(viewer) } else { &somebody };
    let row = stage.assessment(&home, by, status, (RiskLevel::Low, 1, "[]")).await;
    let own = id("assessment", row);
    Row::new(
        own.clone(),
        vec![
            (
                "canRewrite",
                "assessmentRecord",
                json!({ "id": own, "expectedVersion": 1, "caseId": id("case", home.case),
                    "tool": "x", "toolVersion": "1", "answers": [], "riskLevel": "LOW",
                    "assessedOn": ground.today() }),
            ),
            ("canDecide", "assessmentDecide", json!({ "id": own, "decision": "APPROVED" })),
        ],
    )
}

pub async fn plan(
    ground: &Ground<'_>,
    _: &Person,
    (status, case): (PlanStatus, CaseStatus),
) -> Row {
    let (stage, home) = (ground.stage, ground.home().await);
    set_case(ground, &home, case).await;
    let own = id("plan", stage.plan(&home, &ground.office, 1, status).await);
    let office = id("organisation", ground.office.id);
    Row::new(
        own.clone(),
        vec![
            (
                "canAgree",
                "planAgree",
                json!({ "planId": own, "familyAgreed": true,
                    "signOffs": [{ "organisationId": office }] }),
            ),
            ("canActivate", "planActivate", json!({ "planId": own })),
            (
                "canReview",
                "planReview",
                json!({ "planId": own, "outcome": "CANCEL", "note": "They moved." }),
            ),
        ],
    )
}

pub async fn measure(
    ground: &Ground<'_>,
    _: &Person,
    (plan, status, case): (PlanStatus, MeasureStatus, CaseStatus),
) -> Row {
    let (stage, home) = (ground.stage, ground.home().await);
    set_case(ground, &home, case).await;
    let plan = stage.plan(&home, &ground.office, 1, plan).await;
    let own = id("measure", stage.measure(&home, plan, &ground.office, status).await);
    Row::new(
        own.clone(),
        vec![
            (
                "canUpdate",
                "measureUpdate",
                json!({ "id": own, "expectedVersion": 1, "result": "It goes well." }),
            ),
            ("canRecordService", "serviceRecord", service(ground, &home, "measureId", &own)),
        ],
    )
}

/// How a visit stands, and what it is for.
#[derive(Clone, Copy, Debug)]
pub struct VisitState {
    pub status: VisitStatus,
    pub purpose: VisitPurpose,
    pub is_anothers: bool,
    pub is_voided: bool,
    pub case: CaseStatus,
    /// The report that it verifies; else it belongs to the case.
    pub report: Option<ReportState>,
    /// Whether the report is about another family by now.
    pub is_of_former_family: bool,
}

impl VisitState {
    pub const fn at(status: VisitStatus) -> Self {
        Self {
            status,
            purpose: VisitPurpose::Monitoring,
            is_anothers: false,
            is_voided: false,
            case: CaseStatus::Active,
            report: None,
            is_of_former_family: false,
        }
    }
}

pub async fn visit(ground: &Ground<'_>, viewer: &Person, stands: VisitState) -> Row {
    let (stage, home) = (ground.stage, ground.home().await);
    set_case(ground, &home, stands.case).await;
    let about = if stands.is_of_former_family { ground.home().await.id } else { home.id };
    let report = match stands.report {
        Some(report) => Some(report_about(ground, about, report).await),
        None => None,
    };
    let worker = if stands.is_anothers { &ground.worker } else { ground.as_worker(viewer) };
    let (row, now) = (Uuid::now_v7(), stage.now());
    let visit = visit::ActiveModel {
        id: Set(row),
        case_id: Set(report.is_none().then_some(home.case)),
        concern_report_id: Set(report),
        family_id: Set(home.id),
        worker_id: Set(Some(worker.id)),
        purpose: Set(stands.purpose),
        scheduled_for: Set(ground.today()),
        visited_at: Set((stands.status == VisitStatus::Completed).then_some(now)),
        status: Set(stands.status),
        note: Set(Some("A note.".to_owned())),
        recorded_at: Set(now),
        version: Set(1),
        created_at: Set(now),
        updated_at: Set(now),
        voided_at: Set(stands.is_voided.then_some(now)),
        void_reason: Set(stands.is_voided.then(|| "By mistake.".to_owned())),
        ..Default::default()
    };
    stage.put(visit).await;
    let own = id("visit", row);
    let input = json!({ "id": own, "outcome": "CANCELLED", "note": "They were away." });
    Row::new(own, vec![("canRecord", "visitRecord", input)])
}
