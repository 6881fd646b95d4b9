//! Who reported a concern, on the way from the request to its row.

use entity::concern_report;
use entity::secret::Secret;

use crate::access::{Place, Session};
use crate::casework::check::{Checks, SHORT};
use crate::casework::wording::Text;
use crate::error::Result;

/// A reporter's name and how to reach them.
#[derive(Clone, Debug)]
pub struct Reporter {
    name: Option<Secret>,
    contact: Option<Secret>,
}

impl Reporter {
    /// A reporter, as far as known.
    pub fn new(name: Option<String>, contact: Option<String>) -> Self {
        Self { name: name.map(Secret::new), contact: contact.map(Secret::new) }
    }

    /// Checks the texts; who wishes not to be named has none.
    pub fn check(&self, checks: &mut Checks, is_anonymous: bool) {
        for (path, text) in
            [("input.reporterName", &self.name), ("input.reporterContact", &self.contact)]
        {
            checks.some_text(path, text.as_ref().map(Secret::expose), SHORT);
            checks.hold(!is_anonymous || text.is_none(), path, Text::ReporterIsAnonymous);
        }
    }

    /// Puts them, sealed, where they are kept.
    pub fn keep(
        &self,
        session: &Session,
        row: concern_report::Model,
    ) -> Result<concern_report::Model> {
        let seal = |column, text: &Option<Secret>| {
            text.as_ref().map(|text| session.seal(Place::of(column, row.id), text)).transpose()
        };
        let reporter_name = seal(concern_report::Column::ReporterName, &self.name)?;
        let reporter_contact = seal(concern_report::Column::ReporterContact, &self.contact)?;
        Ok(concern_report::Model { reporter_name, reporter_contact, ..row })
    }
}

#[cfg(test)]
mod tests {
    use super::Reporter;

    #[test]
    fn a_reporter_is_not_told_by_debug() {
        let reporter = Reporter::new(Some("Canary".to_owned()), Some("Canary".to_owned()));
        assert!(!format!("{reporter:?}").contains("Canary"));
    }
}
