//! Enrolments in programmes.

pub mod mutation;

use async_graphql::{Context, ID, Object};
use entity::enrolment::{self, EnrolmentOutcome, EnrolmentStatus};
use entity::{attendance, stage_event::StageEventKind};

use super::case::Case;
use super::family::Family;
use super::id::Kind;
use super::input::objects;
use super::loader::{Asking, By, last, last_questions, many, one, questions};
use super::organisation::{Organisation, Worker};
use super::permission::{self, EnrolmentPermissions};
use super::person::Person;
use super::programme::{Intake, Programme, Stage};
use super::scalar::{Date, Instant};
use super::visit::Visit;
use crate::access::Row;
use crate::casework;
use crate::error::Result;

objects! {
    /// An enrolment in an intake of a programme.
    Enrolment of enrolment;
    /// What happened in a stage of a programme.
    StageEvent of stage_event;
    /// Whether somebody attended on a day.
    Attendance of attendance;
}

questions! {
    /// The enrolments of a family and its members, latest first.
    EnrolmentsOfFamily -> Vec<Row<enrolment::Model>> = casework::enrolment::of_families;
    /// The enrolments of a person, latest first.
    EnrolmentsOfPerson -> Vec<Row<enrolment::Model>> = casework::enrolment::of_persons;
    /// The persons who take part under an enrolment.
    Participants -> Vec<Row<entity::person::Model>> = casework::enrolment::persons_of;
    /// What happened in the stages of an enrolment.
    StageEventsOf -> Vec<Row<entity::stage_event::Model>> = casework::enrolment::events_of;
    /// The place of an enrolment in the waiting order.
    WaitingPositionOf -> i64 = casework::enrolment::waiting_positions;
    /// The visits that follow the end of an enrolment.
    VisitsAfter -> Vec<Row<entity::visit::Model>> = casework::enrolment::visits_after;
}

last_questions! {
    /// The last enrolments requested in an intake.
    LastEnrolmentsIn -> Row<enrolment::Model> = casework::enrolment::last_of_intakes;
    /// The last enrolments requested in a programme.
    LastEnrolmentsOf -> Row<enrolment::Model> = casework::enrolment::last_of_programmes;
    /// Who attended last under an enrolment.
    LastAttendanceOf -> Row<attendance::Model> = casework::enrolment::last_attendance_of;
}

/// A family's or a person's enrolment in an intake of a programme.
#[Object(serial)]
impl Enrolment {
    /// Id with the prefix `enrolment_`.
    pub(super) async fn id(&self) -> ID {
        Kind::Enrolment.id(self.0.id)
    }

    /// Grows with each change.
    pub(super) async fn version(&self) -> i32 {
        self.0.version
    }

    /// When it was recorded.
    pub(super) async fn created_at(&self) -> Instant {
        Instant(self.0.created_at)
    }

    /// When it was last changed.
    pub(super) async fn updated_at(&self) -> Instant {
        Instant(self.0.updated_at)
    }

    /// The intake.
    async fn intake(&self, ctx: &Context<'_>) -> Option<Result<Intake>> {
        one(ctx, Some(By::<entity::intake::Entity>::id(self.0.intake_id))).await
    }

    /// The programme.
    async fn programme(&self, ctx: &Context<'_>) -> Option<Result<Programme>> {
        one(ctx, Some(By::<entity::programme::Entity>::id(self.0.programme_id))).await
    }

    /// The family.
    async fn family(&self, ctx: &Context<'_>) -> Option<Result<Family>> {
        one(ctx, Some(By::<entity::family::Entity>::id(self.0.family_id))).await
    }

    /// The person, if a person enrolled and not the whole family.
    async fn person(&self, ctx: &Context<'_>) -> Option<Result<Person>> {
        one(ctx, self.0.person_id.map(By::<entity::person::Entity>::id)).await
    }

    /// The persons who take part.
    async fn participants(&self, ctx: &Context<'_>) -> Result<Vec<Person>> {
        many(ctx, Participants(self.0.id)).await
    }

    /// The case that it belongs to.
    async fn case(&self, ctx: &Context<'_>) -> Option<Result<Case>> {
        one(ctx, self.0.case_id.map(By::<entity::case::Entity>::id)).await
    }

    /// The worker who is accountable through all stages and after.
    async fn worker(&self, ctx: &Context<'_>) -> Option<Result<Worker>> {
        one(ctx, self.0.worker_id.map(By::<entity::worker::Entity>::id)).await
    }

    /// Where it stands.
    async fn status(&self) -> EnrolmentStatus {
        self.0.status
    }

