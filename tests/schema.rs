//! The public contract: `schema.graphql` is what the server speaks, and it is written for its
//! readers.

use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{ServiceDocument, TypeKind, TypeSystemDefinition};

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../schema.graphql");

fn document() -> ServiceDocument {
    parse_schema(hearth::graphql::sdl()).unwrap()
}

/// The fields of a type, sorted.
pub fn fields_of(name: &str) -> Vec<String> {
    let mut fields = Vec::new();
    for definition in document().definitions {
        let TypeSystemDefinition::Type(found) = definition else { continue };
        if let (true, TypeKind::Object(object)) = (found.node.name.node == name, found.node.kind) {
            fields.extend(object.fields.iter().map(|field| field.node.name.node.to_string()));
        }
    }
    fields.sort();
    fields
}

/// Set `UPDATE_SCHEMA=1` to write the file after a change of the schema.
#[test]
fn schema_graphql_is_what_the_server_speaks() {
    let sdl = hearth::graphql::sdl();
    if std::env::var_os("UPDATE_SCHEMA").is_some() {
        std::fs::write(FILE, &sdl).unwrap();
    }
    let written = std::fs::read_to_string(FILE).unwrap_or_default();
    assert!(written == sdl, "schema.graphql is stale: run the tests with UPDATE_SCHEMA=1");
}

#[test]
fn everything_in_the_schema_is_described() {
    let mut silent = Vec::new();
    for definition in document().definitions {
        let TypeSystemDefinition::Type(found) = definition else { continue };
        let name = found.node.name.node.to_string();
        if found.node.description.is_none() {
            silent.push(name.clone());
        }
        silent.extend(silent_parts(&name, &found.node.kind));
    }
    silent.retain(|place| !["ID", "Boolean", "Float", "Int", "String"].contains(&place.as_str()));
    assert_eq!(silent, Vec::<String>::new(), "without a description");
}

fn silent_parts(name: &str, kind: &TypeKind) -> Vec<String> {
    let mut silent = Vec::new();
    let mut see = |part: &str, described: bool| {
        if !described {
            silent.push(format!("{name}.{part}"));
        }
    };
    match kind {
        TypeKind::Object(object) => {
            for field in &object.fields {
                see(&field.node.name.node, field.node.description.is_some());
                for argument in &field.node.arguments {
                    see(&argument.node.name.node, argument.node.description.is_some());
                }
            }
        }
        TypeKind::Interface(interface) => {
            for field in &interface.fields {
                see(&field.node.name.node, field.node.description.is_some());
            }
        }
        TypeKind::InputObject(input) => {
            for field in &input.fields {
                see(&field.node.name.node, field.node.description.is_some());
            }
        }
        TypeKind::Enum(choice) => {
            for value in &choice.values {
                see(&value.node.value.node, value.node.description.is_some());
            }
        }
        TypeKind::Scalar | TypeKind::Union(_) => {}
    }
    silent
}

#[test]
fn names_avoid_keywords_of_client_languages_and_roots_are_nullable() {
    let keywords = ["type", "from", "to", "in", "is", "default", "import", "package", "self"];
    for definition in document().definitions {
        let TypeSystemDefinition::Type(found) = definition else { continue };
        let TypeKind::Object(object) = &found.node.kind else { continue };
        let name = found.node.name.node.as_str();
        for field in &object.fields {
            let field = &field.node;
            assert!(!keywords.contains(&field.name.node.as_str()), "{name}.{}", field.name.node);
            let own_null = name != "Query" || field.ty.node.nullable || field.name.node == "nodes";
            assert!(own_null, "Query.{} must be nullable", field.name.node);
        }
    }
}

#[test]
fn every_trusted_document_is_valid_in_the_schema() {
    for (name, text) in hearth::server::examples::TRUSTED {
        async_graphql::parser::parse_query(text).unwrap_or_else(|error| panic!("{name}: {error}"));
    }
}
