//! What `viewerPermissions` says of each aggregate agrees with what comes of the mutation: for each
//! kind of viewer, in each state of the row.

mod ground;
mod rows;
mod sharing;
mod stays;
mod trainings;
mod work;

use std::collections::BTreeSet;
use std::fmt::Debug;

use entity::assessment::AssessmentStatus;
use entity::case::CaseStatus;
use entity::centre::CentreStatus;
use entity::concern_report::{ConcernStatus, ConcernUrgency};
use entity::consent::ConsentStatus;
use entity::measure::MeasureStatus;
use entity::membership::Role;
use entity::placement::{PlacementBasis, PlacementStatus};
use entity::plan::PlanStatus;
use entity::referral::ReferralStatus;
use entity::transfer::TransferStatus;
use entity::visit::{VisitPurpose, VisitStatus};
use sea_orm::Iterable;
use serde_json::{Value, json};

use crate::harness::world::{Person, id};
use crate::harness::{Answer, run};
use ground::{Act, Ground, Row};
use rows::{CaseState, Detail, ReportState};
use sharing::ReferralState;
use stays::StayState;
use work::VisitState;

/// The codes of refusals that `viewerPermissions` foretells; `INVALID` that the report of a visit is
/// about another family by now; `CAPACITY_EXCEEDED` that no place is free for who waits.
const FORETOLD: [&str; 8] = [
    "CAPACITY_EXCEEDED",
    "INVALID",
    "NOT_FOUND",
    "PERMISSION_DENIED",
    "APPROVER_IS_REQUESTER",
    "INVALID_STATE_TRANSITION",
    "DEPENDENCY_FAILED",
    "ALREADY_EXISTS",
];

