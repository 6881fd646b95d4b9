//! The cost of one operation: an object 1, a page `2 + first * (1 + child)`, a mutation 10, a total 10,
//! a search 20. Depends on the variables, so it is computed per request unless no page size does.

use std::collections::HashMap;

use async_graphql::{
    Value as Const, Variables,
    parser::types::{ExecutableDocument, Field, OperationDefinition, Selection, SelectionSet},
};
use async_graphql_value::Value;

use super::shape::{DEFAULT_PAGE, FieldShape, Shape, TypeShape, as_count};

const OBJECT: u64 = 1;
const PAGE: u64 = 2;
const MUTATION: u64 = 10;
const TOTAL: u64 = 10;
const SEARCH: u64 = 20;

/// The cost of an operation, and whether the variables had a part in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Price {
    pub cost: u64,
    pub varies: bool,
}

/// Prices an operation of a document that `precheck` passed. `@skip` and `@include` are not looked
/// at: what may run is paid.
pub fn price(
    document: &ExecutableDocument,
    operation: &OperationDefinition,
    variables: &Variables,
    shape: &Shape,
) -> Price {
    let mut pricer =
        Pricer { document, operation, variables, shape, known: HashMap::new(), varies: false };
    let cost = pricer.set(&operation.selection_set.node, shape.root(operation.ty));
    Price { cost: cost.sum(), varies: pricer.varies }
}

/// The cost of a selection set. `entries` counts once per entry if the set belongs to a page.
#[derive(Debug, Clone, Copy, Default)]
struct Cost {
    fixed: u64,
    entries: u64,
}

impl Cost {
    fn sum(self) -> u64 {
        self.fixed.saturating_add(self.entries.saturating_mul(DEFAULT_PAGE))
    }

    fn add(&mut self, other: Self) {
        self.fixed = self.fixed.saturating_add(other.fixed);
        self.entries = self.entries.saturating_add(other.entries);
    }
}

struct Pricer<'a> {
    document: &'a ExecutableDocument,
    operation: &'a OperationDefinition,
    variables: &'a Variables,
    shape: &'a Shape,
    known: HashMap<&'a str, Cost>,
    varies: bool,
}

impl<'a> Pricer<'a> {
    fn set(&mut self, set: &'a SelectionSet, parent: Option<&'a TypeShape>) -> Cost {
        let mut total = Cost::default();
        for selection in &set.items {
            match &selection.node {
                Selection::Field(field) => total.add(self.field(&field.node, parent)),
                Selection::FragmentSpread(spread) => {
                    total.add(self.fragment(&spread.node.fragment_name.node));
                }
                Selection::InlineFragment(inline) => {
                    let on = inline.node.type_condition.as_ref();
                    let parent = on.map_or(parent, |on| self.shape.named(&on.node.on.node));
                    total.add(self.set(&inline.node.selection_set.node, parent));
                }
            }
        }
        total
    }

    fn fragment(&mut self, name: &str) -> Cost {
        let Some((name, fragment)) = self.document.fragments.get_key_value(name) else {
            return Cost::default();
        };
        if let Some(cost) = self.known.get(name.as_str()) {
            return *cost;
        }
        self.known.insert(name, Cost::default());
        let parent = self.shape.named(&fragment.node.type_condition.node.on.node);
        let cost = self.set(&fragment.node.selection_set.node, parent);
        self.known.insert(name, cost);
        cost
    }

    fn field(&mut self, field: &'a Field, parent: Option<&'a TypeShape>) -> Cost {
        let name = field.name.node.as_str();
        if name.starts_with("__") {
            return Cost::default();
        }
        let known = parent.and_then(|parent| parent.field(name));
        let of = known.and_then(|known| self.shape.named(&known.of));
        let inner = self.set(&field.selection_set.node, of);
        let is_entries = known.is_some_and(|known| known.is_composite && known.is_list);
        match parent {
            Some(parent) if parent.is_page && is_entries => {
                Cost { fixed: 0, entries: 1 + inner.sum() }
            }
            Some(parent) if parent.is_edge && name == "node" => {
                Cost { fixed: inner.sum(), entries: 0 }
            }
            _ => {
                let base = base(name, parent);
                let fixed = match known {
                    Some(known) if known.is_composite => self.object(field, known, of, base, inner),
                    Some(_) => base.unwrap_or_default(),
                    None => inner
                        .sum()
                        .saturating_add(u64::from(!field.selection_set.node.items.is_empty())),
                };
                Cost { fixed, entries: 0 }
            }
        }
    }

    /// The cost of a field that holds objects, by the way it holds them.
    fn object(
        &mut self,
        field: &Field,
        known: &FieldShape,
        of: Option<&TypeShape>,
        base: Option<u64>,
        inner: Cost,
    ) -> u64 {
        let is_page = !known.is_list && of.is_some_and(|of| of.is_page);
        let (base, entries, each, once) = if is_page {
            let entries = self.page_size(field, known);
            (base.unwrap_or(PAGE), entries, inner.entries.max(1), inner.fixed)
        } else if known.page.is_some() {
            let entries = self.page_size(field, known);
            (base.unwrap_or(PAGE), entries, inner.sum().saturating_add(OBJECT), 0)
        } else if known.is_list && known.takes_ids {
            let entries = self.ids(field);
            (base.unwrap_or_default(), entries, inner.sum().saturating_add(OBJECT), 0)
        } else {
            (base.unwrap_or(OBJECT), 1, inner.sum(), 0)
        };
        base.saturating_add(entries.saturating_mul(each)).saturating_add(once)
    }

    /// The larger of `first` and `last`; what is no number is left to validation.
    fn page_size(&mut self, field: &Field, known: &FieldShape) -> u64 {
        let asked = ["first", "last"].map(|name| match &field.get_argument(name)?.node {
            Value::Number(number) => as_count(number),
            Value::Variable(name) => match self.variable(name)? {
                Const::Number(number) => as_count(number),
                _ => None,
            },
            _ => None,
        });
        let asked = asked.into_iter().flatten().max();
        asked.or(known.page).unwrap_or(DEFAULT_PAGE)
    }

    fn ids(&mut self, field: &Field) -> u64 {
        let count = match field.get_argument("ids").map(|ids| &ids.node) {
            Some(Value::List(ids)) => ids.len(),
            Some(Value::Variable(name)) => match self.variable(name) {
                Some(Const::List(ids)) => ids.len(),
                _ => 1,
            },
            _ => 1,
        };
        u64::try_from(count).unwrap_or(u64::MAX)
    }

    fn variable(&mut self, name: &str) -> Option<&'a Const> {
        self.varies = true;
        let mut definitions = self.operation.variable_definitions.iter();
        self.variables.get(name).or_else(|| {
            let definition = definitions.find(|definition| definition.node.name.node == *name)?;
            definition.node.default_value.as_ref().map(|value| &value.node)
        })
    }
}

fn base(name: &str, parent: Option<&TypeShape>) -> Option<u64> {
    if parent.is_some_and(|parent| parent.is_mutation) {
        Some(MUTATION)
    } else if name.ends_with("Search") || name == "metric" {
        Some(SEARCH)
    } else if name == "totalCount" {
        Some(TOTAL)
    } else {
        None
    }
}

#[cfg(test)]
mod tests;
