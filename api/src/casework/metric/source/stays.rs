//! Residential stays: a spell is a chain of placements of one person with a gap of at most a day. Spells are
//! told over all centres, so that a move to another one is no discharge, and counted in those whose
//! work is counted.

use std::collections::BTreeMap;

use chrono::{DateTime, Days, NaiveDate, Utc};
use entity::metric::{AgeBand, Dimension, MetricId};
use entity::placement::Destination;
use sea_orm::{ActiveEnum, QueryResult};
use uuid::Uuid;

use super::Event;
use crate::access::Session;
use crate::casework::metric::frame::{ADULT_AT, Column, Frame};
use crate::casework::metric::question::Key;
use crate::casework::metric::sql::Sql;
use crate::error::Result;

/// A gap of so many days between two placements is none.
const GAP: i64 = 1;
/// For how many days who returned must have stayed.
const STABLE_FOR: u64 = 180;

/// One placement of a person in a residential centre.
#[derive(Clone, Debug)]
struct Stay {
    id: Uuid,
    person_id: Uuid,
    birth: Option<NaiveDate>,
    admitted_on: NaiveDate,
    /// As far as it was known.
    discharged_on: Option<NaiveDate>,
    destination: Option<Destination>,
    /// Whether the centre's work is counted, and within the filter.
    is_counted: bool,
    keys: Vec<Key>,
}

/// What happens in the period.
pub async fn events(session: &Session, frame: &Frame) -> Result<Vec<Event>> {
    let stays = read(session, frame).await?;
    if matches!(frame.metric, MetricId::BedDays | MetricId::OccupancyRate | MetricId::OccupancyOn) {
        return super::nights::events(
            session,
            frame,
            &stays.iter().map(Stay::held).collect::<Vec<_>>(),
        )
        .await;
    }
    let mut persons: BTreeMap<Uuid, Vec<Stay>> = BTreeMap::new();
    for stay in stays {
        persons.entry(stay.person_id).or_default().push(stay);
    }
    let mut events = Vec::new();
    for stays in persons.values_mut() {
        stays.sort_by_key(|stay| (stay.admitted_on, stay.id));
        let spells = spells(stays);
        for (no, spell) in spells.iter().enumerate() {
            let next = spells.get(no + 1).and_then(|next| next.first());
            tell(frame, spell, next, &mut events);
        }
    }
    Ok(events)
}

/// Chains of stays, each with no more than a day between one and the next.
fn spells(stays: &[Stay]) -> Vec<&[Stay]> {
    let follows = |one: &Stay, next: &Stay| {
        one.discharged_on.is_none_or(|day| (next.admitted_on - day).num_days() <= GAP)
    };
    stays.chunk_by(follows).collect()
}

/// What a spell has to do with the metric.
fn tell(frame: &Frame, spell: &[Stay], next: Option<&Stay>, events: &mut Vec<Event>) {
    let (Some(first), Some(last)) = (spell.first(), spell.last()) else { return };
    match frame.metric {
        MetricId::Admissions if frame.holds(first.admitted_on) => {
            events.extend(first.event(frame, first.admitted_on, "STAY".to_owned()));
        }
        MetricId::Moves => {
            let moved = spell.iter().skip(1).filter(|stay| frame.holds(stay.admitted_on));
            events.extend(
                moved.filter_map(|stay| stay.event(frame, stay.admitted_on, "MOVE".into())),
            );
        }
        MetricId::ReturnStability => events.extend(stability(frame, last, next)),
        _ => {
            let Some(day) = last.discharged_on.filter(|day| frame.holds(*day)) else { return };
            events.extend(discharge(frame, (first, last), day));
        }
    }
}

/// The end of a spell, for the metrics that go by it.
fn discharge(frame: &Frame, (first, last): (&Stay, &Stay), day: NaiveDate) -> Option<Event> {
    let destination = last.destination.unwrap_or(Destination::Other);
    let part = match frame.metric {
        MetricId::Discharges => destination.to_value(),
        MetricId::AverageLengthOfStay => (day - first.admitted_on).num_days().to_string(),
        MetricId::ReturnedToBirthFamilyRate | MetricId::FamilyBasedExitRate => {
            if destination == Destination::Died || !last.is_child(day) {
                return None;
            }
            destination.to_value()
        }
        _ => return None,
    };
    last.event(frame, day, part)
}

/// A return to the birth family in the period half a year before, by whether the child stayed there.
fn stability(frame: &Frame, last: &Stay, next: Option<&Stay>) -> Option<Event> {
    let day = last.discharged_on?;
    let observed_until = day.checked_add_days(Days::new(STABLE_FOR))?;
    let is_return = last.destination == Some(Destination::BirthFamily) && last.is_child(day);
    if !is_return || !frame.holds(observed_until) {
        return None;
    }
    let came_back = next.is_some_and(|next| next.admitted_on <= observed_until);
    last.event(frame, day, if came_back { "AGAIN" } else { "STABLE" }.to_owned())
}

