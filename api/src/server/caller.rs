//! Who sends a request: by which token, in which language, and from where.

use std::{net::IpAddr, sync::Arc};

use axum::{
    extract::Request,
    http::{HeaderMap, HeaderName, header},
};
use tokio::time::{Instant, timeout_at};
use uuid::Uuid;

use super::{
    State,
    limits::{self, Payer, Place},
    origin,
    refusal::Refusal,
    respond::Reply,
};
use crate::{
    access::{Session, token::Claims},
    error::Error,
    language::Language,
};

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

    /// What the token says.
    pub async fn claims(
        &self,
        state: &State,
        (id, deadline): (Uuid, Instant),
    ) -> Result<Arc<Claims>, Refusal> {
        let Bearer::Token(token) = &self.bearer else {
            return Err(Refusal::unauthenticated(self.bearer == Bearer::Wrong));
        };
        in_time(deadline, id, state.app.verify(token, id)).await
    }

    /// The session that a token opens, charged for what it will do, as soon as there is a place to run in.
    /// Who can't be charged so much is told so before they stand in anybody's way. Who gets no place costs
    /// the database nothing, and is charged for having asked.
    pub async fn enter(
        &self,
        state: &State,
        (claims, cost): (&Arc<Claims>, u64),
        (id, deadline): (Uuid, Instant),
        reply: &mut Reply,
    ) -> Result<(Session, Place), Refusal> {
        let payer = Payer { client: &claims.client_id, subject: &claims.subject };
        let (spent, wait) = state.limits.price(payer, cost);
        if let Some(wait) = wait {
            reply.cost = Some(spent);
            return Err(limits::throttled(wait));
        }
        let place = state.limits.enter(claims.role, id).await;
        if place.is_err() {
            reply.cost = Some(state.limits.charge(payer, 1).0);
        }
        let place = place?;
        let session = in_time(deadline, id, state.app.open(claims, id, self.language)).await?;
        let (spent, wait) = state.limits.charge(payer, cost);
        reply.cost = Some(spent);
        wait.map_or(Ok((session, place)), |wait| Err(limits::throttled(wait)))
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
