//! Drafting, agreeing, activating and reviewing plans.

use async_graphql::{Context, Enum, ID, InputObject, MaybeUndefined, Object};
use entity::goal::GoalStatus;
use uuid::Uuid;

use super::Plan;
use super::measuring::{MeasurePayload, MeasureUpdateInput};
use crate::casework;
use crate::casework::plan::activating::Activate;
use crate::casework::plan::agreeing::{Agree, Signature};
use crate::casework::plan::drafting::{Draft, DraftGoal, DraftMeasure};
use crate::casework::plan::reviewing::{self, Review};
use crate::error::Result;
use crate::graphql::id::Kind;
use crate::graphql::payload::{payloads, perform};
use crate::graphql::scalar::Date;

payloads! {
    /// A plan, or why nothing was done.
    PlanPayload {
        /// The plan; null if nothing was done.
        plan: Plan of plan
    }
}

/// A measure to be drafted.
#[derive(InputObject)]
pub struct PlanMeasureInput {
    /// What is to be done, up to 10,000 characters. Sensitive.
    description: String,
    /// The kind of service that it calls for.
    service_type_id: Option<ID>,
    /// The agency that answers for it; the one that leads the case unless said.
    responsible_id: Option<ID>,
    /// Until when: not before the plan begins.
    due_on: Date,
}

/// A goal to be drafted, with its measures.
#[derive(InputObject)]
pub struct PlanGoalInput {
    /// The goal, up to 10,000 characters. Sensitive.
    statement: String,
    /// The need that it answers, up to 10,000 characters. Sensitive.
    need: Option<String>,
    /// By what it is known that it is reached, up to 10,000 characters. Sensitive.
    indicator: Option<String>,
    /// Its measures; from 1 to 50 in all goals together.
    measures: Vec<PlanMeasureInput>,
}

/// What drafts a plan.
#[derive(InputObject)]
pub struct PlanDraftInput {
    /// Made by the client, new for each change: sending it again does nothing twice.
    client_mutation_id: Uuid,
    /// The id of the new plan, if the client made one offline: `plan_` and a `UUIDv7`.
    id: Option<ID>,
    /// The case; it must not be closed.
    case_id: ID,
    /// First day.
    since: Date,
    /// When it is to be reviewed, later than its first day; set when it is put into force, unless
    /// said.
    review_due_on: Option<Date>,
    /// What it is to reach: 1 to 20 goals.
    goals: Vec<PlanGoalInput>,
    /// What the children say to it, up to 10,000 characters. Sensitive.
    child_views: Option<String>,
}

impl PlanMeasureInput {
    fn command(self) -> Result<DraftMeasure> {
        Ok(DraftMeasure {
            description: self.description,
            service_type_id: self
                .service_type_id
                .map(|id| Kind::ServiceType.parse(&id))
                .transpose()?,
            responsible_id: self
                .responsible_id
                .map(|id| Kind::Organisation.parse(&id))
                .transpose()?,
            due_on: self.due_on.0,
        })
    }
}

impl PlanGoalInput {
    fn command(self) -> Result<DraftGoal> {
        let measures = self.measures.into_iter().map(PlanMeasureInput::command);
        Ok(DraftGoal {
            statement: self.statement,
            need: self.need,
            indicator: self.indicator,
            measures: measures.collect::<Result<_>>()?,
        })
    }
}

impl PlanDraftInput {
    fn command(self) -> Result<Draft> {
        Ok(Draft {
            id: self.id.map(|id| Kind::Plan.parse(&id)).transpose()?,
            case_id: Kind::Case.parse(&self.case_id)?,
            since: self.since.0,
            review_due_on: self.review_due_on.map(|day| day.0),
            goals: self.goals.into_iter().map(PlanGoalInput::command).collect::<Result<_>>()?,
            child_views: self.child_views,
        })
    }
}

/// A signature under a plan.
#[derive(InputObject)]
pub struct PlanSignOffInput {
    /// The agency, one whose signature the plan needs.
    organisation_id: ID,
    /// Who signed for it; the viewer for the viewer's own agency, unless said.
    worker_id: Option<ID>,
}

impl PlanSignOffInput {
    fn command(self) -> Result<Signature> {
        Ok(Signature {
            organisation_id: Kind::Organisation.parse(&self.organisation_id)?,
            worker_id: self.worker_id.map(|id| Kind::Worker.parse(&id)).transpose()?,
        })
    }
}

/// What records agreement to a plan.
#[derive(InputObject)]
pub struct PlanAgreeInput {
    /// Made by the client, new for each change: sending it again does nothing twice.
    client_mutation_id: Uuid,
    /// The plan: a draft.
    plan_id: ID,
    /// The version that it was decided on, if it is to be checked.
    expected_version: Option<i32>,
    /// Who signed, up to 50. What was signed before stays as it is.
    sign_offs: Vec<PlanSignOffInput>,
    /// The family's answer, yes or no; as it is unless said, null if it has not answered. Sensitive.
    family_agreed: MaybeUndefined<bool>,
    /// What the children say to it, up to 10,000 characters; as it is unless said. Sensitive.
    child_views: MaybeUndefined<String>,
}

