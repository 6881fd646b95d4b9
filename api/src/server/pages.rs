//! What pages that are served from the binary have in common: their files, how long these are kept, and
//! the headers that hold a page to its own host.

use axum::{
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use rust_embed::EmbeddedFile;

/// For what no cache may keep.
pub const NEVER: &str = "no-store";
/// For what a cache asks about each time.
pub const ASK: &str = "no-cache";

const HEADERS: [(&str, &str); 5] = [
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
];

/// A file, or word that the one that the browser has is still it.
pub fn fresh(
    keep: &'static str,
    kind: &'static str,
    file: EmbeddedFile,
    asked: &HeaderMap,
) -> Response {
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

/// The media type of a script, a style sheet or a picture, by its ending.
pub fn kind(path: &str) -> Option<&'static str> {
    let (_, extension) = path.rsplit_once('.').unwrap_or_default();
    match extension {
        "js" => Some("text/javascript; charset=utf-8"),
        "css" => Some("text/css; charset=utf-8"),
        "svg" => Some("image/svg+xml"),
        _ => None,
    }
}

/// The header that says how an answer is kept.
pub fn cached(how: &'static str) -> [(HeaderName, &'static str); 1] {
    [(header::CACHE_CONTROL, how)]
}

/// An answer of a page, with the headers that every one of its answers carries; what it set itself stays.
pub fn guarded(mut response: Response, policy: &'static str) -> Response {
    for (name, value) in HEADERS.into_iter().chain([("content-security-policy", policy)]) {
        let entry = response.headers_mut().entry(name);
        entry.or_insert(HeaderValue::from_static(value));
    }
    response
}
