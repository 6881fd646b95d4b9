//! Taking a transfer back, by the organisation that proposed it.

use entity::transfer::{self, TransferStatus};
use uuid::Uuid;

use super::PATH;
use crate::access::Session;
use crate::access::policy::Action;
use crate::casework::change::{Change, Key, Right, Subject};
use crate::casework::check::{Checks, LONG};
use crate::casework::problem::{Halt, Problem};
use crate::casework::state::Machine;
use crate::casework::wording::Sharing;

/// What takes a transfer back.
#[derive(Clone, Debug)]
pub struct Revoke {
    /// The transfer.
    pub id: Uuid,
    /// Why.
    pub reason: String,
}

/// Takes a transfer back that is not answered.
pub async fn revoke(session: &Session, key: &Key, command: &Revoke) -> Result<Uuid, Halt> {
    let subject = Subject::new("transfer", command.id);
    let mut change = Change::begin(session, Action::TransferRevoke, key, subject).await?;
    let mut checks = Checks::default();
    checks.text("input.reason", &command.reason, LONG);
    checks.done()?;
    let before = change.lock::<transfer::Entity>(command.id, Right::Led, PATH).await?;
    if !session.viewer().organisations.contains(&before.sender_id) {
        return Err(Problem::at(PATH, Sharing::LeadDecides).into());
    }
    before.status.check(TransferStatus::Revoked, PATH)?;
    let after = transfer::Model {
        status: TransferStatus::Revoked,
        status_reason: Some(command.reason.clone()),
        ended_at: Some(session.now()),
        ..before.clone()
    };
    change.update(&before, after).await?;
    change.commit().await
}
