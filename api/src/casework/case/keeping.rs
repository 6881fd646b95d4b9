//! Keeping a case: its level of support and where it stands, and who is assigned to it.

use chrono::NaiveDate;
use entity::assignment::{self, AssignmentRole};
use entity::case::{self, CaseKind, CaseStatus, SupportLevel};
use entity::membership::{self, Role};
use entity::plan;
use entity::task::{self, TaskStatus};
use entity::worker::{self, WorkerStatus};
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ColumnTrait, Condition, QueryFilter};
use uuid::Uuid;

use super::opening::refuse_second;
use super::{gate, standing};
use crate::access::Session;
use crate::access::policy::Action;
use crate::access::scope::one_of;
use crate::casework::change::{Change, Key, Right, Subject};
use crate::casework::check::Checks;
use crate::casework::plan::IN_FORCE;
use crate::casework::problem::{Halt, Problem};
use crate::casework::staff::{By, seeing};
use crate::casework::state::Machine;
use crate::casework::visit::due;
use crate::casework::wording::Text;

/// What changes a case.
#[derive(Clone, Debug)]
pub struct Update {
    /// The case.
    pub id: Uuid,
    /// The version that the change was decided on.
    pub expected_version: i32,
    /// What the case is for.
    pub kind: Option<Option<CaseKind>>,
    /// How intensely the family is supported.
    pub support_level: Option<Option<SupportLevel>>,
    /// Where it stands.
    pub status: Option<Option<CaseStatus>>,
}

/// Changes a case. A new level of support makes the next visit due by its frequency.
pub async fn update(session: &Session, key: &Key, command: &Update) -> Result<Uuid, Halt> {
    let subject = Subject::new("case", command.id);
    let mut change = Change::begin(session, Action::CaseUpdate, key, subject).await?;
    let mut checks = Checks::default();
    checks.hold(command.kind != Some(None), "input.kind", Text::NotNull);
    checks.hold(command.status != Some(None), "input.status", Text::NotNull);
    checks.done()?;
    let kind = command.kind.flatten();
    let case = match kind {
        // Another kind of case is open once a family: the family is kept from others first.
        Some(_) => gate::open_only(
            standing::of_case(&change, command.id, "input.id").await?.case,
            "input.id",
        )?,
        None => gate::enter(&change, command.id, "input.id").await?,
    };
    let after = case::Model {
        kind: kind.unwrap_or(case.kind),
        support_level: command.support_level.unwrap_or(case.support_level),
        status: command.status.flatten().unwrap_or(case.status),
        ..case.clone()
    };
    change.expect(&case, &after, command.expected_version)?;
    if after.kind != case.kind {
        refuse_second(&change, case.family_id, after.kind, "input.kind").await?;
    }
    if after.status != case.status {
        move_to(&change, &case, after.status).await?;
    }
    if after.support_level != case.support_level {
        due::at_level(&mut change, &after, session.viewer().worker_id).await?;
    }
    change.update(&case, after).await?;
    change.commit().await
}

/// Whether a case may be moved by hand: its closure has verbs of its own, and work needs a plan in
/// force.
async fn move_to(change: &Change, case: &case::Model, next: CaseStatus) -> Result<(), Halt> {
    use CaseStatus::{Active, Closed, ClosureRequested};
    if case.status == ClosureRequested || matches!(next, ClosureRequested | Closed) {
        let refused = Problem::at("input.status", Text::ClosureByItsVerbs);
        return Err(refused.from_where(case.status).into());
    }
    case.status.check(next, "input.status")?;
    if next == Active && !has_plan(change, case.id).await? {
        return Err(Problem::at("input.status", Text::NoActivePlan).into());
    }
    Ok(())
}

/// Whether a case has a plan in force.
pub async fn has_plan(change: &Change, case_id: Uuid) -> Result<bool, Halt> {
    let plan = change
        .see::<plan::Entity>(Right::Led)
        .filter(plan::Column::CaseId.eq(case_id))
        .filter(plan::Column::Status.is_in(IN_FORCE))
        .one(change.connection())
        .await?;
    Ok(plan.is_some())
}

/// What assigns a worker.
#[derive(Clone, Debug)]
pub struct Assign {
    /// The case.
    pub case_id: Uuid,
    /// The worker.
    pub worker_id: Uuid,
    /// What the worker is in the case.
    pub role: AssignmentRole,
}

