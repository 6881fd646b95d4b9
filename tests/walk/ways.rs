//! Ways from rows to rows: nothing leads from ours to the other organisation's, not even where rows
//! point over the border.

use std::collections::{BTreeMap, BTreeSet};

use super::answers::{Secrets, Told};
use super::arguments::roots;
use super::asking::selection;
use super::world::{CANARY, Foreign, World};
use crate::harness::Answer;
use crate::harness::world::Person;

/// How many rows of a kind are looked at in one request.
pub const AT_ONCE: usize = 50;

/// Rows to look from, by their tables.
pub type Starts = BTreeMap<String, BTreeSet<String>>;

impl World<'_> {
    /// From rows of ours to everything that can be reached from them.
    pub async fn look_around(&self, foreign: &Foreign, starts: &Starts) {
        for (prefix, (of, table)) in self.kinds() {
            if !self.types.members("Node").contains(&of.as_str()) {
                continue;
            }
            let Some(ids) = starts.get(&table) else { continue };
            let ids: Vec<String> = ids.iter().cloned().collect();
            for inner in self.ways(&of) {
                let inner = format!("... on {of} {{ {inner} }}");
                for viewer in &self.viewers {
                    for (query, answer) in self.look(viewer, &prefix, &ids, &inner).await {
                        foreign.secrets.keep(&answer, &query, &format!("{:?}", viewer.role));
                    }
                }
            }
        }
    }

    /// Looks at rows of a kind, as many at once as one request may cost.
    async fn look(
        &self,
        by: &Person,
        prefix: &str,
        ids: &[String],
        inner: &str,
    ) -> Vec<(String, Answer)> {
        let (mut size, mut at, mut told) = (AT_ONCE, 0, Vec::new());
        while at < ids.len() {
            let end = ids.len().min(at + size);
            let query = nodes(prefix, &ids[at..end], inner);
            let answer = self.ask(by, &query).await;
            if answer.text.contains("COST_LIMIT_EXCEEDED") {
                size /= 2;
                assert!(size > 0, "{query}: {}", answer.text);
                continue;
            }
            assert!(answer.body["data"].is_object(), "{query}: {}", answer.text);
            told.push((query, answer));
            at = end;
        }
        told
    }

    /// The values of a type, and one object field at a time with what is in it.
    fn ways(&self, of: &str) -> Vec<String> {
        let mut ways = vec![selection(&self.types, of, 0)];
        ways.extend(self.types.objects(of).map(|field| {
            format!("__typename {} {{ {} }}", field.name, selection(&self.types, &field.of, 1))
        }));
        ways
    }

    /// What the people of the other organisation see of their own rows; and nothing of ours.
    pub async fn as_insiders(&self, foreign: &Foreign, starts: &Starts, ours: &Secrets) -> Told {
        let none = BTreeSet::new();
        let mut told = Told::default();
        for (prefix, (of, table)) in self.kinds() {
            if !self.types.members("Node").contains(&of.as_str()) {
                continue;
            }
            let mut ids: Vec<String> =
                starts.get(&table).unwrap_or(&none).iter().cloned().collect();
            ids.extend(foreign.rows.ids(&table).into_iter().rev().take(AT_ONCE / 2));
            for inner in self.ways(&of) {
                let inner = format!("... on {of} {{ {inner} }}");
                for insider in &foreign.insiders[..1] {
                    for (query, answer) in self.look(insider, &prefix, &ids, &inner).await {
                        ours.keep(&answer, &query, "an insider");
                        told.read(&self.types, &of, &answer.body["data"]["nodes"], CANARY);
                    }
                }
            }
        }
        for root in roots(&self.types).iter().filter(|root| root.ids.is_empty()) {
            for insider in &foreign.insiders {
                let depth = if root.field.of.ends_with("Connection") { 2 } else { 1 };
                let full = selection(&self.types, &root.field.of, depth);
                let query = format!("{{ {} }}", root.asked(&[], &full));
                let answer = self.ask(insider, &query).await;
                ours.keep(&answer, &query, "an insider");
                told.read(&self.types, "Query", &answer.body["data"], CANARY);
            }
        }
        told
    }
}

/// Rows by their ids.
pub fn nodes(prefix: &str, ids: &[String], inner: &str) -> String {
    let ids: Vec<String> = ids.iter().map(|id| format!("\"{prefix}_{id}\"")).collect();
    format!("{{ nodes(ids: [{}]) {{ __typename {inner} }} }}", ids.join(", "))
}
