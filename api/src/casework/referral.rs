//! Referrals of a case to another organisation: what a partner may do and see, and for how long.

pub mod answering;
pub mod approving;
pub mod ending;
mod gate;
pub mod sending;
pub mod upkeep;

use std::collections::HashMap;

use entity::referral::{self, Column, ReferralStatus};
use sea_orm::{ColumnTrait, Order};
use uuid::Uuid;

use crate::access::{Row, Rows, Session};
use crate::error::Result;

/// What narrows a list of referrals.
#[derive(Debug, Default)]
pub struct ReferralFilter {
    /// In one of these states.
    pub status_in: Option<Vec<ReferralStatus>>,
    /// Of one of these cases.
    pub case_in: Option<Vec<Uuid>>,
    /// Sent by one of these organisations.
    pub sender_in: Option<Vec<Uuid>>,
    /// Sent to one of these organisations.
    pub receiver_in: Option<Vec<Uuid>>,
}

/// The referrals that the viewer may see.
pub fn referrals(session: &Session, filter: ReferralFilter) -> Rows<referral::Entity> {
    session
        .find::<referral::Entity>()
        .filter_some(filter.status_in, |statuses| Column::Status.is_in(statuses))
        .filter_some(filter.case_in, |cases| Column::CaseId.is_in(cases))
        .filter_some(filter.sender_in, |ids| Column::SenderId.is_in(ids))
        .filter_some(filter.receiver_in, |ids| Column::ReceiverId.is_in(ids))
}

/// The referrals of cases, latest first.
pub async fn of_cases(
    session: &Session,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, Vec<Row<referral::Model>>>> {
    let rows = session.find::<referral::Entity>().of(Column::CaseId, ids);
    rows.order(Column::CreatedAt, Order::Desc)
        .order(Column::Id, Order::Desc)
        .grouped(|referral| referral.case_id)
        .await
}

/// Whether a referral runs: sent and not answered, or accepted.
pub const fn runs(status: ReferralStatus) -> bool {
    matches!(status, ReferralStatus::Sent | ReferralStatus::Accepted)
}
