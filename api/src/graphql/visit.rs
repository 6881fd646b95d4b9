//! Visits to families.

pub mod mutation;

use async_graphql::{Context, ID, Object};
use entity::visit::{self, VisitPurpose, VisitStatus};
use entity::visit_child;

use super::case::Case;
use super::concern::ConcernReport;
use super::enrolment::Enrolment;
use super::id::Kind;
use super::input::objects;
use super::loader::{By, last_questions, many, one, questions};
use super::organisation::Worker;
use super::permission::{self, VisitPermissions};
use super::person::{Child, ChildBy};
use super::scalar::{Date, Instant};
use crate::access::Row;
use crate::casework;
use crate::error::Result;

objects! {
    /// A visit to a family.
    Visit of visit;
    /// Whether a child was seen at a visit.
    VisitChild of visit_child;
}

last_questions! {
    /// The last visits of a case, latest first.
    LastVisitsOf -> Row<visit::Model> = casework::visit::last_of_cases;
}

questions! {
    /// Which children were seen at a visit.
    ChildrenAt -> Vec<Row<visit_child::Model>> = casework::visit::children_of;
    /// When the family of a case is to be visited next.
    NextVisitDueOf -> chrono::NaiveDate = casework::visit::next_due_of_cases;
}

/// A visit to a family, planned or made.
#[Object(serial)]
impl Visit {
    /// Id with the prefix `visit_`.
    pub(super) async fn id(&self) -> ID {
        Kind::Visit.id(self.0.id)
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

    /// The case; null where it verifies a report before there is one, or follows an enrolment.
    async fn case(&self, ctx: &Context<'_>) -> Option<Result<Case>> {
        one(ctx, self.0.case_id.map(By::<entity::case::Entity>::id)).await
    }

    /// The report that it verifies, if the viewer may see it.
    async fn concern_report(&self, ctx: &Context<'_>) -> Option<Result<ConcernReport>> {
        one(ctx, self.0.concern_report_id.map(By::<entity::concern_report::Entity>::id)).await
    }

    /// The enrolment in a programme whose end it follows.
    async fn enrolment(&self, ctx: &Context<'_>) -> Option<Result<Enrolment>> {
        one(ctx, self.0.enrolment_id.map(By::<entity::enrolment::Entity>::id)).await
    }

    /// Who visits or visited.
    async fn worker(&self, ctx: &Context<'_>) -> Option<Result<Worker>> {
        one(ctx, self.0.worker_id.map(By::<entity::worker::Entity>::id)).await
    }

    /// Why.
    async fn purpose(&self) -> VisitPurpose {
        self.0.purpose
    }

    /// The day that it is planned for.
    async fn scheduled_for(&self) -> Date {
        Date(self.0.scheduled_for)
    }

    /// When it was made; null unless it was.
    async fn visited_at(&self) -> Option<Instant> {
        self.0.visited_at.map(Instant)
    }

    /// Where it stands.
    async fn status(&self) -> VisitStatus {
        self.0.status
    }

    /// What was seen and agreed. Sensitive.
    async fn note(&self) -> Option<&str> {
        self.0.show(visit::Column::Note, |row| &row.note)?.as_deref()
    }

    /// When the next one is due.
    async fn next_due_on(&self) -> Option<Date> {
        self.0.next_due_on.map(Date)
    }

    /// Which children were seen.
    async fn children(&self, ctx: &Context<'_>) -> Result<Vec<VisitChild>> {
        many(ctx, ChildrenAt(self.0.id)).await
    }

    /// What the viewer could do with it now.
    async fn viewer_permissions(&self, ctx: &Context<'_>) -> Result<VisitPermissions> {
        permission::of_visit(ctx, &self.0).await
    }

    /// The names of the fields of this object that are hidden from the viewer.
    async fn redacted_fields(&self) -> Vec<String> {
        self.0.hidden(&[("note", visit::Column::Note)])
    }
}

/// Whether a child was seen at a visit, and seen alone.
#[Object(serial)]
impl VisitChild {
    /// The child.
    async fn child(&self, ctx: &Context<'_>) -> Option<Result<Child>> {
        one(ctx, Some(ChildBy(self.0.person_id))).await
    }

    /// Whether the child was seen. Sensitive.
    async fn is_seen(&self) -> Option<bool> {
        self.0.show(visit_child::Column::Seen, |row| &row.seen).copied()
    }

    /// Whether the child was seen alone. Sensitive.
    async fn is_seen_alone(&self) -> Option<bool> {
        self.0.show(visit_child::Column::SeenAlone, |row| &row.seen_alone).copied()
    }

    /// The names of the fields of this object that are hidden from the viewer.
    async fn redacted_fields(&self) -> Vec<String> {
        use visit_child::Column;
        self.0.hidden(&[("isSeen", Column::Seen), ("isSeenAlone", Column::SeenAlone)])
    }
}
