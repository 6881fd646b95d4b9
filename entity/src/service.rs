//! A service that was delivered.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "service")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub case_id: Option<Uuid>,
    pub family_id: Uuid,
    pub measure_id: Option<Uuid>,
    pub service_type_id: Uuid,
    pub provider_id: Uuid,
    pub delivered_on: Date,
    pub quantity: i32,
    pub recorded_at: DateTimeUtc,
    pub voided_at: Option<DateTimeUtc>,
    #[sea_orm(column_type = "Text", nullable)]
    pub void_reason: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
