//! Why somebody sees something or doesn't, and who else sees it: what is said agrees with what is seen,
//! and tells an outsider nothing.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use entity::access_grant::{AccessLevel, GrantBasis};
use entity::concern_report::{ConcernStatus, ConcernUrgency};
use entity::family_member::MemberRole;
use entity::membership::Role;
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::world::{START, id};
use crate::harness::{Stage, run, run_on_demo};

/// Each type with an id, by its prefix and its table.
const KINDS: [(&str, &str); 29] = [
    ("area", "area"),
    ("organisation", "organisation"),
    ("worker", "worker"),
    ("person", "person"),
    ("child", "person"),
    ("family", "family"),
    ("entry", "register_entry"),
    ("decision", "decision"),
    ("report", "concern_report"),
    ("case", "\"case\""),
    ("episode", "episode"),
    ("assessment", "assessment"),
    ("plan", "plan"),
    ("measure", "measure"),
    ("service", "service"),
    ("visit", "visit"),
    ("centre", "centre"),
    ("unit", "unit"),
    ("placement", "placement"),
    ("programme", "programme"),
    ("intake", "intake"),
    ("enrolment", "enrolment"),
    ("training", "training_event"),
    ("task", "task"),
    ("breakglass", "break_glass"),
    ("consent", "consent"),
    ("referral", "referral"),
    ("transfer", "transfer"),
    ("snapshot", "snapshot"),
];

const ASKED: &str = "isVisible level basis explanation grants { basis level subjectId }";

/// Some rows of a table, of early and of late ones.
async fn some(database: &DatabaseConnection, table: &str) -> Vec<Uuid> {
    let mut ids = Vec::new();
    for order in ["asc", "desc"] {
        let sql = format!("select id from {table} order by id {order} limit 6");
        let statement = Statement::from_string(database.get_database_backend(), sql);
        for row in database.query_all_raw(statement).await.unwrap() {
            ids.push(row.try_get_by_index(0).unwrap());
        }
    }
    ids
}

/// The names of the actors of the demo.
const ACTORS: [&str; 11] = [
    "caseworker",
    "supervisor",
    "coordinator",
    "centre_staff",
    "ngo_worker",
    "integration",
    "reporter",
    "analyst",
    "auditor",
    "admin",
    "caseworker_other",
];

/// The supervisor of the demo gives a case to the other office.
async fn propose_transfer(stage: &Stage) {
    let client = stage.as_(&crate::demo::actor("supervisor"));
    let cases = "{ cases(filter: { statusIn: [ACTIVE] }) { nodes { id } } }";
    let cases = client.query(cases).await;
    let to = id("organisation", crate::demo::actor("caseworker_other").organisation);
    let input = json!({ "caseId": cases.data("/cases/nodes/0/id"), "toOrganisationId": to,
        "reason": "They moved." });
    client.mutate("transferPropose", input, "transfer { id }").await.done("/transfer/id");
}

/// The supervisor of the demo publishes a report.
async fn publish(stage: &Stage) {
    let period = json!({ "since": "2025-01-01", "through": "2025-01-31" });
    let input = json!({ "period": period, "audience": "INTERNAL" });
    let client = stage.as_(&crate::demo::actor("supervisor"));
    client.mutate("snapshotPublish", input, "snapshot { id }").await.done("/snapshot/id");
}

