//! The path of one GraphQL request, step by step in the order of the checks, up to its execution
//! under a deadline.

use std::{net::IpAddr, sync::Arc};

use async_graphql::{Request as Execution, Response as Executed, parser::types::OperationType};
use axum::{extract::Request, http::StatusCode, response::Response};
use tokio::time::{Instant, timeout, timeout_at};
use tracing::Instrument;
use uuid::Uuid;

use super::{
    State,
    caller::Caller,
    documents::{Checked, Chosen, Hash},
    limits::{self, Place},
    listen::Running,
    negotiate::{Media, negotiate},
    precheck,
    refusal::Refusal,
    request::{self, Asked},
    respond::Reply,
};
use crate::{
    access::{Session, audit, token::Claims},
    app::App,
    error::Error,
};

/// A mutation outlives its request's deadline, but not for ever: a dead connection would keep its
/// place.
const MUTATION_DEADLINES: u32 = 3;

const FREE_FORM: &str = "graphql:free-form";
const INTROSPECT: &str = "schema:introspect";

/// Answers a request to `/graphql`.
pub async fn answer(state: Arc<State>, id: Uuid, running: Running, request: Request) -> Response {
    let accepted = negotiate(request.headers());
    let mut reply = Reply::new(id, accepted.unwrap_or(Media::Json));
    let call = Call { state, id, running, is_acceptable: accepted.is_some() };
    match call.run(request, &mut reply).await {
        Ok(executed) => reply.execution(&executed),
        Err(refusal) => reply.refuse(refusal),
    }
}

struct Call {
    state: Arc<State>,
    id: Uuid,
    running: Running,
    is_acceptable: bool,
}

impl Call {
    async fn run(&self, request: Request, reply: &mut Reply) -> Result<Executed, Refusal> {
        let caller = Caller::of(&request, self.state.address_header.as_ref());
        reply.language = caller.language;
        let asked = request::read(request).await?;
        let deadline = Instant::now() + self.state.deadline;
        let claims = caller.claims(&self.state, (self.id, deadline)).await?;
        let introspects = self.may_introspect(&claims);
        reply.suggests = introspects;

        let ready = self.prepare(&asked, &claims);
        // What is refused after all was looked at, which has its price too.
        let cost = ready.as_ref().map_or(1, |prepared| prepared.cost);
        let charged = (&claims, cost);
        let (session, place) =
            caller.enter(&self.state, charged, (self.id, deadline), reply).await?;
        let prepared = ready?;

        let is_mutation = prepared.is_mutation;
        let span = prepared.span(self.id);
        session.asks(prepared.operation(caller.origin));
        let execution = prepared.into_execution(asked, introspects);
        let run = run(self.state.app.clone(), session, execution, place).instrument(span);
        if is_mutation {
            return self.run_to_its_end(run, deadline).await;
        }
        timeout_at(deadline, run).await.map_err(|_| {
            too_slow("The query took longer than the service allows: ask for less at once.")
        })
    }

    /// Finds the document, chooses the operation, and checks all that needs no execution.
    fn prepare(&self, asked: &Asked, claims: &Claims) -> Result<Prepared, Refusal> {
        let documents = &self.state.app.documents;
        let document = documents.find(asked, claims.scopes.contains(FREE_FORM))?;
        let chosen = document.operation(asked.operation_name.as_deref())?;
        if document.facts.introspects && !self.may_introspect(claims) {
            return Err(Refusal::invalid(
                "Introspection is off here: the schema is public, as schema.graphql in the source repository.",
            ));
        }
        check_kind(chosen, asked.is_get)?;
        if asked.is_get && !document.is_trusted && !documents.reads_addresses() {
            let message =
                "Send documents of your own by POST: addresses stand in the logs of proxies.";
            return Err(Refusal::method("POST", message));
        }
        precheck::require_variables(chosen.definition, &asked.variables)?;
        if !self.is_acceptable {
            let message = "Accept \"application/graphql-response+json\" or \"application/json\".";
            return Err(Refusal::http(StatusCode::NOT_ACCEPTABLE, message));
        }
        let cost = document.cost(chosen, &asked.variables, &documents.shape);
        check_cost(cost, document.is_trusted)?;
        let is_mutation = chosen.definition.ty == OperationType::Mutation;
        let name = plain_name(chosen);
        let hash = asked.hash.filter(|_| document.is_trusted);
        Ok(Prepared { document, cost, is_mutation, name, hash })
    }

