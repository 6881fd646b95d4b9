//! The accept loop over real connections: timers of a connection, sizes, and a shutdown that lets
//! requests end, but not for ever.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hearth::server::{examples, explorer, listen};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio::time::{Instant, pause, sleep, timeout};

use crate::harness::{Setup, Stage, run, run_with};

fn faults(setup: &mut Setup) {
    setup.with_faults = true;
}

struct Running {
    address: SocketAddr,
    stop: Arc<Notify>,
    served: JoinHandle<std::io::Result<()>>,
}

async fn serve(router: Router, drain: u64) -> Running {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let stop = Arc::new(Notify::new());
    let stopped = Arc::clone(&stop).notified_owned();
    let drain = Duration::from_secs(drain);
    let served = tokio::spawn(listen::serve(listener, router, stopped, drain));
    Running { address, stop, served }
}

async fn start(stage: &Stage, drain: u64) -> Running {
    serve(stage.router.clone(), drain).await
}

impl Running {
    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }
}

fn request(token: &str, body: &str) -> String {
    let head = "POST /graphql HTTP/1.1\r\nhost: h\r\ncontent-type: application/json";
    let length = body.len();
    format!("{head}\r\nauthorization: Bearer {token}\r\ncontent-length: {length}\r\n\r\n{body}")
}

/// An operation that waits.
fn held(token: &str, kind: &str) -> String {
    let body = format!(r#"{{"query":"{kind} Held {{ __typename }}","operationName":"Held"}}"#);
    request(token, &body)
}

const HEALTH: &str = "GET /healthz HTTP/1.1\r\nhost: h\r\n\r\n";
const READY: &str = "GET /readyz HTTP/1.1\r\nhost: h\r\n\r\n";

/// Sends a request and reads one answer, leaving the connection open.
async fn exchange(stream: &mut TcpStream, request: &str) -> String {
    stream.write_all(request.as_bytes()).await.unwrap();
    answer(stream).await
}

async fn answer(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&bytes);
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let head = head.to_ascii_lowercase();
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
            if body.len() >= length.map_or(0, |length| length.parse().unwrap()) {
                return text.into_owned();
            }
        }
        if stream.read_buf(&mut bytes).await.unwrap() == 0 {
            return String::from_utf8(bytes).unwrap();
        }
    }
}

#[track_caller]
fn is(status: u16, answer: &str) {
    assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{answer}");
}

/// Seconds until the server closes the connection.
async fn closed_after(stream: &mut TcpStream) -> u64 {
    let begun = Instant::now();
    let mut rest = Vec::new();
    let _ = stream.read_to_end(&mut rest).await;
    begun.elapsed().as_secs()
}

#[test]
fn a_head_has_ten_seconds() {
    run(async |stage| {
        pause();
        let server = start(stage, 20).await;
        let mut silent = server.connect().await;
        assert_eq!(closed_after(&mut silent).await, 10);

        // A byte now and then does not help.
        let mut trickling = server.connect().await;
        let begun = Instant::now();
        for byte in HEALTH.bytes() {
            sleep(Duration::from_secs(1)).await;
            if trickling.write_all(&[byte]).await.is_err() {
                break;
            }
        }
        closed_after(&mut trickling).await;
        assert!(begun.elapsed() < Duration::from_secs(25), "{:?}", begun.elapsed());
    });
}

#[test]
fn an_idle_connection_has_sixty_seconds_and_its_next_head_ten() {
    run(async |stage| {
        pause();
        let server = start(stage, 20).await;
        let mut stream = server.connect().await;
        for _ in 0..2 {
            is(200, &exchange(&mut stream, HEALTH).await);
            sleep(Duration::from_secs(50)).await;
        }
        is(200, &exchange(&mut stream, HEALTH).await);
        assert_eq!(closed_after(&mut stream).await, 60);

        let mut stream = server.connect().await;
        is(200, &exchange(&mut stream, HEALTH).await);
        sleep(Duration::from_secs(30)).await;
        stream.write_all(b"GET /hea").await.unwrap();
        assert_eq!(closed_after(&mut stream).await, 10);
    });
}

#[test]
fn a_large_head_is_431() {
    run(async |stage| {
        let server = start(stage, 20).await;
        for size in [33 * 1024, 1_000_000] {
            let mut stream = server.connect().await;
            let large = request(&"x".repeat(size), "{}");
            // The server may answer and hang up before all has been sent.
            let (mut read, mut write) = stream.split();
            let mut came = [0; 12];
            let (_, read) =
                tokio::join!(write.write_all(large.as_bytes()), read.read_exact(&mut came));
            read.unwrap();
            is(431, &String::from_utf8_lossy(&came));
        }
    });
}

