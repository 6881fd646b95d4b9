//! Recording services that were delivered: under a measure of a plan, in a case, or to a family.

use chrono::{Months, NaiveDate};
use entity::membership::Role;
use entity::organisation::{self, OrganisationStatus};
use entity::plan::{self, PlanStatus};
use entity::{case, family, measure, service, service_person, service_type};
use sea_orm::{ColumnTrait, EntityTrait, JoinType, QueryFilter, QuerySelect};
use uuid::Uuid;

use crate::access::Session;
use crate::access::policy::Action;
use crate::casework::case::gate;
use crate::casework::change::{Change, Key, Right, Subject};
use crate::casework::check::Checks;
use crate::casework::household::Household;
use crate::casework::problem::{Halt, Problem};
use crate::casework::wording::Text;

/// How often a service may have been delivered on a day, at most.
const MOST_TIMES: i64 = 1000;

/// What records a service.
#[derive(Clone, Debug)]
pub struct Record {
    /// The id that the client made, or none.
    pub id: Option<Uuid>,
    /// Whom it was delivered to.
    pub to: Recipient,
    /// What was delivered.
    pub service_type_id: Uuid,
    /// To which members of the family.
    pub person_ids: Vec<Uuid>,
    /// On which day.
    pub delivered_on: NaiveDate,
    /// How many times.
    pub quantity: i32,
    /// By whom; the viewer's organisation unless said.
    pub provider_id: Option<Uuid>,
}

/// Under what a service was delivered: one of the three.
#[derive(Clone, Copy, Debug)]
pub struct Recipient {
    /// A measure of a plan.
    pub measure_id: Option<Uuid>,
    /// A case.
    pub case_id: Option<Uuid>,
    /// A family.
    pub family_id: Option<Uuid>,
}

/// Records a service that was delivered.
pub async fn record(session: &Session, key: &Key, command: &Record) -> Result<Uuid, Halt> {
    let id = command.id.unwrap_or_else(Uuid::now_v7);
    let subject = Subject::new("service", id);
    let mut change = Change::begin(session, Action::ServiceRecord, key, subject).await?;
    command.check(session)?;
    let (family_id, case) = command.to.enter(&change).await?;
    if let Some(earliest) = case.as_ref().map(|(_, begun)| *begun)
        && command.delivered_on < earliest
    {
        return Err(Problem::at("input.deliveredOn", Text::TooEarly { earliest }).into());
    }
    command.check_type(&change).await?;
    let provider_id = command.provider(&change).await?;
    command.check_persons(&change, family_id).await?;
    let service = service::Model {
        id,
        case_id: case.map(|(case, _)| case.id),
        family_id,
        measure_id: command.to.measure_id,
        service_type_id: command.service_type_id,
        provider_id,
        delivered_on: command.delivered_on,
        quantity: command.quantity,
        recorded_at: session.now(),
        voided_at: None,
        void_reason: None,
    };
    change.insert_last(vec![service]);
    let served = |person_id: &Uuid| service_person::Model { service_id: id, person_id: *person_id };
    change.insert_last(command.person_ids.iter().map(served).collect());
    change.commit().await
}

/// At which level whoever serves a family must see it.
pub fn level(session: &Session) -> Right {
    match session.viewer().role {
        Role::CentreStaff | Role::NgoWorker | Role::Integration => Right::ANY,
        _ => Right::FULL,
    }
}

impl Recipient {
    fn check(self, checks: &mut Checks) {
        let named = [
            ("input.measureId", self.measure_id),
            ("input.caseId", self.case_id),
            ("input.familyId", self.family_id),
        ];
        let mut named = named.iter().filter(|(_, id)| id.is_some()).skip(1);
        if let Some((path, _)) = named.next() {
            checks.fail(path, Text::OnlyOne);
        }
        let is_named = self.measure_id.or(self.case_id).or(self.family_id).is_some();
        checks.hold(is_named, "input.familyId", Text::Required);
    }

