//! How rows reach the database, from the entities' own description: a table's rows as one
//! array a column on `PostgreSQL`, as statements of some rows each on `SQLite`.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::sqlx::{self, AssertSqlSafe, PgConnection, Postgres};
use sea_orm::{
    DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, EntityTrait, IdenStatic,
    IntoActiveModel, Iterable, ModelTrait, RuntimeErr, TransactionTrait, Value,
};
use uuid::Uuid;

/// An open transaction that takes rows.
#[derive(Debug)]
pub enum Store {
    Arrays(sqlx::Transaction<'static, Postgres>),
    Lists(DatabaseTransaction),
}

/// Rows of one statement on `SQLite`: few enough for its limit of bound values, and the same
/// number each time, so that the statement is prepared once.
const ROWS: usize = 160;

impl Store {
    /// Opens a transaction.
    pub async fn begin(database: &DatabaseConnection) -> Result<Self, DbErr> {
        if database.get_database_backend() == DbBackend::Postgres {
            let pool = database.get_postgres_connection_pool();
            return Ok(Self::Arrays(pool.begin().await.map_err(failed)?));
        }
        Ok(Self::Lists(database.begin().await?))
    }

    /// Inserts rows of one table.
    pub async fn insert<E>(&mut self, rows: Vec<E::Model>) -> Result<(), DbErr>
    where
        E: EntityTrait,
        E::Model: ModelTrait<Entity = E> + IntoActiveModel<E::ActiveModel>,
    {
        match self {
            _ if rows.is_empty() => Ok(()),
            Self::Arrays(transaction) => insert_arrays::<E>(transaction, &rows).await,
            Self::Lists(transaction) => insert_lists::<E>(transaction, rows).await,
        }
    }

    /// Makes what was inserted lasting.
    pub async fn commit(self) -> Result<(), DbErr> {
        match self {
            Self::Arrays(transaction) => transaction.commit().await.map_err(failed),
            Self::Lists(transaction) => transaction.commit().await,
        }
    }
}

async fn insert_lists<E>(
    transaction: &DatabaseTransaction,
    rows: Vec<E::Model>,
) -> Result<(), DbErr>
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

/// One statement however many rows: a stream would be as fast, but waits for the network's
/// delayed acknowledgements, once a table.
async fn insert_arrays<E>(connection: &mut PgConnection, rows: &[E::Model]) -> Result<(), DbErr>
where
    E: EntityTrait,
    E::Model: ModelTrait<Entity = E>,
{
    let columns: Vec<E::Column> = E::Column::iter().collect();
    let names: Vec<&str> = columns.iter().map(IdenStatic::as_str).collect();
    let places: Vec<String> = (1..=columns.len()).map(|no| format!("${no}")).collect();
    let statement = format!(
        "insert into \"{}\" (\"{}\") select * from unnest({})",
        E::default().table_name(),
        names.join("\", \""),
        places.join(", ")
    );
    let mut query = sqlx::query(AssertSqlSafe(statement));
    for column in columns {
        let cells = rows.iter().map(|row| row.get(column));
        query = Cells::gather(cells, rows.len())?.bind(query);
    }
    query.execute(connection).await.map_err(failed)?;
    Ok(())
}

type Query = sqlx::query::Query<'static, Postgres, sqlx::postgres::PgArguments>;

macro_rules! cells {
    ($($variant:ident($cell:ty)),+ $(,)?) => {
        /// The values of one column.
        enum Cells {
            $($variant(Vec<Option<$cell>>),)+
        }

        impl Cells {
            /// No values yet, of the type of a value.
            fn like(value: &Value, rows: usize) -> Result<Self, DbErr> {
                match value {
                    $(Value::$variant(_) => Ok(Self::$variant(Vec::with_capacity(rows))),)+
                    other => Err(DbErr::Custom(format!("no array for {other:?}"))),
                }
            }

            fn push(&mut self, value: Value) -> Result<(), DbErr> {
                match (self, value) {
                    $((Self::$variant(cells), Value::$variant(value)) => cells.push(value),)+
                    (_, other) => return Err(DbErr::Custom(format!("no place for {other:?}"))),
                }
                Ok(())
            }

            fn bind(self, query: Query) -> Query {
                match self {
                    $(Self::$variant(cells) => query.bind(cells),)+
                }
            }
        }
    };
}

cells!(
    Bool(bool),
    Int(i32),
    BigInt(i64),
    String(String),
    Uuid(Uuid),
    ChronoDate(NaiveDate),
    ChronoDateTimeUtc(DateTime<Utc>),
);

impl Cells {
    fn gather(values: impl Iterator<Item = Value>, rows: usize) -> Result<Self, DbErr> {
        let mut values = values.peekable();
        let Some(first) = values.peek() else { return Ok(Self::Bool(Vec::new())) };
        let mut cells = Self::like(first, rows)?;
        for value in values {
            cells.push(value)?;
        }
        Ok(cells)
    }
}

fn failed(error: sqlx::Error) -> DbErr {
    DbErr::Exec(RuntimeErr::SqlxError(error.into()))
}
