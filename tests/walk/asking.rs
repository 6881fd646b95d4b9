//! What the walk asks: selections made from the schema, and which places of the schema a document
//! has tried.

use std::collections::BTreeSet;

use async_graphql::parser::parse_query;
use async_graphql::parser::types::{OperationType, Selection, SelectionSet};
use serde_json::Value;

use super::schema::{Kind, Types};

/// All values of a type, and those of its objects so many levels deep.
pub fn selection(types: &Types, name: &str, depth: usize) -> String {
    let mut parts: Vec<String> = types.leaves(name).map(|field| field.name.clone()).collect();
    if types.of(name).kind == Kind::Interface {
        parts.push("__typename".to_owned());
    }
    if depth > 0 {
        parts.extend(types.objects(name).map(|field| {
            format!("{} {{ {} }}", field.name, selection(types, &field.of, depth - 1))
        }));
    }
    if parts.is_empty() {
        parts.push("__typename".to_owned());
    }
    parts.join(" ")
}

/// What is asked of an answer's errors that a person can act on.
pub fn user_errors(types: &Types) -> String {
    let mut parts = vec![format!("__typename {}", selection(types, "UserError", 0))];
    parts.extend(types.members("UserError").into_iter().map(|name| {
        let own: Vec<String> = types
            .of(name)
            .fields
            .iter()
            .filter(|field| !types.of("UserError").fields.iter().any(|of| of.name == field.name))
            .map(|field| {
                if types.is_composite(&field.of) {
                    format!("{} {{ {} }}", field.name, selection(types, &field.of, 1))
                } else {
                    field.name.clone()
                }
            })
            .collect();
        format!("... on {name} {{ __typename {} }}", own.join(" "))
    }));
    parts.join(" ")
}

/// What is asked of a mutation's payload.
pub fn payload(types: &Types, name: &str) -> String {
    let mut parts: Vec<String> = types.leaves(name).map(|field| field.name.clone()).collect();
    for field in types.objects(name) {
        let inner = match field.of.as_str() {
            "UserError" => user_errors(types),
            of => selection(types, of, 0),
        };
        parts.push(format!("{} {{ {inner} }}", field.name));
    }
    parts.join(" ")
}

/// The places that a document tries.
pub fn places(types: &Types, text: &str) -> BTreeSet<String> {
    let document = parse_query(text).unwrap_or_else(|error| panic!("{error}: {text}"));
    let mut places = BTreeSet::new();
    for (_, operation) in document.operations.iter() {
        let root = match operation.node.ty {
            OperationType::Mutation => "Mutation",
            _ => "Query",
        };
        walk(types, root, &operation.node.selection_set.node, &mut places);
    }
    places
}

fn walk(types: &Types, on: &str, set: &SelectionSet, places: &mut BTreeSet<String>) {
    for selection in &set.items {
        match &selection.node {
            Selection::Field(field) => {
                let name = field.node.name.node.as_str();
                let Some(known) = types.of(on).fields.iter().find(|known| known.name == name)
                else {
                    continue;
                };
                for (argument, _) in &field.node.arguments {
                    let argument = argument.node.as_str();
                    if known
                        .arguments
                        .iter()
                        .any(|known| known.name == argument && known.of == "ID")
                    {
                        places.insert(format!("{on}.{name}({argument})"));
                    }
                }
                if types.is_composite(&known.of) {
                    // What is asked of an interface is asked of each type that has it.
                    let members = types.members(on);
                    places.extend(members.iter().map(|member| format!("{member}.{name}")));
                    places.insert(format!("{on}.{name}"));
                    walk(types, &known.of, &field.node.selection_set.node, places);
                }
            }
            Selection::InlineFragment(inline) => {
                let on = inline.node.type_condition.as_ref().map_or(on, |on| &on.node.on.node);
                walk(types, on, &inline.node.selection_set.node, places);
            }
            Selection::FragmentSpread(_) => panic!("the walk asks without fragments"),
        }
    }
}

/// An id in an input: where it stands, the place in the schema, and the id.
#[derive(Clone, Debug)]
pub struct Site {
    pub pointer: String,
    pub place: String,
    pub field: String,
    pub id: String,
}

impl Site {
    pub fn prefix(&self) -> &str {
        self.id.split_once('_').unwrap_or_else(|| panic!("{self:?} is no id")).0
    }
}

/// The ids in an input of a type.
pub fn sites(types: &Types, input: &str, value: &Value) -> Vec<Site> {
    let mut sites = Vec::new();
    visit(types, input, value, "", &mut |place, field, pointer, of, value| {
        if let ("ID", Value::String(id)) = (of, value) {
            let (place, pointer) = (place.to_owned(), pointer.to_owned());
            sites.push(Site { pointer, place, field: field.to_owned(), id: id.clone() });
        }
    });
    sites
}

/// An input of a type in which each text carries a word.
pub fn marked(types: &Types, input: &str, value: &Value, word: &str) -> Value {
    /// Texts in a form of their own, which holds no other word.
    const FORMED: [&str; 2] = ["BudgetLineInput.currency", "EligibilityRuleInput.code"];
    let mut pointers = Vec::new();
    visit(types, input, value, "", &mut |place, _, pointer, of, value| {
        if let ("String", Value::String(_)) = (of, value)
            && !FORMED.contains(&place)
        {
            pointers.push(pointer.to_owned());
        }
    });
    let mut marked = value.clone();
    for pointer in pointers {
        let text = marked.pointer_mut(&pointer).unwrap();
        *text = Value::String(format!("{} {word}", text.as_str().unwrap()));
    }
    marked
}

fn visit(
    types: &Types,
    input: &str,
    value: &Value,
    pointer: &str,
    see: &mut impl FnMut(&str, &str, &str, &str, &Value),
) {
    let fields = value.as_object().unwrap_or_else(|| panic!("{input} is no object: {value}"));
    for (name, value) in fields {
        let known = types.of(input).fields.iter().find(|known| known.name == *name);
        let Some(known) = known else { continue };
        let place = format!("{input}.{name}");
        let items: Vec<(String, &Value)> = match value {
            Value::Array(items) => items
                .iter()
                .enumerate()
                .map(|(no, item)| (format!("{pointer}/{name}/{no}"), item))
                .collect(),
            one => vec![(format!("{pointer}/{name}"), one)],
        };
        for (pointer, item) in items {
            if types.get(&known.of).is_some_and(|of| of.kind == Kind::Input) && item.is_object() {
                visit(types, &known.of, item, &pointer, see);
            } else {
                see(&place, name, &pointer, &known.of, item);
            }
        }
    }
}
