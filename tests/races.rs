//! Many at once for few places, over real connections to a server that is a process of its own: nobody
//! is promised a place that another one has, nothing is lost, and nobody waits beside a free place;
//! also if the server is killed in the middle.

mod crowd;
mod history;

use std::cell::Cell;
use std::time::Duration;

use futures_util::future::join_all;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::process::Server;
use crate::harness::{Stage, run};
use crowd::{Crowd, Racer, Way};

/// Places for which they race, in the centre and in the intake.
const PLACES: i32 = 10;
/// Who races.
const RACERS: usize = 200;
/// How often they do, unless `RACE_ROUNDS` says otherwise: a long run takes fifty.
const ROUNDS: usize = 3;
/// As many connections as it takes for all to be let in at once.
const SERVER: [&str; 2] = ["--pool-size", "60"];

fn rounds() -> usize {
    std::env::var("RACE_ROUNDS").map_or(ROUNDS, |rounds| rounds.parse().unwrap())
}

/// A number below a limit, by chance.
fn chance(below: usize) -> usize {
    let (random, _) = Uuid::new_v4().as_u64_pair();
    usize::try_from(random >> 1).unwrap() % below
}

/// What became of a racer.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Outcome {
    Holds,
    Waits,
    /// There was no place; the row stands as it stood.
    Refused,
}

impl Outcome {
    /// By where the row stands.
    fn of(status: &str) -> Self {
        match status {
            "RESERVED" | "ADMITTED" | "OFFERED" => Self::Holds,
            "WAITLISTED" => Self::Waits,
            "REQUESTED" | "APPROVED" => Self::Refused,
            other => panic!("{other}"),
        }
    }

    /// By what was answered; whatever else comes fails the story.
    fn told(racer: &Racer, answer: &Value) -> Self {
        if answer["userErrors"] != json!([]) {
            assert_eq!(answer["userErrors"][0]["code"], "CAPACITY_EXCEEDED", "{answer}");
            return Self::Refused;
        }
        let row = &answer[object(racer)];
        let outcome = Self::of(row["status"].as_str().unwrap());
        let has_position = row["waitingPosition"].is_i64();
        assert!(outcome != Self::Waits || has_position, "{answer}");
        outcome
    }
}

const fn object(racer: &Racer) -> &'static str {
    if racer.way.enrols() { "enrolment" } else { "placement" }
}

fn selection(racer: &Racer) -> String {
    format!("{} {{ id status waitingPosition }}", object(racer))
}

/// What a racer asks for.
fn wish(racer: &Racer) -> (&'static str, Value) {
    let id = &racer.id;
    match racer.way {
        Way::Urgent => ("placementAdmit", json!({ "id": id })),
        Way::Reserving { waits } => {
            ("placementReserve", json!({ "id": id, "joinWaitingList": waits }))
        }
        Way::Enrolling { waits } => {
            ("enrolmentOffer", json!({ "id": id, "joinWaitingList": waits }))
        }
    }
}

async fn race(server: &Server, racer: &Racer) -> Outcome {
    let (mutation, input) = wish(racer);
    let answer = server.mutate(&racer.token, (mutation, &input), &selection(racer)).await;
    Outcome::told(racer, &answer)
}

/// What may come next: some leave, some cancel, some come, and some hold a place for a moment only.
fn next(stage: &Stage, racer: &Racer, was: &Outcome) -> Option<(&'static str, Value)> {
    let id = &racer.id;
    let soon = stage.now() + chrono::TimeDelta::milliseconds(250);
    let home = json!({ "id": id, "reason": "Home again.", "destination": "BIRTH_FAMILY" });
    let cancel = json!({ "id": id, "reason": "At home." });
    let brief = json!({ "id": id, "joinWaitingList": true, "reservedUntil": soon });
    Some(match (racer.way, was, chance(3)) {
        (Way::Urgent, Outcome::Holds, 0 | 1) => ("placementDischarge", home),
        (Way::Reserving { .. }, Outcome::Holds, 0) => ("placementAdmit", json!({ "id": id })),
        (Way::Reserving { .. }, Outcome::Holds, 1) | (Way::Reserving { .. }, Outcome::Waits, 0) => {
            ("placementCancel", cancel)
        }
        (Way::Reserving { .. }, Outcome::Refused, _) => ("placementReserve", brief),
        (Way::Urgent, Outcome::Refused, 0) => wish(racer),
        (Way::Enrolling { .. }, Outcome::Holds, 0) | (Way::Enrolling { .. }, Outcome::Waits, 0) => {
            ("enrolmentWithdraw", cancel)
        }
        (Way::Enrolling { .. }, Outcome::Refused, 0) => {
            ("enrolmentOffer", json!({ "id": id, "joinWaitingList": true }))
        }
        _ => return None,
    })
}

