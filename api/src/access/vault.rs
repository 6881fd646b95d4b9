//! RESTRICTED values at rest: sealed under a key from the settings before they are stored, and opened
//! only where one is shown or compared.
//!
//! A value is sealed with AES-256-GCM under a random nonce; table, column and row go in as associated
//! data, so that what is copied to another place does not open there. What is looked up is looked up
//! by a keyed hash. Of each key in the ring, two are made: one seals, one hashes.

mod digests;
pub mod ring;
pub mod rotation;
pub mod store;

use std::fmt;
use std::sync::Arc;

use aws_lc_rs::aead::{Aad, NONCE_LEN, Nonce};
use aws_lc_rs::rand;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use entity::secret::{Fingerprint, Sealed, Secret};
use sea_orm::sea_query::ValueTuple;
use sea_orm::{ColumnTrait, EntityName, EntityTrait, ModelTrait, Value};
use uuid::Uuid;

use self::ring::{Key, KeyError};
use super::redact::{Classified, Seen};
use super::session::Session;
use crate::error::{Error, Result};

/// Seals and opens with the keys of the settings: the first one seals, all open.
#[derive(Clone)]
pub struct Vault(Arc<Ring>);

struct Ring {
    first: Key,
    others: Vec<Key>,
}

/// Where a value is stored; it opens nowhere else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    table: &'static str,
    column: &'static str,
    row: Uuid,
}

/// Why a stored value doesn't open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unopenable {
    /// It is a text in the open, which an earlier version left.
    #[error("it is not sealed")]
    InTheOpen,
    /// Its key is not in the ring.
    #[error("its key is not in the ring")]
    UnknownKey,
    /// It was changed, moved, or sealed under another key of that id.
    #[error("it was changed or moved, or its key has been replaced")]
    Broken,
}

impl Place {
    /// The place of a column's value in a row.
    pub fn of<C: ColumnTrait>(column: C, row: Uuid) -> Self {
        Self::named(C::EntityName::default().table_name(), column.as_str(), row)
    }

    const fn named(table: &'static str, column: &'static str, row: Uuid) -> Self {
        Self { table, column, row }
    }

    fn associated(self) -> Aad<String> {
        Aad::from(format!("hearth v1\0{}\0{}\0{}", self.table, self.column, self.row.simple()))
    }
}

impl Vault {
    /// A vault with the keys of a setting: `ID=BASE64KEY`, several separated by commas.
    pub fn of(keys: Option<&str>) -> Result<Self, KeyError> {
        let mut keys = ring::parse(keys.unwrap_or_default())?.into_iter();
        let first = keys.next().ok_or(KeyError::Missing)?;
        Ok(Self(Arc::new(Ring { first, others: keys.collect() })))
    }

    /// Seals a value for a place.
    pub fn seal(&self, place: Place, secret: &Secret) -> Result<Sealed> {
        let key = &self.0.first;
        let mut nonce = [0; NONCE_LEN];
        rand::fill(&mut nonce).map_err(|_| Error::Internal)?;
        let mut text = secret.expose().as_bytes().to_vec();
        let sealed = key.sealing.seal_in_place_append_tag(
            Nonce::assume_unique_for_key(nonce),
            place.associated(),
            &mut text,
        );
        sealed.map_err(|_| Error::Internal)?;
        let body = URL_SAFE_NO_PAD.encode([nonce.as_slice(), &text].concat());
        Ok(Sealed::of(&key.id, &body))
    }

