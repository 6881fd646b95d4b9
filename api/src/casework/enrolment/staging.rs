//! What happens in the stages of a programme: which stage was entered, completed, dropped, or left by a
//! relapse, and by which agency it is carried out.

use chrono::NaiveDate;
use entity::consent::{self, ConsentPurpose};
use entity::enrolment::{self, EnrolmentStatus};
use entity::programme_stage;
use entity::stage_event::{self, StageEventKind};
use entity::{enrolment_person, organisation};
use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{ActiveEnum, ColumnTrait, ConnectionTrait, QueryFilter};
use uuid::Uuid;

use super::gate::{self, By};
use crate::access::Session;
use crate::access::policy::Action;
use crate::casework::change::{Change, Key, Right, Subject};
use crate::casework::check::Checks;
use crate::casework::consent::{in_force, is_for};
use crate::casework::problem::{Detail, Halt, Problem};
use crate::casework::wording::{ProgrammeText, Text};
use crate::error::Error;

/// What happened in a stage.
#[derive(Clone, Debug)]
pub struct Advance {
    /// The enrolment.
    pub id: Uuid,
    /// The version that this was decided on, if it is to be checked.
    pub expected_version: Option<i32>,
    /// The stage.
    pub stage_id: Uuid,
    /// What happened.
    pub kind: StageEventKind,
    /// On which day.
    pub occurred_on: NaiveDate,
    /// The agency that carries the stage out; the one that did so far unless said.
    pub organisation_id: Option<Uuid>,
}

/// Records what happened in a stage. The first one that is entered begins the enrolment; a relapse
/// enters the stage again that its edge leads back to.
pub async fn advance(session: &Session, key: &Key, command: &Advance) -> Result<Uuid, Halt> {
    let subject = Subject::new("enrolment", command.id);
    let mut change = Change::begin(session, Action::EnrolmentAdvance, key, subject).await?;
    let mut checks = Checks::default();
    checks.past("input.occurredOn", Some(command.occurred_on), session.today());
    checks.done()?;
    let (enrolment, programme) = gate::enter(&change, command.id, By::Either, "input.id").await?;
    change.expect_some(&enrolment, &enrolment, command.expected_version)?;
    gate::taking_part(&enrolment, "input.id")?;
    let course = Course::read(&change, &enrolment, programme.id).await?;
    let stage =
        course.stage(command.stage_id).ok_or_else(|| Problem::not_found("input.stageId"))?;
    command.check(&enrolment, &course, stage)?;
    let agency = command.agency(&change, &course, stage).await?;
    let entered = match command.kind {
        StageEventKind::Entered => Some(stage),
        StageEventKind::Relapsed => stage.relapse_to_id.and_then(|id| course.stage(id)),
        StageEventKind::Completed | StageEventKind::Dropped => None,
    };
    if entered.is_some_and(|stage| stage.requires_consent) {
        require_consent(&change, &enrolment).await?;
    }
    let mut rows =
        vec![command.row(&change, &enrolment, (stage, command.kind, agency.map(|(id, _)| id)))];
    if let Some(again) = entered.filter(|_| command.kind == StageEventKind::Relapsed) {
        let same = agency.filter(|(_, kind)| *kind == again.owner_kind).map(|(id, _)| id);
        let agency = same.or_else(|| course.agency(again.id));
        rows.push(command.row(&change, &enrolment, (again, StageEventKind::Entered, agency)));
    }
    change.insert_all(rows).await?;
    let after = enrolment::Model { status: EnrolmentStatus::InProgress, ..enrolment.clone() };
    change.bump(&enrolment, after).await?;
    change.commit().await
}

/// The stages of a programme, and what happened in them so far.
struct Course {
    stages: Vec<programme_stage::Model>,
    events: Vec<stage_event::Model>,
}

impl Course {
    async fn read(
        change: &Change,
        enrolment: &enrolment::Model,
        programme_id: Uuid,
    ) -> Result<Self, Halt> {
        let stages = change
            .see::<programme_stage::Entity>(Right::ANY)
            .filter(programme_stage::Column::ProgrammeId.eq(programme_id))
            .all(change.connection())
            .await?;
        let mut events = change
            .see::<stage_event::Entity>(Right::ANY)
            .filter(stage_event::Column::EnrolmentId.eq(enrolment.id))
            .all(change.connection())
            .await?;
        events.sort_by_key(|event| (event.occurred_on, event.recorded_at, event.id));
        Ok(Self { stages, events })
    }

    fn stage(&self, id: Uuid) -> Option<&programme_stage::Model> {
        self.stages.iter().find(|stage| stage.id == id)
    }

    /// What happened in a stage last.
    fn last(&self, stage_id: Uuid) -> Option<StageEventKind> {
        self.events.iter().rfind(|event| event.stage_id == stage_id).map(|event| event.kind)
    }

    /// The agency that carried a stage out last.
    fn agency(&self, stage_id: Uuid) -> Option<Uuid> {
        let own = self.events.iter().filter(|event| event.stage_id == stage_id);
        own.filter_map(|event| event.organisation_id).next_back()
    }
}

