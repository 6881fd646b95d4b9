//! Where work on a family stands: the family and its case together, kept from others until the change
//! is over. The family is kept first, so that of two who begin or end work on it one sees what the
//! other did; an insertion that names the family waits meanwhile.

use entity::case::{self, CaseKind, CaseStatus, Column};
use entity::{episode, family};
use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement, SimpleExpr};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, FromQueryResult, Iterable, QueryFilter,
    QueryOrder, QueryResult, QuerySelect,
};
use uuid::Uuid;

use crate::casework::change::{Change, Right};
use crate::casework::joined::select_columns_of;
use crate::casework::problem::{Halt, Problem};

/// A case, and the number of its last episode.
#[derive(Clone, Debug)]
pub struct Standing {
    /// The case.
    pub case: case::Model,
    /// The number of its last episode.
    pub episodes: i32,
}

const EPISODES: &str = "last_episode_no";

impl FromQueryResult for Standing {
    fn from_query_result(result: &QueryResult, prefix: &str) -> Result<Self, DbErr> {
        let case = case::Model::from_query_result(result, prefix)?;
        let episodes: Option<i32> = result.try_get(prefix, EPISODES)?;
        Ok(Self { case, episodes: episodes.unwrap_or_default() })
    }
}

fn last_episode() -> SimpleExpr {
    let mut last = Query::select();
    last.expr(Expr::col((episode::Entity, episode::Column::No)).max())
        .from(episode::Entity)
        .and_where(
            Expr::col((episode::Entity, episode::Column::CaseId))
                .eq(Expr::col((case::Entity, Column::Id))),
        );
    SimpleExpr::SubQuery(None, Box::new(last.into()))
}

/// The case in which work on a family goes on, of any kind or of one: one that is open before one
/// that is closed, the one opened last among several. The family is kept already.
pub async fn of_family(
    change: &Change,
    family_id: Uuid,
    kind: Option<CaseKind>,
) -> Result<Option<Standing>, Halt> {
    let of_kind = kind.map(|kind| Column::Kind.eq(kind));
    let found = change
        .see::<case::Entity>(Right::FULL)
        .filter(Condition::all().add(Column::FamilyId.eq(family_id)).add_option(of_kind))
        .order_by_asc(Column::Status.eq(CaseStatus::Closed))
        .order_by_desc(Column::OpenedOn)
        .order_by_desc(Column::Id)
        .lock_exclusive()
        .limit(1)
        .column_as(last_episode(), EPISODES)
        .into_model::<Standing>()
        .one(change.connection())
        .await?;
    Ok(found)
}

/// A case that the viewer's organisation leads, kept after its family.
pub async fn of_case(change: &Change, case_id: Uuid, path: &str) -> Result<Standing, Halt> {
    let mut select = family_then_case(change, case_id);
    select.expr_as(last_episode(), EPISODES);
    let row = change.connection().query_one(&select).await?;
    let row = row.ok_or_else(|| Problem::not_found(path))?;
    Ok(Standing::from_query_result(&row, "")?)
}

/// The same with its open episode, of which a case that is closed has none.
pub async fn with_episode(
    change: &Change,
    case_id: Uuid,
    path: &str,
) -> Result<(case::Model, Option<episode::Model>), Halt> {
    let column = |column| (episode::Entity, column);
    let mut select = family_then_case(change, case_id);
    select.inner_join(
        episode::Entity,
        Condition::all()
            .add(
                Expr::col(column(episode::Column::CaseId))
                    .eq(Expr::col((case::Entity, Column::Id))),
            )
            .add(Expr::col(column(episode::Column::ClosedOn)).is_null()),
    );
    select_columns_of::<episode::Entity>(&mut select, EPISODE);
    if let Some(row) = change.connection().query_one(&select).await? {
        let case = case::Model::from_query_result(&row, "")?;
        return Ok((case, Some(episode::Model::from_query_result(&row, EPISODE)?)));
    }
    let case = change.lock::<case::Entity>(case_id, Right::Led, path).await?;
    Ok((case, None))
}

/// What the columns of the episode begin with.
const EPISODE: &str = "open_";

/// PostgreSQL locks the rows in the order in which the tables are named.
fn family_then_case(change: &Change, case_id: Uuid) -> SelectStatement {
    let id = Expr::col((case::Entity, Column::Id));
    let mut select = Query::select();
    select
        .columns(Column::iter().map(|column| (case::Entity, column)))
        .from(family::Entity)
        .inner_join(
            case::Entity,
            Expr::col((case::Entity, Column::FamilyId))
                .eq(Expr::col((family::Entity, family::Column::Id))),
        )
        .and_where(id.eq(case_id))
        .cond_where(change.rows_of::<case::Entity>(Right::Led));
    select.lock_exclusive();
    select
}
