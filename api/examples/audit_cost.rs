//! What the audit costs: the throughput of readings with the audit on against the same with it off,
//! in alternating rounds on one database.
//!
//! `cargo run --release --example audit_cost -- postgres://user@host/an_empty_database [rounds]
//! [seconds a round] [clients]`. An empty database is filled with the demo's made-up data. Only
//! the ratios say something: the absolute numbers are those of the machine.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use async_graphql::parser::{parse_query, types::ExecutableDocument};
use chrono::TimeDelta;
use hearth::access::Vault;
use hearth::access::audit::{Audit, Operation, chain};
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
use uuid::Uuid;

type Failure = Box<dyn std::error::Error + Send + Sync>;

const ISSUER: &str = "https://issuer.invalid/cost";
const AUDIENCE: &str = "hearth-cost";
/// A data key for this measuring alone.
const KEYS: &str = "cost=AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let mut arguments = std::env::args().skip(1);
    let url = arguments.next().ok_or("give the URL of a database of its own")?;
    let mut number = |usual: usize| arguments.next().map_or(Ok(usual), |text| text.parse());
    let (rounds, seconds, clients) = (number(7)?, number(4)?, number(16)?);
    let database = filled(&url).await?;
    let signer = Signer::generate()?;
    let token = signer.sign(&claims()?, AUDIENCE)?;
    let on = app(Audit::start(database.writer.clone()), &database, &signer).await?;
    let off = app(Audit::Off, &database, &signer).await?;
    // As in a service, what was written is sealed meanwhile.
    tokio::spawn(chain::run(database.clone(), Clock::system(), Duration::from_secs(5)));
    for name in ["families", "children"] {
        let document = Arc::new(document(name)?);
        let round = async |app: &App| {
            throughput(app, &token, &document, clients, Duration::from_secs(seconds as u64)).await
        };
        for warming in [&on, &off] {
            round(warming).await?;
        }
        let mut ratios = Vec::new();
        for at in 0..rounds {
            // Whoever comes first has no advantage over all rounds.
            let (with, without) = if at % 2 == 0 {
                let with = round(&on).await?;
                (with, round(&off).await?)
            } else {
                let without = round(&off).await?;
                (round(&on).await?, without)
            };
            println!("{name}: {with:.0}/s with, {without:.0}/s without: {:.3}", with / without);
            ratios.push(with / without);
        }
        ratios.sort_by(f64::total_cmp);
        println!("{name}: median {:.3}", ratios[ratios.len() / 2]);
    }
    Ok(())
}

/// A database with made-up data.
async fn filled(url: &str) -> Result<Database, Failure> {
    let database = Database::open(url, 8).await?;
    database.migrate().await?;
    if !synthetic::is_sown(&database.writer).await? {
        let today = Clock::system().now().date_naive();
        let sowing = Sowing { families: 300, seed: 1, today };
        let vault = Vault::of(Some(KEYS))?;
        Box::pin(synthetic::sow(&database.writer, &sowing, &vault, |_| ())).await?;
    }
    Ok(database)
}

/// Answers a second, asked by so many clients at once.
async fn throughput(
    app: &App,
    token: &str,
    document: &Arc<ExecutableDocument>,
    clients: usize,
    time: Duration,
) -> Result<f64, Failure> {
    let (is_over, answers) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let started = tokio::time::Instant::now();
    let asking: Vec<_> = (0..clients)
        .map(|_| {
            let (app, token, document) = (app.clone(), token.to_owned(), Arc::clone(document));
            let (is_over, answers) = (Arc::clone(&is_over), Arc::clone(&answers));
            tokio::spawn(async move {
                while !is_over.load(Ordering::Relaxed) {
                    ask(&app, &token, &document).await?;
                    answers.fetch_add(1, Ordering::Relaxed);
                }
                Ok::<_, Failure>(())
            })
        })
        .collect();
    tokio::time::sleep(time).await;
    is_over.store(true, Ordering::Relaxed);
    for client in asking {
        client.await??;
    }
    #[expect(clippy::cast_precision_loss, reason = "a ratio needs no more")]
    Ok(answers.load(Ordering::Relaxed) as f64 / started.elapsed().as_secs_f64())
}

/// What the service does of a request, but for HTTP.
async fn ask(app: &App, token: &str, document: &ExecutableDocument) -> Result<(), Failure> {
    let session = app.admit(token, Uuid::now_v7(), Language::default()).await?;
    session.asks(Operation { name: Some("Cost".to_owned()), ..Operation::default() });
    let mut request = async_graphql::Request::new("");
    request.set_parsed_query(document.clone());
    let response = app.execute(session, request).await;
    if response.is_err() {
        return Err(format!("{:?}", response.errors).into());
    }
    let body = serde_json::to_vec(&response)?;
    if body.len() < 1000 {
        return Err("the answer is empty".into());
    }
    Ok(())
}

fn document(name: &str) -> Result<ExecutableDocument, Failure> {
    let found = TRUSTED.iter().find(|(known, _)| *known == name).ok_or("no such document")?;
    Ok(parse_query(found.1)?)
}

fn claims() -> Result<Claims, Failure> {
    let actor = synthetic::actors().into_iter().find(|actor| actor.key == "supervisor");
    let actor = actor.ok_or("no such actor")?;
    let now = Clock::system().now();
    Ok(Claims {
        subject: actor.subject,
        client_id: actor.client_id,
        organisation: actor.organisation_id,
        role: actor.role,
        scopes: actor.scopes.iter().map(|scope| (*scope).to_owned()).collect(),
        token_id: Uuid::now_v7().simple().to_string(),
        session_id: None,
        device_id: None,
        issuer: ISSUER.to_owned(),
        issued_at: now,
        expires_at: now + TimeDelta::minutes(55),
    })
}

async fn app(audit: Audit, database: &Database, signer: &Signer) -> Result<App, Failure> {
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
        pool_size: 8,
        deadline: Duration::from_secs(10),
        time_zone: chrono_tz::UTC,
        terms: Terms::default(),
        clock: Clock::system(),
        viewers_kept_for: Duration::from_secs(2),
        vault: Vault::of(Some(KEYS))?,
        rates: Rates { viewer: Rates::VIEWER, client: Rates::CLIENT },
        client_address_header: None,
    };
    let schema = graphql::schema(Seal::new(b"cost"));
    Ok(App::audited_by(audit, (schema, documents, database.clone(), verifier, settings)))
}
