//! Every mutation, with how a random step makes its input from its numbers and from what is known.

use chrono::{Days, NaiveDate, TimeDelta};
use serde_json::{Value, json};

use super::known::Known;
use super::steps::Step;
use crate::harness::Stage;

/// A mutation, how its input is made, and what is asked of its answer.
pub struct Verb {
    pub name: &'static str,
    pub selection: &'static str,
    pub input: fn(&Step, &Known, &Stage) -> Value,
}

const NAMES: [&str; 6] = ["Marko", "Iryna", "Олена", "Сергій", "Sergei", "Anna"];
const TEXTS: [&str; 5] =
    ["Said in a few words.", "", "О'Ніл %_\\ \"x\" 😀", "line\nline", "bad\u{0}"];

pub fn text(step: &Step, place: usize) -> &'static str {
    // Most often a good one.
    if step.choice(place) % 8 < 6 { TEXTS[0] } else { TEXTS[step.choice(place) % TEXTS.len()] }
}

/// A day around today: most often in the last weeks.
pub fn day(step: &Step, place: usize, stage: &Stage) -> NaiveDate {
    let today = stage.now().date_naive();
    let days = Days::new(u64::try_from(step.choice(place) % 50).unwrap());
    match step.choice(place + 1) % 10 {
        0 => today + days,
        1 => today - Days::new(40_000),
        2..=6 => today,
        _ => today - days,
    }
}

pub fn person(step: &Step, place: usize, known: &Known) -> Value {
    known.pick("person", step.choice(place))
}

/// The version that a row was last seen with; sometimes any.
pub fn version(step: &Step, place: usize, known: &Known, id: &Value) -> i64 {
    let any = i64::try_from(step.choice(place) % 4).unwrap() + 1;
    known.version(id).filter(|_| !step.choice(place).is_multiple_of(5)).unwrap_or(any)
}

/// Every mutation of casework, and of programmes.
pub fn verbs() -> Vec<&'static Verb> {
    CASEWORK
        .iter()
        .chain(super::placements::VERBS)
        .chain(super::programmes::PROGRAMME_VERBS)
        .chain(super::sharing::SHARING)
        // Once more, because many steps lead to where somebody takes part.
        .chain(super::programmes::PROGRAMME_VERBS)
        .collect()
}

