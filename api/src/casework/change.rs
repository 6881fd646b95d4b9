//! The door for writes: policy, transaction, idempotency key, version, audit row and feed row of
//! one mutation. A guard: what is not committed is rolled back, and a write that forgets one of
//! them can't commit.

#![expect(clippy::disallowed_methods, reason = "this is the door that writes begin at")]

mod claim;
mod difference;
mod ending;
mod ledger;
mod patience;
mod reading;
mod version;

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{
    Expr, ExprTrait, InsertStatement, OnConflict, Query, SelectStatement, SimpleExpr,
};
use sea_orm::{
    ActiveModelBehavior, ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait,
    DatabaseTransaction, DbErr, EntityTrait, FromQueryResult, IntoActiveModel, Iterable,
    PrimaryKeyToColumn, QueryFilter, QueryTrait, SqliteTransactionMode, TransactionOptions,
    TransactionTrait,
};
use uuid::Uuid;

use difference::differing;

use super::kept::{Entry, Kept};
use super::problem::{Halt, Problem};
use super::task::Due;
use super::wording::Text;
use crate::access::audit::Node;
use crate::access::policy::Action;
use crate::access::{Session, Visible};
use crate::error::{Error, Result};

pub use ledger::result_of;
pub use patience::patiently;
pub use reading::{KEPT, Right};
pub use version::conflict;

/// What a client sends so that the same mutation is done once.
#[derive(Clone, Debug)]
pub struct Key {
    /// The client's id of this mutation.
    pub client_mutation_id: Uuid,
    /// A digest of what it asks, so that another payload under the same id is told apart.
    pub payload_hash: String,
}

/// An aggregate that a mutation is about, and answers with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Subject {
    /// The kind of row, by the prefix of its ids.
    pub kind: &'static str,
    /// The row.
    pub id: Uuid,
}

impl Subject {
    /// A row of a kind.
    pub const fn new(kind: &'static str, id: Uuid) -> Self {
        Self { kind, id }
    }
}

/// One mutation, from its check to its commit.
#[derive(Debug)]
pub struct Change {
    session: Session,
    now: DateTime<Utc>,
    action: Action,
    subject: Subject,
    transaction: DatabaseTransaction,
    last: Vec<InsertStatement>,
    feed: Vec<Entry>,
    tasks: Vec<Due>,
    disclosures: Vec<Node>,
}

impl Change {
    /// Begins a mutation: refuses what the role never does, and finds out whether it was done
    /// before. Nothing is checked before it, so that a repeated request is answered as the first.
    pub async fn begin(
        session: &Session,
        action: Action,
        key: &Key,
        subject: Subject,
    ) -> Result<Self, Halt> {
        session.may(action)?;
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        let transaction = session.writer().begin_with_options(options).await?;
        let change = Self {
            session: session.clone(),
            now: session.now(),
            action,
            subject,
            transaction,
            last: Vec::new(),
            feed: Vec::new(),
            tasks: Vec::new(),
            disclosures: Vec::new(),
        };
        change.claim(key).await?;
        Ok(change)
    }

    /// The viewer's session: who, when, in which language, by which terms.
    pub const fn session(&self) -> &Session {
        &self.session
    }

    /// Says when the change happens, where it comes after others whom it waited for: not at the
    /// moment of the request.
    pub const fn happens_at(&mut self, now: DateTime<Utc>) {
        self.now = now;
    }

    /// Who writes, as columns `created_by` and `updated_by` hold it.
    pub fn by(&self) -> Option<Uuid> {
        let viewer = self.session.viewer();
        viewer.worker_id.or(viewer.api_client_id)
    }

    /// The worker who writes; a machine account is refused.
    pub fn worker(&self) -> Result<Uuid, Halt> {
        let worker = self.session.viewer().worker_id;
        worker.ok_or_else(|| Problem::at("input", Text::WorkersOnly).into())
    }

    /// What the change reads with, so that it sees its own writes.
    pub const fn connection(&self) -> &DatabaseTransaction {
        &self.transaction
    }

