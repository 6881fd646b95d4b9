//! How rows reach the database: as a stream on `PostgreSQL`, as statements of many rows on
//! `SQLite`; from the same description, which is the entities' own.

use chrono::NaiveDate;
use sea_orm::sqlx::{self, PgConnection, Postgres};
use sea_orm::{
    DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, EntityTrait, IdenStatic,
    IntoActiveModel, Iterable, ModelTrait, RuntimeErr, TransactionTrait, Value,
};

use super::calendar::{day, days_between};

/// An open transaction that takes rows.
#[derive(Debug)]
pub enum Store {
    Stream(sqlx::Transaction<'static, Postgres>),
    Statements(DatabaseTransaction),
}

/// Rows of one statement on `SQLite`: few enough for its limit of bound values, and the same
/// number each time, so that the statement is prepared once.
const ROWS: usize = 40;
/// What `PostgreSQL`'s binary stream begins with: its signature, no flags, no extension.
const HEADER: &[u8; 19] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";
const TRAILER: [u8; 2] = (-1_i16).to_be_bytes();
/// The day from which `PostgreSQL` counts.
const EPOCH: NaiveDate = day(2000, 1, 1);
/// Microseconds from the Unix epoch to that day.
const EPOCH_MICROS: i64 = 946_684_800_000_000;

impl Store {
    /// Opens a transaction.
    pub async fn begin(database: &DatabaseConnection) -> Result<Self, DbErr> {
        if database.get_database_backend() == DbBackend::Postgres {
            let pool = database.get_postgres_connection_pool();
            return Ok(Self::Stream(pool.begin().await.map_err(failed)?));
        }
        Ok(Self::Statements(database.begin().await?))
    }

    /// Inserts rows of one table.
    pub async fn insert<E>(&mut self, rows: Vec<E::Model>) -> Result<(), DbErr>
    where
        E: EntityTrait,
        E::Model: ModelTrait<Entity = E> + IntoActiveModel<E::ActiveModel>,
    {
        if rows.is_empty() {
            return Ok(());
        }
        match self {
            Self::Stream(transaction) => stream::<E>(transaction, &rows).await,
            Self::Statements(transaction) => state::<E>(transaction, rows).await,
        }
    }

    /// Makes what was inserted lasting.
    pub async fn commit(self) -> Result<(), DbErr> {
        match self {
            Self::Stream(transaction) => transaction.commit().await.map_err(failed),
            Self::Statements(transaction) => transaction.commit().await,
        }
    }
}

async fn state<E>(transaction: &DatabaseTransaction, rows: Vec<E::Model>) -> Result<(), DbErr>
where
    E: EntityTrait,
    E::Model: IntoActiveModel<E::ActiveModel>,
{
    let mut rows = rows.into_iter().map(IntoActiveModel::into_active_model).peekable();
    while rows.peek().is_some() {
        let some: Vec<E::ActiveModel> = rows.by_ref().take(ROWS).collect();
        E::insert_many(some).exec_without_returning(transaction).await?;
    }
    Ok(())
}

async fn stream<E>(connection: &mut PgConnection, rows: &[E::Model]) -> Result<(), DbErr>
where
    E: EntityTrait,
    E::Model: ModelTrait<Entity = E>,
{
    let columns: Vec<E::Column> = E::Column::iter().collect();
    let names: Vec<String> =
        columns.iter().map(|column| format!("\"{}\"", column.as_str())).collect();
    let width = i16::try_from(columns.len()).unwrap_or_default();
    let mut bytes = Vec::with_capacity(rows.len() * columns.len() * 20);
    bytes.extend_from_slice(HEADER);
    for row in rows {
        bytes.extend_from_slice(&width.to_be_bytes());
        for column in &columns {
            put(&mut bytes, row.get(*column))?;
        }
    }
    bytes.extend_from_slice(&TRAILER);
    let table = E::default();
    let statement = format!(
        "copy \"{}\" ({}) from stdin (format binary)",
        table.table_name(),
        names.join(", ")
    );
    let mut copy = connection.copy_in_raw(&statement).await.map_err(failed)?;
    copy.send(bytes).await.map_err(failed)?;
    copy.finish().await.map_err(failed)?;
    Ok(())
}

/// Puts a value in `PostgreSQL`'s binary form: its length, or -1 for null, then its bytes.
fn put(bytes: &mut Vec<u8>, value: Value) -> Result<(), DbErr> {
    match value {
        Value::Bool(value) => put_bytes(bytes, value.map(|value| [u8::from(value)])),
        Value::Int(value) => put_bytes(bytes, value.map(i32::to_be_bytes)),
        Value::BigInt(value) => put_bytes(bytes, value.map(i64::to_be_bytes)),
        Value::String(value) => put_bytes(bytes, value),
        Value::Uuid(value) => put_bytes(bytes, value.map(uuid::Uuid::into_bytes)),
        Value::ChronoDate(value) => {
            let days = value.map(|day| i32::try_from(days_between(EPOCH, day)).unwrap_or(0));
            put_bytes(bytes, days.map(i32::to_be_bytes));
        }
        Value::ChronoDateTimeUtc(value) => {
            let micros = value.map(|at| at.timestamp_micros() - EPOCH_MICROS);
            put_bytes(bytes, micros.map(i64::to_be_bytes));
        }
        other => return Err(DbErr::Custom(format!("no binary form for {other:?}"))),
    }
    Ok(())
}

fn put_bytes(bytes: &mut Vec<u8>, value: Option<impl AsRef<[u8]>>) {
    let Some(value) = value else { return bytes.extend_from_slice(&(-1_i32).to_be_bytes()) };
    let value = value.as_ref();
    let length = i32::try_from(value.len()).unwrap_or_default();
    bytes.extend_from_slice(&length.to_be_bytes());
    bytes.extend_from_slice(value);
}

fn failed(error: sqlx::Error) -> DbErr {
    DbErr::Exec(RuntimeErr::SqlxError(error.into()))
}
