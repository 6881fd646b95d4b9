//! Whether answers of different servers hold the same data, however they spell it.

use chrono::DateTime;
use serde_json::{Map, Value, json};

use crate::operation::Operation;

/// The data of an answer in one spelling: ids as 32 hex digits, instants as microseconds; without what is a
/// server's own (cursors, and the names of hidden fields, of which a supervisor has only the one that needs a
/// scope).
pub fn common(operation: Operation, data: &Value) -> Value {
    match operation {
        Operation::PeriodReport => rows(data),
        Operation::RecordVisit => {
            let visit = &data["visitRecord"]["visit"];
            spelled(&json!({ "status": visit["status"], "visitedAt": visit["visitedAt"] }))
        }
        _ => spelled(data),
    }
}

/// The rows of a report, as PostGraphile's function gives them or as a metric's.
fn rows(data: &Value) -> Value {
    let metric = data.get("metric").map_or(data, |metric| metric);
    let rows = metric["rows"].as_array().map(Vec::as_slice).unwrap_or_default();
    let row = |row: &Value| {
        let key = row.get("keys").map_or(row, |keys| &keys[0]);
        spelled(&json!({ "id": key["id"], "name": key["name"], "value": row["value"] }))
    };
    rows.iter().map(row).collect()
}

fn spelled(value: &Value) -> Value {
    match value {
        Value::Object(fields) => Value::Object(fields.iter().filter_map(field).collect()),
        Value::Array(items) => items.iter().map(spelled).collect(),
        Value::String(text) => Value::String(text_of(text)),
        other => other.clone(),
    }
}

fn field((name, value): (&String, &Value)) -> Option<(String, Value)> {
    match name.as_str() {
        "redactedFields" => None,
        "endCursor" => Some((name.clone(), Value::Bool(value.is_null()))),
        _ => Some((name.clone(), spelled(value))),
    }
}

fn text_of(text: &str) -> String {
    if let Ok(at) = DateTime::parse_from_rfc3339(text) {
        return at.timestamp_micros().to_string();
    }
    let id = text.rsplit_once('_').map_or(text, |(_, id)| id);
    let is_id = id.len() == 32 || (id.len() == 36 && id == text);
    match uuid::Uuid::try_parse(id) {
        Ok(id) if is_id => id.simple().to_string(),
        _ => text.to_owned(),
    }
}

/// Where two values differ first, and how; `None` if they are the same.
pub fn difference(one: &Value, other: &Value) -> Option<String> {
    differ("", one, other)
}

fn differ(path: &str, one: &Value, other: &Value) -> Option<String> {
    match (one, other) {
        (Value::Object(one), Value::Object(other)) => differ_in_fields(path, one, other),
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            let mut pairs = a.iter().zip(b).enumerate();
            pairs.find_map(|(no, (a, b))| differ(&format!("{path}[{no}]"), a, b))
        }
        (Value::Array(a), Value::Array(b)) => {
            Some(format!("{path}: {} and {} elements", a.len(), b.len()))
        }
        _ if one == other => None,
        _ => Some(format!("{path}: {one} and {other}")),
    }
}

fn differ_in_fields(
    path: &str,
    one: &Map<String, Value>,
    other: &Map<String, Value>,
) -> Option<String> {
    let missing = other.keys().find(|name| !one.contains_key(*name));
    if let Some(name) = missing {
        return Some(format!("{path}.{name}: missing in the first"));
    }
    one.iter().find_map(|(name, value)| match other.get(name) {
        Some(there) => differ(&format!("{path}.{name}"), value, there),
        None => Some(format!("{path}.{name}: missing in the second")),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{common, difference};
    use crate::operation::Operation;

    #[test]
    fn spellings_of_ids_and_instants_are_the_same() {
        let one = json!({ "id": "family_0168086d30007002800000000000000a", "at": "2026-03-01T10:00:00Z" });
        let other = json!({ "id": "0168086d-3000-7002-8000-00000000000a", "at": "2026-03-01T10:00:00.000+00:00" });
        let common = |value| common(Operation::FamilyFile, value);
        assert_eq!(difference(&common(&one), &common(&other)), None);
    }

    #[test]
    fn a_difference_is_told_with_its_place() {
        let (one, other) = (json!({ "a": [{ "b": 1 }] }), json!({ "a": [{ "b": 2 }] }));
        assert_eq!(difference(&one, &other).as_deref(), Some(".a[0].b: 1 and 2"));
        assert!(difference(&one, &json!({})).is_some());
    }
}
