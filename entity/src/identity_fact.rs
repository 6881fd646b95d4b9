//! A fact of a person's identity at first registration: only ever added.

use async_graphql::Enum;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "identity_fact")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub person_id: Uuid,
    pub kind: IdentityFactKind,
    #[sea_orm(column_type = "Text", nullable)]
    pub value: Option<String>,
    pub other_id: Option<Uuid>,
    pub recorded_at: DateTimeUtc,
    pub recorded_by: Option<Uuid>,
}

impl ActiveModelBehavior for ActiveModel {}

/// What a fact says.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Enum,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum IdentityFactKind {
    /// The name given at birth.
    BirthName,
    /// The place of birth.
    BirthPlace,
    /// A parent.
    Parent,
    /// A sibling.
    Sibling,
}
