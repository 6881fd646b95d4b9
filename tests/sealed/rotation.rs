//! Keys that change: everything is sealed anew while servers serve, and nothing else moves.

use hearth::access::Vault;
use hearth::access::vault::rotation::{self, Outcome};
use hearth::access::vault::store;

use entity::family;
use entity::secret::{Sealed, Secret};
use hearth::access::Place;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;
use uuid::Uuid;

use super::search::finds;
use super::{CANARY, COLUMNS, NEW_KEY, Scene, assert_read, everything, execute, stored, texts};
use crate::harness::world::id;
use crate::harness::{DATA_KEYS, Stage, run, run_with};

fn vault(keys: &str) -> Vault {
    Vault::of(Some(keys)).unwrap()
}

/// The new key first, the old one behind it.
fn both() -> String {
    format!("{NEW_KEY},{DATA_KEYS}")
}

/// The ids of the keys that are needed, with how many values of each.
async fn needed(stage: &Stage) -> Vec<(String, u64)> {
    let mut needed: Vec<(String, u64)> = Vec::new();
    for held in store::held(&stage.database.writer).await.unwrap() {
        let key = held.key_id.unwrap_or_default();
        match needed.iter_mut().find(|(known, _)| *known == key) {
            Some((_, count)) => *count += held.count,
            None => needed.push((key, held.count)),
        }
    }
    needed.sort();
    needed
}

/// What a rotation must leave as it is: versions, times of change, the feed, the audit.
async fn standing(stage: &Stage) -> Vec<String> {
    let mut standing = Vec::new();
    for table in ["family", "centre", "concern_report", "person"] {
        let sql = format!(
            "select cast(version as text) || ' ' || cast(updated_at as text) from {table} order by id"
        );
        standing.extend(texts(stage, &sql).await);
    }
    for table in ["change", "audit_event"] {
        standing.extend(texts(stage, &format!("select cast(count(*) as text) from {table}")).await);
    }
    standing
}

#[test]
fn all_is_sealed_anew_and_the_old_key_can_go() {
    run_with(
        |setup| setup.settings.vault = vault(&both()),
        async |stage| {
            let scene = Scene::set(stage).await;
            let database = &stage.database.writer;
            assert_eq!(needed(stage).await, [("new".to_owned(), 6)]);
            let back = format!("{DATA_KEYS},{NEW_KEY}");
            rotation::rotate(database, &vault(&back), |_| ()).await.unwrap();
            assert_eq!(needed(stage).await, [("test".to_owned(), 6)]);
            assert_read(&scene.read().await);

            let before = standing(stage).await;
            let vault_of_both = vault(&both());
            assert_eq!(rotation::pending(database, &vault_of_both).await, Ok(6));
            let told = std::sync::atomic::AtomicU64::new(0);
            let done = |count| told.store(count, std::sync::atomic::Ordering::SeqCst);
            let outcome = rotation::rotate(database, &vault_of_both, done).await.unwrap();
            assert_eq!(outcome, Outcome { resealed: 6, unopenable: 0 });
            assert_eq!(told.into_inner(), 6);
            assert_eq!(needed(stage).await, [("new".to_owned(), 6)]);
            assert_eq!(standing(stage).await, before, "nothing has changed for anybody");
            let again = rotation::rotate(database, &vault_of_both, |_| ()).await.unwrap();
            assert_eq!(again, Outcome::default());

            // The old key is gone from the settings.
            store::check(database, &vault(NEW_KEY)).await.unwrap();
            assert_read(&scene.read().await);
            let refused = store::check(database, &vault(DATA_KEYS)).await.unwrap_err().to_string();
            assert!(refused.contains("`new`") && refused.contains("HEARTH_DATA_KEYS"), "{refused}");
            let namesake = DATA_KEYS.replace("test=", "new=");
            let refused = store::check(database, &vault(&namesake)).await.unwrap_err().to_string();
            assert!(refused.contains("don't open"), "{refused}");
        },
    );
}

#[test]
#[expect(clippy::too_many_lines, reason = "one story, told at once")]
fn one_that_was_interrupted_goes_on_and_two_at_once_do_no_harm() {
    run_with(
        |setup| setup.settings.vault = vault(&both()),
        async |stage| {
            let scene = Scene::set(stage).await;
            let old = vault(DATA_KEYS);
            let family = |no: u32| format!("{CANARY} {no}");
            for no in 0..450 {
                let id = stage.family(&scene.office, &scene.area, "Many").await;
                let column = family::Column::ProtectedAddress;
                let secret = Secret::new(family(no));
                let sealed = old.seal(Place::of(column, id), &secret).unwrap();
                stage.rewrite(id, sealed).await;
            }
            let database = &stage.database.writer;
            let both = vault(&both());
            let pending = rotation::pending(database, &both).await.unwrap();
            assert_eq!(pending, 450);
            // Stopped after the first batch: what is done is done.
            let (stop, stopped) = tokio::sync::oneshot::channel();
            let stop = std::sync::Mutex::new(Some(stop));
            let first = |_| {
                let stop = stop.lock().unwrap().take();
                if let Some(stop) = stop {
                    stop.send(()).unwrap();
                }
            };
            tokio::select! {
                biased;
                _ = stopped => (),
                outcome = rotation::rotate(database, &both, first) => panic!("{outcome:?}"),
            }
            let left = rotation::pending(database, &both).await.unwrap();
            assert!(left > 0 && left < pending, "{left}");
            assert_read(&scene.read().await);
            let (one, other) = tokio::join!(
                rotation::rotate(database, &both, |_| ()),
                rotation::rotate(database, &both, |_| ()),
            );
            assert_eq!(one.unwrap().resealed + other.unwrap().resealed, left);
            assert_eq!(rotation::pending(database, &both).await, Ok(0));
            assert_read(&scene.read().await);
            let all = stage.addresses().await;
            assert!((0..450).all(|no| all.contains(&family(no))));
        },
    );
}

