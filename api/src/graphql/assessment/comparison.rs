//! Two assessments of a family side by side.

use async_graphql::{Context, Enum, ID, Object, SimpleObject};
use entity::assessment;

use super::Assessment;
use crate::access::Row;
use crate::access::policy::Action;
use crate::casework::assessment::comparison::{self, Comparison};
use crate::error::{Error, Result};
use crate::graphql::id::Kind;
use crate::graphql::loader::{Asking, By};

/// How the risk changed between two assessments.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "comparison::RiskChange")]
pub enum RiskChange {
    /// The later one names a lower risk.
    Lowered,
    /// Both name the same risk.
    Same,
    /// The later one names a higher risk.
    Raised,
}

/// A question that two assessments answer in different ways.
#[derive(SimpleObject)]
pub struct ChangedAnswer {
    /// The question, in the tool's own words or code. Sensitive.
    question: String,
    /// The earlier answer; null if it was not asked then. Sensitive.
    before: Option<String>,
    /// The later answer; null if it was no longer asked. Sensitive.
    after: Option<String>,
}

/// What changed from one assessment of a family to another. Sensitive as a whole.
pub struct AssessmentComparison {
    earlier: Row<assessment::Model>,
    later: Row<assessment::Model>,
    found: Comparison,
}

/// What changed from one assessment of a family to another. Sensitive as a whole.
#[Object(serial)]
impl AssessmentComparison {
    /// The earlier assessment.
    async fn earlier(&self) -> Assessment {
        Row::clone(&self.earlier).into()
    }

    /// The later assessment.
    async fn later(&self) -> Assessment {
        Row::clone(&self.later).into()
    }

    /// Whether both were made with the same version of the same tool.
    async fn is_same_tool(&self) -> bool {
        self.found.is_same_tool
    }

    /// The later score less the earlier one, in the tool's own unit; null if one has no score or
    /// the tools differ. Sensitive.
    async fn score_change(&self) -> Option<i32> {
        self.found.score_change
    }

    /// How the risk changed; null if one of them names none. Sensitive.
    async fn risk_change(&self) -> Option<RiskChange> {
        self.found.risk_change.map(RiskChange::from)
    }

    /// The questions with another answer: as the later one asks them, then those that it no longer
    /// asks. Sensitive.
    async fn changed_answers(&self) -> Vec<ChangedAnswer> {
        let changed = self.found.changed_answers.iter().cloned();
        let told = |comparison::ChangedAnswer { question, before, after }| ChangedAnswer {
            question,
            before,
            after,
        };
        changed.map(told).collect()
    }
}

/// Roots for assessments.
#[derive(Default)]
pub struct AssessmentQuery;

#[Object]
impl AssessmentQuery {
    /// What changed from one assessment of a family to another; null unless the viewer sees both in
    /// full. Assessments of different families are `BAD_USER_INPUT`.
    async fn assessment_comparison(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the earlier one, with the prefix `assessment_`.")] earlier_id: ID,
        #[graphql(desc = "Id of the later one, with the prefix `assessment_`.")] later_id: ID,
    ) -> Option<Result<AssessmentComparison>> {
        compared(ctx, &earlier_id, &later_id).await.transpose()
    }
}

async fn compared(
    ctx: &Context<'_>,
    earlier: &ID,
    later: &ID,
) -> Result<Option<AssessmentComparison>> {
    ctx.session()?.may(Action::ReadCases)?;
    let question = |id| Kind::Assessment.parse(id).map(By::<assessment::Entity>::id);
    let (earlier, later) = (question(earlier)?, question(later)?);
    let (earlier, later) = futures_util::future::try_join(ctx.ask(earlier), ctx.ask(later)).await?;
    let (Some(earlier), Some(later)) = (earlier, later) else { return Ok(None) };
    let (earlier, later) = (Row::clone(&earlier), Row::clone(&later));
    let Some(found) = comparison::compare(&earlier, &later) else { return Ok(None) };
    if earlier.family_id != later.family_id {
        let told = "`earlierId` and `laterId` must be assessments of the same family.";
        return Err(Error::BadInput(told.to_owned()));
    }
    Ok(Some(AssessmentComparison { earlier, later, found }))
}