impl Advance {
    fn row(
        &self,
        change: &Change,
        enrolment: &enrolment::Model,
        (stage, kind, organisation_id): (&programme_stage::Model, StageEventKind, Option<Uuid>),
    ) -> stage_event::Model {
        let session = change.session();
        stage_event::Model {
            id: Uuid::now_v7(),
            enrolment_id: enrolment.id,
            stage_id: stage.id,
            family_id: enrolment.family_id,
            kind,
            occurred_on: self.occurred_on,
            organisation_id,
            worker_id: session.viewer().worker_id,
            recorded_at: session.now(),
        }
    }

    fn check(
        &self,
        enrolment: &enrolment::Model,
        course: &Course,
        stage: &programme_stage::Model,
    ) -> Result<(), Halt> {
        let latest = course.events.last().map(|event| event.occurred_on);
        if let Some(earliest) = std::cmp::max(latest, enrolment.enrolled_on)
            && self.occurred_on < earliest
        {
            return Err(Problem::at("input.occurredOn", Text::TooEarly { earliest }).into());
        }
        let last = course.last(stage.id);
        match self.unfit(last) {
            Some(text) => Err(Problem::at("input.kind", text).into()),
            None if self.kind == StageEventKind::Entered => Self::check_order(course, stage),
            None => Ok(()),
        }
    }

    /// Why this can't happen in a stage after what happened in it last.
    const fn unfit(&self, last: Option<StageEventKind>) -> Option<ProgrammeText> {
        use StageEventKind::{Completed, Dropped, Entered, Relapsed};
        match (self.kind, last) {
            (Entered, Some(Entered)) => Some(ProgrammeText::StageEntered),
            (Entered, Some(Completed)) => Some(ProgrammeText::StageCompleted),
            (Entered, None | Some(Dropped | Relapsed))
            | (Completed | Dropped, Some(Entered))
            | (Relapsed, Some(Entered | Completed)) => None,
            (Completed | Dropped | Relapsed, _) => Some(ProgrammeText::StageNotEntered),
        }
    }

    /// That the stage before is completed, and was not lost again by a relapse.
    fn check_order(course: &Course, stage: &programme_stage::Model) -> Result<(), Halt> {
        let Some(before) = stage.prerequisite_id.and_then(|id| course.stage(id)) else {
            return Ok(());
        };
        if course.last(before.id) == Some(StageEventKind::Completed) {
            return Ok(());
        }
        let text = ProgrammeText::StageBefore { name: before.name.clone() };
        Err(Problem::at("input.stageId", text).into())
    }

    /// The agency that carries the stage out, which is of the kind that owns it.
    async fn agency(
        &self,
        change: &Change,
        course: &Course,
        stage: &programme_stage::Model,
    ) -> Result<Option<(Uuid, organisation::OrganisationKind)>, Halt> {
        let path = "input.organisationId";
        let Some(id) = self.organisation_id else {
            if self.kind == StageEventKind::Entered {
                return Err(Problem::at(path, Text::Required).into());
            }
            return Ok(course.agency(stage.id).map(|id| (id, stage.owner_kind)));
        };
        let agency = change.read::<organisation::Entity>(id, Right::ANY, path).await?;
        if agency.kind != stage.owner_kind {
            let text = ProgrammeText::OwnerKind { kind: stage.owner_kind.to_value() };
            return Err(Problem::at(path, text).into());
        }
        Ok(Some((id, agency.kind)))
    }
}

/// Refuses to start a stage without a consent to programmes that is in force: of the family as a whole,
/// or of each who takes part.
async fn require_consent(change: &Change, enrolment: &enrolment::Model) -> Result<(), Halt> {
    use enrolment_person::Column as Part;
    let now = change.session().now();
    let persons = || {
        let mut persons = Query::select();
        persons.from(enrolment_person::Entity).and_where(Part::EnrolmentId.eq(enrolment.id));
        persons
    };
    let of_family = given(enrolment.family_id, now, consent::Column::PersonId.is_null());
    let is_theirs = Expr::col((consent::Entity, consent::Column::PersonId))
        .eq(Expr::col((enrolment_person::Entity, Part::PersonId)));
    let mut without = persons();
    without
        .expr(Expr::val(1))
        .and_where(Expr::exists(given(enrolment.family_id, now, is_theirs)).not());
    let mut somebody = persons();
    somebody.expr(Expr::val(1));
    let mut asked = Query::select();
    asked.expr(Expr::exists(of_family)).expr(Expr::exists(somebody)).expr(Expr::exists(without));
    let row = change.connection().query_one(&asked).await?.ok_or(Error::Internal)?;
    let of_family: bool = row.try_get_by_index(0)?;
    let (somebody, without): (bool, bool) = (row.try_get_by_index(1)?, row.try_get_by_index(2)?);
    if of_family || (somebody && !without) {
        return Ok(());
    }
    let problem = Problem::at("input.stageId", ProgrammeText::ConsentMissing);
    Err(Problem { detail: Detail::Consent, ..problem }.into())
}

/// Consents to programmes that a family gave, of those who are meant.
fn given(
    family_id: Uuid,
    now: chrono::DateTime<chrono::Utc>,
    of: sea_orm::sea_query::SimpleExpr,
) -> SelectStatement {
    let mut select = Query::select();
    select
        .expr(Expr::val(1))
        .from(consent::Entity)
        .and_where(consent::Column::FamilyId.eq(family_id))
        .and_where(is_for(ConsentPurpose::Programme))
        .and_where(of)
        .cond_where(in_force(now));
    select
}
