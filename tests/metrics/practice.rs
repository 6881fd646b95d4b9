//! The figures of practice come out exactly.

use chrono::TimeDelta;
use entity::episode::ClosureClass;
use entity::register_entry::RegisterGrounds;
use serde_json::json;

use super::ground::{Ground, Span, Told, day, names, noon};
use crate::harness::run;
use chrono::NaiveDate;

/// Nine months of 2020.
pub const NINE_MONTHS: (NaiveDate, NaiveDate) = (day(2020, 1, 1), day(2020, 9, 30));

/// 51 families with 123 children: 11 overcame, 35 continue, 3 moved away, 2 lost parental rights.
pub fn fifty_one(ground: &Ground<'_>, told: &mut Told) {
    for no in 0..51_u32 {
        let opened = day(2019, 11, 4) + TimeDelta::days(i64::from(no) * 3);
        let class = match no {
            0..11 => Some(ClosureClass::Overcame),
            11..14 => Some(ClosureClass::Moved),
            14..16 => Some(ClosureClass::Adverse),
            _ => None,
        };
        let closed_on = day(2020, 6, 1) + TimeDelta::days(i64::from(no));
        let span = match class {
            Some(class) => Span::closed(opened, closed_on, class),
            None if no % 2 == 0 => Span::closed(opened, day(2020, 10, 9), ClosureClass::Overcame),
            None => Span::open(opened),
        };
        let town = usize::from(no % 3 == 0);
        let family = told.family(ground, (town, town), &[span]);
        for _ in 0..if no < 21 { 3 } else { 2 } {
            told.child(family, Some(day(2012, 5, 5)), day(2019, 10, 1), None);
        }
    }
}

#[test]
fn fifty_one_families_and_where_they_all_are() {
    run(async |stage| {
        let ground = Ground::set(stage).await;
        let mut told = Told::default();
        fifty_one(&ground, &mut told);
        ground.put(told).await;
        let mut shares = Vec::new();
        for (metric, value) in [
            ("FAMILIES_COVERED", 51),
            ("FAMILIES_OVERCAME", 11),
            ("FAMILIES_CONTINUING", 35),
            ("FAMILIES_OTHER_EXITS", 5),
            ("CHILDREN_IN_COVERED_FAMILIES", 123),
        ] {
            let answer = ground.ask(metric, NINE_MONTHS, "").await;
            assert_eq!(answer.data("/metric/total/value"), value, "{metric}");
            assert_eq!(answer.data("/metric/provisional"), false);
            assert_eq!(answer.data("/metric/definition/id"), metric);
            shares.push(answer.data("/metric/total/rate").clone());
        }
        assert_eq!(
            shares,
            [json!(null), json!("21.6"), json!("68.6"), json!("9.8"), json!("2.41")]
        );
        let exits = ground.rows("FAMILIES_OTHER_EXITS", NINE_MONTHS, ", groupBy: [CLOSURE_CLASS]");
        assert_eq!(exits.await, [("Adverse outcome".to_owned(), 2), ("Moved away".to_owned(), 3)]);
        let new = ground.total("FAMILIES_NEW", NINE_MONTHS, "").await;
        let carried_in = ground.total("FAMILIES_CARRIED_IN", NINE_MONTHS, "").await;
        assert_eq!((new, carried_in), (31, 20));
        let months = ground.rows("FAMILIES_NEW", NINE_MONTHS, ", groupBy: [MONTH]").await;
        assert_eq!(months.iter().map(|(_, number)| number).sum::<i64>(), 31);
        assert_eq!(months[0].0, "2020-01");
        let towns = ground.rows("FAMILIES_COVERED", NINE_MONTHS, ", groupBy: [MUNICIPALITY]").await;
        assert_eq!(towns, [("First".to_owned(), 34), ("Second".to_owned(), 17)]);
    });
}

