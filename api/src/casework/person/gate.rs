//! The gate of what is recorded of persons: one that was merged into another is no longer written
//! to, and whoever writes keeps others out until the change is over.

use entity::person::{self, Column};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::casework::change::{Change, KEPT, Right};
use crate::casework::check::Checks;
use crate::casework::problem::{Halt, Problem};
use crate::casework::wording::Text;

/// A person that may be written to, kept from others until the change is over.
pub async fn enter(change: &Change, id: Uuid, path: &str) -> Result<person::Model, Halt> {
    let person = change.lock::<person::Entity>(id, Right::Led, path).await?;
    if is_merged(&person) {
        return Err(Problem::not_found(path).into());
    }
    Ok(person)
}

/// Whether a person is another one by now, to whom is written instead.
pub const fn is_merged(person: &person::Model) -> bool {
    person.merged_into_id.is_some()
}

/// Two persons that may be written to, each with its place in the input. They are locked in an
/// order of their own, so that two changes about the same two don't wait for each other.
pub async fn enter_both(
    change: &Change,
    (one, path): (Uuid, &str),
    (other, other_path): (Uuid, &str),
) -> Result<(person::Model, person::Model), Halt> {
    if one == other {
        return Err(Problem::at(other_path, Text::SamePerson).into());
    }
    let found = change
        .see::<person::Entity>(Right::Led)
        .filter(Column::Id.is_in([one, other]))
        .filter(Column::MergedIntoId.is_null())
        .order_by_asc(Column::Id)
        .lock(KEPT)
        .all(change.connection())
        .await?;
    let among = |id: Uuid| found.iter().find(|person| person.id == id).cloned();
    if let (Some(one), Some(other)) = (among(one), among(other)) {
        return Ok((one, other));
    }
    let mut checks = Checks::default();
    checks.hold(among(one).is_some(), path, Text::NotFound);
    checks.hold(among(other).is_some(), other_path, Text::NotFound);
    checks.done()?;
    Err(Problem::not_found(path).into())
}
