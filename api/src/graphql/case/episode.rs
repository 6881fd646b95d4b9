//! The openings of a case: episodes with their notes, and who was assigned.

use async_graphql::{Context, ID, Object};
use entity::assignment::AssignmentRole;
use entity::case_note::CaseNoteKind;
use entity::episode::{self, ClosureClass};

use crate::access::Row;
use crate::casework;
use crate::error::Result;
use crate::graphql::concern::ConcernReport;
use crate::graphql::id::Kind;
use crate::graphql::input::objects;
use crate::graphql::loader::{By, many, one, questions};
use crate::graphql::organisation::Worker;
use crate::graphql::scalar::{Date, Instant};

objects! {
    /// One opening of a case.
    Episode of episode;
    /// A worker's assignment to a case.
    Assignment of assignment;
    /// A note of an episode.
    CaseNote of case_note;
}

questions! {
    /// The notes of an episode, first first.
    NotesOf -> Vec<Row<entity::case_note::Model>> = casework::case::notes_of;
}

/// One opening of a case, from the day it was opened to the day it was closed.
#[Object(serial)]
impl Episode {
    /// Id with the prefix `episode_`.
    pub(in crate::graphql) async fn id(&self) -> ID {
        Kind::Episode.id(self.0.id)
    }

    /// Its number in the case, from 1.
    async fn number(&self) -> i32 {
        self.0.no
    }

    /// First day.
    async fn opened_on(&self) -> Date {
        Date(self.0.opened_on)
    }

    /// Why it was opened. Sensitive.
    async fn reason(&self) -> Option<&str> {
        Some(self.0.show(episode::Column::Reason, |row| &row.reason)?)
    }

    /// The report that it follows from, if the viewer may see it.
    async fn source_report(&self, ctx: &Context<'_>) -> Option<Result<ConcernReport>> {
        one(ctx, self.0.source_report_id.map(By::<entity::concern_report::Entity>::id)).await
    }

    /// Last day; null while it is open.
    async fn closed_on(&self) -> Option<Date> {
        self.0.closed_on.map(Date)
    }

    /// How it ended.
    async fn closure_class(&self) -> Option<ClosureClass> {
        self.0.closure_class
    }

    /// The local reason of the closure. Sensitive.
    async fn closure_reason(&self) -> Option<&str> {
        self.0.show(episode::Column::ClosureReason, |row| &row.closure_reason)?.as_deref()
    }

    /// Summary at the closure. Sensitive.
    async fn summary(&self) -> Option<&str> {
        self.0.show(episode::Column::Summary, |row| &row.summary)?.as_deref()
    }

    /// Who asked for the closure.
    async fn closed_by(&self, ctx: &Context<'_>) -> Option<Result<Worker>> {
        one(ctx, self.0.closed_by_id.map(By::<entity::worker::Entity>::id)).await
    }

    /// Who approved the closure: somebody else.
    async fn approved_by(&self, ctx: &Context<'_>) -> Option<Result<Worker>> {
        one(ctx, self.0.approved_by_id.map(By::<entity::worker::Entity>::id)).await
    }

    /// What was added after it was closed, and why a closure was sent back, first first.
    async fn notes(&self, ctx: &Context<'_>) -> Result<Vec<CaseNote>> {
        many(ctx, NotesOf(self.0.id)).await
    }

    /// The names of the fields of this object that are hidden from the viewer.
    async fn redacted_fields(&self) -> Vec<String> {
        use episode::Column;
        self.0.hidden(&[
            ("reason", Column::Reason),
            ("closureReason", Column::ClosureReason),
            ("summary", Column::Summary),
        ])
    }
}

/// A worker's assignment to a case, for a time.
#[Object(serial)]
impl Assignment {
    /// Id with the prefix `assignment_`.
    pub(in crate::graphql) async fn id(&self) -> ID {
        Kind::Assignment.id(self.0.id)
    }

    /// The worker.
    async fn worker(&self, ctx: &Context<'_>) -> Option<Result<Worker>> {
        one(ctx, Some(By::<entity::worker::Entity>::id(self.0.worker_id))).await
    }

    /// What the worker is in the case.
    async fn role(&self) -> AssignmentRole {
        self.0.role
    }

    /// First day.
    async fn since(&self) -> Date {
        Date(self.0.since)
    }

    /// The day after the last; null while it lasts.
    async fn until(&self) -> Option<Date> {
        self.0.until.map(Date)
    }
}

/// A note of an episode, which is never changed.
#[Object(serial)]
impl CaseNote {
    /// Id with the prefix `note_`.
    async fn id(&self) -> ID {
        Kind::CaseNote.id(self.0.id)
    }

    /// Why it was written.
    async fn kind(&self) -> CaseNoteKind {
        self.0.kind
    }

    /// What it says. Sensitive.
    async fn body(&self) -> Option<&str> {
        Some(self.0.show(entity::case_note::Column::Body, |row| &row.body)?)
    }

    /// Who wrote it.
    async fn author(&self, ctx: &Context<'_>) -> Option<Result<Worker>> {
        one(ctx, Some(By::<entity::worker::Entity>::id(self.0.author_id))).await
    }

    /// When it was recorded.
    async fn recorded_at(&self) -> Instant {
        Instant(self.0.recorded_at)
    }

    /// The names of the fields of this object that are hidden from the viewer.
    async fn redacted_fields(&self) -> Vec<String> {
        self.0.hidden(&[("body", entity::case_note::Column::Body)])
    }
}
