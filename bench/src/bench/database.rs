//! The database: how it is filled, and what the measurement reads of it.

use std::process::Stdio;

use chrono::{DateTime, NaiveDate, Utc};
use tokio::process::Command;
use tokio_postgres::{Client, NoTls};
use uuid::Uuid;

use crate::settings::Settings;
use crate::{Failure, progress};

/// Who reads families and records visits: a supervisor of a branch.
pub const BRANCH: &str = "supervisor@hearth.example";
/// Who asks for the report: the supervisor of all branches.
pub const REGION: &str = "director@hearth.example";
/// How many families and cases are asked for in turn, at most.
const IDS: i64 = 5000;
/// Seeded families, whose files are more varied, among those that are compared.
const SEEDED: i64 = 15;

/// A worker with the organisation that they act for.
pub struct Viewer {
    pub subject: &'static str,
    pub role: &'static str,
    pub organisation: Uuid,
    /// The organisation with all that are under it, as uuids separated by commas.
    pub organisations: String,
}

/// The filled database.
pub struct Database {
    /// What it is called.
    pub name: String,
    pub client: Client,
    /// What seals restricted values, as Hearth reads it from its environment.
    pub data_keys: String,
    pub branch: Viewer,
    pub region: Viewer,
    /// Families that the branch sees: first some seeded ones, then the others.
    pub families: Vec<Uuid>,
    /// Open cases that the branch leads.
    pub cases: Vec<Uuid>,
    /// First and last day of the report.
    pub period: (NaiveDate, NaiveDate),
    /// The version of the database server.
    pub version: String,
}

impl Database {
    /// Makes the database, seeds the region and adds the families.
    pub async fn fill(settings: &Settings, name: &str, families: u32) -> Result<Self, Failure> {
        let maintenance = format!("postgres://hearth@{}/postgres", settings.postgres);
        let admin = connect(&maintenance).await?;
        admin
            .batch_execute(&format!("create database {name}"))
            .await
            .map_err(told("create the database"))?;
        let data_keys = printed(Command::new(&settings.hearth).args(["keys", "new"])).await?;
        progress("seeding the region");
        let seed = ["seed", "--families", "300", "--seed", "1", "--database-url"];
        let mut command = Command::new(&settings.hearth);
        command.args(seed).arg(settings.url("hearth", name)).env("HEARTH_DATA_KEYS", &data_keys);
        printed(&mut command).await?;
        let client = connect(&settings.url("hearth", name)).await?;
        add_families(settings, &client, families).await?;
        progress("vacuum and analyze");
        client.batch_execute("vacuum (analyze)").await?;
        let functions = settings.folder.join("postgraphile/functions.sql");
        let functions = std::fs::read_to_string(functions).map_err(told("read functions.sql"))?;
        client.batch_execute(&functions).await.map_err(told("run functions.sql"))?;
        client
            .batch_execute("create extension pg_stat_statements; checkpoint")
            .await
            .map_err(told("make pg_stat_statements: install PostgreSQL's contrib modules"))?;
        Self::read(client, name, data_keys).await
    }

    async fn read(client: Client, name: &str, data_keys: String) -> Result<Self, Failure> {
        let branch = viewer(&client, BRANCH, SUPERVISOR).await?;
        let region = viewer(&client, REGION, SUPERVISOR).await?;
        let ids = async |sql: &str, limit: i64| -> Result<Vec<Uuid>, Failure> {
            let rows = client.query(sql, &[&branch.organisation, &limit]).await?;
            Ok(rows.iter().map(|row| row.get(0)).collect())
        };
        let mut families = ids(SEEDED_FAMILIES, SEEDED).await?;
        families.extend(ids(FAMILIES, IDS).await?);
        let cases = ids(CASES, IDS).await?;
        let period =
            "select current_date - 300, current_date - 30, current_setting('server_version')";
        let row = client.query_one(period, &[]).await?;
        let (period, version) = ((row.get(0), row.get(1)), row.get(2));
        let name = name.to_owned();
        Ok(Self { name, client, data_keys, branch, region, families, cases, period, version })
    }

