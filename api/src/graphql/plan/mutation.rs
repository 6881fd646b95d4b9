//! Drafting, agreeing, activating and reviewing plans, and their measures.

use super::{Measure, Plan};
use crate::graphql::payload::payloads;

payloads! {
    /// A plan, or why nothing was done.
    PlanPayload {
        /// The plan; null if nothing was done.
        plan: Plan of plan
    }
    /// A measure, or why nothing was done.
    MeasurePayload {
        /// The measure; null if nothing was done.
        measure: Measure of measure
    }
}
