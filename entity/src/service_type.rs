//! A kind of service, from the local catalogue.

use async_graphql::Enum;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "service_type")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    #[sea_orm(column_type = "Text")]
    pub code: String,
    #[sea_orm(column_type = "Text")]
    pub name: String,
    pub class: ServiceClass,
    pub is_active: bool,
}

impl ActiveModelBehavior for ActiveModel {}

/// What a service is, whatever its local code.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Enum,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ServiceClass {
    /// Medical.
    Medical,
    /// Psychological.
    Psychological,
    /// Pedagogical.
    Pedagogical,
    /// Social.
    Social,
    /// Legal.
    Legal,
    /// Material.
    Material,
    /// Employment.
    Employment,
}
