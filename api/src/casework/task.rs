//! What is due, to whom and until when. A task is made by the act that makes it due, and closed by
//! the act that it asks for; there is one for each kind and subject, so that making it again
//! changes it.

use chrono::{DateTime, NaiveDate, Utc};
use entity::assignment::{self, AssignmentRole};
use entity::task::{self, Column, TaskKind, TaskStatus};
use entity::{break_glass, case, concern_report};
use sea_orm::sea_query::{Expr, ExprTrait, Func, OnConflict, Query, SimpleExpr};
use sea_orm::{ActiveEnum, ColumnTrait, Iterable, ModelTrait};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::Range;
use crate::access::{Rows, Session};

/// The kind of row that a task is, by the prefix of its ids.
pub const KIND: &str = "task";

/// What is due, or done, of a kind for a subject.
#[derive(Clone, Debug)]
pub struct Due {
    /// What is due.
    pub kind: TaskKind,
    /// The row that it is about: a report, a case, a plan or a measure.
    pub subject_id: Uuid,
    family_id: Option<Uuid>,
    case_id: Option<Uuid>,
    concern_report_id: Option<Uuid>,
    organisation_id: Uuid,
    owner: Owner,
    day: NaiveDate,
    status: TaskStatus,
}

/// Whose task something is.
#[derive(Clone, Copy, Debug)]
enum Owner {
    /// Nobody's yet: it waits to be taken up.
    Nobody,
    /// A worker's.
    Worker(Uuid),
    /// Whoever leads the case when it becomes due; else whoever makes it due.
    Lead,
}

impl Due {
    /// That a report is to be verified until a day. It names no family: who received the report
    /// must see that it is due, also where they don't see the family.
    pub const fn verification(report: &concern_report::Model, due_on: NaiveDate) -> Self {
        Self {
            kind: TaskKind::Verification,
            subject_id: report.id,
            family_id: None,
            case_id: None,
            concern_report_id: Some(report.id),
            organisation_id: report.organisation_id,
            owner: Owner::Nobody,
            day: due_on,
            status: TaskStatus::Open,
        }
    }

    /// That something of a case is due on a day: the subject of `VISIT` and `ASSESSMENT` is the
    /// case, of `PLAN_REVIEW` the plan.
    pub const fn of_case(
        kind: TaskKind,
        subject_id: Uuid,
        case: &case::Model,
        due_on: NaiveDate,
    ) -> Self {
        Self {
            kind,
            subject_id,
            family_id: Some(case.family_id),
            case_id: Some(case.id),
            concern_report_id: None,
            organisation_id: case.lead_organisation_id,
            owner: Owner::Lead,
            day: due_on,
            status: TaskStatus::Open,
        }
    }

    /// That a measure is due: whichever agency carries it out, the office that leads the case sees
    /// to it.
    pub const fn measure(measure: &entity::measure::Model, case: &case::Model) -> Self {
        Self {
            kind: TaskKind::Measure,
            subject_id: measure.id,
            family_id: Some(measure.family_id),
            case_id: Some(measure.case_id),
            concern_report_id: None,
            organisation_id: case.lead_organisation_id,
            owner: Owner::Lead,
            day: measure.due_on,
            status: TaskStatus::Open,
        }
    }

    /// That access which was taken in an emergency is to be reviewed by a day, by whichever supervisor
    /// takes it up. It names no family: who reviews may not see it.
    pub const fn break_glass_review(row: &break_glass::Model, due_on: NaiveDate) -> Self {
        Self {
            kind: TaskKind::BreakGlassReview,
            subject_id: row.id,
            family_id: None,
            case_id: None,
            concern_report_id: None,
            organisation_id: row.organisation_id,
            owner: Owner::Nobody,
            day: due_on,
            status: TaskStatus::Open,
        }
    }

