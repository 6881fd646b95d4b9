//! This organisation may see this family, or this person, at this level, for a time.

use async_graphql::Enum;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "access_grant")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub organisation_id: Uuid,
    pub worker_id: Option<Uuid>,
    pub family_id: Option<Uuid>,
    pub person_id: Option<Uuid>,
    pub level: AccessLevel,
    pub basis: GrantBasis,
    pub source_id: Option<Uuid>,
    pub since: DateTimeUtc,
    pub until: Option<DateTimeUtc>,
    pub created_at: DateTimeUtc,
    pub created_by: Option<Uuid>,
}

impl ActiveModelBehavior for ActiveModel {}

/// How much of a row a grant shows. Stored as a number, because levels are compared.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Enum,
)]
#[sea_orm(rs_type = "i32", db_type = "Integer")]
pub enum AccessLevel {
    /// Ids, statuses, dates and given names.
    #[sea_orm(num_value = 1)]
    ServiceOnly,
    /// Names, birth dates and areas as well.
    #[sea_orm(num_value = 2)]
    Summary,
    /// Everything but what is restricted.
    #[sea_orm(num_value = 3)]
    Full,
}

/// Why a grant exists.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Enum,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum GrantBasis {
    /// The organisation leads the case.
    Lead,
    /// A referral was accepted.
    Referral,
    /// A person is placed, reserved or requested in its centre.
    Placement,
    /// An enrolment in its programme.
    Enrolment,
    /// A law gives access.
    Statute,
    /// Taken in an emergency, with a reason.
    BreakGlass,
}
