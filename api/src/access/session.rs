//! The door for reads: a session is one viewer's view of the database at one moment, and
//! every query begins at it, with the viewer's predicate already in.

#![expect(clippy::disallowed_methods, reason = "this is the door that reads begin at")]

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, OnceLock};

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement, SimpleExpr, WindowStatement};
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbErr, EntityTrait, FromQueryResult,
    IntoSimpleExpr, Iterable, JoinType, ModelTrait, Order, PaginatorTrait, PrimaryKeyToColumn,
    QueryFilter, QueryOrder, QueryResult, QuerySelect, Select, TryGetableMany, Value,
};
use uuid::Uuid;

use super::audit::{Notes, Operation};
use super::policy::{self, Action};
use super::redact::{Class, LEVEL, Row, Seen};
use super::scope::{Visible, led_by, one_of};
use super::viewer::{RESTRICTED_SCOPE, Viewer};
use crate::clock::Clock;
use crate::database::Database;
use crate::error::Result;
use crate::language::Language;
use crate::terms::Terms;

/// One viewer's view of the database during one request.
#[derive(Clone, Debug)]
pub struct Session(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    database: Database,
    viewer: Viewer,
    circumstances: Circumstances,
    operation: OnceLock<Operation>,
    notes: Arc<Notes>,
}

/// What holds for one request, whoever asks.
#[derive(Clone, Debug)]
pub struct Circumstances {
    /// The request's id.
    pub request_id: Uuid,
    /// The authority's time zone.
    pub zone: Tz,
    /// The language of messages.
    pub language: Language,
    /// The authority's deadlines.
    pub terms: Terms,
    /// What time it is while the request goes on.
    pub clock: Clock,
}

impl Session {
    /// Opens a session for a viewer who was loaded.
    pub fn new(database: Database, viewer: Viewer, circumstances: Circumstances) -> Self {
        let (operation, notes) = (OnceLock::new(), Arc::default());
        Self(Arc::new(Inner { database, viewer, circumstances, operation, notes }))
    }

    /// Says, once, what the request asks for and from where, for the audit.
    pub fn asks(&self, operation: Operation) {
        self.0.operation.get_or_init(|| operation);
    }

    /// What the request asks for, and from where.
    pub fn operation(&self) -> &Operation {
        self.0.operation.get_or_init(Operation::default)
    }

    /// What the answer shows, to be written to the audit before it leaves.
    pub fn notes(&self) -> &Arc<Notes> {
        &self.0.notes
    }

    /// Who asks.
    pub fn viewer(&self) -> &Viewer {
        &self.0.viewer
    }

    /// The request's id.
    pub fn request_id(&self) -> Uuid {
        self.0.circumstances.request_id
    }

    /// The language of messages.
    pub fn language(&self) -> Language {
        self.0.circumstances.language
    }

    /// The authority's deadlines.
    pub fn terms(&self) -> &Terms {
        &self.0.circumstances.terms
    }

    /// The moment of the request.
    pub fn now(&self) -> DateTime<Utc> {
        self.0.viewer.now
    }

    /// The moment that it is now, later than that of the request: for what must come after others
    /// whom the request waited for.
    pub fn later(&self) -> DateTime<Utc> {
        Ord::max(self.0.circumstances.clock.now(), self.now())
    }

    /// The local date of the request.
    pub fn today(&self) -> NaiveDate {
        self.day_of(self.now())
    }

    /// The local date of an instant.
    pub fn day_of(&self, instant: DateTime<Utc>) -> NaiveDate {
        instant.with_timezone(&self.0.circumstances.zone).date_naive()
    }

    /// The first instant of a local day.
    pub fn start_of(&self, day: NaiveDate) -> DateTime<Utc> {
        let midnight = day.and_time(NaiveTime::MIN);
        // Where the clock is put forward at midnight, the day begins later.
        let begins = (0..3).find_map(|hours| {
            let local = midnight + TimeDelta::hours(hours);
            self.0.circumstances.zone.from_local_datetime(&local).earliest()
        });
        begins.map_or_else(|| midnight.and_utc(), |begins| begins.with_timezone(&Utc))
    }

    /// The first instant after a local day.
    pub fn end_of(&self, day: NaiveDate) -> DateTime<Utc> {
        self.start_of(day.succ_opt().unwrap_or(day))
    }

    /// Refuses what the viewer's role never does.
    pub fn may(&self, action: Action) -> Result<()> {
        if self.viewer().is_house && policy::is_due_by_itself(action) {
            return Ok(());
        }
        policy::check(self.viewer().role, action)
    }

    /// The rows that the viewer may see.
    pub fn find<E: Visible>(&self) -> Rows<E> {
        self.find_showing(Class::Operational)
    }

