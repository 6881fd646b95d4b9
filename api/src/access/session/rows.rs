//! What a session finds: rows that the viewer sees, narrowed, ordered and paged, each with what is shown
//! of it.

mod jointly;
mod pair;
mod paging;

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;

use sea_orm::sea_query::{
    Expr, ExprTrait, IntoCondition, Query, SelectStatement, SimpleExpr, WindowStatement,
};
use sea_orm::{
    ColumnAsExpr, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait, FromQueryResult,
    Iterable, Order, PaginatorTrait, PrimaryKeyToColumn, QuerySelect, Select, TryGetableMany,
};
use uuid::Uuid;

use super::Session;
use crate::access::redact::{Glimpsed, LASTING, Row, SHOWN, Seen};
use crate::access::scope::{SEEN, Visible, led_by, one_of};
use crate::access::viewer::{RESTRICTED_SCOPE, Viewer};
use crate::error::Result;
pub use paging::Keyset;
pub use pair::{A, B};
use pair::{Pair, joined};

/// A query over rows that the viewer may see.
#[derive(Clone, Debug)]
pub struct Rows<E: EntityTrait> {
    session: Session,
    /// The query without what it selects, and without what the viewer may see, which [`Rows::seen`] adds;
    /// nothing else runs it.
    narrowed: SelectStatement,
    sight: Sight,
    /// Whether each row is one that the viewer sees, whatever else narrows them.
    is_seen: bool,
    /// The columns of which ids are given that the rows are found by.
    by_ids: Vec<E::Column>,
    /// Those of them whose ids this part of a joint statement gives.
    by_part: Vec<E::Column>,
    order: Vec<(E::Column, Order)>,
    /// Whether nothing narrows the rows to few.
    are_many: bool,
    /// How many are kept at most, if not all.
    most: Option<u64>,
    /// Whether all of them [bring](Visible::brings) whom they name.
    bring: bool,
    /// Where another read of the joint statement says what is shown of them, if it is known before they are
    /// narrowed to the last.
    told: Option<(usize, String)>,
}

/// What of the rows is looked through.
#[derive(Clone, Debug)]
enum Sight {
    /// All that the viewer sees at all.
    All,
    /// What the viewer's organisation leads the work with.
    Led,
    /// What a condition says.
    Said(Condition),
}

impl<E: Visible> Rows<E> {
    /// The rows that the viewer sees at all.
    pub(super) fn all_seen(session: &Session) -> Self {
        Self { is_seen: true, ..Self::of_sight(session, Sight::All) }
    }

    /// The rows that the viewer's organisation leads the work with.
    pub(super) fn led(session: &Session) -> Self {
        Self::of_sight(session, Sight::Led)
    }

    /// The rows that the viewer sees by a condition.
    pub(super) fn seen_by(session: &Session, seen: Condition) -> Self {
        Self::of_sight(session, Sight::Said(seen))
    }

    fn of_sight(session: &Session, sight: Sight) -> Self {
        let narrowed = rows_of::<E>();
        let (by_ids, by_part, order) = (Vec::new(), Vec::new(), Vec::new());
        let session = session.clone();
        Self {
            session,
            narrowed,
            sight,
            is_seen: false,
            by_ids,
            by_part,
            order,
            are_many: false,
            most: None,
            bring: false,
            told: None,
        }
    }
}

