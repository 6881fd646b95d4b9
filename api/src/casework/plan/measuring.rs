//! How far a measure is, and what came of it; as long as the plan is a draft, also what it is.

use chrono::NaiveDate;
use entity::case;
use entity::measure::{self, MeasureStatus};
use entity::plan::{self, PlanStatus};
use entity::{organisation, plan_sign_off};
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ColumnTrait, Condition, EntityTrait, JoinType, QueryFilter, QuerySelect};
use uuid::Uuid;

use super::drafting::missing;
use super::is_in_force;
use crate::access::Session;
use crate::access::policy::Action;
use crate::casework::case::gate;
use crate::casework::change::{Change, Key, Right, Subject};
use crate::casework::check::{Checks, LONG};
use crate::casework::problem::{Halt, Problem};
use crate::casework::state::Machine;
use crate::casework::task::Due;
use crate::casework::wording::Text;

/// What changes a measure.
#[derive(Clone, Debug)]
pub struct Update {
    /// The measure.
    pub id: Uuid,
    /// The version that it was decided on.
    pub expected_version: i32,
    /// Where it stands.
    pub status: Option<Option<MeasureStatus>>,
    /// What came of it, or why it was not done.
    pub result: Option<Option<String>>,
    /// The day on which it was done; today unless said.
    pub done_on: Option<NaiveDate>,
    /// Until when.
    pub due_on: Option<Option<NaiveDate>>,
    /// What is to be done.
    pub description: Option<Option<String>>,
    /// The agency that answers for it.
    pub responsible_id: Option<Option<Uuid>>,
}

/// Changes a measure. What was agreed on stays as it was signed; of a plan that is over nothing is
/// changed.
pub async fn update(session: &Session, key: &Key, command: &Update) -> Result<Uuid, Halt> {
    let subject = Subject::new("measure", command.id);
    let mut change = Change::begin(session, Action::MeasureUpdate, key, subject).await?;
    command.check(session.today())?;
    let columns = (measure::Column::Id, measure::Column::CaseId);
    let case =
        gate::enter_through::<measure::Entity>(&change, columns, command.id, "input.id").await?;
    let (before, plan) = with_plan(&change, command.id).await?;
    let after = command.over(&before, session.today());
    change.expect(&before, &after, command.expected_version)?;
    command.check_against(&before, &after, &plan)?;
    // What became of a measure is known from now on.
    let is_ended = !before.status.is_final() && after.status.is_final();
    let recorded_at = if is_ended { session.now() } else { after.recorded_at };
    let after = measure::Model { recorded_at, ..after };
    if before.responsible_id != after.responsible_id {
        hand_over(&mut change, &case, &plan, (&before, &after)).await?;
    }
    let measure = change.update(&before, after).await?;
    let is_due_anew = before.due_on != measure.due_on;
    if is_in_force(plan.status) {
        let due = Due::measure(&measure, &case);
        match command.status.flatten() {
            Some(MeasureStatus::Done) => change.task(due.done()),
            Some(MeasureStatus::NotDone | MeasureStatus::Cancelled) => change.task(due.cancelled()),
            _ if is_due_anew => change.task(due),
            _ => {}
        }
    }
    change.commit().await
}

async fn with_plan(change: &Change, id: Uuid) -> Result<(measure::Model, plan::Model), Halt> {
    let join = measure::Entity::belongs_to(plan::Entity)
        .from(measure::Column::PlanId)
        .to(plan::Column::Id);
    let found = change
        .see::<measure::Entity>(Right::Led)
        .filter(measure::Column::Id.eq(id))
        .join(JoinType::InnerJoin, join.into())
        .select_also(plan::Entity)
        .one(change.connection())
        .await?;
    match found {
        Some((measure, Some(plan))) => Ok((measure, plan)),
        _ => Err(Problem::not_found("input.id").into()),
    }
}

/// Makes another agency answer for a measure of a draft: its signature is needed from now on, that
/// of the one before only if it has something else to do with the plan.
async fn hand_over(
    change: &mut Change,
    case: &case::Model,
    plan: &plan::Model,
    (before, after): (&measure::Model, &measure::Model),
) -> Result<(), Halt> {
    use plan_sign_off::Column;
    let next = after.responsible_id;
    change.read::<organisation::Entity>(next, Right::ANY, "input.responsibleId").await?;
    let mut elsewhere = Query::select();
    elsewhere
        .column(measure::Column::ResponsibleId)
        .from(measure::Entity)
        .and_where(measure::Column::PlanId.eq(plan.id))
        .and_where(measure::Column::Id.ne(before.id));
    let needless = Condition::all()
        .add(Column::PlanId.eq(plan.id))
        .add(Column::OrganisationId.eq(before.responsible_id))
        .add(Column::OrganisationId.ne(case.lead_organisation_id))
        .add(Expr::col(Column::OrganisationId).not_in_subquery(elsewhere));
    change.remove_where::<plan_sign_off::Entity>(needless).await?;
    change.insert_missing(vec![missing(plan, next)]).await?;
    change.bump(plan, plan.clone()).await?;
    Ok(())
}

