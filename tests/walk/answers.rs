//! What must not be in an answer, and when two answers are the same.

use std::collections::{BTreeSet, HashSet};

use serde_json::Value;

use super::rows::Dump;
use super::schema::Types;
use crate::harness::Answer;

/// What nobody else may be told of an organisation.
pub struct Secrets {
    ids: HashSet<String>,
    references: HashSet<String>,
    canary: String,
}

impl Secrets {
    /// Of an organisation's rows, and of the word in all its texts.
    pub fn of(rows: &Dump, canary: &str) -> Self {
        let canary = canary.to_lowercase();
        Self { ids: rows.closed_ids(), references: rows.references(), canary }
    }

    /// Adds ids of rows.
    pub fn add(&mut self, ids: &[String]) {
        self.ids.extend(ids.iter().cloned());
    }

    /// The first secret in a text that wasn't in what was sent.
    pub fn found<'a>(&'a self, text: &'a str, sent: &str) -> Option<&'a str> {
        if text.to_lowercase().contains(&self.canary) {
            return Some(&self.canary);
        }
        let is_part = |char: char| char.is_ascii_alphanumeric() || char == '-';
        text.split(|char| !is_part(char)).find(|token| {
            let is_secret = match token.len() {
                32 => self.ids.contains(*token),
                36 => self.ids.contains(&token.replace('-', "")),
                _ => self.references.contains(*token),
            };
            is_secret && !sent.contains(token)
        })
    }

    /// Fails if an answer tells a secret.
    #[track_caller]
    pub fn keep(&self, answer: &Answer, sent: &str, told: &str) {
        if let Some(secret) = self.found(&answer.text, sent) {
            panic!("{told}: {secret} is in the answer\n{sent}\n{}", answer.text);
        }
    }
}

/// An answer without what differs from request to request, the ids that were asked about as one.
pub fn plain(answer: &Answer, ids: &[&str]) -> Value {
    let mut text = answer.text.clone();
    for id in ids {
        text = text.replace(id, "ID");
    }
    let mut body: Value = serde_json::from_str(&text).unwrap();
    if let Some(extensions) = body.get_mut("extensions").and_then(Value::as_object_mut) {
        extensions.remove("cost");
    }
    // A figure is as of the moment at which it was asked for.
    for root in body["data"].as_object_mut().into_iter().flat_map(|data| data.values_mut()) {
        if let Some(fields) = root.as_object_mut() {
            fields.remove("asOf");
        }
    }
    // Fields that wait at the same time fail in the order in which they are answered.
    if let Some(errors) = body.get_mut("errors").and_then(Value::as_array_mut) {
        for error in errors.iter_mut() {
            if let Some(extensions) = error["extensions"].as_object_mut() {
                extensions.remove("requestId");
            }
        }
        errors.sort_by_key(|error| error["path"].to_string());
    }
    body
}

/// What answers told: the objects that were there, and the texts that carried a word.
#[derive(Default)]
pub struct Told {
    pub objects: BTreeSet<String>,
    pub marked: BTreeSet<String>,
}

impl Told {
    /// Reads a value of a type.
    pub fn read(&mut self, types: &Types, on: &str, value: &Value, word: &str) {
        match value {
            Value::Array(items) => items.iter().for_each(|item| self.read(types, on, item, word)),
            Value::Object(fields) => {
                let on = fields.get("__typename").and_then(Value::as_str).unwrap_or(on);
                for (name, value) in fields {
                    let known = types.of(on).fields.iter().find(|known| known.name == *name);
                    let Some(known) = known else { continue };
                    let place = format!("{on}.{name}");
                    if types.is_composite(&known.of) {
                        if !value.is_null()
                            && value.as_array().is_none_or(|items| !items.is_empty())
                        {
                            self.objects.insert(place);
                            self.read(types, &known.of, value, word);
                        }
                    } else if known.of == "String" && value.to_string().contains(word) {
                        self.marked.insert(place);
                    }
                }
            }
            _ => {}
        }
    }
}
