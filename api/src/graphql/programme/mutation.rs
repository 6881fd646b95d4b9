//! Recording programmes, moving them through their life cycle, and opening intakes.

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object};
use entity::eligibility_rule::EligibilityRuleKind;
use entity::family_characteristic::FamilyCharacteristic;
use entity::organisation::OrganisationKind;
use entity::programme::{EnrolmentUnit, ProgrammeKind, ProgrammeStatus};
use uuid::Uuid;

use super::{Intake, Programme};
use crate::casework;
use crate::casework::programme::founding::{
    Available, Create, Money, Priority, Rule, StagePlan, Update,
};
use crate::casework::programme::intakes;
use crate::error::Result;
use crate::graphql::id::Kind;
use crate::graphql::payload::{payloads, perform};
use crate::graphql::scalar::{Date, Decimal};

payloads! {
    /// A programme, or why nothing was done.
    ProgrammePayload {
        /// The programme; null if nothing was done.
        programme: Programme of programme
    }
    /// An intake of a programme, or why nothing was done.
    IntakePayload {
        /// The intake; null if nothing was done.
        intake: Intake of intake
    }
}

/// Money of a programme for a year.
#[derive(InputObject)]
pub struct BudgetLineInput {
    /// The calendar year.
    year: i32,
    /// What the money is for, up to 200 characters; once a year.
    purpose: String,
    /// The amount, exact, in units of the currency with two places.
    amount: Decimal,
    /// ISO 4217 code of the currency, in capitals.
    currency: String,
}

/// An area in which a programme is available.
#[derive(InputObject)]
pub struct AvailabilityInput {
    /// The area, with all areas in it.
    area_id: ID,
    /// First day.
    since: Date,
    /// The day after the last; it lasts if omitted.
    until: Option<Date>,
}

/// A stage of a programme.
#[derive(InputObject)]
pub struct StageInput {
    /// Its name, up to 200 characters.
    name: String,
    /// The class of agency that carries it out.
    owner_kind: OrganisationKind,
    /// Whether it starts only with a recorded consent.
    #[graphql(default)]
    requires_consent: bool,
    /// The number in this list, from 1, of the stage that must be completed before: an earlier one.
    prerequisite_number: Option<i32>,
    /// The number in this list, from 1, of the stage that a relapse leads back to: an earlier one or
    /// this one.
    relapse_to_number: Option<i32>,
}

/// A condition for enrolment: its kind says which of the other fields it needs.
#[derive(InputObject)]
pub struct EligibilityRuleInput {
    /// What it looks at.
    kind: EligibilityRuleKind,
    /// For ages: the least, in completed months, inclusive, 0 to 1200.
    min_value: Option<i32>,
    /// For ages: the age in completed months from which it does not hold, exclusive, 0 to 1200.
    max_value: Option<i32>,
    /// The characteristic of a family, or the least level of risk, as the schema spells it.
    code: Option<String>,
    /// The area, with all areas in it.
    area_id: Option<ID>,
    /// The register.
    register_id: Option<ID>,
    /// The programme that must have been completed.
    prior_programme_id: Option<ID>,
}

/// How much sooner families with a circumstance get a place.
#[derive(InputObject)]
pub struct ProgrammePriorityInput {
    /// The circumstance.
    characteristic: FamilyCharacteristic,
    /// The points, 1 to 1000; those of all circumstances of a family are added up.
    points: i32,
}

/// What records a programme.
#[derive(InputObject)]
pub struct ProgrammeCreateInput {
    /// Made by the client, new for each change: sending it again does nothing twice.
    client_mutation_id: Uuid,
    /// The id of the new programme, if the client made one offline: `programme_` and a `UUIDv7`.
    id: Option<ID>,
    /// The organisation that runs it: the viewer's or a branch of it.
    organisation_id: ID,
    /// Its name, up to 200 characters.
    name: String,
    /// What it is, in a few sentences, up to 10,000 characters.
    summary: String,
    /// What kind of programme it is.
    kind: ProgrammeKind,
    /// Who enrols.
    enrolment_unit: EnrolmentUnit,
    /// First day.
    since: Date,
    /// The day after the last; open if omitted.
    until: Option<Date>,
    /// Its money, up to 50 lines.
    #[graphql(default)]
    budget: Vec<BudgetLineInput>,
    /// Where and when it is available, up to 50 areas; everywhere if empty.
    #[graphql(default)]
    availability: Vec<AvailabilityInput>,
    /// Its stages, in order, up to 50.
    #[graphql(default)]
    stages: Vec<StageInput>,
    /// The conditions for enrolment, up to 50: all must hold.
    #[graphql(default)]
    eligibility_rules: Vec<EligibilityRuleInput>,
    /// Which families come first, each circumstance once.
    #[graphql(default)]
    priorities: Vec<ProgrammePriorityInput>,
}

