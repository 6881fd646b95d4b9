//! Confirming the facts of a report: work on its family goes on in the case that is open, or begins
//! in one that is opened or reopened.

use entity::case::{self, CaseKind, CaseStatus};
use entity::concern_report::{self, Column};
use entity::family;
use entity::visit::{self, VisitStatus};
use sea_orm::sea_query::{Expr, ExprTrait, IntoColumnRef, Query, SelectStatement, SimpleExpr};
use sea_orm::{
    ColumnTrait, ConnectionTrait, FromQueryResult, QueryFilter, QuerySelect, QueryTrait,
};
use uuid::Uuid;

use super::decision::Decide;
use crate::casework::case::opening::{self, Opening, new_case};
use crate::casework::case::standing::{self, Standing};
use crate::casework::change::{Change, KEPT, Right};
use crate::casework::check::Checks;
use crate::casework::joined::select_columns_of;
use crate::casework::problem::{Halt, Problem};
use crate::casework::wording::Text;

/// What the family of a report brings to the confirmation of its facts, kept from others with the
/// report until the change is over.
#[derive(Clone, Debug)]
pub struct Ground {
    family: family::Model,
    /// Whether the viewer's organisation leads the work with the family: others open no case.
    is_led: bool,
    /// Whether the family had a case, by what was known before it was kept.
    has_case: bool,
    /// The number of visits made to verify the report at this family: a visit to another one, which
    /// the report was linked to by mistake, confirms nothing.
    visits: i64,
}

impl Ground {
    /// A report that the viewer sees in full and a family that they see in full, the one named or
    /// else the report's own; all of it in one statement.
    pub async fn enter(
        change: &Change,
        report_id: Uuid,
        family_id: Option<Uuid>,
    ) -> Result<Option<(concern_report::Model, Self)>, Halt> {
        let id = Expr::col((family::Entity, family::Column::Id));
        let own = Expr::col((concern_report::Entity, Column::FamilyId));
        let mut select = change
            .see::<concern_report::Entity>(Right::FULL)
            .filter(Column::Id.eq(report_id))
            .filter(Column::VoidedAt.is_null())
            .filter(change.rows_of::<family::Entity>(Right::FULL))
            .lock(KEPT)
            .into_query();
        select.inner_join(family::Entity, id.eq(family_id.map_or(own, Expr::val)));
        select_columns_of::<family::Entity>(&mut select, FAMILY);
        let leads = Expr::case(change.rows_of::<family::Entity>(Right::Led), true);
        select
            .expr_as(leads.finally(false), IS_LED)
            .expr_as(Expr::exists(cases()), HAS_CASE)
            .expr_as(completed_visits(), VISITS);
        let Some(row) = change.connection().query_one(&select).await? else { return Ok(None) };
        let report = concern_report::Model::from_query_result(&row, "")?;
        let ground = Self {
            family: family::Model::from_query_result(&row, FAMILY)?,
            is_led: row.try_get("", IS_LED)?,
            has_case: row.try_get("", HAS_CASE)?,
            visits: row.try_get("", VISITS)?,
        };
        Ok(Some((report, ground)))
    }

    /// Whether something confirms the facts.
    pub const fn is_founded(&self, command: &Decide) -> bool {
        self.visits > 0 || command.evidence.is_some()
    }

    /// Whether the report is about this family, which the viewer's organisation leads the work with.
    pub fn leads_to(&self, report: &concern_report::Model) -> bool {
        self.is_led && report.family_id == Some(self.family.id)
    }
}

/// What the columns of the family begin with.
const FAMILY: &str = "home_";
const IS_LED: &str = "is_led";
const HAS_CASE: &str = "has_case";
const VISITS: &str = "completed_visits";

fn cases() -> SelectStatement {
    let mut cases = Query::select();
    cases
        .expr(Expr::val(1))
        .from(case::Entity)
        .and_where(of_family((case::Entity, case::Column::FamilyId)));
    cases
}

fn completed_visits() -> SimpleExpr {
    use visit::Column as Of;
    let report = Expr::col((concern_report::Entity, Column::Id));
    let mut visits = Query::select();
    visits
        .expr(Of::Id.count())
        .from(visit::Entity)
        .and_where(Expr::col((visit::Entity, Of::ConcernReportId)).eq(report))
        .and_where(of_family((visit::Entity, Of::FamilyId)))
        .and_where(Of::Status.eq(VisitStatus::Completed))
        .and_where(Of::VoidedAt.is_null());
    SimpleExpr::SubQuery(None, Box::new(visits.into()))
}

fn of_family(column: impl IntoColumnRef) -> SimpleExpr {
    Expr::col(column).eq(Expr::col((family::Entity, family::Column::Id)))
}

/// The report with the case in which work on its family goes on, opened or reopened if need be.
/// Whoever confirms the facts leads the case that begins with it, until somebody is assigned.
pub async fn confirmed(
    change: &mut Change,
    command: &Decide,
    report: &concern_report::Model,
    ground: Option<Ground>,
) -> Result<concern_report::Model, Halt> {
    let mut checks = Checks::default();
    let (path, named) = ("input.familyId", command.family_id.or(report.family_id));
    checks.hold(named.is_some(), path, Text::FamilyUnknown);
    if named.is_some() && ground.is_none() {
        return Err(Problem::not_found(path).into());
    }
    let is_founded =
        ground.as_ref().map_or(command.evidence.is_some(), |ground| ground.is_founded(command));
    checks.hold(is_founded, "input.evidence", Text::FactsUnfounded);
    checks.done()?;
    let ground = ground.ok_or_else(|| Problem::not_found(path))?;
    let case_id = work_on(change, command, report, &ground).await?;
    Ok(concern_report::Model {
        family_id: Some(ground.family.id),
        case_id: Some(case_id),
        ..report.clone()
    })
}

async fn work_on(
    change: &mut Change,
    command: &Decide,
    report: &concern_report::Model,
    ground: &Ground,
) -> Result<Uuid, Halt> {
    let worker = change.worker()?;
    let opening = Opening { reason: command.reason.clone(), report_id: Some(report.id) };
    if !ground.has_case && ground.is_led {
        let kind = command.case_kind.unwrap_or(CaseKind::Accompaniment);
        let case = new_case(change, &ground.family, Uuid::now_v7(), (kind, command.support_level));
        // Somebody else may have opened one until the family was kept.
        if change.insert_unless(case.clone(), cases_of(ground.family.id)).await? {
            opening::begin(change, &case, worker, opening).await?;
            return Ok(case.id);
        }
    }
    match standing::of_family(change, ground.family.id).await? {
        Some(Standing { case, .. }) if case.status == CaseStatus::ClosureRequested => {
            Err(Problem::at("input.id", Text::ClosureAsked).into())
        }
        Some(standing) if standing.case.status != CaseStatus::Closed => Ok(standing.case.id),
        Some(standing) if ground.is_led => {
            let case = opening::again(change, standing, CaseStatus::Assessment, opening).await?;
            opening::assign_lead(change, &case, worker).await?;
            Ok(case.id)
        }
        // Who only shares in the work opens no case.
        _ => Err(Problem::at("input.id", Text::LeadOpens).into()),
    }
}

fn cases_of(family_id: Uuid) -> SelectStatement {
    let mut cases = Query::select();
    cases.expr(Expr::val(1)).from(case::Entity).and_where(case::Column::FamilyId.eq(family_id));
    cases
}
