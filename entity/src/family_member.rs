//! A person's membership of a family, for a time; a child can belong to two households.

use async_graphql::Enum;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "family_member")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub family_id: Uuid,
    pub person_id: Uuid,
    pub role: MemberRole,
    pub lives_here: bool,
    pub legal_responsibility: bool,
    pub primary_caregiver: bool,
    pub since: Date,
    pub until: Option<Date>,
    pub recorded_at: DateTimeUtc,
    pub ended_recorded_at: Option<DateTimeUtc>,
    pub voided_at: Option<DateTimeUtc>,
    #[sea_orm(column_type = "Text", nullable)]
    pub void_reason: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}

/// Role of a person in a family.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Enum,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum MemberRole {
    /// A parent.
    Parent,
    /// A step-parent.
    StepParent,
    /// A guardian.
    Guardian,
    /// Another caregiver.
    Caregiver,
    /// A child.
    Child,
    /// A relative.
    Relative,
    /// Another member.
    Other,
}