async fn stir(server: &Server, stage: &Stage, racer: &Racer, was: &Outcome) {
    let Some((mutation, input)) = next(stage, racer, was) else { return };
    let answer = server.mutate(&racer.token, (mutation, &input), &selection(racer)).await;
    // Whoever waited may hold a place by now, and the other way round: the machine says so. Whoever
    // holds one that ran out is seen by the centre no longer.
    let codes = ["CAPACITY_EXCEEDED", "INVALID_STATE_TRANSITION", "OUT_OF_RANGE", "NOT_FOUND"];
    let code = answer["userErrors"][0]["code"].as_str();
    assert!(code.is_none_or(|code| codes.contains(&code)), "{mutation}: {answer}");
}

/// Exactly so many hold a place of the centre as there are, and of the intake.
fn ten_of_each_hold(racers: &[Racer], outcomes: &[Outcome]) {
    for enrols in [false, true] {
        let holds = |(racer, outcome): &(&Racer, &Outcome)| {
            racer.way.enrols() == enrols && **outcome == Outcome::Holds
        };
        let held = racers.iter().zip(outcomes).filter(holds).count();
        assert_eq!(held, usize::try_from(PLACES).unwrap(), "enrolments: {enrols}");
    }
}

#[test]
fn of_two_hundred_for_ten_places_ten_have_one_and_nobody_waits_beside_a_free_one() {
    run(async |stage| {
        let mut crowd = Crowd::gather(stage, RACERS).await;
        let server = Server::start(&stage.url, &SERVER).await;
        for _ in 0..rounds() {
            let racers = crowd.line_up(PLACES).await;
            let outcomes = join_all(racers.iter().map(|racer| race(&server, racer))).await;
            ten_of_each_hold(&racers, &outcomes);
            assert_eq!(crowd.standing(&racers).await, outcomes, "each stands as it was told");
            crowd.let_an_offer_run_out().await;
            let stirred = racers.iter().zip(&outcomes);
            join_all(stirred.map(|(racer, was)| stir(&server, stage, racer, was))).await;
            tokio::time::sleep(Duration::from_millis(300)).await;
            hearth::upkeep::pass(&stage.app).await.unwrap();
            history::holds(stage, (crowd.unit, crowd.intake), PLACES).await;
            crowd.go_home().await;
        }
    });
}

#[test]
fn a_server_that_is_killed_in_the_middle_has_lost_nothing_that_it_acknowledged() {
    run(async |stage| {
        let mut crowd = Crowd::gather(stage, RACERS).await;
        let racers = crowd.line_up(PLACES).await;
        let server = Server::start(&stage.url, &SERVER).await;
        let keys: Vec<Uuid> = racers.iter().map(|_| Uuid::now_v7()).collect();
        let try_once = async |server: &Server, racer: &Racer, key: Uuid| {
            let (mutation, input) = wish(racer);
            let asked = selection(racer);
            let heard = server.try_mutate(&racer.token, key, (mutation, &input), &asked).await;
            let heard = heard.ok().filter(|heard| heard.body["errors"].is_null())?;
            Some(Outcome::told(racer, &heard.body["data"][mutation]))
        };
        let answered = Cell::new(0);
        let tries = racers.iter().zip(&keys).map(async |(racer, key)| {
            let told = try_once(&server, racer, *key).await;
            answered.set(answered.get() + usize::from(told.is_some()));
            told
        });
        let kill = async {
            while answered.get() < RACERS / 5 {
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
            server.kill();
        };
        let (acknowledged, ()) = tokio::join!(join_all(tries), kill);
        let count = acknowledged.iter().flatten().count();
        assert!((RACERS / 5..RACERS).contains(&count), "killed after {count} answers");

        let server = Server::start(&stage.url, &SERVER).await;
        let standing = crowd.standing(&racers).await;
        for (told, is) in acknowledged.iter().zip(&standing) {
            assert!(told.as_ref().is_none_or(|told| told == is), "told {told:?}, is {is:?}");
        }
        history::holds(stage, (crowd.unit, crowd.intake), PLACES).await;
        // Who heard nothing asks again under the same key, and all come to an end.
        for (racer, key) in racers.iter().zip(&keys) {
            assert!(try_once(&server, racer, *key).await.is_some(), "{}", racer.id);
        }
        let standing = crowd.standing(&racers).await;
        ten_of_each_hold(&racers, &standing);
        history::holds(stage, (crowd.unit, crowd.intake), PLACES).await;
    });
}

#[test]
fn of_two_centres_that_admit_the_same_child_at_once_one_does() {
    run(async |stage| {
        let mut crowd = Crowd::gather(stage, 1).await;
        let server = Server::start(&stage.url, &SERVER).await;
        for _ in 0..10 {
            let mut both = crowd.line_up(1).await;
            both.extend(crowd.line_up(1).await);
            let answers = join_all(both.iter().map(|racer| async {
                let input = json!({ "id": racer.id });
                server.mutate(&racer.token, ("placementAdmit", &input), &selection(racer)).await
            }))
            .await;
            let refused: Vec<&Value> =
                answers.iter().filter(|answer| answer["userErrors"] != json!([])).collect();
            assert_eq!(refused.len(), 1, "{answers:?}");
            assert_eq!(refused[0]["userErrors"][0]["code"], "ALREADY_EXISTS");
            crowd.all_go_home().await;
        }
    });
}
