//! Programmes; in `part`, their stages, intakes, rules and budgets.

pub mod eligibility;
pub mod mutation;
mod part;

use async_graphql::{Context, ID, InputObject, Object};
use entity::programme::{self, EnrolmentUnit, ProgrammeKind, ProgrammeStatus};

use super::enrolment::{Enrolment, LastEnrolmentsOf};
use super::id::Kind;
use super::input::{objects, orders};
use super::loader::{Asking, By, last, last_questions, many, one, questions, single};
use super::organisation::Organisation;
use super::page::{Asked, Connection, page};
use super::permission::{self, ProgrammePermissions};
use super::scalar::{Date, Instant};
use crate::access::Row;
use crate::access::policy::Action;
use crate::casework;
use crate::casework::programme::ProgrammeFilter as Narrowed;
use crate::error::Result;

pub use part::{Availability, BudgetLine, EligibilityRule, Intake, ProgrammePriority, Stage};

objects! {
    /// A programme or a project.
    Programme of programme;
}

questions! {
    /// The stages of a programme, in order.
    StagesOf -> Vec<Row<entity::programme_stage::Model>> = casework::programme::stages_of;
    /// Where and when a programme is available.
    AvailabilityOf -> Vec<Row<entity::programme_availability::Model>> =
        casework::programme::availability_of;
    /// The conditions for enrolment in a programme.
    RulesOf -> Vec<Row<entity::eligibility_rule::Model>> = casework::programme::rules_of;
    /// The budget of a programme, by year.
    BudgetOf -> Vec<Row<entity::budget_line::Model>> = casework::programme::budget_of;
    /// Which families come first in a programme.
    PrioritiesOf -> Vec<Row<entity::programme_priority::Model>> =
        casework::programme::priorities_of;
    /// How many places of an intake are held.
    HeldIn -> i64 = casework::enrolment::held_in;
}

last_questions! {
    /// The last intakes of a programme by the day they open.
    LastIntakesOf -> Row<entity::intake::Model> = casework::programme::last_intakes_of;
}

/// A programme or a project that families or persons enrol in.
#[Object(serial)]
impl Programme {
    /// Id with the prefix `programme_`.
    pub(super) async fn id(&self) -> ID {
        Kind::Programme.id(self.0.id)
    }

    /// Grows with each change.
    pub(super) async fn version(&self) -> i32 {
        self.0.version
    }

    /// When it was recorded.
    pub(super) async fn created_at(&self) -> Instant {
        Instant(self.0.created_at)
    }

    /// When it was last changed.
    pub(super) async fn updated_at(&self) -> Instant {
        Instant(self.0.updated_at)
    }

    /// Name of the programme.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// What it is, in a few sentences.
    async fn summary(&self) -> &str {
        &self.0.summary
    }

    /// What kind of programme it is.
    async fn kind(&self) -> ProgrammeKind {
        self.0.kind
    }

    /// Who enrols.
    async fn enrolment_unit(&self) -> EnrolmentUnit {
        self.0.enrolment_unit
    }

    /// Where it stands in its life cycle.
    async fn status(&self) -> ProgrammeStatus {
        self.0.status
    }

    /// First day.
    async fn since(&self) -> Date {
        Date(self.0.since)
    }

    /// The day after the last; null while it is open.
    async fn until(&self) -> Option<Date> {
        self.0.until.map(Date)
    }

    /// The organisation that runs it.
    async fn organisation(&self, ctx: &Context<'_>) -> Option<Result<Organisation>> {
        one(ctx, Some(By::<entity::organisation::Entity>::id(self.0.organisation_id))).await
    }

    /// Its stages, in order.
    async fn stages(&self, ctx: &Context<'_>) -> Result<Vec<Stage>> {
        many(ctx, StagesOf(self.0.id)).await
    }

