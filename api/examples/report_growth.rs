//! How the nine-month report and the recording of visits grow with the number of families: two databases, the
//! one large, the other small, asked in alternating rounds.
//!
//! `cargo run --release --example report_growth -- postgres://user@host/postgres [large] [small]
//! [rounds] [seconds a round] [visits]`, the last word for the visits alone. The databases
//! `growth_<families>` are made on that server unless they are there, and stay: drop them when you are
//! done. A round of visits lasts at least as long as results are counted once and as counting rests after
//! it. Only the ratios say something.

use std::time::Duration;

use async_graphql::parser::{parse_query, types::ExecutableDocument};
use async_graphql::{Request, Variables};
use chrono::TimeDelta;
use entity::membership::Role;
use hearth::access::Vault;
use hearth::access::audit::{Audit, Operation};
use hearth::access::token::{Claims, Issuer, KeySource, Signer, Verifier};
use hearth::app::{App, Settings};
use hearth::clock::Clock;
use hearth::database::Database;
use hearth::graphql::{self, page::Seal};
use hearth::language::Language;
use hearth::rates::Rates;
use hearth::server::documents::{Documents, FreeForm};
use hearth::server::examples::TRUSTED;
use hearth::synthetic::{self, Sowing};
use hearth::terms::Terms;
use hearth::upkeep;
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use serde_json::{Value, json};
use uuid::Uuid;

type Failure = Box<dyn std::error::Error + Send + Sync>;

const ISSUER: &str = "https://issuer.invalid/growth";
const AUDIENCE: &str = "hearth-growth";
/// A data key for this measuring alone.
const KEYS: &str = "cost=AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
/// For how long results are kept where they are, in seconds.
const KEPT_FOR: i64 = 5;

/// How long visits are recorded before they count.
const WARM_UP: Duration = Duration::from_secs(5);

/// The report: families covered, what became of them, and their children.
const REPORT: [&str; 5] = [
    "FAMILIES_COVERED",
    "FAMILIES_OVERCAME",
    "FAMILIES_CONTINUING",
    "FAMILIES_OTHER_EXITS",
    "CHILDREN_IN_COVERED_FAMILIES",
];

/// One table of it: nine months of the region by municipality.
const TABLE: &str = "
query Table($metric: MetricId!, $period: PeriodInput!) {
  metric(id: $metric, period: $period, groupBy: [MUNICIPALITY]) {
    asOf freshAsOf provisional definition { id version } total { value base rate }
    rows { keys { id name } value base rate suppression }
  }
}";

/// One database, with a service that keeps results, one that computes each, and one that computes each with
/// statements that may take as long as they need.
struct Side {
    families: u32,
    kept: App,
    computed: App,
    patient: App,
    report_token: String,
    visit_token: String,
    cases: Vec<Uuid>,
}

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let mut arguments = std::env::args().skip(1);
    let url = arguments.next().ok_or("give the URL of a PostgreSQL server")?;
    let mut number = |usual: u32| arguments.next().map_or(Ok(usual), |text| text.parse());
    let (large, small) = (number(1_000_000)?, number(10_000)?);
    let (rounds, seconds) = (number(7)?, number(5)?);
    let large = side(&url, large).await?;
    let small = side(&url, small).await?;
    if std::env::args().nth(6).as_deref() != Some("visits") {
        reports(&large, &small, rounds).await?;
    }
    visits(&large, &small, rounds, Duration::from_secs(seconds.into())).await
}

/// The times of the report, as it is kept and as it is computed.
async fn reports(large: &Side, small: &Side, rounds: u32) -> Result<(), Failure> {
    let document = parse_query(TABLE)?;
    for (what, pick) in
        [("kept", Side::kept as fn(&Side) -> &App), ("from the rows", Side::patient)]
    {
        let mut ratios = Vec::new();
        let asked = if what == "kept" { 200 } else { 1 };
        for side in [large, small] {
            // What takes longer than a request may is counted in the background.
            if time_of(side, pick(side), &document, 1).await.is_err() {
                upkeep::recount(pick(side)).await?;
                time_of(side, pick(side), &document, 1).await?;
            }
        }
        for _ in 0..rounds {
            let one = time_of(large, pick(large), &document, asked).await?;
            let other = time_of(small, pick(small), &document, asked).await?;
            println!("report, {what}: {:.2} ms and {:.2} ms: {:.2}", one, other, one / other);
            ratios.push(one / other);
        }
        let (one, other) = (large.families, small.families);
        println!("report, {what}: {one} families take {:.2}x as long as {other}", median(ratios));
    }
    Ok(())
}