    /// The rows of which the viewer may see values of a class. A filter or an order on such
    /// values starts here, so that it can't be used to guess what is hidden.
    pub fn find_showing<E: Visible>(&self, class: Class) -> Rows<E> {
        let select = E::find().filter(E::visible_to(self.viewer(), class.needs()));
        Rows { session: self.clone(), select }
    }

    /// The rows that the viewer's organisation leads the work with.
    pub fn find_led<E: Visible>(&self) -> Rows<E> {
        let select = E::find().filter(led_by::<E>(self.viewer()));
        Rows { session: self.clone(), select }
    }

    /// Numbers over all rows, whoever may see them: for counts that name nobody, such as how
    /// many places of a unit are taken. Each row is an id and a count.
    pub async fn tally(&self, select: &SelectStatement) -> Result<HashMap<Uuid, i64>> {
        let rows = self.database().query_all(select).await?;
        let read = |row: &QueryResult| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?));
        Ok(rows.iter().map(read).collect::<Result<_, DbErr>>()?)
    }

    pub(crate) fn database(&self) -> &DatabaseConnection {
        &self.0.database.reader
    }

    pub(crate) fn writer(&self) -> &DatabaseConnection {
        &self.0.database.writer
    }
}

/// A query over rows that the viewer may see.
#[derive(Clone, Debug)]
pub struct Rows<E: EntityTrait> {
    session: Session,
    select: Select<E>,
}

/// How a list is ordered: by a column that is never null, ties by id.
#[derive(Clone, Copy, Debug)]
pub struct Keyset<E: EntityTrait> {
    /// The column, or none for the id alone.
    pub column: Option<E::Column>,
    /// Greatest first.
    pub descending: bool,
}