impl<E> Rows<E>
where
    E: Visible,
    E::Model: FromQueryResult + Send + Sync,
{
    /// The query, with what the viewer may see.
    fn seen(mut self) -> SelectStatement {
        if let Some(proof) = self.proof() {
            self.narrowed.cond_where(proof.narrowed);
            return self.narrowed;
        }
        let Self { session, mut narrowed, sight, by_ids, .. } = self;
        let viewer = if by_ids.is_empty() { viewer_of(&session) } else { asking_each_of(&session) };
        narrowed.cond_where(match sight {
            Sight::All => E::visible_to(viewer, SEEN),
            Sight::Led => led_by::<E>(viewer),
            Sight::Said(seen) => seen,
        });
        narrowed
    }

    /// Who asks, as the statement knows them.
    fn viewer(&self) -> &Viewer {
        viewer_of(&self.session)
    }

    /// Who asks, of whom it is asked of each row.
    fn asking_each(&self) -> &Viewer {
        asking_each_of(&self.session)
    }

    /// Narrows the rows to those that [bring](Visible::brings) whom they name, if only some of them do.
    #[must_use]
    pub fn bringing(self) -> Self {
        match E::brings() {
            Some((_, is_true)) => Self { bring: true, ..self.filter(is_true) },
            None => self,
        }
    }

    /// Narrows the rows.
    #[must_use]
    pub fn filter(mut self, condition: impl IntoCondition) -> Self {
        self.narrowed.cond_where(condition);
        self
    }

    /// Narrows the rows if there is something to narrow by.
    #[must_use]
    pub fn filter_some<T>(self, given: Option<T>, condition: impl FnOnce(T) -> SimpleExpr) -> Self {
        match given {
            Some(given) => self.filter(condition(given)),
            None => self,
        }
    }

    /// Says that nothing narrows the rows to few, so that a list of them may go along what makes them seen.
    #[must_use]
    pub fn of_many(self) -> Self {
        Self { are_many: true, ..self }
    }

    /// Narrows to rows whose column is one of the ids.
    #[must_use]
    pub fn of(mut self, column: E::Column, ids: &[Uuid]) -> Self {
        self.by_ids.push(column);
        let narrowed = Expr::col((E::default(), column));
        if let Some(part) = self.session.part.clone() {
            self.by_part.push(column);
            return self.filter(part.narrow(narrowed, ids));
        }
        let backend = self.session.viewer().backend;
        self.filter(one_of(backend, narrowed, ids.to_vec()))
    }

    /// Orders the rows by a column.
    #[must_use]
    pub fn order(mut self, by: E::Column, order: Order) -> Self {
        self.order.push((by, order.clone()));
        self.narrowed.order_by((E::default(), by), order);
        self
    }

    /// Orders the rows by what an expression says of them. A joint statement doesn't keep it.
    #[must_use]
    pub fn ranked(mut self, by: SimpleExpr, order: Order) -> Self {
        self.narrowed.order_by_expr(by, order);
        self
    }

    /// Keeps the first rows.
    #[must_use]
    pub fn limit(mut self, most: u64) -> Self {
        self.narrowed.limit(most);
        Self { most: Some(most), ..self }
    }

    /// Keeps, for each value of a column, the last rows by another column, newest first.
    #[must_use]
    pub fn last_of_each(self, parent: E::Column, by: E::Column, count: u64) -> Self {
        let id = id_column::<E>();
        let told = self.proof().and_then(|proof| proof.told);
        let mut window = WindowStatement::partition_by((E::default(), parent));
        window.order_by((E::default(), by), Order::Desc).order_by((E::default(), id), Order::Desc);
        let mut ranked = self.clone().seen();
        ranked.expr_as(Expr::col((E::default(), id)), "ranked_id").expr_window_as(
            Expr::cust("row_number()"),
            window,
            "place",
        );
        let mut kept = Query::select();
        kept.column("ranked_id")
            .from_subquery(ranked, "ranked")
            .and_where(Expr::col("place").lte(count));
        // What is kept was looked for among what the viewer sees.
        let mut narrowed = rows_of::<E>();
        narrowed.and_where(Expr::col((E::default(), id)).in_subquery(kept));
        let sight = Sight::Said(Condition::all());
        let kept = Self { narrowed, sight, order: Vec::new(), told, ..self };
        kept.order(by, Order::Desc).order(id, Order::Desc)
    }

    /// The rows, each with what the viewer is shown of it.
    pub async fn all(self) -> Result<Vec<Row<E::Model>>> {
        let session = self.session.clone();
        Box::pin(self.all_from(session.database())).await
    }

    /// The rows of a search, whose best plan depends on what is looked for.
    pub async fn all_looked_for(self) -> Result<Vec<Row<E::Model>>> {
        let session = self.session.clone();
        Box::pin(self.all_from(session.varied())).await
    }

    /// The rows as a transaction of a change sees them.
    pub(crate) async fn all_in(
        self,
        transaction: &DatabaseTransaction,
    ) -> Result<Vec<Row<E::Model>>> {
        Box::pin(self.all_from(transaction)).await
    }

    /// The same rows, read as a part of a joint statement, which proves nothing of the ids that they were
    /// narrowed by before.
    pub(crate) fn through(self, session: &Session) -> Self {
        Self { session: session.clone(), by_part: Vec::new(), ..self }
    }

    async fn all_from(self, connection: &impl ConnectionTrait) -> Result<Vec<Row<E::Model>>> {
        if let Some(part) = self.session.part.clone() {
            return self.all_through(part).await;
        }
        let session = self.session.clone();
        let viewer = session.viewer();
        let restricted = viewer.has_scope(RESTRICTED_SCOPE);
        let select = whole::<E>(self.seen()).column_as(E::shown_to(viewer), SHOWN);
        let rows: Vec<Seen<E::Model>> = if viewer.breaks_glass {
            let select = select.column_as(E::shown_to(&viewer.lasting()), LASTING);
            let rows = select.into_model::<Glimpsed<E::Model>>().all(connection).await?;
            rows.into_iter().map(|row| row.0).collect()
        } else {
            select.into_model().all(connection).await?
        };
        let notes = session.notes();
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
        if let Some(part) = self.session.part.clone() {
            return Box::pin(self.all_with_through::<F>(part, from, to)).await;
        }
        let session = self.session.clone();
        let viewer = session.viewer();
        let restricted = viewer.has_scope(RESTRICTED_SCOPE);
        let pair = self.pair::<F>(from, to);
        let select = joined(self.seen(), &session, &pair);
        let database = session.database();
        let rows: Vec<(Seen<E::Model>, Option<_>)> = if viewer.breaks_glass {
            let rows = select.into_model::<Glimpsed<E::Model>, Glimpsed<F::Model>>();
            let rows = Box::pin(rows.all(database)).await?;
            rows.into_iter().map(|(one, other)| (one.0, other.map(|row| row.0))).collect()
        } else {
            Box::pin(select.into_model::<Seen<E::Model>, Seen<F::Model>>().all(database)).await?
        };
        let notes = session.notes();
        let mark = |(one, other): (Seen<E::Model>, Option<Seen<F::Model>>)| {
            let other = Arc::new(other?.shown_by(restricted, notes));
            Some((Arc::new(one.shown_by(restricted, notes)), other))
        };
        Ok(rows.into_iter().filter_map(mark).collect())
    }

    /// How rows of another table that a column names stand beside these.
    const fn pair<F: Visible>(&self, from: E::Column, to: F::Column) -> Pair<E, F> {
        Pair { from, to, is_seen: self.is_seen, bring: self.bring }
    }

    /// Of each row some facts that rules need, in the order given, and nothing of what it shows.
    pub async fn facts<T>(self, facts: Vec<SimpleExpr>) -> Result<Vec<T>>
    where
        T: TryGetableMany + Send + Sync,
    {
        let session = self.session.clone();
        let mut select = self.seen();
        select.exprs(facts);
        let select = finding::<E>(select).into_tuple::<T>();
        Ok(Box::pin(select.all(session.database())).await?)
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
        let session = self.session.clone();
        Ok(Box::pin(whole::<E>(self.seen()).count(session.database())).await?)
    }
}

