//! Putting a plan into force: it takes the place of the one before, and its measures are due.

use chrono::{NaiveDate, TimeDelta};
use entity::access_grant::AccessLevel;
use entity::case::{self, CaseStatus};
use entity::measure::{self, MeasureStatus};
use entity::plan::{self, PlanStatus};
use entity::task::TaskKind;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ActiveEnum, ColumnTrait, Condition, EntityTrait, JoinType, QueryFilter, QuerySelect,
};
use uuid::Uuid;

use crate::access::Session;
use crate::access::policy::Action;
use crate::casework::case::gate;
use crate::casework::change::{Change, Key, Subject};
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
    let (before, others) = with_those_in_force(&change, &case, command.plan_id).await?;
    let today = session.today();
    let review_due_on = before.review_due_on.filter(|day| *day > today);
    let review_due_on = review_due_on.unwrap_or_else(|| next_review_on(session));
    let after = plan::Model {
        status: PlanStatus::Active,
        review_due_on: Some(review_due_on),
        ..before.clone()
    };
    if let Some(expected) = command.expected_version {
        change.expect(&before, &after, expected)?;
    }
    before.status.check(PlanStatus::Active, "input.planId")?;
    let case_status = status_with_plan(case.status)?;
    let open =
        open_measures(&change, &[&others[..], std::slice::from_ref(&before)].concat()).await?;
    for other in &others {
        supersede(&mut change, &case, other).await?;
    }
    let plan = change.update(&before, after).await?;
    let case = change.update(&case, case::Model { status: case_status, ..case.clone() }).await?;
    for measure in &open {
        let due = Due::measure(measure, &case);
        change.task(if measure.plan_id == plan.id { due } else { due.cancelled() });
    }
    let due = Due::of_case(TaskKind::PlanReview, plan.id, &case, review_due_on);
    change.task(due.owned_by(session.viewer().worker_id));
    change.commit().await
}

/// The plan of a case that is in force, if there is one, with its measures that have no result yet.
pub async fn in_force(
    change: &Change,
    case_id: Uuid,
) -> Result<Option<(plan::Model, Vec<measure::Model>)>, Halt> {
    let join = plan::Entity::belongs_to(measure::Entity)
        .from(plan::Column::Id)
        .to(measure::Column::PlanId)
        .on_condition(|_, measure| {
            let open = [MeasureStatus::Planned, MeasureStatus::InProgress];
            let open = open.map(|status| status.to_value());
            Condition::all().add(Expr::col((measure, measure::Column::Status)).is_in(open))
        });
    let found = change
        .see::<plan::Entity>(AccessLevel::Full)
        .filter(plan::Column::CaseId.eq(case_id))
        .filter(plan::Column::Status.is_in([PlanStatus::Active, PlanStatus::UnderReview]))
        .join(JoinType::LeftJoin, join.into())
        .select_also(measure::Entity)
        .all(change.connection())
        .await?;
    let plan = found.first().map(|(plan, _)| plan.clone());
    Ok(plan.map(|plan| (plan, found.into_iter().filter_map(|(_, measure)| measure).collect())))
}

/// Makes what a plan in force has open due, after it was not for a while.
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
    let due = Due::of_case(TaskKind::PlanReview, plan.id, case, review_due_on);
    let owner = change.session().viewer().worker_id;
    change.task(due.owned_by(owner));
}

/// When a plan is reviewed next, by the authority's terms.
pub fn next_review_on(session: &Session) -> NaiveDate {
    session.today() + TimeDelta::days(session.terms().review_days)
}

/// The first day on which a plan that ends today is no longer in force.
pub fn ends_on(plan: &plan::Model, today: NaiveDate) -> NaiveDate {
    std::cmp::max(today, plan.since)
}

/// The measures of plans that have no result yet.
pub async fn open_measures(
    change: &Change,
    plans: &[plan::Model],
) -> Result<Vec<measure::Model>, Halt> {
    use measure::Column;
    let measures = change
        .see::<measure::Entity>(AccessLevel::Full)
        .filter(Column::PlanId.is_in(plans.iter().map(|plan| plan.id)))
        .filter(Column::Status.is_in([MeasureStatus::Planned, MeasureStatus::InProgress]))
        .all(change.connection())
        .await?;
    Ok(measures)
}

/// The plan, and the others of its case that are in force or under review: one at most, unless
/// history was brought in from elsewhere.
async fn with_those_in_force(
    change: &Change,
    case: &case::Model,
    plan_id: Uuid,
) -> Result<(plan::Model, Vec<plan::Model>), Halt> {
    use plan::Column;
    let in_force = Column::Status.is_in([PlanStatus::Active, PlanStatus::UnderReview]);
    let plans = change
        .see::<plan::Entity>(AccessLevel::Full)
        .filter(Column::CaseId.eq(case.id))
        .filter(Condition::any().add(Column::Id.eq(plan_id)).add(in_force))
        .all(change.connection())
        .await?;
    let (mut own, others): (Vec<_>, Vec<_>) =
        plans.into_iter().partition(|plan| plan.id == plan_id);
    let own = own.pop().ok_or_else(|| Problem::not_found("input.planId"))?;
    Ok((own, others))
}

/// Where a case stands with a plan in force. The steps between are gone through at once.
fn status_with_plan(status: CaseStatus) -> Result<CaseStatus, Halt> {
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
    plan: &plan::Model,
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
    change.task(Due::of_case(TaskKind::PlanReview, plan.id, case, today).cancelled());
    Ok(())
}
