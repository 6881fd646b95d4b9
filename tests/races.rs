//! Many at once for few places, over real connections to a server that is a process of its own: nobody
//! is promised a place that another one has, nothing is lost, and nobody waits beside a free place;
//! also if the server is killed in the middle.

mod crowd;
mod history;

use std::time::Duration;

use futures_util::future::join_all;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::process::Server;
use crate::harness::{Stage, run};
use crowd::{Crowd, Racer};

/// Places for which they race.
const PLACES: i32 = 10;
/// How often they do, unless `RACE_ROUNDS` says otherwise: a long run takes fifty.
const ROUNDS: usize = 3;

fn rounds() -> usize {
    std::env::var("RACE_ROUNDS").map_or(ROUNDS, |rounds| rounds.parse().unwrap())
}

const SELECTION: &str = "placement { id status waitingPosition }";

/// A number below a limit, by chance.
fn chance(below: usize) -> usize {
    let (random, _) = Uuid::new_v4().as_u64_pair();
    usize::try_from(random >> 1).unwrap() % below
}

/// What became of a racer: where the placement stands, or that there was no place.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Outcome {
    Holds,
    Waits,
    Refused,
}

/// Every answer is one of these; whatever else comes fails the story.
fn outcome(answer: &Value) -> Outcome {
    if answer["userErrors"] != json!([]) {
        assert_eq!(answer["userErrors"][0]["code"], "CAPACITY_EXCEEDED", "{answer}");
        return Outcome::Refused;
    }
    match answer["placement"]["status"].as_str() {
        Some("RESERVED" | "ADMITTED") => Outcome::Holds,
        Some("WAITLISTED") => {
            assert!(answer["placement"]["waitingPosition"].is_i64(), "{answer}");
            Outcome::Waits
        }
        _ => panic!("{answer}"),
    }
}

async fn send(server: &Server, racer: &Racer, mutation: &str, input: Value) -> Value {
    server.mutate(&racer.token, (mutation, &input), SELECTION).await
}

/// Asks for a place as the racer does: by a reservation, waiting or not, or at once in an emergency.
async fn race(server: &Server, racer: &Racer) -> Outcome {
    let id = &racer.id;
    let (mutation, input) = match racer.no % 4 {
        0 => ("placementAdmit", json!({ "id": id })),
        1 => ("placementReserve", json!({ "id": id })),
        _ => ("placementReserve", json!({ "id": id, "joinWaitingList": true })),
    };
    outcome(&send(server, racer, mutation, input).await)
}

/// What happens afterwards: some leave, some cancel, some come, and some hold a place for a moment only.
async fn stir(server: &Server, stage: &Stage, racer: &Racer, was: &Outcome) {
    let id = &racer.id;
    let soon = stage.now() + chrono::TimeDelta::milliseconds(250);
    let (mutation, input) = match (was, racer.no % 4, chance(3)) {
        (Outcome::Holds, 0, 0 | 1) => (
            "placementDischarge",
            json!({ "id": id, "reason": "Home again.", "destination": "BIRTH_FAMILY" }),
        ),
        (Outcome::Holds, 1.., 0) | (Outcome::Refused, 0, 0) => {
            ("placementAdmit", json!({ "id": id }))
        }
        (Outcome::Holds, 1.., 1) | (Outcome::Waits, _, 0) => {
            ("placementCancel", json!({ "id": id, "reason": "At home." }))
        }
        (Outcome::Refused, 1, _) => (
            "placementReserve",
            json!({ "id": id, "joinWaitingList": true, "reservedUntil": soon }),
        ),
        _ => return,
    };
    let answer = send(server, racer, mutation, input).await;
    // Whoever waited may hold a place by now, and the other way round: the machine says so. Whoever
    // holds one that ran out is seen by the centre no longer.
    let codes = ["CAPACITY_EXCEEDED", "INVALID_STATE_TRANSITION", "OUT_OF_RANGE", "NOT_FOUND"];
    let code = answer["userErrors"][0]["code"].as_str();
    assert!(code.is_none_or(|code| codes.contains(&code)), "{mutation}: {answer}");
}

#[test]
fn of_two_hundred_for_ten_places_ten_have_one_and_nobody_waits_beside_a_free_one() {
    run(async |stage| {
        let mut crowd = Crowd::gather(stage, 200).await;
        let server = Server::start(&stage.url, &["--pool-size", "60"]).await;
        for round in 0..rounds() {
            let racers = crowd.line_up(PLACES).await;
            let outcomes = join_all(racers.iter().map(|racer| race(&server, racer))).await;
            let held = outcomes.iter().filter(|outcome| **outcome == Outcome::Holds).count();
            assert_eq!(held, usize::try_from(PLACES).unwrap(), "round {round}");
            crowd.agrees(&racers, &outcomes).await;
            let stirred = racers.iter().zip(&outcomes);
            join_all(stirred.map(|(racer, was)| stir(&server, stage, racer, was))).await;
            tokio::time::sleep(Duration::from_millis(300)).await;
            hearth::upkeep::pass(&stage.app).await.unwrap();
            history::is_never_over(stage, crowd.unit, PLACES).await;
            history::nobody_waits_beside_a_free_place(stage, crowd.unit, PLACES).await;
            crowd.go_home().await;
        }
        server.kill();
    });
}
