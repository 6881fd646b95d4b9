//! The chain: every few seconds the rows that are settled are sealed, each seal over the one before
//! it, so that nothing sealed can be changed, removed or added without a trace. It is not built in the
//! transactions that write, which would have to wait for each other.

use std::time::Duration;

use entity::{audit_event, audit_seal};
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr,
    EntityTrait, IntoActiveModel, Order, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait,
};

use super::leaf::{Hash, Leaves, hex, link};
use crate::clock::Clock;
use crate::database::Database;
use crate::error::{Error, Result};

/// The lock that whoever writes to the audit shares; the number stands in the migration's trigger too.
const WRITERS: i64 = 0x4865_6175_6474;
/// The lock of who seals.
const SEALER: i64 = 0x4865_6175_6475;
/// Most rows under one seal.
const MOST_ROWS: u64 = 4096;

/// Seals what is settled, again and again, for as long as the service runs. Of several servers, one
/// does it at a time. What fails is logged, and tried again.
pub async fn run(database: Database, clock: Clock, every: Duration) {
    loop {
        tokio::time::sleep(every).await;
        if let Err(failure) = seal(&database, &clock).await {
            tracing::warn!(%failure, "the audit was not sealed; it is tried again");
        }
    }
}

/// Seals what is settled now: how many seals were made.
pub async fn seal(database: &Database, clock: &Clock) -> Result<usize> {
    let Some(settled) = settled(database).await? else { return Ok(0) };
    let mut made = 0;
    while let Some(seal) = seal_next(&database.writer, clock, settled).await? {
        tracing::info!(no = seal.no, through = seal.last_seq, head = hex(&seal.hash), "sealed");
        made += 1;
        if seal.last_seq >= settled {
            break;
        }
    }
    Ok(made)
}

/// The greatest number up to which all rows are written or never will be; none if it can't be said
/// now.
async fn settled(database: &Database) -> Result<Option<i64>> {
    if database.writer.get_database_backend() != DbBackend::Postgres {
        // One writer at a time: what can be read was written before all that is to come.
        return Ok(greatest(&database.reader).await?);
    }
    let transaction = database.writer.begin().await?;
    say(&transaction, "set local lock_timeout = '100ms'").await?;
    let alone = say(&transaction, &format!("select pg_advisory_xact_lock({WRITERS})")).await;
    match alone.map_err(Error::from) {
        // Somebody writes for longer than that: next time.
        Err(Error::Conflict) => return Ok(None),
        other => other?,
    }
    // A statement of its own, so that it sees what was committed before the lock was had.
    let greatest = greatest(&transaction).await?;
    transaction.commit().await?;
    Ok(greatest)
}

async fn say(transaction: &DatabaseTransaction, sql: &str) -> Result<(), DbErr> {
    let statement = Statement::from_string(DbBackend::Postgres, sql);
    transaction.execute_raw(statement).await.map(drop)
}

pub(super) async fn greatest(connection: &impl ConnectionTrait) -> Result<Option<i64>, DbErr> {
    let mut select = Query::select();
    select.expr(Expr::col(audit_event::Column::Seq).max()).from(audit_event::Entity);
    let row = connection.query_one(&select).await?;
    row.map_or(Ok(None), |row| row.try_get_by_index(0))
}

/// Seals the next rows up to a number, unless somebody else seals.
async fn seal_next(
    database: &DatabaseConnection,
    clock: &Clock,
    settled: i64,
) -> Result<Option<audit_seal::Model>> {
    let options = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    };
    let transaction = database.begin_with_options(options).await?;
    if database.get_database_backend() == DbBackend::Postgres {
        let sql = format!("select pg_try_advisory_xact_lock({SEALER})");
        let row = transaction.query_one_raw(Statement::from_string(DbBackend::Postgres, sql));
        let is_alone = row.await?.map(|row| row.try_get_by_index::<bool>(0)).transpose()?;
        if is_alone != Some(true) {
            return Ok(None);
        }
    }
    let last = last(&transaction).await?;
    let Some(seal) = next(&transaction, last, clock, settled).await? else { return Ok(None) };
    let insert = insert(seal.clone());
    transaction.execute(&insert).await?;
    transaction.commit().await?;
    Ok(Some(seal))
}

#[expect(clippy::disallowed_methods, reason = "the audit is the ground of every door")]
fn insert(seal: audit_seal::Model) -> sea_orm::sea_query::InsertStatement {
    use sea_orm::ActiveModelTrait;
    audit_seal::Entity::insert(seal.into_active_model().reset_all()).into_query()
}

/// The last seal.
#[expect(clippy::disallowed_methods, reason = "the audit is the ground of every door")]
async fn last(connection: &impl ConnectionTrait) -> Result<Option<audit_seal::Model>, DbErr> {
    audit_seal::Entity::find().order_by(audit_seal::Column::No, Order::Desc).one(connection).await
}

/// The seal that follows another one, if there is something to seal.
#[expect(clippy::disallowed_methods, reason = "the audit is the ground of every door")]
async fn next(
    connection: &impl ConnectionTrait,
    last: Option<audit_seal::Model>,
    clock: &Clock,
    settled: i64,
) -> Result<Option<audit_seal::Model>> {
    let sealed = last.as_ref().map_or(0, |last| last.last_seq);
    let rows = audit_event::Entity::find()
        .filter(audit_event::Column::Seq.gt(sealed))
        .filter(audit_event::Column::Seq.lte(settled))
        .order_by(audit_event::Column::Seq, Order::Asc)
        .limit(MOST_ROWS)
        .all(connection)
        .await?;
    let Some(last_seq) = rows.last().map(|row| row.seq) else { return Ok(None) };
    let mut leaves = Leaves::new();
    for row in &rows {
        leaves.add(row);
    }
    let (count, root, leaves) = leaves.finish();
    let mut seal = audit_seal::Model {
        no: last.as_ref().map_or(0, |last| last.no) + 1,
        first_seq: sealed + 1,
        last_seq,
        count,
        root,
        leaves,
        hash: Vec::new(),
        sealed_at: clock.now(),
    };
    seal.hash = link(&hash_of(last.as_ref()), &seal).to_vec();
    Ok(Some(seal))
}

/// The hash that the seal after this one is made over; zeros before the first.
pub(super) fn hash_of(seal: Option<&audit_seal::Model>) -> Hash {
    seal.and_then(|seal| seal.hash.as_slice().try_into().ok()).unwrap_or_default()
}
