//! What every story needs: a database of its own, the real router, people with tokens, a clock
//! that may be moved, and a count of SQL statements.

mod answer;
mod centres;
mod database;
mod families;
mod faults;
pub mod log;
mod mutation;
mod plans;
pub mod programmes;
mod records;
mod sharing;
pub mod process;
pub mod wire;
pub mod world;

use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use axum::Router;
use axum::http::header;
use chrono::{DateTime, TimeDelta, Utc};
use entity::secret::{Sealed, Secret};
use hearth::access::token::{Claims, Issuer, KeySource, Signer, Verifier};
use hearth::access::{Place, Vault};
use hearth::app::{App, Settings};
use hearth::clock::Clock;
use hearth::database::Database;
use hearth::graphql::{self, page::Seal};
use hearth::server::{self, documents::Documents, documents::FreeForm, examples};
use sea_orm::ColumnTrait;
use serde_json::{Value, json};
use uuid::Uuid;

pub use answer::Answer;
pub use database::{Filling, TODAY};
use faults::Faults;
use world::Person;

/// Issuer and audience of the tokens that the harness signs.
pub const ISSUER: &str = "https://issuer.test";
pub const AUDIENCE: &str = "hearth-test";
/// The key that seals in stories, as servers of their own are given it.
pub const DATA_KEYS: &str = "test=AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

/// The service of one story.
pub struct Stage {
    /// Where the database is.
    pub url: String,
    pub database: Database,
    pub router: Router,
    pub app: App,
    /// What becomes of operations that are to fail, if the setup says so.
    pub faults: Arc<Faults>,
    clock: Arc<AtomicI64>,
    statements: Arc<AtomicUsize>,
    said: Arc<Mutex<Vec<String>>>,
}

/// What is particular about the service of a story.
pub struct Setup {
    pub settings: Settings,
    /// Whether documents are answered that are not trusted.
    pub free_form: FreeForm,
    /// Whether operations fail that are called after a fault.
    pub with_faults: bool,
}

/// Tells a story on an empty database.
pub fn run(story: impl AsyncFnOnce(&Stage) + Send) {
    run_with(|_| (), story);
}

/// Tells a story on an empty database, with a service that is set up in another way.
pub fn run_with(change: impl FnOnce(&mut Setup) + Send, story: impl AsyncFnOnce(&Stage) + Send) {
    run_on(Filling::Empty, change, story);
}

/// Tells a story on the made-up data of the demo.
pub fn run_on_demo(story: impl AsyncFnOnce(&Stage) + Send) {
    run_on_demo_with(|_| (), story);
}

/// The same, with a changed setup.
pub fn run_on_demo_with(
    change: impl FnOnce(&mut Setup) + Send,
    story: impl AsyncFnOnce(&Stage) + Send,
) {
    run_on(Filling::Demo, change, story);
}

/// A thread with the stack that the server's workers have, so that what overflows there does here.
fn run_on(
    filling: Filling,
    change: impl FnOnce(&mut Setup) + Send,
    story: impl AsyncFnOnce(&Stage) + Send,
) {
    std::thread::scope(|scope| {
        let told = std::thread::Builder::new()
            .stack_size(8 * 1024 * 1024)
            .spawn_scoped(scope, || {
                let runtime =
                    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
                runtime.block_on(async {
                    let place = database::Place::make(filling).await;
                    let stage = Stage::open(&place, change).await;
                    story(&stage).await;
                });
            })
            .unwrap();
        if let Err(panic) = told.join() {
            std::panic::resume_unwind(panic);
        }
    });
}

/// The key of the harness, one for all stories.
pub fn signer() -> &'static Signer {
    static SIGNER: OnceLock<Signer> = OnceLock::new();
    SIGNER.get_or_init(|| Signer::generate().unwrap())
}

impl Stage {
    async fn open(place: &database::Place, change: impl FnOnce(&mut Setup)) -> Self {
        let mut database = place.open().await;
        let statements = Arc::new(AtomicUsize::new(0));
        let said = Arc::new(Mutex::new(Vec::new()));
        let (count, texts) = (Arc::clone(&statements), Arc::clone(&said));
        database.observe(move |info| {
            count.fetch_add(1, Ordering::SeqCst);
            texts.lock().unwrap().push(info.statement.sql.clone());
        });
        let clock = Arc::new(AtomicI64::new(0));
        let faults = Arc::new(Faults::default());
        let mut setup = Setup::usual(&clock);
        change(&mut setup);
        let app = app(database.clone(), setup, &faults).await;
        let router = server::router(app.clone());
        Self { url: place.url(), database, router, app, faults, clock, statements, said }
    }

    /// Seals a restricted value for its place.
    pub fn seal<C: ColumnTrait>(&self, column: C, row: Uuid, text: &str) -> Sealed {
        self.vault().seal(Place::of(column, row), &Secret::new(text.to_owned())).unwrap()
    }

    /// Opens a restricted value of a place.
    pub fn open_at<C: ColumnTrait>(&self, column: C, row: Uuid, sealed: &Sealed) -> String {
        self.vault().open(Place::of(column, row), sealed).unwrap().expose().to_owned()
    }

    /// What seals and opens restricted values here.
    pub fn vault(&self) -> &Vault {
        &self.app.settings.vault
    }

