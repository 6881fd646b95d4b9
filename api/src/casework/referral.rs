//! Referrals of a case to another organisation: what a partner may do and see, and for how long.

pub mod answering;
pub mod approving;
pub mod ending;
mod gate;
pub mod sending;
pub mod upkeep;

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::access_grant::DataCategory;
use entity::referral::{self, Column, ReferralStatus};
use sea_orm::{ColumnTrait, Order};
use uuid::Uuid;

use super::names::split;
use crate::access::scope::one_of;
use crate::access::{Row, Rows, Session};
use crate::error::Result;

/// What narrows a list of referrals.
#[derive(Debug, Default)]
pub struct ReferralFilter {
    /// In one of these states.
    pub status_in: Option<Vec<ReferralStatus>>,
    /// Of one of these cases.
    pub case_in: Option<Vec<Uuid>>,
    /// Sent or received, as the viewer's organisation sees it.
    pub direction: Option<Direction>,
    /// Sent to one of these organisations.
    pub receiver_in: Option<Vec<Uuid>>,
}

/// Which way something goes, as the viewer's organisation sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// It is about a family that the viewer's organisation leads the work with.
    Sent,
    /// It is for the viewer's organisation.
    Received,
}

/// The referrals that the viewer may see.
pub fn referrals(session: &Session, filter: ReferralFilter) -> Rows<referral::Entity> {
    let viewer = session.viewer();
    let received = || one_of(viewer.backend, Column::ReceiverId, viewer.organisations.clone());
    let rows = match filter.direction {
        Some(Direction::Sent) => session.find_led::<referral::Entity>(),
        _ => session.find::<referral::Entity>(),
    };
    rows.filter_some(filter.direction.filter(|way| *way == Direction::Received), |_| received())
        .filter_some(filter.status_in, |statuses| Column::Status.is_in(statuses))
        .filter_some(filter.case_in, |cases| Column::CaseId.is_in(cases))
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

/// Whether a referral ran out, whether that is noted or not.
pub fn ran_out(referral: &referral::Model, now: DateTime<Utc>) -> bool {
    referral.expires_at.is_some_and(|until| until <= now)
}

/// Of what the receiver sees more than ids, dates and given names.
pub fn sections(referral: &referral::Model) -> Vec<DataCategory> {
    split(&referral.sections)
}
