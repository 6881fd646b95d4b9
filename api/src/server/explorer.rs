//! The explorer: `GraphiQL` at `/` with a choice of role and its examples, served from the binary.
//! The page may reach its own host only; the content security policy below holds it to that.

use axum::{
    Json, Router,
    extract::Path,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    middleware::map_response,
    response::{Html, IntoResponse, Response},
    routing::get,
};
use rust_embed::{Embed, EmbeddedFile};
use serde::Serialize;
use serde_json::{Map, Value};
use uuid::Uuid;

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
    router.layer(map_response(guarded))
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

const NEVER: &str = "no-store";
const ASK: &str = "no-cache";
/// For what has its version in its path.
const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// `font-src data:` is for graphiql.min.css, which holds its fonts as such; browsers load them unasked.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
    font-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const HEADERS: [(&str, &str); 6] = [
    ("content-security-policy", POLICY),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
];

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
        (Some(file), Some(kind)) => fresh(&path, kind, file, &headers),
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

fn fresh(path: &str, kind: &'static str, file: EmbeddedFile, asked: &HeaderMap) -> Response {
    let keep = if path.starts_with("vendor/") { FOR_EVER } else { ASK };
    let tag = tag_of(&file);
    let known = asked.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    let unchanged = known.is_some_and(|tags| tags.split(',').any(|each| each.trim() == tag));
    let headers = (cached(keep), [(header::ETAG, tag)]);
    if unchanged {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    (headers, [(header::CONTENT_TYPE, kind)], file.data).into_response()
}

fn tag_of(file: &EmbeddedFile) -> String {
    let hash = file.metadata.sha256_hash();
    let start = hash.iter().take(8);
    let tag = start.fold(0, |tag: u64, byte| (tag << 8) | u64::from(*byte));
    format!("\"{tag:016x}\"")
}

/// What is served, and as what; the rest of the folder (a script for its makers) is not there.
fn kind_of(path: &str) -> Option<&'static str> {
    let (_, extension) = path.rsplit_once('.').unwrap_or_default();
    match extension {
        "js" => Some("text/javascript; charset=utf-8"),
        "css" => Some("text/css; charset=utf-8"),
        "svg" => Some("image/svg+xml"),
        _ if path.starts_with("vendor/") => Some("text/plain; charset=utf-8"),
        _ => None,
    }
}

fn cached(how: &'static str) -> [(HeaderName, &'static str); 1] {
    [(header::CACHE_CONTROL, how)]
}

/// Every answer of the explorer carries these; what an answer set itself stays.
async fn guarded(mut response: Response) -> Response {
    for (name, value) in HEADERS {
        let entry = response.headers_mut().entry(name);
        entry.or_insert(HeaderValue::from_static(value));
    }
    response
}