    /// The id of the task, which follows from what it is: whoever makes it makes the same one.
    pub fn id(&self) -> Uuid {
        let mut digest = Sha256::new();
        digest.update(self.kind.to_value());
        digest.update(self.subject_id.as_bytes());
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&digest.finalize()[..16]);
        uuid::Builder::from_custom_bytes(bytes).into_uuid()
    }

    /// Whose task it is, if that is known: else the lead worker's, or nobody's without a case.
    #[must_use]
    pub fn owned_by(self, worker_id: Option<Uuid>) -> Self {
        let owner = worker_id.map_or(self.owner, Owner::Worker);
        Self { owner, ..self }
    }

    /// That the act was recorded.
    #[must_use]
    pub fn done(self) -> Self {
        Self { status: TaskStatus::Done, ..self }
    }

    /// That it is no longer needed.
    #[must_use]
    pub fn cancelled(self) -> Self {
        Self { status: TaskStatus::Cancelled, ..self }
    }

    /// The values of the row that says so, in the order of the columns.
    pub fn values(self, now: DateTime<Utc>, by: Option<Uuid>) -> Vec<SimpleExpr> {
        let lead = self.case_id.filter(|_| matches!(self.owner, Owner::Lead));
        let row = self.row(now, by);
        let value = |column| match (column, lead) {
            (Column::OwnerId, Some(case_id)) => lead_of(case_id, by),
            _ => Expr::val(row.get(column)),
        };
        Column::iter().map(value).collect()
    }

    /// The row that says so; its owner is known where a worker was named.
    pub fn row(self, now: DateTime<Utc>, by: Option<Uuid>) -> task::Model {
        let is_open = self.status == TaskStatus::Open;
        task::Model {
            id: self.id(),
            kind: self.kind,
            subject_id: self.subject_id,
            family_id: self.family_id,
            case_id: self.case_id,
            concern_report_id: self.concern_report_id,
            organisation_id: self.organisation_id,
            owner_id: match self.owner {
                Owner::Worker(id) => Some(id),
                Owner::Lead | Owner::Nobody => None,
            },
            due_on: self.day,
            status: self.status,
            closed_at: (!is_open).then_some(now),
            closed_by: if is_open { None } else { by },
            version: 1,
            created_at: now,
            updated_at: now,
        }
    }
}

/// The worker who leads a case now, or else another one.
fn lead_of(case_id: Uuid, otherwise: Option<Uuid>) -> SimpleExpr {
    let mut lead = Query::select();
    lead.column((assignment::Entity, assignment::Column::WorkerId))
        .from(assignment::Entity)
        .and_where(assignment::Column::CaseId.eq(case_id))
        .and_where(assignment::Column::Role.eq(AssignmentRole::Lead))
        .and_where(assignment::Column::Until.is_null());
    let lead = SimpleExpr::SubQuery(None, Box::new(lead.into()));
    Func::coalesce([lead, Expr::val(otherwise)]).into()
}

/// What becomes of a task that is there already. One that is closed keeps the day on which it was
/// due, and its owner.
pub fn again() -> OnConflict {
    let stays = |column: Column| {
        let new = || Expr::col(("excluded", column));
        let is_open = Expr::col(("excluded", Column::Status)).eq(TaskStatus::Open.to_value());
        Expr::case(is_open, new()).finally(Expr::col((task::Entity, column)))
    };
    OnConflict::columns([Column::Kind, Column::SubjectId])
        .update_columns([
            Column::FamilyId,
            Column::CaseId,
            Column::ConcernReportId,
            Column::OrganisationId,
            Column::Status,
            Column::ClosedAt,
            Column::ClosedBy,
            Column::UpdatedAt,
        ])
        .value(Column::DueOn, stays(Column::DueOn))
        .value(Column::OwnerId, stays(Column::OwnerId))
        .value(Column::Version, Expr::col((task::Entity, Column::Version)).add(1))
        .to_owned()
}

/// What narrows a list of tasks.
#[derive(Debug, Default)]
pub struct TaskFilter {
    /// Of one of these kinds.
    pub kind_in: Option<Vec<TaskKind>>,
    /// In one of these states; open ones unless said.
    pub status_in: Option<Vec<TaskStatus>>,
    /// Owned by one of these workers.
    pub owner_in: Option<Vec<Uuid>>,
    /// Owned by this worker; by nobody, if it is none.
    pub of: Option<Option<Uuid>>,
    /// Owed by one of these organisations.
    pub organisation_in: Option<Vec<Uuid>>,
    /// About one of these cases.
    pub case_in: Option<Vec<Uuid>>,
    /// Due in these days.
    pub due: Option<Range<NaiveDate>>,
    /// Open and past the day on which it was due, or not.
    pub is_overdue: Option<bool>,
}

/// The tasks that the viewer may see.
pub fn tasks(session: &Session, filter: TaskFilter) -> Rows<task::Entity> {
    let statuses = filter.status_in.unwrap_or_else(|| vec![TaskStatus::Open]);
    let late = Column::Status.eq(TaskStatus::Open).and(Column::DueOn.lt(session.today()));
    let rows = session
        .find::<task::Entity>()
        .filter(Column::Status.is_in(statuses))
        .filter_some(filter.kind_in, |kinds| Column::Kind.is_in(kinds))
        .filter_some(filter.owner_in, |owners| Column::OwnerId.is_in(owners))
        .filter_some(filter.of, |owner| Column::OwnerId.eq(owner))
        .filter_some(filter.organisation_in, |ids| Column::OrganisationId.is_in(ids))
        .filter_some(filter.case_in, |cases| Column::CaseId.is_in(cases))
        .filter_some(filter.is_overdue, |overdue| if overdue { late } else { late.not() });
    match filter.due {
        Some(range) => rows.filter(range.condition(Column::DueOn)),
        None => rows,
    }
}
