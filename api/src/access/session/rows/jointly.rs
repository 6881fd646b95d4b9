//! Reading as a part of a joint statement: rows come as JSON arrays, without the columns that nothing in
//! the request shows.

use std::sync::Arc;

use entity::access_grant::Shown;
use sea_orm::sea_query::{Expr, SelectStatement, SimpleExpr};
use sea_orm::{Condition, EntityTrait, FromQueryResult, IdenStatic, Iterable, Order, Value};

use super::{A, B, Rows, Sight, viewer_of};
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
        let known = self.known(&mut cells);
        let order = named(&self.order, "");
        let keeps_order = self.most.is_some();
        let mut select = self.seen();
        taking::<E>(&mut select, &session, &cells, E::shown_to);
        if !keeps_order {
            // The places of the rows are counted in the same order.
            select.clear_order_by();
        }
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
        let mut others = cells_of::<F>(&session, &part, &[], B);
        let known = self.known(&mut cells);
        let order = named(&self.order, A);
        let pair = self.pair::<F>(from, to);
        let mut other = known_of::<F>(cells.len(), &others);
        if let (Some(other), Some(known)) = (&mut other, &known)
            && pair.is_alike()
        {
            other.from = Some((part.index(), cells[known.cell].name.to_string()));
            others[F::Column::iter().count()..].iter_mut().for_each(|cell| cell.is_spared = true);
        }
        let keeps_order = self.most.is_some();
        let mut select = pair.beside(self.seen(), &session);
        taking::<E>(&mut select, &session, &cells, E::shown_to);
        taking::<F>(&mut select, &session, &others, |viewer| pair.shown_to(viewer));
        if !keeps_order {
            select.clear_order_by();
        }
        let known = known.into_iter().chain(other).collect();
        cells.extend(others);
        let rows = part.read(select, cells, order, known).await?;
        let pair = |row: Vec<Value>| {
            let mut values = row.into_iter();
            let one = seen::<E>(&session, &mut values)?;
            Ok((one, seen::<F>(&session, &mut values)?))
        };
        rows.into_iter().map(pair).collect()
    }

    /// What the rows say of those whom they are seen with. Where another read knows it, that says what is
    /// shown, and these cells are spared.
    fn known(&self, cells: &mut [Cell]) -> Option<Known> {
        let mut known = known_of::<E>(0, cells).filter(|_| self.is_seen)?;
        known.from = self.told.clone().or_else(|| self.proof()?.told);
        if known.from.is_some() {
            cells[known.shown.clone()].iter_mut().for_each(|cell| cell.is_spared = true);
        }
        Some(known)
    }

    /// What another read of the joint statement proves of these rows, so that it is not looked up again
    /// whether the viewer sees them.
    pub(super) fn proof(&self) -> Option<Proof> {
        let part = self.session.part.as_ref()?;
        if !self.is_seen || !matches!(self.sight, Sight::All) {
            return None;
        }
        let by = |column: &E::Column| self.by_part.iter().any(|by| by.as_str() == column.as_str());
        let is_alone = E::subject().is_some();
        let mut with = E::seen_with().into_iter().filter(|(_, column)| by(column));
        if let Some(known) = with.find_map(|(subject, _)| part.knows(subject)) {
            let told = is_alone.then_some(known);
            return Some(Proof { narrowed: Condition::all(), told });
        }
        // They are of the same family as what they are found by, and whoever says otherwise is not believed:
        // they must be of one of the families of what the keys are from, all of which the viewer sees.
        let (subject, named) = E::subject()?;
        E::within().iter().find(|column| by(column))?;
        let known = part.knows_any(subject)?;
        let same = part.found(Expr::col((E::default(), named)), &known);
        Some(Proof { narrowed: Condition::all().add(same), told: Some(known) })
    }
}

/// What is proven of rows that another read of the same statement leads to.
pub(super) struct Proof {
    /// What they are narrowed to by it.
    pub narrowed: Condition,
    /// The column of the other read that what is shown of them is known by, if it is by that alone.
    pub told: Option<(usize, String)>,
}

/// What rows that the viewer sees say of those whom they are seen with; their cells begin at a place.
fn known_of<E: Visible>(begin: usize, cells: &[Cell]) -> Option<Known> {
    let (subject, named) = E::subject()?;
    let cell = begin + E::Column::iter().position(|column| column.as_str() == named.as_str())?;
    let shown = begin + E::Column::iter().count()..begin + cells.len();
    Some(Known { subject, cell, shown, from: None })
}

/// Selects a table's columns that are not spared, and what is shown of its rows, each under the name of its
/// cell.
fn taking<F: EntityTrait>(
    select: &mut SelectStatement,
    session: &Session,
    cells: &[Cell],
    shown_to: impl Fn(&Viewer) -> SimpleExpr,
) {
    let viewer = viewer_of(session);
    let (own, shown) = cells.split_at(F::Column::iter().count());
    select.expr(columns::<F>(own));
    if let Some(cell) = shown.first().filter(|cell| !cell.is_spared) {
        select.expr_as(shown_to(viewer), cell.name.to_string());
    }
    if let Some(cell) = shown.get(1).filter(|cell| !cell.is_spared) {
        select.expr_as(shown_to(&viewer.lasting()), cell.name.to_string());
    }
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
    cells.push(Cell::number(prefix, SHOWN));
    if session.viewer().breaks_glass {
        cells.push(Cell::number(prefix, LASTING));
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