impl ProgrammeCreateInput {
    fn command(self) -> Result<Create> {
        let stage = |stage: StageInput| StagePlan {
            name: stage.name,
            owner_kind: stage.owner_kind,
            requires_consent: stage.requires_consent,
            prerequisite: stage.prerequisite_number,
            relapse_to: stage.relapse_to_number,
        };
        let priority = |priority: ProgrammePriorityInput| Priority {
            characteristic: priority.characteristic,
            points: priority.points,
        };
        Ok(Create {
            id: self.id.map(|id| Kind::Programme.parse(&id)).transpose()?,
            organisation_id: Kind::Organisation.parse(&self.organisation_id)?,
            name: self.name,
            summary: self.summary,
            kind: self.kind,
            enrolment_unit: self.enrolment_unit,
            since: self.since.0,
            until: self.until.map(|day| day.0),
            budget: self.budget.into_iter().map(money).collect(),
            availability: areas(self.availability)?,
            stages: self.stages.into_iter().map(stage).collect(),
            rules: self.eligibility_rules.into_iter().map(rule).collect::<Result<_>>()?,
            priorities: self.priorities.into_iter().map(priority).collect(),
        })
    }
}

fn money(line: BudgetLineInput) -> Money {
    Money {
        year: line.year,
        purpose: line.purpose,
        amount_minor: line.amount.minor(),
        currency: line.currency,
    }
}

fn areas(areas: Vec<AvailabilityInput>) -> Result<Vec<Available>> {
    let area = |area: AvailabilityInput| {
        let area_id = Kind::Area.parse(&area.area_id)?;
        Ok(Available { area_id, since: area.since.0, until: area.until.map(|day| day.0) })
    };
    areas.into_iter().map(area).collect()
}

fn rule(rule: EligibilityRuleInput) -> Result<Rule> {
    let parse = |kind: Kind, id: Option<ID>| id.map(|id| kind.parse(&id)).transpose();
    Ok(Rule {
        kind: rule.kind,
        min_value: rule.min_value,
        max_value: rule.max_value,
        code: rule.code,
        area_id: parse(Kind::Area, rule.area_id)?,
        register_id: parse(Kind::Register, rule.register_id)?,
        prior_programme_id: parse(Kind::Programme, rule.prior_programme_id)?,
    })
}

/// What changes a programme; what is omitted stays as it is, null clears.
#[derive(InputObject)]
pub struct ProgrammeUpdateInput {
    /// Made by the client, new for each change: sending it again does nothing twice.
    client_mutation_id: Uuid,
    /// The programme.
    id: ID,
    /// The `version` that the change was decided on; another one now is a version conflict.
    expected_version: i32,
    /// Its name, up to 200 characters.
    name: MaybeUndefined<String>,
    /// What it is, up to 10,000 characters.
    summary: MaybeUndefined<String>,
    /// The day after the last; open if null.
    until: MaybeUndefined<Date>,
    /// Where it stands in its life cycle: PLANNED, ACTIVE, SUSPENDED and ACTIVE again, ENDED after
    /// SUSPENDED, when nobody takes part any more.
    status: MaybeUndefined<ProgrammeStatus>,
    /// Money that is added, up to 50 lines.
    #[graphql(default)]
    add_budget: Vec<BudgetLineInput>,
    /// Areas that are added, up to 50.
    #[graphql(default)]
    add_availability: Vec<AvailabilityInput>,
}

impl ProgrammeUpdateInput {
    fn command(self) -> Result<Update> {
        let until: Option<Option<Date>> = self.until.into();
        Ok(Update {
            id: Kind::Programme.parse(&self.id)?,
            expected_version: self.expected_version,
            name: self.name.into(),
            summary: self.summary.into(),
            until: until.map(|day| day.map(|day| day.0)),
            status: self.status.into(),
            add_budget: self.add_budget.into_iter().map(money).collect(),
            add_availability: areas(self.add_availability)?,
        })
    }
}