/// Sends each mutation that a row may be subject to, by each viewer in each state, and compares what
/// comes of it with what was said before. A row that was changed is made anew.
async fn agrees<S: Copy + Debug>(
    ground: &Ground<'_>,
    kind: &str,
    states: &[S],
    make: impl AsyncFn(&Ground<'_>, &Person, S) -> Row,
) {
    let fields = crate::schema::fields_of(&format!("{kind}Permissions"));
    let query = format!(
        "query Q($id: ID!) {{ node(id: $id) {{ ... on {kind} {{ viewerPermissions {{ {} }} }} }} }}",
        fields.join(" "),
    );
    let (mut could, mut could_not) = (BTreeSet::new(), BTreeSet::new());
    for (name, viewer) in &ground.viewers {
        let client = ground.stage.as_(viewer);
        for state in states {
            let mut row = make(ground, viewer, *state).await;
            assert_eq!(row.fields(), fields, "{kind}");
            let answer = client.query_with(&query, json!({ "id": row.id })).await;
            let said = answer.data("/node")["viewerPermissions"].clone();
            for no in 0..fields.len() {
                let Act { field, mutation, input } = row.acts[no].clone();
                let is_said = said[field].as_bool().unwrap_or_default();
                let answer = client.mutate(mutation, input, "clientMutationId").await;
                let told = format!("{kind}.{field} by {name} in {state:?}: {}", answer.text);
                assert_eq!(is_said, is_done(&answer, &told), "{told}");
                if is_said {
                    could.insert(field);
                    row = make(ground, viewer, *state).await;
                } else {
                    could_not.insert(field);
                }
            }
        }
    }
    assert!(could.iter().copied().eq(fields.iter().map(String::as_str)), "only {could:?}");
    assert!(could_not.iter().copied().eq(fields.iter().map(String::as_str)), "{could_not:?}");
}

/// Whether a mutation was done; if not, it was refused for a reason that can be foretold.
#[track_caller]
fn is_done(answer: &Answer, told: &str) -> bool {
    if answer.body.pointer("/errors/0").is_some() {
        assert_eq!(answer.code(), "FORBIDDEN", "{told}");
        return false;
    }
    let Some(code) = answer.body.pointer("/data/result/userErrors/0/code") else { return true };
    assert!(FORETOLD.contains(&code.as_str().unwrap()), "{told}");
    false
}

/// Mutations that no row says anything of: what they are about is not there yet, or it is no
/// aggregate.
const OF_NO_ROW: [&str; 10] = [
    "accessBreakGlass",
    "breakGlassReview",
    "centreCreate",
    "concernReportSubmit",
    "familyCreate",
    "personCreate",
    "programmeCreate",
    "registerRemove",
    "snapshotPublish",
    "trainingEventRecord",
];

#[test]
fn every_mutation_is_told_of_somewhere() {
    let mut told: BTreeSet<String> = OF_NO_ROW.map(str::to_owned).into();
    let mutations = crate::schema::fields_of("Mutation");
    let sdl = hearth::graphql::sdl();
    for block in sdl.split("\ntype ").filter(|block| {
        block.split_whitespace().next().is_some_and(|name| name.ends_with("Permissions"))
    }) {
        let fields = block.split("\n}\n").next().unwrap_or_default();
        let named = fields.split('`').skip(1).step_by(2).map(str::to_owned);
        told.extend(named.filter(|name| mutations.contains(name)));
    }
    assert_eq!(told.into_iter().collect::<Vec<_>>(), mutations);
}

#[test]
fn of_a_family() {
    run(async |stage| {
        let ground = Ground::lay(stage).await;
        agrees(&ground, "Family", &[()], rows::family).await;
    });
}

#[test]
fn of_a_person_and_of_the_same_as_a_child() {
    run(async |stage| {
        let ground = Ground::lay(stage).await;
        agrees(&ground, "Person", &[false, true], rows::person).await;
        let row = rows::person(&ground, &ground.boss, false).await;
        let child = row.id.replace("person_", "child_");
        let query = "query Q($id: ID!) { child(id: $id) { viewerPermissions { canUpdate }
          person { viewerPermissions { canUpdate } } } }";
        let client = stage.as_(&ground.boss);
        let answer = client.query_with(query, json!({ "id": child })).await;
        let may = json!({ "canUpdate": true });
        assert_eq!(answer.data("/child/viewerPermissions"), &may);
        assert_eq!(answer.data("/child/person/viewerPermissions"), &may);
    });
}

#[test]
fn of_a_case() {
    run(async |stage| {
        let ground = Ground::lay(stage).await;
        let plain: Vec<CaseState> = CaseStatus::iter().map(CaseState::at).collect();
        let more = [
            CaseState::with(CaseStatus::ClosureRequested, Detail::AskedByViewer),
            CaseState::with(CaseStatus::Active, Detail::Drafted),
            CaseState::with(CaseStatus::Active, Detail::ClosedBefore),
            CaseState::with(CaseStatus::Active, Detail::WithoutEpisode),
        ];
        agrees(&ground, "Case", &[plain.as_slice(), &more].concat(), rows::case).await;
    });
}

#[test]
fn of_a_concern_report() {
    run(async |stage| {
        let ground = Ground::lay(stage).await;
        let routine = ConcernUrgency::Routine;
        let mut states: Vec<ReportState> =
            ConcernStatus::iter().map(|status| ReportState::at(status, routine)).collect();
        states.push(ReportState::at(ConcernStatus::Received, ConcernUrgency::Immediate));
        for status in [ConcernStatus::Triaged, ConcernStatus::Verifying] {
            let plain = ReportState::at(status, routine);
            states.push(ReportState { is_received_elsewhere: true, ..plain });
            states.push(ReportState { is_voided: true, ..plain });
        }
        agrees(&ground, "ConcernReport", &states, rows::report).await;
    });
}

