//! Lists, counts, single reads and `node` agree, whoever asks, by whatever filter and order: each row
//! of a list is there singly and by `node` with the same fields, the count is what the pages come to,
//! and what is in no list is nowhere, but for what is open to all and was voided. On random data, for
//! random viewers; `AGREE_ROUNDS` says on how many data (one if it is not set), `AGREE_SEED` where chance
//! begins.

mod chances;

use std::collections::{BTreeMap, BTreeSet};

use chrono::Days;
use entity::membership::{self, Role};
use entity::{api_client, worker};
use hearth::synthetic::{Sowing, sow};
use sea_orm::{EntityTrait, Iterable};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::world::Person;
use crate::harness::{Answer, Stage, TODAY, run};
use crate::walk::arguments::{Root, roots};
use crate::walk::asking::selection;
use crate::walk::rows::{Dump, OPEN, tables};
use crate::walk::schema::{Kind, Types};
use crate::walk::world::table_of;

/// The families that are made up, besides those of the known history.
const FAMILIES: u32 = 20;
/// How many viewers of each role ask.
const VIEWERS: usize = 2;
/// How often each list is asked by each viewer, each time in another way.
const TRIES: usize = 2;
/// Lists that are longer are told from their beginning.
const MOST: usize = 120;

/// Chance that repeats itself.
pub struct Chance(pub u64);

impl Chance {
    /// By the generator `SplitMix64`.
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub fn below(&mut self, count: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(count.max(1)).unwrap()).unwrap()
    }

    pub fn one<'a, T>(&mut self, of: &'a [T]) -> Option<&'a T> {
        let at = self.below(of.len());
        of.get(at)
    }
}

/// One set of data, and who asks.
pub struct Round<'s> {
    pub stage: &'s Stage,
    pub types: Types,
    rows: Dump,
    pub chance: Chance,
    asked: usize,
    compared: usize,
}

impl<'s> Round<'s> {
    /// Makes the data up, and shares it by chance.
    pub async fn begin(stage: &'s Stage, seed: u64) -> Self {
        let sowing = Sowing { families: FAMILIES, seed, today: TODAY };
        Box::pin(sow(&stage.database.writer, &sowing, stage.vault(), |_| ())).await.unwrap();
        let mut chance = Chance(seed);
        chances::share(stage, &mut chance).await;
        chances::void_some(stage, &mut chance).await;
        let rows = Dump::take(stage).await;
        Self { stage, types: Types::load(), rows, chance, asked: 0, compared: 0 }
    }

    /// Asks as somebody, from a client whose bucket is full.
    async fn ask(&mut self, by: &Person, query: &str) -> Answer {
        self.asked += 1;
        let mut by = by.clone();
        if by.role == Role::Integration {
            by.subject = format!("{}-{}", by.subject, self.asked);
        } else {
            by.client_id = format!("client-{}", self.asked);
        }
        let answer = self.stage.as_(&by).query(query).await;
        assert!(answer.status.is_success(), "{query}: {}", answer.text);
        answer
    }

    /// Somebody of each role.
    pub async fn viewers(&mut self) -> Vec<Person> {
        let database = &self.stage.database.reader;
        let workers = worker::Entity::find().all(database).await.unwrap();
        let subjects: BTreeMap<Uuid, String> =
            workers.into_iter().map(|worker| (worker.id, worker.subject)).collect();
        let mut people: BTreeMap<Role, Vec<Person>> = BTreeMap::new();
        for row in membership::Entity::find().all(database).await.unwrap() {
            people.entry(row.role).or_default().push(Person {
                id: row.worker_id,
                subject: subjects[&row.worker_id].clone(),
                client_id: "test-client".to_owned(),
                organisation: row.organisation_id,
                role: row.role,
            });
        }
        for row in api_client::Entity::find().all(database).await.unwrap() {
            people.entry(Role::Integration).or_default().push(Person {
                id: row.id,
                subject: row.client_id.clone(),
                client_id: row.client_id,
                organisation: row.organisation_id,
                role: Role::Integration,
            });
        }
        let mut viewers = Vec::new();
        for role in Role::iter() {
            let known = people.get(&role).unwrap_or_else(|| panic!("nobody is {role:?}"));
            viewers.extend((0..VIEWERS).filter_map(|_| self.chance.one(known)).cloned());
        }
        viewers
    }

