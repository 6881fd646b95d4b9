//! Registers and the decisions that start and end entries on them.

pub mod subject;
pub mod entering;
pub mod deciding;

use std::collections::HashMap;

use entity::{register, register_entry};
use sea_orm::{ColumnTrait, Order};
use uuid::Uuid;

use crate::access::{Row, Session};
use crate::error::Result;

/// The entries of persons on registers, latest first.
pub async fn entries_of_persons(
    session: &Session,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, Vec<Row<register_entry::Model>>>> {
    use register_entry::Column;
    let rows = session.find::<register_entry::Entity>().of(Column::PersonId, ids);
    rows.filter(Column::VoidedAt.is_null())
        .order(Column::Since, Order::Desc)
        .order(Column::Id, Order::Desc)
        .grouped(|entry| entry.person_id.unwrap_or_default())
        .await
}

/// The entries of families on registers, latest first.
pub async fn entries_of_families(
    session: &Session,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, Vec<Row<register_entry::Model>>>> {
    use register_entry::Column;
    let rows = session.find::<register_entry::Entity>().of(Column::FamilyId, ids);
    rows.filter(Column::VoidedAt.is_null())
        .order(Column::Since, Order::Desc)
        .order(Column::Id, Order::Desc)
        .grouped(|entry| entry.family_id.unwrap_or_default())
        .await
}

/// The registers of the catalogue, those in use first.
pub async fn registers(session: &Session) -> Result<Vec<Row<register::Model>>> {
    use register::Column;
    let rows = session.find::<register::Entity>().order(Column::IsActive, Order::Desc);
    rows.order(Column::Code, Order::Asc).all().await
}
