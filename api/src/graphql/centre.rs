//! Centres, their units and places. Roots and filters stand in `query`, what changes them in
//! `mutation`.

pub mod mutation;
pub mod query;

use async_graphql::{Context, Enum, ID, Object, SimpleObject};
use entity::capacity_period;
use entity::centre::{self, CentreKind, CentreRegime, CentreStatus};
use entity::person::Sex;

use super::id::Kind;
use super::input::objects;
use super::loader::{Asking, By, last, many, one, questions};
use super::organisation::{Area, Organisation};
use super::permission::{self, CentrePermissions, UnitPermissions};
use super::placement::{LastPlacementsOf, Placement};
use super::scalar::{Date, Instant};
use crate::access::Row;
use crate::casework;
use crate::casework::centre::vacancy;
use crate::error::Result;

objects! {
    /// A rehabilitation centre, a shelter or a day centre.
    Centre of centre;
    /// A group or a ward of a centre.
    Unit of unit;
    /// How many places a unit has, for a time.
    CapacityPeriod of capacity_period;
}

questions! {
    /// The units of a centre, by name.
    UnitsOf -> Vec<Row<entity::unit::Model>> = casework::centre::units_of;
    /// How many places a unit has, by period, latest first.
    CapacityOf -> Vec<Row<capacity_period::Model>> = casework::centre::capacity_of;
    /// How full a unit is now.
    OccupancyOf -> casework::centre::Occupancy = casework::centre::occupancy_of;
}

/// A rehabilitation centre, a shelter or a day centre.
#[Object(serial)]
impl Centre {
    /// Id with the prefix `centre_`.
    pub(super) async fn id(&self) -> ID {
        Kind::Centre.id(self.0.id)
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

    /// Name of the centre.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// What it is for.
    async fn kind(&self) -> CentreKind {
        self.0.kind
    }

    /// How it takes people.
    async fn regime(&self) -> CentreRegime {
        self.0.regime
    }

    /// Where it stands in its life cycle; only an OPEN centre admits.
    async fn status(&self) -> CentreStatus {
        self.0.status
    }

    /// The organisation that runs it.
    async fn organisation(&self, ctx: &Context<'_>) -> Option<Result<Organisation>> {
        one(ctx, Some(By::<entity::organisation::Entity>::id(self.0.organisation_id))).await
    }

    /// The area that it lies in.
    async fn area(&self, ctx: &Context<'_>) -> Option<Result<Area>> {
        one(ctx, Some(By::<entity::area::Entity>::id(self.0.area_id))).await
    }

    /// The address, unless it is protected.
    async fn address(&self) -> Option<&str> {
        self.0.address.as_deref()
    }

    /// Whether the address is kept secret.
    async fn is_address_protected(&self) -> bool {
        self.0.is_address_protected
    }

    /// The address that is kept secret. Restricted: for those who run the centre and who see
    /// somebody in full who has a place in it, with the scope `restricted:read`; each reading is audited.
    async fn protected_address(&self, ctx: &Context<'_>) -> Option<Result<String>> {
        let column = centre::Column::ProtectedAddress;
        ctx.reveal(&self.0, column, |row| row.protected_address.as_ref())
    }

    /// Its units, by name.
    async fn units(&self, ctx: &Context<'_>) -> Result<Vec<Unit>> {
        many(ctx, UnitsOf(self.0.id)).await
    }

    /// The last placements requested here that the viewer may see, latest first.
    async fn placements(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "last", desc = "How many, 1 to 50; 25 unless said.")] count: Option<i32>,
    ) -> Result<Vec<Placement>> {
        many(ctx, LastPlacementsOf(self.0.id, last(count)?)).await
    }

    /// What the viewer could do with it now.
    async fn viewer_permissions(&self, ctx: &Context<'_>) -> Result<CentrePermissions> {
        permission::of_centre(ctx, &self.0)
    }

    /// The names of the fields of this object that are hidden from the viewer.
    async fn redacted_fields(&self) -> Vec<String> {
        self.0.hidden(&[("protectedAddress", centre::Column::ProtectedAddress)])
    }
}

