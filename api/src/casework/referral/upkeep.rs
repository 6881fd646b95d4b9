//! What is due by itself: referrals that ran out. That nobody sees anything by them any more needs no
//! noting.

use entity::referral::{self, Column, ReferralStatus};
use sea_orm::{ColumnTrait, Condition};
use uuid::Uuid;

use super::ending::close;
use crate::access::Session;
use crate::access::policy::Action;
use crate::casework::change::{Change, Key, Subject};
use crate::casework::problem::Halt;
use crate::error::Result;

/// How many are noted at once; the others are next.
const MOST: u64 = 100;

/// The referrals that ran out and are not noted as expired yet, each with its sender.
pub async fn due(session: &Session) -> Result<Vec<(Uuid, Uuid)>> {
    let rows =
        session.find::<referral::Entity>().filter(ran_out(session)).limit(MOST).all().await?;
    Ok(rows.iter().map(|row| (row.id, row.sender_id)).collect())
}

/// Notes that a referral ran out. Whether it was to be noted still: of two servers, one does it.
pub async fn settle(session: &Session, key: &Key, id: &Uuid) -> Result<bool, Halt> {
    let subject = Subject::new("referral", *id);
    let mut change = Change::begin(session, Action::SharingExpire, key, subject).await?;
    let this = ran_out(session).add(Column::Id.eq(*id));
    if close(&mut change, this, ReferralStatus::Expired, None).await? == 0 {
        return Ok(false);
    }
    change.commit().await?;
    Ok(true)
}

fn ran_out(session: &Session) -> Condition {
    let running = [ReferralStatus::Sent, ReferralStatus::Accepted];
    Condition::all().add(Column::Status.is_in(running)).add(Column::ExpiresAt.lte(session.now()))
}
