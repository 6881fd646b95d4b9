//! What is recorded about many children as of a day, in six statements: stays, absences, legal
//! statuses, families lived in, who lives there, and whether they moved away. Only what the viewer
//! sees of personal fields is read, so that a class never tells of a hidden family.

use std::collections::HashMap;

use chrono::NaiveDate;
use entity::family_member::{self, MemberRole};
use entity::placement::{self, PlacementStatus};
use entity::{absence, episode, legal_status};
use sea_orm::{ColumnTrait, Condition};
use uuid::Uuid;

use super::TOLD;
use super::classify::{Away, Facts, Home, Status, Stay, Worked, moved_on};
use crate::access::{Row, Session};
use crate::casework::family::is_member_on;
use crate::error::Result;

/// The states of a placement in which somebody came to the centre.
pub const STAYED: [PlacementStatus; 3] =
    [PlacementStatus::Admitted, PlacementStatus::OnLeave, PlacementStatus::Discharged];

/// The facts of children, and the placements that stand in them by their ids.
pub type Known = (HashMap<Uuid, Facts>, HashMap<Uuid, Row<placement::Model>>);

/// What is recorded about children as of a day.
pub async fn of_children(session: &Session, ids: &[Uuid], day: NaiveDate) -> Result<Known> {
    let mut facts: HashMap<Uuid, Facts> = HashMap::new();
    if ids.is_empty() {
        return Ok((facts, HashMap::new()));
    }
    let placements = placements(session, ids, day).await?;
    for (child, stay) in stays(session, &placements, day).await? {
        facts.entry(child).or_default().stays.push(stay);
    }
    for (child, status) in statuses(session, ids, day).await? {
        facts.entry(child).or_default().statuses.push(status);
    }
    for (child, home) in homes(session, ids, day).await? {
        facts.entry(child).or_default().homes.push(home);
    }
    Ok((facts, placements))
}

async fn placements(
    session: &Session,
    ids: &[Uuid],
    day: NaiveDate,
) -> Result<HashMap<Uuid, Row<placement::Model>>> {
    use placement::Column;
    let rows = session
        .find_showing::<placement::Entity>(&TOLD)
        .of(Column::PersonId, ids)
        .filter(Column::VoidedAt.is_null())
        .filter(Column::IsResidential.eq(true))
        .filter(Column::Status.is_in(STAYED))
        .filter(Column::AdmittedAt.lt(session.end_of(day)))
        .all()
        .await?;
    Ok(rows.into_iter().map(|row| (row.id, row)).collect())
}

async fn stays(
    session: &Session,
    placements: &HashMap<Uuid, Row<placement::Model>>,
    day: NaiveDate,
) -> Result<Vec<(Uuid, Stay)>> {
    use absence::Column;
    let ids: Vec<Uuid> = placements.keys().copied().collect();
    let mut away: HashMap<Uuid, Vec<Away>> = HashMap::new();
    let rows = session.find_showing::<absence::Entity>(&TOLD).of(Column::PlacementId, &ids);
    for row in rows.filter(Column::Since.lte(day)).all().await? {
        let time = Away { kind: row.kind, since: row.since, until: row.until };
        away.entry(row.placement_id).or_default().push(time);
    }
    let stay = |row: &Row<placement::Model>| {
        let stay = Stay {
            placement_id: row.id,
            came_on: session.day_of(row.admitted_at?),
            left_on: row.discharged_at.map(|at| session.day_of(at)),
            destination: row.destination,
            absences: away.remove(&row.id).unwrap_or_default(),
        };
        Some((row.person_id, stay))
    };
    Ok(placements.values().filter_map(stay).collect())
}

async fn statuses(session: &Session, ids: &[Uuid], day: NaiveDate) -> Result<Vec<(Uuid, Status)>> {
    use legal_status::Column;
    let rows = session.find_showing::<legal_status::Entity>(&TOLD).of(Column::PersonId, ids);
    let rows = rows
        .filter(Column::VoidedAt.is_null())
        .filter(Column::Since.lte(day))
        .filter(Condition::any().add(Column::Until.is_null()).add(Column::Until.gt(day)))
        .all()
        .await?;
    let status = |row: &Row<legal_status::Model>| {
        (row.person_id, Status { kind: row.status, since: row.since })
    };
    Ok(rows.iter().map(status).collect())
}

async fn homes(session: &Session, ids: &[Uuid], day: NaiveDate) -> Result<Vec<(Uuid, Home)>> {
    use family_member::Column;
    let rows = session
        .find_showing::<family_member::Entity>(&TOLD)
        .of(Column::PersonId, ids)
        .filter(Column::VoidedAt.is_null())
        .filter(Column::Role.eq(MemberRole::Child))
        .filter(Column::LivesHere.eq(true))
        .filter(Column::Since.lte(day))
        .all()
        .await?;
    let current = rows.iter().filter(|row| is_member_on(row, day));
    let mut families: Vec<Uuid> = current.map(|row| row.family_id).collect();
    families.sort_unstable();
    families.dedup();
    let adults = adults(session, &families, day).await?;
    let moved = moved(session, &families, day).await?;
    let home = |row: &Row<family_member::Model>| {
        let home = Home {
            family_id: row.family_id,
            since: row.since,
            until: row.until,
            moved_on: moved.get(&row.family_id).copied(),
            adults: adults.get(&row.family_id).cloned().unwrap_or_default(),
        };
        (row.person_id, home)
    };
    Ok(rows.iter().map(home).collect())
}

/// The roles of those who live in families on a day, children left out.
async fn adults(
    session: &Session,
    families: &[Uuid],
    day: NaiveDate,
) -> Result<HashMap<Uuid, Vec<MemberRole>>> {
    use family_member::Column;
    let rows = session
        .find_showing::<family_member::Entity>(&TOLD)
        .of(Column::FamilyId, families)
        .filter(Column::VoidedAt.is_null())
        .filter(Column::Role.ne(MemberRole::Child))
        .filter(Column::LivesHere.eq(true))
        .filter(Column::Since.lte(day))
        .filter(Condition::any().add(Column::Until.is_null()).add(Column::Until.gt(day)))
        .all()
        .await?;
    let mut adults: HashMap<Uuid, Vec<MemberRole>> = HashMap::new();
    for row in rows {
        adults.entry(row.family_id).or_default().push(row.role);
    }
    Ok(adults)
}

/// The days on which families had moved away by a day.
async fn moved(
    session: &Session,
    families: &[Uuid],
    day: NaiveDate,
) -> Result<HashMap<Uuid, NaiveDate>> {
    use episode::Column;
    let rows = session.find_showing::<episode::Entity>(&TOLD).of(Column::FamilyId, families);
    let mut worked: HashMap<Uuid, Vec<Worked>> = HashMap::new();
    for row in rows.filter(Column::OpenedOn.lte(day)).all().await? {
        let (opened_on, closed_on) = (row.opened_on, row.closed_on);
        let episode = Worked { opened_on, closed_on, class: row.closure_class };
        worked.entry(row.family_id).or_default().push(episode);
    }
    let moved =
        worked.into_iter().filter_map(|(id, episodes)| Some((id, moved_on(&episodes, day)?)));
    Ok(moved.collect())
}
