//! What the mutations of placements take.

use async_graphql::{ID, InputObject};
use entity::absence::AbsenceKind;
use entity::placement::{Destination, PlacementBasis};
use uuid::Uuid;

use crate::casework::placement::deciding::{Approve, Cancel};
use crate::casework::placement::giving::{Admit, Reserve};
use crate::casework::placement::leaving::{Discharge, Leave, Return};
use crate::casework::placement::moving::Move;
use crate::casework::placement::requesting::{Request, Wanted};
use crate::error::Result;
use crate::graphql::id::Kind;
use crate::graphql::scalar::{Date, Instant};

/// A person for whom a place is asked.
#[derive(InputObject)]
pub struct PlacementPersonInput {
    /// The id of the new placement, if the client made one offline: `placement_` and a `UUIDv7`.
    id: Option<ID>,
    /// The person: a person or a child.
    person_id: ID,
    /// The unit; those who come as a group come to units of one centre.
    unit_id: ID,
}

/// What asks a centre for places.
#[derive(InputObject)]
pub struct PlacementRequestInput {
    /// Made by the client, new for each change: sending it again does nothing twice.
    pub(super) client_mutation_id: Uuid,
    /// Who is to be placed, 1 to 10. Several come as a group, such as siblings or a mother with her
    /// children: a place is reserved for all of them or for none, and so are they admitted.
    persons: Vec<PlacementPersonInput>,
    /// The open case that it belongs to.
    case_id: Option<ID>,
    /// The family, if there is no case; the persons are members of it today.
    family_id: Option<ID>,
    /// On what basis. EMERGENCY is admitted without approval and reservation, where a place is free.
    basis: PlacementBasis,
    /// The decision behind it; needed for COMMISSION, GUARDIANSHIP and COURT.
    decision_id: Option<ID>,
    /// How urgent it is, 0 to 9; of those who wait, the greatest come first.
    #[graphql(default)]
    priority: i32,
    /// When they are to leave: today or later.
    planned_discharge_on: Option<Date>,
}

impl PlacementRequestInput {
    pub(super) fn command(self) -> Result<Request> {
        let wanted = |input: PlacementPersonInput| {
            Ok(Wanted {
                id: input.id.map(|id| Kind::Placement.parse(&id)).transpose()?,
                person_id: Kind::parse_person(&input.person_id)?,
                unit_id: Kind::Unit.parse(&input.unit_id)?,
            })
        };
        Ok(Request {
            persons: self.persons.into_iter().map(wanted).collect::<Result<_>>()?,
            case_id: self.case_id.map(|id| Kind::Case.parse(&id)).transpose()?,
            family_id: self.family_id.map(|id| Kind::Family.parse(&id)).transpose()?,
            basis: self.basis,
            decision_id: self.decision_id.map(|id| Kind::Decision.parse(&id)).transpose()?,
            priority: self.priority,
            planned_discharge_on: self.planned_discharge_on.map(|day| day.0),
        })
    }
}

/// What decides a request for a place.
#[derive(InputObject)]
pub struct PlacementApproveInput {
    /// Made by the client, new for each change: sending it again does nothing twice.
    pub(super) client_mutation_id: Uuid,
    /// The placement; those of its group are decided with it.
    id: ID,
    /// The `version` that this was decided on, if it is to be checked.
    expected_version: Option<i32>,
    /// Whether it is approved; refused if not.
    is_approved: bool,
    /// Why, up to 10,000 characters; needed to refuse. Sensitive.
    reason: Option<String>,
}

impl PlacementApproveInput {
    pub(super) fn command(self) -> Result<Approve> {
        Ok(Approve {
            id: Kind::Placement.parse(&self.id)?,
            expected_version: self.expected_version,
            is_approved: self.is_approved,
            reason: self.reason,
        })
    }
}

/// What reserves a place.
#[derive(InputObject)]
pub struct PlacementReserveInput {
    /// Made by the client, new for each change: sending it again does nothing twice.
    pub(super) client_mutation_id: Uuid,
    /// The placement, which is approved; places are reserved for all of its group or for none.
    id: ID,
    /// The `version` that this was decided on, if it is to be checked.
    expected_version: Option<i32>,
    /// Until when: at most 30 days ahead; for the authority's usual term if omitted. Then the
    /// reservation is over, and the place free again.
    reserved_until: Option<Instant>,
    /// Whether to wait if too few places are free.
    #[graphql(default)]
    join_waiting_list: bool,
    /// Why a limit of the unit may be exceeded, by a supervisor of the centre: it stays on record, up
    /// to 10,000 characters. Only where one is exceeded; never the number of places. Sensitive.
    override_reason: Option<String>,
}

impl PlacementReserveInput {
    pub(super) fn command(self) -> Result<Reserve> {
        Ok(Reserve {
            id: Kind::Placement.parse(&self.id)?,
            expected_version: self.expected_version,
            reserved_until: self.reserved_until.map(|at| at.0),
            joins_waiting_list: self.join_waiting_list,
            override_reason: self.override_reason,
        })
    }
}

/// What cancels a request, a place on the waiting list or a reservation.
#[derive(InputObject)]
pub struct PlacementCancelInput {
    /// Made by the client, new for each change: sending it again does nothing twice.
    pub(super) client_mutation_id: Uuid,
    /// The placement; others of its group stay as they are.
    id: ID,
    /// The `version` that this was decided on, if it is to be checked.
    expected_version: Option<i32>,
    /// Why, up to 10,000 characters. Sensitive.
    reason: String,
}

