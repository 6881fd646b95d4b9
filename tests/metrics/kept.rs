//! Results that are kept where computing them takes long: they say of which moment they are, are computed
//! anew in the background, and what takes too long is computed there as well.

use chrono::TimeDelta;
use sea_orm::ConnectionTrait;
use serde_json::Value;

use super::ground::{Ground, Told, day};
use super::practice::{NINE_MONTHS, fifty_one};
use crate::harness::process::command;
use crate::harness::{Answer, Setup, Stage, run, run_with};

/// For how long results stay fresh here, in seconds.
const FRESH: i64 = 600;

const fn keeping(setup: &mut Setup) {
    setup.settings.terms.rollup_seconds = FRESH;
}

async fn set(stage: &Stage) -> Ground<'_> {
    let ground = Ground::set(stage).await;
    let mut told = Told::default();
    fifty_one(&ground, &mut told);
    ground.put(told).await;
    ground
}

impl Ground<'_> {
    async fn covered(&self, rest: &str) -> Answer {
        let (since, through) = NINE_MONTHS;
        let query = format!(
            "{{ metric(id: FAMILIES_COVERED, period: {{ since: \"{since}\", through: \"{through}\" }}, \
             groupBy: [MUNICIPALITY]{rest}) {{ asOf freshAsOf identities total {{ value }} \
             rows {{ keys {{ name }} value }} }} }}"
        );
        self.stage.as_(&self.supervisor).query(&query).await
    }

    /// A family more, whose work was recorded on its first day.
    async fn one_more(&self) {
        let mut told = Told::default();
        told.family(self, (0, 0), &[super::ground::Span::open(day(2020, 3, 2))]);
        self.put(told).await;
    }
}

fn value(answer: &Answer) -> &Value {
    answer.data("/metric/total/value")
}

#[test]
fn a_kept_result_says_of_when_it_is_until_it_is_computed_anew() {
    run_with(keeping, async |stage| {
        let ground = set(stage).await;
        let first = ground.covered("").await;
        assert_eq!(value(&first), 51);
        ground.one_more().await;
        stage.wait(TimeDelta::minutes(1));

        let kept = ground.covered("").await;
        let result = kept.data("/metric");
        assert_eq!(result, first.data("/metric"), "figures, keys, identities and moment are kept");
        assert_eq!(result["freshAsOf"], result["asOf"]);
        assert_eq!(hearth::upkeep::recount(&stage.app).await.unwrap(), 0, "it is fresh");

        let moment = format!(", asOf: \"{}\"", stage.now().to_rfc3339());
        let exact = ground.covered(&moment.replace("+00:00", "Z")).await;
        assert_eq!(value(&exact), 52, "whoever says as of when gets it from the rows");
        assert_eq!(exact.data("/metric/freshAsOf"), &Value::Null);

        stage.wait(TimeDelta::seconds(FRESH));
        let behind = ground.covered("").await;
        assert_eq!(behind.data("/metric"), result, "it fell behind, and says so");
        assert_eq!(hearth::upkeep::recount(&stage.app).await.unwrap(), 1);
        let anew = ground.covered("").await;
        assert_eq!(value(&anew), 52);
        assert_ne!(anew.data("/metric/freshAsOf"), &result["freshAsOf"]);
    });
}

#[test]
fn what_is_kept_for_one_is_not_shown_to_who_counts_other_work() {
    run_with(keeping, async |stage| {
        let ground = set(stage).await;
        assert_eq!(value(&ground.covered("").await), 51);
        let branch = stage.worker(&ground.branches[1], entity::membership::Role::Supervisor).await;
        let theirs = Ground { supervisor: branch, ..ground };
        assert_eq!(value(&theirs.covered("").await), 17);
        assert_eq!(value(&theirs.covered("").await), 17, "nor when both are kept");
    });
}

#[test]
fn what_takes_too_long_is_computed_in_the_background() {
    run_with(keeping, async |stage| {
        let ground = set(stage).await;
        ground.covered("").await;
        // As it is left by a request that was stopped before it had an answer.
        let stopped = "update rollup set content = '', as_of = '1970-01-01T00:00:00+00:00'";
        stage.database.writer.execute_unprepared(stopped).await.unwrap();
        assert_eq!(value(&ground.covered("").await), 51, "another may be in time");

        stage.database.writer.execute_unprepared(stopped).await.unwrap();
        stage.wait(TimeDelta::seconds(11));
        let refused = ground.covered("").await;
        assert_eq!(refused.code(), "TIMEOUT");
        assert!(refused.message().contains("ask again in half a minute"), "{}", refused.message());
        assert_eq!(hearth::upkeep::recount(&stage.app).await.unwrap(), 1);
        let counted = ground.covered("").await;
        assert_eq!(value(&counted), 51);
        assert_eq!(counted.data("/metric/freshAsOf"), counted.data("/metric/asOf"));
    });
}

#[test]
fn the_command_computes_all_that_is_kept() {
    run_with(keeping, async |stage| {
        let ground = set(stage).await;
        ground.covered("").await;
        ground.one_more().await;
        assert_eq!(value(&ground.covered("").await), 51);
        let (is_done, said) = command(&["metrics", "rebuild", "--database-url", &stage.url]);
        assert!(is_done, "{said}");
        assert!(said.contains("computed anew: 1"), "{said}");
        assert_eq!(value(&ground.covered("").await), 52, "though it was fresh");
    });
}

#[test]
fn nothing_is_kept_unless_it_is_asked_for() {
    run(async |stage| {
        let ground = set(stage).await;
        let first = ground.covered("").await;
        assert_eq!(first.data("/metric/freshAsOf"), &Value::Null);
        ground.one_more().await;
        assert_eq!(value(&ground.covered("").await), 52);
        assert_eq!(hearth::upkeep::recount(&stage.app).await.unwrap(), 0);
    });
}
