//! Areas, organisations and the people in them: batch reads of the catalogue.

use std::collections::HashMap;

use entity::{area, organisation, organisation_area};
use sea_orm::Order;
use uuid::Uuid;

use crate::access::{Row, Session};
use crate::error::Result;

/// The areas directly within areas, by name.
pub async fn areas_within(
    session: &Session,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, Vec<Row<area::Model>>>> {
    use area::Column;
    let rows = session.find::<area::Entity>().of(Column::ParentId, ids);
    rows.order(Column::Name, Order::Asc).grouped(|area| area.parent_id.unwrap_or_default()).await
}

/// The branches and teams directly within organisations, by name.
pub async fn branches_of(
    session: &Session,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, Vec<Row<organisation::Model>>>> {
    use organisation::Column;
    let rows = session.find::<organisation::Entity>().of(Column::ParentId, ids);
    rows.order(Column::Name, Order::Asc)
        .grouped(|branch| branch.parent_id.unwrap_or_default())
        .await
}

/// The areas that organisations work in.
pub async fn areas_of(
    session: &Session,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, Vec<Row<area::Model>>>> {
    use organisation_area::Column;
    let links = session
        .find::<organisation_area::Entity>()
        .of(Column::OrganisationId, ids)
        .all_with::<area::Entity>(Column::AreaId, area::Column::Id)
        .await?;
    let mut areas: HashMap<Uuid, Vec<_>> = HashMap::new();
    for (link, area) in links {
        areas.entry(link.organisation_id).or_default().push(area);
    }
    for found in areas.values_mut() {
        found.sort_by(|one, other| one.name.cmp(&other.name));
    }
    Ok(areas)
}
