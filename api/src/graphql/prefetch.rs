//! Looking ahead: a root field sees which relations its selection follows, reads them together with its
//! own rows in one statement, and hands them to the request's loaders. So a field finds its answer
//! there; what was not fetched, it asks the loader as always. Both ways read by the same functions of
//! `casework`, which show what the viewer's predicate lets them show.

mod columns;
mod relations;

use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;

use async_graphql::{Context, SelectionField, Value};
use uuid::Uuid;

use self::relations::{Ask, Leads, leads};
use super::loader::{Asking, Keyed, Loaders, last};
use crate::access::Session;
use crate::access::session::joint::{Joint, Keys};
use crate::error::Result;

/// Most relations that one statement follows; the others are left to the loaders.
const MOST: usize = 32;

/// The relations that a selection follows, parents before their children. What a root finds itself is
/// number 0.
#[derive(Default)]
struct Tree {
    branches: Vec<Branch>,
}

struct Branch {
    ask: Ask,
    parent: usize,
    key: String,
    /// How many rows a bounded list is asked for.
    last: u64,
}

/// Where a selection stands: in the rows of a branch, or of one of two tables in them.
#[derive(Clone, Copy)]
struct Site<'a> {
    branch: usize,
    part: &'static str,
    /// The type of the objects.
    on: &'a str,
}

impl Tree {
    /// The relations that fields follow from rows of a type, each reached by a path.
    fn of<'a>(fields: impl Iterator<Item = SelectionField<'a>>, on: &str) -> Self {
        let mut tree = Self::default();
        let site = Site { branch: 0, part: "", on };
        fields.for_each(|field| tree.follow(field, site));
        tree
    }

    fn follow(&mut self, field: SelectionField<'_>, from: Site<'_>) {
        let Some(relation) = leads(from.on, field.name()) else { return };
        let to = match relation {
            // Without a part of its own, it stands in the part that its parent does.
            Leads::Within { part, to } => {
                let part = if part.is_empty() { from.part } else { part };
                Site { branch: from.branch, part, on: to }
            }
            Leads::By { key, ask, part, to } => {
                let Some(last) = bound(field) else { return };
                let key = format!("{}{key}", from.part);
                let Some(branch) = self.branch(Branch { ask, parent: from.branch, key, last })
                else {
                    return;
                };
                Site { branch, part, on: to }
            }
        };
        field.selection_set().for_each(|field| self.follow(field, to));
    }

    /// The number of a branch, which is taken once.
    fn branch(&mut self, branch: Branch) -> Option<usize> {
        let known = self.branches.iter().position(|known| {
            (known.parent, &known.key, known.last) == (branch.parent, &branch.key, branch.last)
                && known.ask.is(branch.ask)
        });
        if known.is_none() && self.branches.len() < MOST {
            self.branches.push(branch);
            return Some(self.branches.len());
        }
        known.map(|at| at + 1)
    }
}

/// How many rows a field is asked for; none if its answer is an error.
fn bound(field: SelectionField<'_>) -> Option<u64> {
    let arguments = field.arguments().ok()?;
    let given = arguments.into_iter().find(|(name, _)| name == "last").map(|(_, value)| value);
    match given {
        Some(Value::Number(number)) => last(i32::try_from(number.as_i64()?).ok()).ok(),
        _ => last(None).ok(),
    }
}

/// Reads rows of a type, together with what the selection at paths below this field follows from them.
pub async fn with_relations<R, F>(
    ctx: &Context<'_>,
    on: &str,
    paths: &[&[&str]],
    read: impl FnOnce(Session) -> F,
) -> Result<R>
where
    F: Future<Output = Result<R>>,
{
    let session = ctx.session()?;
    let tree = Tree::of(below(ctx.field(), paths).into_iter(), on);
    let loaders = ctx.data_opt::<Loaders>().filter(|loaders| loaders.looks_ahead());
    let Some(loaders) = loaders.filter(|_| !tree.branches.is_empty()) else {
        return read(session.clone()).await;
    };
    let joint = Joint::new(session, loaders.spared(|| columns::spared(ctx)).clone());
    let root = read(joint.session(0, Keys::Given));
    let reads = tree.branches.iter().zip(1..).map(|(branch, index)| {
        let keys = Keys::Of(branch.parent, branch.key.clone());
        branch.ask.read(joint.session(index, keys), branch.last)
    });
    let (root, answers) = joint.together(root, reads.collect()).await;
    let root = root?;
    for (branch, answer) in tree.branches.iter().zip(answers) {
        if let Some(answer) = answer {
            answer?.prime(loaders, joint.keys(branch.parent, &branch.key), branch.last).await;
        }
    }
    Ok(root)
}

/// Reads objects by their ids, together with what the selection follows from them: then the request's
/// loaders have them. Does nothing if it follows nothing.
pub async fn by_ids<Q: Keyed>(
    ctx: &Context<'_>,
    on: &str,
    paths: &[&[&str]],
    ids: &[Uuid],
) -> Result<()> {
    let loaders = ctx.data_opt::<Loaders>().filter(|loaders| loaders.looks_ahead());
    let Some(loaders) = loaders else { return Ok(()) };
    if ids.is_empty() || !follows(ctx, on, paths) {
        return Ok(());
    }
    let read = |session: Session| async move { Q::read(&session, ids, u64::MAX).await };
    let found = Box::pin(with_relations(ctx, on, paths, read)).await?;
    loaders.prime::<Q>(found, ids.to_vec(), u64::MAX).await;
    Ok(())
}

fn follows(ctx: &Context<'_>, on: &str, paths: &[&[&str]]) -> bool {
    below(ctx.field(), paths).into_iter().any(|field| leads(on, field.name()).is_some())
}

/// The fields that are selected at paths below a field.
fn below<'a>(field: SelectionField<'a>, paths: &[&[&str]]) -> Vec<SelectionField<'a>> {
    let at = |path: &&[&str]| {
        path.iter().fold(vec![field], |fields, name| {
            let below = fields.iter().flat_map(SelectionField::selection_set);
            below.filter(|field| field.name() == *name).collect()
        })
    };
    let found = paths.iter().flat_map(at);
    found.flat_map(|field| field.selection_set().collect::<Vec<_>>()).collect()
}

/// Where the rows of a connection are selected.
pub const ROWS: &[&[&str]] = &[&["nodes"], &["edges", "node"]];

/// Where the fields of an object itself are selected.
pub const ITSELF: &[&[&str]] = &[&[]];

/// What a branch found, to be handed to the loaders.
pub struct Answer(Box<dyn Prime>);

trait Prime: Send {
    fn prime<'a>(
        self: Box<Self>,
        loaders: &'a Loaders,
        keys: Vec<Uuid>,
        last: u64,
    ) -> Pin<Box<dyn Future<Output = ()> + Send + 'a>>;
}

struct Of<Q: Keyed>(HashMap<Uuid, Q::Answer>);

impl<Q: Keyed> Prime for Of<Q> {
    fn prime<'a>(
        self: Box<Self>,
        loaders: &'a Loaders,
        keys: Vec<Uuid>,
        last: u64,
    ) -> Pin<Box<dyn Future<Output = ()> + Send + 'a>> {
        Box::pin(loaders.prime::<Q>(self.0, keys, last))
    }
}

impl Answer {
    /// What questions found, by the keys that they were asked of.
    fn of<Q: Keyed>(found: HashMap<Uuid, Q::Answer>) -> Self {
        Self(Box::new(Of::<Q>(found)))
    }

    async fn prime(self, loaders: &Loaders, keys: Vec<Uuid>, last: u64) {
        self.0.prime(loaders, keys, last).await;
    }
}
