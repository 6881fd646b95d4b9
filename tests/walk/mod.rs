//! The walk: every field of the schema that takes an id or returns a row is tried by every role on the
//! rows of another organisation. Nothing of theirs comes back, what is hidden answers as what never
//! was, by the same statements, and nothing of theirs is changed.
//!
//! What to try is read from the schema, and the rows are made by the acts of `tests/statements`: who
//! adds a mutation adds an act there with all its parts filled, and the walk has it. What it can't
//! try fails with what to add.

pub mod answers;
pub mod arguments;
pub mod asking;
mod border;
mod expected;
mod lists;
mod mutations;
mod relations;
pub mod rows;
pub mod schema;
mod ways;
pub mod world;

use std::collections::BTreeSet;

use entity::membership::Role;
use sea_orm::Iterable;

use crate::harness::log::Log;
use crate::harness::run;
use answers::Secrets;
use border::Border;
use mutations::Which;
use rows::{Dump, OPEN};
use schema::{Kind, Types};
use world::{CANARY, Foreign, OURS, World, is_open};

/// What was tried by whom, and with how many requests.
type Tried = (BTreeSet<(String, Role)>, usize);

/// Ids in inputs that are refused in other words than that nothing is there: whoever is no member of
/// the family, is no member of the family.
const UNREACHED: [&str; 1] = ["EnrolmentRequestInput.personIds"];

/// Objects that nothing leads to from what the acts make.
const NEVER_THERE: [&str; 0] = [];

/// Texts that nobody writes, by the names of their fields.
const UNWRITTEN: [&str; 6] =
    ["caseReference", "cursor", "endCursor", "redactedFields", "reference", "startCursor"];

/// Objects whose texts are the service's own.
const OWN_WORDS: [&str; 11] = [
    "AccessDecision",
    "AuditChain",
    "AuditEvent",
    "AuditSeal",
    "MetricDefinition",
    "MetricKey",
    "MetricResult",
    "Mutation",
    "Query",
    "Snapshot",
    "Viewer",
];

/// Other texts that carry no canary here: answers of assessments are seen with these, and the reasons
/// for eligibility are the service's words.
const UNMARKED: [&str; 4] = [
    "ChangedAnswer.after",
    "ChangedAnswer.before",
    "ChangedAnswer.question",
    "EligibilityCondition.reason",
];

/// Columns that cross no border, because no act makes such rows.
const UNCROSSED: [&str; 0] = [];

