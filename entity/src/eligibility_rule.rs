//! A condition for enrolment in a programme.

use async_graphql::Enum;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "eligibility_rule")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub programme_id: Uuid,
    pub kind: EligibilityRuleKind,
    pub min_value: Option<i32>,
    pub max_value: Option<i32>,
    #[sea_orm(column_type = "Text", nullable)]
    pub code: Option<String>,
    pub area_id: Option<Uuid>,
    pub register_id: Option<Uuid>,
    pub prior_programme_id: Option<Uuid>,
}

impl ActiveModelBehavior for ActiveModel {}

/// What a rule looks at.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Enum,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum EligibilityRuleKind {
    /// Age in completed months, minimum inclusive, maximum exclusive.
    AgeMonthsRange,
    /// The family lives in an area.
    Area,
    /// The family has a characteristic.
    Characteristic,
    /// The risk is at least at a level.
    RiskAtLeast,
    /// The subject is on a register.
    Register,
    /// Another programme was completed.
    PriorOutcome,
    /// A referral is needed.
    ReferralRequired,
}
