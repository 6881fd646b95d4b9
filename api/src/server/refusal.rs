//! What a request is turned away with: the code and message that the client reads, and the HTTP
//! status that goes with them. Errors of resolvers are `respond`'s matter.

use std::{borrow::Cow, time::Duration};

use async_graphql::{Pos, parser};
use axum::http::StatusCode;

use crate::error::Error;

/// A request error: the answer has no `data`.
#[derive(Debug, Clone)]
pub struct Refusal {
    pub code: &'static str,
    /// Safe to show to the client.
    pub message: Cow<'static, str>,
    pub status: StatusCode,
    /// Whether the status holds for `application/json` too, where a well-formed GraphQL request is
    /// otherwise answered with 200 whatever became of it.
    pub outright: bool,
    pub retry_after: Option<Duration>,
    /// The header that HTTP wants beside the status: `allow`, `www-authenticate`, `accept-encoding`.
    pub header: Option<(&'static str, &'static str)>,
    pub locations: Vec<Pos>,
}

impl Refusal {
    /// A refusal whose status follows from its code.
    pub fn new(code: &'static str, message: impl Into<Cow<'static, str>>) -> Self {
        let (status, outright) = status_of(code);
        Self {
            code,
            message: message.into(),
            status,
            outright,
            retry_after: None,
            header: None,
            locations: Vec::new(),
        }
    }

    /// The HTTP request itself is wrong, before any GraphQL.
    pub fn http(status: StatusCode, message: impl Into<Cow<'static, str>>) -> Self {
        Self { status, outright: true, ..Self::new("BAD_USER_INPUT", message) }
    }

    /// The body or the URL is not a GraphQL request.
    pub fn malformed(message: impl Into<Cow<'static, str>>) -> Self {
        Self::http(StatusCode::BAD_REQUEST, message)
    }

    pub fn method(allowed: &'static str, message: &'static str) -> Self {
        Self::http(StatusCode::METHOD_NOT_ALLOWED, message).with("allow", allowed)
    }

    /// 401 as RFC 6750 wants it: `error` only if a token came.
    pub fn unauthenticated(token_came: bool) -> Self {
        let challenge = if token_came {
            r#"Bearer realm="hearth", error="invalid_token""#
        } else {
            r#"Bearer realm="hearth""#
        };
        let message = Error::Unauthenticated.to_string();
        Self::new(Error::Unauthenticated.code(), message).with("www-authenticate", challenge)
    }

    /// The document breaks a limit.
    pub fn limit(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new("DOCUMENT_LIMIT_EXCEEDED", message)
    }

    pub fn invalid(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new("GRAPHQL_VALIDATION_FAILED", message)
    }

    #[must_use]
    pub fn with(mut self, name: &'static str, value: &'static str) -> Self {
        self.header = Some((name, value));
        self
    }

    #[must_use]
    pub fn after(mut self, wait: Duration) -> Self {
        self.retry_after = Some(wait);
        self
    }

    #[must_use]
    pub fn at(mut self, position: Pos) -> Self {
        self.locations.push(position);
        self
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        let retry_after = error.retry_after();
        Self { retry_after, ..Self::new(error.code(), error.to_string()) }
    }
}

impl From<parser::Error> for Refusal {
    fn from(error: parser::Error) -> Self {
        let mut refusal = Self::new("GRAPHQL_PARSE_FAILED", syntax_message(&error));
        refusal.locations = error.positions().collect();
        refusal
    }
}

/// The parser's own message draws the line of source; the client has the source and the position.
fn syntax_message(error: &parser::Error) -> String {
    let text = error.to_string();
    let last_line = text.lines().last().unwrap_or_default();
    let reason = last_line.trim_start_matches([' ', '=']);
    format!("The document is not valid GraphQL: {reason}.")
}

/// The status of a code, and whether it holds for both media types.
pub fn status_of(code: &str) -> (StatusCode, bool) {
    match code {
        "UNAUTHENTICATED" => (StatusCode::UNAUTHORIZED, true),
        "FORBIDDEN" => (StatusCode::FORBIDDEN, true),
        "THROTTLED" => (StatusCode::TOO_MANY_REQUESTS, true),
        "SERVICE_UNAVAILABLE" => (StatusCode::SERVICE_UNAVAILABLE, true),
        "TIMEOUT" => (StatusCode::GATEWAY_TIMEOUT, true),
        "INTERNAL_SERVER_ERROR" => (StatusCode::INTERNAL_SERVER_ERROR, true),
        "CONFLICT_IN_PROGRESS" => (StatusCode::CONFLICT, false),
        "PERSISTED_QUERY_ONLY" => (StatusCode::FORBIDDEN, false),
        _ => (StatusCode::BAD_REQUEST, false),
    }
}

/// Whether the same request may succeed later, unchanged.
pub fn is_retryable(code: &str) -> bool {
    matches!(code, "THROTTLED" | "SERVICE_UNAVAILABLE" | "TIMEOUT" | "CONFLICT_IN_PROGRESS")
}
