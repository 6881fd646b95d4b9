//! The gate of casework: what is written into a case goes through here, so that nothing is written
//! into a closed episode but an addendum.

use chrono::NaiveDate;
use entity::case::{self, CaseStatus};
use entity::episode;
use sea_orm::sea_query::{Expr, ExprTrait, Query, SimpleExpr};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QuerySelect,
    QueryTrait,
};
use uuid::Uuid;

use crate::casework::change::{Change, KEPT, Right};
use crate::casework::problem::{Halt, Problem};
use crate::casework::state::Machine;
use crate::casework::wording::Text;

/// A case that may be written into, kept from others until the change is over: closed ones are
/// refused.
pub async fn enter(change: &Change, case_id: Uuid, path: &str) -> Result<case::Model, Halt> {
    let case = change.lock::<case::Entity>(case_id, Right::Led, path).await?;
    open_only(case, path)
}

/// The same for those who have another right to it, such as who serve the family, or visit it from a
/// centre; with the first day of the episode that is open: what happened before it belongs to
/// another episode, and is not dated into this one.
pub async fn enter_episode(
    change: &Change,
    case_id: Uuid,
    right: Right,
    path: &str,
) -> Result<(case::Model, NaiveDate), Halt> {
    let mut one = change
        .see::<case::Entity>(right)
        .filter(case::Column::Id.eq(case_id))
        .lock(KEPT)
        .into_query();
    one.expr_as(begun_on(Expr::val(case_id)), BEGUN);
    let mut known = Query::select();
    known
        .column((case::Entity, case::Column::Version))
        .from(case::Entity)
        .and_where(case::Column::Id.eq(case_id));
    one.expr_as(SimpleExpr::SubQuery(None, Box::new(known.into())), KNOWN);
    let mut row = change.connection().query_one(&one).await?;
    if let Some(waited) = &row
        && waited.try_get::<i32>("", KNOWN)? != waited.try_get::<i32>("", "version")?
    {
        // It was changed while this waited for it: what stands beside it is older than the case.
        row = change.connection().query_one(&one).await?;
    }
    let row = row.ok_or_else(|| Problem::not_found(path))?;
    let case = open_only(case::Model::from_query_result(&row, "")?, path)?;
    let begun: Option<NaiveDate> = row.try_get("", BEGUN)?;
    let first = begun.unwrap_or(case.opened_on);
    Ok((case, first))
}

/// The first day of a case's last episode.
pub fn begun_on(case_id: SimpleExpr) -> SimpleExpr {
    let mut begun = Query::select();
    begun
        .expr(episode::Column::OpenedOn.max())
        .from(episode::Entity)
        .and_where(Expr::col((episode::Entity, episode::Column::CaseId)).eq(case_id));
    SimpleExpr::SubQuery(None, Box::new(begun.into()))
}

/// What [`begun_on`] is selected as.
pub const BEGUN: &str = "episode_begun_on";
const KNOWN: &str = "known_version";

/// The case that a row belongs to, by the row's id: its columns are the id and the case. What is read
/// of the row afterwards stands until the change is over, if it is written through this gate only.
pub async fn enter_through<E: EntityTrait>(
    change: &Change,
    (id_column, case_column): (E::Column, E::Column),
    id: Uuid,
    path: &str,
) -> Result<case::Model, Halt> {
    let mut belongs = Query::select();
    belongs
        .column((E::default(), case_column))
        .from(E::default())
        .and_where(Expr::col((E::default(), id_column)).eq(id));
    let case = change
        .see::<case::Entity>(Right::Led)
        .filter(Expr::col((case::Entity, case::Column::Id)).in_subquery(belongs))
        .lock(KEPT)
        .one(change.connection())
        .await?;
    let case = case.ok_or_else(|| Problem::not_found(path))?;
    open_only(case, path)
}

/// Whether something may be written into a case.
pub const fn is_open(status: CaseStatus) -> bool {
    !matches!(status, CaseStatus::Closed)
}

/// Refuses a case that is closed.
pub fn open_only(case: case::Model, path: &str) -> Result<case::Model, Halt> {
    if !is_open(case.status) {
        return Err(Problem::at(path, Text::CaseClosed).from_where(case.status).into());
    }
    Ok(case)
}

/// Moves a case to a status by an act, where the machine allows it from where the case stands;
/// elsewhere the case stays, because the act says nothing of it.
pub async fn advance(
    change: &mut Change,
    case: &case::Model,
    next: CaseStatus,
) -> Result<case::Model, Halt> {
    if !case.status.may_become(next) {
        return Ok(case.clone());
    }
    change.update(case, case::Model { status: next, ..case.clone() }).await
}
