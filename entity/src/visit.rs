//! A visit to a family, planned or made.

use async_graphql::Enum;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "visit")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub case_id: Option<Uuid>,
    pub concern_report_id: Option<Uuid>,
    pub enrolment_id: Option<Uuid>,
    pub family_id: Uuid,
    pub worker_id: Option<Uuid>,
    pub purpose: VisitPurpose,
    pub scheduled_for: Date,
    pub visited_at: Option<DateTimeUtc>,
    pub status: VisitStatus,
    #[sea_orm(column_type = "Text", nullable)]
    pub note: Option<String>,
    pub next_due_on: Option<Date>,
    pub recorded_at: DateTimeUtc,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub created_by: Option<Uuid>,
    pub updated_by: Option<Uuid>,
    pub voided_at: Option<DateTimeUtc>,
    #[sea_orm(column_type = "Text", nullable)]
    pub void_reason: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}

/// Why a visit is made.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Enum,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum VisitPurpose {
    /// To verify a report.
    Verification,
    /// To see how the family is.
    Monitoring,
    /// In a crisis.
    Crisis,
    /// After a child's return from a centre.
    PostDischarge,
    /// After the end of a programme or a case.
    FollowUp,
}

/// Where a visit stands.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Enum,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum VisitStatus {
    /// Planned.
    Scheduled,
    /// Made.
    Completed,
    /// Nobody let the worker in.
    NoAccess,
    /// Not made.
    Missed,
    /// Cancelled.
    Cancelled,
}
