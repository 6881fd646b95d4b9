//! A limit of a unit that a placement exceeds, with who approved it and why.

use async_graphql::Enum;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "placement_breach")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub placement_id: Uuid,
    pub person_id: Uuid,
    pub kind: BreachKind,
    #[sea_orm(column_type = "Text")]
    pub reason: String,
    pub approved_by_id: Uuid,
    pub recorded_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

/// Which limit of a unit is exceeded.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Enum,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum BreachKind {
    /// The age lies outside the unit's limits, or is not known.
    Age,
    /// The unit admits the other sex only, or the sex is not known.
    Sex,
    /// The unit takes no parents with their children.
    Family,
    /// The planned stay is longer than the unit's longest.
    Stay,
}
