//! Cost, rate, lanes and deadlines.

use std::time::Duration;

use entity::membership::Role;
use hearth::rates::Rate;
use serde_json::{Value, json};
use tokio::time::{Instant, pause, sleep, timeout};
use tower::ServiceExt;

use crate::harness::wire::{GRAPHQL, JSON, plain, post};
use crate::harness::world::Person;
use crate::harness::{Answer, Setup, Stage, run, run_with};

fn faults(setup: &mut Setup) {
    setup.with_faults = true;
}

fn held(kind: &str) -> Value {
    json!({ "query": format!("{kind} Held {{ __typename }}"), "operationName": "Held" })
}

#[test]
fn every_answer_tells_its_cost() {
    run(async |stage| {
        let worker = stage.somebody().await;
        let asked = stage.as_(&worker);
        let query = "{families(first:10){nodes{children{id}}}}";
        let cost = asked.query(query).await.body["extensions"]["cost"].clone();
        assert_eq!(cost["requested"], 2 + 10 * 2);
        assert_eq!(cost["remaining"], 10_000 - 22);
        let reset: chrono::DateTime<chrono::Utc> =
            cost["resetAt"].as_str().unwrap().parse().unwrap();
        assert!((reset - stage.now()).num_seconds() < 2, "{reset}");
        let cases = "query($n: Int!) { cases(first: $n) { totalCount nodes { id } } }";
        let answer = asked.query_with(cases, json!({ "n": 3 })).await;
        assert_eq!(answer.body["extensions"]["cost"]["requested"], 2 + 3 + 10);
        let refused = asked.query("{").await;
        assert_eq!(refused.body["extensions"]["cost"]["requested"], 1);
    });
}

#[test]
fn an_empty_bucket_is_429_for_its_client_alone() {
    run(async |stage| {
        let worker = stage.somebody().await;
        let other = stage.somebody().await;
        let fields: Vec<_> = (0..8).map(|n| format!("a{n}:openCase{{id}} ")).collect();
        let query = format!("{{families(first:100){{nodes{{{}}}}}}}", fields.concat());
        let mut spent = 0;
        let last = loop {
            let (statements, answer) = stage.counted(stage.as_(&worker).query(&query)).await;
            if answer.status != 200 {
                assert_eq!(statements, 0, "who can't pay costs the database nothing");
                break answer;
            }
            spent += 2 + 100 * 9;
            assert!(spent < 100_000, "the bucket is never empty");
        };
        assert!(spent > 9_000);
        throttled(&last);
        let again = stage.send(post(&worker.token(), JSON, &json!({ "query": query }))).await;
        throttled(&again);
        assert_eq!(stage.as_(&other).query(&query).await.status, 200);
    });
}

/// A setup in which all viewers of a client may ask for so much at once.
fn client_may(burst: u64) -> impl Fn(&mut Setup) + Send {
    move |setup| setup.settings.rates.client = Rate { burst, refill: 1 }
}

#[test]
fn all_viewers_of_a_client_share_its_bucket_and_who_is_refused_pays_nothing() {
    run_with(client_may(3_000), async |stage| {
        let query = "{families(first:100){nodes{a:openCase{id} b:openCase{id} c:openCase{id} \
                     d:openCase{id} e:openCase{id} f:openCase{id} g:openCase{id}}}}";
        let cost = 2 + 100 * 8;
        let mut workers = Vec::new();
        for left in [3_000 - cost, 3_000 - 2 * cost, 3_000 - 3 * cost] {
            let worker = stage.somebody().await;
            let answer = stage.as_(&worker).query(query).await;
            assert_eq!(answer.status, 200, "{}", answer.text);
            // The viewer's own bucket holds more: the tighter one is told.
            let remaining = answer.body["extensions"]["cost"]["remaining"].as_u64().unwrap();
            assert!((left..left + 30).contains(&remaining), "{remaining}");
            workers.push(worker);
        }
        let (last, first) = (stage.somebody().await, &workers[0]);
        for worker in [&last, first, &last, first] {
            let answer = stage.as_(worker).query(query).await;
            assert_eq!((answer.status.as_u16(), answer.code()), (429, "THROTTLED"));
            let wait: u64 = answer.header("retry-after").parse().unwrap();
            assert!((100..=cost).contains(&wait), "{wait}");
            let remaining = answer.body["extensions"]["cost"]["remaining"].as_u64().unwrap();
            assert!((500..650).contains(&remaining), "nothing was taken: {remaining}");
        }
        // Something small is still to be had, and another client has a bucket of its own.
        assert_eq!(stage.as_(&last).query("{viewer{role}}").await.status, 200);
        let elsewhere = Person { client_id: "other-app".to_owned(), ..last };
        let answer = stage.as_(&elsewhere).query(query).await;
        assert_eq!(answer.status, 200);
        let remaining = answer.body["extensions"]["cost"]["remaining"].as_u64().unwrap();
        assert!((3_000 - cost..3_000 - cost + 30).contains(&remaining), "{remaining}");
    });
}

