//! Who receives a report: the service that was named, the viewer's own, the one that leads the work
//! with the family, or the one that serves the area.

use entity::membership::Role;
use entity::organisation::{self, OrganisationKind, OrganisationStatus};
use entity::{area, organisation_area};
use sea_orm::sea_query::{Query, SelectStatement};
use sea_orm::{ColumnTrait, EntityTrait, JoinType, QueryFilter, QuerySelect};
use uuid::Uuid;

use crate::casework::change::{Change, Right};
use crate::casework::problem::{Halt, Problem};
use crate::casework::wording::Text;

/// The kinds of organisations that receive reports of others.
const SERVICES: [OrganisationKind; 2] =
    [OrganisationKind::SocialService, OrganisationKind::ChildAffairsService];
const PATH: &str = "input.organisationId";

/// The organisation that receives a report about an area, and a family that somebody may lead.
pub async fn of(
    change: &Change,
    named: Option<Uuid>,
    area: &area::Model,
    lead: Option<Uuid>,
) -> Result<Uuid, Halt> {
    let viewer = change.session().viewer();
    match (named, viewer.role) {
        (Some(id), _) => receiving(change, id).await,
        (None, Role::Reporter | Role::Integration) => match leading(change, lead).await? {
            Some(id) => Ok(id),
            None => serving(change, area).await,
        },
        (None, _) => Ok(viewer.organisation_id),
    }
}

/// An organisation that was named: a service that acts, or one of the viewer's own that decides
/// reports.
async fn receiving(change: &Change, id: Uuid) -> Result<Uuid, Halt> {
    let level = Right::ANY;
    let named = change.read::<organisation::Entity>(id, level, PATH).await?;
    let viewer = change.session().viewer();
    let own = matches!(viewer.role, Role::Caseworker | Role::Supervisor)
        && viewer.organisations.contains(&id);
    let receives = SERVICES.contains(&named.kind) || own;
    if named.status == OrganisationStatus::Active && receives {
        return Ok(id);
    }
    Err(Problem::at(PATH, Text::ReceivesNoReports).into())
}

/// The service that leads the work with the family already, if it is one that receives reports.
async fn leading(change: &Change, lead: Option<Uuid>) -> Result<Option<Uuid>, Halt> {
    use organisation::Column;
    let Some(lead) = lead else { return Ok(None) };
    let found = change
        .see::<organisation::Entity>(Right::ANY)
        .filter(Column::Id.eq(lead))
        .filter(Column::Id.in_subquery(services()))
        .one(change.connection())
        .await?;
    Ok(found.map(|service| service.id))
}

/// The service that serves the area, or else the nearest area around it; the one with the least
/// id, if there are several.
async fn serving(change: &Change, area: &area::Model) -> Result<Uuid, Halt> {
    use organisation_area::Column;
    let join = organisation_area::Entity::belongs_to(area::Entity)
        .from(Column::AreaId)
        .to(area::Column::Id);
    let found = change
        .see::<organisation_area::Entity>(Right::ANY)
        .join(JoinType::InnerJoin, join.into())
        .filter(area::Column::Path.is_in(around(&area.path)))
        .filter(Column::OrganisationId.in_subquery(services()))
        .select_also(area::Entity)
        .all(change.connection())
        .await?;
    let depth = |area: Option<area::Model>| area.map_or(0, |area| area.path.len());
    let nearest = found
        .into_iter()
        .map(|(serves, area)| (std::cmp::Reverse(depth(area)), serves.organisation_id))
        .min();
    let nearest = nearest.map(|(_, organisation_id)| organisation_id);
    nearest.ok_or_else(|| Problem::at(PATH, Text::ReceiverUnknown).into())
}

fn services() -> SelectStatement {
    use organisation::Column;
    let mut services = Query::select();
    services
        .column((organisation::Entity, Column::Id))
        .from(organisation::Entity)
        .and_where(Column::Status.eq(OrganisationStatus::Active))
        .and_where(Column::Kind.is_in(SERVICES));
    services
}

/// The paths of an area and of all areas around it: `/region/district/` lies in `/region/`.
fn around(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').map(|(end, _)| &path[..=end])
}
