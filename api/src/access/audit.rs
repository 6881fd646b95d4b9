//! Who did or saw what: rows that are only ever added, with ids and no values of the data.

pub mod chain;
pub mod node;
pub mod reading;
pub mod verify;
pub(super) mod about;
mod insert;
mod leaf;
mod notes;
mod writer;

use std::net::IpAddr;

use chrono::{DateTime, Utc};
use entity::audit_event;
use sea_orm::ActiveValue::Set;
use uuid::Uuid;

use super::redact::Class;
use super::session::Session;

pub use node::Node;
pub use notes::Notes;
pub use writer::Audit;

/// What the audit calls a reading; a change is called as its mutation.
pub const READ: &str = "READ";

/// What a request asks for, and from where.
#[derive(Clone, Debug, Default)]
pub struct Operation {
    /// The operation's name, if its document gives it one.
    pub name: Option<String>,
    /// The beginning of the document's hash, if it is a trusted one.
    pub document: Option<String>,
    /// The client's address.
    pub origin: Option<IpAddr>,
}

/// Who asks, as each row of the audit says it.
#[derive(Clone, Debug)]
struct Asker {
    occurred_at: DateTime<Utc>,
    request_id: Uuid,
    subject: String,
    client_id: String,
    organisation_id: Uuid,
    role: String,
    operation: Option<String>,
    document: Option<String>,
    origin: Option<String>,
}

impl Asker {
    fn of(session: &Session) -> Self {
        let (viewer, operation) = (session.viewer(), session.operation());
        Self {
            occurred_at: session.now(),
            request_id: session.request_id(),
            subject: viewer.subject.clone(),
            client_id: viewer.client_id.clone(),
            organisation_id: viewer.organisation_id,
            role: viewer.told_role(),
            operation: operation.name.clone(),
            document: operation.document.clone(),
            origin: operation.origin.map(|origin| origin.to_string()),
        }
    }

    fn event(&self, action: &str, (node, class): (Node, Class)) -> audit_event::ActiveModel {
        audit_event::ActiveModel {
            occurred_at: Set(self.occurred_at),
            request_id: Set(self.request_id),
            subject: Set(self.subject.clone()),
            client_id: Set(self.client_id.clone()),
            organisation_id: Set(self.organisation_id),
            role: Set(self.role.clone()),
            operation: Set(self.operation.clone()),
            document: Set(self.document.clone()),
            origin: Set(self.origin.clone()),
            action: Set(action.to_owned()),
            entity_kind: Set(node.kind.to_owned()),
            entity_id: Set(Some(node.id)),
            field_class: Set(class.told().to_owned()),
            ..Default::default()
        }
    }
}

/// The event of an action on a row, or of a reading, with the highest class of what it concerns.
pub fn event(session: &Session, action: &str, about: (Node, Class)) -> audit_event::ActiveModel {
    Asker::of(session).event(action, about)
}
