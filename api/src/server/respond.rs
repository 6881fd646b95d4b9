//! From an outcome to an HTTP response, and the one funnel through which errors reach a client: what
//! is not our own error, or async-graphql's about the request, is masked and logged.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use async_graphql::{PathSegment, Pos, Response as Executed, ServerError, Value};
use axum::{
    body::Body,
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::Response,
};
use serde::Serialize;
use uuid::Uuid;

use super::{
    limits::Spent,
    negotiate::Media,
    refusal::{Refusal, is_retryable, status_of},
};
use crate::{error::Error, language::Language};

pub const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

const INTERNAL: &str = "INTERNAL_SERVER_ERROR";
/// Errors of one answer; a careless document can have thousands.
const MOST_ERRORS: usize = 50;
const MOST_CHARACTERS: usize = 400;

/// The answer to one request, as far as it is known before its outcome.
#[derive(Debug, Clone)]
pub struct Reply {
    pub request_id: Uuid,
    pub media: Media,
    /// `extensions.cost`, once the client is known.
    pub cost: Option<Spent>,
    /// Whether messages may say what the client perhaps meant.
    pub suggests: bool,
    /// The language of messages.
    pub language: Language,
}

#[derive(Serialize)]
struct Answer<'a> {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<Problem<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<&'a Value>,
    #[serde(skip_serializing_if = "Extensions::is_empty")]
    extensions: Extensions<'a>,
}

#[derive(Serialize)]
struct Extensions<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    cost: Option<&'a Spent>,
    #[serde(flatten)]
    others: BTreeMap<&'a str, &'a Value>,
}

#[derive(Serialize)]
struct Problem<'a> {
    message: String,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    locations: &'a [Pos],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    path: &'a [PathSegment],
    extensions: ProblemExtensions,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ProblemExtensions {
    code: &'static str,
    request_id: Uuid,
    retryable: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after_ms: Option<u64>,
}

impl Extensions<'_> {
    fn is_empty(&self) -> bool {
        self.cost.is_none() && self.others.is_empty()
    }
}

/// What an error means to the client.
struct Verdict {
    code: &'static str,
    message: String,
    retry_after: Option<Duration>,
}

impl Reply {
    pub fn new(request_id: Uuid, media: Media) -> Self {
        Self { request_id, media, cost: None, suggests: false, language: Language::English }
    }

