//! Families with an episode in the period, what became of them, and their children.

use entity::metric::{Dimension, MetricId};

use super::{Facts, Weigh, is_decided};
use crate::casework::metric::frame::{Column, Frame, kind};
use crate::casework::metric::sql::Sql;

/// Families by the episode that decides: one that is open at the end of the period, else the latest.
/// The part is the outcome, a space, and `NEW` or `CARRIED_IN`.
pub fn families(frame: &Frame, is_served: bool) -> Facts {
    let mut sql = Sql::new(frame.backend);
    sql.add("with ");
    episodes(&mut sql, frame, is_served);
    let columns = |dimension| family_column(frame, dimension);
    sql.bind(
        ", f as (select c.family_id as subject, c.id, c.opened_on, c.closed_on, \
         case when c.closed_on is null or c.closed_on > ? then 1 else 0 end as is_open, \
         case when c.closed_on is null or c.closed_on > ? then 'CONTINUING' \
         else coalesce(c.closure_class, 'ADMINISTRATIVE') end || \
         case when c.opened_on >= ? then ' NEW' else ' CARRIED_IN' end as part",
        [frame.through.into(), frame.through.into(), frame.since.into()],
    );
    frame.keys(&mut sql, &columns);
    sql.add(" from c");
    frame.area_joins(&mut sql, &columns);
    grounds_join(&mut sql, frame, Grounds::OfFamily);
    sql.add(" where 1 = 1");
    frame.narrow(&mut sql, &columns);
    let shared = frame.by.iter().enumerate().filter(|(_, by)| !is_decided(**by));
    let shared = shared.fold(String::new(), |keys, (no, _)| format!("{keys}, k{no}"));
    sql.add(&format!(
        "), e as (select f.*, row_number() over (partition by subject{shared} \
         order by is_open desc, opened_on desc, closed_on desc, id desc) as nth from f)"
    ));
    Facts { sql, table: "e", pick: "nth = 1", weigh: Weigh::Deciding }
}

/// Children of covered families, each by the first day on which membership and covered part overlap.
pub fn children(frame: &Frame, is_served: bool) -> Facts {
    let mut sql = Sql::new(frame.backend);
    sql.add("with ");
    episodes(&mut sql, frame, is_served);
    sql.bind(
        ", m as (select c.*, m.person_id, case when m.since > c.begins_on then m.since \
         else c.begins_on end as first_on from (select c.*, case when c.opened_on > ? then c.opened_on \
         else ? end as begins_on, case when c.closed_on < ? then c.closed_on else ? end as ends_on \
         from c) c join family_member m on m.family_id = c.family_id and m.role = 'CHILD' \
         and m.since <= c.ends_on",
        [frame.since.into(), frame.since.into(), frame.through.into(), frame.through.into()],
    );
    frame.known(&mut sql, "m");
    sql.bind(
        " and (m.until is null or coalesce(m.ended_recorded_at, m.recorded_at) > ? or \
         (m.until > m.since and m.until > c.begins_on)))",
        [frame.as_of.into()],
    );
    sql.add(", f as (");
    child_rows(&mut sql, frame, "c.first_on", Grounds::OfFamily);
    sql.add(")");
    Facts { sql, table: "f", pick: "1 = 1", weigh: Weigh::Subjects }
}

/// Whose register entries give the grounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grounds {
    /// The family's, if it has any.
    OfFamily,
    /// The child's own; a child without one doesn't count.
    OfChild,
}

/// The children among the members `m`, each row with the day on which the child is looked at.
pub fn child_rows(sql: &mut Sql, frame: &Frame, day: &str, grounds: Grounds) {
    let columns = |dimension| child_column(frame, dimension, day);
    sql.add("select p.id as subject, 'CHILD' as part");
    frame.keys(sql, &columns);
    sql.add(
        " from m c join person o on o.id = c.person_id \
         join person p on p.id = coalesce(o.merged_into_id, o.id)",
    );
    frame.area_joins(sql, &columns);
    grounds_join(sql, frame, grounds);
    sql.add(" where ").add(&frame.is_child("p.birth_date", day));
    frame.narrow(sql, &columns);
}

/// `c`: the episodes that meet the period, as they were known, with the case that they are of.
pub fn episodes(sql: &mut Sql, frame: &Frame, is_served: bool) {
    sql.bind(
        "c as (select * from (select e.id, e.family_id, e.case_id, e.opened_on, e.closure_class, \
         case when coalesce(e.closure_recorded_at, e.recorded_at) <= ? then e.closed_on end as closed_on, \
         k.area_id, k.support_level, ",
        [frame.as_of.into()],
    );
    lead(sql, frame);
    sql.bind(
        " as lead_organisation_id from episode e join \"case\" k on k.id = e.case_id \
         where e.opened_on <= ? and e.recorded_at <= ?) c where (c.closed_on is null or c.closed_on >= ?)",
        [frame.through.into(), frame.as_of.into(), frame.since.into()],
    );
    if is_served {
        served(sql, frame);
    }
    sql.add(")");
}

