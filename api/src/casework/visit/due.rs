//! When a family is to be visited next. The task is the duty of the organisation that leads the
//! case: a visit by others, such as a centre, leaves it as it is.

use chrono::NaiveDate;
use entity::task::{self, TaskKind, TaskStatus};
use entity::visit::{self, VisitStatus};
use entity::{case, membership};
use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement, SimpleExpr};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, IntoSimpleExpr, Order, QueryFilter};
use uuid::Uuid;

use crate::casework::case::opening::next_visit_on;
use crate::casework::change::{Change, Right};
use crate::casework::problem::Halt;
use crate::casework::staff::memberships;
use crate::casework::task::Due;
use crate::error::Error;

/// Whether the viewer acts for the organisation that leads a case.
pub fn is_led_here(change: &Change, case: &case::Model) -> bool {
    change.session().viewer().organisations.contains(&case.lead_organisation_id)
}

/// That a visit is planned: it is due then, or earlier if it was so before.
pub async fn planned(
    change: &mut Change,
    case: &case::Model,
    visit: &visit::Model,
) -> Result<(), Halt> {
    if !is_led_here(change, case) {
        return Ok(());
    }
    let before = open_task(change, case.id).await?;
    let day = visit.scheduled_for;
    let due_on = before.map_or(day, |task| std::cmp::min(task.due_on, day));
    change.task(of(case, due_on).owned_by(visit.worker_id));
    Ok(())
}

/// What is due after a visit was recorded.
pub async fn recorded(
    change: &mut Change,
    case: &case::Model,
    visit: &visit::Model,
) -> Result<(), Halt> {
    if !is_led_here(change, case) {
        return Ok(());
    }
    match visit.status {
        VisitStatus::Completed => after(change, case, visit).await,
        VisitStatus::Cancelled => without(change, case, visit).await,
        VisitStatus::NoAccess | VisitStatus::Missed | VisitStatus::Scheduled => {
            still(change, case, visit).await
        }
    }
}

/// A visit was made: the next one is due when the level of support says so, or when the next is
/// planned.
async fn after(change: &mut Change, case: &case::Model, visit: &visit::Model) -> Result<(), Halt> {
    let (next, last) = around(change, case, visit.id).await?;
    // One that is recorded late does not undo what a later one says.
    let latest = last.filter(|last| last.visited_at > visit.visited_at);
    let by_level = latest.as_ref().unwrap_or(visit).next_due_on;
    let by_plan = next.as_ref().map(|next| next.scheduled_for);
    let owner = next.map_or(visit.worker_id, |next| next.worker_id);
    change.task(match by_level.into_iter().chain(by_plan).min() {
        Some(due_on) => of(case, due_on).owned_by(owner),
        None => of(case, visit.scheduled_for).owned_by(owner).done(),
    });
    Ok(())
}

/// A visit was cancelled: it stays due on the day it was planned for, unless another is planned.
async fn without(
    change: &mut Change,
    case: &case::Model,
    visit: &visit::Model,
) -> Result<(), Halt> {
    let (next, last) = around(change, case, visit.id).await?;
    let Some(next) = next else { return still(change, case, visit).await };
    let by_level = last.and_then(|last| last.next_due_on);
    let due_on = by_level.map_or(next.scheduled_for, |day| std::cmp::min(day, next.scheduled_for));
    change.task(of(case, due_on).owned_by(next.worker_id));
    Ok(())
}

/// The family was not seen: a visit stays due on the day it was planned for, or since earlier.
async fn still(change: &mut Change, case: &case::Model, visit: &visit::Model) -> Result<(), Halt> {
    let before = open_task(change, case.id).await?;
    if before.is_none_or(|task| task.due_on > visit.scheduled_for) {
        change.task(of(case, visit.scheduled_for).owned_by(visit.worker_id));
    }
    Ok(())
}

const fn of(case: &case::Model, due_on: NaiveDate) -> Due {
    Due::of_case(TaskKind::Visit, case.id, case, due_on)
}

/// The level of support became another one: the next visit is due by it, counted from today, or on
/// the day for which one is planned, if that is earlier; without either none is. One that is late
/// stays late.
pub async fn at_level(
    change: &mut Change,
    case: &case::Model,
    owner: Option<Uuid>,
) -> Result<(), Halt> {
    let today = change.session().today();
    let ahead = Ahead::read(change, case).await?;
    if ahead.due_on.is_some_and(|day| day < today) {
        return Ok(());
    }
    let by_level = next_visit_on(change.session(), case.support_level, today);
    let owner = ahead.owner_id.or(owner);
    change.task(match by_level.into_iter().chain(ahead.planned_on).min() {
        Some(due_on) => of(case, due_on).owned_by(owner),
        None => of(case, today).owned_by(owner).cancelled(),
    });
    Ok(())
}

