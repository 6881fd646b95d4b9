//! Asking for an enrolment: who leads the work with a family, or runs the programme, asks for those who
//! are eligible; nothing is written for those who are not.

use entity::access_grant::Shown;
use entity::enrolment::{self, EnrolmentStatus};
use entity::enrolment_person;
use entity::family;
use entity::family_member::MemberRole;
use entity::intake;
use entity::membership;
use entity::programme::{self, EnrolmentUnit};
use entity::worker::{self, WorkerStatus};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, IntoSimpleExpr, JoinType,
    QueryFilter, QuerySelect, QueryTrait,
};
use uuid::Uuid;

use crate::access::policy::Action;
use crate::access::scope::led_by;
use crate::access::{Session, Veil, Visible};
use crate::casework::change::{Change, KEPT, Key, Right, Subject};
use crate::casework::check::Checks;
use crate::casework::grant::enrolment_grant;
use crate::casework::problem::{Halt, Problem};
use crate::casework::programme::eligibility::{
    Asked, Condition, Criterion, Facts, Member, judge, reasons,
};
use crate::casework::programme::gate::is_run_here;
use crate::casework::staff::memberships;
use crate::casework::wording::ProgrammeText;

/// What asks for an enrolment.
#[derive(Clone, Debug)]
pub struct Request {
    /// The id that the client made, or none.
    pub id: Option<Uuid>,
    /// The intake.
    pub intake_id: Uuid,
    /// The family.
    pub family_id: Uuid,
    /// Who takes part.
    pub person_ids: Vec<Uuid>,
    /// The worker who is accountable; the viewer unless said.
    pub worker_id: Option<Uuid>,
}

/// Asks for an enrolment. The family is kept, so that a closure of its case can't miss it.
pub async fn request(session: &Session, key: &Key, command: &Request) -> Result<Uuid, Halt> {
    let id = command.id.unwrap_or_else(Uuid::now_v7);
    let subject = Subject::new("enrolment", id);
    let mut change = Change::begin(session, Action::EnrolmentRequest, key, subject).await?;
    let mut checks = Checks::default();
    checks.distinct("input.personIds", &command.person_ids);
    checks.done()?;
    let (intake, programme) = command.intake(&change).await?;
    let (family, shown, is_led) = command.family(&change, &programme).await?;
    let facts = command.facts(&change, &programme).await?;
    let person_id = command.subject(programme.enrolment_unit, &facts)?;
    if facts.enrolled.contains(&person_id) {
        return Err(Problem::at("input.intakeId", ProgrammeText::EnrolledAlready).into());
    }
    let conditions = judge(&programme, &facts, &command.person_ids, session.today());
    refuse_unmet(session, &conditions, shown)?;
    let enrolment = enrolment::Model {
        person_id,
        case_id: facts.case_id,
        worker_id: command.worker(&change, &programme, &family).await?,
        priority: facts.priority,
        ..asked_for(&change, id, (&intake, family.id))
    };
    change.insert(enrolment).await?;
    let part =
        |person_id: &Uuid| enrolment_person::Model { enrolment_id: id, person_id: *person_id };
    change.insert_all(command.person_ids.iter().map(part).collect()).await?;
    // What was shared for a while is made no more lasting by whom it was shared with.
    if is_led && family.lead_organisation_id != Some(programme.organisation_id) {
        let grant = enrolment_grant(&change, programme.organisation_id, (family.id, id));
        change.insert(grant).await?;
    }
    change.commit().await
}

/// An enrolment as it is asked for.
fn asked_for(
    change: &Change,
    id: Uuid,
    (intake, family_id): (&intake::Model, Uuid),
) -> enrolment::Model {
    let (now, by) = (change.session().now(), change.by());
    enrolment::Model {
        id,
        intake_id: intake.id,
        programme_id: intake.programme_id,
        family_id,
        person_id: None,
        case_id: None,
        worker_id: None,
        status: EnrolmentStatus::Requested,
        priority: 0,
        requested_at: now,
        enrolled_on: None,
        ended_on: None,
        outcome: None,
        offered_at: None,
        offered_until: None,
        closed_at: None,
        status_reason: None,
        recorded_at: now,
        version: 1,
        created_at: now,
        updated_at: now,
        created_by: by,
        updated_by: by,
    }
}

/// Refuses whoever does not meet all conditions, and says as much as may be known.
fn refuse_unmet(session: &Session, conditions: &[Condition], visible: Shown) -> Result<(), Halt> {
    let path = "input.familyId";
    let mut unmet = conditions.iter().filter(|condition| !condition.is_met);
    if unmet.any(|condition| condition.criterion == Criterion::AvailableInArea) {
        return Err(Problem::at(path, ProgrammeText::NotAvailableInArea).into());
    }
    let shows = |veil: Veil| visible.has(veil.needs());
    match reasons(conditions, shows, session.language()) {
        Some(reasons) => Err(Problem::at(path, ProgrammeText::NotEligible { reasons }).into()),
        None => Ok(()),
    }
}

impl Request {
    async fn facts(&self, change: &Change, programme: &programme::Model) -> Result<Facts, Halt> {
        let session = change.session();
        let asked = Asked {
            programme_id: programme.id,
            family_id: self.family_id,
            intake_id: Some(self.intake_id),
            enrolment_id: None,
            today: session.today(),
            now: session.now(),
        };
        Ok(Facts::read(change.connection(), asked).await?)
    }