#[test]
fn a_report_before_the_end_of_its_period_is_provisional_and_can_be_run_again() {
    run(async |stage| {
        let ground = Ground::set(stage).await;
        let mut told = Told::default();
        fifty_one(&ground, &mut told);
        let late = Span {
            closure_recorded_at: Some(noon(day(2020, 10, 2))),
            ..Span::closed(day(2020, 2, 3), day(2020, 9, 29), ClosureClass::Overcame)
        };
        told.family(&ground, (0, 0), &[late]);
        let later =
            Span { recorded_at: Some(noon(day(2020, 10, 5))), ..Span::open(day(2020, 9, 1)) };
        told.family(&ground, (0, 0), &[later]);
        ground.put(told).await;
        let asked = async |as_of: &str, expected: [i64; 4]| {
            let rest = format!(", asOf: \"{as_of}\"");
            let mut found = Vec::new();
            for metric in [
                "FAMILIES_COVERED",
                "FAMILIES_OVERCAME",
                "FAMILIES_CONTINUING",
                "FAMILIES_OTHER_EXITS",
            ] {
                found.push(ground.total(metric, NINE_MONTHS, &rest).await);
            }
            assert_eq!(found, expected, "{as_of}");
            ground.ask("FAMILIES_COVERED", NINE_MONTHS, &rest).await
        };
        let first = asked("2020-09-26T10:00:00Z", [52, 11, 36, 5]).await;
        assert_eq!(first.data("/metric/provisional"), true);
        assert_eq!(first.data("/metric/asOf"), "2020-09-26T10:00:00Z");
        let second = asked("2020-10-03T10:00:00Z", [52, 12, 35, 5]).await;
        assert_eq!(second.data("/metric/provisional"), false);
        asked("2020-10-06T10:00:00Z", [53, 12, 36, 5]).await;
        let again = asked("2020-09-26T10:00:00Z", [52, 11, 36, 5]).await;
        assert_eq!(again.data("/metric"), first.data("/metric"));
    });
}

#[test]
fn served_and_on_a_register_are_two_things() {
    run(async |stage| {
        let ground = Ground::set(stage).await;
        let mut told = Told::default();
        let since = day(2021, 1, 10);
        let opened = [Span::open(since)];
        let closed = [Span::closed(since, day(2021, 6, 1), ClosureClass::Moved)];
        // 845 families were served in the year, with 1601 children; most of them are closed by its end.
        for no in 0..845 {
            let is_open = no < 200;
            let spans = if is_open { &opened } else { &closed };
            let family = told.family(&ground, (no % 2, no % 2), spans);
            for _ in 0..if no < 756 { 2 } else { 1 } {
                told.child(family, Some(day(2014, 1, 1)), since, None);
            }
            let case = told.cases.last().unwrap().id;
            told.visit(family, case, day(2021, 3, 1));
        }
        // 1554 families are on a register at the end of it, with 2285 children: 200 of the above, others
        // with an open episode that nobody visited, others with an entry alone.
        for no in 200..1554 {
            let spans: &[Span] = if no % 2 == 0 { &opened } else { &[] };
            let family = told.family(&ground, (no % 2, no % 2), spans);
            let twos = 731 - 200;
            for _ in 0..if no - 200 < twos { 2 } else { 1 } {
                told.child(family, Some(day(2014, 1, 1)), since, None);
            }
            if spans.is_empty() {
                let subject = (Some(family), None);
                told.entry(&ground, subject, RegisterGrounds::Poverty, (since, None));
            }
        }
        ground.put(told).await;
        let year = (day(2021, 1, 1), day(2021, 12, 31));
        for (metric, value) in [
            ("FAMILIES_SERVED", 845),
            ("CHILDREN_IN_FAMILIES_SERVED", 1601),
            ("FAMILIES_ON_REGISTER", 1554),
            ("CHILDREN_IN_FAMILIES_ON_REGISTER", 2285),
        ] {
            assert_eq!(ground.total(metric, year, "").await, value, "{metric}");
        }
        let covered = ground.total("FAMILIES_COVERED", year, "").await;
        let served = ground.ask("FAMILIES_SERVED", year, "").await;
        assert_eq!(covered, 845 + 677);
        assert_eq!(served.data("/metric/total/base"), covered);
    });
}

