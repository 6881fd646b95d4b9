//! Putting a plan into force: it takes the place of the one before, and its measures are due.

use chrono::{NaiveDate, TimeDelta};
use entity::case::{self, CaseStatus};
use entity::measure;
use entity::plan::{self, PlanStatus};
use entity::task::TaskKind;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ActiveEnum, ColumnTrait, Condition, EntityTrait, JoinType, QueryFilter, QuerySelect,
};
use uuid::Uuid;

use super::ending::{end_measures, ends_on};
use super::{IN_FORCE, OPEN_MEASURES};
use crate::access::Session;
use crate::access::policy::Action;
use crate::casework::case::gate;
use crate::casework::change::{Change, Key, Right, Subject};
use crate::casework::problem::{Halt, Problem};
use crate::casework::state::Machine;
use crate::casework::task::Due;
use crate::casework::wording::Text;

/// What puts a plan into force.
#[derive(Clone, Debug)]
pub struct Activate {
    /// The plan.
    pub plan_id: Uuid,
    /// The version that it was decided on.
    pub expected_version: Option<i32>,
}

/// Puts an agreed plan into force, or one under review again. The plan that was in force is
/// superseded; the case is active.
pub async fn activate(session: &Session, key: &Key, command: &Activate) -> Result<Uuid, Halt> {
    let subject = Subject::new("plan", command.plan_id);
    let mut change = Change::begin(session, Action::PlanActivate, key, subject).await?;
    let columns = (plan::Column::Id, plan::Column::CaseId);
    let case =
        gate::enter_through::<plan::Entity>(&change, columns, command.plan_id, "input.planId")
            .await?;
    let ((before, measures), others) = with_those_in_force(&change, &case, command.plan_id).await?;
    let today = session.today();
    let review_due_on = before.review_due_on.filter(|day| *day > today);
    let review_due_on = review_due_on.unwrap_or_else(|| next_review_on(session));
    let after = plan::Model {
        status: PlanStatus::Active,
        review_due_on: Some(review_due_on),
        ..before.clone()
    };
    change.expect_some(&before, &after, command.expected_version)?;
    before.status.check(PlanStatus::Active, "input.planId")?;
    let case_status = status_with_plan(case.status)?;
    for other in &others {
        supersede(&mut change, &case, (other, &before)).await?;
    }
    let plan = change.update(&before, after).await?;
    let case = change.update(&case, case::Model { status: case_status, ..case.clone() }).await?;
    due_again(&mut change, &case, &plan, &measures);
    change.commit().await
}

/// Makes what a plan in force has open due.
pub fn due_again(
    change: &mut Change,
    case: &case::Model,
    plan: &plan::Model,
    measures: &[measure::Model],
) {
    for measure in measures {
        change.task(Due::measure(measure, case));
    }
    let review_due_on = plan.review_due_on.unwrap_or_else(|| next_review_on(change.session()));
    change.task(Due::of_case(TaskKind::PlanReview, plan.id, case, review_due_on));
}

/// When a plan is reviewed next, by the authority's terms.
pub fn next_review_on(session: &Session) -> NaiveDate {
    session.today() + TimeDelta::days(session.terms().review_days)
}

/// A plan, with its measures that have no result yet.
pub type WithMeasures = (plan::Model, Vec<measure::Model>);

/// Plans of a case by a condition, each with its measures that have no result yet.
async fn plans(
    change: &Change,
    case_id: Uuid,
    condition: Condition,
) -> Result<Vec<WithMeasures>, Halt> {
    let join = plan::Entity::belongs_to(measure::Entity)
        .from(plan::Column::Id)
        .to(measure::Column::PlanId)
        .on_condition(|_, measure| {
            let open = OPEN_MEASURES.map(|status| status.to_value());
            Condition::all().add(Expr::col((measure, measure::Column::Status)).is_in(open))
        });
    let found = change
        .see::<plan::Entity>(Right::Led)
        .filter(plan::Column::CaseId.eq(case_id))
        .filter(condition)
        .join(JoinType::LeftJoin, join.into())
        .select_also(measure::Entity)
        .all(change.connection())
        .await?;
    let mut plans: Vec<WithMeasures> = Vec::new();
    for (plan, measure) in found {
        match plans.iter_mut().find(|(known, _)| known.id == plan.id) {
            Some((_, measures)) => measures.extend(measure),
            None => plans.push((plan, measure.into_iter().collect())),
        }
    }
    Ok(plans)
}

fn in_force_now() -> Condition {
    Condition::all().add(plan::Column::Status.is_in(IN_FORCE))
}

/// The plan, and the others of its case that are in force or under review: one at most, unless
/// history was brought in from elsewhere.
async fn with_those_in_force(
    change: &Change,
    case: &case::Model,
    plan_id: Uuid,
) -> Result<(WithMeasures, Vec<plan::Model>), Halt> {
    let either = Condition::any().add(plan::Column::Id.eq(plan_id)).add(in_force_now());
    let plans = plans(change, case.id, either).await?;
    let (mut own, others): (Vec<_>, Vec<_>) =
        plans.into_iter().partition(|(plan, _)| plan.id == plan_id);
    let own = own.pop().ok_or_else(|| Problem::not_found("input.planId"))?;
    Ok((own, others.into_iter().map(|(plan, _)| plan).collect()))
}

/// Where a case stands with a plan in force. The steps between are gone through at once.
pub fn status_with_plan(status: CaseStatus) -> Result<CaseStatus, Halt> {
    use CaseStatus::{Active, Assessment, Intake, Planning};
    match status {
        Intake => Err(Problem::at("input.planId", Text::NotAssessed).into()),
        Assessment => {
            status.check(Planning, "input.planId")?;
            status_with_plan(Planning)
        }
        Planning => status.check(Active, "input.planId").map(|()| Active),
        other => Ok(other),
    }
}

/// Ends a plan that another one replaces: under review first, if it was not.
async fn supersede(
    change: &mut Change,
    case: &case::Model,
    (plan, next): (&plan::Model, &plan::Model),
) -> Result<(), Halt> {
    if plan.status == PlanStatus::Active {
        plan.status.check(PlanStatus::UnderReview, "input.planId")?;
    }
    PlanStatus::UnderReview.check(PlanStatus::Superseded, "input.planId")?;
    let today = change.session().today();
    let over = plan::Model {
        status: PlanStatus::Superseded,
        until: Some(ends_on(plan, today)),
        ..plan.clone()
    };
    change.update(plan, over).await?;
    let no = next.revision;
    let reason = change.session().language().choose(
        format!("Plan no. {no} took the place of this one."),
        format!("Вместо этого плана действует план № {no}."),
        format!("Замість цього плану діє план № {no}."),
    );
    end_measures(change, case, plan, &reason).await?;
    change.task(Due::of_case(TaskKind::PlanReview, plan.id, case, today).cancelled());
    Ok(())
}
