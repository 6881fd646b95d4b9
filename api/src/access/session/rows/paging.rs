//! Lists in pages: behind a key, in an order that ends with the id.

use sea_orm::sea_query::{Expr, ExprTrait, SimpleExpr};
use sea_orm::{
    Condition, DbBackend, EntityTrait, FromQueryResult, IdenStatic, ModelTrait, Order, Value,
};
use uuid::Uuid;

use super::{Rows, Sight, id_column, rows_of};
use crate::access::redact::Row;
use crate::access::scope::{SEEN, Subject, Visible, Walk, among, first_persons};
use crate::access::viewer::Extent;
use crate::error::Result;

/// How a list is ordered: by a column that is never null, ties by id.
#[derive(Clone, Copy, Debug)]
pub struct Keyset<E: EntityTrait> {
    /// The column, or none for the id alone.
    pub column: Option<E::Column>,
    /// Greatest first.
    pub descending: bool,
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

impl<E> Rows<E>
where
    E: Visible,
    E::Model: FromQueryResult + Send + Sync,
{
    /// All that the viewer sees, said so that a list of any length is begun at the right end: at the few
    /// that the viewer reaches, or else in the order of the list.
    fn seen_in_a_list(&self) -> Condition {
        let viewer = self.viewer();
        let few = (viewer.extent == Extent::Few).then(|| E::among_few(viewer)).flatten();
        Condition::all().add(E::visible_to(self.asking_each(), SEEN)).add_option(few)
    }

    /// The rows that a walk finds, where there is one.
    fn walked(&self, walk: &Walk) -> Option<Condition> {
        let viewer = self.asking_each();
        let id = id_column::<E>();
        let (subject, key) = E::subject()?;
        let are_persons = subject == Subject::Person && key.as_str() == id.as_str();
        let is_long = self.are_many && viewer.extent == Extent::Many;
        if !are_persons || !is_long || viewer.backend != DbBackend::Postgres {
            return None;
        }
        let mut persons = self.narrowed.clone();
        persons.expr(Expr::val(1));
        let found = first_persons(viewer, &persons, walk)?;
        Some(Condition::all().add(among(Expr::col((E::default(), id)), found)))
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
        let mut rows = self;
        if matches!(rows.sight, Sight::All) && rows.by_ids.is_empty() {
            if order.column.is_none() {
                let behind = after.as_ref().map(|(_, last)| *last);
                let walk = Walk { direction: direction.clone(), behind, most: first + 1 };
                if let Some(found) = rows.walked(&walk) {
                    rows.narrowed = rows_of::<E>();
                    rows.sight = Sight::Said(found);
                    return rows.order(id, direction).all().await;
                }
            }
            rows.sight = Sight::Said(rows.seen_in_a_list());
        }
        if let Some((key, last)) = after {
            rows = rows.filter(behind::<E>(order, key, last));
        }
        if let Some(column) = order.column {
            rows = rows.order(column, direction.clone());
        }
        rows = rows.limit(first + 1);
        rows.order(id, direction).all().await
    }
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
