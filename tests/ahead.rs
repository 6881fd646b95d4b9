//! What a root reads ahead is what its fields would have asked for: by random selections over all
//! relations, as every role, the answer by looking ahead and the answer by the loaders alone are equal,
//! and so is what the audit notes. `AHEAD_ROUNDS` says on how many data (two if it is not set),
//! `AHEAD_SEED` where chance begins.

use std::collections::BTreeMap;

use async_graphql::{Request, Response};
use hearth::access::Session;
use hearth::access::session::Circumstances;
use hearth::access::viewer::{Extent, Viewer};
use hearth::graphql::loader::Loaders;
use hearth::language::Language;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::agree::{Round, lists, number};
use crate::harness::world::Person;
use crate::harness::{Stage, run, token};
use crate::walk::schema::Types;

/// How many selections each viewer tries from each list, and from each type by its id.
const TRIES: usize = 2;
/// How deep a selection is at most.
const DEEPEST: usize = 4;

/// Some values of a type and some of its objects, which may be asked for twice by other names.
fn some(round: &mut Round<'_>, of: &str, depth: usize) -> String {
    let leaves: Vec<String> = round.types.leaves(of).map(|field| field.name.clone()).collect();
    let objects: Vec<(String, String)> = round
        .types
        .objects(of)
        .filter(|field| !field.arguments.iter().any(|argument| argument.is_required))
        .map(|field| (field.name.clone(), field.of.clone()))
        .collect();
    let mut parts = vec!["__typename".to_owned()];
    for _ in 0..round.chance.below(4) {
        parts.extend(round.chance.one(&leaves).cloned());
    }
    for no in 0..if depth > 0 { 1 + round.chance.below(3) } else { 0 } {
        let Some((name, inner)) = round.chance.one(&objects).cloned() else { break };
        let part = format!("a{depth}{no}: {name} {{ {} }}", some(round, &inner, depth - 1));
        parts.push(match round.chance.below(4) {
            0 => format!("... on {of} {{ {part} }}"),
            1 => format!("... @include(if: {}) {{ {part} }}", round.chance.below(2) == 0),
            _ => part,
        });
    }
    parts.join(" ")
}

/// Documents over the lists, and over objects of each type by their ids.
fn documents(round: &mut Round<'_>) -> Vec<String> {
    let mut documents = Vec::new();
    for (root, of) in lists(&Types::load()) {
        for _ in 0..TRIES {
            let depth = 1 + round.chance.below(DEEPEST);
            let (first, rows) = (1 + round.chance.below(4), some(round, &of, depth));
            let rows = match round.chance.below(3) {
                0 => format!("edges {{ cursor node {{ {rows} }} }}"),
                _ => format!("nodes {{ {rows} }}"),
            };
            let order = round.chance.one(&root.orders).cloned().unwrap_or_default();
            documents.push(format!(
                "{{ {}(first: {first}, {order}) {{ {rows} pageInfo {{ endCursor }} }} }}",
                root.field.name
            ));
        }
    }
    let prefixes: Vec<(String, String)> =
        round.types.prefixes().into_iter().map(|(of, prefix)| (of.to_owned(), prefix)).collect();
    for (of, prefix) in prefixes {
        for _ in 0..TRIES {
            let ids: Vec<String> = (0..3).filter_map(|_| round.an_id(&prefix)).collect();
            let Some(id) = ids.first() else { continue };
            let depth = 1 + round.chance.below(DEEPEST);
            let fields = some(round, &of, depth);
            documents.push(match round.chance.below(2) {
                0 => format!("{{ node(id: {id:?}) {{ ... on {of} {{ {fields} }} }} }}"),
                _ => format!(
                    "{{ nodes(ids: {ids:?}) {{ ...F }} }} fragment F on {of} {{ {fields} }}"
                ),
            });
        }
    }
    documents
}

