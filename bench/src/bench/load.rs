//! Load: workers that each have one request under way, on a connection that stays open.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use bytes::Bytes;
use memchr::memmem;
use tokio::task::JoinSet;

use crate::Failure;
use crate::http::{Answer, Connection, Endpoint};
use crate::operation::Target;
use crate::verify::Work;

/// Requests of an operation to one target.
pub struct Source {
    pub work: Arc<Work>,
    pub target: Target,
    pub endpoint: Endpoint,
    /// The number of the next request.
    pub next: AtomicUsize,
}

impl Source {
    fn body(&self) -> Bytes {
        self.work.body(self.target, self.next.fetch_add(1, Ordering::Relaxed))
    }
}

/// What came of a round.
#[derive(Default)]
pub struct Load {
    /// Microseconds of each request that was answered, ascending.
    pub latencies: Vec<u32>,
    pub errors: usize,
    /// The first error.
    pub error: Option<String>,
    pub elapsed: Duration,
}

impl Load {
    /// The latency in milliseconds that a share of the requests did not exceed.
    pub fn percentile(&self, share: f64) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
        let rank = share * self.latencies.len() as f64;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "an index")]
        let place = (rank.ceil() as usize).saturating_sub(1);
        self.latencies.get(place).map_or(f64::NAN, |micros| f64::from(*micros) / 1000.0)
    }
}

/// Asks for a while, with so many requests under way at a time.
pub async fn run(
    source: &Arc<Source>,
    concurrency: usize,
    time: Duration,
) -> Result<Load, Failure> {
    let started = Instant::now();
    let until = started + time;
    let mut workers = JoinSet::new();
    for _ in 0..concurrency {
        workers.spawn(work(Arc::clone(source), until));
    }
    let mut all = Load::default();
    while let Some(done) = workers.join_next().await {
        let one = done??;
        all.latencies.extend(one.latencies);
        all.errors += one.errors;
        all.error = all.error.or(one.error);
    }
    all.elapsed = started.elapsed();
    all.latencies.sort_unstable();
    Ok(all)
}

/// Asks a number of times, one after the other.
pub async fn times(source: &Source, count: usize) -> Result<(), Failure> {
    let mut connection = Connection::open(source.endpoint.port).await?;
    for _ in 0..count {
        let answer = connection.post(&source.endpoint, source.body()).await?;
        if let Some(error) = error_of(&answer) {
            return Err(format!("{} failed: {error}", source.target.title()).into());
        }
    }
    Ok(())
}

async fn work(source: Arc<Source>, until: Instant) -> Result<Load, Failure> {
    let mut connection = Connection::open(source.endpoint.port).await?;
    let mut load = Load::default();
    loop {
        let body = source.body();
        let asked = Instant::now();
        if asked >= until {
            return Ok(load);
        }
        let answer = connection.post(&source.endpoint, body).await?;
        if let Some(error) = error_of(&answer) {
            load.errors += 1;
            load.error.get_or_insert(error);
        } else {
            let micros = asked.elapsed().as_micros();
            load.latencies.push(u32::try_from(micros).unwrap_or(u32::MAX));
        }
    }
}

/// What an answer says went wrong. It is searched, not parsed, to leave the processor to the servers.
fn error_of(answer: &Answer) -> Option<String> {
    let has = |text: &str| memmem::find(&answer.body, text.as_bytes()).is_some();
    let fails = answer.status != 200 || has("\"errors\":[") || has("\"userErrors\":[{");
    fails.then(|| {
        let text = String::from_utf8_lossy(&answer.body);
        format!("{} {}", answer.status, text.chars().take(300).collect::<String>())
    })
}
