//! A database that falls silent in the middle of a statement, as when a cable is pulled.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use hearth::database::Database;
use sea_orm::ConnectionTrait;
use sea_orm::sqlx::postgres::PgConnectOptions;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;

/// What lies between the service and the database.
struct Cable {
    listener: TcpListener,
    database: (String, u16),
}

impl Cable {
    /// To the server of a URL, with the URL that leads through it.
    async fn to(url: &str) -> (Self, String) {
        let options: PgConnectOptions = url.parse().unwrap();
        let (host, port) = (options.get_host().to_owned(), options.get_port());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let through = listener.local_addr().unwrap();
        let through_it = url.replacen(&format!("{host}:{port}"), &through.to_string(), 1);
        assert_ne!(through_it, url, "the URL names a host and a port");
        (Self { listener, database: (host, port) }, through_it)
    }

    /// Lets connections through; those that are there when it is pulled carry nothing from then on, and
    /// stay open.
    async fn carry(self, pulled: Arc<AtomicBool>) {
        loop {
            let (near, _) = self.listener.accept().await.unwrap();
            let far =
                TcpStream::connect((self.database.0.as_str(), self.database.1)).await.unwrap();
            let is_dead = Arc::new(AtomicBool::new(false));
            let (near_read, near_write) = near.into_split();
            let (far_read, far_write) = far.into_split();
            for (from, to) in [(near_read, far_write), (far_read, near_write)] {
                tokio::spawn(copy(from, to, Arc::clone(&pulled), Arc::clone(&is_dead)));
            }
        }
    }
}

async fn copy(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    pulled: Arc<AtomicBool>,
    is_dead: Arc<AtomicBool>,
) {
    let mut bytes = vec![0; 4096];
    while let Ok(count @ 1..) = from.read(&mut bytes).await {
        if pulled.swap(false, Ordering::SeqCst) {
            is_dead.store(true, Ordering::SeqCst);
        }
        if !is_dead.load(Ordering::SeqCst) && to.write_all(&bytes[..count]).await.is_err() {
            return;
        }
    }
}

#[test]
fn a_connection_that_died_silently_gives_up_its_place() {
    // SQLite is no server.
    let Some(url) = std::env::var("TEST_DATABASE_URL").ok().filter(|url| !url.is_empty()) else {
        return;
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let (cable, url) = Cable::to(&url).await;
        let pulled = Arc::new(AtomicBool::new(false));
        tokio::spawn(cable.carry(Arc::clone(&pulled)));
        // One place: whoever keeps it keeps everybody out.
        let database = Database::open(&url, 1).await.unwrap();
        let asked = || database.reader.execute_unprepared("select 1");
        asked().await.unwrap();
        // The pool asks for a sign of life after each statement; that must be over.
        tokio::time::sleep(Duration::from_millis(300)).await;
        pulled.store(true, Ordering::SeqCst);
        let given_up = timeout(Duration::from_millis(300), asked()).await;
        assert!(given_up.is_err(), "the database is silent");
        let mut answered = false;
        for _ in 0..5 {
            answered |= timeout(Duration::from_secs(4), asked()).await.is_ok_and(|one| one.is_ok());
        }
        assert!(answered, "the place of the dead connection is free again");
    });
}
