//! From an HTTP request to what it asks for: GET parameters or a JSON body, with strict types.
//! Compressed bodies are refused (415), so the limit on a body's size has no way around it.

use std::time::Duration;

use async_graphql::{Value, Variables};
use axum::{
    body::{Body, Bytes, HttpBody},
    extract::Request,
    http::{HeaderMap, Method, StatusCode, header},
};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde_json::{Map, Value as Json};

use super::{documents::Hash, negotiate::is_utf_8, refusal::Refusal};

const BODY_BYTES: usize = 256 * 1024;
const BODY_TIME: Duration = Duration::from_secs(10);
const VARIABLE_DEPTH: usize = 16;

/// One GraphQL request.
#[derive(Debug, Default)]
pub struct Asked {
    /// The text of a document.
    pub text: Option<String>,
    /// The hash of a trusted document, or of `text`.
    pub hash: Option<Hash>,
    pub operation_name: Option<String>,
    pub variables: Variables,
    /// Whether the method is GET, which must not change anything.
    pub is_get: bool,
}

/// Reads a request: content type, body, JSON, types, in this order.
pub async fn read(request: Request) -> Result<Asked, Refusal> {
    match *request.method() {
        Method::GET => of_parameters(request.uri().query().unwrap_or_default()),
        Method::POST => {
            check_content(request.headers())?;
            of_json(&body(request.into_body()).await?)
        }
        _ => Err(Refusal::method("GET, POST", "Send GraphQL by POST, or queries by GET.")),
    }
}

fn check_content(headers: &HeaderMap) -> Result<(), Refusal> {
    let unsupported = |message| Refusal::http(StatusCode::UNSUPPORTED_MEDIA_TYPE, message);
    let mut types = headers.get_all(header::CONTENT_TYPE).iter();
    let is_json = match (types.next().and_then(|value| value.to_str().ok()), types.next()) {
        (Some(value), None) => is_json(value),
        _ => false,
    };
    if !is_json {
        return Err(unsupported("Send the body as \"content-type: application/json\", in UTF-8."));
    }
    let is_plain = headers
        .get_all(header::CONTENT_ENCODING)
        .iter()
        .all(|value| value.as_bytes().eq_ignore_ascii_case(b"identity"));
    if !is_plain {
        let refusal = unsupported("Send the body without compression.");
        return Err(refusal.with("accept-encoding", "identity"));
    }
    Ok(())
}

fn is_json(content_type: &str) -> bool {
    let mut parts = content_type.split(';').map(str::trim);
    let is_json = parts.next().is_some_and(|kind| kind.eq_ignore_ascii_case("application/json"));
    is_json
        && parts.all(|parameter| match parameter.split_once('=') {
            Some((name, value)) if name.trim().eq_ignore_ascii_case("charset") => {
                is_utf_8(value.trim().trim_matches('"'))
            }
            _ => true,
        })
}

async fn body(body: Body) -> Result<Bytes, Refusal> {
    let too_large = || {
        let message = "The body is larger than 256 KiB.";
        Refusal::http(StatusCode::PAYLOAD_TOO_LARGE, message)
    };
    let announced = usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX);
    if announced > BODY_BYTES {
        return Err(too_large());
    }
    let all = Limited::new(body, BODY_BYTES).collect();
    match tokio::time::timeout(BODY_TIME, all).await {
        Ok(Ok(all)) => Ok(all.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(too_large()),
        Ok(Err(_)) => Err(Refusal::malformed("The body broke off.")),
        Err(_) => {
            let message = "The body did not arrive within 10 seconds.";
            Err(Refusal { code: "TIMEOUT", ..Refusal::http(StatusCode::REQUEST_TIMEOUT, message) })
        }
    }
}

fn of_json(body: &[u8]) -> Result<Asked, Refusal> {
    if body.trim_ascii().is_empty() {
        return Err(Refusal::malformed("The body is empty: send a JSON object with \"query\"."));
    }
    match serde_json::from_slice(body) {
        Ok(Json::Object(fields)) => of_fields(fields),
        Ok(Json::Array(_)) => {
            Err(Refusal::malformed("Batches are not supported: send one request at a time."))
        }
        Ok(_) => Err(Refusal::malformed("The body is not a JSON object.")),
        Err(error) => {
            let (line, column) = (error.line(), error.column());
            let message = format!("The body is not JSON (line {line}, column {column}).");
            Err(Refusal::malformed(message))
        }
    }
}

