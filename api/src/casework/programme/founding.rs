//! Recording programmes and moving them through their life cycle.

use chrono::NaiveDate;
use entity::eligibility_rule::{self, EligibilityRuleKind};
use entity::family_characteristic::FamilyCharacteristic;
use entity::organisation::OrganisationKind;
use entity::programme::{self, EnrolmentUnit, ProgrammeKind, ProgrammeStatus};
use entity::{budget_line, programme_availability, programme_priority, programme_stage};
use sea_orm::sea_query::{Query, SelectStatement};
use sea_orm::{ColumnTrait, ConnectionTrait};
use uuid::Uuid;

use super::{gate, parts};
use crate::access::Session;
use crate::access::policy::Action;
use crate::casework::change::{Change, Key, Subject};
use crate::casework::check::{Checks, LONG, SHORT};
use crate::casework::enrolment::places::RUNNING;
use crate::casework::problem::{Halt, Problem};
use crate::casework::state::Machine;
use crate::casework::wording::{ProgrammeText, Text};
use crate::error::Error;

/// Money of a programme for a year.
#[derive(Clone, Debug)]
pub struct Money {
    /// The calendar year.
    pub year: i32,
    /// What it is for.
    pub purpose: String,
    /// The amount in hundredths of the currency's unit.
    pub amount_minor: i64,
    /// ISO 4217's code of the currency.
    pub currency: String,
}

/// An area in which a programme is available.
#[derive(Clone, Copy, Debug)]
pub struct Available {
    /// The area, with all areas in it.
    pub area_id: Uuid,
    /// From this day on.
    pub since: NaiveDate,
    /// Before this day.
    pub until: Option<NaiveDate>,
}

/// A stage of a programme, as it is planned.
#[derive(Clone, Debug)]
pub struct StagePlan {
    /// Its name.
    pub name: String,
    /// The class of agency that carries it out.
    pub owner_kind: OrganisationKind,
    /// Whether it starts only with a recorded consent.
    pub requires_consent: bool,
    /// The number of the stage that must be completed before.
    pub prerequisite: Option<i32>,
    /// The number of the stage that a relapse leads back to.
    pub relapse_to: Option<i32>,
}

/// A condition for enrolment.
#[derive(Clone, Debug)]
pub struct Rule {
    /// What it looks at.
    pub kind: EligibilityRuleKind,
    /// The least value.
    pub min_value: Option<i32>,
    /// The value from which on it does not hold.
    pub max_value: Option<i32>,
    /// The characteristic or the level of risk.
    pub code: Option<String>,
    /// The area.
    pub area_id: Option<Uuid>,
    /// The register.
    pub register_id: Option<Uuid>,
    /// The programme that must have been completed.
    pub prior_programme_id: Option<Uuid>,
}

/// How much sooner families with a circumstance get a place.
#[derive(Clone, Copy, Debug)]
pub struct Priority {
    /// The circumstance.
    pub characteristic: FamilyCharacteristic,
    /// The points.
    pub points: i32,
}

/// What records a programme.
#[derive(Clone, Debug)]
pub struct Create {
    /// The id that the client made, or none.
    pub id: Option<Uuid>,
    /// The organisation that runs it.
    pub organisation_id: Uuid,
    /// Its name.
    pub name: String,
    /// What it is.
    pub summary: String,
    /// What kind of programme it is.
    pub kind: ProgrammeKind,
    /// Who enrols.
    pub enrolment_unit: EnrolmentUnit,
    /// Its first day.
    pub since: NaiveDate,
    /// The day after its last.
    pub until: Option<NaiveDate>,
    /// Its money.
    pub budget: Vec<Money>,
    /// Where it is available; everywhere if nowhere is named.
    pub availability: Vec<Available>,
    /// Its stages, in order.
    pub stages: Vec<StagePlan>,
    /// The conditions for enrolment.
    pub rules: Vec<Rule>,
    /// Who comes first.
    pub priorities: Vec<Priority>,
}

/// Records a programme that is planned: it takes nobody before it is active.
pub async fn create(session: &Session, key: &Key, command: &Create) -> Result<Uuid, Halt> {
    let id = command.id.unwrap_or_else(Uuid::now_v7);
    let subject = Subject::new("programme", id);
    let mut change = Change::begin(session, Action::ProgrammeCreate, key, subject).await?;
    command.check()?;
    parts::named(&change, &command.named()).await?;
    gate::run_here(&change, command.organisation_id, "input.organisationId")?;
    let (now, by) = (session.now(), change.by());
    let programme = programme::Model {
        id,
        organisation_id: command.organisation_id,
        name: command.name.clone(),
        summary: command.summary.clone(),
        kind: command.kind,
        enrolment_unit: command.enrolment_unit,
        since: command.since,
        until: command.until,
        status: ProgrammeStatus::Planned,
        version: 1,
        created_at: now,
        updated_at: now,
        created_by: by,
        updated_by: by,
    };
    change.insert(programme).await?;
    change.insert_all::<budget_line::Model>(parts::budget(id, &command.budget)).await?;
    let areas = parts::availability(id, &command.availability);
    change.insert_all::<programme_availability::Model>(areas).await?;
    change.insert_all::<programme_stage::Model>(parts::stages(id, &command.stages)).await?;
    change.insert_all::<eligibility_rule::Model>(parts::rules(id, &command.rules)).await?;
    let priorities = parts::priorities(id, &command.priorities);
    change.insert_all::<programme_priority::Model>(priorities).await?;
    change.commit().await
}

