//! Proposing that another organisation leads a case.

use chrono::{DateTime, TimeDelta, Utc};
use entity::case::{self, CaseStatus};
use entity::organisation::OrganisationStatus;
use entity::transfer::{self, TransferStatus};
use sea_orm::{ColumnTrait, Condition, QueryFilter};
use uuid::Uuid;

use super::upkeep;
use crate::access::Session;
use crate::access::policy::Action;
use crate::casework::case::gate;
use crate::casework::change::{Change, Key, Right, Subject};
use crate::casework::check::{Checks, LONG};
use crate::casework::problem::{Halt, Problem};
use crate::casework::referral::sending::receiver_and_lead;
use crate::casework::wording::{Sharing, Text};

/// For how long a transfer waits for its answer unless said, and at most.
const USUAL: TimeDelta = TimeDelta::days(14);
const LONGEST: TimeDelta = TimeDelta::days(92);

/// What proposes a transfer.
#[derive(Clone, Debug)]
pub struct Propose {
    /// The id that the client made, or none.
    pub id: Option<Uuid>,
    /// The case.
    pub case_id: Uuid,
    /// To which organisation.
    pub receiver_id: Uuid,
    /// Why, as the other organisation reads it.
    pub reason: String,
    /// Until when it is to be answered; two weeks if omitted.
    pub expires_at: Option<DateTime<Utc>>,
}

/// Proposes a transfer. Nothing of the family is shown by it.
pub async fn propose(session: &Session, key: &Key, command: &Propose) -> Result<Uuid, Halt> {
    let id = command.id.unwrap_or_else(Uuid::now_v7);
    let subject = Subject::new("transfer", id);
    let mut change = Change::begin(session, Action::TransferPropose, key, subject).await?;
    command.check(session)?;
    let path = "input.caseId";
    let case = gate::enter(&change, command.case_id, path).await?;
    refuse_case(session, &case, path)?;
    refuse_receiver(&change, command, &case).await?;
    refuse_second(&mut change, &case).await?;
    let row = command.row(&change, id, &case);
    change.insert(row).await?;
    change.commit().await
}

impl Propose {
    fn check(&self, session: &Session) -> Result<(), Halt> {
        let mut checks = Checks::default();
        checks.text("input.reason", &self.reason, LONG);
        let (now, path) = (session.now(), "input.expiresAt");
        let latest = now + LONGEST;
        let is_ahead = self.expires_at.is_none_or(|until| until > now);
        checks.hold(is_ahead, path, Sharing::MustLieAhead);
        let is_near = self.expires_at.is_none_or(|until| until <= latest);
        checks.hold(is_near, path, Sharing::TooLong { latest });
        checks.done()
    }

    fn row(&self, change: &Change, id: Uuid, case: &case::Model) -> transfer::Model {
        let (now, by) = (change.session().now(), change.by());
        transfer::Model {
            id,
            case_id: case.id,
            family_id: case.family_id,
            sender_id: case.lead_organisation_id,
            receiver_id: self.receiver_id,
            reason: self.reason.clone(),
            status: TransferStatus::Proposed,
            proposed_at: now,
            expires_at: self.expires_at.unwrap_or(now + USUAL),
            answered_at: None,
            ended_at: None,
            worker_id: None,
            status_reason: None,
            version: 1,
            created_at: now,
            updated_at: now,
            created_by: by,
            updated_by: by,
        }
    }
}

/// Whether a case may be transferred as it stands: not while its closure is asked for.
pub fn may_transfer(status: CaseStatus) -> bool {
    gate::is_open(status) && status != CaseStatus::ClosureRequested
}

/// Who leads another case of the family does not give this one away.
fn refuse_case(session: &Session, case: &case::Model, path: &str) -> Result<(), Halt> {
    let mut checks = Checks::default();
    checks.hold(may_transfer(case.status), path, Text::ClosureAsked);
    let is_ours = session.viewer().organisations.contains(&case.lead_organisation_id);
    checks.hold(is_ours, path, Sharing::LeadDecides);
    checks.done()
}

async fn refuse_receiver(
    change: &Change,
    command: &Propose,
    case: &case::Model,
) -> Result<(), Halt> {
    let path = "input.toOrganisationId";
    let ids = (command.receiver_id, case.lead_organisation_id);
    let (receiver, lead) = receiver_and_lead(change, ids, path).await?;
    let mut checks = Checks::default();
    checks.hold(receiver.status == OrganisationStatus::Active, path, Text::OutOfUse);
    checks.hold(receiver.id != lead.id, path, Sharing::LeadsAlready);
    checks.done()
}

/// One transfer of a case waits at a time; the case is kept, so none is added meanwhile. What ran out
/// waits no more.
async fn refuse_second(change: &mut Change, case: &case::Model) -> Result<(), Halt> {
    use transfer::Column;
    let open = change
        .see::<transfer::Entity>(Right::Led)
        .filter(Column::CaseId.eq(case.id))
        .filter(Column::Status.eq(TransferStatus::Proposed))
        .one(change.connection())
        .await?;
    let Some(open) = open else { return Ok(()) };
    if !super::ran_out(&open, change.session().now()) {
        return Err(Problem::at("input.caseId", Sharing::TransferOpen).into());
    }
    upkeep::expire(change, Condition::all().add(Column::Id.eq(open.id))).await?;
    Ok(())
}
