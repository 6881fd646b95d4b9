//! The table of roles and actions, as it was reviewed; and that every root and every mutation has
//! somebody who may not use it.

mod roots;

use entity::membership::Role;
use hearth::access::policy::{Action, allows};
use sea_orm::{ActiveEnum, Iterable};
use serde_json::{Value, json};

use crate::harness::run;

#[test]
fn the_policy_is_as_reviewed() {
    let heads = Role::iter().map(|role| role.to_value());
    let line = |head: String, cells: Vec<String>| {
        let cells: Vec<String> = cells.iter().map(|cell| format!("{cell:<17}")).collect();
        format!("{head:<24}{}", cells.concat()).trim_end().to_owned()
    };
    let mut table = vec![line(String::new(), heads.collect())];
    table.extend(Action::all().map(|action| {
        let may = |role| if allows(role, action) { "yes" } else { "-" };
        line(action.to_value(), Role::iter().map(|role| may(role).to_owned()).collect())
    }));
    insta::assert_snapshot!(table.join("\n"));
}

/// Ids that name nothing, by their prefix.
macro_rules! none {
    ($prefix:literal) => {
        concat!($prefix, "_00000000000000000000000000000000")
    };
}

/// Each mutation with an input that is understood, and a role that may not use it.
#[expect(clippy::too_many_lines, reason = "one entry a mutation")]
fn mutations() -> Vec<(&'static str, Value, Role)> {
    let (family, person, case) = (none!("family"), none!("person"), none!("case"));
    let placement = none!("placement");
    let (referral, transfer) = (none!("referral"), none!("transfer"));
    let (report, plan, organisation) = (none!("report"), none!("plan"), none!("organisation"));
    let enrolment = none!("enrolment");
    let day = "2026-01-01";
    vec![
        (
            "concernReportSubmit",
            json!({ "channel": "WEB", "source": "CITIZEN", "areaId": none!("area"),
                "narrative": "x", "categories": ["NEGLECT"], "isAnonymous": true }),
            Role::AreaCoordinator,
        ),
        ("concernReportTriage", json!({ "id": report, "urgency": "ROUTINE" }), Role::Reporter),
        ("concernReportLink", json!({ "id": report, "familyId": family }), Role::Integration),
        ("concernReportVerify", json!({ "id": report }), Role::NgoWorker),
        (
            "concernReportDecide",
            json!({ "id": report, "decision": "CONFIRMED", "reason": "x" }),
            Role::Reporter,
        ),
        ("familyCreate", json!({ "label": "x", "areaId": none!("area") }), Role::AreaCoordinator),
        ("familyUpdate", json!({ "id": family, "expectedVersion": 1 }), Role::NgoWorker),
        (
            "familyMemberAdd",
            json!({ "familyId": family, "personId": person,
                "membership": { "role": "CHILD", "since": day } }),
            Role::CentreStaff,
        ),
        (
            "familyMemberEnd",
            json!({ "familyId": family, "memberId": none!("member"), "until": day }),
            Role::CentreStaff,
        ),
        ("personCreate", json!({ "givenName": "x" }), Role::NgoWorker),
        ("personUpdate", json!({ "id": person, "expectedVersion": 1 }), Role::Integration),
        (
            "personNameAdd",
            json!({ "personId": person, "kind": "ALIAS", "givenName": "x" }),
            Role::CentreStaff,
        ),
        (
            "identifierAdd",
            json!({ "personId": person, "kind": "x", "value": "x" }),
            Role::NgoWorker,
        ),
        (
            "identifierVoid",
            json!({ "personId": person, "identifierId": none!("identifier"), "reason": "x" }),
            Role::CentreStaff,
        ),
        (
            "identityFactAdd",
            json!({ "personId": person, "kind": "BIRTH_PLACE", "value": "x" }),
            Role::CentreStaff,
        ),
        (
            "relationshipAdd",
            json!({ "personId": person, "otherId": none!("child"), "kind": "SIBLING_OF" }),
            Role::Auditor,
        ),
        (
            "relationshipEnd",
            json!({ "personId": person, "relationshipId": none!("relationship"), "until": day }),
            Role::Admin,
        ),
        (
            "legalStatusRecord",
            json!({ "personId": person, "status": "UNKNOWN", "since": day }),
            Role::Analyst,
        ),
        (
            "caseOpen",
            json!({ "familyId": family, "kind": "EARLY_HELP", "reason": "x" }),
            Role::AreaCoordinator,
        ),
        ("caseUpdate", json!({ "id": case, "expectedVersion": 1 }), Role::NgoWorker),
        (
            "caseAssign",
            json!({ "caseId": case, "workerId": none!("worker"), "role": "CO" }),
            Role::Caseworker,
        ),
        (
            "caseAssignmentEnd",
            json!({ "caseId": case, "assignmentId": none!("assignment") }),
            Role::Caseworker,
        ),
        (
            "caseClosureRequest",
            json!({ "caseId": case, "outcome": "OVERCAME", "summary": "x" }),
            Role::AreaCoordinator,
        ),
        ("caseClosureDecide", json!({ "caseId": case, "isApproved": true }), Role::Caseworker),
        ("caseReopen", json!({ "caseId": case, "reason": "x" }), Role::CentreStaff),
        ("caseAddendumAdd", json!({ "caseId": case, "body": "x" }), Role::NgoWorker),
        (
            "assessmentRecord",
            json!({ "caseId": case, "tool": "x", "toolVersion": "1", "answers": [],
                "riskLevel": "LOW", "assessedOn": day }),
            Role::CentreStaff,
        ),
        (
            "assessmentDecide",
            json!({ "id": none!("assessment"), "decision": "APPROVED" }),
            Role::Caseworker,
        ),
        ("planDraft", json!({ "caseId": case, "since": day, "goals": [] }), Role::AreaCoordinator),
        ("planAgree", json!({ "planId": plan, "signOffs": [] }), Role::NgoWorker),
        ("planActivate", json!({ "planId": plan }), Role::NgoWorker),
        ("planReview", json!({ "planId": plan, "outcome": "BEGIN" }), Role::NgoWorker),
        (
            "measureUpdate",
            json!({ "id": none!("measure"), "expectedVersion": 1, "status": "DONE" }),
            Role::NgoWorker,
        ),
        (
            "visitSchedule",
            json!({ "caseId": case, "purpose": "MONITORING", "scheduledFor": day }),
            Role::NgoWorker,
        ),
        (
            "visitRecord",
            json!({ "caseId": case, "purpose": "MONITORING", "outcome": "MISSED", "note": "x" }),
            Role::Integration,
        ),
        (
            "serviceRecord",
            json!({ "caseId": case, "serviceTypeId": none!("servicetype"), "personIds": [person],
                "deliveredOn": day }),
            Role::Reporter,
        ),
        (
            "registerEnter",
            json!({ "registerId": none!("register"), "familyId": family, "grounds": "NEGLECT",
                "since": day, "decisionId": none!("decision") }),
            Role::CentreStaff,
        ),
        (
            "registerRemove",
            json!({ "entryId": none!("entry"), "until": day, "reason": "x",
                "decisionId": none!("decision") }),
            Role::AreaCoordinator,
        ),
        (
            "centreCreate",
            json!({ "organisationId": none!("organisation"), "name": "x", "kind": "SHELTER",
                "regime": "DAY", "areaId": none!("area") }),
            Role::Caseworker,
        ),
        ("centreUpdate", json!({ "id": none!("centre"), "expectedVersion": 1 }), Role::CentreStaff),
        ("unitCreate", json!({ "centreId": none!("centre"), "name": "x" }), Role::NgoWorker),
        ("capacitySet", json!({ "unitId": none!("unit"), "places": 1 }), Role::CentreStaff),
        (
            "programmeCreate",
            json!({ "organisationId": organisation, "name": "x", "summary": "x", "kind": "OTHER",
                "enrolmentUnit": "FAMILY", "since": day }),
            Role::NgoWorker,
        ),
        (
            "programmeUpdate",
            json!({ "id": none!("programme"), "expectedVersion": 1 }),
            Role::Caseworker,
        ),
        (
            "intakeOpen",
            json!({ "programmeId": none!("programme"), "name": "x", "opensOn": day,
                "startsOn": day, "capacity": 1 }),
            Role::Caseworker,
        ),
        ("intakeUpdate", json!({ "id": none!("intake"), "expectedVersion": 1 }), Role::Integration),
        (
            "enrolmentRequest",
            json!({ "intakeId": none!("intake"), "familyId": family }),
            Role::CentreStaff,
        ),
        ("enrolmentOffer", json!({ "id": enrolment }), Role::Admin),
        ("enrolmentAnswer", json!({ "id": enrolment, "answer": "ACCEPT" }), Role::CentreStaff),
        ("enrolmentWithdraw", json!({ "id": enrolment, "reason": "x" }), Role::Reporter),
        ("enrolmentSuspend", json!({ "id": enrolment, "reason": "x" }), Role::AreaCoordinator),
        ("enrolmentResume", json!({ "id": enrolment }), Role::Analyst),
        (
            "enrolmentAdvance",
            json!({ "id": enrolment, "stageId": none!("stage"), "kind": "ENTERED",
                "occurredOn": day }),
            Role::CentreStaff,
        ),
        (
            "enrolmentEnd",
            json!({ "id": enrolment, "outcome": "COMPLETED", "endedOn": day }),
            Role::Auditor,
        ),
        (
            "attendanceRecord",
            json!({ "id": enrolment, "heldOn": day,
                "persons": [{ "personId": person, "isPresent": true }] }),
            Role::CentreStaff,
        ),
        (
            "trainingEventRecord",
            json!({ "topic": " ", "kind": "SEMINAR", "heldOn": day,
                "headcounts": [{ "organisationKind": "HEALTH", "participants": 1 }] }),
            Role::CentreStaff,
        ),
        (
            "snapshotPublish",
            json!({ "period": { "since": "2025-02-01", "through": "2025-01-01" },
                "audience": "PUBLIC" }),
            Role::Caseworker,
        ),
        ("trainingEventVoid", json!({ "id": none!("training"), "reason": "x" }), Role::Admin),
        (
            "placementRequest",
            json!({ "persons": [{ "personId": person, "unitId": none!("unit") }],
                "basis": "PARENT" }),
            Role::CentreStaff,
        ),
        ("placementApprove", json!({ "id": placement, "isApproved": true }), Role::Caseworker),
        ("placementReserve", json!({ "id": placement }), Role::NgoWorker),
        ("placementCancel", json!({ "id": placement, "reason": "x" }), Role::Integration),
        ("placementAdmit", json!({ "id": placement }), Role::Caseworker),
        (
            "placementMove",
            json!({ "id": placement, "unitId": none!("unit"), "reason": "x" }),
            Role::AreaCoordinator,
        ),
        ("placementLeave", json!({ "id": placement, "kind": "HOSPITAL" }), Role::Caseworker),
        ("placementReturn", json!({ "id": placement }), Role::Admin),
        (
            "placementDischarge",
            json!({ "id": placement, "reason": "x", "destination": "KIN" }),
            Role::Caseworker,
        ),
        (
            "accessBreakGlass",
            json!({ "subjectId": family, "reason": "x", "hours": 1, "level": "SUMMARY" }),
            Role::CentreStaff,
        ),
        (
            "breakGlassReview",
            json!({ "id": none!("breakglass"), "outcome": "JUSTIFIED" }),
            Role::Caseworker,
        ),
        (
            "consentGive",
            json!({ "familyId": family, "capacity": "REPRESENTATIVE", "form": "VERBAL",
                "purposes": ["SERVICES"], "categories": ["IDENTITY"] }),
            Role::NgoWorker,
        ),
        ("consentWithdraw", json!({ "id": none!("consent") }), Role::NgoWorker),
        (
            "referralSend",
            json!({ "caseId": case, "receiverId": organisation, "reason": "x", "legalBasis": "x",
                "expiresAt": "2099-01-01T00:00:00Z" }),
            Role::NgoWorker,
        ),
        ("referralApprove", json!({ "id": referral, "isApproved": true }), Role::Caseworker),
        ("referralAnswer", json!({ "id": referral, "accepts": true }), Role::CentreStaff),
        ("referralComplete", json!({ "id": referral, "reason": "x" }), Role::AreaCoordinator),
        ("referralWithdraw", json!({ "id": referral, "reason": "x" }), Role::Reporter),
        ("referralRevoke", json!({ "id": referral, "reason": "x" }), Role::NgoWorker),
        (
            "transferPropose",
            json!({ "caseId": case, "toOrganisationId": organisation, "reason": "x" }),
            Role::Caseworker,
        ),
        (
            "transferAnswer",
            json!({ "id": transfer, "accepts": true, "workerId": none!("worker") }),
            Role::Caseworker,
        ),
        ("transferRevoke", json!({ "id": transfer, "reason": "x" }), Role::Caseworker),
        (
            "decisionRecord",
            json!({ "bodyId": organisation, "familyId": family, "kind": "x", "number": "1",
                "decidedOn": day }),
            Role::Analyst,
        ),
    ]
}

