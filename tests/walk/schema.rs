//! The schema as the walk reads it: from the text that the server speaks, so that what is new in it
//! is walked without being listed anywhere.

use std::collections::{BTreeMap, BTreeSet};

use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{
    BaseType, FieldDefinition, InputValueDefinition, Type, TypeKind, TypeSystemDefinition,
};

/// Types by their names.
pub struct Types(BTreeMap<String, Definition>);

/// What a type is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Object,
    Interface,
    Input,
    Enum,
    Scalar,
}

/// A type of the schema.
pub struct Definition {
    pub name: String,
    pub kind: Kind,
    pub interfaces: Vec<String>,
    pub fields: Vec<Field>,
    /// The values of an enum.
    pub values: Vec<String>,
}

/// A field, an argument or a field of an input.
#[derive(Clone, Debug)]
pub struct Field {
    pub name: String,
    /// The type that it holds, in lists or not.
    pub of: String,
    pub is_list: bool,
    /// Whether it must be given: not null and without a default.
    pub is_required: bool,
    pub description: String,
    pub arguments: Vec<Self>,
}

impl Types {
    /// The types of the running code.
    pub fn load() -> Self {
        let mut types = BTreeMap::new();
        for definition in parse_schema(hearth::graphql::sdl()).unwrap().definitions {
            let TypeSystemDefinition::Type(found) = definition else { continue };
            let name = found.node.name.node.to_string();
            let mut read = Definition {
                name: name.clone(),
                kind: Kind::Scalar,
                interfaces: Vec::new(),
                fields: Vec::new(),
                values: Vec::new(),
            };
            match &found.node.kind {
                TypeKind::Object(object) => {
                    read.kind = Kind::Object;
                    read.interfaces =
                        object.implements.iter().map(|name| name.node.to_string()).collect();
                    read.fields = object.fields.iter().map(|field| output(&field.node)).collect();
                }
                TypeKind::Interface(interface) => {
                    read.kind = Kind::Interface;
                    read.fields =
                        interface.fields.iter().map(|field| output(&field.node)).collect();
                }
                TypeKind::InputObject(object) => {
                    read.kind = Kind::Input;
                    read.fields = object.fields.iter().map(|field| input(&field.node)).collect();
                }
                TypeKind::Enum(choice) => {
                    read.kind = Kind::Enum;
                    read.values =
                        choice.values.iter().map(|value| value.node.value.to_string()).collect();
                }
                TypeKind::Scalar => {}
                TypeKind::Union(_) => panic!("teach tests/walk/schema.rs what to ask of unions"),
            }
            types.insert(name, read);
        }
        Self(types)
    }

    /// A type by its name; scalars that the language has are not in the text.
    pub fn get(&self, name: &str) -> Option<&Definition> {
        self.0.get(name)
    }

    /// A type that there is.
    pub fn of(&self, name: &str) -> &Definition {
        self.get(name).unwrap_or_else(|| panic!("no type {name}"))
    }

    /// All types.
    pub fn all(&self) -> impl Iterator<Item = &Definition> {
        self.0.values()
    }

    /// Whether fields of a type have fields of their own.
    pub fn is_composite(&self, name: &str) -> bool {
        self.get(name).is_some_and(|found| matches!(found.kind, Kind::Object | Kind::Interface))
    }

    /// The fields of a type that hold values.
    pub fn leaves(&self, name: &str) -> impl Iterator<Item = &Field> {
        self.of(name).fields.iter().filter(|field| !self.is_composite(&field.of))
    }

    /// The fields of a type that hold objects.
    pub fn objects(&self, name: &str) -> impl Iterator<Item = &Field> {
        self.of(name).fields.iter().filter(|field| self.is_composite(&field.of))
    }

    /// The types that implement an interface.
    pub fn members(&self, interface: &str) -> Vec<&str> {
        self.all()
            .filter(|found| found.interfaces.iter().any(|name| name == interface))
            .map(|found| found.name.as_str())
            .collect()
    }

    /// Prefixes of ids by the types that they name, as the schema's text tells them.
    pub fn prefixes(&self) -> BTreeMap<&str, String> {
        let mut prefixes = BTreeMap::new();
        for found in self.all().filter(|found| found.kind == Kind::Object) {
            // A key of a figure is an id of some kind, or a code.
            let is_named = |field: &&Field| field.name == "id" && field.of == "ID";
            let id = found.fields.iter().find(is_named).filter(|_| found.name != "MetricKey");
            let Some(id) = id else { continue };
            let prefix = prefix_in(&id.description).unwrap_or_else(|| {
                panic!("say at {}.id \"Id with the prefix `..._`\"", found.name)
            });
            prefixes.insert(found.name.as_str(), prefix);
        }
        prefixes
    }

    /// Every place that takes an id or returns a row, as `Type.field`, `Type.field(argument)` or
    /// `Input.field`.
    pub fn places(&self) -> BTreeSet<String> {
        let mut places = BTreeSet::new();
        for found in self.all() {
            for field in &found.fields {
                let place = format!("{}.{}", found.name, field.name);
                let arguments = field.arguments.iter().filter(|argument| argument.of == "ID");
                places.extend(arguments.map(|argument| format!("{place}({})", argument.name)));
                let holds = match found.kind {
                    Kind::Object => self.is_composite(&field.of),
                    Kind::Input => field.of == "ID",
                    _ => false,
                };
                if holds {
                    places.insert(place);
                }
            }
        }
        places
    }
}

/// The prefix that a description names.
pub fn prefix_in(description: &str) -> Option<String> {
    let (_, rest) = description.split_once("prefix `")?;
    Some(rest.split_once("_`")?.0.to_owned())
}

fn output(field: &FieldDefinition) -> Field {
    Field {
        name: field.name.node.to_string(),
        of: named(&field.ty.node),
        is_list: matches!(field.ty.node.base, BaseType::List(_)),
        is_required: !field.ty.node.nullable,
        description: field.description.as_ref().map(|text| text.node.clone()).unwrap_or_default(),
        arguments: field.arguments.iter().map(|argument| input(&argument.node)).collect(),
    }
}

fn input(field: &InputValueDefinition) -> Field {
    Field {
        name: field.name.node.to_string(),
        of: named(&field.ty.node),
        is_list: matches!(field.ty.node.base, BaseType::List(_)),
        is_required: !field.ty.node.nullable && field.default_value.is_none(),
        description: field.description.as_ref().map(|text| text.node.clone()).unwrap_or_default(),
        arguments: Vec::new(),
    }
}

fn named(of: &Type) -> String {
    match &of.base {
        BaseType::Named(name) => name.to_string(),
        BaseType::List(item) => named(item),
    }
}
