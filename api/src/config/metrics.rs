//! What `hearth metrics` is asked.

use chrono_tz::Tz;
use clap::{Args, Subcommand};

use super::DatabaseUrl;

/// Settings of `hearth metrics`.
#[derive(Args, Clone, Debug)]
pub struct Metrics {
    /// What to do.
    #[command(subcommand)]
    pub act: MetricsAct,
}

/// What to do with metrics.
#[derive(Clone, Debug, Subcommand)]
pub enum MetricsAct {
    /// Compute all results anew that are kept, from the rows. It may run beside a server.
    Rebuild(Rebuild),
}

/// Settings of `hearth metrics rebuild`.
#[derive(Args, Clone, Debug)]
pub struct Rebuild {
    /// Where the data is.
    #[command(flatten)]
    pub database: DatabaseUrl,
    /// The authority's time zone, by which days begin, as an IANA name; the same as the server's.
    #[arg(long, env = "HEARTH_TIME_ZONE", default_value = "UTC")]
    pub time_zone: Tz,
}
