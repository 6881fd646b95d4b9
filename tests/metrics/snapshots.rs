//! Published reports: frozen, reproduced, and small numbers hidden from those who may see no person.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use entity::episode::ClosureClass;
use entity::membership::Role;
use hearth::terms::SmallNumbers;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::ground::{Ground, Span, Told, day, noon};
use super::practice::{NINE_MONTHS, fifty_one};
use crate::harness::world::Person;
use crate::harness::{Answer, Stage, run, run_with};

const ASKED: &str = "snapshot { id audience since through asOf publishedAt sha256 content reproduces \
                     organisation { name } publishedBy { displayName } }";

impl Ground<'_> {
    /// Publishes the nine months' report as of a moment.
    async fn publish(&self, by: &Person, audience: &str, as_of: Option<DateTime<Utc>>) -> Answer {
        self.publish_of(by, audience, NINE_MONTHS, as_of).await
    }

    async fn publish_of(
        &self,
        by: &Person,
        audience: &str,
        (since, through): (NaiveDate, NaiveDate),
        as_of: Option<DateTime<Utc>>,
    ) -> Answer {
        let input = json!({
            "period": { "since": since, "through": through }, "audience": audience, "asOf": as_of,
        });
        self.stage.as_(by).mutate("snapshotPublish", input, ASKED).await
    }
}

fn content(answer: &Answer) -> Value {
    let text = answer.done("/snapshot/content").as_str().unwrap();
    let digest = Sha256::digest(text);
    let hash = digest.iter().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"));
    assert_eq!(answer.done("/snapshot/sha256"), hash.as_str());
    serde_json::from_str(text).unwrap()
}

/// The total of a metric in a published report.
fn total<'a>(content: &'a Value, metric: &str) -> &'a Value {
    let results = content["results"].as_array().unwrap();
    &results.iter().find(|result| result["metric"] == metric).unwrap()["total"]["value"]
}

const FOUR: [&str; 4] =
    ["FAMILIES_COVERED", "FAMILIES_OVERCAME", "FAMILIES_CONTINUING", "FAMILIES_OTHER_EXITS"];

fn four(content: &Value) -> Value {
    FOUR.iter().map(|metric| total(content, metric).clone()).collect()
}

#[test]
fn what_was_published_stays_and_comes_out_again_byte_for_byte() {
    run(async |stage| {
        let ground = Ground::set(stage).await;
        let mut told = Told::default();
        fifty_one(&ground, &mut told);
        let late = Span {
            closure_recorded_at: Some(noon(day(2020, 10, 2))),
            ..Span::closed(day(2020, 2, 3), day(2020, 9, 29), ClosureClass::Overcame)
        };
        told.family(&ground, (0, 0), &[late]);
        ground.put(told).await;
        let by = &ground.supervisor;
        let first = ground.publish(by, "INTERNAL", Some(noon(day(2020, 9, 26)))).await;
        let second = ground.publish(by, "INTERNAL", Some(noon(day(2020, 10, 3)))).await;
        assert_eq!(content(&first)["provisional"], true);
        assert_eq!(content(&second)["provisional"], false);
        assert_eq!(four(&content(&first)), json!([52, 11, 36, 5]));
        assert_eq!(four(&content(&second)), json!([52, 12, 35, 5]));
        // Published again, of the same moment, each byte is the same.
        stage.wait(TimeDelta::days(40));
        let again = ground.publish(by, "INTERNAL", Some(noon(day(2020, 9, 26)))).await;
        let text = |answer: &Answer| answer.done("/snapshot/content").clone();
        assert_eq!(text(&again), text(&first));
        assert_ne!(text(&second), text(&first));
        for answer in [&first, &second, &again] {
            assert_eq!(answer.done("/snapshot/reproduces"), true);
        }
        let id = first.done("/snapshot/id").as_str().unwrap();
        let read = format!("{{ snapshot(id: \"{id}\") {{ content sha256 reproduces }} }}");
        let read = stage.as_(by).query(&read).await;
        assert_eq!(*read.data("/snapshot/content"), text(&first));
        assert_eq!(read.data("/snapshot/reproduces"), true);
        // A row that is recorded for the past changes what comes out, and not what was published.
        let mut told = Told::default();
        told.family(&ground, (0, 0), &[Span::open(day(2020, 3, 3))]);
        ground.put(told).await;
        let read = format!("{{ snapshot(id: \"{id}\") {{ content reproduces }} }}");
        let read = stage.as_(by).query(&read).await;
        assert_eq!(*read.data("/snapshot/content"), text(&first));
        assert_eq!(read.data("/snapshot/reproduces"), false);
        refuse_change(stage).await;
    });
}

