//! Whose work a viewer counts: figures are of the work of one's own organisations, or of one's areas,
//! not of what others share for a while.

use entity::membership::Role;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::access::viewer::Viewer;

/// Whose work is counted.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Counted {
    /// What these organisations lead, run or organise.
    Organisations(Vec<Uuid>),
    /// What is led, run or organised in these areas.
    Areas(Vec<Uuid>),
}

/// Whose work a viewer counts. Analysts count nothing themselves: they read what was published.
pub fn counted(viewer: &Viewer) -> Counted {
    match viewer.role {
        Role::Caseworker | Role::Supervisor | Role::CentreStaff => {
            Counted::Organisations(viewer.organisations.clone())
        }
        Role::AreaCoordinator => Counted::Areas(viewer.areas.clone()),
        Role::NgoWorker
        | Role::Integration
        | Role::Reporter
        | Role::Analyst
        | Role::Auditor
        | Role::Admin => Counted::Organisations(Vec::new()),
    }
}
