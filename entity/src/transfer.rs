//! A transfer of a case to another organisation that is to lead it.

use async_graphql::Enum;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "transfer")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub case_id: Uuid,
    pub family_id: Uuid,
    pub sender_id: Uuid,
    pub receiver_id: Uuid,
    #[sea_orm(column_type = "Text")]
    pub reason: String,
    pub status: TransferStatus,
    pub proposed_at: DateTimeUtc,
    pub expires_at: DateTimeUtc,
    pub answered_at: Option<DateTimeUtc>,
    pub ended_at: Option<DateTimeUtc>,
    pub worker_id: Option<Uuid>,
    #[sea_orm(column_type = "Text", nullable)]
    pub status_reason: Option<String>,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub created_by: Option<Uuid>,
    pub updated_by: Option<Uuid>,
}

impl ActiveModelBehavior for ActiveModel {}

/// Where a transfer stands.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Enum,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum TransferStatus {
    /// Proposed: the other organisation is to answer.
    Proposed,
    /// Accepted: the other organisation leads the case from then on.
    Accepted,
    /// Declined by the other organisation.
    Declined,
    /// Taken back by the organisation that proposed it.
    Revoked,
    /// Not answered in time.
    Expired,
}
