//! Stays in centres: who was served, where they went, and how full the centres were.

use chrono::{NaiveDate, TimeDelta};
use entity::placement::Destination;
use serde_json::json;
use uuid::Uuid;

use super::ground::{Ground, Told, day};
use crate::harness::run;

const TWO_YEARS: (NaiveDate, NaiveDate) = (day(2021, 1, 1), day(2022, 12, 31));

/// A family with children, who were all born on one day.
fn children(ground: &Ground<'_>, told: &mut Told, many: usize, born: NaiveDate) -> Vec<Uuid> {
    let family = told.family(ground, (0, 0), &[]);
    (0..many).map(|_| told.child(family, Some(born), day(2019, 1, 1), None)).collect()
}

#[test]
fn more_than_four_hundred_were_served_and_most_children_went_home() {
    run(async |stage| {
        let ground = Ground::set(stage).await;
        let place = stage.centre(&ground.branches[0], &ground.towns[0], 500).await;
        let mut told = Told::default();
        let kids = children(&ground, &mut told, 300, day(2012, 1, 1));
        let parents = children(&ground, &mut told, 101, day(1990, 1, 1));
        for (no, person) in kids.iter().chain(&parents).enumerate() {
            let admitted = day(2021, 1, 10) + TimeDelta::days(no as i64);
            let destination = match no {
                0..170 => Destination::BirthFamily,
                170..200 => Destination::Kin,
                200..220 => Destination::Foster,
                220..224 => Destination::Died,
                300.. => Destination::Independent,
                _ => Destination::OtherCentre,
            };
            let ended = (admitted + TimeDelta::days(60), destination);
            told.stay(*person, place, admitted, (!(280..300).contains(&no)).then_some(ended));
        }
        // Somebody who came before, and had left.
        let before = children(&ground, &mut told, 1, day(2012, 1, 1));
        let ended = Some((day(2020, 12, 31), Destination::BirthFamily));
        told.stay(before[0], place, day(2020, 1, 1), ended);
        ground.put(told).await;
        assert_eq!(ground.total("PERSONS_SERVED", TWO_YEARS, "").await, 401);
        let ages = ground.rows("PERSONS_SERVED", TWO_YEARS, ", groupBy: [AGE_BAND]").await;
        assert_eq!(ages, [("18 and older".to_owned(), 101), ("7 to 13 years".to_owned(), 300)]);
        let returned = ground.ask("RETURNED_TO_BIRTH_FAMILY_RATE", TWO_YEARS, "").await;
        // 280 children left, of whom four had died: neither they nor the parents are in the rate.
        let total = returned.data("/metric/total");
        assert_eq!((&total["value"], &total["base"]), (&json!(170), &json!(276)));
        assert_eq!(total["rate"], "61.6");
        let family = ground.ask("FAMILY_BASED_EXIT_RATE", TWO_YEARS, "").await;
        assert_eq!(family.data("/metric/total/value"), 200);
        let by = ground.rows("DISCHARGES", TWO_YEARS, ", groupBy: [DESTINATION]").await;
        let of = |name: &str| by.iter().find(|(found, _)| found == name).unwrap().1;
        assert_eq!((of("Birth family"), of("Died"), of("Independent life")), (170, 4, 101));
        assert_eq!(ground.total("ADMISSIONS", TWO_YEARS, "").await, 401);
    });
}

#[test]
fn a_move_within_a_day_is_neither_a_discharge_nor_an_admission() {
    run(async |stage| {
        let ground = Ground::set(stage).await;
        let one = stage.centre(&ground.branches[0], &ground.towns[0], 10).await;
        let two = stage.centre(&ground.branches[1], &ground.towns[1], 20).await;
        let mut told = Told::default();
        let kids = children(&ground, &mut told, 3, day(2012, 1, 1));
        let moved = |day| Some((day, Destination::OtherCentre));
        // A chain of two, with a gap of a day; one with a gap of two; one who is still there.
        told.stay(kids[0], one, day(2025, 2, 1), moved(day(2025, 3, 1)));
        let home = Some((day(2025, 4, 11), Destination::BirthFamily));
        told.stay(kids[0], two, day(2025, 3, 2), home);
        told.stay(kids[1], one, day(2025, 2, 1), moved(day(2025, 3, 1)));
        told.stay(kids[1], two, day(2025, 3, 3), None);
        told.stay(kids[2], one, day(2024, 12, 30), None);
        ground.put(told).await;
        let quarter = (day(2025, 2, 1), day(2025, 4, 30));
        let centres =
            async |metric: &str| ground.rows(metric, quarter, ", groupBy: [ORGANISATION]").await;
        let of = |one, two| vec![("One".to_owned(), one), ("Two".to_owned(), two)];
        assert_eq!(centres("ADMISSIONS").await, of(2, 1));
        assert_eq!(centres("DISCHARGES").await, of(1, 1));
        assert_eq!(centres("MOVES").await, [("Two".to_owned(), 1)]);
        let stay = ground.ask("AVERAGE_LENGTH_OF_STAY", quarter, "").await;
        assert_eq!(stay.data("/metric/total/value"), 2);
        // Nights: 28 and 28 in February; 1 of March to 10 April; all 89 nights.
        assert_eq!(centres("BED_DAYS").await, of(28 + 28 + 89, 40 + 59));
        let filled = ground.ask("OCCUPANCY_RATE", quarter, ", groupBy: [ORGANISATION]").await;
        let rows = filled.list("/metric/rows");
        assert_eq!((&rows[0]["value"], &rows[0]["base"]), (&json!(145), &json!(890)));
        assert_eq!((&rows[1]["value"], &rows[1]["base"]), (&json!(99), &json!(1780)));
        let now = ground.ask("OCCUPANCY_ON", quarter, "").await;
        let total = now.data("/metric/total");
        assert_eq!((&total["value"], &total["base"]), (&json!(2), &json!(30)));
        // What was not known yet doesn't count: before the discharge, the child is still there.
        let early = ", asOf: \"2025-04-01T00:00:00Z\"";
        assert_eq!(ground.total("DISCHARGES", quarter, early).await, 1);
        assert_eq!(ground.total("OCCUPANCY_ON", quarter, early).await, 3);
        // Returned in April, and not back within half a year.
        let later = (day(2025, 10, 1), day(2025, 10, 31));
        let stable = ground.ask("RETURN_STABILITY", later, "").await;
        let total = stable.data("/metric/total");
        assert_eq!((&total["value"], &total["base"]), (&json!(1), &json!(1)));
    });
}
