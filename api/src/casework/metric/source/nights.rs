//! Nights for which places are held, and the places that there are: of a day counts the night after it.

use std::collections::HashMap;

use chrono::NaiveDate;
use entity::metric::{Dimension, MetricId};
use sea_orm::ActiveEnum;
use uuid::Uuid;

use super::Event;
use super::stays::age_band;
use crate::access::Session;
use crate::casework::metric::frame::{Column, Frame, kind};
use crate::casework::metric::question::Key;
use crate::casework::metric::sql::Sql;
use crate::error::Result;

/// A place that is held from a day on, and until another.
#[derive(Clone, Debug)]
pub struct Held {
    pub placement_id: Uuid,
    pub person_id: Uuid,
    pub birth: Option<NaiveDate>,
    pub since: NaiveDate,
    pub until: Option<NaiveDate>,
    /// Whether the centre's work is counted, and within the filter.
    pub is_counted: bool,
    pub keys: Vec<Key>,
}

/// The part of the nights held, and that of the nights that there were places for.
pub const HELD: &str = "HELD";
const FREE_OR_HELD: &str = "PLACES";

/// The nights held in the period, and, for occupancy, those that there were places for.
pub async fn events(session: &Session, frame: &Frame, held: &[Held]) -> Result<Vec<Event>> {
    let (first, last) = frame.nights();
    let away = away(session, frame).await?;
    let mut events = Vec::new();
    for stay in held.iter().filter(|stay| stay.is_counted) {
        let all = overlap((first, last), (stay.since, stay.until));
        let gone = away.get(&stay.placement_id).into_iter().flatten();
        let gone: i64 = gone
            .map(|(since, until)| {
                let until = [*until, stay.until].into_iter().flatten().min();
                overlap((first, last), (stay.since.max(*since), until))
            })
            .sum();
        if all > gone {
            events.extend(event(frame, stay, stay.since.max(first), all - gone));
        }
    }
    if frame.metric != MetricId::BedDays {
        events.extend(places(session, frame).await?);
    }
    Ok(events)
}

impl Frame {
    /// The first and the last day whose nights count.
    fn nights(&self) -> (NaiveDate, NaiveDate) {
        let is_of_one_day = self.metric == MetricId::OccupancyOn;
        (if is_of_one_day { self.through } else { self.since }, self.through)
    }
}

/// How many days of a period a half-open range has.
fn overlap(
    (first, last): (NaiveDate, NaiveDate),
    (since, until): (NaiveDate, Option<NaiveDate>),
) -> i64 {
    let end = last.succ_opt().unwrap_or(last);
    let end = until.map_or(end, |until| until.min(end));
    (end - since.max(first)).num_days().max(0)
}

fn event(frame: &Frame, stay: &Held, day: NaiveDate, nights: i64) -> Option<Event> {
    let band = age_band(stay.birth, day).to_value();
    let asked = frame.filter.codes(Dimension::AgeBand);
    if asked.is_some_and(|bands| !bands.contains(&band)) {
        return None;
    }
    let mut keys = stay.keys.clone();
    for (key, dimension) in keys.iter_mut().zip(&frame.by) {
        if *dimension == Dimension::AgeBand {
            *key = Key::Code(band.clone());
        }
    }
    Some(Event { subject: stay.person_id, keys, part: HELD.to_owned(), weight: nights })
}

/// Absences that don't hold the place, by placement.
async fn away(
    session: &Session,
    frame: &Frame,
) -> Result<HashMap<Uuid, Vec<(NaiveDate, Option<NaiveDate>)>>> {
    let mut sql = Sql::new(frame.backend);
    sql.bind(
        "select a.placement_id, a.since, a.until from absence a where not a.holds_place \
         and a.since <= ? and (a.until is null or a.until > ?) and a.recorded_at <= ?",
        [frame.through.into(), frame.since.into(), frame.as_of.into()],
    );
    let mut found: HashMap<Uuid, Vec<_>> = HashMap::new();
    for row in session.figures(sql.statement()).await? {
        let range = (row.try_get("", "since")?, row.try_get("", "until")?);
        found.entry(row.try_get("", "placement_id")?).or_default().push(range);
    }
    Ok(found)
}

/// The nights of the period for which there were places in residential centres.
async fn places(session: &Session, frame: &Frame) -> Result<Vec<Event>> {
    let mut sql = Sql::new(frame.backend);
    sql.add("select u.id as unit_id, n.since, n.until, n.places");
    frame.keys(&mut sql, &centre_column);
    sql.add(
        " from capacity_period n join unit u on u.id = n.unit_id join centre c on c.id = u.centre_id",
    );
    frame.area_joins(&mut sql, &centre_column);
    sql.bind(
        " where c.regime = 'RESIDENTIAL' and n.since <= ? and (n.until is null or n.until > ?)",
        [frame.through.into(), frame.since.into()],
    );
    frame.narrow(&mut sql, &centre_column);
    let mut events = Vec::new();
    for row in session.figures(sql.statement()).await? {
        let range = (row.try_get("", "since")?, row.try_get("", "until")?);
        let places: i32 = row.try_get("", "places")?;
        let weight = i64::from(places) * overlap(frame.nights(), range);
        let (subject, keys) = (row.try_get("", "unit_id")?, frame.read_keys(&row)?);
        events.push(Event { subject, keys, part: FREE_OR_HELD.to_owned(), weight });
    }
    Ok(events)
}

/// Where rows of a centre have what dimensions go by.
pub fn centre_column(dimension: Dimension) -> Option<Column> {
    match dimension {
        Dimension::Organisation => Some(Column::Id("c.organisation_id")),
        Dimension::Centre => Some(Column::Id("c.id")),
        dimension => kind(dimension).map(|_| Column::Area("c.area_id")),
    }
}
