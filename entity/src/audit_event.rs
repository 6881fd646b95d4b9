//! Who did or saw what, when, for whom, and from where: append-only.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_event")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub seq: i64,
    pub occurred_at: DateTimeUtc,
    pub request_id: Uuid,
    #[sea_orm(column_type = "Text")]
    pub subject: String,
    #[sea_orm(column_type = "Text")]
    pub client_id: String,
    pub organisation_id: Uuid,
    #[sea_orm(column_type = "Text")]
    pub role: String,
    #[sea_orm(column_type = "Text")]
    pub operation: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub document: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub origin: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub action: String,
    #[sea_orm(column_type = "Text")]
    pub entity_kind: String,
    /// Ids of objects of that kind: each as 32 hex digits, in order, with spaces between them.
    #[sea_orm(column_type = "Text")]
    pub entity_ids: String,
    #[sea_orm(column_type = "Text")]
    pub field_class: String,
}

impl ActiveModelBehavior for ActiveModel {}
