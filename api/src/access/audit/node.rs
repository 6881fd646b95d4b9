//! As what the audit names a row: by its own id where clients know the row by one, else by the
//! object that it belongs to. A child is named as the person that it is.

use sea_orm::{EntityName, EntityTrait, IdenStatic, Iterable, ModelTrait, Value};
use uuid::Uuid;

/// An object that the audit names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Node {
    /// The kind of object, by the prefix of its ids.
    pub kind: &'static str,
    /// The object.
    pub id: Uuid,
}

/// The kinds of object that a table's rows are read as, with the columns that name them; none for
/// tables that hold nothing personal.
pub fn named(table: &str) -> &'static [(&'static str, &'static str)] {
    match table {
        "person" => &[("person", "id")],
        "person_name" | "person_identifier" | "identity_fact" | "legal_status" => {
            &[("person", "person_id")]
        }
        "relationship" => &[("person", "person_id"), ("person", "other_id")],
        "family" => &[("family", "id")],
        "family_characteristic" => &[("family", "family_id")],
        "family_member" => &[("family", "family_id"), ("person", "person_id")],
        "decision" => &[("decision", "id")],
        "register_entry" => &[("entry", "id")],
        "concern_report" => &[("report", "id")],
        "concern_category" => &[("report", "concern_report_id")],
        "case" => &[("case", "id")],
        "case_note" => &[("case", "case_id")],
        "episode" => &[("episode", "id")],
        "assessment" => &[("assessment", "id")],
        "plan" => &[("plan", "id")],
        "goal" => &[("plan", "plan_id")],
        "measure" => &[("measure", "id")],
        "service" => &[("service", "id")],
        "visit" => &[("visit", "id")],
        "visit_child" => &[("visit", "visit_id")],
        "centre" => &[("centre", "id")],
        "placement" => &[("placement", "id")],
        "placement_breach" => &[("placement", "placement_id")],
        "enrolment" => &[("enrolment", "id")],
        "consent" => &[("consent", "id")],
        "referral" => &[("referral", "id")],
        "transfer" => &[("transfer", "id")],
        "break_glass" => &[("breakglass", "id")],
        _ => &[],
    }
}

/// The objects that a row is read as.
pub fn nodes_of<M: ModelTrait>(row: &M) -> impl Iterator<Item = Node> {
    let named = named(M::Entity::default().table_name());
    named.iter().filter_map(|(kind, name)| {
        let mut columns = <M::Entity as EntityTrait>::Column::iter();
        let column = columns.find(|column| column.as_str() == *name)?;
        match row.get(column) {
            Value::Uuid(Some(id)) => Some(Node { kind, id }),
            _ => None,
        }
    })
}
