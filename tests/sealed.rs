//! Restricted values at rest: nothing of them is in the database, each opens at its own place only, and
//! what doesn't open is an error, not a value.

mod commands;
mod rotation;
mod search;

use entity::membership::Role;
use entity::secret::{Fingerprint, Sealed, Secret};
use hearth::access::vault::store::{COLUMNS, SealedColumn};
use hearth::access::{Class, Classified};
use sea_orm::{ColumnTrait, ConnectionTrait, DbBackend, IdenStatic, Iterable, Statement};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::entities::every_entity;
use crate::harness::world::{Branch, Person, id};
use crate::harness::{Answer, DATA_KEYS, Stage, run};

/// Another key than that of stories.
const NEW_KEY: &str = "new=//79/Pv6+fj39vX08/Lx8O/u7ezr6uno5+bl5OPi4eA";

/// What is hidden in this story.
const CANARY: &str = "Cnry7Hdn";

/// A family, a person with a number, a report and a centre, each with something to hide.
struct Scene<'s> {
    stage: &'s Stage,
    office: Branch,
    area: Branch,
    worker: Person,
    family: Uuid,
    person: Uuid,
    report: Uuid,
}

impl<'s> Scene<'s> {
    /// Records everything by mutations.
    async fn set(stage: &'s Stage) -> Self {
        let area = stage.area("Area", None).await;
        let office = stage.organisation("Office", None).await;
        let worker = stage.worker(&office, Role::Caseworker).await;
        let client = stage.as_(&worker);
        let (family, person, report) = (Uuid::now_v7(), Uuid::now_v7(), Uuid::now_v7());
        let area_id = id("area", area.id);
        let input = json!({ "id": id("family", family), "label": "Reed", "areaId": area_id,
            "address": format!("12 {CANARY} Street"), "isAddressProtected": true });
        client.mutate("familyCreate", input, "family { id }").await.done("");
        let input = json!({ "id": id("person", person), "givenName": "Ada", "familyName": "Reed",
            "sex": "FEMALE",
            "identifiers": [{ "kind": "PASSPORT", "value": format!("P-{CANARY}") }] });
        client.mutate("personCreate", input, "person { id }").await.done("");
        let input = json!({ "personId": id("person", person), "kind": "SCHOOL",
            "value": format!("S {CANARY}") });
        client.mutate("identifierAdd", input, "person { id }").await.done("");
        let input = json!({ "id": id("report", report), "channel": "PHONE", "source": "CITIZEN",
            "areaId": area_id, "narrative": "Noise.",
            "categories": ["NEGLECT"], "isAnonymous": false, "reporterName": format!("Ms {CANARY}"),
            "reporterContact": format!("+000 {CANARY}") });
        client.mutate("concernReportSubmit", input, "concernReport { id }").await.done("");
        let admin = stage
            .as_(&stage.worker(&office, Role::Admin).await)
            .mutate(
                "centreCreate",
                json!({ "organisationId": id("organisation", office.id), "name": "House",
                "kind": "CRISIS", "regime": "RESIDENTIAL", "areaId": area_id,
                "address": format!("{CANARY} Lane"), "isAddressProtected": true }),
                "centre { id }",
            )
            .await;
        admin.done("");
        Self { stage, office, area, worker, family, person, report }
    }

    /// What somebody with the scope reads of all of it.
    async fn read(&self) -> Answer {
        let query = format!(
            "{{ family(id: \"{}\") {{ protectedAddress }} \
               person(id: \"{}\") {{ identifiers {{ kind value }} }} \
               concernReport(id: \"{}\") {{ reporterName reporterContact }} \
               centres {{ nodes {{ protectedAddress }} }} }}",
            id("family", self.family),
            id("person", self.person),
            id("report", self.report)
        );
        let query = query.replace("person(id:", "node(id:").replace(
            "{ identifiers { kind value } }",
            "{ ... on Person { identifiers { kind value } } }",
        );
        self.stage.as_with(&self.worker, &["restricted:read"]).query(&query).await
    }
}

/// Asserts that all of a scene is read as it was written.
#[track_caller]
fn assert_read(answer: &Answer) {
    assert_eq!(answer.body.get("errors"), None, "{}", answer.text);
    assert_eq!(answer.data("/family/protectedAddress"), &json!(format!("12 {CANARY} Street")));
    let mut numbers: Vec<&str> = answer
        .list("/node/identifiers")
        .iter()
        .map(|number| number["value"].as_str().unwrap())
        .collect();
    numbers.sort_unstable();
    assert_eq!(numbers, [format!("P-{CANARY}"), format!("S {CANARY}")]);
    assert_eq!(answer.data("/concernReport/reporterName"), &json!(format!("Ms {CANARY}")));
    assert_eq!(answer.data("/concernReport/reporterContact"), &json!(format!("+000 {CANARY}")));
    assert_eq!(answer.data("/centres/nodes/0/protectedAddress"), &json!(format!("{CANARY} Lane")));
}

