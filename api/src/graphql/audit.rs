//! The audit, for auditors: who did or saw what, and how far it is sealed.

use std::collections::HashMap;

use async_graphql::{Context, ID, InputObject, Object};
use uuid::Uuid;

use super::id::{Kind, parse};
use super::loader::{Asking, By, Question, one};
use super::organisation::{Organisation, Worker};
use super::page::{Asked, Connection, opened};
use super::scalar::Instant;
use crate::access::audit::reading::{self, Chain, Narrowed, Sealed};
use crate::access::audit::{self, Node};
use crate::access::session::Keyset;
use crate::access::{Row, Session};
use crate::error::Result;

/// Something that was done or read.
pub struct AuditEvent {
    row: Row<entity::audit_event::Model>,
    /// The object that was asked about, if one was.
    asked: Option<Node>,
}

/// The seal that an event lies under.
pub struct AuditSeal(Sealed);

/// How far the audit is sealed.
pub struct AuditChain(Chain);

/// The worker with a subject.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct BySubject(String);

impl Question for BySubject {
    type Answer = Row<entity::worker::Model>;

    async fn answer(session: &Session, questions: &[Self]) -> Result<HashMap<Self, Self::Answer>> {
        let subjects: Vec<String> = questions.iter().map(|question| question.0.clone()).collect();
        let workers = reading::workers_by_subject(session, &subjects).await?;
        Ok(workers.into_iter().map(|(subject, row)| (Self(subject), row)).collect())
    }
}

/// The seal that an event lies under, by the event's number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct SealOf(i64);

impl Question for SealOf {
    type Answer = Sealed;

    async fn answer(session: &Session, questions: &[Self]) -> Result<HashMap<Self, Self::Answer>> {
        let numbers: Vec<i64> = questions.iter().map(|question| question.0).collect();
        let seals = reading::seals_of(session, &numbers).await?;
        Ok(seals.into_iter().map(|(number, seal)| (Self(number), seal)).collect())
    }
}

fn event_id(seq: i64) -> ID {
    Kind::AuditEvent.id(Uuid::from_u128(u128::from(seq.cast_unsigned())))
}

/// Something that was done or read: who, for which organisation, in which role, what, when and from
/// where; no value of it.
#[Object(serial)]
impl AuditEvent {
    /// Id with the prefix `event_`.
    async fn id(&self) -> ID {
        event_id(self.row.seq)
    }

    /// When the request came.
    async fn occurred_at(&self) -> Instant {
        Instant(self.row.occurred_at)
    }

    /// Who: the subject of the token, or `HOUSE` for what the service does by itself.
    async fn subject(&self) -> &str {
        &self.row.subject
    }

    /// The worker whose subject that is; null for a machine account, and for the service itself.
    async fn worker(&self, ctx: &Context<'_>) -> Option<Result<Worker>> {
        one(ctx, Some(BySubject(self.row.subject.clone()))).await
    }

    /// The client that sent the token.
    async fn client_id(&self) -> &str {
        &self.row.client_id
    }

    /// The organisation that was acted for.
    async fn organisation(&self, ctx: &Context<'_>) -> Option<Result<Organisation>> {
        one(ctx, Some(By::<entity::organisation::Entity>::id(self.row.organisation_id))).await
    }

    /// The role that was acted in, as in the token, or `HOUSE`.
    async fn role(&self) -> &str {
        &self.row.role
    }

    /// `READ`, or the mutation, for example `CASE_OPEN`.
    async fn action(&self) -> &str {
        &self.row.action
    }

    /// The name of the operation in the document that was sent; null if it has none.
    async fn operation(&self) -> Option<&str> {
        self.row.operation.as_deref()
    }

    /// The first 16 digits of the document's hash, if it is a trusted one.
    async fn document(&self) -> Option<&str> {
        self.row.document.as_deref()
    }

    /// The kind of object, by the prefix of its ids. A child is `person`.
    async fn node_kind(&self) -> &str {
        &self.row.entity_kind
    }

    /// The objects: those that were shown or changed, or those that the shown rows belong to. Of what
    /// was done for another organisation, only the one that was asked about.
    async fn node_ids(&self, ctx: &Context<'_>) -> Result<Vec<ID>> {
        let is_own = ctx.session()?.viewer().organisations.contains(&self.row.organisation_id);
        let is_told = |id: &Uuid| is_own || self.asked.is_some_and(|asked| asked.id == *id);
        let named = |id: Uuid| ID(format!("{}_{}", self.row.entity_kind, id.simple()));
        Ok(audit::ids_of(&self.row).filter(is_told).map(named).collect())
    }

    /// The highest class of what was shown or could be written: `PERSONAL`, `SENSITIVE` or
    /// `RESTRICTED`.
    async fn field_class(&self) -> &str {
        &self.row.field_class
    }

    /// The address that the request came from; null if it is not known.
    async fn origin(&self) -> Option<&str> {
        self.row.origin.as_deref()
    }

    /// The request, as its answer named it in `x-request-id`.
    async fn request_id(&self) -> Uuid {
        self.row.request_id
    }

