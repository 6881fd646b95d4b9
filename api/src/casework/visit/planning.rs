//! Planning a visit.

use chrono::{Months, NaiveDate};
use entity::membership::{self, Role};
use entity::visit::{self, VisitPurpose, VisitStatus};
use entity::worker::{self, WorkerStatus};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, IntoSimpleExpr, QueryFilter};
use uuid::Uuid;

use super::due;
use super::occasion::{About, Occasion, check_purpose};
use crate::access::Session;
use crate::access::policy::Action;
use crate::casework::change::{Change, Key, Right, Subject};
use crate::casework::check::Checks;
use crate::casework::problem::{Halt, Problem};
use crate::casework::staff::{By, memberships, seeing};
use crate::casework::wording::Text;

/// What plans a visit.
#[derive(Clone, Debug)]
pub struct Schedule {
    /// The id that the client made, or none.
    pub id: Option<Uuid>,
    /// What it is for.
    pub about: About,
    /// Why; a visit for a report verifies it.
    pub purpose: Option<VisitPurpose>,
    /// The day.
    pub scheduled_for: NaiveDate,
    /// Who visits; the viewer unless said.
    pub worker_id: Option<Uuid>,
}

/// Plans a visit; it is due on that day, or earlier if it was so before. Planning a visit for a
/// report begins its verification.
pub async fn schedule(session: &Session, key: &Key, command: &Schedule) -> Result<Uuid, Halt> {
    let id = command.id.unwrap_or_else(Uuid::now_v7);
    let subject = Subject::new("visit", id);
    let mut change = Change::begin(session, Action::VisitSchedule, key, subject).await?;
    let purpose = command.check(session)?;
    let viewer = change.worker()?;
    let occasion = Occasion::enter(&change, command.about, None).await?;
    let worker_id = command.worker_id.unwrap_or(viewer);
    if worker_id != viewer {
        check_worker(&change, worker_id, &occasion).await?;
    }
    occasion.verify(&mut change, Some(worker_id)).await?;
    let visit = Plan { id, purpose, worker_id, day: command.scheduled_for };
    let visit = change.insert(visit.row(&change, &occasion)).await?;
    if let Occasion::Case(case, _) = &occasion {
        due::planned(&mut change, case, &visit).await?;
    }
    change.commit().await
}

impl Schedule {
    fn check(&self, session: &Session) -> Result<VisitPurpose, Halt> {
        let mut checks = Checks::default();
        let purpose = self.about.check(&mut checks, self.purpose);
        let today = session.today();
        let (path, day) = ("input.scheduledFor", self.scheduled_for);
        checks.hold(day >= today, path, Text::InPast { today });
        let latest = today + Months::new(24);
        checks.hold(day <= latest, path, Text::TooLate { latest });
        checks.done()?;
        check_purpose(session, purpose)?;
        Ok(purpose)
    }
}

/// A visit as it is planned.
pub struct Plan {
    /// Its id.
    pub id: Uuid,
    /// Why.
    pub purpose: VisitPurpose,
    /// Who visits.
    pub worker_id: Uuid,
    /// The day.
    pub day: NaiveDate,
}

impl Plan {
    /// The row of a visit that is planned.
    pub fn row(self, change: &Change, occasion: &Occasion) -> visit::Model {
        let (now, by) = (change.session().now(), change.by());
        let about = occasion.about();
        visit::Model {
            id: self.id,
            case_id: about.case_id,
            concern_report_id: about.concern_report_id,
            enrolment_id: about.enrolment_id,
            family_id: occasion.family_id(),
            worker_id: Some(self.worker_id),
            purpose: self.purpose,
            scheduled_for: self.day,
            visited_at: None,
            status: VisitStatus::Scheduled,
            note: None,
            next_due_on: None,
            recorded_at: now,
            version: 1,
            created_at: now,
            updated_at: now,
            created_by: by,
            updated_by: by,
            voided_at: None,
            void_reason: None,
        }
    }
}

/// Refuses anybody but an active worker who visits families for the organisation whose duty the
/// visit is, or for the viewer's: in it, above it or below it; and who sees this one.
async fn check_worker(change: &Change, id: Uuid, occasion: &Occasion) -> Result<(), Halt> {
    let own = change.session().viewer().organisation_id;
    let mut staff = memberships(change, &[occasion.organisation_id(), own]);
    // As what somebody visits, and by which grants such a one sees the family.
    let visits = |roles: &[Role], by: By| {
        let home = Expr::col((membership::Entity, membership::Column::OrganisationId));
        let sees = home.in_subquery(seeing(change, occasion.family_id(), by));
        membership::Column::Role.is_in(roles.iter().copied()).and(sees)
    };
    let office = visits(&[Role::Caseworker, Role::Supervisor], By::Full);
    staff
        .column((membership::Entity, membership::Column::WorkerId))
        .and_where(office.or(visits(&[Role::CentreStaff], By::Placement)));
    let found = change
        .see::<worker::Entity>(Right::ANY)
        .filter(worker::Column::Id.eq(id))
        .filter(worker::Column::Status.eq(WorkerStatus::Active))
        .filter(worker::Column::Id.into_simple_expr().in_subquery(staff))
        .one(change.connection())
        .await?;
    found.map(drop).ok_or_else(|| Problem::not_found("input.workerId").into())
}
