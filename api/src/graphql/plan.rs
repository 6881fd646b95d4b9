//! Plans with their goals, measures and sign-offs.

pub mod measuring;
pub mod mutation;

use async_graphql::{Context, ID, Object};
use entity::goal::{self, GoalStatus};
use entity::measure::{self, MeasureStatus};
use entity::plan::{self, PlanStatus};

use super::id::Kind;
use super::input::objects;
use super::loader::{By, many, one, questions};
use super::organisation::{Organisation, Worker};
use super::permission::{self, MeasurePermissions, PlanPermissions};
use super::scalar::{Date, Instant};
use super::service::ServiceType;
use crate::access::Row;
use crate::casework;
use crate::error::Result;

objects! {
    /// A version of a case's inter-agency plan.
    Plan of plan;
    /// What a plan is to reach.
    Goal of goal;
    /// A measure of a plan.
    Measure of measure;
    /// An agency's signature under a plan.
    SignOff of plan_sign_off;
}

questions! {
    /// The plans of a case, latest revision first.
    PlansOf -> Vec<Row<plan::Model>> = casework::plan::of_cases;
    /// The plan in force of a case.
    ActivePlanOf -> Row<plan::Model> = casework::plan::active_of_cases;
    /// The goals of a plan.
    GoalsOf -> Vec<Row<goal::Model>> = casework::plan::goals_of;
    /// The measures of a plan, first due first.
    MeasuresOf -> Vec<Row<measure::Model>> = casework::plan::measures_of;
    /// The sign-offs of a plan.
    SignOffsOf -> Vec<Row<entity::plan_sign_off::Model>> = casework::plan::sign_offs_of;
}

/// A version of a case's inter-agency plan.
#[Object(serial)]
impl Plan {
    /// Id with the prefix `plan_`.
    pub(super) async fn id(&self) -> ID {
        Kind::Plan.id(self.0.id)
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

    /// Which plan of the case it is, from 1.
    async fn revision(&self) -> i32 {
        self.0.revision
    }

    /// Where it stands.
    async fn status(&self) -> PlanStatus {
        self.0.status
    }

    /// First day.
    async fn since(&self) -> Date {
        Date(self.0.since)
    }

    /// The day after the last; null while it is open.
    async fn until(&self) -> Option<Date> {
        self.0.until.map(Date)
    }

    /// When it is to be reviewed.
    async fn review_due_on(&self) -> Option<Date> {
        self.0.review_due_on.map(Date)
    }

    /// Whether the family agreed; null before it answered. Sensitive.
    async fn family_agreed(&self) -> Option<bool> {
        *self.0.show(plan::Column::FamilyAgreed, |row| &row.family_agreed)?
    }

    /// What the children say to it. Sensitive.
    async fn child_views(&self) -> Option<&str> {
        self.0.show(plan::Column::ChildViews, |row| &row.child_views)?.as_deref()
    }

    /// What the last review found, or why the plan was given up. Sensitive.
    async fn review_note(&self) -> Option<&str> {
        self.0.show(plan::Column::ReviewNote, |row| &row.review_note)?.as_deref()
    }

    /// What it is to reach.
    async fn goals(&self, ctx: &Context<'_>) -> Result<Vec<Goal>> {
        many(ctx, GoalsOf(self.0.id)).await
    }

    /// Its measures, first due first.
    async fn measures(&self, ctx: &Context<'_>) -> Result<Vec<Measure>> {
        many(ctx, MeasuresOf(self.0.id)).await
    }

    /// The agencies whose signature it needs or has.
    async fn sign_offs(&self, ctx: &Context<'_>) -> Result<Vec<SignOff>> {
        many(ctx, SignOffsOf(self.0.id)).await
    }

    /// What the viewer could do with it now.
    async fn viewer_permissions(&self, ctx: &Context<'_>) -> Result<PlanPermissions> {
        permission::of_plan(ctx, &self.0).await
    }

    /// The names of the fields of this object that are hidden from the viewer.
    async fn redacted_fields(&self) -> Vec<String> {
        use plan::Column;
        self.0.hidden(&[
            ("familyAgreed", Column::FamilyAgreed),
            ("childViews", Column::ChildViews),
            ("reviewNote", Column::ReviewNote),
        ])
    }
}

/// What a plan is to reach.
#[Object(serial)]
impl Goal {
    /// Id with the prefix `goal_`.
    pub(super) async fn id(&self) -> ID {
        Kind::Goal.id(self.0.id)
    }