    /// Its place in the waiting order: greater first, then by `requestedAt` and id.
    async fn priority(&self) -> i32 {
        self.0.priority
    }

    /// When it was requested.
    async fn requested_at(&self) -> Instant {
        Instant(self.0.requested_at)
    }

    /// The day of enrolment.
    async fn enrolled_on(&self) -> Option<Date> {
        self.0.enrolled_on.map(Date)
    }

    /// Last day.
    async fn ended_on(&self) -> Option<Date> {
        self.0.ended_on.map(Date)
    }

    /// How it ended.
    async fn outcome(&self) -> Option<EnrolmentOutcome> {
        self.0.outcome
    }

    /// When the place was offered last.
    async fn offered_at(&self) -> Option<Instant> {
        self.0.offered_at.map(Instant)
    }

    /// When the offer of a place runs out; null unless one is offered.
    async fn offered_until(&self) -> Option<Instant> {
        self.0.offered_until.map(Instant)
    }

    /// When it came to its end, whatever that was; null while it has not.
    async fn closed_at(&self) -> Option<Instant> {
        self.0.closed_at.map(Instant)
    }

    /// Why it stands where it does. Sensitive.
    async fn status_reason(&self) -> Option<&str> {
        self.0.show(enrolment::Column::StatusReason, |row| &row.status_reason)?.as_deref()
    }

    /// Its place in the waiting order, from 1; null unless it waits.
    async fn waiting_position(&self, ctx: &Context<'_>) -> Option<Result<i32>> {
        if self.0.status != EnrolmentStatus::Waitlisted {
            return None;
        }
        let position = ctx.ask(WaitingPositionOf(self.0.id)).await;
        position.map(|found| found.and_then(|place| i32::try_from(*place).ok())).transpose()
    }

    /// What happened in the stages, first to last.
    async fn stage_events(&self, ctx: &Context<'_>) -> Result<Vec<StageEvent>> {
        many(ctx, StageEventsOf(self.0.id)).await
    }

    /// Who attended, the last days first.
    async fn attendance(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "last", desc = "How many, 1 to 50; 25 unless said.")] count: Option<i32>,
    ) -> Result<Vec<Attendance>> {
        many(ctx, LastAttendanceOf(self.0.id, last(count)?)).await
    }

    /// The visits that follow its end, first to last.
    async fn follow_up_visits(&self, ctx: &Context<'_>) -> Result<Vec<Visit>> {
        many(ctx, VisitsAfter(self.0.id)).await
    }

    /// What the viewer could do with it now.
    async fn viewer_permissions(&self, ctx: &Context<'_>) -> Result<EnrolmentPermissions> {
        permission::of_enrolment(ctx, &self.0).await
    }

    /// The names of the fields of this object that are hidden from the viewer.
    async fn redacted_fields(&self) -> Vec<String> {
        self.0.hidden(&[("statusReason", enrolment::Column::StatusReason)])
    }
}

/// Whether somebody who takes part attended on a day.
#[Object(serial)]
impl Attendance {
    /// The person.
    async fn person(&self, ctx: &Context<'_>) -> Option<Result<Person>> {
        one(ctx, Some(By::<entity::person::Entity>::id(self.0.person_id))).await
    }

    /// The day.
    async fn held_on(&self) -> Date {
        Date(self.0.held_on)
    }

    /// Whether the person was there.
    async fn is_present(&self) -> bool {
        self.0.is_present
    }
}

/// What happened in a stage of a programme.
#[Object(serial)]
impl StageEvent {
    /// Id with the prefix `stageevent_`.
    pub(super) async fn id(&self) -> ID {
        Kind::StageEvent.id(self.0.id)
    }

    /// The stage.
    async fn stage(&self, ctx: &Context<'_>) -> Option<Result<Stage>> {
        one(ctx, Some(By::<entity::programme_stage::Entity>::id(self.0.stage_id))).await
    }

    /// What happened.
    async fn kind(&self) -> StageEventKind {
        self.0.kind
    }

    /// The agency that carries the stage out.
    async fn organisation(&self, ctx: &Context<'_>) -> Option<Result<Organisation>> {
        one(ctx, self.0.organisation_id.map(By::<entity::organisation::Entity>::id)).await
    }

    /// The worker who recorded it.
    async fn worker(&self, ctx: &Context<'_>) -> Option<Result<Worker>> {
        one(ctx, self.0.worker_id.map(By::<entity::worker::Entity>::id)).await
    }

    /// The day on which it happened.
    async fn occurred_on(&self) -> Date {
        Date(self.0.occurred_on)
    }
}
