//! Who saw what: rows that are only ever added, with ids and no values of the data.

use entity::audit_event;
use sea_orm::{ActiveValue::Set, DatabaseConnection, EntityTrait};
use uuid::Uuid;

use super::session::Session;
use crate::error::{Error, Result};

/// A RESTRICTED value that this request is about to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Disclosure {
    /// The kind of row, by the prefix of its ids.
    pub entity_kind: &'static str,
    /// The row.
    pub entity_id: Uuid,
}

/// Writes what a request is about to disclose; if it can't be written, nothing may be disclosed.
pub async fn record_disclosures(database: &DatabaseConnection, session: &Session) -> Result<()> {
    let disclosures = session.disclosures();
    if disclosures.is_empty() {
        return Ok(());
    }
    let events = disclosures.into_iter().map(|disclosure| event(session, disclosure));
    #[expect(clippy::disallowed_methods, reason = "the audit is the ground of every door")]
    let written = audit_event::Entity::insert_many(events).exec_without_returning(database).await;
    written.map(drop).map_err(|error| {
        // The database's text may quote values: only what kind of failure it is goes to the log.
        let failure = Error::from(error);
        tracing::error!(request_id = %session.request_id(), %failure, "the audit can't be written");
        Error::Unavailable
    })
}

/// The event of a disclosure.
pub fn event(session: &Session, disclosure: Disclosure) -> audit_event::ActiveModel {
    let viewer = session.viewer();
    audit_event::ActiveModel {
        id: Set(Uuid::now_v7()),
        occurred_at: Set(session.now()),
        request_id: Set(session.request_id()),
        subject: Set(viewer.subject.clone()),
        client_id: Set(viewer.client_id.clone()),
        organisation_id: Set(viewer.organisation_id),
        role: Set(viewer.told_role()),
        action: Set("READ".to_owned()),
        entity_kind: Set(disclosure.entity_kind.to_owned()),
        entity_id: Set(Some(disclosure.entity_id)),
        field_class: Set("RESTRICTED".to_owned()),
    }
}