    /// Adds a row, and its line in the feed.
    pub async fn insert<M>(&mut self, row: M) -> Result<M, Halt>
    where
        M: Kept + Clone + IntoActiveModel<<M::Entity as EntityTrait>::ActiveModel>,
        <M::Entity as EntityTrait>::ActiveModel: ActiveModelBehavior + Send,
    {
        self.insert_all(vec![row.clone()]).await?;
        Ok(row)
    }

    /// Adds rows of one table in one statement, and their lines in the feed.
    pub async fn insert_all<M>(&mut self, rows: Vec<M>) -> Result<(), Halt>
    where
        M: Kept + IntoActiveModel<<M::Entity as EntityTrait>::ActiveModel>,
        <M::Entity as EntityTrait>::ActiveModel: ActiveModelBehavior + Send,
    {
        if rows.is_empty() {
            return Ok(());
        }
        self.note(&rows);
        self.transaction.execute(&inserting(rows)).await?;
        Ok(())
    }

    /// Adds rows of one table, and their lines in the feed, when the change ends: in one statement
    /// with all else that is written then. Nothing of the change may read or change them, or refer to them
    /// from what is written before.
    pub fn insert_last<M>(&mut self, rows: Vec<M>)
    where
        M: Kept + IntoActiveModel<<M::Entity as EntityTrait>::ActiveModel>,
        <M::Entity as EntityTrait>::ActiveModel: ActiveModelBehavior + Send,
    {
        if !rows.is_empty() {
            self.note(&rows);
            self.last.push(inserting(rows));
        }
    }

    /// Adds a row if a statement finds nothing: whether it was added. One statement asks and adds,
    /// so that it sees what was there once the rows that this change keeps were free.
    pub async fn insert_unless<M>(&mut self, row: M, found: SelectStatement) -> Result<bool, Halt>
    where
        M: Kept,
    {
        let columns = || <M::Entity as EntityTrait>::Column::iter();
        let mut values = Query::select();
        values
            .exprs(columns().map(|column| Expr::val(row.get(column))))
            .and_where(Expr::exists(found).not());
        let mut insert = Query::insert();
        insert.into_table(M::Entity::default()).columns(columns());
        insert.select_from(values).map_err(|_| Error::Internal)?;
        let is_added = self.transaction.execute(&insert).await?.rows_affected() == 1;
        if is_added {
            self.note(std::slice::from_ref(&row));
        }
        Ok(is_added)
    }

    /// Adds those rows of a list that are not there yet.
    pub async fn insert_missing<M>(&mut self, rows: Vec<M>) -> Result<(), Halt>
    where
        M: Kept + IntoActiveModel<<M::Entity as EntityTrait>::ActiveModel>,
        <M::Entity as EntityTrait>::ActiveModel: ActiveModelBehavior + Send,
    {
        if rows.is_empty() {
            return Ok(());
        }
        let keys = <M::Entity as EntityTrait>::PrimaryKey::iter();
        let once =
            OnConflict::columns(keys.map(PrimaryKeyToColumn::into_column)).do_nothing().to_owned();
        let rows = rows.into_iter().map(|row| row.into_active_model().reset_all());
        let insert = M::Entity::insert_many(rows).on_conflict(once).into_query();
        self.transaction.execute(&insert).await?;
        Ok(())
    }

    /// Changes a row that this change has locked: only what differs is written, the version
    /// grows, and the viewer's predicate stands in the statement. The row as it is now.
    pub async fn update<M>(&mut self, before: &M, after: M) -> Result<M, Halt>
    where
        M: Kept,
        M::Entity: Visible,
    {
        if differing(before, &after).is_empty() {
            return Ok(after);
        }
        self.bump(before, after).await
    }

    /// The same where the rows that belong to the aggregate changed, whether its own row differs or
    /// not: its version and its line in the feed stand for them.
    pub async fn bump<M>(&mut self, before: &M, mut after: M) -> Result<M, Halt>
    where
        M: Kept,
        M::Entity: Visible,
    {
        after.stamp(self.session.now(), self.by());
        let mut update = M::Entity::update_many();
        for (column, value) in differing(before, &after) {
            update = update.col_expr(column, Expr::val(value));
        }
        for key in <M::Entity as EntityTrait>::PrimaryKey::iter() {
            let column = key.into_column();
            update = update.filter(column.eq(before.get(column)));
        }
        if let Some((column, version)) = before.version() {
            update = update.filter(column.eq(version));
        }
        let seen = self.rows_of::<M::Entity>(Right::ANY);
        let written = update.filter(seen).exec(&self.transaction).await?;
        if written.rows_affected != 1 {
            return Err(Error::Conflict.into());
        }
        self.note(std::slice::from_ref(&after));
        Ok(after)
    }

