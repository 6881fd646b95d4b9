//! An agency, a branch or a team; branches and teams are organisations with a parent.

use async_graphql::Enum;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "organisation")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub parent_id: Option<Uuid>,
    pub kind: OrganisationKind,
    #[sea_orm(column_type = "Text")]
    pub name: String,
    #[sea_orm(column_type = "Text")]
    pub path: String,
    pub status: OrganisationStatus,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub created_by: Option<Uuid>,
    pub updated_by: Option<Uuid>,
}

impl ActiveModelBehavior for ActiveModel {}

/// Class of an agency.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Enum,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum OrganisationKind {
    /// A social service for families.
    SocialService,
    /// A service for the affairs of children.
    ChildAffairsService,
    /// A guardianship authority.
    GuardianshipAuthority,
    /// A commission for minors.
    CommissionForMinors,
    /// The police.
    Police,
    /// A prosecutor's office.
    Prosecutor,
    /// A health institution.
    Health,
    /// A school or another educational institution.
    Education,
    /// An employment centre.
    Employment,
    /// A provider of a rehabilitation centre.
    CentreProvider,
    /// The centre with branches in every municipality.
    RegionalCentre,
    /// A non-governmental partner.
    Ngo,
    /// Any other agency.
    Other,
}

/// Whether an organisation may act.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Enum,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum OrganisationStatus {
    /// It acts; its workers may sign in.
    Active,
    /// It no longer acts; its tokens are refused.
    Inactive,
}
