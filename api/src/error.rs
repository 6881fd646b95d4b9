//! What can go wrong, sorted by what the caller can do about it. A message here is safe to
//! show; whatever must not be shown is logged where it happens and becomes [`Error::Internal`].

use std::time::Duration;

use sea_orm::DbErr;

/// A failure of a request. Cheap to clone, because a batch hands it to every waiter.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// No token, or one that is not accepted; why is never told.
    #[error("Sign in: send a valid access token as `Authorization: Bearer <token>`.")]
    Unauthenticated,
    /// The viewer's role never does this.
    #[error("Your role never does this: {0}.")]
    Forbidden(&'static str),
    /// The request can't be understood as it is.
    #[error("{0}")]
    BadInput(String),
    /// A cursor that this server did not make, or not for this list.
    #[error(
        "The cursor does not belong to this list, filter and order: start again without `after`."
    )]
    InvalidCursor,
    /// Too much work at once, or the database can't be reached.
    #[error("The service is busy or can't reach its database: try again shortly.")]
    Unavailable,
    /// The work took longer than a request may.
    #[error("The request took too long and was stopped: ask for less, or try again.")]
    Timeout,
    /// A defect or a fault of ours; the cause is in the log under the request's id.
    #[error("Something went wrong on our side: try again, and report the request id if it stays.")]
    Internal,
}

/// The result of nearly everything.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// The code that a client's program reads.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unauthenticated => "UNAUTHENTICATED",
            Self::Forbidden(_) => "FORBIDDEN",
            Self::BadInput(_) => "BAD_USER_INPUT",
            Self::InvalidCursor => "INVALID_CURSOR",
            Self::Unavailable => "SERVICE_UNAVAILABLE",
            Self::Timeout => "TIMEOUT",
            Self::Internal => "INTERNAL_SERVER_ERROR",
        }
    }

    /// After how long the same request may succeed, where that is known.
    pub const fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Unavailable | Self::Timeout => Some(Duration::from_secs(1)),
            _ => None,
        }
    }
}

impl From<DbErr> for Error {
    fn from(error: DbErr) -> Self {
        // The database's text may quote values, so only its kind is logged.
        tracing::error!(kind = kind_of(&error), "database error");
        match &error {
            DbErr::ConnectionAcquire(_) | DbErr::Conn(_) => Self::Unavailable,
            DbErr::Exec(cause) | DbErr::Query(cause) => sorted(&cause.to_string()),
            _ => Self::Internal,
        }
    }
}

/// What a driver's error means to the caller.
fn sorted(text: &str) -> Error {
    if text.contains("statement timeout") {
        Error::Timeout
    } else if is_connection_lost(text) {
        Error::Unavailable
    } else {
        Error::Internal
    }
}

/// Whether a driver's error means that the database went away, not that a statement is wrong.
fn is_connection_lost(text: &str) -> bool {
    const SIGNS: [&str; 9] = [
        "lock timeout",
        "communicating with database",
        "terminating connection",
        "the database system is",
        "connection refused",
        "Connection refused",
        "PoolClosed",
        "pool timed out",
        "database is locked",
    ];
    text.contains("closed") && text.contains("pool") || SIGNS.iter().any(|sign| text.contains(sign))
}

const fn kind_of(error: &DbErr) -> &'static str {
    match error {
        DbErr::ConnectionAcquire(_) => "acquire",
        DbErr::Conn(_) => "connect",
        DbErr::Exec(_) => "execute",
        DbErr::Query(_) => "query",
        DbErr::Type(_) | DbErr::Json(_) | DbErr::TryIntoErr { .. } => "decode",
        _ => "other",
    }
}
