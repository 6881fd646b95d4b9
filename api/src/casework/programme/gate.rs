//! The gate of programmes: they are kept by the organisation that runs them, and by those above it.

use entity::programme;
use uuid::Uuid;

use crate::access::Session;
use crate::casework::change::{Change, Right};
use crate::casework::problem::{Halt, Problem};
use crate::casework::wording::ProgrammeText;

/// A programme that the viewer's organisation runs, kept from others until the change is over.
pub async fn enter(change: &Change, id: Uuid, path: &str) -> Result<programme::Model, Halt> {
    let programme = change.lock::<programme::Entity>(id, Right::ANY, path).await?;
    run_here(change, programme.organisation_id, path)?;
    Ok(programme)
}

/// Refuses an organisation that the viewer doesn't act for. That a programme is there is no secret.
pub fn run_here(change: &Change, organisation_id: Uuid, path: &str) -> Result<(), Halt> {
    if is_run_here(change.session(), organisation_id) {
        return Ok(());
    }
    Err(Problem::at(path, ProgrammeText::RunElsewhere).into())
}

/// Whether the viewer acts for an organisation.
pub fn is_run_here(session: &Session, organisation_id: Uuid) -> bool {
    session.viewer().organisations.contains(&organisation_id)
}
