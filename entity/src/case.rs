//! The work with one family, from intake to closure; each opening is an episode.

use async_graphql::Enum;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "case")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub family_id: Uuid,
    #[sea_orm(column_type = "Text")]
    pub reference: String,
    pub kind: CaseKind,
    pub lead_organisation_id: Uuid,
    pub area_id: Uuid,
    pub status: CaseStatus,
    pub support_level: Option<SupportLevel>,
    pub risk_level: Option<RiskLevel>,
    pub opened_on: Date,
    pub closed_on: Option<Date>,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub created_by: Option<Uuid>,
    pub updated_by: Option<Uuid>,
}

impl ActiveModelBehavior for ActiveModel {}

/// What a case is for.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Enum,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CaseKind {
    /// Early help.
    EarlyHelp,
    /// Social accompaniment.
    Accompaniment,
    /// Child protection.
    ChildProtection,
    /// Alternative care.
    AlternativeCare,
    /// Aftercare.
    Aftercare,
}

/// Where a case stands.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Enum,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CaseStatus {
    /// Taken in.
    Intake,
    /// Being assessed.
    Assessment,
    /// A plan is being agreed.
    Planning,
    /// The plan is carried out.
    Active,
    /// Watched after the plan's measures.
    Monitoring,
    /// Closure waits for approval.
    ClosureRequested,
    /// Closed with an outcome.
    Closed,
}

/// How intensely a family is supported; sets the frequency of visits.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Enum,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum SupportLevel {
    /// Adaptation.
    Adaptation,
    /// Basic.
    Basic,
    /// Crisis.
    Crisis,
    /// Emergency.
    Emergency,
}

/// Assessed risk.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Enum,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RiskLevel {
    /// Low.
    Low,
    /// Medium.
    Medium,
    /// High.
    High,
    /// Critical.
    Critical,
}
