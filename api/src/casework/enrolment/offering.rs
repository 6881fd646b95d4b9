//! Offering a place, and what the family answers; whatever comes free goes to those who wait, in the
//! same transaction.

use entity::enrolment::{self, EnrolmentStatus};
use uuid::Uuid;

use super::gate::{By, moved_here};
use super::places::{Places, ran_out};
use crate::access::policy::Action;
use crate::access::{Session, Veil};
use crate::casework::change::{Change, Key, Subject};
use crate::casework::check::{Checks, LONG};
use crate::casework::problem::{Halt, Problem};
use crate::casework::programme::eligibility::{Asked, Facts, judge, reasons};
use crate::casework::state::Machine;
use crate::casework::wording::{ProgrammeText, Text};

const PATH: &str = "input.id";

/// What offers a place.
#[derive(Clone, Debug)]
pub struct Offer {
    /// The enrolment.
    pub id: Uuid,
    /// The version that this was decided on, if it is to be checked.
    pub expected_version: Option<i32>,
    /// Whether to wait for a place if none is free.
    pub joins_waiting_list: bool,
}

/// The places of the intake of an enrolment that is the viewer's to move, and the enrolment.
async fn enter(change: &Change, id: Uuid, by: By) -> Result<(Places, enrolment::Model), Halt> {
    let places = Places::of_enrolment(change, id, PATH).await?;
    moved_here(change, (places.organisation_id(), places.is_led()), by, PATH)?;
    let enrolment = places.get(id).cloned().ok_or_else(|| Problem::not_found(PATH))?;
    Ok((places, enrolment))
}

/// Offers a place if one is free once offers that ran out have ended and those who wait have moved
/// up. Whoever is no longer eligible becomes INELIGIBLE.
pub async fn offer(session: &Session, key: &Key, command: &Offer) -> Result<Uuid, Halt> {
    let subject = Subject::new("enrolment", command.id);
    let mut change = Change::begin(session, Action::EnrolmentOffer, key, subject).await?;
    let (mut places, enrolment) = enter(&change, command.id, By::Programme).await?;
    change.expect_some(&enrolment, &enrolment, command.expected_version)?;
    enrolment.status.check(EnrolmentStatus::Offered, PATH)?;
    places.expire();
    if let Some(reason) = unmet(&change, &places, &enrolment).await? {
        let now = places.now();
        places.set(enrolment.id, |enrolment| {
            enrolment.status = EnrolmentStatus::Ineligible;
            enrolment.status_reason = Some(reason);
            enrolment.closed_at = Some(now);
        });
        places.promote();
    } else {
        take_place(&mut places, &enrolment, command.joins_waiting_list)?;
    }
    places.write(&mut change).await?;
    change.commit().await
}

/// Why somebody is no longer eligible, in the viewer's language: it is kept where only those read it
/// who see the family in full.
async fn unmet(
    change: &Change,
    places: &Places,
    enrolment: &enrolment::Model,
) -> Result<Option<String>, Halt> {
    let session = change.session();
    let asked = Asked {
        programme_id: enrolment.programme_id,
        family_id: enrolment.family_id,
        intake_id: None,
        enrolment_id: Some(enrolment.id),
        today: session.today(),
        now: session.now(),
    };
    let facts = Facts::read(change.connection(), asked).await?;
    let mut persons = facts.participants.clone();
    persons.extend(enrolment.person_id.filter(|_| persons.is_empty()));
    let conditions = judge(places.programme(), &facts, &persons, session.today());
    Ok(reasons(&conditions, |_: Veil| true, session.language()))
}

fn take_place(
    places: &mut Places,
    enrolment: &enrolment::Model,
    joins_waiting_list: bool,
) -> Result<(), Halt> {
    if !places.are_given_out() {
        return Err(Problem::at(PATH, ProgrammeText::IntakeShut).into());
    }
    places.promote();
    if places.get(enrolment.id).is_some_and(|one| one.status == EnrolmentStatus::Offered) {
        return Ok(());
    }
    if places.free() > 0 {
        places.offer(enrolment.id);
        return Ok(());
    }
    let waits = places.intake().has_waiting_list;
    if !(waits && joins_waiting_list) {
        let available = i32::try_from(places.free()).unwrap_or(i32::MAX);
        return Err(Problem::no_place(PATH, available, waits).into());
    }
    if enrolment.status != EnrolmentStatus::Waitlisted {
        places.set(enrolment.id, |one| one.status = EnrolmentStatus::Waitlisted);
    }
    Ok(())
}

