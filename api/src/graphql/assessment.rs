//! Assessments of families.

pub mod comparison;
pub mod mutation;

use async_graphql::{Context, ID, Object, SimpleObject};
use entity::assessment::{self, AssessmentStatus, Column};
use entity::case::RiskLevel;

use super::id::Kind;
use super::input::objects;
use super::loader::{By, last_questions, one};
use super::organisation::Worker;
use super::permission::{self, AssessmentPermissions};
use super::scalar::{Date, Instant};
use crate::access::Row;
use crate::casework;
use crate::casework::assessment::answers::{Answer, read};
use crate::error::Result;

objects! {
    /// An assessment of a family with a tool.
    Assessment of assessment;
}

last_questions! {
    /// The last assessments of a case, latest first.
    LastAssessmentsOf -> Row<assessment::Model> = casework::assessment::last_of_cases;
}

const HIDEABLE: [(&str, Column); 6] = [
    ("answers", Column::Answers),
    ("answerList", Column::Answers),
    ("score", Column::Score),
    ("riskLevel", Column::RiskLevel),
    ("needs", Column::Needs),
    ("decisionNote", Column::DecisionNote),
];

/// A question of an assessment with its answer.
#[derive(SimpleObject)]
pub struct AssessmentAnswer {
    /// The question, in the tool's own words or code; empty if the tool named none. Sensitive.
    question: String,
    /// The answer, in the tool's own words or code. Sensitive.
    answer: String,
}

/// An assessment of a family with a tool.
#[Object(serial)]
impl Assessment {
    /// Id with the prefix `assessment_`.
    pub(super) async fn id(&self) -> ID {
        Kind::Assessment.id(self.0.id)
    }

    /// Grows with each change.
    pub(super) async fn version(&self) -> i32 {
        self.0.version
    }

    /// When it was recorded.
    pub(super) async fn created_at(&self) -> Instant {
        Instant(self.0.created_at)
    }

    /// When it was last changed.
    pub(super) async fn updated_at(&self) -> Instant {
        Instant(self.0.updated_at)
    }

    /// The tool.
    async fn tool(&self) -> &str {
        &self.0.tool
    }

    /// The tool's version.
    async fn tool_version(&self) -> &str {
        &self.0.tool_version
    }

    /// The answers, as JSON text in the tool's own form. Sensitive.
    async fn answers(&self) -> Option<&str> {
        Some(self.0.show(Column::Answers, |row| &row.answers)?)
    }

    /// The answers one by one, in their order, whatever form the tool gave them. Sensitive.
    async fn answer_list(&self) -> Option<Vec<AssessmentAnswer>> {
        let answers = read(self.0.show(Column::Answers, |row| &row.answers)?);
        let told = |Answer { question, answer }| AssessmentAnswer { question, answer };
        Some(answers.into_iter().map(told).collect())
    }

    /// The score, in the tool's own unit. Sensitive.
    async fn score(&self) -> Option<i32> {
        *self.0.show(Column::Score, |row| &row.score)?
    }

    /// The risk. Sensitive.
    async fn risk_level(&self) -> Option<RiskLevel> {
        *self.0.show(Column::RiskLevel, |row| &row.risk_level)?
    }

    /// What the family needs. Sensitive.
    async fn needs(&self) -> Option<&str> {
        self.0.show(Column::Needs, |row| &row.needs)?.as_deref()
    }

    /// The day of the assessment.
    async fn assessed_on(&self) -> Date {
        Date(self.0.assessed_on)
    }

    /// Who assessed.
    async fn assessed_by(&self, ctx: &Context<'_>) -> Option<Result<Worker>> {
        one(ctx, Some(By::<entity::worker::Entity>::id(self.0.assessed_by_id))).await
    }

    /// Who approved it, or sent it back: somebody else.
    async fn approved_by(&self, ctx: &Context<'_>) -> Option<Result<Worker>> {
        one(ctx, self.0.approved_by_id.map(By::<entity::worker::Entity>::id)).await
    }

    /// Where it stands.
    async fn status(&self) -> AssessmentStatus {
        self.0.status
    }

    /// Why it was decided as it was; kept until the next decision. Sensitive.
    async fn decision_note(&self) -> Option<&str> {
        self.0.show(Column::DecisionNote, |row| &row.decision_note)?.as_deref()
    }

    /// When the next one is due.
    async fn next_due_on(&self) -> Option<Date> {
        self.0.next_due_on.map(Date)
    }

    /// What the viewer could do with it now.
    async fn viewer_permissions(&self, ctx: &Context<'_>) -> Result<AssessmentPermissions> {
        permission::of_assessment(ctx, &self.0).await
    }

    /// The names of the fields of this object that are hidden from the viewer.
    async fn redacted_fields(&self) -> Vec<String> {
        self.0.hidden(&HIDEABLE)
    }
}