impl PlanAgreeInput {
    fn command(self) -> Result<Agree> {
        let sign_offs = self.sign_offs.into_iter().map(PlanSignOffInput::command);
        Ok(Agree {
            plan_id: Kind::Plan.parse(&self.plan_id)?,
            expected_version: self.expected_version,
            sign_offs: sign_offs.collect::<Result<_>>()?,
            family_agreed: self.family_agreed.into(),
            child_views: self.child_views.into(),
        })
    }
}

/// What puts a plan into force.
#[derive(InputObject)]
pub struct PlanActivateInput {
    /// Made by the client, new for each change: sending it again does nothing twice.
    client_mutation_id: Uuid,
    /// The plan: agreed, or under review.
    plan_id: ID,
    /// The version that it was decided on, if it is to be checked.
    expected_version: Option<i32>,
}

impl PlanActivateInput {
    fn command(self) -> Result<Activate> {
        let plan_id = Kind::Plan.parse(&self.plan_id)?;
        Ok(Activate { plan_id, expected_version: self.expected_version })
    }
}

/// What the review of a plan comes to.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "reviewing::ReviewOutcome")]
pub enum PlanReviewOutcome {
    /// The review begins: the plan is under review, and still the case's.
    Begin,
    /// The plan goes on, until the next review.
    Continue,
    /// The plan is carried out: each of its measures has a result.
    Complete,
    /// The plan is given up, for the reason given; at any time before its end, with or without a
    /// review.
    Cancel,
}

/// Where a goal stands.
#[derive(InputObject)]
pub struct PlanGoalStatusInput {
    /// A goal of the plan.
    goal_id: ID,
    /// Where it stands.
    status: GoalStatus,
}

/// What reviews a plan.
#[derive(InputObject)]
pub struct PlanReviewInput {
    /// Made by the client, new for each change: sending it again does nothing twice.
    client_mutation_id: Uuid,
    /// The plan.
    plan_id: ID,
    /// The version that it was decided on, if it is to be checked.
    expected_version: Option<i32>,
    /// What the review comes to.
    outcome: PlanReviewOutcome,
    /// What was found, up to 10,000 characters; needed to cancel. Kept until the next note.
    /// Sensitive.
    note: Option<String>,
    /// When a plan that goes on is reviewed next, not in the past; by the authority's terms unless
    /// said. Has no effect with another outcome.
    review_due_on: Option<Date>,
    /// Where goals stand, up to 50, each once; the others stay as they are.
    goals: Option<Vec<PlanGoalStatusInput>>,
}

impl PlanReviewInput {
    fn command(self) -> Result<Review> {
        let goals = self.goals.unwrap_or_default().into_iter();
        let goals = goals.map(|goal| Ok((Kind::Goal.parse(&goal.goal_id)?, goal.status)));
        Ok(Review {
            plan_id: Kind::Plan.parse(&self.plan_id)?,
            expected_version: self.expected_version,
            outcome: self.outcome.into(),
            note: self.note,
            review_due_on: self.review_due_on.map(|day| day.0),
            goals: goals.collect::<Result<_>>()?,
        })
    }
}

/// Mutations of plans and their measures.
#[derive(Default)]
pub struct PlanMutation;

#[Object]
impl PlanMutation {
    /// Drafts the next plan of a case, unless a draft is open. The agencies that answer for its
    /// measures are to sign it, and the one that leads the case. Moves a case from `ASSESSMENT` to
    /// `PLANNING`. For caseworkers and supervisors.
    async fn plan_draft(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What drafts it.")] input: PlanDraftInput,
    ) -> Option<Result<PlanPayload>> {
        perform!(ctx, input => casework::plan::drafting::draft)
    }

    /// Records who agreed to a draft, as often as need be. When all agencies have signed and the
    /// family has answered, it becomes `AGREED`; `signOffs` tells whose signature is missing. For
    /// caseworkers and supervisors.
    async fn plan_agree(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What records it.")] input: PlanAgreeInput,
    ) -> Option<Result<PlanPayload>> {
        perform!(ctx, input => casework::plan::agreeing::agree)
    }

    /// Puts an agreed plan into force, or one under review again. A plan of the case that was in
    /// force becomes `SUPERSEDED`; the case `ACTIVE`, if it was being assessed or planned. For
    /// caseworkers and supervisors.
    async fn plan_activate(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What puts it into force.")] input: PlanActivateInput,
    ) -> Option<Result<PlanPayload>> {
        perform!(ctx, input => casework::plan::activating::activate)
    }

    /// Begins the review of a plan, or says what it came to. For caseworkers and supervisors.
    async fn plan_review(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What reviews it.")] input: PlanReviewInput,
    ) -> Option<Result<PlanPayload>> {
        perform!(ctx, input => casework::plan::reviewing::review)
    }

    /// Says how far a measure is, and what came of it; as long as the plan is a draft, also what it
    /// is and who answers for it. For caseworkers and supervisors.
    async fn measure_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What changes it.")] input: MeasureUpdateInput,
    ) -> Option<Result<MeasurePayload>> {
        perform!(ctx, input => casework::plan::measuring::update)
    }
}
