//! How many came to a training from agencies of a class.

use sea_orm::entity::prelude::*;

use crate::organisation::OrganisationKind;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "training_headcount")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub training_event_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub organisation_kind: OrganisationKind,
    pub participants: i32,
}

impl ActiveModelBehavior for ActiveModel {}
