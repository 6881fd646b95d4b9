//! Concern reports.

pub mod mutation;

use async_graphql::{Context, ID, InputObject, Object};
use entity::concern_category::ConcernCategory;
use entity::concern_report::{
    self, Column, ConcernChannel, ConcernSource, ConcernStatus, ConcernUrgency,
};

use super::case::Case;
use super::family::Family;
use super::id::Kind;
use super::input::{DateTimeRange, objects, orders};
use super::loader::{Asking, By, one, questions, single};
use super::organisation::{Area, Organisation};
use super::page::{Asked, Connection, page};
use super::permission::{self, ConcernReportPermissions};
use super::scalar::Instant;
use crate::access::policy::Action;
use crate::access::{Class, Row};
use crate::casework;
use crate::casework::concern::ConcernReportFilter as Narrowed;
use crate::error::Result;

objects! {
    /// A report that a child may be in danger.
    ConcernReport of concern_report;
}

questions! {
    /// What a report is about.
    CategoriesOf -> Vec<Row<entity::concern_category::Model>> = casework::concern::categories_of;
    /// The reports about a family, latest first.
    ReportsOf -> Vec<Row<concern_report::Model>> = casework::concern::of_families;
}

const HIDEABLE: [(&str, Column); 5] = [
    ("reporterName", Column::ReporterName),
    ("reporterContact", Column::ReporterContact),
    ("narrative", Column::Narrative),
    ("categories", Column::Narrative),
    ("decision", Column::Decision),
];

