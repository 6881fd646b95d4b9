//! Whom an object of the audit is about, so that who leads the work with them learns who else read it.

use entity::audit_event;
use sea_orm::DbBackend;
use sea_orm::sea_query::{Expr, ExprTrait, Func, Query, SelectStatement, SimpleExpr};
use uuid::Uuid;

use super::Node;
use crate::access::scope::leads_any_of;
use crate::access::viewer::Viewer;

/// A table, its column that names the object, and its columns of families and of persons.
type Place = (&'static str, &'static str, Option<&'static str>, Option<&'static str>);

/// Where it is recorded whom objects of a kind are about.
fn places(kind: &str) -> &'static [Place] {
    const FAMILY: Option<&str> = Some("family_id");
    const PERSON: Option<&str> = Some("person_id");
    match kind {
        "family" => &[("family", "id", Some("id"), None)],
        "person" => {
            &[("person", "id", None, Some("id")), ("family_member", "person_id", FAMILY, None)]
        }
        "entry" => &[("register_entry", "id", FAMILY, PERSON)],
        "decision" => &[("decision", "id", FAMILY, PERSON)],
        "placement" => &[("placement", "id", FAMILY, PERSON)],
        "breakglass" => &[("break_glass", "id", FAMILY, PERSON)],
        "report" => &[("concern_report", "id", FAMILY, None)],
        "case" => &[("case", "id", FAMILY, None)],
        "episode" => &[("episode", "id", FAMILY, None)],
        "assessment" => &[("assessment", "id", FAMILY, None)],
        "plan" => &[("plan", "id", FAMILY, None)],
        "measure" => &[("measure", "id", FAMILY, None)],
        "service" => &[("service", "id", FAMILY, None)],
        "visit" => &[("visit", "id", FAMILY, None)],
        "enrolment" => &[("enrolment", "id", FAMILY, None)],
        "consent" => &[("consent", "id", FAMILY, None)],
        "referral" => &[("referral", "id", FAMILY, None)],
        "transfer" => &[("transfer", "id", FAMILY, None)],
        _ => &[],
    }
}

/// That the viewer's organisations lead the work with whom an object is about, as it is recorded now.
pub fn is_led(viewer: &Viewer, node: Node) -> SimpleExpr {
    let ids = |table, key, column| -> SelectStatement {
        Query::select().column(column).from(table).and_where(Expr::col(key).eq(node.id)).take()
    };
    let found = places(node.kind).iter();
    let (families, persons): (Vec<_>, Vec<_>) = found
        .map(|(table, key, family, person)| {
            let of = |column: Option<&'static str>| column.map(|column| ids(*table, *key, column));
            (of(*family), of(*person))
        })
        .unzip();
    leads_any_of(viewer, families.into_iter().flatten(), persons.into_iter().flatten())
}

/// That an event names an object; by an index on PostgreSQL.
pub fn names(backend: DbBackend, id: Uuid) -> SimpleExpr {
    let ids = Expr::col((audit_event::Entity, audit_event::Column::EntityIds));
    let id = id.simple().to_string();
    if backend == DbBackend::Postgres {
        return Expr::cust_with_exprs(
            "string_to_array($1, ' ') @> string_to_array($2, ' ')",
            [ids, Expr::val(id)],
        );
    }
    Expr::from(Func::cust("instr").arg(ids).arg(id)).gt(0)
}

#[cfg(test)]
mod tests {
    use super::super::node::named;
    use super::places;

    #[test]
    fn of_each_kind_of_object_that_is_about_somebody_it_is_known_about_whom() {
        let tables = [
            "person",
            "family",
            "decision",
            "register_entry",
            "concern_report",
            "case",
            "episode",
            "assessment",
            "plan",
            "measure",
            "service",
            "visit",
            "placement",
            "enrolment",
            "consent",
            "referral",
            "transfer",
            "break_glass",
        ];
        for table in tables {
            for (kind, _) in named(table) {
                assert!(!places(kind).is_empty(), "{kind} of {table}");
            }
        }
        assert!(places("centre").is_empty());
    }
}
