//! Submitting, triaging and deciding concern reports.

use super::ConcernReport;
use crate::graphql::payload::payloads;

payloads! {
    /// A concern report, or why nothing was done.
    ConcernReportPayload {
        /// The report, if you may see it; null if nothing was done.
        concern_report: ConcernReport of concern_report
    }
}
