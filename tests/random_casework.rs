//! Random histories: mutations in any order, by any role, with any ids. Whatever comes, nothing
//! breaks, no invariant is broken, and the audit has an event for every success and none for a
//! failure.

mod emergencies;
mod invariants;
mod known;
mod placements;
mod programmes;
mod sharing;
mod standing;
mod steps;
mod verbs;

use std::collections::BTreeMap;

use chrono::TimeDelta;
use entity::membership::Role;
use entity::{audit_event, idempotency_key};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::Value;

use crate::harness::world::Person;
use crate::harness::{Stage, run};
use known::Known;
use steps::Step;
use verbs::verbs;

/// The statements that a mutation may take; each list within what it answers may take one more.
const MOST_STATEMENTS: usize = 12;

/// Caseworkers and supervisors of one office.
const OFFICE: usize = 4;

/// Who acts: two offices that see nothing of each other, and everybody else.
async fn actors(stage: &Stage, known: &mut Known) -> Vec<Person> {
    let area = stage.area("Area", None).await;
    let mut actors = Vec::new();
    for name in ["North", "South"] {
        let office = stage.organisation(name, None).await;
        for role in [Role::Caseworker, Role::Caseworker, Role::Supervisor, Role::Supervisor] {
            actors.push(stage.worker(&office, role).await);
        }
        actors.push(stage.machine(&office).await);
        actors.push(stage.worker(&office, Role::Reporter).await);
        if name == "North" {
            for places in [2, 4, 6] {
                let (_, unit) = stage.centre(&office, &area, places).await;
                known.keep("ready", "unit", unit);
            }
            for role in
                [Role::CentreStaff, Role::NgoWorker, Role::Analyst, Role::Auditor, Role::Admin]
            {
                actors.push(stage.worker(&office, role).await);
            }
            actors.push(stage.coordinator(&office, &area).await);
        }
        known.add("organisation", office.id);
    }
    for actor in actors.iter().rev().filter(|actor| actor.role != Role::Integration) {
        known.add("worker", actor.id);
    }
    known.add("area", area.id);
    steps::catalogue(stage, known).await;
    actors
}

/// What a history came to: how often each mutation was done and refused.
#[derive(Debug, Default)]
struct Tally(BTreeMap<&'static str, (usize, usize)>);

#[expect(clippy::too_many_lines, reason = "one story, told at once")]
async fn tell(stage: &Stage, steps: &[Step], tally: &mut Tally) {
    let mut known = Known::default();
    let actors = actors(stage, &mut known).await;
    let verbs = verbs();
    // The first of the other office, to which the first one refers and transfers.
    let elsewhere = |actor: &Person| actor.organisation != actors[0].organisation;
    let receivers: Vec<&Person> = actors.iter().filter(|actor| elsewhere(actor)).collect();
    let mut done = 0;
    let mut sent = Vec::new();
    let mut facts = Vec::new();
    for (no, step) in steps.iter().enumerate() {
        if step.choice(10) % 40 == 0 {
            stage.wait(TimeDelta::days(1));
        }
        if no == steps.len() / 2 {
            facts = standing::facts(stage).await;
        }
        // Most of the work is one office's, or little would come of it; its people are the first.
        let hands = if step.choice(11) % 10 < 7 { OFFICE } else { actors.len() };
        let actor = &actors[usize::from(step.actor) % hands];
        let verb = verbs[usize::from(step.verb) % verbs.len()];
        let actor = if sharing::is_received(verb.name) && step.choice(9) % 10 < 8 {
            receivers[usize::from(step.actor) % OFFICE]
        } else {
            actor
        };
        let (key, input) = if step.choice(7) % 9 == 0 && !sent.is_empty() {
            // Somebody repeats what was sent before.
            let (name, key, input): &(&str, uuid::Uuid, Value) = &sent[step.choice(6) % sent.len()];
            if *name != verb.name {
                continue;
            }
            (*key, input.clone())
        } else {
            (uuid::Uuid::now_v7(), (verb.input)(step, &known, stage))
        };
        let client = stage.as_(actor);
        let sending = client.mutate_as(key, verb.name, input.clone(), verb.selection);
        let (statements, answer) = stage.counted(sending).await;
        let lists = verb.selection.matches('{').count() - 1;
        assert!(
            statements <= MOST_STATEMENTS + lists + sharing::more_statements(verb.name),
            "{} took {statements}: {:#?}",
            verb.name,
            stage.said()
        );
        assert!(answer.status.as_u16() < 500, "{} {input}: {}", verb.name, answer.text);
        assert!(!answer.text.contains("INTERNAL"), "{} {input}: {}", verb.name, answer.text);
        let errors = answer.body.pointer("/errors/0/extensions/code").and_then(Value::as_str);
        assert!(
            matches!(errors, None | Some("FORBIDDEN")),
            "{} {input}: {}",
            verb.name,
            answer.text
        );
        let result = answer.body.pointer("/data/result").cloned().unwrap_or_default();
        let is_done = errors.is_none() && result["userErrors"] == serde_json::json!([]);
        let counts = tally.0.entry(verb.name).or_default();
        if is_done && result["replayed"] == false {
            done += 1;
            counts.0 += 1;
            known.learn(&result);
            known.about(&result["decision"]["id"], &input["familyId"]);
            let enrolment = &result["enrolment"];
            known.about(&enrolment["id"], &enrolment["programme"]["id"]);
            for member in enrolment["family"]["members"].as_array().into_iter().flatten() {
                known.about(&member["person"]["id"], &enrolment["id"]);
            }
        } else {
            counts.1 += 1;
        }
        sent.push((verb.name, key, input));
    }
    let database = &stage.database.reader;
    let written = audit_event::Entity::find()
        .filter(audit_event::Column::Action.ne("READ"))
        .count(database)
        .await
        .unwrap();
    assert_eq!(written, done, "an event for every success and none for a failure");
    assert_eq!(idempotency_key::Entity::find().count(database).await.unwrap(), done);
    invariants::hold(stage).await;
    placements::hold(stage).await;
    emergencies::hold(stage).await;
    sharing::hold(stage).await;
    standing::hold(stage).await;
    standing::are_kept(stage, &facts).await;
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 12, max_shrink_iters: 30, failure_persistence: None, ..ProptestConfig::default()
    })]

    #[test]
    fn random_histories_break_nothing(steps in steps::history(90)) {
        let mut tally = Tally::default();
        run(async |stage| tell(stage, &steps, &mut tally).await);
    }
}

/// Histories that are long and the same at each run: every mutation is done in them at least once, so
/// that the random ones above are known to reach them.
#[test]
fn a_long_history_does_every_mutation() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut tally = Tally::default();
    for _ in 0..6 {
        let steps = steps::history(4000).new_tree(&mut runner).unwrap().current();
        run(async |stage| tell(stage, &steps, &mut tally).await);
    }
    let never: Vec<_> = verbs()
        .iter()
        .filter(|verb| tally.0.get(verb.name).is_none_or(|(done, _)| *done == 0))
        .map(|verb| verb.name)
        .collect();
    assert!(never.is_empty(), "never done: {never:?}; {tally:?}");
}
