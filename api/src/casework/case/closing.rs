//! Closing a case: asked for by one worker with an outcome, decided by another, and refused while
//! a child is placed, an enrolment runs or an immediate report is open.

use chrono::{DateTime, NaiveDate, Utc};
use entity::case::{self, CaseStatus};
use entity::case_note::{self, CaseNoteKind};
use entity::concern_report::{ConcernStatus, ConcernUrgency};
use entity::episode::{self, ClosureClass};
use entity::placement::PlacementStatus;
use entity::task::{self, TaskStatus};
use entity::transfer::{self, TransferStatus};
use entity::visit::{self, VisitStatus};
use entity::{assignment, concern_report, enrolment, family_member, placement};
use sea_orm::sea_query::{Expr, ExprTrait, Func, Query, SelectStatement, SimpleExpr};
use sea_orm::{ActiveEnum, ColumnTrait, Condition, ConnectionTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use super::keeping::has_plan;
use super::standing;
use crate::access::Session;
use crate::access::policy::Action;
use crate::casework::change::{Change, Key, Right, Subject};
use crate::casework::check::{Checks, LONG, SHORT};
use crate::casework::enrolment::holding;
use crate::casework::problem::{Halt, Problem};
use crate::casework::referral;
use crate::casework::state::Machine;
use crate::casework::wording::{Sharing, Text};
use crate::error::Error;

/// What asks for a closure.
#[derive(Clone, Debug)]
pub struct Request {
    /// The case.
    pub case_id: Uuid,
    /// The version that the request was decided on, if it matters.
    pub expected_version: Option<i32>,
    /// How the episode ends.
    pub outcome: ClosureClass,
    /// The local reason.
    pub reason: Option<String>,
    /// What was reached, and what was not.
    pub summary: String,
}

/// Asks for the closure of a case.
pub async fn request(session: &Session, key: &Key, command: &Request) -> Result<Uuid, Halt> {
    let subject = Subject::new("case", command.case_id);
    let mut change = Change::begin(session, Action::CaseClosureRequest, key, subject).await?;
    let mut checks = Checks::default();
    checks.some_text("input.reason", command.reason.as_deref(), SHORT);
    checks.text("input.summary", &command.summary, LONG);
    checks.done()?;
    let worker = change.worker()?;
    let path = "input.caseId";
    let (case, episode) = standing::with_episode(&change, command.case_id, path).await?;
    let episode = episode.ok_or_else(|| closed(&case, path))?;
    let asked = case::Model { status: CaseStatus::ClosureRequested, ..case.clone() };
    change.expect_some(&case, &asked, command.expected_version)?;
    case.status.check(CaseStatus::ClosureRequested, "input.caseId")?;
    refuse_what_runs(&change, &case, command.outcome).await?;
    let ending = episode::Model {
        closure_class: Some(command.outcome),
        closure_reason: command.reason.clone(),
        summary: Some(command.summary.clone()),
        closed_by_id: Some(worker),
        ..episode.clone()
    };
    change.update(&episode, ending).await?;
    change.update(&case, asked).await?;
    change.commit().await
}

/// That nothing is written into a case whose episodes are all closed.
fn closed(case: &case::Model, path: &str) -> Problem {
    Problem::at(path, Text::CaseClosed).from_where(case.status)
}

/// What decides a closure.
#[derive(Clone, Debug)]
pub struct Decide {
    /// The case.
    pub case_id: Uuid,
    /// The version that the decision was made on, if it matters.
    pub expected_version: Option<i32>,
    /// Closed, or sent back to work.
    pub is_approved: bool,
    /// Why it is sent back.
    pub note: Option<String>,
}

/// Approves the closure of a case, or sends it back to work with a note.
pub async fn decide(session: &Session, key: &Key, command: &Decide) -> Result<Uuid, Halt> {
    let subject = Subject::new("case", command.case_id);
    let mut change = Change::begin(session, Action::CaseClosureDecide, key, subject).await?;
    let mut checks = Checks::default();
    checks.some_text("input.note", command.note.as_deref(), LONG);
    let is_told = command.note.as_deref().is_some_and(|note| !note.trim().is_empty());
    checks.hold(command.is_approved || is_told, "input.note", Text::ReasonRequired);
    checks.done()?;
    let worker = change.worker()?;
    let path = "input.caseId";
    let (case, episode) = standing::with_episode(&change, command.case_id, path).await?;
    let next =
        if command.is_approved { CaseStatus::Closed } else { back_to(&change, &case).await? };
    if case.status != CaseStatus::ClosureRequested {
        return Err(case.status.refusal(next, path));
    }
    let episode = episode.ok_or_else(|| closed(&case, path))?;
    let after = case::Model {
        status: next,
        closed_on: command.is_approved.then(|| session.today()),
        ..case.clone()
    };
    change.expect_some(&case, &after, command.expected_version)?;
    if episode.closed_by_id == Some(worker) {
        return Err(Problem::at("input", Text::ApproverIsRequester).into());
    }
    if command.is_approved {
        close(&mut change, &case, &episode, worker).await?;
    } else {
        let note = command.note.clone().unwrap_or_default();
        send_back(&mut change, &episode, worker, note).await?;
    }
    change.update(&case, after).await?;
    change.commit().await
}

/// Where work goes on when a closure is sent back: active again under a plan in force; else a plan
/// is to be made, or an assessment before it.
async fn back_to(change: &Change, case: &case::Model) -> Result<CaseStatus, Halt> {
    Ok(if has_plan(change, case.id).await? {
        CaseStatus::Active
    } else if case.risk_level.is_some() {
        CaseStatus::Planning
    } else {
        CaseStatus::Assessment
    })
}

async fn close(
    change: &mut Change,
    case: &case::Model,
    episode: &episode::Model,
    approver: Uuid,
) -> Result<(), Halt> {
    let outcome = episode.closure_class.unwrap_or(ClosureClass::Administrative);
    let is_referred = refuse_what_runs(change, case, outcome).await?;
    let (now, today) = (change.session().now(), change.session().today());
    let closed = episode::Model {
        closed_on: Some(today),
        approved_by_id: Some(approver),
        closure_recorded_at: Some(now),
        ..episode.clone()
    };
    change.update(episode, closed).await?;
    end_assignments(change, case.id, today).await?;
    cancel_visits(change, case.id).await?;
    cancel_tasks(change, case.id).await?;
    if is_referred {
        referral::ending::of_closed_case(change, case.id).await?;
    }
    Ok(())
}

/// What was planned is not made in a case that is closed.
async fn cancel_visits(change: &mut Change, case_id: Uuid) -> Result<(), Halt> {
    use visit::Column;
    let (now, by) = (change.session().now(), change.by());
    let planned = Condition::all()
        .add(Column::CaseId.eq(case_id))
        .add(Column::Status.eq(VisitStatus::Scheduled))
        .add(Column::VoidedAt.is_null());
    let reason = change.session().language().choose(
        "The case was closed before the visit.",
        "Случай закрыт до посещения.",
        "Випадок закрито до відвідування.",
    );
    let cancelled = vec![
        (Column::Status, Expr::val(VisitStatus::Cancelled.to_value())),
        (Column::Note, Func::coalesce([Expr::col(Column::Note), Expr::val(reason)]).into()),
        (Column::UpdatedAt, Expr::val(now)),
        (Column::UpdatedBy, Expr::val(by)),
        (Column::Version, Expr::col(Column::Version).add(1)),
    ];
    change.update_where::<visit::Entity>(cancelled, planned).await?;
    Ok(())
}

async fn end_assignments(change: &mut Change, case_id: Uuid, today: NaiveDate) -> Result<(), Halt> {
    use assignment::Column;
    let open = Condition::all().add(Column::CaseId.eq(case_id)).add(Column::Until.is_null());
    let ended = vec![(Column::Until, Expr::val(today))];
    change.update_where::<assignment::Entity>(ended, open).await?;
    Ok(())
}

async fn cancel_tasks(change: &mut Change, case_id: Uuid) -> Result<(), Halt> {
    use task::Column;
    let (now, by) = (change.session().now(), change.by());
    let open =
        Condition::all().add(Column::CaseId.eq(case_id)).add(Column::Status.eq(TaskStatus::Open));
    let cancelled = vec![
        (Column::Status, Expr::val(TaskStatus::Cancelled.to_value())),
        (Column::ClosedAt, Expr::val(now)),
        (Column::ClosedBy, Expr::val(by)),
        (Column::UpdatedAt, Expr::val(now)),
        (Column::Version, Expr::col(Column::Version).add(1)),
    ];
    change.update_where::<task::Entity>(cancelled, open).await?;
    Ok(())
}

async fn send_back(
    change: &mut Change,
    episode: &episode::Model,
    author_id: Uuid,
    body: String,
) -> Result<(), Halt> {
    let open = episode::Model {
        closure_class: None,
        closure_reason: None,
        summary: None,
        closed_by_id: None,
        ..episode.clone()
    };
    change.update(episode, open).await?;
    let kind = CaseNoteKind::ClosureReturned;
    let note = note(change, episode, author_id, kind, body);
    change.insert(note).await?;
    Ok(())
}

fn note(
    change: &Change,
    episode: &episode::Model,
    author_id: Uuid,
    kind: CaseNoteKind,
    body: String,
) -> case_note::Model {
    case_note::Model {
        id: Uuid::now_v7(),
        case_id: episode.case_id,
        episode_id: episode.id,
        family_id: episode.family_id,
        kind,
        body,
        author_id,
        recorded_at: change.session().now(),
    }
}

/// What adds to a closed episode.
#[derive(Clone, Debug)]
pub struct Addendum {
    /// The case.
    pub case_id: Uuid,
    /// The closed episode; the one closed last if omitted.
    pub episode_id: Option<Uuid>,
    /// What is added.
    pub body: String,
}

/// Adds a note to a closed episode: the only thing that is written into it.
pub async fn add(session: &Session, key: &Key, command: &Addendum) -> Result<Uuid, Halt> {
    let subject = Subject::new("case", command.case_id);
    let mut change = Change::begin(session, Action::CaseAddendumAdd, key, subject).await?;
    let mut checks = Checks::default();
    checks.text("input.body", &command.body, LONG);
    checks.done()?;
    let worker = change.worker()?;
    let case = change.read::<case::Entity>(command.case_id, Right::Led, "input.caseId").await?;
    let mut episodes = change
        .see::<episode::Entity>(Right::Led)
        .filter(episode::Column::CaseId.eq(case.id))
        .order_by_desc(episode::Column::No);
    episodes = match command.episode_id {
        Some(id) => episodes.filter(episode::Column::Id.eq(id)),
        None => episodes.filter(episode::Column::ClosedOn.is_not_null()),
    };
    let episode = episodes.one(change.connection()).await?;
    let episode = episode.ok_or_else(|| Problem::not_found("input.episodeId"))?;
    if episode.closed_on.is_none() {
        return Err(Problem::at("input.episodeId", Text::EpisodeOpen).into());
    }
    let note = note(&change, &episode, worker, CaseNoteKind::Addendum, command.body.clone());
    change.insert(note).await?;
    change.commit().await
}

/// Refuses a closure while something of the family runs; one statement asks for all of it, and whether
/// referrals end with the case.
async fn refuse_what_runs(
    change: &Change,
    case: &case::Model,
    outcome: ClosureClass,
) -> Result<bool, Halt> {
    let mut asked = Query::select();
    asked
        .expr(Expr::exists(open_placements(case, change.session().today())))
        .expr(Expr::exists(running_enrolments(case, change.session().now())))
        .expr(Expr::exists(immediate_reports(case)))
        .expr(Expr::exists(open_transfers(case, change.session().now())))
        .expr(Expr::exists(referral::ending::open_of(case.id)));
    let row = change.connection().query_one(&asked).await?.ok_or(Error::Internal)?;
    let mut checks = Checks::default();
    let placed: bool = row.try_get_by_index(0)?;
    checks.hold(!placed, "input.caseId", Text::OpenPlacements);
    let enrolled: bool = row.try_get_by_index(1)?;
    let may_run = outcome == ClosureClass::Moved;
    checks.hold(!enrolled || may_run, "input.caseId", Text::RunningEnrolments);
    let reported: bool = row.try_get_by_index(2)?;
    checks.hold(!reported, "input.caseId", Text::ImmediateReports);
    let is_offered: bool = row.try_get_by_index(3)?;
    checks.hold(!is_offered, "input.caseId", Sharing::TransferRuns);
    checks.done()?;
    Ok(row.try_get_by_index(4)?)
}

fn open_transfers(case: &case::Model, now: DateTime<Utc>) -> SelectStatement {
    use transfer::{Column, Entity};
    let mut select = Query::select();
    select
        .expr(Expr::val(1))
        .from(Entity)
        .and_where(Column::CaseId.eq(case.id))
        .and_where(Column::Status.eq(TransferStatus::Proposed))
        .and_where(Column::ExpiresAt.gt(now));
    select
}

fn open_placements(case: &case::Model, today: NaiveDate) -> SelectStatement {
    use placement::{Column, Entity};
    let open = [
        PlacementStatus::Requested,
        PlacementStatus::Approved,
        PlacementStatus::Waitlisted,
        PlacementStatus::Reserved,
        PlacementStatus::Admitted,
        PlacementStatus::OnLeave,
    ];
    let of_family = Condition::any()
        .add(Column::CaseId.eq(case.id))
        .add(Column::FamilyId.eq(case.family_id))
        .add(Expr::col((Entity, Column::PersonId)).in_subquery(members(case.family_id, today)));
    let mut select = Query::select();
    select
        .expr(Expr::val(1))
        .from(Entity)
        .and_where(Column::Status.is_in(open))
        .and_where(Column::VoidedAt.is_null())
        .cond_where(of_family);
    select
}

fn members(family_id: Uuid, today: NaiveDate) -> SelectStatement {
    use family_member::{Column, Entity};
    let lasts: SimpleExpr = Column::Until.is_null().or(Column::Until.gt(today));
    let mut select = Query::select();
    select
        .column((Entity, Column::PersonId))
        .from(Entity)
        .and_where(Column::FamilyId.eq(family_id))
        .and_where(Column::VoidedAt.is_null())
        .and_where(lasts);
    select
}

fn running_enrolments(case: &case::Model, now: DateTime<Utc>) -> SelectStatement {
    use enrolment::{Column, Entity};
    let of_case =
        Condition::any().add(Column::CaseId.eq(case.id)).add(Column::FamilyId.eq(case.family_id));
    let mut select = Query::select();
    select.expr(Expr::val(1)).from(Entity).cond_where(holding(now)).cond_where(of_case);
    select
}

fn immediate_reports(case: &case::Model) -> SelectStatement {
    use concern_report::{Column, Entity};
    let open = [ConcernStatus::Received, ConcernStatus::Triaged, ConcernStatus::Verifying];
    let mut select = Query::select();
    select
        .expr(Expr::val(1))
        .from(Entity)
        .and_where(Column::FamilyId.eq(case.family_id))
        .and_where(Column::Urgency.eq(ConcernUrgency::Immediate))
        .and_where(Column::Status.is_in(open))
        .and_where(Column::VoidedAt.is_null());
    select
}
