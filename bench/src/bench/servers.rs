//! The servers: how they are started, how long they take to be ready, and where their requests go.

use std::fs::File;
use std::net::TcpListener;
use std::process::Stdio;
use std::time::{Duration, Instant};

use bytes::Bytes;
use tokio::process::{Child, Command};

use crate::database::{Database, Viewer, printed, told};
use crate::http::{Connection, Endpoint};
use crate::operation::{Operation, Target};
use crate::settings::Settings;
use crate::{Failure, progress};

const ISSUER: &str = "https://issuer.invalid/bench";
const AUDIENCE: &str = "hearth-bench";
/// For as long as a server may take to be ready.
const PATIENCE: Duration = Duration::from_mins(1);
const RATE: &str = "1000000000/1000000000";

/// A server that runs; it ends when this is dropped.
pub struct Server {
    pub title: &'static str,
    pub port: u16,
    pub pid: u32,
    /// From its start until it answered.
    pub ready_after: Duration,
    child: Child,
}

/// All that are compared.
pub struct Servers<'a> {
    pub settings: &'a Settings,
    pub database: &'a Database,
    pub limit: Server,
    pub hearth: Server,
    pub postgraphile: Server,
}

impl<'a> Servers<'a> {
    /// Starts them, one after the other.
    pub async fn start(settings: &'a Settings, database: &'a Database) -> Result<Self, Failure> {
        let limit = limit(settings, database).await?;
        let hearth = hearth(settings, database).await?;
        let postgraphile = postgraphile(settings, database).await?;
        Ok(Self { settings, database, limit, hearth, postgraphile })
    }

    /// Whom a target is.
    pub const fn of(&self, target: Target) -> &Server {
        match target {
            Target::Limit => &self.limit,
            Target::Trusted | Target::FreeForm => &self.hearth,
            Target::PostGraphile => &self.postgraphile,
        }
    }

    /// Fails if one ended.
    pub fn check(&mut self) -> Result<(), Failure> {
        self.limit.check()?;
        self.hearth.check()?;
        self.postgraphile.check()
    }

    /// Where requests of an operation go, for Hearth with a token that was signed just now.
    pub async fn endpoint(
        &self,
        target: Target,
        operation: Operation,
    ) -> Result<Endpoint, Failure> {
        let viewer = operation.viewer(self.database);
        let port = self.of(target).port;
        match target {
            Target::Limit => {
                let path = format!("/{}", operation.name());
                Endpoint::new(port, &path, &[("x-organisations", &viewer.organisations)])
            }
            Target::PostGraphile => {
                Endpoint::new(port, "/graphql", &[("x-organisations", &viewer.organisations)])
            }
            Target::Trusted | Target::FreeForm => {
                let scope = if target == Target::FreeForm { "graphql:free-form" } else { "" };
                let token = sign(self.settings, viewer, scope).await?;
                let bearer = format!("Bearer {token}");
                Endpoint::new(port, "/graphql", &[("authorization", &bearer)])
            }
        }
    }
}

async fn limit(settings: &Settings, database: &Database) -> Result<Server, Failure> {
    let mut command = Command::new(&settings.limit);
    command.args(["--database-url", &settings.url("hearth", &database.name)]);
    command.args(["--pool-size", &settings.pool_size.to_string()]);
    start(settings, "limit", command, |command, port| {
        command.arg("--listen").arg(format!("127.0.0.1:{port}"));
    })
    .await
}

