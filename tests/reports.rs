//! The page of reports and its files: the same figures as through GraphQL, in JSON, CSV and a workbook;
//! who gets them, and what is said to those who ask in a wrong way.

#![expect(
    clippy::too_many_lines,
    clippy::cast_precision_loss,
    reason = "stories of small numbers, told at once"
)]

use std::io::Cursor;

use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use calamine::{Data, Reader, Xlsx};
use chrono::NaiveDate;
use entity::membership::Role;
use hearth::rates::Rate;
use hearth::server;
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::harness::world::{Person, id};
use crate::harness::{Stage, run, run_with};
use crate::metrics::ground::{Ground, Told, day};
use crate::metrics::practice::{NINE_MONTHS, fifty_one};

/// What was sent for a report.
struct Sent {
    status: StatusCode,
    headers: HeaderMap,
    bytes: Vec<u8>,
}

impl Sent {
    #[track_caller]
    fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap()
    }

    /// The report, which must have been sent.
    #[track_caller]
    fn report(&self) -> Value {
        assert_eq!(self.status, 200, "{}", String::from_utf8_lossy(&self.bytes));
        self.json()
    }

    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The status, the code and the message of a refusal.
    #[track_caller]
    fn refusal(&self) -> (u16, String, String) {
        let body = self.json();
        let text = |pointer: &str| body.pointer(pointer).unwrap().as_str().unwrap().to_owned();
        (self.status.as_u16(), text("/errors/0/extensions/code"), text("/errors/0/message"))
    }

    /// The records of a CSV, without the mark at its beginning.
    fn records(&self) -> Vec<Vec<String>> {
        let text = std::str::from_utf8(&self.bytes).unwrap().strip_prefix('\u{feff}').unwrap();
        let mut reader = csv::ReaderBuilder::new();
        let mut reader = reader.has_headers(false).flexible(true).from_reader(text.as_bytes());
        let record = |record: csv::StringRecord| record.iter().map(str::to_owned).collect();
        reader.records().map(|row| record(row.unwrap())).collect()
    }

    fn workbook(&self) -> Xlsx<Cursor<Vec<u8>>> {
        Xlsx::new(Cursor::new(self.bytes.clone())).unwrap()
    }
}

/// Asks for a file, by somebody and in a language.
async fn ask(stage: &Stage, by: Option<&Person>, language: &str, path: &str) -> Sent {
    let mut request = Request::get(path).header(header::ACCEPT_LANGUAGE, language);
    if let Some(by) = by {
        request = request.header(header::AUTHORIZATION, format!("Bearer {}", by.token()));
    }
    let router = server::router_with_reports(stage.app.clone(), Vec::new);
    let response = router.oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    let (head, body) = response.into_parts();
    let bytes = body.collect().await.unwrap().to_bytes().to_vec();
    Sent { status: head.status, headers: head.headers, bytes }
}

fn path(form: &str, (since, through): (NaiveDate, NaiveDate), rest: &str) -> String {
    format!("/reports/report.{form}?since={since}&through={through}{rest}")
}

/// A table of a report.
#[track_caller]
fn table<'a>(report: &'a Value, id: &str) -> &'a Value {
    let tables = report["tables"].as_array().unwrap();
    tables.iter().find(|table| table["id"] == id).unwrap()
}

/// The cell of a metric in the summary.
#[track_caller]
fn summary<'a>(report: &'a Value, metric: &str) -> &'a Value {
    let table = table(report, "summary");
    let columns = table["columns"].as_array().unwrap();
    let no = columns.iter().position(|column| column["metric"] == metric).unwrap();
    &table["total"][no]
}

const FIVE: [(&str, &str, i64); 5] = [
    ("FAMILIES_COVERED", "Families covered", 51),
    ("FAMILIES_OVERCAME", "Families that overcame", 11),
    ("FAMILIES_CONTINUING", "Families continuing", 35),
    ("FAMILIES_OTHER_EXITS", "Families, other exits", 5),
    ("CHILDREN_IN_COVERED_FAMILIES", "Children in covered families", 123),
];

async fn of_practice(stage: &Stage) -> Ground<'_> {
    let ground = Ground::set(stage).await;
    let mut told = Told::default();
    fifty_one(&ground, &mut told);
    ground.put(told).await;
    ground
}

