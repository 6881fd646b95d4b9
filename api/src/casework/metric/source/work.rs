//! How the work goes on: families that come back, measures, visits, children whom nobody saw, and what
//! each worker has.

use chrono::{Days, NaiveDate};
use entity::metric::Dimension;

use super::covered::{Grounds, case_column, child_rows, episodes, lead, members_on_last_day};
use super::{Facts, Weigh};
use crate::access::Session;
use crate::casework::metric::frame::{Column, Frame, Own};
use crate::casework::metric::sql::Sql;

/// Within how many days after it had overcome a family comes back, if it does.
const COMES_BACK_WITHIN: i64 = 365;

/// Who leads a case, and where it is.
const OF_CASE: Own = Own { organisation: "c.lead_organisation_id", area: "c.area_id" };

/// `c`: a case with who leads it, for rows that name it.
fn cases(sql: &mut Sql, frame: &Frame) {
    sql.add("c as (select k.id, k.family_id, k.area_id, k.support_level, ");
    lead(sql, frame);
    sql.add(" as lead_organisation_id from \"case\" k)");
}

/// Episodes opened in the period after the family had overcome.
pub fn re_entries(frame: &Frame) -> Facts {
    let mut sql = Sql::new(frame.backend);
    let columns = |dimension| case_column(dimension);
    sql.add("with ");
    cases(&mut sql, frame);
    sql.add(", f as (select e.id as subject, 'EPISODE' as part");
    frame.keys(&mut sql, &columns);
    sql.add(" from episode e join c on c.id = e.case_id");
    frame.area_joins(&mut sql, &columns);
    let earliest = frame.before("e.opened_on", COMES_BACK_WITHIN);
    sql.bind(
        &format!(
            " where e.opened_on between ? and ? and e.recorded_at <= ? and exists (select 1 \
             from episode b where b.family_id = e.family_id and b.id <> e.id \
             and b.closure_class = 'OVERCAME' and b.closed_on between {earliest} and e.opened_on \
             and coalesce(b.closure_recorded_at, b.recorded_at) <= ?)"
        ),
        [frame.since.into(), frame.through.into(), frame.as_of.into(), frame.as_of.into()],
    );
    frame.narrow(&mut sql, &columns);
    sql.add(")");
    Facts { sql, table: "f", pick: "1 = 1", weigh: Weigh::Subjects }
}

/// Families whose last closure in the period a year before the asked one was OVERCAME, by whether they
/// came back.
pub fn re_entry_rate(frame: &Frame) -> Facts {
    let mut sql = Sql::new(frame.backend);
    let columns = |dimension| case_column(dimension);
    let year = Days::new(COMES_BACK_WITHIN.unsigned_abs());
    let earlier = |day: NaiveDate| day.checked_sub_days(year).unwrap_or(day);
    sql.add("with ");
    cases(&mut sql, frame);
    let earliest = frame.before("n.opened_on", COMES_BACK_WITHIN);
    sql.bind(
        &format!(
            ", f as (select e.family_id as subject, e.closed_on, e.id, case when exists (select 1 \
             from episode n where n.family_id = e.family_id and n.id <> e.id \
             and n.opened_on >= e.closed_on and {earliest} <= e.closed_on and n.recorded_at <= ?) \
             then 'AGAIN' else 'NOT' end as part"
        ),
        [frame.as_of.into()],
    );
    frame.keys(&mut sql, &columns);
    sql.add(" from episode e join c on c.id = e.case_id");
    frame.area_joins(&mut sql, &columns);
    sql.bind(
        " where e.closure_class = 'OVERCAME' and e.closed_on between ? and ? \
         and coalesce(e.closure_recorded_at, e.recorded_at) <= ?",
        [earlier(frame.since).into(), earlier(frame.through).into(), frame.as_of.into()],
    );
    frame.narrow(&mut sql, &columns);
    let keys = frame.listed();
    sql.add(&format!(
        "), e as (select f.*, row_number() over (partition by subject{keys} \
         order by closed_on desc, id desc) as nth from f)"
    ));
    Facts { sql, table: "e", pick: "nth = 1", weigh: Weigh::Deciding }
}

/// Measures due in the period, by what became of them.
pub fn measures(frame: &Frame, session: &Session) -> Facts {
    let mut sql = Sql::new(frame.backend);
    let columns = |dimension| match dimension {
        Dimension::Organisation => Some(Column::Id("m.responsible_id")),
        Dimension::Grounds => None,
        dimension => case_column(dimension),
    };
    sql.add("with ");
    cases(&mut sql, frame);
    sql.bind(
        ", f as (select m.id as subject, case when m.status = 'DONE' and m.recorded_at <= ? \
         then 'DONE' when m.status = 'NOT_DONE' and m.recorded_at <= ? then 'NOT_DONE' \
         else 'OVERDUE' end as part",
        [frame.as_of.into(), frame.as_of.into()],
    );
    frame.keys(&mut sql, &columns);
    sql.add(" from measure m join c on c.id = m.case_id");
    frame.area_joins(&mut sql, &columns);
    sql.bind(
        " where m.due_on between ? and ? and m.created_at <= ? \
         and (m.status <> 'CANCELLED' or m.recorded_at > ?) and (m.due_on < ? or (m.status in ('DONE', 'NOT_DONE') and m.recorded_at <= ?))",
        [
            frame.since.into(),
            frame.through.into(),
            frame.as_of.into(),
            frame.as_of.into(),
            session.day_of(frame.as_of).into(),
            frame.as_of.into(),
        ],
    );
    frame.narrow_own(&mut sql, &columns, OF_CASE);
    sql.add(")");
    Facts { sql, table: "f", pick: "1 = 1", weigh: Weigh::Subjects }
}

