//! Where the document of a request comes from: the trusted ones by their hash, text that a client
//! sends if that is allowed, each parsed and checked once.

use std::{collections::HashMap, fmt::Write, fs, path::Path, sync::Arc};

use async_graphql::{
    Name, Variables,
    parser::{
        parse_query,
        types::{DocumentOperations, ExecutableDocument, OperationDefinition},
    },
};
use moka::sync::Cache;
use sha2::{Digest, Sha256};

use super::{
    cost::{self, Price},
    guard::{self, Bounds, Breach},
    precheck::{self, Facts, Limits},
    refusal::Refusal,
    request::Asked,
    shape::Shape,
};

/// Characters of source whose parsed documents are kept; a parsed document takes some 30 times more.
const KEPT_CHARACTERS: u64 = 1 << 20;

/// Whether clients may send the text of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FreeForm {
    On,
    /// With a token that has `graphql:free-form`.
    Scope,
    Off,
}

/// Why the trusted documents can't be served: the server must not start.
#[derive(Debug, thiserror::Error)]
#[error("trusted document {document}: {reason}")]
pub struct Unfit {
    pub document: String,
    pub reason: String,
}

/// All documents that the server knows.
#[derive(Debug)]
pub struct Documents {
    pub(super) shape: Shape,
    free_form: FreeForm,
    trusted: HashMap<Hash, Arc<Checked>>,
    sent: Cache<String, Arc<Checked>>,
}

impl Documents {
    /// Reads and checks the trusted documents: those built in, as (name, text), and those of a JSON
    /// manifest `{"<sha256 in hex>": "<text>"}`, as relay-compiler and graphql-codegen write it.
    ///
    /// # Errors
    /// `Unfit` names the first document that can't be served.
    pub fn load(
        sdl: &str,
        built_in: &[(&str, &str)],
        manifest: Option<&Path>,
        free_form: FreeForm,
    ) -> Result<Self, Unfit> {
        let shape = Shape::from_sdl(sdl).map_err(|reason| unfit("(schema)", reason))?;
        let mut trusted = HashMap::new();
        for (name, text) in built_in {
            trusted.insert(Hash::of(text), trust(name, text, &shape)?);
        }
        for (id, text) in manifest.map(read_manifest).transpose()?.unwrap_or_default() {
            let hash = Hash::of(&text);
            if Hash::of_hex(id.strip_prefix("sha256:").unwrap_or(&id)) != hash {
                return Err(unfit(
                    &id,
                    "the key is not the SHA-256 of its text, in lower-case hex",
                ));
            }
            trusted.insert(hash, trust(&id, &text, &shape)?);
        }
        let sent = Cache::builder()
            .weigher(|text: &String, _| {
                u32::try_from(text.len()).unwrap_or(u32::MAX).saturating_add(256)
            })
            .max_capacity(KEPT_CHARACTERS)
            .build();
        Ok(Self { shape, free_form, trusted, sent })
    }

    /// Whether the text of a document is taken from a request's address: not where the server keeps
    /// watch over who may send one.
    pub(super) fn reads_addresses(&self) -> bool {
        self.free_form == FreeForm::On
    }

    /// The checked document that a request names or sends. A hash beside an unknown text is only
    /// compared with it: clients register nothing.
    pub(super) fn find(&self, asked: &Asked, may_send_text: bool) -> Result<Arc<Checked>, Refusal> {
        if let Some(document) = asked.hash.and_then(|hash| self.trusted.get(&hash)) {
            return Ok(Arc::clone(document));
        }
        let Some(text) = &asked.text else {
            let message = "No trusted document has this hash. They are known as \"sha256:<64 lower-case hex digits>\" of their text.";
            return Err(Refusal::new("PERSISTED_QUERY_NOT_FOUND", message));
        };
        if asked.hash.is_some_and(|hash| hash != Hash::of(text)) {
            return Err(Refusal::malformed("The hash is not the SHA-256 of \"query\"."));
        }
        let may = match self.free_form {
            FreeForm::On => true,
            FreeForm::Scope => may_send_text,
            FreeForm::Off => false,
        };
        if !may {
            let message = "Only trusted documents are served here: send \"documentId\", or ask the operator for the scope \"graphql:free-form\".";
            return Err(Refusal::new("PERSISTED_QUERY_ONLY", message));
        }
        if let Some(document) = self.sent.get(text.as_str()) {
            return Ok(document);
        }
        let checked = Checked::new(text, &Bounds::FREE_FORM, &Limits::FREE_FORM, &self.shape)?;
        let checked = Arc::new(checked);
        self.sent.insert(text.clone(), Arc::clone(&checked));
        Ok(checked)
    }
}

/// A document that may be executed.
#[derive(Debug)]
pub(super) struct Checked {
    pub(super) document: ExecutableDocument,
    pub(super) facts: Facts,
    pub(super) is_trusted: bool,
    /// By operation: what it costs, unless the variables decide.
    prices: HashMap<Option<Name>, Price>,
}

