//! Random histories: covered = overcame + continuing + other exits in every grouping, and each metric
//! equals what the slow implementation finds. `METRIC_SEED` and `METRIC_ROUNDS` choose other histories.

use std::collections::BTreeMap;

use chrono::{NaiveDate, TimeDelta};
use entity::episode::ClosureClass;
use entity::register_entry::RegisterGrounds;
use proptest::prelude::{Strategy, any};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use sea_orm::Iterable;

use super::ground::{Ground, Span, Told, day, noon};
use super::slow::{Asked, Rows, years};
use crate::harness::run;

struct Dice(TestRunner);

impl Dice {
    fn of(seed: u64) -> Self {
        let mut bytes = [7; 32];
        bytes[..8].copy_from_slice(&seed.to_le_bytes());
        let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
        Self(TestRunner::new_with_rng(Config::default(), rng))
    }

    /// A number below another.
    fn below(&mut self, most: i64) -> i64 {
        let number = any::<u32>().new_tree(&mut self.0).unwrap();
        i64::from(proptest::strategy::ValueTree::current(&number)) % most
    }

    fn one_in(&mut self, many: i64) -> bool {
        self.below(many) == 0
    }

    fn day(&mut self) -> NaiveDate {
        day(2022, 1, 1) + TimeDelta::days(self.below(720))
    }
}

fn number(name: &str, usual: u64) -> u64 {
    std::env::var(name).map_or(usual, |text| text.parse().unwrap())
}

#[test]
fn metrics_of_random_histories_are_those_of_the_slow_implementation() {
    let (seed, rounds) = (number("METRIC_SEED", 1), number("METRIC_ROUNDS", 3));
    for seed in seed..seed + rounds {
        run(async |stage| {
            let ground = Ground::set(stage).await;
            let mut dice = Dice::of(seed);
            let told = histories(&ground, &mut dice);
            ground.put(told).await;
            let rows = Rows::read(stage).await;
            for _ in 0..4 {
                compare(&ground, &rows, &mut dice, seed).await;
            }
        });
    }
}

/// Forty families with up to two cases of up to three episodes, children who come and go and are merged.
fn histories(ground: &Ground<'_>, dice: &mut Dice) -> Told {
    let mut told = Told::default();
    for _ in 0..40 {
        let place = (dice.below(2) as usize, dice.below(2) as usize);
        let first = spans(dice);
        let family = told.family(ground, place, &first);
        if dice.one_in(3) {
            let place = (dice.below(2) as usize, dice.below(2) as usize);
            let spans = spans_at_least_one(dice);
            told.case(ground, family, place, &spans);
        }
        for _ in 0..dice.below(4) {
            let born = (!dice.one_in(9)).then(|| dice.day() - TimeDelta::days(dice.below(7000)));
            let since = dice.day() - TimeDelta::days(200);
            let until = dice.one_in(3).then(|| since + TimeDelta::days(1 + dice.below(400)));
            told.child(family, born, since, until);
            let len = told.persons.len();
            if len > 3 && dice.one_in(6) {
                told.persons[len - 1].merged_into_id = Some(told.persons[0].id);
            }
            if let Some(member) = told.members.last_mut()
                && dice.one_in(8)
            {
                member.voided_at = Some(noon(dice.day()));
                member.void_reason = Some("Wrong".to_owned());
            }
        }
        for _ in 0..dice.below(3) {
            let since = dice.day();
            let until = dice.one_in(2).then(|| since + TimeDelta::days(1 + dice.below(300)));
            let grounds: Vec<RegisterGrounds> = RegisterGrounds::iter().collect();
            let grounds = grounds[dice.below(grounds.len() as i64) as usize];
            let is_same = |entry: &entity::register_entry::Model| {
                entry.family_id == Some(family) && entry.grounds == grounds
            };
            if !told.entries.iter().any(is_same) {
                told.entry(ground, (Some(family), None), grounds, (since, until));
            }
        }
        let cases: Vec<_> =
            told.cases.iter().filter(|case| case.family_id == family).map(|case| case.id).collect();
        for _ in 0..dice.below(3) {
            let on = dice.day();
            if let Some(case) = cases.get(dice.below(2) as usize) {
                told.visit(family, *case, on);
            }
        }
    }
    told
}

fn spans_at_least_one(dice: &mut Dice) -> Vec<Span> {
    let mut found = spans(dice);
    if found.is_empty() {
        found.push(Span::open(dice.day()));
    }
    found
}

fn spans(dice: &mut Dice) -> Vec<Span> {
    let mut found = Vec::new();
    let mut since = dice.day() - TimeDelta::days(100);
    for _ in 0..dice.below(4) {
        let late = |dice: &mut Dice, day| {
            let days = if dice.one_in(4) { dice.below(90) } else { 0 };
            Some(noon(day) + TimeDelta::days(days))
        };
        let recorded_at = late(dice, since);
        if dice.one_in(3) {
            found.push(Span { recorded_at, ..Span::open(since) });
            break;
        }
        let until = since + TimeDelta::days(dice.below(300));
        let classes: Vec<ClosureClass> = ClosureClass::iter().collect();
        let class = classes[(dice.below(9) as usize).min(classes.len() - 1)];
        let closure_recorded_at = late(dice, until).max(recorded_at);
        found.push(Span { recorded_at, closure_recorded_at, ..Span::closed(since, until, class) });
        since = until + TimeDelta::days(dice.below(200));
    }
    found
}