/// What lies ahead of a case: the visit that is due, and the first that is planned.
struct Ahead {
    due_on: Option<NaiveDate>,
    owner_id: Option<Uuid>,
    planned_on: Option<NaiveDate>,
}

impl Ahead {
    /// Reads it in one statement.
    async fn read(change: &Change, case: &case::Model) -> Result<Self, Halt> {
        let task = |column| {
            let mut select = Query::select();
            select
                .column((task::Entity, column))
                .from(task::Entity)
                .and_where(task::Column::Kind.eq(TaskKind::Visit))
                .and_where(task::Column::SubjectId.eq(case.id))
                .and_where(task::Column::Status.eq(TaskStatus::Open));
            SimpleExpr::SubQuery(None, Box::new(select.into()))
        };
        let mut planned = Query::select();
        planned
            .expr(visit::Column::ScheduledFor.min())
            .from(visit::Entity)
            .and_where(visit::Column::CaseId.eq(case.id))
            .and_where(by_lead(change, case))
            .and_where(visit::Column::Status.eq(VisitStatus::Scheduled))
            .and_where(visit::Column::VoidedAt.is_null());
        let mut asked = Query::select();
        asked
            .expr(task(task::Column::DueOn))
            .expr(task(task::Column::OwnerId))
            .expr(SimpleExpr::SubQuery(None, Box::new(planned.into())));
        let row = change.connection().query_one(&asked).await?.ok_or(Error::Internal)?;
        Ok(Self {
            due_on: row.try_get_by_index(0)?,
            owner_id: row.try_get_by_index(1)?,
            planned_on: row.try_get_by_index(2)?,
        })
    }
}

async fn open_task(change: &Change, case_id: Uuid) -> Result<Option<task::Model>, Halt> {
    use task::Column;
    let task = change
        .see::<task::Entity>(Right::ANY)
        .filter(Column::Kind.eq(TaskKind::Visit))
        .filter(Column::SubjectId.eq(case_id))
        .filter(Column::Status.eq(TaskStatus::Open))
        .one(change.connection())
        .await?;
    Ok(task)
}

/// The next visit of a case that is planned, and the last that was made, besides one.
async fn around(
    change: &Change,
    case: &case::Model,
    except: Uuid,
) -> Result<(Option<visit::Model>, Option<visit::Model>), Halt> {
    use visit::Column;
    let first = |which: SimpleExpr, by: Column, order: Order| -> SelectStatement {
        let mut select = Query::select();
        select
            .column((visit::Entity, Column::Id))
            .from(visit::Entity)
            .and_where(Column::CaseId.eq(case.id))
            .and_where(Column::Id.ne(except))
            .and_where(Column::VoidedAt.is_null())
            .and_where(which)
            .order_by((visit::Entity, by), order.clone())
            .order_by((visit::Entity, Column::Id), order)
            .limit(1);
        select
    };
    let planned = Column::Status.eq(VisitStatus::Scheduled).and(by_lead(change, case));
    // Only the lead's visits say when the next is due; whoever made one may have left since.
    let made = Column::Status.eq(VisitStatus::Completed).and(Column::NextDueOn.is_not_null());
    let next = first(planned, Column::ScheduledFor, Order::Asc);
    let last = first(made, Column::VisitedAt, Order::Desc);
    let id = || Column::Id.into_simple_expr();
    let found = change
        .see::<visit::Entity>(Right::ANY)
        // So that the alternative below is looked for among the visits of the case alone.
        .filter(Column::CaseId.eq(case.id))
        .filter(Condition::any().add(id().in_subquery(next)).add(id().in_subquery(last)))
        .all(change.connection())
        .await?;
    let of = |status| found.iter().find(|visit| visit.status == status).cloned();
    Ok((of(VisitStatus::Scheduled), of(VisitStatus::Completed)))
}

/// Visits by those who work for the organisation that leads a case.
fn by_lead(change: &Change, case: &case::Model) -> SimpleExpr {
    let mut staff = memberships(change, &[case.lead_organisation_id]);
    staff.column((membership::Entity, membership::Column::WorkerId));
    Expr::col((visit::Entity, visit::Column::WorkerId)).in_subquery(staff)
}
