//! What can go wrong, sorted by what the caller can do about it. A message here is safe to
//! show; whatever must not be shown is logged where it happens and becomes [`Error::Internal`].

use std::time::Duration;

use sea_orm::{DbErr, RuntimeErr};

use crate::language::Language;

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
    /// The figures that were asked for take longer to count than a request may.
    #[error(
        "These figures take long to count: they are counted in the background; ask again in half a \
         minute."
    )]
    BeingCounted,
    /// Another request changes the same rows right now.
    #[error("Another request changes the same right now: send it again as it is.")]
    Conflict,
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
            Self::Timeout | Self::BeingCounted => "TIMEOUT",
            Self::Conflict => "CONFLICT_IN_PROGRESS",
            Self::Internal => "INTERNAL_SERVER_ERROR",
        }
    }

    /// After how long the same request may succeed, where that is known.
    pub const fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Unavailable | Self::Timeout | Self::Conflict => Some(Duration::from_secs(1)),
            Self::BeingCounted => Some(Duration::from_secs(30)),
            _ => None,
        }
    }
}

impl Error {
    /// The message in a language. What a programmer must mend is told in English only.
    pub fn told(&self, language: Language) -> String {
        let english = self.to_string();
        let (russian, ukrainian) = match self {
            Self::BadInput(_) | Self::InvalidCursor => return english,
            Self::Forbidden(_) => (
                "Ваша роль этого не делает: обратитесь к тому, кому это поручено.",
                "Ваша роль цього не робить: зверніться до того, кому це доручено.",
            ),
            Self::Unauthenticated => (
                "Войдите: нужен действующий токен в заголовке Authorization.",
                "Увійдіть: потрібен чинний токен у заголовку Authorization.",
            ),
            Self::Unavailable => (
                "Служба занята или не достигает базы данных: повторите чуть позже.",
                "Служба зайнята або не досягає бази даних: повторіть трохи згодом.",
            ),
            Self::Timeout => (
                "Запрос длился слишком долго и остановлен: запросите меньше или повторите.",
                "Запит тривав надто довго й зупинений: запитайте менше або повторіть.",
            ),
            Self::BeingCounted => (
                "Эти числа считаются долго: счёт идёт в фоне, спросите снова через полминуты.",
                "Ці числа рахуються довго: лік іде у тлі, запитайте знову за пів хвилини.",
            ),
            Self::Conflict => (
                "Другой запрос сейчас меняет то же самое: отправьте ещё раз без изменений.",
                "Інший запит зараз змінює те саме: надішліть ще раз без змін.",
            ),
            Self::Internal => (
                "Ошибка на нашей стороне: повторите, а если останется, сообщите номер запроса.",
                "Помилка на нашому боці: повторіть, а якщо лишиться, повідомте номер запиту.",
            ),
        };
        language.choose(english, russian.to_owned(), ukrainian.to_owned())
    }
}

impl From<DbErr> for Error {
    fn from(error: DbErr) -> Self {
        // The database's text may quote values, so only its kind and its code are logged.
        let driver = driver_error(&error);
        let code = driver.and_then(|driver| driver.as_database_error()?.code());
        tracing::error!(kind = kind_of(&error), code = code.as_deref(), "database error");
        let is_lost = matches!(error, DbErr::ConnectionAcquire(_) | DbErr::Conn(_))
            || driver.is_some_and(is_connection_lost);
        match code {
            _ if is_lost => Self::Unavailable,
            Some(code) => by_code(&code),
            None => Self::Internal,
        }
    }
}

const fn is_connection_lost(error: &sqlx::Error) -> bool {
    use sqlx::Error::{Io, PoolClosed, PoolTimedOut, Tls, WorkerCrashed};
    matches!(error, Io(_) | Tls(_) | PoolTimedOut | PoolClosed | WorkerCrashed)
}

fn driver_error(error: &DbErr) -> Option<&sqlx::Error> {
    match error {
        DbErr::Exec(RuntimeErr::SqlxError(cause))
        | DbErr::Query(RuntimeErr::SqlxError(cause))
        | DbErr::Conn(RuntimeErr::SqlxError(cause)) => Some(cause),
        _ => None,
    }
}

/// What a driver's code means to the caller, whatever language the database speaks: PostgreSQL's
/// are five characters long, those of SQLite are shorter numbers.
/// <https://www.postgresql.org/docs/15/errcodes-appendix.html>, <https://www.sqlite.org/rescode.html>
fn by_code(code: &str) -> Error {
    match code {
        "57014" => Error::Timeout,
        // Two transactions that can't both go on; one of them may try again.
        "40001" | "40P01" | "55P03" => Error::Conflict,
        "25P03" | "57P01" | "57P02" | "57P03" | "57P05" => Error::Unavailable,
        // Lost connections, and a machine without room.
        _ if code.len() == 5 && (code.starts_with("08") || code.starts_with("53")) => {
            Error::Unavailable
        }
        _ => code.parse::<u32>().ok().filter(|_| code.len() < 5).map_or(Error::Internal, by_result),
    }
}

/// What a result code of SQLite means, extended or not.
const fn by_result(code: u32) -> Error {
    match code & 0xFF {
        // Busy, locked.
        5 | 6 => Error::Conflict,
        // Interrupted.
        9 => Error::Timeout,
        // Input or output failed, the disk is full, the file can't be opened.
        10 | 13 | 14 => Error::Unavailable,
        _ => Error::Internal,
    }
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

#[cfg(test)]
mod tests {
    use super::{Error, by_code};

    #[test]
    fn a_code_tells_what_to_do_in_any_language() {
        for (code, error) in [
            ("57014", Error::Timeout),
            ("40001", Error::Conflict),
            ("40P01", Error::Conflict),
            ("55P03", Error::Conflict),
            ("57P01", Error::Unavailable),
            ("08006", Error::Unavailable),
            ("53100", Error::Unavailable),
            ("53300", Error::Unavailable),
            ("23505", Error::Internal),
            ("42703", Error::Internal),
            ("5", Error::Conflict),
            ("517", Error::Conflict),
            ("262", Error::Conflict),
            ("13", Error::Unavailable),
            ("1555", Error::Internal),
            ("", Error::Internal),
        ] {
            assert_eq!(by_code(code), error, "{code}");
        }
    }
}
