//! Access in an emergency: to what, by whom, why, and what its review came to.

pub mod mutation;

use async_graphql::{Context, ID, InputObject, Object};
use entity::access_grant::AccessLevel;
use entity::break_glass::{self, BreakGlassOutcome};

use super::family::Family;
use super::id::{Kind, parse};
use super::input::{Direction, objects, orders};
use super::loader::{Asking, By, one};
use super::organisation::{Organisation, Worker};
use super::page::{Asked, Connection, page};
use super::person::Person;
use super::scalar::Instant;
use crate::access::policy::Action;
use crate::casework;
use crate::casework::break_glass::BreakGlassFilter as Narrowed;
use crate::casework::grant::About;
use crate::error::Result;

objects! {
    /// Access that a worker took in an emergency.
    BreakGlass of break_glass;
}

/// Access that a worker took in an emergency, to one family or one person, for reading alone. It is
/// known to who took it, to the supervisors of their organisation, who review it, and to the
/// supervisors of who leads the work with the family or the person.
#[Object(serial)]
impl BreakGlass {
    /// Id with the prefix `breakglass_`.
    pub(super) async fn id(&self) -> ID {
        Kind::BreakGlass.id(self.0.id)
    }

    /// Grows with each change.
    pub(super) async fn version(&self) -> i32 {
        self.0.version
    }

    /// When it was taken.
    pub(super) async fn created_at(&self) -> Instant {
        Instant(self.0.created_at)
    }

    /// When it was last changed.
    pub(super) async fn updated_at(&self) -> Instant {
        Instant(self.0.updated_at)
    }

    /// Who took it, and sees what it opens.
    async fn worker(&self, ctx: &Context<'_>) -> Option<Result<Worker>> {
        one(ctx, Some(By::<entity::worker::Entity>::id(self.0.worker_id))).await
    }

    /// The organisation for which it was taken, and whose supervisors review it.
    async fn organisation(&self, ctx: &Context<'_>) -> Option<Result<Organisation>> {
        one(ctx, Some(By::<entity::organisation::Entity>::id(self.0.organisation_id))).await
    }

    /// The id of the family or the person that was opened, whether the viewer may see them or not.
    async fn subject_id(&self) -> Option<ID> {
        let family = self.0.family_id.map(|id| Kind::Family.id(id));
        family.or_else(|| self.0.person_id.map(|id| Kind::Person.id(id)))
    }

    /// The family that was opened; null if it was a person, or if the viewer may not see it.
    async fn family(&self, ctx: &Context<'_>) -> Option<Result<Family>> {
        one(ctx, self.0.family_id.map(By::<entity::family::Entity>::id)).await
    }

    /// The person who was opened; null if it was a family, or if the viewer may not see them.
    async fn person(&self, ctx: &Context<'_>) -> Option<Result<Person>> {
        one(ctx, self.0.person_id.map(By::<entity::person::Entity>::id)).await
    }

    /// How much was opened.
    async fn level(&self) -> AccessLevel {
        self.0.level
    }

    /// Why. Sensitive.
    async fn reason(&self) -> Option<&str> {
        Some(self.0.show(break_glass::Column::Reason, |row| &row.reason)?)
    }

    /// From when on it held.
    async fn since(&self) -> Instant {
        Instant(self.0.since)
    }

    /// Until when it was taken.
    async fn until(&self) -> Instant {
        Instant(self.0.until)
    }

    /// Whether it holds now.
    async fn is_in_force(&self, ctx: &Context<'_>) -> Result<bool> {
        Ok(self.0.ended_at.is_none() && self.0.until > ctx.session()?.now())
    }

    /// When it ended: with its time, or by its review; null until that is noted.
    async fn ended_at(&self) -> Option<Instant> {
        self.0.ended_at.map(Instant)
    }

    /// What the review came to; null until it is reviewed.
    async fn outcome(&self) -> Option<BreakGlassOutcome> {
        self.0.outcome
    }

