//! `hearth migrate`: the tables up, down, and where they stand.

use migration::{Migrator, MigratorTrait};

use super::Failure;
use crate::config::{Direction, Migrate};
use crate::database::{Database, FileLock};

/// Runs `hearth migrate`.
pub async fn run(settings: Migrate) -> Result<(), Failure> {
    let url = &settings.database.database_url;
    let _lock = FileLock::take(url)?;
    let database = Database::open(url, 2).await?;
    match settings.direction {
        Direction::Up => {
            let pending = database.pending().await?;
            database.migrate().await?;
            println!("{} steps taken; the database is up to date", pending.len());
        }
        Direction::Down { yes: false, .. } => {
            return Err(
                "taking steps back loses the data in their tables: say --yes to do it".into()
            );
        }
        Direction::Down { steps, yes: true } => {
            Migrator::down(&database.writer, Some(steps)).await?;
            println!("{steps} steps taken back");
        }
        Direction::Status => status(&database).await?,
    }
    Ok(())
}

async fn status(database: &Database) -> Result<(), Failure> {
    let pending = database.pending().await?;
    for step in Migrator::migrations() {
        let name = step.name().to_owned();
        let state = if pending.contains(&name) { "pending" } else { "taken" };
        println!("{state:<8} {name}");
    }
    if pending.is_empty() {
        println!("the database is up to date");
    } else {
        println!("{} steps are pending: run `hearth migrate up`", pending.len());
    }
    Ok(())
}
