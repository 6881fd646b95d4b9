//! Reviewing access that was taken in an emergency: by a supervisor of the worker's organisation who
//! is somebody else.

use entity::access_grant::GrantBasis;
use entity::break_glass::{self, BreakGlassOutcome};
use uuid::Uuid;

use crate::access::Session;
use crate::access::policy::Action;
use crate::casework::change::{Change, Key, Right, Subject};
use crate::casework::check::{Checks, LONG};
use crate::casework::grant;
use crate::casework::problem::{Halt, Problem};
use crate::casework::task::Due;
use crate::casework::wording::{Emergency, Text};

/// What reviews access in an emergency.
#[derive(Clone, Debug)]
pub struct Review {
    /// The access.
    pub id: Uuid,
    /// What the review came to.
    pub outcome: BreakGlassOutcome,
    /// Why.
    pub note: Option<String>,
}

/// Says whether there was an emergency. Where there was none, what is left of the access ends.
pub async fn review(session: &Session, key: &Key, command: &Review) -> Result<Uuid, Halt> {
    let subject = Subject::new("breakglass", command.id);
    let mut change = Change::begin(session, Action::BreakGlassReview, key, subject).await?;
    command.check()?;
    let worker = change.worker()?;
    let before = change.lock::<break_glass::Entity>(command.id, Right::ANY, "input.id").await?;
    refuse(session, worker, &before)?;
    let is_cut = command.outcome == BreakGlassOutcome::Unjustified && before.ended_at.is_none();
    let now = session.now();
    let after = break_glass::Model {
        outcome: Some(command.outcome),
        reviewed_at: Some(now),
        reviewed_by_id: Some(worker),
        review_note: command.note.clone(),
        ended_at: if is_cut { Some(now.min(before.until)) } else { before.ended_at },
        ..before.clone()
    };
    change.update(&before, after).await?;
    if is_cut {
        grant::end(&mut change, GrantBasis::BreakGlass, &[before.id], now).await?;
    }
    change.task(Due::break_glass_review(&before, session.today()).done());
    change.commit().await
}

impl Review {
    fn check(&self) -> Result<(), Halt> {
        let mut checks = Checks::default();
        let says_why = self.note.as_ref().is_some_and(|note| !note.trim().is_empty());
        let is_justified = self.outcome == BreakGlassOutcome::Justified;
        checks.hold(says_why || is_justified, "input.note", Text::ReasonRequired);
        checks.some_text("input.note", self.note.as_deref(), LONG);
        checks.done()
    }
}

fn refuse(session: &Session, worker: Uuid, row: &break_glass::Model) -> Result<(), Halt> {
    if row.worker_id == worker {
        return Err(Problem::at("input.id", Text::ApproverIsRequester).into());
    }
    if !session.viewer().organisations.contains(&row.organisation_id) {
        return Err(Problem::at("input.id", Emergency::ReviewedElsewhere).into());
    }
    if row.outcome.is_some() {
        return Err(Problem::at("input.id", Emergency::ReviewedAlready).into());
    }
    Ok(())
}
