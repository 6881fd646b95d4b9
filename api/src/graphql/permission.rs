//! What the viewer could do with an object now: one field for each mutation, by which a client shows
//! its buttons. The rules stand in `casework`, the objects in `offers`.

mod offers;
mod sharing;

use std::sync::Arc;

use async_graphql::Context;
use entity::access_grant::AccessLevel;
use entity::{
    assessment, centre, concern_report, enrolment, family, intake, measure, person, placement,
    plan, programme, training_event, unit, visit,
};
use uuid::Uuid;

use super::loader::{Asking, By, questions};
use crate::access::{Seen, Session};
use crate::casework;
use crate::casework::permission::{self, CaseFacts};
use crate::error::Result;

use offers::Offer;
pub use offers::{
    AssessmentPermissions, CasePermissions, CentrePermissions, ConcernReportPermissions,
    ConsentPermissions, EnrolmentPermissions, FamilyPermissions, IntakePermissions,
    MeasurePermissions, PersonPermissions, PlacementPermissions, PlanPermissions,
    ProgrammePermissions, ReferralPermissions, TrainingEventPermissions, TransferPermissions,
    UnitPermissions, VisitPermissions,
};
pub use sharing::{of_consent, of_referral, of_transfer};

questions! {
    /// Whether the viewer's organisation leads the work with a family.
    LedFamily -> bool = casework::permission::led_families;
    /// Whether the viewer's organisation leads the work with a person.
    LedPerson -> bool = casework::permission::led_persons;
    /// Where a case stands.
    CaseFactsOf -> CaseFacts = casework::permission::of_cases;
}

/// What could be done with a family.
pub async fn of_family(ctx: &Context<'_>, row: &Seen<family::Model>) -> Result<FamilyPermissions> {
    let (session, level) = (ctx.session()?, row.lasting());
    let is_led = leads(ctx, level, Some(row.id)).await?;
    Ok(FamilyPermissions(permission::of_family(session, level, is_led)))
}

/// What could be done with a person.
pub async fn of_person(ctx: &Context<'_>, row: &Seen<person::Model>) -> Result<PersonPermissions> {
    let session = ctx.session()?;
    let is_led = permission::could_lead(session.viewer(), row.lasting())
        && ctx.ask(LedPerson(row.id)).await?.is_some_and(|led| *led);
    Ok(PersonPermissions(permission::of_person(session, row, is_led)))
}

/// What could be done with a case.
pub async fn of_case(
    ctx: &Context<'_>,
    row: &Seen<entity::case::Model>,
) -> Result<CasePermissions> {
    let case = case::<CasePermissions>(ctx, row.lasting(), row.id).await?;
    let permitted = permission::of_case(ctx.session()?, row, case.as_deref());
    Ok(CasePermissions(permitted))
}

/// What could be done with a report.
pub async fn of_report(
    ctx: &Context<'_>,
    row: &Seen<concern_report::Model>,
) -> Result<ConcernReportPermissions> {
    let is_led = leads(ctx, row.lasting(), row.family_id).await?;
    Ok(ConcernReportPermissions(permission::of_report(ctx.session()?, row, is_led)))
}

/// Whether the viewer's organisation leads the work with the family of a row.
async fn leads(ctx: &Context<'_>, level: AccessLevel, family_id: Option<Uuid>) -> Result<bool> {
    let Some(id) = family_id.filter(|_| {
        ctx.session().is_ok_and(|session| permission::could_lead(session.viewer(), level))
    }) else {
        return Ok(false);
    };
    Ok(ctx.ask(LedFamily(id)).await?.is_some_and(|led| *led))
}

/// What could be done with an assessment.
pub async fn of_assessment(
    ctx: &Context<'_>,
    row: &Seen<assessment::Model>,
) -> Result<AssessmentPermissions> {
    let case = case::<AssessmentPermissions>(ctx, row.lasting(), row.case_id).await?;
    let permitted = permission::of_assessment(ctx.session()?, row, case.as_deref());
    Ok(AssessmentPermissions(permitted))
}

/// What could be done with a plan.
pub async fn of_plan(ctx: &Context<'_>, row: &Seen<plan::Model>) -> Result<PlanPermissions> {
    let case = case::<PlanPermissions>(ctx, row.lasting(), row.case_id).await?;
    Ok(PlanPermissions(permission::of_plan(ctx.session()?, row, case.as_deref())))
}

/// What could be done with a measure.
pub async fn of_measure(
    ctx: &Context<'_>,
    row: &Seen<measure::Model>,
) -> Result<MeasurePermissions> {
    let session = ctx.session()?;
    let case = case::<MeasurePermissions>(ctx, row.lasting(), row.case_id).await?;
    let plan = match case {
        Some(_) => ctx.ask(By::<plan::Entity>::id(row.plan_id)).await?,
        None => None,
    };
    let plan = plan.as_ref().map(|plan| &***plan as &plan::Model);
    Ok(MeasurePermissions(permission::of_measure(session, row, plan, case.as_deref())))
}

