//! Measures Hearth against the limit of its database and against PostGraphile: fills a database, starts the
//! servers, refuses to measure answers that differ, and lets the servers take turns. `bench/run` starts it.

use clap::Parser;
use tokio::signal::unix::{SignalKind, signal};

mod compare;
mod database;
mod growth;
mod http;
mod load;
mod measure;
mod operation;
mod report;
mod servers;
mod settings;
mod statements;
mod usage;
mod verify;

use database::Database;
use servers::Servers;
use settings::Settings;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What went wrong, in words for whoever started the measurement.
type Failure = Box<dyn std::error::Error + Send + Sync>;

#[tokio::main]
async fn main() -> Result<(), String> {
    let settings = Settings::parse();
    tokio::select! {
        done = run(&settings) => done.map_err(|failure| failure.to_string()),
        () = stop_asked() => Err("stopped".to_owned()),
    }
}

async fn run(settings: &Settings) -> Result<(), Failure> {
    if !settings.growth.is_empty() {
        println!("{}", growth::measure(settings).await?);
        return Ok(());
    }
    let database = Database::fill(settings, "bench", settings.families).await?;
    let mut servers = Servers::start(settings, &database).await?;
    let workload = verify::workload(&servers).await?;
    let counts = statements::count(&servers, &workload).await?;
    let cells = measure::all(&mut servers, &workload).await?;
    println!("{}", report::markdown(&servers, &counts, &cells));
    Ok(())
}

/// Shows how far it is.
fn progress(text: &str) {
    eprintln!("{} {text}", chrono::Local::now().format("%H:%M:%S"));
}

/// Waits for Ctrl-C or SIGTERM.
async fn stop_asked() {
    let interrupt = tokio::signal::ctrl_c();
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => tokio::select! {
            _ = interrupt => {}
            _ = terminate.recv() => {}
        },
        Err(_) => interrupt.await.unwrap_or_default(),
    }
}
