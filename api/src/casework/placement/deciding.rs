//! Approving, refusing and cancelling requests.

use entity::placement::PlacementStatus;
use uuid::Uuid;

use super::gate::{self, Whose};
use crate::access::Session;
use crate::access::policy::Action;
use crate::casework::change::{Change, Key, Subject};
use crate::casework::check::{Checks, LONG};
use crate::casework::problem::{Halt, Problem};
use crate::casework::wording::Text;

/// What decides a request.
#[derive(Clone, Debug)]
pub struct Approve {
    /// The placement.
    pub id: Uuid,
    /// The version that this was decided on, if it is to be checked.
    pub expected_version: Option<i32>,
    /// Whether it is approved; refused if not.
    pub is_approved: bool,
    /// Why it is refused.
    pub reason: Option<String>,
}

/// Approves or refuses a request, with those of its group. Whoever asked does not decide.
pub async fn approve(session: &Session, key: &Key, command: &Approve) -> Result<Uuid, Halt> {
    let subject = Subject::new("placement", command.id);
    let mut change = Change::begin(session, Action::PlacementApprove, key, subject).await?;
    let mut checks = Checks::default();
    checks.some_text("input.reason", command.reason.as_deref(), LONG);
    let is_told = command.reason.as_deref().is_some_and(|reason| !reason.trim().is_empty());
    checks.hold(is_told || command.is_approved, "input.reason", Text::ReasonRequired);
    checks.done()?;
    let worker = change.worker()?;
    let mut entered =
        gate::enter(&change, command.id, command.expected_version, Whose::Centre).await?;
    let next =
        if command.is_approved { PlacementStatus::Approved } else { PlacementStatus::Refused };
    let party = entered.party(next)?;
    if entered.lines(&party).iter().any(|line| line.row.created_by == Some(worker)) {
        return Err(Problem::at("input.id", Text::ApproverIsRequester).into());
    }
    let reason = command.reason.as_deref();
    if command.is_approved {
        entered.roll.change(&party, |row| {
            row.status = next;
            row.status_reason = reason.map(str::to_owned);
        });
    } else {
        entered.roll.close(&party, next, reason);
    }
    entered.roll.change(&party, |row| row.decided_by_id = Some(worker));
    entered.roll.write(&mut change).await?;
    change.commit().await
}

/// What cancels a placement by which nobody was admitted.
#[derive(Clone, Debug)]
pub struct Cancel {
    /// The placement.
    pub id: Uuid,
    /// The version that this was decided on, if it is to be checked.
    pub expected_version: Option<i32>,
    /// Why.
    pub reason: String,
}

/// Cancels a request, a place on the waiting list or a reservation, of this person alone. A place
/// that becomes free goes to who waits for it.
pub async fn cancel(session: &Session, key: &Key, command: &Cancel) -> Result<Uuid, Halt> {
    let subject = Subject::new("placement", command.id);
    let mut change = Change::begin(session, Action::PlacementCancel, key, subject).await?;
    let mut checks = Checks::default();
    checks.text("input.reason", &command.reason, LONG);
    checks.done()?;
    let mut entered =
        gate::enter(&change, command.id, command.expected_version, Whose::Either).await?;
    entered.check(PlacementStatus::Cancelled)?;
    let place = [entered.place];
    entered.roll.close(&place, PlacementStatus::Cancelled, Some(&command.reason));
    entered.roll.settle();
    entered.roll.write(&mut change).await?;
    change.commit().await
}
