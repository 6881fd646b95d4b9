//! The service as its parts: what all requests share, how a token becomes a session, and how an
//! operation is executed so that nothing personal leaves before it is in the audit.

use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_graphql::{Request, Response, ServerError};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use entity::membership::Role;
use tokio::time::Instant;
use uuid::Uuid;

use crate::access::audit::Audit;
use crate::access::session::Circumstances;
use crate::access::token::{Claims, Verifier};
use crate::access::viewer::Extent;
use crate::access::{Session, Vault, Viewer};
use crate::clock::Clock;
use crate::database::Database;
use crate::error::{Error, Result};
use crate::graphql::Schema;
use crate::graphql::loader::Loaders;
use crate::language::Language;
use crate::rates::Rates;
use crate::recent::Recent;
use crate::server::documents::Documents;
use crate::terms::Terms;

/// For how long lists are planned by what an organisation reached; who reaches more meanwhile waits a
/// little longer, and sees no less.
const EXTENT_KEPT_FOR: Duration = Duration::from_mins(1);

/// The service, shared by all requests.
#[derive(Clone)]
pub struct App(Arc<Parts>);

/// What all requests share.
pub struct Parts {
    /// The schema that is executed.
    pub schema: Schema,
    /// The documents that clients may ask for by name or send.
    pub documents: Arc<Documents>,
    /// The connections to the database.
    pub database: Database,
    /// Who checks tokens.
    pub verifier: Verifier,
    /// Where what is read is written before it is shown.
    pub audit: Audit,
    /// Settings of the service.
    pub settings: Settings,
    /// Who asked a moment ago, by the subjects of their tokens.
    viewers: Recent<String, Arc<(Arc<Claims>, Viewer)>>,
    /// How much organisations reach in a role, which lists are planned by.
    extents: Recent<(Uuid, Role), Extent>,
    up_to_date: AtomicBool,
}

/// Settings of the service.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Answer introspection for everybody.
    pub introspection: bool,
    /// Database connections; four times as many operations run at once.
    pub pool_size: usize,
    /// After how long an operation is stopped.
    pub deadline: Duration,
    /// The authority's time zone.
    pub time_zone: Tz,
    /// The authority's deadlines.
    pub terms: Terms,
    /// What time it is.
    pub clock: Clock,
    /// For how long a viewer's memberships hold once they were read; until the viewer's next change.
    pub viewers_kept_for: Duration,
    /// What seals and opens RESTRICTED values.
    pub vault: Vault,
    /// How much may be asked for in a while.
    pub rates: Rates,
    /// The header in which a trusted proxy gives the client's address, if there is one.
    pub client_address_header: Option<String>,
}

impl Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl App {
    /// Puts the parts together, and starts the audit's writer.
    pub fn new(
        schema: Schema,
        documents: Documents,
        database: Database,
        verifier: Verifier,
        settings: Settings,
    ) -> Self {
        let audit = Audit::start(database.writer.clone());
        Self::audited_by(audit, (schema, documents, database, verifier, settings))
    }

    /// The same with an audit of one's own, to measure what it costs.
    pub fn audited_by(
        audit: Audit,
        (schema, documents, database, verifier, settings): (
            Schema,
            Documents,
            Database,
            Verifier,
            Settings,
        ),
    ) -> Self {
        let up_to_date = AtomicBool::new(false);
        let documents = Arc::new(documents);
        let (viewers, extents) = (Recent::default(), Recent::default());
        Self(Arc::new(Parts {
            schema,
            documents,
            database,
            verifier,
            audit,
            settings,
            viewers,
            extents,
            up_to_date,
        }))
    }

    /// Lets a token in, as a session for one request.
    pub async fn admit(
        &self,
        bearer: &str,
        request_id: Uuid,
        language: Language,
    ) -> Result<Session> {
        let claims = self.verify(bearer, request_id).await?;
        self.open(&claims, request_id, language).await
    }

    /// What a token says. Why one is refused is in the log only.
    pub async fn verify(&self, bearer: &str, request_id: Uuid) -> Result<Arc<Claims>> {
        self.verifier.verify(bearer).await.map_err(|refusal| {
            tracing::info!(%request_id, reason = refusal.code(), "token refused");
            Error::Unauthenticated
        })
    }