    /// The seal that the event lies under; null for the seconds until it is sealed.
    async fn seal(&self, ctx: &Context<'_>) -> Option<Result<AuditSeal>> {
        let found = ctx.ask(SealOf(self.row.seq)).await.transpose()?;
        Some(found.map(|seal| AuditSeal(Sealed::clone(&seal))))
    }
}

/// A seal over a range of the audit, each over the one before it.
#[Object(serial)]
impl AuditSeal {
    /// Its number, from 1.
    async fn no(&self) -> i32 {
        i32::try_from(self.0.no).unwrap_or(i32::MAX)
    }

    /// Its hash in hex, which stands for all that was sealed so far.
    async fn hash(&self) -> &str {
        &self.0.hash
    }

    /// When it was made.
    async fn sealed_at(&self) -> Instant {
        Instant(self.0.sealed_at)
    }
}

/// How far the audit is sealed. Note the head somewhere else: `hearth audit verify --head` finds out
/// whether the audit still holds all that was sealed under it.
#[Object(serial)]
impl AuditChain {
    /// The hash of the last seal in hex; null before the first.
    async fn head(&self) -> Option<&str> {
        self.0.last.as_ref().map(|last| last.hash.as_str())
    }

    /// The number of the last seal; null before the first.
    async fn no(&self) -> Option<i32> {
        Some(i32::try_from(self.0.last.as_ref()?.no).unwrap_or(i32::MAX))
    }

    /// The last event that is sealed.
    async fn sealed_through(&self) -> Option<ID> {
        self.0.through.map(event_id)
    }

    /// When the last seal was made.
    async fn last_sealed_at(&self) -> Option<Instant> {
        Some(Instant(self.0.last.as_ref()?.sealed_at))
    }

    /// How many events of the viewer's organisations are not sealed yet.
    async fn unsealed(&self) -> i32 {
        i32::try_from(self.0.unsealed).unwrap_or(i32::MAX)
    }
}

/// Narrows the list of events; what is given must all hold.
#[derive(InputObject, Debug)]
pub struct AuditEventFilter {
    /// Of this worker.
    worker_id: Option<ID>,
    /// Of requests that came at this moment or later.
    since: Option<Instant>,
    /// Of requests that came before this moment.
    until: Option<Instant>,
}

/// Roots for the audit.
#[derive(Default)]
pub struct AuditQuery;

#[Object]
impl AuditQuery {
    /// What was done and read for the auditor's organisation and its branches, newest first: each
    /// change, and each object of which something personal was shown. About an object whose family
    /// or person the organisation leads the work with, what all others did and read is told too. For
    /// auditors.
    async fn audit_events(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "About this object only. `child_` and `person_` name the same person.")]
        node_id: Option<ID>,
        #[graphql(desc = "Which ones.")] filter: Option<AuditEventFilter>,
        #[graphql(desc = "How many, 1 to 100; 25 unless said.")] first: Option<i32>,
        #[graphql(desc = "Behind this cursor.")] after: Option<String>,
    ) -> Option<Result<Connection<AuditEvent>>> {
        Some(match narrowed(node_id.as_ref(), filter) {
            Ok(narrowed) => audit_events(ctx, narrowed, first, after).await,
            Err(error) => Err(error),
        })
    }

    /// How far the audit is sealed. For auditors.
    async fn audit_chain(&self, ctx: &Context<'_>) -> Option<Result<AuditChain>> {
        Some(match ctx.session() {
            Ok(session) => reading::chain(session).await.map(AuditChain),
            Err(error) => Err(error),
        })
    }
}

fn narrowed(node_id: Option<&ID>, filter: Option<AuditEventFilter>) -> Result<Narrowed> {
    let node = node_id.map(parse).transpose()?;
    let node = node.map(|(kind, id)| match kind {
        Kind::Child => Node { kind: Kind::Person.prefix(), id },
        kind => Node { kind: kind.prefix(), id },
    });
    let Some(filter) = filter else { return Ok(Narrowed { node, ..Narrowed::default() }) };
    Ok(Narrowed {
        node,
        worker_id: filter.worker_id.map(|id| Kind::Worker.parse(&id)).transpose()?,
        since: filter.since.map(|since| since.0),
        until: filter.until.map(|until| until.0),
    })
}

async fn audit_events(
    ctx: &Context<'_>,
    narrowed: Narrowed,
    first: Option<i32>,
    after: Option<String>,
) -> Result<Connection<AuditEvent>> {
    let session = ctx.session()?;
    let order = Keyset::<entity::audit_event::Entity> { column: None, descending: true };
    let filter = format!("audit {narrowed:?}");
    let asked = narrowed.node;
    let place = opened(ctx, Asked { first, after, order, filter })?;
    let most = u64::try_from(place.first).unwrap_or(u64::MAX).saturating_add(1);
    let mut rows = reading::events(session, &narrowed, place.after, most).await?;
    let has_more = rows.len() > place.first;
    rows.truncate(place.first);
    let next = rows.last().filter(|_| has_more).map(|row| reading::place_of(row));
    let nodes = rows.into_iter().map(|row| (reading::place_of(&row), AuditEvent { row, asked }));
    let asking = session.clone();
    let count = move || {
        let (session, narrowed) = (asking.clone(), narrowed.clone());
        async move { reading::count(&session, &narrowed).await }
    };
    place.closed(ctx, nodes, next, count)
}
