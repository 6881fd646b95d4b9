//! What the cost of a query depends on in the schema, read once from its SDL: which fields hold
//! objects, which are pages, and how many entries a page has when nobody says.

use std::collections::{HashMap, HashSet};

use async_graphql::{
    Name, Number, Positioned, Value,
    parser::{
        parse_schema,
        types::{
            BaseType, FieldDefinition, OperationType, SchemaDefinition, Type, TypeDefinition,
            TypeKind, TypeSystemDefinition,
        },
    },
};

/// Entries of a page if neither the document nor the schema names a number.
pub const DEFAULT_PAGE: u64 = 25;

/// The object types of one schema.
#[derive(Debug, Default)]
pub struct Shape {
    query: Option<String>,
    mutation: Option<String>,
    subscription: Option<String>,
    types: HashMap<String, TypeShape>,
}

/// An object or interface type; a union has no fields.
#[derive(Debug, Default)]
pub struct TypeShape {
    /// A connection or another page: its lists are priced per entry.
    pub is_page: bool,
    /// The wrapper between a page and its nodes, which costs nothing itself.
    pub is_edge: bool,
    /// The root of mutations.
    pub is_mutation: bool,
    fields: HashMap<String, FieldShape>,
}

#[derive(Debug)]
pub struct FieldShape {
    /// The named type under all lists.
    pub of: String,
    pub is_list: bool,
    /// Object, interface or union: something with a selection.
    pub is_composite: bool,
    /// The default of `first` or `last`, if the field takes one of them.
    pub page: Option<u64>,
    /// Whether the field takes a list of ids, and so answers as many objects.
    pub takes_ids: bool,
}

impl Shape {
    /// Reads the SDL of the schema that the server executes.
    pub fn from_sdl(sdl: &str) -> Result<Self, String> {
        let document = parse_schema(sdl).map_err(|error| format!("the SDL: {error}"))?;
        let mut shape = Self {
            query: Some("Query".to_owned()),
            mutation: Some("Mutation".to_owned()),
            subscription: Some("Subscription".to_owned()),
            types: HashMap::new(),
        };
        for definition in &document.definitions {
            match definition {
                TypeSystemDefinition::Schema(schema) => shape.set_roots(&schema.node),
                TypeSystemDefinition::Type(definition) => shape.add(&definition.node),
                TypeSystemDefinition::Directive(_) => {}
            }
        }
        shape.link();
        Ok(shape)
    }

    /// The type that an operation selects from.
    pub fn root(&self, kind: OperationType) -> Option<&TypeShape> {
        let name = match kind {
            OperationType::Query => self.query.as_deref(),
            OperationType::Mutation => self.mutation.as_deref(),
            OperationType::Subscription => self.subscription.as_deref(),
        };
        self.named(name?)
    }

    pub fn named(&self, name: &str) -> Option<&TypeShape> {
        self.types.get(name)
    }

    fn set_roots(&mut self, schema: &SchemaDefinition) {
        let name =
            |root: &Option<Positioned<Name>>| root.as_ref().map(|name| name.node.to_string());
        self.query = name(&schema.query);
        self.mutation = name(&schema.mutation);
        self.subscription = name(&schema.subscription);
    }

    fn add(&mut self, definition: &TypeDefinition) {
        let fields = match &definition.kind {
            TypeKind::Object(object) => object.fields.as_slice(),
            TypeKind::Interface(interface) => interface.fields.as_slice(),
            TypeKind::Union(_) => &[],
            TypeKind::Scalar | TypeKind::Enum(_) | TypeKind::InputObject(_) => return,
        };
        let fields = fields.iter().map(|field| {
            let field = &field.node;
            (field.name.node.to_string(), FieldShape::of(field))
        });
        let name = definition.name.node.to_string();
        self.types.entry(name).or_default().fields.extend(fields);
    }

    /// Marks what only the whole schema tells: composites, pages and their edges.
    fn link(&mut self) {
        let composites: HashSet<String> = self.types.keys().cloned().collect();
        let mut pages = HashSet::new();
        for (name, shape) in &mut self.types {
            if name.ends_with("Connection") || shape.fields.contains_key("pageInfo") {
                pages.insert(name.clone());
            }
            shape.is_mutation = self.mutation.as_ref() == Some(name);
            for field in shape.fields.values_mut() {
                field.is_composite = composites.contains(&field.of);
                if field.is_composite && !field.is_list && field.page.is_some() {
                    pages.insert(field.of.clone());
                }
            }
        }
        let mut edges = HashSet::new();
        for name in &pages {
            if let Some(page) = self.types.get_mut(name) {
                page.is_page = true;
                edges.extend(page.fields.get("edges").map(|field| field.of.clone()));
            }
        }
        for name in &edges {
            if let Some(edge) = self.types.get_mut(name) {
                edge.is_edge = true;
            }
        }
    }
}

impl TypeShape {
    pub fn field(&self, name: &str) -> Option<&FieldShape> {
        self.fields.get(name)
    }
}

impl FieldShape {
    fn of(definition: &FieldDefinition) -> Self {
        let argument = |name: &str| {
            let mut all = definition.arguments.iter();
            all.find(|argument| argument.node.name.node.as_str() == name)
        };
        let page = argument("first").or_else(|| argument("last")).map(|argument| {
            match argument.node.default_value.as_ref().map(|value| &value.node) {
                Some(Value::Number(number)) => as_count(number).unwrap_or(DEFAULT_PAGE),
                _ => DEFAULT_PAGE,
            }
        });
        let (of, is_list) = unwrapped(&definition.ty.node);
        Self {
            of,
            is_list,
            is_composite: false,
            page,
            takes_ids: argument("ids").is_some_and(|ids| unwrapped(&ids.node.ty.node).1),
        }
    }
}

/// A number as a number of entries: a negative one is none.
pub fn as_count(number: &Number) -> Option<u64> {
    number.as_u64().or_else(|| number.as_i64().map(|_| 0))
}

fn unwrapped(ty: &Type) -> (String, bool) {
    match &ty.base {
        BaseType::Named(name) => (name.to_string(), false),
        BaseType::List(inner) => (unwrapped(inner).0, true),
    }
}
