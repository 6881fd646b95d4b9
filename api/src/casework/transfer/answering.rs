//! What the other organisation answers: with its acceptance it leads the case.

use entity::transfer::{self, TransferStatus};
use sea_orm::sea_query::{Expr, Query};
use sea_orm::{ColumnTrait, ConnectionTrait};
use uuid::Uuid;

use super::moving::{self, Handover};
use super::{PATH, ran_out};
use crate::access::Session;
use crate::access::policy::Action;
use crate::access::scope::one_of;
use crate::casework::change::{Change, Key, Right, Subject};
use crate::casework::check::{Checks, LONG};
use crate::casework::problem::{Halt, Problem};
use crate::casework::state::Machine;
use crate::casework::wording::{Sharing, Text};

/// What answers a transfer.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The transfer.
    pub id: Uuid,
    /// Whether it is accepted.
    pub accepts: bool,
    /// Who leads the case from then on, where it is accepted.
    pub worker_id: Option<Uuid>,
    /// Why, where it is declined.
    pub reason: Option<String>,
}

/// Accepts or declines a transfer.
pub async fn answer(session: &Session, key: &Key, command: &Answer) -> Result<Uuid, Halt> {
    let subject = Subject::new("transfer", command.id);
    let mut change = Change::begin(session, Action::TransferAnswer, key, subject).await?;
    command.check()?;
    match command.worker_id.filter(|_| command.accepts) {
        Some(worker_id) => accept(&mut change, command, worker_id).await?,
        None => decline(&mut change, command).await?,
    }
    change.commit().await
}

impl Answer {
    fn check(&self) -> Result<(), Halt> {
        let mut checks = Checks::default();
        let says_why = self.reason.as_ref().is_some_and(|reason| !reason.trim().is_empty());
        checks.hold(self.accepts || says_why, "input.reason", Text::ReasonRequired);
        checks.some_text("input.reason", self.reason.as_deref(), LONG);
        let names_one = self.worker_id.is_some();
        checks.hold(!self.accepts || names_one, "input.workerId", Text::Required);
        checks.hold(self.accepts || !names_one, "input.workerId", Text::OtherDecision);
        checks.done()
    }
}

async fn decline(change: &mut Change, command: &Answer) -> Result<(), Halt> {
    let before = change.lock::<transfer::Entity>(command.id, Right::ANY, PATH).await?;
    refuse(change, &before, TransferStatus::Declined)?;
    let now = change.session().now();
    let after = transfer::Model {
        status: TransferStatus::Declined,
        status_reason: command.reason.clone(),
        answered_at: Some(now),
        ended_at: Some(now),
        ..before.clone()
    };
    change.update(&before, after).await?;
    Ok(())
}

async fn accept(change: &mut Change, command: &Answer, worker_id: Uuid) -> Result<(), Halt> {
    let Some(handover) = Handover::begin(change, command.id, worker_id).await? else {
        // Somebody answered it while this waited: the same is told as if it came later.
        refuse_accepted(change, command.id).await?;
        let row = change.lock::<transfer::Entity>(command.id, Right::ANY, PATH).await?;
        return Err(row.status.refusal(TransferStatus::Accepted, PATH));
    };
    let before = &handover.transfer;
    refuse(change, before, TransferStatus::Accepted)?;
    if !handover.fits {
        return Err(Problem::at("input.workerId", Sharing::NotOfReceiver).into());
    }
    let now = change.session().now();
    let after = transfer::Model {
        status: TransferStatus::Accepted,
        status_reason: command.reason.clone(),
        answered_at: Some(now),
        ended_at: Some(now),
        worker_id: Some(worker_id),
        ..before.clone()
    };
    // While it waits for its answer it is seen, and so it is written first.
    change.update(before, after).await?;
    moving::hand_over(change, &handover, worker_id).await
}

/// Refuses what the viewer's organisation has accepted meanwhile: it leads the case from then on, but
/// not yet at the moment at which this request came.
async fn refuse_accepted(change: &Change, id: Uuid) -> Result<(), Halt> {
    use transfer::Column;
    let viewer = change.session().viewer();
    let mut accepted = Query::select();
    accepted
        .expr(Expr::val(1))
        .from(transfer::Entity)
        .and_where(Column::Id.eq(id))
        .and_where(Column::Status.eq(TransferStatus::Accepted))
        .and_where(one_of(viewer.backend, Column::ReceiverId, viewer.organisations.clone()));
    match change.connection().query_one(&accepted).await? {
        Some(_) => Err(TransferStatus::Accepted.refusal(TransferStatus::Accepted, PATH)),
        None => Ok(()),
    }
}

/// It is for the organisation that received it, while it waits and has not run out.
fn refuse(change: &Change, row: &transfer::Model, next: TransferStatus) -> Result<(), Halt> {
    if !change.session().viewer().organisations.contains(&row.receiver_id) {
        return Err(Problem::at(PATH, Sharing::ReceiverAnswers).into());
    }
    row.status.check(next, PATH)?;
    if ran_out(row, change.session().now()) {
        return Err(Problem::at(PATH, Sharing::TransferRanOut).into());
    }
    Ok(())
}
