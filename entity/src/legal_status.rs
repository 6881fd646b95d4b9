//! A child's legal status for a time.

use async_graphql::Enum;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "legal_status")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub person_id: Uuid,
    pub status: LegalStatusKind,
    pub decision_id: Option<Uuid>,
    pub since: Date,
    pub until: Option<Date>,
    pub recorded_at: DateTimeUtc,
    pub ended_recorded_at: Option<DateTimeUtc>,
    pub voided_at: Option<DateTimeUtc>,
    #[sea_orm(column_type = "Text", nullable)]
    pub void_reason: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}

/// Who holds parental responsibility for a child.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Enum,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum LegalStatusKind {
    /// In parental care.
    ParentalCare,
    /// Without parental care.
    WithoutParentalCare,
    /// An orphan.
    Orphan,
    /// Under guardianship.
    Guardianship,
    /// In a foster family.
    Foster,
    /// Adopted.
    Adopted,
    /// Not known.
    Unknown,
}
