//! The invariants of the house that can be read off its sources.

use std::fs;
use std::path::{Path, PathBuf};

fn sources(folder: &str) -> Vec<(String, String)> {
    // Unit tests that stand in a file of their own are no part of the house.
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut files = Vec::new();
    collect(&root.join(folder), &mut files);
    files
        .into_iter()
        .map(|path| {
            let text = fs::read_to_string(&path).unwrap();
            (path.strip_prefix(&root).unwrap().display().to_string(), text)
        })
        .collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs")
            && !path.ends_with("tests.rs")
        {
            files.push(path);
        }
    }
}

/// Lines of code, without comments and without the file's own tests.
fn code(text: &str) -> impl Iterator<Item = &str> {
    text.lines()
        .take_while(|line| line.trim() != "#[cfg(test)]")
        .filter(|line| !line.trim_start().starts_with("//"))
}

#[track_caller]
fn only_in(what: &[&str], allowed: &[&str]) {
    for (path, text) in sources("api/src") {
        if allowed.iter().any(|place| path.starts_with(&format!("api/src/{place}"))) {
            continue;
        }
        for line in code(&text) {
            for word in what {
                assert!(!line.contains(word), "{path} must not know `{word}`: {line}");
            }
        }
    }
}

#[test]
fn http_is_known_to_the_server_only() {
    only_in(&["axum::", "hyper"], &["server", "command", "main.rs"]);
}

#[test]
fn tokens_are_known_to_one_place() {
    only_in(&["jsonwebtoken"], &["access/token"]);
}

#[test]
fn graphql_is_known_to_graphql_and_the_server() {
    only_in(&["async_graphql"], &["graphql", "server", "app.rs"]);
}

#[test]
fn the_environment_is_known_to_the_settings() {
    only_in(&["std::env", "env::var"], &["config.rs"]);
}

#[test]
fn time_comes_from_one_place() {
    only_in(&["Utc::now", "Local::now"], &["clock.rs"]);
}

#[test]
fn reads_begin_at_a_session_and_writes_do_not_happen_elsewhere() {
    let doors = ["access", "casework/change", "synthetic", "database.rs", "command"];
    only_in(
        &["Entity::find(", "::find_by_id(", ".exec(", "insert_many", "Entity::insert("],
        &doors,
    );
    let openers = ["casework/change", "synthetic", "database.rs", "access/audit/chain.rs"];
    only_in(&[".begin(", "TransactionTrait"], &openers);
}

#[test]
fn graphql_builds_no_sql() {
    let places = ["access", "casework", "synthetic", "database.rs", "command", "app.rs"];
    only_in(&["sea_query", "QueryFilter", "Condition::"], &places);
}

#[test]
fn entities_hold_no_rules() {
    for (path, text) in sources("entity/src") {
        for line in code(&text) {
            assert!(!line.starts_with("fn ") && !line.contains("async fn"), "{path}: {line}");
            let foreign = line.contains("async_graphql") && !line.contains("async_graphql::Enum");
            assert!(!foreign, "{path}: {line}");
        }
    }
}

#[test]
fn every_file_says_what_it_holds_and_is_short_enough_to_read() {
    for folder in ["api/src", "entity/src", "migration/src", "tests"] {
        for (path, text) in sources(folder) {
            assert!(text.starts_with("//!"), "{path} must open with what it holds");
            let lines = code(&text).count();
            assert!(lines <= 600, "{path} has {lines} lines of code: it has two purposes");
        }
    }
}