#[test]
fn a_viewer_who_is_refused_takes_nothing_from_the_client() {
    run_with(client_may(12_000), async |stage| {
        let fields: Vec<_> = (0..8).map(|n| format!("a{n}:openCase{{id}} ")).collect();
        let query = format!("{{families(first:100){{nodes{{{}}}}}}}", fields.concat());
        let (greedy, other) = (stage.somebody().await, stage.somebody().await);
        let mut spent = 902;
        while stage.as_(&greedy).query(&query).await.status == 200 {
            spent += 902;
        }
        spent -= 902;
        for _ in 0..20 {
            throttled(&stage.as_(&greedy).query(&query).await);
        }
        let answer = stage.as_(&other).query(&query).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        let remaining = answer.body["extensions"]["cost"]["remaining"].as_u64().unwrap();
        let left = 12_000 - spent - 902;
        assert!((left..left + 60).contains(&remaining), "{remaining}, not {left}");
    });
}

#[track_caller]
fn throttled(answer: &Answer) {
    assert_eq!((answer.status.as_u16(), answer.code()), (429, "THROTTLED"));
    let wait: u64 = answer.header("retry-after").parse().unwrap();
    assert!((1..=10).contains(&wait), "{wait}");
    let extensions = &answer.body["errors"][0]["extensions"];
    assert_eq!(extensions["retryable"], true);
    assert!(extensions["retryAfterMs"].as_u64().unwrap() <= wait * 1_000);
    assert!(answer.body["extensions"]["cost"]["remaining"].as_u64().unwrap() < 902);
}

/// Starts so many operations that wait.
async fn occupy(stage: &Stage, token: &str, count: usize) -> Vec<tokio::task::JoinHandle<u16>> {
    let busy = (0..count).map(|_| {
        let sent = stage.router.clone().oneshot(post(token, GRAPHQL, &held("query")));
        tokio::spawn(async { sent.await.unwrap().status().as_u16() })
    });
    let busy = busy.collect();
    stage.faults.begun(count).await;
    busy
}

#[test]
fn a_full_line_is_503_and_the_other_lane_goes_on() {
    let small = |setup: &mut Setup| {
        setup.with_faults = true;
        setup.settings.pool_size = 1;
    };
    run_with(small, async |stage| {
        let office = stage.organisation("Office", None).await;
        let worker = stage.worker(&office, Role::Caseworker).await;
        let analyst = stage.worker(&office, Role::Analyst).await;
        let busy = occupy(stage, &worker.token(), 3).await;
        let body = json!({ "query": "{viewer{role}}" });
        let in_line: Vec<_> = (0..12)
            .map(|_| {
                let sent = stage.router.clone().oneshot(post(&worker.token(), GRAPHQL, &body));
                tokio::spawn(async { sent.await.unwrap().status().as_u16() })
            })
            .collect();
        // They are in line when each was let run once.
        sleep(Duration::from_millis(20)).await;
        for accept in [GRAPHQL, JSON] {
            let answer = stage.send(post(&worker.token(), accept, &body)).await;
            assert_eq!((answer.status.as_u16(), answer.code()), (503, "SERVICE_UNAVAILABLE"));
            assert!(["1", "2", "3"].contains(&answer.header("retry-after")), "{}", answer.text);
            assert_eq!(answer.body["extensions"]["cost"]["requested"], 1);
        }
        assert_eq!(stage.as_(&analyst).query("{viewer{role}}").await.status, 200);
        assert_eq!(stage.send(plain("/readyz")).await.status, 200);
        stage.faults.release();
        for task in busy.into_iter().chain(in_line) {
            assert_eq!(task.await.unwrap(), 200);
        }
        assert_eq!(stage.as_(&worker).query("{viewer{role}}").await.status, 200);
    });
}

