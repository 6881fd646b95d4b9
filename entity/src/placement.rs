//! A person's stay in a unit of a centre, from the request to the discharge.

use async_graphql::Enum;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "placement")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub person_id: Uuid,
    pub centre_id: Uuid,
    pub unit_id: Uuid,
    pub case_id: Option<Uuid>,
    pub family_id: Option<Uuid>,
    pub group_id: Option<Uuid>,
    pub basis: PlacementBasis,
    pub decision_id: Option<Uuid>,
    pub status: PlacementStatus,
    pub is_residential: bool,
    pub holds_place: bool,
    pub priority: i32,
    pub requested_at: DateTimeUtc,
    pub reserved_until: Option<DateTimeUtc>,
    pub admitted_at: Option<DateTimeUtc>,
    pub planned_discharge_on: Option<Date>,
    pub discharged_at: Option<DateTimeUtc>,
    #[sea_orm(column_type = "Text", nullable)]
    pub discharge_reason: Option<String>,
    pub destination: Option<Destination>,
    pub decided_by_id: Option<Uuid>,
    pub reserved_at: Option<DateTimeUtc>,
    pub closed_at: Option<DateTimeUtc>,
    pub admission_recorded_at: Option<DateTimeUtc>,
    pub discharge_recorded_at: Option<DateTimeUtc>,
    #[sea_orm(column_type = "Text", nullable)]
    pub status_reason: Option<String>,
    pub recorded_at: DateTimeUtc,
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

/// On what basis a person is placed.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Enum,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PlacementBasis {
    /// The person asked.
    #[graphql(name = "SELF")]
    SelfReferral,
    /// A parent asked.
    Parent,
    /// The police brought the child.
    Police,
    /// A commission for minors decided.
    Commission,
    /// A guardianship authority decided.
    Guardianship,
    /// A court decided.
    Court,
    /// An emergency.
    Emergency,
}

/// Where a placement stands.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Enum,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PlacementStatus {
    /// Requested.
    Requested,
    /// Approved.
    Approved,
    /// Refused.
    Refused,
    /// Waits for a place.
    Waitlisted,
    /// A place is held until a deadline.
    Reserved,
    /// In the centre.
    Admitted,
    /// Away for a while.
    OnLeave,
    /// Left the centre.
    Discharged,
    /// Cancelled.
    Cancelled,
    /// The reservation ran out.
    Expired,
}

/// Where a person went after a discharge.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Enum,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Destination {
    /// Back to the birth family.
    BirthFamily,
    /// To relatives.
    Kin,
    /// To a guardian.
    Guardianship,
    /// To a foster family.
    Foster,
    /// To adoptive parents.
    Adoption,
    /// To another centre.
    OtherCentre,
    /// To independent life.
    Independent,
    /// To a hospital.
    Medical,
    /// Into custody.
    Custody,
    /// Left without permission.
    LeftWithoutPermission,
    /// Died.
    Died,
    /// Elsewhere.
    Other,
}
