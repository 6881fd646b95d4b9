//! Rounds: for each operation and concurrency the targets take turns, so that what disturbs the machine
//! disturbs all of them.

use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::time::Duration;

use crate::load::{self, Load, Source};
use crate::operation::{Operation, Target};
use crate::servers::Servers;
use crate::verify::Work;
use crate::{Failure, progress, usage};

/// What one round of one target came to.
#[derive(Clone, Copy, Debug)]
pub struct Round {
    /// Requests a second.
    pub rate: f64,
    /// Milliseconds that half of the requests did not exceed, and 99 of 100.
    pub p50: f64,
    pub p99: f64,
    /// Microseconds of processor time a request, of the server and of the database.
    pub server: f64,
    pub database: f64,
    /// Resident memory of the server at the end, in KiB.
    pub memory: u64,
    pub errors: usize,
}

/// The rounds of one target for an operation and a concurrency.
pub struct Cell {
    pub operation: Operation,
    pub concurrency: usize,
    pub target: Target,
    pub rounds: Vec<Round>,
}

/// Pause before a round, for what the round before left behind.
const PAUSE: Duration = Duration::from_millis(200);
/// Request numbers of one round.
const APART: usize = 1_000_003;

/// Measures all operations.
pub async fn all(servers: &mut Servers<'_>, workload: &[Arc<Work>]) -> Result<Vec<Cell>, Failure> {
    let mut cells = Vec::new();
    for work in workload {
        let mut warm_up = Duration::from_secs_f64(servers.settings.warm_up);
        for concurrency in servers.settings.concurrency.clone() {
            cells.extend(cell(servers, work, concurrency, warm_up).await?);
            warm_up = warm_up.min(Duration::from_secs(1));
        }
    }
    Ok(cells)
}

async fn cell(
    servers: &mut Servers<'_>,
    work: &Arc<Work>,
    concurrency: usize,
    warm_up: Duration,
) -> Result<Vec<Cell>, Failure> {
    let operation = work.operation;
    let new = |target| Cell { operation, concurrency, target, rounds: Vec::new() };
    let mut cells = Target::ALL.map(new);
    for target in Target::ALL {
        let source = source(servers, work, target, 0).await?;
        load::run(&source, concurrency, warm_up).await?;
    }
    let count = cells.len();
    for no in 0..servers.settings.rounds as usize {
        // Who begins changes from round to round.
        for place in 0..count {
            let cell = &mut cells[(place + no) % count];
            let source = source(servers, work, cell.target, no + 1).await?;
            cell.rounds.push(round(servers, &source, concurrency).await?);
        }
        let rates = cells.iter().filter_map(|cell| Some((cell.target, cell.rounds.last()?.rate)));
        let rates: Vec<String> =
            rates.map(|(target, rate)| format!("{} {rate:.0}/s", target.title())).collect();
        let name = operation.name();
        progress(&format!("{name} x{concurrency}, round {}: {}", no + 1, rates.join(", ")));
    }
    Ok(cells.into())
}

/// The requests of a round, with a token that was signed just now.
pub async fn source(
    servers: &Servers<'_>,
    work: &Arc<Work>,
    target: Target,
    no: usize,
) -> Result<Arc<Source>, Failure> {
    let endpoint = servers.endpoint(target, work.operation).await?;
    let next = AtomicUsize::new(no * APART);
    Ok(Arc::new(Source { work: Arc::clone(work), target, endpoint, next }))
}

async fn round(
    servers: &mut Servers<'_>,
    source: &Arc<Source>,
    concurrency: usize,
) -> Result<Round, Failure> {
    tokio::time::sleep(PAUSE).await;
    let server = servers.of(source.target).pid;
    let postmaster = servers.settings.postmaster;
    let before = (usage::seconds(server), usage::seconds(postmaster));
    let load = load::run(source, concurrency, servers.settings.round()).await?;
    let after = (usage::seconds(server), usage::seconds(postmaster));
    servers.check()?;
    told(source, &load)?;
    let requests = number(load.latencies.len() + load.errors);
    let micros = |after: f64, before: f64| (after - before) * 1e6 / requests;
    Ok(Round {
        rate: number(load.latencies.len()) / load.elapsed.as_secs_f64(),
        p50: load.percentile(0.5),
        p99: load.percentile(0.99),
        server: micros(after.0, before.0),
        database: micros(after.1, before.1),
        memory: usage::memory(server),
        errors: load.errors,
    })
}

/// Tells of errors; fails if nothing else came.
fn told(source: &Source, load: &Load) -> Result<(), Failure> {
    let Some(error) = &load.error else { return Ok(()) };
    let (name, title) = (source.work.operation.name(), source.target.title());
    let text = format!("{name}: {} errors of {title}, the first: {error}", load.errors);
    if load.latencies.is_empty() {
        return Err(text.into());
    }
    progress(&text);
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
const fn number(count: usize) -> f64 {
    count as f64
}
