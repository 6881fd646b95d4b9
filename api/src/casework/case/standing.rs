//! Where work on a family stands: the family and its case together, kept from others until the change
//! is over. The family is kept first, so that of two who begin or end work on it one sees what the
//! other did; whoever adds what a closure asks for keeps the family too.

use entity::case::{self, CaseStatus, Column};
use entity::{episode, family, measure, plan};
use sea_orm::sea_query::{
    Alias, Expr, ExprTrait, IntoIden, Order, Query, SelectStatement, SimpleExpr,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, FromQueryResult, Iterable, QueryResult,
};
use uuid::Uuid;

use crate::casework::change::{Change, KEPT, Right};
use crate::casework::joined::select_columns_of;
use crate::casework::plan::activating::WithMeasures;
use crate::casework::plan::{IN_FORCE, OPEN_MEASURES};
use crate::casework::problem::{Halt, Problem};

/// A case, with what a further episode of it begins from.
#[derive(Clone, Debug)]
pub struct Standing {
    /// The case.
    pub case: case::Model,
    /// The number of its last episode.
    pub episodes: i32,
    /// Where the family lives.
    pub area_id: Uuid,
    /// Who leads the work with the family.
    pub lead_id: Option<Uuid>,
    /// Its plan in force, with the measures that have no result yet.
    pub plan: Option<WithMeasures>,
}

/// The case in which work on a family goes on, whatever its kind: one that is open before one whose
/// closure is asked for, and this before one that is closed; the one opened last among several.
pub async fn of_family(change: &Change, family_id: Uuid) -> Result<Option<Standing>, Halt> {
    let mut latest = Query::select();
    latest
        .column((case::Entity, Column::Id))
        .from(case::Entity)
        .and_where(Column::FamilyId.eq(family_id))
        .order_by_expr(Column::Status.eq(CaseStatus::Closed), Order::Asc)
        .order_by_expr(Column::Status.eq(CaseStatus::ClosureRequested), Order::Asc)
        .order_by((case::Entity, Column::OpenedOn), Order::Desc)
        .order_by((case::Entity, Column::Id), Order::Desc)
        .limit(1);
    let mut select = standing(change, Right::FULL);
    select.and_where(Expr::col((case::Entity, Column::Id)).in_subquery(latest));
    read(change, &select).await
}

/// A case that the viewer's organisation leads, kept after its family.
pub async fn of_case(change: &Change, case_id: Uuid, path: &str) -> Result<Standing, Halt> {
    let mut select = standing(change, Right::Led);
    select.and_where(Column::Id.eq(case_id));
    read(change, &select).await?.ok_or_else(|| Problem::not_found(path).into())
}

const EPISODES: &str = "last_episode_no";
const AREA: &str = "home_area_id";
const LEAD: &str = "home_lead_id";
const PLAN: &str = "plan_";
const MEASURE: &str = "measure_";

fn standing(change: &Change, right: Right) -> SelectStatement {
    let mut last = Query::select();
    last.expr(episode::Column::No.max()).from(episode::Entity).and_where(
        Expr::col((episode::Entity, episode::Column::CaseId))
            .eq(Expr::col((case::Entity, Column::Id))),
    );
    let of_case =
        Expr::col((plan::Entity, plan::Column::CaseId)).eq(Expr::col((case::Entity, Column::Id)));
    let in_force = plan::Column::Status.is_in(IN_FORCE);
    let of_plan = Expr::col((measure::Entity, measure::Column::PlanId))
        .eq(Expr::col((plan::Entity, plan::Column::Id)));
    let open = measure::Column::Status.is_in(OPEN_MEASURES);
    let mut select = family_then_case(change, right);
    select
        .expr_as(SimpleExpr::SubQuery(None, Box::new(last.into())), EPISODES)
        .expr_as(Expr::col((family::Entity, family::Column::AreaId)), Alias::new(AREA))
        .expr_as(Expr::col((family::Entity, family::Column::LeadOrganisationId)), Alias::new(LEAD))
        .left_join(plan::Entity, of_case.and(in_force))
        .left_join(measure::Entity, of_plan.and(open));
    select_columns_of::<plan::Entity>(&mut select, PLAN);
    select_columns_of::<measure::Entity>(&mut select, MEASURE);
    select
}

