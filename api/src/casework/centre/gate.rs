//! Who writes into centres and their units: they are kept by the organisation that runs them, and by
//! those above it.

use entity::centre;
use uuid::Uuid;

use crate::casework::change::{Change, Right};
use crate::casework::problem::{Halt, Problem};
use crate::casework::wording::Text;

/// A centre that the viewer's organisation runs, kept from others until the change is over.
pub async fn enter(change: &Change, id: Uuid, path: &str) -> Result<centre::Model, Halt> {
    let centre = change.lock::<centre::Entity>(id, Right::ANY, path).await?;
    run_here(change, centre.organisation_id, path)?;
    Ok(centre)
}

/// Refuses an organisation that the viewer doesn't act for. That a centre is there is no secret.
pub fn run_here(change: &Change, organisation_id: Uuid, path: &str) -> Result<(), Halt> {
    if change.session().viewer().organisations.contains(&organisation_id) {
        return Ok(());
    }
    Err(Problem::at(path, Text::RunElsewhere).into())
}
