//! How readings are written: those of many requests in one insert.

use entity::audit_event;
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DbBackend, DbErr, EntityTrait, Statement, Value,
};
use uuid::Uuid;

use super::{Asker, READ, Told};

/// What one request is about to show.
#[derive(Debug)]
pub struct Readings {
    pub(super) asker: Asker,
    pub(super) shown: Vec<Told>,
}

/// Rows of one insert: as arrays on PostgreSQL, as so many times thirteen values on SQLite.
const ROWS_AS_ARRAYS: usize = 1000;
const ROWS_AS_VALUES: usize = 500;

/// Each row names the request by its place in the arrays, so that what many rows have in common is
/// sent once; and the statement is the same however many there are.
const FROM_ARRAYS: &str = "
    insert into audit_event (occurred_at, request_id, subject, client_id, organisation_id, role,
        operation, document, origin, action, entity_kind, entity_ids, field_class)
    select ($1::timestamptz[])[shown.at], ($2::uuid[])[shown.at], ($3::text[])[shown.at],
        ($4::text[])[shown.at], ($5::uuid[])[shown.at], ($6::text[])[shown.at],
        nullif(($7::text[])[shown.at], ''), nullif(($8::text[])[shown.at], ''),
        nullif(($9::text[])[shown.at], ''), 'READ', shown.kind, shown.ids, shown.class
    from unnest($10::int[], $11::text[], $12::text[], $13::text[])
        as shown (at, kind, ids, class)";

/// One row to write: which of the requests, and what it shows.
type Line<'a> = (usize, &'a Told);

/// Writes what requests are about to show.
pub async fn insert(database: &DatabaseConnection, requests: &[&Readings]) -> Result<(), DbErr> {
    let lines = requests
        .iter()
        .enumerate()
        .flat_map(|(at, request)| request.shown.iter().map(move |told| (at, told)));
    let lines: Vec<Line<'_>> = lines.collect();
    if database.get_database_backend() == DbBackend::Postgres {
        for lines in lines.chunks(ROWS_AS_ARRAYS) {
            database.execute_raw(as_arrays(requests, lines)).await?;
        }
    } else {
        for lines in lines.chunks(ROWS_AS_VALUES) {
            as_values(database, requests, lines).await?;
        }
    }
    Ok(())
}

fn as_arrays(requests: &[&Readings], lines: &[Line<'_>]) -> Statement {
    let askers = || requests.iter().map(|request| &request.asker);
    let texts = |text: fn(&Asker) -> &str| -> Value {
        askers().map(|asker| text(asker).to_owned()).collect::<Vec<String>>().into()
    };
    let places = lines.iter().map(|(at, ..)| i32::try_from(at + 1).unwrap_or_default());
    let values: [Value; 13] = [
        askers().map(|asker| asker.occurred_at).collect::<Vec<_>>().into(),
        askers().map(|asker| asker.request_id).collect::<Vec<Uuid>>().into(),
        texts(|asker| &asker.subject),
        texts(|asker| &asker.client_id),
        askers().map(|asker| asker.organisation_id).collect::<Vec<Uuid>>().into(),
        texts(|asker| &asker.role),
        texts(|asker| asker.operation.as_deref().unwrap_or_default()),
        texts(|asker| asker.document.as_deref().unwrap_or_default()),
        texts(|asker| asker.origin.as_deref().unwrap_or_default()),
        places.collect::<Vec<i32>>().into(),
        lines.iter().map(|(_, told)| told.kind.to_owned()).collect::<Vec<String>>().into(),
        lines.iter().map(|(_, told)| told.ids.clone()).collect::<Vec<String>>().into(),
        lines.iter().map(|(_, told)| told.class.told().to_owned()).collect::<Vec<_>>().into(),
    ];
    Statement::from_sql_and_values(DbBackend::Postgres, FROM_ARRAYS, values)
}

#[expect(clippy::disallowed_methods, reason = "the audit is the ground of every door")]
async fn as_values(
    database: &DatabaseConnection,
    requests: &[&Readings],
    lines: &[Line<'_>],
) -> Result<(), DbErr> {
    let events = lines
        .iter()
        .filter_map(|(at, told)| requests.get(*at).map(|request| request.asker.event(READ, told)));
    audit_event::Entity::insert_many(events).exec_without_returning(database).await.map(drop)
}
