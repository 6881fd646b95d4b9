//! The page of reports at `/reports`, and the same report as JSON, CSV and a workbook. What it shows comes
//! from the service's own host alone; a token is given with each request and kept nowhere.

mod asking;
mod csv;
mod json;
mod reading;
mod sheet;
mod words;
mod xlsx;

use std::sync::Arc;

use axum::{
    Extension, Json, Router,
    extract::{Path, Request},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header, request::Parts},
    middleware::map_response,
    response::{Html, IntoResponse, Response},
    routing::{any, get},
};
use rust_embed::Embed;
use serde::Serialize;
use serde_json::json;
use tokio::time::{Instant, timeout_at};
use tracing::Instrument;
use uuid::Uuid;

use super::caller::Caller;
use super::negotiate::Media;
use super::pages::{ASK, NEVER, cached, fresh, guarded, kind};
use super::refusal::Refusal;
use super::respond::Reply;
use super::{RequestId, State, examples, limits};
use crate::access::{Session, audit::Operation};
use crate::error::{Error, Result};
use asking::Asked;
use sheet::Sheet;

/// As whom people may look at the page without a token of their own: in the demo.
#[derive(Clone, Debug, Serialize)]
pub struct Reader {
    #[serde(rename = "role")]
    pub name: &'static str,
    pub label: &'static str,
    pub about: &'static str,
    pub token: String,
}

/// Those of the explorer's roles who read reports, with the tokens that there are.
pub fn readers(token: impl Fn(&str) -> Option<String>) -> Vec<Reader> {
    let roles = examples::roles(token).into_iter();
    let reader = |role: super::explorer::Role| {
        let super::explorer::Role { name, label, about, token, .. } = role;
        READERS.contains(&name).then_some(())?;
        Some(Reader { name, label, about, token: token? })
    };
    let mut readers: Vec<Reader> = roles.filter_map(reader).collect();
    readers.sort_by_key(|reader| READERS.iter().position(|name| *name == reader.name));
    readers
}

const READERS: [&str; 6] =
    ["director", "supervisor", "coordinator", "centre_staff", "caseworker", "analyst"];

/// The routes of the page and of its reports; `readers` is asked at every opening of the page, so that
/// demo tokens can be fresh.
pub(super) fn routes(
    state: &Arc<State>,
    readers: impl Fn() -> Vec<Reader> + Clone + Send + Sync + 'static,
) -> Router {
    let told = move || {
        let readers = readers();
        async move { (cached(NEVER), Json(json!({ "roles": readers }))) }
    };
    let asked = |form: Form| {
        let state = Arc::clone(state);
        any(move |Extension(RequestId(id)): Extension<RequestId>, request: Request| {
            answer(Arc::clone(&state), id, form, request)
        })
    };
    Router::new()
        .route("/reports", get(page))
        .route("/reports/settings.json", get(told))
        .route("/reports/choices.json", asked(Form::Choices))
        .route("/reports/report.json", asked(Form::Json))
        .route("/reports/report.csv", asked(Form::Csv))
        .route("/reports/report.xlsx", asked(Form::Workbook))
        .route("/reports/{*path}", get(file))
        .layer(map_response(|response| async { guarded(response, POLICY) }))
}

#[derive(Embed)]
#[folder = "reports"]
struct Files;

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
    connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

async fn page() -> Response {
    let Some(page) = Files::get("index.html") else {
        return StatusCode::NOT_FOUND.into_response();
    };
    (cached(ASK), Html(page.data)).into_response()
}