/// Who led a case, as of the moment: who sent it in the first transfer since, else who leads it.
pub fn lead(sql: &mut Sql, frame: &Frame) {
    if !frame.looks_back {
        sql.add("k.lead_organisation_id");
        return;
    }
    sql.bind(
        "coalesce((select t.sender_id from transfer t where t.case_id = k.id \
         and t.status = 'ACCEPTED' and t.answered_at > ? order by t.answered_at, t.id limit 1), \
         k.lead_organisation_id)",
        [frame.as_of.into()],
    );
}

/// That the family was visited or served in the period, or that a measure was done for it.
fn served(sql: &mut Sql, frame: &Frame) {
    sql.bind(
        " and (exists (select 1 from visit v where v.family_id = c.family_id \
         and (v.case_id = c.case_id or v.case_id is null) and v.status = 'COMPLETED' \
         and v.visited_at >= ? and v.visited_at < ? and v.visited_at <= ?",
        [frame.since_at.into(), frame.until_at.into(), frame.as_of.into()],
    );
    frame.known(sql, "v");
    sql.bind(
        ") or exists (select 1 from service v where v.family_id = c.family_id \
         and (v.case_id = c.case_id or v.case_id is null) and v.delivered_on between ? and ?",
        [frame.since.into(), frame.through.into()],
    );
    frame.known(sql, "v");
    sql.bind(
        ") or exists (select 1 from measure v where v.family_id = c.family_id \
         and v.case_id = c.case_id and v.status = 'DONE' \
         and v.done_on between ? and ? and v.recorded_at <= ?))",
        [frame.since.into(), frame.through.into(), frame.as_of.into()],
    );
}

/// `m`: the children of the families of a table of cases who are members on the last day.
pub fn members_on_last_day(sql: &mut Sql, frame: &Frame, table: &str) {
    let day = frame.day();
    sql.bind(
        &format!(
            ", m as (select c.*, {day} as first_on, m.person_id from {table} c \
             join family_member m on m.family_id = c.family_id and m.role = 'CHILD' \
             and m.since <= ? and (m.until is null \
             or coalesce(m.ended_recorded_at, m.recorded_at) > ? or m.until > ?)"
        ),
        [frame.through.into(), frame.through.into(), frame.as_of.into(), frame.through.into()],
    );
    frame.known(sql, "m");
    sql.add(")");
}

/// Joins the register entries that count for the metric, where they are asked for.
pub fn grounds_join(sql: &mut Sql, frame: &Frame, grounds: Grounds) {
    let on = match grounds {
        Grounds::OfFamily if frame.uses(Dimension::Grounds) => {
            " left join register_entry g on g.family_id = c.family_id"
        }
        Grounds::OfFamily => return,
        Grounds::OfChild => " join register_entry g on g.person_id = c.person_id",
    };
    sql.bind(
        &format!(
            "{on} and g.since <= ? and (g.until is null \
             or coalesce(g.ended_recorded_at, g.recorded_at) > ? or g.until > ?)"
        ),
        [frame.through.into(), frame.as_of.into(), frame.first_of_entries().into()],
    );
    frame.known(sql, "g");
}

fn family_column(frame: &Frame, dimension: Dimension) -> Option<Column> {
    match dimension {
        Dimension::ClosureClass => Some(Column::Code("c.closure_class".to_owned())),
        Dimension::Month => {
            let day = if frame.metric == MetricId::FamiliesNew { "opened_on" } else { "closed_on" };
            Some(Column::Code(frame.month(&format!("c.{day}"))))
        }
        dimension => case_column(dimension),
    }
}

/// Where rows of a case have what dimensions go by.
pub fn case_column(dimension: Dimension) -> Option<Column> {
    match dimension {
        Dimension::Organisation => Some(Column::Id("c.lead_organisation_id")),
        Dimension::SupportLevel => Some(Column::Code("c.support_level".to_owned())),
        Dimension::Grounds => Some(Column::Code("g.grounds".to_owned())),
        dimension => kind(dimension).map(|_| Column::Area("c.area_id")),
    }
}

fn child_column(frame: &Frame, dimension: Dimension, day: &str) -> Option<Column> {
    match dimension {
        Dimension::Sex => Some(Column::Code("p.sex".to_owned())),
        Dimension::AgeBand => Some(Column::Code(frame.age_band("p.birth_date", day))),
        Dimension::Worker => Some(Column::Id("c.worker_id")),
        dimension => case_column(dimension),
    }
}