/// What opens an intake.
#[derive(InputObject)]
pub struct IntakeOpenInput {
    /// Made by the client, new for each change: sending it again does nothing twice.
    client_mutation_id: Uuid,
    /// The id of the new intake, if the client made one offline: `intake_` and a `UUIDv7`.
    id: Option<ID>,
    /// The programme, which has not ended.
    programme_id: ID,
    /// Its name, up to 200 characters.
    name: String,
    /// The first day on which enrolment is open.
    opens_on: Date,
    /// The last day on which enrolment is open; open if omitted.
    closes_on: Option<Date>,
    /// First day of the cohort.
    starts_on: Date,
    /// Last day of the cohort; open if omitted.
    ends_on: Option<Date>,
    /// Number of places, 0 to 10,000.
    capacity: i32,
    /// Whether the surplus waits.
    #[graphql(default)]
    has_waiting_list: bool,
}

impl IntakeOpenInput {
    fn command(self) -> Result<intakes::Open> {
        Ok(intakes::Open {
            id: self.id.map(|id| Kind::Intake.parse(&id)).transpose()?,
            programme_id: Kind::Programme.parse(&self.programme_id)?,
            name: self.name,
            opens_on: self.opens_on.0,
            closes_on: self.closes_on.map(|day| day.0),
            starts_on: self.starts_on.0,
            ends_on: self.ends_on.map(|day| day.0),
            capacity: self.capacity,
            has_waiting_list: self.has_waiting_list,
        })
    }
}

/// What changes an intake; what is omitted stays as it is, null clears.
#[derive(InputObject)]
pub struct IntakeUpdateInput {
    /// Made by the client, new for each change: sending it again does nothing twice.
    client_mutation_id: Uuid,
    /// The intake.
    id: ID,
    /// The `version` that the change was decided on; another one now is a version conflict.
    expected_version: i32,
    /// Its name, up to 200 characters.
    name: MaybeUndefined<String>,
    /// The last day on which enrolment is open; open if null.
    closes_on: MaybeUndefined<Date>,
    /// Last day of the cohort; open if null.
    ends_on: MaybeUndefined<Date>,
    /// Number of places: not fewer than are held. Those who wait are offered what is added.
    capacity: MaybeUndefined<i32>,
}

impl IntakeUpdateInput {
    fn command(self) -> Result<intakes::Update> {
        let closes_on: Option<Option<Date>> = self.closes_on.into();
        let ends_on: Option<Option<Date>> = self.ends_on.into();
        Ok(intakes::Update {
            id: Kind::Intake.parse(&self.id)?,
            expected_version: self.expected_version,
            name: self.name.into(),
            closes_on: closes_on.map(|day| day.map(|day| day.0)),
            ends_on: ends_on.map(|day| day.map(|day| day.0)),
            capacity: self.capacity.into(),
        })
    }
}

/// Mutations of programmes.
#[derive(Default)]
pub struct ProgrammeMutation;

#[Object]
impl ProgrammeMutation {
    /// Records a programme that is planned, with its money, areas, stages, conditions and who comes
    /// first. For administrators and supervisors of the organisation that runs it, or of one above
    /// it.
    async fn programme_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The programme.")] input: ProgrammeCreateInput,
    ) -> Option<Result<ProgrammePayload>> {
        perform!(ctx, input => casework::programme::founding::create)
    }

    /// Changes a programme, or moves it through its life cycle. For administrators and supervisors
    /// of the organisation that runs it, or of one above it.
    async fn programme_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What changes.")] input: ProgrammeUpdateInput,
    ) -> Option<Result<ProgrammePayload>> {
        perform!(ctx, input => casework::programme::founding::update)
    }

    /// Opens an intake of a programme. For administrators, supervisors and workers of an NGO in the
    /// organisation that runs the programme, or in one above it.
    async fn intake_open(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The intake.")] input: IntakeOpenInput,
    ) -> Option<Result<IntakePayload>> {
        perform!(ctx, input => casework::programme::intakes::open)
    }

    /// Changes the term and the places of an intake; more places are offered to those who wait. For
    /// administrators, supervisors and workers of an NGO in the organisation that runs the
    /// programme, or in one above it.
    async fn intake_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What changes.")] input: IntakeUpdateInput,
    ) -> Option<Result<IntakePayload>> {
        perform!(ctx, input => casework::programme::intakes::update)
    }
}
