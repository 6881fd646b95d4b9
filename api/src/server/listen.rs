//! The accept loop: what `axum::serve` lacks, which is timers for headers, idle connections and slow
//! readers, and a shutdown that ends.

use std::{
    convert::Infallible,
    future::Future,
    io,
    net::IpAddr,
    pin::{Pin, pin},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU8, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};

use axum::{Extension, Router, body::Body, http::StatusCode};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::{TcpListener, TcpStream},
    time::{Instant, Sleep, sleep, timeout_at},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tower_service::Service;

const HEADER_TIME: Duration = Duration::from_secs(10);
const IDLE_TIME: Duration = Duration::from_mins(1);
const WRITE_TIME: Duration = Duration::from_secs(30);
const HEADER_BYTES: usize = 32 * 1024;
const BUFFER_BYTES: usize = 64 * 1024;
/// Of the time to drain, the part in which new connections still come in and `/readyz` says no, so
/// that load balancers notice.
const NOTICE: u32 = 10;

/// The running server, as its handlers see it; they get it as an extension of the request.
#[derive(Debug, Clone, Default)]
pub struct Running {
    draining: Arc<AtomicBool>,
    /// What must end before the server may: connections, and mutations whose client went away.
    pub tasks: TaskTracker,
}

impl Running {
    /// Whether the server is about to end, and should get no new requests.
    #[must_use]
    pub fn is_draining(&self) -> bool {
        self.draining.load(Ordering::Relaxed)
    }
}

/// Serves until `shutdown` completes, then: not ready; no new connections; requests get until `drain`
/// to end; what is left is closed.
///
/// # Errors
/// None today: a failed accept is logged and tried again.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    shutdown: impl Future<Output = ()>,
    drain: Duration,
) -> io::Result<()> {
    let running = Running::default();
    let server = Server {
        router: router.layer(Extension(running.clone())),
        running,
        finish: CancellationToken::new(),
        close: CancellationToken::new(),
    };
    server.accept(&listener, shutdown).await;

    let end = Instant::now() + drain;
    server.running.draining.store(true, Ordering::Relaxed);
    tracing::info!(connections = server.running.tasks.len(), "draining");
    server.accept(&listener, sleep(drain / NOTICE)).await;
    drop(listener);
    server.finish.cancel();
    server.running.tasks.close();
    if timeout_at(end, server.running.tasks.wait()).await.is_err() {
        tracing::warn!(left = server.running.tasks.len(), "closing what did not end in time");
    }
    server.close.cancel();
    Ok(())
}

struct Server {
    router: Router,
    running: Running,
    /// Connections end after the request that they are at.
    finish: CancellationToken,
    /// Connections end now.
    close: CancellationToken,
}

impl Server {
    async fn accept(&self, listener: &TcpListener, until: impl Future<Output = ()>) {
        let mut until = pin!(until);
        loop {
            let accepted = tokio::select! {
                biased;
                () = &mut until => return,
                accepted = listener.accept() => accepted,
            };
            match accepted {
                Ok((stream, peer)) => self.connect(stream, Peer(peer.ip())),
                Err(error) if concerns_one_connection(&error) => {}
                Err(error) => {
                    // Most often no file descriptor is left: time frees some.
                    tracing::error!(%error, "accept");
                    sleep(Duration::from_secs(1)).await;
                }
            }
        }
    }

    fn connect(&self, stream: TcpStream, peer: Peer) {
        let _ = stream.set_nodelay(true);
        let phase = Phase::default();
        let router = self.router.clone();
        let (finish, close) = (self.finish.clone(), self.close.clone());
        self.running.tasks.spawn(async move {
            let watched = TokioIo::new(Watched::new(stream, phase.clone()));
            let service =
                service_fn(move |request| respond(router.clone(), phase.clone(), peer, request));
            let mut http = http1::Builder::new();
            http.timer(TokioTimer::new())
                .header_read_timeout(IDLE_TIME)
                .max_header_size(HEADER_BYTES)
                .max_buf_size(BUFFER_BYTES);
            let mut connection = pin!(http.serve_connection(watched, service).with_upgrades());
            let ended = tokio::select! {
                biased;
                ended = &mut connection => ended,
                () = close.cancelled() => return,
                () = finish.cancelled() => {
                    connection.as_mut().graceful_shutdown();
                    tokio::select! {
                        ended = &mut connection => ended,
                        () = close.cancelled() => return,
                    }
                }
            };
            if let Err(error) = ended {
                tracing::debug!(%error, "connection");
            }
        });
    }
}

async fn respond(
    mut router: Router,
    phase: Phase,
    peer: Peer,
    mut request: axum::http::Request<Incoming>,
) -> Result<axum::response::Response, Infallible> {
    phase.set(Phase::ANSWERING);
    request.extensions_mut().insert(peer);
    let response = router.call(request.map(Body::new)).await?;
    // After an upgrade the stream is no longer HTTP: its reads have no time limit here.
    if response.status() != StatusCode::SWITCHING_PROTOCOLS {
        phase.set(Phase::IDLE);
    }
    Ok(response)
}

/// The address at the other end of the connection that a request came over.
#[derive(Debug, Clone, Copy)]
pub struct Peer(pub IpAddr);

/// What a connection is doing.
#[derive(Clone)]
struct Phase(Arc<AtomicU8>);

impl Phase {
    /// Between requests; hyper's own timer bounds it.
    const IDLE: u8 = 0;
    /// The head of a request is coming in, or should be: the connection is new.
    const HEAD: u8 = 1;
    const ANSWERING: u8 = 2;

    fn set(&self, phase: u8) {
        self.0.store(phase, Ordering::Relaxed);
    }

    fn get(&self) -> u8 {
        self.0.load(Ordering::Relaxed)
    }
}

impl Default for Phase {
    fn default() -> Self {
        Self(Arc::new(AtomicU8::new(Self::HEAD)))
    }
}

/// A stream that fails when a head takes too long from its first byte, or the client reads nothing.
struct Watched {
    stream: TcpStream,
    phase: Phase,
    head: Pin<Box<Sleep>>,
    write: Option<Pin<Box<Sleep>>>,
}

impl Watched {
    fn new(stream: TcpStream, phase: Phase) -> Self {
        Self { stream, phase, head: Box::pin(sleep(HEADER_TIME)), write: None }
    }

    /// Bounds the time in which nothing can be written.
    fn writing<T>(
        &mut self,
        context: &mut Context<'_>,
        written: Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.write = None;
            return written;
        }
        let timer = self.write.get_or_insert_with(|| Box::pin(sleep(WRITE_TIME)));
        timer.as_mut().poll(context).map(|()| Err(io::ErrorKind::TimedOut.into()))
    }
}

impl AsyncRead for Watched {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let before = buffer.filled().len();
        let read = Pin::new(&mut this.stream).poll_read(context, buffer);
        let has_bytes = buffer.filled().len() > before;
        if this.phase.get() == Phase::IDLE && has_bytes {
            this.phase.set(Phase::HEAD);
            this.head.as_mut().reset(Instant::now() + HEADER_TIME);
        }
        if this.phase.get() == Phase::HEAD && this.head.as_mut().poll(context).is_ready() {
            return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
        }
        read
    }
}

impl AsyncWrite for Watched {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let written = Pin::new(&mut this.stream).poll_write(context, bytes);
        this.writing(context, written)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let written = Pin::new(&mut this.stream).poll_write_vectored(context, parts);
        this.writing(context, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(context)
    }
}

fn concerns_one_connection(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionRefused
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionReset
    )
}
