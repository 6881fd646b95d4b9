//! Who is on a register on the last day of the period: families with an entry or an open episode, their
//! children, and children with an entry of their own.

use super::covered::{Grounds, case_column, child_rows, grounds_join, lead, members_on_last_day};
use super::{Facts, Weigh};
use crate::casework::metric::frame::Frame;
use crate::casework::metric::sql::Sql;

/// Families with a register entry or an open episode on the day.
pub fn families(frame: &Frame) -> Facts {
    let mut sql = Sql::new(frame.backend);
    sql.add("with ");
    on_register(&mut sql, frame);
    let columns = |dimension| case_column(dimension);
    sql.add(", f as (select c.family_id as subject, 'FAMILY' as part");
    frame.keys(&mut sql, &columns);
    sql.add(" from c");
    frame.area_joins(&mut sql, &columns);
    grounds_join(&mut sql, frame, Grounds::OfFamily);
    sql.add(" where 1 = 1");
    frame.narrow(&mut sql, &columns);
    sql.add(")");
    Facts { sql, table: "f", pick: "1 = 1", weigh: Weigh::Subjects }
}

/// Children in those families on the day.
pub fn children(frame: &Frame) -> Facts {
    let mut sql = Sql::new(frame.backend);
    sql.add("with ");
    on_register(&mut sql, frame);
    of_children(sql, frame, Grounds::OfFamily)
}

/// Children with an entry of their own on the day, by the families that they are members of.
pub fn children_themselves(frame: &Frame) -> Facts {
    let mut sql = Sql::new(frame.backend);
    sql.add(
        "with c as (select f.id as family_id, f.area_id, f.lead_organisation_id, \
         cast(null as text) as support_level from family f)",
    );
    of_children(sql, frame, Grounds::OfChild)
}

/// The children of the families `c` on the day.
fn of_children(mut sql: Sql, frame: &Frame, grounds: Grounds) -> Facts {
    members_on_last_day(&mut sql, frame, "c");
    sql.add(", f as (");
    child_rows(&mut sql, frame, "c.first_on", grounds);
    sql.add(")");
    Facts { sql, table: "f", pick: "1 = 1", weigh: Weigh::Subjects }
}

/// `c`: the families with an entry or an open episode on the day, as they were known.
fn on_register(sql: &mut Sql, frame: &Frame) {
    sql.bind(
        "c as (select f.id as family_id, f.area_id, f.lead_organisation_id, \
         cast(null as text) as support_level from register_entry g join family f on f.id = g.family_id \
         where g.since <= ? and (g.until is null \
         or coalesce(g.ended_recorded_at, g.recorded_at) > ? or g.until > ?)",
        [frame.through.into(), frame.as_of.into(), frame.through.into()],
    );
    frame.known(sql, "g");
    sql.add(" union all select e.family_id, k.area_id, ");
    lead(sql, frame);
    sql.bind(
        ", k.support_level from episode e join \"case\" k on k.id = e.case_id \
         where e.opened_on <= ? and e.recorded_at <= ? and (e.closed_on is null \
         or coalesce(e.closure_recorded_at, e.recorded_at) > ? or e.closed_on > ?))",
        [frame.through.into(), frame.as_of.into(), frame.as_of.into(), frame.through.into()],
    );
}
