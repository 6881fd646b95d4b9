//! `hearth audit`: whether the audit is as it was sealed.

use indicatif::{ProgressBar, ProgressStyle};

use super::Failure;
use crate::access::audit::verify::{self, Asked, Report};
use crate::config::{Audit, AuditAct, Verify};
use crate::database::Database;

/// Runs `hearth audit`.
pub async fn run(settings: Audit) -> Result<(), Failure> {
    match settings.act {
        AuditAct::Verify(settings) => verify(settings).await,
    }
}

/// Walks the chain; what is found is a failure. It may run beside a server.
async fn verify(settings: Verify) -> Result<(), Failure> {
    let database = Database::open(&settings.database.database_url, 2).await?;
    let pending = database.pending().await?;
    if !pending.is_empty() {
        return Err("the database lacks steps: run `hearth migrate up`".into());
    }
    let rows = verify::greatest(&database.reader).await?;
    let bar = progress(u64::try_from(rows).unwrap_or_default())?;
    let asked = Asked { head: settings.head, since: settings.since };
    let through = |seq| bar.set_position(u64::try_from(seq).unwrap_or_default());
    let report = verify::verify(&database.reader, &asked, through).await?;
    bar.finish_and_clear();
    tell(&report);
    match report.finding {
        None => Ok(()),
        Some(finding) => Err(format!("the audit is not as it was sealed: {finding}").into()),
    }
}

fn tell(report: &Report) {
    println!("{} rows under {} seals are as they were sealed", report.rows, report.seals);
    match report.finding {
        None => println!("{} rows are not sealed yet", report.unsealed),
        Some(_) => println!("{} rows behind them were not looked at", report.unsealed),
    }
    println!("head {}", report.head.as_deref().unwrap_or("-"));
}

/// A bar on standard error that shows how many rows are done and how long the rest takes.
fn progress(rows: u64) -> Result<ProgressBar, Failure> {
    let style = ProgressStyle::with_template("{bar:40} {human_pos}/{human_len} rows, {eta} left")?;
    Ok(ProgressBar::new(rows).with_style(style))
}