impl Stay {
    /// What is counted of it on a day, unless the work is others', or outside the filter.
    fn event(&self, frame: &Frame, day: NaiveDate, part: String) -> Option<Event> {
        let band = age_band(self.birth, day).to_value();
        let is_asked =
            frame.filter.codes(Dimension::AgeBand).is_none_or(|bands| bands.contains(&band));
        if !self.is_counted || !is_asked {
            return None;
        }
        let mut keys = self.keys.clone();
        for (key, dimension) in keys.iter_mut().zip(&frame.by) {
            match dimension {
                Dimension::AgeBand => *key = Key::Code(band.clone()),
                Dimension::Month => *key = Key::Code(day.format("%Y-%m").to_string()),
                Dimension::Destination => {
                    *key = self.destination.map_or(Key::None, |one| Key::Code(one.to_value()));
                }
                _ => {}
            }
        }
        Some(Event { subject: self.person_id, keys, part, weight: 1 })
    }

    fn is_child(&self, day: NaiveDate) -> bool {
        age_band(self.birth, day) != AgeBand::Adult
    }

    /// What it holds of a place.
    fn held(&self) -> super::nights::Held {
        let Self { id, person_id, birth, admitted_on, discharged_on, is_counted, .. } = *self;
        super::nights::Held {
            placement_id: id,
            person_id,
            birth,
            since: admitted_on,
            until: discharged_on,
            is_counted,
            keys: self.keys.clone(),
        }
    }
}

/// The age band on a day.
pub fn age_band(birth: Option<NaiveDate>, day: NaiveDate) -> AgeBand {
    let Some(birth) = birth else { return AgeBand::Unknown };
    match day.years_since(birth).unwrap_or(0) {
        0..3 => AgeBand::Infant,
        3..7 => AgeBand::Preschool,
        7..14 => AgeBand::School,
        years if years < ADULT_AT.unsigned_abs() => AgeBand::Adolescent,
        _ => AgeBand::Adult,
    }
}

/// All residential stays of those who had one in the period, or half a year before it.
async fn read(session: &Session, frame: &Frame) -> Result<Vec<Stay>> {
    let mut sql = Sql::new(frame.backend);
    sql.add(
        "select p.id, w.id as person_id, w.birth_date, p.admitted_at, p.discharged_at, p.destination, \
         p.discharge_recorded_at",
    );
    frame.keys(&mut sql, &column);
    sql.add(", case when 1 = 1");
    frame.narrow(&mut sql, &column);
    sql.add(" then 1 else 0 end as is_counted from placement p join centre c on c.id = p.centre_id \
             join person o on o.id = p.person_id join person w on w.id = coalesce(o.merged_into_id, o.id)");
    frame.area_joins(&mut sql, &column);
    known(&mut sql, frame, "p");
    let earliest = frame.since.checked_sub_days(Days::new(STABLE_FOR)).unwrap_or(frame.since);
    sql.add(" and p.person_id in (select q.person_id from placement q");
    known(&mut sql, frame, "q");
    sql.bind(
        " and (q.discharged_at is null or q.discharged_at >= ?))",
        [session.start_of(earliest).into()],
    );
    let rows = session.figures(sql.statement()).await?;
    rows.iter().map(|row| stay(session, frame, row)).collect()
}

/// That a placement is a residential stay that had begun by the end of the period, as was known.
fn known(sql: &mut Sql, frame: &Frame, table: &str) {
    sql.bind(
        &format!(
            " where {table}.is_residential and {table}.admitted_at < ? \
             and coalesce({table}.admission_recorded_at, {table}.admitted_at) <= ? \
             and ({table}.voided_at is null or {table}.voided_at > ?)"
        ),
        [frame.until_at.into(), frame.as_of.into(), frame.as_of.into()],
    );
}

fn stay(session: &Session, frame: &Frame, row: &QueryResult) -> Result<Stay> {
    let discharged_at: Option<DateTime<Utc>> = row.try_get("", "discharged_at")?;
    let recorded_at: Option<DateTime<Utc>> = row.try_get("", "discharge_recorded_at")?;
    let discharged_at = discharged_at.filter(|at| recorded_at.unwrap_or(*at) <= frame.as_of);
    let is_counted: i32 = row.try_get("", "is_counted")?;
    Ok(Stay {
        id: row.try_get("", "id")?,
        person_id: row.try_get("", "person_id")?,
        birth: row.try_get("", "birth_date")?,
        admitted_on: session.day_of(row.try_get("", "admitted_at")?),
        discharged_on: discharged_at.map(|at| session.day_of(at)),
        destination: row.try_get("", "destination")?,
        is_counted: is_counted == 1,
        keys: frame.read_keys(row)?,
    })
}

/// Where stays have what dimensions go by; ages, months and destinations are told later.
fn column(dimension: Dimension) -> Option<Column> {
    match dimension {
        Dimension::Sex => Some(Column::Code("w.sex".to_owned())),
        dimension => super::nights::centre_column(dimension),
    }
}
