//! Opening a case, and reopening one: each opening is an episode with a reason.

use chrono::NaiveDate;
use entity::assignment::{self, AssignmentRole};
use entity::case::{self, CaseKind, CaseStatus, SupportLevel};
use entity::task::TaskKind;
use entity::{episode, family};
use sea_orm::{ColumnTrait, QueryFilter};
use uuid::Uuid;

use super::standing::{self, Standing};
use crate::access::Session;
use crate::access::policy::Action;
use crate::casework::change::{Change, Key, Right, Subject};
use crate::casework::check::{Checks, LONG};
use crate::casework::grant::{About, lead_grant};
use crate::casework::plan::activating::due_again;
use crate::casework::problem::{Halt, Problem};
use crate::casework::reference;
use crate::casework::state::Machine;
use crate::casework::task::Due;
use crate::casework::wording::Text;

/// What opens a case.
#[derive(Clone, Debug)]
pub struct Open {
    /// The id that the client made, or none.
    pub id: Option<Uuid>,
    /// The family.
    pub family_id: Uuid,
    /// What the case is for.
    pub kind: CaseKind,
    /// Why it is opened.
    pub reason: String,
    /// How intensely the family is supported, if that is known.
    pub support_level: Option<SupportLevel>,
}

/// Opens a case with its first episode, led by the viewer's organisation; the viewer is its lead
/// worker until somebody else is assigned.
pub async fn open(session: &Session, key: &Key, command: &Open) -> Result<Uuid, Halt> {
    let id = command.id.unwrap_or_else(Uuid::now_v7);
    let subject = Subject::new("case", id);
    let mut change = Change::begin(session, Action::CaseOpen, key, subject).await?;
    let mut checks = Checks::default();
    checks.text("input.reason", &command.reason, LONG);
    checks.done()?;
    let worker = change.worker()?;
    let path = "input.familyId";
    let family = change.lock::<family::Entity>(command.family_id, Right::Led, path).await?;
    refuse_second(&change, family.id, command.kind, path).await?;
    let opening = Opening { reason: command.reason.clone(), report_id: None };
    let case = new_case(&change, &family, id, (command.kind, command.support_level));
    let case = change.insert(case).await?;
    begin(&mut change, &case, worker, opening).await?;
    change.commit().await
}

/// Why an episode begins.
#[derive(Clone, Debug)]
pub struct Opening {
    /// The reason, in words.
    pub reason: String,
    /// The report that it follows from.
    pub report_id: Option<Uuid>,
}

/// A new case of a family, led by the organisation that leads the family where that is the viewer's
/// or a branch of it, or else by the viewer's own.
pub fn new_case(
    change: &Change,
    family: &family::Model,
    id: Uuid,
    (kind, support_level): (CaseKind, Option<SupportLevel>),
) -> case::Model {
    let (now, by) = (change.session().now(), change.by());
    let viewer = change.session().viewer();
    let lead = family.lead_organisation_id.filter(|id| viewer.organisations.contains(id));
    let organisation_id = lead.unwrap_or(viewer.organisation_id);
    case::Model {
        id,
        family_id: family.id,
        reference: reference::of("C", id),
        kind,
        lead_organisation_id: organisation_id,
        area_id: family.area_id,
        status: CaseStatus::Intake,
        support_level,
        risk_level: None,
        opened_on: change.session().today(),
        closed_on: None,
        version: 1,
        created_at: now,
        updated_at: now,
        created_by: by,
        updated_by: by,
    }
}

/// Begins work in a case that was just added: the organisation's grant, the first episode with the
/// first assessment and visit due, and a worker who leads it until somebody else is assigned.
pub async fn begin(
    change: &mut Change,
    case: &case::Model,
    worker: Uuid,
    opening: Opening,
) -> Result<(), Halt> {
    let grant =
        lead_grant(change, case.lead_organisation_id, About::Family(case.family_id), case.id);
    change.insert(grant).await?;
    begin_episode(change, case, 1, opening).await?;
    assign_lead(change, case, worker).await
}

/// What reopens a case.
#[derive(Clone, Debug)]
pub struct Reopen {
    /// The case.
    pub case_id: Uuid,
    /// Why.
    pub reason: String,
    /// Straight to work under the plan there was, instead of a new assessment.
    pub is_active: bool,
}

