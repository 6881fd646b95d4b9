//! What a mutation answers with: the object that came of it, or why nothing did. A mutation is
//! done in `casework`, told here.

use async_graphql::indexmap::IndexMap;
use async_graphql::{ComplexObject, Context, Enum, Interface, Name, SimpleObject, Value};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::assessment::mutation::AssessmentPayload;
use super::case::mutation::CasePayload;
use super::concern::mutation::ConcernReportPayload;
use super::family::Family;
use super::family::mutation::FamilyPayload;
use super::loader::{Asking, By, Loaders, one};
use super::node::{self, Versioned};
use super::person::Person;
use super::person::mutation::PersonPayload;
use super::plan::measuring::MeasurePayload;
use super::plan::mutation::PlanPayload;
use super::register::mutation::{DecisionPayload, RegisterEntryPayload};
use super::search::MatchReason;
use super::service::mutation::ServicePayload;
use super::visit::mutation::VisitPayload;
use crate::casework::change::Key;
use crate::casework::problem::{self, Detail, Halt, Problem, Suspect};
use crate::error::{Error, Result};
use crate::language::Language;

/// What a mutation came to.
pub struct Outcome {
    client_mutation_id: Uuid,
    replayed: bool,
    /// The row that it is about, if anything was done.
    pub id: Option<Uuid>,
    problems: Vec<Problem>,
}

impl Outcome {
    /// What was done before.
    pub const fn replay(client_mutation_id: Uuid, id: Uuid) -> Self {
        Self { client_mutation_id, replayed: true, id: Some(id), problems: Vec::new() }
    }

    /// The client's id of the mutation.
    pub const fn client_mutation_id(&self) -> Uuid {
        self.client_mutation_id
    }

    /// Whether the same was done before.
    pub const fn replayed(&self) -> bool {
        self.replayed
    }

    /// Why nothing was done.
    pub fn user_errors(&self, ctx: &Context<'_>) -> Result<Vec<UserError>> {
        let language = ctx.session()?.language();
        Ok(self.problems.iter().map(|problem| UserError::new(problem, language)).collect())
    }

    /// The outcome of a verb. What was read before may have changed, so it is forgotten.
    pub fn of(
        ctx: &Context<'_>,
        client_mutation_id: Uuid,
        done: Result<Uuid, Halt>,
    ) -> Result<Self> {
        if let Some(loaders) = ctx.data_opt::<Loaders>() {
            loaders.forget();
        }
        let outcome = Self { client_mutation_id, replayed: false, id: None, problems: Vec::new() };
        match done {
            Ok(id) => Ok(Self { id: Some(id), ..outcome }),
            Err(Halt::Replayed(id)) => Ok(Self { id: Some(id), replayed: true, ..outcome }),
            Err(Halt::Refused(problems)) => Ok(Self { problems, ..outcome }),
            Err(Halt::Failed(error)) => Err(error),
        }
    }
}

/// Carries a mutation out: reads the command from the input, and tries the verb patiently.
macro_rules! perform {
    ($ctx:ident, $input:ident => $($verb:ident)::+) => {{
        let perform = async {
            use $crate::graphql::loader::Asking;
            let client_mutation_id = $input.client_mutation_id;
            let command = $input.command()?;
            let session = $ctx.session()?.clone();
            let key = $crate::graphql::payload::key($ctx, client_mutation_id)?;
            let verb = || $($verb)::+(&session, &key, &command);
            let done = $crate::casework::change::patiently(verb).await;
            $crate::graphql::payload::Outcome::of($ctx, client_mutation_id, done).map(Into::into)
        };
        Some(perform.await)
    }};
}
pub(crate) use perform;

