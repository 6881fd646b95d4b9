//! Access tokens (RFC 9068): the only place that knows JWT. A token's claims are a ceiling;
//! what the viewer may really do, and whether the token was revoked, the database says.

mod keys;
mod proof;
mod refusal;
mod shape;
mod sign;
mod strict;

use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use aws_lc_rs::digest;
use chrono::{DateTime, Utc};
use tokio::time::Instant;
use uuid::Uuid;

pub use keys::KeyError;
pub use proof::{SelfTestError, self_test};
pub use refusal::Refusal;
pub use sign::{SignError, Signer};

use crate::recent::Recent;
use entity::membership::Role;
use keys::KeyRing;

/// Opens bearer tokens of the configured issuers. Cheap to ask: share one in an `Arc`.
pub struct Verifier {
    rings: HashMap<String, Arc<KeyRing>>,
    /// Tokens proven a moment ago, by their SHA-256: claims, never a token.
    recent: Recent<Fingerprint, Arc<Claims>>,
}

impl Verifier {
    /// Loads every issuer's keys. A file or inline set that can't be used is an error; a key
    /// server that can't be reached is not: it is asked again when a token needs it.
    ///
    /// # Errors
    /// When no issuer is given, one is given twice, or the settings of one can't work.
    pub async fn open(issuers: Vec<Issuer>) -> Result<Self, OpenError> {
        install_crypto();
        if issuers.is_empty() {
            return Err(OpenError::NoIssuer);
        }
        let mut rings = HashMap::with_capacity(issuers.len());
        for issuer in issuers {
            let name = issuer.issuer.clone();
            if rings.contains_key(&name) {
                return Err(OpenError::Twice(name));
            }
            let ring = KeyRing::open(issuer)
                .await
                .map_err(|reason| OpenError::Keys { issuer: name.clone(), reason })?;
            rings.insert(name, Arc::new(ring));
        }
        Ok(Self { rings, recent: Recent::default() })
    }

    /// Checks one token from the outside in: envelope, header, key, signature, claims.
    ///
    /// # Errors
    /// The first reason not to trust it: for metrics only, a client learns none of it.
    pub async fn verify(&self, token: &str) -> Result<Arc<Claims>, Refusal> {
        let envelope = shape::envelope(token)?;
        let fingerprint = fingerprint(token);
        if let Some(claims) = self.recent.recall(&fingerprint) {
            return Ok(claims);
        }
        let header = shape::header(&envelope)?;
        let issuer = shape::unproven_issuer(&envelope)?;
        let ring = self.rings.get(&issuer).ok_or(Refusal::Issuer)?;
        let key = ring.find(&header.kid).await?;
        let now = jsonwebtoken::get_current_timestamp();
        let payload = key.open(token, &header)?;
        let claims = Arc::new(payload.into_claims(now)?);
        // Never past their expiry.
        let expires_at = u64::try_from(claims.expires_at.timestamp()).unwrap_or(0);
        let left = Duration::from_secs(expires_at.saturating_sub(now)).min(KEPT_FOR);
        self.recent.remember(fingerprint, Arc::clone(&claims), Instant::now(), left);
        Ok(claims)
    }
}

const KEPT_FOR: Duration = Duration::from_secs(30);

type Fingerprint = [u8; 32];

fn fingerprint(token: &str) -> Fingerprint {
    let digest = digest::digest(&digest::SHA256, token.as_bytes());
    let mut fingerprint = Fingerprint::default();
    fingerprint.copy_from_slice(digest.as_ref());
    fingerprint
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verifier").field("issuers", &self.rings.keys()).finish_non_exhaustive()
    }
}

/// What a proven token says about its bearer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claims {
    pub subject: String,
    pub client_id: String,
    pub organisation: Uuid,
    pub role: Role,
    pub scopes: BTreeSet<String>,
    /// `jti`, by which one token is revoked.
    pub token_id: String,
    /// `sid`, by which all tokens of one login are revoked.
    pub session_id: Option<String>,
    /// `device_id`, by which all tokens of one device are revoked.
    pub device_id: Option<String>,
    pub issuer: String,
    pub issued_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
}

/// One party whose tokens are accepted, and where its keys are.
#[derive(Debug, Clone)]
pub struct Issuer {
    pub issuer: String,
    pub audience: String,
    pub keys: KeySource,
    /// A foreign issuer may also sign with RS256 and PS256; our own only with ES256 and `EdDSA`.
    pub foreign: bool,
}

/// Where a JWKS comes from. Files and URLs are read again, so that keys can rotate.
#[derive(Clone)]
pub enum KeySource {
    File(PathBuf),
    /// `https`, or `http` to a loopback host.
    Url(String),
    Inline(String),
}

impl fmt::Debug for KeySource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => f.debug_tuple("File").field(path).finish(),
            Self::Url(_) => f.write_str("Url(..)"),
            Self::Inline(_) => f.write_str("Inline(..)"),
        }
    }
}

/// Why a verifier can't start.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("no token issuer is configured")]
    NoIssuer,
    #[error("the token issuer {0} is configured twice")]
    Twice(String),
    #[error("the keys of the token issuer {issuer} can't be used")]
    Keys {
        issuer: String,
        #[source]
        reason: KeyError,
    },
}

/// Chooses the one crypto library; call it first thing in `main`. Further calls change nothing.
pub fn install_crypto() {
    // An error says only that a provider is there already.
    jsonwebtoken::crypto::aws_lc::DEFAULT_PROVIDER.install_default().ok();
}
