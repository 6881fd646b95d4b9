//! Every root has somebody who may not use it, and is told so; without a token nobody may.

use entity::membership::Role;

use crate::harness::run;

/// Each root with an example of its use and a role that may not use it; `None` where the rows that
/// come depend on the viewer and no role is refused outright.
const ROOTS: &[(&str, &str, Option<Role>)] = &[
    ("node", "node(id: \"family_00000000000000000000000000000000\") { id }", None),
    ("nodes", "nodes(ids: []) { id }", None),
    ("viewer", "viewer { role }", None),
    (
        "mutationResult",
        "mutationResult(clientMutationId: \"00000000-0000-0000-0000-000000000000\") { replayed }",
        None,
    ),
    (
        "family",
        "family(id: \"family_00000000000000000000000000000000\") { id }",
        Some(Role::Analyst),
    ),
    ("families", "families { totalCount }", Some(Role::Analyst)),
    ("child", "child(id: \"child_00000000000000000000000000000000\") { id }", Some(Role::Auditor)),
    ("children", "children { totalCount }", Some(Role::Admin)),
    ("personSearch", "personSearch(input: {text: \"N\"}) { hasMore }", Some(Role::CentreStaff)),
    (
        "concernReport",
        "concernReport(id: \"report_00000000000000000000000000000000\") { id }",
        Some(Role::CentreStaff),
    ),
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
    ("childWhereabouts", "childWhereabouts { totalCount }", Some(Role::Analyst)),
    ("programme", "programme(id: \"programme_00000000000000000000000000000000\") { id }", None),
    ("programmes", "programmes { totalCount }", None),
    (
        "trainingEvent",
        "trainingEvent(id: \"training_00000000000000000000000000000000\") { id }",
        None,
    ),
    ("trainingEvents", "trainingEvents { totalCount }", None),
    (
        "eligibility",
        "eligibility(programmeId: \"programme_00000000000000000000000000000000\", \
         subjectId: \"family_00000000000000000000000000000000\") { isEligible }",
        Some(Role::Analyst),
    ),
    ("centre", "centre(id: \"centre_00000000000000000000000000000000\") { id }", None),
    ("centres", "centres { totalCount }", None),
    ("vacancies", "vacancies { unit { id } }", None),
    (
        "metric",
        "metric(id: FAMILIES_COVERED, period: {since: \"2020-01-01\", through: \"2020-12-31\"}) \
         { asOf }",
        Some(Role::NgoWorker),
    ),
    ("metricDefinitions", "metricDefinitions { id }", Some(Role::Reporter)),
    (
        "snapshot",
        "snapshot(id: \"snapshot_00000000000000000000000000000000\") { id }",
        Some(Role::NgoWorker),
    ),
    ("snapshots", "snapshots { totalCount }", Some(Role::Admin)),
    ("registers", "registers { id }", None),
    ("serviceTypes", "serviceTypes { id }", None),
    ("tasks", "tasks { totalCount }", Some(Role::Analyst)),
    (
        "accessDecision",
        "accessDecision(nodeId: \"family_00000000000000000000000000000000\") { isVisible }",
        None,
    ),
    (
        "whoCanSee",
        "whoCanSee(nodeId: \"family_00000000000000000000000000000000\") { workerCount }",
        Some(Role::Caseworker),
    ),
    ("breakGlassAccesses", "breakGlassAccesses { totalCount }", Some(Role::CentreStaff)),
    ("auditEvents", "auditEvents { totalCount }", Some(Role::Analyst)),
    ("auditChain", "auditChain { head }", Some(Role::Admin)),
    ("referrals", "referrals { totalCount }", Some(Role::CentreStaff)),
    ("transfers", "transfers { totalCount }", Some(Role::NgoWorker)),
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
