//! What an analyst can work out: all answers to all questions with all filters are gathered, and by no sum
//! or difference of them can a hidden number be told.

use std::collections::{BTreeMap, BTreeSet};

use entity::membership::Role;
use hearth::rates::{Rate, Rates};
use hearth::terms::SmallNumbers;
use serde_json::{Value, json};

use super::ground::{Ground, Told};
use super::practice::{NINE_MONTHS, fifty_one};
use crate::harness::run_with;

/// What is counted: a metric in a breakdown, under keys; the total of all has none.
type Cell = (String, String);

/// Everything that an analyst gets, by what it is of.
struct Seen {
    /// The numbers shown; none where they are hidden.
    cells: BTreeMap<Cell, Option<i64>>,
}

const DIMENSIONS: [&str; 17] = [
    "REGION",
    "DISTRICT",
    "MUNICIPALITY",
    "CITY_DISTRICT",
    "SETTLEMENT",
    "ORGANISATION",
    "PROGRAMME",
    "CENTRE",
    "SEX",
    "AGE_BAND",
    "GROUNDS",
    "SUPPORT_LEVEL",
    "CLOSURE_CLASS",
    "DESTINATION",
    "MONTH",
    "STAGE",
    "OUTCOME",
];

impl Seen {
    /// Asks every metric in every breakdown by one dimension or two, and with every filter that narrows to
    /// one group.
    async fn gather(ground: &Ground<'_>) -> Self {
        let analyst = ground.stage.worker(&ground.centre, Role::Analyst).await;
        let listed = ground.stage.as_(&analyst).query("{ metricDefinitions { id } }").await;
        let metrics: Vec<String> = listed
            .list("/metricDefinitions")
            .iter()
            .map(|metric| metric["id"].as_str().unwrap().to_owned())
            .collect();
        let mut asked: Vec<String> = vec![String::new()];
        for (no, one) in DIMENSIONS.iter().enumerate() {
            asked.push(format!(", groupBy: [{one}]"));
            for other in &DIMENSIONS[no + 1..] {
                asked.push(format!(", groupBy: [{one}, {other}]"));
            }
        }
        for filter in filters(ground) {
            asked.push(format!(", filter: {{ {filter} }}"));
            asked.push(format!(", groupBy: [MUNICIPALITY], filter: {{ {filter} }}"));
        }
        let mut seen = Self { cells: BTreeMap::new() };
        for metric in &metrics {
            for rest in &asked {
                let answer = ground.ask_as(&analyst, metric, NINE_MONTHS, rest).await;
                let result = &answer.body["data"]["metric"];
                if result.is_null() {
                    assert_eq!(answer.code(), "BAD_USER_INPUT", "{metric}{rest}");
                }
                seen.note(metric, rest, result);
                if result.is_null() && rest.is_empty() {
                    // What was not published at all was not published in parts either.
                    assert!(answer.message().contains("is not in the report"), "{metric}");
                    break;
                }
            }
        }
        seen
    }

    fn note(&mut self, metric: &str, rest: &str, result: &Value) {
        if result.is_null() {
            return;
        }
        let by = if rest.contains("filter") { rest } else { "" };
        self.put(&(metric.to_owned(), by.to_owned()), &result["total"]);
        for row in result["rows"].as_array().unwrap() {
            let keys: Vec<String> = row["keys"]
                .as_array()
                .unwrap()
                .iter()
                .map(|key| format!("{}={}", key["dimension"], key["id"]))
                .collect();
            self.put(&(metric.to_owned(), keys.join(" ")), row);
        }
    }

    fn put(&mut self, cell: &Cell, figure: &Value) {
        assert_eq!(figure["value"].is_null(), figure["suppression"] == "SMALL_NUMBER", "{cell:?}");
        if figure["value"].is_null() {
            assert!(figure["rate"].is_null() && figure["base"].is_null(), "{cell:?}");
        }
        let value = figure["value"].as_i64();
        let before = self.cells.insert(cell.clone(), value);
        assert!(before.is_none_or(|before| before == value), "{cell:?} is told in two ways");
    }

    fn shown(&self, metric: &str, by: &str) -> Option<i64> {
        self.cells[&(metric.to_owned(), by.to_owned())]
    }

    /// The groups of a breakdown that a metric has rows for.
    fn groups(&self, metric: &str) -> BTreeMap<String, Vec<String>> {
        let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (of, by) in self.cells.keys() {
            if of == metric && by.contains('=') && !by.contains(' ') {
                let dimension = by.split('=').next().unwrap();
                found.entry(dimension.to_owned()).or_default().push(by.clone());
            }
        }
        found
    }
}

