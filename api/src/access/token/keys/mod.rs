//! The keys of one issuer, by `kid`, and when to read them again. Nothing runs in the background:
//! a token that needs a key causes the reading, one at a time and at most once a minute.

mod jwks;
mod source;

use std::error::Error;
use std::iter;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode};
use tokio::sync::{Mutex, OwnedMutexGuard};
use tokio::time::Instant;

use super::shape::{Header, Payload};
use super::{Issuer, Refusal};
pub(super) use jwks::{KeySet, Rules};
use source::Source;

const REFRESHED_AFTER: Duration = Duration::from_mins(5);
const TRIED_AGAIN_AFTER: Duration = Duration::from_mins(1);
const SERVED_FOR: Duration = Duration::from_hours(24);

/// One issuer's keys. A good set serves for 24 hours, whatever becomes of its source.
pub(super) struct KeyRing {
    source: Source,
    rules: Rules,
    current: RwLock<Option<Loaded>>,
    /// Held by whoever reads the source; remembers when that was last tried.
    turn: Arc<Mutex<Option<Instant>>>,
}

impl KeyRing {
    pub(super) async fn open(issuer: Issuer) -> Result<Self, KeyError> {
        if issuer.issuer.is_empty() || issuer.audience.is_empty() {
            return Err(KeyError::Unnamed);
        }
        let source = Source::open(issuer.keys)?;
        let ring = Self {
            rules: Rules::new(&issuer.issuer, &issuer.audience, issuer.foreign),
            current: RwLock::new(None),
            turn: Arc::new(Mutex::new(Some(Instant::now()))),
            source,
        };
        match ring.load().await {
            Ok(0) => Err(KeyError::NoneUsable),
            Ok(_) => Ok(ring),
            Err(error) if ring.source.is_remote() => {
                ring.warn(&error);
                Ok(ring)
            }
            Err(error) => Err(error),
        }
    }

    /// The key of that name; if need be after reading the source once more.
    pub(super) async fn find(self: &Arc<Self>, kid: &str) -> Result<Arc<Key>, Refusal> {
        match self.look_up(kid) {
            Answer::Current(key) => return Ok(key),
            // One request waits for the new set, the others go on with the old one.
            Answer::Stale(_) => {
                if let Ok(turn) = Arc::clone(&self.turn).try_lock_owned() {
                    self.refresh(turn).await;
                }
            }
            Answer::Unknown | Answer::Nothing => {
                let turn = Arc::clone(&self.turn).lock_owned().await;
                self.refresh(turn).await;
            }
        }
        match self.look_up(kid) {
            Answer::Current(key) | Answer::Stale(key) => Ok(key),
            Answer::Unknown => Err(Refusal::UnknownKey),
            Answer::Nothing => Err(Refusal::KeysUnavailable),
        }
    }

    fn look_up(&self, kid: &str) -> Answer {
        let current = self.current.read().unwrap_or_else(PoisonError::into_inner);
        let Some(loaded) = current.as_ref() else {
            return Answer::Nothing;
        };
        let age = if self.source.may_change() { loaded.at.elapsed() } else { Duration::ZERO };
        if age >= SERVED_FOR {
            return Answer::Nothing;
        }
        match loaded.keys.get(kid) {
            None => Answer::Unknown,
            Some(key) if age < REFRESHED_AFTER => Answer::Current(Arc::clone(key)),
            Some(key) => Answer::Stale(Arc::clone(key)),
        }
    }

    async fn refresh(self: &Arc<Self>, mut turn: OwnedMutexGuard<Option<Instant>>) {
        let is_early = turn.is_some_and(|tried| tried.elapsed() < TRIED_AGAIN_AFTER);
        if is_early || !self.source.may_change() {
            return;
        }
        *turn = Some(Instant::now());
        let ring = Arc::clone(self);
        // A task of its own: a client that hangs up must not stop the reading it has caused,
        // or it could keep a new key from ever being seen.
        let reading = tokio::spawn(async move {
            match ring.load().await {
                Ok(0) => ring.warn_of_none(),
                Ok(_) => {}
                Err(error) => ring.warn(&error),
            }
            drop(turn);
        });
        if reading.await.is_err() {
            tracing::error!(issuer = self.rules.issuer(), "reading token keys was cut off");
        }
    }

    /// Reads the source and, if its set is sound, puts it in place of the last one: an empty set
    /// too, because that is how an issuer withdraws all its keys.
    async fn load(&self) -> Result<usize, KeyError> {
        let text = self.source.read().await?;
        let keys = self.rules.read(&text)?;
        let count = keys.len();
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        *current = Some(Loaded { keys, at: Instant::now() });
        Ok(count)
    }

    fn warn(&self, error: &KeyError) {
        let issuer = self.rules.issuer();
        let cause = iter::successors(error.source(), |&cause| cause.source()).last();
        let cause = cause.map(tracing::field::display);
        tracing::warn!(issuer, %error, cause, "token keys not read; the last good set stays");
    }

    fn warn_of_none(&self) {
        let issuer = self.rules.issuer();
        tracing::warn!(issuer, "no usable token key is left: all tokens are refused");
    }
}

/// One public key, with the one algorithm and the one validation that go with it.
pub(super) struct Key {
    pub(super) algorithm: Algorithm,
    pub(super) public: DecodingKey,
    pub(super) validation: Validation,
}

impl Key {
    /// Proves the signature and the standard claims.
    pub(super) fn open(&self, token: &str, header: &Header) -> Result<Payload, Refusal> {
        if header.algorithm != self.algorithm {
            return Err(Refusal::Algorithm);
        }
        let opened = decode::<Payload>(token, &self.public, &self.validation)?;
        Ok(opened.claims)
    }
}

/// Why a key set can't be had or used.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    #[error("issuer and audience must not be empty")]
    Unnamed,
    #[error("the address must be https (http for a loopback host only), without user and password")]
    Address,
    #[error("the HTTPS client can't be made")]
    Client(#[source] reqwest::Error),
    #[error("no answer within 3 seconds")]
    Slow,
    #[error("the key server answered {0}")]
    Status(u16),
    #[error("the key server can't be read")]
    Unreachable(#[source] reqwest::Error),
    #[error("the key file can't be read")]
    File(#[source] std::io::Error),
    #[error("larger than 64 KiB")]
    TooLarge,
    #[error("not a JWKS, or a name occurs twice in it")]
    NotJwks,
    #[error("more than 20 keys")]
    TooMany,
    #[error("a secret or private key lies open in it")]
    Secret,
    #[error("two keys have the same kid")]
    SameKeyId,
    #[error("no key in it can be used")]
    NoneUsable,
}

struct Loaded {
    keys: KeySet,
    at: Instant,
}

enum Answer {
    Current(Arc<Key>),
    Stale(Arc<Key>),
    Unknown,
    Nothing,
}