/// Visits recorded a second where results are kept and computed anew meanwhile, and where they are not. Each
/// is warmed up, and they take turns in being first.
async fn visits(large: &Side, small: &Side, rounds: u32, time: Duration) -> Result<(), Failure> {
    let document = TRUSTED.iter().find(|(name, _)| *name == "record-visit").ok_or("no document")?;
    let document = parse_query(document.1)?;
    let (mut kept, mut sides) = (Vec::new(), Vec::new());
    let time = time.max(upkeep::cycle(time_of_counting(large).await?));
    println!("visits: rounds of {:.0} s", time.as_secs_f64());
    for (side, app) in [(large, &large.kept), (large, &large.computed), (small, &small.kept)] {
        recorded(side, app, &document, WARM_UP).await?;
    }
    for round in 0..rounds {
        let (with, without) = if round % 2 == 0 {
            let with = recorded(large, &large.kept, &document, time).await?;
            (with, recorded(large, &large.computed, &document, time).await?)
        } else {
            let without = recorded(large, &large.computed, &document, time).await?;
            (recorded(large, &large.kept, &document, time).await?, without)
        };
        let few = recorded(small, &small.kept, &document, time).await?;
        println!(
            "visits: {with:.0}/s kept, {without:.0}/s not kept: {:.3}; {few:.0}/s with few families: {:.3}",
            with / without,
            with / few
        );
        kept.push(with / without);
        sides.push(with / few);
    }
    println!("visits: {:.3} of the throughput without results that are kept", median(kept));
    println!(
        "visits: with {} families {:.3} of the throughput with {}",
        large.families,
        median(sides),
        small.families
    );
    Ok(())
}

fn median(mut ratios: Vec<f64>) -> f64 {
    ratios.sort_by(f64::total_cmp);
    ratios[ratios.len() / 2]
}

/// Milliseconds of one report, the mean of several; its tables are asked for one by one.
async fn time_of(
    side: &Side,
    app: &App,
    document: &ExecutableDocument,
    times: u32,
) -> Result<f64, Failure> {
    let started = tokio::time::Instant::now();
    for _ in 0..times {
        for metric in REPORT {
            let period = json!({ "since": "2025-01-01", "through": "2025-09-30" });
            let variables = json!({ "metric": metric, "period": period });
            let body = ask(app, &side.report_token, document, variables).await?;
            let counted = body["metric"]["total"]["value"].as_i64().unwrap_or(0);
            if metric == REPORT[0] && counted * 4 < i64::from(side.families) {
                return Err(format!("only {counted} families are covered").into());
            }
        }
    }
    Ok(started.elapsed().as_secs_f64() * 1000.0 / f64::from(times))
}

/// How long it takes to count what is kept anew.
async fn time_of_counting(side: &Side) -> Result<Duration, Failure> {
    tokio::time::sleep(Duration::from_secs(KEPT_FOR.unsigned_abs())).await;
    let begun = tokio::time::Instant::now();
    upkeep::recount(&side.kept).await?;
    Ok(begun.elapsed())
}

/// Visits recorded a second by four workers, while what is kept is computed anew.
async fn recorded(
    side: &Side,
    app: &App,
    document: &ExecutableDocument,
    time: Duration,
) -> Result<f64, Failure> {
    let keeping = tokio::spawn(upkeep::count(app.clone(), Duration::from_secs(1)));
    let started = tokio::time::Instant::now();
    let workers = (0..4_usize).map(|worker| async move {
        let (mut done, mut no) = (0_u32, worker * 7919);
        while started.elapsed() < time {
            no += 4;
            let case = side.cases[no % side.cases.len()];
            let visited_at = Clock::system().now() - TimeDelta::minutes(1);
            let input = json!({ "input": {
                "clientMutationId": Uuid::now_v7(), "caseId": format!("case_{}", case.simple()),
                "purpose": "MONITORING", "outcome": "COMPLETED", "visitedAt": visited_at, "children": [],
            } });
            let body = ask(app, &side.visit_token, document, input).await?;
            if !body["visitRecord"]["visit"]["id"].is_string() {
                return Err(format!("a visit was not recorded: {body}").into());
            }
            done += 1;
        }
        Ok::<_, Failure>(done)
    });
    let done = futures_util::future::try_join_all(workers).await?;
    keeping.abort();
    Ok(f64::from(done.iter().sum::<u32>()) / started.elapsed().as_secs_f64())
}

/// What the service does of a request, but for HTTP.
async fn ask(
    app: &App,
    token: &str,
    document: &ExecutableDocument,
    variables: Value,
) -> Result<Value, Failure> {
    let session = app.admit(token, Uuid::now_v7(), Language::default()).await?;
    session.asks(Operation { name: Some("Growth".to_owned()), ..Operation::default() });
    let mut request = Request::new("").variables(Variables::from_json(variables));
    request.set_parsed_query(document.clone());
    let response = app.execute(session, request).await;
    if response.is_err() {
        return Err(format!("{:?}", response.errors).into());
    }
    Ok(serde_json::to_value(&response.data)?)
}

