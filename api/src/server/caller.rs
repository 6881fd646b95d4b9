//! Who sends a request: by which token, in which language, and from where.

use std::net::IpAddr;

use axum::{
    extract::Request,
    http::{HeaderMap, HeaderName, header},
};
use tokio::time::{Instant, timeout_at};
use uuid::Uuid;

use super::{
    State,
    limits::{Payer, Place},
    origin,
    refusal::Refusal,
    respond::Reply,
};
use crate::{access::Session, error::Error, language::Language};

/// What a request says of who sends it.
pub struct Caller {
    bearer: Bearer,
    /// The language of messages.
    pub language: Language,
    /// The client's address.
    pub origin: Option<IpAddr>,
}

impl Caller {
    /// Reads a request's headers; a trusted proxy gives the address in the one that is named.
    pub fn of(request: &Request, address_header: Option<&HeaderName>) -> Self {
        Self {
            bearer: bearer(request.headers()),
            language: language(request.headers()),
            origin: origin::of(request, address_header),
        }
    }

    /// The session that the token opens, as soon as there is a place to run in. Who gets none costs the
    /// database nothing, and is charged for having asked.
    pub async fn enter(
        &self,
        state: &State,
        (id, deadline): (Uuid, Instant),
        reply: &mut Reply,
    ) -> Result<(Session, Place), Refusal> {
        let Bearer::Token(token) = &self.bearer else {
            return Err(Refusal::unauthenticated(self.bearer == Bearer::Wrong));
        };
        let claims = in_time(deadline, id, state.app.verify(token, id)).await?;
        let place = state.limits.enter(claims.role, id).await;
        if place.is_err() {
            let payer = Payer { client: &claims.client_id, subject: &claims.subject };
            reply.cost = Some(state.limits.charge(payer, 1).0);
        }
        let place = place?;
        let session = in_time(deadline, id, state.app.open(&claims, id, self.language)).await?;
        Ok((session, place))
    }
}

async fn in_time<T>(
    deadline: Instant,
    request_id: Uuid,
    admitting: impl Future<Output = Result<T, Error>>,
) -> Result<T, Refusal> {
    match timeout_at(deadline, admitting).await {
        Ok(Ok(admitted)) => Ok(admitted),
        Ok(Err(Error::Unauthenticated)) => Err(Refusal::unauthenticated(true)),
        Ok(Err(error)) => {
            tracing::warn!(%request_id, %error, "no session");
            Err(error.into())
        }
        Err(_) => Err(Error::Timeout.into()),
    }
}

fn language(headers: &HeaderMap) -> Language {
    let header = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    header.map_or_else(Language::default, Language::preferred)
}

/// What the `authorization` header holds.
#[derive(PartialEq, Eq)]
enum Bearer {
    Token(String),
    Missing,
    /// Two headers, or something that is no header value of ours.
    Wrong,
}

fn bearer(headers: &HeaderMap) -> Bearer {
    let mut all = headers.get_all(header::AUTHORIZATION).iter();
    let value = match (all.next(), all.next()) {
        (None, _) => return Bearer::Missing,
        (Some(value), None) => value.to_str(),
        (Some(_), Some(_)) => return Bearer::Wrong,
    };
    match value.ok().and_then(|value| value.split_once(' ')) {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") && !token.is_empty() => {
            Bearer::Token(token.to_owned())
        }
        _ => Bearer::Wrong,
    }
}

/// Whose buckets a request is charged to: the viewer's, and that of the client by which they come.
pub fn payer(session: &Session) -> Payer<'_> {
    let viewer = session.viewer();
    Payer { client: &viewer.client_id, subject: &viewer.subject }
}
