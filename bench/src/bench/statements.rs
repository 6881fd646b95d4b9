//! How many statements a request takes, counted by `pg_stat_statements` in a pass of its own: in the rounds it
//! tracks nothing.

use std::sync::Arc;
use std::time::Duration;

use crate::operation::{Operation, Target};
use crate::servers::Servers;
use crate::verify::Work;
use crate::{Failure, load, measure, progress};

/// Requests that are counted.
const COUNTED: usize = 50;
/// Requests before, which prepare statements.
const BEFORE: usize = 20;
/// Until all connections have read a setting.
const SETTLE: Duration = Duration::from_millis(500);

/// Statements a request of a target, `begin` and `commit` included.
pub struct Count {
    pub operation: Operation,
    pub target: Target,
    pub statements: f64,
}

const CALLS: &str = "select coalesce(sum(s.calls), 0)::float8 from pg_stat_statements s \
    where s.query not like '%pg\\_stat\\_statements%' and s.userid = $1::text::regrole";

/// Counts for all operations and targets.
pub async fn count(servers: &Servers<'_>, workload: &[Arc<Work>]) -> Result<Vec<Count>, Failure> {
    progress("counting statements");
    track(servers, "top").await?;
    let mut counts = Vec::new();
    for work in workload {
        for target in Target::ALL {
            let statements = calls(servers, work, target).await?;
            counts.push(Count { operation: work.operation, target, statements });
        }
    }
    track(servers, "none").await?;
    Ok(counts)
}

async fn calls(servers: &Servers<'_>, work: &Arc<Work>, target: Target) -> Result<f64, Failure> {
    let client = &servers.database.client;
    let source = measure::source(servers, work, target, 0).await?;
    load::times(&source, BEFORE).await?;
    client.batch_execute("select pg_stat_statements_reset()").await?;
    load::times(&source, COUNTED).await?;
    let user = if target == Target::PostGraphile { "bench_app" } else { "hearth" };
    let calls: f64 = client.query_one(CALLS, &[&user]).await?.get(0);
    #[expect(clippy::cast_precision_loss, reason = "a small number")]
    let requests = COUNTED as f64;
    Ok(calls / requests)
}

async fn track(servers: &Servers<'_>, what: &str) -> Result<(), Failure> {
    let client = &servers.database.client;
    client.batch_execute(&format!("alter system set pg_stat_statements.track = '{what}'")).await?;
    client.batch_execute("select pg_reload_conf()").await?;
    tokio::time::sleep(SETTLE).await;
    Ok(())
}