impl Side {
    fn kept(&self) -> &App {
        &self.kept
    }

    fn patient(&self) -> &App {
        &self.patient
    }
}

async fn side(server: &str, families: u32) -> Result<Side, Failure> {
    let (base, _) = server.rsplit_once('/').ok_or("the URL has no database")?;
    let name = format!("growth_{families}");
    let admin = Database::open(server, 1).await?;
    let found = format!("select 1 from pg_database where datname = '{name}'");
    let found = Statement::from_string(DbBackend::Postgres, found);
    if admin.writer.query_one_raw(found).await?.is_none() {
        admin.writer.execute_unprepared(&format!("create database {name}")).await?;
    }
    let database = Database::open(&format!("{base}/{name}"), 6).await?;
    database.migrate().await?;
    if !synthetic::is_sown(&database.writer).await? {
        println!("filling {name}");
        fill(&format!("{base}/{name}"), &database, families).await?;
    }
    let signer = Signer::generate()?;
    let app = async |database: &Database, terms| app(database, &signer, terms).await;
    let kept = app(&database, Terms { rollup_seconds: KEPT_FOR, ..Terms::default() }).await?;
    let computed = app(&database, Terms::default()).await?;
    let patient = app(&database.patiently(), Terms::default()).await?;
    let actor = synthetic::actors().into_iter().find(|actor| actor.key == "supervisor");
    let actor = actor.ok_or("no such actor")?;
    let sign = |organisation| signer.sign(&claims(&actor.subject, organisation), AUDIENCE);
    let (region, branch) = (one(&database, REGION).await?, actor.organisation_id);
    let (report_token, visit_token) = (sign(region)?, sign(branch)?);
    let led = Statement::from_sql_and_values(DbBackend::Postgres, CASES, [branch.into()]);
    let rows = database.reader.query_all_raw(led).await?;
    let cases = rows.iter().map(|row| row.try_get("", "id")).collect::<Result<_, _>>()?;
    Ok(Side { families, kept, computed, patient, report_token, visit_token, cases })
}

const REGION: &str = "select id from organisation where kind = 'REGIONAL_CENTRE'";

/// Cases of a branch that visits can be recorded in.
const CASES: &str = "select c.id from \"case\" c join episode e on e.case_id = c.id and e.closed_on is null \
                     where c.lead_organisation_id = $1 and c.reference like 'G-%' limit 5000";

async fn one(database: &Database, sql: &str) -> Result<Uuid, Failure> {
    let statement = Statement::from_string(DbBackend::Postgres, sql);
    let row = database.reader.query_one_raw(statement).await?.ok_or("no such row")?;
    Ok(row.try_get("", "id")?)
}

/// The demo's region with its 300 families, and as many more as are wanted, each with two children, a case of
/// one episode and two visits, spread over the branches; two of five are closed.
async fn fill(url: &str, database: &Database, families: u32) -> Result<(), Failure> {
    let patient = sea_orm::Database::connect(url).await?;
    patient.execute_unprepared("set statement_timeout = 0").await?;
    let today = Clock::system().now().date_naive();
    let sowing = Sowing { families: 300, seed: 1, today };
    let vault = Vault::of(Some(KEYS))?;
    Box::pin(synthetic::sow(&database.writer, &sowing, &vault, |_| ())).await?;
    for statement in MORE {
        let statement = statement.replace("{families}", &families.to_string());
        patient.execute_unprepared(&format!("set statement_timeout = 0; {statement}")).await?;
    }
    Ok(())
}

