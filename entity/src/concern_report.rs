//! A report of a citizen or a signal of an agency that a child may be in danger.

use async_graphql::Enum;
use sea_orm::entity::prelude::*;

use crate::secret::Sealed;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "concern_report")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    #[sea_orm(column_type = "Text")]
    pub reference: String,
    pub received_at: DateTimeUtc,
    pub channel: ConcernChannel,
    pub source_class: ConcernSource,
    #[sea_orm(column_type = "Text", nullable)]
    pub reporter_name: Option<Sealed>,
    #[sea_orm(column_type = "Text", nullable)]
    pub reporter_contact: Option<Sealed>,
    pub is_anonymous: bool,
    pub submitted_by_id: Option<Uuid>,
    pub submitted_by_client_id: Option<Uuid>,
    pub organisation_id: Uuid,
    pub area_id: Uuid,
    #[sea_orm(column_type = "Text")]
    pub narrative: String,
    pub urgency: ConcernUrgency,
    pub due_at: Option<DateTimeUtc>,
    pub status: ConcernStatus,
    #[sea_orm(column_type = "Text", nullable)]
    pub decision: Option<String>,
    pub decided_at: Option<DateTimeUtc>,
    pub family_id: Option<Uuid>,
    pub case_id: Option<Uuid>,
    pub duplicate_of_id: Option<Uuid>,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub created_by: Option<Uuid>,
    pub updated_by: Option<Uuid>,
    pub voided_at: Option<DateTimeUtc>,
    #[sea_orm(column_type = "Text", nullable)]
    pub void_reason: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}

/// How a report came in.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Enum,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ConcernChannel {
    /// In person.
    InPerson,
    /// By telephone.
    Phone,
    /// Through a hotline.
    Hotline,
    /// Through a web form.
    Web,
    /// By letter.
    Letter,
    /// From another agency.
    Agency,
    /// Found by a patrol.
    Patrol,
    /// The family asked for help.
    #[graphql(name = "SELF")]
    SelfReferral,
}

/// Class of who reported.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Enum,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ConcernSource {
    /// A citizen.
    Citizen,
    /// The family itself.
    Family,
    /// A health institution.
    Health,
    /// An educational institution.
    Education,
    /// The police.
    Police,
    /// A social service.
    Social,
    /// A settlement's administration.
    SettlementAdministration,
    /// A non-governmental partner.
    Ngo,
    /// Another source.
    Other,
}

/// How fast a report must be verified.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Enum,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ConcernUrgency {
    /// Within the ordinary time.
    Routine,
    /// Within a shortened time.
    Priority,
    /// At once: life or health is in danger.
    Immediate,
}

/// Where a report stands.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Enum,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ConcernStatus {
    /// Received, nobody looked at it yet.
    Received,
    /// Urgency and deadline are set.
    Triaged,
    /// Not taken further.
    ScreenedOut,
    /// Joined to an open case.
    Linked,
    /// Facts are being verified.
    Verifying,
    /// The facts were confirmed.
    Confirmed,
    /// The facts were not confirmed.
    NotConfirmed,
}