    /// A session for one request of whom a token names.
    pub async fn open(
        &self,
        claims: &Arc<Claims>,
        request_id: Uuid,
        language: Language,
    ) -> Result<Session> {
        let viewer = self.viewer(claims, self.settings.clock.now()).await?;
        let circumstances = Circumstances {
            request_id,
            zone: self.settings.time_zone,
            language,
            terms: self.settings.terms,
            clock: self.settings.clock.clone(),
            vault: self.settings.vault.clone(),
        };
        Ok(Session::new(self.database.clone(), viewer, circumstances))
    }

    /// The viewer that a token names, as they were a moment ago at the most.
    async fn viewer(&self, claims: &Arc<Claims>, now: DateTime<Utc>) -> Result<Viewer> {
        let kept = self.viewers.recall(claims.subject.as_str());
        if let Some(kept) = kept.filter(|kept| kept.0 == *claims) {
            return Ok(Viewer { now, ..kept.1.clone() });
        }
        let asked_at = Instant::now();
        let reach = (claims.organisation, claims.role);
        let known = self.extents.recall(&reach);
        let viewer = Viewer::load(&self.database.reader, claims, now, known).await?;
        if known.is_none() {
            self.extents.remember(reach, viewer.extent, asked_at, EXTENT_KEPT_FOR);
        }
        let kept = Arc::new((Arc::clone(claims), viewer.clone()));
        let kept_for = self.settings.viewers_kept_for;
        self.viewers.remember(claims.subject.clone(), kept, asked_at, kept_for);
        Ok(viewer)
    }

    /// A session in which the service does by itself what is due for an organisation.
    pub fn house(&self, organisation_id: Uuid) -> Session {
        self.house_in(self.database.clone(), organisation_id)
    }

    /// A session in which the service counts by itself, however long it takes.
    pub fn patient_house(&self) -> Session {
        self.house_in(self.database.patiently(), Uuid::nil())
    }

    fn house_in(&self, database: Database, organisation_id: Uuid) -> Session {
        let backend = self.database.writer.get_database_backend();
        let viewer = Viewer::house(organisation_id, self.settings.clock.now(), backend);
        let circumstances = Circumstances {
            request_id: Uuid::now_v7(),
            zone: self.settings.time_zone,
            language: Language::default(),
            terms: self.settings.terms,
            clock: self.settings.clock.clone(),
            vault: self.settings.vault.clone(),
        };
        Session::new(database, viewer, circumstances)
    }

    /// Executes an operation; what it shows of personal data is in the audit before it leaves.
    pub async fn execute(&self, session: Session, request: Request) -> Response {
        let loaders = Loaders::new(session.clone());
        let response = self.schema.execute(request.data(loaders)).await;
        if session.has_written() {
            self.viewers.forget(session.viewer().subject.as_str());
        }
        match self.audit.record(&session).await {
            Ok(()) => response,
            Err(error) => Response::from_errors(vec![as_server_error(error)]),
        }
    }

    /// Does other work for a session; what it shows of personal data is in the audit before it leaves.
    pub async fn audited<T>(
        &self,
        session: &Session,
        work: impl Future<Output = Result<T>> + Send,
    ) -> Result<T> {
        let done = work.await;
        self.audit.record(session).await?;
        done
    }

    /// Whether requests can be answered; if not, why.
    pub async fn ready(&self) -> Result<(), String> {
        self.database.ping().await.map_err(|error| format!("no database: {error}"))?;
        if self.up_to_date.load(Ordering::Relaxed) {
            return Ok(());
        }
        let pending = self.database.pending().await.map_err(|error| error.to_string())?;
        if !pending.is_empty() {
            return Err(format!(
                "the database lacks {} steps: run `hearth migrate up`",
                pending.len()
            ));
        }
        self.up_to_date.store(true, Ordering::Relaxed);
        Ok(())
    }
}

fn as_server_error(error: Error) -> ServerError {
    let mut told = ServerError::new(error.to_string(), None);
    told.source = Some(Arc::new(error));
    told
}
