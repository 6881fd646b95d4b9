//! The limit of what the database lets one do: one hand-written SQL statement an operation, whose JSON goes to
//! the client as it comes. No token is verified, nothing is audited, nothing is redacted.
//!
//! `POST /<operation>` with the operation's variables as a JSON object; the organisations whose families are
//! seen come in the header `x-organisations`, as uuids separated by commas.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use clap::Parser;
use deadpool_postgres::{Manager, ManagerConfig, Pool, RecyclingMethod};
use serde_json::Value;
use tokio_postgres::NoTls;
use tokio_postgres::types::ToSql;
use uuid::Uuid;

mod statement;

use statement::Operation;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// The limit of what the database lets one do.
#[derive(Parser)]
struct Settings {
    /// Where the data is, as `postgres://user@host/database`.
    #[arg(long)]
    database_url: String,
    /// Address and port to listen on.
    #[arg(long)]
    listen: SocketAddr,
    /// Connections to the database.
    #[arg(long, default_value_t = 5)]
    pool_size: usize,
}

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let settings = Settings::parse();
    let pool = Arc::new(pool(&settings)?);
    drop(pool.get().await.map_err(|error| format!("can't reach the database: {error}"))?);
    let router = Router::new()
        .route("/readyz", get(|| async { "ready" }))
        .route("/{operation}", post(answer))
        .with_state(pool);
    let listener = tokio::net::TcpListener::bind(settings.listen)
        .await
        .map_err(|error| format!("can't listen on {}: {error}", settings.listen))?;
    axum::serve(listener, router).await?;
    Ok(())
}

/// Connections that plan each statement once.
fn pool(settings: &Settings) -> Result<Pool, Failure> {
    let mut config: tokio_postgres::Config = settings.database_url.parse()?;
    config.options("-c jit=off -c plan_cache_mode=force_generic_plan").application_name("limit");
    let recycling_method = RecyclingMethod::Fast;
    let manager = Manager::from_config(config, NoTls, ManagerConfig { recycling_method });
    Ok(Pool::builder(manager).max_size(settings.pool_size).build()?)
}

/// Answers `{"data": ...}`; 400 for what can't be understood, 500 where the database fails.
async fn answer(
    State(pool): State<Arc<Pool>>,
    Path(name): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let Some(operation) = Operation::named(&name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let parsed = organisations(&headers)
        .zip(serde_json::from_slice::<Value>(&body).ok())
        .and_then(|(seen, variables)| Some((seen, operation.parameters(&variables)?)));
    let Some((seen, parameters)) = parsed else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    match ask(&pool, operation, &seen, &parameters).await {
        Ok(body) => ([(header::CONTENT_TYPE, "application/json")], body).into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

async fn ask(
    pool: &Pool,
    operation: Operation,
    seen: &[Uuid],
    parameters: &[Box<dyn ToSql + Send + Sync>],
) -> Result<Body, Failure> {
    let client = pool.get().await?;
    let statement = client.prepare_cached(operation.sql()).await?;
    let mut all: Vec<&(dyn ToSql + Sync)> = vec![&seen];
    for parameter in parameters {
        all.push(parameter.as_ref());
    }
    let row = client.query_opt(&statement, &all).await?;
    drop(client);
    let data = match &row {
        Some(row) => row.try_get::<_, &str>(0)?,
        None => "null",
    };
    Ok(Body::from(["{\"data\":", data, "}"].concat()))
}

fn organisations(headers: &HeaderMap) -> Option<Vec<Uuid>> {
    let text = headers.get("x-organisations")?.to_str().ok()?;
    text.split(',').map(|id| id.parse().ok()).collect()
}
