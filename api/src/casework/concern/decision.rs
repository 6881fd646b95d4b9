//! Deciding a report: it leads to nothing, belongs to work that goes on already, or its facts are
//! confirmed and work begins.

use entity::access_grant::AccessLevel;
use entity::case::{self, CaseKind, CaseStatus, SupportLevel};
use entity::concern_report::{self, ConcernStatus};
use entity::visit::{self, VisitStatus};
use sea_orm::sea_query::{Expr, ExprTrait, Query, SimpleExpr};
use sea_orm::{ColumnTrait, DbErr, FromQueryResult, QueryFilter, QueryResult, QuerySelect};
use uuid::Uuid;

use super::gate;
use crate::access::Session;
use crate::access::policy::Action;
use crate::casework::case::gate as cases;
use crate::casework::case::opening::{self, Opening};
use crate::casework::change::{Change, Key, Subject};
use crate::casework::check::{Checks, LONG};
use crate::casework::problem::{Halt, Problem};
use crate::casework::state::Machine;
use crate::casework::task::Due;
use crate::casework::wording::Text;

/// What a report comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is not taken further.
    ScreenedOut,
    /// It belongs to an open case.
    Linked,
    /// The facts are as reported.
    Confirmed,
    /// They are not.
    NotConfirmed,
}

impl Outcome {
    const fn status(self) -> ConcernStatus {
        match self {
            Self::ScreenedOut => ConcernStatus::ScreenedOut,
            Self::Linked => ConcernStatus::Linked,
            Self::Confirmed => ConcernStatus::Confirmed,
            Self::NotConfirmed => ConcernStatus::NotConfirmed,
        }
    }
}

/// A decision on a report.
#[derive(Clone, Debug)]
pub struct Decide {
    /// The report.
    pub id: Uuid,
    /// The version that this was decided on, if it is to be checked.
    pub expected_version: Option<i32>,
    /// What the report comes to.
    pub outcome: Outcome,
    /// Why.
    pub reason: String,
    /// What confirms the facts, where it is no visit.
    pub evidence: Option<String>,
    /// The family whose facts are confirmed, where the report was not linked before.
    pub family_id: Option<Uuid>,
    /// The open case that the report belongs to.
    pub case_id: Option<Uuid>,
    /// The report that it repeats.
    pub duplicate_of_id: Option<Uuid>,
    /// What a first case of the family is for.
    pub case_kind: Option<CaseKind>,
    /// How intensely the family is supported in a first case.
    pub support_level: Option<SupportLevel>,
}

/// Decides a report; it is not due any more.
pub async fn decide(session: &Session, key: &Key, command: &Decide) -> Result<Uuid, Halt> {
    let subject = Subject::new("report", command.id);
    let mut change = Change::begin(session, Action::ConcernReportDecide, key, subject).await?;
    check(command)?;
    let Held { report, visits } = enter(&change, command).await?;
    let next = command.outcome.status();
    let wanted = concern_report::Model { status: next, ..report.clone() };
    change.expect_some(&report, &wanted, command.expected_version)?;
    report.status.check(next, "input.decision")?;
    let placed = match command.outcome {
        Outcome::ScreenedOut | Outcome::NotConfirmed => report.clone(),
        Outcome::Linked => linked(&change, command, &report).await?,
        Outcome::Confirmed => confirmed(&mut change, command, &report, visits).await?,
    };
    let decided = concern_report::Model {
        status: next,
        decision: Some(told(command)),
        decided_at: Some(session.now()),
        ..placed
    };
    let decided = change.update(&report, decided).await?;
    let due_at = decided.received_at + session.terms().verification(decided.urgency);
    let due_on = session.day_of(decided.due_at.unwrap_or(due_at));
    change.task(Due::verification(&decided, due_on).done());
    change.commit().await
}

fn check(command: &Decide) -> Result<(), Halt> {
    let mut checks = Checks::default();
    checks.text("input.reason", &command.reason, LONG);
    if let Some(evidence) = &command.evidence {
        checks.text("input.evidence", evidence, LONG);
    }
    let (is_linked, is_confirmed) =
        (command.outcome == Outcome::Linked, command.outcome == Outcome::Confirmed);
    for (path, is_given, belongs) in [
        ("input.evidence", command.evidence.is_some(), is_confirmed),
        ("input.familyId", command.family_id.is_some(), is_confirmed),
        ("input.caseKind", command.case_kind.is_some(), is_confirmed),
        ("input.supportLevel", command.support_level.is_some(), is_confirmed),
        ("input.caseId", command.case_id.is_some(), is_linked),
        ("input.duplicateOfId", command.duplicate_of_id.is_some(), is_linked),
    ] {
        checks.hold(belongs || !is_given, path, Text::OtherDecision);
    }
    checks.hold(!is_linked || command.case_id.is_some(), "input.caseId", Text::Required);
    checks.done()
}

/// What was decided, as it is kept.
fn told(command: &Decide) -> String {
    match &command.evidence {
        Some(evidence) => format!("{}\n\n{evidence}", command.reason),
        None => command.reason.clone(),
    }
}

/// A report that is kept from others, with the number of visits made to verify it.
struct Held {
    report: concern_report::Model,
    visits: i64,
}

