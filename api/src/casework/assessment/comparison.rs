//! What changed from one assessment of a family to another.

use entity::assessment::{self, Column};
use entity::case::RiskLevel;

use super::answers::{self, Answer};
use crate::access::Row;

/// How the risk changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RiskChange {
    /// It is lower.
    Lowered,
    /// It is the same.
    Same,
    /// It is higher.
    Raised,
}

/// A question that is answered in another way than before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangedAnswer {
    /// The question.
    pub question: String,
    /// The answer in the earlier assessment, if it was asked.
    pub before: Option<String>,
    /// The answer in the later assessment, if it was asked.
    pub after: Option<String>,
}

/// What changed from one assessment to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// Whether both were made with the same version of the same tool.
    pub is_same_tool: bool,
    /// The later score less the earlier one, of the same tool.
    pub score_change: Option<i32>,
    /// How the risk changed, if both name one.
    pub risk_change: Option<RiskChange>,
    /// The questions with another answer: as the later one asks them, then those that it dropped.
    pub changed_answers: Vec<ChangedAnswer>,
}

/// Compares two assessments; nothing, unless the viewer sees both in full.
pub fn compare(
    earlier: &Row<assessment::Model>,
    later: &Row<assessment::Model>,
) -> Option<Comparison> {
    let is_same_tool = (&earlier.tool, &earlier.tool_version) == (&later.tool, &later.tool_version);
    let scores = (
        *earlier.show(Column::Score, |row| &row.score)?,
        *later.show(Column::Score, |row| &row.score)?,
    );
    let score_change = match scores {
        (Some(before), Some(after)) if is_same_tool => after.checked_sub(before),
        _ => None,
    };
    let before = *earlier.show(Column::RiskLevel, |row| &row.risk_level)?;
    let after = *later.show(Column::RiskLevel, |row| &row.risk_level)?;
    let risk_change = before.zip(after).map(|(before, after)| risk_change(before, after));
    let before = answers::read(earlier.show(Column::Answers, |row| &row.answers)?);
    let after = answers::read(later.show(Column::Answers, |row| &row.answers)?);
    let changed_answers = changed(before, after);
    Some(Comparison { is_same_tool, score_change, risk_change, changed_answers })
}

fn risk_change(before: RiskLevel, after: RiskLevel) -> RiskChange {
    match after.cmp(&before) {
        std::cmp::Ordering::Less => RiskChange::Lowered,
        std::cmp::Ordering::Equal => RiskChange::Same,
        std::cmp::Ordering::Greater => RiskChange::Raised,
    }
}

fn changed(mut before: Vec<Answer>, after: Vec<Answer>) -> Vec<ChangedAnswer> {
    let mut changed = Vec::new();
    for Answer { question, answer } in after {
        let known = before.iter().position(|earlier| earlier.question == question);
        let earlier = known.map(|place| before.remove(place).answer);
        if earlier.as_ref() != Some(&answer) {
            changed.push(ChangedAnswer { question, before: earlier, after: Some(answer) });
        }
    }
    changed.extend(before.into_iter().map(|Answer { question, answer }| ChangedAnswer {
        question,
        before: Some(answer),
        after: None,
    }));
    changed
}
