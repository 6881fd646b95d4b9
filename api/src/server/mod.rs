//! HTTP, and nothing but HTTP: from a request to an operation of the schema, and from its outcome to
//! a response. Nobody else knows status codes, headers or media types.

use std::{panic::AssertUnwindSafe, sync::Arc, time::Duration};

use axum::{
    Extension, Json, Router,
    extract::Request,
    http::{HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::{Next, from_fn},
    response::{IntoResponse, Response},
    routing::any,
};
use futures_util::FutureExt;
use serde_json::json;
use uuid::Uuid;

use crate::app::App;
use limits::Limits;
use listen::Running;
use negotiate::{Media, negotiate};
use refusal::Refusal;
use respond::{Reply, X_REQUEST_ID};

mod cost;
pub mod examples;
pub mod explorer;
pub mod reports;
mod pages;
mod caller;
pub mod documents;
mod guard;
mod limits;
pub mod listen;
mod negotiate;
mod operation;
mod origin;
mod precheck;
mod buckets;
mod refusal;
mod request;
mod respond;
mod shape;

const READY_TIME: Duration = Duration::from_secs(2);

/// What the handlers share.
struct State {
    app: App,
    limits: Limits,
    deadline: Duration,
    /// The header in which a trusted proxy gives the client's address.
    address_header: Option<HeaderName>,
}

/// The identity of one HTTP request, in its answer, its log lines and its audit events.
#[derive(Debug, Clone, Copy)]
struct RequestId(Uuid);

/// All routes of the service but the explorer and the reports page.
pub fn router(app: App) -> Router {
    let state = State::of(app);
    routes(state, Router::new())
}

/// The same with the page of reports; `readers` tells as whom people may look at it without a token of
/// their own.
pub fn router_with_reports(
    app: App,
    readers: impl Fn() -> Vec<reports::Reader> + Clone + Send + Sync + 'static,
) -> Router {
    let state = State::of(app);
    let reports = reports::routes(&state, readers);
    routes(state, reports)
}

impl State {
    fn of(app: App) -> Arc<Self> {
        Arc::new(Self {
            limits: Limits::new(app.settings.pool_size, app.settings.rates),
            deadline: app.settings.deadline,
            address_header: app
                .settings
                .client_address_header
                .as_ref()
                .and_then(|n| n.parse().ok()),
            app,
        })
    }
}

fn routes(state: Arc<State>, others: Router) -> Router {
    let graphql = {
        let state = Arc::clone(&state);
        move |Extension(RequestId(id)), running: Option<Extension<Running>>, request: Request| {
            let running = running.map(|Extension(running)| running).unwrap_or_default();
            operation::answer(Arc::clone(&state), id, running, request)
        }
    };
    let ready =
        move |running: Option<Extension<Running>>, request: Request| ready(state, running, request);
    Router::new()
        .route("/graphql", any(graphql))
        .route("/healthz", any(healthy))
        .route("/readyz", any(ready))
        .merge(others)
        .fallback(nothing_here)
        .layer(from_fn(frame))
}

/// Around every request: its id, the headers of every answer, and what a panic looks like outside.
async fn frame(mut request: Request, next: Next) -> Response {
    let id = Uuid::now_v7();
    let media = negotiate(request.headers()).unwrap_or(Media::Json);
    request.headers_mut().remove(X_REQUEST_ID);
    request.extensions_mut().insert(RequestId(id));
    let answered = AssertUnwindSafe(next.run(request)).catch_unwind().await;
    let mut response = answered.unwrap_or_else(|_| {
        tracing::error!(request_id = %id, "a handler panicked");
        Reply::new(id, media).broken()
    });
    let headers = response.headers_mut();
    if let Ok(id) = HeaderValue::from_str(&id.to_string()) {
        headers.insert(X_REQUEST_ID, id);
    }
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// The process lives.
async fn healthy(Extension(id): Extension<RequestId>, request: Request) -> Response {
    match *request.method() {
        Method::GET | Method::HEAD => Json(json!({ "status": "ok" })).into_response(),
        _ => only_get(id),
    }
}

/// New requests may come here: the database answers, its migrations are run, no shutdown has begun.
async fn ready(
    state: Arc<State>,
    running: Option<Extension<Running>>,
    request: Request,
) -> Response {
    let id = request.extensions().get().copied().unwrap_or(RequestId(Uuid::nil()));
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return only_get(id);
    }
    let is_draining = running.is_some_and(|Extension(running)| running.is_draining());
    let problem = if is_draining {
        Some("shutting down".to_owned())
    } else {
        match tokio::time::timeout(READY_TIME, state.app.ready()).await {
            Ok(ready) => ready.err(),
            Err(_) => Some("no answer in time".to_owned()),
        }
    };
    match problem {
        None => Json(json!({ "status": "ready" })).into_response(),
        Some(reason) => {
            // The reason may name hosts: it is for the log.
            tracing::warn!(reason, "not ready");
            let body = Json(json!({ "status": "not ready" }));
            (StatusCode::SERVICE_UNAVAILABLE, body).into_response()
        }
    }
}

async fn nothing_here(Extension(RequestId(id)): Extension<RequestId>) -> Response {
    let message = "There is nothing at this address: send GraphQL to /graphql, by POST.";
    Reply::new(id, Media::Json).refuse(Refusal::http(StatusCode::NOT_FOUND, message))
}

fn only_get(RequestId(id): RequestId) -> Response {
    Reply::new(id, Media::Json).refuse(Refusal::method("GET, HEAD", "Ask for this by GET."))
}
