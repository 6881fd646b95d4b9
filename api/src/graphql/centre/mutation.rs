//! Recording centres and units, moving centres through their life cycle, and setting places.

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object};
use entity::centre::{CentreKind, CentreRegime, CentreStatus};
use entity::person::Sex;
use uuid::Uuid;

use super::{Centre, Unit};
use crate::casework;
use crate::casework::centre::capacity::Set;
use crate::casework::centre::founding::{AddUnit, Create, Update};
use crate::error::Result;
use crate::graphql::id::Kind;
use crate::graphql::payload::{payloads, perform};
use crate::graphql::scalar::Date;

payloads! {
    /// A centre, or why nothing was done.
    CentrePayload {
        /// The centre; null if nothing was done.
        centre: Centre of centre
    }
    /// A unit of a centre, or why nothing was done.
    UnitPayload {
        /// The unit; null if nothing was done.
        unit: Unit of unit
    }
}

/// What records a centre.
#[derive(InputObject)]
pub struct CentreCreateInput {
    /// Made by the client, new for each change: sending it again does nothing twice.
    client_mutation_id: Uuid,
    /// The id of the new centre, if the client made one offline: `centre_` and a `UUIDv7`.
    id: Option<ID>,
    /// The organisation that runs it: the viewer's or a branch of it.
    organisation_id: ID,
    /// Its name, up to 200 characters.
    name: String,
    /// What it is for.
    kind: CentreKind,
    /// How it takes people.
    regime: CentreRegime,
    /// The area that it lies in.
    area_id: ID,
    /// Its address, up to 200 characters.
    address: Option<String>,
    /// Whether the address is kept secret.
    #[graphql(default)]
    is_address_protected: bool,
}

impl CentreCreateInput {
    fn command(self) -> Result<Create> {
        Ok(Create {
            id: self.id.map(|id| Kind::Centre.parse(&id)).transpose()?,
            organisation_id: Kind::Organisation.parse(&self.organisation_id)?,
            name: self.name,
            kind: self.kind,
            regime: self.regime,
            area_id: Kind::Area.parse(&self.area_id)?,
            address: self.address,
            is_address_protected: self.is_address_protected,
        })
    }
}

/// What changes a centre; what is omitted stays as it is, null clears.
#[derive(InputObject)]
pub struct CentreUpdateInput {
    /// Made by the client, new for each change: sending it again does nothing twice.
    client_mutation_id: Uuid,
    /// The centre.
    id: ID,
    /// The `version` that the change was decided on; another one now is a version conflict.
    expected_version: i32,
    /// Its name, up to 200 characters.
    name: MaybeUndefined<String>,
    /// Where it stands in its life cycle: PLANNED, OPEN, SUSPENDED and OPEN again, CLOSED after
    /// SUSPENDED, when nobody holds a place.
    status: MaybeUndefined<CentreStatus>,
    /// Its address, up to 200 characters; it goes where the protection wants it.
    address: MaybeUndefined<String>,
    /// Whether the address is kept secret. Ending the protection of an address that stays shows it:
    /// that needs the scope `restricted:read`, and is audited.
    is_address_protected: MaybeUndefined<bool>,
}

impl CentreUpdateInput {
    fn command(self) -> Result<Update> {
        Ok(Update {
            id: Kind::Centre.parse(&self.id)?,
            expected_version: self.expected_version,
            name: self.name.into(),
            status: self.status.into(),
            address: self.address.into(),
            is_address_protected: self.is_address_protected.into(),
        })
    }
}

/// What adds a unit to a centre.
#[derive(InputObject)]
pub struct UnitCreateInput {
    /// Made by the client, new for each change: sending it again does nothing twice.
    client_mutation_id: Uuid,
    /// The id of the new unit, if the client made one offline: `unit_` and a `UUIDv7`.
    id: Option<ID>,
    /// The centre, which is not closed.
    centre_id: ID,
    /// Its name, up to 200 characters.
    name: String,
    /// Least age in completed months, inclusive, 0 to 1200; no limit if omitted.
    min_age_months: Option<i32>,
    /// The age in completed months from which it admits nobody, exclusive, 0 to 1200; no limit if
    /// omitted.
    max_age_months: Option<i32>,
    /// The only sex that it admits; all if omitted.
    sex: Option<Sex>,
    /// Whether it takes parents with their children.
    #[graphql(default)]
    takes_families: bool,
    /// The longest stay in days, 1 to 3660; no limit if omitted.
    max_stay_days: Option<i32>,
}

impl UnitCreateInput {
    fn command(self) -> Result<AddUnit> {
        Ok(AddUnit {
            id: self.id.map(|id| Kind::Unit.parse(&id)).transpose()?,
            centre_id: Kind::Centre.parse(&self.centre_id)?,
            name: self.name,
            min_age_months: self.min_age_months,
            max_age_months: self.max_age_months,
            sex: self.sex,
            takes_families: self.takes_families,
            max_stay_days: self.max_stay_days,
        })
    }
}

/// What says how many places a unit has.
#[derive(InputObject)]
pub struct CapacitySetInput {
    /// Made by the client, new for each change: sending it again does nothing twice.
    client_mutation_id: Uuid,
    /// The unit.
    unit_id: ID,
    /// The `version` of the unit that this was decided on, if it is to be checked.
    expected_version: Option<i32>,
    /// From which day on: today or a later one, and not before the day of the last setting, which
    /// is corrected by one of the same day; today if omitted.
    since: Option<Date>,
    /// How many places, 0 to 1000. Fewer than are held today are refused today, and may be set from
    /// a later day.
    places: i32,
}

impl CapacitySetInput {
    fn command(self) -> Result<Set> {
        Ok(Set {
            unit_id: Kind::Unit.parse(&self.unit_id)?,
            expected_version: self.expected_version,
            since: self.since.map(|day| day.0),
            places: self.places,
        })
    }
}

/// Mutations of centres.
#[derive(Default)]
pub struct CentreMutation;

#[Object]
impl CentreMutation {
    /// Records a centre that is planned. For administrators and supervisors of the organisation
    /// that runs it, or of one above it.
    async fn centre_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The centre.")] input: CentreCreateInput,
    ) -> Option<Result<CentrePayload>> {
        perform!(ctx, input => casework::centre::founding::create)
    }

    /// Changes a centre, or moves it through its life cycle. For administrators and supervisors of
    /// the organisation that runs it, or of one above it.
    async fn centre_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What changes.")] input: CentreUpdateInput,
    ) -> Option<Result<CentrePayload>> {
        perform!(ctx, input => casework::centre::founding::update)
    }

    /// Adds a unit to a centre; it has no places until they are set. For administrators and
    /// supervisors of the organisation that runs the centre, or of one above it.
    async fn unit_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The unit.")] input: UnitCreateInput,
    ) -> Option<Result<UnitPayload>> {
        perform!(ctx, input => casework::centre::founding::add_unit)
    }

    /// Says how many places a unit has from a day on. For administrators and supervisors of the
    /// organisation that runs the centre, or of one above it.
    async fn capacity_set(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, and from when.")] input: CapacitySetInput,
    ) -> Option<Result<UnitPayload>> {
        perform!(ctx, input => casework::centre::capacity::set)
    }
}