/// A citizen's report or an agency's signal that a child may be in danger.
#[Object(serial)]
impl ConcernReport {
    /// Id with the prefix `report_`.
    pub(super) async fn id(&self) -> ID {
        Kind::ConcernReport.id(self.0.id)
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

    /// When it came in.
    async fn received_at(&self) -> Instant {
        Instant(self.0.received_at)
    }

    /// How it came in.
    async fn channel(&self) -> ConcernChannel {
        self.0.channel
    }

    /// Class of who reported.
    async fn source(&self) -> ConcernSource {
        self.0.source_class
    }

    /// Whether the reporter wished not to be named.
    async fn is_anonymous(&self) -> bool {
        self.0.is_anonymous
    }

    /// Who reported. Restricted: needs full access and the scope `restricted:read`; each
    /// reading is audited.
    async fn reporter_name(&self, ctx: &Context<'_>) -> Option<Result<String>> {
        ctx.reveal(&self.0, Column::ReporterName, |row| row.reporter_name.as_ref())
    }

    /// How to reach who reported. Restricted, as `reporterName`.
    async fn reporter_contact(&self, ctx: &Context<'_>) -> Option<Result<String>> {
        ctx.reveal(&self.0, Column::ReporterContact, |row| row.reporter_contact.as_ref())
    }

    /// What was reported. Sensitive.
    async fn narrative(&self) -> Option<&str> {
        Some(self.0.show(Column::Narrative, |row| &row.narrative)?)
    }

    /// What the report is about. Sensitive.
    async fn categories(&self, ctx: &Context<'_>) -> Option<Result<Vec<ConcernCategory>>> {
        if !self.0.shows(Column::Narrative) {
            return None;
        }
        self.0.note(Class::Sensitive);
        let rows = ctx.ask(CategoriesOf(self.0.id)).await;
        Some(
            rows.map(|rows| rows.iter().flat_map(|rows| rows.iter()).map(|row| row.kind).collect()),
        )
    }

    /// How fast it must be verified.
    async fn urgency(&self) -> ConcernUrgency {
        self.0.urgency
    }

    /// Until when it must be verified; null before triage.
    async fn due_at(&self) -> Option<Instant> {
        self.0.due_at.map(Instant)
    }

    /// Where it stands.
    async fn status(&self) -> ConcernStatus {
        self.0.status
    }

    /// What was decided, and why. Sensitive.
    async fn decision(&self) -> Option<&str> {
        self.0.show(Column::Decision, |row| &row.decision)?.as_deref()
    }

    /// When it was decided.
    async fn decided_at(&self) -> Option<Instant> {
        self.0.decided_at.map(Instant)
    }

    /// The organisation that received it.
    async fn organisation(&self, ctx: &Context<'_>) -> Option<Result<Organisation>> {
        one(ctx, Some(By::<entity::organisation::Entity>::id(self.0.organisation_id))).await
    }

    /// The area that it is about.
    async fn area(&self, ctx: &Context<'_>) -> Option<Result<Area>> {
        one(ctx, Some(By::<entity::area::Entity>::id(self.0.area_id))).await
    }

    /// The family that it is about, once known.
    async fn family(&self, ctx: &Context<'_>) -> Option<Result<Family>> {
        one(ctx, self.0.family_id.map(By::<entity::family::Entity>::id)).await
    }

    /// The case that it opened or was joined to.
    async fn case(&self, ctx: &Context<'_>) -> Option<Result<Case>> {
        one(ctx, self.0.case_id.map(By::<entity::case::Entity>::id)).await
    }

    /// The report that this one repeats.
    async fn duplicate_of(&self, ctx: &Context<'_>) -> Option<Result<Self>> {
        one(ctx, self.0.duplicate_of_id.map(By::<concern_report::Entity>::id)).await
    }

    /// What the viewer could do with it now.
    async fn viewer_permissions(&self, ctx: &Context<'_>) -> Result<ConcernReportPermissions> {
        permission::of_report(ctx, &self.0).await
    }

    /// The names of the fields of this object that are hidden from the viewer.
    async fn redacted_fields(&self) -> Vec<String> {
        self.0.hidden(&HIDEABLE)
    }
}

/// Narrows the list of concern reports; what is given must all hold.
#[derive(InputObject, Debug)]
pub struct ConcernReportFilter {
    /// In one of these states.
    status_in: Option<Vec<ConcernStatus>>,
    /// Of one of these urgencies.
    urgency_in: Option<Vec<ConcernUrgency>>,
    /// About one of these areas, up to 100 (areas within them are not looked at).
    area_id_in: Option<Vec<ID>>,
    /// Received by one of these organisations, up to 100.
    organisation_id_in: Option<Vec<ID>>,
    /// Received in this time.
    received_at: Option<DateTimeRange>,
}

orders! {
    ConcernReportOrder by ConcernReportOrderField of concern_report {
        /// By when it came in.
        ReceivedAt = ReceivedAt,
    }
}

impl ConcernReportFilter {
    fn narrowed(filter: Option<Self>) -> Result<Narrowed> {
        let Some(filter) = filter else { return Ok(Narrowed::default()) };
        Ok(Narrowed {
            status_in: filter.status_in,
            urgency_in: filter.urgency_in,
            area_in: Kind::Area.parse_all(filter.area_id_in)?,
            organisation_in: Kind::Organisation.parse_all(filter.organisation_id_in)?,
            received: filter.received_at.map(Into::into),
        })
    }
}

/// Roots for concern reports.
#[derive(Default)]
pub struct ConcernQuery;

#[Object]
impl ConcernQuery {
    /// A concern report by its id; null if there is none that the viewer may see.
    async fn concern_report(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id with the prefix `report_`.")] id: ID,
    ) -> Option<Result<ConcernReport>> {
        let (action, kind) = (Action::ReadConcernReports, Kind::ConcernReport);
        single::<ConcernReport, concern_report::Entity>(ctx, action, kind, &id).await.transpose()
    }

    /// The concern reports that the viewer may see; a reporter sees their own.
    async fn concern_reports(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, 1 to 100; 25 unless said.")] first: Option<i32>,
        #[graphql(desc = "Behind this cursor.")] after: Option<String>,
        #[graphql(desc = "Which ones.")] filter: Option<ConcernReportFilter>,
        #[graphql(desc = "In which order; by id unless said.")] order_by: Option<
            ConcernReportOrder,
        >,
    ) -> Option<Result<Connection<ConcernReport>>> {
        Some(reports(ctx, first, after, filter, order_by).await)
    }
}

async fn reports(
    ctx: &Context<'_>,
    first: Option<i32>,
    after: Option<String>,
    filter: Option<ConcernReportFilter>,
    order_by: Option<ConcernReportOrder>,
) -> Result<Connection<ConcernReport>> {
    let session = ctx.session()?;
    session.may(Action::ReadConcernReports)?;
    let filter = ConcernReportFilter::narrowed(filter)?;
    let asked = Asked {
        first,
        after,
        order: ConcernReportOrder::keyset(order_by),
        filter: format!("concernReports {filter:?}"),
    };
    page(ctx, casework::concern::reports(session, filter), asked).await
}
