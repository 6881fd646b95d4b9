//! Recording what became of a visit, planned or not.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use entity::membership::Role;
use entity::visit::{self, VisitPurpose, VisitStatus};
use entity::visit_child;
use sea_orm::{ColumnTrait, QueryFilter};
use uuid::Uuid;

use super::due;
use super::occasion::{About, Occasion, check_purpose, level};
use super::planning::Plan;
use crate::access::Session;
use crate::access::policy::Action;
use crate::access::viewer::Viewer;
use crate::casework::case::opening::next_visit_on;
use crate::casework::change::{Change, Key, Subject};
use crate::casework::check::{Checks, LONG};
use crate::casework::household::Household;
use crate::casework::problem::{Halt, Problem};
use crate::casework::state::Machine;
use crate::casework::wording::Text;

/// How many days back a visit may be recorded.
const LONGEST_DELAY: TimeDelta = TimeDelta::days(90);

/// What records a visit.
#[derive(Clone, Debug)]
pub struct Record {
    /// The planned visit; or the id of a new one that the client made, or none.
    pub id: Option<Uuid>,
    /// What it was for, unless it was planned.
    pub about: About,
    /// Why it was made, unless it was planned.
    pub purpose: Option<VisitPurpose>,
    /// What became of it.
    pub outcome: VisitStatus,
    /// When the family was visited.
    pub visited_at: Option<DateTime<Utc>>,
    /// What was seen and agreed, or why the family was not seen.
    pub note: Option<String>,
    /// The children who were met, or not.
    pub children: Vec<Seen>,
    /// The version that this was decided on, if it is to be checked.
    pub expected_version: Option<i32>,
}

/// Whether a child was seen.
#[derive(Clone, Copy, Debug)]
pub struct Seen {
    /// The child.
    pub person_id: Uuid,
    /// At all.
    pub seen: bool,
    /// Alone.
    pub seen_alone: bool,
}

/// Records what became of a visit; what was recorded is never changed.
pub async fn record(session: &Session, key: &Key, command: &Record) -> Result<Uuid, Halt> {
    let id = command.id.unwrap_or_else(Uuid::now_v7);
    let subject = Subject::new("visit", id);
    let mut change = Change::begin(session, Action::VisitRecord, key, subject).await?;
    command.check(session)?;
    let worker = change.worker()?;
    let planned = planned(&change, command.id).await?;
    let occasion = match &planned {
        Some(visit) => command.of_planned(&change, visit).await?,
        None => command.of_unplanned(&change).await?,
    };
    let children = command.children(&change, id, &occasion).await?;
    let is_planned = planned.is_some();
    let visit = match planned {
        Some(before) => command.amend(&mut change, &occasion, before).await?,
        None => command.add(&mut change, &occasion, (id, worker)),
    };
    change.insert_last(children);
    match &occasion {
        Occasion::Case(case, _) => due::recorded(&mut change, case, &visit).await?,
        // What was planned may be made and told after the report was decided by other evidence.
        Occasion::Report(report, _)
            if command.was_there() && !(is_planned && report.status.is_final()) =>
        {
            occasion.verify(&mut change, visit.worker_id).await?;
        }
        Occasion::Report(..) | Occasion::Enrolment(..) => {}
    }
    change.commit().await
}

/// The visit that an id names, if there is one that the viewer sees. It is not kept: its case or its
/// report is, and the version in the statement that writes it says whether others were first.
async fn planned(change: &Change, id: Option<Uuid>) -> Result<Option<visit::Model>, Halt> {
    let Some(id) = id else { return Ok(None) };
    let visit = change
        .see::<visit::Entity>(level(change.session()))
        .filter(visit::Column::Id.eq(id))
        .filter(visit::Column::VoidedAt.is_null())
        .one(change.connection())
        .await?;
    Ok(visit)
}

/// Whether a planned visit is the viewer's to record: of who visits from a centre, only their own.
pub fn is_for(viewer: &Viewer, visit: &visit::Model) -> bool {
    viewer.role != Role::CentreStaff || visit.worker_id == viewer.worker_id
}

impl Record {
    /// Whether somebody went there.
    const fn was_there(&self) -> bool {
        matches!(self.outcome, VisitStatus::Completed | VisitStatus::NoAccess)
    }

    /// The local day of the visit.
    fn day(&self, session: &Session) -> Option<NaiveDate> {
        self.visited_at.map(|at| session.day_of(at))
    }

    fn check(&self, session: &Session) -> Result<(), Halt> {
        let mut checks = Checks::default();
        checks.some_text("input.note", self.note.as_deref(), LONG);
        let is_told = self.note.as_deref().is_some_and(|note| !note.trim().is_empty());
        let is_completed = self.outcome == VisitStatus::Completed;
        checks.hold(is_told || is_completed, "input.note", Text::ReasonRequired);
        self.check_time(&mut checks, session);
        let listed = self.children.is_empty() || is_completed;
        checks.hold(listed, "input.children", Text::NotWithOutcome);
        let persons: Vec<_> = self.children.iter().map(|child| child.person_id).collect();
        checks.distinct("input.children", &persons);
        for (place, child) in self.children.iter().enumerate() {
            let path = format!("input.children.{place}.seenAlone");
            checks.hold(child.seen || !child.seen_alone, &path, Text::SeenAlone);
        }
        checks.done()
    }