    /// Opens the value of a place.
    pub fn open(&self, place: Place, sealed: &Sealed) -> Result<Secret, Unopenable> {
        let (key_id, body) = parts(sealed).ok_or(Unopenable::InTheOpen)?;
        let key = self.keys().find(|key| key.id == key_id).ok_or(Unopenable::UnknownKey)?;
        let body = URL_SAFE_NO_PAD.decode(body).map_err(|_| Unopenable::Broken)?;
        let (nonce, text) = body.split_at_checked(NONCE_LEN).ok_or(Unopenable::Broken)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| Unopenable::Broken)?;
        let mut text = text.to_vec();
        let opened = key.sealing.open_in_place(nonce, place.associated(), &mut text);
        let opened = opened.map_err(|_| Unopenable::Broken)?;
        let opened = std::str::from_utf8(opened).map_err(|_| Unopenable::Broken)?;
        Ok(Secret::new(opened.to_owned()))
    }

    /// The id of the key that seals.
    pub fn first_id(&self) -> &str {
        &self.0.first.id
    }

    /// Whether a key is in the ring.
    pub fn has(&self, key_id: &str) -> bool {
        self.keys().any(|key| key.id == key_id)
    }

    /// The hash by which a number of a kind is found again.
    pub fn fingerprint(&self, kind: &str, number: &Secret) -> Fingerprint {
        Fingerprint::new(self.0.first.hash(&looked_up(kind, number)))
    }

    /// The hashes under which it may stand while keys are rotated.
    pub fn fingerprints(&self, kind: &str, number: &Secret) -> Vec<Fingerprint> {
        let looked_up = looked_up(kind, number);
        self.keys().map(|key| Fingerprint::new(key.hash(&looked_up))).collect()
    }

    /// The digest of a mutation's input as it is kept: under a key, or whoever has the database could
    /// try which number, name or address was sent.
    pub fn digest(&self, digest: &str) -> String {
        keyed(&self.0.first, digest)
    }

    /// Whether a digest that is kept is of that input: under any key, or plain, as an earlier version
    /// kept it.
    pub fn is_digest(&self, kept: &str, digest: &str) -> bool {
        kept == digest || self.keys().any(|key| keyed(key, digest) == kept)
    }

    fn keys(&self) -> impl Iterator<Item = &Key> {
        std::iter::once(&self.0.first).chain(&self.0.others)
    }
}

impl fmt::Debug for Vault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Vault")
    }
}

/// The id of a value's key and what it opens; none if the value is in the open.
fn parts(sealed: &Sealed) -> Option<(&str, &str)> {
    sealed.parts().filter(|(key_id, _)| ring::is_id(key_id))
}

/// A number as it is looked up: neither case nor spaces and dashes tell two apart.
fn looked_up(kind: &str, number: &Secret) -> String {
    let number = number.expose();
    let mut plain: String = number.chars().filter(|letter| letter.is_alphanumeric()).collect();
    if plain.is_empty() {
        number.trim().clone_into(&mut plain);
    }
    format!("number\0{}\0{}", kind.trim().to_uppercase(), plain.to_uppercase())
}

/// What a digest under a key begins with.
const KEYED: &str = "h1.";

fn keyed(key: &Key, digest: &str) -> String {
    format!("{KEYED}{}", key.hash(&format!("input\0{digest}")))
}

impl Session {
    /// A RESTRICTED value of a row for the answer, if the viewer may see it and there is one. It is
    /// noted for the audit once it is open. One that doesn't open is an error, never an empty value.
    pub fn reveal<'a, M>(
        &self,
        row: &'a Seen<M>,
        column: <M::Entity as EntityTrait>::Column,
        sealed: impl FnOnce(&'a M) -> Option<&'a Sealed>,
    ) -> Result<Option<String>>
    where
        M: ModelTrait,
        M::Entity: Classified,
    {
        if !row.shows(column) {
            return Ok(None);
        }
        let Some(sealed) = sealed(row) else { return Ok(None) };
        let ValueTuple::One(Value::Uuid(Some(id))) = row.get_primary_key_value() else {
            unreachable!("rows with sealed values have an id")
        };
        let secret = self.open(Place::of(column, id), sealed)?;
        row.note(M::Entity::class(&column));
        Ok(Some(secret.expose().to_owned()))
    }

    /// Opens a RESTRICTED value to compare it, or to keep it elsewhere.
    pub fn open(&self, place: Place, sealed: &Sealed) -> Result<Secret> {
        self.vault().open(place, sealed).map_err(|reason| {
            let key = parts(sealed).map(|(key_id, _)| key_id);
            let (request_id, table, column) = (self.request_id(), place.table, place.column);
            tracing::error!(%request_id, table, column, key, %reason, "a sealed value doesn't open");
            Error::Internal
        })
    }

    /// Seals a RESTRICTED value for its place.
    pub fn seal(&self, place: Place, secret: &Secret) -> Result<Sealed> {
        self.vault().seal(place, secret)
    }
}

#[cfg(test)]
mod tests;