/// What the family answers to an offer.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The enrolment.
    pub id: Uuid,
    /// The version that this was decided on, if it is to be checked.
    pub expected_version: Option<i32>,
    /// Whether the place is taken.
    pub is_accepted: bool,
    /// Whether who declines goes on waiting, behind those who wait already.
    pub keeps_waiting: bool,
    /// Why it is declined.
    pub reason: Option<String>,
}

/// Records the answer to an offer that has not run out.
pub async fn answer(session: &Session, key: &Key, command: &Answer) -> Result<Uuid, Halt> {
    let subject = Subject::new("enrolment", command.id);
    let mut change = Change::begin(session, Action::EnrolmentAnswer, key, subject).await?;
    command.check()?;
    let (mut places, enrolment) = enter(&change, command.id, By::Either).await?;
    change.expect_some(&enrolment, &enrolment, command.expected_version)?;
    let next = command.next();
    if enrolment.status != EnrolmentStatus::Offered {
        return Err(enrolment.status.refusal(next, PATH));
    }
    if let Some(at) = enrolment.offered_until.filter(|_| ran_out(&enrolment, places.now())) {
        return Err(Problem::at(PATH, ProgrammeText::OfferRanOut { at }).into());
    }
    if next == EnrolmentStatus::Waitlisted && !places.intake().has_waiting_list {
        let text = ProgrammeText::NoWaitingList;
        return Err(Problem::at("input.keepWaiting", text).into());
    }
    let (now, today) = (places.now(), session.today());
    places.expire();
    places.set(enrolment.id, |one| {
        one.status = next;
        one.offered_until = None;
        one.status_reason.clone_from(&command.reason);
        match next {
            EnrolmentStatus::Enrolled => one.enrolled_on = Some(today),
            EnrolmentStatus::Waitlisted => one.requested_at = now,
            _ => one.closed_at = Some(now),
        }
    });
    // Whoever goes on waiting is not offered in the same breath what was just declined.
    places.promote_but(Some(enrolment.id));
    places.write(&mut change).await?;
    change.commit().await
}

impl Answer {
    const fn next(&self) -> EnrolmentStatus {
        match (self.is_accepted, self.keeps_waiting) {
            (true, _) => EnrolmentStatus::Enrolled,
            (false, true) => EnrolmentStatus::Waitlisted,
            (false, false) => EnrolmentStatus::Withdrawn,
        }
    }

    fn check(&self) -> Result<(), Halt> {
        let mut checks = Checks::default();
        checks.some_text("input.reason", self.reason.as_deref(), LONG);
        let text = || Text::from(ProgrammeText::OnlyWhenDeclined);
        let declined = !self.is_accepted;
        checks.hold(declined || !self.keeps_waiting, "input.keepWaiting", text());
        checks.hold(declined || self.reason.is_none(), "input.reason", text());
        checks.done()
    }
}

/// What withdraws an enrolment that was not accepted yet.
#[derive(Clone, Debug)]
pub struct Withdraw {
    /// The enrolment.
    pub id: Uuid,
    /// The version that this was decided on, if it is to be checked.
    pub expected_version: Option<i32>,
    /// Why.
    pub reason: String,
}

/// Withdraws what was asked for, waits, or is offered.
pub async fn withdraw(session: &Session, key: &Key, command: &Withdraw) -> Result<Uuid, Halt> {
    let subject = Subject::new("enrolment", command.id);
    let mut change = Change::begin(session, Action::EnrolmentWithdraw, key, subject).await?;
    let mut checks = Checks::default();
    checks.text("input.reason", &command.reason, LONG);
    checks.done()?;
    let (mut places, enrolment) = enter(&change, command.id, By::Either).await?;
    change.expect_some(&enrolment, &enrolment, command.expected_version)?;
    enrolment.status.check(EnrolmentStatus::Withdrawn, PATH)?;
    let now = places.now();
    places.set(enrolment.id, |one| {
        one.status = EnrolmentStatus::Withdrawn;
        one.offered_until = None;
        one.status_reason = Some(command.reason.clone());
        one.closed_at = Some(now);
    });
    places.expire();
    places.promote();
    places.write(&mut change).await?;
    change.commit().await
}
