//! How many places a unit has, for a time.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "capacity_period")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub unit_id: Uuid,
    pub since: Date,
    pub until: Option<Date>,
    pub places: i32,
}

impl ActiveModelBehavior for ActiveModel {}
