//! The table of roles and actions, as it was reviewed; and that every root has somebody who may
//! not use it.

use entity::membership::Role;
use hearth::access::policy::{Action, allows};
use sea_orm::{ActiveEnum, Iterable};

use crate::harness::run;

#[test]
fn the_policy_is_as_reviewed() {
    let line = |head: String, cells: Vec<String>| {
        let cells: Vec<String> = cells.iter().map(|cell| format!("{cell:<22}")).collect();
        format!("{head:<18}{}", cells.concat()).trim_end().to_owned()
    };
    let mut table =
        vec![line(String::new(), Action::all().map(|action| action.to_value()).collect())];
    table.extend(Role::iter().map(|role| {
        let may = |action| if allows(role, action) { "yes" } else { "-" };
        line(role.to_value(), Action::all().map(|action| may(action).to_owned()).collect())
    }));
    insta::assert_snapshot!(table.join("\n"));
}

/// Each root with an example of its use and a role that may not use it; `None` where the rows that
/// come depend on the viewer and no role is refused outright.
const ROOTS: &[(&str, &str, Option<Role>)] = &[
    ("node", "node(id: \"family_00000000000000000000000000000000\") { id }", None),
    ("nodes", "nodes(ids: []) { id }", None),
    ("viewer", "viewer { role }", None),
    (
        "family",
        "family(id: \"family_00000000000000000000000000000000\") { id }",
        Some(Role::Analyst),
    ),
    ("families", "families { totalCount }", Some(Role::Analyst)),
    ("child", "child(id: \"child_00000000000000000000000000000000\") { id }", Some(Role::Auditor)),
    ("children", "children { totalCount }", Some(Role::Admin)),
    ("concernReports", "concernReports { totalCount }", Some(Role::NgoWorker)),
    ("case", "case(id: \"case_00000000000000000000000000000000\") { id }", Some(Role::Reporter)),
    ("cases", "cases { totalCount }", Some(Role::Analyst)),
    (
        "assessmentComparison",
        "assessmentComparison(earlierId: \"assessment_00000000000000000000000000000000\", \
         laterId: \"assessment_00000000000000000000000000000000\") { isSameTool }",
        Some(Role::Analyst),
    ),
    ("placements", "placements { totalCount }", Some(Role::Analyst)),
    ("programme", "programme(id: \"programme_00000000000000000000000000000000\") { id }", None),
    ("programmes", "programmes { totalCount }", None),
    ("centre", "centre(id: \"centre_00000000000000000000000000000000\") { id }", None),
    ("centres", "centres { totalCount }", None),
    ("vacancies", "vacancies { unit { id } }", None),
];

#[test]
fn every_root_has_a_case_above() {
    let mut listed: Vec<&str> = ROOTS.iter().map(|(root, ..)| *root).collect();
    listed.sort_unstable();
    assert_eq!(crate::schema::fields_of("Query"), listed);
}

#[test]
fn who_may_not_use_a_root_is_told_so_and_without_a_token_nobody_may() {
    run(async |stage| {
        let office = stage.organisation("Office", None).await;
        for (root, example, refused) in ROOTS {
            let query = format!("{{ {example} }}");
            assert_eq!(stage.anonymous().query(&query).await.status, 401, "{root}");
            if let Some(role) = refused {
                let worker = stage.worker(&office, *role).await;
                let answer = stage.as_(&worker).query(&query).await;
                assert_eq!(answer.code(), "FORBIDDEN", "{root}");
                assert_eq!(answer.body["data"][root], serde_json::Value::Null);
            }
        }
    });
}
