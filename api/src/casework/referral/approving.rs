//! Approving a referral that rests on a legal basis: a supervisor decides who did not write it.

use chrono::{DateTime, Utc};
use entity::referral::{self, ReferralStatus};
use uuid::Uuid;

use super::{gate, ran_out};
use crate::access::Session;
use crate::access::policy::Action;
use crate::casework::change::{Change, Key, Subject};
use crate::casework::check::{Checks, LONG};
use crate::casework::problem::{Halt, Problem};
use crate::casework::state::Machine;
use crate::casework::wording::{Sharing, Text};

/// What approves a referral.
#[derive(Clone, Debug)]
pub struct Approve {
    /// The referral.
    pub id: Uuid,
    /// Whether it is sent.
    pub is_approved: bool,
    /// Why not, where it is not.
    pub reason: Option<String>,
}

/// Sends a referral that waited for its approval, or drops it.
pub async fn approve(session: &Session, key: &Key, command: &Approve) -> Result<Uuid, Halt> {
    let subject = Subject::new("referral", command.id);
    let mut change = Change::begin(session, Action::ReferralApprove, key, subject).await?;
    let mut checks = Checks::default();
    let says_why = command.reason.as_ref().is_some_and(|reason| !reason.trim().is_empty());
    checks.hold(command.is_approved || says_why, "input.reason", Text::ReasonRequired);
    checks.some_text("input.reason", command.reason.as_deref(), LONG);
    checks.done()?;
    let worker = change.worker()?;
    let before = gate::sent(&change, command.id).await?;
    let next = if command.is_approved { ReferralStatus::Sent } else { ReferralStatus::Revoked };
    if before.status != ReferralStatus::Draft {
        return Err(before.status.refusal(next, gate::PATH));
    }
    if before.created_by == Some(worker) {
        return Err(Problem::at(gate::PATH, Text::ApproverIsRequester).into());
    }
    let now = session.now();
    if command.is_approved {
        refuse_unfounded(&before, now)?;
    }
    let after = referral::Model {
        status: next,
        status_reason: command.reason.clone(),
        approved_by: command.is_approved.then_some(worker),
        approved_at: command.is_approved.then_some(now),
        sent_at: command.is_approved.then_some(now),
        ended_at: (!command.is_approved).then_some(now),
        ..before.clone()
    };
    change.update(&before, after).await?;
    change.commit().await
}

/// Nothing is sent that rests on nothing, or ran out while it waited.
fn refuse_unfounded(referral: &referral::Model, now: DateTime<Utc>) -> Result<(), Halt> {
    let is_founded = referral.legal_basis.is_some() || referral.consent_id.is_some();
    let mut checks = Checks::default();
    checks.hold(is_founded, gate::PATH, Sharing::NeedsBasis);
    checks.hold(!ran_out(referral, now), gate::PATH, Sharing::ReferralRanOut);
    checks.done()
}
