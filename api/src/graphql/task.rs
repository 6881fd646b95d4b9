//! What is due: to whom, and until when.

use async_graphql::{Context, ID, InputObject, Object};
use entity::task::{TaskKind, TaskStatus};
use uuid::Uuid;

use super::break_glass::BreakGlass;
use super::case::Case;
use super::concern::ConcernReport;
use super::family::Family;
use super::id::Kind;
use super::input::{DateRange, Direction, objects, orders};
use super::loader::{Asking, By, one};
use super::organisation::{Organisation, Worker};
use super::page::{Asked, Connection, page};
use super::plan::{Measure, Plan};
use super::scalar::{Date, Instant};
use crate::access::policy::Action;
use crate::casework;
use crate::casework::task::TaskFilter as Narrowed;
use crate::error::Result;

objects! {
    /// What is due.
    Task of task;
}

/// What is due, to whom and until when. It is made by the act that makes it due and closed by the
/// act that it asks for; there is one for each kind and subject.
#[Object(serial)]
impl Task {
    /// Id with the prefix `task_`.
    pub(super) async fn id(&self) -> ID {
        Kind::Task.id(self.0.id)
    }

    /// Grows with each change.
    pub(super) async fn version(&self) -> i32 {
        self.0.version
    }

    /// When it was made.
    pub(super) async fn created_at(&self) -> Instant {
        Instant(self.0.created_at)
    }

    /// When it was last changed.
    pub(super) async fn updated_at(&self) -> Instant {
        Instant(self.0.updated_at)
    }

    /// What is due.
    async fn kind(&self) -> TaskKind {
        self.0.kind
    }

    /// Where it stands.
    async fn status(&self) -> TaskStatus {
        self.0.status
    }

    /// The day until which it is due.
    async fn due_on(&self) -> Date {
        Date(self.0.due_on)
    }

    /// Whether it is open and that day has passed.
    async fn is_overdue(&self, ctx: &Context<'_>) -> Result<bool> {
        let today = ctx.session()?.today();
        Ok(self.0.status == TaskStatus::Open && self.0.due_on < today)
    }

    /// Whose task it is; null while it is anybody's in the organisation.
    async fn owner(&self, ctx: &Context<'_>) -> Option<Result<Worker>> {
        one(ctx, self.0.owner_id.map(By::<entity::worker::Entity>::id)).await
    }

    /// The organisation that owes it.
    async fn organisation(&self, ctx: &Context<'_>) -> Option<Result<Organisation>> {
        one(ctx, Some(By::<entity::organisation::Entity>::id(self.0.organisation_id))).await
    }

    /// The case that it is part of.
    async fn case(&self, ctx: &Context<'_>) -> Option<Result<Case>> {
        one(ctx, self.0.case_id.map(By::<entity::case::Entity>::id)).await
    }

    /// The family that it concerns; null for a report that is not linked to one yet, and for a review.
    async fn family(&self, ctx: &Context<'_>) -> Option<Result<Family>> {
        one(ctx, self.0.family_id.map(By::<entity::family::Entity>::id)).await
    }

    /// The report to verify.
    async fn concern_report(&self, ctx: &Context<'_>) -> Option<Result<ConcernReport>> {
        one(ctx, self.0.concern_report_id.map(By::<entity::concern_report::Entity>::id)).await
    }

    /// The plan to review.
    async fn plan(&self, ctx: &Context<'_>) -> Option<Result<Plan>> {
        one(ctx, self.subject(TaskKind::PlanReview).map(By::<entity::plan::Entity>::id)).await
    }

    /// The measure to carry out.
    async fn measure(&self, ctx: &Context<'_>) -> Option<Result<Measure>> {
        one(ctx, self.subject(TaskKind::Measure).map(By::<entity::measure::Entity>::id)).await
    }

    /// The access in an emergency to review.
    async fn break_glass(&self, ctx: &Context<'_>) -> Option<Result<BreakGlass>> {
        let id = self.subject(TaskKind::BreakGlassReview);
        one(ctx, id.map(By::<entity::break_glass::Entity>::id)).await
    }

    /// When it was done or cancelled; null while it is open.
    async fn closed_at(&self) -> Option<Instant> {
        self.0.closed_at.map(Instant)
    }
}

impl Task {
    /// What a task of a kind is about.
    fn subject(&self, kind: TaskKind) -> Option<Uuid> {
        (self.0.kind == kind).then_some(self.0.subject_id)
    }
}

/// Narrows the list of tasks; what is given must all hold.
#[derive(InputObject, Debug)]
pub struct TaskFilter {
    /// Of one of these kinds.
    kind_in: Option<Vec<TaskKind>>,
    /// In one of these states; open ones unless said.
    status_in: Option<Vec<TaskStatus>>,
    /// Owned by one of these workers, up to 100.
    owner_id_in: Option<Vec<ID>>,
    /// Owned by the viewer.
    #[graphql(default)]
    mine: bool,
    /// Owed by one of these organisations, up to 100 (branches are not looked at).
    organisation_id_in: Option<Vec<ID>>,
    /// Part of one of these cases, up to 100.
    case_id_in: Option<Vec<ID>>,
    /// Due in these days.
    due_on: Option<DateRange>,
    /// Open and past the day on which it was due, or not.
    is_overdue: Option<bool>,
}

orders! {
    TaskOrder by TaskOrderField of task {
        /// By the day until which it is due.
        DueOn = DueOn,
    }
}

impl TaskFilter {
    fn narrowed(filter: Option<Self>, viewer: Option<Uuid>) -> Result<Narrowed> {
        let Some(filter) = filter else { return Ok(Narrowed::default()) };
        Ok(Narrowed {
            kind_in: filter.kind_in,
            status_in: filter.status_in,
            owner_in: Kind::Worker.parse_all(filter.owner_id_in)?,
            of: filter.mine.then_some(viewer),
            organisation_in: Kind::Organisation.parse_all(filter.organisation_id_in)?,
            case_in: Kind::Case.parse_all(filter.case_id_in)?,
            due: filter.due_on.map(Into::into),
            is_overdue: filter.is_overdue,
        })
    }
}

/// Roots for what is due.
#[derive(Default)]
pub struct TaskQuery;

#[Object]
impl TaskQuery {
    /// What is due by the viewer's organisation, or in a coordinator's area. Open tasks unless the
    /// filter says otherwise, those overdue longest first.
    async fn tasks(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, 1 to 100; 25 unless said.")] first: Option<i32>,
        #[graphql(desc = "Behind this cursor.")] after: Option<String>,
        #[graphql(desc = "Which ones.")] filter: Option<TaskFilter>,
        #[graphql(desc = "In which order; by due day, earliest first, unless said.")]
        order_by: Option<TaskOrder>,
    ) -> Option<Result<Connection<Task>>> {
        Some(tasks(ctx, first, after, filter, order_by).await)
    }
}

async fn tasks(
    ctx: &Context<'_>,
    first: Option<i32>,
    after: Option<String>,
    filter: Option<TaskFilter>,
    order_by: Option<TaskOrder>,
) -> Result<Connection<Task>> {
    let session = ctx.session()?;
    session.may(Action::ReadTasks)?;
    let filter = TaskFilter::narrowed(filter, session.viewer().worker_id)?;
    let by_day = TaskOrder { field: TaskOrderField::DueOn, direction: Direction::Asc };
    let asked = Asked {
        first,
        after,
        order: TaskOrder::keyset(Some(order_by.unwrap_or(by_day))),
        filter: format!("tasks {filter:?}"),
    };
    page(ctx, casework::task::tasks(session, filter), asked).await
}
