//! Recording and changing persons.

use super::Person;
use crate::graphql::payload::payloads;

payloads! {
    /// A person, or why nothing was done.
    PersonPayload {
        /// The person; null if nothing was done.
        person: Person of person
    }
}