#[test]
fn of_an_assessment() {
    run(async |stage| {
        let ground = Ground::lay(stage).await;
        let mut states = Vec::new();
        for status in AssessmentStatus::iter() {
            for is_own in [true, false] {
                states.push((status, is_own, CaseStatus::Assessment));
            }
        }
        states.push((AssessmentStatus::Submitted, false, CaseStatus::Closed));
        states.push((AssessmentStatus::Draft, true, CaseStatus::Closed));
        agrees(&ground, "Assessment", &states, work::assessment).await;
    });
}

#[test]
fn of_a_plan() {
    run(async |stage| {
        let ground = Ground::lay(stage).await;
        let mut states = Vec::new();
        for status in PlanStatus::iter() {
            for case in [CaseStatus::Intake, CaseStatus::Assessment, CaseStatus::Active] {
                states.push((status, case));
            }
            states.push((status, CaseStatus::Closed));
        }
        agrees(&ground, "Plan", &states, work::plan).await;
    });
}

#[test]
fn of_a_measure() {
    run(async |stage| {
        let ground = Ground::lay(stage).await;
        let mut states = Vec::new();
        for plan in PlanStatus::iter() {
            for measure in [MeasureStatus::Planned, MeasureStatus::Done] {
                states.push((plan, measure, CaseStatus::Active));
            }
        }
        states.push((PlanStatus::Active, MeasureStatus::Planned, CaseStatus::Closed));
        agrees(&ground, "Measure", &states, work::measure).await;
    });
}

#[test]
fn of_a_placement() {
    run(async |stage| {
        let ground = Ground::lay(stage).await;
        let mut states: Vec<StayState> = PlacementStatus::iter().map(StayState::at).collect();
        let asked = StayState::at(PlacementStatus::Requested);
        let reserved = StayState::at(PlacementStatus::Reserved);
        states.extend([
            StayState { basis: PlacementBasis::Emergency, ..asked },
            StayState { is_own: true, ..asked },
            StayState { ran_out: true, ..reserved },
            StayState { centre: CentreStatus::Suspended, ..reserved },
            StayState { centre: CentreStatus::Planned, ..StayState::at(PlacementStatus::Approved) },
        ]);
        agrees(&ground, "Placement", &states, stays::placement).await;
    });
}

#[test]
fn of_a_training() {
    run(async |stage| {
        let ground = Ground::lay(stage).await;
        agrees(&ground, "TrainingEvent", &[false, true], trainings::training).await;
    });
}

#[test]
fn of_what_is_shared() {
    run(async |stage| {
        let ground = Ground::lay(stage).await;
        let consents: Vec<ConsentStatus> = ConsentStatus::iter().collect();
        agrees(&ground, "Consent", &consents, sharing::consent).await;
        let mut referrals = Vec::new();
        let mut transfers = Vec::new();
        for ran_out in [false, true] {
            for status in ReferralStatus::iter() {
                referrals.push(ReferralState { status, ran_out, is_own: false });
            }
            transfers.extend(TransferStatus::iter().map(|status| (status, ran_out)));
        }
        let status = ReferralStatus::Draft;
        referrals.push(ReferralState { status, ran_out: false, is_own: true });
        agrees(&ground, "Referral", &referrals, sharing::referral).await;
        agrees(&ground, "Transfer", &transfers, sharing::transfer).await;
    });
}

#[test]
fn of_a_visit() {
    run(async |stage| {
        let ground = Ground::lay(stage).await;
        let mut states: Vec<VisitState> = VisitStatus::iter().map(VisitState::at).collect();
        let planned = VisitState::at(VisitStatus::Scheduled);
        let verifying = VisitState { purpose: VisitPurpose::Verification, ..planned };
        let about = |report| VisitState { report: Some(report), ..verifying };
        let report = ReportState::at(ConcernStatus::Verifying, ConcernUrgency::Routine);
        states.extend([
            VisitState { is_anothers: true, ..planned },
            VisitState { is_voided: true, ..planned },
            VisitState { case: CaseStatus::Closed, ..planned },
            verifying,
            about(report),
            about(ReportState { status: ConcernStatus::Confirmed, ..report }),
            about(ReportState { is_voided: true, ..report }),
            about(ReportState { is_received_elsewhere: true, ..report }),
            VisitState { is_of_former_family: true, ..about(report) },
        ]);
        agrees(&ground, "Visit", &states, work::visit).await;
    });
}

