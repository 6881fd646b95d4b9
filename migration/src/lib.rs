//! The tables of Hearth as history: one step for each feature, up and down, in SQL that
//! both databases read alike.
//!
//! Times have no database default: the service writes them, in UTC, so that text sorts on
//! SQLite as instants do.

pub use sea_orm_migration::MigratorTrait;
use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

/// Declares a migration named after its file from the statements that make it and undo it.
/// `{serial}` stands for the database's own ascending primary key, `{bytes}` for its type of bytes,
/// `{new_uuid}` for its way to make an id, `{entity_hex}` for `entity_id` as 32 hex digits. What only one database needs follows under its name: it is
/// made after the rest, and undone before it.
macro_rules! step {
    (
        up: [$($up:literal),* $(,)?],
        down: [$($down:literal),* $(,)?]
        $(, sqlite: { up: [$($up_s:literal),* $(,)?], down: [$($down_s:literal),* $(,)?] $(,)? })?
        $(, postgres: { up: [$($up_p:literal),* $(,)?], down: [$($down_p:literal),* $(,)?] $(,)? })?
        $(,)?
    ) => {
        pub struct Migration;

        impl sea_orm_migration::MigrationName for Migration {
            fn name(&self) -> &str {
                module_path!().rsplit("::").next().unwrap_or_default()
            }
        }

        #[sea_orm_migration::async_trait::async_trait]
        impl sea_orm_migration::MigrationTrait for Migration {
            async fn up(
                &self,
                manager: &sea_orm_migration::SchemaManager,
            ) -> Result<(), sea_orm_migration::DbErr> {
                crate::run(manager, &[$($up),*]).await?;
                crate::run_on_sqlite(manager, &[$($($up_s),*)?]).await?;
                crate::run_on_postgres(manager, &[$($($up_p),*)?]).await
            }

            async fn down(
                &self,
                manager: &sea_orm_migration::SchemaManager,
            ) -> Result<(), sea_orm_migration::DbErr> {
                crate::run_on_sqlite(manager, &[$($($down_s),*)?]).await?;
                crate::run_on_postgres(manager, &[$($($down_p),*)?]).await?;
                crate::run(manager, &[$($down),*]).await
            }
        }
    };
}

mod m20260101_000001_area;
mod m20260101_000002_organisation;
mod m20260101_000003_person;
mod m20260101_000004_family;
mod m20260101_000005_register;
mod m20260101_000006_case;
mod m20260101_000007_concern;
mod m20260101_000008_assessment;
mod m20260101_000009_plan;
mod m20260101_000010_service;
mod m20260101_000011_centre;
mod m20260101_000012_placement;
mod m20260101_000013_programme;
mod m20260101_000014_enrolment;
mod m20260101_000015_consent;
mod m20260101_000016_ledger;
mod m20260101_000017_casework;
mod m20260101_000018_search;
mod m20260101_000019_assessment_note;
mod m20260101_000020_identity_ledger;
mod m20260101_000021_identifier_void;
mod m20260101_000022_places;
mod m20260101_000023_programmes;
mod m20260101_000024_sharing;
mod m20260101_000025_break_glass;
mod m20260101_000026_audit;
mod m20260101_000027_sealed;
mod m20260101_000028_approver;
mod m20260101_000029_training;
mod m20260101_000030_known;
mod m20260101_000031_reports;

/// All steps, oldest first.
pub struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20260101_000001_area::Migration),
            Box::new(m20260101_000002_organisation::Migration),
            Box::new(m20260101_000003_person::Migration),
            Box::new(m20260101_000004_family::Migration),
            Box::new(m20260101_000005_register::Migration),
            Box::new(m20260101_000006_case::Migration),
            Box::new(m20260101_000007_concern::Migration),
            Box::new(m20260101_000008_assessment::Migration),
            Box::new(m20260101_000009_plan::Migration),
            Box::new(m20260101_000010_service::Migration),
            Box::new(m20260101_000011_centre::Migration),
            Box::new(m20260101_000012_placement::Migration),
            Box::new(m20260101_000013_programme::Migration),
            Box::new(m20260101_000014_enrolment::Migration),
            Box::new(m20260101_000015_consent::Migration),
            Box::new(m20260101_000016_ledger::Migration),
            Box::new(m20260101_000017_casework::Migration),
            Box::new(m20260101_000018_search::Migration),
            Box::new(m20260101_000019_assessment_note::Migration),
            Box::new(m20260101_000020_identity_ledger::Migration),
            Box::new(m20260101_000021_identifier_void::Migration),
            Box::new(m20260101_000022_places::Migration),
            Box::new(m20260101_000023_programmes::Migration),
            Box::new(m20260101_000024_sharing::Migration),
            Box::new(m20260101_000025_break_glass::Migration),
            Box::new(m20260101_000026_audit::Migration),
            Box::new(m20260101_000027_sealed::Migration),
            Box::new(m20260101_000028_approver::Migration),
            Box::new(m20260101_000029_training::Migration),
            Box::new(m20260101_000030_known::Migration),
            Box::new(m20260101_000031_reports::Migration),
        ]
    }
}

async fn run(manager: &SchemaManager<'_>, statements: &[&str]) -> Result<(), DbErr> {
    let connection = manager.get_connection();
    let spelled = match manager.get_database_backend() {
        DbBackend::Postgres => [
            ("{serial}", "bigint generated always as identity primary key"),
            ("{bytes}", "bytea"),
            ("{new_uuid}", "gen_random_uuid()"),
            ("{entity_hex}", "replace(entity_id::text, '-', '')"),
        ],
        _ => [
            ("{serial}", "integer primary key autoincrement"),
            ("{bytes}", "blob"),
            ("{new_uuid}", "randomblob(16)"),
            ("{entity_hex}", "lower(hex(entity_id))"),
        ],
    };
    for statement in statements {
        let statement = spelled
            .iter()
            .fold((*statement).to_owned(), |statement, (name, text)| statement.replace(name, text));
        connection.execute_unprepared(&statement).await?;
    }
    Ok(())
}

async fn run_on_sqlite(manager: &SchemaManager<'_>, statements: &[&str]) -> Result<(), DbErr> {
    match manager.get_database_backend() {
        DbBackend::Sqlite => run(manager, statements).await,
        _ => Ok(()),
    }
}

async fn run_on_postgres(manager: &SchemaManager<'_>, statements: &[&str]) -> Result<(), DbErr> {
    match manager.get_database_backend() {
        DbBackend::Postgres => run(manager, statements).await,
        _ => Ok(()),
    }
}
