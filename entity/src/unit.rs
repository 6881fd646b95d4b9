//! A group or a ward of a centre, with its limits.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "unit")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub centre_id: Uuid,
    #[sea_orm(column_type = "Text")]
    pub name: String,
    pub min_age_months: Option<i32>,
    pub max_age_months: Option<i32>,
    pub sex: Option<super::person::Sex>,
    pub takes_families: bool,
    pub max_stay_days: Option<i32>,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub created_by: Option<Uuid>,
    pub updated_by: Option<Uuid>,
}

impl ActiveModelBehavior for ActiveModel {}