/// The operation of a document that a request runs.
#[derive(Debug, Clone, Copy)]
pub(super) struct Chosen<'a> {
    pub(super) name: Option<&'a Name>,
    pub(super) definition: &'a OperationDefinition,
}

impl Checked {
    fn new(text: &str, bounds: &Bounds, limits: &Limits, shape: &Shape) -> Result<Self, Refusal> {
        guard::scan(text, bounds).map_err(|breach| match breach {
            Breach::UnterminatedString => Refusal::new("GRAPHQL_PARSE_FAILED", breach.to_string()),
            _ => Refusal::limit(breach.to_string()),
        })?;
        let document = parse_query(text)?;
        let facts = precheck::check(&document, limits)?;
        let none = Variables::default();
        let prices = document.operations.iter().map(|(name, operation)| {
            (name.cloned(), cost::price(&document, &operation.node, &none, shape))
        });
        let prices = prices.collect();
        Ok(Self { document, facts, is_trusted: false, prices })
    }

    /// The operation of this name, or the only one.
    pub(super) fn operation(&self, name: Option<&str>) -> Result<Chosen<'_>, Refusal> {
        let unresolved = |message| Refusal::new("OPERATION_RESOLUTION_FAILURE", message);
        let mut all = self.document.operations.iter();
        let found = match (name, &self.document.operations) {
            (Some(name), DocumentOperations::Multiple(operations)) => {
                operations.get_key_value(name).map(|(name, operation)| (Some(name), operation))
            }
            (Some(_), DocumentOperations::Single(_)) => None,
            (None, _) if all.len() == 1 => all.next(),
            (None, _) => {
                return Err(unresolved(
                    "The document has several operations: say which by \"operationName\".",
                ));
            }
        };
        let (name, operation) =
            found.ok_or_else(|| unresolved("The document has no operation of this name."))?;
        Ok(Chosen { name, definition: &operation.node })
    }

    /// What an operation costs with these variables.
    pub(super) fn cost(&self, chosen: Chosen<'_>, variables: &Variables, shape: &Shape) -> u64 {
        match self.prices.get(&chosen.name.cloned()) {
            Some(price) if !price.varies => price.cost,
            _ => cost::price(&self.document, chosen.definition, variables, shape).cost,
        }
    }
}

/// The SHA-256 of a document's text, or something that is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Hash(Option<[u8; 32]>);

impl Hash {
    /// No document has it.
    pub(super) const UNKNOWN: Self = Self(None);

    #[must_use]
    pub fn of(text: &str) -> Self {
        Self(Some(Sha256::digest(text.as_bytes()).into()))
    }

    /// Reads 64 lower-case hex digits.
    pub(super) fn of_hex(text: &str) -> Self {
        let digits = text.as_bytes();
        let (pairs, rest) = digits.as_chunks::<2>();
        let mut bytes = [0; 32];
        if pairs.len() != bytes.len() || !rest.is_empty() {
            return Self::UNKNOWN;
        }
        for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
            let (Some(high), Some(low)) = (digit(*high), digit(*low)) else {
                return Self::UNKNOWN;
            };
            *byte = high << 4 | low;
        }
        Self(Some(bytes))
    }

    /// As clients send it in `documentId`.
    #[must_use]
    pub fn id(self) -> String {
        let mut id = String::from("sha256:");
        for byte in self.0.iter().flatten() {
            let _ = write!(id, "{byte:02x}");
        }
        id
    }

    /// Its first 16 digits, which are enough to tell the documents of one service apart.
    pub(super) fn beginning(self) -> String {
        self.id().chars().skip("sha256:".len()).take(16).collect()
    }
}

fn digit(character: u8) -> Option<u8> {
    match character {
        b'0'..=b'9' => Some(character - b'0'),
        b'a'..=b'f' => Some(character - b'a' + 10),
        _ => None,
    }
}

fn trust(name: &str, text: &str, shape: &Shape) -> Result<Arc<Checked>, Unfit> {
    let checked = Checked::new(text, &Bounds::TRUSTED, &Limits::TRUSTED, shape);
    let mut checked = checked.map_err(|refusal| unfit(name, refusal.message))?;
    checked.is_trusted = true;
    Ok(Arc::new(checked))
}

fn read_manifest(path: &Path) -> Result<HashMap<String, String>, Unfit> {
    let name = path.display().to_string();
    let text = fs::read(path).map_err(|error| unfit(&name, error.to_string()))?;
    serde_json::from_slice(&text).map_err(|error| unfit(&name, error.to_string()))
}

fn unfit(document: &str, reason: impl Into<String>) -> Unfit {
    Unfit { document: document.to_owned(), reason: reason.into() }
}

#[cfg(test)]
mod tests;