/// One of the outcomes.
type Of = fn(&super::slow::Outcomes) -> i64;

/// One random period and moment, in every grouping.
async fn compare(ground: &Ground<'_>, rows: &Rows, dice: &mut Dice, seed: u64) {
    let since = dice.day();
    let through = since + TimeDelta::days(dice.below(400));
    let as_of = if dice.one_in(2) { ground.stage.now() } else { noon(dice.day()) };
    let asked = Asked { since, through, as_of };
    let period = (since, through);
    let rest =
        format!(", asOf: \"{}\"", as_of.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true));
    let what = format!("seed {seed}, {asked:?}");
    let town = |id| if ground.towns[0].id == id { "First" } else { "Second" };
    let branch = |id| if ground.branches[0].id == id { "One" } else { "Two" };
    let level = |case: &entity::case::Model| match case.support_level {
        None => "Not set",
        Some(entity::case::SupportLevel::Basic) => "Basic",
        Some(_) => "Crisis",
    };
    let groupings: [(&str, super::slow::Group<'_>); 5] = [
        ("", &|_, _| String::new()),
        ("MUNICIPALITY", &|case, _| town(case.area_id).to_owned()),
        ("ORGANISATION", &|case, _| branch(case.lead_organisation_id).to_owned()),
        ("SUPPORT_LEVEL", &|case, _| level(case).to_owned()),
        ("MUNICIPALITY, SUPPORT_LEVEL", &|case, _| {
            format!("{} / {}", town(case.area_id), level(case))
        }),
    ];
    for (by, group) in groupings {
        let outcomes = rows.outcomes(asked, group);
        let metrics: [(&str, Of); 6] = [
            ("FAMILIES_COVERED", |of| of.covered),
            ("FAMILIES_OVERCAME", |of| of.overcame),
            ("FAMILIES_CONTINUING", |of| of.continuing),
            ("FAMILIES_OTHER_EXITS", |of| of.other_exits),
            ("FAMILIES_NEW", |of| of.new),
            ("FAMILIES_CARRIED_IN", |of| of.carried_in),
        ];
        for of in outcomes.values() {
            assert_eq!(of.covered, of.overcame + of.continuing + of.other_exits, "{what}");
        }
        for (metric, of) in metrics {
            let expected = outcomes.iter().map(|(key, all)| (key.clone(), of(all)));
            check(ground, (metric, by), period, &rest, expected.collect(), &what).await;
        }
        let children = rows.children(asked, group);
        check(ground, ("CHILDREN_IN_COVERED_FAMILIES", by), period, &rest, children, &what).await;
        let served = rows.served(asked, group);
        check(ground, ("FAMILIES_SERVED", by), period, &rest, served, &what).await;
    }
    let age = |case: &entity::case::Model, person: Option<&entity::person::Model>| {
        let _ = case;
        format!("{:?}", person.unwrap().sex)
    };
    let children = rows.children(asked, &age);
    check(ground, ("CHILDREN_IN_COVERED_FAMILIES", "SEX"), period, &rest, children, &what).await;
    let stock = ground.total("FAMILIES_ON_REGISTER", period, &rest).await;
    assert_eq!(stock, rows.on_register(asked), "{what}");
}

/// Compares the groups that have something; those of zeros may be told or not.
async fn check(
    ground: &Ground<'_>,
    (metric, by): (&str, &str),
    period: (NaiveDate, NaiveDate),
    rest: &str,
    expected: BTreeMap<String, i64>,
    what: &str,
) {
    let grouped = if by.is_empty() { String::new() } else { format!(", groupBy: [{by}]") };
    let answer = ground.ask(metric, period, &format!("{grouped}{rest}")).await;
    let mut found: BTreeMap<String, i64> = BTreeMap::new();
    if by.is_empty() {
        found.insert(String::new(), answer.data("/metric/total/value").as_i64().unwrap());
    }
    for row in answer.list("/metric/rows") {
        found.insert(super::ground::names(row), row["value"].as_i64().unwrap());
    }
    let nonzero = |all: BTreeMap<String, i64>| -> BTreeMap<String, i64> {
        all.into_iter().filter(|(_, number)| *number != 0).collect()
    };
    assert_eq!(nonzero(found), nonzero(expected), "{metric} by {by}: {what}");
}

#[test]
fn years_are_completed_on_birthdays() {
    assert_eq!(years(day(2004, 2, 29), day(2022, 2, 28)), 17);
    assert_eq!(years(day(2004, 2, 29), day(2022, 3, 1)), 18);
}
