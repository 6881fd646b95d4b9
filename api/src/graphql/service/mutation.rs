//! Recording services.

use super::Service;
use crate::graphql::payload::payloads;

payloads! {
    /// A service, or why nothing was done.
    ServicePayload {
        /// The service; null if nothing was done.
        service: Service of service
    }
}