#[test]
#[expect(clippy::too_many_lines, reason = "one story, told at once")]
fn a_page_takes_one_statement_more_and_who_does_nothing_there_none() {
    run(async |stage| {
        let ground = Ground::lay(stage).await;
        for _ in 0..20 {
            let home = ground.home().await;
            stage.episode(&home).await;
            let plan = stage.plan(&home, &ground.office, 1, PlanStatus::Active).await;
            stage.measure(&home, plan, &ground.office, MeasureStatus::Planned).await;
        }
        let of = |kind| crate::schema::fields_of(kind).join(" ");
        let count = async |viewer: &Person, query: &str, permissions: &str| {
            let client = stage.as_(viewer);
            let asked = |permissions: &str| query.replace('_', permissions);
            let (before, _) = stage.counted(client.query(&asked(""))).await;
            let permissions = format!("viewerPermissions {{ {permissions} }}");
            let (after, answer) = stage.counted(client.query(&asked(&permissions))).await;
            assert_eq!(answer.body.get("errors"), None, "{}", answer.text);
            assert!(answer.text.contains("viewerPermissions"), "{}", answer.text);
            after - before
        };
        let families = "{ families(first: 20) { nodes { id _ } } }";
        let children = "{ children(first: 20) { nodes { id _ } } }";
        let cases = "{ cases(first: 20) { nodes { id _ } } }";
        let measures = "{ cases(first: 20) { nodes { activePlan { measures { id _ } } } } }";
        let both = format!(
            "{{ cases(first: 20) {{ nodes {{ id _ activePlan {{ viewerPermissions {{ {} }} }} }} }} }}",
            of("PlanPermissions"),
        );
        let worker = &ground.worker;
        assert_eq!(count(worker, families, &of("FamilyPermissions")).await, 1);
        assert_eq!(count(worker, children, &of("PersonPermissions")).await, 1);
        assert_eq!(count(worker, cases, &of("CasePermissions")).await, 1);
        assert_eq!(count(worker, measures, &of("MeasurePermissions")).await, 2);
        assert_eq!(count(worker, &both, &of("CasePermissions")).await, 0, "asked by the plans");
        for (name, viewer) in &ground.viewers {
            if !matches!(viewer.role, Role::Caseworker | Role::Supervisor) {
                assert_eq!(count(viewer, families, "canUpdate").await, 0, "{name}");
            }
            if viewer.role == Role::AreaCoordinator {
                assert_eq!(count(viewer, cases, "canUpdate").await, 0, "{name}");
            }
        }
    });
}

#[test]
fn after_a_mutation_it_says_what_can_be_done_next() {
    run(async |stage| {
        let ground = Ground::lay(stage).await;
        let home = ground.home().await;
        stage.episode(&home).await;
        let closure = json!({ "caseId": id("case", home.case), "outcome": "OVERCAME",
            "summary": "All is well." });
        let select = "case { viewerPermissions { canRequestClosure canDecideClosure } }";
        let client = stage.as_(&ground.boss);
        let asked = client.mutate("caseClosureRequest", closure, select).await;
        let said: &Value = asked.done("/case/viewerPermissions");
        assert_eq!(said, &json!({ "canRequestClosure": false, "canDecideClosure": false }));
        let other = stage.worker(&ground.office, Role::Supervisor).await;
        let query =
            "query Q($id: ID!) { case(id: $id) { viewerPermissions { canDecideClosure } } }";
        let variables = json!({ "id": id("case", home.case) });
        let answer = stage.as_(&other).query_with(query, variables).await;
        assert_eq!(answer.data("/case/viewerPermissions/canDecideClosure"), true);
    });
}
