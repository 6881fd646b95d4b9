//! Asking for places, giving them out, and leaving them. What they take stands in `input`.

use async_graphql::{Context, Object};

use super::Placement;
use super::input::{
    PlacementAdmitInput, PlacementApproveInput, PlacementCancelInput, PlacementDischargeInput,
    PlacementLeaveInput, PlacementMoveInput, PlacementRequestInput, PlacementReserveInput,
    PlacementReturnInput,
};
use crate::casework;
use crate::error::Result;
use crate::graphql::payload::{payloads, perform};

payloads! {
    /// A placement, or why nothing was done.
    PlacementPayload {
        /// The placement; null if nothing was done, or if the viewer sees it no longer, as a centre
        /// after a discharge.
        placement: Placement of placement
    }
}

/// Mutations of placements.
#[derive(Default)]
pub struct PlacementMutation;

#[Object]
impl PlacementMutation {
    /// Asks a centre for places, for one person or for a group; the centre sees them from now on, as
    /// long as the placement runs. For who leads the work with them.
    async fn placement_request(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who, where and why.")] input: PlacementRequestInput,
    ) -> Option<Result<PlacementPayload>> {
        perform!(ctx, input => casework::placement::requesting::request)
    }

    /// Approves or refuses a request. For the centre; not for who asked.
    async fn placement_approve(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The decision.")] input: PlacementApproveInput,
    ) -> Option<Result<PlacementPayload>> {
        perform!(ctx, input => casework::placement::deciding::approve)
    }

    /// Reserves a place in an open centre, or joins the waiting list. `CAPACITY_EXCEEDED` tells how
    /// many places are free. For the centre, and for who leads the work with the person.
    async fn placement_reserve(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Until when, and whether to wait.")] input: PlacementReserveInput,
    ) -> Option<Result<PlacementPayload>> {
        perform!(ctx, input => casework::placement::giving::reserve)
    }

    /// Cancels a request, a place on the waiting list or a reservation; the place goes to who waits
    /// for it. For the centre, and for who leads the work with the person.
    async fn placement_cancel(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one, and why.")] input: PlacementCancelInput,
    ) -> Option<Result<PlacementPayload>> {
        perform!(ctx, input => casework::placement::deciding::cancel)
    }

    /// Admits a person to an open centre, by a reservation or in an emergency. For the centre.
    async fn placement_admit(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who, and when.")] input: PlacementAdmitInput,
    ) -> Option<Result<PlacementPayload>> {
        perform!(ctx, input => casework::placement::giving::admit)
    }

    /// Moves a person to another unit: the placement ends, and another one begins, which is the
    /// answer. For the centre.
    async fn placement_move(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Where to, and why.")] input: PlacementMoveInput,
    ) -> Option<Result<PlacementPayload>> {
        perform!(ctx, input => casework::placement::moving::relocate)
    }

    /// Records that a person is away for a while. For the centre.
    async fn placement_leave(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Why, and whether the place is kept.")] input: PlacementLeaveInput,
    ) -> Option<Result<PlacementPayload>> {
        perform!(ctx, input => casework::placement::leaving::leave)
    }

    /// Records that a person is back; one whose place was not kept needs a free one. For the centre.
    async fn placement_return(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who, and when.")] input: PlacementReturnInput,
    ) -> Option<Result<PlacementPayload>> {
        perform!(ctx, input => casework::placement::leaving::come_back)
    }

    /// Discharges a person: the centre sees them no longer, and the place goes to who waits for it.
    /// For the centre.
    async fn placement_discharge(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Why, and where to.")] input: PlacementDischargeInput,
    ) -> Option<Result<PlacementPayload>> {
        perform!(ctx, input => casework::placement::leaving::leave_for_good)
    }
}
