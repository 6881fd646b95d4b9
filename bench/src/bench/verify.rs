//! What is asked in the rounds, after all servers were asked for it and gave the same data.

use std::sync::Arc;

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;
use uuid::Uuid;

use crate::compare::{common, difference};
use crate::database::Database;
use crate::http::{Connection, Endpoint};
use crate::operation::{Documents, Input, Operation, Target};
use crate::servers::Servers;
use crate::{Failure, progress};

/// How many pages of a list are asked for in turn, the first ones.
const PAGES: usize = 10;
/// How many families' files are compared.
const COMPARED: usize = 40;
/// How many periods are asked for in turn.
const PERIODS: i64 = 5;

/// An operation with the requests of each target.
pub struct Work {
    pub operation: Operation,
    documents: Documents,
    /// For each target its bodies, asked for in turn; none where each request is new.
    bodies: Vec<Vec<Bytes>>,
    cases: Vec<Uuid>,
    /// The database's clock when the work was prepared.
    now: DateTime<Utc>,
}

impl Work {
    /// The first page of a list, for Hearth alone.
    pub async fn first_page(
        operation: Operation,
        documents: Documents,
        database: &Database,
    ) -> Result<Self, Failure> {
        let body = |target: Target| vec![documents.body(target, &Input::After(None))];
        let bodies = Target::ALL.map(body).into();
        let (cases, now) = (Vec::new(), database.now().await?);
        Ok(Self { operation, documents, bodies, cases, now })
    }

    /// The body of a target's request with a number.
    pub fn body(&self, target: Target, no: usize) -> Bytes {
        let bodies = &self.bodies[target as usize];
        if bodies.is_empty() {
            return self.documents.body(target, &visit(&self.cases, self.now, no));
        }
        bodies[no % bodies.len()].clone()
    }
}

/// A visit to one case after another, at times of the last days.
fn visit(cases: &[Uuid], now: DateTime<Utc>, no: usize) -> Input {
    let seconds = i64::try_from(no % 500_000).unwrap_or(0);
    Input::Visit(cases[no % cases.len()], now - TimeDelta::seconds(60 + seconds))
}

/// Prepares all operations; fails where the servers' answers differ.
pub async fn workload(servers: &Servers<'_>) -> Result<Vec<Arc<Work>>, Failure> {
    if servers.database.families.is_empty() || servers.database.cases.is_empty() {
        return Err("the viewer sees no family with an open case: ask for more --families".into());
    }
    let mut all = Vec::new();
    let mut operations = servers.settings.operations.clone();
    // What writes comes last, so that the others read what was filled in.
    operations.sort_by_key(|operation| *operation == Operation::RecordVisit);
    for operation in operations {
        let work = prepare(servers, operation).await?;
        progress(&format!("{}: the answers hold the same data", operation.name()));
        all.push(Arc::new(work));
    }
    Ok(all)
}

async fn prepare(servers: &Servers<'_>, operation: Operation) -> Result<Work, Failure> {
    let database = servers.database;
    let documents = operation.documents(&servers.settings.folder)?;
    let now = database.now().await?;
    let mut asked: Vec<(Vec<Input>, Vec<Value>)> = Vec::new();
    for target in Target::ALL {
        let endpoint = servers.endpoint(target, operation).await?;
        let mut client = Asker { documents: &documents, target, operation, endpoint };
        asked.push(match operation.list() {
            Some(list) => client.pages(list).await?,
            None => client.each(inputs(database, operation, now)).await?,
        });
    }
    for (target, (_, answers)) in Target::ALL.iter().zip(&asked).skip(1) {
        compare(operation, *target, &asked[0].1, answers)?;
    }
    if operation == Operation::RecordVisit {
        compare_visits(database, &asked).await?;
    }
    let is_new = operation == Operation::RecordVisit;
    let all = |(target, (inputs, _)): (&Target, &(Vec<Input>, Vec<Value>))| {
        let mut inputs = if is_new { Vec::new() } else { inputs.clone() };
        if operation == Operation::FamilyFile {
            inputs = database.families.iter().map(|id| Input::Family(*id)).collect();
        }
        inputs.iter().map(|input| documents.body(*target, input)).collect()
    };
    let bodies = Target::ALL.iter().zip(&asked).map(all).collect();
    Ok(Work { operation, documents, bodies, cases: database.cases.clone(), now })
}