#[test]
fn every_mutation_has_a_case_above() {
    let mut listed: Vec<&str> = mutations().iter().map(|(name, ..)| *name).collect();
    listed.sort_unstable();
    assert_eq!(crate::schema::fields_of("Mutation"), listed);
}

#[test]
fn who_may_not_do_a_mutation_is_told_so_and_leaves_nothing_behind() {
    run(async |stage| {
        let office = stage.organisation("Office", None).await;
        let mut workers = std::collections::BTreeMap::new();
        for role in Role::iter() {
            let person = match role {
                Role::Integration => stage.machine(&office).await,
                role => stage.worker(&office, role).await,
            };
            workers.insert(role, person);
        }
        for (name, input, refused) in mutations() {
            let selection = "clientMutationId";
            let nobody = stage.anonymous().mutate(name, input.clone(), selection).await;
            assert_eq!(nobody.status, 401, "{name}");
            for (role, person) in &workers {
                let action = Action::all().find(|action| action.to_value() == constant(name));
                let may = allows(*role, action.unwrap_or_else(|| panic!("no action for {name}")));
                assert!(!may || *role != refused, "{name}: {refused:?} may");
                let answer = stage.as_(person).mutate(name, input.clone(), selection).await;
                if may {
                    // What it names is nowhere.
                    let errors = answer.data("/result/userErrors").as_array().unwrap().len();
                    assert!(errors > 0 || !may_miss(name), "{name} by {role:?}: {}", answer.text);
                } else {
                    assert_eq!(answer.code(), "FORBIDDEN", "{name} by {role:?}");
                    assert_eq!(answer.body["data"]["result"], Value::Null);
                }
            }
        }
    });
}

/// Whether the example of a mutation names something that is nowhere.
fn may_miss(name: &str) -> bool {
    name != "personCreate"
}

/// A mutation's name as the policy spells actions.
fn constant(name: &str) -> String {
    let mut constant = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() {
            constant.push('_');
        }
        constant.push(letter.to_ascii_uppercase());
    }
    constant
}
