//! What programmes come to: enrolments in each stage and at their end, and whom centres served.

use entity::metric::Dimension;

use super::{Facts, Weigh};
use crate::casework::metric::frame::{Column, Frame, kind};
use crate::casework::metric::sql::Sql;

/// Events of stages in the period, and the enrolments that are still in a stage at its end.
pub fn funnel(frame: &Frame) -> Facts {
    let mut sql = Sql::new(frame.backend);
    sql.bind(
        "with v as (select s.*, row_number() over (partition by s.enrolment_id, s.stage_id \
         order by s.occurred_on desc, s.recorded_at desc, s.id desc) as nth from stage_event s \
         where s.occurred_on <= ? and s.recorded_at <= ?), \
         c as (select v.enrolment_id, v.stage_id, v.kind as outcome from v where v.occurred_on >= ? \
         union all select v.enrolment_id, v.stage_id, 'STILL_IN' from v where v.nth = 1 \
         and v.kind = 'ENTERED'), f as (select e.id as subject, c.outcome as part",
        [frame.through.into(), frame.as_of.into(), frame.since.into()],
    );
    frame.keys(&mut sql, &column);
    sql.add(" from c join enrolment e on e.id = c.enrolment_id");
    programme_joins(&mut sql, frame);
    sql.add(" where 1 = 1");
    frame.narrow(&mut sql, &column);
    sql.add(")");
    Facts { sql, table: "f", pick: "1 = 1", weigh: Weigh::Subjects }
}

/// Enrolments that ended in the period, by outcome.
pub fn completion(frame: &Frame) -> Facts {
    let mut sql = Sql::new(frame.backend);
    sql.add("with f as (select e.id as subject, coalesce(e.outcome, 'OTHER') as part");
    frame.keys(&mut sql, &ended_column);
    sql.add(" from enrolment e");
    programme_joins(&mut sql, frame);
    sql.bind(
        " where e.status = 'ENDED' and e.ended_on between ? and ? \
         and coalesce(e.closed_at, e.updated_at) <= ?",
        [frame.since.into(), frame.through.into(), frame.as_of.into()],
    );
    frame.narrow(&mut sql, &ended_column);
    sql.add(")");
    Facts { sql, table: "f", pick: "1 = 1", weigh: Weigh::Subjects }
}

fn programme_joins(sql: &mut Sql, frame: &Frame) {
    sql.add(" join programme r on r.id = e.programme_id join family f on f.id = e.family_id");
    frame.area_joins(sql, &ended_column);
}

fn column(dimension: Dimension) -> Option<Column> {
    match dimension {
        Dimension::Stage => Some(Column::Id("c.stage_id")),
        Dimension::Outcome => Some(Column::Code("c.outcome".to_owned())),
        dimension => ended_column(dimension),
    }
}

fn ended_column(dimension: Dimension) -> Option<Column> {
    match dimension {
        Dimension::Outcome => Some(Column::Code("e.outcome".to_owned())),
        Dimension::Organisation => Some(Column::Id("r.organisation_id")),
        Dimension::Programme => Some(Column::Id("r.id")),
        dimension => kind(dimension).map(|_| Column::Area("f.area_id")),
    }
}

/// Persons who stayed in a centre, or whom an organisation that runs one served or taught, in the period.
#[expect(clippy::too_many_lines, reason = "one statement")]
pub fn persons_served(frame: &Frame) -> Facts {
    let mut sql = Sql::new(frame.backend);
    sql.bind(
        "with c as (select p.person_id, p.centre_id, x.organisation_id, x.area_id from placement p \
         join centre x on x.id = p.centre_id where p.admitted_at < ? \
         and coalesce(p.admission_recorded_at, p.admitted_at) <= ? \
         and (p.discharged_at is null or coalesce(p.discharge_recorded_at, p.discharged_at) > ? \
         or p.discharged_at >= ?) and (p.voided_at is null or p.voided_at > ?)",
        [
            frame.until_at.into(),
            frame.as_of.into(),
            frame.as_of.into(),
            frame.since_at.into(),
            frame.as_of.into(),
        ],
    );
    sql.bind(
        &format!(
            " union all select n.person_id, cast(null as uuid), s.provider_id, {} from service s \
             join service_person n on n.service_id = s.id where s.delivered_on between ? and ?",
            area_of("s.provider_id")
        ),
        [frame.since.into(), frame.through.into()],
    );
    frame.known(&mut sql, "s");
    sql.add(" and exists (select 1 from centre x where x.organisation_id = s.provider_id)");
    sql.bind(
        &format!(
            " union all select a.person_id, cast(null as uuid), r.organisation_id, {} from attendance a \
             join enrolment e on e.id = a.enrolment_id join programme r on r.id = e.programme_id \
             where a.is_present and a.held_on between ? and ? and a.recorded_at <= ? \
             and exists (select 1 from centre x where x.organisation_id = r.organisation_id))",
            area_of("r.organisation_id")
        ),
        [frame.since.into(), frame.through.into(), frame.as_of.into()],
    );
    let day = frame.day();
    sql.bind(
        &format!(
            ", g as (select c.*, {day} as first_on, w.id as served_id, w.sex, w.birth_date from c \
             join person o on o.id = c.person_id \
             join person w on w.id = coalesce(o.merged_into_id, o.id))"
        ),
        [frame.since.into()],
    );
    let columns = |dimension| served_column(frame, dimension);
    sql.add(", f as (select c.served_id as subject, 'PERSON' as part");
    frame.keys(&mut sql, &columns);
    sql.add(" from g c");
    frame.area_joins(&mut sql, &columns);
    sql.add(" where 1 = 1");
    frame.narrow(&mut sql, &columns);
    sql.add(")");
    Facts { sql, table: "f", pick: "1 = 1", weigh: Weigh::Subjects }
}

/// Where the first centre of an organisation is.
fn area_of(organisation: &str) -> String {
    format!(
        "(select x.area_id from centre x where x.organisation_id = {organisation} \
         order by x.id limit 1)"
    )
}

fn served_column(frame: &Frame, dimension: Dimension) -> Option<Column> {
    match dimension {
        Dimension::Organisation => Some(Column::Id("c.organisation_id")),
        Dimension::Centre => Some(Column::Id("c.centre_id")),
        Dimension::Sex => Some(Column::Code("c.sex".to_owned())),
        Dimension::AgeBand => Some(Column::Code(frame.age_band("c.birth_date", "c.first_on"))),
        dimension => kind(dimension).map(|_| Column::Area("c.area_id")),
    }
}
