//! What a change leaves behind besides its rows: lines in the feed, an event in the audit, and its
//! key, by which a client asks later what came of it.

use chrono::{DateTime, Utc};
use entity::change::ChangeKind;
use entity::{audit_event, change, idempotency_key, task};
use sea_orm::sea_query::{
    Alias, Expr, InsertStatement, Query, SelectStatement, SimpleExpr, UnionType,
};
use sea_orm::{ActiveEnum, ColumnTrait};
use uuid::Uuid;

use super::Subject;
use crate::access::audit::{self, Node};
use crate::access::policy::Action;
use crate::access::{Class, Session};
use crate::casework::kept::Entry;
use crate::casework::task as duty;
use crate::error::{Error, Result};

/// One statement for all lines of a change, on SQLite; none if it has none.
pub fn lines(entries: Vec<Entry>, now: DateTime<Utc>) -> Option<InsertStatement> {
    let lines = once_each(entries);
    if lines.is_empty() {
        return None;
    }
    let mut insert = Query::insert();
    insert.into_table(change::Entity).columns(FEED);
    for entry in lines {
        insert.values_panic(Line::of(&entry).values(None::<i64>.into(), now));
    }
    Some(insert)
}

/// The same on PostgreSQL, with lines that a query adds at the end: of several inserts in one statement nobody
/// knows which comes first, of the rows of one they come in this order. Each names its transaction, so that a
/// reader of the feed skips none that is committed late.
///
/// # Errors
///
/// `INTERNAL_SERVER_ERROR` if the added lines have not as many columns as the feed.
pub fn lines_with(
    entries: Vec<Entry>,
    more: Option<SelectStatement>,
    now: DateTime<Utc>,
) -> Result<Option<InsertStatement>> {
    let select =
        |entry| Query::select().exprs(Line::of(&entry).values(transaction_no(), now)).to_owned();
    let mut lines = once_each(entries).into_iter().map(select).chain(more);
    let Some(mut all) = lines.next() else {
        return Ok(None);
    };
    all.unions(lines.map(|line| (UnionType::All, line)));
    let mut insert = Query::insert();
    insert.into_table(change::Entity).columns(FEED);
    insert.select_from(all).map_err(|_| Error::Internal)?;
    Ok(Some(insert))
}

/// The lines of tasks that the same statement writes, by the name of what it returns of them.
pub fn lines_of_tasks(written: &'static str, now: DateTime<Utc>) -> SelectStatement {
    let of = |column| Expr::col((Alias::new(written), column));
    let line = Line {
        kind: duty::KIND,
        id: of(task::Column::Id),
        family_id: of(task::Column::FamilyId),
        whom: [None; 3],
        change: ChangeKind::Upserted,
        version: of(task::Column::Version),
    };
    let mut select = Query::select();
    select.exprs(line.values(transaction_no(), now)).from(Alias::new(written));
    select
}

fn transaction_no() -> SimpleExpr {
    Expr::cust("pg_current_xact_id()::text::bigint")
}

/// What a line of the feed says, of a row that is known or of one that the same statement writes.
struct Line {
    kind: &'static str,
    id: SimpleExpr,
    family_id: SimpleExpr,
    /// The person, the organisation and the worker.
    whom: [Option<Uuid>; 3],
    change: ChangeKind,
    version: SimpleExpr,
}

impl Line {
    fn of(entry: &Entry) -> Self {
        Self {
            kind: entry.kind,
            id: entry.id.into(),
            family_id: entry.family_id.into(),
            whom: [entry.person_id, entry.organisation_id, entry.worker_id],
            change: entry.change,
            version: entry.version.into(),
        }
    }

    /// Its values in the order of [`FEED`].
    fn values(self, number: SimpleExpr, now: DateTime<Utc>) -> [SimpleExpr; 10] {
        let [person_id, organisation_id, worker_id] = self.whom;
        [
            number,
            now.into(),
            self.kind.into(),
            self.id,
            self.family_id,
            person_id.into(),
            organisation_id.into(),
            worker_id.into(),
            self.change.to_value().into(),
            self.version,
        ]
    }
}

/// The columns of a line in the feed, in the order in which they are written.
const FEED: [change::Column; 10] = [
    change::Column::TransactionNo,
    change::Column::ChangedAt,
    change::Column::EntityKind,
    change::Column::EntityId,
    change::Column::FamilyId,
    change::Column::PersonId,
    change::Column::OrganisationId,
    change::Column::WorkerId,
    change::Column::Kind,
    change::Column::Version,
];

/// The last of the lines that say the same of the same row.
fn once_each(entries: Vec<Entry>) -> Vec<Entry> {
    let about = |entry: &Entry| {
        (entry.kind, entry.id, entry.change, entry.organisation_id, entry.worker_id)
    };
    let mut lines: Vec<Entry> = Vec::new();
    for entry in entries {
        lines.retain(|line| about(line) != about(&entry));
        lines.push(entry);
    }
    lines
}

/// The event of a change: who did what to which row, and no value of it.
pub fn event(session: &Session, action: Action, subject: Subject) -> audit_event::ActiveModel {
    let node = Node { kind: subject.kind, id: subject.id };
    audit::event(session, &action.to_value(), (node, class_written(action)))
}

/// The highest class of what an action may write.
const fn class_written(action: Action) -> Class {
    match action {
        Action::ConcernReportSubmit
        | Action::FamilyCreate
        | Action::FamilyUpdate
        | Action::PersonCreate
        | Action::IdentifierAdd
        | Action::IdentifierVoid
        | Action::CentreCreate
        | Action::CentreUpdate => Class::Restricted,
        _ => Class::Sensitive,
    }
}

/// What came of a mutation that the viewer sent: the kind of row and the row; none if it was not
/// done.
pub async fn result_of(
    session: &Session,
    client_mutation_id: Uuid,
) -> Result<Option<(String, Uuid)>> {
    use idempotency_key::{Column, Entity};
    let found = session
        .find::<Entity>()
        .filter(Column::ClientMutationId.eq(client_mutation_id))
        .first()
        .await?;
    Ok(found.and_then(|row| Some((row.entity_kind.clone()?, row.entity_id?))))
}