#[test]
fn what_somebody_changes_meanwhile_stays_as_they_wrote_it() {
    run_with(
        |setup| setup.settings.vault = vault(&format!("{DATA_KEYS},{NEW_KEY}")),
        async |stage| {
            let scene = Scene::set(stage).await;
            for _ in 0..250 {
                stage.family(&scene.office, &scene.area, "Many").await;
            }
            let (database, both) = (&stage.database.writer, vault(&both()));
            let client = stage.as_with(&scene.worker, &["restricted:read"]);
            // A server that has the old key first still changes addresses while all is sealed anew.
            let changes = async {
                for version in 1..=25 {
                    let input = json!({ "id": id("family", scene.family), "expectedVersion": version,
                        "address": format!("{version} Moving Street") });
                    client.mutate("familyUpdate", input, "family { id }").await.done("");
                }
            };
            let (outcome, ()) = tokio::join!(rotation::rotate(database, &both, |_| ()), changes);
            assert_eq!(outcome.unwrap().unopenable, 0);
            let place = Place::of(family::Column::ProtectedAddress, scene.family);
            let kept =
                family::Entity::find_by_id(scene.family).one(database).await.unwrap().unwrap();
            assert_eq!(kept.version, 26);
            let address = both.open(place, kept.protected_address.as_ref().unwrap()).unwrap();
            assert_eq!(address.expose(), "25 Moving Street");
            rotation::rotate(database, &both, |_| ()).await.unwrap();
            assert_eq!(rotation::pending(database, &both).await, Ok(0));
        },
    );
}

#[test]
fn values_in_the_open_are_refused_at_the_start_and_sealed_by_a_rotation() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let (database, vault) = (&stage.database.writer, stage.vault());
        for sql in [
            format!("update family set protected_address = '12 {CANARY} Street'"),
            format!(
                "update concern_report set reporter_name = 'Ms {CANARY}', reporter_contact = '+000 {CANARY}'"
            ),
            format!("update centre set protected_address = '{CANARY} Lane'"),
            format!(
                "update person_identifier set value_hash = null, value = case kind when 'SCHOOL' then 'S {CANARY}' else 'P-{CANARY}' end"
            ),
            "update idempotency_key set payload_hash = 'plain'".to_owned(),
        ] {
            execute(stage, &sql).await;
        }
        assert_eq!(needed(stage).await, [(String::new(), 6)]);
        let refused = store::check(database, vault).await.unwrap_err().to_string();
        assert!(refused.contains("hearth keys rotate") && !refused.contains(CANARY), "{refused}");
        let unread = scene.read().await;
        assert!(unread.code() == "INTERNAL_SERVER_ERROR" && !unread.text.contains(CANARY));
        let outcome = rotation::rotate(database, vault, |_| ()).await.unwrap();
        assert_eq!(outcome, Outcome { resealed: 6, unopenable: 0 });
        store::check(database, vault).await.unwrap();
        assert_read(&scene.read().await);
        assert!(!everything(stage).await.contains(CANARY));
        let digests = texts(stage, "select payload_hash from idempotency_key").await;
        assert!(digests.iter().all(|digest| digest.starts_with("h1.")));
        if let Some(file) = stage.url.strip_prefix("sqlite://") {
            let bytes = [
                std::fs::read(file).unwrap(),
                std::fs::read(format!("{file}-wal")).unwrap_or_default(),
            ]
            .concat();
            assert!(!bytes.windows(CANARY.len()).any(|part| part == CANARY.as_bytes()));
        }
        // By the number that was in the open, too, the person is found now.
        let found = finds(stage, &scene.worker, "PASSPORT", &format!("p {CANARY}")).await;
        assert_eq!(found, [scene.person]);
    });
}

#[test]
fn a_value_that_does_not_open_is_told_and_the_others_are_sealed() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        execute(stage, "update family set protected_address = 'v1.test.AAAA'").await;
        execute(stage, "update centre set protected_address = 'v1.gone.AAAA'").await;
        let outcome =
            rotation::rotate(&stage.database.writer, &vault(&both()), |_| ()).await.unwrap();
        assert_eq!(outcome, Outcome { resealed: 4, unopenable: 2 });
        let kept = stored(stage, COLUMNS[2]).await;
        assert_eq!(kept, ["v1.test.AAAA"], "nothing is thrown away");
        assert_eq!(scene.read().await.code(), "INTERNAL_SERVER_ERROR");
    });
}

impl Stage {
    async fn rewrite(&self, family: Uuid, sealed: Sealed) {
        use family::{Column, Entity};
        let update = Entity::update_many().col_expr(Column::ProtectedAddress, Expr::val(sealed));
        update.filter(Column::Id.eq(family)).exec(&self.database.writer).await.unwrap();
    }

    async fn addresses(&self) -> Vec<String> {
        let column = family::Column::ProtectedAddress;
        let families = family::Entity::find().all(&self.database.writer).await.unwrap();
        let open = |family: &family::Model| {
            Some(self.open_at(column, family.id, family.protected_address.as_ref()?))
        };
        families.iter().filter_map(open).collect()
    }
}
