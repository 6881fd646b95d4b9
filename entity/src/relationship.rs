//! How one person is related to another.

use async_graphql::Enum;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "relationship")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub person_id: Uuid,
    pub other_id: Uuid,
    pub kind: RelationshipKind,
    pub since: Option<Date>,
    pub until: Option<Date>,
    pub recorded_at: DateTimeUtc,
    pub voided_at: Option<DateTimeUtc>,
    #[sea_orm(column_type = "Text", nullable)]
    pub void_reason: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}

/// What the first person is to the second.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Enum,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RelationshipKind {
    /// A parent of.
    ParentOf,
    /// A grandparent of.
    GrandparentOf,
    /// A sibling of.
    SiblingOf,
    /// A partner of.
    PartnerOf,
    /// A guardian of.
    GuardianOf,
    /// Related in another way.
    Other,
}
