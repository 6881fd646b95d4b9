//! Several reads in one statement: reads that a session of its own takes part in are kept back until all
//! are there, and sent together as one `with` query. What one finds is what the next is asked of, so
//! that the database follows a whole tree of relations at once. The list of a read's keys is a subquery here,
//! and what another read of the statement knows of them is not asked again; else each is the same as it is
//! alone, with the viewer's predicate in it.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::fmt;
use std::future::{Future, poll_fn};
use std::mem;
use std::ops::Range;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;

use futures_util::future;
use sea_orm::sea_query::{
    Alias, ColumnType, CommonTableExpression, Expr, ExprTrait, Query, SelectStatement, SimpleExpr,
    UnionType, WindowStatement, WithClause, WithQuery,
};
use sea_orm::{ConnectionTrait, DbBackend, Order, QueryResult, Value};
use tokio::sync::oneshot;
use uuid::Uuid;

use super::Session;
use super::cell::{Cell, Cells};
use crate::access::scope::{GRANTED, Subject, among, granted, one_of};
use crate::access::viewer::{Grants, Viewer};
use crate::error::{Error, Result};

/// Reads that are sent as one statement.
pub struct Joint {
    session: Session,
    /// The columns that nothing in the request shows, by their names.
    spared: HashSet<&'static str>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    reads: BTreeMap<usize, Read>,
    /// Which columns hold keys of other reads, and what they hold once it is known.
    keys: HashMap<(usize, String), Vec<Uuid>>,
    is_sent: bool,
}

struct Read {
    select: SelectStatement,
    cells: Vec<Cell>,
    order: Vec<(String, Order)>,
    parent: Option<usize>,
    known: Vec<Known>,
    answer: oneshot::Sender<Result<Vec<Vec<Value>>>>,
}

/// What the rows of a read say of those whom they are seen with. Who is asked for by what it names needs
/// not be looked up again: they are seen, and what is shown of them is known.
#[derive(Clone, Debug)]
pub struct Known {
    /// With whom the rows are seen.
    pub subject: Subject,
    /// Which cell names them.
    pub cell: usize,
    /// Which cells say what is shown of them.
    pub shown: Range<usize>,
    /// The column that they are known from, of another read or of these rows themselves, if these cells
    /// don't say it.
    pub from: Option<(usize, String)>,
}

/// The part of one read in a joint statement.
#[derive(Clone)]
pub struct Part {
    joint: Arc<Joint>,
    index: usize,
    keys: Keys,
}

/// What a read is asked of.
#[derive(Clone, Debug)]
pub enum Keys {
    /// The ids that it is given, or no ids at all.
    Given,
    /// What another read finds in a column.
    Of(usize, String),
}

impl fmt::Debug for Part {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Part({}, {:?})", self.index, self.keys)
    }
}

impl fmt::Debug for Joint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Joint")
    }
}

impl Joint {
    /// Reads for a session, without the columns that nothing in the request shows.
    pub fn new(session: &Session, spared: HashSet<&'static str>) -> Arc<Self> {
        Arc::new(Self { session: session.clone(), spared, state: Mutex::default() })
    }

    /// A session whose one read takes part at a place; parents stand before their children.
    pub fn session(self: &Arc<Self>, index: usize, keys: Keys) -> Session {
        if let Keys::Of(parent, column) = &keys {
            self.state().keys.entry((*parent, column.clone())).or_default();
        }
        let part = Part { joint: Arc::clone(self), index, keys };
        Session { part: Some(part), ..self.session.clone() }
    }

    /// Lets reads come together, sends them, and waits for what they make of their rows. A read that did
    /// not take part has no answer.
    pub async fn together<R, T>(
        &self,
        root: impl Future<Output = R>,
        reads: Vec<impl Future<Output = T>>,
    ) -> (R, Vec<Option<T>>) {
        let mut all = pin!(future::join(root, future::join_all(reads)));
        let begun = poll_fn(|context| Poll::Ready(all.as_mut().poll(context))).await;
        let (taking_part, (root, answers)) = match begun {
            Poll::Ready(done) => (BTreeSet::new(), done),
            Poll::Pending => (self.send().await, all.await),
        };
        let answers = answers.into_iter().zip(1..);
        let answers = answers.map(|(answer, index)| taking_part.contains(&index).then_some(answer));
        (root, answers.collect())
    }

