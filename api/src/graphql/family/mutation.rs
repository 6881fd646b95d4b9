//! Recording and changing families and their members.

use super::Family;
use crate::graphql::payload::payloads;

payloads! {
    /// A family, or why nothing was done.
    FamilyPayload {
        /// The family; null if nothing was done.
        family: Family of family
    }
}