    /// When it was reviewed.
    async fn reviewed_at(&self) -> Option<Instant> {
        self.0.reviewed_at.map(Instant)
    }

    /// Who reviewed it.
    async fn reviewed_by(&self, ctx: &Context<'_>) -> Option<Result<Worker>> {
        one(ctx, self.0.reviewed_by_id.map(By::<entity::worker::Entity>::id)).await
    }

    /// What the reviewer said. Sensitive.
    async fn review_note(&self) -> Option<&str> {
        self.0.show(break_glass::Column::ReviewNote, |row| &row.review_note)?.as_deref()
    }
}

/// Narrows the list of access in emergencies; what is given must all hold.
#[derive(InputObject, Debug)]
pub struct BreakGlassFilter {
    /// Reviewed or not.
    is_reviewed: Option<bool>,
    /// Reviewed with one of these outcomes.
    outcome_in: Option<Vec<BreakGlassOutcome>>,
    /// Whether it holds now.
    is_in_force: Option<bool>,
    /// Taken by one of these workers, up to 100.
    worker_id_in: Option<Vec<ID>>,
    /// Taken for one of these organisations, up to 100 (branches are not looked at).
    organisation_id_in: Option<Vec<ID>>,
    /// To this family or this person, alone.
    subject_id: Option<ID>,
}

orders! {
    BreakGlassOrder by BreakGlassOrderField of break_glass {
        /// By when it was taken.
        Since = Since,
    }
}

impl BreakGlassFilter {
    fn narrowed(filter: Option<Self>) -> Result<Narrowed> {
        let Some(filter) = filter else { return Ok(Narrowed::default()) };
        Ok(Narrowed {
            is_reviewed: filter.is_reviewed,
            outcome_in: filter.outcome_in,
            is_in_force: filter.is_in_force,
            worker_in: Kind::Worker.parse_all(filter.worker_id_in)?,
            organisation_in: Kind::Organisation.parse_all(filter.organisation_id_in)?,
            about: filter.subject_id.map(|id| about(&id)).transpose()?,
        })
    }
}

/// The family or the person that an id names.
fn about(id: &ID) -> Result<About> {
    match parse(id)? {
        (Kind::Family, uuid) => Ok(About::Family(uuid)),
        _ => Kind::parse_person(id).map(About::Person),
    }
}

/// Roots for access in emergencies.
#[derive(Default)]
pub struct BreakGlassQuery;

#[Object]
impl BreakGlassQuery {
    /// Access that was taken in emergencies: by the viewer; for a supervisor also by others of the
    /// organisation, and by anybody to families and persons that it leads the work with.
    async fn break_glass_accesses(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, 1 to 100; 25 unless said.")] first: Option<i32>,
        #[graphql(desc = "Behind this cursor.")] after: Option<String>,
        #[graphql(desc = "Which ones.")] filter: Option<BreakGlassFilter>,
        #[graphql(desc = "In which order; latest first unless said.")] order_by: Option<
            BreakGlassOrder,
        >,
    ) -> Option<Result<Connection<BreakGlass>>> {
        Some(accesses(ctx, first, after, filter, order_by).await)
    }
}

async fn accesses(
    ctx: &Context<'_>,
    first: Option<i32>,
    after: Option<String>,
    filter: Option<BreakGlassFilter>,
    order_by: Option<BreakGlassOrder>,
) -> Result<Connection<BreakGlass>> {
    let session = ctx.session()?;
    session.may(Action::ReadBreakGlass)?;
    let filter = BreakGlassFilter::narrowed(filter)?;
    let latest = BreakGlassOrder { field: BreakGlassOrderField::Since, direction: Direction::Desc };
    let asked = Asked {
        first,
        after,
        order: BreakGlassOrder::keyset(Some(order_by.unwrap_or(latest))),
        filter: format!("breakGlassAccesses {filter:?}"),
    };
    page(ctx, casework::break_glass::list(session, filter), asked).await
}