#[test]
fn nothing_of_another_organisation_comes_back_to_anybody_by_any_field() {
    let (tried, asked) = std::thread::scope(|scope| {
        [what_is_listed, what_is_reached, what_is_changed, what_is_open]
            .map(|part| scope.spawn(part))
            .map(|part| part.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
    })
    .into_iter()
    .fold((BTreeSet::new(), 0), |(mut all, count), (tried, asked)| {
        all.extend(tried);
        (all, count + asked)
    });
    let mut missing = Vec::new();
    let places = Types::load().places();
    for place in &places {
        for role in Role::iter() {
            if !tried.contains(&(place.clone(), role)) {
                missing.push(format!("{place} by {role:?}"));
            }
        }
    }
    assert!(missing.is_empty(), "the walk has no way to try {missing:#?}");
    let pairs = places.len() * Role::iter().count();
    println!("{pairs} pairs of a field and a role were tried, with {asked} requests");
}

/// Lists are as if the other organisation weren't there, and so are its rows by their ids.
fn what_is_listed() -> Tried {
    told(async |world| {
        let alone = world.lists(true).await;
        let foreign = world.plant().await;
        for (asked, answer) in world.lists(false).await {
            assert_eq!(alone[&asked], answer, "{asked:?} tells that the others are there");
        }
        world.ids_of_roots(&foreign).await;
        world.keys_of_figures(&foreign).await;
        world.every_foreign_row(&foreign).await;
    })
}

/// Nothing leads from our rows to those of the other organisation.
fn what_is_reached() -> Tried {
    told(async |world| {
        let mut foreign = world.plant().await;
        world.do_all(&foreign).await;
        let ours = Dump::take(world.stage).await.since(&foreign.rows);
        let mut border = border::cross(world, &ours, &foreign).await;
        assert_eq!(border.never, UNCROSSED, "columns that should cross the border, or be listed");
        println!("{} rows point over the border", border.crossed);
        foreign.secrets.add(&border.new);
        for table in OPEN {
            // What is open leads to what isn't, ours and theirs.
            let starts = border.ours.entry(table.to_owned()).or_default();
            starts.extend(ours.ids(table).into_iter().take(5));
            starts.extend(foreign.rows.ids(table).into_iter().take(40));
        }
        world.look_around(&foreign, &border.ours).await;
        world.catalogue(&foreign).await;
        for (asked, answer) in world.lists(false).await {
            let told = foreign.secrets.found(&answer.to_string(), "").map(str::to_owned);
            assert_eq!(told, None, "{asked:?}: {answer}");
        }
        there_is_something_to_find(world, &foreign, &border, &ours).await;
    })
}

/// Walks through a world, and looks that the log tells nothing of it.
fn told(walk: impl AsyncFnOnce(&World<'_>) + Send) -> Tried {
    let mut tried = Tried::default();
    run(async |stage| {
        let log = Log::default();
        let writer = log.clone();
        let lines = tracing_subscriber::fmt()
            .with_max_level(tracing::Level::DEBUG)
            .with_writer(move || writer.clone())
            .finish();
        let _default = tracing::subscriber::set_default(lines);
        let world = World::ours(stage).await;
        tracing::callsite::rebuild_interest_cache();
        walk(&world).await;
        tried = world.tried();
        let log = log.text();
        assert!(log.contains("executed"), "nothing was logged");
        for word in [CANARY, OURS] {
            let line = log.lines().find(|line| line.contains(word));
            assert_eq!(line, None, "a line of the log with {word}");
        }
    });
    tried
}

/// The other organisation's own people see objects at each field, and the canary in each text:
/// there was something to find.
async fn there_is_something_to_find(
    world: &World<'_>,
    foreign: &Foreign,
    border: &Border,
    ours: &Dump,
) {
    let secrets = Secrets::of(ours, OURS);
    let told = world.as_insiders(foreign, &border.theirs, &secrets).await;
    let nodes = world.types.members("Node");
    let is_of_node = |place: &&String| nodes.contains(&place.split_once('.').unwrap().0);
    let never: Vec<String> = world
        .types
        .places()
        .iter()
        .filter(|place| !place.contains('('))
        .filter(is_of_node)
        .filter(|place| !told.objects.contains(*place))
        .cloned()
        .collect();
    assert_eq!(never, NEVER_THERE, "add an act to tests/statements that makes such objects");
    let texts: BTreeSet<String> =
        world.closed_texts().filter(|place| !told.marked.contains(place)).collect();
    assert_eq!(texts.iter().collect::<Vec<_>>(), UNMARKED, "texts of theirs without their canary");
}

impl World<'_> {
    /// Every text that people write about families.
    fn closed_texts(&self) -> impl Iterator<Item = String> {
        let of = |name: &str| {
            let found = self.types.of(name);
            found.kind == Kind::Object
                && !OWN_WORDS.contains(&name)
                && !found.interfaces.iter().any(|of| of == "UserError" || of == "MutationPayload")
                && !is_open(name)
        };
        self.types.all().filter(move |found| of(&found.name)).flat_map(|found| {
            let texts = found.fields.iter().filter(|field| field.of == "String");
            let written = texts.filter(|field| !UNWRITTEN.contains(&field.name.as_str()));
            written.map(|field| format!("{}.{}", found.name, field.name))
        })
    }
}

fn what_is_changed() -> Tried {
    told(async |world| {
        let none = Vec::<String>::new();
        assert_eq!(world.without_an_act(), none, "add an act to tests/statements that has them");
        let ours = Dump::take(world.stage).await;
        let foreign = world.plant().await;
        let walked = world.ids_of_inputs(&foreign, &ours, Which::Closed).await;
        let now = Dump::take(world.stage).await;
        assert_eq!(foreign.rows.changes(&now), none);
        assert_eq!(ours.changes(&now), none);
        let missed: Vec<_> = walked.closed.difference(&walked.reached).collect();
        assert_eq!(missed, UNREACHED, "ids that no act's lookup reached");
        world.do_all(&foreign).await;
        assert_eq!(foreign.rows.changes(&Dump::take(world.stage).await), none);
    })
}

/// What everybody may know of, such as a centre, is for its own people to change.
fn what_is_open() -> Tried {
    told(async |world| {
        let ours = Dump::take(world.stage).await;
        let foreign = world.plant().await;
        world.ids_of_inputs(&foreign, &ours, Which::Open).await;
        let now = Dump::take(world.stage).await;
        assert_eq!(foreign.rows.changes(&now), Vec::<String>::new());
    })
}