fn filters(ground: &Ground<'_>) -> Vec<String> {
    let mut filters = Vec::new();
    for area in [&ground.region, &ground.towns[0], &ground.towns[1]] {
        filters.push(format!("areaId: \"area_{}\"", area.id.simple()));
    }
    for organisation in [&ground.centre, &ground.branches[0], &ground.branches[1]] {
        filters.push(format!("organisationId: \"organisation_{}\"", organisation.id.simple()));
    }
    for (name, codes) in [
        ("sexIn", &["FEMALE", "MALE", "UNKNOWN"][..]),
        ("ageBandIn", &["INFANT", "PRESCHOOL", "SCHOOL", "ADOLESCENT", "ADULT", "UNKNOWN"]),
        ("groundsIn", &["NEGLECT", "VIOLENCE", "POVERTY", "OTHER"]),
        ("supportLevelIn", &["ADAPTATION", "BASIC", "CRISIS", "EMERGENCY"]),
    ] {
        filters.extend(codes.iter().map(|code| format!("{name}: [{code}]")));
    }
    filters
}

/// What must hold of the numbers whatever they are: a whole and its parts.
fn equations(seen: &Seen) -> Vec<(Cell, Vec<Cell>)> {
    let cell = |metric: &str, by: &str| (metric.to_owned(), by.to_owned());
    let mut found: Vec<(Cell, Vec<Cell>)> = Vec::new();
    let metrics: BTreeSet<String> = seen.cells.keys().map(|(metric, _)| metric.clone()).collect();
    for metric in &metrics {
        for parts in seen.groups(metric).into_values() {
            found.push((cell(metric, ""), parts.iter().map(|by| cell(metric, by)).collect()));
        }
    }
    let mut all: BTreeSet<String> = seen.cells.keys().map(|(_, by)| by.clone()).collect();
    all.insert(String::new());
    for by in all {
        let of = |metrics: &[&str]| metrics.iter().map(|metric| cell(metric, &by)).collect();
        let covered = cell("FAMILIES_COVERED", &by);
        found.push((
            covered.clone(),
            of(&["FAMILIES_OVERCAME", "FAMILIES_CONTINUING", "FAMILIES_OTHER_EXITS"]),
        ));
        found.push((covered, of(&["FAMILIES_NEW", "FAMILIES_CARRIED_IN"])));
    }
    // A group that has no row counts nobody: it adds nothing.
    found
        .into_iter()
        .map(|(whole, parts)| {
            let parts = parts.into_iter().filter(|part| seen.cells.contains_key(part)).collect();
            (whole, parts)
        })
        .filter(|(whole, parts): &(Cell, Vec<Cell>)| {
            seen.cells.contains_key(whole) && !parts.is_empty()
        })
        .collect()
}

/// Of each hidden number the least and the greatest that it can be, by going around the equations until
/// nothing narrows any more, from 1 (zero is shown) to the greatest shown.
fn ranges(seen: &Seen, equations: &[(Cell, Vec<Cell>)]) -> BTreeMap<Cell, (i64, i64)> {
    let most = seen.cells.values().flatten().copied().max().unwrap_or(0);
    let mut ranges: BTreeMap<Cell, (i64, i64)> = seen
        .cells
        .iter()
        .map(|(cell, value)| (cell.clone(), value.map_or((1, most), |value| (value, value))))
        .collect();
    for _ in 0..200 {
        let before = ranges.clone();
        for (whole, parts) in equations {
            let sum = |pick: fn(&(i64, i64)) -> i64,
                       but: Option<&Cell>,
                       ranges: &BTreeMap<Cell, (i64, i64)>| {
                parts
                    .iter()
                    .filter(|part| Some(*part) != but)
                    .map(|part| pick(&ranges[part]))
                    .sum::<i64>()
            };
            let (least, greatest) = (sum(|it| it.0, None, &ranges), sum(|it| it.1, None, &ranges));
            narrow(&mut ranges, whole, (least, greatest));
            let of_whole = ranges[whole];
            for part in parts {
                let others =
                    (sum(|it| it.0, Some(part), &ranges), sum(|it| it.1, Some(part), &ranges));
                narrow(&mut ranges, part, (of_whole.0 - others.1, of_whole.1 - others.0));
            }
        }
        if ranges == before {
            break;
        }
    }
    ranges
}

