//! One opening of a case, from the day it was opened to the day it was closed.

use async_graphql::Enum;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "episode")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub case_id: Uuid,
    pub family_id: Uuid,
    pub no: i32,
    pub opened_on: Date,
    #[sea_orm(column_type = "Text")]
    pub reason: String,
    pub source_report_id: Option<Uuid>,
    pub closed_on: Option<Date>,
    pub closure_class: Option<ClosureClass>,
    #[sea_orm(column_type = "Text", nullable)]
    pub closure_reason: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub summary: Option<String>,
    pub closed_by_id: Option<Uuid>,
    pub approved_by_id: Option<Uuid>,
    pub recorded_at: DateTimeUtc,
    pub closure_recorded_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}

/// How an episode ended.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Enum,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ClosureClass {
    /// The family overcame its difficulties.
    Overcame,
    /// It ended against the child's interest, for example in the removal of parental rights.
    Adverse,
    /// The family moved away.
    Moved,
    /// Another authority took over.
    Transferred,
    /// The family refused help.
    Refused,
    /// Closed for an administrative reason.
    Administrative,
}
