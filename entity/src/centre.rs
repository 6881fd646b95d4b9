//! A rehabilitation centre, a shelter or a day centre.

use async_graphql::Enum;
use sea_orm::entity::prelude::*;

use crate::secret::Sealed;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "centre")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub organisation_id: Uuid,
    #[sea_orm(column_type = "Text")]
    pub name: String,
    pub kind: CentreKind,
    pub regime: CentreRegime,
    pub area_id: Uuid,
    #[sea_orm(column_type = "Text", nullable)]
    pub address: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub protected_address: Option<Sealed>,
    pub is_address_protected: bool,
    pub status: CentreStatus,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub created_by: Option<Uuid>,
    pub updated_by: Option<Uuid>,
}

impl ActiveModelBehavior for ActiveModel {}

/// What a centre is for.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Enum,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CentreKind {
    /// Social rehabilitation of minors.
    SocialRehabilitation,
    /// A shelter.
    Shelter,
    /// A crisis centre for women and children.
    Crisis,
    /// For children with disabilities.
    Disability,
    /// Early help for the youngest.
    EarlyHelp,
    /// Palliative care.
    Palliative,
    /// Care of orphans.
    OrphanCare,
    /// A family-type home.
    FamilyTypeHome,
    /// Another kind.
    Other,
}

/// How a centre takes people.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Enum,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CentreRegime {
    /// They live there.
    Residential,
    /// They come for the day.
    Day,
    /// Its staff go to them.
    Outreach,
}

/// Life cycle of a centre.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Enum,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CentreStatus {
    /// Planned, not opened yet.
    Planned,
    /// Open.
    Open,
    /// Admits nobody for the time being.
    Suspended,
    /// Closed.
    Closed,
}
