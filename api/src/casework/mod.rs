//! What is done: for each feature its rules and its batch reads, as functions over a session.
//! Nothing here knows of GraphQL or HTTP.

pub mod wording;
pub mod problem;
pub mod check;
mod names;
pub mod state;
pub mod kept;
pub mod change;
pub mod task;
pub mod grant;
pub mod break_glass;
pub mod consent;
pub mod referral;
pub mod transfer;
pub mod reach;
pub mod joined;
pub mod reference;
pub mod organisation;
mod staff;
pub mod search;
pub mod person;
pub mod family;
mod address;
pub mod household;
pub mod register;
pub mod case;
pub mod concern;
pub mod assessment;
pub mod plan;
pub mod service;
pub mod visit;
pub mod centre;
pub mod placement;
pub mod programme;
pub mod enrolment;
pub mod training;
pub mod whereabouts;
pub mod permission;
pub mod metric;

use std::collections::HashMap;

use sea_orm::{
    ColumnTrait, Condition, EntityTrait, FromQueryResult, Iterable, ModelTrait, PrimaryKeyToColumn,
    Value,
};
use uuid::Uuid;

use crate::access::{Row, Session, Visible};
use crate::error::Result;

/// Rows by their ids; what the viewer may not see is absent.
pub async fn by_id<E>(
    session: &Session,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, Row<<E as EntityTrait>::Model>>>
where
    E: Visible,
    E::Model: FromQueryResult + Send + Sync,
{
    let Some(column) = E::PrimaryKey::iter().next().map(PrimaryKeyToColumn::into_column) else {
        return Ok(HashMap::new());
    };
    let rows = session.find::<E>().of(column, ids).all().await?;
    let keyed = rows.into_iter().filter_map(|row| match row.get(column) {
        Value::Uuid(Some(id)) => Some((id, row)),
        _ => None,
    });
    Ok(keyed.collect())
}

/// A half-open range of instants or days.
#[derive(Clone, Copy, Debug)]
pub struct Range<T> {
    /// From here on.
    pub since: Option<T>,
    /// Before here.
    pub until: Option<T>,
}

impl<T: Into<Value>> Range<T> {
    /// That a column's value lies in the range.
    pub fn condition(self, column: impl ColumnTrait) -> Condition {
        Condition::all()
            .add_option(self.since.map(|since| column.gte(since)))
            .add_option(self.until.map(|until| column.lt(until)))
    }
}
