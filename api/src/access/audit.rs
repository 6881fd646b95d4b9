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

    fn event(&self, action: &str, told: &Told) -> audit_event::ActiveModel {
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
            entity_kind: Set(told.kind.to_owned()),
            entity_ids: Set(told.ids.clone()),
            field_class: Set(told.class.told().to_owned()),
            ..Default::default()
        }
    }
}

/// What one row of the audit is about: objects of a kind, with the class of what concerns them.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Told {
    kind: &'static str,
    /// As the row keeps them.
    ids: String,
    class: Class,
}

/// Most objects in one row.
const MOST_OBJECTS: usize = 500;

/// Objects with the highest class of what was shown of each, as the rows that tell it: those of a kind
/// and a class together, in order.
fn together(mut shown: Vec<(Node, Class)>) -> Vec<Told> {
    shown.sort_unstable_by_key(|(node, class)| (node.kind, *class, node.id));
    let alike =
        shown.chunk_by(|(one, class), (other, next)| one.kind == other.kind && class == next);
    let rows = alike.flat_map(|alike| alike.chunks(MOST_OBJECTS));
    rows.filter_map(|row| {
        let (Node { kind, .. }, class) = *row.first()?;
        let ids: Vec<String> = row.iter().map(|(node, _)| node.id.simple().to_string()).collect();
        Some(Told { kind, ids: ids.join(" "), class })
    })
    .collect()
}

/// The objects of a row, by their ids.
pub fn ids_of(event: &audit_event::Model) -> impl Iterator<Item = Uuid> {
    event.entity_ids.split_whitespace().filter_map(|id| id.parse().ok())
}

/// The event of an action on a row, or of a reading, with the highest class of what it concerns.
pub fn event(
    session: &Session,
    action: &str,
    (node, class): (Node, Class),
) -> audit_event::ActiveModel {
    let told = Told { kind: node.kind, ids: node.id.simple().to_string(), class };
    Asker::of(session).event(action, &told)
}
