//! Asking for enrolments, giving out places, and recording how they go.

use async_graphql::{Context, Enum, ID, InputObject, Object};
use entity::enrolment::EnrolmentOutcome;
use entity::stage_event::StageEventKind;
use uuid::Uuid;

use super::Enrolment;
use crate::casework;
use crate::casework::enrolment::attending::{Attended, Record};
use crate::casework::enrolment::offering::{Answer, Offer, Withdraw};
use crate::casework::enrolment::requesting::Request;
use crate::casework::enrolment::running::{End, Resume, Suspend};
use crate::casework::enrolment::staging::Advance;
use crate::error::Result;
use crate::graphql::id::{Kind, parse_person};
use crate::graphql::payload::{payloads, perform};
use crate::graphql::scalar::Date;

payloads! {
    /// An enrolment, or why nothing was done.
    EnrolmentPayload {
        /// The enrolment; null if nothing was done, or if the viewer sees the family no longer by
        /// what was done.
        enrolment: Enrolment of enrolment
    }
}

/// What asks for an enrolment.
#[derive(InputObject)]
pub struct EnrolmentRequestInput {
    /// Made by the client, new for each change: sending it again does nothing twice.
    client_mutation_id: Uuid,
    /// The id of the new enrolment, if the client made one offline: `enrolment_` and a `UUIDv7`.
    id: Option<ID>,
    /// The intake, which is open today.
    intake_id: ID,
    /// The family: one that the viewer's organisation leads, or for the programme's own staff one
    /// that they see.
    family_id: ID,
    /// Who takes part, members of the family today: one person where persons enrol; at least a
    /// parent or caregiver and a child where they enrol together; nobody need be named where
    /// families enrol. Up to 50.
    #[graphql(default)]
    person_ids: Vec<ID>,
    /// The one worker who is accountable through all stages and after: an active worker of the
    /// programme's organisation, of the family's lead or of the viewer's; the viewer if omitted.
    worker_id: Option<ID>,
}

impl EnrolmentRequestInput {
    fn command(self) -> Result<Request> {
        Ok(Request {
            id: self.id.map(|id| Kind::Enrolment.parse(&id)).transpose()?,
            intake_id: Kind::Intake.parse(&self.intake_id)?,
            family_id: Kind::Family.parse(&self.family_id)?,
            person_ids: self.person_ids.iter().map(parse_person).collect::<Result<_>>()?,
            worker_id: self.worker_id.map(|id| Kind::Worker.parse(&id)).transpose()?,
        })
    }
}

/// What offers a place.
#[derive(InputObject)]
pub struct EnrolmentOfferInput {
    /// Made by the client, new for each change: sending it again does nothing twice.
    client_mutation_id: Uuid,
    /// The enrolment, which was asked for or waits.
    id: ID,
    /// The version that this was decided on; it is checked if it is given.
    expected_version: Option<i32>,
    /// Whether to join the waiting list if no place is free.
    #[graphql(default)]
    join_waiting_list: bool,
}

impl EnrolmentOfferInput {
    fn command(self) -> Result<Offer> {
        Ok(Offer {
            id: Kind::Enrolment.parse(&self.id)?,
            expected_version: self.expected_version,
            joins_waiting_list: self.join_waiting_list,
        })
    }
}

/// What a family answers to an offer.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum OfferAnswer {
    /// The place is taken.
    Accept,
    /// The place is not taken.
    Decline,
}

/// The answer to an offer.
#[derive(InputObject)]
pub struct EnrolmentAnswerInput {
    /// Made by the client, new for each change: sending it again does nothing twice.
    client_mutation_id: Uuid,
    /// The enrolment, to which a place is offered.
    id: ID,
    /// The version that this was decided on; it is checked if it is given.
    expected_version: Option<i32>,
    /// What the family answers.
    answer: OfferAnswer,
    /// With `DECLINE`: whether to go on waiting, behind those of the same priority who wait already.
    #[graphql(default)]
    keep_waiting: bool,
    /// With `DECLINE`: why, up to 10,000 characters. Sensitive.
    reason: Option<String>,
}

impl EnrolmentAnswerInput {
    fn command(self) -> Result<Answer> {
        Ok(Answer {
            id: Kind::Enrolment.parse(&self.id)?,
            expected_version: self.expected_version,
            is_accepted: self.answer == OfferAnswer::Accept,
            keeps_waiting: self.keep_waiting,
            reason: self.reason,
        })
    }
}

