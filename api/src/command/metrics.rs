//! `hearth metrics`: what is kept of metrics.

use chrono::TimeDelta;
use indicatif::{ProgressBar, ProgressStyle};
use uuid::Uuid;

use super::Failure;
use crate::access::session::Circumstances;
use crate::access::vault::ring;
use crate::access::{Session, Vault, Viewer};
use crate::casework::metric::rollup;
use crate::clock::Clock;
use crate::config::{Metrics, MetricsAct, Rebuild};
use crate::database::Database;
use crate::language::Language;
use crate::terms::Terms;

/// Runs `hearth metrics`.
pub async fn run(settings: Metrics) -> Result<(), Failure> {
    match settings.act {
        MetricsAct::Rebuild(settings) => rebuild(settings).await,
    }
}

/// Computes all that is kept anew.
async fn rebuild(settings: Rebuild) -> Result<(), Failure> {
    let database = Database::open(&settings.database.database_url, 2).await?;
    if !database.pending().await?.is_empty() {
        return Err("the database lacks steps: run `hearth migrate up`".into());
    }
    let clock = Clock::system();
    let now = clock.now();
    let backend = database.writer.get_database_backend();
    let viewer = Viewer::house(Uuid::nil(), now, backend);
    let circumstances = Circumstances {
        request_id: Uuid::now_v7(),
        zone: settings.time_zone,
        language: Language::default(),
        terms: Terms::default(),
        clock,
        // Figures open nothing that is sealed.
        vault: Vault::of(Some(&ring::fresh(now)?))?,
    };
    let session = Session::new(database.patiently(), viewer, circumstances);
    let style =
        ProgressStyle::with_template("{bar:40} {human_pos}/{human_len} results, {eta} left")?;
    let bar = ProgressBar::new(0).with_style(style);
    let told = |done, all| {
        bar.set_length(all as u64);
        bar.set_position(done as u64);
    };
    let done = rollup::rebuild(&session, TimeDelta::zero(), told).await?;
    bar.finish_and_clear();
    println!("computed anew: {done}");
    Ok(())
}
