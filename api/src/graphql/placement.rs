//! Placements of persons in centres. What moves them stands in `mutation`.

mod input;
pub mod mutation;

use async_graphql::{Context, ID, InputObject, Object};
use entity::absence::AbsenceKind;
use entity::placement::{self, Column, Destination, PlacementBasis, PlacementStatus};
use entity::placement_breach::{self, BreachKind};

use super::case::Case;
use super::centre::{Centre, Unit};
use super::id::Kind;
use super::input::{DateTimeRange, objects, orders};
use super::loader::{Asking, By, last_questions, many, one, questions};
use super::organisation::Worker;
use super::page::{Asked, Connection, page};
use super::permission::{self, PlacementPermissions};
use super::person::{Child, ChildBy, Person};
use super::register::Decision;
use super::scalar::{Date, Instant};
use crate::access::Row;
use crate::access::policy::Action;
use crate::casework;
use crate::casework::placement::PlacementFilter as Narrowed;
use crate::error::Result;

objects! {
    /// A person's stay in a unit of a centre.
    Placement of placement;
    /// A time that a placed person is away.
    Absence of absence;
    /// A limit of its unit that a placement exceeds.
    PlacementBreach of placement_breach;
}

questions! {
    /// The placements of a person, latest first.
    PlacementsOf -> Vec<Row<placement::Model>> = casework::placement::of_persons;
    /// Where a person is placed now.
    CurrentPlacementOf -> Row<placement::Model> = casework::placement::current_of_persons;
    /// The absences from a placement, latest first.
    AbsencesOf -> Vec<Row<entity::absence::Model>> = casework::placement::absences_of;
    /// The limits beyond which a placement was approved.
    BreachesOf -> Vec<Row<placement_breach::Model>> = casework::placement::breaches_of;
    /// The placements of a group.
    GroupOf -> Vec<Row<placement::Model>> = casework::placement::of_groups;
    /// At which place of the waiting list a placement stands.
    PositionOf -> i64 = casework::placement::positions_of;
}

last_questions! {
    /// The last placements requested in a centre.
    LastPlacementsOf -> Row<placement::Model> = casework::placement::last_of_centres;
}

const HIDEABLE: [(&str, Column); 5] = [
    ("centre", Column::CentreId),
    ("unit", Column::UnitId),
    ("destination", Column::Destination),
    ("dischargeReason", Column::DischargeReason),
    ("statusReason", Column::StatusReason),
];

