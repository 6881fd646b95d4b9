//! A name that a person bears or bore.

use async_graphql::Enum;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "person_name")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub person_id: Uuid,
    pub kind: NameKind,
    #[sea_orm(column_type = "Text", nullable)]
    pub family_name: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub given_name: String,
    #[sea_orm(column_type = "Text", nullable)]
    pub patronymic: Option<String>,
    pub since: Option<Date>,
    pub until: Option<Date>,
    pub recorded_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

/// What kind of name it is.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Enum,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum NameKind {
    /// The name in documents.
    Legal,
    /// The name given at birth.
    Birth,
    /// Another name in use.
    Alias,
    /// The name in another script.
    Transliterated,
}
