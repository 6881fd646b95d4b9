//! A register of families or of children.

use async_graphql::Enum;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "register")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    #[sea_orm(column_type = "Text")]
    pub code: String,
    #[sea_orm(column_type = "Text")]
    pub name: String,
    pub class: RegisterClass,
    pub subject: RegisterSubject,
    pub is_active: bool,
}

impl ActiveModelBehavior for ActiveModel {}

/// What a register is for, whatever its local code.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Enum,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RegisterClass {
    /// Families and children in difficult life circumstances.
    DifficultCircumstances,
    /// Children whose parents evade their duties or used violence.
    EvasionOrViolence,
    /// Children without parental care.
    WithoutParentalCare,
    /// Another register.
    Other,
}

/// Whom a register lists.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Enum,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RegisterSubject {
    /// Families.
    Family,
    /// Persons.
    Person,
}
