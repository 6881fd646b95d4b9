//! What a programme is made of: stages, intakes, conditions, areas, money.

use async_graphql::{Context, ID, Object};
use entity::eligibility_rule::EligibilityRuleKind;
use entity::family_characteristic::FamilyCharacteristic;
use entity::organisation::OrganisationKind;
use entity::programme;

use super::{HeldIn, Programme};
use crate::error::Result;
use crate::graphql::enrolment::{Enrolment, LastEnrolmentsIn};
use crate::graphql::id::Kind;
use crate::graphql::input::objects;
use crate::graphql::loader::{Asking, By, last, many, one};
use crate::graphql::organisation::Area;
use crate::graphql::permission::{self, IntakePermissions};
use crate::graphql::register::Register;
use crate::graphql::scalar::{Date, Decimal, Instant};

objects! {
    /// Money of a programme for a year.
    BudgetLine of budget_line;
    /// An area in which a programme is available.
    Availability of programme_availability;
    /// A condition for enrolment.
    EligibilityRule of eligibility_rule;
    /// Which families come first in a programme.
    ProgrammePriority of programme_priority;
    /// A stage of a programme.
    Stage of programme_stage;
    /// A cohort of a programme.
    Intake of intake;
}

/// Money of a programme for a year.
#[Object(serial)]
impl BudgetLine {
    /// Id with the prefix `budgetline_`.
    pub(in crate::graphql) async fn id(&self) -> ID {
        Kind::BudgetLine.id(self.0.id)
    }

    /// Calendar year.
    async fn year(&self) -> i32 {
        self.0.year
    }

    /// What the money is for.
    async fn purpose(&self) -> &str {
        &self.0.purpose
    }

    /// The amount, exact, in units of the currency with two places.
    async fn amount(&self) -> Decimal {
        Decimal::from_minor(self.0.amount_minor)
    }

    /// ISO 4217 code of the currency.
    async fn currency(&self) -> &str {
        &self.0.currency
    }
}

/// An area in which a programme is available, for a time.
#[Object(serial)]
impl Availability {
    /// Id with the prefix `availability_`.
    pub(in crate::graphql) async fn id(&self) -> ID {
        Kind::Availability.id(self.0.id)
    }

    /// The area, with all areas in it.
    async fn area(&self, ctx: &Context<'_>) -> Option<Result<Area>> {
        one(ctx, Some(By::<entity::area::Entity>::id(self.0.area_id))).await
    }

    /// First day.
    async fn since(&self) -> Date {
        Date(self.0.since)
    }

    /// The day after the last; null while it lasts.
    async fn until(&self) -> Option<Date> {
        self.0.until.map(Date)
    }
}

/// A condition for enrolment in a programme.
#[Object(serial)]
impl EligibilityRule {
    /// Id with the prefix `rule_`.
    pub(in crate::graphql) async fn id(&self) -> ID {
        Kind::EligibilityRule.id(self.0.id)
    }

    /// What the rule looks at; it says which of the other fields hold the limits.
    async fn kind(&self) -> EligibilityRuleKind {
        self.0.kind
    }

    /// The least value, inclusive; for ages in completed months.
    async fn min_value(&self) -> Option<i32> {
        self.0.min_value
    }

    /// The value from which it does not hold, exclusive; for ages in completed months.
    async fn max_value(&self) -> Option<i32> {
        self.0.max_value
    }

    /// The characteristic or the level of risk.
    async fn code(&self) -> Option<&str> {
        self.0.code.as_deref()
    }

    /// The area.
    async fn area(&self, ctx: &Context<'_>) -> Option<Result<Area>> {
        one(ctx, self.0.area_id.map(By::<entity::area::Entity>::id)).await
    }

    /// The register.
    async fn register(&self, ctx: &Context<'_>) -> Option<Result<Register>> {
        one(ctx, self.0.register_id.map(By::<entity::register::Entity>::id)).await
    }

    /// The programme that must have been completed.
    async fn prior_programme(&self, ctx: &Context<'_>) -> Option<Result<Programme>> {
        one(ctx, self.0.prior_programme_id.map(By::<programme::Entity>::id)).await
    }
}

