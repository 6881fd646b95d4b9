//! `hearth seed`: fills an empty database with made-up families.

use indicatif::{ProgressBar, ProgressStyle};

use super::Failure;
use crate::access::Vault;
use crate::clock::Clock;
use crate::config::Seed;
use crate::database::{Database, FileLock};
use crate::synthetic::{self, Sowing};

/// Runs `hearth seed`.
pub async fn run(settings: Seed) -> Result<(), Failure> {
    let vault = Vault::of(settings.keys.text())?;
    let url = &settings.database.database_url;
    let _lock = FileLock::take(url)?;
    let database = Database::open(url, 4).await?;
    database.migrate().await?;
    let today = settings.today.unwrap_or_else(|| Clock::system().now().date_naive());
    let sowing = Sowing { families: settings.families, seed: settings.seed, today };
    let bar = progress(settings.families.into())?;
    let sow = synthetic::sow(&database.writer, &sowing, &vault, |done| bar.set_position(done));
    let summary = Box::pin(sow).await?;
    bar.finish_and_clear();
    println!(
        "{} families, {} persons, {} cases: {} rows",
        summary.families, summary.persons, summary.cases, summary.rows
    );
    Ok(())
}

/// A bar that shows how many families are done and how long the rest takes.
fn progress(families: u64) -> Result<ProgressBar, Failure> {
    let style =
        ProgressStyle::with_template("{bar:40} {human_pos}/{human_len} families, {eta} left")?;
    Ok(ProgressBar::new(families).with_style(style))
}
