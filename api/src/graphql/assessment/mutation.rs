//! Recording and deciding assessments.

use super::Assessment;
use crate::graphql::payload::payloads;

payloads! {
    /// An assessment, or why nothing was done.
    AssessmentPayload {
        /// The assessment; null if nothing was done.
        assessment: Assessment of assessment
    }
}
