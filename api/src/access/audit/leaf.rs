//! What a row of the audit, and a seal, come to as bytes and as a digest: the same on both databases,
//! and other bytes for whatever differs.

use aws_lc_rs::digest::{Context, SHA256};
use entity::{audit_event, audit_seal};

/// A digest.
pub type Hash = [u8; 32];

/// The way in which rows are written out; another way gets another number.
const FORM: u8 = 1;

/// Bytes of a digest that a seal keeps of each row, so that the one that was changed can be named. The
/// digest over all whole ones is what proves it.
const KEPT: usize = 8;
/// Bytes that a seal keeps of each row: its number, and so much of its digest.
const LEAF: usize = 8 + KEPT;

/// The digest of a row.
pub fn leaf(event: &audit_event::Model) -> Hash {
    let mut digest = Digest::new();
    digest.number(event.seq);
    digest.number(event.occurred_at.timestamp_micros());
    digest.field(Some(event.request_id.as_bytes()));
    digest.field(Some(event.subject.as_bytes()));
    digest.field(Some(event.client_id.as_bytes()));
    digest.field(Some(event.organisation_id.as_bytes()));
    digest.field(Some(event.role.as_bytes()));
    digest.field(event.operation.as_deref().map(str::as_bytes));
    digest.field(event.document.as_deref().map(str::as_bytes));
    digest.field(event.origin.as_deref().map(str::as_bytes));
    digest.field(Some(event.action.as_bytes()));
    digest.field(Some(event.entity_kind.as_bytes()));
    digest.field(Some(event.entity_ids.as_bytes()));
    digest.field(Some(event.field_class.as_bytes()));
    digest.finish()
}

/// The digest of a seal: over the one before it, what it covers, and when it was made.
pub fn link(before: &Hash, seal: &audit_seal::Model) -> Hash {
    let mut digest = Digest::new();
    digest.field(Some(before));
    for number in [seal.no, seal.first_seq, seal.last_seq, seal.count] {
        digest.number(number);
    }
    digest.field(Some(&seal.root));
    digest.field(Some(&seal.leaves));
    digest.number(seal.sealed_at.timestamp_micros());
    digest.finish()
}

/// What a seal says of the rows that it covers, gathered row by row.
pub struct Leaves {
    root: Context,
    kept: Vec<u8>,
    count: i64,
}

impl Leaves {
    /// Of no row yet.
    pub fn new() -> Self {
        Self { root: Context::new(&SHA256), kept: Vec::new(), count: 0 }
    }

    /// Adds a row.
    pub fn add(&mut self, event: &audit_event::Model) {
        let leaf = leaf(event);
        self.root.update(&leaf);
        self.kept.extend_from_slice(&event.seq.to_be_bytes());
        self.kept.extend_from_slice(&leaf[..KEPT]);
        self.count += 1;
    }

    /// How many rows there are, the digest over all of theirs, and what is kept of each.
    pub fn finish(self) -> (i64, Vec<u8>, Vec<u8>) {
        (self.count, self.root.finish().as_ref().to_vec(), self.kept)
    }
}

/// The rows that a seal covers, in order: the number of each, and what is kept of its digest.
pub fn kept(leaves: &[u8]) -> impl Iterator<Item = (i64, &[u8])> {
    leaves.chunks(LEAF).map(|leaf| {
        let (number, digest) = leaf.split_at(leaf.len().min(8));
        (number.try_into().map_or(i64::MIN, i64::from_be_bytes), digest)
    })
}

/// Whether a row is the one of which a digest was kept.
pub fn is_same(event: &audit_event::Model, kept: &[u8]) -> bool {
    leaf(event)[..KEPT] == *kept
}

/// A digest in hex.
pub fn hex(hash: &[u8]) -> String {
    use std::fmt::Write;
    hash.iter().fold(String::with_capacity(hash.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// A digest over fields, each led by its length, so that none can be mistaken for a part of another.
struct Digest(Context);

impl Digest {
    fn new() -> Self {
        let mut context = Context::new(&SHA256);
        context.update(&[FORM]);
        Self(context)
    }

    fn number(&mut self, number: i64) {
        self.0.update(&number.to_be_bytes());
    }

    fn field(&mut self, bytes: Option<&[u8]>) {
        let length = bytes.map_or(-1, |bytes| i64::try_from(bytes.len()).unwrap_or(i64::MAX));
        self.number(length);
        self.0.update(bytes.unwrap_or_default());
    }

    fn finish(self) -> Hash {
        let mut hash = [0; 32];
        hash.copy_from_slice(self.0.finish().as_ref());
        hash
    }
}