/// A person's stay in a unit of a centre, from the request to the discharge.
#[Object(serial)]
impl Placement {
    /// Id with the prefix `placement_`.
    pub(super) async fn id(&self) -> ID {
        Kind::Placement.id(self.0.id)
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

    /// The person, a child or a parent with a child.
    async fn person(&self, ctx: &Context<'_>) -> Option<Result<Person>> {
        one(ctx, Some(By::<entity::person::Entity>::id(self.0.person_id))).await
    }

    /// The person as a child; null for an adult.
    async fn child(&self, ctx: &Context<'_>) -> Option<Result<Child>> {
        one(ctx, Some(ChildBy(self.0.person_id))).await
    }

    /// The centre. Personal, because it tells where the person lives.
    async fn centre(&self, ctx: &Context<'_>) -> Option<Result<Centre>> {
        let id = *self.0.show(Column::CentreId, |row| &row.centre_id)?;
        one(ctx, Some(By::<entity::centre::Entity>::id(id))).await
    }

    /// The unit. Personal, as the centre.
    async fn unit(&self, ctx: &Context<'_>) -> Option<Result<Unit>> {
        let id = *self.0.show(Column::UnitId, |row| &row.unit_id)?;
        one(ctx, Some(By::<entity::unit::Entity>::id(id))).await
    }

    /// The case that it belongs to.
    async fn case(&self, ctx: &Context<'_>) -> Option<Result<Case>> {
        one(ctx, self.0.case_id.map(By::<entity::case::Entity>::id)).await
    }

    /// On what basis the person is placed.
    async fn basis(&self) -> PlacementBasis {
        self.0.basis
    }

    /// The decision behind it.
    async fn decision(&self, ctx: &Context<'_>) -> Option<Result<Decision>> {
        one(ctx, self.0.decision_id.map(By::<entity::decision::Entity>::id)).await
    }

    /// Where it stands.
    async fn status(&self) -> PlacementStatus {
        self.0.status
    }

    /// Whether the person lives there, not only comes for the day.
    async fn is_residential(&self) -> bool {
        self.0.is_residential
    }

    /// When it was requested.
    async fn requested_at(&self) -> Instant {
        Instant(self.0.requested_at)
    }

    /// How urgent it is, 0 to 9: of those who wait, the greatest come first.
    async fn priority(&self) -> i32 {
        self.0.priority
    }

    /// At which place of the unit's waiting list it stands, the first being 1; null unless it waits.
    /// Order: greatest priority, then who was asked for first. Whoever is first and fits is given
    /// the place that becomes free; a group that needs more than is free is passed over.
    async fn waiting_position(&self, ctx: &Context<'_>) -> Option<Result<i32>> {
        if self.0.status != PlacementStatus::Waitlisted {
            return None;
        }
        let place = ctx.ask(PositionOf(self.0.id)).await;
        let number = |place: std::sync::Arc<i64>| i32::try_from(*place).unwrap_or(i32::MAX);
        place.map(|place| place.map(number)).transpose()
    }

    /// Those who come as a group with this person, all or none: all placements of the group that the
    /// viewer may see, this one among them; empty if the person comes alone.
    async fn group(&self, ctx: &Context<'_>) -> Result<Vec<Placement>> {
        match self.0.group_id {
            Some(id) => many(ctx, GroupOf(id)).await,
            None => Ok(Vec::new()),
        }
    }

    /// Who approved or refused the request.
    async fn decided_by(&self, ctx: &Context<'_>) -> Option<Result<Worker>> {
        one(ctx, self.0.decided_by_id.map(By::<entity::worker::Entity>::id)).await
    }

    /// Why the request was refused, or the placement cancelled; what was said at the approval.
    /// Sensitive.
    async fn status_reason(&self) -> Option<&str> {
        self.0.show(Column::StatusReason, |row| &row.status_reason)?.as_deref()
    }

    /// Since when a place is or was held by a reservation.
    async fn reserved_at(&self) -> Option<Instant> {
        self.0.reserved_at.map(Instant)
    }

    /// When it ended without an admission: refused, cancelled, or when its reservation ran out.
    async fn closed_at(&self) -> Option<Instant> {
        self.0.closed_at.map(Instant)
    }

    /// The limits of the unit beyond which a supervisor approved it.
    async fn breaches(&self, ctx: &Context<'_>) -> Result<Vec<PlacementBreach>> {
        many(ctx, BreachesOf(self.0.id)).await
    }

    /// What the viewer could do with it now.
    async fn viewer_permissions(&self, ctx: &Context<'_>) -> Result<PlacementPermissions> {
        permission::of_placement(ctx, &self.0).await
    }

    /// Until when a place is held.
    async fn reserved_until(&self) -> Option<Instant> {
        self.0.reserved_until.map(Instant)
    }

    /// When the person came.
    async fn admitted_at(&self) -> Option<Instant> {
        self.0.admitted_at.map(Instant)
    }

    /// When the person is to leave.
    async fn planned_discharge_on(&self) -> Option<Date> {
        self.0.planned_discharge_on.map(Date)
    }

    /// When the person left.
    async fn discharged_at(&self) -> Option<Instant> {
        self.0.discharged_at.map(Instant)
    }

    /// Why the person left. Sensitive.
    async fn discharge_reason(&self) -> Option<&str> {
        self.0.show(Column::DischargeReason, |row| &row.discharge_reason)?.as_deref()
    }

    /// Where the person went. Personal.
    async fn destination(&self) -> Option<Destination> {
        *self.0.show(Column::Destination, |row| &row.destination)?
    }

    /// When the person was away, latest first.
    async fn absences(&self, ctx: &Context<'_>) -> Result<Vec<Absence>> {
        many(ctx, AbsencesOf(self.0.id)).await
    }

    /// The names of the fields of this object that are hidden from the viewer.
    async fn redacted_fields(&self) -> Vec<String> {
        self.0.hidden(&HIDEABLE)
    }
}

/// A time that a placed person is away.
#[Object(serial)]
impl Absence {
    /// Id with the prefix `absence_`.
    pub(super) async fn id(&self) -> ID {
        Kind::Absence.id(self.0.id)
    }

