//! Cases, their episodes, and who is assigned to them.

pub mod mutation;
mod input;
pub mod episode;

use async_graphql::{Context, ID, InputObject, Object};
use entity::case::{self, CaseKind, CaseStatus, Column, RiskLevel, SupportLevel};

use super::assessment::{Assessment, LastAssessmentsOf};
use super::family::Family;
use super::id::Kind;
use super::input::{DateRange, objects, orders};
use super::loader::{Asking, By, last, many, one, questions, single};
use super::organisation::{Area, Organisation};
use super::page::{Asked, Connection, page};
use super::permission::{self, CasePermissions};
use super::plan::{ActivePlanOf, Plan, PlansOf};
use super::referral::{Referral, ReferralsOf};
use super::scalar::{Date, Instant};
use super::service::{LastServicesOf, Service};
use super::transfer::{Transfer, TransfersOf};
use super::visit::{LastVisitsOf, NextVisitDueOf, Visit};
use crate::access::Row;
use crate::access::policy::Action;
use crate::casework;
use crate::casework::case::CaseFilter as Narrowed;
use crate::error::Result;

pub use episode::{Assignment, CaseNote, Episode};

objects! {
    /// The work with one family.
    Case of case;
}

questions! {
    /// The cases of a family, latest first.
    CasesOf -> Vec<Row<case::Model>> = casework::case::of_families;
    /// The open case of a family.
    OpenCaseOf -> Row<case::Model> = casework::case::open_of_families;
    /// The episodes of a case, latest first.
    EpisodesOf -> Vec<Row<entity::episode::Model>> = casework::case::episodes_of;
    /// Who is or was assigned to a case, latest first.
    AssignmentsOf -> Vec<Row<entity::assignment::Model>> = casework::case::assignments_of;
}

/// The work with one family, from intake to closure; each opening is an episode.
#[Object(serial)]
impl Case {
    /// Id with the prefix `case_`.
    pub(super) async fn id(&self) -> ID {
        Kind::Case.id(self.0.id)
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

    /// The authority's reference, unique, without personal meaning.
    async fn reference(&self) -> &str {
        &self.0.reference
    }

    /// What the case is for.
    async fn kind(&self) -> CaseKind {
        self.0.kind
    }

    /// Where it stands.
    async fn status(&self) -> CaseStatus {
        self.0.status
    }

    /// How intensely the family is supported; null before the first assessment.
    async fn support_level(&self) -> Option<SupportLevel> {
        self.0.support_level
    }

    /// The risk last assessed. Sensitive.
    async fn risk_level(&self) -> Option<RiskLevel> {
        *self.0.show(Column::RiskLevel, |row| &row.risk_level)?
    }

    /// The day on which it was first opened.
    async fn opened_on(&self) -> Date {
        Date(self.0.opened_on)
    }

    /// The day on which it was last closed; null while it is open.
    async fn closed_on(&self) -> Option<Date> {
        self.0.closed_on.map(Date)
    }

    /// The family.
    async fn family(&self, ctx: &Context<'_>) -> Option<Result<Family>> {
        one(ctx, Some(By::<entity::family::Entity>::id(self.0.family_id))).await
    }

    /// The organisation that leads the case.
    async fn lead_organisation(&self, ctx: &Context<'_>) -> Option<Result<Organisation>> {
        one(ctx, Some(By::<entity::organisation::Entity>::id(self.0.lead_organisation_id))).await
    }

    /// The area of the case. Personal.
    async fn area(&self, ctx: &Context<'_>) -> Option<Result<Area>> {
        let id = *self.0.show(Column::AreaId, |row| &row.area_id)?;
        one(ctx, Some(By::<entity::area::Entity>::id(id))).await
    }

    /// The openings of the case, latest first.
    async fn episodes(&self, ctx: &Context<'_>) -> Result<Vec<Episode>> {
        many(ctx, EpisodesOf(self.0.id)).await
    }

    /// Who is or was assigned, latest first.
    async fn assignments(&self, ctx: &Context<'_>) -> Result<Vec<Assignment>> {
        many(ctx, AssignmentsOf(self.0.id)).await
    }

    /// The last assessments, latest first.
    async fn assessments(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "last", desc = "How many, 1 to 50; 25 unless said.")] count: Option<i32>,
    ) -> Result<Vec<Assessment>> {
        many(ctx, LastAssessmentsOf(self.0.id, last(count)?)).await
    }

    /// All plans, latest revision first.
    async fn plans(&self, ctx: &Context<'_>) -> Result<Vec<Plan>> {
        many(ctx, PlansOf(self.0.id)).await
    }

    /// The plan in force; null if there is none.
    async fn active_plan(&self, ctx: &Context<'_>) -> Option<Result<Plan>> {
        one(ctx, Some(ActivePlanOf(self.0.id))).await
    }

    /// The last visits by the day they are planned for, latest first.
    async fn visits(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "last", desc = "How many, 1 to 50; 25 unless said.")] count: Option<i32>,
    ) -> Result<Vec<Visit>> {
        many(ctx, LastVisitsOf(self.0.id, last(count)?)).await
    }

    /// When the family is to be visited next; null if no visit is due, or the case is closed.
    async fn next_visit_due_on(&self, ctx: &Context<'_>) -> Option<Result<Date>> {
        if self.0.status == CaseStatus::Closed {
            return None;
        }
        let due_on = ctx.ask(NextVisitDueOf(self.0.id)).await;
        due_on.map(|found| found.map(|day| Date(*day))).transpose()
    }

    /// How many days there are from one visit to the next at the level of support; null without a
    /// level.
    async fn visit_every_days(&self, ctx: &Context<'_>) -> Option<Result<i32>> {
        let level = self.0.support_level?;
        let days = ctx.session().map(|session| session.terms().visit_days(level));
        Some(days.map(|days| i32::try_from(days).unwrap_or(i32::MAX)))
    }

    /// The last services delivered, latest first.
    async fn services(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "last", desc = "How many, 1 to 50; 25 unless said.")] count: Option<i32>,
    ) -> Result<Vec<Service>> {
        many(ctx, LastServicesOf(self.0.id, last(count)?)).await
    }

    /// The referrals of the family that rest on this case, as far as the viewer may see them, latest
    /// first.
    async fn referrals(&self, ctx: &Context<'_>) -> Result<Vec<Referral>> {
        many(ctx, ReferralsOf(self.0.id)).await
    }

    /// The transfers of the case, as far as the viewer may see them, latest first.
    async fn transfers(&self, ctx: &Context<'_>) -> Result<Vec<Transfer>> {
        many(ctx, TransfersOf(self.0.id)).await
    }

    /// What the viewer could do with it now.
    async fn viewer_permissions(&self, ctx: &Context<'_>) -> Result<CasePermissions> {
        permission::of_case(ctx, &self.0).await
    }

    /// The names of the fields of this object that are hidden from the viewer.
    async fn redacted_fields(&self) -> Vec<String> {
        self.0.hidden(&[("riskLevel", Column::RiskLevel), ("area", Column::AreaId)])
    }
}

