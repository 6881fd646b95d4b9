//! Which columns a request shows nothing of, so that a joint statement need not bring them.

use std::collections::HashSet;

use async_graphql::Context;
use async_graphql::parser::types::{Selection, SelectionSet};

/// Columns that only the fields of the same name read, and fields that are named here. Whoever reads
/// one of them elsewhere names that field; what is not here always comes.
const SPARED: &[(&str, &[&str])] = &[
    ("created_at", &["createdAt"]),
    ("updated_at", &["updatedAt"]),
    ("created_by", &[]),
    ("updated_by", &[]),
    ("search_key", &[]),
    ("address_key", &[]),
    ("address", &["address"]),
    ("protected_address", &["protectedAddress"]),
    ("patronymic", &["patronymic"]),
    ("disability", &["disability"]),
    ("phone", &["phone"]),
    ("narrative", &["narrative"]),
    ("reporter_name", &["reporterName"]),
    ("reporter_contact", &["reporterContact"]),
    ("void_reason", &["voidReason"]),
    ("note", &["note"]),
    ("answers", &["answers", "answerList", "assessmentComparison"]),
    ("needs", &["needs", "assessmentComparison"]),
    ("decision_note", &["decisionNote"]),
    ("child_views", &["childViews"]),
    ("review_note", &["reviewNote"]),
    ("summary", &["summary"]),
    ("closure_reason", &["closureReason"]),
    ("status_reason", &["statusReason"]),
    ("discharge_reason", &["dischargeReason"]),
    ("result", &["result"]),
    ("legal_basis", &["legalBasis"]),
    ("lives_here", &["livesHere"]),
    ("legal_responsibility", &["hasLegalResponsibility", "caregivers"]),
    ("primary_caregiver", &["isPrimaryCaregiver", "caregivers"]),
    ("recorded_at", &["recordedAt", "createdAt", "updatedAt"]),
    ("ended_recorded_at", &[]),
    ("death_date", &["deathDate"]),
    ("merged_into_id", &[]),
    ("enrolled_on", &["enrolledOn"]),
    ("ended_on", &["endedOn"]),
    ("offered_at", &["offeredAt"]),
    ("offered_until", &["offeredUntil"]),
    ("planned_discharge_on", &["plannedDischargeOn"]),
    ("reserved_at", &["reservedAt"]),
    ("reserved_until", &["reservedUntil"]),
    ("admission_recorded_at", &[]),
    ("discharge_recorded_at", &[]),
    ("goal_id", &["goal"]),
    ("service_type_id", &["serviceType"]),
    ("family_agreed", &["familyAgreed"]),
    ("done_on", &["doneOn"]),
    ("next_due_on", &["nextDueOn"]),
    ("review_due_on", &["reviewDueOn"]),
];

/// The columns that nothing in a request shows.
pub fn spared(ctx: &Context<'_>) -> HashSet<&'static str> {
    let mut names = HashSet::new();
    let operation = &ctx.query_env.operation.node;
    collect(&operation.selection_set.node, &mut names);
    for fragment in ctx.query_env.fragments.values() {
        collect(&fragment.node.selection_set.node, &mut names);
    }
    if names.contains("viewerPermissions") {
        return HashSet::new();
    }
    let is_spared =
        |(_, fields): &&(_, &[&str])| !fields.iter().any(|field| names.contains(*field));
    SPARED.iter().filter(is_spared).map(|(column, _)| *column).collect()
}

fn collect<'a>(selection: &'a SelectionSet, names: &mut HashSet<&'a str>) {
    for item in &selection.items {
        match &item.node {
            Selection::Field(field) => {
                names.insert(field.node.name.node.as_str());
                collect(&field.node.selection_set.node, names);
            }
            Selection::InlineFragment(fragment) => {
                collect(&fragment.node.selection_set.node, names);
            }
            Selection::FragmentSpread(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::SPARED;

    #[test]
    fn each_field_that_shows_a_column_is_in_the_schema() {
        let schema = include_str!("../../../../schema.graphql");
        for (column, fields) in SPARED {
            for field in *fields {
                let is_field =
                    [':', '('].iter().any(|end| schema.contains(&format!("\t{field}{end}")));
                assert!(is_field, "{field}, said to show {column}, is no field");
            }
        }
    }
}
