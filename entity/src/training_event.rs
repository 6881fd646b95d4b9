//! A seminar, conference or course that was held for the staff of agencies.

use async_graphql::Enum;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "training_event")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    #[sea_orm(column_type = "Text")]
    pub topic: String,
    pub kind: TrainingKind,
    pub organiser_id: Uuid,
    pub held_on: Date,
    pub recorded_at: DateTimeUtc,
    pub created_by: Option<Uuid>,
    pub voided_at: Option<DateTimeUtc>,
    #[sea_orm(column_type = "Text", nullable)]
    pub void_reason: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}

/// What a training was.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Enum,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum TrainingKind {
    /// A seminar.
    Seminar,
    /// A conference.
    Conference,
    /// A course.
    Course,
}
