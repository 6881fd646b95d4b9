//! The gate of enrolments: they are moved by the organisation that runs the programme, and most also
//! by the one that leads the work with the family.

use entity::enrolment::{self, Column, EnrolmentStatus};
use entity::programme;
use sea_orm::sea_query::{Expr, ExprTrait, IntoIden, Query};
use sea_orm::{ConnectionTrait, FromQueryResult, Iterable};
use uuid::Uuid;

use crate::access::scope::led_by;
use crate::casework::change::{Change, KEPT, Right};
use crate::casework::joined::select_columns_of;
use crate::casework::problem::{Halt, Problem};
use crate::casework::programme::gate::{is_run_here, run_here};
use crate::casework::wording::ProgrammeText;

/// Who moves an enrolment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// The organisation that runs the programme.
    Programme,
    /// That one, or the one that leads the work with the family.
    Either,
}

/// An enrolment with its programme.
pub type Entered = (enrolment::Model, programme::Model);

const PROGRAMME: &str = "programme_";
const LED: &str = "is_led_here";

/// An enrolment that is the viewer's to move, kept from others until the change is over.
pub async fn enter(change: &Change, id: Uuid, by: By, path: &str) -> Result<Entered, Halt> {
    let of_programme = Expr::col((programme::Entity, programme::Column::Id))
        .eq(Expr::col((enrolment::Entity, Column::ProgrammeId)));
    let is_led = Expr::case(led_by::<enrolment::Entity>(change.session().viewer()), true);
    let mut select = Query::select();
    select
        .columns(Column::iter().map(|column| (enrolment::Entity, column)))
        .from(enrolment::Entity)
        .inner_join(programme::Entity, of_programme)
        .and_where(Expr::col((enrolment::Entity, Column::Id)).eq(id))
        .cond_where(change.rows_of::<enrolment::Entity>(Right::ANY))
        .expr_as(is_led.finally(false), LED)
        .lock_with_tables(KEPT, [enrolment::Entity.into_iden()]);
    select_columns_of::<programme::Entity>(&mut select, PROGRAMME);
    let row = change.connection().query_one(&select).await?;
    let row = row.ok_or_else(|| Problem::not_found(path))?;
    let programme = programme::Model::from_query_result(&row, PROGRAMME)?;
    moved_here(change, (programme.organisation_id, row.try_get("", LED)?), by, path)?;
    Ok((enrolment::Model::from_query_result(&row, "")?, programme))
}

/// Refuses whoever is neither.
pub fn moved_here(
    change: &Change,
    (organisation_id, is_led): (Uuid, bool),
    by: By,
    path: &str,
) -> Result<(), Halt> {
    match by {
        By::Programme => run_here(change, organisation_id, path),
        By::Either if is_led || is_run_here(change.session(), organisation_id) => Ok(()),
        By::Either => Err(Problem::at(path, ProgrammeText::LedAndRunElsewhere).into()),
    }
}

/// Whether somebody takes part under an enrolment now.
pub const fn takes_part(status: EnrolmentStatus) -> bool {
    matches!(status, EnrolmentStatus::Enrolled | EnrolmentStatus::InProgress)
}

/// Refuses an enrolment under which nobody takes part now.
pub fn taking_part(enrolment: &enrolment::Model, path: &str) -> Result<(), Halt> {
    if takes_part(enrolment.status) {
        return Ok(());
    }
    let problem = Problem::at(path, ProgrammeText::NotTakingPart);
    Err(problem.from_where(enrolment.status).into())
}
