//! What a viewer's report is made of, read for a session: the report, whose work it is about, and what can
//! be chosen.

use entity::area::{self, AreaKind};
use entity::membership::Role;
use entity::{organisation, snapshot};
use sea_orm::{ActiveEnum, ColumnTrait, Order};
use serde_json::{Value, json};
use uuid::Uuid;

use super::asking::Asked;
use super::sheet::{Origin, Published, Sheet};
use super::words::{self, say};
use crate::access::policy::Action;
use crate::access::{Row, Session};
use crate::casework::by_id;
use crate::casework::metric::question::Filter;
use crate::casework::metric::report;
use crate::casework::metric::snapshot::{Frozen, SnapshotFilter, snapshots};
use crate::error::{Error, Result};
use crate::graphql::id::Kind;

/// The report that is asked for, as it is presented.
pub async fn sheet(session: &Session, asked: Asked) -> Result<Sheet> {
    let Asked { period, area, as_of } = asked;
    let filter = Filter { area, ..Filter::default() };
    let (report, row) = report::told(session, period, filter, as_of).await?;
    let published = row.as_ref().map(published).transpose()?;
    let owner = row.as_ref().map_or(session.viewer().organisation_id, |row| row.organisation_id);
    let area = match area {
        Some(id) => Some(area_name(session, id).await?),
        None => None,
    };
    let known_to = session.day_of(report.as_of);
    let origin = Origin { whose: whose(session, owner).await?, area, published, known_to };
    Ok(Sheet::of(&report, origin, session.language()))
}

fn published(row: &Row<snapshot::Model>) -> Result<Published> {
    let hidden_to = Frozen::read(&row.content)?.hidden_to();
    Ok(Published { at: row.published_at, hidden_to })
}

async fn area_name(session: &Session, id: Uuid) -> Result<String> {
    let areas = by_id::<area::Entity>(session, &[id]).await?;
    let name = areas.get(&id).map(|area| area.name.clone());
    name.ok_or_else(|| Error::BadInput(say(words::NO_AREA, session.language()).to_owned()))
}

/// The organisation whose work it is, or for which a coordinator looks after areas.
async fn whose(session: &Session, owner: Uuid) -> Result<String> {
    let organisations = by_id::<organisation::Entity>(session, &[owner]).await?;
    Ok(organisations.get(&owner).map(|one| one.name.clone()).unwrap_or_default())
}

/// Most areas that are listed.
const AREAS: u64 = 500;
/// Most published periods that are listed.
const PERIODS: u64 = 50;

/// What the viewer can choose from: areas to narrow to, or of analysts the periods that were published.
pub async fn choices(session: &Session) -> Result<Value> {
    session.may(Action::ReadMetrics)?;
    let whose = whose(session, session.viewer().organisation_id).await?;
    let is_analyst = session.viewer().role == Role::Analyst;
    let (areas, published) = if is_analyst {
        (Vec::new(), Some(periods(session).await?))
    } else {
        (areas(session).await?, None)
    };
    Ok(json!({
        "role": session.viewer().role.to_value(),
        "whose": whose,
        "today": session.today(),
        "areas": areas,
        "published": published,
    }))
}

/// Areas down to municipalities, each before those within it.
async fn areas(session: &Session) -> Result<Vec<Value>> {
    use area::Column;
    let kinds = [AreaKind::Region, AreaKind::District, AreaKind::Municipality];
    let mut found = session.find::<area::Entity>().filter(Column::Kind.is_in(kinds));
    if session.viewer().role == Role::AreaCoordinator {
        found = found.of(Column::Id, &session.viewer().areas);
    }
    let mut rows = found.order(Column::Name, Order::Asc).limit(AREAS).all().await?;
    rows.sort_by_key(|area| area.kind);
    let area = |row: &Row<area::Model>| {
        json!({
            "id": Kind::Area.id(row.id).to_string(),
            "name": row.name,
            "kind": row.kind.to_value(),
        })
    };
    Ok(rows.iter().map(area).collect())
}

/// The periods of what was published for the viewer, each once, the latest first.
async fn periods(session: &Session) -> Result<Vec<Value>> {
    let filter = SnapshotFilter {
        audience_in: Some(vec![snapshot::Audience::Analyst]),
        ..SnapshotFilter::default()
    };
    let rows = snapshots(session, filter).order(snapshot::Column::PublishedAt, Order::Desc);
    let rows = rows.limit(PERIODS).all().await?;
    let mut periods: Vec<Value> = Vec::new();
    for row in &rows {
        let period = json!({ "since": row.since, "through": row.through });
        if !periods.contains(&period) {
            periods.push(period);
        }
    }
    Ok(periods)
}