impl<E> Rows<E>
where
    E: Visible,
    E::Model: FromQueryResult + Send + Sync,
{
    /// Narrows the rows.
    #[must_use]
    pub fn filter(self, condition: impl sea_orm::sea_query::IntoCondition) -> Self {
        Self { select: self.select.filter(condition), ..self }
    }

    /// Narrows the rows if there is something to narrow by.
    #[must_use]
    pub fn filter_some<T>(self, given: Option<T>, condition: impl FnOnce(T) -> SimpleExpr) -> Self {
        match given {
            Some(given) => self.filter(condition(given)),
            None => self,
        }
    }

    /// Narrows to rows whose column is one of the ids.
    #[must_use]
    pub fn of(self, column: E::Column, ids: &[Uuid]) -> Self {
        let backend = self.session.viewer().backend;
        let column = Expr::col((E::default(), column));
        self.filter(one_of(backend, column, ids.to_vec()))
    }

    /// Orders the rows by a column or another expression.
    #[must_use]
    pub fn order(self, by: impl IntoSimpleExpr, order: Order) -> Self {
        Self { select: self.select.order_by(by, order), ..self }
    }

    /// Keeps the first rows.
    #[must_use]
    pub fn limit(self, most: u64) -> Self {
        Self { select: self.select.limit(most), ..self }
    }

    /// Keeps, for each value of a column, the last rows by another column, newest first.
    #[must_use]
    pub fn last_of_each(self, parent: E::Column, by: E::Column, count: u64) -> Self {
        let id = id_column::<E>();
        let mut window = WindowStatement::partition_by((E::default(), parent));
        window.order_by((E::default(), by), Order::Desc).order_by((E::default(), id), Order::Desc);
        let mut ranked = sea_orm::QueryTrait::into_query(
            self.select.clone().select_only().column_as(id, "ranked_id"),
        );
        ranked.expr_window_as(Expr::cust("row_number()"), window, "place");
        let mut kept = Query::select();
        kept.column("ranked_id")
            .from_subquery(ranked, "ranked")
            .and_where(Expr::col("place").lte(count));
        let select = E::find().filter(Expr::col((E::default(), id)).in_subquery(kept));
        Self { select, ..self }.order(by, Order::Desc).order(id, Order::Desc)
    }

    /// The rows, each with the viewer's level on it.
    pub async fn all(self) -> Result<Vec<Row<E::Model>>> {
        let session = self.session.clone();
        self.all_from(session.database()).await
    }

    /// The rows as a transaction of a change sees them.
    pub(crate) async fn all_in(
        self,
        transaction: &DatabaseTransaction,
    ) -> Result<Vec<Row<E::Model>>> {
        self.all_from(transaction).await
    }

    async fn all_from(self, connection: &impl ConnectionTrait) -> Result<Vec<Row<E::Model>>> {
        let viewer = self.session.viewer();
        let restricted = viewer.has_scope(RESTRICTED_SCOPE);
        let rows = self
            .select
            .column_as(E::level_for(viewer), LEVEL)
            .into_model::<Seen<E::Model>>()
            .all(connection)
            .await?;
        let notes = self.session.notes();
        Ok(rows.into_iter().map(|row| Arc::new(row.shown_by(restricted, notes))).collect())
    }

    /// The rows, each with the row of another table that a column names, in one statement.
    pub async fn all_with<F>(
        self,
        from: E::Column,
        to: F::Column,
    ) -> Result<Vec<(Row<E::Model>, Row<F::Model>)>>
    where
        F: Visible,
        F::Model: FromQueryResult + Send + Sync,
    {
        let viewer = self.session.viewer();
        let restricted = viewer.has_scope(RESTRICTED_SCOPE);
        let operational = Class::Operational.needs();
        let rows = self
            .select
            .join(JoinType::InnerJoin, E::belongs_to(F::default()).from(from).to(to).into())
            .filter(F::visible_to(viewer, operational))
            .select_also(F::default())
            .column_as(E::level_for(viewer), format!("A_{LEVEL}"))
            .column_as(F::level_for(viewer), format!("B_{LEVEL}"))
            .into_model::<Seen<E::Model>, Seen<F::Model>>()
            .all(self.session.database())
            .await?;
        let notes = self.session.notes();
        let mark = |(one, other): (Seen<E::Model>, Option<Seen<F::Model>>)| {
            let other = Arc::new(other?.shown_by(restricted, notes));
            Some((Arc::new(one.shown_by(restricted, notes)), other))
        };
        Ok(rows.into_iter().filter_map(mark).collect())
    }

    /// Of each row some facts that rules need, in the order given, and nothing of what it shows.
    pub async fn facts<T>(self, facts: Vec<SimpleExpr>) -> Result<Vec<T>>
    where
        T: TryGetableMany + Send + Sync,
    {
        let select = self.select.select_only().exprs(facts).into_tuple::<T>();
        Ok(select.all(self.session.database()).await?)
    }

    /// The first row, if there is one.
    pub async fn first(self) -> Result<Option<Row<E::Model>>> {
        Ok(self.limit(1).all().await?.into_iter().next())
    }

    /// The rows by a key of theirs.
    pub async fn grouped<K: Eq + Hash>(
        self,
        key: impl Fn(&E::Model) -> K,
    ) -> Result<HashMap<K, Vec<Row<E::Model>>>> {
        let mut groups: HashMap<K, Vec<Row<E::Model>>> = HashMap::new();
        for row in self.all().await? {
            groups.entry(key(&row)).or_default().push(row);
        }
        Ok(groups)
    }

    /// How many rows there are.
    pub async fn count(self) -> Result<u64> {
        Ok(self.select.count(self.session.database()).await?)
    }

    /// At most `first + 1` rows behind a key, in order.
    pub async fn page(
        self,
        order: Keyset<E>,
        after: Option<(Option<Value>, Uuid)>,
        first: u64,
    ) -> Result<Vec<Row<E::Model>>> {
        let id = id_column::<E>();
        let direction = if order.descending { Order::Desc } else { Order::Asc };
        let mut select = self.select;
        if let Some((key, last)) = after {
            select = select.filter(behind::<E>(order, key, last));
        }
        if let Some(column) = order.column {
            select = select.order_by(column, direction.clone());
        }
        select = select.order_by(id, direction).limit(first + 1);
        Self { select, ..self }.all().await
    }
}

impl<E: EntityTrait> Keyset<E> {
    /// The key of a row, as a cursor holds it.
    pub fn key_of(&self, model: &E::Model) -> Option<Value>
    where
        E::Model: ModelTrait<Entity = E>,
    {
        self.column.map(|column| model.get(column))
    }
}

fn id_column<E: EntityTrait>() -> E::Column {
    let key = E::PrimaryKey::iter().next();
    key.map_or_else(
        || unreachable!("every table has a primary key"),
        PrimaryKeyToColumn::into_column,
    )
}

/// Rows behind a key: a comparison of rows, which an index on both columns serves.
fn behind<E: EntityTrait>(order: Keyset<E>, key: Option<Value>, last: Uuid) -> SimpleExpr {
    let id = Expr::col((E::default(), id_column::<E>()));
    let (row, edge) = match (order.column, key) {
        (Some(column), Some(key)) => (
            Expr::tuple([Expr::col((E::default(), column)), id]),
            Expr::tuple([Expr::val(key), Expr::val(last)]),
        ),
        _ => (id, Expr::val(last)),
    };
    if order.descending { row.lt(edge) } else { row.gt(edge) }
}
