//! A report that was published: frozen as text, with its hash. Never changed.

use async_graphql::Enum;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "snapshot")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub organisation_id: Uuid,
    pub audience: Audience,
    pub since: Date,
    pub through: Date,
    pub as_of: DateTimeUtc,
    pub published_at: DateTimeUtc,
    pub published_by_id: Uuid,
    #[sea_orm(column_type = "Text")]
    pub sha256: String,
    #[sea_orm(column_type = "Text")]
    pub content: String,
}

impl ActiveModelBehavior for ActiveModel {}

/// For whom a report is published.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Enum,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Audience {
    /// For the organisation's own staff: nothing is hidden.
    Internal,
    /// For analysts, who may see no person: small numbers are hidden.
    Analyst,
    /// For everybody: small numbers are hidden, and more of them than for analysts.
    Public,
}
