//! What can be changed: each id in each input, set to one of the other organisation's while the rest
//! is ours and right.

use std::collections::BTreeSet;

use entity::membership::Role;
use serde_json::{Value, json};
use uuid::Uuid;

use super::answers::plain;
use super::asking::{Site, sites};
use super::rows::{Dump, OPEN};
use super::world::{Foreign, OURS, World, input_type, must_be_done};
use crate::harness::world::Person;
use crate::statements::Act;

/// Ids that name what is there, or else what is to be made.
const MAY_MAKE: [&str; 2] = ["AssessmentRecordInput.id", "VisitRecordInput.id"];

/// Ids that open what is hidden to those who may do it, in an emergency and on record: so that nothing
/// is opened here, they only try what never was. `tests/break_glass` tells the rest.
const MAY_OPEN: [(&str, [Role; 2]); 1] =
    [("AccessBreakGlassInput.subjectId", [Role::Caseworker, Role::Supervisor])];

/// What the walk of the mutations came to.
#[derive(Default)]
pub struct Walked {
    /// The places whose id was looked for and not found, as the answer says.
    pub reached: BTreeSet<String>,
    /// The places that hold an id of what is not open to all.
    pub closed: BTreeSet<String>,
    /// The places that hold the id of what is to be made.
    pub made: BTreeSet<String>,
}

/// Which ids are tried.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// Of what nobody else may know of.
    Closed,
    /// Of what everybody may know of, and of what is to be made.
    Open,
}

impl World<'_> {
    /// Tries each id of each input, by everybody where an act is the first to have the place.
    pub async fn ids_of_inputs(&self, foreign: &Foreign, ours: &Dump, which: Which) -> Walked {
        let mut walked = Walked::default();
        let mut known = BTreeSet::new();
        let kinds = self.kinds();
        for act in &self.acts {
            let sites = sites(&self.types, &input_type(act.mutation), &act.input);
            if sites.is_empty() && which == Which::Closed {
                self.without_ids(foreign, act).await;
            }
            for site in sites {
                let Some((_, table)) = kinds.get(site.prefix()) else {
                    panic!("{}: {} is of no kind", act.mutation, site.id)
                };
                let uuid = site.id.split_once('_').unwrap().1;
                let is_made = !ours.holds(table, uuid) || MAY_MAKE.contains(&site.place.as_str());
                let is_open = OPEN.contains(&table.as_str());
                if (is_made || is_open) != (which == Which::Open) {
                    continue;
                }
                let is_first = known.insert((act.mutation, site.place.clone()));
                let place = site.place.clone();
                if is_made {
                    walked.made.insert(place);
                } else if !is_open {
                    walked.closed.insert(place);
                }
                for viewer in &self.viewers {
                    if viewer.id != act.by.id && !is_first {
                        continue;
                    }
                    self.keep_in_mind(viewer.role, [site.place.clone()]);
                    self.one_site(foreign, act, &site, viewer, which, &mut walked).await;
                }
                self.keep_in_mind(act.by.role, [site.place.clone()]);
                self.one_site(foreign, act, &site, &act.by, which, &mut walked).await;
            }
        }
        walked
    }

    /// An act that names no row, by everybody else.
    async fn without_ids(&self, foreign: &Foreign, act: &Act) {
        for viewer in self.viewers.iter().filter(|viewer| viewer.id != act.by.id) {
            let answer = self.mutate(viewer, act, Uuid::now_v7(), act.input.clone()).await;
            let told = format!("{:?} does {}", viewer.role, act.mutation);
            assert!(answer.status.as_u16() < 500, "{told}: {}", answer.text);
            foreign.secrets.keep(&answer, &act.input.to_string(), &told);
        }
    }

    async fn one_site(
        &self,
        foreign: &Foreign,
        act: &Act,
        site: &Site,
        by: &Person,
        which: Which,
        walked: &mut Walked,
    ) {
        let hidden = foreign.an_id(self, site.prefix());
        let never = format!("{}_{}", site.prefix(), Uuid::now_v7().simple());
        let told = format!("{:?} sends {} with {}: {hidden}", by.role, act.mutation, site.pointer);
        let mut answers = Vec::new();
        for id in [&hidden, &never] {
            let opens = *id == hidden && site.opens_to(by.role);
            if opens || which == Which::Open && *id == never {
                continue;
            }
            let mut input = act.input.clone();
            *input.pointer_mut(&site.pointer).unwrap() = json!(id);
            let key = Uuid::now_v7();
            let sent = format!("{input} {key}");
            let (statements, answer) = self.stage.counted(self.mutate(by, act, key, input)).await;
            foreign.secrets.keep(&answer, &sent, &told);
            assert!(answer.status.as_u16() < 500, "{told}: {}", answer.text);
            let result = &answer.body["data"][act.mutation];
            if which == Which::Closed {
                assert_ne!(result["userErrors"], json!([]), "{told}: {}", answer.text);
            }
            if is_missed(result, &site.field) {
                walked.reached.insert(site.place.clone());
            }
            let key = key.to_string();
            answers.push((plain(&answer, &[id, &key]), statements, self.stage.said()));
        }
        if let [hidden, never] = answers.as_slice() {
            assert_eq!(hidden, never, "{told}");
        }
    }

    /// Does all that we could do, under the keys that the other organisation used.
    pub async fn do_all(&self, foreign: &Foreign) {
        for (act, key) in self.acts.iter().zip(&foreign.keys) {
            let input = self.with_word(act, OURS);
            let sent = format!("{input} {key}");
            let answer = self.mutate(&act.by, act, *key, input).await;
            foreign.secrets.keep(&answer, &sent, act.mutation);
            must_be_done(act, &answer);
        }
    }

    /// The ids of inputs that no act has.
    pub fn without_an_act(&self) -> Vec<String> {
        let mut known = BTreeSet::new();
        for act in &self.acts {
            let found = sites(&self.types, &input_type(act.mutation), &act.input);
            known.extend(found.into_iter().map(|site| site.place));
        }
        let places = self.types.places();
        let is_input = |place: &String| {
            let (of, _) = place.split_once('.').unwrap();
            of.ends_with("Input")
        };
        places.into_iter().filter(is_input).filter(|place| !known.contains(place)).collect()
    }
}

impl Site {
    fn opens_to(&self, role: Role) -> bool {
        MAY_OPEN.iter().any(|(place, roles)| self.place == *place && roles.contains(&role))
    }
}

/// Whether an answer says that what a field names isn't there.
fn is_missed(result: &Value, field: &str) -> bool {
    let errors = result["userErrors"].as_array().map_or(&[][..], Vec::as_slice);
    errors.iter().any(|error| {
        let path = error["path"].as_array().unwrap();
        error["code"] == "NOT_FOUND"
            && path.iter().any(|part| part.as_str().unwrap().split('.').any(|part| part == field))
    })
}