/// Nobody changes what was published, in the database either.
async fn refuse_change(stage: &Stage) {
    use sea_orm::ConnectionTrait;
    for sql in ["update snapshot set content = '{}'", "delete from snapshot"] {
        let done = stage.database.writer.execute_unprepared(sql).await;
        assert!(done.unwrap_err().to_string().contains("what was published is never"), "{sql}");
    }
}

fn hiding(to: &'static str, story: impl AsyncFnOnce(&Stage) + Send) {
    let small: SmallNumbers = to.parse().unwrap();
    run_with(|setup| setup.settings.terms.small_numbers = small, story);
}

#[test]
fn with_one_to_five_hidden_five_is_and_what_would_give_it_away() {
    hiding("ANALYST=5,PUBLIC=9", async |stage| {
        let ground = Ground::set(stage).await;
        let mut told = Told::default();
        fifty_one(&ground, &mut told);
        ground.put(told).await;
        let published = ground.publish(&ground.supervisor, "ANALYST", None).await;
        assert_eq!(four(&content(&published)), json!([51, null, 35, null]));
        let analyst = stage.worker(&ground.centre, Role::Analyst).await;
        let mut found = Vec::new();
        for metric in FOUR {
            let answer = ground.ask_as(&analyst, metric, NINE_MONTHS, "").await;
            let total = answer.data("/metric/total");
            found.push((total["value"].clone(), total["suppression"].clone()));
            assert_eq!(total["rate"].is_null(), total["value"].is_null() || metric == FOUR[0]);
        }
        let hidden = (json!(null), json!("SMALL_NUMBER"));
        let shown = |number: i64| (json!(number), json!(null));
        assert_eq!(found, [shown(51), hidden.clone(), shown(35), hidden]);
    });
}

#[test]
fn with_one_to_four_hidden_nothing_of_the_outcomes_is() {
    run(async |stage| {
        let ground = Ground::set(stage).await;
        let mut told = Told::default();
        fifty_one(&ground, &mut told);
        ground.put(told).await;
        let published = ground.publish(&ground.supervisor, "ANALYST", None).await;
        assert_eq!(four(&content(&published)), json!([51, 11, 35, 5]));
        // Why the five left would tell of two and of three.
        let results = content(&published);
        let results = results["results"].as_array().unwrap().clone();
        let exits = results.iter().find(|result| result["by"] == json!(["CLOSURE_CLASS"])).unwrap();
        let rows = exits["rows"].as_array().unwrap();
        assert_eq!(rows.len(), 2);
        assert!(rows.iter().all(|row| row["figure"]["value"].is_null()));
        assert_eq!(exits["total"]["value"], 5);
    });
}

#[test]
fn analysts_read_what_was_published_and_nothing_else() {
    run(async |stage| {
        let ground = Ground::set(stage).await;
        let mut told = Told::default();
        fifty_one(&ground, &mut told);
        ground.put(told).await;
        let analyst = stage.worker(&ground.centre, Role::Analyst).await;
        let asked = async |metric: &str, rest: &str| {
            ground.ask_as(&analyst, metric, NINE_MONTHS, rest).await
        };
        let none = asked("FAMILIES_COVERED", "").await;
        assert_eq!(none.code(), "BAD_USER_INPUT");
        assert!(none.message().contains("none is yet"), "{}", none.message());
        ground.publish(&ground.supervisor, "INTERNAL", None).await;
        assert_eq!(asked("FAMILIES_COVERED", "").await.code(), "BAD_USER_INPUT");
        ground.publish(&ground.supervisor, "ANALYST", None).await;
        let towns = asked("FAMILIES_COVERED", ", groupBy: [MUNICIPALITY]").await;
        let names: Vec<String> =
            towns.list("/metric/rows").iter().map(super::ground::names).collect();
        assert_eq!(names, ["First", "Second"]);
        let town = format!(", filter: {{ areaId: \"area_{}\" }}", ground.towns[0].id.simple());
        assert_eq!(asked("FAMILIES_COVERED", &town).await.data("/metric/total/value"), 34);
        for (metric, rest, says) in [
            ("FAMILIES_COVERED", ", groupBy: [ORGANISATION]", "is broken down by"),
            ("FAMILIES_COVERED", ", groupBy: [MUNICIPALITY, SUPPORT_LEVEL]", "is broken down by"),
            ("FAMILIES_COVERED", ", asOf: \"2021-01-01T00:00:00Z\"", "no report of this period"),
            ("CASELOAD", "", "is not in the report"),
            ("FAMILIES_COVERED", ", filter: { supportLevelIn: [BASIC, CRISIS] }", "one area"),
        ] {
            let answer = asked(metric, rest).await;
            assert_eq!(answer.code(), "BAD_USER_INPUT", "{rest}");
            assert!(answer.message().contains(says), "{rest}: {}", answer.message());
        }
        let other = (day(2020, 1, 1), day(2020, 8, 31));
        let answer = ground.ask_as(&analyst, "FAMILIES_COVERED", other, "").await;
        assert!(answer.message().contains("there are 2020-01-01 to 2020-09-30"));
        let listed = stage.as_(&analyst).query("{ snapshots { nodes { audience } } }").await;
        assert_eq!(listed.list("/snapshots/nodes"), [json!({ "audience": "ANALYST" })]);
        let elsewhere = stage.organisation("Elsewhere", None).await;
        let stranger = stage.worker(&elsewhere, Role::Analyst).await;
        let listed = stage.as_(&stranger).query("{ snapshots { totalCount } }").await;
        assert_eq!(listed.data("/snapshots/totalCount"), 0);
    });
}