    /// The goal. Sensitive.
    async fn statement(&self) -> Option<&str> {
        Some(self.0.show(goal::Column::Statement, |row| &row.statement)?)
    }

    /// The need that it answers. Sensitive.
    async fn need(&self) -> Option<&str> {
        self.0.show(goal::Column::Need, |row| &row.need)?.as_deref()
    }

    /// By what it is known that it is reached. Sensitive.
    async fn indicator(&self) -> Option<&str> {
        self.0.show(goal::Column::Indicator, |row| &row.indicator)?.as_deref()
    }

    /// Where it stands.
    async fn status(&self) -> GoalStatus {
        self.0.status
    }

    /// The names of the fields of this object that are hidden from the viewer.
    async fn redacted_fields(&self) -> Vec<String> {
        use goal::Column;
        self.0.hidden(&[
            ("statement", Column::Statement),
            ("need", Column::Need),
            ("indicator", Column::Indicator),
        ])
    }
}

/// A measure of a plan, owned by an agency, with a deadline.
#[Object(serial)]
impl Measure {
    /// Id with the prefix `measure_`.
    pub(super) async fn id(&self) -> ID {
        Kind::Measure.id(self.0.id)
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

    /// What is to be done. Sensitive.
    async fn description(&self) -> Option<&str> {
        Some(self.0.show(measure::Column::Description, |row| &row.description)?)
    }

    /// The kind of service that it calls for.
    async fn service_type(&self, ctx: &Context<'_>) -> Option<Result<ServiceType>> {
        one(ctx, self.0.service_type_id.map(By::<entity::service_type::Entity>::id)).await
    }

    /// The goal that it serves.
    async fn goal(&self, ctx: &Context<'_>) -> Option<Result<Goal>> {
        one(ctx, self.0.goal_id.map(By::<goal::Entity>::id)).await
    }

    /// The agency that answers for it.
    async fn responsible(&self, ctx: &Context<'_>) -> Option<Result<Organisation>> {
        one(ctx, Some(By::<entity::organisation::Entity>::id(self.0.responsible_id))).await
    }

    /// Until when.
    async fn due_on(&self) -> Date {
        Date(self.0.due_on)
    }

    /// Where it stands.
    async fn status(&self) -> MeasureStatus {
        self.0.status
    }

    /// What came of it, or why it was not done. Sensitive.
    async fn result(&self) -> Option<&str> {
        self.0.show(measure::Column::Result, |row| &row.result)?.as_deref()
    }

    /// The day on which it was done.
    async fn done_on(&self) -> Option<Date> {
        self.0.done_on.map(Date)
    }

    /// What the viewer could do with it now.
    async fn viewer_permissions(&self, ctx: &Context<'_>) -> Result<MeasurePermissions> {
        permission::of_measure(ctx, &self.0).await
    }

    /// The names of the fields of this object that are hidden from the viewer.
    async fn redacted_fields(&self) -> Vec<String> {
        use measure::Column;
        self.0.hidden(&[("description", Column::Description), ("result", Column::Result)])
    }
}

/// An agency's signature under a plan, given or still missing.
#[Object(serial)]
impl SignOff {
    /// The agency.
    async fn organisation(&self, ctx: &Context<'_>) -> Option<Result<Organisation>> {
        one(ctx, Some(By::<entity::organisation::Entity>::id(self.0.organisation_id))).await
    }

    /// Who signed for it.
    async fn worker(&self, ctx: &Context<'_>) -> Option<Result<Worker>> {
        one(ctx, self.0.worker_id.map(By::<entity::worker::Entity>::id)).await
    }

    /// When it signed; null while the signature is missing.
    async fn signed_at(&self) -> Option<Instant> {
        self.0.signed_at.map(Instant)
    }
}
