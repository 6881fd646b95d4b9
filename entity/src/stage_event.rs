//! What happened in a stage of a programme.

use async_graphql::Enum;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "stage_event")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub enrolment_id: Uuid,
    pub stage_id: Uuid,
    pub family_id: Uuid,
    pub kind: StageEventKind,
    pub occurred_on: Date,
    pub organisation_id: Option<Uuid>,
    pub worker_id: Option<Uuid>,
    pub recorded_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

/// What happened in a stage.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Enum,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum StageEventKind {
    /// Entered.
    Entered,
    /// Completed.
    Completed,
    /// Dropped.
    Dropped,
    /// Relapsed.
    Relapsed,
}
