//! Reading as a part of a joint statement: rows come as JSON arrays, without the columns that nothing in
//! the request shows.

use std::sync::Arc;

use entity::access_grant::Shown;
use sea_orm::sea_query::{Expr, SimpleExpr};
use sea_orm::{
    EntityTrait, FromQueryResult, IdenStatic, Iterable, Order, QuerySelect, QueryTrait, Select,
    Value,
};

use super::{A, B, Rows, Sight};
use crate::access::redact::{LASTING, Row, SHOWN, Seen};
use crate::access::scope::Visible;
use crate::access::session::Session;
use crate::access::session::cell::{self, Cell};
use crate::access::session::joint::{Known, Part};
use crate::access::viewer::{RESTRICTED_SCOPE, Viewer};
use crate::error::Result;

impl<E> Rows<E>
where
    E: Visible,
    E::Model: FromQueryResult + Send + Sync,
{
    pub(super) async fn all_through(self, part: Part) -> Result<Vec<Row<E::Model>>> {
        let session = self.session.clone();
        let mut cells = cells_of::<E>(&session, &part, &self.order, "");
        let known = self.known(&part, &mut cells);
        let order = named(&self.order, "");
        let select = self.seen_unless(known.as_ref()).select_only();
        let select = taking::<E, E>(select, &session, &cells, E::shown_to).into_query();
        let known = known.into_iter().collect();
        let rows = part.read(select, cells, order, known).await?;
        let rows = rows.into_iter().map(|row| seen::<E>(&session, &mut row.into_iter()));
        rows.collect()
    }

    pub(super) async fn all_with_through<F>(
        self,
        part: Part,
        from: E::Column,
        to: F::Column,
    ) -> Result<Vec<(Row<E::Model>, Row<F::Model>)>>
    where
        F: Visible,
        F::Model: FromQueryResult + Send + Sync,
    {
        let session = self.session.clone();
        let mut cells = cells_of::<E>(&session, &part, &self.order, A);
        let others = cells_of::<F>(&session, &part, &[], B);
        let known = self.known(&part, &mut cells);
        let order = named(&self.order, A);
        let pair = self.pair::<F>(from, to);
        let select = pair.beside(self.seen_unless(known.as_ref()), &session).select_only();
        let select = taking::<E, E>(select, &session, &cells, E::shown_to);
        let select = taking::<E, F>(select, &session, &others, |viewer| pair.shown_to(viewer));
        let select = select.into_query();
        let known = known.into_iter().chain(known_of::<F>(cells.len(), &others)).collect();
        cells.extend(others);
        let rows = part.read(select, cells, order, known).await?;
        let pair = |row: Vec<Value>| {
            let mut values = row.into_iter();
            let one = seen::<E>(&session, &mut values)?;
            Ok((one, seen::<F>(&session, &mut values)?))
        };
        rows.into_iter().map(pair).collect()
    }

    /// What the rows say of those whom they are seen with. Where they are found by the keys of such, as
    /// another read knows them, it says what is shown, and these cells are spared.
    fn known(&self, part: &Part, cells: &mut [Cell]) -> Option<Known> {
        let mut known = known_of::<E>(0, cells).filter(|_| self.is_seen)?;
        let (_, named) = E::subject()?;
        let by_it = self.by_ids.iter().any(|column| column.as_str() == named.as_str());
        if by_it && matches!(self.sight, Sight::All) {
            known.from = part.knows(known.subject);
        }
        if known.from.is_some() {
            cells[known.shown.clone()].iter_mut().for_each(|cell| cell.is_spared = true);
        }
        Some(known)
    }

    /// The query, with what the viewer may see, unless it is known of all that the rows can be about.
    fn seen_unless(self, known: Option<&Known>) -> Select<E> {
        if known.is_some_and(|known| known.from.is_some()) { self.narrowed } else { self.seen() }
    }
}

/// What rows that the viewer sees say of those whom they are seen with; their cells begin at a place.
fn known_of<E: Visible>(begin: usize, cells: &[Cell]) -> Option<Known> {
    let (subject, named) = E::subject()?;
    let cell = begin + E::Column::iter().position(|column| column.as_str() == named.as_str())?;
    let shown = begin + E::Column::iter().count()..begin + cells.len();
    Some(Known { subject, cell, shown, from: None })
}

/// The query with a table's columns that are not spared, and with what is shown of its rows, each under
/// the name of its cell.
fn taking<E: EntityTrait, F: EntityTrait>(
    select: Select<E>,
    session: &Session,
    cells: &[Cell],
    shown_to: impl Fn(&Viewer) -> SimpleExpr,
) -> Select<E> {
    let viewer = session.viewer();
    let (own, shown) = cells.split_at(F::Column::iter().count());
    let mut select = select.expr(columns::<F>(own));
    if let Some(cell) = shown.first().filter(|cell| !cell.is_spared) {
        select = select.column_as(shown_to(viewer), cell.name.as_str());
    }
    if let Some(cell) = shown.get(1).filter(|cell| !cell.is_spared) {
        select = select.column_as(shown_to(&viewer.lasting()), cell.name.as_str());
    }
    select
}

/// The columns that are not spared, as text, which is built faster than an expression for each.
fn columns<F: EntityTrait>(cells: &[Cell]) -> SimpleExpr {
    let table = F::default();
    let mut text = String::new();
    for (column, cell) in F::Column::iter().zip(cells).filter(|(_, cell)| !cell.is_spared) {
        let comma = if text.is_empty() { "" } else { ", " };
        let own = [
            comma,
            "\"",
            table.table_name(),
            "\".\"",
            column.as_str(),
            "\" AS \"",
            &cell.name,
            "\"",
        ];
        text.extend(own);
    }
    Expr::cust(text)
}

/// The cells of a row as [`seen`] reads it.
fn cells_of<E: EntityTrait>(
    session: &Session,
    part: &Part,
    order: &[(E::Column, Order)],
    prefix: &str,
) -> Vec<Cell> {
    let orders = |name: &str| order.iter().any(|(column, _)| column.as_str() == name);
    let mut cells: Vec<Cell> =
        Cell::of::<E>(prefix, |name| part.spares(name) && !orders(name)).collect();
    cells.push(Cell::number(format!("{prefix}{SHOWN}")));
    if session.viewer().breaks_glass {
        cells.push(Cell::number(format!("{prefix}{LASTING}")));
    }
    cells
}

fn named<C: IdenStatic>(order: &[(C, Order)], prefix: &str) -> Vec<(String, Order)> {
    let name = |column: &C| format!("{prefix}{}", column.as_str());
    order.iter().map(|(column, order)| (name(column), order.clone())).collect()
}

/// A row from the values of its cells.
fn seen<E: Visible>(
    session: &Session,
    values: &mut impl Iterator<Item = Value>,
) -> Result<Row<E::Model>> {
    let viewer = session.viewer();
    let row = cell::model::<E>(values)?;
    let shown = cell::number(values)?;
    let lasting = if viewer.breaks_glass { cell::number(values)? } else { shown };
    let row = Seen::of(row, Shown::of_stored(shown), Shown::of_stored(lasting));
    Ok(Arc::new(row.shown_by(viewer.has_scope(RESTRICTED_SCOPE), session.notes())))
}