/// What is asked of every target to compare.
fn inputs(database: &Database, operation: Operation, now: DateTime<Utc>) -> Vec<Input> {
    match operation {
        Operation::PeriodReport => {
            let (since, through) = database.period;
            let period = |days| {
                let day = |day: chrono::NaiveDate| (day - TimeDelta::days(days)).to_string();
                Input::Period(day(since), day(through))
            };
            (0..PERIODS).map(period).collect()
        }
        Operation::RecordVisit => vec![visit(&database.cases, now, 0)],
        _ => database.families.iter().take(COMPARED).map(|id| Input::Family(*id)).collect(),
    }
}

/// Asks one target for an operation.
struct Asker<'a> {
    documents: &'a Documents,
    target: Target,
    operation: Operation,
    endpoint: Endpoint,
}

impl Asker<'_> {
    /// The first pages of a list, each behind the cursor of the one before.
    async fn pages(&mut self, list: &str) -> Result<(Vec<Input>, Vec<Value>), Failure> {
        let (mut inputs, mut answers, mut after) = (Vec::new(), Vec::new(), None);
        while inputs.len() < PAGES {
            let input = Input::After(after);
            let data = self.ask(&input).await?;
            let page = &data[list]["pageInfo"];
            let has_more = page["hasNextPage"] == Value::Bool(true);
            after = page["endCursor"].as_str().map(str::to_owned);
            inputs.push(input);
            answers.push(data);
            if !has_more {
                break;
            }
        }
        Ok((inputs, answers))
    }

    async fn each(&mut self, inputs: Vec<Input>) -> Result<(Vec<Input>, Vec<Value>), Failure> {
        let mut answers = Vec::new();
        for input in &inputs {
            answers.push(self.ask(input).await?);
        }
        Ok((inputs, answers))
    }

    /// The `data` of an answer.
    async fn ask(&mut self, input: &Input) -> Result<Value, Failure> {
        let mut connection = Connection::open(self.endpoint.port).await?;
        let body = self.documents.body(self.target, input);
        let answer = connection.post(&self.endpoint, body).await?;
        let text = String::from_utf8_lossy(&answer.body);
        let mut parsed: Value = serde_json::from_str(&text).unwrap_or_default();
        let refused = parsed["data"]["visitRecord"]["userErrors"][0].is_object();
        let fails = answer.status != 200 || parsed.get("errors").is_some() || refused;
        if fails || !parsed["data"].is_object() {
            let (name, title) = (self.operation.name(), self.target.title());
            return Err(format!("{name}: {title} failed with {}: {text}", answer.status).into());
        }
        Ok(parsed["data"].take())
    }
}

/// Fails where answers of a target differ from those of the limit.
fn compare(
    operation: Operation,
    target: Target,
    ours: &[Value],
    theirs: &[Value],
) -> Result<(), Failure> {
    let (name, title) = (operation.name(), target.title());
    if ours.len() != theirs.len() {
        let (ours, theirs) = (ours.len(), theirs.len());
        return Err(format!("{name}: the limit has {ours} pages, {title} {theirs}").into());
    }
    for (no, (ours, theirs)) in ours.iter().zip(theirs).enumerate() {
        if let Some(how) = difference(&common(operation, ours), &common(operation, theirs)) {
            let text = format!("{name}, answer {no}: the limit and {title} differ in data{how}");
            return Err(format!("{text}. Nothing was measured.").into());
        }
    }
    Ok(())
}

/// Fails where the rows that targets have written differ.
async fn compare_visits(
    database: &Database,
    asked: &[(Vec<Input>, Vec<Value>)],
) -> Result<(), Failure> {
    let mut rows = Vec::new();
    for (_, answers) in asked {
        let id = answers[0]["visitRecord"]["visit"]["id"].as_str().unwrap_or_default();
        let id = id.strip_prefix("visit_").unwrap_or(id).parse()?;
        rows.push(database.visit(id).await?);
    }
    for (target, row) in Target::ALL.iter().zip(&rows).skip(1) {
        if let Some(how) = difference(&rows[0], row) {
            let title = target.title();
            return Err(
                format!("RecordVisit: the rows of the limit and {title} differ in {how}").into()
            );
        }
    }
    Ok(())
}