const VISITS: &str = "completed_visits";

impl FromQueryResult for Held {
    fn from_query_result(result: &QueryResult, prefix: &str) -> Result<Self, DbErr> {
        let report = concern_report::Model::from_query_result(result, prefix)?;
        Ok(Self { report, visits: result.try_get(prefix, VISITS)? })
    }
}

/// The report through its gate, and its visits with it in one statement.
async fn enter(change: &Change, command: &Decide) -> Result<Held, Halt> {
    use concern_report::Column;
    let held = change
        .see::<concern_report::Entity>(AccessLevel::Full)
        .filter(Column::Id.eq(command.id))
        .filter(Column::VoidedAt.is_null())
        .lock_exclusive()
        .column_as(completed_visits(command.family_id), VISITS)
        .into_model::<Held>()
        .one(change.connection())
        .await?;
    let Held { report, visits } = held.ok_or_else(|| Problem::not_found("input.id"))?;
    Ok(Held { report: gate::received_here(change, report, "input.id")?, visits })
}

/// How many visits were made to verify a report, at the family that it is about: a visit to
/// another one, which it was linked to by mistake, confirms nothing.
fn completed_visits(family_id: Option<Uuid>) -> SimpleExpr {
    use visit::Column;
    let report = |column| Expr::col((concern_report::Entity, column));
    let family = family_id.map_or_else(|| report(concern_report::Column::FamilyId), Expr::val);
    let mut visits = Query::select();
    visits
        .expr(Column::Id.count())
        .from(visit::Entity)
        .and_where(
            Expr::col((visit::Entity, Column::ConcernReportId))
                .eq(report(concern_report::Column::Id)),
        )
        .and_where(Expr::col((visit::Entity, Column::FamilyId)).eq(family))
        .and_where(Column::Status.eq(VisitStatus::Completed))
        .and_where(Column::VoidedAt.is_null());
    SimpleExpr::SubQuery(None, Box::new(visits.into()))
}

/// The report as it belongs to an open case, and repeats another report of it.
async fn linked(
    change: &Change,
    command: &Decide,
    report: &concern_report::Model,
) -> Result<concern_report::Model, Halt> {
    let Some(case_id) = command.case_id else {
        return Err(Problem::at("input.caseId", Text::Required).into());
    };
    let case = cases::enter(change, case_id, "input.caseId").await?;
    if let Some(original_id) = command.duplicate_of_id {
        check_original(change, report.id, original_id, &case).await?;
    }
    Ok(concern_report::Model {
        family_id: Some(case.family_id),
        case_id: Some(case.id),
        duplicate_of_id: command.duplicate_of_id,
        ..report.clone()
    })
}

/// A report that is repeated is about the same family, and repeats none itself: so repetitions
/// never go round in a circle.
async fn check_original(
    change: &Change,
    report_id: Uuid,
    original_id: Uuid,
    case: &case::Model,
) -> Result<(), Halt> {
    let path = "input.duplicateOfId";
    let level = AccessLevel::ServiceOnly;
    let original = change.lock::<concern_report::Entity>(original_id, level, path).await?;
    let is_akin = original.case_id == Some(case.id) || original.family_id == Some(case.family_id);
    let mut checks = Checks::default();
    if original.voided_at.is_some() {
        return Err(Problem::not_found(path).into());
    }
    if original.id == report_id {
        checks.fail(path, Text::RepeatsItself);
    } else if !is_akin {
        checks.fail(path, Text::RepeatsAnotherFamily);
    }
    checks.hold(original.duplicate_of_id.is_none(), path, Text::RepeatsARepetition);
    checks.done()
}

/// The report with the case in which work on its family goes on, opened or reopened if need be.
async fn confirmed(
    change: &mut Change,
    command: &Decide,
    report: &concern_report::Model,
    visits: i64,
) -> Result<concern_report::Model, Halt> {
    let mut checks = Checks::default();
    let family_id = command.family_id.or(report.family_id);
    checks.hold(family_id.is_some(), "input.familyId", Text::FamilyUnknown);
    let is_founded = visits > 0 || command.evidence.is_some();
    checks.hold(is_founded, "input.evidence", Text::FactsUnfounded);
    checks.done()?;
    let Some(family_id) = family_id else {
        return Err(Problem::at("input.familyId", Text::FamilyUnknown).into());
    };
    let (family, known) = cases::standing(change, family_id, "input.familyId").await?;
    let opening = Opening { reason: command.reason.clone(), report_id: Some(report.id) };
    let case = match known {
        Some(case) if case.status == CaseStatus::Closed => {
            opening::again(change, &case, CaseStatus::Assessment, opening).await?
        }
        // Kept from others, so that it is not closed meanwhile.
        Some(case) => cases::enter(change, case.id, "input.familyId").await?,
        None => {
            let kind = command.case_kind.unwrap_or(CaseKind::Accompaniment);
            let kind = (kind, command.support_level);
            opening::first(change, &family, Uuid::now_v7(), kind, opening).await?
        }
    };
    Ok(concern_report::Model {
        family_id: Some(family_id),
        case_id: Some(case.id),
        ..report.clone()
    })
}
