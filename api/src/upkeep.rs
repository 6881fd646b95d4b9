//! What the service does by itself, again and again: places whose reservation ran out go to who waits
//! for them; access in emergencies, consents, referrals and transfers that ran out are noted, and told as
//! lost. Nobody's place and nothing that is hidden depends on it, since whoever gives out places and whoever
//! reads looks at the time itself. Beside it, results of metrics that are kept are counted anew. Several
//! servers may do it at once.

use std::time::Duration;

use uuid::Uuid;

use crate::app::App;
use crate::casework::change::{Key, patiently};
use crate::casework::metric::rollup;
use crate::casework::problem::Halt;
use crate::casework::{break_glass, consent, enrolment, placement, referral, transfer};
use crate::error::{Error, Result};

/// Does what is due, and does it again after a while, for as long as the service runs. What fails is
/// logged, and tried again.
pub async fn run(app: App, every: Duration) {
    loop {
        tokio::time::sleep(every).await;
        if let Err(failure) = pass(&app).await {
            tracing::warn!(%failure, "what is due by itself was not done; it is tried again");
        }
    }
}

/// Counts anew what is kept of metrics, and does it again after a while. It may take minutes, and what is
/// due doesn't wait for it; nor do requests: it rests three times as long as it took, so that counting
/// takes at most a quarter of one core of the database.
pub async fn count(app: App, every: Duration) {
    let mut rest = every;
    loop {
        tokio::time::sleep(rest).await;
        let begun = tokio::time::Instant::now();
        if let Err(failure) = recount(&app).await {
            tracing::warn!(%failure, "results of metrics were not counted anew; it is tried again");
        }
        rest = every.max(begun.elapsed() * REST);
    }
}

/// How many times as long as it took to count does counting rest before it begins again.
const REST: u32 = 3;

/// How long counting takes together with the rest after it.
pub fn cycle(took: Duration) -> Duration {
    took * (1 + REST)
}

/// Counts anew what is kept and no longer fresh: how many results.
pub async fn recount(app: &App) -> Result<usize> {
    let session = app.patient_house();
    match rollup::keeps(&session) {
        Some(age) => rollup::rebuild(&session, age, |_, _| ()).await,
        None => Ok(0),
    }
}

/// Does what is due now: how many things.
pub async fn pass(app: &App) -> Result<usize> {
    let session = app.house(Uuid::nil());
    let mut done = 0;
    macro_rules! settle {
        ($($feature:ident),+ $(,)?) => {
            $(for (id, organisation_id) in $feature::upkeep::due(&session).await? {
                let (session, key) = (app.house(organisation_id), key());
                let settle = || $feature::upkeep::settle(&session, &key, &id);
                done += usize::from(is_done(patiently(settle).await)?);
            })+
        };
    }
    settle!(placement, enrolment, break_glass, consent, referral, transfer);
    Ok(done)
}

/// A key of its own for each act: what is due is found anew each time.
fn key() -> Key {
    Key { client_mutation_id: Uuid::now_v7(), payload_hash: String::new() }
}

/// Whether it was done; what others do at the same moment is theirs.
fn is_done(done: Result<bool, Halt>) -> Result<bool> {
    match done {
        Ok(is_done) => Ok(is_done),
        Err(Halt::Failed(Error::Conflict) | Halt::Refused(_) | Halt::Replayed(_)) => Ok(false),
        Err(Halt::Failed(error)) => Err(error),
    }
}
