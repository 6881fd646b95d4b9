//! What can't be asked, and who may not ask.

use chrono::NaiveDate;
use entity::membership::Role;

use super::ground::{Ground, Span, Told, day};
use crate::harness::run;

const YEAR: (NaiveDate, NaiveDate) = (day(2022, 1, 1), day(2022, 12, 31));

#[test]
fn what_is_asked_wrong_is_refused_with_what_can_be_asked() {
    run(async |stage| {
        let ground = Ground::set(stage).await;
        let backwards = (YEAR.1, YEAR.0);
        let future = (day(2222, 1, 1), day(2222, 2, 1));
        let long = (day(2002, 1, 1), day(2022, 2, 1));
        for (metric, period, rest, says) in [
            ("FAMILIES_COVERED", backwards, "", "must not be after"),
            ("FAMILIES_COVERED", future, "", "begins after today"),
            ("FAMILIES_COVERED", long, "", "at most ten years"),
            ("FAMILIES_COVERED", YEAR, ", asOf: \"2222-01-01T00:00:00Z\"", "in the future"),
            (
                "FAMILIES_COVERED",
                YEAR,
                ", groupBy: [SEX]",
                "is not broken down by SEX, but by REGION",
            ),
            ("FAMILIES_COVERED", YEAR, ", filter: { sexIn: [MALE] }", "is not broken down by SEX"),
            ("FAMILIES_COVERED", YEAR, ", groupBy: [REGION, REGION]", "twice"),
            ("FAMILIES_COVERED", YEAR, ", groupBy: [REGION, DISTRICT, GROUNDS]", "at most two"),
            ("FAMILIES_COVERED", YEAR, ", filter: { groundsIn: [] }", "names nothing"),
            ("FAMILIES_COVERED", YEAR, ", filter: { areaId: \"family_00\" }", "expected a"),
        ] {
            let answer = ground.ask(metric, period, rest).await;
            assert_eq!(answer.code(), "BAD_USER_INPUT", "{rest}");
            assert!(answer.message().contains(says), "{rest}: {}", answer.message());
        }
    });
}

#[test]
fn everybody_counts_their_own_work() {
    run(async |stage| {
        let ground = Ground::set(stage).await;
        let mut told = Told::default();
        for no in 0..5 {
            told.family(
                &ground,
                (usize::from(no > 1), usize::from(no > 2)),
                &[Span::open(day(2022, 3, 1))],
            );
        }
        ground.put(told).await;
        let elsewhere = stage.organisation("Elsewhere", None).await;
        let asked = async |by| {
            let answer = ground.ask_as(&by, "FAMILIES_COVERED", YEAR, "").await;
            answer.data("/metric/total/value").as_i64().unwrap()
        };
        assert_eq!(asked(stage.worker(&ground.branches[0], Role::Caseworker).await).await, 3);
        assert_eq!(asked(stage.worker(&ground.branches[1], Role::Supervisor).await).await, 2);
        assert_eq!(asked(stage.worker(&elsewhere, Role::Supervisor).await).await, 0);
        assert_eq!(asked(stage.coordinator(&elsewhere, &ground.towns[0]).await).await, 2);
        assert_eq!(asked(stage.coordinator(&elsewhere, &ground.region).await).await, 5);
        let in_town = format!(", filter: {{ areaId: \"area_{}\" }}", ground.towns[1].id.simple());
        assert_eq!(ground.total("FAMILIES_COVERED", YEAR, &in_town).await, 3);
        let of_branch = format!(
            ", filter: {{ organisationId: \"organisation_{}\" }}",
            ground.branches[1].id.simple()
        );
        assert_eq!(ground.total("FAMILIES_COVERED", YEAR, &of_branch).await, 2);
    });
}

#[test]
fn who_never_counts_is_told_so() {
    run(async |stage| {
        let ground = Ground::set(stage).await;
        for role in [Role::NgoWorker, Role::Reporter, Role::Auditor, Role::Admin] {
            let by = stage.worker(&ground.branches[0], role).await;
            let answer = ground.ask_as(&by, "FAMILIES_COVERED", YEAR, "").await;
            assert_eq!(answer.code(), "FORBIDDEN", "{role:?}");
            let answer = stage.as_(&by).query("{ metricDefinitions { id } }").await;
            assert_eq!(answer.code(), "FORBIDDEN", "{role:?}");
        }
    });
}

#[test]
fn definitions_come_in_the_language_asked_for() {
    run(async |stage| {
        let ground = Ground::set(stage).await;
        let query = "{ metricDefinitions { id version name text unit rateUnit dimensions } }";
        let english = stage.as_(&ground.supervisor).query(query).await;
        let ukrainian = stage.as_(&ground.supervisor).in_language("uk").query(query).await;
        let pairs =
            english.list("/metricDefinitions").iter().zip(ukrainian.list("/metricDefinitions"));
        for (one, other) in pairs {
            assert_eq!(one["id"], other["id"]);
            for field in ["name", "text"] {
                assert_ne!(one[field], other[field], "{}", one["id"]);
                assert!(!one[field].as_str().unwrap().is_empty());
            }
            assert!(one["version"].as_i64().unwrap() >= 1);
            assert!(!one["dimensions"].as_array().unwrap().is_empty());
        }
    });
}
