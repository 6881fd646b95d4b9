//! Opening, changing, closing and reopening cases.

use async_graphql::{Context, Object};

use super::Case;
use super::input::{
    CaseAddendumAddInput, CaseAssignInput, CaseAssignmentEndInput, CaseClosureDecideInput,
    CaseClosureRequestInput, CaseOpenInput, CaseReopenInput, CaseUpdateInput,
};
use crate::casework;
use crate::error::Result;
use crate::graphql::payload::{payloads, perform};

payloads! {
    /// A case, or why nothing was done.
    CasePayload {
        /// The case; null if nothing was done.
        case: Case of case
    }
}

/// Mutations of cases.
#[derive(Default)]
pub struct CaseMutation;

#[Object]
impl CaseMutation {
    /// Opens a case of a family, with its first episode. The organisation that leads the family leads
    /// it, if that is the viewer's or a branch of it, or else the viewer's own; the
    /// viewer is its lead worker. For caseworkers and supervisors.
    async fn case_open(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What opens it.")] input: CaseOpenInput,
    ) -> Option<Result<CasePayload>> {
        perform!(ctx, input => casework::case::opening::open)
    }

    /// Reopens a closed case as a new episode. For caseworkers and supervisors.
    async fn case_reopen(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What reopens it.")] input: CaseReopenInput,
    ) -> Option<Result<CasePayload>> {
        perform!(ctx, input => casework::case::opening::reopen)
    }

    /// Changes a case: its kind, level of support, or where it stands. For caseworkers and
    /// supervisors.
    async fn case_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What changes.")] input: CaseUpdateInput,
    ) -> Option<Result<CasePayload>> {
        perform!(ctx, input => casework::case::keeping::update)
    }

    /// Assigns a worker to a case from today on; who was assigned before stays on record. For
    /// supervisors.
    async fn case_assign(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who, and as what.")] input: CaseAssignInput,
    ) -> Option<Result<CasePayload>> {
        perform!(ctx, input => casework::case::keeping::assign)
    }

    /// Ends an assignment to a case. For supervisors.
    async fn case_assignment_end(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which, and when.")] input: CaseAssignmentEndInput,
    ) -> Option<Result<CasePayload>> {
        perform!(ctx, input => casework::case::keeping::end_assignment)
    }

    /// Asks for the closure of a case with an outcome; somebody else decides it. Refused while a
    /// child is placed, an enrolment runs (unless the family moved) or an immediate report is
    /// open. For caseworkers and supervisors.
    async fn case_closure_request(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The outcome.")] input: CaseClosureRequestInput,
    ) -> Option<Result<CasePayload>> {
        perform!(ctx, input => casework::case::closing::request)
    }

    /// Approves the closure of a case, or sends it back to work with a note. For supervisors, who
    /// did not ask for it themselves.
    async fn case_closure_decide(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The decision.")] input: CaseClosureDecideInput,
    ) -> Option<Result<CasePayload>> {
        perform!(ctx, input => casework::case::closing::decide)
    }

    /// Adds a note to a closed episode: the only thing that it still takes. For caseworkers and
    /// supervisors.
    async fn case_addendum_add(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is added.")] input: CaseAddendumAddInput,
    ) -> Option<Result<CasePayload>> {
        perform!(ctx, input => casework::case::closing::add)
    }
}