    /// Some filter of a list.
    fn filter(&mut self, root: &Root) -> String {
        let filter = root.field.arguments.iter().find(|argument| argument.name == "filter");
        let Some(filter) = filter else { return String::new() };
        let fields = self.types.of(&filter.of).fields.clone();
        let Some(field) = self.chance.one(&fields) else { return String::new() };
        let value = match field.of.as_str() {
            "ID" => {
                let kinds = &root.filters.iter().find(|(name, _)| *name == field.name).unwrap().1;
                let ids: Vec<String> = (0..3)
                    .filter_map(|_| self.an_id(&kinds[0]))
                    .map(|id| format!("{id:?}"))
                    .collect();
                if field.is_list { format!("[{}]", ids.join(", ")) } else { ids[0].clone() }
            }
            "DateRange" | "DateTimeRange" => self.range(field.of == "DateTimeRange"),
            "PeriodInput" => {
                let (since, through) =
                    (TODAY - Days::new(u64::try_from(self.chance.below(3000)).unwrap()), TODAY);
                format!("{{ since: \"{since}\", through: \"{through}\" }}")
            }
            "Boolean" => (self.chance.below(2) == 0).to_string(),
            "String" => self.a_reference(),
            _ => {
                let values = &self.types.of(&field.of).values;
                assert!(!values.is_empty(), "say how to choose a {} in tests/agree.rs", field.of);
                let some: Vec<String> =
                    (0..2).filter_map(|_| self.chance.one(values)).cloned().collect();
                if field.is_list { format!("[{}]", some.join(", ")) } else { some[0].clone() }
            }
        };
        format!("filter: {{ {}: {value} }}", field.name)
    }

    fn range(&mut self, is_instant: bool) -> String {
        let days = [self.chance.below(3000), self.chance.below(400)];
        let since = TODAY - Days::new(u64::try_from(days[0]).unwrap());
        let until = since + Days::new(u64::try_from(days[1]).unwrap());
        let time = if is_instant { "T00:00:00Z" } else { "" };
        format!("{{ since: \"{since}{time}\", until: \"{until}{time}\" }}")
    }

    /// What some row of a closed table is called.
    fn a_reference(&mut self) -> String {
        let mut references: Vec<String> = self.rows.references().into_iter().collect();
        references.sort();
        format!("{:?}", self.chance.one(&references).cloned().unwrap_or_default())
    }

    /// The id of some row of a type.
    pub fn an_id(&mut self, prefix: &str) -> Option<String> {
        let prefixes = self.types.prefixes();
        let of = prefixes.iter().find(|(_, known)| *known == prefix)?.0;
        let ids = self.rows.ids(&table_of(of));
        self.chance.one(&ids).map(|id| format!("{prefix}_{id}"))
    }

    /// A list to its end, or to the most that is looked at, by pages of a size; nothing if the role
    /// never reads it.
    async fn pages(
        &mut self,
        by: &Person,
        root: &Root,
        arguments: &[String],
        leaves: &str,
    ) -> Option<(Vec<Value>, Option<u64>)> {
        let first = 1 + self.chance.below(50);
        let (mut rows, mut after, mut count) = (Vec::new(), String::new(), None);
        loop {
            let mut given = arguments.to_vec();
            given.push(format!("first: {first}"));
            given.extend((!after.is_empty()).then(|| format!("after: {after:?}")));
            let query = format!(
                "{{ {}({}) {{ totalCount pageInfo {{ hasNextPage endCursor }} \
                 nodes {{ {leaves} }} }} }}",
                root.field.name,
                given.join(", ")
            );
            let answer = self.ask(by, &query).await;
            if answer.body["data"][&root.field.name].is_null() {
                assert_eq!(answer.code(), "FORBIDDEN", "{query}: {}", answer.text);
                return None;
            }
            let page = answer.data(&format!("/{}", root.field.name));
            count = count.or_else(|| page["totalCount"].as_u64());
            rows.extend(page["nodes"].as_array().unwrap().iter().cloned());
            if page["pageInfo"]["hasNextPage"] != true || rows.len() >= MOST {
                let is_whole = page["pageInfo"]["hasNextPage"] != true;
                return Some((rows, count.filter(|_| is_whole)));
            }
            page["pageInfo"]["endCursor"].as_str().unwrap().clone_into(&mut after);
        }
    }

    /// Rows by `node` and by the root for one, in their order; null where there is none.
    async fn singly(
        &mut self,
        by: &Person,
        of: &str,
        ids: &[String],
        leaves: &str,
    ) -> Vec<(Value, Option<Value>)> {
        let single = self.types.of("Query").fields.iter().find(|field| {
            field.of == of && field.arguments.first().is_some_and(|argument| argument.of == "ID")
        });
        let single = single.map(|field| field.name.clone());
        let mut found = Vec::new();
        for ids in ids.chunks(5) {
            let mut parts = Vec::new();
            for (no, id) in ids.iter().enumerate() {
                parts.push(format!("n{no}: node(id: \"{id}\") {{ ... on {of} {{ {leaves} }} }}"));
                if let Some(single) = &single {
                    parts.push(format!("s{no}: {single}(id: \"{id}\") {{ {leaves} }}"));
                }
            }
            let answer = self.ask(by, &format!("{{ {} }}", parts.join(" "))).await;
            for no in 0..ids.len() {
                let data = |alias: String| answer.body["data"][alias].clone();
                found.push((
                    data(format!("n{no}")),
                    single.as_ref().map(|_| data(format!("s{no}"))),
                ));
            }
        }
        found
    }

