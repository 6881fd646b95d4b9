//! What a session finds: rows that the viewer sees, narrowed, ordered and paged, each with what is shown
//! of it.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;

use sea_orm::sea_query::{Expr, ExprTrait, Query, SimpleExpr, WindowStatement};
use sea_orm::{
    ConnectionTrait, DatabaseTransaction, EntityTrait, FromQueryResult, IntoSimpleExpr, Iterable,
    JoinType, ModelTrait, Order, PaginatorTrait, PrimaryKeyToColumn, QueryFilter, QueryOrder,
    QuerySelect, Select, TryGetableMany, Value,
};
use uuid::Uuid;

use super::{SEEN, Session};
use crate::access::redact::{Glimpsed, LASTING, Row, SHOWN, Seen};
use crate::access::scope::{Visible, one_of};
use crate::access::viewer::RESTRICTED_SCOPE;
use crate::error::Result;

/// A query over rows that the viewer may see.
#[derive(Clone, Debug)]
pub struct Rows<E: EntityTrait> {
    pub(super) session: Session,
    pub(super) select: Select<E>,
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

    /// The rows, each with what the viewer is shown of it.
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
        let select = self.select.column_as(E::shown_to(viewer), SHOWN);
        let rows: Vec<Seen<E::Model>> = if viewer.breaks_glass {
            let select = select.column_as(E::shown_to(&viewer.lasting()), LASTING);
            let rows = select.into_model::<Glimpsed<E::Model>>().all(connection).await?;
            rows.into_iter().map(|row| row.0).collect()
        } else {
            select.into_model().all(connection).await?
        };
        Ok(rows.into_iter().map(|row| Arc::new(row.with_restricted(restricted))).collect())
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
        let select = self
            .select
            .join(JoinType::InnerJoin, E::belongs_to(F::default()).from(from).to(to).into())
            .filter(F::visible_to(viewer, SEEN))
            .select_also(F::default())
            .column_as(E::shown_to(viewer), format!("A_{SHOWN}"))
            .column_as(F::shown_to(viewer), format!("B_{SHOWN}"));
        let database = self.session.database();
        let rows: Vec<(Seen<E::Model>, Option<_>)> = if viewer.breaks_glass {
            let lasting = viewer.lasting();
            let select = select
                .column_as(E::shown_to(&lasting), format!("A_{LASTING}"))
                .column_as(F::shown_to(&lasting), format!("B_{LASTING}"));
            let rows = select.into_model::<Glimpsed<E::Model>, Glimpsed<F::Model>>();
            let rows = rows.all(database).await?;
            rows.into_iter().map(|(one, other)| (one.0, other.map(|row| row.0))).collect()
        } else {
            select.into_model::<Seen<E::Model>, Seen<F::Model>>().all(database).await?
        };
        let mark = |(one, other): (Seen<E::Model>, Option<Seen<F::Model>>)| {
            let other = Arc::new(other?.with_restricted(restricted));
            Some((Arc::new(one.with_restricted(restricted)), other))
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
