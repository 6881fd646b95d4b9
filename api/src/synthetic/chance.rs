//! The only source of chance: the same seed, stream and order of questions give the same
//! answers on every machine. Also the ids, which sort by the date of their row.

use chacha20::ChaCha8Rng;
use chacha20::rand_core::{Rng, SeedableRng};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use uuid::{Builder, Uuid};

use super::calendar::{FOUNDED, after, morning};

/// A stream of chance.
#[derive(Debug)]
pub struct Chance(ChaCha8Rng);

impl Chance {
    /// The stream of a seed; streams of one seed are independent of each other.
    pub fn new(seed: u64, stream: u64) -> Self {
        let mut key = [0; 32];
        key[..8].copy_from_slice(&seed.to_le_bytes());
        let mut source = ChaCha8Rng::from_seed(key);
        source.set_stream(stream);
        Self(source)
    }

    /// A number below a bound.
    pub fn below(&mut self, bound: u32) -> u32 {
        let scaled = u64::from(self.0.next_u32()) * u64::from(bound);
        u32::try_from(scaled >> 32).unwrap_or_default()
    }

    /// A number between two others, both included.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        let width = u32::try_from(high - low + 1).unwrap_or(1);
        low + i64::from(self.below(width))
    }

    /// Yes, in so many cases of a hundred.
    pub fn percent(&mut self, share: u32) -> bool {
        self.below(100) < share
    }

    /// One of a list.
    pub fn pick<T: Copy, const N: usize>(&mut self, list: &[T; N]) -> T {
        let bound = u32::try_from(N).unwrap_or(u32::MAX);
        list[self.below(bound) as usize]
    }

    /// One of a list whose shares add up to a hundred.
    pub fn weigh<T: Copy, const N: usize>(&mut self, list: &[(u32, T); N]) -> T {
        let mut left = self.below(100);
        for (share, item) in list {
            if left < *share {
                return *item;
            }
            left -= share;
        }
        list[0].1
    }

    /// The day so many days after another, between two numbers.
    pub fn day_after(&mut self, day: NaiveDate, low: i64, high: i64) -> NaiveDate {
        after(day, self.between(low, high))
    }

    /// A moment of a day, in working hours.
    pub fn moment(&mut self, day: NaiveDate) -> DateTime<Utc> {
        morning(day) + TimeDelta::seconds(self.between(0, 7199))
    }

    /// An id of a row that was made at a moment.
    pub fn id(&mut self, at: DateTime<Utc>) -> Uuid {
        let mut noise = [0; 10];
        self.0.fill_bytes(&mut noise);
        Builder::from_unix_timestamp_millis(millis(at), &noise).into_uuid()
    }
}

/// Kinds of rows whose ids don't depend on the seed.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    Area = 1,
    Organisation,
    Worker,
    Membership,
    ApiClient,
    Register,
    ServiceType,
    Centre,
    Unit,
    CapacityPeriod,
    Programme,
    BudgetLine,
    Availability,
    EligibilityRule,
    Stage,
    Intake,
    TrainingEvent,
}

/// The id of a row that is the same in every sowing.
pub fn fixed(kind: Kind, no: u32) -> Uuid {
    dated(FOUNDED, kind, no)
}

/// The id of a row that is the same in every sowing of one day.
pub fn dated(day: NaiveDate, kind: Kind, no: u32) -> Uuid {
    let mut tail = [0; 10];
    tail[1] = kind as u8;
    tail[6..].copy_from_slice(&no.to_be_bytes());
    Builder::from_unix_timestamp_millis(millis(morning(day)), &tail).into_uuid()
}

fn millis(at: DateTime<Utc>) -> u64 {
    u64::try_from(at.timestamp_millis()).unwrap_or_default()
}
