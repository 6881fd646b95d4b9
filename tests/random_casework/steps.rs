//! Steps of random histories, of numbers alone, so that a history that breaks something can be cut
//! down; and the catalogues that there are when one begins. What the numbers mean stands in `verbs`.

use entity::{register, service_type};
use proptest::collection::vec;
use proptest::prelude::*;
use sea_orm::ActiveValue::Set;
use uuid::Uuid;

use super::known::Known;
use crate::harness::Stage;

/// One step: an actor, a mutation, and numbers by which its input is chosen.
#[derive(Clone, Debug)]
pub struct Step {
    pub actor: u8,
    pub verb: u8,
    choices: Vec<u16>,
}

/// A history of so many steps.
pub fn history(steps: usize) -> impl Strategy<Value = Vec<Step>> {
    let step = (any::<u8>(), any::<u8>(), vec(any::<u16>(), 12))
        .prop_map(|(actor, verb, choices)| Step { actor, verb, choices });
    vec(step, steps)
}

impl Step {
    /// A number of the step.
    pub fn choice(&self, place: usize) -> usize {
        usize::from(self.choices[place % self.choices.len()])
    }

    /// One of some words.
    pub fn one_of<'a>(&self, place: usize, words: &[&'a str]) -> &'a str {
        words[self.choice(place) % words.len()]
    }

    /// Yes or no.
    pub fn is(&self, place: usize) -> bool {
        self.choice(place).is_multiple_of(2)
    }
}

/// Registers and services that mutations name.
pub async fn catalogue(stage: &Stage, known: &mut Known) {
    let (family, person, service) = (Uuid::now_v7(), Uuid::now_v7(), Uuid::now_v7());
    for (uuid, code, subject) in [
        (family, "FAMILIES", register::RegisterSubject::Family),
        (person, "CHILDREN", register::RegisterSubject::Person),
    ] {
        stage
            .put(register::ActiveModel {
                id: Set(uuid),
                code: Set(code.to_owned()),
                name: Set(code.to_owned()),
                class: Set(register::RegisterClass::DifficultCircumstances),
                subject: Set(subject),
                is_active: Set(true),
            })
            .await;
        known.add("register", uuid);
    }
    stage
        .put(service_type::ActiveModel {
            id: Set(service),
            code: Set("TALK".to_owned()),
            name: Set("Talk".to_owned()),
            class: Set(service_type::ServiceClass::Social),
            is_active: Set(true),
        })
        .await;
    known.add("servicetype", service);
}