/// How much sooner families with a circumstance get a place.
#[Object(serial)]
impl ProgrammePriority {
    /// The circumstance.
    async fn characteristic(&self) -> FamilyCharacteristic {
        self.0.characteristic
    }

    /// The points; those of all circumstances of a family are added up.
    async fn points(&self) -> i32 {
        self.0.points
    }
}

/// A stage of a programme, owned by a class of agency.
#[Object(serial)]
impl Stage {
    /// Id with the prefix `stage_`.
    pub(in crate::graphql) async fn id(&self) -> ID {
        Kind::Stage.id(self.0.id)
    }

    /// Its number in the programme, from 1.
    async fn number(&self) -> i32 {
        self.0.no
    }

    /// Name of the stage.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// The class of agency that carries it out.
    async fn owner_kind(&self) -> OrganisationKind {
        self.0.owner_kind
    }

    /// Whether it starts only with a recorded consent.
    async fn requires_consent(&self) -> bool {
        self.0.requires_consent
    }

    /// The stage that must be completed before.
    async fn prerequisite(&self, ctx: &Context<'_>) -> Option<Result<Stage>> {
        one(ctx, self.0.prerequisite_id.map(By::<entity::programme_stage::Entity>::id)).await
    }

    /// The stage that a relapse leads back to.
    async fn relapse_to(&self, ctx: &Context<'_>) -> Option<Result<Stage>> {
        one(ctx, self.0.relapse_to_id.map(By::<entity::programme_stage::Entity>::id)).await
    }
}

/// A cohort of a programme, with its capacity.
#[Object(serial)]
impl Intake {
    /// Id with the prefix `intake_`.
    pub(in crate::graphql) async fn id(&self) -> ID {
        Kind::Intake.id(self.0.id)
    }

    /// Grows with each change.
    pub(in crate::graphql) async fn version(&self) -> i32 {
        self.0.version
    }

    /// When it was recorded.
    pub(in crate::graphql) async fn created_at(&self) -> Instant {
        Instant(self.0.created_at)
    }

    /// When it was last changed.
    pub(in crate::graphql) async fn updated_at(&self) -> Instant {
        Instant(self.0.updated_at)
    }

    /// Name of the intake.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// The programme.
    async fn programme(&self, ctx: &Context<'_>) -> Option<Result<Programme>> {
        one(ctx, Some(By::<programme::Entity>::id(self.0.programme_id))).await
    }

    /// The first day on which enrolment is open.
    async fn opens_on(&self) -> Date {
        Date(self.0.opens_on)
    }

    /// The last day on which enrolment is open.
    async fn closes_on(&self) -> Option<Date> {
        self.0.closes_on.map(Date)
    }

    /// First day of the cohort.
    async fn starts_on(&self) -> Date {
        Date(self.0.starts_on)
    }

    /// Last day of the cohort.
    async fn ends_on(&self) -> Option<Date> {
        self.0.ends_on.map(Date)
    }

    /// Number of places.
    async fn capacity(&self) -> i32 {
        self.0.capacity
    }

    /// Number of places that are offered or taken; an offer that ran out holds none. It names nobody.
    async fn held(&self, ctx: &Context<'_>) -> Option<Result<i32>> {
        let held = ctx.ask(HeldIn(self.0.id)).await;
        Some(held.map(|held| held.map_or(0, |held| i32::try_from(*held).unwrap_or(i32::MAX))))
    }

    /// Whether the surplus waits.
    async fn has_waiting_list(&self) -> bool {
        self.0.has_waiting_list
    }

    /// What the viewer could do with it now.
    async fn viewer_permissions(&self, ctx: &Context<'_>) -> Result<IntakePermissions> {
        permission::of_intake(ctx, &self.0).await
    }

    /// The last enrolments that the viewer may see, latest first.
    async fn enrolments(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "last", desc = "How many, 1 to 50; 25 unless said.")] count: Option<i32>,
    ) -> Result<Vec<Enrolment>> {
        many(ctx, LastEnrolmentsIn(self.0.id, last(count)?)).await
    }
}
