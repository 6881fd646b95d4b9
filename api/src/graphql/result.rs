//! What came of a mutation that was sent: for a client that lost the answer.

use async_graphql::{Context, Object};
use uuid::Uuid;

use super::assessment::mutation::AssessmentPayload;
use super::break_glass::mutation::BreakGlassPayload;
use super::case::mutation::CasePayload;
use super::centre::mutation::{CentrePayload, UnitPayload};
use super::concern::mutation::ConcernReportPayload;
use super::consent::mutation::ConsentPayload;
use super::enrolment::mutation::EnrolmentPayload;
use super::family::mutation::FamilyPayload;
use super::loader::Asking;
use super::metric::snapshot::SnapshotPayload;
use super::payload::{MutationPayload, Outcome};
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
use super::visit::mutation::VisitPayload;
use crate::casework;
use crate::error::Result;

/// Roots for what was sent.
#[derive(Default)]
pub struct ResultQuery;

#[Object]
impl ResultQuery {
    /// What came of a mutation of the viewer's own, as the mutation would answer if it were sent
    /// again; null if it was not done.
    async fn mutation_result(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The `clientMutationId` that was sent.")] client_mutation_id: Uuid,
    ) -> Option<Result<MutationPayload>> {
        let found = match ctx.session() {
            Ok(session) => casework::change::result_of(session, client_mutation_id).await,
            Err(error) => Err(error),
        };
        found.map(|found| found.and_then(|done| payload(client_mutation_id, &done))).transpose()
    }
}

fn payload(client_mutation_id: Uuid, (kind, id): &(String, Uuid)) -> Option<MutationPayload> {
    let outcome = Outcome::replay(client_mutation_id, *id);
    Some(match kind.as_str() {
        "report" => ConcernReportPayload::from(outcome).into(),
        "family" => FamilyPayload::from(outcome).into(),
        "person" => PersonPayload::from(outcome).into(),
        "case" => CasePayload::from(outcome).into(),
        "assessment" => AssessmentPayload::from(outcome).into(),
        "plan" => PlanPayload::from(outcome).into(),
        "measure" => MeasurePayload::from(outcome).into(),
        "visit" => VisitPayload::from(outcome).into(),
        "service" => ServicePayload::from(outcome).into(),
        "entry" => RegisterEntryPayload::from(outcome).into(),
        "centre" => CentrePayload::from(outcome).into(),
        "unit" => UnitPayload::from(outcome).into(),
        "programme" => ProgrammePayload::from(outcome).into(),
        "intake" => IntakePayload::from(outcome).into(),
        "enrolment" => EnrolmentPayload::from(outcome).into(),
        "training" => TrainingEventPayload::from(outcome).into(),
        "placement" => PlacementPayload::from(outcome).into(),
        "breakglass" => BreakGlassPayload::from(outcome).into(),
        "consent" => ConsentPayload::from(outcome).into(),
        "referral" => ReferralPayload::from(outcome).into(),
        "transfer" => TransferPayload::from(outcome).into(),
        "snapshot" => SnapshotPayload::from(outcome).into(),
        "decision" => DecisionPayload::from(outcome).into(),
        _ => return None,
    })
}