    /// Runs a mutation in a task of its own, which goes on when the client goes away.
    async fn run_to_its_end(
        &self,
        run: impl Future<Output = Executed> + Send + 'static,
        deadline: Instant,
    ) -> Result<Executed, Refusal> {
        let limit = self.state.deadline * MUTATION_DEADLINES;
        let task = self.running.tasks.spawn(timeout(limit, run));
        match timeout_at(deadline, task).await {
            Ok(Ok(Ok(executed))) => Ok(executed),
            Ok(Err(_)) => {
                tracing::error!(request_id = %self.id, "a mutation panicked");
                Err(Error::Internal.into())
            }
            Ok(Ok(Err(_))) | Err(_) => Err(too_slow(
                "The mutation took longer than the service waits, and may yet succeed: send it again with the same clientMutationId.",
            )),
        }
    }

    fn may_introspect(&self, claims: &Claims) -> bool {
        self.state.app.settings.introspection || claims.scopes.contains(INTROSPECT)
    }
}

/// An operation that is ready to run.
struct Prepared {
    document: Arc<Checked>,
    cost: u64,
    is_mutation: bool,
    name: Option<String>,
    /// Of a trusted document.
    hash: Option<Hash>,
}

impl Prepared {
    /// As the audit names it.
    fn operation(&self, origin: Option<IpAddr>) -> audit::Operation {
        let document = self.hash.map(Hash::beginning);
        audit::Operation { name: self.name.clone(), document, origin }
    }

    fn span(&self, id: Uuid) -> tracing::Span {
        tracing::info_span!(
            "operation",
            request_id = %id,
            operation = self.name,
            mutation = self.is_mutation,
            cost = self.cost,
        )
    }

    fn into_execution(self, asked: Asked, introspects: bool) -> Execution {
        let mut execution = Execution::new("").variables(asked.variables);
        execution.operation_name = asked.operation_name;
        execution.set_parsed_query(self.document.document.clone());
        if introspects { execution } else { execution.disable_introspection() }
    }
}

async fn run(app: App, session: Session, execution: Execution, place: Place) -> Executed {
    let started = Instant::now();
    let executed = app.execute(session, execution).await;
    drop(place);
    let elapsed_us = u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX);
    tracing::info!(errors = executed.errors.len(), elapsed_us, "executed");
    executed
}

fn check_kind(chosen: Chosen<'_>, is_get: bool) -> Result<(), Refusal> {
    match chosen.definition.ty {
        OperationType::Mutation if is_get => {
            let message = "Send mutations by POST: GET changes nothing.";
            Err(Refusal::method("POST", message))
        }
        OperationType::Subscription => {
            let message = "Subscriptions are not served as a single answer.";
            Err(Refusal::invalid(message))
        }
        OperationType::Query | OperationType::Mutation => Ok(()),
    }
}

fn check_cost(cost: u64, is_trusted: bool) -> Result<(), Refusal> {
    let most = if is_trusted { limits::TRUSTED_REQUEST } else { limits::REQUEST };
    if cost <= most {
        return Ok(());
    }
    let message =
        format!("The operation costs {cost}; one request may cost {most}. Ask for smaller pages.");
    Err(Refusal::new("COST_LIMIT_EXCEEDED", message))
}

fn too_slow(message: &'static str) -> Refusal {
    Refusal::new(Error::Timeout.code(), message)
}

/// The operation's name for the log: it is the client's text, so only a short one.
fn plain_name(chosen: Chosen<'_>) -> Option<String> {
    let name = chosen.name?.as_str();
    (name.len() <= 64).then(|| name.to_owned())
}