    /// What a read found in a column of keys, each once.
    pub fn keys(&self, index: usize, column: &str) -> Vec<Uuid> {
        self.state().keys.get(&(index, column.to_owned())).cloned().unwrap_or_default()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sends the reads that came, and answers them. Returns which took part.
    async fn send(&self) -> BTreeSet<usize> {
        let mut reads = {
            let mut state = self.state();
            state.is_sent = true;
            mem::take(&mut state.reads)
        };
        let mut present: BTreeSet<usize> = BTreeSet::new();
        reads.retain(|index, read| {
            read.parent.is_none_or(|parent| present.contains(&parent)) && present.insert(*index)
        });
        let found = match statement(&self.session.jointly().0, &mut reads) {
            Some(statement) => self.session.database().query_all(&statement).await,
            None => return present,
        };
        match found.map_err(Error::from).and_then(|rows| self.sorted_out(&reads, &rows)) {
            Ok(mut rows) => {
                for (index, read) in reads {
                    drop(read.answer.send(Ok(rows.remove(&index).unwrap_or_default())));
                }
            }
            Err(error) => {
                for (_, read) in reads {
                    drop(read.answer.send(Err(error.clone())));
                }
            }
        }
        present
    }

    /// The rows of each read, in its order.
    fn sorted_out(
        &self,
        reads: &BTreeMap<usize, Read>,
        rows: &[QueryResult],
    ) -> Result<HashMap<usize, Vec<Vec<Value>>>> {
        let mut placed: HashMap<usize, Vec<(i64, Vec<Value>)>> = HashMap::new();
        for row in rows {
            let index: i32 = row.try_get_by_index(0)?;
            let index = usize::try_from(index).map_err(|_| Error::Internal)?;
            let (place, text): (i64, String) = (row.try_get_by_index(1)?, row.try_get_by_index(2)?);
            let read = reads.get(&index).ok_or(Error::Internal)?;
            placed.entry(index).or_default().push((place, Cells(&read.cells).read(&text)?));
        }
        for rows in placed.values_mut() {
            rows.sort_by_key(|(place, _)| *place);
        }
        let rows = placed
            .into_iter()
            .map(|(index, rows)| (index, rows.into_iter().map(|(_, row)| row).collect::<Vec<_>>()));
        let mut rows: HashMap<usize, Vec<Vec<Value>>> = rows.collect();
        tell(reads, &mut rows)?;
        self.take_keys(reads, &rows);
        Ok(rows)
    }

    fn take_keys(&self, reads: &BTreeMap<usize, Read>, rows: &HashMap<usize, Vec<Vec<Value>>>) {
        for ((index, column), keys) in &mut self.state().keys {
            let Some(read) = reads.get(index) else { continue };
            let at = read.cells.iter().position(|cell| cell.name == *column);
            let rows = rows.get(index).into_iter().flatten();
            let ids = rows.filter_map(|row| id_in(row, at?));
            *keys = ids.collect::<BTreeSet<_>>().into_iter().collect();
        }
    }
}

/// Tells reads what is shown of those whom another one knows; parents stand before their children.
fn tell(reads: &BTreeMap<usize, Read>, rows: &mut HashMap<usize, Vec<Vec<Value>>>) -> Result<()> {
    let mut told: HashMap<(usize, &str), HashMap<Uuid, Vec<Value>>> = HashMap::new();
    for (index, read) in reads {
        let rows = rows.entry(*index).or_default();
        for known in &read.known {
            let mut shown = HashMap::new();
            for row in rows.iter_mut() {
                let id = id_in(row, known.cell).ok_or(Error::Internal)?;
                if let Some((from, column)) = &known.from {
                    let told = told.get(&(*from, column.as_str())).and_then(|told| told.get(&id));
                    row[known.shown.clone()].clone_from_slice(told.ok_or(Error::Internal)?);
                }
                shown.insert(id, row[known.shown.clone()].to_vec());
            }
            told.insert((*index, &*read.cells[known.cell].name), shown);
        }
    }
    Ok(())
}

fn id_in(row: &[Value], at: usize) -> Option<Uuid> {
    match row.get(at)? {
        Value::Uuid(id) => *id,
        _ => None,
    }
}

impl Part {
    /// The number of the read.
    pub(super) const fn index(&self) -> usize {
        self.index
    }

    /// From which column of another read the keys are known to be those of families or of persons whom
    /// the viewer sees.
    pub(super) fn knows(&self, subject: Subject) -> Option<(usize, String)> {
        let Keys::Of(parent, column) = &self.keys else { return None };
        let state = self.joint.state();
        let read = state.reads.get(parent)?;
        let is_it =
            |known: &Known| known.subject == subject && read.cells[known.cell].name == *column;
        read.known.iter().any(is_it).then(|| (*parent, column.clone()))
    }

