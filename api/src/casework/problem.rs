//! What a person can act on when a mutation is refused: a code, a place in the input, and a
//! message in their language; and the three ways in which a verb stops short.

use sea_orm::{DbErr, SqlErr};
use uuid::Uuid;

use super::search::MatchReason;
use super::state::Machine;
use super::wording::Text;
use crate::error::Error;
use crate::language::Language;

/// The code of a problem, for programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each is described where the schema declares it")]
pub enum Code {
    Required,
    Invalid,
    InvalidFormat,
    OutOfRange,
    TooLong,
    TooManyItems,
    NotFound,
    AlreadyExists,
    InvalidStateTransition,
    VersionConflict,
    IdempotencyKeyReused,
    DependencyFailed,
    ConsentRequired,
    PermissionDenied,
    CapacityExceeded,
    NotEligible,
    NotAvailableInArea,
    DuplicateSuspected,
    ApproverIsRequester,
}

/// Why a mutation did nothing, as its caller can act on it.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    /// Where in the input, from `input` on.
    pub path: Vec<String>,
    /// What is wrong and what to do.
    pub text: Text,
    /// What some problems tell besides.
    pub detail: Detail,
}

/// What some problems tell besides.
#[derive(Clone, Debug, PartialEq)]
pub enum Detail {
    /// Nothing.
    None,
    /// What the row is now.
    Version {
        /// The kind of row, by the prefix of its ids.
        kind: &'static str,
        /// The row.
        id: Uuid,
        /// Its version.
        current: i32,
        /// The fields whose value is another than the one sent.
        fields: Vec<String>,
    },
    /// Where it may go instead.
    Transition {
        /// The statuses, as the schema spells them.
        allowed: Vec<String>,
    },
    /// Known persons and families that look alike, best first.
    Duplicates(Vec<Suspect>),
    /// How many places are left, of those that were asked for.
    Capacity {
        /// Places that nobody holds.
        available: i32,
        /// Whether who finds no place may wait for one.
        waiting_list_open: bool,
    },
    /// That a consent is to be recorded first.
    Consent,
}

/// A person or a family that looks like the one to be recorded.
#[derive(Clone, Debug, PartialEq)]
pub struct Suspect {
    /// The person, unless the family itself looks alike.
    pub person_id: Option<Uuid>,
    /// The family.
    pub family_id: Option<Uuid>,
    /// How sure, from 0 to 100.
    pub score: i32,
    /// Why.
    pub reasons: Vec<MatchReason>,
}

impl Problem {
    /// A problem at a place in the input, as a path with dots: `input.familyId`.
    pub fn at(path: &str, text: impl Into<Text>) -> Self {
        let path = path.split('.').map(str::to_owned).collect();
        Self { path, text: text.into(), detail: Detail::None }
    }

    /// A row that does not exist, or that the viewer may not see: the two look the same.
    pub fn not_found(path: &str) -> Self {
        Self::at(path, Text::NotFound)
    }

    /// A move that a machine does not have.
    pub fn transition(path: &str, from: String, to: String, allowed: Vec<String>) -> Self {
        let told = if allowed.is_empty() { "-".to_owned() } else { allowed.join(", ") };
        let text = Text::Transition { from, to, told };
        Self { detail: Detail::Transition { allowed }, ..Self::at(path, text) }
    }

    /// That no place is free.
    pub fn no_place(path: &str, available: i32, waiting_list_open: bool) -> Self {
        Self::at(path, Text::NoPlaceFree).with_places(available, waiting_list_open)
    }

    /// This problem, telling how many places are free and whether one may wait for one.
    #[must_use]
    pub fn with_places(self, available: i32, waiting_list_open: bool) -> Self {
        Self { detail: Detail::Capacity { available, waiting_list_open }, ..self }
    }

    /// This problem, naming where what stands in a status may go.
    #[must_use]
    pub fn from_where<S: Machine>(self, status: S) -> Self {
        Self { detail: Detail::Transition { allowed: status.allowed_names() }, ..self }
    }

    /// Its code.
    pub const fn code(&self) -> Code {
        self.text.code()
    }

    /// Its message.
    pub fn message(&self, language: Language) -> String {
        self.text.told(language)
    }
}

/// Why a verb stopped before its change was lasting.
#[derive(Clone, Debug)]
pub enum Halt {
    /// Something that no change of the input mends, or a fault.
    Failed(Error),
    /// What the caller can act on; nothing was changed.
    Refused(Vec<Problem>),
    /// The same was done before: the row that came of it.
    Replayed(Uuid),
}

impl From<Error> for Halt {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

impl From<Problem> for Halt {
    fn from(problem: Problem) -> Self {
        Self::Refused(vec![problem])
    }
}

/// What the names of indexes begin with that only a race can reach.
const RACES: [&str; 3] = ["uq_placement_", "uq_enrolment_", "uq_transfer_"];

/// A unique index that fires is a race lost to somebody else, or an id that is taken; neither
/// says whose row it is. Whoever loses a race for a person's place tries again, and is told by the
/// verb what is in the way.
impl From<DbErr> for Halt {
    fn from(error: DbErr) -> Self {
        match error.sql_err() {
            Some(SqlErr::UniqueConstraintViolation(index))
                if RACES.iter().any(|race| index.contains(race)) =>
            {
                Self::Failed(Error::Conflict)
            }
            Some(SqlErr::UniqueConstraintViolation(_)) => {
                Problem::at("input", Text::AlreadyExists).into()
            }
            _ => Self::Failed(error.into()),
        }
    }
}