/// The families of the table `more`, put into the tables.
const MORE: [&str; 10] = [
    "create unlogged table more as
       with branch as (select o.id as org, a.area_id as area, row_number() over (order by o.id) - 1 as no,
         count(*) over () as many from organisation o join organisation_area a on a.organisation_id = o.id
         join organisation p on p.id = o.parent_id where p.kind = 'REGIONAL_CENTRE')
       select i, md5('f' || i)::uuid as family, md5('c' || i)::uuid as the_case, md5('e' || i)::uuid as episode,
         b.org, b.area, date '2024-01-01' + (i::bigint * 7919 % 700)::int as opened_on,
         case when i % 5 < 2 then date '2024-01-01' + (i::bigint * 7919 % 700)::int + 30 + (i::bigint * 31 % 200)::int end
           as closed_on
       from generate_series(1, {families}) i join branch b on b.no = i % b.many",
    "insert into family (id, reference, label, area_id, lead_organisation_id, is_address_protected, search_key,
         version, created_at, updated_at)
       select family, 'G-' || i, 'Family', area, org, false, '', 1, opened_on, opened_on from more",
    "insert into \"case\" (id, family_id, reference, kind, lead_organisation_id, area_id, status, support_level,
         opened_on, version, created_at, updated_at)
       select the_case, family, 'G-' || i, 'ACCOMPANIMENT', org, area,
         case when closed_on is null then 'ACTIVE' else 'CLOSED' end,
         (array['ADAPTATION', 'BASIC', 'CRISIS'])[1 + i % 3], opened_on, 1, opened_on, opened_on from more",
    "insert into episode (id, case_id, family_id, no, opened_on, reason, closed_on, closure_class, closure_reason,
         summary, closed_by_id, approved_by_id, recorded_at, closure_recorded_at)
       select episode, the_case, family, 1, opened_on, 'Reason', closed_on,
         case when closed_on is not null then (array['OVERCAME', 'OVERCAME', 'MOVED', 'REFUSED'])[1 + i % 4] end,
         case when closed_on is not null then 'Reason' end, case when closed_on is not null then 'Summary' end,
         case when closed_on is not null then w.one end, case when closed_on is not null then w.other end,
         opened_on, closed_on
       from more, (select (array_agg(id order by id))[1] as one, (array_agg(id order by id))[2] as other from worker) w",
    "insert into person (id, given_name, sex, birth_date, birth_precision, search_key, is_address_protected, version,
         created_at, updated_at)
       select md5('p' || i || k)::uuid, 'Given', case when i % 2 = 0 then 'FEMALE' else 'MALE' end,
         date '2008-01-01' + (i::bigint * 17 % 6000)::int, 'DAY', '', false, 1, opened_on, opened_on
       from more, generate_series(1, 2) k",
    "insert into family_member (id, family_id, person_id, role, lives_here, legal_responsibility, primary_caregiver,
         since, recorded_at)
       select md5('m' || i || k)::uuid, family, md5('p' || i || k)::uuid, 'CHILD', true, false, false, opened_on, opened_on
       from more, generate_series(1, 2) k",
    "insert into visit (id, case_id, family_id, purpose, scheduled_for, visited_at, status, recorded_at, version,
         created_at, updated_at)
       select md5('v' || i || k)::uuid, the_case, family, 'MONITORING', opened_on + 10 * k, opened_on + 10 * k,
         'COMPLETED', opened_on + 10 * k, 1, opened_on, opened_on
       from more, generate_series(1, 2) k",
    "insert into access_grant (id, organisation_id, family_id, level, shown, basis, source_id, since, created_at)
       select md5('g' || i)::uuid, org, family, 3, (select max(shown) from access_grant where level = 3 and basis = 'LEAD'),
         'LEAD', the_case, opened_on, opened_on from more",
    "insert into membership (id, worker_id, organisation_id, role, since)
       select md5('region')::uuid, w.id, o.id, 'SUPERVISOR', timestamptz '2020-01-01'
       from worker w, organisation o where w.subject = 'supervisor@hearth.example' and o.kind = 'REGIONAL_CENTRE'",
    "drop table more; analyze",
];

fn claims(subject: &str, organisation: Uuid) -> Claims {
    let now = Clock::system().now();
    Claims {
        subject: subject.to_owned(),
        client_id: "growth".to_owned(),
        organisation,
        role: Role::Supervisor,
        scopes: std::collections::BTreeSet::new(),
        token_id: Uuid::now_v7().simple().to_string(),
        session_id: None,
        device_id: None,
        issuer: ISSUER.to_owned(),
        issued_at: now,
        expires_at: now + TimeDelta::minutes(55),
    }
}

async fn app(database: &Database, signer: &Signer, terms: Terms) -> Result<App, Failure> {
    let issuer = Issuer {
        issuer: ISSUER.to_owned(),
        audience: AUDIENCE.to_owned(),
        keys: KeySource::Inline(signer.public_jwks()),
        foreign: false,
    };
    let verifier = Verifier::open(vec![issuer]).await?;
    let documents = Documents::load(&graphql::sdl(), TRUSTED, None, FreeForm::On)?;
    let settings = Settings {
        introspection: false,
        pool_size: 6,
        deadline: Duration::from_mins(1),
        time_zone: chrono_tz::UTC,
        terms,
        clock: Clock::system(),
        viewers_kept_for: Duration::from_secs(2),
        vault: Vault::of(Some(KEYS))?,
        rates: Rates { viewer: Rates::VIEWER, client: Rates::CLIENT },
        client_address_header: None,
    };
    let schema = graphql::schema(Seal::new(b"growth"));
    let audit = Audit::start(database.writer.clone());
    Ok(App::audited_by(audit, (schema, documents, database.clone(), verifier, settings)))
}
