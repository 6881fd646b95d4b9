//! Entering on registers, removing from them, and recording decisions.

use super::{Decision, RegisterEntry};
use crate::graphql::payload::payloads;

payloads! {
    /// An entry on a register, or why nothing was done.
    RegisterEntryPayload {
        /// The entry; null if nothing was done.
        entry: RegisterEntry of register_entry
    }
    /// A decision of a body, or why nothing was done.
    DecisionPayload {
        /// The decision; null if nothing was done.
        decision: Decision of decision
    }
}
