//! Planning and recording visits.

use super::Visit;
use crate::graphql::payload::payloads;

payloads! {
    /// A visit, or why nothing was done.
    VisitPayload {
        /// The visit; null if nothing was done.
        visit: Visit of visit
    }
}
