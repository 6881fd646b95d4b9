//! An area in which a programme is available, for a time.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "programme_availability")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub programme_id: Uuid,
    pub area_id: Uuid,
    pub since: Date,
    pub until: Option<Date>,
}

impl ActiveModelBehavior for ActiveModel {}
