//! Which kind of row each id names that a root takes, and how else a root is asked. Where the name
//! of an argument doesn't say it, it is said here; what is neither fails the walk.

use super::schema::{Field, Types};

/// The prefixes of the ids that a place takes; all if it takes any.
pub fn prefixes(types: &Types, place: &str, field: &Field) -> Vec<String> {
    let known = types.prefixes();
    let of = |name: &str| known.get(name).cloned();
    let named = match place {
        "Query.node(id)"
        | "Query.nodes(ids)"
        | "Query.accessDecision(nodeId)"
        | "Query.auditEvents(nodeId)" => {
            let mut nodes: Vec<String> = types.members("Node").into_iter().filter_map(of).collect();
            nodes.sort();
            return nodes;
        }
        "Query.assessmentComparison(earlierId)" | "Query.assessmentComparison(laterId)" => {
            "Assessment"
        }
        "Query.eligibility(subjectId)"
        | "Query.whoCanSee(nodeId)"
        | "BreakGlassFilter.subjectId" => return vec!["family".to_owned(), "person".to_owned()],
        "TaskFilter.ownerIdIn" => "Worker",
        "CaseFilter.leadOrganisationIdIn"
        | "FamilyFilter.leadOrganisationIdIn"
        | "ReferralFilter.receiverIdIn" => "Organisation",
        _ => {
            if let Some(prefix) = super::schema::prefix_in(&field.description) {
                return vec![prefix];
            }
            let bare = field.name.trim_end_matches("In").trim_end_matches("Id");
            let (first, rest) = bare.split_at(1);
            let name = format!("{}{rest}", first.to_uppercase());
            return of(&name).map_or_else(
                || {
                    panic!(
                        "the walk doesn't know what kind of id {place} takes: say it in \
                         tests/walk/arguments.rs, or in its description \"Id with the prefix `..._`\""
                    )
                },
                |prefix| vec![prefix],
            );
        }
    };
    vec![of(named).unwrap()]
}

/// The arguments without which a root can't be asked and which are no ids, as text.
fn needed(root: &str) -> Option<&'static str> {
    match root {
        "mutationResult" => Some("clientMutationId: \"0190c0de-0000-7000-8000-000000000001\""),
        "metric" => {
            Some("id: FAMILIES_COVERED, period: { since: \"2020-01-01\", through: \"2026-01-01\" }")
        }
        "personSearch" => Some("input: { text: \"Nobody\" }"),
        _ => None,
    }
}

/// The roots, each as the walk can ask it.
pub fn roots(types: &Types) -> Vec<Root> {
    types.of("Query").fields.iter().map(|field| Root::of(types, field)).collect()
}

/// A root.
pub struct Root {
    pub field: Field,
    /// The ids that it needs: the name of the argument, whether it is a list, and the kinds.
    pub ids: Vec<(String, bool, Vec<String>)>,
    /// The ids by which it filters: as (name, kinds).
    pub filters: Vec<(String, Vec<String>)>,
    /// What else can be chosen in the filter: the name and one of the values.
    pub choices: Vec<(String, String)>,
    /// The orders in which it lists.
    pub orders: Vec<String>,
    needed: Option<&'static str>,
}

impl Root {
    fn of(types: &Types, field: &Field) -> Self {
        let mut root = Self {
            field: field.clone(),
            ids: Vec::new(),
            filters: Vec::new(),
            choices: Vec::new(),
            orders: Vec::new(),
            needed: needed(&field.name),
        };
        for argument in &field.arguments {
            let place = format!("Query.{}({})", field.name, argument.name);
            if argument.of == "ID" {
                let kinds = prefixes(types, &place, argument);
                root.ids.push((argument.name.clone(), argument.is_list, kinds));
            } else if argument.name == "filter" {
                root.read_filter(types, &argument.of);
            } else if argument.name == "orderBy" {
                root.read_order(types, &argument.of);
            } else {
                assert!(
                    !argument.is_required || root.needed.is_some(),
                    "the walk doesn't know what to give {place}: say it in tests/walk/arguments.rs"
                );
            }
        }
        root
    }

    fn read_filter(&mut self, types: &Types, filter: &str) {
        for field in &types.of(filter).fields {
            if field.of == "ID" {
                let place = format!("{filter}.{}", field.name);
                self.filters.push((field.name.clone(), prefixes(types, &place, field)));
            } else if let Some(choice) = types.get(&field.of)
                && !choice.values.is_empty()
            {
                for value in &choice.values {
                    let value = if field.is_list { format!("[{value}]") } else { value.clone() };
                    self.choices.push((field.name.clone(), value));
                }
            } else if field.of == "Boolean" {
                self.choices.push((field.name.clone(), "true".to_owned()));
            }
        }
    }

    fn read_order(&mut self, types: &Types, order: &str) {
        let fields = &types.of(order).fields;
        let by = fields.iter().find(|field| field.name == "field").unwrap();
        for value in &types.of(&by.of).values {
            for direction in ["ASC", "DESC"] {
                self.orders.push(format!("orderBy: {{ field: {value}, direction: {direction} }}"));
            }
        }
    }

    /// The root with arguments and a selection.
    pub fn asked(&self, arguments: &[String], selection: &str) -> String {
        let mut arguments = arguments.to_vec();
        arguments.extend(self.needed.map(str::to_owned));
        if self.field.arguments.iter().any(|argument| argument.name == "first") {
            arguments.push("first: 10".to_owned());
        }
        let arguments = arguments.join(", ");
        let arguments = if arguments.is_empty() { arguments } else { format!("({arguments})") };
        format!("{}{arguments} {{ {selection} }}", self.field.name)
    }
}
