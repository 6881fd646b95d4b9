//! Requests as HTTP has them, for stories about HTTP itself.

use axum::body::Body;
use axum::http::{Request, header};
use serde_json::Value;
use tower::ServiceExt;

use super::{Answer, Stage};

/// The media type whose status tells what became of a request.
pub const GRAPHQL: &str = "application/graphql-response+json";
/// The older media type.
pub const JSON: &str = "application/json";

/// A request by POST.
pub fn post(token: &str, accept: &str, body: &Value) -> Request<Body> {
    Request::post("/graphql")
        .header(header::AUTHORIZATION, format!("Bearer {token}"))
        .header(header::CONTENT_TYPE, JSON)
        .header(header::ACCEPT, accept)
        .body(Body::from(body.to_string()))
        .unwrap()
}

/// A request by GET, with these parameters.
pub fn get(token: &str, parameters: &str) -> Request<Body> {
    Request::get(format!("/graphql?{parameters}"))
        .header(header::AUTHORIZATION, format!("Bearer {token}"))
        .header(header::ACCEPT, GRAPHQL)
        .body(Body::empty())
        .unwrap()
}

/// A request by GET to another address, by nobody.
pub fn plain(path: &str) -> Request<Body> {
    Request::get(path).body(Body::empty()).unwrap()
}

impl Stage {
    /// Sends a request.
    pub async fn send(&self, request: Request<Body>) -> Answer {
        Answer::read(self.router.clone().oneshot(request).await.unwrap()).await
    }
}
