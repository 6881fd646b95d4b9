//! A programme or a project that families or persons enrol in.

use async_graphql::Enum;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "programme")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub organisation_id: Uuid,
    #[sea_orm(column_type = "Text")]
    pub name: String,
    #[sea_orm(column_type = "Text")]
    pub summary: String,
    pub kind: ProgrammeKind,
    pub enrolment_unit: EnrolmentUnit,
    pub since: Date,
    pub until: Option<Date>,
    pub status: ProgrammeStatus,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub created_by: Option<Uuid>,
    pub updated_by: Option<Uuid>,
}

impl ActiveModelBehavior for ActiveModel {}

/// What a programme is.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Enum,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ProgrammeKind {
    /// A model of accompaniment.
    Accompaniment,
    /// A parents' school.
    Parenting,
    /// From treatment through training to a job.
    TreatmentToWork,
    /// Early help for the youngest.
    EarlyHelp,
    /// A plan for the prevention of social orphanhood.
    Prevention,
    /// A project with partners.
    Project,
    /// Another programme.
    Other,
}

/// Who enrols.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Enum,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum EnrolmentUnit {
    /// A family.
    Family,
    /// A person.
    Person,
    /// A parent with a child.
    ParentAndChild,
}

/// Life cycle of a programme.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Enum,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ProgrammeStatus {
    /// Not started.
    Planned,
    /// Running.
    Active,
    /// Paused.
    Suspended,
    /// Ended.
    Ended,
}
