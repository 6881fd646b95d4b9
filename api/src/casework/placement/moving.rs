//! Moving to another unit: out of one and into the other in one transaction, so that nobody is ever in
//! both or in none.

use chrono::{DateTime, NaiveDate, Utc};
use entity::access_grant::{self, GrantBasis};
use entity::centre::CentreRegime;
use entity::placement::{self, Destination, PlacementStatus};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, Condition};
use uuid::Uuid;

use super::gate::{self, Entered, Whose};
use super::giving::{check_limits, check_planned};
use super::leaving::discharge;
use super::roll::{Elsewhere, Line};
use crate::access::Session;
use crate::access::policy::Action;
use crate::casework::change::{Change, Key, Subject};
use crate::casework::check::{Checks, LONG};
use crate::casework::grant::placement_grants;
use crate::casework::problem::{Halt, Problem};
use crate::casework::wording::{Placing, Text};

/// What moves a person to another unit.
#[derive(Clone, Debug)]
pub struct Move {
    /// The placement that ends.
    pub id: Uuid,
    /// The id of the one that begins, if the client made it.
    pub new_id: Option<Uuid>,
    /// The version that this was decided on, if it is to be checked.
    pub expected_version: Option<i32>,
    /// The unit, of a centre that the viewer's organisation runs.
    pub unit_id: Uuid,
    /// When the person moved; now if not said.
    pub moved_at: Option<DateTime<Utc>>,
    /// Why.
    pub reason: String,
    /// When the person is to leave; as it was planned if not said.
    pub planned_discharge_on: Option<NaiveDate>,
    /// Why a limit may be exceeded.
    pub override_reason: Option<String>,
}

/// Discharges from one unit and admits to another.
pub async fn relocate(session: &Session, key: &Key, command: &Move) -> Result<Uuid, Halt> {
    let id = command.new_id.unwrap_or_else(Uuid::now_v7);
    let subject = Subject::new("placement", id);
    let mut change = Change::begin(session, Action::PlacementMove, key, subject).await?;
    command.check(session)?;
    let both = (command.id, Some(command.unit_id));
    let mut entered =
        gate::enter_with(&change, both, command.expected_version, Whose::Centre).await?;
    entered.check(PlacementStatus::Discharged)?;
    let before = entered.row()?.clone();
    command.check_stay(&before)?;
    let earliest = before.admitted_at.unwrap_or(before.requested_at);
    let at = entered.time(session, command.moved_at, (earliest, "input.movedAt"))?;
    let line = command.line(&change, &entered, &before, (id, at))?;
    let new = line.row.clone();
    let place = [entered.place];
    entered.roll.change(&place, |row| {
        discharge(row, at, &command.reason, Destination::OtherCentre);
    });
    entered.roll.lines.push(line);
    let party = [entered.roll.lines.len() - 1];
    entered.check_free(&party, true)?;
    let breaches = check_limits(&change, &entered, &party, command.override_reason.as_deref())?;
    if let Some(lacking) = entered.roll.lacking(&party) {
        return Err(gate::no_place("input.unitId", lacking).into());
    }
    entered.roll.change(&party, |row| row.status = PlacementStatus::Admitted);
    entered.roll.settle();
    follow(&mut change, &entered, &before, &new).await?;
    entered.roll.write(&mut change).await?;
    change.insert_all(breaches).await?;
    change.commit().await
}

impl Move {
    fn check(&self, session: &Session) -> Result<(), Halt> {
        let mut checks = Checks::default();
        checks.text("input.reason", &self.reason, LONG);
        checks.some_text("input.overrideReason", self.override_reason.as_deref(), LONG);
        check_planned(&mut checks, session, self.planned_discharge_on);
        checks.done()
    }

    fn check_stay(&self, before: &placement::Model) -> Result<(), Halt> {
        if before.status != PlacementStatus::Admitted {
            return Err(Problem::at("input.id", Placing::FirstBack).into());
        }
        if before.unit_id == self.unit_id {
            return Err(Problem::at("input.unitId", Placing::SameUnit).into());
        }
        Ok(())
    }

    /// The placement that begins, before it is known whether a place is free.
    fn line(
        &self,
        change: &Change,
        entered: &Entered,
        before: &placement::Model,
        (id, at): (Uuid, DateTime<Utc>),
    ) -> Result<Line, Halt> {
        let path = "input.unitId";
        let ward = entered.roll.wards.get(&self.unit_id).ok_or_else(|| Problem::not_found(path))?;
        let centre_id = ward.unit.centre_id;
        if !gate::runs(change, &entered.roll, centre_id) {
            return Err(Problem::at(path, Text::RunElsewhere).into());
        }
        let centre = entered.roll.centres.get(&centre_id);
        let old = entered.roll.lines.get(entered.place).ok_or_else(|| Problem::not_found(path))?;
        let (now, by) = (entered.roll.now, change.by());
        let row = placement::Model {
            id,
            centre_id,
            unit_id: self.unit_id,
            status: PlacementStatus::Approved,
            is_residential: centre.is_some_and(|centre| centre.regime == CentreRegime::Residential),
            requested_at: at,
            reserved_at: None,
            reserved_until: None,
            admitted_at: Some(at),
            admission_recorded_at: Some(now),
            planned_discharge_on: self.planned_discharge_on.or(before.planned_discharge_on),
            decided_by_id: None,
            status_reason: None,
            recorded_at: now,
            version: 1,
            created_at: now,
            updated_at: now,
            created_by: by,
            updated_by: by,
            ..before.clone()
        };
        let elsewhere = Elsewhere { has_stale: false, ..old.elsewhere };
        Ok(Line { before: None, row, person: old.person.clone(), elsewhere, breaches: Vec::new() })
    }
}

/// The centre to which somebody moves sees them from now on; the one that they leave no longer.
async fn follow(
    change: &mut Change,
    entered: &Entered,
    before: &placement::Model,
    after: &placement::Model,
) -> Result<(), Halt> {
    let organisation =
        |centre_id: Uuid| entered.roll.centres.get(&centre_id).map(|centre| centre.organisation_id);
    let to = organisation(after.centre_id);
    if organisation(before.centre_id) == to {
        let theirs = Condition::all()
            .add(access_grant::Column::Basis.eq(GrantBasis::Placement))
            .add(access_grant::Column::SourceId.eq(before.id));
        let source = vec![(access_grant::Column::SourceId, Expr::val(after.id))];
        change.update_where::<access_grant::Entity>(source, theirs).await?;
        return Ok(());
    }
    if let Some(organisation_id) = to {
        let grants = placement_grants(change, organisation_id, after);
        change.insert_all(grants).await?;
    }
    Ok(())
}
