//! Refusing what was decided on an older version.

use sea_orm::IdenStatic;

use super::Change;
use super::difference::{camel, differing};
use crate::access::{Class, Classified};
use crate::casework::kept::Kept;
use crate::casework::problem::{Detail, Halt, Problem};
use crate::casework::wording::Text;

impl Change {
    /// Refuses a change that was decided on an older version; `after` is the row as the client
    /// wants it, by which the fields in conflict are told.
    pub fn expect<M>(&self, before: &M, after: &M, expected: i32) -> Result<(), Halt>
    where
        M: Kept,
        M::Entity: Classified,
    {
        conflict(before, after, expected).map_or(Ok(()), |problem| Err(problem.into()))
    }

    /// The same, if the client named a version.
    pub fn expect_some<M>(&self, before: &M, after: &M, expected: Option<i32>) -> Result<(), Halt>
    where
        M: Kept,
        M::Entity: Classified,
    {
        expected.map_or(Ok(()), |expected| self.expect(before, after, expected))
    }
}

/// What refuses a change that was decided on an older version.
pub fn conflict<M>(before: &M, after: &M, expected: i32) -> Option<Problem>
where
    M: Kept,
    M::Entity: Classified,
{
    let entry = before.entry().filter(|entry| entry.version != expected)?;
    let current = entry.version;
    // Whether a restricted value was guessed right is not told; search keys are no fields.
    let fields = differing(before, after)
        .into_iter()
        .filter(|(column, _)| M::Entity::class(column) != Class::Restricted)
        .filter(|(column, _)| !column.as_str().ends_with("_key"))
        .map(|(column, _)| camel(column.as_str()));
    let detail =
        Detail::Version { kind: entry.kind, id: entry.id, current, fields: fields.collect() };
    let problem = Problem::at("input.expectedVersion", Text::VersionConflict { current });
    Some(Problem { detail, ..problem })
}

impl Problem {
    /// The same, naming one more field in conflict: one that rows of its own hold.
    #[must_use]
    pub fn with_field(mut self, field: &str) -> Self {
        if let Detail::Version { fields, .. } = &mut self.detail {
            fields.push(field.to_owned());
        }
        self
    }
}