#[test]
fn the_figures_of_practice_are_the_same_as_json_csv_workbook_and_through_graphql() {
    run(async |stage| {
        let ground = of_practice(stage).await;
        let by = Some(&ground.supervisor);
        let report = ask(stage, by, "en", &path("json", NINE_MONTHS, "")).await.report();
        assert_eq!(report["provisional"], false);
        let records = ask(stage, by, "en", &path("csv", NINE_MONTHS, "")).await.records();
        let mut workbook = ask(stage, by, "en", &path("xlsx", NINE_MONTHS, "")).await.workbook();
        let sheet = workbook.worksheet_range("Families and children").unwrap();
        for (metric, name, value) in FIVE {
            assert_eq!(summary(&report, metric)["value"], value, "{metric}");
            let asked = ground.ask(metric, NINE_MONTHS, "").await;
            assert_eq!(asked.data("/metric/total/value"), value, "{metric}");
            let record = records.iter().find(|record| record[0] == name).unwrap();
            assert_eq!(record[1], value.to_string(), "{metric}");
            let row = sheet.rows().find(|row| row[0] == name).unwrap();
            assert_eq!(row[1], Data::Float(value as f64), "{metric}");
            let rate = asked.data("/metric/total/rate").as_str().unwrap_or_default().to_owned();
            let is_mean = metric.starts_with("CHILDREN");
            assert_eq!(record[if is_mean { 3 } else { 2 }], rate, "{metric}");
            let cell = summary(&report, metric);
            let told = if is_mean { &cell["forEach"] } else { &cell["percent"] };
            assert_eq!(told.as_f64(), rate.parse().ok(), "{metric}");
            let rate: Option<f64> = rate.parse().ok();
            let written = if is_mean { &row[3] } else { &row[2] };
            let expected = rate.map_or(Data::Empty, |rate| {
                Data::Float(if is_mean { rate } else { (rate * 10.0).round() / 1000.0 })
            });
            assert_eq!(*written, expected, "{metric}");
        }
        let towns = table(&report, "municipalities")["rows"].as_array().unwrap();
        let told: Vec<(&Value, &Value)> =
            towns.iter().map(|row| (&row["keys"][0]["name"], &row["cells"][0]["value"])).collect();
        assert_eq!(told, [(&json!("First"), &json!(34)), (&json!("Second"), &json!(17))]);
        let months = table(&report, "flow")["rows"].as_array().unwrap();
        assert_eq!(months.len(), 9, "months without anything are told too");
        let checked = report["identities"][0].as_str().unwrap();
        assert_eq!(
            checked,
            "Families covered (51) = Families that overcame (11) + Families continuing (35) + \
             Families, other exits (5)"
        );
        let definition = &report["definitions"][0];
        assert_eq!(definition["version"], 1);
        assert!(definition["text"].as_str().unwrap().starts_with("Distinct families with"));
    });
}

#[test]
fn each_table_has_the_same_cells_in_csv_and_in_the_workbook() {
    run(async |stage| {
        let ground = of_practice(stage).await;
        let by = Some(&ground.supervisor);
        let report = ask(stage, by, "uk", &path("json", NINE_MONTHS, "")).await.report();
        let as_of = format!("&asOf={}", report["asOf"].as_str().unwrap());
        let csv = ask(stage, by, "uk", &path("csv", NINE_MONTHS, &as_of)).await;
        assert_eq!(
            csv.header("content-disposition"),
            "attachment; filename=\"report_2020-01-01_2020-09-30.csv\""
        );
        let records = csv.records();
        let xlsx = ask(stage, by, "uk", &path("xlsx", NINE_MONTHS, &as_of)).await;
        assert!(xlsx.header("content-disposition").contains("report_2020-01-01_2020-09-30.xlsx"));
        let mut workbook = xlsx.workbook();
        let names = workbook.sheet_names().clone();
        let titles: Vec<&str> = report["tables"]
            .as_array()
            .unwrap()
            .iter()
            .map(|table| table["title"].as_str().unwrap())
            .collect();
        assert_eq!(names[1..], titles);
        assert_eq!(names[0], "Про звіт");
        for title in titles {
            let begin = records.iter().position(|record| record == &[title]).unwrap() + 1;
            let sheet = workbook.worksheet_range(title).unwrap();
            for (row, record) in sheet.rows().zip(&records[begin..]) {
                for (cell, text) in row.iter().zip(record) {
                    let same = match cell {
                        Data::Float(number) => {
                            let told: f64 = text.parse().unwrap();
                            // Shares stand as percent in the one, as fractions in the other.
                            (told - number).abs() < 1e-9 || (told - number * 100.0).abs() < 1e-9
                        }
                        Data::String(written) => written == text,
                        Data::Empty => text.is_empty(),
                        _ => false,
                    };
                    assert!(same, "{title}: {cell:?} and {text}");
                }
            }
        }
    });
}

