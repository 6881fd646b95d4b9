//! The rows behind a figure: as many as it counts, for those who may see them.

use chrono::NaiveDate;
use entity::access_grant::{AccessLevel, GrantBasis};
use entity::membership::Role;
use entity::register_entry::RegisterGrounds;
use serde_json::Value;

use super::ground::{Ground, Told, day};
use super::practice::{NINE_MONTHS, fifty_one};
use crate::harness::world::Person;
use crate::harness::{Answer, run};

/// The longest period there is.
const TEN_YEARS: (NaiveDate, NaiveDate) = (day(2015, 1, 1), day(2024, 12, 31));

impl Ground<'_> {
    /// Asks for the rows behind a metric.
    async fn behind(
        &self,
        by: &Person,
        (metric, rest): (&str, &str),
        (since, through): (NaiveDate, NaiveDate),
        field: &str,
    ) -> Answer {
        let query = format!(
            "{{ metric(id: {metric}, period: {{ since: \"{since}\", through: \"{through}\" }}{rest}) \
             {{ total {{ value }} rows {{ keys {{ id name }} value }} {field} \
             {{ totalCount nodes {{ id }} pageInfo {{ hasNextPage endCursor }} }} }} }}"
        );
        self.stage.as_(by).query(&query).await
    }
}

/// The branches' grants to lead the families that were told.
async fn lead(ground: &Ground<'_>, told: &Told) {
    for (family, case) in told.families.iter().zip(&told.cases) {
        let branch = usize::from(ground.branches[0].id != case.lead_organisation_id);
        let to = &ground.branches[branch];
        ground.stage.grant(to, family.id, AccessLevel::Full, GrantBasis::Lead, case.id).await;
    }
}

#[test]
fn each_figure_leads_to_its_rows() {
    run(async |stage| {
        let ground = Ground::set(stage).await;
        let mut told = Told::default();
        fifty_one(&ground, &mut told);
        for family in told.families.iter().map(|family| family.id).take(7).collect::<Vec<_>>() {
            let lasting = (day(2020, 2, 1), None);
            told.entry(&ground, (Some(family), None), RegisterGrounds::Neglect, lasting);
        }
        ground.put(told.clone()).await;
        lead(&ground, &told).await;
        let by = &ground.supervisor;
        for metric in
            ["FAMILIES_COVERED", "FAMILIES_OVERCAME", "FAMILIES_CONTINUING", "FAMILIES_OTHER_EXITS"]
        {
            let answer = ground.behind(by, (metric, ""), NINE_MONTHS, "families(first: 100)").await;
            let value = answer.data("/metric/total/value");
            assert_eq!(answer.data("/metric/families/totalCount"), value, "{metric}");
            let many = answer.list("/metric/families/nodes").len();
            assert_eq!(many as i64, value.as_i64().unwrap());
        }
        let grouped = ("FAMILIES_OVERCAME", ", groupBy: [MUNICIPALITY]");
        let answer = ground.behind(by, grouped, NINE_MONTHS, "families").await;
        let rows = answer.list("/metric/rows").to_vec();
        assert_eq!(rows.len(), 2);
        for row in rows {
            let key = row["keys"][0]["id"].as_str().unwrap();
            let field = format!("families(keys: [\"{key}\"])");
            let answer = ground.behind(by, grouped, NINE_MONTHS, &field).await;
            assert_eq!(answer.data("/metric/families/totalCount"), &row["value"]);
        }
        let on = ("FAMILIES_COVERED", ", groupBy: [GROUNDS]");
        let none = "families(keys: [\"NONE\"])";
        let answer = ground.behind(by, on, NINE_MONTHS, none).await;
        assert_eq!(answer.data("/metric/families/totalCount"), 44);
        let neglect = "families(keys: [\"NEGLECT\"])";
        let answer = ground.behind(by, on, NINE_MONTHS, neglect).await;
        assert_eq!(answer.data("/metric/families/totalCount"), 7);
        let kids = ("CHILDREN_IN_COVERED_FAMILIES", "");
        let answer = ground.behind(by, kids, NINE_MONTHS, "children(first: 100)").await;
        assert_eq!(answer.data("/metric/children/totalCount"), 123);
        assert_eq!(answer.data("/metric/children/pageInfo/hasNextPage"), true);
        // Who sees families in summary does not learn who is on which grounds.
        let elsewhere = stage.organisation("Elsewhere", None).await;
        let coordinator = stage.coordinator(&elsewhere, &ground.region).await;
        let answer = ground.behind(&coordinator, on, NINE_MONTHS, neglect).await;
        assert_eq!(answer.data("/metric/families/totalCount"), 0);
        let plain = ("FAMILIES_COVERED", "");
        let answer = ground.behind(&coordinator, plain, NINE_MONTHS, "families").await;
        assert_eq!(answer.data("/metric/families/totalCount"), 51);
    });
}

#[test]
fn what_has_no_such_rows_says_what_it_has() {
    run(async |stage| {
        let ground = Ground::set(stage).await;
        let by = &ground.supervisor;
        for (metric, field, says) in [
            ("FAMILIES_COVERED", "children", "ask for `families`"),
            ("CHILDREN_IN_COVERED_FAMILIES", "families", "ask for `children`"),
            ("FAMILIES_COVERED", "families(keys: [\"NONE\"])", "one key for each dimension"),
        ] {
            let answer = ground.behind(by, (metric, ""), NINE_MONTHS, field).await;
            let errors = answer.body["errors"].as_array().cloned().unwrap_or_default();
            let told = errors
                .iter()
                .any(|error: &Value| error["message"].as_str().unwrap().contains(says));
            assert!(told, "{metric}: {errors:?}");
        }
        // Each metric that can be asked, of ten years, gives rows or says that it has none.
        let listed = stage.as_(by).query("{ metricDefinitions { id } }").await;
        for metric in listed.list("/metricDefinitions") {
            let id = metric["id"].as_str().unwrap();
            for field in ["families", "children"] {
                let answer = ground.behind(by, (id, ""), TEN_YEARS, field).await;
                let errors = answer.body["errors"].as_array().cloned().unwrap_or_default();
                assert!(
                    errors.iter().all(|error| error["extensions"]["code"] == "BAD_USER_INPUT"),
                    "{id}: {errors:?}"
                );
            }
        }
        let analyst = stage.worker(&ground.centre, Role::Analyst).await;
        let input = serde_json::json!({
            "period": { "since": NINE_MONTHS.0, "through": NINE_MONTHS.1 }, "audience": "ANALYST",
        });
        stage.as_(by).mutate("snapshotPublish", input, "snapshot { id }").await;
        let answer =
            ground.behind(&analyst, ("FAMILIES_COVERED", ""), NINE_MONTHS, "families").await;
        assert_eq!(answer.body["data"]["metric"]["families"], Value::Null);
        assert!(answer.text.contains("has no rows behind it"));
    });
}