    /// The intake, which is open today, and its programme.
    async fn intake(&self, change: &Change) -> Result<(intake::Model, programme::Model), Halt> {
        use intake::Column;
        let path = "input.intakeId";
        let join = intake::Entity::belongs_to(programme::Entity)
            .from(Column::ProgrammeId)
            .to(programme::Column::Id);
        let found = change
            .see::<intake::Entity>(Right::ANY)
            .filter(Column::Id.eq(self.intake_id))
            .join(JoinType::InnerJoin, join.into())
            .select_also(programme::Entity)
            .one(change.connection())
            .await?;
        let pair = found.and_then(|(intake, programme)| Some((intake, programme?)));
        let (intake, programme) = pair.ok_or_else(|| Problem::not_found(path))?;
        let today = change.session().today();
        if today < intake.opens_on || intake.closes_on.is_some_and(|last| last < today) {
            return Err(Problem::at(path, ProgrammeText::IntakeShut).into());
        }
        Ok((intake, programme))
    }

    /// The family, kept from others until the change is over, how much the viewer sees of it, and
    /// whether the viewer's organisation leads the work with it: else the programme's staff see it.
    async fn family(
        &self,
        change: &Change,
        programme: &programme::Model,
    ) -> Result<(family::Model, Shown, bool), Halt> {
        let viewer = change.session().viewer();
        let is_run_here = is_run_here(change.session(), programme.organisation_id);
        let right = if is_run_here { Right::ANY } else { Right::Led };
        let mut one = change
            .see::<family::Entity>(right)
            .filter(family::Column::Id.eq(self.family_id))
            .lock(KEPT)
            .into_query();
        one.expr_as(family::Entity::shown_to(viewer), SHOWN);
        let is_led = Expr::case(led_by::<family::Entity>(viewer), true).finally(false);
        one.expr_as(is_led, LED);
        let row = change.connection().query_one(&one).await?;
        let row = row.ok_or_else(|| Problem::not_found("input.familyId"))?;
        let family = family::Model::from_query_result(&row, "")?;
        Ok((family, row.try_get("", SHOWN)?, row.try_get("", LED)?))
    }

    /// Whose enrolment it is: the person's, the child's, or the family's as a whole.
    fn subject(&self, unit: EnrolmentUnit, facts: &Facts) -> Result<Option<Uuid>, Halt> {
        let mut checks = Checks::default();
        let is_alive = |member: &&Member| member.death_date.is_none();
        let find = |id: &Uuid| {
            facts.members.iter().filter(is_alive).find(|member| member.person_id == *id)
        };
        for (place, id) in self.person_ids.iter().enumerate() {
            let path = format!("input.personIds.{place}");
            checks.hold(find(id).is_some(), &path, ProgrammeText::NotMemberNow);
        }
        checks.done()?;
        let mut members = self.person_ids.iter().filter_map(find);
        let refuse = |text: ProgrammeText| Err(Problem::at("input.personIds", text).into());
        match unit {
            EnrolmentUnit::Family => Ok(None),
            EnrolmentUnit::Person => match self.person_ids.as_slice() {
                [person] => Ok(Some(*person)),
                _ => refuse(ProgrammeText::OnePerson),
            },
            EnrolmentUnit::ParentAndChild => {
                let child = members.clone().find(|member| member.role == MemberRole::Child);
                match child {
                    Some(child) if members.any(|member| cares(member.role)) => {
                        Ok(Some(child.person_id))
                    }
                    _ => refuse(ProgrammeText::ParentAndChild),
                }
            }
        }
    }

    /// The worker who is accountable: the viewer, or somebody active who works for the programme's
    /// organisation, for the family's lead or for the viewer's.
    async fn worker(
        &self,
        change: &Change,
        programme: &programme::Model,
        family: &family::Model,
    ) -> Result<Option<Uuid>, Halt> {
        let viewer = change.session().viewer();
        let Some(id) = self.worker_id.filter(|id| Some(*id) != viewer.worker_id) else {
            return Ok(viewer.worker_id);
        };
        let mut homes = vec![programme.organisation_id, viewer.organisation_id];
        homes.extend(family.lead_organisation_id);
        let mut staff = memberships(change, &homes);
        staff.column((membership::Entity, membership::Column::WorkerId));
        let found = change
            .see::<worker::Entity>(Right::ANY)
            .filter(worker::Column::Id.eq(id))
            .filter(worker::Column::Status.eq(WorkerStatus::Active))
            .filter(worker::Column::Id.into_simple_expr().in_subquery(staff))
            .one(change.connection())
            .await?;
        let unknown = || Problem::at("input.workerId", ProgrammeText::NotAWorker);
        Ok(Some(found.ok_or_else(unknown)?.id))
    }
}

const SHOWN: &str = "viewer_shown";
const LED: &str = "is_led_here";

const fn cares(role: MemberRole) -> bool {
    matches!(
        role,
        MemberRole::Parent | MemberRole::StepParent | MemberRole::Guardian | MemberRole::Caregiver
    )
}