    /// One viewer and one list.
    async fn agrees(&mut self, by: &Person, root: &Root, of: &str) {
        let leaves = selection(&self.types, of, 0);
        let told = format!("{} by {:?} {}", root.field.name, by.role, by.subject);
        let whole = self.pages(by, root, &[], &leaves).await;
        if let Some((rows, count)) = &whole {
            self.each_is_there(by, of, rows, &leaves, &told).await;
            if let Some(count) = count {
                assert_eq!(usize::try_from(*count).unwrap(), rows.len(), "{told}");
            }
        }
        // What a list that was told to its end doesn't hold is nowhere.
        let is_whole = whole.as_ref().is_none_or(|(_, count)| count.is_some());
        let known = ids(whole.as_ref().map_or(&[], |(rows, _)| rows));
        if is_whole {
            self.others_are_nowhere(by, of, &known, &leaves, &told).await;
        }
        for _ in 0..if whole.is_some() { TRIES } else { 0 } {
            let mut given = vec![self.filter(root)];
            given.extend(self.chance.one(&root.orders).cloned());
            given.retain(|argument| !argument.is_empty());
            let (rows, count) = self.pages(by, root, &given, &leaves).await.unwrap();
            let told = format!("{told} by {given:?}");
            if let Some(count) = count {
                assert_eq!(usize::try_from(count).unwrap(), rows.len(), "{told}");
            }
            if is_whole {
                assert!(ids(&rows).is_subset(&known), "{told}");
            }
            self.each_is_there(by, of, &rows, &leaves, &told).await;
        }
    }

    async fn each_is_there(
        &mut self,
        by: &Person,
        of: &str,
        rows: &[Value],
        leaves: &str,
        told: &str,
    ) {
        let ids: Vec<String> = rows.iter().map(id).collect();
        let distinct: BTreeSet<&String> = ids.iter().collect();
        assert_eq!(distinct.len(), ids.len(), "{told}: a row twice");
        for (row, (node, single)) in rows.iter().zip(self.singly(by, of, &ids, leaves).await) {
            assert_eq!(&node, row, "{told}: by node");
            assert!(single.is_none_or(|single| single == *row), "{told}: singly, {row}");
            self.compared += 1;
        }
    }

    /// The rows of a table that are nowhere if they are in no list. What is open to all and was voided
    /// is listed no more, and known by its id.
    fn hidden_if_unlisted(&self, table: &str) -> Vec<String> {
        let mut ids = self.rows.ids(table);
        let tables = tables();
        let voided_at = tables.iter().find(|of| of.name == table).and_then(|of| of.at("voided_at"));
        if let Some(at) = voided_at.filter(|_| OPEN.contains(&table)) {
            ids.retain(|id| self.rows.0[table][&vec![Some(id.clone())]][at].is_none());
        }
        ids
    }

    async fn others_are_nowhere(
        &mut self,
        by: &Person,
        of: &str,
        known: &BTreeSet<String>,
        leaves: &str,
        told: &str,
    ) {
        let prefix = self.types.prefixes()[of].clone();
        let all = self.hidden_if_unlisted(&table_of(of));
        let mut others: Vec<String> = all.iter().map(|id| format!("{prefix}_{id}")).collect();
        others.retain(|id| !known.contains(id));
        let some: Vec<String> = (0..10).filter_map(|_| self.chance.one(&others)).cloned().collect();
        for (id, (node, single)) in some.iter().zip(self.singly(by, of, &some, leaves).await) {
            assert!(node.is_null(), "{told}: {id} is in no list, but there by node");
            assert!(single.is_none_or(|single| single.is_null()), "{told}: {id} is there singly");
            self.compared += 1;
        }
    }
}

fn id(row: &Value) -> String {
    row["id"].as_str().unwrap().to_owned()
}

fn ids(rows: &[Value]) -> BTreeSet<String> {
    rows.iter().map(id).collect()
}

/// The lists of rows that have ids: their roots with the types of the rows.
pub fn lists(types: &Types) -> Vec<(Root, String)> {
    let nodes = types.members("Node");
    let all = roots(types).into_iter().filter_map(|root| {
        let list = types.of(&root.field.of);
        let of = list.fields.iter().find(|field| field.name == "nodes")?.of.clone();
        let is_list = list.kind == Kind::Object && nodes.contains(&of.as_str());
        is_list.then_some((root, of))
    });
    all.collect()
}

pub fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).map_or(otherwise, |value| value.parse().unwrap())
}

#[test]
fn lists_counts_single_reads_and_node_agree() {
    let seed = number("AGREE_SEED", 1);
    for seed in seed..seed + number("AGREE_ROUNDS", 1) {
        run(async |stage| {
            let mut round = Round::begin(stage, seed).await;
            let viewers = round.viewers().await;
            for (root, of) in lists(&Types::load()) {
                for by in &viewers {
                    round.agrees(by, &root, &of).await;
                }
            }
            println!("seed {seed}: {} rows agree, in {} requests", round.compared, round.asked);
            assert_ne!(json!(round.compared), 0);
        });
    }
}
