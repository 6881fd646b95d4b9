//! What is due by itself: transfers that nobody answered in time.

use entity::transfer::{self, Column, TransferStatus};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ActiveEnum, ColumnTrait, Condition};
use uuid::Uuid;

use crate::access::Session;
use crate::access::policy::Action;
use crate::casework::change::{Change, Key, Subject};
use crate::casework::problem::Halt;
use crate::error::Result;

/// How many are noted at once; the others are next.
const MOST: u64 = 100;

/// The transfers that ran out and are not noted as expired yet, each with its sender.
pub async fn due(session: &Session) -> Result<Vec<(Uuid, Uuid)>> {
    let stale = ran_out(session);
    let rows = session.find::<transfer::Entity>().filter(stale).limit(MOST).all().await?;
    Ok(rows.iter().map(|row| (row.id, row.sender_id)).collect())
}

/// Notes that a transfer ran out. Whether it was to be noted still: of two servers, one does it.
pub async fn settle(session: &Session, key: &Key, id: &Uuid) -> Result<bool, Halt> {
    let subject = Subject::new("transfer", *id);
    let mut change = Change::begin(session, Action::SharingExpire, key, subject).await?;
    if !expire(&mut change, ran_out(session).add(Column::Id.eq(*id))).await? {
        return Ok(false);
    }
    change.commit().await?;
    Ok(true)
}

/// Notes that transfers ran out: whether any did.
pub(super) async fn expire(change: &mut Change, which: Condition) -> Result<bool, Halt> {
    let (now, by) = (change.session().now(), change.by());
    let values = vec![
        (Column::Status, Expr::val(TransferStatus::Expired.to_value())),
        (Column::EndedAt, Expr::val(now)),
        (Column::UpdatedAt, Expr::val(now)),
        (Column::UpdatedBy, Expr::val(by)),
        (Column::Version, Expr::col(Column::Version).add(1)),
    ];
    let which = which.add(Column::Status.eq(TransferStatus::Proposed));
    Ok(!change.update_where::<transfer::Entity>(values, which).await?.is_empty())
}

fn ran_out(session: &Session) -> Condition {
    Condition::all()
        .add(Column::Status.eq(TransferStatus::Proposed))
        .add(Column::ExpiresAt.lte(session.now()))
}
