//! What is measured, and where the programs are.

use std::path::PathBuf;
use std::time::Duration;

use clap::Parser;

use crate::operation::Operation;

/// Measures Hearth against the limit of its database and against PostGraphile.
#[derive(Parser)]
#[command(name = "bench/run")]
pub struct Settings {
    /// Families in the database, besides some 350 of the seeded region.
    #[arg(long, default_value_t = 100_000, value_parser = clap::value_parser!(u32).range(100..=5_000_000))]
    pub families: u32,
    /// Rounds of each server for each operation and concurrency.
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub rounds: u32,
    /// Requests under way at a time, several separated by commas.
    #[arg(long, value_delimiter = ',', default_value = "1,16,64")]
    pub concurrency: Vec<usize>,
    /// Operations to measure, several separated by commas.
    #[arg(
        long,
        value_enum,
        value_delimiter = ',',
        default_value = "Home,FamilyFile,ChildrenPage,PeriodReport,RecordVisit"
    )]
    pub operations: Vec<Operation>,
    /// Seconds of a round.
    #[arg(long, default_value_t = 5.0, value_parser = seconds)]
    pub seconds: f64,
    /// Seconds for which each server is warmed up before the rounds of an operation.
    #[arg(long, default_value_t = 3.0, value_parser = seconds)]
    pub warm_up: f64,
    /// Database connections of each server.
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=100))]
    pub pool_size: u32,
    /// A further argument of `hearth serve`, as `--hearth-arg=--rollup-seconds=60`; may be given several times.
    #[arg(long)]
    pub hearth_arg: Vec<String>,
    /// Measures instead how Home grows: databases with so many families, several separated by commas.
    #[arg(long, value_delimiter = ',', value_parser = clap::value_parser!(u32).range(100..=5_000_000))]
    pub growth: Vec<u32>,
    /// The binary of Hearth.
    #[arg(long, hide = true)]
    pub hearth: PathBuf,
    /// The binary of the limit.
    #[arg(long, hide = true)]
    pub limit: PathBuf,
    /// Node.js.
    #[arg(long, hide = true)]
    pub node: PathBuf,
    /// The folder of this benchmark.
    #[arg(long, hide = true)]
    pub folder: PathBuf,
    /// A folder for keys and logs.
    #[arg(long, hide = true)]
    pub work: PathBuf,
    /// Host and port of a PostgreSQL server that is ours alone.
    #[arg(long, hide = true)]
    pub postgres: String,
    /// The process id of that server's postmaster.
    #[arg(long, hide = true)]
    pub postmaster: u32,
}

impl Settings {
    /// How long a round takes.
    pub fn round(&self) -> Duration {
        Duration::from_secs_f64(self.seconds)
    }

    /// The URL of a database, for a user.
    pub fn url(&self, user: &str, database: &str) -> String {
        format!("postgres://{user}@{}/{database}", self.postgres)
    }
}

fn seconds(text: &str) -> Result<f64, String> {
    let seconds = text.parse().ok().filter(|seconds| (0.1..=3600.0).contains(seconds));
    seconds.ok_or_else(|| "expected seconds from 0.1 to 3600".to_owned())
}
