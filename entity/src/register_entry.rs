//! An entry of a family or a person on a register, for a time.

use async_graphql::Enum;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "register_entry")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub register_id: Uuid,
    pub family_id: Option<Uuid>,
    pub person_id: Option<Uuid>,
    pub grounds: RegisterGrounds,
    pub decision_id: Option<Uuid>,
    pub removal_decision_id: Option<Uuid>,
    pub since: Date,
    pub until: Option<Date>,
    #[sea_orm(column_type = "Text", nullable)]
    pub removal_reason: Option<String>,
    pub recorded_at: DateTimeUtc,
    pub ended_recorded_at: Option<DateTimeUtc>,
    pub voided_at: Option<DateTimeUtc>,
    #[sea_orm(column_type = "Text", nullable)]
    pub void_reason: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}

/// Why somebody is on a register.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Enum,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RegisterGrounds {
    /// Neglect.
    Neglect,
    /// Violence.
    Violence,
    /// Parents evade their duties.
    EvasionOfDuties,
    /// Dependence of an adult.
    Dependence,
    /// Poverty.
    Poverty,
    /// Housing.
    Housing,
    /// Parental care was lost.
    LossOfCare,
    /// Other grounds.
    Other,
}