/// Starts Hearth on a database.
pub async fn hearth(settings: &Settings, database: &Database) -> Result<Server, Failure> {
    // Signing makes the key, and writes the public half that the server verifies by.
    sign(settings, &database.branch, "").await?;
    let documents = Operation::PeriodReport.documents(&settings.folder)?;
    let manifest = settings.work.join("documents.json");
    std::fs::write(&manifest, documents.manifest().to_string())
        .map_err(told("write the trusted documents"))?;
    let mut command = Command::new(&settings.hearth);
    command.args([
        "serve",
        "--database-url",
        &settings.url("hearth", &database.name),
        "--issuer",
        ISSUER,
    ]);
    command.args(["--audience", AUDIENCE, "--viewer-rate", RATE, "--client-rate", RATE]);
    command.args(["--upkeep-seconds", "3600", "--pool-size", &settings.pool_size.to_string()]);
    command.arg("--jwks").arg(settings.work.join("jwks.json"));
    command.arg("--documents").arg(manifest).args(&settings.hearth_arg);
    command.env("HEARTH_DATA_KEYS", &database.data_keys);
    start(settings, "Hearth", command, |command, port| {
        command.arg("--listen").arg(format!("127.0.0.1:{port}"));
    })
    .await
}

async fn postgraphile(settings: &Settings, database: &Database) -> Result<Server, Failure> {
    let folder = settings.folder.join("postgraphile");
    let mut command = Command::new(&settings.node);
    command.arg(folder.join("server.mjs")).current_dir(folder);
    command
        .env("NODE_ENV", "production")
        .env("DATABASE_URL", settings.url("bench_app", &database.name));
    command.env("POOL_SIZE", settings.pool_size.to_string());
    start(settings, "PostGraphile", command, |command, port| {
        command.env("PORT", port.to_string());
    })
    .await
}

/// Starts a program on a free port and waits until it answers.
async fn start(
    settings: &Settings,
    title: &'static str,
    mut command: Command,
    listen: impl FnOnce(&mut Command, u16),
) -> Result<Server, Failure> {
    let port = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr())?.port();
    listen(&mut command, port);
    let path = settings.work.join(format!("{title}.log"));
    let log = File::create(&path).map_err(told("write a log"))?;
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("HEARTH_") && name != "HEARTH_DATA_KEYS" {
            command.env_remove(name);
        }
    }
    command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log).kill_on_drop(true);
    let started = Instant::now();
    let mut child = command.spawn().map_err(|error| format!("can't start {title}: {error}"))?;
    while !answers(title, port).await {
        let ended = child.try_wait()?.is_some();
        if ended || started.elapsed() > PATIENCE {
            let log = std::fs::read_to_string(&path).unwrap_or_default();
            let what = if ended { "ended" } else { "did not answer in time" };
            return Err(format!("{title} {what}; its log:\n{log}").into());
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let ready_after = started.elapsed();
    progress(&format!("{title} is ready after {:.2} s", ready_after.as_secs_f64()));
    let pid = child.id().ok_or("a server ended")?;
    Ok(Server { title, port, pid, ready_after, child })
}

/// Whether a server is ready: its probe says so, or where there is none, a document is answered.
async fn answers(title: &str, port: u16) -> bool {
    let asked = async {
        let mut connection = Connection::open(port).await?;
        if title == "PostGraphile" {
            let body = Bytes::from_static(b"{\"query\":\"{ __typename }\"}");
            return connection.post(&Endpoint::new(port, "/graphql", &[])?, body).await;
        }
        connection.get(&Endpoint::new(port, "/readyz", &[])?).await
    };
    asked.await.is_ok_and(|answer| answer.status == 200)
}

/// Signs a token that holds for an hour.
pub async fn sign(settings: &Settings, viewer: &Viewer, scope: &str) -> Result<String, Failure> {
    let organisation = format!("organisation_{}", viewer.organisation.simple());
    let mut command = Command::new(&settings.hearth);
    command.args(["token", "--issuer", ISSUER, "--audience", AUDIENCE, "--role", viewer.role]);
    command.args(["--subject", viewer.subject, "--organisation", &organisation]);
    command.arg("--scope").arg(scope).arg("--key").arg(settings.work.join("key.pem"));
    command.arg("--jwks").arg(settings.work.join("jwks.json"));
    printed(&mut command).await
}

impl Server {
    /// Fails if the server ended.
    fn check(&mut self) -> Result<(), Failure> {
        match self.child.try_wait()? {
            Some(status) => Err(format!("{} ended: {status}", self.title).into()),
            None => Ok(()),
        }
    }
}