/// Visits planned for days of the period, by whether they were made by that day.
pub fn visits(frame: &Frame, session: &Session) -> Facts {
    let mut sql = Sql::new(frame.backend);
    let columns = |dimension| match dimension {
        Dimension::Grounds => None,
        dimension => case_column(dimension),
    };
    sql.add("with ");
    cases(&mut sql, frame);
    ends_of_days(&mut sql, frame, session);
    sql.bind(
        ", f as (select v.id as subject, case when v.status = 'COMPLETED' and v.recorded_at <= ? \
         and v.visited_at < d.ends_at then 'ON_TIME' else 'LATE' end as part",
        [frame.as_of.into()],
    );
    frame.keys(&mut sql, &columns);
    sql.add(" from visit v join d on d.day = v.scheduled_for join c on c.id = v.case_id");
    frame.area_joins(&mut sql, &columns);
    sql.bind(
        " where v.created_at <= ? and v.status <> 'CANCELLED' \
         and (v.voided_at is null or v.voided_at > ?) \
         and (d.ends_at <= ? or (v.status = 'COMPLETED' and v.recorded_at <= ?))",
        [frame.as_of.into(), frame.as_of.into(), frame.as_of.into(), frame.as_of.into()],
    );
    frame.narrow(&mut sql, &columns);
    sql.add(")");
    Facts { sql, table: "f", pick: "1 = 1", weigh: Weigh::Subjects }
}

/// `d`: when each day of the period ends where the authority is.
fn ends_of_days(sql: &mut Sql, frame: &Frame, session: &Session) {
    let (day, instant) = (frame.day(), frame.instant());
    sql.add(", d (day, ends_at) as (values ");
    let days = frame.since.iter_days().take_while(|day| *day <= frame.through);
    for (no, one) in days.enumerate() {
        let comma = if no == 0 { "" } else { ", " };
        let row = format!("{comma}({day}, {instant})");
        sql.bind(&row, [one.into(), session.end_of(one).into()]);
    }
    sql.add(")");
}

/// `w`: the cases that are open at the end of the period, with who is accountable for them then.
fn open_cases(sql: &mut Sql, frame: &Frame) {
    sql.add("with ");
    episodes(sql, frame, false);
    sql.bind(
        ", w as (select c.*, a.worker_id from c left join assignment a on a.case_id = c.case_id \
         and a.role = 'LEAD' and a.since <= ? and (a.until is null or a.until > ?) \
         and a.recorded_at <= ? where (c.closed_on is null or c.closed_on > ?))",
        [frame.through.into(), frame.through.into(), frame.as_of.into(), frame.through.into()],
    );
}

/// Open cases by who leads the work with them on the last day.
pub fn caseload(frame: &Frame) -> Facts {
    let mut sql = Sql::new(frame.backend);
    let columns = |dimension| match dimension {
        Dimension::Worker => Some(Column::Id("c.worker_id")),
        Dimension::Grounds => None,
        dimension => case_column(dimension),
    };
    open_cases(&mut sql, frame);
    sql.add(", f as (select c.case_id as subject, 'OPEN' as part");
    frame.keys(&mut sql, &columns);
    sql.add(" from w c");
    frame.area_joins(&mut sql, &columns);
    sql.add(" where 1 = 1");
    frame.narrow(&mut sql, &columns);
    sql.add(")");
    Facts { sql, table: "f", pick: "1 = 1", weigh: Weigh::Subjects }
}

/// The children of those cases.
pub fn caseload_children(frame: &Frame) -> Facts {
    let mut sql = Sql::new(frame.backend);
    open_cases(&mut sql, frame);
    members_on_last_day(&mut sql, frame, "w");
    sql.add(", f as (");
    child_rows(&mut sql, frame, "c.first_on", Grounds::OfFamily);
    sql.add(")");
    Facts { sql, table: "f", pick: "1 = 1", weigh: Weigh::Subjects }
}

/// Children of cases that are open at the end of the period, by whether a completed visit of the period
/// saw them.
pub fn children_seen(frame: &Frame) -> Facts {
    let mut sql = Sql::new(frame.backend);
    open_cases(&mut sql, frame);
    members_on_last_day(&mut sql, frame, "w");
    sql.add(", g as (");
    child_rows(&mut sql, frame, "c.first_on", Grounds::OfFamily);
    sql.bind(
        "), s as (select distinct coalesce(o.merged_into_id, o.id) as person_id from visit v \
         join visit_child n on n.visit_id = v.id and n.seen join person o on o.id = n.person_id \
         where v.status = 'COMPLETED' and v.visited_at >= ? and v.visited_at < ?",
        [frame.since_at.into(), frame.until_at.into()],
    );
    frame.known(&mut sql, "v");
    let keys = frame.listed();
    sql.add(&format!(
        "), f as (select g.subject{keys}, case when s.person_id is null then 'NOT_SEEN' \
         else 'SEEN' end as part from g left join s on s.person_id = g.subject)"
    ));
    Facts { sql, table: "f", pick: "1 = 1", weigh: Weigh::Subjects }
}
