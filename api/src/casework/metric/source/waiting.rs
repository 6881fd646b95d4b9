//! Who waits on the last day, and how long reports waited for their first visit: days between instants
//! are told where the authority is.

use chrono::{DateTime, Utc};
use entity::metric::Dimension;

use super::Event;
use crate::access::Session;
use crate::casework::metric::frame::{Column, Frame, kind};
use crate::casework::metric::sql::Sql;
use crate::error::Result;

/// Who asked for a place in a centre or a programme by the end of the last day, and neither had one nor
/// was refused or withdrew by then: days since the request.
#[expect(clippy::too_many_lines, reason = "one statement")]
pub async fn waiting(session: &Session, frame: &Frame) -> Result<Vec<Event>> {
    let mut sql = Sql::new(frame.backend);
    sql.add("select c.subject, c.requested_at");
    frame.keys(&mut sql, &waiting_column);
    sql.bind(
        " from (select p.person_id as subject, p.requested_at, x.area_id, x.organisation_id, \
         p.centre_id, cast(null as uuid) as programme_id from placement p join centre x \
         on x.id = p.centre_id where p.requested_at < ? and p.recorded_at <= ? \
         and (p.reserved_at is null or p.reserved_at >= ?) \
         and (p.admitted_at is null or p.admitted_at >= ?) \
         and (p.closed_at is null or p.closed_at >= ?) and (p.voided_at is null or p.voided_at > ?)",
        [
            frame.until_at.into(),
            frame.as_of.into(),
            frame.until_at.into(),
            frame.until_at.into(),
            frame.until_at.into(),
            frame.as_of.into(),
        ],
    );
    sql.bind(
        " union all select e.family_id, e.requested_at, f.area_id, r.organisation_id, \
         cast(null as uuid), e.programme_id from enrolment e join programme r on r.id = e.programme_id \
         join family f on f.id = e.family_id where e.requested_at < ? and e.recorded_at <= ? \
         and (e.offered_at is null or e.offered_at >= ?) \
         and (e.enrolled_on is null or e.enrolled_on > ?) \
         and (e.closed_at is null or e.closed_at >= ?)) c",
        [
            frame.until_at.into(),
            frame.as_of.into(),
            frame.until_at.into(),
            frame.through.into(),
            frame.until_at.into(),
        ],
    );
    frame.area_joins(&mut sql, &waiting_column);
    sql.add(" where 1 = 1");
    frame.narrow(&mut sql, &waiting_column);
    let mut events = Vec::new();
    for row in session.figures(sql.statement()).await? {
        let requested_at: DateTime<Utc> = row.try_get("", "requested_at")?;
        let days = (frame.through - session.day_of(requested_at)).num_days();
        let (subject, keys) = (row.try_get("", "subject")?, frame.read_keys(&row)?);
        events.push(Event { subject, keys, part: days.to_string(), weight: 1 });
    }
    Ok(events)
}

fn waiting_column(dimension: Dimension) -> Option<Column> {
    match dimension {
        Dimension::Organisation => Some(Column::Id("c.organisation_id")),
        Dimension::Centre => Some(Column::Id("c.centre_id")),
        Dimension::Programme => Some(Column::Id("c.programme_id")),
        dimension => kind(dimension).map(|_| Column::Area("c.area_id")),
    }
}

/// Reports received in the period, each by the days to its first completed visit, and whether that was in
/// time. A report whose deadline passed without a visit is late; one whose deadline is to come is not
/// counted yet, nor is one without a deadline and a visit.
pub async fn first_visits(session: &Session, frame: &Frame) -> Result<Vec<Event>> {
    let mut sql = Sql::new(frame.backend);
    sql.add(
        "select c.id as subject, c.received_at, c.due_at, (select min(v.visited_at) from visit v \
             where v.concern_report_id = c.id and v.status = 'COMPLETED'",
    );
    frame.known(&mut sql, "v");
    sql.add(") as visited_at");
    frame.keys(&mut sql, &report_column);
    sql.add(" from concern_report c");
    frame.area_joins(&mut sql, &report_column);
    sql.bind(
        " where c.received_at >= ? and c.received_at < ? and c.created_at <= ? \
         and (c.voided_at is null or c.voided_at > ?)",
        [frame.since_at.into(), frame.until_at.into(), frame.as_of.into(), frame.as_of.into()],
    );
    frame.narrow(&mut sql, &report_column);
    let mut events = Vec::new();
    for row in session.figures(sql.statement()).await? {
        let received_at: DateTime<Utc> = row.try_get("", "received_at")?;
        let due_at: Option<DateTime<Utc>> = row.try_get("", "due_at")?;
        let visited_at: Option<DateTime<Utc>> = row.try_get("", "visited_at")?;
        let part = match (visited_at, due_at) {
            (Some(visited_at), due_at) => {
                let days = (session.day_of(visited_at) - session.day_of(received_at)).num_days();
                let mark = if due_at.is_none_or(|due_at| visited_at <= due_at) { "Y" } else { "N" };
                format!("{days} {mark}")
            }
            (None, Some(due_at)) if due_at <= frame.as_of => NO_VISIT.to_owned(),
            (None, _) => continue,
        };
        let (subject, keys) = (row.try_get("", "subject")?, frame.read_keys(&row)?);
        events.push(Event { subject, keys, part, weight: 1 });
    }
    Ok(events)
}

/// The part of those who are late, and of whom no number of days is known.
const NO_VISIT: &str = "- N";

fn report_column(dimension: Dimension) -> Option<Column> {
    match dimension {
        Dimension::Organisation => Some(Column::Id("c.organisation_id")),
        dimension => kind(dimension).map(|_| Column::Area("c.area_id")),
    }
}