    /// Why the person is away.
    async fn kind(&self) -> AbsenceKind {
        self.0.kind
    }

    /// Whether the place is kept.
    async fn holds_place(&self) -> bool {
        self.0.holds_place
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

/// A limit of its unit that a placement exceeds, approved by a supervisor of the centre.
#[Object(serial)]
impl PlacementBreach {
    /// Id with the prefix `breach_`.
    pub(super) async fn id(&self) -> ID {
        Kind::PlacementBreach.id(self.0.id)
    }

    /// Which limit. Personal.
    async fn kind(&self) -> Option<BreachKind> {
        self.0.show(placement_breach::Column::Kind, |row| &row.kind).copied()
    }

    /// Why it was approved. Sensitive.
    async fn reason(&self) -> Option<&str> {
        self.0.show(placement_breach::Column::Reason, |row| &row.reason).map(String::as_str)
    }

    /// Who approved it.
    async fn approved_by(&self, ctx: &Context<'_>) -> Option<Result<Worker>> {
        one(ctx, Some(By::<entity::worker::Entity>::id(self.0.approved_by_id))).await
    }

    /// When it was recorded.
    async fn recorded_at(&self) -> Instant {
        Instant(self.0.recorded_at)
    }

    /// The names of the fields of this object that are hidden from the viewer.
    async fn redacted_fields(&self) -> Vec<String> {
        let hideable = [
            ("kind", placement_breach::Column::Kind),
            ("reason", placement_breach::Column::Reason),
        ];
        self.0.hidden(&hideable)
    }
}

/// Narrows the list of placements; what is given must all hold.
#[derive(InputObject, Debug)]
pub struct PlacementFilter {
    /// In one of these states.
    status_in: Option<Vec<PlacementStatus>>,
    /// In one of these centres, up to 100. Only placements whose personal fields the viewer
    /// sees match.
    centre_id_in: Option<Vec<ID>>,
    /// In one of these units, up to 100. As for centres.
    unit_id_in: Option<Vec<ID>>,
    /// Ended with one of these destinations. As for centres.
    destination_in: Option<Vec<Destination>>,
    /// Requested in this time.
    requested_at: Option<DateTimeRange>,
}

orders! {
    PlacementOrder by PlacementOrderField of placement {
        /// By when it was requested.
        RequestedAt = RequestedAt,
    }
}

impl PlacementFilter {
    fn narrowed(filter: Option<Self>) -> Result<Narrowed> {
        let Some(filter) = filter else { return Ok(Narrowed::default()) };
        Ok(Narrowed {
            status_in: filter.status_in,
            centre_in: Kind::Centre.parse_all(filter.centre_id_in)?,
            unit_in: Kind::Unit.parse_all(filter.unit_id_in)?,
            destination_in: filter.destination_in,
            requested: filter.requested_at.map(Into::into),
        })
    }
}

/// Roots for placements.
#[derive(Default)]
pub struct PlacementQuery;

#[Object]
impl PlacementQuery {
    /// The placements that the viewer may see.
    async fn placements(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, 1 to 100; 25 unless said.")] first: Option<i32>,
        #[graphql(desc = "Behind this cursor.")] after: Option<String>,
        #[graphql(desc = "Which ones.")] filter: Option<PlacementFilter>,
        #[graphql(desc = "In which order; by id unless said.")] order_by: Option<PlacementOrder>,
    ) -> Option<Result<Connection<Placement>>> {
        Some(placements(ctx, first, after, filter, order_by).await)
    }
}

async fn placements(
    ctx: &Context<'_>,
    first: Option<i32>,
    after: Option<String>,
    filter: Option<PlacementFilter>,
    order_by: Option<PlacementOrder>,
) -> Result<Connection<Placement>> {
    let session = ctx.session()?;
    session.may(Action::ReadPlacements)?;
    let filter = PlacementFilter::narrowed(filter)?;
    let asked = Asked {
        first,
        after,
        order: PlacementOrder::keyset(order_by),
        filter: format!("placements {filter:?}"),
    };
    page(ctx, casework::placement::placements(session, filter), asked).await
}