    /// What a visit came to, but for its id and who made it.
    pub async fn visit(&self, id: Uuid) -> Result<serde_json::Value, Failure> {
        let row = self.client.query_opt(VISIT, &[&id]).await?;
        let text: String = row.ok_or("a visit that was told of is not there")?.get(0);
        Ok(serde_json::from_str(&text)?)
    }

    /// The database's clock.
    pub async fn now(&self) -> Result<DateTime<Utc>, Failure> {
        Ok(self.client.query_one("select now()", &[]).await?.get(0))
    }
}

const SEEDED_FAMILIES: &str = "select family_id from access_grant g join family f on f.id = g.family_id \
    where g.organisation_id = $1 and basis = 'LEAD' and until is null and reference not like 'G-%' \
    order by md5(family_id::text) limit $2";
const FAMILIES: &str = "select id from family where lead_organisation_id = $1 and reference like 'G-%' \
    order by md5(reference) limit $2";
const CASES: &str = "select id from \"case\" where lead_organisation_id = $1 and reference like 'G-%' \
    and status = 'ACTIVE' order by md5(reference) limit $2";
const VISIT: &str = "select json_build_object('case', case_id, 'family', family_id, 'purpose', purpose, \
    'scheduledFor', scheduled_for, 'visitedAt', visited_at, 'status', status, 'nextDueOn', next_due_on, \
    'version', version, 'note', note)::text from visit where id = $1";
const ORGANISATIONS: &str = "select o.id, string_agg(s.id::text, ',' order by s.id) from membership m \
    join worker w on w.id = m.worker_id join organisation o on o.id = m.organisation_id \
    join organisation s on s.path like o.path || '%' where w.subject = $1 and m.role = $2 group by o.id";
/// The role of those who read families, record visits and ask for the report.
pub const SUPERVISOR: &str = "SUPERVISOR";

/// A worker in a role.
pub async fn viewer(
    client: &Client,
    subject: &'static str,
    role: &'static str,
) -> Result<Viewer, Failure> {
    let row = client.query_one(ORGANISATIONS, &[&subject, &role]).await;
    let row = row.map_err(told("find a viewer"))?;
    Ok(Viewer { subject, role, organisation: row.get(0), organisations: row.get(1) })
}

async fn add_families(settings: &Settings, client: &Client, families: u32) -> Result<(), Failure> {
    let text = std::fs::read_to_string(settings.folder.join("families.sql"))
        .map_err(told("read families.sql"))?;
    let text = text.replace("{families}", &families.to_string());
    client.batch_execute("set work_mem = '256MB'; set maintenance_work_mem = '512MB'").await?;
    for statement in text.split(";\n") {
        let comments = statement.trim_start().lines().map_while(|line| line.strip_prefix("-- "));
        if let Some(title) = comments.last() {
            progress(&format!("adding {title}"));
        }
        client.batch_execute(statement).await.map_err(told("add families"))?;
    }
    Ok(())
}

async fn connect(url: &str) -> Result<Client, Failure> {
    let (client, connection) =
        tokio_postgres::connect(url, NoTls).await.map_err(told("reach the database"))?;
    tokio::spawn(connection);
    Ok(client)
}

/// Runs a program to its end and reads what it printed.
pub async fn printed(command: &mut Command) -> Result<String, Failure> {
    let name = command.as_std().get_program().to_string_lossy().into_owned();
    let output = command.stdin(Stdio::null()).kill_on_drop(true).output().await;
    let output = output.map_err(|error| format!("can't run {name}: {error}"))?;
    if !output.status.success() {
        let text = String::from_utf8_lossy(&output.stderr);
        return Err(format!("{name} failed: {}", text.trim()).into());
    }
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}

/// An error with what could not be done, and the database's own words.
pub fn told<E: std::error::Error>(what: &str) -> impl FnOnce(E) -> Failure {
    move |error| {
        let cause = error.source().map(|cause| format!(": {cause}")).unwrap_or_default();
        format!("can't {what}: {error}{cause}").into()
    }
}
