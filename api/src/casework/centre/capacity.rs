//! How many places a unit has, from a day on.

use chrono::NaiveDate;
use entity::capacity_period::{self, Column};
use entity::centre::CentreStatus;
use entity::unit;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, Condition, QueryFilter};
use uuid::Uuid;

use super::gate;
use crate::access::Session;
use crate::access::policy::Action;
use crate::casework::change::{Change, Key, Right, Subject};
use crate::casework::check::Checks;
use crate::casework::placement::keeping;
use crate::casework::problem::{Halt, Problem};
use crate::casework::wording::Text;

/// What says how many places a unit has.
#[derive(Clone, Debug)]
pub struct Set {
    /// The unit.
    pub unit_id: Uuid,
    /// The version of the unit that this was decided on, if it is to be checked.
    pub expected_version: Option<i32>,
    /// From which day on; today if not said.
    pub since: Option<NaiveDate>,
    /// How many places.
    pub places: i32,
}

/// Most places of a unit.
const MOST_PLACES: i64 = 1000;

/// Sets the places of a unit from a day on. Fewer than are held take effect on a later day only.
pub async fn set(session: &Session, key: &Key, command: &Set) -> Result<Uuid, Halt> {
    let subject = Subject::new("unit", command.unit_id);
    let mut change = Change::begin(session, Action::CapacitySet, key, subject).await?;
    let today = session.today();
    let since = command.since.unwrap_or(today);
    let mut checks = Checks::default();
    checks.number("input.places", command.places.into(), 0, MOST_PLACES);
    checks.day("input.since", Some(since));
    checks.hold(since >= today, "input.since", Text::InPast { today });
    checks.done()?;
    let path = "input.unitId";
    let mut roll = keeping::of_unit(&change, command.unit_id).await?;
    let ward = roll.wards.get_mut(&command.unit_id).ok_or_else(|| Problem::not_found(path))?;
    let unit = ward.unit.clone();
    if since == today {
        ward.places = command.places;
    }
    let centre = roll.centres.get(&unit.centre_id).ok_or_else(|| Problem::not_found(path))?;
    gate::run_here(&change, centre.organisation_id, path)?;
    change.expect_some(&unit, &unit, command.expected_version)?;
    if centre.status == CentreStatus::Closed {
        return Err(Problem::at(path, Text::CentreClosed).from_where(centre.status).into());
    }
    let holders = roll.held(unit.id);
    if since == today && command.places < holders {
        let holders = i64::from(holders);
        return Err(Problem::at("input.places", Text::PlacesHeld { holders }).into());
    }
    take_turn(&mut change, &unit, since, command.places).await?;
    change.bump(&unit, unit.clone()).await?;
    roll.settle();
    roll.write(&mut change).await?;
    change.commit().await
}

/// The period that begins takes the place of the last one; of the same day, it corrects it.
async fn take_turn(
    change: &mut Change,
    unit: &unit::Model,
    since: NaiveDate,
    places: i32,
) -> Result<(), Halt> {
    let last = || Condition::all().add(Column::UnitId.eq(unit.id)).add(Column::Until.is_null());
    let until = Expr::case(Column::Since.lt(since), Expr::val(since));
    let corrected = Expr::case(Column::Since.eq(since), Expr::val(places));
    let values = vec![
        (Column::Until, until.finally(Expr::col(Column::Until)).into()),
        (Column::Places, corrected.finally(Expr::col(Column::Places)).into()),
    ];
    let begun = last().add(Column::Since.lte(since));
    let begun = change.update_where::<capacity_period::Entity>(values, begun).await?;
    if begun.iter().any(|period| period.since == since) {
        return Ok(());
    }
    if begun.is_empty() {
        let later = change.see::<capacity_period::Entity>(Right::ANY).filter(last());
        if let Some(later) = later.one(change.connection()).await? {
            let earliest = later.since;
            return Err(Problem::at("input.since", Text::TooEarly { earliest }).into());
        }
    }
    let id = Uuid::now_v7();
    let period = capacity_period::Model { id, unit_id: unit.id, since, until: None, places };
    change.insert(period).await?;
    Ok(())
}