impl Update {
    fn check(&self, today: NaiveDate) -> Result<(), Halt> {
        let mut checks = Checks::default();
        checks.hold(self.status != Some(None), "input.status", Text::NotNull);
        checks.hold(self.due_on != Some(None), "input.dueOn", Text::NotNull);
        checks.hold(self.description != Some(None), "input.description", Text::NotNull);
        checks.hold(self.responsible_id != Some(None), "input.responsibleId", Text::NotNull);
        if let Some(Some(description)) = &self.description {
            checks.text("input.description", description, LONG);
        }
        let result = self.result.as_ref().and_then(Option::as_deref);
        checks.some_text("input.result", result, LONG);
        checks.day("input.dueOn", self.due_on.flatten());
        checks.past("input.doneOn", self.done_on, today);
        let is_done = self.status == Some(Some(MeasureStatus::Done));
        checks.hold(is_done || self.done_on.is_none(), "input.doneOn", Text::OnlyWhenDone);
        checks.done()
    }

    /// The measure as the client wants it.
    fn over(&self, before: &measure::Model, today: NaiveDate) -> measure::Model {
        let mut after = before.clone();
        after.status = self.status.flatten().unwrap_or(after.status);
        after.due_on = self.due_on.flatten().unwrap_or(after.due_on);
        after.responsible_id = self.responsible_id.flatten().unwrap_or(after.responsible_id);
        if let Some(result) = &self.result {
            after.result.clone_from(result);
        }
        if let Some(Some(description)) = &self.description {
            after.description.clone_from(description);
        }
        if self.status.flatten() == Some(MeasureStatus::Done) {
            after.done_on = Some(self.done_on.unwrap_or(today));
        }
        after
    }

    fn check_against(
        &self,
        before: &measure::Model,
        after: &measure::Model,
        plan: &plan::Model,
    ) -> Result<(), Halt> {
        if plan.status.is_final() {
            return Err(Problem::at("input.id", Text::PlanOver).from_where(plan.status).into());
        }
        if let Some(Some(next)) = self.status {
            before.status.check(next, "input.status")?;
            if next != MeasureStatus::Cancelled && !is_in_force(plan.status) {
                let refused = Problem::at("input.status", Text::NotInForce);
                return Err(refused.from_where(before.status).into());
            }
        }
        let mut checks = Checks::default();
        Self::check_frozen(&mut checks, before, after, plan);
        let earliest = plan.since;
        let is_new = after.due_on != before.due_on;
        let is_early = is_new && after.due_on < earliest;
        checks.hold(!is_early, "input.dueOn", Text::TooEarly { earliest });
        let is_early = after.done_on != before.done_on && after.done_on < Some(earliest);
        checks.hold(!is_early, "input.doneOn", Text::TooEarly { earliest });
        let needs_reason =
            matches!(after.status, MeasureStatus::NotDone | MeasureStatus::Cancelled);
        let is_told = after.result.as_deref().is_some_and(|result| !result.trim().is_empty());
        checks.hold(!needs_reason || is_told, "input.result", Text::ReasonRequired);
        checks.done()
    }

    /// What a signed plan, or a measure that is over, no longer lets anybody change.
    fn check_frozen(
        checks: &mut Checks,
        before: &measure::Model,
        after: &measure::Model,
        plan: &plan::Model,
    ) {
        let is_over = before.status.is_final();
        let is_signed = plan.status != PlanStatus::Draft;
        let fields = [
            ("input.dueOn", before.due_on == after.due_on, false),
            ("input.description", before.description == after.description, is_signed),
            ("input.responsibleId", before.responsible_id == after.responsible_id, is_signed),
        ];
        for (path, is_same, is_signed) in fields {
            checks.hold(is_same || !is_signed, path, Text::PlanSigned);
            checks.hold(is_same || is_signed || !is_over, path, Text::MeasureOver);
        }
    }
}