/// Narrows the list of cases; what is given must all hold.
#[derive(InputObject, Debug)]
pub struct CaseFilter {
    /// In one of these states.
    status_in: Option<Vec<CaseStatus>>,
    /// Of one of these kinds.
    kind_in: Option<Vec<CaseKind>>,
    /// At one of these levels of support.
    support_level_in: Option<Vec<SupportLevel>>,
    /// At one of these risks. Only cases that the viewer sees in full match.
    risk_level_in: Option<Vec<RiskLevel>>,
    /// Led by one of these organisations, up to 100.
    lead_organisation_id_in: Option<Vec<ID>>,
    /// In one of these areas, up to 100 (areas within them are not looked at). Only cases
    /// whose personal fields the viewer sees match.
    area_id_in: Option<Vec<ID>>,
    /// With one of these workers assigned today, up to 100.
    worker_id_in: Option<Vec<ID>>,
    /// First opened in these days.
    opened_on: Option<DateRange>,
}

orders! {
    CaseOrder by CaseOrderField of case {
        /// By the last change.
        UpdatedAt = UpdatedAt,
        /// By the authority's reference.
        Reference = Reference,
    }
}

impl CaseFilter {
    fn narrowed(filter: Option<Self>) -> Result<Narrowed> {
        let Some(filter) = filter else { return Ok(Narrowed::default()) };
        Ok(Narrowed {
            status_in: filter.status_in,
            kind_in: filter.kind_in,
            support_level_in: filter.support_level_in,
            risk_level_in: filter.risk_level_in,
            lead_organisation_in: Kind::Organisation.parse_all(filter.lead_organisation_id_in)?,
            area_in: Kind::Area.parse_all(filter.area_id_in)?,
            worker_in: Kind::Worker.parse_all(filter.worker_id_in)?,
            opened: filter.opened_on.map(Into::into),
        })
    }
}

/// Roots for cases.
#[derive(Default)]
pub struct CaseQuery;

#[Object]
impl CaseQuery {
    /// A case by its id; null if there is none that the viewer may see.
    async fn case(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id with the prefix `case_`.")] id: ID,
    ) -> Option<Result<Case>> {
        single::<Case, case::Entity>(ctx, Action::ReadCases, Kind::Case, &id).await.transpose()
    }

    /// The cases that the viewer may see.
    async fn cases(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, 1 to 100; 25 unless said.")] first: Option<i32>,
        #[graphql(desc = "Behind this cursor.")] after: Option<String>,
        #[graphql(desc = "Which ones.")] filter: Option<CaseFilter>,
        #[graphql(desc = "In which order; by id unless said.")] order_by: Option<CaseOrder>,
    ) -> Option<Result<Connection<Case>>> {
        Some(cases(ctx, first, after, filter, order_by).await)
    }
}

async fn cases(
    ctx: &Context<'_>,
    first: Option<i32>,
    after: Option<String>,
    filter: Option<CaseFilter>,
    order_by: Option<CaseOrder>,
) -> Result<Connection<Case>> {
    let session = ctx.session()?;
    session.may(Action::ReadCases)?;
    let filter = CaseFilter::narrowed(filter)?;
    let asked = Asked {
        first,
        after,
        order: CaseOrder::keyset(order_by),
        filter: format!("cases {filter:?}"),
    };
    page(ctx, casework::case::cases(session, filter), asked).await
}
