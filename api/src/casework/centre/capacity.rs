//! How many places a unit has, from a day on.

use chrono::NaiveDate;
use entity::capacity_period::{self, Column};
use entity::centre::CentreStatus;
use entity::unit;
use sea_orm::{ColumnTrait, Condition, QueryFilter, QueryOrder};
use uuid::Uuid;

use super::{gate, holders};
use crate::access::Session;
use crate::access::policy::Action;
use crate::casework::change::{Change, Key, Right, Subject};
use crate::casework::check::Checks;
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
    let (centre, unit) = gate::enter_unit(&change, command.unit_id, path).await?;
    change.expect_some(&unit, &unit, command.expected_version)?;
    if centre.status == CentreStatus::Closed {
        return Err(Problem::at(path, Text::CentreClosed).from_where(centre.status).into());
    }
    if since == today {
        refuse_fewer_than_held(&change, unit.id, command.places).await?;
    }
    take_turn(&mut change, &unit, since, command.places).await?;
    change.bump(&unit, unit.clone()).await?;
    change.commit().await
}

async fn refuse_fewer_than_held(change: &Change, unit_id: Uuid, places: i32) -> Result<(), Halt> {
    let this = Condition::all().add(unit::Column::Id.eq(unit_id));
    let holders = holders::count(change, this, holders::place(change.session())).await?;
    if i64::from(places) < holders {
        return Err(Problem::at("input.places", Text::PlacesHeld { holders }).into());
    }
    Ok(())
}

/// The period that begins takes the place of the last one; of the same day, it corrects it.
async fn take_turn(
    change: &mut Change,
    unit: &unit::Model,
    since: NaiveDate,
    places: i32,
) -> Result<(), Halt> {
    let last = change
        .see::<capacity_period::Entity>(Right::ANY)
        .filter(Column::UnitId.eq(unit.id))
        .order_by_desc(Column::Since)
        .one(change.connection())
        .await?;
    if let Some(last) = last {
        if since < last.since {
            let earliest = last.since;
            return Err(Problem::at("input.since", Text::TooEarly { earliest }).into());
        }
        if since == last.since {
            let corrected = capacity_period::Model { places, ..last.clone() };
            change.update(&last, corrected).await?;
            return Ok(());
        }
        let ended = capacity_period::Model { until: Some(since), ..last.clone() };
        change.update(&last, ended).await?;
    }
    let id = Uuid::now_v7();
    let period = capacity_period::Model { id, unit_id: unit.id, since, until: None, places };
    change.insert(period).await?;
    Ok(())
}
