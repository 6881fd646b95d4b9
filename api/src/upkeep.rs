//! What the service does by itself, again and again: places whose reservation ran out go to who waits
//! for them, and access in emergencies that ran out is told as lost. Nobody's place depends on it, since whoever gives out places looks first; it is for
//! those who wait while nobody asks. Several servers may do it at once.

use std::time::Duration;

use uuid::Uuid;

use crate::access::Session;
use crate::app::App;
use crate::casework::change::{Key, patiently};
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

/// Does what is due now: in how many centres and intakes, and of how many emergencies and shared
/// things.
pub async fn pass(app: &App) -> Result<usize> {
    let mut done = 0;
    let session = app.house(Uuid::nil());
    for (centre_id, organisation_id) in placement::upkeep::due(&session).await? {
        let (session, key) = (app.house(organisation_id), key());
        let settle = || placement::upkeep::settle(&session, &key, &centre_id);
        done += usize::from(is_done(patiently(settle).await)?);
    }
    for (intake_id, organisation_id) in enrolment::upkeep::due(&session).await? {
        let (session, key) = (app.house(organisation_id), key());
        let settle = || enrolment::upkeep::settle(&session, &key, &intake_id);
        done += usize::from(is_done(patiently(settle).await)?);
    }
    for (id, organisation_id) in break_glass::upkeep::due(&session).await? {
        let (session, key) = (app.house(organisation_id), key());
        let settle = || break_glass::upkeep::settle(&session, &key, &id);
        done += usize::from(is_done(patiently(settle).await)?);
    }
    done += sharing(app, &session).await?;
    Ok(done)
}

/// Notes which consents, referrals and transfers ran out: how many.
async fn sharing(app: &App, session: &Session) -> Result<usize> {
    let mut done = 0;
    for (id, organisation_id) in consent::upkeep::due(session).await? {
        let (session, key) = (app.house(organisation_id), key());
        let settle = || consent::upkeep::settle(&session, &key, &id);
        done += usize::from(is_done(patiently(settle).await)?);
    }
    for (id, organisation_id) in referral::upkeep::due(session).await? {
        let (session, key) = (app.house(organisation_id), key());
        let settle = || referral::upkeep::settle(&session, &key, &id);
        done += usize::from(is_done(patiently(settle).await)?);
    }
    for (id, organisation_id) in transfer::upkeep::due(session).await? {
        let (session, key) = (app.house(organisation_id), key());
        let settle = || transfer::upkeep::settle(&session, &key, &id);
        done += usize::from(is_done(patiently(settle).await)?);
    }
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
