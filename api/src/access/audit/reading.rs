//! How auditors read the audit: newest first, narrowed by object, by worker and by time.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::{audit_event, audit_seal, worker};
use sea_orm::sea_query::{Expr, ExprTrait, Func, Query, SimpleExpr};
use sea_orm::{ColumnTrait, Condition, Order};
use uuid::Uuid;

use super::Node;
use super::leaf::hex;
use crate::access::policy::Action;
use crate::access::redact::Row;
use crate::access::session::{Rows, Session};
use crate::error::Result;

/// Which events are asked for; what is given must all hold.
#[derive(Clone, Debug, Default)]
pub struct Narrowed {
    /// About this object.
    pub node: Option<Node>,
    /// Of this worker.
    pub worker_id: Option<Uuid>,
    /// From this moment on.
    pub since: Option<DateTime<Utc>>,
    /// Before this moment.
    pub until: Option<DateTime<Utc>>,
}

/// The seal that an event lies under.
#[derive(Clone, Debug)]
pub struct Sealed {
    /// The seal's number.
    pub no: i64,
    /// The seal's hash, in hex.
    pub hash: String,
    /// When it was made.
    pub sealed_at: DateTime<Utc>,
}

/// How far the audit is sealed.
#[derive(Clone, Debug)]
pub struct Chain {
    /// The last seal, if there is one.
    pub last: Option<Sealed>,
    /// The last event under it.
    pub through: Option<i64>,
    /// The events that the viewer may see and that lie under no seal yet.
    pub unsealed: u64,
}

/// Where an event stands in the list: the moment, then the number.
pub const fn place_of(event: &audit_event::Model) -> Uuid {
    Uuid::from_u64_pair(
        event.occurred_at.timestamp_micros().cast_unsigned(),
        event.seq.cast_unsigned(),
    )
}

fn behind(place: Uuid) -> SimpleExpr {
    use audit_event::Column::{OccurredAt, Seq};
    let (micros, seq) = place.as_u64_pair();
    let at = DateTime::<Utc>::from_timestamp_micros(micros.cast_signed()).unwrap_or_default();
    let row = Expr::tuple([Expr::col(OccurredAt), Expr::col(Seq)]);
    row.lt(Expr::tuple([Expr::val(at), Expr::val(seq.cast_signed())]))
}

/// The events behind a place, the newest first, at most so many.
pub async fn events(
    session: &Session,
    narrowed: &Narrowed,
    after: Option<Uuid>,
    most: u64,
) -> Result<Vec<Row<audit_event::Model>>> {
    use audit_event::Column::{OccurredAt, Seq};
    let Some(events) = found(session, narrowed).await? else { return Ok(Vec::new()) };
    let events = events.filter_some(after, behind);
    events.order(OccurredAt, Order::Desc).order(Seq, Order::Desc).limit(most).all().await
}

/// How many events there are.
pub async fn count(session: &Session, narrowed: &Narrowed) -> Result<u64> {
    match found(session, narrowed).await? {
        Some(events) => events.count().await,
        None => Ok(0),
    }
}

/// None if there can't be any.
async fn found(
    session: &Session,
    narrowed: &Narrowed,
) -> Result<Option<Rows<audit_event::Entity>>> {
    use audit_event::Column;
    session.may(Action::ReadAudit)?;
    let mut condition = Condition::all();
    if let Some(worker_id) = narrowed.worker_id {
        let workers = session.find::<worker::Entity>().of(worker::Column::Id, &[worker_id]);
        let Some(worker) = workers.first().await? else { return Ok(None) };
        condition = condition.add(Column::Subject.eq(&worker.subject));
    }
    let condition = condition
        .add_option(narrowed.since.map(|since| Column::OccurredAt.gte(since)))
        .add_option(narrowed.until.map(|until| Column::OccurredAt.lt(until)));
    let events = match narrowed.node {
        Some(node) => session.find_events_about(node),
        None => session.find::<audit_event::Entity>(),
    };
    Ok(Some(events.filter(condition)))
}

/// The workers with these subjects.
pub async fn workers_by_subject(
    session: &Session,
    subjects: &[String],
) -> Result<HashMap<String, Row<worker::Model>>> {
    let subjects = worker::Column::Subject.is_in(subjects.iter().cloned());
    let rows = session.find::<worker::Entity>().filter(subjects).all().await?;
    Ok(rows.into_iter().map(|row| (row.subject.clone(), row)).collect())
}

/// The columns of a seal that are told: its number, its range, its hash, its moment.
type Told = (i64, i64, i64, Vec<u8>, DateTime<Utc>);

fn told() -> Vec<SimpleExpr> {
    use audit_seal::Column::{FirstSeq, Hash, LastSeq, No, SealedAt};
    [No, FirstSeq, LastSeq, Hash, SealedAt].map(Expr::col).into_iter().collect()
}

fn sealed((no, _, _, hash, sealed_at): &Told) -> Sealed {
    Sealed { no: *no, hash: hex(hash), sealed_at: *sealed_at }
}

/// The seals that events lie under, by the events' numbers.
pub async fn seals_of(session: &Session, numbers: &[i64]) -> Result<HashMap<i64, Sealed>> {
    use audit_seal::Column;
    // Of each, the first that reaches so far: a look into the index.
    let ends = numbers.iter().map(|number| {
        let mut end = Query::select();
        end.expr(Func::min(Expr::col(Column::LastSeq)))
            .from(audit_seal::Entity)
            .and_where(Column::LastSeq.gte(*number));
        SimpleExpr::SubQuery(None, Box::new(end.into()))
    });
    let ends = Expr::col((audit_seal::Entity, Column::LastSeq)).is_in(ends);
    let seals = session.find::<audit_seal::Entity>().filter(ends).facts::<Told>(told()).await?;
    let over = |number: i64| seals.iter().find(|seal| (seal.1..=seal.2).contains(&number));
    Ok(numbers.iter().filter_map(|number| Some((*number, sealed(over(*number)?)))).collect())
}

/// How far the audit is sealed.
pub async fn chain(session: &Session) -> Result<Chain> {
    session.may(Action::ReadAudit)?;
    let seals = session.find::<audit_seal::Entity>().order(audit_seal::Column::No, Order::Desc);
    let last = seals.limit(1).facts::<Told>(told()).await?.into_iter().next();
    let through = last.as_ref().map(|last| last.2);
    let later = audit_event::Column::Seq.gt(through.unwrap_or(0));
    let unsealed = session.find::<audit_event::Entity>().filter(later).count().await?;
    Ok(Chain { last: last.as_ref().map(sealed), through, unsealed })
}
