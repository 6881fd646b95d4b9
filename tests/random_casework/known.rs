//! What a history knows of the rows that there are, from the answers to what was sent: which they are,
//! in which others they were seen, with which version and in which state.

use std::collections::HashMap;

use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::harness::world::id;

/// The rows that there are, the latest last.
#[derive(Debug, Default)]
pub struct Known {
    /// The prefix of each id, and the id.
    rows: Vec<(String, String)>,
    holders: HashMap<String, String>,
    versions: HashMap<String, i64>,
    statuses: HashMap<String, String>,
}

impl Known {
    /// Adds a row.
    pub fn add(&mut self, kind: &str, uuid: Uuid) {
        self.rows.push((kind.to_owned(), id(kind, uuid)));
    }

    /// Adds a row under a name of its own, by which it is picked.
    pub fn keep(&mut self, name: &str, kind: &str, uuid: Uuid) {
        self.rows.push((name.to_owned(), id(kind, uuid)));
    }

    /// Adds every row that an answer names; those that are known become the latest.
    pub fn learn(&mut self, answer: &Value) {
        match answer {
            Value::Object(fields) => {
                self.learn_row(fields);
                fields.values().for_each(|value| self.learn(value));
            }
            Value::Array(items) => items.iter().for_each(|item| self.learn(item)),
            _ => {}
        }
    }

    fn learn_row(&mut self, fields: &Map<String, Value>) {
        let Some(id) = fields.get("id").and_then(Value::as_str) else { return };
        let Some((kind, _)) = id.split_once('_') else { return };
        self.rows.retain(|(_, known)| known != id);
        self.rows.push((kind.to_owned(), id.to_owned()));
        if let Some(version) = fields.get("version").and_then(Value::as_i64) {
            self.versions.insert(id.to_owned(), version);
        }
        if let Some(status) = fields.get("status").and_then(Value::as_str) {
            self.statuses.insert(id.to_owned(), status.to_owned());
        }
        for item in fields.values().filter_map(Value::as_array).flatten() {
            if let Some(within) = item.get("id").and_then(Value::as_str) {
                self.holders.insert(within.to_owned(), id.to_owned());
            }
        }
    }

    /// Remembers which row another is about.
    pub fn about(&mut self, row: &Value, whom: &Value) {
        if let (Some(row), Some(whom)) = (row.as_str(), whom.as_str()) {
            self.holders.insert(row.to_owned(), whom.to_owned());
        }
    }

    /// The version that a row was last seen with.
    pub fn version(&self, id: &Value) -> Option<i64> {
        self.versions.get(id.as_str()?).copied()
    }

    /// The row in which another was seen, or which it is about; or else one of a kind.
    pub fn holder(&self, of: &Value, kind: &str, choice: usize) -> Value {
        let holder = of.as_str().and_then(|id| self.holders.get(id));
        holder.map_or_else(|| self.pick(kind, choice), |id| json!(id))
    }

    /// One of the rows of a kind that were seen in another; or else one of the kind.
    pub fn within(&self, holder: &Value, kind: &str, choice: usize) -> Value {
        let is_within = |id: &str| self.holders.get(id).map(String::as_str) == holder.as_str();
        if choice % 5 == 4 {
            return self.pick(kind, choice);
        }
        self.one_of(choice / 5, kind, is_within)
    }

    /// One row of a kind, most often a late one; sometimes one that never was.
    pub fn pick(&self, kind: &str, choice: usize) -> Value {
        self.one_of(choice, kind, |_| true)
    }

    /// The same, most often one that was last seen in one of some states.
    pub fn pick_in(&self, kind: &str, statuses: &[&str], choice: usize) -> Value {
        let is_in = |id: &str| {
            self.statuses.get(id).is_some_and(|status| statuses.contains(&status.as_str()))
        };
        if choice % 5 == 4 || !self.rows.iter().any(|(known, id)| known == kind && is_in(id)) {
            return self.pick(kind, choice);
        }
        self.one_of(choice / 5, kind, is_in)
    }

    fn one_of(&self, choice: usize, kind: &str, fits: impl Fn(&str) -> bool) -> Value {
        let rows = self.rows.iter().filter(|(known, id)| known == kind && fits(id));
        let of_kind: Vec<&String> = rows.map(|(_, id)| id).collect();
        if of_kind.is_empty() || choice % 41 == 40 {
            let prefix = if kind == "ready" { "unit" } else { kind };
            return json!(id(prefix, Uuid::from_u128(u128::try_from(choice).unwrap())));
        }
        let latest = of_kind.len().min(6);
        let place = match choice % 3 {
            0 => choice % of_kind.len(),
            1 => of_kind.len() - 1,
            _ => of_kind.len() - 1 - choice % latest,
        };
        json!(of_kind[place])
    }
}
