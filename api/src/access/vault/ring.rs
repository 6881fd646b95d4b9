//! The keys of the settings, each with an id, and what is made of them. None of it can be printed.

use std::fmt;

use aws_lc_rs::aead::{AES_256_GCM, LessSafeKey, UnboundKey};
use aws_lc_rs::{hkdf, hmac, rand};
use base64::Engine;
use base64::alphabet::STANDARD as ALPHABET;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use chrono::{DateTime, Utc};

/// The length of a key.
const BYTES: usize = 32;
/// The longest id of a key.
const LONGEST_ID: usize = 32;

/// Keys may be written with or without `=` at their end.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &ALPHABET,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Why keys can't be used; each says what to do, and none tells a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// There is none.
    #[error(
        "no data keys, by which restricted values are sealed: set HEARTH_DATA_KEYS (or --data-keys) \
         to `ID=BASE64KEY`; `hearth keys new` prints a fresh one"
    )]
    Missing,
    /// One has no id, or a strange one.
    #[error(
        "data key {0} is not of the form `ID=BASE64KEY`, with an id of at most 32 letters, digits, \
         `-` and `_`; `hearth keys new` prints a fresh one"
    )]
    Form(usize),
    /// One is no key.
    #[error("data key {0} is not 32 bytes in base64; `hearth keys new` prints a fresh one")]
    Length(usize),
    /// Two have the same id.
    #[error("data key {0} has the id of another one: a key keeps its id, a new key gets a new one")]
    Twice(usize),
    /// The machine gives no random numbers.
    #[error("the machine gives no random numbers")]
    Random,
}

/// One key of the ring, as what it is for.
pub(super) struct Key {
    pub(super) id: String,
    pub(super) sealing: LessSafeKey,
    hashing: hmac::Key,
}

impl fmt::Debug for Key {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Key")
    }
}

/// The keys of a setting, in their order.
pub(super) fn parse(setting: &str) -> Result<Vec<Key>, KeyError> {
    let mut keys: Vec<Key> = Vec::new();
    let texts = setting.split(',').map(str::trim).filter(|text| !text.is_empty());
    for (no, text) in (1..).zip(texts) {
        let (id, key) = text.split_once('=').ok_or(KeyError::Form(no))?;
        if !is_id(id) {
            return Err(KeyError::Form(no));
        }
        if keys.iter().any(|other| other.id == id) {
            return Err(KeyError::Twice(no));
        }
        // Both alphabets of base64 are read.
        let key = key.replace('-', "+").replace('_', "/");
        let key = BASE64.decode(key).ok().filter(|key| key.len() == BYTES);
        let key = key.ok_or(KeyError::Length(no))?;
        keys.push(Key::of(id, &key).ok_or(KeyError::Length(no))?);
    }
    Ok(keys)
}

/// A fresh key as a setting holds it, with an id that names the day.
pub fn fresh(now: DateTime<Utc>) -> Result<String, KeyError> {
    let (mut key, mut mark) = ([0; BYTES], [0; 2]);
    rand::fill(&mut key).and_then(|()| rand::fill(&mut mark)).map_err(|_| KeyError::Random)?;
    let [one, other] = mark;
    Ok(format!("k{}-{one:02x}{other:02x}={}", now.format("%Y%m%d"), BASE64.encode(key)))
}

/// A key that follows from a text that everybody may know: for made-up data only.
pub fn of_demo() -> String {
    let key = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, b"hearth demo: made-up data");
    format!("demo={}", BASE64.encode(key))
}

/// Whether a text may be the id of a key.
pub(super) fn is_id(text: &str) -> bool {
    let is_plain = |letter: u8| letter.is_ascii_alphanumeric() || letter == b'-' || letter == b'_';
    (1..=LONGEST_ID).contains(&text.len()) && text.bytes().all(is_plain)
}

impl Key {
    fn of(id: &str, key: &[u8]) -> Option<Self> {
        let seed = hkdf::Salt::new(hkdf::HKDF_SHA256, b"hearth data key v1").extract(key);
        let sealing = derived(&seed, b"seal")?;
        let hashing = derived(&seed, b"hash")?;
        Some(Self {
            id: id.to_owned(),
            sealing: LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &sealing).ok()?),
            hashing: hmac::Key::new(hmac::HMAC_SHA256, &hashing),
        })
    }

    /// The hash of a text under this key.
    pub(super) fn hash(&self, text: &str) -> String {
        URL_SAFE_NO_PAD.encode(hmac::sign(&self.hashing, text.as_bytes()))
    }
}

fn derived(seed: &hkdf::Prk, label: &[u8]) -> Option<[u8; BYTES]> {
    let mut key = [0; BYTES];
    seed.expand(&[label], hkdf::HKDF_SHA256).ok()?.fill(&mut key).ok()?;
    Some(key)
}
