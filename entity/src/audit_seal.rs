//! A seal over a range of the audit, each over the one before it: append-only.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_seal")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub no: i64,
    pub first_seq: i64,
    pub last_seq: i64,
    pub count: i64,
    pub root: Vec<u8>,
    pub leaves: Vec<u8>,
    pub hash: Vec<u8>,
    pub sealed_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
