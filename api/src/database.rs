//! Connections to the database: how they are made, how long they wait, and what each of the two
//! databases needs.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::Duration;

use migration::{Migrator, MigratorTrait};
use sea_orm::sqlx::Connection;
use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
use sea_orm::{
    ConnectOptions, ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr,
    Statement, TransactionTrait,
};

/// The connections of one process.
#[derive(Clone, Debug)]
pub struct Database {
    /// For reads; on SQLite they can't write.
    pub reader: DatabaseConnection,
    /// For writes; on SQLite there is one, on PostgreSQL they are the readers.
    pub writer: DatabaseConnection,
    /// For reads whose best plan depends on what is asked, such as figures and searches; made when it is
    /// needed.
    pub varied: DatabaseConnection,
    /// For reads that take longer than a request may, made when it is needed.
    patient: DatabaseConnection,
}

/// Why a database can't be used; each says what to do.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The URL is of no database that we know.
    #[error("the database URL must begin with `postgres://` or `sqlite:`")]
    Scheme,
    /// It can't be reached.
    #[error("can't open the database: {0}. Check the URL, and that the database runs")]
    Connect(DbErr),
    /// Another server holds the file.
    #[error("another server uses {0}: stop it, or use another file")]
    Locked(PathBuf),
    /// The lock file can't be made.
    #[error("can't make the lock file {0}: {1}")]
    Lock(PathBuf, std::io::Error),
}

const ACQUIRE: Duration = Duration::from_secs(2);
const STATEMENT: Duration = Duration::from_secs(8);
const PATIENCE: Duration = Duration::from_mins(10);
const BUSY: Duration = Duration::from_secs(5);
const IDLE_BEFORE_PING: Duration = Duration::from_secs(30);
const SETTLE: Duration = Duration::from_secs(2);
const SQLITE_READERS: u32 = 4;

impl Database {
    /// Opens a pool of connections; makes an SQLite file if there is none.
    pub async fn open(url: &str, pool_size: u32) -> Result<Self, OpenError> {
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            let reader = connect(postgres(url, pool_size, Plans::Generic)).await?;
            let mut varied = postgres(url, pool_size, Plans::ByValues);
            varied.min_connections(0).connect_lazy(true);
            let mut patient = postgres(url, 1, Plans::ByValues);
            patient.statement_timeout(PATIENCE).min_connections(0).connect_lazy(true);
            let (varied, patient) = (connect(varied).await?, connect(patient).await?);
            Ok(Self { writer: reader.clone(), reader, varied, patient })
        } else if url.starts_with("sqlite:") {
            let writer = connect(sqlite(url, 1, false)).await?;
            let readers = pool_size.min(SQLITE_READERS);
            let reader = connect(sqlite(url, readers, true)).await?;
            Ok(Self { patient: reader.clone(), varied: reader.clone(), reader, writer })
        } else {
            Err(OpenError::Scheme)
        }
    }

    /// The same for work in the background, whose reads may take ten minutes each.
    #[must_use]
    pub fn patiently(&self) -> Self {
        Self { reader: self.patient.clone(), varied: self.patient.clone(), ..self.clone() }
    }

    /// Calls back for each statement, for tests that count them.
    pub fn observe(&mut self, each: impl Fn(&sea_orm::metric::Info<'_>) + Send + Sync + 'static) {
        let each = std::sync::Arc::new(each);
        let (other, third) = (std::sync::Arc::clone(&each), std::sync::Arc::clone(&each));
        self.varied.set_metric_callback(move |info| third(info));
        self.reader.set_metric_callback(move |info| each(info));
        self.writer.set_metric_callback(move |info| other(info));
    }

    /// Brings the tables up to date. Of several servers that start at once, one does it.
    pub async fn migrate(&self) -> Result<(), DbErr> {
        let transaction = self.writer.begin().await?;
        if transaction.get_database_backend() == DbBackend::Postgres {
            wait_in_line(&transaction).await?;
        }
        Migrator::up(&transaction, None).await?;
        transaction.commit().await
    }

    /// The names of the steps that the tables lack.
    pub async fn pending(&self) -> Result<Vec<String>, DbErr> {
        let pending = Migrator::get_pending_migrations_read_only(&self.reader).await?;
        Ok(pending.iter().map(|step| step.name().to_owned()).collect())
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<(), DbErr> {
        self.reader.ping().await
    }
}

/// A number of our own for the advisory lock of migrations.
const MIGRATION_LOCK: i64 = 0x4865_6172_7468;

/// Waits, however long, until no other server migrates; SQLite has one writer anyway.
async fn wait_in_line(transaction: &DatabaseTransaction) -> Result<(), DbErr> {
    let settings = [
        "set local statement_timeout = 0".to_owned(),
        "set local lock_timeout = 0".to_owned(),
        "set local idle_in_transaction_session_timeout = 0".to_owned(),
        format!("select pg_advisory_xact_lock({MIGRATION_LOCK})"),
    ];
    for setting in settings {
        let statement = Statement::from_string(DbBackend::Postgres, setting);
        transaction.execute_raw(statement).await?;
    }
    Ok(())
}

async fn connect(options: ConnectOptions) -> Result<DatabaseConnection, OpenError> {
    sea_orm::Database::connect(options).await.map_err(OpenError::Connect)
}

/// What both databases share: no values in logs, bounded waits, pings of idle connections only.
fn options(url: &str, pool_size: u32) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(pool_size)
        .min_connections(1)
        .acquire_timeout(ACQUIRE)
        .connect_timeout(ACQUIRE)
        .sqlx_logging(false)
        .record_stmt_in_spans(false)
        .test_before_acquire_if_idle_for(IDLE_BEFORE_PING);
    options
}

