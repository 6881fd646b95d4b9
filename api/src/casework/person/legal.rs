//! The legal status of a child: a new one ends the one in force on its first day, so that the
//! history has neither gaps made by mistake nor overlaps.

use chrono::NaiveDate;
use entity::legal_status::{self, Column, LegalStatusKind};
use entity::{decision, family_member};
use sea_orm::{ColumnTrait, QueryFilter};
use uuid::Uuid;

use super::{gate, life};
use crate::access::Session;
use crate::access::policy::Action;
use crate::casework::change::{Change, Key, Right, Subject};
use crate::casework::check::Checks;
use crate::casework::problem::{Halt, Problem};
use crate::casework::wording::Text;

/// What records a legal status.
#[derive(Clone, Debug)]
pub struct Record {
    /// The id that the client made, or none.
    pub id: Option<Uuid>,
    /// The person.
    pub person_id: Uuid,
    /// The status.
    pub status: LegalStatusKind,
    /// The decision that it follows from.
    pub decision_id: Option<Uuid>,
    /// First day.
    pub since: NaiveDate,
}

/// Records the legal status of a person from a day on; the one in force ends on that day.
pub async fn record(session: &Session, key: &Key, command: &Record) -> Result<Uuid, Halt> {
    let subject = Subject::new("person", command.person_id);
    let mut change = Change::begin(session, Action::LegalStatusRecord, key, subject).await?;
    let mut checks = Checks::default();
    checks.past("input.since", Some(command.since), session.today());
    let has_decision = command.decision_id.is_some() || !needs_decision(command.status);
    checks.hold(has_decision, "input.decisionId", Text::StatusNeedsDecision);
    checks.done()?;
    let person = gate::enter(&change, command.person_id, "input.personId").await?;
    let mut checks = Checks::default();
    life::check_within(&mut checks, &person, Some(command.since), "input.since");
    checks.done()?;
    let known = statuses(&change, person.id).await?;
    let open = known.iter().find(|status| status.until.is_none());
    check_history(&known, open, command)?;
    if let Some(id) = command.decision_id {
        check_decision(&change, person.id, id).await?;
    }
    if let Some(open) = open {
        let ended = legal_status::Model {
            until: Some(command.since),
            ended_recorded_at: Some(session.now()),
            ..open.clone()
        };
        change.update(open, ended).await?;
    }
    let row = new_row(session, command);
    change.insert(row).await?;
    change.commit().await
}

/// Whether a status follows from a decision, and never without one.
const fn needs_decision(status: LegalStatusKind) -> bool {
    use LegalStatusKind::{
        Adopted, Foster, Guardianship, Orphan, ParentalCare, Unknown, WithoutParentalCare,
    };
    match status {
        WithoutParentalCare | Orphan | Guardianship | Foster | Adopted => true,
        ParentalCare | Unknown => false,
    }
}

async fn statuses(change: &Change, person_id: Uuid) -> Result<Vec<legal_status::Model>, Halt> {
    let statuses = change
        .see::<legal_status::Entity>(Right::Led)
        .filter(Column::PersonId.eq(person_id))
        .filter(Column::VoidedAt.is_null())
        .all(change.connection())
        .await?;
    Ok(statuses)
}

/// The status in force is another one, and began before the new one; those that ended did so by
/// then.
fn check_history(
    known: &[legal_status::Model],
    open: Option<&legal_status::Model>,
    command: &Record,
) -> Result<(), Halt> {
    if open.is_some_and(|open| open.status == command.status) {
        return Err(Problem::at("input.status", Text::AlreadyExists).into());
    }
    let earliest = known.iter().filter_map(|status| status.until.or(status.since.succ_opt())).max();
    match earliest.filter(|earliest| command.since < *earliest) {
        Some(earliest) => Err(Problem::at("input.since", Text::TooEarly { earliest }).into()),
        None => Ok(()),
    }
}

/// The decision is about the person, or about a family that it belongs or belonged to.
async fn check_decision(change: &Change, person_id: Uuid, id: Uuid) -> Result<(), Halt> {
    use family_member::Column;
    let path = "input.decisionId";
    let decision = change.read::<decision::Entity>(id, Right::FULL, path).await?;
    let is_about_it = match (decision.person_id, decision.family_id) {
        (Some(about), _) => about == person_id,
        (None, None) => true,
        (None, Some(family_id)) => {
            let member = change
                .see::<family_member::Entity>(Right::Led)
                .filter(Column::FamilyId.eq(family_id))
                .filter(Column::PersonId.eq(person_id))
                .filter(Column::VoidedAt.is_null());
            member.one(change.connection()).await?.is_some()
        }
    };
    if is_about_it { Ok(()) } else { Err(Problem::not_found(path).into()) }
}

fn new_row(session: &Session, command: &Record) -> legal_status::Model {
    legal_status::Model {
        id: command.id.unwrap_or_else(Uuid::now_v7),
        person_id: command.person_id,
        status: command.status,
        decision_id: command.decision_id,
        since: command.since,
        until: None,
        recorded_at: session.now(),
        ended_recorded_at: None,
        voided_at: None,
        void_reason: None,
    }
}
