//! A circumstance of a family that rules and reports read.

use async_graphql::Enum;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "family_characteristic")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub family_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub kind: FamilyCharacteristic,
    pub recorded_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

/// A circumstance of a family.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Enum,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum FamilyCharacteristic {
    /// Three or more children.
    LargeFamily,
    /// One parent raises the children.
    SingleParent,
    /// Alcohol dependence of an adult.
    AlcoholDependence,
    /// Drug dependence of an adult.
    DrugDependence,
    /// No adult has work.
    Unemployed,
    /// No adult has a qualification.
    NoQualification,
    /// Displaced from their home.
    Displaced,
    /// A member lives with a disability.
    Disability,
    /// Violence at home.
    DomesticViolence,
    /// Income below the subsistence level.
    LowIncome,
    /// Unfit or insecure housing.
    Housing,
}
