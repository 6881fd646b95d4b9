//! Digests of mutations' inputs that an earlier version kept plain, put under a key: from a plain one,
//! whoever has the database could find out which number, name or address was sent.

use sea_orm::{ConnectionTrait, DatabaseConnection, DbErr, Statement, Value};
use uuid::Uuid;

use super::{KEYED, Vault};

/// Digests of one statement.
const BATCH: usize = 200;

/// Puts all plain digests under the first key. Those under an older key stay: a digest can't be
/// opened, and a client repeats a mutation within hours.
pub(super) async fn key_all(database: &DatabaseConnection, vault: &Vault) -> Result<(), DbErr> {
    let mut last = (String::new(), Uuid::nil());
    loop {
        let plain = batch(database, &last).await?;
        let Some((subject, id, _)) = plain.last() else { return Ok(()) };
        last = (subject.clone(), *id);
        write(database, vault, plain).await?;
    }
}

async fn batch(
    database: &DatabaseConnection,
    (subject, id): &(String, Uuid),
) -> Result<Vec<(String, Uuid, String)>, DbErr> {
    let sql = format!(
        "select subject, client_mutation_id, payload_hash from idempotency_key \
         where (subject, client_mutation_id) > ($1, $2) and payload_hash not like '{KEYED}%' \
         order by subject, client_mutation_id limit {BATCH}"
    );
    let backend = database.get_database_backend();
    let values = [subject.as_str().into(), (*id).into()];
    let rows = database.query_all_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
    let read = |row: &sea_orm::QueryResult| {
        Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?, row.try_get_by_index(2)?))
    };
    rows.iter().map(read).collect()
}

async fn write(
    database: &DatabaseConnection,
    vault: &Vault,
    plain: Vec<(String, Uuid, String)>,
) -> Result<(), DbErr> {
    let mut values: Vec<Value> = Vec::with_capacity(plain.len() * 4);
    let mut places = Vec::with_capacity(plain.len());
    for (subject, id, digest) in plain {
        let no = values.len();
        places.push(format!("(${}, ${}, ${}, ${})", no + 1, no + 2, no + 3, no + 4));
        let keyed = vault.digest(&digest);
        values.extend([subject.into(), id.into(), digest.into(), keyed.into()]);
    }
    let sql = format!(
        "with fresh (subject, id, was, digest) as (values {}) \
         update idempotency_key set payload_hash = fresh.digest from fresh \
         where idempotency_key.subject = fresh.subject \
         and idempotency_key.client_mutation_id = fresh.id \
         and idempotency_key.payload_hash = fresh.was",
        places.join(", ")
    );
    let backend = database.get_database_backend();
    database.execute_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
    Ok(())
}
