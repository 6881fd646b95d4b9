//! `hearth serve`: production, which starts only when everything it needs is there.

use std::path::PathBuf;
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;

use super::Failure;
use crate::access::audit;
use crate::access::token::{self, Issuer, KeySource, Verifier};
use crate::access::{Vault, vault};
use crate::app::{App, Settings};
use crate::clock::Clock;
use crate::config::{Answering, FreeForm, Serve};
use crate::database::{Database, FileLock};
use crate::graphql;
use crate::graphql::page::Seal;
use crate::server::{self, documents, documents::Documents, examples, explorer};
use crate::upkeep;

/// Runs `hearth serve`.
pub async fn run(settings: Serve) -> Result<(), Failure> {
    token::self_test()?;
    let seal = seal(settings.cursor_secret.as_deref())?;
    let vault = Vault::of(settings.keys.text())?;
    let verifier = Verifier::open(issuers(&settings)?).await?;
    let url = &settings.database.database_url;
    let _lock = FileLock::take(url)?;
    let database = Database::open(url, settings.answering.pool_size).await?;
    if settings.migrate {
        database.migrate().await?;
    }
    let pending = database.pending().await?;
    if !pending.is_empty() {
        let count = pending.len();
        return Err(format!(
            "the database lacks {count} steps: run `hearth migrate up`, or serve with --migrate"
        )
        .into());
    }
    vault::store::check(&database.reader, &vault).await?;
    let free_form = match settings.free_form {
        FreeForm::On => documents::FreeForm::On,
        FreeForm::Scope => documents::FreeForm::Scope,
        FreeForm::Off => documents::FreeForm::Off,
    };
    let answering = &settings.answering;
    let introspection = settings.introspection;
    let app = app(answering, database, verifier, seal, vault, free_form, introspection)?;
    let mut router = if settings.reports {
        // People bring their own tokens.
        server::router_with_reports(app.clone(), Vec::new)
    } else {
        server::router(app.clone())
    };
    if settings.explorer {
        let page = || explorer::Settings { endpoint: "/graphql", roles: examples::roles(|_| None) };
        router = router.merge(explorer::routes(page, Some(graphql::sdl())));
    }
    answer(answering, app, router, |address| tracing::info!(%address, "serving")).await
}

fn seal(secret: Option<&str>) -> Result<Seal, Failure> {
    match secret {
        Some(secret) if secret.len() < 32 => {
            Err("the cursor secret must have at least 32 characters".into())
        }
        Some(secret) => Ok(Seal::new(secret.as_bytes())),
        None => {
            tracing::warn!(
                "no cursor secret: cursors hold until this server stops, and for no other server"
            );
            Seal::random()
        }
    }
}

fn issuers(settings: &Serve) -> Result<Vec<Issuer>, Failure> {
    let own = Issuer {
        issuer: settings.issuer.clone(),
        audience: settings.audience.clone(),
        keys: keys(&settings.jwks),
        foreign: false,
    };
    let mut issuers = vec![own];
    for trusted in &settings.trusted_issuers {
        let (issuer, jwks) = trusted
            .rsplit_once('=')
            .ok_or_else(|| format!("`{trusted}` is not of the form ISSUER=FILE-OR-URL"))?;
        issuers.push(Issuer {
            issuer: issuer.to_owned(),
            audience: settings.audience.clone(),
            keys: keys(jwks),
            foreign: true,
        });
    }
    Ok(issuers)
}

fn keys(place: &str) -> KeySource {
    if place.starts_with("https://") || place.starts_with("http://") {
        KeySource::Url(place.to_owned())
    } else {
        KeySource::File(PathBuf::from(place))
    }
}

/// Puts the service together.
pub fn app(
    answering: &Answering,
    database: Database,
    verifier: Verifier,
    seal: Seal,
    vault: Vault,
    free_form: documents::FreeForm,
    introspection: bool,
) -> Result<App, Failure> {
    let schema = graphql::schema(seal);
    let manifest = answering.documents.as_deref();
    let documents = Documents::load(&graphql::sdl(), examples::TRUSTED, manifest, free_form)?;
    let settings = Settings {
        introspection,
        pool_size: usize::try_from(answering.pool_size)?,
        deadline: Duration::from_secs(answering.deadline_seconds),
        time_zone: answering.time_zone,
        terms: answering.terms(),
        clock: Clock::system(),
        viewers_kept_for: Duration::from_secs(answering.viewer_seconds),
        vault,
        rates: answering.rates(),
        client_address_header: answering.client_address_header.clone(),
    };
    Ok(App::new(schema, documents, database, verifier, settings))
}

/// Listens until a signal asks to stop, then lets running requests end. Meanwhile, what is due by
/// itself is done.
pub async fn answer(
    answering: &Answering,
    app: App,
    router: Router,
    ready: impl FnOnce(std::net::SocketAddr),
) -> Result<(), Failure> {
    let listener = TcpListener::bind(answering.listen).await.map_err(|error| {
        format!("can't listen on {}: {error}. Choose another with --listen", answering.listen)
    })?;
    ready(listener.local_addr()?);
    let drain = Duration::from_secs(answering.drain_seconds);
    let every = Duration::from_secs(answering.upkeep_seconds);
    let upkeep = tokio::spawn(upkeep::run(app.clone(), every));
    let counting = tokio::spawn(upkeep::count(app.clone(), every));
    let every = Duration::from_secs(answering.seal_seconds);
    let (database, clock) = (app.database.clone(), app.settings.clock.clone());
    let sealer = tokio::spawn(audit::chain::run(database, clock, every));
    let served = server::listen::serve(listener, router, stop_asked(), drain).await;
    upkeep.abort();
    counting.abort();
    sealer.abort();
    app.audit.flush().await;
    served?;
    tracing::info!("stopped");
    Ok(())
}

/// Waits for Ctrl-C or SIGTERM.
async fn stop_asked() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    interrupt.await.unwrap_or_default();
}
