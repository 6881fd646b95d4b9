//! Training events, and how many came.

use entity::metric::Dimension;

use super::{Facts, Weigh};
use crate::casework::metric::frame::{Column, Frame, Own};
use crate::casework::metric::sql::Sql;

/// Participants of events held in the period, by organiser.
pub fn participants(frame: &Frame) -> Facts {
    let mut sql = Sql::new(frame.backend);
    sql.add("with f as (select t.id as subject, 'PARTICIPANT' as part, n.participants as weight");
    frame.keys(&mut sql, &column);
    sql.bind(
        " from training_event t join training_headcount n on n.training_event_id = t.id \
         where t.held_on between ? and ?",
        [frame.since.into(), frame.through.into()],
    );
    frame.known(&mut sql, "t");
    let own = Own { organisation: "t.organiser_id", area: "null" };
    frame.narrow_own(&mut sql, &column, own);
    sql.add(")");
    Facts { sql, table: "f", pick: "1 = 1", weigh: Weigh::Sum }
}

fn column(dimension: Dimension) -> Option<Column> {
    (dimension == Dimension::Organisation).then_some(Column::Id("t.organiser_id"))
}
