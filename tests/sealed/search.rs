//! Finding a person by a number: by its hash under any key, for who sees the person in full and reads
//! restricted values.

use entity::access_grant::{AccessLevel, GrantBasis};
use hearth::access::Vault;
use hearth::access::vault::rotation;

use entity::membership::Role;
use entity::secret::Secret;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{CANARY, COLUMNS, NEW_KEY, Scene, stored, texts};
use crate::harness::world::{Person, id};
use crate::harness::{Answer, DATA_KEYS, Stage, run, run_with};

const SEARCH: &str = "query Search($input: PersonSearchInput!) {
  personSearch(input: $input) { nodes { person { id } score reasons } hasMore }
}";

fn input(kind: &str, value: &str) -> Value {
    json!({ "input": { "identifier": { "kind": kind, "value": value } } })
}

async fn search(stage: &Stage, worker: &Person, kind: &str, value: &str) -> Answer {
    stage.as_with(worker, &["restricted:read"]).query_with(SEARCH, input(kind, value)).await
}

/// The persons whom a search finds.
pub async fn finds(stage: &Stage, worker: &Person, kind: &str, value: &str) -> Vec<Uuid> {
    let answer = search(stage, worker, kind, value).await;
    let nodes = answer.list("/personSearch/nodes").iter();
    nodes
        .map(|node| {
            node["person"]["id"].as_str().unwrap().trim_start_matches("person_").parse().unwrap()
        })
        .collect()
}

#[test]
fn a_number_finds_its_person_and_each_finding_is_audited() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        for (kind, value) in [
            ("PASSPORT", format!("P-{CANARY}")),
            ("passport ", format!(" p {} ", CANARY.to_lowercase())),
            ("SCHOOL", format!("S-{CANARY}")),
        ] {
            assert_eq!(finds(stage, &scene.worker, kind, &value).await, [scene.person], "{kind}");
        }
        let (statements, answer) =
            stage.counted(search(stage, &scene.worker, "PASSPORT", &format!("P-{CANARY}"))).await;
        let node = answer.data("/personSearch/nodes/0");
        assert_eq!((&node["score"], &node["reasons"]), (&json!(100), &json!(["IDENTIFIER"])));
        assert_eq!(answer.data("/personSearch/hasMore"), false);
        // Who asks, the persons, what is disclosed.
        assert!(statements <= 4, "{:?}", stage.said());
        let told = texts(
            stage,
            "select field_class || ' ' || entity_kind from audit_event where action = 'READ'",
        )
        .await;
        assert_eq!(told, ["RESTRICTED person"; 4]);
        for (kind, value) in [
            ("PASSPORT", format!("S-{CANARY}")),
            ("PASSPORT", CANARY.to_owned()),
            ("OTHER", format!("P-{CANARY}")),
        ] {
            assert!(finds(stage, &scene.worker, kind, &value).await.is_empty(), "{kind}");
        }
    });
}

#[test]
fn a_number_that_was_voided_finds_nobody() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let number = stage.identifier(scene.person, "TAX", "77").await;
        assert_eq!(finds(stage, &scene.worker, "TAX", "77").await, [scene.person]);
        let void = json!({ "personId": id("person", scene.person), "identifierId": id("identifier", number), "reason": "A sister's." });
        stage.as_(&scene.worker).mutate("identifierVoid", void, "person { id }").await.done("");
        assert!(finds(stage, &scene.worker, "TAX", "77").await.is_empty());
    });
}