/// What withdraws an enrolment.
#[derive(InputObject)]
pub struct EnrolmentWithdrawInput {
    /// Made by the client, new for each change: sending it again does nothing twice.
    client_mutation_id: Uuid,
    /// The enrolment, which was not accepted yet.
    id: ID,
    /// The version that this was decided on; it is checked if it is given.
    expected_version: Option<i32>,
    /// Why, up to 10,000 characters. Sensitive.
    reason: String,
}

impl EnrolmentWithdrawInput {
    fn command(self) -> Result<Withdraw> {
        let id = Kind::Enrolment.parse(&self.id)?;
        Ok(Withdraw { id, expected_version: self.expected_version, reason: self.reason })
    }
}

/// What pauses an enrolment.
#[derive(InputObject)]
pub struct EnrolmentSuspendInput {
    /// Made by the client, new for each change: sending it again does nothing twice.
    client_mutation_id: Uuid,
    /// The enrolment, which is in progress.
    id: ID,
    /// The version that this was decided on; it is checked if it is given.
    expected_version: Option<i32>,
    /// Why, up to 10,000 characters. Sensitive.
    reason: String,
}

impl EnrolmentSuspendInput {
    fn command(self) -> Result<Suspend> {
        let id = Kind::Enrolment.parse(&self.id)?;
        Ok(Suspend { id, expected_version: self.expected_version, reason: self.reason })
    }
}

/// What goes on with an enrolment.
#[derive(InputObject)]
pub struct EnrolmentResumeInput {
    /// Made by the client, new for each change: sending it again does nothing twice.
    client_mutation_id: Uuid,
    /// The enrolment, which is suspended.
    id: ID,
    /// The version that this was decided on; it is checked if it is given.
    expected_version: Option<i32>,
}

impl EnrolmentResumeInput {
    fn command(self) -> Result<Resume> {
        let id = Kind::Enrolment.parse(&self.id)?;
        Ok(Resume { id, expected_version: self.expected_version })
    }
}

/// What happened in a stage.
#[derive(InputObject)]
pub struct EnrolmentAdvanceInput {
    /// Made by the client, new for each change: sending it again does nothing twice.
    client_mutation_id: Uuid,
    /// The enrolment, which is enrolled or in progress.
    id: ID,
    /// The version that this was decided on; it is checked if it is given.
    expected_version: Option<i32>,
    /// The stage of the programme.
    stage_id: ID,
    /// What happened. A stage is entered when the one before is completed and, where it asks for
    /// consent, one for `PROGRAMME` is in force: of the family, or of each who takes part. A relapse enters the stage
    /// again that it leads back to.
    kind: StageEventKind,
    /// The day: not in the future, not before the enrolment or what happened last.
    occurred_on: Date,
    /// The agency that carries the stage out, of the kind that owns it; needed with `ENTERED`, else
    /// the one that did so far if omitted.
    organisation_id: Option<ID>,
}

impl EnrolmentAdvanceInput {
    fn command(self) -> Result<Advance> {
        let agency = self.organisation_id.map(|id| Kind::Organisation.parse(&id));
        Ok(Advance {
            id: Kind::Enrolment.parse(&self.id)?,
            expected_version: self.expected_version,
            stage_id: Kind::Stage.parse(&self.stage_id)?,
            kind: self.kind,
            occurred_on: self.occurred_on.0,
            organisation_id: agency.transpose()?,
        })
    }
}

/// What ends an enrolment.
#[derive(InputObject)]
pub struct EnrolmentEndInput {
    /// Made by the client, new for each change: sending it again does nothing twice.
    client_mutation_id: Uuid,
    /// The enrolment, which was accepted.
    id: ID,
    /// The version that this was decided on; it is checked if it is given.
    expected_version: Option<i32>,
    /// How it ended; who never began has not completed it. After `COMPLETED` and `OTHER` the
    /// accountable worker visits the family again 3, 6 and 12 months later.
    outcome: EnrolmentOutcome,
    /// The last day: at most 365 days ago, and not before the enrolment.
    ended_on: Date,
    /// What there is to say about it, up to 10,000 characters. Sensitive.
    reason: Option<String>,
}

impl EnrolmentEndInput {
    fn command(self) -> Result<End> {
        Ok(End {
            id: Kind::Enrolment.parse(&self.id)?,
            expected_version: self.expected_version,
            outcome: self.outcome,
            ended_on: self.ended_on.0,
            reason: self.reason,
        })
    }
}

/// Whether somebody attended.
#[derive(InputObject)]
pub struct AttendedInput {
    /// The person: one who takes part, or a member of a family that does as a whole.
    person_id: ID,
    /// Whether the person was there.
    is_present: bool,
}