#[test]
#[expect(clippy::too_many_lines, reason = "one story, told at once")]
fn what_is_said_of_every_kind_agrees_with_what_is_seen() {
    run_on_demo(async |stage| {
        let mut listed: Vec<&str> = KINDS.iter().map(|(prefix, _)| *prefix).collect();
        listed.sort_unstable();
        listed.dedup();
        let nodes = hearth::graphql::sdl().matches("implements Node").count();
        assert_eq!(listed.len(), nodes, "each type with an id is tried");
        let taken = crate::demo::actor("caseworker_other");
        let families = some(&stage.database.reader, "family").await;
        let input = json!({ "subjectId": id("family", families[0]), "reason": "At night." });
        let taken = stage.as_(&taken).mutate("accessBreakGlass", input, "breakGlass { id }").await;
        taken.done("/breakGlass/id");
        propose_transfer(stage).await;
        publish(stage).await;
        let (mut seen, mut bases) = (BTreeSet::new(), BTreeSet::new());
        for name in ACTORS {
            let client = stage.as_(&crate::demo::actor(name));
            for (prefix, table) in KINDS {
                for four in some(&stage.database.reader, table).await.chunks(4) {
                    let rows = [four, &[Uuid::nil()]].concat();
                    let parts = rows.iter().enumerate().map(|(no, row)| {
                        let id = id(prefix, *row);
                        format!(
                            "n{no}: node(id: \"{id}\") {{ id }}
                         d{no}: accessDecision(nodeId: \"{id}\") {{ nodeId {ASKED} }} "
                        )
                    });
                    let answer =
                        client.query(&format!("{{ {} }}", parts.collect::<String>())).await;
                    let mut absent = answer.data(&format!("/d{}", rows.len() - 1)).clone();
                    for no in 0..rows.len() {
                        let said = answer.data(&format!("/d{no}"));
                        let is_seen = !answer.data(&format!("/n{no}")).is_null();
                        assert_eq!(said["isVisible"], is_seen, "{name}: {said}");
                        assert_eq!(said["level"].is_null(), !is_seen, "{name}: {said}");
                        let grants = said["grants"].as_array().unwrap();
                        if is_seen {
                            seen.insert(prefix);
                            let by_grant = said["basis"] == "GRANT";
                            assert!(!by_grant || !grants.is_empty(), "{name}: {said}");
                            let levels: Vec<_> = grants.iter().map(|one| &one["level"]).collect();
                            assert!(
                                !by_grant || levels.contains(&&said["level"]),
                                "{name}: {said}"
                            );
                        } else {
                            absent["nodeId"] = said["nodeId"].clone();
                            assert_eq!(said, &absent, "{name}: as if it never was");
                            assert!(grants.is_empty());
                        }
                        bases.insert(said["basis"].as_str().unwrap().to_owned());
                    }
                }
            }
        }
        assert_eq!(seen.len(), KINDS.len(), "{seen:?}");
        for basis in ["OPEN_TO_ALL", "OPEN_TO_ROLE", "GRANT", "AREA", "OWN", "ROLE_SEES_NO_ROWS"] {
            assert!(bases.contains(basis), "{basis} of {bases:?}");
        }
    });
}

#[test]
fn what_is_hidden_and_what_never_was_are_answered_alike_by_the_same_statements() {
    run(async |stage| {
        let area = stage.area("Area", None).await;
        let office = stage.organisation("Office", None).await;
        let home = stage.household(&office, &area, "X").await;
        let (status, urgency) = (ConcernStatus::Triaged, ConcernUrgency::Routine);
        let report = stage.report(&office, &area, status, urgency, Some(home.id)).await;
        let other = stage.organisation("Other", None).await;
        let nowhere = Uuid::now_v7();
        for role in [Role::Caseworker, Role::Supervisor, Role::NgoWorker, Role::Auditor] {
            let viewer = stage.worker(&other, role).await;
            for (prefix, row) in [
                ("family", home.id),
                ("person", home.child),
                ("child", home.child),
                ("case", home.case),
                ("report", report),
            ] {
                for language in ["en", "ru", "uk"] {
                    let client = stage.as_(&viewer).in_language(language);
                    let mut told = Vec::new();
                    for asked in [row, nowhere] {
                        let node = id(prefix, asked);
                        let query =
                            format!("{{ accessDecision(nodeId: \"{node}\") {{ {ASKED} }} }}");
                        let (statements, answer) = stage.counted(client.query(&query)).await;
                        assert_eq!(statements, 2, "{:#?}", stage.said());
                        told.push((answer.data("/accessDecision").clone(), stage.said()));
                    }
                    assert_eq!(told[0], told[1], "{role:?} {prefix}");
                    let is_role = matches!(role, Role::Auditor)
                        || (prefix == "report" && role == Role::NgoWorker);
                    let basis =
                        if is_role { "ROLE_SEES_NO_ROWS" } else { "NOT_FOUND_OR_NOT_SHARED" };
                    assert_eq!(told[0].0["basis"], basis, "{role:?} {prefix}");
                }
            }
        }
    });
}

#[test]
#[expect(clippy::too_many_lines, reason = "one story, told at once")]
fn a_decision_names_the_grants_that_hold_now() {
    run(async |stage| {
        let area = stage.area("Area", None).await;
        let office = stage.organisation("Office", None).await;
        let home = stage.household(&office, &area, "X").await;
        let other = stage.organisation("Other", None).await;
        let until = stage.now() + TimeDelta::hours(2);
        let (summary, full) = (AccessLevel::Summary, AccessLevel::Full);
        let referral = Uuid::now_v7();
        let to = (Some(home.id), None);
        let shared = GrantBasis::Referral;
        stage.grant_until(&other, to.0, to.1, summary, shared, referral, Some(until)).await;
        let law = GrantBasis::Statute;
        stage.grant_until(&other, None, Some(home.child), full, law, referral, None).await;
        let worker = stage.worker(&other, Role::Caseworker).await;
        let client = stage.as_(&worker);
        let asked = "isVisible level basis
            grants { basis level subjectId sourceId until organisation { name } worker { id } }";
        let ask = async |node: String| {
            let query = format!("{{ accessDecision(nodeId: \"{node}\") {{ {asked} }} }}");
            let (statements, answer) = stage.counted(client.query(&query)).await;
            assert!(statements <= 4, "{statements}: {:#?}", stage.said());
            answer.data("/accessDecision").clone()
        };
        let case = ask(id("case", home.case)).await;
        let by_family = json!({ "basis": "REFERRAL", "level": "SUMMARY", "until": case["grants"][0]["until"],
            "subjectId": id("family", home.id), "sourceId": id("referral", referral),
            "organisation": { "name": "Other" }, "worker": null });
        assert!(case["grants"][0]["until"].is_string());
        let expected = json!({ "isVisible": true, "level": "SUMMARY", "basis": "GRANT", "grants": [by_family] });
        assert_eq!(case, expected);
        let child = ask(id("child", home.child)).await;
        assert_eq!(child["level"], "FULL");
        let bases: Vec<_> =
            child["grants"].as_array().unwrap().iter().map(|one| &one["basis"]).collect();
        assert_eq!(bases, ["REFERRAL", "STATUTE"]);
        stage.wait(TimeDelta::hours(2));
        assert_eq!(ask(id("case", home.case)).await["isVisible"], false);
        let child = ask(id("child", home.child)).await;
        assert_eq!(child["grants"].as_array().unwrap().len(), 1);
        // A report is seen by who received it, a task by who owes it.
        let (status, urgency) = (ConcernStatus::Triaged, ConcernUrgency::Routine);
        let report = stage.report(&other, &area, status, urgency, None).await;
        assert_eq!(ask(id("report", report)).await["basis"], "RECEIVED_BY_ORGANISATION");
    });
}

#[test]
#[expect(clippy::too_many_lines, reason = "one story, told at once")]
fn who_leads_learns_who_else_sees_it() {
    run(async |stage| {
        let region = stage.area("Region", None).await;
        let area = stage.area("Area", Some(&region)).await;
        let elsewhere = stage.area("Elsewhere", None).await;
        let service = stage.organisation("Service", None).await;
        let office = stage.organisation("Office", Some(&service)).await;
        let home = stage.household(&office, &area, "X").await;
        let partner = stage.organisation("Partner", None).await;
        let ngo = stage.organisation("NGO", None).await;
        let house = stage.organisation("House", None).await;
        let (summary, level) = (AccessLevel::Summary, AccessLevel::ServiceOnly);
        stage.grant(&ngo, home.id, level, GrantBasis::Referral, home.case).await;
        let placed = GrantBasis::Placement;
        stage.grant_until(&house, None, Some(home.child), summary, placed, home.case, None).await;
        let over = Some(stage.now() - TimeDelta::minutes(1));
        let law = GrantBasis::Statute;
        stage.grant_until(&house, Some(home.id), None, summary, law, home.case, over).await;
        // The child lives with others as well, whom another office leads.
        let others = stage.household(&partner, &area, "Y").await;
        stage.membership(others.id, home.child, MemberRole::Child, START, None).await;

        let boss = stage.worker(&office, Role::Supervisor).await;
        stage.worker(&office, Role::Caseworker).await;
        stage.worker(&office, Role::NgoWorker).await;
        stage.worker(&service, Role::Supervisor).await;
        stage.worker(&ngo, Role::NgoWorker).await;
        stage.worker(&ngo, Role::Analyst).await;
        stage.machine(&ngo).await;
        stage.worker(&house, Role::CentreStaff).await;
        stage.coordinator(&service, &region).await;
        stage.coordinator(&service, &area).await;
        stage.coordinator(&partner, &elsewhere).await;
        let night = stage.worker(&partner, Role::Caseworker).await;
        let input = json!({ "subjectId": id("family", home.id), "reason": "At night." });
        let taken = stage.as_(&night).mutate("accessBreakGlass", input, "breakGlass { id }").await;
        let taken = taken.done("/breakGlass/id").clone();

        let query = |node: &str| {
            format!(
                "{{ whoCanSee(nodeId: \"{node}\") {{ organisation {{ name }} basis level
                workerCount clientCount grant {{ basis subjectId sourceId worker {{ id }} }} }} }}"
            )
        };
        let client = stage.as_(&boss);
        let family = query(&id("family", home.id));
        let (statements, answer) = stage.counted(client.query(&family)).await;
        assert!(statements <= 7, "{statements}: {:#?}", stage.said());
        let own = id("family", home.id);
        let holder = |name: &str, level: &str, counts: (i32, i32), grant: Value| {
            let basis = if grant.is_null() { "AREA" } else { "GRANT" };
            json!({ "organisation": { "name": name }, "basis": basis, "level": level,
                "workerCount": counts.0, "clientCount": counts.1, "grant": grant })
        };
        let grant = |basis: &str, subject: &str, source: String| json!({ "basis": basis, "subjectId": subject, "sourceId": source, "worker": null });
        let case = id("case", home.case);
        let led = grant("LEAD", &own, case.clone());
        let referred = grant("REFERRAL", &own, id("referral", home.case));
        let broken = json!({ "basis": "BREAK_GLASS", "subjectId": own, "sourceId": taken,
            "worker": { "id": id("worker", night.id) } });
        let expected = vec![
            holder("Office", "FULL", (3, 0), led.clone()),
            holder("NGO", "SERVICE_ONLY", (1, 1), referred.clone()),
            holder("Partner", "SUMMARY", (1, 0), broken.clone()),
            holder("Service", "SUMMARY", (2, 0), Value::Null),
        ];
        assert_eq!(answer.data("/whoCanSee"), &json!(expected));
        assert_eq!(client.query(&query(&case)).await.data("/whoCanSee"), &json!(expected));

        let child = client.query(&query(&id("child", home.child))).await;
        let holders = child.list("/whoCanSee");
        let of = |name: &str, basis: &str| {
            let is = |one: &&Value| {
                one["organisation"]["name"] == name && one["grant"]["basis"] == basis
            };
            holders.iter().find(is).unwrap_or_else(|| panic!("{name} {basis}: {}", child.text))
        };
        assert_eq!(of("House", "PLACEMENT")["workerCount"], 1);
        assert_eq!(of("Office", "LEAD")["workerCount"], 3);
        let other = of("Partner", "LEAD");
        assert_eq!(other["grant"]["subjectId"], Value::Null, "which family is not told");
        assert_eq!(other["grant"]["sourceId"], Value::Null);
        assert!(!child.text.contains(&others.id.simple().to_string()));

        // Nobody else learns it: what is not led is as if it never was.
        let caseworker = stage.worker(&office, Role::Caseworker).await;
        assert_eq!(stage.as_(&caseworker).query(&family).await.code(), "FORBIDDEN");
        let shared = stage.worker(&ngo, Role::Supervisor).await;
        for node in [id("family", home.id), id("family", Uuid::now_v7()), case] {
            let hidden = stage.as_(&shared).query(&query(&node)).await;
            assert_eq!(hidden.data("/whoCanSee"), &Value::Null);
        }
        for node in [id("area", area.id), id("worker", boss.id), id("organisation", office.id)] {
            let none = client.query(&query(&node)).await;
            assert_eq!(none.data("/whoCanSee"), &Value::Null, "{node}");
        }
    });
}