impl Create {
    fn check(&self) -> Result<(), Halt> {
        let mut checks = Checks::default();
        checks.text("input.name", &self.name, SHORT);
        checks.text("input.summary", &self.summary, LONG);
        checks.day("input.since", Some(self.since));
        checks.day("input.until", self.until);
        checks.range("input.until", Some(self.since), self.until);
        parts::check_budget(&mut checks, "input.budget", &self.budget);
        parts::check_availability(&mut checks, "input.availability", &self.availability);
        parts::check_stages(&mut checks, &self.stages);
        parts::check_rules(&mut checks, &self.rules);
        parts::check_priorities(&mut checks, &self.priorities);
        checks.done()
    }

    /// What the input names, and where.
    fn named(&self) -> Vec<parts::Named> {
        let mut named = vec![parts::Named::organisation(self.organisation_id)];
        named.extend(parts::areas_named("input.availability", &self.availability));
        named.extend(parts::rules_named(&self.rules));
        named
    }
}

/// What changes a programme.
#[derive(Clone, Debug)]
pub struct Update {
    /// The programme.
    pub id: Uuid,
    /// The version that the change was decided on.
    pub expected_version: i32,
    /// Its name.
    pub name: Option<Option<String>>,
    /// What it is.
    pub summary: Option<Option<String>>,
    /// The day after its last.
    pub until: Option<Option<NaiveDate>>,
    /// Where it stands in its life cycle.
    pub status: Option<Option<ProgrammeStatus>>,
    /// Money that is added.
    pub add_budget: Vec<Money>,
    /// Areas that are added.
    pub add_availability: Vec<Available>,
}

/// Changes a programme. It ends when nobody takes part in it any more.
pub async fn update(session: &Session, key: &Key, command: &Update) -> Result<Uuid, Halt> {
    let subject = Subject::new("programme", command.id);
    let mut change = Change::begin(session, Action::ProgrammeUpdate, key, subject).await?;
    command.check()?;
    let programme = gate::enter(&change, command.id, "input.id").await?;
    let after = programme::Model {
        name: command.name.clone().flatten().unwrap_or_else(|| programme.name.clone()),
        summary: command.summary.clone().flatten().unwrap_or_else(|| programme.summary.clone()),
        until: command.until.unwrap_or(programme.until),
        status: command.status.flatten().unwrap_or(programme.status),
        ..programme.clone()
    };
    change.expect(&programme, &after, command.expected_version)?;
    let mut checks = Checks::default();
    checks.range("input.until", Some(after.since), after.until);
    checks.done()?;
    if after.status != programme.status {
        programme.status.check(after.status, "input.status")?;
    }
    if after.status == ProgrammeStatus::Ended && programme.status != ProgrammeStatus::Ended {
        refuse_running(&change, programme.id).await?;
    }
    add_parts(&mut change, command, &programme).await?;
    if command.adds_nothing() {
        change.update(&programme, after).await?;
    } else {
        change.bump(&programme, after).await?;
    }
    change.commit().await
}

async fn add_parts(
    change: &mut Change,
    command: &Update,
    programme: &programme::Model,
) -> Result<(), Halt> {
    if command.adds_nothing() {
        return Ok(());
    }
    if programme.status == ProgrammeStatus::Ended {
        let over = Problem::at("input.id", ProgrammeText::ProgrammeOver);
        return Err(over.from_where(programme.status).into());
    }
    let (id, path) = (programme.id, "input.addAvailability");
    let areas: Vec<_> = parts::areas_named(path, &command.add_availability).collect();
    parts::named(change, &areas).await?;
    change.insert_all::<budget_line::Model>(parts::budget(id, &command.add_budget)).await?;
    let areas = parts::availability(id, &command.add_availability);
    change.insert_all::<programme_availability::Model>(areas).await
}

/// Refuses to end a programme in which somebody takes part, whoever may see who.
async fn refuse_running(change: &Change, programme_id: Uuid) -> Result<(), Halt> {
    use entity::enrolment::{Column, Entity};
    let mut running: SelectStatement = Query::select();
    running
        .expr(Column::Id.count())
        .from(Entity)
        .and_where(Column::ProgrammeId.eq(programme_id))
        .and_where(Column::Status.is_in(RUNNING));
    let row = change.connection().query_one(&running).await?.ok_or(Error::Internal)?;
    let count: i64 = row.try_get_by_index(0)?;
    if count > 0 {
        let count = usize::try_from(count).unwrap_or_default();
        let text = ProgrammeText::EnrolmentsRun { count };
        return Err(Problem::at("input.status", text).into());
    }
    Ok(())
}

impl Update {
    const fn adds_nothing(&self) -> bool {
        self.add_budget.is_empty() && self.add_availability.is_empty()
    }

    fn check(&self) -> Result<(), Halt> {
        let mut checks = Checks::default();
        let texts = [("input.name", &self.name, SHORT), ("input.summary", &self.summary, LONG)];
        for (path, text, most) in texts {
            match text {
                Some(Some(text)) => checks.text(path, text, most),
                given => checks.hold(given.is_none(), path, Text::NotNull),
            }
        }
        checks.hold(self.status != Some(None), "input.status", Text::NotNull);
        checks.day("input.until", self.until.flatten());
        parts::check_budget(&mut checks, "input.addBudget", &self.add_budget);
        parts::check_availability(&mut checks, "input.addAvailability", &self.add_availability);
        checks.done()
    }
}
