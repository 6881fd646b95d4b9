//! What a request came to: status, headers, and the parts of a GraphQL response.

use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use http_body_util::BodyExt;
use serde_json::Value;

/// An answer of the server.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Value,
    pub text: String,
}

impl Answer {
    /// Reads a response to its end.
    pub async fn read(response: Response) -> Self {
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        let body = serde_json::from_str(&text).unwrap_or(Value::Null);
        Self { status: parts.status, headers: parts.headers, body, text }
    }

    /// The data at a JSON pointer, of an answer without errors.
    #[track_caller]
    pub fn data(&self, pointer: &str) -> &Value {
        assert_eq!(self.body.get("errors"), None, "{}", self.text);
        let place = format!("/data{pointer}");
        self.body.pointer(&place).unwrap_or_else(|| panic!("no {place} in {}", self.text))
    }

    /// The items of a list at a JSON pointer.
    #[track_caller]
    pub fn list(&self, pointer: &str) -> &[Value] {
        self.data(pointer).as_array().unwrap_or_else(|| panic!("no list in {}", self.text))
    }

    /// A header, empty if there is none.
    #[track_caller]
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The code of the first error.
    #[track_caller]
    pub fn code(&self) -> &str {
        let code = self.body.pointer("/errors/0/extensions/code").and_then(Value::as_str);
        code.unwrap_or_else(|| panic!("no error code in {}", self.text))
    }

    /// The message of the first error.
    #[track_caller]
    pub fn message(&self) -> &str {
        let message = self.body.pointer("/errors/0/message").and_then(Value::as_str);
        message.unwrap_or_else(|| panic!("no error message in {}", self.text))
    }
}
