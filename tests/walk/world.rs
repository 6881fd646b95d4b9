//! The scene of the walk: an organisation of ours whose people ask, and another that has nothing to
//! do with it, with rows of every kind. Both are made of the acts of `tests/statements`, which has
//! one for each mutation with all its parts filled, so that what is new comes in by itself.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};

use entity::membership::Role;
use sea_orm::Iterable;
use serde_json::{Value, json};
use uuid::Uuid;

use super::answers::Secrets;
use super::asking::{marked, payload, places};
use super::rows::Dump;
use super::schema::Types;
use crate::harness::world::Person;
use crate::harness::{Answer, Stage};
use crate::statements::{Act, Ground};

/// The word in all texts of the other organisation.
pub const CANARY: &str = "Zilvogel";
/// The word in all texts of ours.
pub const OURS: &str = "Merlette";

/// The scopes of those who ask: what is restricted is kept from them by its rows alone.
const SCOPES: [&str; 1] = ["restricted:read"];

/// Where the walk goes on.
pub struct World<'s> {
    pub stage: &'s Stage,
    pub types: Types,
    /// What our people could do with our rows.
    pub acts: Vec<Act>,
    /// One of us for each role.
    pub viewers: Vec<Person>,
    /// Which place of the schema was tried by whom.
    tried: RefCell<BTreeSet<(String, Role)>>,
    asked: Cell<usize>,
}

/// The other organisation.
pub struct Foreign {
    /// Somebody who leads the work with families there.
    pub insiders: Vec<Person>,
    pub rows: Dump,
    pub secrets: Secrets,
    /// The keys of what was done there, by mutation.
    pub keys: Vec<Uuid>,
}

impl<'s> World<'s> {
    /// Our organisation, with what it could do.
    pub async fn ours(stage: &'s Stage) -> Self {
        let ground = Ground::lay(stage, OURS).await;
        let acts = ground.acts().await;
        let mut viewers = Vec::new();
        for role in Role::iter() {
            let known = [&ground.worker, &ground.boss, &ground.teacher];
            let known = known.into_iter().chain(acts.iter().map(|act| &act.by));
            let mut known = known.filter(|person| person.role == role);
            viewers.push(match (role, known.next()) {
                (_, Some(person)) => person.clone(),
                (Role::AreaCoordinator, None) => {
                    stage.coordinator(&ground.office, &ground.area).await
                }
                (Role::Integration, None) => stage.machine(&ground.office).await,
                (role, None) => stage.worker(&ground.office, role).await,
            });
        }
        Self {
            stage,
            types: Types::load(),
            acts,
            viewers,
            tried: RefCell::default(),
            asked: Cell::default(),
        }
    }

    /// The other organisation: all its acts done, each text of theirs with the canary.
    pub async fn plant(&self) -> Foreign {
        let before = Dump::take(self.stage).await;
        let ground = Ground::lay(self.stage, CANARY).await;
        let mut keys = Vec::new();
        self.stage.area("Village", Some(&ground.area)).await;
        self.stage.organisation("Branch", Some(&ground.office)).await;
        let mut insiders = vec![ground.boss.clone(), ground.worker.clone()];
        for act in ground.acts().await {
            let key = Uuid::now_v7();
            let answer = self.mutate(&act.by, &act, key, self.with_word(&act, CANARY)).await;
            must_be_done(&act, &answer);
            keys.push(key);
            if !insiders.iter().any(|known| known.role == act.by.role) {
                insiders.push(act.by);
            }
        }
        let rows = Dump::take(self.stage).await.since(&before);
        let secrets = Secrets::of(&rows, CANARY);
        Foreign { insiders, rows, secrets, keys }
    }

    /// The input of an act, each text about a family with a word.
    pub fn with_word(&self, act: &Act, word: &str) -> Value {
        if self.is_of_catalogue(act.mutation) {
            return act.input.clone();
        }
        let input = input_type(act.mutation);
        let mut text = marked(&self.types, &input, &act.input, word);
        // With the word all names are alike.
        if self.types.of(&input).fields.iter().any(|field| field.name == "confirmedNew") {
            text["confirmedNew"] = json!(true);
        }
        text
    }

