//! How it is spoken: the schema's objects, inputs and roots, one file for each feature with the
//! name it has in `casework`. Resolvers are short: they ask the request's loaders, or begin at
//! its session.

#![expect(clippy::unused_async, reason = "fields are async, whether they wait or not")]

pub mod id;
pub mod scalar;
pub mod input;
pub mod loader;
mod prefetch;
pub mod page;
pub mod permission;
pub mod organisation;
pub mod person;
pub mod search;
pub mod family;
pub mod register;
pub mod case;
pub mod concern;
pub mod assessment;
pub mod plan;
pub mod service;
pub mod visit;
pub mod centre;
pub mod placement;
pub mod programme;
pub mod enrolment;
pub mod training;
pub mod whereabouts;
pub mod task;
pub mod break_glass;
pub mod consent;
pub mod referral;
pub mod transfer;
pub mod reach;
pub mod metric;
pub mod audit;
pub mod node;
pub mod payload;
pub mod user_error;
pub mod result;

use async_graphql::{EmptySubscription, MergedObject, SchemaBuilder};

/// What can be read.
#[derive(MergedObject, Default)]
pub struct Query(
    node::NodeQuery,
    result::ResultQuery,
    organisation::OrganisationQuery,
    family::FamilyQuery,
    person::PersonQuery,
    search::SearchQuery,
    concern::ConcernQuery,
    case::CaseQuery,
    assessment::comparison::AssessmentQuery,
    programme::ProgrammeQuery,
    programme::eligibility::EligibilityQuery,
    training::TrainingQuery,
    centre::query::CentreQuery,
    placement::PlacementQuery,
    whereabouts::WhereaboutsQuery,
    service::ServiceQuery,
    register::RegisterQuery,
    task::TaskQuery,
    break_glass::BreakGlassQuery,
    referral::ReferralQuery,
    transfer::TransferQuery,
    reach::ReachQuery,
    metric::MetricQuery,
    metric::snapshot::SnapshotQuery,
    audit::AuditQuery,
);

/// What can be changed. Each mutation is one transaction, and one event in the audit.
#[derive(MergedObject, Default)]
pub struct Mutation(
    family::mutation::FamilyMutation,
    person::mutation::PersonMutation,
    register::mutation::RegisterMutation,
    case::mutation::CaseMutation,
    concern::mutation::ConcernMutation,
    assessment::mutation::AssessmentMutation,
    plan::mutation::PlanMutation,
    service::mutation::ServiceMutation,
    visit::mutation::VisitMutation,
    centre::mutation::CentreMutation,
    programme::mutation::ProgrammeMutation,
    enrolment::mutation::EnrolmentMutation,
    training::mutation::TrainingMutation,
    placement::mutation::PlacementMutation,
    break_glass::mutation::BreakGlassMutation,
    consent::mutation::ConsentMutation,
    referral::mutation::ReferralMutation,
    transfer::mutation::TransferMutation,
    metric::snapshot::SnapshotMutation,
);

/// The schema that the server executes.
pub type Schema = async_graphql::Schema<Query, Mutation, EmptySubscription>;

/// The schema as text, the same at each start.
pub fn sdl() -> String {
    schema(page::Seal::new(b"")).sdl_with_options(async_graphql::SDLExportOptions::new())
}

/// The schema; cursors are sealed with a key that all servers behind one balancer share.
pub fn schema(seal: page::Seal) -> Schema {
    builder(seal).finish()
}

/// The schema before it is finished, so that the tests can put faults beneath it.
pub fn builder(seal: page::Seal) -> SchemaBuilder<Query, Mutation, EmptySubscription> {
    Schema::build(Query::default(), Mutation::default(), EmptySubscription)
        .register_output_type::<node::Versioned>()
        .register_output_type::<payload::MutationPayload>()
        .data(seal)
}
