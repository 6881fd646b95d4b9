//! Tokens proven within the last 30 seconds, by their SHA-256. Holds claims, never a token.

use std::collections::HashMap;
use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use aws_lc_rs::digest;
use tokio::time::Instant;

use super::Claims;

const KEPT_FOR: Duration = Duration::from_secs(30);
const PER_GENERATION: usize = 8_192;

pub(super) type Fingerprint = [u8; 32];

pub(super) fn fingerprint(token: &str) -> Fingerprint {
    let digest = digest::digest(&digest::SHA256, token.as_bytes());
    let mut fingerprint = Fingerprint::default();
    fingerprint.copy_from_slice(digest.as_ref());
    fingerprint
}

/// Two generations of bounded size: a full young one becomes the old one, which is forgotten.
/// So the size is bounded without ever searching for the entry to drop.
#[derive(Default)]
pub(super) struct Recent {
    generations: Mutex<Generations>,
}

impl Recent {
    pub(super) fn recall(&self, fingerprint: &Fingerprint) -> Option<Arc<Claims>> {
        let generations = self.lock();
        let entry = generations.young.get(fingerprint);
        let entry = entry.or_else(|| generations.old.get(fingerprint))?;
        (Instant::now() < entry.until).then(|| Arc::clone(&entry.claims))
    }

    /// Keeps the claims for 30 seconds, but never past their expiry.
    pub(super) fn remember(&self, fingerprint: Fingerprint, claims: &Arc<Claims>, now: u64) {
        let expires_at = u64::try_from(claims.expires_at.timestamp()).unwrap_or(0);
        let left = Duration::from_secs(expires_at.saturating_sub(now));
        if left.is_zero() {
            return;
        }
        let entry =
            Entry { until: Instant::now() + left.min(KEPT_FOR), claims: Arc::clone(claims) };
        let mut generations = self.lock();
        if generations.young.len() >= PER_GENERATION {
            generations.old = mem::take(&mut generations.young);
        }
        generations.young.insert(fingerprint, entry);
    }

    fn lock(&self) -> MutexGuard<'_, Generations> {
        self.generations.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[derive(Default)]
struct Generations {
    young: HashMap<Fingerprint, Entry>,
    old: HashMap<Fingerprint, Entry>,
}

struct Entry {
    until: Instant,
    claims: Arc<Claims>,
}

#[cfg(test)]
mod tests {
    //! However many tokens are proven, no more than two generations are kept.

    use std::collections::BTreeSet;

    use chrono::DateTime;
    use uuid::Uuid;

    use super::*;
    use entity::membership::Role;

    #[test]
    fn the_size_is_bounded() {
        let recent = Recent::default();
        let expires_at = DateTime::from_timestamp_nanos(60_000_000_000);
        let claims = Arc::new(Claims {
            subject: String::new(),
            client_id: String::new(),
            organisation: Uuid::nil(),
            role: Role::Auditor,
            scopes: BTreeSet::new(),
            token_id: String::new(),
            session_id: None,
            device_id: None,
            issuer: String::new(),
            issued_at: expires_at,
            expires_at,
        });
        for index in 0..5 * PER_GENERATION {
            recent.remember(fingerprint(&index.to_string()), &claims, 0);
            assert!(recent.recall(&fingerprint(&index.to_string())).is_some());
        }
        let generations = recent.lock();
        assert_eq!(generations.young.len(), PER_GENERATION);
        assert_eq!(generations.old.len(), PER_GENERATION);
    }
}
