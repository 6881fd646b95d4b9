//! What is due by itself: access in an emergency that ran out is told as lost, once. That nobody sees
//! anything by it any more needs no telling.

use entity::access_grant::GrantBasis;
use entity::break_glass::{self, Column};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, Condition};
use uuid::Uuid;

use crate::access::Session;
use crate::access::policy::Action;
use crate::casework::change::{Change, Key, Subject};
use crate::casework::grant;
use crate::casework::problem::Halt;
use crate::error::Result;

/// How many are told at once; the others are next.
const MOST: u64 = 100;

/// The access that ran out and was not told yet, each with the organisation of its worker.
pub async fn due(session: &Session) -> Result<Vec<(Uuid, Uuid)>> {
    let rows =
        session.find::<break_glass::Entity>().filter(ran_out(session)).limit(MOST).all().await?;
    Ok(rows.iter().map(|row| (row.id, row.organisation_id)).collect())
}

/// Tells that access is lost. Whether it was to be told still: of two servers, one tells it.
pub async fn settle(session: &Session, key: &Key, id: &Uuid) -> Result<bool, Halt> {
    let subject = Subject::new("breakglass", *id);
    let mut change = Change::begin(session, Action::BreakGlassExpire, key, subject).await?;
    let values = vec![
        (Column::EndedAt, Expr::col(Column::Until)),
        (Column::Version, Expr::col(Column::Version).add(1)),
        (Column::UpdatedAt, Expr::val(session.now())),
    ];
    let this = ran_out(session).add(Column::Id.eq(*id));
    if change.update_where::<break_glass::Entity>(values, this).await?.is_empty() {
        return Ok(false);
    }
    grant::end(&mut change, GrantBasis::BreakGlass, &[*id], session.now()).await?;
    change.commit().await?;
    Ok(true)
}

fn ran_out(session: &Session) -> Condition {
    Condition::all().add(Column::EndedAt.is_null()).add(Column::Until.lte(session.now()))
}