    /// The family that is served, and the open case in which it is, kept from others until the
    /// change is over, with the first day of its episode.
    async fn enter(
        self,
        change: &Change,
    ) -> Result<(Uuid, Option<(case::Model, NaiveDate)>), Halt> {
        let level = level(change.session());
        let (case_id, path) = match (self.measure_id, self.case_id) {
            (Some(id), _) => (case_of(change, id, level).await?, "input.measureId"),
            (None, Some(id)) => (id, "input.caseId"),
            (None, None) => {
                let path = "input.familyId";
                let id = self.family_id.ok_or_else(|| Problem::not_found(path))?;
                let family = change.read::<family::Entity>(id, level, path).await?;
                return Ok((family.id, None));
            }
        };
        let (case, begun) = gate::enter_episode(change, case_id, level, path).await?;
        Ok((case.family_id, Some((case, begun))))
    }
}

/// The case of a measure whose plan is in force.
async fn case_of(change: &Change, measure_id: Uuid, level: Right) -> Result<Uuid, Halt> {
    let path = "input.measureId";
    let join = measure::Entity::belongs_to(plan::Entity)
        .from(measure::Column::PlanId)
        .to(plan::Column::Id);
    let found = change
        .see::<measure::Entity>(level)
        .filter(measure::Column::Id.eq(measure_id))
        .join(JoinType::InnerJoin, join.into())
        .select_also(plan::Entity)
        .one(change.connection())
        .await?;
    let (measure, plan) = found.ok_or_else(|| Problem::not_found(path))?;
    match plan.map(|plan| plan.status) {
        Some(PlanStatus::Active | PlanStatus::UnderReview) => Ok(measure.case_id),
        Some(PlanStatus::Draft | PlanStatus::Agreed) => {
            Err(Problem::at(path, Text::NotInForce).into())
        }
        None | Some(PlanStatus::Completed | PlanStatus::Superseded | PlanStatus::Cancelled) => {
            Err(Problem::at(path, Text::ServicePlanOver).into())
        }
    }
}

impl Record {
    fn check(&self, session: &Session) -> Result<(), Halt> {
        let mut checks = Checks::default();
        self.to.check(&mut checks);
        checks.hold(!self.person_ids.is_empty(), "input.personIds", Text::Required);
        checks.distinct("input.personIds", &self.person_ids);
        let (path, today) = ("input.deliveredOn", session.today());
        checks.past(path, Some(self.delivered_on), today);
        let earliest = today - Months::new(12);
        checks.hold(self.delivered_on >= earliest, path, Text::TooEarly { earliest });
        checks.number("input.quantity", self.quantity.into(), 1, MOST_TIMES);
        checks.done()
    }

    async fn check_type(&self, change: &Change) -> Result<(), Halt> {
        let path = "input.serviceTypeId";
        let known =
            change.read::<service_type::Entity>(self.service_type_id, Right::ANY, path).await?;
        if known.is_active { Ok(()) } else { Err(Problem::at(path, Text::OutOfUse).into()) }
    }

    /// Who delivered it. Partners speak for themselves, with their branches; a caseworker for
    /// whoever works with the family.
    async fn provider(&self, change: &Change) -> Result<Uuid, Halt> {
        let viewer = change.session().viewer();
        let own = viewer.organisation_id;
        let Some(id) = self.provider_id.filter(|id| *id != own) else { return Ok(own) };
        let path = "input.providerId";
        let organisation = change.read::<organisation::Entity>(id, Right::ANY, path).await?;
        let is_partner = level(change.session()) == Right::ANY;
        if is_partner && !viewer.organisations.contains(&id) {
            return Err(Problem::at(path, Text::ProviderElsewhere).into());
        }
        if organisation.status != OrganisationStatus::Active {
            return Err(Problem::at(path, Text::OutOfUse).into());
        }
        Ok(id)
    }

    async fn check_persons(&self, change: &Change, family_id: Uuid) -> Result<(), Halt> {
        let household = Household::read(change, family_id, level(change.session())).await?;
        let mut checks = Checks::default();
        for (place, person_id) in self.person_ids.iter().enumerate() {
            if let Some(text) = household.no_member_by(*person_id, self.delivered_on) {
                checks.fail(&format!("input.personIds.{place}"), text);
            }
        }
        checks.done()
    }
}
