//! What a plan is to reach.

use async_graphql::Enum;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "goal")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub plan_id: Uuid,
    pub family_id: Uuid,
    #[sea_orm(column_type = "Text")]
    pub statement: String,
    #[sea_orm(column_type = "Text", nullable)]
    pub need: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub indicator: Option<String>,
    pub status: GoalStatus,
}

impl ActiveModelBehavior for ActiveModel {}

/// Where a goal stands.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Enum,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum GoalStatus {
    /// Being worked on.
    Open,
    /// Reached.
    Reached,
    /// Not reached.
    NotReached,
    /// Given up.
    Dropped,
}
