//! How much may be asked for in a while, and how much runs at once: a bucket for each viewer, one for
//! all who come by the same client, and two lanes, so that exports never hold up people at work.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, SystemTime},
};

use chrono::{DateTime, SecondsFormat, Utc};
use entity::membership::Role;
use serde::Serialize;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout};
use uuid::Uuid;

use super::buckets::{Buckets, Level};
use super::refusal::Refusal;
use crate::rates::Rates;

/// Cost of one request with a free-form document.
pub const REQUEST: u64 = 1_000;
/// Cost of one request with a trusted document.
pub const TRUSTED_REQUEST: u64 = 10_000;

/// Buckets that are full are forgotten once in so many requests.
const SWEEP: u32 = 4_096;

/// The limits of one server.
#[derive(Debug)]
pub struct Limits {
    viewers: Buckets,
    clients: Buckets,
    charges: AtomicU32,
    interactive: Lane,
    bulk: Lane,
}

/// What runs at once, and what waits for that. Who asks for little is answered by waiting a moment; to
/// refuse all that can't begin at once would only bring them back.
#[derive(Debug)]
struct Lane {
    places: Arc<Semaphore>,
    line: Semaphore,
}

/// How many stand in line for one that runs.
const IN_LINE_FOR_ONE: usize = 4;

/// How long one stands in line at most.
const LONGEST_WAIT: Duration = Duration::from_secs(1);

impl Lane {
    fn of(places: usize) -> Self {
        let line = Semaphore::new(places.saturating_mul(IN_LINE_FOR_ONE));
        Self { places: Arc::new(Semaphore::new(places)), line }
    }

    async fn enter(&self) -> Option<Place> {
        if let Ok(place) = Arc::clone(&self.places).try_acquire_owned() {
            return Some(place);
        }
        let _in_line = self.line.try_acquire().ok()?;
        timeout(LONGEST_WAIT, Arc::clone(&self.places).acquire_owned()).await.ok()?.ok()
    }
}

/// Whose buckets a request is charged to.
#[derive(Debug, Clone, Copy)]
pub struct Payer<'a> {
    /// The client by which the viewer comes.
    pub client: &'a str,
    /// The viewer, by this client.
    pub subject: &'a str,
}

/// `extensions.cost` of an answer: of the two buckets, the one that holds less.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Spent {
    /// What this request was charged.
    pub requested: u64,
    /// What can still be spent at once.
    pub remaining: u64,
    /// When the bucket is full again if nothing is asked for.
    pub reset_at: String,
}

/// Held while an operation runs.
pub type Place = OwnedSemaphorePermit;

impl Limits {
    /// For a pool of so many database connections.
    pub fn new(pool_size: usize, rates: Rates) -> Self {
        let at_once = pool_size.max(1).saturating_mul(4);
        let bulk = (at_once / 5).max(1);
        Self {
            viewers: Buckets::new(rates.viewer),
            clients: Buckets::new(rates.client),
            charges: AtomicU32::new(0),
            interactive: Lane::of(at_once - bulk),
            bulk: Lane::of(bulk),
        }
    }

    /// Takes the cost from the viewer's bucket and from the client's: what is left, and the wait if one
    /// of them is not enough; then nothing is taken from either.
    pub fn charge(&self, payer: Payer<'_>, cost: u64) -> (Spent, Option<Duration>) {
        if self.charges.fetch_add(1, Ordering::Relaxed) % SWEEP == SWEEP - 1 {
            let now = Instant::now();
            self.viewers.forget_full(now);
            self.clients.forget_full(now);
        }
        self.weigh(payer, cost, true)
    }

    /// The same, but that nothing is taken.
    pub fn price(&self, payer: Payer<'_>, cost: u64) -> (Spent, Option<Duration>) {
        self.weigh(payer, cost, false)
    }