/// Every mutation of casework.
const CASEWORK: &[Verb] = &[
    Verb {
        name: "accessBreakGlass",
        selection: "breakGlass { id version }",
        input: |step, known, _| {
            let subject = step.one_of(0, &["family", "person"]);
            json!({ "subjectId": known.pick(subject, step.choice(1)), "reason": text(step, 2),
                "hours": step.choice(3) % 26, "level": step.one_of(4, &["SUMMARY", "FULL"]) })
        },
    },
    Verb {
        name: "breakGlassReview",
        selection: "breakGlass { id version }",
        input: |step, known, _| {
            json!({ "id": known.pick("breakglass", step.choice(0)),
                "outcome": step.one_of(1, &["JUSTIFIED", "UNJUSTIFIED"]), "note": text(step, 2) })
        },
    },
    Verb {
        name: "concernReportSubmit",
        selection: "concernReport { id status }",
        input: |step, known, _| {
            json!({
                "channel": step.one_of(0, &["PHONE", "WEB", "AGENCY"]), "source": "CITIZEN",
                "areaId": known.pick("area", step.choice(1)),
                "organisationId": known.pick("organisation", step.choice(5)),
                "narrative": text(step, 2), "categories": ["NEGLECT"],
                "urgency": step.one_of(3, &["ROUTINE", "PRIORITY", "IMMEDIATE"]),
                "isAnonymous": step.is(4),
                "reporterName": if step.is(4) { None } else { Some("CanaryReporter") },
            })
        },
    },
    Verb {
        name: "concernReportTriage",
        selection: "concernReport { id status }",
        input: |step, known, _| {
            json!({ "id": known.pick_in("report", &["RECEIVED"], step.choice(0)),
            "urgency": step.one_of(1, &["ROUTINE", "PRIORITY", "IMMEDIATE"]) })
        },
    },
    Verb {
        name: "concernReportLink",
        selection: "concernReport { id status }",
        input: |step, known, _| {
            json!({ "id": known.pick("report", step.choice(0)),
            "familyId": known.pick("family", step.choice(1)) })
        },
    },
    Verb {
        name: "concernReportVerify",
        selection: "concernReport { id status }",
        input: |step, known, _| json!({ "id": known.pick_in("report", &["TRIAGED", "RECEIVED"], step.choice(0)) }),
    },
    Verb {
        name: "concernReportDecide",
        selection: "concernReport { id status case { id version status } }",
        input: |step, known, _| {
            let decision = step
                .one_of(1, &["CONFIRMED", "CONFIRMED", "NOT_CONFIRMED", "LINKED", "SCREENED_OUT"]);
            let mut input = json!({ "id": known.pick_in("report", &["VERIFYING", "TRIAGED"], step.choice(0)),
                "decision": decision, "reason": text(step, 2) });
            if decision == "LINKED" {
                input["caseId"] = known.pick("case", step.choice(3));
            }
            if decision == "CONFIRMED" && step.is(4) {
                input["evidence"] = json!("A letter of the school.");
                input["familyId"] = known.pick("family", step.choice(5));
            }
            input
        },
    },
    Verb {
        name: "familyCreate",
        selection: "family { id version }",
        input: |step, known, _| {
            json!({ "label": format!("Home {}", step.choice(0) % 40),
            "areaId": known.pick("area", step.choice(1)), "address": text(step, 2),
            "confirmedNew": step.is(3), "characteristics": ["LARGE_FAMILY"] })
        },
    },
    Verb {
        name: "familyUpdate",
        selection: "family { id version }",
        input: |step, known, _| {
            let family = known.pick("family", step.choice(0));
            json!({ "id": family, "expectedVersion": version(step, 1, known, &family), "label": text(step, 2),
            "isAddressProtected": step.is(3) })
        },
    },
    Verb {
        name: "familyMemberAdd",
        selection: "family { id version members { id person { id } } cases { id } }",
        input: |step, known, stage| {
            json!({ "familyId": known.pick("family", step.choice(0)),
            "personId": person(step, 1, known),
            "membership": { "role": step.one_of(2, &["CHILD", "PARENT"]), "since": day(step, 3, stage) } })
        },
    },
    Verb {
        name: "familyMemberEnd",
        selection: "family { id version }",
        input: |step, known, stage| {
            json!({ "familyId": known.pick("family", step.choice(0)),
            "memberId": known.pick("member", step.choice(1)), "until": day(step, 2, stage) + Days::new(1) })
        },
    },
    Verb {
        name: "personCreate",
        selection: "person { id version }",
        input: |step, known, stage| {
            let mut input = json!({ "givenName": NAMES[step.choice(0) % NAMES.len()],
                "familyName": format!("Name{}", step.choice(1) % 30), "sex": "FEMALE",
                "birthDate": (day(step, 2, stage) - Days::new(900)).to_string(),
                "confirmedNew": step.is(4) });
            if step.choice(5) % 4 > 0 {
                input["familyId"] = known.pick("family", step.choice(6));
                input["membership"] = json!({ "role": "CHILD", "since": day(step, 7, stage) });
            }
            input
        },
    },
    Verb {
        name: "personUpdate",
        selection: "person { id version }",
        input: |step, known, _| {
            let person = person(step, 0, known);
            json!({ "id": person, "expectedVersion": version(step, 1, known, &person), "givenName": text(step, 2),
            "patronymic": if step.is(3) { Value::Null } else { json!("Ivanivna") } })
        },
    },
    Verb {
        name: "personNameAdd",
        selection: "person { id version }",
        input: |step, known, _| {
            json!({ "personId": person(step, 0, known), "kind": "ALIAS",
            "givenName": NAMES[step.choice(1) % NAMES.len()] })
        },
    },
    Verb {
        name: "identifierAdd",
        selection: "person { id version identifiers { id } }",
        input: |step, known, _| {
            json!({ "personId": person(step, 0, known), "kind": "SCHOOL",
            "value": step.one_of(1, &["1", "2", "3"]) })
        },
    },
    Verb {
        name: "identifierVoid",
        selection: "person { id version }",
        input: |step, known, _| {
            let identifier = known.pick("identifier", step.choice(1));
            json!({ "personId": known.holder(&identifier, "person", step.choice(0)),
            "identifierId": identifier, "reason": text(step, 2) })
        },
    },
    Verb {
        name: "identityFactAdd",
        selection: "person { id version }",
        input: |step, known, _| {
            json!({ "personId": person(step, 0, known),
            "kind": step.one_of(1, &["BIRTH_PLACE", "PARENT", "SIBLING"]), "value": text(step, 2) })
        },
    },
    Verb {
        name: "relationshipAdd",
        selection: "person { id version relationships { id } }",
        input: |step, known, _| {
            json!({ "personId": person(step, 0, known),
            "otherId": person(step, 1, known), "kind": step.one_of(2, &["SIBLING_OF", "PARENT_OF"]) })
        },
    },
    Verb {
        name: "relationshipEnd",
        selection: "person { id version }",
        input: |step, known, stage| {
            json!({ "personId": person(step, 0, known),
            "relationshipId": known.pick("relationship", step.choice(1)), "until": day(step, 2, stage) })
        },
    },
    Verb {
        name: "legalStatusRecord",
        selection: "person { id version }",
        input: |step, known, stage| {
            json!({ "personId": person(step, 0, known),
            "status": step.one_of(1, &["PARENTAL_CARE", "UNKNOWN", "FOSTER"]),
            "since": day(step, 2, stage) })
        },
    },
    Verb {
        name: "caseOpen",
        selection: "case { id version status }",
        input: |step, known, _| {
            json!({ "familyId": known.pick("family", step.choice(0)),
            "kind": step.one_of(1, &["ACCOMPANIMENT", "EARLY_HELP"]), "reason": text(step, 2),
            "supportLevel": "BASIC" })
        },
    },
    Verb {
        name: "caseUpdate",
        selection: "case { id version status }",
        input: |step, known, _| {
            let case = known.pick_in(
                "case",
                &["INTAKE", "ASSESSMENT", "PLANNING", "ACTIVE", "MONITORING"],
                step.choice(0),
            );
            json!({ "id": case, "expectedVersion": version(step, 1, known, &case),
            "supportLevel": step.one_of(2, &["BASIC", "CRISIS", "EMERGENCY"]),
            "status": step.one_of(3, &["ASSESSMENT", "PLANNING", "ACTIVE", "MONITORING", "CLOSED"]) })
        },
    },
    Verb {
        name: "caseAssign",
        selection: "case { id version status assignments { id } }",
        input: |step, known, _| {
            json!({ "caseId": known.pick_in("case", &["INTAKE", "ASSESSMENT", "PLANNING", "ACTIVE", "MONITORING"], step.choice(0)),
            "workerId": known.pick("worker", step.choice(1)),
            "role": step.one_of(2, &["LEAD", "CO", "SUPERVISOR"]) })
        },
    },
    Verb {
        name: "caseAssignmentEnd",
        selection: "case { id version status }",
        input: |step, known, _| {
            let assignment = known.pick("assignment", step.choice(1));
            json!({ "caseId": known.holder(&assignment, "case", step.choice(0)),
            "assignmentId": assignment })
        },
    },
    Verb {
        name: "caseClosureRequest",
        selection: "case { id version status }",
        input: |step, known, _| {
            json!({ "caseId": known.pick_in("case", &["INTAKE", "ASSESSMENT", "PLANNING", "ACTIVE", "MONITORING"], step.choice(0)),
            "outcome": step.one_of(1, &["OVERCAME", "MOVED", "REFUSED"]), "summary": text(step, 2) })
        },
    },
    Verb {
        name: "caseClosureDecide",
        selection: "case { id version status }",
        input: |step, known, _| {
            json!({ "caseId": known.pick_in("case", &["CLOSURE_REQUESTED"], step.choice(0)),
            "isApproved": step.choice(1) % 3 > 0, "note": text(step, 2) })
        },
    },
    Verb {
        name: "caseReopen",
        selection: "case { id version status }",
        input: |step, known, _| {
            json!({ "caseId": known.pick_in("case", &["CLOSED"], step.choice(0)),
            "reason": text(step, 1), "isActive": step.choice(2) % 4 == 0 })
        },
    },
    Verb {
        name: "caseAddendumAdd",
        selection: "case { id version status }",
        input: |step, known, _| json!({ "caseId": known.pick_in("case", &["CLOSED"], step.choice(0)), "body": text(step, 1) }),
    },
    Verb {
        name: "assessmentRecord",
        selection: "assessment { id status }",
        input: |step, known, stage| {
            json!({ "caseId": known.pick_in("case", &["INTAKE", "ASSESSMENT", "PLANNING", "ACTIVE", "MONITORING"], step.choice(0)),
            "tool": "NEEDS", "toolVersion": "1", "score": 10, "riskLevel": "HIGH",
            "answers": [{ "question": "Food", "answer": text(step, 1) }],
            "assessedOn": day(step, 2, stage) })
        },
    },
    Verb {
        name: "assessmentDecide",
        selection: "assessment { id status }",
        input: |step, known, _| {
            json!({ "id": known.pick_in("assessment", &["SUBMITTED"], step.choice(0)),
            "decision": step.one_of(1, &["APPROVED", "REJECTED"]), "reason": text(step, 2) })
        },
    },
    Verb {
        name: "planDraft",
        selection: "plan { id status measures { id version status } }",
        input: |step, known, stage| {
            json!({ "caseId": known.pick_in("case", &["ASSESSMENT", "PLANNING", "ACTIVE"], step.choice(0)),
            "since": day(step, 1, stage),
            "goals": [{ "statement": text(step, 3), "measures": [{ "description": "Help.",
                "responsibleId": known.pick("organisation", step.choice(4)),
                "dueOn": stage.now().date_naive() + Days::new(30) }] }] })
        },
    },
    Verb {
        name: "planAgree",
        selection: "plan { id status }",
        input: |step, known, _| {
            json!({ "planId": known.pick_in("plan", &["DRAFT"], step.choice(0)),
            "signOffs": [{ "organisationId": known.pick("organisation", step.choice(1)) }],
            "familyAgreed": true })
        },
    },
    Verb {
        name: "planActivate",
        selection: "plan { id status }",
        input: |step, known, _| json!({ "planId": known.pick_in("plan", &["AGREED"], step.choice(0)) }),
    },
    Verb {
        name: "planReview",
        selection: "plan { id status }",
        input: |step, known, _| {
            json!({ "planId": known.pick_in("plan", &["ACTIVE", "UNDER_REVIEW"], step.choice(0)),
            "outcome": step.one_of(1, &["BEGIN", "CONTINUE", "COMPLETE", "CANCEL"]), "note": text(step, 2) })
        },
    },
    Verb {
        name: "measureUpdate",
        selection: "measure { id version status }",
        input: |step, known, _| {
            let measure = known.pick_in("measure", &["PLANNED", "IN_PROGRESS"], step.choice(0));
            json!({ "id": measure, "expectedVersion": version(step, 1, known, &measure), "result": text(step, 2),
            "status": step.one_of(3, &["IN_PROGRESS", "DONE", "NOT_DONE", "CANCELLED"]) })
        },
    },
    Verb {
        name: "visitSchedule",
        selection: "visit { id status }",
        input: |step, known, stage| {
            let mut input = json!({ "purpose": "MONITORING",
                "scheduledFor": stage.now().date_naive() + Days::new(u64::try_from(step.choice(1) % 30).unwrap()) });
            if step.choice(2) % 4 == 0 {
                input["concernReportId"] = known.pick("report", step.choice(0));
                input["purpose"] = json!("VERIFICATION");
            } else {
                input["caseId"] = known.pick("case", step.choice(0));
            }
            input
        },
    },
    Verb {
        name: "visitRecord",
        selection: "visit { id status }",
        input: |step, known, stage| {
            let outcome =
                step.one_of(1, &["COMPLETED", "COMPLETED", "NO_ACCESS", "MISSED", "CANCELLED"]);
            let mut input = json!({ "outcome": outcome, "note": text(step, 2) });
            if outcome == "COMPLETED" || outcome == "NO_ACCESS" {
                let hours = i64::try_from(step.choice(3) % 30).unwrap() - 1;
                input["visitedAt"] = json!(stage.now() - TimeDelta::hours(hours));
            }
            match step.choice(4) % 4 {
                0 => input["id"] = known.pick_in("visit", &["SCHEDULED"], step.choice(0)),
                1 => {
                    input["concernReportId"] = known.pick("report", step.choice(0));
                    input["purpose"] = json!("VERIFICATION");
                }
                _ => {
                    input["caseId"] = known.pick("case", step.choice(0));
                    input["purpose"] = json!("MONITORING");
                }
            }
            if outcome == "COMPLETED" && step.is(5) {
                input["children"] = json!([{ "personId": person(step, 6, known), "seen": true, "seenAlone": step.is(7) }]);
            }
            input
        },
    },
    Verb {
        name: "serviceRecord",
        selection: "service { id }",
        input: |step, known, stage| {
            let mut input = json!({ "serviceTypeId": known.pick("servicetype", step.choice(1)),
                "personIds": [person(step, 2, known)], "deliveredOn": day(step, 3, stage) });
            match step.choice(4) % 3 {
                0 => input["measureId"] = known.pick("measure", step.choice(0)),
                1 => input["caseId"] = known.pick("case", step.choice(0)),
                _ => input["familyId"] = known.pick("family", step.choice(0)),
            }
            input
        },
    },
    Verb {
        name: "registerEnter",
        selection: "entry { id }",
        input: |step, known, stage| {
            let decision = known.pick("decision", step.choice(6));
            let mut input = json!({ "registerId": known.pick("register", step.choice(0)),
                "grounds": step.one_of(1, &["NEGLECT", "VIOLENCE"]), "since": day(step, 2, stage),
                "decisionId": decision });
            if step.is(4) {
                input["familyId"] = known.holder(&decision, "family", step.choice(5));
            } else {
                input["personId"] = person(step, 5, known);
            }
            input
        },
    },
    Verb {
        name: "registerRemove",
        selection: "entry { id }",
        input: |step, known, stage| {
            json!({ "entryId": known.pick("entry", step.choice(0)),
            "until": day(step, 1, stage) + Days::new(1), "reason": text(step, 3),
            "decisionId": known.pick("decision", step.choice(6)) })
        },
    },
    Verb {
        name: "centreCreate",
        selection: "centre { id version status }",
        input: |step, known, _| {
            json!({ "organisationId": known.pick("organisation", step.choice(0)), "name": text(step, 1),
            "kind": "SHELTER", "regime": "RESIDENTIAL", "areaId": known.pick("area", step.choice(2)),
            "address": "12 Reed Street", "isAddressProtected": step.is(3) })
        },
    },
    Verb {
        name: "centreUpdate",
        selection: "centre { id version status }",
        input: |step, known, _| {
            let centre = known.pick("centre", step.choice(0));
            json!({ "id": centre, "expectedVersion": version(step, 1, known, &centre),
            "status": step.one_of(2, &["OPEN", "SUSPENDED", "CLOSED"]) })
        },
    },
    Verb {
        name: "unitCreate",
        selection: "unit { id version }",
        input: |step, known, _| {
            json!({ "centreId": known.pick("centre", step.choice(0)), "name": text(step, 1),
            "minAgeMonths": step.choice(2) % 40, "maxAgeMonths": 36 })
        },
    },
    Verb {
        name: "capacitySet",
        selection: "unit { id version }",
        input: |step, known, stage| {
            json!({ "unitId": known.pick("unit", step.choice(0)), "places": step.choice(1) % 20,
            "since": day(step, 2, stage) })
        },
    },
    Verb {
        name: "decisionRecord",
        selection: "decision { id }",
        input: |step, known, stage| {
            json!({ "bodyId": known.pick("organisation", step.choice(0)),
            "familyId": known.pick("family", step.choice(1)), "kind": "ENTRY",
            "number": format!("{}", step.choice(2) % 50), "decidedOn": day(step, 3, stage) })
        },
    },
];