#[test]
fn of_nested_organisations_one_publishes_for_who_may_see_no_person() {
    run(async |stage| {
        let ground = Ground::set(stage).await;
        let mut told = Told::default();
        fifty_one(&ground, &mut told);
        ground.put(told).await;
        let branch = stage.worker(&ground.branches[0], Role::Supervisor).await;
        let first = ground.publish(&branch, "PUBLIC", None).await;
        assert!(first.done("/snapshot/id").is_string());
        let above = ground.publish(&ground.supervisor, "ANALYST", None).await;
        let refused = ("PERMISSION_DENIED".to_owned(), "input.audience".to_owned());
        assert_eq!(above.refusal(), refused);
        let internal = ground.publish(&ground.supervisor, "INTERNAL", None).await;
        assert!(internal.done("/snapshot/id").is_string());
        let beside = stage.worker(&ground.branches[1], Role::Supervisor).await;
        let beside = ground.publish(&beside, "ANALYST", None).await;
        assert!(beside.done("/snapshot/id").is_string());
        for (period, path) in [
            ((day(2020, 2, 1), day(2020, 1, 1)), "input.period.through"),
            ((day(2222, 2, 1), day(2222, 3, 1)), "input.period.since"),
            ((day(2002, 2, 1), day(2022, 3, 1)), "input.period.through"),
        ] {
            let answer = ground.publish_of(&ground.supervisor, "INTERNAL", period, None).await;
            assert_eq!(answer.refusal().1, path);
        }
        let future = Some(stage.now() + TimeDelta::hours(1));
        let answer = ground.publish(&ground.supervisor, "INTERNAL", future).await;
        assert_eq!(answer.refusal().1, "input.asOf");
        for role in [Role::Caseworker, Role::Analyst, Role::AreaCoordinator] {
            let by = stage.worker(&ground.centre, role).await;
            assert_eq!(ground.publish(&by, "INTERNAL", None).await.code(), "FORBIDDEN");
        }
    });
}

#[test]
fn two_reports_can_not_be_subtracted() {
    run(async |stage| {
        let ground = Ground::set(stage).await;
        let mut told = Told::default();
        fifty_one(&ground, &mut told);
        let late = Span {
            closure_recorded_at: Some(noon(day(2020, 10, 2))),
            ..Span::closed(day(2020, 2, 3), day(2020, 9, 29), ClosureClass::Overcame)
        };
        told.family(&ground, (0, 0), &[late]);
        ground.put(told).await;
        let by = &ground.supervisor;
        let first = ground.publish(by, "ANALYST", Some(noon(day(2020, 9, 26)))).await;
        assert_eq!(four(&content(&first)), json!([52, 11, 36, 5]));
        // One family overcame meanwhile: what changed by one is hidden now.
        let second = ground.publish(by, "ANALYST", Some(noon(day(2020, 10, 3)))).await;
        assert_eq!(four(&content(&second)), json!([52, null, null, 5]));
        assert_eq!(second.done("/snapshot/reproduces"), true);
        // A period that is a month shorter differs by few families.
        let shorter = (day(2020, 1, 1), day(2020, 8, 31));
        let third = ground.publish_of(by, "PUBLIC", shorter, None).await;
        let third = four(&content(&third));
        let before = [52, 11, 36, 5];
        for (now, before) in third.as_array().unwrap().iter().zip(before) {
            if let Some(now) = now.as_i64() {
                let apart = (now - before).abs();
                assert!(apart == 0 || apart > 9, "{third}");
            }
        }
    });
}
