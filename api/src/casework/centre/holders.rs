//! Who holds a place, and who is present: a reservation that did not run out, a stay, a leave.

use chrono::NaiveDate;
use entity::placement::{self, Column, PlacementStatus};
use entity::unit;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait};

use crate::access::Session;
use crate::casework::change::Change;
use crate::casework::problem::Halt;
use crate::error::Error;

/// Placements that hold a place: a reservation that did not run out, a stay, and a leave for
/// which the place is kept.
pub fn place(session: &Session) -> Condition {
    let kept = Condition::all()
        .add(Column::Status.eq(PlacementStatus::OnLeave))
        .add(Column::HoldsPlace.eq(true));
    holding(session, kept)
}

/// The same without those who are to have left by a later day.
pub fn place_until(session: &Session, day: NaiveDate) -> Condition {
    let holding = Condition::all().add(place(session));
    if day <= session.today() {
        return holding;
    }
    let stays = Column::PlannedDischargeOn.is_null().or(Column::PlannedDischargeOn.gt(day));
    holding.add(stays)
}

/// Those who hold a place, and everybody on leave.
pub fn present(session: &Session) -> Condition {
    holding(session, Condition::all().add(Column::Status.eq(PlacementStatus::OnLeave)))
}

fn holding(session: &Session, on_leave: Condition) -> Condition {
    let reserved = Condition::all()
        .add(Column::Status.eq(PlacementStatus::Reserved))
        .add(Column::ReservedUntil.gt(session.now()));
    Condition::any().add(Column::Status.eq(PlacementStatus::Admitted)).add(on_leave).add(reserved)
}

/// How many there are in the units of a condition, whoever may see them: a number names nobody.
pub async fn count(change: &Change, units: Condition, which: Condition) -> Result<i64, Halt> {
    let mut of_units = Query::select();
    of_units.column((unit::Entity, unit::Column::Id)).from(unit::Entity).cond_where(units);
    let mut count = Query::select();
    count
        .expr(Column::Id.count())
        .from(placement::Entity)
        .and_where(Expr::col((placement::Entity, Column::UnitId)).in_subquery(of_units))
        .and_where(Column::VoidedAt.is_null())
        .cond_where(which);
    let row = change.connection().query_one(&count).await?.ok_or(Error::Internal)?;
    Ok(row.try_get_by_index(0)?)
}
