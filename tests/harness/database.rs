//! A database for each story, from a template that is made once: a copied file on SQLite, a
//! `CREATE DATABASE ... TEMPLATE` on PostgreSQL when `TEST_DATABASE_URL` is set. It is dropped at
//! the end, also of a story that failed.

use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use chrono::NaiveDate;
use hearth::access::Vault;
use hearth::database::Database;
use hearth::synthetic::{self, Sowing};
use sea_orm::{ConnectionTrait, DatabaseConnection};

/// What a story's database holds at its beginning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Filling {
    /// The tables alone.
    Empty,
    /// The made-up data of the demo.
    Demo,
}

/// Where a story's database is.
pub enum Place {
    File(PathBuf),
    Server { name: String, url: String },
}

/// The day up to which the demo's histories go in tests.
pub const TODAY: NaiveDate = NaiveDate::from_ymd_opt(2026, 6, 1).unwrap();

static NUMBER: AtomicUsize = AtomicUsize::new(0);
static TEMPLATES: Mutex<[bool; 2]> = Mutex::new([false; 2]);

impl Place {
    /// Makes a database from the template, which is made first if there is none.
    pub async fn make(filling: Filling) -> Self {
        let template = ensure_template(filling);
        let number = NUMBER.fetch_add(1, Ordering::SeqCst);
        let name = format!("hearth_test_{}_{number}", std::process::id());
        if let Some(server) = server() {
            let admin = connect(&server).await;
            let sql = format!("create database {name} template {template}");
            execute_patiently(&admin, &sql).await;
            let url = url_of(&server, &name);
            return Self::Server { name, url };
        }
        let path = folder().join(format!("{name}.db"));
        fs::copy(folder().join(format!("{template}.db")), &path).unwrap();
        Self::File(path)
    }

    /// Connects to it.
    pub async fn open(&self) -> Database {
        Database::open(&self.url(), 5).await.unwrap()
    }

    /// Its URL.
    pub fn url(&self) -> String {
        match self {
            Self::File(path) => format!("sqlite://{}", path.display()),
            Self::Server { url, .. } => url.clone(),
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        match self {
            Self::File(path) => {
                for ending in ["", "-wal", "-shm"] {
                    let _ = fs::remove_file(format!("{}{ending}", path.display()));
                }
            }
            Self::Server { name, .. } => {
                let sql = format!("drop database if exists {name} with (force)");
                on_a_thread_of_its_own(async move {
                    if let Some(server) = server() {
                        let _ = connect(&server).await.execute_unprepared(&sql).await;
                    }
                });
            }
        }
    }
}

fn server() -> Option<String> {
    std::env::var("TEST_DATABASE_URL").ok().filter(|url| !url.is_empty())
}

fn folder() -> PathBuf {
    let folder = std::env::temp_dir().join(format!("hearth-test-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn url_of(server: &str, name: &str) -> String {
    let (base, _) = server.rsplit_once('/').unwrap();
    format!("{base}/{name}")
}

async fn connect(url: &str) -> DatabaseConnection {
    sea_orm::Database::connect(url).await.unwrap()
}

/// PostgreSQL refuses to copy a template while somebody is connected to it.
async fn execute_patiently(admin: &DatabaseConnection, sql: &str) {
    for _ in 0..50 {
        match admin.execute_unprepared(sql).await {
            Ok(_) => return,
            Err(error) if error.to_string().contains("being accessed") => {
                tokio::time::sleep(std::time::Duration::from_millis(100)).await;
            }
            Err(error) => panic!("{error}"),
        }
    }
    panic!("the template is always in use");
}

fn ensure_template(filling: Filling) -> String {
    let name = match filling {
        Filling::Empty => format!("hearth_template_{}", std::process::id()),
        Filling::Demo => format!("hearth_template_demo_{}", std::process::id()),
    };
    let mut made = TEMPLATES.lock().unwrap_or_else(PoisonError::into_inner);
    let slot = &mut made[usize::from(filling == Filling::Demo)];
    if !*slot {
        let template = name.clone();
        on_a_thread_of_its_own(async move { Box::pin(make_template(&template, filling)).await });
        *slot = true;
    }
    name
}

async fn make_template(name: &str, filling: Filling) {
    let url = if let Some(server) = server() {
        let admin = connect(&server).await;
        sweep(&admin).await;
        admin.execute_unprepared(&format!("create database {name}")).await.unwrap();
        url_of(&server, name)
    } else {
        format!("sqlite://{}", folder().join(format!("{name}.db")).display())
    };
    let database = Database::open(&url, 2).await.unwrap();
    database.migrate().await.unwrap();
    if filling == Filling::Demo {
        let sowing = Sowing { families: 300, seed: 1, today: TODAY };
        let vault = Vault::of(Some(super::DATA_KEYS)).unwrap();
        Box::pin(synthetic::sow(&database.writer, &sowing, &vault, |_| ())).await.unwrap();
    }
    database.reader.close_by_ref().await.unwrap();
    database.writer.close_by_ref().await.unwrap();
}

/// Drops what earlier runs left behind: their processes are gone.
async fn sweep(admin: &DatabaseConnection) {
    let sql = "select datname from pg_database where datname like 'hearth_te%'";
    let statement = sea_orm::Statement::from_string(sea_orm::DbBackend::Postgres, sql);
    for row in admin.query_all_raw(statement).await.unwrap() {
        let name: String = row.try_get("", "datname").unwrap();
        let pid = name.split('_').find_map(|part| part.parse::<u32>().ok());
        if pid.is_some_and(|pid| !std::path::Path::new(&format!("/proc/{pid}")).exists()) {
            let drop = format!("drop database if exists {name} with (force)");
            let _ = admin.execute_unprepared(&drop).await;
        }
    }
}

fn on_a_thread_of_its_own(work: impl Future<Output = ()> + Send + 'static) {
    std::thread::spawn(move || {
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work);
    })
    .join()
    .unwrap();
}
