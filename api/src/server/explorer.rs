//! The explorer: `GraphiQL` at `/` with a choice of role and its examples, served from the binary.
//! The page may reach its own host only; the content security policy below holds it to that.

use axum::{
    Json, Router,
    extract::Path,
    http::{HeaderMap, StatusCode, header},
    middleware::map_response,
    response::{Html, IntoResponse, Response},
    routing::get,
};
use rust_embed::Embed;
use serde::Serialize;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::pages::{ASK, NEVER, cached, fresh, guarded, kind};

/// What the page is told when it opens. It may hold demo tokens, so no cache keeps it.
#[derive(Clone, Serialize)]
pub struct Settings {
    /// Where GraphQL is answered, on this host.
    pub endpoint: &'static str,
    pub roles: Vec<Role>,
}

#[derive(Clone, Serialize)]
pub struct Role {
    #[serde(rename = "role")]
    pub name: &'static str,
    pub label: &'static str,
    /// One sentence: what this role sees.
    pub about: &'static str,
    /// `None` where people bring their own token.
    pub token: Option<String>,
    pub examples: Vec<Example>,
}

#[derive(Clone, Serialize)]
pub struct Example {
    pub title: &'static str,
    pub query: String,
    pub variables: Map<String, Value>,
}

/// The explorer's routes. `settings` is asked at every opening of the page, so demo tokens can be fresh;
/// with `sdl` the page reads the schema from it and introspects nothing.
pub fn routes<S>(
    settings: impl Fn() -> Settings + Clone + Send + Sync + 'static,
    sdl: Option<String>,
) -> Router<S>
where
    S: Clone + Send + Sync + 'static,
{
    let schema = sdl.is_some().then_some(SCHEMA);
    let told = move || {
        let settings = settings();
        async move { (cached(NEVER), Json(Told { settings, schema })) }
    };
    let router = Router::new()
        .route("/", get(page))
        .route("/explorer/settings.json", get(told))
        .route("/explorer/{*path}", get(file));
    let router = match sdl {
        Some(sdl) => {
            router.route(&format!("/{SCHEMA}"), get(move || async move { (cached(NEVER), sdl) }))
        }
        None => router,
    };
    router.layer(map_response(|response| async { guarded(response, POLICY) }))
}

#[derive(Embed)]
#[folder = "explorer"]
struct Files;

#[derive(Serialize)]
struct Told {
    #[serde(flatten)]
    settings: Settings,
    schema: Option<&'static str>,
}

const SCHEMA: &str = "explorer/schema.graphql";

/// For what has its version in its path.
const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// `font-src data:` is for graphiql.min.css, which holds its fonts as such; browsers load them unasked.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
    font-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// `GraphiQL`'s dialogs and menus add a `<style>` to lock scrolling (react-remove-scroll), so this page,
/// and no other answer, allows one by a nonce that is new each time; a kept copy would hold an old one.
async fn page() -> Response {
    let Some(page) = Files::get("index.html") else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let nonce = Uuid::new_v4().simple().to_string();
    let html = String::from_utf8_lossy(&page.data).replace("{nonce}", &nonce);
    let policy = POLICY.replace("style-src 'self'", &format!("style-src 'self' 'nonce-{nonce}'"));
    let headers = [(header::CONTENT_SECURITY_POLICY, policy)];
    (cached(NEVER), headers, Html(html)).into_response()
}

async fn file(Path(path): Path<String>, headers: HeaderMap) -> Response {
    match (Files::get(&path), kind_of(&path)) {
        (Some(file), Some(kind)) => {
            let keep = if path.starts_with("vendor/") { FOR_EVER } else { ASK };
            fresh(keep, kind, file, &headers)
        }
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

/// What is served, and as what; the rest of the folder (a script for its makers) is not there.
fn kind_of(path: &str) -> Option<&'static str> {
    kind(path).or_else(|| path.starts_with("vendor/").then_some("text/plain; charset=utf-8"))
}
