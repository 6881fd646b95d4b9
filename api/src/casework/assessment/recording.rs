//! Recording an assessment, as a draft or for approval.

use chrono::{NaiveDate, TimeDelta};
use entity::assessment::{self, AssessmentStatus, Column};
use entity::case::{self, CaseStatus, RiskLevel};
use entity::task::TaskKind;
use sea_orm::{ColumnTrait, QueryFilter};
use uuid::Uuid;

use super::answers::{self, Answer};
use crate::access::Session;
use crate::access::policy::Action;
use crate::casework::case::gate;
use crate::casework::change::{Change, Key, Right, Subject};
use crate::casework::check::{Checks, LONG, SHORT};
use crate::casework::problem::{Halt, Problem};
use crate::casework::state::Machine;
use crate::casework::task::Due;
use crate::casework::wording::Text;
use crate::terms::Terms;

/// Answers of one assessment.
pub const MOST_ANSWERS: usize = 200;
/// Characters of one answer.
const ANSWER: usize = 2000;
/// How far a score may be from zero.
const FARTHEST_SCORE: i64 = 1_000_000;

/// What records an assessment.
#[derive(Clone, Debug)]
pub struct Record {
    /// The id that the client made, or of the assessment that is changed; or none.
    pub id: Option<Uuid>,
    /// The version that a change was decided on.
    pub expected_version: Option<i32>,
    /// The case.
    pub case_id: Uuid,
    /// The tool.
    pub tool: String,
    /// The tool's version.
    pub tool_version: String,
    /// The answers, in order.
    pub answers: Vec<Answer>,
    /// The score, in the tool's own unit.
    pub score: Option<i32>,
    /// The risk.
    pub risk_level: Option<RiskLevel>,
    /// What the family needs.
    pub needs: Option<String>,
    /// The day of the assessment.
    pub assessed_on: NaiveDate,
    /// When the next one is due.
    pub next_due_on: Option<NaiveDate>,
    /// Whether it is still being written.
    pub is_draft: bool,
}

/// Records an assessment by the viewer; one of theirs that is a draft, or was sent back, is changed
/// instead. Submitting it moves the case on from intake, and says when the next one is due.
pub async fn record(session: &Session, key: &Key, command: &Record) -> Result<Uuid, Halt> {
    let id = command.id.unwrap_or_else(Uuid::now_v7);
    let subject = Subject::new("assessment", id);
    let mut change = Change::begin(session, Action::AssessmentRecord, key, subject).await?;
    command.check(session.today())?;
    let worker = change.worker()?;
    let (case, begun) =
        gate::enter_episode(&change, command.case_id, Right::Led, "input.caseId").await?;
    let earliest = begun - TimeDelta::days(1);
    if command.assessed_on < earliest {
        return Err(Problem::at("input.assessedOn", Text::TooEarly { earliest }).into());
    }
    let row = if let Some(before) = earlier(&change, &case, command, worker).await? {
        rewrite(&mut change, command, &before).await?
    } else {
        let row = command.row(id, &case, worker, &change);
        change.insert(row).await?
    };
    if row.status == AssessmentStatus::Submitted {
        let case = gate::advance(&mut change, &case, CaseStatus::Assessment).await?;
        let due_on = next_due_on(&row, session.terms());
        let due = Due::of_case(TaskKind::Assessment, case.id, &case, due_on);
        change.task(due.owned_by(Some(worker)));
    }
    change.commit().await
}

/// When the next assessment is due: as said, or by the authority's terms.
pub fn next_due_on(row: &assessment::Model, terms: &Terms) -> NaiveDate {
    row.next_due_on.unwrap_or_else(|| row.assessed_on + TimeDelta::days(terms.assessment_days))
}

