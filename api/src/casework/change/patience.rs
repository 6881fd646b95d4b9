//! Trying again when another transaction was in the way.

use std::time::Duration;

use uuid::Uuid;

use crate::casework::problem::Halt;
use crate::error::Error;

/// How often a verb is tried when others are in its way, and how long it waits at most before the
/// first repetition; twice as long before each further one.
const TRIES: u32 = 4;
const FIRST_WAIT: Duration = Duration::from_millis(20);

/// Runs a verb again when another transaction was in its way; the key makes that safe.
pub async fn patiently<T, F>(verb: impl Fn() -> F) -> Result<T, Halt>
where
    F: Future<Output = Result<T, Halt>>,
{
    let mut tried = 1;
    loop {
        match verb().await {
            Err(Halt::Failed(Error::Conflict)) if tried < TRIES => {
                tokio::time::sleep(jitter(FIRST_WAIT * 2_u32.pow(tried))).await;
                tried += 1;
            }
            outcome => return outcome,
        }
    }
}

/// Some time up to a limit, by chance: requests that met don't meet again.
fn jitter(most: Duration) -> Duration {
    let (_, random) = Uuid::new_v4().as_u64_pair();
    let share = f64::from(u32::try_from(random & 0xFFFF).unwrap_or_default()) / f64::from(0xFFFF);
    most.mul_f64(share)
}
