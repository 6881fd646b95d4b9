//! Where figures come from: for each metric the rows that count, each with whom it counts, its keys and
//! the part of the whole that it is.

pub mod covered;
pub mod stock;
pub mod work;
mod nights;
mod programmes;
mod stays;
mod training;
mod waiting;

use std::collections::BTreeMap;

use entity::metric::{Dimension, MetricId};
use uuid::Uuid;

pub use self::nights::HELD;
use super::frame::Frame;
use super::question::Key;
use super::sql::Sql;
use crate::access::Session;
use crate::error::{Error, Result};

/// The rows that count: a table of `subject`, `part`, `weight` and the keys `k0`, `k1`, ... after some
/// common table expressions.
#[derive(Debug)]
pub struct Facts {
    /// `with ...`, all of it.
    pub sql: Sql,
    /// The table to select from.
    pub table: &'static str,
    /// Which of its rows count.
    pub pick: &'static str,
    /// How they count.
    pub weigh: Weigh,
}

/// How rows count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weigh {
    /// Each row that was picked is one subject, so that the parts add up to the subjects of all rows.
    Deciding,
    /// Each subject counts once.
    Subjects,
    /// Each row counts by its `weight`.
    Sum,
}

/// The part under which all subjects of all rows are counted, to check that the parts add up.
pub const WHOLE: &str = "*";

/// Where the rows of a metric come from.
#[derive(Debug)]
pub enum Source {
    /// The database counts them.
    Facts(Facts),
    /// They are counted here, since they go by local days or by chains.
    Events(Vec<Event>),
}

/// One thing that counts, of a source that is counted here.
#[derive(Clone, Debug)]
pub struct Event {
    /// Whom it is of.
    pub subject: Uuid,
    /// Under which keys.
    pub keys: Vec<Key>,
    /// Which part it is.
    pub part: String,
    /// How much.
    pub weight: i64,
}

impl Source {
    /// The rows that count for a metric.
    pub async fn of(session: &Session, frame: &Frame) -> Result<Self> {
        use MetricId as M;
        if let Some(facts) = Facts::of(session, frame) {
            return Ok(Self::Facts(facts));
        }
        Ok(Self::Events(match frame.metric {
            M::Admissions
            | M::Discharges
            | M::Moves
            | M::AverageLengthOfStay
            | M::BedDays
            | M::OccupancyRate
            | M::OccupancyOn
            | M::ReturnedToBirthFamilyRate
            | M::FamilyBasedExitRate
            | M::ReturnStability => stays::events(session, frame).await?,
            M::Waiting => waiting::waiting(session, frame).await?,
            M::IdentificationToVisit => waiting::first_visits(session, frame).await?,
            _ => return Err(Error::Internal),
        }))
    }

    /// How much of each part there is in each group.
    pub async fn tally(self, session: &Session, frame: &Frame) -> Result<Tally> {
        let mut tally = Tally::new();
        let mut add = |keys: Vec<Key>, part: String, number: i64| {
            *tally.entry(keys).or_default().entry(part).or_insert(0) += number;
        };
        match self {
            Self::Facts(facts) => {
                for row in session.figures(facts.count(frame).statement()).await? {
                    add(frame.read_keys(&row)?, row.try_get("", "part")?, row.try_get("", "n")?);
                }
            }
            Self::Events(events) => {
                for event in events {
                    add(event.keys, event.part, event.weight);
                }
            }
        }
        Ok(tally)
    }
}

/// How much of each part there is, in each group.
pub type Tally = BTreeMap<Vec<Key>, BTreeMap<String, i64>>;

impl Facts {
    /// The rows that count for a metric, where the database counts them.
    fn of(session: &Session, frame: &Frame) -> Option<Self> {
        use MetricId as M;
        Some(match frame.metric {
            M::FamiliesCovered
            | M::FamiliesOvercame
            | M::FamiliesContinuing
            | M::FamiliesOtherExits
            | M::FamiliesNew
            | M::FamiliesCarriedIn => covered::families(frame, false),
            M::FamiliesServed => covered::families(frame, true),
            M::ChildrenInCoveredFamilies => covered::children(frame, false),
            M::ChildrenInFamiliesServed => covered::children(frame, true),
            M::FamiliesOnRegister => stock::families(frame),
            M::ChildrenInFamiliesOnRegister => stock::children(frame),
            M::ChildrenOnRegister => stock::children_themselves(frame),
            M::ReEntries => work::re_entries(frame),
            M::ReEntryRate => work::re_entry_rate(frame),
            M::MeasuresDone => work::measures(frame, session),
            M::VisitsOnTime => work::visits(frame, session),
            M::ChildrenNotSeen => work::children_seen(frame),
            M::Caseload => work::caseload(frame),
            M::CaseloadChildren => work::caseload_children(frame),
            M::ProgrammeFunnel => programmes::funnel(frame),
            M::ProgrammeCompletionRate => programmes::completion(frame),
            M::PersonsServed => programmes::persons_served(frame),
            M::TrainingParticipants => training::participants(frame),
            _ => return None,
        })
    }

    /// Counts them, by keys and part: the keys, the part, the number.
    pub fn count(self, frame: &Frame) -> Sql {
        let keys = (0..frame.by.len()).fold(String::new(), |keys, no| format!("{keys}k{no}, "));
        let (mut sql, table, pick) = (self.sql, self.table, self.pick);
        let number = match self.weigh {
            Weigh::Deciding => "count(*)",
            Weigh::Subjects => "count(distinct subject)",
            Weigh::Sum => "sum(weight)",
        };
        sql.add(&format!(
            " select {keys}part, cast({number} as bigint) as n from {table} where {pick} \
             group by {keys}part"
        ));
        if self.weigh == Weigh::Deciding && !frame.by.iter().any(|by| is_decided(*by)) {
            let group = keys.trim_end_matches(", ");
            let group = if group.is_empty() { String::new() } else { format!(" group by {group}") };
            sql.add(&format!(
                " union all select {keys}'{WHOLE}' as part, \
                 cast(count(distinct subject) as bigint) as n from {table}{group}"
            ));
        }
        sql
    }

    /// The subjects of the rows that count under some keys, in one of some parts.
    pub fn subjects(self, frame: &Frame, keys: &[Key], parts: &[String]) -> Sql {
        let (mut sql, table, pick) = (self.sql, self.table, self.pick);
        sql.add(&format!(" select subject from {table} where {pick}"));
        for (no, key) in keys.iter().enumerate().take(frame.by.len()) {
            match key {
                Key::Id(id) => sql.bind(&format!(" and k{no} = ?"), [(*id).into()]),
                Key::Code(code) => sql.bind(&format!(" and k{no} = ?"), [code.as_str().into()]),
                Key::None => sql.add(&format!(" and k{no} is null")),
            };
        }
        if !parts.is_empty() {
            sql.add(" and ").one_of_codes("part", parts);
        }
        sql
    }
}

/// Whether a dimension goes by what decided, not by what is counted: the rows of one subject are then
/// not counted once under each of its keys.
pub const fn is_decided(dimension: Dimension) -> bool {
    matches!(dimension, Dimension::ClosureClass | Dimension::Month | Dimension::Outcome)
}