    /// Whether a mutation writes what is open to all.
    fn is_of_catalogue(&self, mutation: &str) -> bool {
        let payload = &self.field_of("Mutation", mutation).of;
        let objects = self.types.objects(payload).map(|field| field.of.as_str());
        objects.filter(|of| *of != "UserError").all(is_open)
    }

    pub fn field_of(&self, on: &str, name: &str) -> &super::schema::Field {
        self.types.of(on).fields.iter().find(|field| field.name == name).unwrap()
    }

    /// Types with their tables by the prefixes of their ids.
    pub fn kinds(&self) -> BTreeMap<String, (String, String)> {
        let prefixes = self.types.prefixes();
        prefixes
            .into_iter()
            .map(|(name, prefix)| (prefix, (name.to_owned(), table_of(name))))
            .collect()
    }

    /// Sends a query by somebody; what it tries is kept in mind.
    pub async fn ask(&self, by: &Person, query: &str) -> Answer {
        self.keep_in_mind(by.role, places(&self.types, query));
        self.client(by).query(query).await
    }

    /// Sends a mutation by somebody, asking for all that it may answer with.
    pub async fn mutate(&self, by: &Person, act: &Act, key: Uuid, mut input: Value) -> Answer {
        let name = act.mutation;
        input["clientMutationId"] = json!(key);
        let selection = payload(&self.types, &self.field_of("Mutation", name).of);
        let query = format!(
            "mutation M($input: {}!) {{ {name}(input: $input) {{ {selection} }} }}",
            input_type(name)
        );
        self.keep_in_mind(by.role, places(&self.types, &query));
        self.client(by).query_with(&query, json!({ "input": input })).await
    }

    /// Each request comes from a client of its own, so that none waits for its bucket to fill.
    fn client(&self, by: &Person) -> crate::harness::Client<'_> {
        let asked = self.asked.get() + 1;
        self.asked.set(asked);
        let mut by = by.clone();
        if by.role == Role::Integration {
            by.subject = format!("{}-{asked}", by.subject);
        } else {
            by.client_id = format!("client-{asked}");
        }
        self.stage.as_with(&by, &SCOPES)
    }

    pub fn keep_in_mind(&self, role: Role, places: impl IntoIterator<Item = String>) {
        self.tried.borrow_mut().extend(places.into_iter().map(|place| (place, role)));
    }

    /// What was tried, and with how many requests.
    pub fn tried(&self) -> (BTreeSet<(String, Role)>, usize) {
        (self.tried.take(), self.asked.get())
    }
}

/// The input's type: `caseOpen` takes `CaseOpenInput`.
pub fn input_type(mutation: &str) -> String {
    let (first, rest) = mutation.split_at(1);
    format!("{}{rest}Input", first.to_uppercase())
}

/// Whether everybody may see the objects of a type.
pub fn is_open(of: &str) -> bool {
    super::rows::OPEN.contains(&table_of(of).as_str())
}

/// The table that a type's objects are rows of.
pub fn table_of(name: &str) -> String {
    match name {
        "Availability" => return "programme_availability".to_owned(),
        "Child" => return "person".to_owned(),
        "Stage" => return "programme_stage".to_owned(),
        _ => {}
    }
    let mut table = String::new();
    for char in name.chars() {
        if char.is_uppercase() && !table.is_empty() {
            table.push('_');
        }
        table.extend(char.to_lowercase());
    }
    table
}

#[track_caller]
pub fn must_be_done(act: &Act, answer: &Answer) {
    let told = format!("{} ({}): {}", act.mutation, act.what, answer.text);
    let result = &answer.body["data"][act.mutation];
    assert_eq!(answer.body.get("errors"), None, "{told}");
    assert_eq!(result["userErrors"], json!([]), "{told}");
    assert_eq!(result["replayed"], false, "{told}");
}