    fn check_time(&self, checks: &mut Checks, session: &Session) {
        let path = "input.visitedAt";
        checks.hold(self.visited_at.is_some() == self.was_there(), path, {
            if self.was_there() { Text::Required } else { Text::NotWithOutcome }
        });
        let Some(at) = self.visited_at else { return };
        let today = session.today();
        checks.hold(at <= session.now(), path, Text::InFuture { today });
        let earliest = today - LONGEST_DELAY;
        checks.hold(session.day_of(at) >= earliest, path, Text::TooEarly { earliest });
    }

    /// What a planned visit is for, if this outcome can come of it.
    async fn of_planned(&self, change: &Change, visit: &visit::Model) -> Result<Occasion, Halt> {
        let viewer = change.session().viewer();
        if !is_for(viewer, visit) {
            return Err(Problem::at("input.id", Text::AnothersVisit).into());
        }
        visit.status.check(self.outcome, "input.outcome")?;
        let mut checks = Checks::default();
        let mut agree = |agrees, path| checks.hold(agrees, path, Text::VisitDiffers);
        let case_id = self.about.case_id;
        agree(case_id.is_none() || case_id == visit.case_id, "input.caseId");
        let report_id = self.about.concern_report_id;
        let same = report_id.is_none() || report_id == visit.concern_report_id;
        agree(same, "input.concernReportId");
        let purpose = self.purpose;
        agree(purpose.is_none_or(|purpose| purpose == visit.purpose), "input.purpose");
        checks.done()?;
        check_purpose(change.session(), visit.purpose)?;
        let occasion = self.enter(change, About::of(visit), Some("input.id")).await?;
        // The report may be about another family by now: that one was not to be visited.
        if occasion.family_id() != visit.family_id {
            return Err(Problem::at("input.id", Text::VisitDiffers).into());
        }
        Ok(occasion)
    }

    /// What a visit is for that nobody planned.
    async fn of_unplanned(&self, change: &Change) -> Result<Occasion, Halt> {
        if self.id.is_some() && self.about.is_silent() {
            return Err(Problem::not_found("input.id").into());
        }
        let mut checks = Checks::default();
        let purpose = self.about.check(&mut checks, self.purpose);
        checks.hold(self.was_there(), "input.outcome", Text::UnplannedOutcome);
        checks.done()?;
        check_purpose(change.session(), purpose)?;
        self.enter(change, self.about, None).await
    }

    async fn enter(
        &self,
        change: &Change,
        about: About,
        path: Option<&str>,
    ) -> Result<Occasion, Halt> {
        let occasion = Occasion::enter(change, about, path).await?;
        let earliest = occasion.earliest(change.session());
        if self.day(change.session()).is_some_and(|day| day < earliest) {
            return Err(Problem::at("input.visitedAt", Text::TooEarly { earliest }).into());
        }
        Ok(occasion)
    }

    /// Which children were seen: all of the family on that day, those left out as not seen.
    async fn children(
        &self,
        change: &Change,
        visit_id: Uuid,
        occasion: &Occasion,
    ) -> Result<Vec<visit_child::Model>, Halt> {
        let day = self.day(change.session());
        let Some(day) = day.filter(|_| self.outcome == VisitStatus::Completed) else {
            return Ok(Vec::new());
        };
        let level = level(change.session());
        let household = Household::read(change, occasion.family_id(), level).await?;
        let mut checks = Checks::default();
        for (place, child) in self.children.iter().enumerate() {
            if let Some(text) = household.no_child_on(child.person_id, day) {
                checks.fail(&format!("input.children.{place}.personId"), text);
            }
        }
        checks.done()?;
        let row = |person_id| {
            let told = self.children.iter().find(|child| child.person_id == person_id);
            let seen = told.is_some_and(|child| child.seen);
            let seen_alone = told.is_some_and(|child| child.seen_alone);
            visit_child::Model { visit_id, person_id, seen, seen_alone }
        };
        Ok(household.children_on(day).into_iter().map(row).collect())
    }

    /// A planned visit becomes what it came to.
    async fn amend(
        &self,
        change: &mut Change,
        occasion: &Occasion,
        before: visit::Model,
    ) -> Result<visit::Model, Halt> {
        let after = self.told(change, occasion, before.clone());
        change.expect_some(&before, &after, self.expected_version)?;
        change.update(&before, after).await
    }

    /// A visit that nobody planned, as if it had been planned for its day.
    fn add(
        &self,
        change: &mut Change,
        occasion: &Occasion,
        (id, worker_id): (Uuid, Uuid),
    ) -> visit::Model {
        let session = change.session();
        let purpose = self.purpose.unwrap_or(VisitPurpose::Verification);
        let day = self.day(session).unwrap_or_else(|| session.today());
        let plan = Plan { id, purpose, worker_id, day };
        let row = self.told(change, occasion, plan.row(change, occasion));
        change.insert_last(vec![row.clone()]);
        row
    }

    /// A visit with what became of it.
    fn told(&self, change: &Change, occasion: &Occasion, visit: visit::Model) -> visit::Model {
        let session = change.session();
        let made = self.day(session).filter(|_| self.outcome == VisitStatus::Completed);
        let next_due_on = match occasion {
            Occasion::Case(case, _) if due::is_led_here(change, case) => {
                made.and_then(|day| next_visit_on(session, case.support_level, day))
            }
            Occasion::Case(..) | Occasion::Report(..) | Occasion::Enrolment(..) => None,
        };
        visit::Model {
            status: self.outcome,
            visited_at: self.visited_at,
            note: self.note.clone(),
            next_due_on,
            recorded_at: session.now(),
            ..visit
        }
    }
}