async fn file(Path(path): Path<String>, headers: HeaderMap) -> Response {
    match (Files::get(&path), kind(&path)) {
        (Some(file), Some(kind)) => fresh(ASK, kind, file, &headers),
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

/// What is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// What the viewer can choose from.
    Choices,
    Json,
    Csv,
    Workbook,
}

impl Form {
    /// As the audit and the log name it.
    const fn name(self) -> &'static str {
        match self {
            Self::Choices => "reports/choices.json",
            Self::Json => "reports/report.json",
            Self::Csv => "reports/report.csv",
            Self::Workbook => "reports/report.xlsx",
        }
    }

    /// A report costs as much as the most that a document of one's own may.
    const fn cost(self) -> u64 {
        match self {
            Self::Choices => 20,
            Self::Json | Self::Csv | Self::Workbook => limits::REQUEST,
        }
    }

    const fn media(self) -> &'static str {
        match self {
            Self::Choices | Self::Json => "application/json; charset=utf-8",
            Self::Csv => "text/csv; charset=utf-8; header=absent",
            Self::Workbook => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }

    /// The file that a browser saves it as.
    fn disposition(self, sheet: &Sheet) -> Option<String> {
        let ending = match self {
            Self::Csv => "csv",
            Self::Workbook => "xlsx",
            Self::Choices | Self::Json => return None,
        };
        Some(format!("attachment; filename=\"{}.{ending}\"", sheet.file_name()))
    }

    async fn made(self, session: &Session, query: &str) -> Result<Made> {
        if self == Self::Choices {
            let choices = reading::choices(session).await?;
            return Ok(Made { bytes: choices.to_string().into_bytes(), disposition: None });
        }
        let asked = Asked::of(query, session)?;
        let sheet = reading::sheet(session, asked).await?;
        let bytes = match self {
            Self::Choices | Self::Json => json::write(&sheet).to_string().into_bytes(),
            Self::Csv => csv::write(&sheet)?,
            Self::Workbook => xlsx::write(&sheet)?,
        };
        Ok(Made { bytes, disposition: self.disposition(&sheet) })
    }
}

/// What was made of a report.
struct Made {
    bytes: Vec<u8>,
    disposition: Option<String>,
}

/// Answers a request, by the same token, limits, deadline and audit as GraphQL has.
async fn answer(state: Arc<State>, id: Uuid, form: Form, request: Request) -> Response {
    let mut reply = Reply::new(id, Media::Json);
    let caller = Caller::of(&request, state.address_header.as_ref());
    reply.language = caller.language;
    // The body is not looked at.
    let (head, _) = request.into_parts();
    match made(&state, id, (form, &caller), &head, &mut reply).await {
        Ok(made) => sent(form, made, &reply),
        // What is no GraphQL has no status but its own.
        Err(refusal) => reply.refuse(Refusal { outright: true, ..refusal }),
    }
}

async fn made(
    state: &State,
    id: Uuid,
    (form, caller): (Form, &Caller),
    head: &Parts,
    reply: &mut Reply,
) -> Result<Made, Refusal> {
    if !matches!(head.method, Method::GET | Method::HEAD) {
        return Err(Refusal::method("GET, HEAD", "Ask for reports by GET."));
    }
    let deadline = Instant::now() + state.deadline;
    let claims = caller.claims(state, (id, deadline)).await?;
    let charged = (&claims, form.cost());
    let (session, _place) = caller.enter(state, charged, (id, deadline), reply).await?;
    let name = Some(form.name().to_owned());
    session.asks(Operation { name, document: None, origin: caller.origin });
    let query = head.uri.query().unwrap_or_default();
    let work = state.app.audited(&session, form.made(&session, query));
    let span = tracing::info_span!("report", request_id = %id, operation = form.name());
    match timeout_at(deadline, work.instrument(span)).await {
        Ok(Ok(made)) => Ok(made),
        Ok(Err(error)) => Err(told(&error, caller)),
        Err(_) => Err(told(&Error::Timeout, caller)),
    }
}

fn told(error: &Error, caller: &Caller) -> Refusal {
    let retry_after = error.retry_after();
    Refusal { retry_after, ..Refusal::new(error.code(), error.told(caller.language)) }
}

fn sent(form: Form, made: Made, reply: &Reply) -> Response {
    let mut response = made.bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(form.media()));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    headers.insert(header::VARY, HeaderValue::from_static("accept-language, authorization"));
    headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(reply.language.tag()));
    let disposition = made.disposition.and_then(|text| HeaderValue::from_str(&text).ok());
    if let Some(disposition) = disposition {
        headers.insert(header::CONTENT_DISPOSITION, disposition);
    }
    response
}