fn of_parameters(query: &str) -> Result<Asked, Refusal> {
    let mut fields = Map::new();
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        let value = match &*name {
            "query" | "documentId" | "operationName" => Json::String(value.into_owned()),
            "variables" | "extensions" if value.is_empty() => Json::Null,
            "variables" | "extensions" => serde_json::from_str(&value).map_err(|_| {
                Refusal::malformed(format!("The parameter \"{name}\" is not JSON."))
            })?,
            _ => continue,
        };
        if fields.insert(name.clone().into_owned(), value).is_some() {
            return Err(Refusal::malformed(format!("The parameter \"{name}\" comes twice.")));
        }
    }
    let mut asked = of_fields(fields)?;
    asked.is_get = true;
    Ok(asked)
}

fn of_fields(mut fields: Map<String, Json>) -> Result<Asked, Refusal> {
    let text = string(&mut fields, "query")?;
    let id = string(&mut fields, "documentId")?;
    let extensions = object(&mut fields, "extensions")?;
    let persisted = extensions.and_then(|mut all| all.remove("persistedQuery"));
    let hash = match (id, persisted) {
        (Some(_), _) if text.is_some() => {
            return Err(Refusal::malformed("Send \"query\" or \"documentId\", not both."));
        }
        (Some(id), _) => Some(id.strip_prefix("sha256:").map_or(Hash::UNKNOWN, Hash::of_hex)),
        (None, Some(persisted)) => Some(persisted_hash(&persisted)?),
        (None, None) => None,
    };
    if text.is_none() && hash.is_none() {
        return Err(Refusal::malformed(
            "Send the text of a document as \"query\", or \"documentId\".",
        ));
    }
    Ok(Asked {
        text,
        hash,
        operation_name: string(&mut fields, "operationName")?.filter(|name| !name.is_empty()),
        variables: variables(object(&mut fields, "variables")?)?,
        is_get: false,
    })
}

fn persisted_hash(persisted: &Json) -> Result<Hash, Refusal> {
    let hash = persisted.get("sha256Hash").and_then(Json::as_str);
    match (persisted.get("version").and_then(Json::as_u64), hash) {
        (Some(1), Some(hash)) => Ok(Hash::of_hex(hash)),
        _ => Err(Refusal::malformed(
            "\"extensions.persistedQuery\" is an object with \"version\" 1 and a string \"sha256Hash\".",
        )),
    }
}

fn string(fields: &mut Map<String, Json>, name: &str) -> Result<Option<String>, Refusal> {
    match fields.remove(name) {
        None | Some(Json::Null) => Ok(None),
        Some(Json::String(value)) => Ok(Some(value)),
        Some(_) => Err(Refusal::malformed(format!("\"{name}\" is not a string."))),
    }
}

fn object(
    fields: &mut Map<String, Json>,
    name: &str,
) -> Result<Option<Map<String, Json>>, Refusal> {
    match fields.remove(name) {
        None | Some(Json::Null) => Ok(None),
        Some(Json::Object(value)) => Ok(Some(value)),
        Some(_) => Err(Refusal::malformed(format!("\"{name}\" is not an object."))),
    }
}

fn variables(given: Option<Map<String, Json>>) -> Result<Variables, Refusal> {
    let Some(given) = given else {
        return Ok(Variables::default());
    };
    if given.values().any(|value| !nests_within(value, VARIABLE_DEPTH)) {
        let message = format!("The variables are nested deeper than {VARIABLE_DEPTH}.");
        return Err(Refusal::malformed(message));
    }
    match Value::from_json(Json::Object(given)) {
        Ok(value) => Ok(Variables::from_value(value)),
        Err(_) => Err(Refusal::malformed("The variables are not GraphQL values.")),
    }
}

/// Whether a value has at most so many lists and objects inside each other.
fn nests_within(value: &Json, levels: usize) -> bool {
    match (value, levels.checked_sub(1)) {
        (Json::Array(_) | Json::Object(_), None) => false,
        (Json::Array(items), Some(left)) => items.iter().all(|item| nests_within(item, left)),
        (Json::Object(fields), Some(left)) => fields.values().all(|item| nests_within(item, left)),
        _ => true,
    }
}

#[cfg(test)]
mod tests;
