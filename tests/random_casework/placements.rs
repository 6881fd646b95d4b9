//! Placements in random histories: every mutation of theirs, and what holds of places whatever comes.

use std::collections::HashMap;

use entity::access_grant::{self, GrantBasis};
use entity::placement::{self, PlacementStatus};
use entity::{absence, capacity_period};
use serde_json::{Value, json};

use super::invariants::all;
use super::known::Known;
use super::steps::Step;
use super::verbs::Verb;
use crate::harness::Stage;

const SELECTION: &str = "placement { id version status group { id version status } }";

fn one(step: &Step, known: &Known, statuses: &[&str]) -> Value {
    known.pick_in("placement", statuses, step.choice(0))
}

fn wanted(step: &Step, known: &Known, place: usize) -> Value {
    json!({ "personId": known.pick("person", step.choice(place)),
        "unitId": known.pick(if step.choice(8).is_multiple_of(4) { "unit" } else { "ready" }, step.choice(9)) })
}

pub const VERBS: &[Verb] = &[
    Verb {
        name: "placementRequest",
        selection: SELECTION,
        input: |step, known, _| {
            let persons = match step.choice(3) % 4 {
                0 => vec![wanted(step, known, 1), wanted(step, known, 2)],
                _ => vec![wanted(step, known, 1)],
            };
            json!({ "persons": persons, "priority": step.choice(4) % 11,
                "basis": step.one_of(5, &["PARENT", "EMERGENCY", "POLICE", "COURT"]) })
        },
    },
    Verb {
        name: "placementApprove",
        selection: SELECTION,
        input: |step, known, _| {
            json!({ "id": one(step, known, &["REQUESTED"]), "isApproved": !step.choice(1).is_multiple_of(6),
                "reason": "So it is." })
        },
    },
    Verb {
        name: "placementReserve",
        selection: SELECTION,
        input: |step, known, _| {
            json!({ "id": one(step, known, &["APPROVED", "WAITLISTED"]),
                "joinWaitingList": step.is(1),
                "overrideReason": if step.choice(2).is_multiple_of(5) { Some("No other place.") } else { None } })
        },
    },
    Verb {
        name: "placementCancel",
        selection: SELECTION,
        input: |step, known, _| {
            let open = ["REQUESTED", "APPROVED", "WAITLISTED", "RESERVED"];
            json!({ "id": one(step, known, &open[step.choice(1) % 4..]), "reason": "Not needed." })
        },
    },
    Verb {
        name: "placementAdmit",
        selection: SELECTION,
        input: |step, known, _| json!({ "id": one(step, known, &["RESERVED", "REQUESTED"][step.choice(1) % 2..]) }),
    },
    Verb {
        name: "placementMove",
        selection: SELECTION,
        input: |step, known, _| {
            json!({ "id": one(step, known, &["ADMITTED"]),
                "unitId": known.pick("ready", step.choice(1)), "reason": "Grew up." })
        },
    },
    Verb {
        name: "placementLeave",
        selection: SELECTION,
        input: |step, known, _| {
            json!({ "id": one(step, known, &["ADMITTED"]),
                "kind": step.one_of(1, &["HOME_LEAVE", "HOSPITAL", "MISSING"]),
                "holdsPlace": step.is(2) })
        },
    },
    Verb {
        name: "placementReturn",
        selection: SELECTION,
        input: |step, known, _| json!({ "id": one(step, known, &["ON_LEAVE"]) }),
    },
    Verb {
        name: "placementDischarge",
        selection: SELECTION,
        input: |step, known, _| {
            json!({ "id": one(step, known, &["ADMITTED", "ON_LEAVE"]), "reason": "Done.",
                "destination": step.one_of(1, &["BIRTH_FAMILY", "KIN", "DIED"]) })
        },
    },
];

const OPEN: [PlacementStatus; 6] = [
    PlacementStatus::Requested,
    PlacementStatus::Approved,
    PlacementStatus::Waitlisted,
    PlacementStatus::Reserved,
    PlacementStatus::Admitted,
    PlacementStatus::OnLeave,
];

/// Asserts what holds of places.
pub async fn hold(stage: &Stage) {
    let placements = all::<placement::Entity>(stage).await;
    nobody_is_over_the_places(stage, &placements).await;
    seen_while_it_lasts(stage, &placements).await;
    away_while_on_leave(stage, &placements).await;
}

/// I02. Fewer places than are held may have been set for a day that has come: so many as there ever
/// were are the limit.
async fn nobody_is_over_the_places(stage: &Stage, placements: &[placement::Model]) {
    let mut places: HashMap<_, i32> = HashMap::new();
    for period in all::<capacity_period::Entity>(stage).await {
        let most = places.entry(period.unit_id).or_default();
        *most = period.places.max(*most);
    }
    let mut held: HashMap<_, i32> = HashMap::new();
    for row in placements {
        let holds = match row.status {
            PlacementStatus::Admitted => true,
            PlacementStatus::OnLeave => row.holds_place,
            PlacementStatus::Reserved => row.reserved_until.unwrap() > stage.now(),
            _ => false,
        };
        *held.entry(row.unit_id).or_default() += i32::from(holds);
    }
    for (unit, held) in held {
        assert!(held <= places.get(&unit).copied().unwrap_or_default(), "I02: {unit} holds {held}");
    }
}

/// The centre has a grant exactly while a placement runs.
async fn seen_while_it_lasts(stage: &Stage, placements: &[placement::Model]) {
    let now = stage.now();
    let grants = all::<access_grant::Entity>(stage).await;
    let grants: Vec<_> =
        grants.iter().filter(|grant| grant.basis == GrantBasis::Placement).collect();
    for row in placements {
        let ran_out = row.status == PlacementStatus::Reserved && row.reserved_until.unwrap() <= now;
        let runs = OPEN.contains(&row.status) && !ran_out;
        let own = grants.iter().filter(|grant| grant.source_id == Some(row.id));
        let in_force = own.filter(|grant| grant.until.is_none_or(|until| until > now));
        let persons = in_force.filter(|grant| grant.person_id == Some(row.person_id)).count();
        assert_eq!(persons, usize::from(runs), "{row:?}");
    }
}

async fn away_while_on_leave(stage: &Stage, placements: &[placement::Model]) {
    let absences = all::<absence::Entity>(stage).await;
    for row in placements {
        let open = absences.iter().filter(|one| one.placement_id == row.id && one.until.is_none());
        assert_eq!(open.count(), usize::from(row.status == PlacementStatus::OnLeave), "{row:?}");
    }
}