/// How PostgreSQL plans statements that come again and again.
#[derive(Clone, Copy, Debug)]
enum Plans {
    /// Once for all values: to plan the reads of a request takes longer than to run them.
    Generic,
    /// As PostgreSQL chooses: by the values, where that is worth it.
    ByValues,
}

impl Plans {
    const fn mode(self) -> &'static str {
        match self {
            Self::Generic => "force_generic_plan",
            Self::ByValues => "auto",
        }
    }

    /// Workers of one statement: the reads of a request are short, and starting one takes longer.
    const fn workers(self) -> &'static str {
        match self {
            Self::Generic => "0",
            Self::ByValues => "2",
        }
    }
}

fn postgres(url: &str, pool_size: u32, plans: Plans) -> ConnectOptions {
    let mut options = options(url, pool_size);
    options
        .statement_timeout(STATEMENT)
        .set_application_name("hearth")
        .map_sqlx_postgres_opts(move |connect| {
            // Compiling a statement takes longer than running it: the viewer's predicate looks dear.
            connect.options([
                ("lock_timeout", "2s"),
                ("idle_in_transaction_session_timeout", "15s"),
                ("jit", "off"),
                ("plan_cache_mode", plans.mode()),
                ("max_parallel_workers_per_gather", plans.workers()),
            ])
        })
        .map_sqlx_postgres_pool_opts(|pool| {
            // The pool's own ping at release has no time limit: a connection that died silently
            // would keep its place for ever. What a statement that was given up still has to answer is
            // waited for here; nothing is sent where all was answered. What dies in the instant of that
            // ping is left to the system's own limit for connections.
            pool.after_release(|connection, _| {
                Box::pin(async move {
                    let settled = tokio::time::timeout(SETTLE, connection.flush()).await;
                    Ok(matches!(settled, Ok(Ok(()))))
                })
            })
        });
    options
}

fn sqlite(url: &str, pool_size: u32, read_only: bool) -> ConnectOptions {
    let mut options = options(url, pool_size);
    options.map_sqlx_sqlite_opts(move |connect| {
        let connect = connect
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(BUSY)
            .foreign_keys(true)
            .pragma("secure_delete", "on");
        if read_only { connect.pragma("query_only", "on") } else { connect }
    });
    options
}

/// Holds an SQLite file for this server alone, as long as it lives.
#[derive(Debug)]
pub struct FileLock(
    #[expect(dead_code, reason = "the lock lasts as long as the file is open")] File,
);

impl FileLock {
    /// Takes the lock of the file that a URL names; PostgreSQL needs none.
    pub fn take(url: &str) -> Result<Option<Self>, OpenError> {
        let Some(path) = sqlite_path(url) else { return Ok(None) };
        let mut lock = path.as_os_str().to_owned();
        lock.push(".lock");
        let lock = PathBuf::from(lock);
        let failed = |error| OpenError::Lock(lock.clone(), error);
        let options = || File::options().create(true).append(true).open(&lock);
        let file = options().map_err(failed)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Self(file))),
            Err(std::fs::TryLockError::WouldBlock) => Err(OpenError::Locked(path.to_owned())),
            Err(std::fs::TryLockError::Error(error)) => Err(OpenError::Lock(lock, error)),
        }
    }
}

/// The file that an SQLite URL names.
pub fn sqlite_path(url: &str) -> Option<&Path> {
    let rest = url.strip_prefix("sqlite:")?;
    let rest = rest.strip_prefix("//").unwrap_or(rest);
    let path = rest.split('?').next().unwrap_or(rest);
    (!path.is_empty() && path != ":memory:").then(|| Path::new(path))
}