#[test]
fn who_may_not_read_numbers_finds_nobody_by_them() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let number = format!("P-{CANARY}");
        let refused = stage.as_(&scene.worker).query_with(SEARCH, input("PASSPORT", &number)).await;
        assert_eq!(refused.code(), "BAD_USER_INPUT");
        assert!(refused.message().contains("restricted:read"), "{}", refused.text);
        let unknown = stage.as_(&scene.worker).query_with(SEARCH, input("PASSPORT", "17")).await;
        assert_eq!(unknown.message(), refused.message(), "known or not, it is the same");

        let other = stage.organisation("Elsewhere", None).await;
        let stranger = stage.worker(&other, Role::Caseworker).await;
        assert!(finds(stage, &stranger, "PASSPORT", &number).await.is_empty());
        // In summary the person is seen, and not by numbers.
        let home = stage.household(&scene.office, &scene.area, "X").await;
        stage.identifier(home.child, "SCHOOL", "2017").await;
        stage.grant(&other, home.id, AccessLevel::Summary, GrantBasis::Referral, home.case).await;
        let named = stage
            .as_(&stranger)
            .query_with(SEARCH, json!({ "input": { "text": "GivenX FamilyX" } }))
            .await;
        assert!(!named.list("/personSearch/nodes").is_empty());
        assert!(finds(stage, &stranger, "SCHOOL", "2017").await.is_empty());
        assert_eq!(finds(stage, &scene.worker, "SCHOOL", "2017").await, [home.child]);
        let analyst = stage.worker(&scene.office, Role::Analyst).await;
        assert_eq!(search(stage, &analyst, "PASSPORT", &number).await.code(), "FORBIDDEN");
        let read = "select entity_kind from audit_event \
                    where action = 'READ' and field_class = 'RESTRICTED'";
        assert_eq!(texts(stage, read).await, ["person"], "only who was found is told");
    });
}

#[test]
fn a_number_stands_alone_and_is_whole() {
    run(async |stage| {
        let worker = stage.somebody().await;
        let client = stage.as_with(&worker, &["restricted:read"]);
        for (input, said) in [
            (json!({ "identifier": { "kind": "A", "value": CANARY }, "text": "Reed" }), "not both"),
            (
                json!({ "identifier": { "kind": "A", "value": CANARY }, "sex": "FEMALE" }),
                "not both",
            ),
            (json!({ "identifier": { "kind": " ", "value": CANARY } }), "identifier.kind"),
            (json!({ "identifier": { "kind": "A", "value": " " } }), "identifier.value"),
            (
                json!({ "identifier": { "kind": "A", "value": CANARY.repeat(30) } }),
                "identifier.value",
            ),
            (json!({}), "identifier"),
        ] {
            let refused = client.query_with(SEARCH, json!({ "input": input })).await;
            assert_eq!(refused.code(), "BAD_USER_INPUT");
            assert!(
                refused.message().contains(said) && !refused.text.contains(CANARY),
                "{}",
                refused.text
            );
        }
    });
}

#[test]
#[expect(clippy::too_many_lines, reason = "one story, told at once")]
fn a_number_is_found_before_during_and_after_a_rotation() {
    let both = format!("{NEW_KEY},{DATA_KEYS}");
    let vault = Vault::of(Some(&both)).unwrap();
    let (of_server, of_command) = (vault.clone(), vault);
    run_with(
        move |setup| setup.settings.vault = of_server,
        async |stage| {
            let old = Vault::of(Some(DATA_KEYS)).unwrap();
            let scene = Scene::set(stage).await;
            let number = format!("P-{CANARY}");
            // One number under the old key, one under the new one.
            rotation::rotate(
                &stage.database.writer,
                &Vault::of(Some(&format!("{DATA_KEYS},{NEW_KEY}"))).unwrap(),
                |_| (),
            )
            .await
            .unwrap();
            assert_eq!(finds(stage, &scene.worker, "PASSPORT", &number).await, [scene.person]);
            let during = stage.identifier(scene.person, "TAX", "77").await;
            let keys = stored(stage, COLUMNS[4]).await;
            let under = |key: &str| keys.iter().filter(|value| value.starts_with(key)).count();
            assert_eq!((under("v1.test."), under("v1.new.")), (2, 1), "{during}");
            for (kind, value) in [("PASSPORT", number.as_str()), ("TAX", "77")] {
                assert_eq!(
                    finds(stage, &scene.worker, kind, value).await,
                    [scene.person],
                    "{kind}"
                );
            }
            rotation::rotate(&stage.database.writer, &of_command, |_| ()).await.unwrap();
            for (kind, value) in [("PASSPORT", number.as_str()), ("TAX", "77")] {
                assert_eq!(
                    finds(stage, &scene.worker, kind, value).await,
                    [scene.person],
                    "{kind}"
                );
            }
            // The hashes are those of the new key alone.
            let kept: Vec<String> = texts(stage, "select value_hash from person_identifier").await;
            let old = sea_orm::Value::from(old.fingerprint("TAX", &Secret::new("77".to_owned())));
            assert!(
                kept.len() == 3
                    && kept.iter().all(|hash| sea_orm::Value::from(hash.as_str()) != old)
            );
        },
    );
}
