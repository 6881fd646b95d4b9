//! A version of a case's inter-agency plan.

use async_graphql::Enum;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "plan")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub case_id: Uuid,
    pub family_id: Uuid,
    pub revision: i32,
    pub since: Date,
    pub until: Option<Date>,
    pub status: PlanStatus,
    pub review_due_on: Option<Date>,
    pub family_agreed: Option<bool>,
    #[sea_orm(column_type = "Text", nullable)]
    pub child_views: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub review_note: Option<String>,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub created_by: Option<Uuid>,
    pub updated_by: Option<Uuid>,
}

impl ActiveModelBehavior for ActiveModel {}

/// Where a plan stands.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Enum,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PlanStatus {
    /// Being written.
    Draft,
    /// Signed off; the family's answer is recorded.
    Agreed,
    /// In force.
    Active,
    /// Under review.
    UnderReview,
    /// Carried out.
    Completed,
    /// Replaced by a later version.
    Superseded,
    /// Cancelled.
    Cancelled,
}