/// The assessment that is changed, if the id names one: only the viewer's own of the same case.
async fn earlier(
    change: &Change,
    case: &case::Model,
    command: &Record,
    worker: Uuid,
) -> Result<Option<assessment::Model>, Halt> {
    let Some(id) = command.id else { return Ok(None) };
    let row = change
        .see::<assessment::Entity>(Right::Led)
        .filter(Column::Id.eq(id))
        .one(change.connection())
        .await?;
    match row {
        Some(row) if row.case_id == case.id && row.assessed_by_id == worker => Ok(Some(row)),
        Some(_) => Err(Problem::at("input.id", Text::AlreadyExists).into()),
        // A version says that the client knows of a row, which is not there for the viewer.
        None if command.expected_version.is_some() => Err(Problem::not_found("input.id").into()),
        None => Ok(None),
    }
}

async fn rewrite(
    change: &mut Change,
    command: &Record,
    before: &assessment::Model,
) -> Result<assessment::Model, Halt> {
    let Some(expected) = command.expected_version else {
        return Err(Problem::at("input.expectedVersion", Text::Required).into());
    };
    let status = if command.is_draft { before.status } else { AssessmentStatus::Submitted };
    let mut after = assessment::Model { status, ..command.over(before.clone()) };
    change.expect(before, &after, expected)?;
    before.status.check(AssessmentStatus::Submitted, "input.id")?;
    if !command.is_draft {
        // Who sent it back is forgotten; why is kept until the next decision.
        after.approved_by_id = None;
    }
    change.update(before, after).await
}

impl Record {
    fn check(&self, today: NaiveDate) -> Result<(), Halt> {
        let mut checks = Checks::default();
        checks.text("input.tool", &self.tool, SHORT);
        checks.text("input.toolVersion", &self.tool_version, SHORT);
        checks.some_text("input.needs", self.needs.as_deref(), LONG);
        checks.past("input.assessedOn", Some(self.assessed_on), today);
        checks.day("input.nextDueOn", self.next_due_on);
        checks.range("input.nextDueOn", Some(self.assessed_on), self.next_due_on);
        let score = i64::from(self.score.unwrap_or_default());
        checks.number("input.score", score, -FARTHEST_SCORE, FARTHEST_SCORE);
        let is_rated = self.is_draft || self.risk_level.is_some();
        checks.hold(is_rated, "input.riskLevel", Text::Required);
        self.check_answers(&mut checks);
        checks.done()
    }

    fn check_answers(&self, checks: &mut Checks) {
        if self.answers.len() > MOST_ANSWERS {
            checks.fail("input.answers", Text::TooMany { most: MOST_ANSWERS });
            return;
        }
        let mut asked = std::collections::HashSet::new();
        for (no, answer) in self.answers.iter().enumerate() {
            let question = format!("input.answers.{no}.question");
            checks.text(&question, &answer.question, SHORT);
            checks.hold(asked.insert(&answer.question), &question, Text::Repeated);
            let path = format!("input.answers.{no}.answer");
            checks.some_text(&path, Some(&answer.answer), ANSWER);
        }
    }

    fn row(
        &self,
        id: Uuid,
        case: &case::Model,
        worker: Uuid,
        change: &Change,
    ) -> assessment::Model {
        let (now, by) = (change.session().now(), change.by());
        let is_draft = self.is_draft;
        self.over(assessment::Model {
            id,
            case_id: case.id,
            family_id: case.family_id,
            tool: String::new(),
            tool_version: String::new(),
            answers: String::new(),
            score: None,
            risk_level: None,
            needs: None,
            assessed_on: self.assessed_on,
            assessed_by_id: worker,
            approved_by_id: None,
            status: if is_draft { AssessmentStatus::Draft } else { AssessmentStatus::Submitted },
            decision_note: None,
            next_due_on: None,
            version: 1,
            created_at: now,
            updated_at: now,
            created_by: by,
            updated_by: by,
        })
    }

    /// A row with what was sent.
    fn over(&self, row: assessment::Model) -> assessment::Model {
        assessment::Model {
            tool: self.tool.clone(),
            tool_version: self.tool_version.clone(),
            answers: answers::written(&self.answers),
            score: self.score,
            risk_level: self.risk_level,
            needs: self.needs.clone(),
            assessed_on: self.assessed_on,
            next_due_on: self.next_due_on,
            ..row
        }
    }
}
