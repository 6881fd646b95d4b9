//! Synthetic data: a made-up region with its organisations, centres and programmes, and
//! families in every state. The same seed, number of families and day give the same rows.
//!
//! Nobody and no place in it is real.

#![expect(clippy::disallowed_methods, reason = "made-up rows are put straight into the tables")]

mod actors;
mod agencies;
mod at01;
mod calendar;
mod centres;
mod chance;
mod history;
mod insert;
mod names;
mod outline;
mod programmes;
mod reference;
mod region;
mod rows;
mod story;
mod trainings;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use chrono::NaiveDate;
use entity::{family, membership};
use sea_orm::{DatabaseConnection, DbBackend, DbErr, EntityTrait, PaginatorTrait};
use tokio::sync::{Mutex, mpsc};

pub use self::actors::{Actor, actors};
use self::chance::Chance;
use self::insert::Store;
use self::region::Region;
use self::rows::Rows;
use self::story::{Stories, Story, Tie};
use crate::access::Vault;

/// What is to be sown.
#[derive(Clone, Copy, Debug)]
pub struct Sowing {
    /// How many families, besides the 51 of the municipality whose history is known.
    pub families: u32,
    /// Where chance begins.
    pub seed: u64,
    /// The day after the last one on which something has happened.
    pub today: NaiveDate,
}

/// What was sown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Families, with those of the known history.
    pub families: u64,
    /// Persons.
    pub persons: u64,
    /// Cases.
    pub cases: u64,
    /// Rows of all tables.
    pub rows: u64,
}

/// Why nothing was sown, or not all.
#[derive(Debug, thiserror::Error)]
pub enum SowError {
    /// There are families already.
    #[error(
        "the database already holds {0} families: synthetic data goes into an empty database only; \
         make a new one, or drop and migrate this one"
    )]
    NotEmpty(u64),
    /// The known history lies in the future of the day.
    #[error("synthetic data needs a day in {FIRST_YEAR} or later, not {0}")]
    TooEarly(NaiveDate),
    /// Not all histories were told; there is no end mark.
    #[error("{0} families are missing: start again with an empty database")]
    Interrupted(u64),
    /// The database failed; what was sown so far has no end mark and must not be used.
    #[error("the database failed: {0}")]
    Database(#[from] DbErr),
}

const FIRST_YEAR: i32 = 2023;
/// Families of one transaction.
const BATCH: usize = 500;
/// Transactions at a time on `PostgreSQL`.
const LANES: usize = 2;

/// Fills an empty, migrated database, restricted values sealed; `progress` is told the number of families done.
pub async fn sow(
    database: &DatabaseConnection,
    sowing: &Sowing,
    vault: &Vault,
    progress: impl Fn(u64) + Send + Sync,
) -> Result<Summary, SowError> {
    refuse(database, sowing).await?;
    let region = Arc::new(Region::found(*sowing, vault.clone()));
    if database.get_database_backend() == DbBackend::Postgres {
        sow_in_lanes(database, &region, progress).await
    } else {
        sow_at_once(database, &region, progress).await
    }
}

/// Whether a sowing came to its end here: its last rows are there.
pub async fn is_sown(database: &DatabaseConnection) -> Result<bool, DbErr> {
    let last = membership::Entity::find_by_id(actors::last_membership_id());
    Ok(last.one(database).await?.is_some())
}

async fn refuse(database: &DatabaseConnection, sowing: &Sowing) -> Result<(), SowError> {
    if sowing.today < calendar::day(FIRST_YEAR, 1, 1) {
        return Err(SowError::TooEarly(sowing.today));
    }
    match family::Entity::find().count(database).await? {
        0 => Ok(()),
        families => Err(SowError::NotEmpty(families)),
    }
}

/// Everything in one transaction.
async fn sow_at_once(
    database: &DatabaseConnection,
    region: &Arc<Region>,
    progress: impl Fn(u64) + Send + Sync,
) -> Result<Summary, SowError> {
    let mut store = Store::begin(database).await?;
    let mut summary = Summary::default();
    summary.insert(ground(region), &mut store).await?;
    let mut batches = batches(region);
    let mut done = 0;
    while let Some((families, rows)) = batches.recv().await {
        summary.insert(rows, &mut store).await?;
        done += families;
        progress(done);
    }
    expect_all(region, done)?;
    summary.insert(ending(), &mut store).await?;
    store.commit().await?;
    Ok(summary)
}

