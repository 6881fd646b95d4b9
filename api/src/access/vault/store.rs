//! Which keys the stored values need: found by an index on the id of each value's key, so that it
//! costs little however many there are.

use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, DbErr, QueryResult, Statement};

use super::{Place, Vault, ring};
use entity::secret::Sealed;

/// A column of sealed values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SealedColumn {
    /// Its table, whose rows have an `id`.
    pub table: &'static str,
    /// The column.
    pub name: &'static str,
}

/// All of them.
pub const COLUMNS: [SealedColumn; 5] = [
    SealedColumn { table: "concern_report", name: "reporter_name" },
    SealedColumn { table: "concern_report", name: "reporter_contact" },
    SealedColumn { table: "family", name: "protected_address" },
    SealedColumn { table: "centre", name: "protected_address" },
    SealedColumn { table: "person_identifier", name: "value" },
];

/// What a column's values are sealed under.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// The column.
    pub column: SealedColumn,
    /// The id of the key; none for values that are in the open.
    pub key_id: Option<String>,
    /// How many values.
    pub count: u64,
}

/// Why a server must not serve a database.
#[derive(Debug, thiserror::Error)]
pub enum HeldError {
    /// Values are in the open.
    #[error(
        "values of {0} are not sealed: run `hearth keys rotate` with the same HEARTH_DATA_KEYS, then \
         start again"
    )]
    InTheOpen(SealedColumn),
    /// A key is missing.
    #[error(
        "values of {0} are sealed under the key `{1}`, which is not in HEARTH_DATA_KEYS: add it there, \
         behind the first one. What was sealed under a key that is lost can't be read any more"
    )]
    UnknownKey(SealedColumn, String),
    /// A key is another one.
    #[error(
        "values of {0} that name the key `{1}` don't open with the key of that id in \
         HEARTH_DATA_KEYS: it must be the one that sealed them"
    )]
    OtherKey(SealedColumn, String),
    /// The database failed.
    #[error("the database failed: {0}")]
    Database(#[from] DbErr),
}

/// How many values of a key are tried: one that was damaged doesn't stop a server.
const TRIED: u32 = 3;

/// Refuses a database with values that these keys don't open: looked up by the ids of their keys, and
/// tried with some values of each.
pub async fn check(database: &DatabaseConnection, vault: &Vault) -> Result<(), HeldError> {
    for column in COLUMNS {
        for key_id in column.key_ids(database).await? {
            let Some(key_id) = known_form(&key_id) else {
                return Err(HeldError::InTheOpen(column));
            };
            if !vault.has(&key_id) {
                return Err(HeldError::UnknownKey(column, key_id));
            }
            let some = column.some_of(database, &key_id).await?;
            if !some.iter().any(|(place, value)| vault.open(*place, value).is_ok()) {
                return Err(HeldError::OtherKey(column, key_id));
            }
        }
    }
    Ok(())
}

/// How many values each key seals.
pub async fn held(database: &DatabaseConnection) -> Result<Vec<Held>, DbErr> {
    let mut found: Vec<Held> = Vec::new();
    for column in COLUMNS {
        let key = column.key(database.get_database_backend());
        let SealedColumn { table, name } = column;
        let counted = format!(
            "select {key}, count(*) from {table} where {name} is not null group by 1 order by 1"
        );
        for row in database.query_all_raw(plain(database, counted)).await? {
            let key_id = known_form(&row.try_get_by_index::<String>(0)?);
            let count = u64::try_from(row.try_get_by_index::<i64>(1)?).unwrap_or_default();
            match found.iter_mut().find(|held| held.column == column && held.key_id == key_id) {
                Some(held) => held.count += count,
                None => found.push(Held { column, key_id, count }),
            }
        }
    }
    Ok(found)
}

/// The id of a key; what is none comes from a text in the open, and is not to be told.
fn known_form(key_id: &str) -> Option<String> {
    ring::is_id(key_id).then(|| key_id.to_owned())
}

pub(super) fn plain(database: &DatabaseConnection, sql: String) -> Statement {
    Statement::from_string(database.get_database_backend(), sql)
}

impl SealedColumn {
    /// The id of the key of a value, nothing for a value in the open: the expression of the index.
    pub(super) fn key(self, backend: DbBackend) -> String {
        let name = self.name;
        match backend {
            DbBackend::Postgres => format!(
                "case when {name} like 'v1.%.%' then split_part({name}, '.', 2) else '' end"
            ),
            _ => format!(
                "case when substr({name}, 1, 3) = 'v1.' and instr(substr({name}, 4), '.') > 0 \
                 then substr({name}, 4, instr(substr({name}, 4), '.') - 1) else '' end"
            ),
        }
    }

    /// The ids that occur, found one after the other by the index.
    async fn key_ids(self, database: &DatabaseConnection) -> Result<Vec<String>, DbErr> {
        let key = self.key(database.get_database_backend());
        let Self { table, name } = self;
        let next = |after: &str| {
            format!(
                "(select {key} from {table} where {name} is not null {after} order by {key} limit 1)"
            )
        };
        let (first, further) = (next(""), next(&format!("and {key} > found.key_id")));
        let sql = format!(
            "with recursive found (key_id) as (select {first} union all \
             select {further} from found where found.key_id is not null) \
             select key_id from found where key_id is not null"
        );
        let rows = database.query_all_raw(plain(database, sql)).await?;
        rows.iter().map(|row| row.try_get_by_index(0)).collect()
    }

    async fn some_of(
        self,
        database: &DatabaseConnection,
        key_id: &str,
    ) -> Result<Vec<(Place, Sealed)>, DbErr> {
        let backend = database.get_database_backend();
        let (key, Self { table, name }) = (self.key(backend), self);
        let sql = format!(
            "select id, {name} from {table} where {name} is not null and {key} = $1 limit {TRIED}"
        );
        let statement = Statement::from_sql_and_values(backend, sql, [key_id.into()]);
        let rows = database.query_all_raw(statement).await?;
        rows.iter().map(|row| self.read(row)).collect()
    }

    /// A value with its place, of a row that begins with the id and the value.
    pub(super) fn read(self, row: &QueryResult) -> Result<(Place, Sealed), DbErr> {
        let place = Place::named(self.table, self.name, row.try_get_by_index(0)?);
        Ok((place, row.try_get_by_index(1)?))
    }
}

impl std::fmt::Display for SealedColumn {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}.{}", self.table, self.name)
    }
}
