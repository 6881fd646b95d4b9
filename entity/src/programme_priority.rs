//! How much sooner a family with a circumstance gets a place of a programme.

use sea_orm::entity::prelude::*;

use super::family_characteristic::FamilyCharacteristic;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "programme_priority")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub programme_id: Uuid,
    pub characteristic: FamilyCharacteristic,
    pub points: i32,
}

impl ActiveModelBehavior for ActiveModel {}
