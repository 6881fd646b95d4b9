//! What the command line does, one file for each command; `main` only calls [`run`].

mod audit;
mod demo;
mod keys;
mod metrics;
mod migrate;
mod seed;
mod serve;
mod token;

use tracing_subscriber::EnvFilter;

use crate::config::{Cli, Command, LogFormat};

/// Why a command failed: a sentence for the person at the terminal.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Runs a command to its end.
pub async fn run(cli: Cli) -> Result<(), Failure> {
    log(cli.log_format, &cli.log)?;
    match cli.command {
        Command::Demo(settings) => demo::run(settings).await,
        Command::Serve(settings) => serve::run(settings).await,
        Command::Migrate(settings) => migrate::run(settings).await,
        Command::Seed(settings) => seed::run(settings).await,
        Command::Token(settings) => token::sign(&settings),
        Command::Revoke(settings) => token::revoke(settings).await,
        Command::Keys(settings) => keys::run(settings.task).await,
        Command::Audit(settings) => audit::run(settings).await,
        Command::Metrics(settings) => metrics::run(settings).await,
        Command::Schema => {
            print!("{}", crate::graphql::sdl());
            Ok(())
        }
    }
}

/// Log lines go to standard error, so that standard output holds results only.
fn log(format: LogFormat, filter: &str) -> Result<(), Failure> {
    let filter = EnvFilter::try_new(filter)
        .map_err(|error| format!("`--log {filter}` can't be understood: {error}"))?;
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match format {
        LogFormat::Text => lines.init(),
        LogFormat::Json => lines.json().init(),
    }
    Ok(())
}