#[test]
fn what_begins_as_a_formula_is_none_in_either_file() {
    run(async |stage| {
        let mut ground = Ground::set(stage).await;
        let formula = "=cmd|' /C calc'!A0";
        ground.towns[1] = stage.area(formula, Some(&ground.region)).await;
        let mut told = Told::default();
        fifty_one(&ground, &mut told);
        ground.put(told).await;
        let by = Some(&ground.supervisor);
        let csv = ask(stage, by, "en", &path("csv", NINE_MONTHS, "")).await;
        assert!(csv.bytes.starts_with("\u{feff}".as_bytes()));
        let cells = csv.records().concat();
        assert!(cells.contains(&format!("'{formula}")));
        assert!(!cells.iter().any(|cell| cell.starts_with(['=', '+', '-', '@'])), "{cells:?}");
        let area = format!("&area={}", id("area", ground.towns[1].id));
        let csv = ask(stage, by, "en", &path("csv", NINE_MONTHS, &area)).await;
        assert!(csv.records().contains(&vec!["Area".to_owned(), format!("'{formula}")]));
        let mut workbook = ask(stage, by, "en", &path("xlsx", NINE_MONTHS, &area)).await.workbook();
        for name in workbook.sheet_names().clone() {
            let formulas = workbook.worksheet_formula(&name).unwrap();
            assert!(formulas.cells().all(|(_, _, text)| text.is_empty()), "{name}");
        }
        let towns = workbook.worksheet_range("By municipality").unwrap();
        assert_eq!(towns.get_value((1, 0)), Some(&Data::String(formula.to_owned())));
    });
}

#[test]
fn who_may_not_read_reports_gets_none() {
    run(async |stage| {
        let ground = of_practice(stage).await;
        for form in ["json", "csv", "xlsx"] {
            let path = path(form, NINE_MONTHS, "");
            let nobody = ask(stage, None, "en", &path).await;
            assert_eq!(nobody.refusal().0, 401);
            assert!(nobody.header("www-authenticate").starts_with("Bearer realm"));
            for role in [Role::Reporter, Role::NgoWorker, Role::Auditor, Role::Admin] {
                let by = stage.worker(&ground.centre, role).await;
                let (status, code, message) = ask(stage, Some(&by), "ru", &path).await.refusal();
                assert_eq!((status, code.as_str()), (403, "FORBIDDEN"), "{role:?}");
                assert!(message.starts_with("Ваша роль"), "{message}");
            }
            let elsewhere = stage.somebody().await;
            let other = ask(stage, Some(&elsewhere), "en", &path).await;
            assert_eq!(other.status, 200);
            assert_eq!(other.header("cache-control"), "private, no-store");
            assert_eq!(other.header("vary"), "accept-language, authorization");
            assert_eq!(other.header("x-request-id").len(), 36);
            if form == "json" {
                assert_eq!(summary(&other.json(), "FAMILIES_COVERED")["value"], 0);
            }
        }
        let branch = stage.worker(&ground.branches[1], Role::Caseworker).await;
        let own = ask(stage, Some(&branch), "en", &path("json", NINE_MONTHS, "")).await.report();
        assert_eq!(summary(&own, "FAMILIES_COVERED")["value"], 17);
        assert_eq!(own["whose"], "Two");
    });
}

