//! How much one client may ask for in a while, and how much runs at once: a bucket a client, and two
//! lanes, so that exports never hold up people at work.

use std::{
    num::NonZeroU32,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, SystemTime},
};

use chrono::{DateTime, SecondsFormat, Utc};
use governor::{
    Quota, RateLimiter,
    clock::{Clock, DefaultClock},
    middleware::StateInformationMiddleware,
    state::keyed::DefaultKeyedStateStore,
};
use serde::Serialize;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use uuid::Uuid;

use super::refusal::Refusal;

/// Cost that a client may spend at once.
pub const BURST: NonZeroU32 = NonZeroU32::MIN.saturating_add(9_999);
/// Cost that comes back each second.
pub const REFILL: NonZeroU32 = NonZeroU32::MIN.saturating_add(99);
/// Cost of one request with a free-form document.
pub const REQUEST: u64 = 1_000;
/// Cost of one request with a trusted document: a full bucket.
pub const TRUSTED_REQUEST: u64 = 10_000;

/// Buckets are swept once in so many requests.
const SWEEP: u32 = 4_096;

type Bucket = RateLimiter<
    Box<str>,
    DefaultKeyedStateStore<Box<str>>,
    DefaultClock,
    StateInformationMiddleware,
>;

/// The limits of one server.
#[derive(Debug)]
pub struct Limits {
    bucket: Bucket,
    charges: AtomicU32,
    interactive: Arc<Semaphore>,
    bulk: Arc<Semaphore>,
}

/// `extensions.cost` of an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Spent {
    /// What this request was charged.
    pub requested: u64,
    /// What the client can still spend at once.
    pub remaining: u32,
    /// When its bucket is full again if it asks for nothing.
    pub reset_at: String,
}

/// Held while an operation runs.
pub type Place = OwnedSemaphorePermit;

impl Limits {
    /// For a pool of so many database connections.
    pub fn new(pool_size: usize) -> Self {
        let at_once = pool_size.max(1).saturating_mul(4);
        let bulk = (at_once / 5).max(1);
        let quota = Quota::per_second(REFILL).allow_burst(BURST);
        Self {
            bucket: RateLimiter::dashmap(quota).with_middleware(),
            charges: AtomicU32::new(0),
            interactive: Arc::new(Semaphore::new(at_once - bulk)),
            bulk: Arc::new(Semaphore::new(bulk)),
        }
    }

    /// Takes the cost from the client's bucket: what is left, and the wait if it is not enough (then
    /// nothing is taken).
    pub fn charge(&self, client: &str, cost: u64) -> (Spent, Option<Duration>) {
        if self.charges.fetch_add(1, Ordering::Relaxed) % SWEEP == SWEEP - 1 {
            self.bucket.retain_recent();
        }
        let asked = u32::try_from(cost).unwrap_or(u32::MAX).min(BURST.get());
        let asked = NonZeroU32::new(asked).unwrap_or(NonZeroU32::MIN);
        let (remaining, wait) = match self.bucket.check_key_n(&client.into(), asked) {
            Ok(Ok(state)) => (state.remaining_burst_capacity(), None),
            Ok(Err(not_yet)) => {
                let wait = not_yet.wait_time_from(DefaultClock::default().now());
                (left_before(asked, wait), Some(wait))
            }
            Err(_) => (0, Some(refill_time(asked.get()))),
        };
        let full_in = refill_time(BURST.get().saturating_sub(remaining));
        #[expect(clippy::disallowed_methods, reason = "the bucket has a clock of its own")]
        let reset_at = DateTime::<Utc>::from(SystemTime::now() + full_in);
        let spent = Spent {
            requested: cost.max(1),
            remaining,
            reset_at: reset_at.to_rfc3339_opts(SecondsFormat::Millis, true),
        };
        (spent, wait)
    }

    /// A place to run in, at once or not at all.
    pub fn enter(&self, is_bulk: bool, request: Uuid) -> Result<Place, Refusal> {
        let lane = if is_bulk { &self.bulk } else { &self.interactive };
        Arc::clone(lane).try_acquire_owned().map_err(|_| {
            Refusal::new("SERVICE_UNAVAILABLE", "The service has too much to do at the moment.")
                .after(jittered(request))
        })
    }
}

/// The 429 of a bucket that is too empty.
pub fn throttled(wait: Duration) -> Refusal {
    Refusal::new("THROTTLED", "You asked for much in a short time; see \"extensions.cost\".")
        .after(wait)
}

/// What a bucket holds from which so much can be taken only after a wait.
fn left_before(asked: NonZeroU32, wait: Duration) -> u32 {
    let missing = wait.as_nanos().div_ceil(refill_time(1).as_nanos());
    asked.get().saturating_sub(u32::try_from(missing).unwrap_or(u32::MAX))
}

fn refill_time(cost: u32) -> Duration {
    Duration::from_secs(1) * cost / REFILL.get()
}

/// Between one and three seconds, so that those who were refused together don't come back together.
fn jittered(request: Uuid) -> Duration {
    let random = u64::try_from(request.as_u128() % 2_000).unwrap_or_default();
    Duration::from_millis(1_000 + random)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_empties_tells_what_is_left_and_belongs_to_one_client() {
        let limits = Limits::new(1);
        for left in (0..10).rev() {
            let (spent, wait) = limits.charge("a", 1_000);
            assert_eq!((spent.requested, wait), (1_000, None));
            assert!((left * 1_000..left * 1_000 + 200).contains(&spent.remaining), "{spent:?}");
        }
        let (spent, wait) = limits.charge("a", 500);
        assert!(spent.remaining < 200, "{spent:?}");
        assert!(wait.is_some_and(
            |wait| wait > Duration::from_secs(3) && wait <= Duration::from_secs(5)
        ));
        assert_eq!(limits.charge("b", 0).0.requested, 1);
        assert_eq!(limits.charge("b", 9_000).1, None);
    }

    #[test]
    fn more_than_a_bucket_empties_it() {
        let limits = Limits::new(1);
        assert_eq!(limits.charge("a", u64::MAX).1, None);
        assert!(limits.charge("a", 10).1.is_some());
    }

    #[test]
    fn the_reset_is_when_the_bucket_is_full() {
        let (spent, _) = Limits::new(1).charge("a", 1_000);
        let reset: DateTime<Utc> = spent.reset_at.parse().unwrap();
        #[expect(clippy::disallowed_methods, reason = "the bucket has a clock of its own")]
        let away = reset - DateTime::<Utc>::from(SystemTime::now());
        assert!((8_000..=10_100).contains(&away.num_milliseconds()), "{away}");
    }

    #[test]
    fn lanes_are_apart_and_refuse_at_once() {
        let limits = Limits::new(5);
        let id = Uuid::now_v7();
        let bulk: Vec<_> = (0..4).map(|_| limits.enter(true, id).unwrap()).collect();
        let refusal = limits.enter(true, id).unwrap_err();
        assert_eq!(refusal.code, "SERVICE_UNAVAILABLE");
        let wait = refusal.retry_after.unwrap();
        assert!((Duration::from_secs(1)..Duration::from_secs(3)).contains(&wait));
        let people: Vec<_> = (0..16).map(|_| limits.enter(false, id).unwrap()).collect();
        assert!(limits.enter(false, id).is_err());
        drop((bulk, people));
        assert!(limits.enter(true, id).is_ok() && limits.enter(false, id).is_ok());
    }
}
