//! The pass over a parsed document before async-graphql sees it: how large it is once its fragments
//! are expanded. It looks at each fragment once, so an exponential document costs it microseconds.

use std::collections::{HashMap, HashSet};

use async_graphql::{
    Name, Positioned, Value, Variables,
    parser::types::{
        Directive, ExecutableDocument, Field, FragmentDefinition, OperationDefinition,
        OperationType, Selection, SelectionSet,
    },
};
use async_graphql_value::Value as Literal;

use super::refusal::Refusal;

/// What one document may hold, its fragments expanded.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    pub depth: usize,
    pub aliases: usize,
    /// Selections of one root field, aliased or not: each of them is executed.
    pub of_one_root: usize,
    pub directives: usize,
    pub on_one_field: usize,
    pub fragments: usize,
    pub selections: usize,
    pub in_one_set: usize,
}

impl Limits {
    /// For text that a client sends.
    pub const FREE_FORM: Self = Self {
        depth: 12,
        aliases: 30,
        of_one_root: 5,
        directives: 20,
        on_one_field: 5,
        fragments: 50,
        selections: 5_000,
        in_one_set: 500,
    };
    /// For documents that the operator installed: against mistakes, not against attacks.
    pub const TRUSTED: Self = Self {
        depth: 30,
        aliases: 500,
        of_one_root: 50,
        directives: 500,
        on_one_field: 10,
        fragments: 500,
        selections: 20_000,
        in_one_set: 1_000,
    };
}

/// Lists of types in each other within one introspection query (`fields { type { fields } }`): each
/// more multiplies the answer by the size of the schema.
const INTROSPECTION_LISTS: usize = 2;

/// What the pass learnt, true for every execution of the document.
#[derive(Debug, Clone, Copy, Default)]
pub struct Facts {
    /// Whether some operation asks for `__schema` or `__type`.
    pub introspects: bool,
}

/// Passes a document that is within the limits. Undefined fragments are left to validation.
pub fn check(document: &ExecutableDocument, limits: &Limits) -> Result<Facts, Refusal> {
    if document.fragments.len() > limits.fragments {
        return Err(exceeds("fragments", limits.fragments));
    }
    let mut pass = Pass { document, limits, known: HashMap::new() };
    let mut all = Measure::default();
    for (name, fragment) in &document.fragments {
        let inside = pass.fragment(name)?.unwrap_or_default();
        let own = pass.directives(&fragment.node.directives)?;
        all.directives = all.directives.saturating_add(own);
        all.introspects |= inside.introspects;
    }
    for (_, operation) in document.operations.iter() {
        let operation = &operation.node;
        let mut measure = pass.set(&operation.selection_set.node)?;
        measure.directives += pass.directives(&operation.directives)?;
        for variable in &operation.variable_definitions {
            measure.directives += pass.directives(&variable.node.directives)?;
        }
        if measure.depth > limits.depth {
            return Err(exceeds("levels of fields", limits.depth));
        }
        all.add(measure);
        pass.bounded(&all)?;
        pass.roots(operation)?;
    }
    Ok(Facts { introspects: all.introspects })
}

/// Refuses an operation whose required variables are missing or null: async-graphql would notice
/// only at the field, after other fields have run.
pub fn require_variables(
    operation: &OperationDefinition,
    given: &Variables,
) -> Result<(), Refusal> {
    for definition in &operation.variable_definitions {
        let variable = &definition.node;
        let value = given.get(&variable.name.node);
        let is_set = match value {
            None => variable.default_value.is_some(),
            Some(value) => *value != Value::Null,
        };
        if !variable.var_type.node.nullable && !is_set {
            let (name, ty) = (&variable.name.node, &variable.var_type.node);
            let message = format!("The variable \"${name}\" of the type \"{ty}\" needs a value.");
            return Err(Refusal::new("BAD_USER_INPUT", message).at(definition.pos));
        }
    }
    Ok(())
}

/// The size of a selection set, fragments expanded.
#[derive(Debug, Clone, Copy, Default)]
struct Measure {
    selections: usize,
    /// Fields on this level.
    width: usize,
    depth: usize,
    aliases: usize,
    directives: usize,
    introspection_lists: usize,
    introspects: bool,
}

impl Measure {
    fn add(&mut self, other: Self) {
        self.selections = self.selections.saturating_add(other.selections);
        self.width = self.width.saturating_add(other.width);
        self.depth = self.depth.max(other.depth);
        self.aliases = self.aliases.saturating_add(other.aliases);
        self.directives = self.directives.saturating_add(other.directives);
        self.introspection_lists = self.introspection_lists.max(other.introspection_lists);
        self.introspects |= other.introspects;
    }
}

struct Pass<'a> {
    document: &'a ExecutableDocument,
    limits: &'a Limits,
    /// `None` while the fragment is being measured.
    known: HashMap<&'a str, Option<Measure>>,
}

