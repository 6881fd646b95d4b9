//! Being away for a while, coming back, and leaving for good. A place that becomes free goes to who
//! waits for it in the same transaction.

use chrono::{DateTime, NaiveDate, Utc};
use entity::absence::{self, AbsenceKind};
use entity::placement::{self, Destination, PlacementStatus};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, Condition, QueryFilter};
use uuid::Uuid;

use super::gate::{self, Entered, Whose};
use crate::access::Session;
use crate::access::policy::Action;
use crate::casework::change::{Change, Key, Right, Subject};
use crate::casework::check::{Checks, LONG};
use crate::casework::problem::{Halt, Problem};
use crate::casework::wording::{Placing, Text};

/// What says that somebody is away.
#[derive(Clone, Debug)]
pub struct Leave {
    /// The placement.
    pub id: Uuid,
    /// The version that this was decided on, if it is to be checked.
    pub expected_version: Option<i32>,
    /// Why the person is away.
    pub kind: AbsenceKind,
    /// Whether the place is kept; not for somebody who is missing, unless said.
    pub holds_place: Option<bool>,
    /// The first day; today if not said.
    pub since: Option<NaiveDate>,
}

/// Records that somebody is away. A place that is not kept is free at once.
pub async fn leave(session: &Session, key: &Key, command: &Leave) -> Result<Uuid, Halt> {
    let subject = Subject::new("placement", command.id);
    let mut change = Change::begin(session, Action::PlacementLeave, key, subject).await?;
    let mut entered =
        gate::enter(&change, command.id, command.expected_version, Whose::Centre).await?;
    entered.check(PlacementStatus::OnLeave)?;
    let since = check_day(&entered, session, (command.since, "input.since"))?;
    let holds_place = command.holds_place.unwrap_or(command.kind != AbsenceKind::Missing);
    let row = entered.row()?;
    let absence = absence::Model {
        id: Uuid::now_v7(),
        placement_id: row.id,
        person_id: row.person_id,
        kind: command.kind,
        holds_place,
        since,
        until: None,
        recorded_at: entered.roll.now,
    };
    let place = [entered.place];
    entered.roll.change(&place, |row| {
        row.status = PlacementStatus::OnLeave;
        row.holds_place = holds_place;
    });
    entered.roll.settle();
    entered.roll.write(&mut change).await?;
    change.insert_all(vec![absence]).await?;
    change.commit().await
}

/// What says that somebody is back.
#[derive(Clone, Debug)]
pub struct Return {
    /// The placement.
    pub id: Uuid,
    /// The version that this was decided on, if it is to be checked.
    pub expected_version: Option<i32>,
    /// The day; today if not said.
    pub returned_on: Option<NaiveDate>,
}

/// Records that somebody is back. Whose place was not kept needs a free one.
pub async fn come_back(session: &Session, key: &Key, command: &Return) -> Result<Uuid, Halt> {
    let subject = Subject::new("placement", command.id);
    let mut change = Change::begin(session, Action::PlacementReturn, key, subject).await?;
    let mut entered =
        gate::enter(&change, command.id, command.expected_version, Whose::Centre).await?;
    entered.check(PlacementStatus::Admitted)?;
    if entered.row()?.status != PlacementStatus::OnLeave {
        // Whoever has not come yet can't come back: that is an admission.
        return Err(Problem::at("input.id", Placing::NotAway).into());
    }
    let place = [entered.place];
    entered.check_places(&place)?;
    end_absence(&mut change, &entered, (command.returned_on, "input.returnedOn")).await?;
    entered.roll.change(&place, |row| {
        row.status = PlacementStatus::Admitted;
        row.holds_place = true;
    });
    entered.roll.write(&mut change).await?;
    change.commit().await
}

/// What discharges a person.
#[derive(Clone, Debug)]
pub struct Discharge {
    /// The placement.
    pub id: Uuid,
    /// The version that this was decided on, if it is to be checked.
    pub expected_version: Option<i32>,
    /// When the person left; now if not said.
    pub discharged_at: Option<DateTime<Utc>>,
    /// Why.
    pub reason: String,
    /// Where the person went.
    pub destination: Destination,
}

/// Discharges a person: the centre sees them no longer, and the place goes to who waits for it.
pub async fn leave_for_good(
    session: &Session,
    key: &Key,
    command: &Discharge,
) -> Result<Uuid, Halt> {
    let subject = Subject::new("placement", command.id);
    let mut change = Change::begin(session, Action::PlacementDischarge, key, subject).await?;
    let mut checks = Checks::default();
    checks.text("input.reason", &command.reason, LONG);
    checks.done()?;
    let mut entered =
        gate::enter(&change, command.id, command.expected_version, Whose::Centre).await?;
    entered.check(PlacementStatus::Discharged)?;
    let (row, path) = (entered.row()?, "input.dischargedAt");
    let earliest = row.admitted_at.unwrap_or(row.requested_at);
    let at = entered.time(session, command.discharged_at, (earliest, path))?;
    if row.status == PlacementStatus::OnLeave {
        let day = Some(session.day_of(at));
        end_absence(&mut change, &entered, (day, path)).await?;
    }
    let place = [entered.place];
    entered.roll.change(&place, |row| discharge(row, at, &command.reason, command.destination));
    entered.roll.settle();
    entered.roll.write(&mut change).await?;
    change.commit().await
}

/// Ends a stay.
pub fn discharge(
    row: &mut placement::Model,
    at: DateTime<Utc>,
    reason: &str,
    destination: Destination,
) {
    row.status = PlacementStatus::Discharged;
    row.discharged_at = Some(at);
    row.discharge_reason = Some(reason.to_owned());
    row.destination = Some(destination);
    row.holds_place = false;
}

/// Ends the absence that lasts, on a day of it.
async fn end_absence(
    change: &mut Change,
    entered: &Entered,
    (day, path): (Option<NaiveDate>, &str),
) -> Result<(), Halt> {
    let day = check_day(entered, change.session(), (day, path))?;
    let open = Condition::all()
        .add(absence::Column::PlacementId.eq(entered.row()?.id))
        .add(absence::Column::Until.is_null());
    let begun = open.clone().add(absence::Column::Since.lte(day));
    let until = vec![(absence::Column::Until, Expr::val(day))];
    let ended = change.update_where::<absence::Entity>(until, begun).await?;
    if ended.is_empty() {
        let later = change.see::<absence::Entity>(Right::ANY).filter(open);
        if later.one(change.connection()).await?.is_some() {
            return Err(Problem::at(path, Text::DatesOutOfOrder).into());
        }
    }
    Ok(())
}

/// A day of the stay that is not in the future.
fn check_day(
    entered: &Entered,
    session: &Session,
    (day, path): (Option<NaiveDate>, &str),
) -> Result<NaiveDate, Halt> {
    let today = entered.roll.today;
    let day = day.unwrap_or(today);
    let admitted = entered.row()?.admitted_at.map(|at| session.day_of(at));
    let earliest = admitted.unwrap_or(today);
    let mut checks = Checks::default();
    checks.hold(day <= today, path, Text::InFuture { today });
    checks.hold(day >= earliest, path, Text::TooEarly { earliest });
    checks.done()?;
    Ok(day)
}
