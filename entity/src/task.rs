//! What is due, to whom and until when: one row for each kind and subject, reopened when the same
//! is due again.

use async_graphql::Enum;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "task")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub kind: TaskKind,
    pub subject_id: Uuid,
    pub family_id: Option<Uuid>,
    pub case_id: Option<Uuid>,
    pub concern_report_id: Option<Uuid>,
    pub organisation_id: Uuid,
    pub owner_id: Option<Uuid>,
    pub due_on: Date,
    pub status: TaskStatus,
    pub closed_at: Option<DateTimeUtc>,
    pub closed_by: Option<Uuid>,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

/// What is due.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Enum,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum TaskKind {
    /// A report is to be verified.
    Verification,
    /// A family is to be visited.
    Visit,
    /// A family is to be assessed, first or again.
    Assessment,
    /// A plan is to be reviewed.
    PlanReview,
    /// A measure is to be carried out.
    Measure,
    /// Access that was taken in an emergency is to be reviewed.
    BreakGlassReview,
}

/// Where a task stands.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Enum,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum TaskStatus {
    /// It is to be done.
    Open,
    /// The act that it asks for was recorded.
    Done,
    /// It is no longer needed.
    Cancelled,
}