/// What could be done with a visit.
pub async fn of_visit(ctx: &Context<'_>, row: &Seen<visit::Model>) -> Result<VisitPermissions> {
    let (session, level) = (ctx.session()?, row.lasting());
    let (case, report) = match (row.case_id, row.concern_report_id) {
        (Some(id), _) => (case::<VisitPermissions>(ctx, level, id).await?, None),
        (None, Some(id)) if could::<VisitPermissions>(session, level) => {
            (None, ctx.ask(By::<concern_report::Entity>::id(id)).await?)
        }
        (None, _) => (None, None),
    };
    let is_led = match &report {
        Some(_) => leads(ctx, level, Some(row.family_id)).await?,
        None => false,
    };
    let report = report.as_ref().map(|report| &***report as &concern_report::Model);
    Ok(VisitPermissions(permission::of_visit(session, row, case.as_deref(), report, is_led)))
}

/// Where a case stands, for who may do one of the things with what is seen of it at a level.
async fn case<O: Offer>(
    ctx: &Context<'_>,
    level: AccessLevel,
    id: Uuid,
) -> Result<Option<Arc<CaseFacts>>> {
    if could::<O>(ctx.session()?, level) {
        return ctx.ask(CaseFactsOf(id)).await;
    }
    Ok(None)
}

fn could<O: Offer>(session: &Session, level: AccessLevel) -> bool {
    permission::could_act(session.viewer(), level, O::ACTIONS)
}

/// What could be done with a centre.
pub fn of_centre(ctx: &Context<'_>, row: &centre::Model) -> Result<CentrePermissions> {
    Ok(CentrePermissions(permission::of_centre(ctx.session()?, row)))
}

/// What could be done with a unit.
pub async fn of_unit(ctx: &Context<'_>, row: &unit::Model) -> Result<UnitPermissions> {
    let session = ctx.session()?;
    let centre = if could::<UnitPermissions>(session, AccessLevel::Full) {
        ctx.ask(By::<centre::Entity>::id(row.centre_id)).await?
    } else {
        None
    };
    let centre = centre.as_ref().map(|centre| &***centre as &centre::Model);
    Ok(UnitPermissions(permission::of_unit(session, centre)))
}

/// What could be done with a programme.
pub fn of_programme(ctx: &Context<'_>, row: &programme::Model) -> Result<ProgrammePermissions> {
    Ok(ProgrammePermissions(permission::of_programme(ctx.session()?, row)))
}

/// What could be done with an intake.
pub async fn of_intake(ctx: &Context<'_>, row: &intake::Model) -> Result<IntakePermissions> {
    let session = ctx.session()?;
    let is_asked = could::<IntakePermissions>(session, AccessLevel::Full);
    let run =
        if is_asked { ctx.ask(By::<programme::Entity>::id(row.programme_id)).await? } else { None };
    let run = run.as_ref().map(|run| &***run as &programme::Model);
    Ok(IntakePermissions(permission::of_intake(session, row, run)))
}

/// What could be done with an enrolment.
pub async fn of_enrolment(
    ctx: &Context<'_>,
    row: &Seen<enrolment::Model>,
) -> Result<EnrolmentPermissions> {
    let session = ctx.session()?;
    let is_asked = could::<EnrolmentPermissions>(session, AccessLevel::Full);
    let run =
        if is_asked { ctx.ask(By::<programme::Entity>::id(row.programme_id)).await? } else { None };
    let run = run.as_ref().map(|run| &***run as &programme::Model);
    let is_led = leads(ctx, row.lasting(), Some(row.family_id)).await?;
    Ok(EnrolmentPermissions(permission::of_enrolment(session, row, run, is_led)))
}

/// What could be done with a training.
pub fn of_training_event(
    ctx: &Context<'_>,
    row: &training_event::Model,
) -> Result<TrainingEventPermissions> {
    Ok(TrainingEventPermissions(permission::of_training_event(ctx.session()?, row)))
}

/// What could be done with a placement.
pub async fn of_placement(
    ctx: &Context<'_>,
    row: &Seen<placement::Model>,
) -> Result<PlacementPermissions> {
    let (session, level) = (ctx.session()?, row.lasting());
    let centre = if could::<PlacementPermissions>(session, AccessLevel::Full) {
        ctx.ask(By::<centre::Entity>::id(row.centre_id)).await?
    } else {
        None
    };
    let is_led = permission::could_lead(session.viewer(), level)
        && ctx.ask(LedPerson(row.person_id)).await?.is_some_and(|led| *led);
    let centre = centre.as_ref().map(|centre| &***centre as &centre::Model);
    Ok(PlacementPermissions(permission::of_placement(session, row, centre, is_led)))
}
