//! A referral of a family to another organisation.

use async_graphql::Enum;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "referral")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub case_id: Uuid,
    pub family_id: Uuid,
    pub sender_id: Uuid,
    pub receiver_id: Uuid,
    pub service_type_id: Option<Uuid>,
    pub level: super::access_grant::AccessLevel,
    /// Names of [`DataCategory`](crate::access_grant::DataCategory), separated by spaces.
    #[sea_orm(column_type = "Text")]
    pub sections: String,
    #[sea_orm(column_type = "Text")]
    pub reason: String,
    pub consent_id: Option<Uuid>,
    #[sea_orm(column_type = "Text", nullable)]
    pub legal_basis: Option<String>,
    pub approved_by: Option<Uuid>,
    pub approved_at: Option<DateTimeUtc>,
    pub status: ReferralStatus,
    #[sea_orm(column_type = "Text", nullable)]
    pub status_reason: Option<String>,
    pub sent_at: Option<DateTimeUtc>,
    pub answered_at: Option<DateTimeUtc>,
    pub ended_at: Option<DateTimeUtc>,
    pub expires_at: Option<DateTimeUtc>,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub created_by: Option<Uuid>,
    pub updated_by: Option<Uuid>,
}

impl ActiveModelBehavior for ActiveModel {}

/// Where a referral stands.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Enum,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ReferralStatus {
    /// Waits for its approval, where it is sent without a consent.
    Draft,
    /// Sent.
    Sent,
    /// Accepted: access exists now.
    Accepted,
    /// Declined.
    Declined,
    /// Expired.
    Expired,
    /// Completed.
    Completed,
    /// Withdrawn by the receiver.
    Withdrawn,
    /// Revoked by the sender.
    Revoked,
}