/// The rows of a table, before anything is selected of them: a query of its columns is not made where others
/// are selected.
fn rows_of<E: EntityTrait>() -> SelectStatement {
    let mut rows = Query::select();
    rows.from(E::default().table_ref());
    rows
}

/// The same with all columns of the table.
fn whole<E: EntityTrait>(mut rows: SelectStatement) -> Select<E> {
    rows.exprs(E::Column::iter().map(ColumnAsExpr::into_column_as_expr));
    finding(rows)
}

/// A query as one that finds rows of an entity.
fn finding<E: EntityTrait>(rows: SelectStatement) -> Select<E> {
    let mut select = E::find();
    *QuerySelect::query(&mut select) = rows;
    select
}

/// Who asks in the statement that a session's read is sent in.
fn viewer_of(session: &Session) -> &Viewer {
    if session.part.is_some() { &session.jointly().0 } else { session.viewer() }
}

/// The same, of whom it is asked of each row.
fn asking_each_of(session: &Session) -> &Viewer {
    if session.part.is_some() { &session.jointly().1 } else { session.asking_each() }
}

fn id_column<E: EntityTrait>() -> E::Column {
    let key = E::PrimaryKey::iter().next();
    key.map_or_else(
        || unreachable!("every table has a primary key"),
        PrimaryKeyToColumn::into_column,
    )
}