    /// A column by which it is known, of any of the rows that the keys are from, that they are those of
    /// families or of persons whom the viewer sees.
    pub(super) fn knows_any(&self, subject: Subject) -> Option<(usize, String)> {
        let Keys::Of(parent, _) = &self.keys else { return None };
        let state = self.joint.state();
        let read = state.reads.get(parent)?;
        let known = read.known.iter().find(|known| known.subject == subject)?;
        Some((*parent, read.cells[known.cell].name.to_string()))
    }

    /// The condition that a column holds what a read finds in a column.
    pub(super) fn found(&self, column: SimpleExpr, (read, key): &(usize, String)) -> SimpleExpr {
        let mut keys = Query::select();
        keys.column((table(*read), Alias::new(key))).from(table(*read));
        if self.joint.session.viewer().backend == DbBackend::Postgres {
            among(column, keys)
        } else {
            column.in_subquery(keys)
        }
    }

    /// The condition that a column holds one of the keys.
    pub(super) fn narrow(&self, column: SimpleExpr, given: &[Uuid]) -> SimpleExpr {
        let backend = self.joint.session.viewer().backend;
        match &self.keys {
            Keys::Given => one_of(backend, column, given.to_vec()),
            Keys::Of(parent, key) => self.found(column, &(*parent, key.clone())),
        }
    }

    /// Whether a column is left out, because nothing shows it.
    pub(super) fn spares(&self, column: &str) -> bool {
        self.joint.spared.contains(column)
    }

    /// Takes part with a query, whose rows come as the values of these cells, in this order.
    pub(super) async fn read(
        &self,
        select: SelectStatement,
        cells: Vec<Cell>,
        order: Vec<(String, Order)>,
        known: Vec<Known>,
    ) -> Result<Vec<Vec<Value>>> {
        let (answer, rows) = oneshot::channel();
        let parent = match self.keys {
            Keys::Given => None,
            Keys::Of(parent, _) => Some(parent),
        };
        let read = Read { select, cells, order, parent, known, answer };
        {
            // Who comes late takes no part; who comes twice is a fault, to both.
            let mut state = self.joint.state();
            if state.is_sent || state.reads.insert(self.index, read).is_some() {
                return Err(Error::Internal);
            }
        }
        rows.await.unwrap_or(Err(Error::Internal))
    }
}

fn table(index: usize) -> Alias {
    Alias::new(format!("n{index}"))
}

/// The reads as one statement, which takes their queries.
fn statement(viewer: &Viewer, reads: &mut BTreeMap<usize, Read>) -> Option<WithQuery> {
    let backend = viewer.backend;
    let mut with = WithClause::new();
    if let (Grants::Named, Some(granted)) = (viewer.grants, granted(viewer)) {
        let mut part = CommonTableExpression::new();
        part.query(granted).table_name(GRANTED).materialized(false);
        with.cte(part);
    }
    let mut all: Option<SelectStatement> = None;
    for (index, read) in reads {
        let mut part = CommonTableExpression::new();
        part.query(mem::take(&mut read.select)).table_name(table(*index));
        with.cte(part);
        let rows = rows_of(backend, *index, read);
        all = Some(match all {
            None => rows,
            Some(mut all) => {
                all.union(UnionType::All, rows);
                all
            }
        });
    }
    // Each shorter way to say this clones the whole of it.
    let mut statement = WithQuery::new();
    statement.with_clause(with).query(all?);
    Some(statement)
}

/// The rows of a read: its number, the place of the row, and the row as a JSON array, as text, which is
/// built faster than an expression for each column.
fn rows_of(backend: DbBackend, index: usize, read: &Read) -> SelectStatement {
    let is_postgres = backend == DbBackend::Postgres;
    // With the table's name: what has none may be taken for a text by SQLite.
    let from = format!("\"n{index}\".\"");
    let mut row = String::from(if is_postgres { "json_build_array(" } else { "json_array(" });
    for (no, cell) in read.cells.iter().filter(|cell| !cell.is_spared).enumerate() {
        let (before, after) = match cell.kind {
            ColumnType::Uuid if !is_postgres => ("hex(", "\")"),
            _ => ("", "\""),
        };
        row.extend([if no == 0 { "" } else { ", " }, before, &from, &cell.name, after]);
    }
    row.push(')');
    let mut rows = Query::select();
    rows.expr(Expr::cust(index.to_string()));
    if read.order.is_empty() {
        rows.expr(Expr::cust(if is_postgres { "0::bigint" } else { "0" }));
    } else {
        let mut window = WindowStatement::new();
        for (name, order) in &read.order {
            window.order_by_expr(Expr::col((table(index), Alias::new(name))), order.clone());
        }
        rows.expr_window(Expr::cust("row_number()"), window);
    }
    rows.expr(Expr::cust(row).cast_as(Alias::new("text"))).from(table(index));
    rows
}