    fn weigh(&self, payer: Payer<'_>, cost: u64, takes: bool) -> (Spent, Option<Duration>) {
        let now = Instant::now();
        let cost = cost.max(1);
        let viewer = format!("{} {}", payer.client, payer.subject);
        // Always in this order, so that no two wait for each other.
        let mut of_viewer = self.viewers.open(&viewer, now);
        let mut of_client = self.clients.open(payer.client, now);
        let wait = of_viewer.wait_for(cost).max(of_client.wait_for(cost));
        if takes && wait.is_none() {
            of_viewer.take(cost);
            of_client.take(cost);
        }
        let levels = [of_viewer.level(), of_client.level()];
        let tighter = levels.into_iter().min_by_key(|level| level.remaining);
        (spent(cost, tighter.unwrap_or_default()), wait)
    }

    /// A place to run in, soon or not at all: at once if one is free, else after a moment in line, unless
    /// that is full.
    pub async fn enter(&self, role: Role, request: Uuid) -> Result<Place, Refusal> {
        let lane = match role {
            Role::Integration | Role::Analyst => &self.bulk,
            Role::Caseworker
            | Role::Supervisor
            | Role::AreaCoordinator
            | Role::CentreStaff
            | Role::NgoWorker
            | Role::Reporter
            | Role::Auditor
            | Role::Admin => &self.interactive,
        };
        lane.enter().await.ok_or_else(|| {
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

fn spent(requested: u64, Level { remaining, full_in }: Level) -> Spent {
    #[expect(clippy::disallowed_methods, reason = "the buckets have a clock of their own")]
    let reset_at = DateTime::<Utc>::from(SystemTime::now() + full_in);
    let reset_at = reset_at.to_rfc3339_opts(SecondsFormat::Millis, true);
    Spent { requested, remaining, reset_at }
}

/// Between one and three seconds, so that those who were refused together don't come back together.
fn jittered(request: Uuid) -> Duration {
    let random = u64::try_from(request.as_u128() % 2_000).unwrap_or_default();
    Duration::from_millis(1_000 + random)
}

#[cfg(test)]
mod tests {
    use futures_util::future::join_all;
    use tokio::task::JoinHandle;

    use super::*;
    use crate::rates::Rate;

    const fn by(subject: &str) -> Payer<'_> {
        Payer { client: "app", subject }
    }

    fn limits(client: Rate) -> Limits {
        Limits::new(1, Rates { client, ..Rates::default() })
    }

    fn wide() -> Limits {
        Limits::new(1, Rates::default())
    }

    #[test]
    fn a_bucket_empties_tells_what_is_left_and_belongs_to_one_viewer() {
        let limits = wide();
        for left in (0..10).rev() {
            let (spent, wait) = limits.charge(by("a"), 1_000);
            assert_eq!((spent.requested, wait), (1_000, None));
            assert!((left * 1_000..left * 1_000 + 200).contains(&spent.remaining), "{spent:?}");
        }
        let (spent, wait) = limits.charge(by("a"), 500);
        assert!(spent.remaining < 200, "{spent:?}");
        assert!(wait.is_some_and(
            |wait| wait > Duration::from_secs(3) && wait <= Duration::from_secs(5)
        ));
        assert_eq!(limits.charge(by("b"), 0).0.requested, 1);
        assert_eq!(limits.charge(by("b"), 9_000).1, None);
        // The same person by another client has another bucket.
        assert_eq!(limits.charge(Payer { client: "other", subject: "a" }, 9_000).1, None);
    }

    #[test]
    fn many_viewers_of_one_client_are_stopped_by_its_bucket() {
        let limits = limits(Rate { burst: 3_000, refill: 100 });
        for subject in ["a", "b", "c"] {
            let (spent, wait) = limits.charge(by(subject), 900);
            assert_eq!(wait, None);
            assert!(spent.remaining < 3_000, "the tighter one is told: {spent:?}");
        }
        let (spent, wait) = limits.charge(by("d"), 900);
        assert!(spent.remaining < 400 && wait > Some(Duration::from_secs(5)), "{spent:?} {wait:?}");
        assert_eq!(limits.charge(Payer { client: "other", subject: "d" }, 900).1, None);
    }

    #[test]
    fn who_is_refused_is_charged_nowhere() {
        let limits = limits(Rate { burst: 12_000, refill: 1 });
        assert_eq!(limits.charge(by("a"), 9_500).1, None);
        // Refused by the viewer's bucket, the client's stays at 2,500.
        for _ in 0..10 {
            assert!(limits.charge(by("a"), 900).1.is_some());
        }
        assert_eq!(limits.charge(by("b"), 2_400).1, None);
        // Refused by the client's bucket, the viewer's stays full.
        for _ in 0..10 {
            let (spent, wait) = limits.charge(by("c"), 5_000);
            assert!(wait.is_some() && spent.remaining < 200, "{spent:?}");
        }
        let bucket = limits.viewers.open("app c", Instant::now()).level();
        assert_eq!(bucket.remaining, Rates::default().viewer.burst);
    }

    #[test]
    fn more_than_a_bucket_empties_it() {
        let limits = wide();
        assert_eq!(limits.charge(by("a"), u64::MAX).1, None);
        assert!(limits.charge(by("a"), 10).1.is_some());
    }

    #[test]
    fn the_reset_is_when_the_bucket_is_full() {
        let (spent, _) = wide().charge(by("a"), 1_000);
        let reset: DateTime<Utc> = spent.reset_at.parse().unwrap();
        #[expect(clippy::disallowed_methods, reason = "the buckets have a clock of their own")]
        let away = reset - DateTime::<Utc>::from(SystemTime::now());
        assert!((8_000..=10_100).contains(&away.num_milliseconds()), "{away}");
    }

    fn is_full(entered: Result<Place, Refusal>) {
        let refusal = entered.unwrap_err();
        assert_eq!(refusal.code, "SERVICE_UNAVAILABLE");
        let wait = refusal.retry_after.unwrap();
        assert!((Duration::from_secs(1)..Duration::from_secs(3)).contains(&wait));
    }

    async fn all(limits: &Limits, role: Role, count: usize) -> Vec<Place> {
        let places = (0..count).map(|_| limits.enter(role, Uuid::now_v7()));
        join_all(places).await.into_iter().map(Result::unwrap).collect()
    }

    /// Somebody in line.
    async fn in_line(limits: &Arc<Limits>, role: Role) -> JoinHandle<Result<Place, Refusal>> {
        let limits = Arc::clone(limits);
        let waiting = tokio::spawn(async move { limits.enter(role, Uuid::now_v7()).await });
        tokio::task::yield_now().await;
        waiting
    }

    #[tokio::test]
    async fn lanes_are_apart_and_refuse_who_finds_the_line_full() {
        let limits = Arc::new(Limits::new(5, Rates::default()));
        let exports = all(&limits, Role::Integration, 4).await;
        let mut line = Vec::new();
        for _ in 0..16 {
            line.push(in_line(&limits, Role::Analyst).await);
        }
        is_full(limits.enter(Role::Analyst, Uuid::now_v7()).await);
        let people = all(&limits, Role::Caseworker, 16).await;
        let one = in_line(&limits, Role::Caseworker).await;
        drop((exports, people));
        for waiting in line.into_iter().chain([one]) {
            assert!(waiting.await.unwrap().is_ok(), "each in line comes in its turn");
        }
    }

    #[tokio::test]
    async fn who_stands_in_line_for_long_is_refused_and_who_leaves_makes_room() {
        let limits = Arc::new(Limits::new(1, Rates::default()));
        let people = all(&limits, Role::Caseworker, 3).await;
        let mut line = Vec::new();
        for _ in 0..12 {
            line.push(in_line(&limits, Role::Caseworker).await);
        }
        line.pop().unwrap().abort();
        tokio::task::yield_now().await;
        line.push(in_line(&limits, Role::Caseworker).await);
        for waiting in line {
            is_full(waiting.await.unwrap());
        }
        drop(people);
        assert!(limits.enter(Role::Caseworker, Uuid::now_v7()).await.is_ok());
    }
}