async fn texts(stage: &Stage, sql: &str) -> Vec<String> {
    let database = &stage.database.writer;
    let statement = Statement::from_string(database.get_database_backend(), sql);
    let rows = database.query_all_raw(statement).await.unwrap();
    rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
}

/// The stored texts of a column, as they are.
async fn stored(stage: &Stage, SealedColumn { table, name }: SealedColumn) -> Vec<String> {
    texts(stage, &format!("select {name} from {table} where {name} is not null order by id")).await
}

async fn execute(stage: &Stage, sql: &str) {
    stage.database.writer.execute_unprepared(sql).await.unwrap();
}

/// Every text of every table.
async fn everything(stage: &Stage) -> String {
    let is_postgres = stage.database.writer.get_database_backend() == DbBackend::Postgres;
    let tables = if is_postgres {
        "select table_name::text from information_schema.tables where table_schema = 'public'"
    } else {
        "select name from sqlite_master where type = 'table'"
    };
    let mut all = String::new();
    for table in texts(stage, tables).await {
        let rows = if is_postgres {
            format!("select t::text from \"{table}\" t")
        } else {
            let columns = format!("select name from pragma_table_info('{table}')");
            let columns = texts(stage, &columns).await.into_iter().map(|name| {
                format!(
                    "iif(typeof(\"{name}\") = 'blob', hex(\"{name}\"), \
                     coalesce(cast(\"{name}\" as text), ''))"
                )
            });
            let columns: Vec<String> = columns.collect();
            format!("select {} from \"{table}\"", columns.join(" || '|' || "))
        };
        all.extend(texts(stage, &rows).await);
    }
    all
}

#[test]
fn nothing_of_a_secret_is_in_the_database() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        assert_read(&scene.read().await);
        for column in COLUMNS {
            let stored = stored(stage, column).await;
            assert!(!stored.is_empty(), "{column}");
            assert!(stored.iter().all(|value| value.starts_with("v1.test.")), "{column}");
        }
        let all = everything(stage).await;
        assert!(all.contains("Noise.") && all.contains("Reed"), "the search reads the tables");
        let inside = all.to_lowercase();
        assert!(!inside.contains(&CANARY.to_lowercase()), "a secret is in a table");
        if let Some(file) = stage.url.strip_prefix("sqlite://") {
            for ending in ["", "-wal"] {
                let bytes = std::fs::read(format!("{file}{ending}")).unwrap_or_default();
                let holds =
                    |text: &str| bytes.windows(text.len()).any(|part| part == text.as_bytes());
                assert!(!holds(CANARY) && !holds(&CANARY.to_uppercase()), "{ending}");
            }
        }
    });
}

#[test]
#[expect(clippy::too_many_lines, reason = "one story, told at once")]
fn a_value_that_was_moved_or_changed_is_an_error_and_no_value() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let numbers = stored(stage, COLUMNS[4]).await;
        let swap = |from: &str, to: &str| {
            format!("update person_identifier set value = '{to}' || '!' where value = '{from}'")
        };
        let swaps = [
            // Between two rows of a column.
            swap(&numbers[0], &numbers[1]),
            swap(&numbers[1], &numbers[0]),
            "update person_identifier set value = replace(value, '!', '')".to_owned(),
            // Between two columns of a row, and from one table to another.
            "update concern_report set reporter_name = reporter_contact, \
             reporter_contact = reporter_name"
                .to_owned(),
            "update family set protected_address = (select protected_address from centre)"
                .to_owned(),
            // Changed at its end.
            "update centre set protected_address = \
             substr(protected_address, 1, length(protected_address) - 4) || 'AAAA'"
                .to_owned(),
        ];
        for swap in swaps {
            execute(stage, &swap).await;
        }
        let answer = scene.read().await;
        assert!(!answer.text.contains(CANARY), "{}", answer.text);
        let paths = [
            "/family/protectedAddress",
            "/concernReport/reporterName",
            "/concernReport/reporterContact",
            "/centres/nodes/0/protectedAddress",
            "/node/identifiers/0/value",
            "/node/identifiers/1/value",
        ];
        for path in paths {
            let value = answer.body.pointer(&format!("/data{path}"));
            assert_eq!(value, Some(&Value::Null), "{path}");
        }
        let errors = answer.body["errors"].as_array().unwrap();
        assert_eq!(errors.len(), paths.len());
        assert!(errors.iter().all(|error| error["extensions"]["code"] == "INTERNAL_SERVER_ERROR"));
        let told = texts(stage, "select action from audit_event where action = 'READ'").await;
        assert_eq!(told.len(), 0, "what was not shown is not a disclosure");
    });
}