#[test]
fn analysts_get_what_was_published_with_what_is_hidden() {
    run(async |stage| {
        let ground = of_practice(stage).await;
        let analyst = stage.worker(&ground.centre, Role::Analyst).await;
        let asked = async |form: &str, rest: &str| {
            ask(stage, Some(&analyst), "en", &path(form, NINE_MONTHS, rest)).await
        };
        let (status, _, message) = asked("json", "").await.refusal();
        assert!(status == 400 && message.contains("none is yet"), "{message}");
        let (since, through) = NINE_MONTHS;
        let input =
            json!({ "period": { "since": since, "through": through }, "audience": "ANALYST" });
        let supervisor = stage.as_(&ground.supervisor);
        let published = "snapshot { id asOf } userErrors { message }";
        let published = supervisor.mutate("snapshotPublish", input, published).await;
        let as_of = published.done("/snapshot/asOf").as_str().unwrap();
        // What was recorded since is not in it.
        let mut told = Told::default();
        fifty_one(&ground, &mut told);
        ground.put(told).await;
        for rest in [String::new(), format!("&asOf={as_of}")] {
            let report = asked("json", &rest).await.report();
            assert_eq!(report["published"]["hiddenTo"], 4);
            assert_eq!(report["whose"], "Centre");
            let four = FIVE.map(|(metric, ..)| summary(&report, metric)["value"].clone());
            assert_eq!(four, [51, 11, 35, 5, 123].map(Value::from));
            let exits = table(&report, "other_exits")["rows"].as_array().unwrap();
            assert_eq!(exits.len(), 2);
            assert!(exits.iter().all(|row| row["cells"] == json!([{ "hidden": true }])));
        }
        let records = asked("csv", "").await.records();
        let adverse = records.iter().find(|record| record[0] == "Adverse outcome").unwrap();
        assert_eq!(adverse[1], "hidden: small number");
        let mut workbook = asked("xlsx", "").await.workbook();
        let exits = workbook.worksheet_range("Other exits by reason").unwrap();
        let hidden = Data::String("hidden: small number".to_owned());
        assert_eq!(exits.get_value((1, 1)), Some(&hidden));
        let area = format!("&area={}", id("area", ground.towns[0].id));
        for (form, rest) in [("json", area.as_str()), ("csv", "&asOf=2021-01-01T00:00:00Z")] {
            assert_eq!(asked(form, rest).await.refusal().0, 400, "{rest}");
        }
        let shorter = path("json", (since, day(2020, 8, 31)), "");
        let (status, _, message) = ask(stage, Some(&analyst), "en", &shorter).await.refusal();
        assert!(status == 400 && message.contains("2020-01-01 to 2020-09-30"), "{message}");
        let choices = ask(stage, Some(&analyst), "en", "/reports/choices.json").await.report();
        assert_eq!(choices["published"], json!([{ "since": since, "through": through }]));
        assert_eq!(choices["areas"], json!([]));
    });
}

#[test]
fn a_report_of_one_area_is_about_that_area() {
    run(async |stage| {
        let ground = of_practice(stage).await;
        let by = Some(&ground.supervisor);
        let choices = ask(stage, by, "en", "/reports/choices.json").await.report();
        let names: Vec<&Value> =
            choices["areas"].as_array().unwrap().iter().map(|area| &area["name"]).collect();
        assert_eq!(names, ["Region", "First", "Second"]);
        assert_eq!(choices["published"], Value::Null);
        let area = format!("&area={}", choices["areas"][2]["id"].as_str().unwrap());
        let report = ask(stage, by, "en", &path("json", NINE_MONTHS, &area)).await.report();
        assert_eq!(report["area"], "Second");
        assert_eq!(summary(&report, "FAMILIES_COVERED")["value"], 17);
        let before = format!("{area}&asOf=2020-09-26T10:00:00Z");
        let report = ask(stage, by, "en", &path("json", NINE_MONTHS, &before)).await.report();
        assert_eq!(report["provisional"], true);
        assert_eq!(report["asOf"], "2020-09-26T10:00:00.000000Z");
    });
}

#[test]
fn words_come_in_the_language_that_is_asked_for() {
    run(async |stage| {
        let ground = of_practice(stage).await;
        for (language, name, title) in [
            ("en", "Families covered", "Families and children"),
            ("ru-RU,ru;q=0.9", "Охвачено семей", "Семьи и дети"),
            ("uk", "Охоплено сімей", "Сім'ї та діти"),
        ] {
            let path = path("json", NINE_MONTHS, "");
            let sent = ask(stage, Some(&ground.supervisor), language, &path).await;
            assert_eq!(sent.header("content-language"), &language[..2]);
            let report = sent.report();
            assert_eq!(table(&report, "summary")["columns"][0]["name"], name);
            assert_eq!(table(&report, "summary")["title"], title);
        }
    });
}