    /// The answer to a request that is turned away: no `data`.
    pub fn refuse(&self, mut refusal: Refusal) -> Response {
        if refusal.code == INTERNAL {
            refusal.message = self.apology().into();
        }
        let status = match self.media {
            Media::Json if !refusal.outright => StatusCode::OK,
            _ => refusal.status,
        };
        let extensions = self.problem_extensions(refusal.code, refusal.retry_after);
        let problem = Problem {
            message: refusal.message.into_owned(),
            locations: &refusal.locations,
            path: &[],
            extensions,
        };
        let mut response = self.send(status, vec![problem], None, BTreeMap::new());
        let headers = response.headers_mut();
        if let Some((name, value)) = refusal.header {
            headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        if let Some(wait) = refusal.retry_after {
            headers.insert(header::RETRY_AFTER, whole_seconds(wait));
        }
        response
    }

    /// The answer to a request that async-graphql took on.
    pub fn execution(&self, executed: &Executed) -> Response {
        // A request error has neither data nor a path: nothing ran. Its `data` is left out.
        let nothing_ran = executed.data == Value::Null
            && !executed.errors.is_empty()
            && executed.errors.iter().all(|error| error.path.is_empty());
        let errors = executed.errors.iter().take(MOST_ERRORS);
        let problems: Vec<_> = errors.map(|error| self.problem(error)).collect();
        let others = executed.extensions.iter().map(|(name, value)| (name.as_str(), value));
        let status = match problems.first() {
            Some(first) if nothing_ran => {
                let (status, outright) = status_of(first.extensions.code);
                if outright || self.media == Media::GraphQl { status } else { StatusCode::OK }
            }
            _ => StatusCode::OK,
        };
        let data = (!nothing_ran).then_some(&executed.data);
        self.send(status, problems, data, others.collect())
    }

    /// The answer when our own code broke.
    pub fn broken(&self) -> Response {
        self.refuse(Refusal::new(INTERNAL, ""))
    }

    fn problem<'a>(&self, error: &'a ServerError) -> Problem<'a> {
        let verdict = self.verdict(error);
        Problem {
            message: verdict.message,
            locations: &error.locations,
            path: &error.path,
            extensions: self.problem_extensions(verdict.code, verdict.retry_after),
        }
    }

    fn verdict(&self, error: &ServerError) -> Verdict {
        let ours = error.source::<Error>();
        let ours = ours.or_else(|| error.source::<Arc<Error>>().map(|error| &**error));
        if let Some(ours) = ours {
            return self.own(ours, error);
        }
        if let Some(code) = code_of_library(error) {
            let message =
                if self.suggests { &error.message } else { without_suggestion(&error.message) };
            let message = message.chars().take(MOST_CHARACTERS).collect();
            return Verdict { code, message, retry_after: None };
        }
        let path = path_of(error);
        // Its words are not ours, and may quote values: where it was raised is all that is logged.
        tracing::error!(request_id = %self.request_id, path, "an error that is not ours was masked");
        Verdict { code: INTERNAL, message: self.apology(), retry_after: None }
    }

    fn own(&self, ours: &Error, error: &ServerError) -> Verdict {
        let code = ours.code();
        let message = if code == INTERNAL {
            tracing::error!(request_id = %self.request_id, path = path_of(error), error = %ours, "internal error");
            self.apology()
        } else {
            ours.told(self.language)
        };
        Verdict { code, message, retry_after: ours.retry_after() }
    }

    fn problem_extensions(
        &self,
        code: &'static str,
        retry_after: Option<Duration>,
    ) -> ProblemExtensions {
        ProblemExtensions {
            code,
            request_id: self.request_id,
            retryable: is_retryable(code),
            retry_after_ms: retry_after
                .map(|wait| u64::try_from(wait.as_millis()).unwrap_or(u64::MAX)),
        }
    }

    fn apology(&self) -> String {
        format!("Something went wrong on our side; quote the request id {}.", self.request_id)
    }

    fn send(
        &self,
        status: StatusCode,
        errors: Vec<Problem<'_>>,
        data: Option<&Value>,
        others: BTreeMap<&str, &Value>,
    ) -> Response {
        let extensions = Extensions { cost: self.cost.as_ref(), others };
        let answer = Answer { errors, data, extensions };
        let (status, body) = match serde_json::to_vec(&answer) {
            Ok(body) => (status, body),
            Err(error) => {
                tracing::error!(request_id = %self.request_id, %error, "an answer could not be written");
                (StatusCode::INTERNAL_SERVER_ERROR, Vec::new())
            }
        };
        let mut response = Response::new(Body::from(body));
        *response.status_mut() = status;
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, self.media.content_type());
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
        headers.insert(
            header::VARY,
            HeaderValue::from_static("accept, accept-language, authorization"),
        );
        headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(self.language.tag()));
        response
    }
}

/// The code of an error that async-graphql itself made about the request. It never has a source, so
/// that a stray `?` in a resolver can't pass for one.
fn code_of_library(error: &ServerError) -> Option<&'static str> {
    let begins = |all: &[&str]| all.iter().any(|start| error.message.starts_with(start));
    if error.source.is_some() {
        None
    } else if begins(&[
        "Expected input type \"",
        "Failed to parse \"",
        "Invalid value for argument ",
    ]) {
        Some("BAD_USER_INPUT")
    } else if !error.path.is_empty() {
        None
    } else if begins(&["Unknown operation named ", "Operation name required"]) {
        Some("OPERATION_RESOLUTION_FAILURE")
    } else if begins(&["The recursion depth of the query "]) {
        Some("DOCUMENT_LIMIT_EXCEEDED")
    } else {
        Some("GRAPHQL_VALIDATION_FAILED")
    }
}

fn without_suggestion(message: &str) -> &str {
    message.find(" Did you mean ").map_or(message, |at| &message[..at])
}

fn path_of(error: &ServerError) -> String {
    let names = error.path.iter().map(|segment| match segment {
        PathSegment::Field(name) => name.clone(),
        PathSegment::Index(index) => index.to_string(),
    });
    names.collect::<Vec<_>>().join(".")
}

fn whole_seconds(wait: Duration) -> HeaderValue {
    let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
    HeaderValue::from(seconds.max(1))
}

#[cfg(test)]
mod tests;
