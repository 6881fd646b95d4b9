//! The end of a plan: its measures that have no result yet end with it, and are no longer due.

use chrono::NaiveDate;
use entity::case;
use entity::measure::{self, Column, MeasureStatus};
use entity::plan;
use sea_orm::sea_query::{BinOper, Expr, ExprTrait, Func, SimpleExpr};
use sea_orm::{ActiveEnum, ColumnTrait, Condition};

use super::{OPEN_MEASURES, is_in_force};
use crate::casework::change::Change;
use crate::casework::problem::Halt;
use crate::casework::task::Due;

/// The first day on which a plan that ends today is no longer in force.
pub fn ends_on(plan: &plan::Model, today: NaiveDate) -> NaiveDate {
    std::cmp::max(today, plan.since)
}

/// Ends the measures of a plan that ends before it is carried out, in one statement. What was begun
/// or is overdue was not done; what was not due yet is cancelled. The reason joins what is on record.
pub async fn end_measures(
    change: &mut Change,
    case: &case::Model,
    plan: &plan::Model,
    reason: &str,
) -> Result<(), Halt> {
    // Only what is in force has tasks, and can be late.
    let is_in_force = is_in_force(plan.status);
    let open =
        Condition::all().add(Column::PlanId.eq(plan.id)).add(Column::Status.is_in(OPEN_MEASURES));
    let (now, by, today) = (change.session().now(), change.by(), change.session().today());
    let mut waits: SimpleExpr = Column::Status.eq(MeasureStatus::Planned);
    if is_in_force {
        waits = waits.and(Column::DueOn.gte(today));
    }
    let status = Expr::case(waits, MeasureStatus::Cancelled.to_value())
        .finally(MeasureStatus::NotDone.to_value());
    let joined = Expr::col(Column::Result).binary(BinOper::Custom("||"), format!("\n\n{reason}"));
    let ended = vec![
        (Column::Status, status.into()),
        (Column::Result, Func::coalesce([joined, Expr::val(reason)]).into()),
        (Column::RecordedAt, Expr::val(now)),
        (Column::Version, Expr::col(Column::Version).add(1)),
        (Column::UpdatedAt, Expr::val(now)),
        (Column::UpdatedBy, Expr::val(by)),
    ];
    let measures = change.update_where::<measure::Entity>(ended, open).await?;
    if is_in_force {
        for measure in &measures {
            change.task(Due::measure(measure, case).cancelled());
        }
    }
    Ok(())
}
