//! Access that a worker took in an emergency: to what, why, until when, and what its review came to.

use async_graphql::Enum;
use sea_orm::entity::prelude::*;

use crate::access_grant::AccessLevel;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "break_glass")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub worker_id: Uuid,
    pub organisation_id: Uuid,
    pub family_id: Option<Uuid>,
    pub person_id: Option<Uuid>,
    pub level: AccessLevel,
    #[sea_orm(column_type = "Text")]
    pub reason: String,
    pub since: DateTimeUtc,
    pub until: DateTimeUtc,
    pub ended_at: Option<DateTimeUtc>,
    pub outcome: Option<BreakGlassOutcome>,
    pub reviewed_at: Option<DateTimeUtc>,
    pub reviewed_by_id: Option<Uuid>,
    #[sea_orm(column_type = "Text", nullable)]
    pub review_note: Option<String>,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub created_by: Option<Uuid>,
    pub updated_by: Option<Uuid>,
}

impl ActiveModelBehavior for ActiveModel {}

/// What a review of access in an emergency came to.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Enum,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum BreakGlassOutcome {
    /// There was an emergency, and this much was needed.
    Justified,
    /// There was no need: what is left of the access ends at once.
    Unjustified,
}
