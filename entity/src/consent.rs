//! A consent to share data, or its refusal; a new answer is a new row.

use async_graphql::Enum;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "consent")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub family_id: Uuid,
    pub person_id: Option<Uuid>,
    pub given_by_id: Option<Uuid>,
    pub capacity: ConsentCapacity,
    pub form: ConsentForm,
    /// Names of [`ConsentPurpose`], separated by spaces.
    #[sea_orm(column_type = "Text")]
    pub purposes: String,
    /// Names of [`DataCategory`](crate::access_grant::DataCategory), separated by spaces.
    #[sea_orm(column_type = "Text")]
    pub categories: String,
    pub since: DateTimeUtc,
    pub until: Option<DateTimeUtc>,
    pub status: ConsentStatus,
    pub withdrawn_at: Option<DateTimeUtc>,
    #[sea_orm(column_type = "Text", nullable)]
    pub withdrawal_reason: Option<String>,
    pub recorded_at: DateTimeUtc,
    pub recorded_by: Option<Uuid>,
    pub version: i32,
    pub updated_at: Option<DateTimeUtc>,
    pub updated_by: Option<Uuid>,
}

impl ActiveModelBehavior for ActiveModel {}

/// Where a consent stands.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Enum,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ConsentStatus {
    /// Given.
    Given,
    /// Refused.
    Refused,
    /// Withdrawn.
    Withdrawn,
    /// Expired.
    Expired,
}

/// In what capacity somebody answers.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Enum,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ConsentCapacity {
    /// A parent, for the family or a child of theirs.
    Parent,
    /// A guardian or foster parent, for the family or a child in their care.
    Guardian,
    /// The person themselves.
    DataSubject,
    /// Somebody else who represents them by law or by a power of attorney.
    Representative,
}

/// How the answer was given.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Enum,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ConsentForm {
    /// Signed on paper.
    Written,
    /// Said, and noted by the worker.
    Verbal,
    /// Signed electronically.
    Electronic,
}

/// What data may be shared for.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Enum,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ConsentPurpose {
    /// To refer the family to a partner.
    Referral,
    /// To deliver services.
    Services,
    /// To take part in programmes.
    Programme,
    /// To place a child.
    Placement,
}
