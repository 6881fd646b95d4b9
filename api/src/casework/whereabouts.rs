//! Where children are on a day: who is looked for (`listing`), what is recorded of them (`facts`),
//! and what that says (`classify`).

pub mod classify;
mod facts;
mod listing;

use std::collections::HashMap;

use chrono::NaiveDate;
use entity::access_grant::DataCategory;
use entity::{person, placement};
use uuid::Uuid;

use crate::access::session::Keyset;
use crate::access::{Class, Row, Session, Veil};
use crate::error::{Error, Result};

pub use classify::Whereabouts;

/// What must be seen of a child to be told where it is: who it is, and where it is placed.
pub const TOLD: [Veil; 2] = [
    Veil::new(Class::Personal, DataCategory::Identity),
    Veil::new(Class::Personal, DataCategory::Placement),
];

/// Whether the viewer is told where a child is.
pub fn is_told(child: &Row<person::Model>) -> bool {
    TOLD.iter().all(|veil| child.shows_veiled(*veil))
}

/// What narrows a list of children by where they are.
#[derive(Clone, Debug, Default)]
pub struct WhereaboutsFilter {
    /// Of one of these classes: personal, so only children seen in summary or in full.
    pub class_in: Option<Vec<Whereabouts>>,
    /// On one of these registers on the day.
    pub register_in: Option<Vec<Uuid>>,
    /// Children of families in one of these areas: personal as well.
    pub area_in: Option<Vec<Uuid>>,
}

/// A child, and where it is if the viewer may know.
#[derive(Clone, Debug)]
pub struct Located {
    /// The child.
    pub child: Row<person::Model>,
    /// Where it is.
    pub found: Option<Found>,
}

/// Where a child is.
#[derive(Clone, Debug)]
pub struct Found {
    /// Its class.
    pub class: Whereabouts,
    /// From which day on.
    pub since: Option<NaiveDate>,
    /// The stay that covers the day.
    pub placement: Option<Row<placement::Model>>,
    /// The family that it lives in.
    pub family_id: Option<Uuid>,
}

/// A page of children, and the child to go on behind if there may be more.
#[derive(Clone, Debug)]
pub struct Portion {
    /// The children, by id.
    pub children: Vec<Located>,
    /// Behind whom to go on.
    pub next: Option<Uuid>,
}

/// How many children are looked at together for a page of a class.
const TOGETHER: usize = 500;
/// How often that is done for one page.
const MOST_LOOKS: usize = 4;
/// How many children are looked at together to count those of a class.
const COUNTED_TOGETHER: usize = 1000;
/// How often that is done.
const MOST_COUNTS: usize = 10;

const BY_ID: Keyset<person::Entity> = Keyset { column: None, descending: false };

/// The children on a register or in care on a day behind a child, by id, at most so many. Where a
/// class is asked for, children are looked at until the page is full, or until very many were seen.
pub async fn page(
    session: &Session,
    day: NaiveDate,
    filter: &WhereaboutsFilter,
    after: Option<Uuid>,
    first: usize,
) -> Result<Portion> {
    let (together, looks) =
        if filter.class_in.is_some() { (TOGETHER, MOST_LOOKS) } else { (first, 1) };
    let (mut children, mut behind) = (Vec::new(), after);
    for _ in 0..looks {
        let (seen, has_more) = look(session, day, filter, behind, together).await?;
        for child in seen {
            let fits = filter.fits(&child);
            if fits && children.len() == first {
                return Ok(Portion { children, next: behind });
            }
            behind = Some(child.child.id);
            if fits {
                children.push(child);
            }
        }
        if !has_more {
            return Ok(Portion { children, next: None });
        }
    }
    Ok(Portion { children, next: behind })
}

/// How many children there are. By class it looks at each, and refuses to look at very many.
pub async fn count(session: &Session, day: NaiveDate, filter: &WhereaboutsFilter) -> Result<u64> {
    if filter.class_in.is_none() {
        return listing::children(session, day, filter).count().await;
    }
    let (mut count, mut behind) = (0, None);
    for _ in 0..MOST_COUNTS {
        let (seen, has_more) = look(session, day, filter, behind, COUNTED_TOGETHER).await?;
        behind = seen.last().map(|child| child.child.id).or(behind);
        let fitting = seen.iter().filter(|child| filter.fits(child)).count();
        count += u64::try_from(fitting).unwrap_or_default();
        if !has_more {
            return Ok(count);
        }
    }
    let most = COUNTED_TOGETHER * MOST_COUNTS;
    Err(Error::BadInput(format!(
        "More than {most} children would have to be looked at to count by class: narrow the filter \
         by registers or areas."
    )))
}

impl WhereaboutsFilter {
    fn fits(&self, child: &Located) -> bool {
        let Some(classes) = &self.class_in else { return true };
        child.found.as_ref().is_some_and(|found| classes.contains(&found.class))
    }
}

/// The next children, and whether there are more behind them.
async fn look(
    session: &Session,
    day: NaiveDate,
    filter: &WhereaboutsFilter,
    behind: Option<Uuid>,
    count: usize,
) -> Result<(Vec<Located>, bool)> {
    let after = behind.map(|id| (None, id));
    let most = u64::try_from(count).unwrap_or(u64::MAX);
    let mut rows = listing::children(session, day, filter).page(BY_ID, after, most).await?;
    let has_more = rows.len() > count;
    rows.truncate(count);
    Ok((locate(session, day, rows).await?, has_more))
}

async fn locate(
    session: &Session,
    day: NaiveDate,
    rows: Vec<Row<person::Model>>,
) -> Result<Vec<Located>> {
    let shown = rows.iter().filter(|row| is_told(row));
    let ids: Vec<Uuid> = shown.map(|row| row.id).collect();
    let (mut facts, placements) = facts::of_children(session, &ids, day).await?;
    let found = |row: &Row<person::Model>| {
        if !is_told(row) {
            return None;
        }
        let verdict = classify::classify(&facts.remove(&row.id).unwrap_or_default(), day);
        Some(found(verdict, &placements))
    };
    let found: Vec<_> = rows.iter().map(found).collect();
    let pairs = rows.into_iter().zip(found);
    Ok(pairs.map(|(child, found)| Located { child, found }).collect())
}

fn found(verdict: classify::Verdict, placements: &HashMap<Uuid, Row<placement::Model>>) -> Found {
    let placement = verdict.placement_id.and_then(|id| placements.get(&id));
    Found {
        class: verdict.class,
        since: verdict.since,
        placement: placement.map(Row::clone),
        family_id: verdict.family_id,
    }
}
