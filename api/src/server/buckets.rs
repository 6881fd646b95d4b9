//! Buckets by name: each holds so much, and fills again at a steady rate. Several can be looked into
//! before something is taken from all of them, or from none.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::rates::Rate;

/// Buckets of one size.
#[derive(Debug)]
pub struct Buckets {
    rate: Rate,
    /// When each bucket is full again; one that is full already needs no entry.
    full_at: Mutex<HashMap<Box<str>, Instant>>,
}

/// One bucket, looked into while nobody else takes from any.
#[derive(Debug)]
pub struct Open<'a> {
    rate: Rate,
    name: &'a str,
    now: Instant,
    full_at: MutexGuard<'a, HashMap<Box<str>, Instant>>,
}

/// How full a bucket is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Level {
    /// What can be taken at once.
    pub remaining: u64,
    /// After what time it is full.
    pub full_in: Duration,
}

impl Buckets {
    /// Buckets that are full.
    pub fn new(rate: Rate) -> Self {
        Self { rate, full_at: Mutex::default() }
    }

    /// Looks into a bucket.
    pub fn open<'a>(&'a self, name: &'a str, now: Instant) -> Open<'a> {
        let full_at = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        Open { rate: self.rate, name, now, full_at }
    }

    /// Drops the entries of buckets that are full.
    pub fn forget_full(&self, now: Instant) {
        let mut full_at = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        full_at.retain(|_, full_at| *full_at > now);
    }
}

impl Open<'_> {
    /// How long it takes until so much is in it; nothing if it is. What is more than a bucket holds
    /// needs a full one.
    pub fn wait_for(&self, cost: u64) -> Option<Duration> {
        let missing_then = self.full_in() + self.time_of(cost);
        let whole = self.time_of(self.rate.burst);
        missing_then.checked_sub(whole).filter(|wait| !wait.is_zero())
    }

    /// Takes so much, or all.
    pub fn take(&mut self, cost: u64) {
        let full_at = self.now + self.full_in() + self.time_of(cost);
        self.full_at.insert(self.name.into(), full_at);
    }

    /// How full it is.
    pub fn level(&self) -> Level {
        let full_in = self.full_in();
        let missing = full_in.as_nanos().div_ceil(self.time_of(1).as_nanos().max(1));
        let missing = u64::try_from(missing).unwrap_or(u64::MAX);
        Level { remaining: self.rate.burst.saturating_sub(missing), full_in }
    }

    fn full_in(&self) -> Duration {
        let full_at = self.full_at.get(self.name);
        full_at.map_or(Duration::ZERO, |full_at| full_at.saturating_duration_since(self.now))
    }

    fn time_of(&self, cost: u64) -> Duration {
        let cost = u128::from(cost.min(self.rate.burst));
        let nanos = cost * 1_000_000_000 / u128::from(self.rate.refill.max(1));
        Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::Instant;

    use super::{Buckets, Level};
    use crate::rates::Rate;

    #[test]
    fn a_bucket_fills_at_its_rate_and_is_forgotten_when_full() {
        let buckets = Buckets::new(Rate { burst: 100, refill: 10 });
        let start = Instant::now();
        buckets.open("a", start).take(100);
        buckets.open("b", start).take(20);
        let empty = Level { remaining: 0, full_in: Duration::from_secs(10) };
        assert_eq!(buckets.open("a", start).level(), empty);
        assert_eq!(buckets.open("a", start).wait_for(5), Some(Duration::from_millis(500)));
        let soon = start + Duration::from_millis(500);
        assert_eq!(buckets.open("a", soon).wait_for(5), None);
        assert_eq!(buckets.open("a", soon).level().remaining, 5);
        buckets.forget_full(start + Duration::from_secs(3));
        assert_eq!(buckets.full_at.lock().unwrap().len(), 1);
        let full = Level { remaining: 100, full_in: Duration::ZERO };
        assert_eq!(buckets.open("a", start + Duration::from_mins(1)).level(), full);
    }
}