#[test]
fn bad_input_says_what_to_do() {
    run(async |stage| {
        let by = stage.somebody().await;
        let asked = async |query: &str, language: &str| {
            let path = format!("/reports/report.csv?{query}");
            ask(stage, Some(&by), language, &path).await.refusal()
        };
        let days = "since=2020-01-01&through=2020-09-30";
        for (query, says) in [
            (String::new(), "YYYY-MM-DD"),
            ("since=2020-01-01".to_owned(), "YYYY-MM-DD"),
            ("since=2020-13-01&through=2020-12-31".to_owned(), "YYYY-MM-DD"),
            ("since=2020-02-01&through=2020-01-01".to_owned(), "not before the first"),
            ("since=2002-01-01&through=2020-01-01".to_owned(), "ten years"),
            ("since=2222-01-01&through=2222-02-01".to_owned(), "not after today"),
            (format!("{days}&area=area_1"), "no such area"),
            (format!("{days}&area=centre_{:032x}", 1), "no such area"),
            (format!("{days}&area=area_{:032x}", 1), "no such area"),
            (format!("{days}&asOf=yesterday"), "as 2020-09-26T10:00:00Z"),
            (format!("{days}&asOf=2222-01-01T00:00:00Z"), "not in the future"),
            (format!("{days}&region=area_1"), "can be given"),
            (format!("{days}&since=2020-01-01"), "each once"),
        ] {
            let (status, code, message) = asked(&query, "en").await;
            assert_eq!((status, code.as_str()), (400, "BAD_USER_INPUT"), "{query}");
            assert!(message.contains(says), "{query}: {message}");
        }
        assert!(asked("", "uk").await.2.contains("РРРР-ММ-ДД"));
        assert!(asked("", "ru").await.2.contains("ГГГГ-ММ-ДД"));
        let router = server::router_with_reports(stage.app.clone(), Vec::new);
        let request = Request::post("/reports/report.json").body(Body::empty()).unwrap();
        let response = router.oneshot(request).await.unwrap();
        assert_eq!(response.status(), 405);
        assert_eq!(response.headers()["allow"], "GET, HEAD");
    });
}

#[test]
fn reports_are_paid_from_the_same_bucket() {
    let change = |setup: &mut crate::harness::Setup| {
        setup.settings.rates.viewer = Rate { burst: 1_500, refill: 1 };
    };
    run_with(change, async |stage| {
        let by = stage.somebody().await;
        let router = server::router_with_reports(stage.app.clone(), Vec::new);
        let mut found = Vec::new();
        for _ in 0..2 {
            let request = Request::get(path("json", NINE_MONTHS, ""))
                .header(header::AUTHORIZATION, format!("Bearer {}", by.token()));
            let request = request.body(Body::empty()).unwrap();
            found.push(router.clone().oneshot(request).await.unwrap());
        }
        assert_eq!([found[0].status(), found[1].status()], [200, 429]);
        assert!(found[1].headers().contains_key("retry-after"));
    });
}

#[test]
fn the_page_is_held_to_its_own_host() {
    run(async |stage| {
        for (path, kind) in [
            ("/reports", "text/html; charset=utf-8"),
            ("/reports/reports.js", "text/javascript; charset=utf-8"),
            ("/reports/reports.css", "text/css; charset=utf-8"),
        ] {
            let sent = ask(stage, None, "en", path).await;
            assert_eq!((sent.status.as_u16(), sent.header("content-type")), (200, kind), "{path}");
            let policy = sent.header("content-security-policy");
            assert!(policy.starts_with("default-src 'none'; script-src 'self'"), "{policy}");
            assert!(!policy.contains("unsafe") && !policy.contains("http"), "{policy}");
        }
        for path in ["/reports/index.html", "/reports/../Cargo.toml", "/reports/none.js"] {
            assert_eq!(ask(stage, None, "en", path).await.status, 404, "{path}");
        }
    });
}