/// A group or a ward of a centre, with its limits.
#[Object(serial)]
impl Unit {
    /// Id with the prefix `unit_`.
    pub(super) async fn id(&self) -> ID {
        Kind::Unit.id(self.0.id)
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

    /// Name of the unit.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// The centre.
    async fn centre(&self, ctx: &Context<'_>) -> Option<Result<Centre>> {
        one(ctx, Some(By::<centre::Entity>::id(self.0.centre_id))).await
    }

    /// What the viewer could do with it now.
    async fn viewer_permissions(&self, ctx: &Context<'_>) -> Result<UnitPermissions> {
        permission::of_unit(ctx, &self.0).await
    }

    /// The least age in completed months, inclusive; null if there is none.
    async fn min_age_months(&self) -> Option<i32> {
        self.0.min_age_months
    }

    /// The age in completed months from which it admits nobody, exclusive; null if there is none.
    async fn max_age_months(&self) -> Option<i32> {
        self.0.max_age_months
    }

    /// The only sex that it admits; null if it admits all.
    async fn sex(&self) -> Option<Sex> {
        self.0.sex
    }

    /// Whether it takes parents with their children.
    async fn takes_families(&self) -> bool {
        self.0.takes_families
    }

    /// The longest stay in days; null if there is no limit.
    async fn max_stay_days(&self) -> Option<i32> {
        self.0.max_stay_days
    }

    /// How many places it has, by period, latest first.
    async fn capacity(&self, ctx: &Context<'_>) -> Result<Vec<CapacityPeriod>> {
        many(ctx, CapacityOf(self.0.id)).await
    }

    /// How full it is now.
    async fn occupancy(&self, ctx: &Context<'_>) -> Option<Result<Occupancy>> {
        let found = ctx.ask(OccupancyOf(self.0.id)).await;
        found.map(|found| found.map(|occupancy| Occupancy::from(*occupancy))).transpose()
    }
}

/// How many places a unit has, for a time.
#[Object(serial)]
impl CapacityPeriod {
    /// Id with the prefix `capacity_`.
    pub(super) async fn id(&self) -> ID {
        Kind::CapacityPeriod.id(self.0.id)
    }

    /// First day.
    async fn since(&self) -> Date {
        Date(self.0.since)
    }

    /// The day after the last; null while it is open.
    async fn until(&self) -> Option<Date> {
        self.0.until.map(Date)
    }

    /// Number of places.
    async fn places(&self) -> i32 {
        self.0.places
    }
}

/// How full a unit is on a day, in persons; it names nobody. `Unit.occupancy` is of today, that of a
/// vacancy of its day.
#[derive(SimpleObject)]
pub struct Occupancy {
    /// Places in force on the day.
    places: i32,
    /// Places reserved, in use, or kept for somebody on leave, as of now; a reservation that ran out
    /// holds none. For a day to come, those who are to have left by then (`plannedDischargeOn`) are
    /// taken off.
    occupied: i32,
    /// Places that nobody holds: `places` less `occupied`, never less than none.
    free: i32,
    /// Persons on the waiting list now.
    waiting: i32,
}

impl From<casework::centre::Occupancy> for Occupancy {
    fn from(now: casework::centre::Occupancy) -> Self {
        Self { places: now.places, occupied: now.occupied, free: now.free(), waiting: now.waiting }
    }
}

/// What stands between a unit's places and somebody in need.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "vacancy::VacancyStatus")]
pub enum VacancyStatus {
    /// Places are free, and nothing is left to be asked.
    Capacity,
    /// No place is free, and nobody waits for one.
    NoCapacity,
    /// No place is free, and somebody waits for one.
    WaitingList,
    /// Places are free, but the unit has a limit of age or sex of which the filter says nothing, so
    /// that the person must be looked at first.
    AssessmentRequired,
}

/// A unit of an open centre with its places on a day.
#[derive(SimpleObject)]
pub struct Vacancy {
    /// The unit.
    unit: Unit,
    /// Its centre.
    centre: Centre,
    /// How full it is on the day.
    occupancy: Occupancy,
    /// What that means for whom the filter asks.
    status: VacancyStatus,
    /// The day.
    on: Date,
}

impl From<vacancy::Vacancy> for Vacancy {
    fn from(found: vacancy::Vacancy) -> Self {
        Self {
            unit: Unit(found.unit),
            centre: Centre(found.centre),
            occupancy: found.occupancy.into(),
            status: found.status.into(),
            on: Date(found.on),
        }
    }
}