impl<'a> Pass<'a> {
    fn set(&mut self, set: &'a SelectionSet) -> Result<Measure, Refusal> {
        let mut total = Measure::default();
        for selection in &set.items {
            let directives = self.directives(selection.node.directives())?;
            let mut one = match &selection.node {
                Selection::Field(field) => self.field(&field.node)?,
                Selection::InlineFragment(inline) => self.set(&inline.node.selection_set.node)?,
                Selection::FragmentSpread(spread) => {
                    let name = spread.node.fragment_name.node.as_str();
                    self.fragment(name)?.unwrap_or_default()
                }
            };
            one.selections = one.selections.saturating_add(1);
            one.directives = one.directives.saturating_add(directives);
            total.add(one);
            self.bounded(&total)?;
            if total.width > self.limits.in_one_set {
                return Err(exceeds("fields in one selection set", self.limits.in_one_set));
            }
        }
        Ok(total)
    }

    fn field(&mut self, field: &'a Field) -> Result<Measure, Refusal> {
        let mut measure = self.set(&field.selection_set.node)?;
        let name = field.name.node.as_str();
        measure.width = 1;
        measure.depth += 1;
        measure.aliases += usize::from(field.alias.is_some());
        for (_, value) in &field.arguments {
            if is_beyond_int(&value.node) {
                let message = "A number is not of the type \"Int\", which holds 32 bits.";
                return Err(Refusal::invalid(message).at(value.pos));
            }
        }
        if matches!(name, "fields" | "interfaces" | "possibleTypes" | "inputFields") {
            measure.introspection_lists += 1;
        }
        if matches!(name, "__schema" | "__type") {
            if measure.introspection_lists > INTROSPECTION_LISTS {
                return Err(exceeds("lists of the schema in each other", INTROSPECTION_LISTS));
            }
            measure.introspects = true;
            measure.depth = 1;
        }
        Ok(measure)
    }

    /// The measure of a fragment; `None` if the document does not define it.
    fn fragment(&mut self, name: &str) -> Result<Option<Measure>, Refusal> {
        let Some((name, fragment)) = self.document.fragments.get_key_value(name) else {
            return Ok(None);
        };
        match self.known.get(name.as_str()) {
            Some(Some(measure)) => return Ok(Some(*measure)),
            Some(None) => return Err(cycle(name, fragment)),
            None => {}
        }
        self.known.insert(name.as_str(), None);
        let measure = self.set(&fragment.node.selection_set.node)?;
        self.known.insert(name.as_str(), Some(measure));
        Ok(Some(measure))
    }

    fn directives(&self, directives: &[Positioned<Directive>]) -> Result<usize, Refusal> {
        if directives.len() > self.limits.on_one_field {
            return Err(exceeds("directives in one place", self.limits.on_one_field));
        }
        Ok(directives.len())
    }

    fn bounded(&self, measure: &Measure) -> Result<(), Refusal> {
        let limits = self.limits;
        if measure.selections > limits.selections {
            return Err(exceeds("selections with its fragments expanded", limits.selections));
        }
        if measure.aliases > limits.aliases {
            return Err(exceeds("aliases", limits.aliases));
        }
        if measure.directives > limits.directives {
            return Err(exceeds("directives", limits.directives));
        }
        Ok(())
    }

    /// Counts the root fields. Only after `set`: it expands fragments without memory.
    fn roots(&self, operation: &'a OperationDefinition) -> Result<(), Refusal> {
        let mut fields = Vec::new();
        self.collect_roots(&operation.selection_set.node, &mut fields);
        let mut times: HashMap<&str, usize> = HashMap::new();
        let mut keys = HashSet::new();
        for field in fields {
            let count = times.entry(field.name.node.as_str()).or_default();
            *count += 1;
            if *count > self.limits.of_one_root {
                return Err(exceeds("selections of one root field", self.limits.of_one_root));
            }
            let is_new = keys.insert(field.response_key().node.as_str());
            // async-graphql runs both and merges the answers; the specification runs one.
            if operation.ty == OperationType::Mutation && !is_new {
                let name = &field.name.node;
                return Err(Refusal::invalid(format!(
                    "The mutation \"{name}\" is selected twice under one name: merge the selections or use an alias."
                )));
            }
        }
        Ok(())
    }

    fn collect_roots(&self, set: &'a SelectionSet, fields: &mut Vec<&'a Field>) {
        for selection in &set.items {
            match &selection.node {
                Selection::Field(field) => fields.push(&field.node),
                Selection::InlineFragment(inline) => {
                    self.collect_roots(&inline.node.selection_set.node, fields);
                }
                Selection::FragmentSpread(spread) => {
                    let name = &spread.node.fragment_name.node;
                    if let Some(fragment) = self.document.fragments.get(name) {
                        self.collect_roots(&fragment.node.selection_set.node, fields);
                    }
                }
            }
        }
    }
}

/// Whether a literal holds a number that `Int` can't, the one type of numbers in the schema:
/// async-graphql would notice only where the field runs.
fn is_beyond_int(value: &Literal) -> bool {
    match value {
        Literal::Number(number) => number.as_i64().is_none_or(|it| i32::try_from(it).is_err()),
        Literal::List(items) => items.iter().any(is_beyond_int),
        Literal::Object(fields) => fields.values().any(is_beyond_int),
        _ => false,
    }
}

fn exceeds(what: &str, most: usize) -> Refusal {
    Refusal::limit(format!("The document has more than {most} {what}."))
}

fn cycle(name: &Name, fragment: &Positioned<FragmentDefinition>) -> Refusal {
    Refusal::invalid(format!("The fragment \"{name}\" spreads itself.")).at(fragment.pos)
}

#[cfg(test)]
mod tests;