#[test]
fn a_chunked_body_over_256_kib_is_413() {
    run(async |stage| {
        let server = start(stage, 20).await;
        let mut stream = server.connect().await;
        let head = "POST /graphql HTTP/1.1\r\nhost: h\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n";
        let chunk = format!("400\r\n{}\r\n", " ".repeat(1024));
        let body = format!("{head}{}0\r\n\r\n", chunk.repeat(300));
        let (mut read, mut write) = stream.split();
        let mut came = [0; 12];
        let (_, read) = tokio::join!(write.write_all(body.as_bytes()), read.read_exact(&mut came));
        read.unwrap();
        is(413, &String::from_utf8_lossy(&came));
    });
}

#[test]
fn a_client_that_hangs_up_ends_its_query() {
    run_with(faults, async |stage| {
        let token = stage.somebody().await.token();
        let server = start(stage, 20).await;
        let mut stream = server.connect().await;
        stream.write_all(held(&token, "query").as_bytes()).await.unwrap();
        stage.faults.begun(1).await;
        drop(stream);
        timeout(Duration::from_secs(3), stage.faults.dropped(1)).await.unwrap();
    });
}

#[test]
fn shutdown_says_not_ready_first_and_lets_requests_end() {
    run_with(faults, async |stage| {
        let token = stage.somebody().await.token();
        let server = start(stage, 10).await;
        let mut slow = server.connect().await;
        slow.write_all(held(&token, "query").as_bytes()).await.unwrap();
        stage.faults.begun(1).await;
        let mut probe = server.connect().await;
        is(200, &exchange(&mut probe, READY).await);
        let mut idle = server.connect().await;
        is(200, &exchange(&mut idle, READY).await);

        server.stop.notify_one();
        sleep(Duration::from_millis(50)).await;
        is(503, &exchange(&mut probe, READY).await);
        let mut late = server.connect().await;
        is(503, &exchange(&mut late, READY).await);
        is(200, &exchange(&mut late, HEALTH).await);

        // After a tenth of the time to drain nobody new comes in.
        sleep(Duration::from_millis(1_500)).await;
        assert!(TcpStream::connect(server.address).await.is_err());
        assert_eq!(closed_after(&mut idle).await, 0);
        stage.faults.release();
        let begun = Instant::now();
        let ended = answer(&mut slow).await;
        is(200, &ended);
        assert!(ended.contains(r#""__typename":"Query""#), "{ended}");
        server.served.await.unwrap().unwrap();
        assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
        assert_eq!(stage.faults.outcome(), (1, 0));
    });
}

#[test]
fn shutdown_waits_for_mutations_whose_client_left() {
    run_with(faults, async |stage| {
        let token = stage.somebody().await.token();
        let mut server = start(stage, 5).await;
        let mut stream = server.connect().await;
        stream.write_all(held(&token, "mutation").as_bytes()).await.unwrap();
        stage.faults.begun(1).await;
        drop(stream);
        server.stop.notify_one();
        let early = timeout(Duration::from_secs(1), &mut server.served).await;
        assert!(early.is_err(), "the mutation runs");
        stage.faults.release();
        server.served.await.unwrap().unwrap();
        assert_eq!(stage.faults.outcome(), (1, 0));
    });
}

#[test]
fn shutdown_ends_although_a_request_does_not() {
    run_with(faults, async |stage| {
        let token = stage.somebody().await.token();
        let server = start(stage, 1).await;
        let mut stream = server.connect().await;
        stream.write_all(held(&token, "query").as_bytes()).await.unwrap();
        stage.faults.begun(1).await;
        let begun = Instant::now();
        server.stop.notify_one();
        server.served.await.unwrap().unwrap();
        assert!(begun.elapsed() < Duration::from_secs(4));
        assert_eq!(closed_after(&mut stream).await, 0);
        assert_eq!(stage.faults.outcome(), (0, 1));
    });
}

#[test]
fn a_client_that_reads_nothing_is_dropped() {
    run(async |stage| {
        pause();
        let page = || explorer::Settings { endpoint: "/graphql", roles: examples::roles(|_| None) };
        let large = " ".repeat(4 << 20);
        let router = stage.router.clone().merge(explorer::routes(page, Some(large)));
        let server = serve(router, 20).await;
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_recv_buffer_size(4_096).unwrap();
        let mut stream = socket.connect(server.address).await.unwrap();
        // Sends until the server, whose answers nobody takes, stops reading: then it hangs up.
        let begun = Instant::now();
        let schema = "GET /schema.graphql HTTP/1.1\r\nhost: h\r\n\r\n";
        while stream.write_all(schema.as_bytes()).await.is_ok() {
            tokio::task::yield_now().await;
            assert!(begun.elapsed() < Duration::from_secs(90), "{:?}", begun.elapsed());
        }
        assert!(begun.elapsed() >= Duration::from_secs(30), "{:?}", begun.elapsed());
    });
}