impl PlacementCancelInput {
    pub(super) fn command(self) -> Result<Cancel> {
        Ok(Cancel {
            id: Kind::Placement.parse(&self.id)?,
            expected_version: self.expected_version,
            reason: self.reason,
        })
    }
}

/// What admits a person.
#[derive(InputObject)]
pub struct PlacementAdmitInput {
    /// Made by the client, new for each change: sending it again does nothing twice.
    pub(super) client_mutation_id: Uuid,
    /// The placement, which is reserved, or asked for in an EMERGENCY; all of its group are admitted
    /// or none.
    id: ID,
    /// The `version` that this was decided on, if it is to be checked.
    expected_version: Option<i32>,
    /// When the person came: since the place was reserved, and not in the future; now if omitted.
    admitted_at: Option<Instant>,
    /// When the person is to leave: today or later; as it was planned if omitted.
    planned_discharge_on: Option<Date>,
    /// As for a reservation. Sensitive.
    override_reason: Option<String>,
}

impl PlacementAdmitInput {
    pub(super) fn command(self) -> Result<Admit> {
        Ok(Admit {
            id: Kind::Placement.parse(&self.id)?,
            expected_version: self.expected_version,
            admitted_at: self.admitted_at.map(|at| at.0),
            planned_discharge_on: self.planned_discharge_on.map(|day| day.0),
            override_reason: self.override_reason,
        })
    }
}

/// What moves a person to another unit.
#[derive(InputObject)]
pub struct PlacementMoveInput {
    /// Made by the client, new for each change: sending it again does nothing twice.
    pub(super) client_mutation_id: Uuid,
    /// The placement that ends; the person is in the centre.
    id: ID,
    /// The id of the placement that begins, if the client made one offline.
    new_id: Option<ID>,
    /// The `version` that this was decided on, if it is to be checked.
    expected_version: Option<i32>,
    /// The unit, of the same centre or of another one that the viewer's organisation runs.
    unit_id: ID,
    /// When: since the admission, and not in the future; now if omitted.
    moved_at: Option<Instant>,
    /// Why, up to 10,000 characters. Sensitive.
    reason: String,
    /// When the person is to leave: today or later; as it was planned if omitted.
    planned_discharge_on: Option<Date>,
    /// As for a reservation. Sensitive.
    override_reason: Option<String>,
}

impl PlacementMoveInput {
    pub(super) fn command(self) -> Result<Move> {
        Ok(Move {
            id: Kind::Placement.parse(&self.id)?,
            new_id: self.new_id.map(|id| Kind::Placement.parse(&id)).transpose()?,
            expected_version: self.expected_version,
            unit_id: Kind::Unit.parse(&self.unit_id)?,
            moved_at: self.moved_at.map(|at| at.0),
            reason: self.reason,
            planned_discharge_on: self.planned_discharge_on.map(|day| day.0),
            override_reason: self.override_reason,
        })
    }
}

/// What says that a placed person is away.
#[derive(InputObject)]
pub struct PlacementLeaveInput {
    /// Made by the client, new for each change: sending it again does nothing twice.
    pub(super) client_mutation_id: Uuid,
    /// The placement.
    id: ID,
    /// The `version` that this was decided on, if it is to be checked.
    expected_version: Option<i32>,
    /// Why the person is away.
    kind: AbsenceKind,
    /// Whether the place is kept; if omitted, unless the person is MISSING. One that is not kept is
    /// given to who waits for it.
    holds_place: Option<bool>,
    /// The first day: since the admission, and not in the future; today if omitted.
    since: Option<Date>,
}

impl PlacementLeaveInput {
    pub(super) fn command(self) -> Result<Leave> {
        Ok(Leave {
            id: Kind::Placement.parse(&self.id)?,
            expected_version: self.expected_version,
            kind: self.kind,
            holds_place: self.holds_place,
            since: self.since.map(|day| day.0),
        })
    }
}

/// What says that a placed person is back.
#[derive(InputObject)]
pub struct PlacementReturnInput {
    /// Made by the client, new for each change: sending it again does nothing twice.
    pub(super) client_mutation_id: Uuid,
    /// The placement.
    id: ID,
    /// The `version` that this was decided on, if it is to be checked.
    expected_version: Option<i32>,
    /// The day: since the person left, and not in the future; today if omitted.
    returned_on: Option<Date>,
}

impl PlacementReturnInput {
    pub(super) fn command(self) -> Result<Return> {
        Ok(Return {
            id: Kind::Placement.parse(&self.id)?,
            expected_version: self.expected_version,
            returned_on: self.returned_on.map(|day| day.0),
        })
    }
}

/// What discharges a person.
#[derive(InputObject)]
pub struct PlacementDischargeInput {
    /// Made by the client, new for each change: sending it again does nothing twice.
    pub(super) client_mutation_id: Uuid,
    /// The placement.
    id: ID,
    /// The `version` that this was decided on, if it is to be checked.
    expected_version: Option<i32>,
    /// When the person left: since the admission, and not in the future; now if omitted.
    discharged_at: Option<Instant>,
    /// Why, up to 10,000 characters. Sensitive.
    reason: String,
    /// Where the person went.
    destination: Destination,
}

impl PlacementDischargeInput {
    pub(super) fn command(self) -> Result<Discharge> {
        Ok(Discharge {
            id: Kind::Placement.parse(&self.id)?,
            expected_version: self.expected_version,
            discharged_at: self.discharged_at.map(|at| at.0),
            reason: self.reason,
            destination: self.destination,
        })
    }
}
