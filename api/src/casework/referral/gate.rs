//! The gate of referrals: the sender's side and the receiver's, each with the row kept from others
//! until the change is over, after the consent on which it rests.

use entity::consent;
use entity::referral::{self, Column};
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ColumnTrait, Condition};
use uuid::Uuid;

use super::ran_out;
use crate::casework::change::{Change, Right};
use crate::casework::problem::{Halt, Problem};
use crate::casework::state::Machine;
use crate::casework::wording::Sharing;

/// Where the referral is named.
pub const PATH: &str = "input.id";

/// A referral that the viewer's organisation sent: it leads the case.
pub async fn sent(change: &Change, id: Uuid) -> Result<referral::Model, Halt> {
    hold_consent(change, id).await?;
    change.lock::<referral::Entity>(id, Right::Led, PATH).await
}

/// A referral that the viewer's organisation received.
pub async fn received(change: &Change, id: Uuid) -> Result<referral::Model, Halt> {
    hold_consent(change, id).await?;
    let referral = change.lock::<referral::Entity>(id, Right::ANY, PATH).await?;
    let viewer = change.session().viewer();
    if !viewer.organisations.contains(&referral.receiver_id) {
        return Err(Problem::at(PATH, Sharing::ReceiverAnswers).into());
    }
    if !referral.status.is_final() && ran_out(&referral, change.session().later()) {
        return Err(Problem::at(PATH, Sharing::ReferralRanOut).into());
    }
    Ok(referral)
}

/// Whoever withdraws a consent keeps it before the referrals that rest on it: so does whoever moves
/// one of these.
async fn hold_consent(change: &Change, id: Uuid) -> Result<(), Halt> {
    let mut consent = Query::select();
    consent
        .column((referral::Entity, Column::ConsentId))
        .from(referral::Entity)
        .and_where(Column::Id.eq(id))
        .and_where(Column::ConsentId.is_not_null());
    let this = Expr::col((consent::Entity, consent::Column::Id)).in_subquery(consent);
    change.hold::<consent::Entity>(Condition::all().add(this)).await
}
