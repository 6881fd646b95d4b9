//! What `hearth audit` is asked.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use clap::{Args, Subcommand};

use super::DatabaseUrl;

/// Settings of `hearth audit`.
#[derive(Args, Clone, Debug)]
pub struct Audit {
    /// What to do.
    #[command(subcommand)]
    pub act: AuditAct,
}

/// What to do with the audit.
#[derive(Clone, Debug, Subcommand)]
pub enum AuditAct {
    /// Walk the chain of seals, and name the first row that was changed, removed or inserted. It may
    /// run beside a server. Ends with 1 if something is found.
    Verify(Verify),
}

/// Settings of `hearth audit verify`.
#[derive(Args, Clone, Debug)]
pub struct Verify {
    /// Where the data is.
    #[command(flatten)]
    pub database: DatabaseUrl,
    /// A head that was noted earlier, as 64 hex digits: the chain must still hold it. Without one, an
    /// end that was cut off together with its seals isn't found.
    #[arg(long, value_parser = head)]
    pub head: Option<String>,
    /// Begin with the first seal made at this moment or later, as `2026-03-09` (in UTC) or
    /// `2026-03-09T08:30:00Z`; what was sealed before is taken on trust.
    #[arg(long, value_parser = moment)]
    pub since: Option<DateTime<Utc>>,
}

fn head(text: &str) -> Result<String, String> {
    let text = text.to_lowercase();
    let is_hash = text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_hash { Ok(text) } else { Err("expected 64 hex digits".to_owned()) }
}

fn moment(text: &str) -> Result<DateTime<Utc>, String> {
    let instant = DateTime::parse_from_rfc3339(text).map(|at| at.with_timezone(&Utc));
    let day = || text.parse::<NaiveDate>().map(|day| day.and_time(NaiveTime::MIN).and_utc());
    instant.or_else(|_| day()).map_err(|_| "expected a date or an instant in RFC 3339".to_owned())
}
