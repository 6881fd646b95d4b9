//! Opening in an emergency, and reviewing that.

use async_graphql::{Context, ID, InputObject, Object};
use entity::access_grant::AccessLevel;
use entity::break_glass::BreakGlassOutcome;
use uuid::Uuid;

use super::{BreakGlass, about};
use crate::casework;
use crate::casework::break_glass::opening::Open;
use crate::casework::break_glass::reviewing::Review;
use crate::error::Result;
use crate::graphql::id::Kind;
use crate::graphql::payload::{payloads, perform};

payloads! {
    /// Access in an emergency, or why nothing was done.
    BreakGlassPayload {
        /// The access; null if nothing was done. What it opens is seen from the next request on.
        break_glass: BreakGlass of break_glass
    }
}

/// What opens a family or a person in an emergency.
#[derive(InputObject)]
pub struct AccessBreakGlassInput {
    /// Made by the client, new for each change: sending it again does nothing twice.
    client_mutation_id: Uuid,
    /// The one family, or the one person (as a person or as a child), that is opened.
    subject_id: ID,
    /// Why, up to 10,000 characters. Sensitive.
    reason: String,
    /// For how many hours, 1 to 24.
    #[graphql(default = 4)]
    hours: i32,
    /// How much is opened; in full for supervisors alone. Restricted values stay hidden.
    #[graphql(default_with = "AccessLevel::Summary")]
    level: AccessLevel,
}

impl AccessBreakGlassInput {
    fn command(self) -> Result<Open> {
        Ok(Open {
            about: about(&self.subject_id)?,
            reason: self.reason,
            hours: self.hours,
            level: self.level,
        })
    }
}

/// What reviews access in an emergency.
#[derive(InputObject)]
pub struct BreakGlassReviewInput {
    /// Made by the client, new for each change: sending it again does nothing twice.
    client_mutation_id: Uuid,
    /// The access: not reviewed yet, and taken by somebody else of the viewer's organisation.
    id: ID,
    /// What the review came to.
    outcome: BreakGlassOutcome,
    /// Why, up to 10,000 characters; needed with `UNJUSTIFIED`. Sensitive.
    note: Option<String>,
}

impl BreakGlassReviewInput {
    fn command(self) -> Result<Review> {
        Ok(Review { id: Kind::BreakGlass.parse(&self.id)?, outcome: self.outcome, note: self.note })
    }
}

/// Mutations of access in emergencies.
#[derive(Default)]
pub struct BreakGlassMutation;

#[Object]
impl BreakGlassMutation {
    /// Opens a family or a person in an emergency: for the viewer alone, for some hours, to be read
    /// and nothing else. A supervisor is to review it by tomorrow, and who leads the work learns of
    /// it. At most five times within 24 hours. For caseworkers and supervisors.
    async fn access_break_glass(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What opens it.")] input: AccessBreakGlassInput,
    ) -> Option<Result<BreakGlassPayload>> {
        perform!(ctx, input => casework::break_glass::opening::open)
    }

    /// Says whether there was an emergency; if not, what is left of the access ends at once. For
    /// supervisors of the organisation for which it was taken, but not for who took it.
    async fn break_glass_review(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What reviews it.")] input: BreakGlassReviewInput,
    ) -> Option<Result<BreakGlassPayload>> {
        perform!(ctx, input => casework::break_glass::reviewing::review)
    }
}
