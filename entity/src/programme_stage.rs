//! A stage of a programme, owned by a class of agency.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "programme_stage")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub programme_id: Uuid,
    pub no: i32,
    #[sea_orm(column_type = "Text")]
    pub name: String,
    pub owner_kind: super::organisation::OrganisationKind,
    pub requires_consent: bool,
    pub prerequisite_id: Option<Uuid>,
    pub relapse_to_id: Option<Uuid>,
}

impl ActiveModelBehavior for ActiveModel {}
