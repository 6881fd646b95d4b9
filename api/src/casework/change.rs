//! The door for writes: policy, transaction, idempotency key, version, audit row and feed row of
//! one mutation. A guard: what is not committed is rolled back, and a write that forgets one of
//! them can't commit.

#![expect(clippy::disallowed_methods, reason = "this is the door that writes begin at")]

mod difference;
mod ledger;
mod patience;

use entity::access_grant::AccessLevel;
use entity::{audit_event, idempotency_key, task};
use sea_orm::sea_query::{Expr, OnConflict, Query, SimpleExpr};
use sea_orm::{
    ActiveEnum, ActiveModelBehavior, ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition,
    ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, FromQueryResult, IdenStatic,
    IntoActiveModel, Iterable, PrimaryKeyToColumn, QueryFilter, QuerySelect, QueryTrait, Select,
    SqliteTransactionMode, TransactionOptions, TransactionTrait,
};
use uuid::Uuid;

use difference::{camel, differing};

use super::kept::{Entry, Kept};
use super::problem::{Detail, Halt, Problem};
use super::task::Due;
use super::wording::Text;
use crate::access::policy::Action;
use crate::access::{Class, Classified, Row, Rows, Session, Visible};
use crate::error::{Error, Result};

pub use ledger::result_of;
pub use patience::patiently;

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
    action: Action,
    subject: Subject,
    transaction: DatabaseTransaction,
    feed: Vec<Entry>,
    tasks: Vec<Due>,
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
        let session = session.clone();
        let (feed, tasks) = (Vec::new(), Vec::new());
        let change = Self { session, action, subject, transaction, feed, tasks };
        change.claim(key).await?;
        Ok(change)
    }

    /// Takes the key, or waits for whoever has it and finds out what came of it.
    async fn claim(&self, key: &Key) -> Result<(), Halt> {
        use idempotency_key::{ActiveModel, Column, Entity};
        let row = ActiveModel {
            subject: Set(self.session.viewer().subject.clone()),
            client_mutation_id: Set(key.client_mutation_id),
            action: Set(self.action.to_value()),
            payload_hash: Set(key.payload_hash.clone()),
            entity_kind: Set(Some(self.subject.kind.to_owned())),
            entity_id: Set(Some(self.subject.id)),
            created_at: Set(self.session.now()),
        };
        let once = OnConflict::columns([Column::Subject, Column::ClientMutationId])
            .do_nothing()
            .to_owned();
        let insert = Entity::insert(row).on_conflict(once).into_query();
        if self.transaction.execute(&insert).await.map_err(Error::from)?.rows_affected() == 1 {
            return Ok(());
        }
        let earlier = Entity::find()
            .filter(Column::Subject.eq(&self.session.viewer().subject))
            .filter(Column::ClientMutationId.eq(key.client_mutation_id))
            .one(&self.transaction)
            .await?
            .ok_or(Error::Conflict)?;
        let same =
            earlier.action == self.action.to_value() && earlier.payload_hash == key.payload_hash;
        match earlier.entity_id {
            Some(id) if same => Err(Halt::Replayed(id)),
            _ => Err(Problem::at("input.clientMutationId", Text::KeyReused).into()),
        }
    }

    /// The viewer's session: who, when, in which language, by which terms.
    pub const fn session(&self) -> &Session {
        &self.session
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

    /// Rows that the viewer sees at a level, to be read with [`Self::connection`].
    pub fn see<E: Visible>(&self, at_least: AccessLevel) -> Select<E> {
        E::find().filter(E::visible_to(self.session.viewer(), at_least))
    }

    /// A row by its id, if the viewer sees it at a level; else a problem at a place of the input.
    pub async fn read<E>(
        &self,
        id: Uuid,
        at_least: AccessLevel,
        path: &str,
    ) -> Result<E::Model, Halt>
    where
        E: Visible,
        E::Model: FromQueryResult + Send + Sync,
    {
        let row = self.see::<E>(at_least).filter(id_column::<E>().eq(id));
        let row = row.one(&self.transaction).await?;
        row.ok_or_else(|| Problem::not_found(path).into())
    }

    /// The same, kept from others until this change is over.
    pub async fn lock<E>(
        &self,
        id: Uuid,
        at_least: AccessLevel,
        path: &str,
    ) -> Result<E::Model, Halt>
    where
        E: Visible,
        E::Model: FromQueryResult + Send + Sync,
    {
        let row = self.see::<E>(at_least).filter(id_column::<E>().eq(id)).lock_exclusive();
        let row = row.one(&self.transaction).await?;
        row.ok_or_else(|| Problem::not_found(path).into())
    }

    /// Rows of a list as the change sees them.
    pub async fn all<E>(&self, rows: Rows<E>) -> Result<Vec<Row<E::Model>>, Halt>
    where
        E: Visible,
        E::Model: FromQueryResult + Send + Sync,
    {
        Ok(rows.all_in(&self.transaction).await?)
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
        self.feed.extend(rows.iter().filter_map(Kept::entry));
        let rows = rows.into_iter().map(|row| row.into_active_model().reset_all());
        let insert = M::Entity::insert_many(rows).into_query();
        self.transaction.execute(&insert).await?;
        Ok(())
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

    /// Refuses a change that was decided on an older version; `after` is the row as the client
    /// wants it, by which the fields in conflict are told.
    pub fn expect<M>(&self, before: &M, after: &M, expected: i32) -> Result<(), Halt>
    where
        M: Kept,
        M::Entity: Classified,
    {
        let Some(entry) = before.entry().filter(|entry| entry.version != expected) else {
            return Ok(());
        };
        let current = entry.version;
        // Whether a restricted value was guessed right is not told; search keys are no fields.
        let fields = differing(before, after)
            .into_iter()
            .filter(|(column, _)| M::Entity::class(column) != Class::Restricted)
            .filter(|(column, _)| !column.as_str().ends_with("_key"))
            .map(|(column, _)| camel(column.as_str()));
        let detail =
            Detail::Version { kind: entry.kind, id: entry.id, current, fields: fields.collect() };
        let problem = Problem::at("input.expectedVersion", Text::VersionConflict { current });
        Err(Problem { detail, ..problem }.into())
    }

    /// The same, if the client named a version.
    pub fn expect_some<M>(&self, before: &M, after: &M, expected: Option<i32>) -> Result<(), Halt>
    where
        M: Kept,
        M::Entity: Classified,
    {
        expected.map_or(Ok(()), |expected| self.expect(before, after, expected))
    }

    /// Changes a row that this change has locked: only what differs is written, the version
    /// grows, and the viewer's predicate stands in the statement. The row as it is now.
    pub async fn update<M>(&mut self, before: &M, mut after: M) -> Result<M, Halt>
    where
        M: Kept,
        M::Entity: Visible,
    {
        let mut values = differing(before, &after);
        if values.is_empty() {
            return Ok(after);
        }
        after.stamp(self.session.now(), self.by());
        values = differing(before, &after);
        let mut update = M::Entity::update_many();
        for (column, value) in values {
            update = update.col_expr(column, Expr::val(value));
        }
        for key in <M::Entity as EntityTrait>::PrimaryKey::iter() {
            let column = key.into_column();
            update = update.filter(column.eq(before.get(column)));
        }
        if let Some((column, version)) = before.version() {
            update = update.filter(column.eq(version));
        }
        let seen = M::Entity::visible_to(self.session.viewer(), AccessLevel::ServiceOnly);
        let written = update.filter(seen).exec(&self.transaction).await?;
        if written.rows_affected != 1 {
            return Err(Error::Conflict.into());
        }
        self.feed.extend(after.entry());
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
        self.feed.extend(rows.iter().filter_map(Kept::entry));
        Ok(rows)
    }

    /// Replaces the child rows of an aggregate: a list that is sent whole.
    pub async fn remove_where<E: EntityTrait>(&mut self, condition: Condition) -> Result<(), Halt> {
        E::delete_many().filter(condition).exec(&self.transaction).await?;
        Ok(())
    }

    /// Notes in the feed that an aggregate changed whose own row was not touched.
    pub fn touched(&mut self, row: &impl Kept) {
        self.feed.extend(row.entry());
    }

    /// Says what is due, or done, of a kind for a subject.
    pub fn task(&mut self, due: Due) {
        self.tasks.retain(|other| (other.kind, other.subject_id) != (due.kind, due.subject_id));
        self.tasks.push(due);
    }

    /// Makes everything lasting, with its lines in the feed and its event in the audit.
    pub async fn commit(mut self) -> Result<Uuid, Halt> {
        self.write_tasks().await?;
        self.write_feed().await?;
        self.write_audit().await?;
        self.transaction.commit().await?;
        Ok(self.subject.id)
    }

    async fn write_tasks(&mut self) -> Result<(), Halt> {
        let due = std::mem::take(&mut self.tasks);
        if due.is_empty() {
            return Ok(());
        }
        let (now, by) = (self.session.now(), self.by());
        let rows: Vec<_> = due.into_iter().map(|due| due.row(now, by)).collect();
        self.feed.extend(rows.iter().filter_map(Kept::entry));
        let rows = rows.into_iter().map(|row| row.into_active_model().reset_all());
        let upsert = task::Entity::insert_many(rows).on_conflict(super::task::again()).into_query();
        self.transaction.execute(&upsert).await?;
        Ok(())
    }

    async fn write_feed(&mut self) -> Result<(), Halt> {
        let lines = std::mem::take(&mut self.feed);
        let backend = self.transaction.get_database_backend();
        if let Some(insert) = ledger::lines(lines, self.session.now(), backend) {
            self.transaction.execute(&insert).await?;
        }
        Ok(())
    }

    async fn write_audit(&self) -> Result<(), Halt> {
        let event = ledger::event(&self.session, self.action, self.subject);
        let insert = audit_event::Entity::insert(event).into_query();
        self.transaction.execute(&insert).await?;
        Ok(())
    }
}

fn id_column<E: EntityTrait>() -> E::Column {
    let key = E::PrimaryKey::iter().next();
    key.map_or_else(
        || unreachable!("every table has a primary key"),
        PrimaryKeyToColumn::into_column,
    )
}
