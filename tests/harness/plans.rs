//! Factories of episodes, assessments, plans and measures as they stand in a state.

use entity::assessment::AssessmentStatus;
use entity::case::{CaseStatus, RiskLevel};
use entity::measure::MeasureStatus;
use entity::plan::PlanStatus;
use sea_orm::{ActiveModelTrait, ActiveValue::Set};
use uuid::Uuid;

use super::Stage;
use super::world::{Branch, Household, Person, START};

impl Stage {
    /// Puts a case into a status.
    pub async fn set_case(&self, case: Uuid, status: CaseStatus) {
        let row =
            entity::case::ActiveModel { id: Set(case), status: Set(status), ..Default::default() };
        row.update(&self.database.writer).await.unwrap();
    }

    /// The first episode of a case, which is open.
    pub async fn episode(&self, home: &Household) -> Uuid {
        let id = Uuid::now_v7();
        self.put(entity::episode::ActiveModel {
            id: Set(id),
            case_id: Set(home.case),
            family_id: Set(home.id),
            no: Set(1),
            opened_on: Set(START),
            reason: Set("A report.".to_owned()),
            recorded_at: Set(self.now()),
            ..Default::default()
        })
        .await;
        id
    }

    /// An assessment of somebody's, with a score and answers as the column keeps them.
    pub async fn assessment(
        &self,
        home: &Household,
        by: &Person,
        status: AssessmentStatus,
        (risk, score, answers): (RiskLevel, i32, &str),
    ) -> Uuid {
        let id = Uuid::now_v7();
        let now = self.now();
        self.put(entity::assessment::ActiveModel {
            id: Set(id),
            case_id: Set(home.case),
            family_id: Set(home.id),
            tool: Set("needs".to_owned()),
            tool_version: Set("2".to_owned()),
            answers: Set(answers.to_owned()),
            score: Set(Some(score)),
            risk_level: Set(Some(risk)),
            assessed_on: Set(START),
            assessed_by_id: Set(by.id),
            status: Set(status),
            version: Set(1),
            created_at: Set(now),
            updated_at: Set(now),
            ..Default::default()
        })
        .await;
        id
    }

    /// A plan since [`START`] that an agency is to sign.
    pub async fn plan(
        &self,
        home: &Household,
        signing: &Branch,
        revision: i32,
        status: PlanStatus,
    ) -> Uuid {
        let id = Uuid::now_v7();
        let now = self.now();
        self.put(entity::plan::ActiveModel {
            id: Set(id),
            case_id: Set(home.case),
            family_id: Set(home.id),
            revision: Set(revision),
            since: Set(START),
            status: Set(status),
            version: Set(1),
            created_at: Set(now),
            updated_at: Set(now),
            ..Default::default()
        })
        .await;
        self.put(entity::plan_sign_off::ActiveModel {
            plan_id: Set(id),
            organisation_id: Set(signing.id),
            family_id: Set(home.id),
            worker_id: Set(None),
            signed_at: Set((status != PlanStatus::Draft).then_some(now)),
        })
        .await;
        id
    }

    /// A measure of a plan that an agency answers for.
    pub async fn measure(
        &self,
        home: &Household,
        plan: Uuid,
        responsible: &Branch,
        status: MeasureStatus,
    ) -> Uuid {
        let id = Uuid::now_v7();
        let now = self.now();
        self.put(entity::measure::ActiveModel {
            id: Set(id),
            plan_id: Set(plan),
            case_id: Set(home.case),
            family_id: Set(home.id),
            description: Set("A measure".to_owned()),
            responsible_id: Set(responsible.id),
            due_on: Set(self.now().date_naive() + chrono::TimeDelta::days(30)),
            status: Set(status),
            recorded_at: Set(now),
            version: Set(1),
            created_at: Set(now),
            updated_at: Set(now),
            ..Default::default()
        })
        .await;
        id
    }

    /// A plan of a family's case with one measure, as the plan stands in a state.
    pub async fn plan_with_measure(
        &self,
        home: &Household,
        responsible: &Branch,
        status: entity::plan::PlanStatus,
    ) -> (Uuid, Uuid) {
        let (plan, measure) = (Uuid::now_v7(), Uuid::now_v7());
        let now = self.now();
        self.put(entity::plan::ActiveModel {
            id: Set(plan),
            case_id: Set(home.case),
            family_id: Set(home.id),
            revision: Set(1),
            since: Set(START),
            status: Set(status),
            version: Set(1),
            created_at: Set(now),
            updated_at: Set(now),
            ..Default::default()
        })
        .await;
        self.put(entity::measure::ActiveModel {
            id: Set(measure),
            plan_id: Set(plan),
            case_id: Set(home.case),
            family_id: Set(home.id),
            description: Set("Counselling".to_owned()),
            responsible_id: Set(responsible.id),
            due_on: Set(self.today() + chrono::TimeDelta::days(30)),
            status: Set(entity::measure::MeasureStatus::InProgress),
            recorded_at: Set(now),
            version: Set(1),
            created_at: Set(now),
            updated_at: Set(now),
            ..Default::default()
        })
        .await;
        (plan, measure)
    }
}