    /// Changes the rows of a condition in one statement, each with its line in the feed; the rows
    /// as they are now.
    pub async fn update_where<E>(
        &mut self,
        values: Vec<(E::Column, SimpleExpr)>,
        condition: Condition,
    ) -> Result<Vec<E::Model>, Halt>
    where
        E: EntityTrait,
        E::Model: Kept + FromQueryResult,
    {
        let mut update = E::update_many();
        for (column, value) in values {
            update = update.col_expr(column, value);
        }
        let mut update = update.filter(condition).into_query();
        update.returning(Query::returning().columns(E::Column::iter()));
        let rows = self.transaction.query_all(&update).await?;
        let rows = rows.iter().map(|row| E::Model::from_query_result(row, ""));
        let rows = rows.collect::<Result<Vec<_>, DbErr>>()?;
        self.note(&rows);
        Ok(rows)
    }

    /// Writes rows of one table in one statement, each as it is now: those that are there already
    /// have grown by one version since they were read, the others are new.
    pub async fn write_all<M>(&mut self, rows: Vec<M>) -> Result<(), Halt>
    where
        M: Kept + IntoActiveModel<<M::Entity as EntityTrait>::ActiveModel>,
        <M::Entity as EntityTrait>::ActiveModel: ActiveModelBehavior + Send,
    {
        let Some((version, _)) = rows.first().and_then(Kept::version) else { return Ok(()) };
        let keys = <M::Entity as EntityTrait>::PrimaryKey::iter();
        let mut grown = OnConflict::columns(keys.map(PrimaryKeyToColumn::into_column));
        let next = Expr::col((M::Entity::default(), version)).add(1);
        grown
            .update_columns(<M::Entity as EntityTrait>::Column::iter())
            .action_and_where(Expr::col(("excluded", version)).eq(next));
        self.note(&rows);
        let count = rows.len();
        let rows = rows.into_iter().map(|row| row.into_active_model().reset_all());
        let insert = M::Entity::insert_many(rows).on_conflict(grown).into_query();
        let written = self.transaction.execute(&insert).await?.rows_affected();
        if usize::try_from(written).is_ok_and(|written| written == count) {
            return Ok(());
        }
        Err(Error::Conflict.into())
    }

    /// Notes rows for the feed.
    fn note<M: Kept>(&mut self, rows: &[M]) {
        let now = self.now;
        self.feed.extend(rows.iter().filter_map(|row| row.entry_at(now)));
    }

    /// Replaces the child rows of an aggregate: a list that is sent whole.
    pub async fn remove_where<E: EntityTrait>(&mut self, condition: Condition) -> Result<(), Halt> {
        E::delete_many().filter(condition).exec(&self.transaction).await?;
        Ok(())
    }

    /// Says what is due, or done, of a kind for a subject.
    pub fn task(&mut self, due: Due) {
        self.tasks.retain(|other| (other.kind, other.subject_id) != (due.kind, due.subject_id));
        self.tasks.push(due);
    }

    /// Notes that this change shows a RESTRICTED value which was hidden: an event of its own.
    pub fn disclose(&mut self, disclosure: Node) {
        self.disclosures.push(disclosure);
    }

    /// Makes everything lasting, with its lines in the feed and its event in the audit.
    pub async fn commit(mut self) -> Result<Uuid, Halt> {
        self.write_rest().await?;
        self.transaction.commit().await?;
        Ok(self.subject.id)
    }
}

/// One statement that adds rows of one table.
fn inserting<M>(rows: Vec<M>) -> InsertStatement
where
    M: Kept + IntoActiveModel<<M::Entity as EntityTrait>::ActiveModel>,
    <M::Entity as EntityTrait>::ActiveModel: ActiveModelBehavior + Send,
{
    let rows = rows.into_iter().map(|row| row.into_active_model().reset_all());
    M::Entity::insert_many(rows).into_query()
}