/// Declares payloads: the object that a mutation answers with, by its row, and what else is asked
/// by the same id.
macro_rules! payloads {
    ($($(#[$doc:meta])+ $name:ident {
        $(#[$field_doc:meta])+ $field:ident: $type:ident of $entity:ident
        $(, $(#[$also_doc:meta])+ $also:ident: $also_type:ident by $question:path)*
    })+) => {
        $($(#[$doc])+
        pub struct $name(crate::graphql::payload::Outcome);

        impl From<crate::graphql::payload::Outcome> for $name {
            fn from(outcome: crate::graphql::payload::Outcome) -> Self {
                Self(outcome)
            }
        }

        $(#[$doc])+
        #[async_graphql::Object]
        impl $name {
            /// The `clientMutationId` that was sent.
            pub(in crate::graphql) async fn client_mutation_id(&self) -> uuid::Uuid {
                self.0.client_mutation_id()
            }

            /// Whether the same mutation was done before: nothing was done again.
            pub(in crate::graphql) async fn replayed(&self) -> bool {
                self.0.replayed()
            }

            /// Why nothing was done; empty if it was.
            pub(in crate::graphql) async fn user_errors(
                &self,
                ctx: &async_graphql::Context<'_>,
            ) -> crate::error::Result<Vec<crate::graphql::payload::UserError>> {
                self.0.user_errors(ctx)
            }

            $(#[$field_doc])+
            async fn $field(
                &self,
                ctx: &async_graphql::Context<'_>,
            ) -> Option<crate::error::Result<$type>> {
                use crate::graphql::loader::{By, one};
                one(ctx, self.0.id.map(By::<entity::$entity::Entity>::id)).await
            }

            $($(#[$also_doc])+
            async fn $also(
                &self,
                ctx: &async_graphql::Context<'_>,
            ) -> Option<crate::error::Result<$also_type>> {
                crate::graphql::loader::one(ctx, self.0.id.map($question)).await
            })*
        })+
    };
}
pub(crate) use payloads;

/// What every mutation answers with.
#[derive(Interface)]
#[graphql(
    field(
        name = "client_mutation_id",
        ty = "Uuid",
        desc = "The `clientMutationId` that was sent."
    ),
    field(
        name = "replayed",
        ty = "bool",
        desc = "Whether the same mutation was done before: nothing was done again."
    ),
    field(
        name = "user_errors",
        ty = "Result<Vec<UserError>>",
        desc = "Why nothing was done; empty if it was."
    )
)]
#[expect(missing_docs, reason = "each variant is the type of the same name")]
pub enum MutationPayload {
    ConcernReportPayload(ConcernReportPayload),
    FamilyPayload(FamilyPayload),
    PersonPayload(PersonPayload),
    CasePayload(CasePayload),
    AssessmentPayload(AssessmentPayload),
    PlanPayload(PlanPayload),
    MeasurePayload(MeasurePayload),
    VisitPayload(VisitPayload),
    ServicePayload(ServicePayload),
    RegisterEntryPayload(RegisterEntryPayload),
    DecisionPayload(DecisionPayload),
}

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
    fn new(problem: &Problem, language: Language) -> Self {
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

/// The key of a mutation: the client's id, and a digest of the arguments as they were sent. Names
/// of fields are sorted, since their order says nothing.
pub fn key(ctx: &Context<'_>, client_mutation_id: Uuid) -> Result<Key> {
    let arguments = ctx.field().arguments().map_err(|_| Error::Internal)?;
    let arguments: IndexMap<Name, Value> = arguments.into_iter().collect();
    let mut digest = Sha256::new();
    write_canonical(&Value::Object(arguments), &mut digest);
    let payload_hash = URL_SAFE_NO_PAD.encode(digest.finalize());
    Ok(Key { client_mutation_id, payload_hash })
}

fn write_canonical(value: &Value, digest: &mut Sha256) {
    match value {
        Value::Object(fields) => {
            let mut fields: Vec<_> = fields.iter().collect();
            fields.sort_by(|one, other| one.0.cmp(other.0));
            digest.update(b"{");
            for (name, value) in fields {
                digest.update(Value::String(name.to_string()).to_string());
                digest.update(b":");
                write_canonical(value, digest);
                digest.update(b",");
            }
            digest.update(b"}");
        }
        Value::List(items) => {
            digest.update(b"[");
            for item in items {
                write_canonical(item, digest);
                digest.update(b",");
            }
            digest.update(b"]");
        }
        // An enum and a string are one, since a variable can't tell them apart.
        Value::Enum(name) => digest.update(Value::String(name.to_string()).to_string()),
        other => digest.update(other.to_string()),
    }
}
