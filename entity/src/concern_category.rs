//! What a report is about.

use async_graphql::Enum;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "concern_category")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub concern_report_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub kind: ConcernCategory,
}

impl ActiveModelBehavior for ActiveModel {}

/// What a report is about.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Enum,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ConcernCategory {
    /// A threat to life or health.
    LifeOrHealth,
    /// Physical violence.
    PhysicalViolence,
    /// Emotional violence.
    EmotionalViolence,
    /// Sexual violence.
    SexualViolence,
    /// Neglect.
    Neglect,
    /// Dependence of an adult.
    Dependence,
    /// The child is not at school.
    Truancy,
    /// The child left home.
    Runaway,
    /// Something else.
    Other,
}
