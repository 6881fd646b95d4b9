//! The writer of what is read: one task for all requests of a process. While one insert runs, the next
//! batch gathers; each request waits until what it shows is written, and shows nothing if it can't be.

use std::time::Duration;

use sea_orm::{DatabaseConnection, DbErr};
use tokio::sync::{mpsc, oneshot};

use super::insert::{Readings, insert};
use super::{Asker, together};
use crate::access::session::Session;
use crate::error::{Error, Result};

/// Where requests leave what they are about to show.
#[derive(Clone, Debug)]
pub enum Audit {
    /// It is written before it is shown.
    On(Writer),
    /// Nothing is written. No service runs like this: it is what the cost of the audit is measured
    /// against.
    Off,
}

/// The shared writer.
#[derive(Clone, Debug)]
pub struct Writer(mpsc::UnboundedSender<Ticket>);

/// One request's readings, and where it waits for word of them; without readings, it only waits for
/// those before it.
#[derive(Debug)]
struct Ticket {
    readings: Option<Readings>,
    written: oneshot::Sender<Result<()>>,
}

/// Most requests whose readings go into one insert.
const MOST_TICKETS: usize = 128;
/// How long an insert may take, below the deadline of an operation.
const INSERT_TIME: Duration = Duration::from_secs(6);

impl Audit {
    /// Starts a writer, which lives as long as somebody may leave something with it.
    pub fn start(database: DatabaseConnection) -> Self {
        let (sender, receiver) = mpsc::unbounded_channel();
        tokio::spawn(write(database, receiver));
        Self::On(Writer(sender))
    }

    /// Writes what a request is about to show; if it can't be written, nothing may be shown.
    pub async fn record(&self, session: &Session) -> Result<()> {
        let shown = session.notes().take();
        let Self::On(writer) = self else { return Ok(()) };
        if shown.is_empty() {
            return Ok(());
        }
        let readings = Readings { asker: Asker::of(session), shown: together(shown) };
        writer.leave(Some(readings)).await.map_err(|_| {
            tracing::error!(request_id = %session.request_id(), "the audit can't be written");
            Error::Unavailable
        })
    }

    /// Waits until what was left so far is written, or can't be.
    pub async fn flush(&self) {
        if let Self::On(writer) = self {
            let _ = writer.leave(None).await;
        }
    }
}

impl Writer {
    async fn leave(&self, readings: Option<Readings>) -> Result<()> {
        let (written, word) = oneshot::channel();
        self.0.send(Ticket { readings, written }).map_err(|_| Error::Unavailable)?;
        word.await.unwrap_or(Err(Error::Unavailable))
    }
}

/// Writes whatever waits as soon as it is free.
async fn write(database: DatabaseConnection, mut receiver: mpsc::UnboundedReceiver<Ticket>) {
    let mut tickets = Vec::new();
    while receiver.recv_many(&mut tickets, MOST_TICKETS).await > 0 {
        let together: Vec<&Readings> =
            tickets.iter().filter_map(|ticket| ticket.readings.as_ref()).collect();
        let outcome = attempt(&database, &together).await;
        let is_one_to_blame = outcome == Err(Error::Internal) && tickets.len() > 1;
        for Ticket { readings, written } in tickets.drain(..) {
            // What one request may have spoilt is no reason to refuse the others.
            let outcome = match &readings {
                Some(readings) if is_one_to_blame => attempt(&database, &[readings]).await,
                _ => outcome.clone(),
            };
            // Who went away meanwhile shows nothing.
            let _ = written.send(outcome);
        }
    }
}

/// One insert, within its time. That it can't be written is all that a client is told.
async fn attempt(database: &DatabaseConnection, requests: &[&Readings]) -> Result<()> {
    let outcome: Result<(), Option<DbErr>> =
        match tokio::time::timeout(INSERT_TIME, insert(database, requests)).await {
            Ok(written) => written.map_err(Some),
            Err(_) => Err(None),
        };
    outcome.map_err(|failure| match failure.map(Error::from) {
        Some(Error::Internal) => Error::Internal,
        _ => Error::Unavailable,
    })
}
