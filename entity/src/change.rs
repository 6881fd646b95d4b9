//! The feed of changes, one row for each change of an aggregate.

use async_graphql::Enum;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "change")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub seq: i64,
    pub transaction_no: Option<i64>,
    pub changed_at: DateTimeUtc,
    #[sea_orm(column_type = "Text")]
    pub entity_kind: String,
    pub entity_id: Uuid,
    pub family_id: Option<Uuid>,
    pub person_id: Option<Uuid>,
    pub organisation_id: Option<Uuid>,
    pub worker_id: Option<Uuid>,
    pub kind: ChangeKind,
    pub version: i32,
}

impl ActiveModelBehavior for ActiveModel {}

/// What happened to an aggregate.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Enum,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ChangeKind {
    /// Created or changed.
    Upserted,
    /// Voided.
    Voided,
    /// An organisation may see it from now on.
    AccessGained,
    /// An organisation may not see it any more.
    AccessLost,
    /// Merged into another one.
    Merged,
    /// Erased.
    Erased,
}
