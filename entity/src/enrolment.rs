//! A family's or a person's enrolment in an intake of a programme.

use async_graphql::Enum;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "enrolment")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub intake_id: Uuid,
    pub programme_id: Uuid,
    pub family_id: Uuid,
    pub person_id: Option<Uuid>,
    pub case_id: Option<Uuid>,
    pub worker_id: Option<Uuid>,
    pub status: EnrolmentStatus,
    pub priority: i32,
    pub requested_at: DateTimeUtc,
    pub enrolled_on: Option<Date>,
    pub ended_on: Option<Date>,
    pub outcome: Option<EnrolmentOutcome>,
    pub offered_at: Option<DateTimeUtc>,
    pub offered_until: Option<DateTimeUtc>,
    pub closed_at: Option<DateTimeUtc>,
    #[sea_orm(column_type = "Text", nullable)]
    pub status_reason: Option<String>,
    pub recorded_at: DateTimeUtc,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub created_by: Option<Uuid>,
    pub updated_by: Option<Uuid>,
}

impl ActiveModelBehavior for ActiveModel {}

/// Where an enrolment stands.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Enum,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum EnrolmentStatus {
    /// Requested.
    Requested,
    /// A rule was not met.
    Ineligible,
    /// Waits for a place.
    Waitlisted,
    /// A place is offered.
    Offered,
    /// Enrolled.
    Enrolled,
    /// Takes part.
    InProgress,
    /// Paused.
    Suspended,
    /// Ended with an outcome.
    Ended,
    /// Withdrawn.
    Withdrawn,
    /// The offer ran out.
    Expired,
}

/// How an enrolment ended.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Enum,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum EnrolmentOutcome {
    /// Completed.
    Completed,
    /// Dropped out.
    DroppedOut,
    /// Moved away.
    Moved,
    /// Excluded.
    Excluded,
    /// Ended otherwise.
    Other,
}
