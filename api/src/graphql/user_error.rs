//! Why a mutation did nothing, as a person can act on it: each error is a type of its own, with
//! what is needed to go on.

use async_graphql::{ComplexObject, Context, Enum, Interface, SimpleObject};
use uuid::Uuid;

use super::family::Family;
use super::loader::{By, one};
use super::node::{self, Versioned};
use super::person::Person;
use super::search::MatchReason;
use crate::casework::problem::{self, Detail, Problem, Suspect};
use crate::error::Result;
use crate::language::Language;

/// The code of a user error, for programs; messages follow `Accept-Language`, codes stay.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "problem::Code")]
pub enum UserErrorCode {
    /// A value is missing.
    Required,
    /// A value makes no sense here.
    Invalid,
    /// A value is not written as expected.
    InvalidFormat,
    /// A number or a date lies outside its limits.
    OutOfRange,
    /// A text is too long.
    TooLong,
    /// A list is too long.
    TooManyItems,
    /// There is no such row that the viewer may see.
    NotFound,
    /// The same is recorded already.
    AlreadyExists,
    /// The state does not allow this now.
    InvalidStateTransition,
    /// Somebody else changed the row meanwhile.
    VersionConflict,
    /// The same `clientMutationId` came with another payload.
    IdempotencyKeyReused,
    /// Something else must be done first.
    DependencyFailed,
    /// Consent is missing.
    ConsentRequired,
    /// The viewer may see this, but not do it.
    PermissionDenied,
    /// There is no free place.
    CapacityExceeded,
    /// The subject is not eligible.
    NotEligible,
    /// It is not offered in this area.
    NotAvailableInArea,
    /// A known person or family looks like the new one.
    DuplicateSuspected,
    /// Whoever asked can't approve.
    ApproverIsRequester,
}

/// Why a mutation did nothing, as a person can act on it.
#[derive(Interface)]
#[graphql(
    field(name = "code", ty = "&UserErrorCode", desc = "What is wrong, for programs."),
    field(name = "message", ty = "&String", desc = "What is wrong and what to do, for people."),
    field(name = "path", ty = "&Vec<String>", desc = "Where in the input, from `input` on.")
)]
#[expect(missing_docs, reason = "each variant is the type of the same name")]
pub enum UserError {
    InputError(InputError),
    VersionConflictError(VersionConflictError),
    TransitionError(TransitionError),
    DuplicateSuspectedError(DuplicateSuspectedError),
    CapacityError(CapacityError),
    ConsentRequiredError(ConsentRequiredError),
}

/// A problem with the input or with the state of things.
#[derive(SimpleObject)]
pub struct InputError {
    /// What is wrong, for programs.
    code: UserErrorCode,
    /// What is wrong and what to do, for people.
    message: String,
    /// Where in the input, from `input` on.
    path: Vec<String>,
}

/// Somebody else changed the row since the version that the change was decided on.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct VersionConflictError {
    /// What is wrong, for programs.
    code: UserErrorCode,
    /// What is wrong and what to do, for people.
    message: String,
    /// Where in the input, from `input` on.
    path: Vec<String>,
    /// The row's version now: send it as `expectedVersion` once you have looked.
    current_version: i32,
    /// The fields of the input whose value is another than the row has now.
    conflicting_fields: Vec<String>,
    #[graphql(skip)]
    subject: (&'static str, Uuid),
}

#[ComplexObject]
impl VersionConflictError {
    /// The row as it is now.
    async fn current(&self, ctx: &Context<'_>) -> Option<Result<Versioned>> {
        node::versioned(ctx, self.subject.0, self.subject.1).await
    }
}

/// The status does not allow this move.
#[derive(SimpleObject)]
pub struct TransitionError {
    /// What is wrong, for programs.
    code: UserErrorCode,
    /// What is wrong and what to do, for people.
    message: String,
    /// Where in the input, from `input` on.
    path: Vec<String>,
    /// The statuses that it may go to from where it stands; none if it is at an end.
    allowed: Vec<String>,
}

/// Nobody can be given a place, because too few are free.
#[derive(SimpleObject)]
pub struct CapacityError {
    /// What is wrong, for programs.
    code: UserErrorCode,
    /// What is wrong and what to do, for people.
    message: String,
    /// Where in the input, from `input` on.
    path: Vec<String>,
    /// Places that are free: fewer than are needed.
    available: i32,
    /// Whether a waiting list is kept, so that joining it can be asked for.
    waiting_list_open: bool,
}

/// A consent must be recorded first: one in force, of the family or of each person concerned.
#[derive(SimpleObject)]
pub struct ConsentRequiredError {
    /// What is wrong, for programs.
    code: UserErrorCode,
    /// What is wrong and what to do, for people.
    message: String,
    /// Where in the input, from `input` on.
    path: Vec<String>,
}

/// A known person or family looks like the one to be recorded. Look at the candidates; to record a
/// new one all the same, send it with `confirmedNew: true` and a new `clientMutationId`.
#[derive(SimpleObject)]
pub struct DuplicateSuspectedError {
    /// What is wrong, for programs.
    code: UserErrorCode,
    /// What is wrong and what to do, for people.
    message: String,
    /// Where in the input, from `input` on.
    path: Vec<String>,
    /// Those that look alike and that you may see, surest first.
    candidates: Vec<DuplicateCandidate>,
}

/// A known person or family that looks like the one to be recorded.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct DuplicateCandidate {
    /// How sure, from 0 to 100.
    score: i32,
    /// Why.
    reasons: Vec<MatchReason>,
    #[graphql(skip)]
    suspect: Suspect,
}

#[ComplexObject]
impl DuplicateCandidate {
    /// The person that looks alike; null if it is a family as such.
    async fn person(&self, ctx: &Context<'_>) -> Option<Result<Person>> {
        one(ctx, self.suspect.person_id.map(By::<entity::person::Entity>::id)).await
    }

    /// The family that looks alike; null if it is a person as such.
    async fn family(&self, ctx: &Context<'_>) -> Option<Result<Family>> {
        one(ctx, self.suspect.family_id.map(By::<entity::family::Entity>::id)).await
    }
}

impl UserError {
    /// The error that tells a problem, in a language.
    pub fn new(problem: &Problem, language: Language) -> Self {
        let code = UserErrorCode::from(problem.code());
        let (message, path) = (problem.message(language), problem.path.clone());
        match problem.detail.clone() {
            Detail::None => InputError { code, message, path }.into(),
            Detail::Version { kind, id, current, fields } => VersionConflictError {
                code,
                message,
                path,
                current_version: current,
                conflicting_fields: fields,
                subject: (kind, id),
            }
            .into(),
            Detail::Transition { allowed } => {
                TransitionError { code, message, path, allowed }.into()
            }
            Detail::Consent => ConsentRequiredError { code, message, path }.into(),
            Detail::Capacity { available, waiting_list_open } => {
                CapacityError { code, message, path, available, waiting_list_open }.into()
            }
            Detail::Duplicates(suspects) => {
                let candidates = suspects.into_iter().map(|suspect| DuplicateCandidate {
                    score: suspect.score,
                    reasons: suspect.reasons.iter().copied().map(MatchReason::from).collect(),
                    suspect,
                });
                let candidates = candidates.collect();
                DuplicateSuspectedError { code, message, path, candidates }.into()
            }
        }
    }
}
