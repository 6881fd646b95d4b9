//! An assessment of a family with a tool.

use async_graphql::Enum;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "assessment")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub case_id: Uuid,
    pub family_id: Uuid,
    #[sea_orm(column_type = "Text")]
    pub tool: String,
    #[sea_orm(column_type = "Text")]
    pub tool_version: String,
    #[sea_orm(column_type = "Text")]
    pub answers: String,
    pub score: Option<i32>,
    pub risk_level: Option<super::case::RiskLevel>,
    #[sea_orm(column_type = "Text", nullable)]
    pub needs: Option<String>,
    pub assessed_on: Date,
    pub assessed_by_id: Uuid,
    pub approved_by_id: Option<Uuid>,
    pub status: AssessmentStatus,
    #[sea_orm(column_type = "Text", nullable)]
    pub decision_note: Option<String>,
    pub next_due_on: Option<Date>,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub created_by: Option<Uuid>,
    pub updated_by: Option<Uuid>,
}

impl ActiveModelBehavior for ActiveModel {}

/// Where an assessment stands.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Enum,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AssessmentStatus {
    /// Being written.
    Draft,
    /// Waits for approval.
    Submitted,
    /// Approved.
    Approved,
    /// Sent back.
    Rejected,
}