/// Assigns a worker from today on; a new lead follows the one before, whose open tasks it takes
/// over.
pub async fn assign(session: &Session, key: &Key, command: &Assign) -> Result<Uuid, Halt> {
    let subject = Subject::new("case", command.case_id);
    let mut change = Change::begin(session, Action::CaseAssign, key, subject).await?;
    let case = gate::enter(&change, command.case_id, "input.caseId").await?;
    let worker_id = command.worker_id;
    if !works_on_cases(&change, worker_id, case.family_id).await? {
        return Err(Problem::at("input.workerId", Text::NotACaseworker).into());
    }
    let open = open_assignments(&change, case.id).await?;
    let is_there =
        |one: &&assignment::Model| one.role == command.role && one.worker_id == worker_id;
    if open.iter().any(|one| is_there(&one)) {
        return Err(Problem::at("input.workerId", Text::AssignedAlready).into());
    }
    let today = session.today();
    let leads = open.iter().find(|one| one.role == AssignmentRole::Lead);
    if let Some(before) = leads.filter(|_| command.role == AssignmentRole::Lead) {
        let ended = assignment::Model { until: Some(today), ..before.clone() };
        change.update(before, ended).await?;
    }
    let assignment = assignment::Model {
        id: Uuid::now_v7(),
        case_id: case.id,
        family_id: case.family_id,
        worker_id,
        role: command.role,
        since: today,
        until: None,
        recorded_at: session.now(),
    };
    change.insert(assignment).await?;
    if command.role == AssignmentRole::Lead {
        hand_over_tasks(&mut change, case.id, worker_id).await?;
    }
    change.commit().await
}

/// Whether a worker is a caseworker or a supervisor in the viewer's organisation or its branches
/// now, where they may write into the family's file: a task is given to nobody who can't see it.
async fn works_on_cases(change: &Change, worker_id: Uuid, family_id: Uuid) -> Result<bool, Halt> {
    use membership::Column;
    let viewer = change.session().viewer();
    let mut memberships = Query::select();
    memberships
        .column((membership::Entity, Column::WorkerId))
        .from(membership::Entity)
        .and_where(Column::Role.is_in([Role::Caseworker, Role::Supervisor]))
        .and_where(one_of(viewer.backend, Column::OrganisationId, viewer.organisations.clone()))
        .and_where(Expr::col((membership::Entity, Column::OrganisationId)).in_subquery(seeing(
            change,
            family_id,
            By::Lead,
        )))
        .and_where(Column::Since.lte(viewer.now))
        .and_where(Column::Until.is_null().or(Column::Until.gt(viewer.now)));
    let found = change
        .see::<worker::Entity>(Right::ANY)
        .filter(worker::Column::Id.eq(worker_id))
        .filter(worker::Column::Status.eq(WorkerStatus::Active))
        .filter(Expr::col((worker::Entity, worker::Column::Id)).in_subquery(memberships))
        .one(change.connection())
        .await?;
    Ok(found.is_some())
}

async fn open_assignments(change: &Change, case_id: Uuid) -> Result<Vec<assignment::Model>, Halt> {
    use assignment::Column;
    let open = change
        .see::<assignment::Entity>(Right::Led)
        .filter(Column::CaseId.eq(case_id))
        .filter(Column::Until.is_null());
    Ok(open.all(change.connection()).await?)
}

/// Everything of a case that is open is the lead worker's.
async fn hand_over_tasks(change: &mut Change, case_id: Uuid, to: Uuid) -> Result<(), Halt> {
    use task::Column;
    let now = change.session().now();
    let open =
        Condition::all().add(Column::CaseId.eq(case_id)).add(Column::Status.eq(TaskStatus::Open));
    let handed = vec![
        (Column::OwnerId, Expr::val(to)),
        (Column::UpdatedAt, Expr::val(now)),
        (Column::Version, Expr::col(Column::Version).add(1)),
    ];
    change.update_where::<task::Entity>(handed, open).await?;
    Ok(())
}

/// What ends an assignment.
#[derive(Clone, Debug)]
pub struct End {
    /// The case.
    pub case_id: Uuid,
    /// The assignment.
    pub assignment_id: Uuid,
    /// The day after the last; today if omitted.
    pub until: Option<NaiveDate>,
}

/// Ends an assignment. The lead's ends only when another one is assigned.
pub async fn end_assignment(session: &Session, key: &Key, command: &End) -> Result<Uuid, Halt> {
    let subject = Subject::new("case", command.case_id);
    let mut change = Change::begin(session, Action::CaseAssignmentEnd, key, subject).await?;
    let today = session.today();
    let until = command.until.unwrap_or(today);
    let mut checks = Checks::default();
    checks.past("input.until", Some(until), today);
    checks.done()?;
    let case = gate::enter(&change, command.case_id, "input.caseId").await?;
    let open = open_assignments(&change, case.id).await?;
    let found = open.into_iter().find(|one| one.id == command.assignment_id);
    let before = found.ok_or_else(|| Problem::not_found("input.assignmentId"))?;
    let mut checks = Checks::default();
    let is_lead = before.role == AssignmentRole::Lead;
    checks.hold(!is_lead, "input.assignmentId", Text::LeadNeedsSuccessor);
    checks.hold(until >= before.since, "input.until", Text::DatesOutOfOrder);
    checks.done()?;
    let ended = assignment::Model { until: Some(until), ..before.clone() };
    change.update(&before, ended).await?;
    change.commit().await
}