#[test]
fn a_child_on_two_grounds_counts_once() {
    run(async |stage| {
        let ground = Ground::set(stage).await;
        let mut told = Told::default();
        let since = day(2022, 2, 1);
        for no in 0..130 {
            let family = told.family(&ground, (no % 2, no % 2), &[Span::open(since)]);
            let child = told.child(family, Some(day(2013, 1, 1)), since, None);
            let mut enter = |grounds, until| {
                told.entry(&ground, (None, Some(child)), grounds, (since, until));
            };
            match no {
                0..60 => enter(RegisterGrounds::Neglect, None),
                60..85 => enter(RegisterGrounds::Violence, None),
                85..108 => {
                    enter(RegisterGrounds::Neglect, None);
                    enter(RegisterGrounds::Violence, None);
                }
                // On other grounds, or no longer.
                108..120 => enter(RegisterGrounds::Poverty, None),
                _ => enter(RegisterGrounds::Neglect, Some(day(2022, 5, 1))),
            }
        }
        ground.put(told).await;
        let year = (day(2022, 1, 1), day(2022, 12, 31));
        let grounds = ", filter: { groundsIn: [NEGLECT, VIOLENCE] }";
        assert_eq!(ground.total("CHILDREN_ON_REGISTER", year, grounds).await, 108);
        assert_eq!(ground.total("CHILDREN_ON_REGISTER", year, "").await, 120);
        let rows = ground.rows("CHILDREN_ON_REGISTER", year, ", groupBy: [GROUNDS]").await;
        let of = |name: &str, number| (name.to_owned(), number);
        assert_eq!(rows, [of("Neglect", 83), of("Poverty", 12), of("Violence", 48)]);
    });
}

#[test]
fn a_family_of_two_branches_counts_once_in_the_region_and_once_in_each() {
    run(async |stage| {
        let ground = Ground::set(stage).await;
        let mut told = Told::default();
        let since = day(2023, 1, 10);
        let moved = Span::closed(since, day(2023, 3, 1), ClosureClass::Moved);
        let family = told.family(&ground, (0, 0), &[moved]);
        told.child(family, Some(day(2015, 1, 1)), since, None);
        let second = told.case(&ground, family, (1, 1), &[Span::open(day(2023, 3, 1))]);
        let first = told.cases[0].id;
        told.visit(family, first, day(2023, 2, 1));
        told.visit(family, second, day(2023, 4, 1));
        let other = told.family(&ground, (1, 1), &[Span::open(since)]);
        let third = told.cases[2].id;
        told.visit(other, third, day(2023, 4, 1));
        ground.put(told).await;
        let year = (day(2023, 1, 1), day(2023, 12, 31));
        let by = ", groupBy: [ORGANISATION]";
        let rows = async |metric| ground.rows(metric, year, by).await;
        let of = |one, two| [("One".to_owned(), one), ("Two".to_owned(), two)];
        assert_eq!(rows("FAMILIES_SERVED").await, of(1, 2));
        assert_eq!(ground.total("FAMILIES_SERVED", year, "").await, 2);
        assert_eq!(rows("FAMILIES_COVERED").await, of(1, 2));
        assert_eq!(ground.total("FAMILIES_COVERED", year, "").await, 2);
        // Where the first branch's work ended, the other's goes on: in the region it continues.
        assert_eq!(rows("FAMILIES_OTHER_EXITS").await, of(1, 0));
        assert_eq!(ground.total("FAMILIES_OTHER_EXITS", year, "").await, 0);
        assert_eq!(ground.total("FAMILIES_CONTINUING", year, "").await, 2);
        assert_eq!(ground.total("CHILDREN_IN_COVERED_FAMILIES", year, "").await, 1);
        let towns =
            ground.ask("FAMILIES_COVERED", year, ", groupBy: [MUNICIPALITY, ORGANISATION]").await;
        let found: Vec<String> = towns.list("/metric/rows").iter().map(names).collect();
        assert_eq!(found, ["First / One", "Second / Two"]);
    });
}
