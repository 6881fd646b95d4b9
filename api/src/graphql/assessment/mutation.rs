//! Recording and deciding assessments.

use async_graphql::{Context, Enum, ID, InputObject, Object};
use entity::case::{RiskLevel, SupportLevel};
use uuid::Uuid;

use super::Assessment;
use crate::casework;
use crate::casework::assessment::answers::Answer;
use crate::casework::assessment::deciding::{self, Decide};
use crate::casework::assessment::recording::Record;
use crate::error::Result;
use crate::graphql::id::Kind;
use crate::graphql::payload::{payloads, perform};
use crate::graphql::scalar::Date;

payloads! {
    /// An assessment, or why nothing was done.
    AssessmentPayload {
        /// The assessment; null if nothing was done.
        assessment: Assessment of assessment
    }
}

/// A question of an assessment with its answer.
#[derive(InputObject)]
pub struct AssessmentAnswerInput {
    /// The question, in the tool's own words or code, up to 200 characters; each once. Sensitive.
    question: String,
    /// The answer, up to 2,000 characters; empty if there was none. Sensitive.
    answer: String,
}

/// What records an assessment.
#[derive(InputObject)]
pub struct AssessmentRecordInput {
    /// Made by the client, new for each change: sending it again does nothing twice.
    client_mutation_id: Uuid,
    /// The id of the new assessment, if the client made one offline: `assessment_` and a `UUIDv7`.
    /// Or that of an assessment of the viewer's own, of the same case, that is a draft or was sent
    /// back: it is changed, and everything in it is replaced.
    id: Option<ID>,
    /// The version that a change was decided on; needed if `id` names an assessment that is there.
    expected_version: Option<i32>,
    /// The case; it must not be closed.
    case_id: ID,
    /// The tool, up to 200 characters.
    tool: String,
    /// The tool's version, up to 200 characters.
    tool_version: String,
    /// The answers in their order, up to 200. Sensitive.
    answers: Vec<AssessmentAnswerInput>,
    /// The score in the tool's own unit, from -1,000,000 to 1,000,000. Sensitive.
    score: Option<i32>,
    /// The risk; needed unless it is a draft. Sensitive.
    risk_level: Option<RiskLevel>,
    /// What the family needs, up to 10,000 characters. Sensitive.
    needs: Option<String>,
    /// The day of the assessment: not in the future.
    assessed_on: Date,
    /// When the next one is due, later than this one; by the authority's terms unless said.
    next_due_on: Option<Date>,
    /// Whether it is still being written: then nobody is asked to approve it. One that was sent back
    /// stays so until it is submitted again.
    #[graphql(default)]
    is_draft: bool,
}

impl AssessmentRecordInput {
    fn command(self) -> Result<Record> {
        let answer = |AssessmentAnswerInput { question, answer }| Answer { question, answer };
        Ok(Record {
            id: self.id.map(|id| Kind::Assessment.parse(&id)).transpose()?,
            expected_version: self.expected_version,
            case_id: Kind::Case.parse(&self.case_id)?,
            tool: self.tool,
            tool_version: self.tool_version,
            answers: self.answers.into_iter().map(answer).collect(),
            score: self.score,
            risk_level: self.risk_level,
            needs: self.needs,
            assessed_on: self.assessed_on.0,
            next_due_on: self.next_due_on.map(|day| day.0),
            is_draft: self.is_draft,
        })
    }
}

/// What a supervisor says of an assessment.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "deciding::Decision")]
pub enum AssessmentDecision {
    /// It holds: its risk is the case's from now on.
    Approved,
    /// It is to be done again, for the reason given.
    Rejected,
}

/// What decides an assessment.
#[derive(InputObject)]
pub struct AssessmentDecideInput {
    /// Made by the client, new for each change: sending it again does nothing twice.
    client_mutation_id: Uuid,
    /// The assessment: submitted, and by somebody else.
    id: ID,
    /// The version that the decision was made on, if it is to be checked.
    expected_version: Option<i32>,
    /// The decision.
    decision: AssessmentDecision,
    /// Why, up to 10,000 characters; needed to send it back. Sensitive.
    reason: Option<String>,
    /// How intensely the family is supported from now on, with an approval: sets when it is visited
    /// next. Has no effect when it is sent back.
    support_level: Option<SupportLevel>,
}

impl AssessmentDecideInput {
    fn command(self) -> Result<Decide> {
        Ok(Decide {
            id: Kind::Assessment.parse(&self.id)?,
            expected_version: self.expected_version,
            decision: self.decision.into(),
            reason: self.reason,
            support_level: self.support_level,
        })
    }
}

/// Mutations of assessments.
#[derive(Default)]
pub struct AssessmentMutation;

#[Object]
impl AssessmentMutation {
    /// Records an assessment by the viewer, as a draft or for approval. Submitting it moves a case
    /// from `INTAKE` to `ASSESSMENT`, and says when the next one is due. For caseworkers and
    /// supervisors.
    async fn assessment_record(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What records it.")] input: AssessmentRecordInput,
    ) -> Option<Result<AssessmentPayload>> {
        perform!(ctx, input => casework::assessment::recording::record)
    }

    /// Approves an assessment of somebody else, or sends it back: then it is due again today. For
    /// supervisors.
    async fn assessment_decide(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What decides it.")] input: AssessmentDecideInput,
    ) -> Option<Result<AssessmentPayload>> {
        perform!(ctx, input => casework::assessment::deciding::decide)
    }
}
