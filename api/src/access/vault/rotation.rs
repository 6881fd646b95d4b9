//! Sealing everything anew under the first key, while servers serve.
//!
//! What a value says stays the same, so nothing has changed for anybody: neither versions nor times of
//! change move, and nothing is told in the feed. Each batch is one statement, which writes only where
//! the value is still the one that was read: what somebody changed meanwhile stays as they wrote it,
//! and two rotations at once do each other's work. One that was interrupted goes on where it stopped,
//! since what is done is told by the values themselves.

use std::time::Duration;

use entity::secret::{Fingerprint, Sealed, Secret};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, DbErr, Statement, Value};
use uuid::Uuid;

use super::store::{COLUMNS, SealedColumn, plain};
use super::{Place, Vault, digests, parts};
use crate::error::{Error, Result};

/// Values of one statement.
const BATCH: u64 = 200;
/// How often a batch is tried when others change the same rows, and how long it waits between.
const TRIES: u32 = 20;
const WAIT: Duration = Duration::from_millis(100);

/// What a rotation did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Values that it sealed anew.
    pub resealed: u64,
    /// Values that no key of the ring opens; they are as they were.
    pub unopenable: u64,
}

/// A value that is to be sealed anew.
struct Stale {
    place: Place,
    value: Sealed,
    /// Of a number of a person, its kind.
    kind: Option<String>,
}

/// A value that was.
struct Fresh {
    row: Uuid,
    was: Sealed,
    sealed: Sealed,
    hash: Option<Fingerprint>,
}

/// How many values are not under the first key.
pub async fn pending(database: &DatabaseConnection, vault: &Vault) -> Result<u64> {
    let mut pending = 0;
    for column in COLUMNS {
        let key = column.key(database.get_database_backend());
        let SealedColumn { table, name } = column;
        let sql = format!("select count(*) from {table} where {name} is not null and {key} <> $1");
        let first = [vault.first_id().into()];
        let counted = Statement::from_sql_and_values(database.get_database_backend(), sql, first);
        let row = database.query_one_raw(counted).await?.ok_or(Error::Internal)?;
        pending += u64::try_from(row.try_get_by_index::<i64>(0)?).unwrap_or_default();
    }
    Ok(pending)
}

/// Seals under the first key what is not; `progress` is told how many values are done.
pub async fn rotate(
    database: &DatabaseConnection,
    vault: &Vault,
    progress: impl Fn(u64) + Send + Sync,
) -> Result<Outcome> {
    digests::key_all(database, vault).await?;
    let mut resealed = 0;
    loop {
        let mut unopenable = 0;
        let before = resealed;
        for column in COLUMNS {
            let mut last = Uuid::nil();
            while let Some((stale, end)) = batch(database, vault, column, last).await? {
                let read = stale.len();
                let fresh: Vec<Fresh> =
                    stale.into_iter().filter_map(|stale| stale.anew(vault)).collect();
                unopenable += (read - fresh.len()) as u64;
                resealed += write(database, column, fresh).await?;
                progress(resealed);
                last = end;
            }
        }
        // What was written behind it under an older key is found by another round.
        if resealed == before {
            leave_no_trace(database).await?;
            return Ok(Outcome { resealed, unopenable });
        }
    }
}

/// The next values behind a row that are not under the first key, and the last row of them.
async fn batch(
    database: &DatabaseConnection,
    vault: &Vault,
    column: SealedColumn,
    last: Uuid,
) -> Result<Option<(Vec<Stale>, Uuid)>> {
    let backend = database.get_database_backend();
    let (key, SealedColumn { table, name }) = (column.key(backend), column);
    let kind = if is_number(column) { "kind" } else { "null" };
    let sql = format!(
        "select id, {name}, {kind} from {table} where {name} is not null and id > $1 \
         and {key} <> $2 order by id limit {BATCH}"
    );
    let values = [last.into(), vault.first_id().into()];
    let rows = database.query_all_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
    let mut stale = Vec::with_capacity(rows.len());
    for row in &rows {
        let (place, value) = column.read(row)?;
        stale.push(Stale { place, value, kind: row.try_get_by_index(2)? });
    }
    let end = stale.last().map(|stale| stale.place.row);
    Ok(end.map(|end| (stale, end)))
}

/// Numbers of persons have a hash beside them.
fn is_number(column: SealedColumn) -> bool {
    column.table == "person_identifier"
}

impl Stale {
    /// The value under the first key; none if it doesn't open.
    fn anew(self, vault: &Vault) -> Option<Fresh> {
        let secret = match parts(&self.value) {
            Some(_) => vault.open(self.place, &self.value).ok()?,
            None => in_the_open(&self.value)?,
        };
        let sealed = vault.seal(self.place, &secret).ok()?;
        let hash = self.kind.map(|kind| vault.fingerprint(&kind, &secret));
        Some(Fresh { row: self.place.row, was: self.value, sealed, hash })
    }
}

/// The text of a value that an earlier version left in the open.
fn in_the_open(value: &Sealed) -> Option<Secret> {
    match Value::from(value.clone()) {
        Value::String(text) => text.map(|text| Secret::new(text.clone())),
        _ => None,
    }
}

/// Writes values where they are still what they were: how many.
async fn write(
    database: &DatabaseConnection,
    column: SealedColumn,
    fresh: Vec<Fresh>,
) -> Result<u64> {
    if fresh.is_empty() {
        return Ok(0);
    }
    let statement = update(database.get_database_backend(), column, fresh);
    let mut tried = 1;
    loop {
        let written = database.execute_raw(statement.clone()).await.map_err(Error::from);
        match written {
            Err(Error::Conflict) if tried < TRIES => {
                tokio::time::sleep(WAIT).await;
                tried += 1;
            }
            written => return Ok(written?.rows_affected()),
        }
    }
}

fn update(backend: DbBackend, column: SealedColumn, fresh: Vec<Fresh>) -> Statement {
    let SealedColumn { table, name } = column;
    let hashed = if is_number(column) { ", value_hash = fresh.hash" } else { "" };
    let mut values: Vec<Value> = Vec::with_capacity(fresh.len() * 4);
    let mut places = Vec::with_capacity(fresh.len());
    for Fresh { row, was, sealed, hash } in fresh {
        let no = values.len();
        places.push(format!("(${}, ${}, ${}, ${})", no + 1, no + 2, no + 3, no + 4));
        values.extend([row.into(), was.into(), sealed.into(), hash.into()]);
    }
    let sql = format!(
        "with fresh (id, was, sealed, hash) as (values {}) \
         update {table} set {name} = fresh.sealed{hashed} from fresh \
         where {table}.id = fresh.id and {table}.{name} = fresh.was",
        places.join(", ")
    );
    Statement::from_sql_and_values(backend, sql, values)
}

/// What was there before stays in SQLite's log of writes until it is carried over. On PostgreSQL, it
/// goes with the next vacuum.
async fn leave_no_trace(database: &DatabaseConnection) -> Result<(), DbErr> {
    if database.get_database_backend() == DbBackend::Sqlite {
        database
            .query_all_raw(plain(database, "pragma wal_checkpoint(truncate)".to_owned()))
            .await?;
    }
    Ok(())
}