/// Each value of an object alone, beside a relation that is read ahead: then the fewest columns come.
fn each_alone(round: &mut Round<'_>) -> Vec<String> {
    let prefixes: Vec<(String, String)> =
        round.types.prefixes().into_iter().map(|(of, prefix)| (of.to_owned(), prefix)).collect();
    let mut documents = Vec::new();
    for (of, prefix) in prefixes {
        let beside = round.types.objects(&of).filter(|field| {
            field.name != "viewerPermissions"
                && !field.arguments.iter().any(|argument| argument.is_required)
        });
        let beside: Vec<String> = beside.map(|field| field.name.clone()).collect();
        let leaves: Vec<String> = round.types.leaves(&of).map(|field| field.name.clone()).collect();
        for leaf in leaves {
            let Some(beside) = round.chance.one(&beside).cloned() else { continue };
            let ids: Vec<String> = (0..5).filter_map(|_| round.an_id(&prefix)).collect();
            documents.push(format!(
                "{{ nodes(ids: {ids:?}) {{ ... on {of} {{ {leaf} {beside} {{ __typename }} }} }} }}"
            ));
        }
    }
    documents
}

/// What a response says, and what the audit is told of it.
#[derive(Debug, PartialEq)]
struct Told {
    data: Value,
    errors: Vec<String>,
    notes: Vec<String>,
}

/// The same session of who reaches so much that lists are gone through in their order: what they hold may
/// not depend on it.
fn reaching_many(stage: &Stage, session: &Session) -> Session {
    let viewer = Viewer { extent: Extent::Many, ..session.viewer().clone() };
    let settings = &stage.app.settings;
    let circumstances = Circumstances {
        request_id: session.request_id(),
        zone: settings.time_zone,
        language: session.language(),
        terms: settings.terms,
        clock: settings.clock.clone(),
        vault: settings.vault.clone(),
    };
    Session::new(stage.database.clone(), viewer, circumstances)
}

async fn told(stage: &Stage, by: &Person, document: &str, ahead: bool) -> (usize, Told) {
    let bearer = token(&by.claims(vec!["restricted:read".to_owned()]));
    let session = stage.app.admit(&bearer, Uuid::now_v7(), Language::default()).await.unwrap();
    let (session, loaders) = if ahead {
        (session.clone(), Loaders::new(session))
    } else {
        let session = reaching_many(stage, &session);
        (session.clone(), Loaders::without_looking_ahead(session))
    };
    let request = Request::new(document).data(loaders);
    let (count, response): (usize, Response) =
        stage.counting(stage.app.schema.execute(request)).await;
    let mut errors: Vec<String> =
        response.errors.iter().map(|error| format!("{:?} {}", error.path, error.message)).collect();
    errors.sort();
    let mut notes: Vec<String> =
        session.notes().take().iter().map(|note| format!("{note:?}")).collect();
    notes.sort();
    (count, Told { data: json!(response.data), errors, notes })
}

#[test]
fn what_is_read_ahead_is_what_the_loaders_answer() {
    let seed = number("AHEAD_SEED", 1);
    for seed in seed..seed + number("AHEAD_ROUNDS", 2) {
        run(async |stage| {
            let mut round = Round::begin(stage, seed).await;
            let (mut compared, mut rows) = (0, BTreeMap::new());
            let (mut ahead, mut alone) = (0, 0);
            for (no, by) in round.viewers().await.into_iter().enumerate() {
                let mut all = documents(&mut round);
                if no % 2 == 0 {
                    all.extend(each_alone(&mut round));
                }
                for document in all {
                    let (fewer, found) = told(stage, &by, &document, true).await;
                    let (more, expected) = told(stage, &by, &document, false).await;
                    assert_eq!(found, expected, "seed {seed}, {:?}: {document}", by.role);
                    *rows.entry(by.role).or_insert(0) += expected.data.to_string().len();
                    (compared, ahead, alone) = (compared + 1, ahead + fewer, alone + more);
                }
            }
            println!(
                "seed {seed}: {compared} answers agree; {ahead} statements instead of {alone}"
            );
            assert!(rows.values().all(|length| *length > 0), "{rows:?}");
            assert!(ahead * 5 < alone * 4, "{ahead} statements ahead, {alone} by loaders");
        });
    }
}
