//! What a visit is for: a case, a report that is verified before there is a case, or an enrolment in
//! a programme that is over; and who may visit for what.

use chrono::{NaiveDate, TimeDelta};
use entity::membership::Role;
use entity::visit::{self, VisitPurpose};
use entity::{case, concern_report, enrolment, family, programme};
use sea_orm::sea_query::{ExprTrait, Query};
use sea_orm::{ColumnTrait, Condition, IntoSimpleExpr, QueryFilter, QuerySelect};
use uuid::Uuid;

use crate::access::Session;
use crate::casework::case::gate;
use crate::casework::change::{Change, KEPT, Right};
use crate::casework::check::Checks;
use crate::casework::concern::gate::moved_here;
use crate::casework::concern::verification::begin_verification;
use crate::casework::problem::{Halt, Problem};
use crate::casework::wording::Text;

/// What a visit is said to be for: one of them.
#[derive(Clone, Copy, Debug)]
pub struct About {
    /// The case.
    pub case_id: Option<Uuid>,
    /// The report that it verifies.
    pub concern_report_id: Option<Uuid>,
    /// The enrolment whose end it follows: such visits are planned with the end, by nobody else.
    pub enrolment_id: Option<Uuid>,
}

impl About {
    /// What a visit that is there already is for; its case, if it has both.
    pub const fn of(visit: &visit::Model) -> Self {
        let concern_report_id =
            if visit.case_id.is_some() { None } else { visit.concern_report_id };
        Self { case_id: visit.case_id, concern_report_id, enrolment_id: visit.enrolment_id }
    }

    /// Whether nothing was said.
    pub const fn is_silent(self) -> bool {
        self.case_id.is_none() && self.concern_report_id.is_none() && self.enrolment_id.is_none()
    }

    /// That exactly one is named, and a purpose that goes with it: the purpose.
    pub fn check(self, checks: &mut Checks, purpose: Option<VisitPurpose>) -> VisitPurpose {
        use VisitPurpose::Verification;
        checks.hold(!self.is_silent(), "input.caseId", Text::Required);
        let one = self.case_id.is_none() || self.concern_report_id.is_none();
        checks.hold(one, "input.concernReportId", Text::OnlyOne);
        if self.concern_report_id.is_some() {
            let verifies = purpose.is_none_or(|purpose| purpose == Verification);
            checks.hold(verifies, "input.purpose", Text::ReportPurpose);
            return Verification;
        }
        checks.hold(purpose.is_some(), "input.purpose", Text::Required);
        purpose.unwrap_or(Verification)
    }
}

/// What a visit is for, kept from others until the change is over.
#[derive(Clone, Debug)]
pub enum Occasion {
    /// An open case, and the first day of its episode.
    Case(Box<case::Model>, NaiveDate),
    /// A report that is linked to a family.
    Report(Box<concern_report::Model>, Uuid),
    /// An enrolment in a programme, and the organisation that runs it.
    Enrolment(Box<enrolment::Model>, Uuid),
}

impl Occasion {
    /// Reads and keeps what a visit is for; `path` says where it was named, if not by its own
    /// field.
    pub async fn enter(change: &Change, about: About, path: Option<&str>) -> Result<Self, Halt> {
        if let Some(case_id) = about.case_id {
            let path = path.unwrap_or("input.caseId");
            let level = level(change.session());
            let (case, begun) = gate::enter_episode(change, case_id, level, path).await?;
            return Ok(Self::Case(Box::new(case), begun));
        }
        if let Some(enrolment_id) = about.enrolment_id {
            return enrolment(change, enrolment_id, path.unwrap_or("input.id")).await;
        }
        let path = path.unwrap_or("input.concernReportId");
        let report_id = about.concern_report_id.ok_or_else(|| Problem::not_found(path))?;
        let report = report(change, report_id, path).await?;
        let family_id = report.family_id;
        let family_id = family_id.ok_or_else(|| Problem::at(path, Text::ReportUnlinked))?;
        Ok(Self::Report(Box::new(report), family_id))
    }

