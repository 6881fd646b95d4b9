//! Keys on the command line: a server starts only with keys that open what is there, a rotation runs
//! beside it, and the demo keeps a key of its own.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use hearth::access::Vault;
use hearth::access::vault::store;
use serde_json::Value;

use super::{CANARY, NEW_KEY, Scene, execute};
use crate::harness::process::{Server, command, program, serving};
use crate::harness::world::id;
use crate::harness::{DATA_KEYS, Stage, claims, run, token};

/// What a server says that is not to start.
#[track_caller]
fn refusal(url: &str, keys: &[&str]) -> String {
    let arguments = serving(url, keys);
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let (is_done, said) = command(&arguments);
    assert!(!is_done, "{said}");
    said
}

#[test]
fn a_server_starts_only_with_keys_that_open_what_is_there() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let url = stage.url.as_str();
        let none = refusal(url, &[]);
        assert!(none.contains("HEARTH_DATA_KEYS") && none.contains("hearth keys new"), "{none}");
        let (_, key) = DATA_KEYS.split_once('=').unwrap();
        for wrong in
            [key.to_owned(), format!("a={}", &key[..20]), format!("{DATA_KEYS},{DATA_KEYS}")]
        {
            let said = refusal(url, &["--data-keys", &wrong]);
            assert!(said.contains("data key"), "{said}");
            assert!(!said.contains(&key[..20]), "a key is not told");
        }
        let other = refusal(url, &["--data-keys", NEW_KEY]);
        assert!(other.contains("the key `test`") && other.contains("HEARTH_DATA_KEYS"), "{other}");
        execute(stage, &format!("update family set protected_address = '12 {CANARY} Street'"))
            .await;
        let open = refusal(url, &["--data-keys", DATA_KEYS]);
        assert!(open.contains("run `hearth keys rotate`") && !open.contains(CANARY), "{open}");
        let (is_done, said) =
            command(&["keys", "rotate", "--database-url", url, "--data-keys", DATA_KEYS]);
        assert!(is_done && said.contains("1 values sealed under `test`"), "{said}");
        let server = Server::start(url, &["--data-keys", DATA_KEYS]).await;
        assert_eq!(address(&server, &scene).await, format!("12 {CANARY} Street"));
    });
}

/// The protected address of a scene's family, as a server tells it.
async fn address(server: &Server, scene: &Scene<'_>) -> Value {
    let worker = &scene.worker;
    let scopes = vec!["restricted:read".to_owned()];
    let claims = claims(&worker.subject, "test-client", worker.organisation, worker.role, scopes);
    let query =
        format!("{{ family(id: \"{}\") {{ protectedAddress }} }}", id("family", scene.family));
    let heard = server.ask(&token(&claims), &query).await.unwrap();
    heard.body["data"]["family"]["protectedAddress"].clone()
}

fn keys(task: &str, stage: &Stage, keys: &str) -> String {
    let (is_done, said) =
        command(&["keys", task, "--database-url", &stage.url, "--data-keys", keys]);
    assert!(is_done, "{said}");
    said
}

#[test]
fn keys_are_rotated_beside_a_server_that_serves() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let (is_done, said) = command(&["keys", "new"]);
        assert!(is_done);
        // It stands behind what says which story this is.
        let words = said.split_whitespace();
        let fresh = words.into_iter().find(|word| word.starts_with('k') && word.contains('='));
        let fresh = fresh.unwrap();
        let (fresh_id, fresh_key) = fresh.split_once('=').unwrap();
        let (before, after) = (format!("{DATA_KEYS},{fresh}"), format!("{fresh},{DATA_KEYS}"));
        let server = Server::start(&stage.url, &["--data-keys", &before]).await;
        let expected = format!("12 {CANARY} Street");
        assert_eq!(address(&server, &scene).await, expected);
        let said = keys("status", stage, &after);
        assert!(said.contains("family.protected_address"), "{said}");
        assert_eq!(said.matches("still needed").count(), 5, "{said}");
        let said = keys("rotate", stage, &after);
        assert!(said.contains(&format!("6 values sealed under `{fresh_id}`")), "{said}");
        assert_eq!(address(&server, &scene).await, expected);
        let said = keys("status", stage, fresh);
        assert!(said.matches("seals").count() == 5 && !said.contains("needed"), "{said}");
        let (_, said) = command(&["keys", "status", "--database-url", &stage.url]);
        assert!(said.contains(fresh_id) && !said.contains(fresh_key) && !said.contains(CANARY));
        let missing = keys("status", stage, DATA_KEYS);
        assert_eq!(missing.matches("missing in HEARTH_DATA_KEYS").count(), 5, "{missing}");
        drop(server);
        let server = Server::start(&stage.url, &["--data-keys", fresh]).await;
        assert_eq!(address(&server, &scene).await, expected);
        // Without the key, nothing can be sealed anew: that is said.
        let lost = ["keys", "rotate", "--database-url", &stage.url, "--data-keys", NEW_KEY];
        let (is_done, said) = command(&lost);
        assert!(!is_done && said.contains("6 values don't open"), "{said}");
    });
}

/// Starts the demo, and stops it once it answers.
fn run_demo(url: &str) {
    let arguments = ["demo", "--database-url", url, "--families", "20", "--listen", "127.0.0.1:0"]
        .map(str::to_owned);
    let mut process = program(&arguments).stdout(Stdio::piped()).spawn().unwrap();
    let said = BufReader::new(process.stdout.take().unwrap()).lines().map_while(Result::ok);
    let is_up = said.into_iter().any(|line| line.starts_with("Explorer"));
    process.kill().unwrap();
    process.wait().unwrap();
    assert!(is_up);
}

#[test]
fn the_demo_keeps_a_key_with_its_data() {
    run(async |stage| {
        run_demo(&stage.url);
        let database = &stage.database.writer;
        let held = store::held(database).await.unwrap();
        assert!(held.len() >= 4 && held.iter().all(|held| held.key_id.is_some()), "{held:?}");
        if let Some(file) = stage.url.strip_prefix("sqlite://") {
            use std::os::unix::fs::PermissionsExt;
            let file = format!("{file}.keys");
            assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
            let keys = std::fs::read_to_string(&file).unwrap();
            store::check(database, &Vault::of(Some(&keys)).unwrap()).await.unwrap();
        }
        // Started again, it opens what it sealed, and seals what an earlier version left in the open.
        execute(stage, "update family set protected_address = '1 Quay Lane' where protected_address is not null").await;
        run_demo(&stage.url);
        let again = store::held(database).await.unwrap();
        assert_eq!(again, held);
        if let Some(file) = stage.url.strip_prefix("sqlite://") {
            for ending in [".keys", ".lock"] {
                std::fs::remove_file(format!("{file}{ending}")).unwrap();
            }
        }
    });
}