    /// Moves the story's clock.
    pub fn wait(&self, time: TimeDelta) {
        self.clock.fetch_add(time.num_microseconds().unwrap(), Ordering::SeqCst);
    }

    /// The story's time.
    pub fn now(&self) -> DateTime<Utc> {
        self.app.settings.clock.now()
    }

    /// Somebody with a token.
    pub fn as_(&self, person: &Person) -> Client<'_> {
        self.with_token(&token(&person.claims(Vec::new())))
    }

    /// Somebody with a token that carries scopes.
    pub fn as_with(&self, person: &Person, scopes: &[&str]) -> Client<'_> {
        let scopes = scopes.iter().map(|scope| (*scope).to_owned()).collect();
        self.with_token(&token(&person.claims(scopes)))
    }

    /// Somebody with this text as token.
    pub fn with_token(&self, token: &str) -> Client<'_> {
        Client { stage: self, token: Some(token.to_owned()), language: None }
    }

    /// Somebody without a token.
    pub fn anonymous(&self) -> Client<'_> {
        Client { stage: self, token: None, language: None }
    }

    /// How many SQL statements a request takes, and its answer.
    pub async fn counted(&self, request: impl Future<Output = Answer>) -> (usize, Answer) {
        self.counting(request).await
    }

    /// How many SQL statements some work takes, and what it comes to.
    pub async fn counting<T>(&self, request: impl Future<Output = T>) -> (usize, T) {
        self.statements.store(0, Ordering::SeqCst);
        self.said.lock().unwrap().clear();
        let answer = request.await;
        (self.statements.load(Ordering::SeqCst), answer)
    }

    /// The statements since the last count.
    pub fn said(&self) -> Vec<String> {
        self.said.lock().unwrap().clone()
    }
}

impl Setup {
    fn usual(clock: &Arc<AtomicI64>) -> Self {
        let offset = Arc::clone(clock);
        let system = Clock::system();
        let settings = Settings {
            introspection: true,
            pool_size: 5,
            deadline: Duration::from_secs(10),
            time_zone: chrono_tz::UTC,
            terms: hearth::terms::Terms::default(),
            client_address_header: None,
            clock: Clock::new(move || {
                system.now() + TimeDelta::microseconds(offset.load(Ordering::SeqCst))
            }),
            viewers_kept_for: Duration::ZERO,
            vault: Vault::of(Some(DATA_KEYS)).unwrap(),
            rates: hearth::rates::Rates::default(),
        };
        Self { settings, free_form: FreeForm::On, with_faults: false }
    }
}

async fn app(database: Database, setup: Setup, faults: &Arc<Faults>) -> App {
    let issuer = Issuer {
        issuer: ISSUER.to_owned(),
        audience: AUDIENCE.to_owned(),
        keys: KeySource::Inline(signer().public_jwks()),
        foreign: false,
    };
    let documents =
        Documents::load(&graphql::sdl(), examples::TRUSTED, None, setup.free_form).unwrap();
    let verifier = Verifier::open(vec![issuer]).await.unwrap();
    let seal = Seal::new(b"test");
    let schema = if setup.with_faults {
        graphql::builder(seal).extension(faults::OnOrder(Arc::clone(faults))).finish()
    } else {
        graphql::schema(seal)
    };
    App::new(schema, documents, database, verifier, setup.settings)
}

/// A signed token.
pub fn token(claims: &Claims) -> String {
    signer().sign(claims, AUDIENCE).unwrap()
}

/// Somebody who sends requests.
pub struct Client<'s> {
    stage: &'s Stage,
    token: Option<String>,
    language: Option<&'static str>,
}

impl Client<'_> {
    /// The same person, who asks for messages in a language.
    pub fn in_language(self, tag: &'static str) -> Self {
        Self { language: Some(tag), ..self }
    }

    /// Sends a query.
    pub async fn query(&self, query: &str) -> Answer {
        self.query_with(query, json!({})).await
    }

    /// Sends a query with variables.
    pub async fn query_with(&self, query: &str, variables: Value) -> Answer {
        self.post(&json!({ "query": query, "variables": variables })).await
    }

    /// Sends a body.
    pub async fn post(&self, body: &Value) -> Answer {
        let token = self.token.as_deref().unwrap_or_default();
        let mut request = wire::post(token, wire::GRAPHQL, body);
        if self.token.is_none() {
            request.headers_mut().remove(header::AUTHORIZATION);
        }
        if let Some(language) = self.language {
            let language = header::HeaderValue::from_static(language);
            request.headers_mut().insert(header::ACCEPT_LANGUAGE, language);
        }
        self.stage.send(request).await
    }
}

/// Claims of a token that holds for an hour.
pub fn claims(
    subject: &str,
    client_id: &str,
    organisation: Uuid,
    role: entity::membership::Role,
    scopes: Vec<String>,
) -> Claims {
    let now = Clock::system().now();
    Claims {
        subject: subject.to_owned(),
        client_id: client_id.to_owned(),
        organisation,
        role,
        scopes: scopes.into_iter().collect(),
        token_id: Uuid::now_v7().simple().to_string(),
        session_id: Some("session-1".to_owned()),
        device_id: Some("device-1".to_owned()),
        issuer: ISSUER.to_owned(),
        issued_at: now,
        expires_at: now + TimeDelta::minutes(30),
    }
}