/// What records attendance.
#[derive(InputObject)]
pub struct AttendanceRecordInput {
    /// Made by the client, new for each change: sending it again does nothing twice.
    client_mutation_id: Uuid,
    /// The enrolment, which is enrolled or in progress.
    id: ID,
    /// The day: not in the future, not before the enrolment. What was recorded of the same day is
    /// corrected.
    held_on: Date,
    /// Who was there and who was not, up to 50.
    persons: Vec<AttendedInput>,
}

impl AttendanceRecordInput {
    fn command(self) -> Result<Record> {
        let attended = |person: AttendedInput| {
            let person_id = parse_person(&person.person_id)?;
            Ok(Attended { person_id, is_present: person.is_present })
        };
        Ok(Record {
            id: Kind::Enrolment.parse(&self.id)?,
            held_on: self.held_on.0,
            persons: self.persons.into_iter().map(attended).collect::<Result<_>>()?,
        })
    }
}

/// Mutations of enrolments.
#[derive(Default)]
pub struct EnrolmentMutation;

#[Object]
impl EnrolmentMutation {
    /// Asks for an enrolment of a family or of some of its members, who must be eligible. For
    /// caseworkers and supervisors who lead the work with the family, and for the staff of the
    /// programme who see it. The programme's organisation sees the family from now on while the
    /// enrolment lasts: what serving it needs.
    async fn enrolment_request(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who, and in which intake.")] input: EnrolmentRequestInput,
    ) -> Option<Result<EnrolmentPayload>> {
        perform!(ctx, input => casework::enrolment::requesting::request)
    }

    /// Offers a place until the authority's term runs out, if one is free once those who wait were
    /// offered theirs; else who wishes so joins the waiting list. Who is no longer eligible becomes
    /// INELIGIBLE. For the staff of the organisation that runs the programme.
    async fn enrolment_offer(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "To whom.")] input: EnrolmentOfferInput,
    ) -> Option<Result<EnrolmentPayload>> {
        perform!(ctx, input => casework::enrolment::offering::offer)
    }

    /// Records the answer to an offer that has not run out; a place that comes free is offered to who
    /// waits. For the staff of the programme, and for who leads the work with the family.
    async fn enrolment_answer(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The answer.")] input: EnrolmentAnswerInput,
    ) -> Option<Result<EnrolmentPayload>> {
        perform!(ctx, input => casework::enrolment::offering::answer)
    }

    /// Withdraws an enrolment that was not accepted yet; a place that comes free is offered to who
    /// waits. For the staff of the programme, and for who leads the work with the family.
    async fn enrolment_withdraw(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one, and why.")] input: EnrolmentWithdrawInput,
    ) -> Option<Result<EnrolmentPayload>> {
        perform!(ctx, input => casework::enrolment::offering::withdraw)
    }

    /// Pauses an enrolment; its place is kept. For the staff of the programme, and for who leads the
    /// work with the family.
    async fn enrolment_suspend(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one, and why.")] input: EnrolmentSuspendInput,
    ) -> Option<Result<EnrolmentPayload>> {
        perform!(ctx, input => casework::enrolment::running::suspend)
    }

    /// Goes on with an enrolment that was paused. For the staff of the programme, and for who leads
    /// the work with the family.
    async fn enrolment_resume(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] input: EnrolmentResumeInput,
    ) -> Option<Result<EnrolmentPayload>> {
        perform!(ctx, input => casework::enrolment::running::resume)
    }

    /// Records what happened in a stage of the programme. For the staff of the programme, and for who
    /// leads the work with the family.
    async fn enrolment_advance(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What happened.")] input: EnrolmentAdvanceInput,
    ) -> Option<Result<EnrolmentPayload>> {
        perform!(ctx, input => casework::enrolment::staging::advance)
    }

    /// Ends an enrolment with an outcome: its place is offered to who waits, the programme's
    /// organisation sees the family no longer by it, and visits of the accountable worker are
    /// planned. For the staff of the programme, and for who leads the work with the family.
    async fn enrolment_end(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one, and how.")] input: EnrolmentEndInput,
    ) -> Option<Result<EnrolmentPayload>> {
        perform!(ctx, input => casework::enrolment::running::end)
    }

    /// Records who attended on a day, or corrects it. For the staff of the organisation that runs the
    /// programme.
    async fn attendance_record(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who attended.")] input: AttendanceRecordInput,
    ) -> Option<Result<EnrolmentPayload>> {
        perform!(ctx, input => casework::enrolment::attending::record)
    }
}