fn narrow(ranges: &mut BTreeMap<Cell, (i64, i64)>, cell: &Cell, (least, greatest): (i64, i64)) {
    let range = ranges.get_mut(cell).unwrap();
    *range = (range.0.max(least), range.1.min(greatest));
    assert!(range.0 <= range.1, "{cell:?}: the numbers that are shown contradict each other");
}

/// Linear combinations: the hidden numbers as unknowns of all equations, eliminated by whole numbers; an
/// unknown that is alone in a row is known.
fn worked_out(seen: &Seen, equations: &[(Cell, Vec<Cell>)]) -> Vec<Cell> {
    let hidden: Vec<&Cell> =
        seen.cells.iter().filter(|(_, value)| value.is_none()).map(|(cell, _)| cell).collect();
    let place = |cell: &Cell| hidden.iter().position(|found| *found == cell);
    let mut rows: Vec<Vec<i128>> = Vec::new();
    for (whole, parts) in equations {
        let mut row = vec![0_i128; hidden.len()];
        if let Some(no) = place(whole) {
            row[no] -= 1;
        }
        for part in parts {
            if let Some(no) = place(part) {
                row[no] += 1;
            }
        }
        rows.push(row);
    }
    let mut top = 0;
    for column in 0..hidden.len() {
        let Some(found) = (top..rows.len()).find(|row| rows[*row][column] != 0) else { continue };
        rows.swap(top, found);
        for row in 0..rows.len() {
            if row != top && rows[row][column] != 0 {
                let (by, at) = (rows[top][column], rows[row][column]);
                let pivot = rows[top].clone();
                for (number, of_pivot) in rows[row].iter_mut().zip(pivot) {
                    *number = *number * by - of_pivot * at;
                }
                let divisor = rows[row].iter().fold(0, |one, other| gcd(one, other.abs()));
                if divisor > 1 {
                    rows[row].iter_mut().for_each(|number| *number /= divisor);
                }
            }
        }
        top += 1;
    }
    let alone = rows.iter().filter(|row| row.iter().filter(|number| **number != 0).count() == 1);
    alone.map(|row| hidden[row.iter().position(|number| *number != 0).unwrap()].clone()).collect()
}

fn gcd(one: i128, other: i128) -> i128 {
    if other == 0 { one } else { gcd(other, one % other) }
}

fn attacked(hiding: &str, audiences: &[&str], expected_hidden: usize) {
    let small: SmallNumbers = hiding.parse().unwrap();
    run_with(
        |setup| {
            setup.settings.terms.small_numbers = small;
            let boundless = Rate { burst: 1_000_000_000, refill: 1_000_000 };
            setup.settings.rates = Rates { viewer: boundless, client: boundless };
        },
        async |stage| {
            let ground = Ground::set(stage).await;
            let mut told = Told::default();
            fifty_one(&ground, &mut told);
            ground.put(told).await;
            for audience in audiences {
                let (since, through) = NINE_MONTHS;
                let input = json!({
                    "period": { "since": since, "through": through }, "audience": audience,
                });
                let done = stage.as_(&ground.supervisor);
                let answer = done.mutate("snapshotPublish", input, "snapshot { id }").await;
                assert!(answer.done("/snapshot/id").is_string());
            }
            let seen = Seen::gather(&ground).await;
            assert_eq!(seen.shown("FAMILIES_COVERED", ""), Some(51));
            let hidden = seen.cells.values().filter(|value| value.is_none()).count();
            assert!(hidden >= expected_hidden, "{hidden} hidden of {}", seen.cells.len());
            assert!(seen.cells.len() > 60, "{}", seen.cells.len());
            let equations = equations(&seen);
            assert!(equations.len() > 10);
            assert_eq!(worked_out(&seen, &equations), []);
            for (cell, (least, greatest)) in ranges(&seen, &equations) {
                let is_hidden = seen.cells[&cell].is_none();
                assert!(!is_hidden || least < greatest, "{cell:?} can only be {least}");
            }
        },
    );
}

#[test]
fn no_hidden_number_follows_from_all_that_analysts_get() {
    attacked("ANALYST=5,PUBLIC=9", &["ANALYST"], 4);
}

#[test]
fn nor_with_the_usual_threshold_and_the_public_report_beside() {
    attacked("ANALYST=4,PUBLIC=9", &["ANALYST", "PUBLIC", "INTERNAL"], 4);
}