    /// The family that is visited.
    pub const fn family_id(&self) -> Uuid {
        match self {
            Self::Case(case, _) => case.family_id,
            Self::Report(_, family_id) => *family_id,
            Self::Enrolment(enrolment, _) => enrolment.family_id,
        }
    }

    /// The organisation whose duty the visit is.
    pub const fn organisation_id(&self) -> Uuid {
        match self {
            Self::Case(case, _) => case.lead_organisation_id,
            Self::Report(report, _) => report.organisation_id,
            Self::Enrolment(_, organisation_id) => *organisation_id,
        }
    }

    /// The same as rows name it.
    pub fn about(&self) -> About {
        let (mut case_id, mut concern_report_id, mut enrolment_id) = (None, None, None);
        match self {
            Self::Case(case, _) => case_id = Some(case.id),
            Self::Report(report, _) => concern_report_id = Some(report.id),
            Self::Enrolment(enrolment, _) => enrolment_id = Some(enrolment.id),
        }
        About { case_id, concern_report_id, enrolment_id }
    }

    /// The first day on which such a visit can have been made: whoever finds a family in need
    /// visits first and opens the case on the next day.
    pub fn earliest(&self, session: &Session) -> NaiveDate {
        let day = match self {
            Self::Case(_, begun) => *begun,
            Self::Report(report, _) => session.day_of(report.received_at),
            Self::Enrolment(enrolment, _) => {
                enrolment.ended_on.unwrap_or_else(|| session.day_of(enrolment.requested_at))
            }
        };
        day - TimeDelta::days(1)
    }

    /// That the visit of a worker is part of a verification, where it is for a report.
    pub async fn verify(&self, change: &mut Change, worker_id: Option<Uuid>) -> Result<(), Halt> {
        if let Self::Report(report, _) = self {
            begin_verification(change, report, worker_id).await?;
        }
        Ok(())
    }
}

/// An enrolment whose family the viewer sees as visitors must.
async fn enrolment(change: &Change, id: Uuid, path: &str) -> Result<Occasion, Halt> {
    let level = level(change.session());
    let enrolment = change.read::<enrolment::Entity>(id, level, path).await?;
    let run = change.read::<programme::Entity>(enrolment.programme_id, Right::ANY, path).await?;
    Ok(Occasion::Enrolment(Box::new(enrolment), run.organisation_id))
}

/// A report that is the viewer's to move, and whose family the viewer sees in full, if it has one.
async fn report(change: &Change, id: Uuid, path: &str) -> Result<concern_report::Model, Halt> {
    use concern_report::Column;
    let mut families = Query::select();
    families
        .column((family::Entity, family::Column::Id))
        .from(family::Entity)
        .cond_where(change.rows_of::<family::Entity>(Right::FULL));
    let is_seen = Column::FamilyId.into_simple_expr().in_subquery(families);
    let report = change
        .see::<concern_report::Entity>(Right::FULL)
        .filter(Column::Id.eq(id))
        .filter(Column::VoidedAt.is_null())
        .filter(Condition::any().add(Column::FamilyId.is_null()).add(is_seen))
        .lock(KEPT)
        .one(change.connection())
        .await?;
    moved_here(change, report.ok_or_else(|| Problem::not_found(path))?, path).await
}

/// At which level whoever visits must see the family.
pub fn level(session: &Session) -> Right {
    match session.viewer().role {
        Role::CentreStaff => Right::ANY,
        _ => Right::FULL,
    }
}

/// Refuses visits from a centre that are not its own business.
pub fn check_purpose(session: &Session, purpose: VisitPurpose) -> Result<(), Halt> {
    use VisitPurpose::{Monitoring, PostDischarge};
    let own = matches!(purpose, Monitoring | PostDischarge);
    if session.viewer().role == Role::CentreStaff && !own {
        return Err(Problem::at("input.purpose", Text::CentrePurpose).into());
    }
    Ok(())
}
