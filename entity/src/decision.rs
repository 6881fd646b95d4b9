//! A decision of a body that starts or ends a register entry, a legal status or a placement.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "decision")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub body_id: Uuid,
    pub family_id: Option<Uuid>,
    pub person_id: Option<Uuid>,
    #[sea_orm(column_type = "Text")]
    pub kind: String,
    #[sea_orm(column_type = "Text")]
    pub number: String,
    pub decided_on: Date,
    pub effect_since: Option<Date>,
    pub effect_until: Option<Date>,
    #[sea_orm(column_type = "Text", nullable)]
    pub document: Option<String>,
    pub recorded_at: DateTimeUtc,
    pub recorded_by_id: Option<Uuid>,
}

impl ActiveModelBehavior for ActiveModel {}
