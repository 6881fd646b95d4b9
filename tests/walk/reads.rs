//! What can be read: lists are the same whether the other organisation is there or not, its rows are
//! as if they had never been, and no way leads to them from ours, not even where rows point over
//! the border.

use std::collections::{BTreeMap, BTreeSet};

use entity::membership::Role;
use serde_json::Value;
use uuid::Uuid;

use super::answers::{Told, plain};
use super::arguments::{Root, roots};
use super::asking::selection;
use super::rows::{Dump, OPEN, is_owning, pointers, tables};
use super::world::{CANARY, Foreign, World};
use crate::harness::Answer;
use crate::harness::world::Person;

/// How many rows of a kind are looked at in one request.
const AT_ONCE: usize = 50;

impl World<'_> {
    /// What every list says to everybody, by every order and choice.
    pub async fn lists(&self, is_before: bool) -> BTreeMap<(Role, String), Value> {
        let mut told = BTreeMap::new();
        for root in roots(self).iter().filter(|root| root.ids.is_empty()) {
            if self.tells_of_catalogue(root) {
                continue;
            }
            for viewer in &self.viewers {
                for query in self.variants(root) {
                    let answer = self.ask(viewer, &query).await;
                    if is_before {
                        assert!(answer.status.is_success(), "{query}: {}", answer.text);
                    }
                    told.insert((viewer.role, query), plain(&answer, &[]));
                }
            }
        }
        told
    }

    /// The ways of asking a list, but for ids in its filter.
    fn variants(&self, root: &Root) -> Vec<String> {
        let full = selection(&self.types, &root.field.of, 2);
        let mut queries = vec![format!("{{ {} }}", root.asked(&[], &full))];
        let brief = selection(&self.types, &root.field.of, 1);
        for order in &root.orders {
            queries.push(format!("{{ {} }}", root.asked(std::slice::from_ref(order), &brief)));
        }
        let brief = if self.types.of(&root.field.of).fields.iter().any(|of| of.name == "nodes") {
            let node = &self.field_of(&root.field.of, "nodes").of;
            let first = self.types.leaves(node).next().map_or("__typename", |field| &field.name);
            format!("totalCount nodes {{ {first} }}")
        } else {
            brief
        };
        for several in root.choices.chunks(5) {
            let several = several.iter().enumerate().map(|(no, (name, value))| {
                let filter = format!("filter: {{ {name}: {value} }}");
                format!("c{no}: {}", root.asked(&[filter], &brief))
            });
            queries.push(format!("{{ {} }}", several.collect::<Vec<_>>().join(" ")));
        }
        queries
    }

    /// What lists of the catalogue say: nothing that is not open.
    pub async fn catalogue(&self, foreign: &Foreign) {
        for root in roots(self).iter().filter(|root| root.ids.is_empty()) {
            for viewer in self.viewers.iter().filter(|_| self.tells_of_catalogue(root)) {
                for query in self.variants(root) {
                    let answer = self.ask(viewer, &query).await;
                    assert!(answer.status.is_success(), "{query}: {}", answer.text);
                    foreign.secrets.keep(&answer, &query, &format!("{:?}", viewer.role));
                }
            }
        }
    }

    /// Whether a root lists what is open to all.
    fn tells_of_catalogue(&self, root: &Root) -> bool {
        let of = &root.field.of;
        let node = self.types.of(of).fields.iter().find(|field| field.name == "nodes");
        let of = node.map_or(of, |node| &node.of);
        self.is_open(of) || of == "Vacancy"
    }

    /// Ids in filters, and as arguments of roots: those of the other organisation are as good as
    /// ids that never were.
    pub async fn ids_of_roots(&self, foreign: &Foreign) {
        for root in roots(self) {
            for viewer in &self.viewers {
                for (name, kinds) in &root.filters {
                    for kind in kinds {
                        let give = |id: &str| format!("filter: {{ {name}: [\"{id}\"] }}");
                        self.one_id(foreign, &root, viewer, kind, &give).await;
                    }
                    let filter = root.field.arguments.iter().find(|of| of.name == "filter");
                    let place = format!("{}.{name}", filter.unwrap().of);
                    self.keep_in_mind(viewer.role, [place]);
                }
                self.arguments(foreign, &root, viewer).await;
            }
        }
    }

    /// Each id that a root needs, while the others are ours.
    async fn arguments(&self, foreign: &Foreign, root: &Root, viewer: &Person) {
        for (no, (name, is_list, kinds)) in root.ids.iter().enumerate() {
            for kind in kinds {
                let give = |id: &str| {
                    let mut given = Vec::new();
                    for (at, (other, _, kinds)) in root.ids.iter().enumerate() {
                        if at != no {
                            given.push(format!("{other}: \"{}\"", self.ours_of(&kinds[0])));
                        }
                    }
                    let id = if *is_list { format!("[\"{id}\"]") } else { format!("\"{id}\"") };
                    given.push(format!("{name}: {id}"));
                    given.join(", ")
                };
                self.one_id(foreign, root, viewer, kind, &give).await;
            }
        }
    }

    /// An id of ours of a kind, from what we could do.
    fn ours_of(&self, kind: &str) -> String {
        let texts = self.acts.iter().map(|act| act.input.to_string());
        let start = format!("\"{kind}_");
        texts
            .filter_map(|text| {
                let at = text.find(&start)? + 1;
                Some(text[at..at + kind.len() + 33].to_owned())
            })
            .next()
            .unwrap_or_else(|| panic!("no act in tests/statements has an id of the kind {kind}"))
    }

    async fn one_id(
        &self,
        foreign: &Foreign,
        root: &Root,
        viewer: &Person,
        kind: &str,
        give: &dyn Fn(&str) -> String,
    ) {
        let is_row = self.types.prefixes().contains_key(root.field.of.as_str());
        let mut inner = selection(&self.types, &root.field.of, if is_row { 1 } else { 2 });
        let (of, table) = &self.kinds()[kind];
        if root.field.of == "Node" {
            inner = format!("__typename ... on {of} {{ {} }}", selection(&self.types, of, 1));
        }
        let hidden = foreign.an_id(self, kind);
        let never = format!("{kind}_{}", Uuid::now_v7().simple());
        let mut answers = Vec::new();
        for id in [&hidden, &never] {
            let query = format!("{{ {} }}", root.asked(&[give(id)], &inner));
            let (statements, answer) = self.stage.counted(self.ask(viewer, &query)).await;
            foreign.secrets.keep(&answer, &query, &format!("{:?}", viewer.role));
            answers.push((plain(&answer, &[id]), statements, self.stage.said()));
        }
        // What is open to all is known by its ids.
        if !OPEN.contains(&table.as_str()) {
            let told = format!("{:?} asks {} for {hidden}", viewer.role, root.field.name);
            assert_eq!(answers[0], answers[1], "{told}");
        }
    }

    /// The rows of the other organisation by their ids, all of them: none is there.
    pub async fn every_foreign_row(&self, foreign: &Foreign) {
        for (prefix, (of, table)) in self.kinds() {
            if OPEN.contains(&table.as_str()) || !self.types.members("Node").contains(&of.as_str())
            {
                continue;
            }
            let leaves = selection(&self.types, &of, 0);
            for ids in foreign.rows.ids(&table).chunks(AT_ONCE) {
                let query = nodes(&prefix, ids, &format!("... on {of} {{ {leaves} }}"));
                for viewer in &self.viewers {
                    let answer = self.ask(viewer, &query).await;
                    let found = answer.list("/nodes");
                    assert!(found.iter().all(Value::is_null), "{:?}: {}", viewer.role, answer.text);
                }
            }
        }
    }

    /// From rows of ours to everything that can be reached from them.
    pub async fn from_our_rows(
        &self,
        foreign: &Foreign,
        starts: &BTreeMap<String, BTreeSet<String>>,
    ) {
        for (prefix, (of, table)) in self.kinds() {
            if !self.types.members("Node").contains(&of.as_str()) {
                continue;
            }
            let Some(ids) = starts.get(&table) else { continue };
            let ids: Vec<String> = ids.iter().cloned().collect();
            for inner in self.ways(&of, 2) {
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

    /// The values of a type, and one object field at a time so many levels deep.
    fn ways(&self, of: &str, depth: usize) -> Vec<String> {
        let mut ways = vec![selection(&self.types, of, 0)];
        ways.extend(self.types.objects(of).map(|field| {
            format!(
                "__typename {} {{ {} }}",
                field.name,
                selection(&self.types, &field.of, depth - 1)
            )
        }));
        ways
    }

    /// What the people of the other organisation see of their own rows.
    pub async fn as_insiders(&self, foreign: &Foreign) -> Told {
        let mut told = Told::default();
        for (prefix, (of, table)) in self.kinds() {
            if !self.types.members("Node").contains(&of.as_str()) {
                continue;
            }
            for inner in self.ways(&of, 2) {
                let (ids, inner) = (foreign.rows.ids(&table), format!("... on {of} {{ {inner} }}"));
                for insider in &foreign.insiders[..1] {
                    for (_, answer) in self.look(insider, &prefix, &ids, &inner).await {
                        told.read(&self.types, &of, &answer.body["data"]["nodes"], CANARY);
                    }
                }
            }
        }
        for root in roots(self).iter().filter(|root| root.ids.is_empty()) {
            for insider in &foreign.insiders {
                let depth = if root.field.of.ends_with("Connection") { 2 } else { 1 };
                let full = selection(&self.types, &root.field.of, depth);
                let answer = self.ask(insider, &format!("{{ {} }}", root.asked(&[], &full))).await;
                told.read(&self.types, "Query", &answer.body["data"], CANARY);
            }
        }
        told
    }
}

fn nodes(prefix: &str, ids: &[String], inner: &str) -> String {
    let ids: Vec<String> = ids.iter().map(|id| format!("\"{prefix}_{id}\"")).collect();
    format!("{{ nodes(ids: [{}]) {{ __typename {inner} }} }}", ids.join(", "))
}

impl Foreign {
    /// The id of a row of a kind.
    pub fn an_id(&self, world: &World<'_>, prefix: &str) -> String {
        let (of, table) = &world.kinds()[prefix];
        let ids = self.rows.ids(table);
        let id = ids.first().unwrap_or_else(|| {
            panic!(
                "the other organisation has no {of}: add an act to tests/statements that makes one"
            )
        });
        format!("{prefix}_{id}")
    }
}

/// Lets rows of ours name rows of the other organisation by every column that can, and the other way
/// round; the rows of ours to look from, by table, and the columns that nothing let cross.
pub async fn cross_the_border(
    world: &World<'_>,
    ours: &Dump,
    foreign: &Foreign,
) -> (BTreeMap<String, BTreeSet<String>>, Vec<String>, usize) {
    let tables = tables();
    let mut starts: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut never: Vec<String> = Vec::new();
    let mut crossed = 0;
    for pointer in pointers(world.stage).await {
        let Some(table) = tables.iter().find(|table| table.name == pointer.table) else { continue };
        let is_closed = |name: &str| !OPEN.contains(&name);
        if !is_closed(&pointer.to) || is_owning(&pointer.table, &pointer.column) {
            continue;
        }
        let (mut out, mut back) = (0, 0);
        // A key that was changed is another row's.
        let most = if table.key.len() == 1 { 2 } else { 1 };
        let theirs = foreign.rows.ids(&pointer.to);
        let own = ours.ids(&pointer.to);
        if is_closed(table.name) {
            for (no, (key, row)) in ours.0[table.name].iter().enumerate() {
                if out == most {
                    break;
                }
                let to = &theirs[no % theirs.len()];
                if table.point(world.stage, key, &pointer.column, to).await {
                    out += 1;
                    remember(&mut starts, ours, table.name, row);
                }
            }
            for (no, key) in foreign.rows.0[table.name].keys().enumerate() {
                let to = &own[no % own.len()];
                if back < most && table.point(world.stage, key, &pointer.column, to).await {
                    back += 1;
                    starts.entry(pointer.to.clone()).or_default().insert(to.clone());
                }
            }
        }
        crossed += out + back;
        if out == 0 || back == 0 {
            never.push(format!("{}.{}", pointer.table, pointer.column));
        }
    }
    (starts, never, crossed)
}

/// A row, and those that it named, as far as they are ours.
fn remember(
    starts: &mut BTreeMap<String, BTreeSet<String>>,
    ours: &Dump,
    table: &str,
    row: &[Option<String>],
) {
    for id in row.iter().flatten().filter(|text| super::rows::is_id(text)) {
        for name in ours.0.keys().filter(|name| **name == table || !OPEN.contains(name)) {
            if ours.holds(name, id) {
                starts.entry((*name).to_owned()).or_default().insert(id.clone());
            }
        }
    }
}
