//! Lists and ids: lists are the same whether the other organisation is there or not, and its rows are
//! as if they had never been.

use std::collections::BTreeMap;

use entity::membership::Role;
use serde_json::Value;
use uuid::Uuid;

use super::answers::plain;
use super::arguments::{Root, roots};
use super::asking::selection;
use super::rows::OPEN;
use super::ways::{AT_ONCE, nodes};
use super::world::{CANARY, Foreign, World, is_open};
use crate::harness::world::Person;

impl World<'_> {
    /// What every list says to everybody, by every order and choice.
    pub async fn lists(&self, is_before: bool) -> BTreeMap<(Role, String), Value> {
        let mut told = BTreeMap::new();
        for root in roots(&self.types).iter().filter(|root| root.ids.is_empty()) {
            if self.tells_of_catalogue(root) {
                continue;
            }
            for viewer in &self.viewers {
                for query in self.variants(root) {
                    let answer = self.ask(viewer, &query).await;
                    if is_before {
                        assert!(answer.status.is_success(), "{query}: {}", answer.text);
                    }
                    let mut answer = plain(&answer, &[]);
                    // Each of these questions adds to it.
                    if let Some(unsealed) = answer.pointer_mut("/data/auditChain/unsealed") {
                        *unsealed = Value::Null;
                    }
                    told.insert((viewer.role, query), answer);
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
        if root.field.name == "personSearch" {
            let text = format!("text: \"Given{CANARY} Family{CANARY}\"");
            let input = format!("personSearch(input: {{ {text} }}) {{ {full} }}");
            queries.push(format!("{{ {input} }}"));
        }
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
        for root in roots(&self.types).iter().filter(|root| root.ids.is_empty()) {
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
        is_open(of) || of == "Vacancy"
    }

    /// Ids in filters, and as arguments of roots: those of the other organisation are as good as
    /// ids that never were.
    pub async fn ids_of_roots(&self, foreign: &Foreign) {
        for root in roots(&self.types) {
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

    /// The rows behind a group of a figure: another organisation's group is as good as one that never was.
    pub async fn keys_of_figures(&self, foreign: &Foreign) {
        let period = "period: { since: \"2020-01-01\", through: \"2030-01-01\" }";
        for (metric, rows) in
            [("FAMILIES_COVERED", "families"), ("CHILDREN_IN_COVERED_FAMILIES", "children")]
        {
            for viewer in &self.viewers {
                let mut answers = Vec::new();
                let hidden = foreign.an_id(self, "organisation");
                for id in [&hidden, &format!("organisation_{}", Uuid::now_v7().simple())] {
                    let query = format!(
                        "{{ metric(id: {metric}, {period}, groupBy: [ORGANISATION]) {{ \
                         {rows}(keys: [\"{id}\"]) {{ totalCount nodes {{ id }} }} }} }}"
                    );
                    let answer = self.ask(viewer, &query).await;
                    foreign.secrets.keep(&answer, &query, &format!("{:?}", viewer.role));
                    answers.push(plain(&answer, &[id]));
                }
                assert_eq!(answers[0], answers[1], "{:?} asks {metric} of {hidden}", viewer.role);
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
        let mut texts = self.acts.iter().map(|act| act.input.to_string());
        let start = format!("\"{kind}_");
        let found = texts.find_map(|text| {
            let at = text.find(&start)? + 1;
            Some(text[at..at + kind.len() + 33].to_owned())
        });
        found.unwrap_or_else(|| panic!("no act in tests/statements has an id of the kind {kind}"))
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
