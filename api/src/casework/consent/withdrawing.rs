//! Withdrawing a consent: at any time, and everything that was shared on it ends with it.

use entity::consent::{self, ConsentStatus};
use entity::referral::ReferralStatus;
use uuid::Uuid;

use crate::access::Session;
use crate::access::policy::Action;
use crate::casework::change::{Change, Key, Right, Subject};
use crate::casework::check::{Checks, LONG};
use crate::casework::problem::Halt;
use crate::casework::referral::ending;
use crate::casework::state::Machine;

/// What withdraws a consent.
#[derive(Clone, Debug)]
pub struct Withdraw {
    /// The consent.
    pub id: Uuid,
    /// Why, if whoever withdraws it says so.
    pub reason: Option<String>,
}

/// Withdraws a consent. Referrals that rest on it are revoked, and the access that they gave ends, in
/// the same transaction.
pub async fn withdraw(session: &Session, key: &Key, command: &Withdraw) -> Result<Uuid, Halt> {
    let subject = Subject::new("consent", command.id);
    let mut change = Change::begin(session, Action::ConsentWithdraw, key, subject).await?;
    let mut checks = Checks::default();
    checks.some_text("input.reason", command.reason.as_deref(), LONG);
    checks.done()?;
    let before = change.lock::<consent::Entity>(command.id, Right::Led, "input.id").await?;
    before.status.check(ConsentStatus::Withdrawn, "input.id")?;
    let now = session.later();
    change.happens_at(now);
    let after = consent::Model {
        status: ConsentStatus::Withdrawn,
        withdrawn_at: Some(now),
        withdrawal_reason: command.reason.clone(),
        ..before.clone()
    };
    change.update(&before, after).await?;
    let reason = session.language().choose(
        "The consent was withdrawn.",
        "Согласие отозвано.",
        "Згоду відкликано.",
    );
    ending::resting_on(&mut change, before.id, ReferralStatus::Revoked, Some(reason)).await?;
    change.commit().await
}