#[test]
fn who_cant_pay_is_told_so_at_once_and_keeps_nobody_waiting() {
    let small = |setup: &mut Setup| {
        setup.with_faults = true;
        setup.settings.pool_size = 1;
        setup.settings.rates.viewer = Rate { burst: 1_000, refill: 1 };
    };
    run_with(small, async |stage| {
        let (greedy, worker) = (stage.somebody().await, stage.somebody().await);
        let dear = json!({ "query": "{families(first:100){nodes{children{id} openCase{id} \
            a:openCase{id} b:openCase{id} c:openCase{id} d:openCase{id}}}}" });
        assert_eq!(stage.send(post(&greedy.token(), JSON, &dear)).await.status, 200);
        let busy = occupy(stage, &worker.token(), 3).await;
        // With all places taken and room in the line for twelve.
        for _ in 0..20 {
            let answer = stage.send(post(&greedy.token(), JSON, &dear)).await;
            assert_eq!((answer.status.as_u16(), answer.code()), (429, "THROTTLED"));
        }
        let waiting = stage.router.clone().oneshot(post(
            &worker.token(),
            GRAPHQL,
            &json!({ "query": "{viewer{role}}" }),
        ));
        let waiting = tokio::spawn(async { waiting.await.unwrap().status().as_u16() });
        sleep(Duration::from_millis(20)).await;
        stage.faults.release();
        for task in busy.into_iter().chain([waiting]) {
            assert_eq!(task.await.unwrap(), 200);
        }
    });
}

#[test]
fn a_slow_query_ends_at_its_deadline() {
    run_with(faults, async |stage| {
        let token = stage.somebody().await.token();
        for (count, accept) in [GRAPHQL, JSON].into_iter().enumerate() {
            let begun = Instant::now();
            let ended = async {
                stage.faults.begun(count + 1).await;
                pause();
            };
            let sent = stage.send(post(&token, accept, &held("query")));
            let (answer, ()) = tokio::join!(sent, ended);
            tokio::time::resume();
            assert_eq!((answer.status.as_u16(), answer.code()), (504, "TIMEOUT"));
            assert!((10..15).contains(&begun.elapsed().as_secs()), "{:?}", begun.elapsed());
            assert_eq!(answer.body.get("data"), None);
        }
        assert_eq!(stage.faults.outcome(), (0, 2));
    });
}

/// Sends a mutation that waits, and is back when it does.
async fn begin_mutation(stage: &Stage, count: usize) -> Answer {
    let token = stage.somebody().await.token();
    let begun = async {
        stage.faults.begun(count).await;
        pause();
    };
    let (answer, ()) = tokio::join!(stage.send(post(&token, GRAPHQL, &held("mutation"))), begun);
    answer
}

#[test]
fn a_slow_mutation_goes_on_after_its_answer() {
    run_with(faults, async |stage| {
        let answer = begin_mutation(stage, 1).await;
        assert_eq!((answer.status.as_u16(), answer.code()), (504, "TIMEOUT"));
        assert!(answer.message().contains("clientMutationId"));
        sleep(Duration::from_secs(5)).await;
        assert_eq!(stage.faults.outcome(), (0, 0));
        stage.faults.release();
        sleep(Duration::from_secs(1)).await;
        assert_eq!(stage.faults.outcome(), (1, 0));
    });
}

#[test]
fn a_slow_mutation_goes_on_but_not_for_ever() {
    run_with(faults, async |stage| {
        begin_mutation(stage, 1).await;
        sleep(Duration::from_secs(19)).await;
        assert_eq!(stage.faults.outcome(), (0, 0));
        sleep(Duration::from_secs(2)).await;
        assert_eq!(stage.faults.outcome(), (0, 1));
    });
}

#[test]
fn when_the_client_goes_away_reads_end_and_mutations_go_on() {
    run_with(faults, async |stage| {
        let token = stage.somebody().await.token();
        for (count, kind) in ["query", "mutation"].into_iter().enumerate() {
            let body = held(kind);
            let sent = stage.send(post(&token, GRAPHQL, &body));
            tokio::select! {
                _ = sent => panic!("it was answered"),
                () = stage.faults.begun(count + 1) => {}
            }
        }
        assert_eq!(stage.faults.outcome(), (0, 1), "the query was dropped");
        stage.faults.release();
        let ended = async {
            while stage.faults.outcome() != (1, 1) {
                sleep(Duration::from_millis(1)).await;
            }
        };
        timeout(Duration::from_secs(5), ended).await.unwrap();
    });
}
