//! The mutations of programmes and enrolments, as random steps make their input.

use chrono::{Days, NaiveDate};
use serde_json::{Value, json};

use super::known::Known;
use super::steps::Step;
use super::verbs::{Verb, day, person, text, version};
use crate::harness::Stage;

const ENROLMENT: &str = "enrolment { id version status programme { id stages { id } }
    family { id members { id person { id } } } }";

/// Most often the office that does most of the work.
fn office(step: &Step, place: usize, known: &Known) -> Value {
    let choice = step.choice(place);
    known.pick("organisation", if choice.is_multiple_of(6) { choice } else { 0 })
}

/// Most often today.
fn today(step: &Step, place: usize, stage: &Stage) -> NaiveDate {
    if step.choice(place).is_multiple_of(4) {
        return day(step, place, stage);
    }
    stage.now().date_naive()
}

/// Every mutation of programmes and enrolments.
pub const PROGRAMME_VERBS: &[Verb] = &[
    Verb {
        name: "programmeCreate",
        selection: "programme { id version status stages { id } }",
        input: |step, known, stage| {
            let today = stage.now().date_naive();
            json!({ "organisationId": office(step, 0, known), "name": text(step, 1),
            "summary": "Evenings.", "kind": "PARENTING",
            "enrolmentUnit": step.one_of(2, &["FAMILY", "FAMILY", "FAMILY", "FAMILY", "FAMILY", "PERSON"]),
            "since": today - Days::new(30),
            "budget": [{ "year": 2026, "purpose": "Rooms", "amount": "10.50", "currency": "EUR" }],
            "stages": [{ "name": "One", "ownerKind": "SOCIAL_SERVICE" },
                { "name": "Two", "ownerKind": "SOCIAL_SERVICE", "prerequisiteNumber": 1, "relapseToNumber": 1 }],
            "priorities": [{ "characteristic": "LARGE_FAMILY", "points": 1 + step.choice(3) % 9 }] })
        },
    },
    Verb {
        name: "programmeUpdate",
        selection: "programme { id version status }",
        input: |step, known, _| {
            let programme = known.pick_in("programme", &["PLANNED"], step.choice(0));
            json!({ "id": programme, "expectedVersion": version(step, 1, known, &programme),
            "status": step.one_of(2, &["ACTIVE", "ACTIVE", "ACTIVE", "ACTIVE", "ACTIVE", "SUSPENDED", "ENDED"]) })
        },
    },
    Verb {
        name: "intakeOpen",
        selection: "intake { id version }",
        input: |step, known, stage| {
            let today = stage.now().date_naive();
            json!({ "programmeId": known.pick_in("programme", &["ACTIVE"], step.choice(0)), "name": text(step, 1),
            "opensOn": today, "startsOn": today, "capacity": 2 + step.choice(2) % 6,
            "hasWaitingList": step.is(3) })
        },
    },
    Verb {
        name: "intakeUpdate",
        selection: "intake { id version }",
        input: |step, known, _| {
            let intake = known.pick("intake", step.choice(0));
            json!({ "id": intake, "expectedVersion": version(step, 1, known, &intake),
            "capacity": step.choice(2) % 6 })
        },
    },
    Verb {
        name: "enrolmentRequest",
        selection: ENROLMENT,
        input: |step, known, _| {
            let mut input = json!({ "intakeId": known.pick("intake", step.choice(0)),
                "familyId": known.pick("family", step.choice(1)) });
            if step.choice(2).is_multiple_of(9) {
                input["personIds"] = json!([person(step, 3, known)]);
            }
            input
        },
    },
    Verb {
        name: "enrolmentOffer",
        selection: ENROLMENT,
        input: |step, known, _| {
            json!({ "id": known.pick_in("enrolment", &["REQUESTED", "WAITLISTED"], step.choice(0)),
            "joinWaitingList": step.is(1) })
        },
    },
    Verb {
        name: "enrolmentAnswer",
        selection: ENROLMENT,
        input: |step, known, _| {
            let answer = step.one_of(1, &["ACCEPT", "ACCEPT", "ACCEPT", "DECLINE"]);
            json!({ "id": known.pick_in("enrolment", &["OFFERED"], step.choice(0)), "answer": answer,
            "keepWaiting": answer == "DECLINE" && step.is(2) })
        },
    },
    Verb {
        name: "enrolmentWithdraw",
        selection: ENROLMENT,
        input: |step, known, _| {
            let waiting = known.pick_in("enrolment", &["WAITLISTED", "EXPIRED"], step.choice(0));
            json!({ "id": waiting, "reason": text(step, 1) })
        },
    },
    Verb {
        name: "enrolmentSuspend",
        selection: ENROLMENT,
        input: |step, known, _| json!({ "id": known.pick_in("enrolment", &["IN_PROGRESS"], step.choice(0)), "reason": text(step, 1) }),
    },
    Verb {
        name: "enrolmentResume",
        selection: ENROLMENT,
        input: |step, known, _| json!({ "id": known.pick_in("enrolment", &["SUSPENDED"], step.choice(0)) }),
    },
    Verb {
        name: "enrolmentAdvance",
        selection: ENROLMENT,
        input: |step, known, stage| {
            let kind = step.one_of(2, &["ENTERED", "ENTERED", "COMPLETED", "RELAPSED", "DROPPED"]);
            let running = ["ENROLLED", "IN_PROGRESS"];
            let enrolment = known.pick_in("enrolment", &running, step.choice(0));
            let programme = known.holder(&enrolment, "programme", step.choice(6));
            json!({ "id": enrolment,
            "stageId": known.within(&programme, "stage", step.choice(1)), "kind": kind,
            "occurredOn": today(step, 3, stage),
            "organisationId": known.pick("organisation", step.choice(5)) })
        },
    },
    Verb {
        name: "enrolmentEnd",
        selection: ENROLMENT,
        input: |step, known, stage| {
            let running = ["IN_PROGRESS", "SUSPENDED", "ENROLLED"];
            json!({ "id": known.pick_in("enrolment", &running, 1 + step.choice(0)),
            "outcome": step.one_of(1, &["COMPLETED", "OTHER", "DROPPED_OUT", "MOVED"]),
            "endedOn": day(step, 2, stage) })
        },
    },
    Verb {
        name: "attendanceRecord",
        selection: ENROLMENT,
        input: |step, known, stage| {
            let running = ["ENROLLED", "IN_PROGRESS"];
            let enrolment = known.pick_in("enrolment", &running, step.choice(0));
            let person = known.within(&enrolment, "person", step.choice(3));
            json!({ "id": enrolment, "heldOn": today(step, 1, stage),
            "persons": [{ "personId": person, "isPresent": step.is(4) }] })
        },
    },
];