/// One row for each measure, or for the plan, or for the case.
async fn read(change: &Change, select: &SelectStatement) -> Result<Option<Standing>, Halt> {
    let rows = change.connection().query_all(select).await?;
    let Some(first) = rows.first() else { return Ok(None) };
    let episodes: Option<i32> = first.try_get("", EPISODES)?;
    let measures = rows.iter().map(|row| optional::<measure::Model>(row, MEASURE));
    let measures = measures.collect::<Result<Vec<_>, _>>()?.into_iter().flatten();
    let plan = optional::<plan::Model>(first, PLAN)?;
    Ok(Some(Standing {
        case: case::Model::from_query_result(first, "")?,
        episodes: episodes.unwrap_or_default(),
        area_id: first.try_get("", AREA)?,
        lead_id: first.try_get("", LEAD)?,
        plan: plan.map(|plan| {
            let own = measures.filter(|measure| measure.plan_id == plan.id).collect();
            (plan, own)
        }),
    }))
}

fn optional<M: FromQueryResult>(row: &QueryResult, prefix: &str) -> Result<Option<M>, DbErr> {
    let id: Option<Uuid> = row.try_get(prefix, "id")?;
    id.map(|_| M::from_query_result(row, prefix)).transpose()
}

/// The same with its open episode, of which a case that is closed has none.
pub async fn with_episode(
    change: &Change,
    case_id: Uuid,
    path: &str,
) -> Result<(case::Model, Option<episode::Model>), Halt> {
    let column = |column| (episode::Entity, column);
    let mut select = family_then_case(change, Right::Led);
    select.and_where(Column::Id.eq(case_id)).inner_join(
        episode::Entity,
        Condition::all()
            .add(
                Expr::col(column(episode::Column::CaseId))
                    .eq(Expr::col((case::Entity, Column::Id))),
            )
            .add(Expr::col(column(episode::Column::ClosedOn)).is_null()),
    );
    select_columns_of::<episode::Entity>(&mut select, EPISODE);
    // The episode is kept with the case, so that both are as they stand once nobody else has them.
    let kept = [family::Entity.into_iden(), case::Entity.into_iden(), episode::Entity.into_iden()];
    select.lock_with_tables(KEPT, kept);
    if let Some(found) = case_and_episode(change, &select).await? {
        return Ok(found);
    }
    let case = change.lock::<case::Entity>(case_id, Right::Led, path).await?;
    if case.status == CaseStatus::Closed {
        return Ok((case, None));
    }
    // It was reopened while this waited for it: its episode is seen now.
    Ok(case_and_episode(change, &select).await?.unwrap_or((case, None)))
}

async fn case_and_episode(
    change: &Change,
    select: &SelectStatement,
) -> Result<Option<(case::Model, Option<episode::Model>)>, Halt> {
    let Some(row) = change.connection().query_one(select).await? else { return Ok(None) };
    let case = case::Model::from_query_result(&row, "")?;
    Ok(Some((case, Some(episode::Model::from_query_result(&row, EPISODE)?))))
}

/// What the columns of the episode begin with.
const EPISODE: &str = "open_";

/// PostgreSQL locks the rows in the order in which the tables are named.
fn family_then_case(change: &Change, right: Right) -> SelectStatement {
    let family = Expr::col((family::Entity, family::Column::Id));
    let mut select = Query::select();
    select
        .columns(Column::iter().map(|column| (case::Entity, column)))
        .from(family::Entity)
        .inner_join(case::Entity, Expr::col((case::Entity, Column::FamilyId)).eq(family))
        .cond_where(change.rows_of::<case::Entity>(right))
        .lock_with_tables(KEPT, [family::Entity.into_iden(), case::Entity.into_iden()]);
    select
}
