//! Consents, referrals and transfers as they stand in a state, with what may be done with each.

use chrono::TimeDelta;
use entity::consent::ConsentStatus;
use entity::referral::{self, ReferralStatus};
use entity::transfer::{self, TransferStatus};
use sea_orm::ActiveValue::Set;
use serde_json::json;

use super::ground::{Ground, Row};
use crate::harness::world::{Person, id};

pub async fn consent(ground: &Ground<'_>, _: &Person, status: ConsentStatus) -> Row {
    let home = ground.home().await;
    let own = id("consent", ground.stage.answered(&home, status).await);
    Row::new(own.clone(), vec![("canWithdraw", "consentWithdraw", json!({ "id": own }))])
}

/// How a referral to the neighbour stands.
#[derive(Clone, Copy, Debug)]
pub struct ReferralState {
    pub status: ReferralStatus,
    pub ran_out: bool,
    /// Whether the viewer wrote it.
    pub is_own: bool,
}

pub async fn referral(ground: &Ground<'_>, viewer: &Person, stands: ReferralState) -> Row {
    let stage = ground.stage;
    let home = ground.home().await;
    let ways = (&ground.office, &ground.neighbour);
    let until = stage.now() + TimeDelta::hours(if stands.ran_out { -1 } else { 1 });
    let row = referral::ActiveModel {
        created_by: Set(Some(if stands.is_own { viewer.id } else { ground.machine.id })),
        expires_at: Set(Some(until)),
        ..stage.referral(&home, ways, stands.status)
    };
    let own = id("referral", row.id.clone().unwrap());
    stage.put(row).await;
    let why = json!({ "id": own, "reason": "So it is." });
    Row::new(
        own.clone(),
        vec![
            ("canApprove", "referralApprove", json!({ "id": own, "isApproved": true })),
            ("canAnswer", "referralAnswer", json!({ "id": own, "accepts": true })),
            ("canComplete", "referralComplete", why.clone()),
            ("canWithdraw", "referralWithdraw", why.clone()),
            ("canRevoke", "referralRevoke", why),
        ],
    )
}

pub async fn transfer(
    ground: &Ground<'_>,
    _: &Person,
    (status, ran_out): (TransferStatus, bool),
) -> Row {
    let stage = ground.stage;
    let home = ground.home().await;
    let until = stage.now() + TimeDelta::hours(if ran_out { -1 } else { 1 });
    let row = transfer::ActiveModel {
        expires_at: Set(until),
        ..stage.transfer(&home, (&ground.office, &ground.neighbour), status)
    };
    let own = id("transfer", row.id.clone().unwrap());
    stage.put(row).await;
    let declined = json!({ "id": own, "accepts": false, "reason": "No room." });
    let taken_back = json!({ "id": own, "reason": "They stay." });
    Row::new(
        own,
        vec![
            ("canAnswer", "transferAnswer", declined),
            ("canRevoke", "transferRevoke", taken_back),
        ],
    )
}