#[test]
#[expect(clippy::too_many_lines, reason = "one story, told at once")]
fn an_address_stays_sealed_as_it_is_until_another_one_is_told() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let client = stage.as_with(&scene.worker, &["restricted:read"]);
        let column = SealedColumn { table: "family", name: "protected_address" };
        let first = stored(stage, column).await;
        let change = async |input: Value, version: i32| {
            let mut input = input;
            input["id"] = json!(id("family", scene.family));
            input["expectedVersion"] = json!(version);
            let answer = client
                .mutate("familyUpdate", input, "family { version address protectedAddress }")
                .await;
            answer.done("/family").clone()
        };
        let same = change(json!({ "label": "Reed A." }), 1).await;
        assert_eq!(same["version"], 2);
        let again = change(json!({ "address": format!("12 {CANARY} Street") }), 2).await;
        assert_eq!(again["version"], 2, "the same address changes nothing");
        assert_eq!(stored(stage, column).await, first);
        let moved = change(json!({ "address": "13 Elsewhere" }), 2).await;
        assert_eq!(
            (&moved["version"], &moved["protectedAddress"]),
            (&json!(3), &json!("13 Elsewhere"))
        );
        assert_ne!(stored(stage, column).await, first);
        let open = change(json!({ "isAddressProtected": false }), 3).await;
        assert_eq!(
            (&open["address"], &open["protectedAddress"]),
            (&json!("13 Elsewhere"), &Value::Null)
        );
        let hidden = change(json!({ "isAddressProtected": true }), 4).await;
        assert_eq!(
            (&hidden["address"], &hidden["protectedAddress"]),
            (&Value::Null, &json!("13 Elsewhere"))
        );
        // One that doesn't open is not lost silently, and can be replaced.
        execute(stage, "update family set protected_address = 'v1.gone.AAAA'").await;
        let input = json!({ "id": id("family", scene.family), "expectedVersion": 5, "isAddressProtected": false });
        let refused = client.mutate("familyUpdate", input, "family { id }").await;
        assert_eq!(refused.code(), "INTERNAL_SERVER_ERROR");
        let renamed = change(json!({ "address": "14 Elsewhere" }), 5).await;
        assert_eq!(renamed["protectedAddress"], "14 Elsewhere");
    });
}

#[test]
fn every_restricted_column_is_sealed() {
    fn restricted<C: ColumnTrait + Iterable + IdenStatic>(
        table: &str,
        class: fn(&C) -> Class,
    ) -> Vec<String> {
        let columns = C::iter().filter(|column| class(column) == Class::Restricted);
        columns.map(|column| format!("{table}.{}", column.as_str())).collect()
    }
    macro_rules! of_each {
        ($($table:ident),+) => {{
            let mut found: Vec<String> = Vec::new();
            $(found.extend(restricted(stringify!($table), entity::$table::Entity::class));)+
            found
        }};
    }
    let mut found: Vec<String> = every_entity!(of_each);
    // A keyed hash opens nothing.
    found.retain(|column| column != "person_identifier.value_hash");
    found.sort();
    let mut sealed: Vec<String> = COLUMNS.iter().map(ToString::to_string).collect();
    sealed.sort();
    assert_eq!(found, sealed);
}

#[test]
fn debug_tells_nothing_of_what_is_restricted() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let (family, column) = (scene.family, entity::family::Column::ProtectedAddress);
        let sealed: Sealed = stage.seal(column, family, CANARY);
        let hash: Fingerprint =
            stage.vault().fingerprint("PASSPORT", &Secret::new(CANARY.to_owned()));
        let (vault, settings) = (stage.vault(), &stage.app.settings);
        let told = format!("{sealed:?} {hash:?} {vault:?} {settings:?}");
        let (_, key) = DATA_KEYS.split_once('=').unwrap();
        let body = stored(stage, COLUMNS[2]).await;
        for secret in [CANARY, key, &body[0], body[0].trim_start_matches("v1.test.")] {
            assert!(!told.contains(secret), "{told}");
        }
        let keys =
            ["hearth", "keys", "status", "--database-url", "sqlite://x", "--data-keys", DATA_KEYS];
        let cli = <hearth::config::Cli as clap::Parser>::parse_from(keys);
        assert!(!format!("{cli:?}").contains(key));
        let help =
            <hearth::config::Cli as clap::Parser>::try_parse_from(["hearth", "serve", "--help"]);
        assert!(help.unwrap_err().to_string().contains("HEARTH_DATA_KEYS"));
    });
}

#[test]
fn a_repeated_mutation_is_known_again_and_its_digest_is_of_no_use_without_the_key() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let client = stage.as_(&scene.worker);
        let key = Uuid::now_v7();
        let input = |value: &str| json!({ "personId": id("person", scene.person), "kind": "SCHOOL", "value": value });
        let send = async |value: &str| {
            client.mutate_as(key, "identifierAdd", input(value), "person { id }").await
        };
        assert!(!send("17").await.replayed());
        assert!(send("17").await.replayed());
        assert_eq!(send("18").await.refusal().0, "IDEMPOTENCY_KEY_REUSED");
        let kept = texts(stage, "select payload_hash from idempotency_key").await;
        assert!(kept.iter().all(|digest| digest.starts_with("h1.")), "{kept:?}");
    });
}