/// Reopens a closed case as a new episode.
pub async fn reopen(session: &Session, key: &Key, command: &Reopen) -> Result<Uuid, Halt> {
    let subject = Subject::new("case", command.case_id);
    let mut change = Change::begin(session, Action::CaseReopen, key, subject).await?;
    let mut checks = Checks::default();
    checks.text("input.reason", &command.reason, LONG);
    checks.done()?;
    let worker = change.worker()?;
    let standing = standing::of_case(&change, command.case_id, "input.caseId").await?;
    let case = &standing.case;
    let next = if command.is_active { CaseStatus::Active } else { CaseStatus::Assessment };
    if case.status != CaseStatus::Closed {
        return Err(case.status.refusal(next, "input.caseId"));
    }
    if command.is_active && standing.plan.is_none() {
        return Err(Problem::at("input.isActive", Text::NoActivePlan).into());
    }
    refuse_second(&change, case.family_id, case.kind, "input.caseId").await?;
    let opening = Opening { reason: command.reason.clone(), report_id: None };
    let case = again(&mut change, standing, next, opening).await?;
    assign_lead(&mut change, &case, worker).await?;
    change.commit().await
}

/// Refuses a second open case of a kind for a family that is kept.
pub async fn refuse_second(
    change: &Change,
    family_id: Uuid,
    kind: CaseKind,
    path: &str,
) -> Result<(), Halt> {
    use case::Column;
    let open = change
        .see::<case::Entity>(Right::FULL)
        .filter(Column::FamilyId.eq(family_id))
        .filter(Column::Kind.eq(kind))
        .filter(Column::Status.ne(CaseStatus::Closed))
        .one(change.connection())
        .await?;
    match open {
        Some(_) => Err(Problem::at(path, Text::CaseOpenAlready).into()),
        None => Ok(()),
    }
}

/// A further episode of a closed case, where the family lives now; led by who leads the family, if that
/// is who reopens it and another one led it before. What was due by a plan that goes on
/// is due again: the closure had cancelled it.
pub async fn again(
    change: &mut Change,
    Standing { case, episodes, area_id, lead_id, plan }: Standing,
    next: CaseStatus,
    opening: Opening,
) -> Result<case::Model, Halt> {
    case.status.check(next, "input")?;
    let ours = &change.session().viewer().organisations;
    let was_ours = ours.contains(&case.lead_organisation_id);
    let lead = lead_id.filter(|lead| !was_ours && ours.contains(lead));
    let open = case::Model {
        status: next,
        closed_on: None,
        area_id,
        lead_organisation_id: lead.unwrap_or(case.lead_organisation_id),
        ..case.clone()
    };
    let case = change.update(&case, open).await?;
    begin_episode(change, &case, episodes + 1, opening).await?;
    if let Some((plan, measures)) = plan {
        due_again(change, &case, &plan, &measures);
    }
    Ok(case)
}

async fn begin_episode(
    change: &mut Change,
    case: &case::Model,
    no: i32,
    opening: Opening,
) -> Result<(), Halt> {
    let (now, today) = (change.session().now(), change.session().today());
    let episode = episode::Model {
        id: Uuid::now_v7(),
        case_id: case.id,
        family_id: case.family_id,
        no,
        opened_on: today,
        reason: opening.reason,
        source_report_id: opening.report_id,
        closed_on: None,
        closure_class: None,
        closure_reason: None,
        summary: None,
        closed_by_id: None,
        approved_by_id: None,
        recorded_at: now,
        closure_recorded_at: None,
    };
    change.insert(episode).await?;
    let days = change.session().terms().first_assessment_days;
    let due_on = today + chrono::TimeDelta::days(days);
    change.task(Due::of_case(TaskKind::Assessment, case.id, case, due_on));
    if let Some(due_on) = next_visit_on(change.session(), case.support_level, today) {
        change.task(Due::of_case(TaskKind::Visit, case.id, case, due_on));
    }
    Ok(())
}

/// When a family at a level is to be visited next after a day.
pub fn next_visit_on(
    session: &Session,
    level: Option<SupportLevel>,
    after: NaiveDate,
) -> Option<NaiveDate> {
    let days = session.terms().visit_days(level?);
    after.checked_add_signed(chrono::TimeDelta::days(days))
}

/// The worker who leads a case from today on, where nobody does.
pub async fn assign_lead(
    change: &mut Change,
    case: &case::Model,
    worker_id: Uuid,
) -> Result<(), Halt> {
    let assignment = assignment::Model {
        id: Uuid::now_v7(),
        case_id: case.id,
        family_id: case.family_id,
        worker_id,
        role: AssignmentRole::Lead,
        since: change.session().today(),
        until: None,
        recorded_at: change.session().now(),
    };
    change.insert(assignment).await?;
    Ok(())
}
