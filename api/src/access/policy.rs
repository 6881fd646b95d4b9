//! Which role may do what: one exhaustive match, reviewed as a table in the tests. Which rows
//! an action then reaches is decided in `scope`.

use entity::membership::Role;
use sea_orm::{DeriveActiveEnum, Iterable};

use crate::error::{Error, Result};

/// Something that a request asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sea_orm::EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Action {
    /// Read areas, organisations, programmes, centres and free places.
    ReadCatalogue,
    /// Read families, persons and what belongs to them.
    ReadFamilies,
    /// Read cases with their plans, visits and services.
    ReadCases,
    /// Read placements in centres.
    ReadPlacements,
    /// Read concern reports.
    ReadConcernReports,
    /// Look for persons by name, birth date and sex.
    SearchPersons,
}

impl Action {
    /// All actions, in the order of the policy table.
    pub fn all() -> impl Iterator<Item = Self> {
        Self::iter()
    }

    /// What the action is, as the end of "your role never does this: ...".
    const fn phrase(self) -> &'static str {
        match self {
            Self::ReadCatalogue => "read the catalogue",
            Self::ReadFamilies => "read families and persons",
            Self::ReadCases => "read cases",
            Self::ReadPlacements => "read placements",
            Self::ReadConcernReports => "read concern reports",
            Self::SearchPersons => "search persons",
        }
    }
}

/// Whether a role may do something at all.
pub const fn allows(role: Role, action: Action) -> bool {
    use Action::{
        ReadCases, ReadCatalogue, ReadConcernReports, ReadFamilies, ReadPlacements, SearchPersons,
    };
    match role {
        Role::Caseworker | Role::Supervisor | Role::AreaCoordinator => match action {
            ReadCatalogue | ReadFamilies | ReadCases | ReadPlacements | ReadConcernReports
            | SearchPersons => true,
        },
        Role::CentreStaff | Role::NgoWorker => match action {
            ReadCatalogue | ReadFamilies | ReadCases | ReadPlacements => true,
            ReadConcernReports | SearchPersons => false,
        },
        Role::Integration => match action {
            ReadCatalogue | ReadFamilies | ReadCases | ReadPlacements | ReadConcernReports => true,
            SearchPersons => false,
        },
        Role::Reporter => match action {
            ReadCatalogue | ReadConcernReports => true,
            ReadFamilies | ReadCases | ReadPlacements | SearchPersons => false,
        },
        Role::Analyst | Role::Auditor | Role::Admin => match action {
            ReadCatalogue => true,
            ReadFamilies | ReadCases | ReadPlacements | ReadConcernReports | SearchPersons => false,
        },
    }
}

/// Refuses what a role never does.
pub const fn check(role: Role, action: Action) -> Result<()> {
    if allows(role, action) { Ok(()) } else { Err(Error::Forbidden(action.phrase())) }
}
