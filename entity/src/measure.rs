//! A measure of a plan, owned by an agency, with a deadline.

use async_graphql::Enum;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "measure")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub plan_id: Uuid,
    pub goal_id: Option<Uuid>,
    pub case_id: Uuid,
    pub family_id: Uuid,
    #[sea_orm(column_type = "Text")]
    pub description: String,
    pub service_type_id: Option<Uuid>,
    pub responsible_id: Uuid,
    pub due_on: Date,
    pub status: MeasureStatus,
    #[sea_orm(column_type = "Text", nullable)]
    pub result: Option<String>,
    pub done_on: Option<Date>,
    pub recorded_at: DateTimeUtc,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub created_by: Option<Uuid>,
    pub updated_by: Option<Uuid>,
}

impl ActiveModelBehavior for ActiveModel {}

/// Where a measure stands.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Enum,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum MeasureStatus {
    /// Planned.
    Planned,
    /// Being carried out.
    InProgress,
    /// Done.
    Done,
    /// Not done, with a reason.
    NotDone,
    /// Cancelled, with a reason.
    Cancelled,
}
