//! A worker's role in an organisation for a time, for a coordinator within an area.

use async_graphql::Enum;
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "membership")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub worker_id: Uuid,
    pub organisation_id: Uuid,
    pub role: Role,
    pub area_id: Option<Uuid>,
    pub since: DateTimeUtc,
    pub until: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}

/// What a person or a machine may do, and what it sees.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    EnumIter,
    DeriveActiveEnum,
    Enum,
    Serialize,
    Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Role {
    /// Works with the families granted to the organisation.
    Caseworker,
    /// The same, and approves, assigns and transfers.
    Supervisor,
    /// Reads the families of an area.
    AreaCoordinator,
    /// Works with the persons placed in a centre.
    CentreStaff,
    /// Serves families that were referred to the NGO.
    NgoWorker,
    /// A partner's machine account.
    Integration,
    /// Reports concerns and sees own reports.
    Reporter,
    /// Asks for metrics and sees no person.
    Analyst,
    /// Reads and verifies the audit trail.
    Auditor,
    /// Configures organisations, workers, clients and codes.
    Admin,
}
