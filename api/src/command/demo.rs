//! `hearth demo`: made-up data, a token for each role, and the explorer, in one command.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use chrono::TimeDelta;
use uuid::Uuid;

use super::token::write_secret;
use super::{Failure, keys, serve};
use crate::access::Vault;
use crate::access::token::{self, Claims, Issuer, KeySource, Signer, Verifier};
use crate::access::vault::{ring, rotation::Outcome};
use crate::app::App;
use crate::clock::Clock;
use crate::config::Demo;
use crate::database::{Database, FileLock, sqlite_path};
use crate::graphql;
use crate::graphql::page::Seal;
use crate::server::{self, documents::FreeForm, examples, explorer, reports};
use crate::synthetic::{self, Sowing};

const ISSUER: &str = "https://hearth.invalid/demo";
const AUDIENCE: &str = "hearth-demo";
const LIFETIME: TimeDelta = TimeDelta::hours(1);
const REWRITE: Duration = Duration::from_mins(30);

/// Runs `hearth demo`.
pub async fn run(settings: Demo) -> Result<(), Failure> {
    token::self_test()?;
    let url = settings.url();
    let _lock = FileLock::take(&url)?;
    let database = Database::open(&url, settings.answering.pool_size).await?;
    let vault = vault(&settings, &url)?;
    let sown = fill(&settings, &database, &vault).await?;

    let signer = Arc::new(Signer::generate()?);
    let issuer = Issuer {
        issuer: ISSUER.to_owned(),
        audience: AUDIENCE.to_owned(),
        keys: KeySource::Inline(signer.public_jwks()),
        foreign: false,
    };
    let verifier = Verifier::open(vec![issuer]).await?;
    let answering = &settings.answering;
    let seal = Seal::random()?;
    let app = serve::app(answering, database, verifier, seal, vault, FreeForm::On, true)?;

    let made = tokens(&signer)?;
    if let Some(path) = &settings.tokens {
        write_tokens(path, &made)?;
        keep_fresh(path.clone(), Arc::clone(&signer));
    }
    let router = router(app.clone(), signer);
    serve::answer(answering, app, router, |address| announce(address, &url, &sown, &made)).await
}

/// All routes, with the explorer and the page of reports, where each role has a token.
fn router(app: App, signer: Arc<Signer>) -> Router {
    let tokens = move || tokens(&signer).unwrap_or_default();
    let of_readers = tokens.clone();
    let readers = move || {
        let tokens = of_readers();
        reports::readers(|key| tokens.get(key).cloned())
    };
    let page = move || {
        let tokens = tokens();
        let roles = examples::roles(|key| tokens.get(key).cloned());
        explorer::Settings { endpoint: "/graphql", roles }
    };
    let router = server::router_with_reports(app, readers);
    router.merge(explorer::routes(page, Some(graphql::sdl())))
}

/// The keys that were given, or a key that lasts as long as the data: in a file beside an SQLite
/// database that only its owner can read.
fn vault(settings: &Demo, url: &str) -> Result<Vault, Failure> {
    if let Some(keys) = settings.keys.text() {
        return Ok(Vault::of(Some(keys))?);
    }
    let Some(path) = sqlite_path(url) else { return Ok(Vault::of(Some(&ring::of_demo()))?) };
    let mut file = path.as_os_str().to_owned();
    file.push(".keys");
    let file = Path::new(&file);
    match std::fs::read_to_string(file) {
        Ok(keys) => Ok(Vault::of(Some(keys.trim()))?),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let key = ring::fresh(Clock::system().now())?;
            write_secret(file, &key)?;
            Ok(Vault::of(Some(&key))?)
        }
        Err(error) => Err(format!("can't read {}: {error}", file.display()).into()),
    }
}

/// Fills an empty database; one that was filled before is used as it is.
async fn fill(settings: &Demo, database: &Database, vault: &Vault) -> Result<String, Failure> {
    database.migrate().await?;
    if synthetic::is_sown(&database.writer).await? {
        let Outcome { unopenable, .. } = keys::seal_anew(database, vault).await?;
        if unopenable > 0 {
            return Err(
                "the demo's database was sealed under a key that is gone: use another one, \
                        or remove it so that it is made anew"
                    .into(),
            );
        }
        return Ok("made-up data from an earlier start".to_owned());
    }
    let today = Clock::system().now().date_naive();
    let sowing = Sowing { families: settings.families, seed: settings.seed, today };
    let summary = Box::pin(synthetic::sow(&database.writer, &sowing, vault, |_| ())).await?;
    Ok(format!("{} made-up families", summary.families))
}

/// A token for each role, by the role's name.
fn tokens(signer: &Signer) -> Result<BTreeMap<&'static str, String>, Failure> {
    let now = Clock::system().now();
    let mut tokens = BTreeMap::new();
    for actor in synthetic::actors() {
        let claims = Claims {
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
            expires_at: now + LIFETIME,
        };
        tokens.insert(actor.key, signer.sign(&claims, AUDIENCE)?);
    }
    Ok(tokens)
}

fn write_tokens(path: &Path, tokens: &BTreeMap<&str, String>) -> Result<(), Failure> {
    write_secret(path, &serde_json::to_string_pretty(tokens)?)
}

/// Rewrites the tokens before they run out.
fn keep_fresh(path: std::path::PathBuf, signer: Arc<Signer>) {
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(REWRITE).await;
            let written = tokens(&signer).and_then(|tokens| write_tokens(&path, &tokens));
            if let Err(error) = written {
                tracing::error!(%error, "the tokens can't be written");
            }
        }
    });
}

fn announce(address: SocketAddr, url: &str, sown: &str, tokens: &BTreeMap<&str, String>) {
    let place =
        sqlite_path(url).map_or_else(|| "PostgreSQL".to_owned(), |path| path.display().to_string());
    println!("Hearth demo: all persons are made up. Never put real data here.");
    println!("Data      {place} ({sown})");
    println!("GraphQL   http://{address}/graphql");
    println!("Explorer  http://{address}/");
    println!("Reports   http://{address}/reports");
    println!("Tokens, for one hour, as `Authorization: Bearer <token>`:");
    for (role, token) in tokens {
        println!("{role:<17} {token}");
    }
}