    /// The last intakes by the day they open, latest first.
    async fn intakes(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "last", desc = "How many, 1 to 50; 25 unless said.")] count: Option<i32>,
    ) -> Result<Vec<Intake>> {
        many(ctx, LastIntakesOf(self.0.id, last(count)?)).await
    }

    /// Where and when it is available; everywhere if the list is empty.
    async fn availability(&self, ctx: &Context<'_>) -> Result<Vec<Availability>> {
        many(ctx, AvailabilityOf(self.0.id)).await
    }

    /// The conditions for enrolment: all must hold.
    async fn eligibility_rules(&self, ctx: &Context<'_>) -> Result<Vec<EligibilityRule>> {
        many(ctx, RulesOf(self.0.id)).await
    }

    /// Which families come first, most points first.
    async fn priorities(&self, ctx: &Context<'_>) -> Result<Vec<ProgrammePriority>> {
        many(ctx, PrioritiesOf(self.0.id)).await
    }

    /// What the viewer could do with it now.
    async fn viewer_permissions(&self, ctx: &Context<'_>) -> Result<ProgrammePermissions> {
        permission::of_programme(ctx, &self.0)
    }

    /// Its money, by year.
    async fn budget(&self, ctx: &Context<'_>) -> Result<Vec<BudgetLine>> {
        many(ctx, BudgetOf(self.0.id)).await
    }

    /// The last enrolments that the viewer may see, latest first.
    async fn enrolments(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "last", desc = "How many, 1 to 50; 25 unless said.")] count: Option<i32>,
    ) -> Result<Vec<Enrolment>> {
        many(ctx, LastEnrolmentsOf(self.0.id, last(count)?)).await
    }
}

/// Narrows the list of programmes; what is given must all hold.
#[derive(InputObject, Debug)]
#[expect(clippy::struct_field_names, reason = "lists in filters end in `In`")]
pub struct ProgrammeFilter {
    /// Of one of these kinds.
    kind_in: Option<Vec<ProgrammeKind>>,
    /// In one of these stages of their life cycle.
    status_in: Option<Vec<ProgrammeStatus>>,
    /// Run by one of these organisations, up to 100.
    organisation_id_in: Option<Vec<ID>>,
}

orders! {
    ProgrammeOrder by ProgrammeOrderField of programme {
        /// By name.
        Name = Name,
    }
}

impl ProgrammeFilter {
    fn narrowed(filter: Option<Self>) -> Result<Narrowed> {
        let Some(filter) = filter else { return Ok(Narrowed::default()) };
        Ok(Narrowed {
            kind_in: filter.kind_in,
            status_in: filter.status_in,
            organisation_in: Kind::Organisation.parse_all(filter.organisation_id_in)?,
        })
    }
}

/// Roots for programmes.
#[derive(Default)]
pub struct ProgrammeQuery;

#[Object]
impl ProgrammeQuery {
    /// A programme by its id.
    async fn programme(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id with the prefix `programme_`.")] id: ID,
    ) -> Option<Result<Programme>> {
        single::<Programme, programme::Entity>(ctx, Action::ReadCatalogue, Kind::Programme, &id)
            .await
            .transpose()
    }

    /// The programmes.
    async fn programmes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, 1 to 100; 25 unless said.")] first: Option<i32>,
        #[graphql(desc = "Behind this cursor.")] after: Option<String>,
        #[graphql(desc = "Which ones.")] filter: Option<ProgrammeFilter>,
        #[graphql(desc = "In which order; by id unless said.")] order_by: Option<ProgrammeOrder>,
    ) -> Option<Result<Connection<Programme>>> {
        Some(programmes(ctx, first, after, filter, order_by).await)
    }
}

async fn programmes(
    ctx: &Context<'_>,
    first: Option<i32>,
    after: Option<String>,
    filter: Option<ProgrammeFilter>,
    order_by: Option<ProgrammeOrder>,
) -> Result<Connection<Programme>> {
    let session = ctx.session()?;
    session.may(Action::ReadCatalogue)?;
    let filter = ProgrammeFilter::narrowed(filter)?;
    let asked = Asked {
        first,
        after,
        order: ProgrammeOrder::keyset(order_by),
        filter: format!("programmes {filter:?}"),
    };
    page(ctx, casework::programme::programmes(session, filter), asked).await
}
