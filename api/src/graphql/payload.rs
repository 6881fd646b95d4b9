//! What a mutation answers with: the object that came of it, or why nothing did. A mutation is
//! done in `casework`, told here.

use async_graphql::indexmap::IndexMap;
use async_graphql::{Context, Interface, Name, Value};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::assessment::mutation::AssessmentPayload;
use super::break_glass::mutation::BreakGlassPayload;
use super::case::mutation::CasePayload;
use super::centre::mutation::{CentrePayload, UnitPayload};
use super::concern::mutation::ConcernReportPayload;
use super::consent::mutation::ConsentPayload;
use super::enrolment::mutation::EnrolmentPayload;
use super::family::mutation::FamilyPayload;
use super::loader::{Asking, Loaders};
use super::metric::snapshot::SnapshotPayload;
use super::person::mutation::PersonPayload;
use super::placement::mutation::PlacementPayload;
use super::plan::measuring::MeasurePayload;
use super::plan::mutation::PlanPayload;
use super::programme::mutation::{IntakePayload, ProgrammePayload};
use super::referral::mutation::ReferralPayload;
use super::register::mutation::{DecisionPayload, RegisterEntryPayload};
use super::service::mutation::ServicePayload;
use super::training::mutation::TrainingEventPayload;
use super::transfer::mutation::TransferPayload;
use super::user_error::UserError;
use super::visit::mutation::VisitPayload;
use crate::casework::change::Key;
use crate::casework::problem::{Halt, Problem};
use crate::error::{Error, Result};

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
        #[async_graphql::Object(serial)]
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
            ) -> crate::error::Result<Vec<crate::graphql::user_error::UserError>> {
                self.0.user_errors(ctx)
            }

            $(#[$field_doc])+
            async fn $field(
                &self,
                ctx: &async_graphql::Context<'_>,
            ) -> Option<crate::error::Result<$type>> {
                use crate::graphql::loader::{By, root};
                root::<_, _, By<entity::$entity::Entity>>(ctx, self.0.id).await
            }

            $($(#[$also_doc])+
            async fn $also(
                &self,
                ctx: &async_graphql::Context<'_>,
            ) -> Option<crate::error::Result<$also_type>> {
                crate::graphql::loader::root::<_, _, $question>(ctx, self.0.id).await
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
    CentrePayload(CentrePayload),
    UnitPayload(UnitPayload),
    ProgrammePayload(ProgrammePayload),
    IntakePayload(IntakePayload),
    EnrolmentPayload(EnrolmentPayload),
    TrainingEventPayload(TrainingEventPayload),
    PlacementPayload(PlacementPayload),
    BreakGlassPayload(BreakGlassPayload),
    ConsentPayload(ConsentPayload),
    ReferralPayload(ReferralPayload),
    TransferPayload(TransferPayload),
    SnapshotPayload(SnapshotPayload),
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