/// Transactions side by side; the last one alone, so that its rows mean that all are there.
async fn sow_in_lanes(
    database: &DatabaseConnection,
    region: &Arc<Region>,
    progress: impl Fn(u64) + Send + Sync,
) -> Result<Summary, SowError> {
    let mut summary = Summary::default();
    summary.commit(ground(region), database).await?;
    let batches = Mutex::new(batches(region));
    let done = AtomicU64::new(0);
    let lane = async || -> Result<Summary, DbErr> {
        let mut summary = Summary::default();
        loop {
            let batch = batches.lock().await.recv().await;
            let Some((families, rows)) = batch else { return Ok(summary) };
            summary.commit(rows, database).await?;
            progress(done.fetch_add(families, Ordering::Relaxed) + families);
        }
    };
    let lanes: [Summary; LANES] = tokio::try_join!(lane(), lane())?.into();
    for lane in &lanes {
        summary.add(lane);
    }
    expect_all(region, done.into_inner())?;
    summary.commit(ending(), database).await?;
    Ok(summary)
}

/// The end mark must not be set if the thread that tells the histories broke off.
fn expect_all(region: &Region, done: u64) -> Result<(), SowError> {
    let missing = u64::from(region.sowing.families).saturating_sub(done);
    if missing == 0 { Ok(()) } else { Err(SowError::Interrupted(missing)) }
}

/// What there is before the first family, and the known history.
fn ground(region: &Region) -> Rows {
    let mut rows = Rows::default();
    agencies::write(region, &mut rows);
    reference::write(&mut rows);
    centres::write(region, &mut rows);
    programmes::write(region, &mut rows);
    trainings::write(region, &mut rows);
    at01::write(region, &mut rows);
    rows
}

/// What shows that a sowing is complete.
fn ending() -> Rows {
    let mut rows = Rows::default();
    actors::write_memberships(&mut rows);
    rows
}

/// Tells the families' histories on a thread of its own, a few batches ahead.
fn batches(region: &Arc<Region>) -> mpsc::Receiver<(u64, Rows)> {
    let (sender, receiver) = mpsc::channel(LANES);
    let region = Arc::clone(region);
    tokio::task::spawn_blocking(move || {
        let mut stories = oldest_first(&region).into_iter().peekable();
        while stories.peek().is_some() {
            let mut batch: Vec<Story> = stories.by_ref().take(BATCH).collect();
            batch.extend(stories.next_if(|story| story.tie == Tie::Second));
            let families = batch.len() as u64;
            if sender.blocking_send((families, tell(&region, batch))).is_err() {
                return;
            }
        }
    });
    receiver
}

/// The stories in the order in which they begin, so that ids, which sort by time, come to
/// indexes nearly in order: inserts at the end of an index cost half. The two households of a
/// child stay side by side.
fn oldest_first(region: &Region) -> Vec<Story> {
    let Sowing { families, seed, today } = region.sowing;
    let mut day = today;
    let mut stories: Vec<(NaiveDate, Story)> = Stories::new(seed, families)
        .map(|story| {
            if story.tie != Tie::Second {
                day = history::begins_on(region, &story);
            }
            (day, story)
        })
        .collect();
    stories.sort_by_key(|(day, story)| (*day, story.index));
    stories.into_iter().map(|(_, story)| story).collect()
}

fn tell(region: &Region, batch: Vec<Story>) -> Rows {
    let mut rows = Rows::default();
    for story in batch {
        let mut chance = Chance::new(region.sowing.seed, OPEN_REPORTS + u64::from(story.index));
        history::write_open_report(region, &story, &mut chance, &mut rows);
        history::tell(region, story, &mut rows);
    }
    rows
}

const OPEN_REPORTS: u64 = 1 << 43;

impl Summary {
    async fn insert(&mut self, rows: Rows, store: &mut Store) -> Result<(), DbErr> {
        self.families += rows.family.len() as u64;
        self.persons += rows.person.len() as u64;
        self.cases += rows.case.len() as u64;
        self.rows += rows.count() as u64;
        Box::pin(rows.insert(store)).await
    }

    async fn commit(&mut self, rows: Rows, database: &DatabaseConnection) -> Result<(), DbErr> {
        let mut store = Box::pin(Store::begin(database)).await?;
        self.insert(rows, &mut store).await?;
        Box::pin(store.commit()).await
    }

    fn add(&mut self, other: &Self) {
        self.families += other.families;
        self.persons += other.persons;
        self.cases += other.cases;
        self.rows += other.rows;
    }
}
