//! The start-up self-test: two fixed tokens, one for each of our algorithms, prove that the crypto
//! library is there, accepts what it must and refuses what it must. Their private keys are gone.

use std::sync::Arc;

use jsonwebtoken::Validation;

use super::keys::{Key, Rules};
use super::{Claims, Refusal, install_crypto, shape};

/// Opens the fixed tokens, then their forgeries. Call it once at start, before the first request.
///
/// # Errors
/// When signatures can't be trusted to this process: it must not serve.
pub fn self_test() -> Result<(), SelfTestError> {
    install_crypto();
    let rules = Rules::new(NAME, NAME, false);
    let keys = rules.read(KEYS.as_bytes());
    let keys = keys.map_err(|_| SelfTestError::Keys)?;
    let key = |kid: &str| keys.get(kid).map(timeless).ok_or(SelfTestError::Keys);
    let (p256, ed25519) = (key(P256_KID)?, key(ED25519_KID)?);

    for (key, token, other) in [(&p256, P256_TOKEN, &ed25519), (&ed25519, ED25519_TOKEN, &p256)] {
        let claims = open(key, token).map_err(SelfTestError::Refused)?;
        if claims.subject != SUBJECT {
            return Err(SelfTestError::Misread);
        }
        if open(key, &forged(token)) != Err(Refusal::Signature) {
            return Err(SelfTestError::Accepted);
        }
        if open(other, token) != Err(Refusal::Algorithm) {
            return Err(SelfTestError::Accepted);
        }
    }
    Ok(())
}

/// Why this process must not open tokens.
#[derive(Debug, thiserror::Error)]
pub enum SelfTestError {
    #[error("the token self-test's keys were not accepted")]
    Keys,
    #[error("a good token was refused in the self-test: {0}")]
    Refused(#[source] Refusal),
    #[error("a good token was misread in the self-test")]
    Misread,
    #[error("a forged token was accepted in the self-test")]
    Accepted,
}

fn open(key: &Key, token: &str) -> Result<Claims, Refusal> {
    let envelope = shape::envelope(token)?;
    let header = shape::header(&envelope)?;
    key.open(token, &header)?.into_claims(ISSUED_AT)
}

/// The same key, for tokens that have long expired.
fn timeless(key: &Arc<Key>) -> Key {
    Key {
        algorithm: key.algorithm,
        public: key.public.clone(),
        validation: Validation {
            validate_exp: false,
            validate_nbf: false,
            ..key.validation.clone()
        },
    }
}

/// Another subject under the old signature.
fn forged(token: &str) -> String {
    token.replace("InNlbGYtdGVzdCI", "InNlbGYtdGVzdSI")
}

const NAME: &str = "hearth:self-test";
const SUBJECT: &str = "self-test";
const ISSUED_AT: u64 = 1_767_225_600;
const P256_KID: &str = "d3Jy7na0puN9uvEF_C_loy4EEgWZ8jepHLaEr5KUjCw";
const ED25519_KID: &str = "L4tl4h6uKJnpBo6wuZZJqbntK05T7SjjV0yOTo25kPY";

const KEYS: &str = r#"{"keys":[
  {"use":"sig","alg":"ES256","kid":"d3Jy7na0puN9uvEF_C_loy4EEgWZ8jepHLaEr5KUjCw",
   "kty":"EC","crv":"P-256","x":"vymHJyiSM1qD84Z75S5diUhoEJasjcD-Gdrt0RNZkvY",
   "y":"u6-NSeP0kRo9QX6iWpMX5Ap0gDyYp3yyRlqb_uGdgwE"},
  {"use":"sig","alg":"EdDSA","kid":"L4tl4h6uKJnpBo6wuZZJqbntK05T7SjjV0yOTo25kPY",
   "kty":"OKP","crv":"Ed25519","x":"XnGL8A3YruqgJ04ySuYX8kO4dRqhqloMmkrv2GmQm7o"}]}"#;

const P256_TOKEN: &str = concat!(
    "eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJFUzI1NiIsImtpZCI6ImQzSnk3bmEwcHVOOXV2RUZfQ19sb3k0RUVn",
    "V1o4amVwSExhRXI1S1VqQ3cifQ",
    ".",
    "eyJpc3MiOiJoZWFydGg6c2VsZi10ZXN0IiwiYXVkIjoiaGVhcnRoOnNlbGYtdGVzdCIsInN1YiI6InNlbGYt",
    "dGVzdCIsImV4cCI6MTc2NzIyOTIwMCwibmJmIjoxNzY3MjI1NjAwLCJpYXQiOjE3NjcyMjU2MDAsImp0aSI6",
    "InNlbGYtdGVzdCIsImNsaWVudF9pZCI6ImhlYXJ0aCIsInNjb3BlIjoiIiwib3JnIjoib3JnYW5pc2F0aW9u",
    "XzAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAxIiwicm9sZSI6IkFVRElUT1IifQ",
    ".",
    "DjsvYSaAznL8w4m2Gb2I3C0wqFKmFaNSh9E6iU_HTvXSIr_5VhYE-UfFVH6XpVC19IgwsrIxaMT9Qz2Lfx2UcQ",
);

const ED25519_TOKEN: &str = concat!(
    "eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJFZERTQSIsImtpZCI6Ikw0dGw0aDZ1S0pucEJvNnd1WlpKcWJudEsw",
    "NVQ3U2pqVjB5T1RvMjVrUFkifQ",
    ".",
    "eyJpc3MiOiJoZWFydGg6c2VsZi10ZXN0IiwiYXVkIjoiaGVhcnRoOnNlbGYtdGVzdCIsInN1YiI6InNlbGYt",
    "dGVzdCIsImV4cCI6MTc2NzIyOTIwMCwibmJmIjoxNzY3MjI1NjAwLCJpYXQiOjE3NjcyMjU2MDAsImp0aSI6",
    "InNlbGYtdGVzdCIsImNsaWVudF9pZCI6ImhlYXJ0aCIsInNjb3BlIjoiIiwib3JnIjoib3JnYW5pc2F0aW9u",
    "XzAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAxIiwicm9sZSI6IkFVRElUT1IifQ",
    ".",
    "HHA8N5Yt0EL4v5tOVNKW3ZACNnw7LdJO5V_ZalYsutamAmchJ1flJk_KupGlPeApwGhFuMm0Vi81y6Tjf92oAw",
);
