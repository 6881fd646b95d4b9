//! Ids as clients see them: a prefix that says what they name, and a UUID as 32 hex digits.

use async_graphql::ID;
use uuid::Uuid;

use crate::error::{Error, Result};

macro_rules! kinds {
    ($($kind:ident = $prefix:literal),+ $(,)?) => {
        /// What an id names.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[expect(missing_docs, reason = "each kind is the type of the same name")]
        pub enum Kind { $($kind),+ }

        impl Kind {
            /// The prefix of such ids.
            pub const fn prefix(self) -> &'static str {
                match self { $(Self::$kind => $prefix),+ }
            }

            fn of_prefix(prefix: &str) -> Option<Self> {
                match prefix { $($prefix => Some(Self::$kind),)+ _ => None }
            }
        }
    };
}

kinds! {
    Area = "area",
    Organisation = "organisation",
    Worker = "worker",
    ApiClient = "client",
    Person = "person",
    Child = "child",
    Family = "family",
    FamilyMember = "member",
    PersonIdentifier = "identifier",
    Relationship = "relationship",
    LegalStatus = "legalstatus",
    Register = "register",
    RegisterEntry = "entry",
    Decision = "decision",
    ConcernReport = "report",
    Case = "case",
    Episode = "episode",
    Assignment = "assignment",
    CaseNote = "note",
    Assessment = "assessment",
    Plan = "plan",
    Goal = "goal",
    Measure = "measure",
    ServiceType = "servicetype",
    Service = "service",
    Visit = "visit",
    Centre = "centre",
    Unit = "unit",
    CapacityPeriod = "capacity",
    Placement = "placement",
    PlacementBreach = "breach",
    Absence = "absence",
    Programme = "programme",
    BudgetLine = "budgetline",
    Availability = "availability",
    EligibilityRule = "rule",
    Stage = "stage",
    StageEvent = "stageevent",
    Intake = "intake",
    Enrolment = "enrolment",
    TrainingEvent = "training",
    Consent = "consent",
    Referral = "referral",
    Transfer = "transfer",
    Snapshot = "snapshot",
    Task = "task",
    BreakGlass = "breakglass",
    AuditEvent = "event",
}

impl Kind {
    /// The id of a row.
    pub fn id(self, uuid: Uuid) -> ID {
        ID(format!("{}_{}", self.prefix(), uuid.simple()))
    }

    /// The row that an id names, which must be of this kind.
    pub fn parse(self, id: &ID) -> Result<Uuid> {
        match parse(id) {
            Ok((kind, uuid)) if kind == self => Ok(uuid),
            _ => Err(Error::BadInput(format!(
                "`{}` is not what is expected here: expected a {} id, as `{}_` and 32 hex digits.",
                excerpt(id),
                self.prefix(),
                self.prefix()
            ))),
        }
    }

    /// The person that an id names, as a person or in the role of a child.
    pub fn parse_person(id: &ID) -> Result<Uuid> {
        match parse(id) {
            Ok((Self::Child, uuid)) => Ok(uuid),
            _ => Self::Person.parse(id),
        }
    }

    /// The rows that ids name, which must all be of this kind; at most 100.
    pub fn parse_all(self, ids: Option<Vec<ID>>) -> Result<Option<Vec<Uuid>>> {
        let Some(ids) = ids else { return Ok(None) };
        if ids.len() > MOST_IDS {
            return Err(Error::BadInput(format!("A list here holds at most {MOST_IDS} ids.")));
        }
        ids.iter().map(|id| self.parse(id)).collect::<Result<_>>().map(Some)
    }
}

/// The person that an id names, as a person or as a child.
pub fn parse_person(id: &ID) -> Result<Uuid> {
    match parse(id) {
        Ok((Kind::Child, uuid)) => Ok(uuid),
        _ => Kind::Person.parse(id),
    }
}

/// How many ids an argument may hold.
pub const MOST_IDS: usize = 100;

/// What an id names, and which.
pub fn parse(id: &ID) -> Result<(Kind, Uuid)> {
    id.split_once('_')
        .filter(|(_, hex)| hex.len() == 32 && hex.bytes().all(|byte| byte.is_ascii_hexdigit()))
        .and_then(|(prefix, hex)| Some((Kind::of_prefix(prefix)?, Uuid::try_parse(hex).ok()?)))
        .ok_or_else(|| {
            Error::BadInput(format!(
                "`{}` is not an id: expected a prefix, `_` and 32 hex digits, \
                 as in `family_0190c0de...`.",
                excerpt(id)
            ))
        })
}

/// As much of an id as an error may repeat.
fn excerpt(id: &ID) -> String {
    id.chars().filter(|char| !char.is_control()).take(60).collect()
}
