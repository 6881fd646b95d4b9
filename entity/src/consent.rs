//! A consent to share data, or its refusal; a new answer is a new row.

use async_graphql::Enum;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "consent")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub family_id: Uuid,
    pub person_id: Option<Uuid>,
    pub given_by_id: Option<Uuid>,
    #[sea_orm(column_type = "Text")]
    pub capacity: String,
    #[sea_orm(column_type = "Text")]
    pub purposes: String,
    #[sea_orm(column_type = "Text")]
    pub categories: String,
    pub since: DateTimeUtc,
    pub until: Option<DateTimeUtc>,
    pub status: ConsentStatus,
    pub withdrawn_at: Option<DateTimeUtc>,
    pub recorded_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

/// Where a consent stands.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Enum,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ConsentStatus {
    /// Given.
    Given,
    /// Refused.
    Refused,
    /// Withdrawn.
    Withdrawn,
    /// Expired.
    Expired,
}
