//! The server as a process of its own, on a story's database: so that it can be killed, and is asked
//! over real connections.

use std::io::{self, BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use clap::Parser;
use hearth::config::Cli;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use uuid::Uuid;

use super::{AUDIENCE, ISSUER, signer};

/// Where the arguments of a server stand, for this program when it is started as one.
const ARGUMENTS: &str = "HEARTH_TEST_SERVER";

/// This program, started again, is the server: not a story of its own.
#[test]
fn is_the_server_when_it_is_started_as_one() {
    let Ok(arguments) = std::env::var(ARGUMENTS) else { return };
    let cli = Cli::parse_from(arguments.split('\n'));
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .thread_stack_size(8 * 1024 * 1024)
        .enable_all()
        .build()
        .unwrap();
    let outcome = runtime.block_on(async { tokio::spawn(hearth::command::run(cli)).await });
    outcome.unwrap().unwrap();
}

/// Runs a command to its end: whether it went well, and what it said.
pub fn command(arguments: &[&str]) -> (bool, String) {
    let arguments = [&["hearth", "--log", "error"], arguments].concat().join("\n");
    let run = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "harness::process::is_the_server_when_it_is_started_as_one"])
        .args(["--nocapture", "--test-threads", "1"])
        .env(ARGUMENTS, arguments)
        .output()
        .unwrap();
    let said = [run.stdout, run.stderr].concat();
    (run.status.success(), String::from_utf8(said).unwrap())
}

/// A server that runs.
#[derive(Debug)]
pub struct Server {
    process: Child,
    address: SocketAddr,
}

/// What a server answered: its status and its body.
#[derive(Debug)]
pub struct Heard {
    pub status: u16,
    pub body: Value,
}

/// Where a server says in its log that it listens; the rest of the log is passed on.
fn listens_at(process: &mut Child) -> SocketAddr {
    let log = BufReader::new(process.stderr.take().unwrap());
    let (tell, told) = mpsc::channel();
    std::thread::spawn(move || {
        for line in log.lines().map_while(Result::ok) {
            let said: Value = serde_json::from_str(&line).unwrap_or_default();
            match said["fields"]["address"].as_str() {
                Some(address) => drop(tell.send(address.parse().unwrap())),
                None => eprintln!("{line}"),
            }
        }
    });
    told.recv_timeout(Duration::from_secs(30)).expect("the server says where it listens")
}

impl Server {
    /// Starts a server on a database, and waits until it is ready.
    pub async fn start(url: &str, more: &[&str]) -> Self {
        let keys = std::env::temp_dir().join(format!("hearth-test-{}.jwks", std::process::id()));
        std::fs::write(&keys, signer().public_jwks()).unwrap();
        let keys = keys.display().to_string();
        let mut arguments = vec!["hearth", "serve", "--database-url", url];
        arguments.extend(["--listen", "127.0.0.1:0", "--issuer", ISSUER, "--audience", AUDIENCE]);
        arguments.extend(["--jwks", &keys, "--free-form", "on"]);
        arguments.extend(["--log", "warn,hearth::command::serve=info", "--log-format", "json"]);
        arguments.extend(more);
        let mut process = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "harness::process::is_the_server_when_it_is_started_as_one"])
            .args(["--nocapture", "--test-threads", "1"])
            .env(ARGUMENTS, arguments.join("\n"))
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let address = listens_at(&mut process);
        let server = Self { process, address };
        for _ in 0..300 {
            if server.get("/readyz").await.is_ok_and(|heard| heard.status == 200) {
                return server;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the server is not ready");
    }

    /// Ends it as a power cut does, whatever is going on.
    pub fn kill(&self) {
        let process = self.process.id().to_string();
        let killed = Command::new("kill").args(["-9", &process]).status().unwrap();
        assert!(killed.success());
    }

    async fn get(&self, path: &str) -> io::Result<Heard> {
        self.exchange(&format!("GET {path} HTTP/1.1\r\nhost: h\r\nconnection: close\r\n\r\n")).await
    }

    /// Sends a mutation once; an error if the connection broke.
    pub async fn try_mutate(
        &self,
        token: &str,
        key: Uuid,
        (mutation, input): (&str, &Value),
        selection: &str,
    ) -> io::Result<Heard> {
        let mut input = input.clone();
        input["clientMutationId"] = json!(key);
        let (first, rest) = mutation.split_at(1);
        let kind = format!("{}{rest}Input", first.to_uppercase());
        let query = format!(
            "mutation M($input: {kind}!) {{ {mutation}(input: $input) {{ {selection} replayed \
             userErrors {{ code message ... on CapacityError {{ available }} }} }} }}"
        );
        let body = json!({ "query": query, "variables": { "input": input } }).to_string();
        let length = body.len();
        self.exchange(&format!(
            "POST /graphql HTTP/1.1\r\nhost: h\r\nconnection: close\r\n\
             content-type: application/json\r\naccept: application/json\r\n\
             authorization: Bearer {token}\r\ncontent-length: {length}\r\n\r\n{body}"
        ))
        .await
    }

    /// Sends a mutation as a client does that waits and tries again, under the same key, where the
    /// server says that it may.
    pub async fn mutate(
        &self,
        token: &str,
        (mutation, input): (&str, &Value),
        selection: &str,
    ) -> Value {
        let key = Uuid::now_v7();
        for _ in 0..100 {
            let heard = self.try_mutate(token, key, (mutation, input), selection).await;
            let heard = heard.unwrap_or_else(|error| panic!("{mutation}: {error}"));
            let error = &heard.body["errors"][0];
            assert_ne!(heard.status, 500, "{mutation}: {}", heard.body);
            if error.is_null() && !heard.body["data"].is_null() {
                return heard.body["data"][mutation].clone();
            }
            assert_eq!(error["extensions"]["retryable"], true, "{mutation}: {}", heard.body);
            let wait = error["extensions"]["retryAfterMs"].as_u64().unwrap_or(1000).min(1000);
            let jitter = u64::from(Uuid::new_v4().as_bytes()[0]);
            tokio::time::sleep(Duration::from_millis(wait / 4 + jitter)).await;
        }
        panic!("{mutation}: never answered");
    }

    async fn exchange(&self, request: &str) -> io::Result<Heard> {
        let mut stream = TcpStream::connect(self.address).await?;
        stream.write_all(request.as_bytes()).await?;
        let mut text = String::new();
        stream.read_to_string(&mut text).await?;
        let (head, body) = text.split_once("\r\n\r\n").ok_or(io::ErrorKind::UnexpectedEof)?;
        let status = head.split_whitespace().nth(1).and_then(|status| status.parse().ok());
        let status = status.ok_or(io::ErrorKind::InvalidData)?;
        Ok(Heard { status, body: serde_json::from_str(body).unwrap_or_default() })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
