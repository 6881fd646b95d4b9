//! Numbers that explain themselves: what is measured, by which definition, as of when, broken down by
//! what, and checked against what. Figures are of the work that the viewer counts
//! ([`counted`]).

pub mod definition;
pub mod figure;
mod frame;
pub mod naming;
pub mod publishing;
pub mod question;
mod release;
pub mod report;
pub mod rollup;
pub mod rows;
pub mod snapshot;
pub mod source;
mod sql;
pub mod suppression;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use entity::membership::Role;
use entity::metric::{Dimension, MetricId};
use sea_orm::ActiveEnum;
use sha2::{Digest, Sha256};

use self::definition::Definition;
use self::figure::{Figure, Parts};
use self::frame::Frame;
use self::naming::Names;
use self::question::{Filter, Key, Period, Question};
use self::source::{Source, Tally, WHOLE, is_decided};
use crate::access::policy::Action;
use crate::access::scope::{Counted, counted};
use crate::access::{Row, Session};
use crate::error::{Error, Result};

/// A result, with all that explains it.
#[derive(Clone, Debug)]
pub struct Answer {
    /// What was asked.
    pub question: Question,
    /// What was recorded later doesn't count.
    pub as_of: DateTime<Utc>,
    /// The same, where the result was kept and not computed for this very question.
    pub fresh_as_of: Option<DateTime<Utc>>,
    /// Whether the period was not over then.
    pub is_provisional: bool,
    /// Everything together: each subject once.
    pub total: Figure,
    /// One line for each group, by its keys.
    pub lines: Vec<Line>,
    /// What the figures were checked against, each in the total and in every line.
    pub identities: Vec<String>,
}

/// One group of a result.
#[derive(Clone, Debug)]
pub struct Line {
    /// One key for each dimension.
    pub keys: Vec<Key>,
    /// Its figure.
    pub figure: Figure,
}

/// That covered families are those that overcame, those that continue, and the others.
const OUTCOMES: &str =
    "FAMILIES_COVERED = FAMILIES_OVERCAME + FAMILIES_CONTINUING + FAMILIES_OTHER_EXITS";
/// That the work with covered families began in the period or before it.
const ENTRIES: &str = "FAMILIES_COVERED = FAMILIES_NEW + FAMILIES_CARRIED_IN";

/// What answers a question, with the names of the rows that keys are of, and with the published report that
/// it is read from, if it is.
pub type Answered = (Answer, Names, Option<Row<entity::snapshot::Model>>);

/// Answers a question about the work that the viewer counts; an analyst's from what was published.
pub async fn answer(session: &Session, question: &Question) -> Result<Answered> {
    session.may(Action::ReadMetrics)?;
    question.check(session)?;
    if session.viewer().role == Role::Analyst {
        let (answer, names, snapshot) = self::snapshot::published(session, question).await?;
        return Ok((answer, names, Some(snapshot)));
    }
    let counted = counted(session.viewer());
    let answer = Reckoning::of(session, counted, question.as_of).answer(question).await?;
    let names = naming::of_rows(session, &answer).await?;
    Ok((answer, names, None))
}

/// Several results of one moment: what was counted for one is not counted again for another.
pub(crate) struct Reckoning<'s> {
    session: &'s Session,
    counted: Counted,
    as_of: DateTime<Utc>,
    kept: HashMap<(MetricId, Period, Filter, Vec<Dimension>), Tally>,
}

impl<'s> Reckoning<'s> {
    /// Results of some work, as of a moment, or now.
    fn of(session: &'s Session, counted: Counted, as_of: Option<DateTime<Utc>>) -> Self {
        let as_of = as_of.unwrap_or_else(|| session.now());
        Self { session, counted, as_of, kept: HashMap::new() }
    }

    /// The moment.
    const fn as_of(&self) -> DateTime<Utc> {
        self.as_of
    }

    /// A result: what is kept of it, unless it is asked as of a moment or nothing is kept.
    async fn answer(&mut self, question: &Question) -> Result<Answer> {
        if question.as_of.is_some() || rollup::keeps(self.session).is_none() {
            return self.compute(question).await;
        }
        if let Some(kept) = rollup::read(self.session, question, &self.counted).await? {
            return Ok(kept);
        }
        let answer = self.compute(question).await?;
        rollup::keep(self.session, &answer, &self.counted).await?;
        Ok(Answer { fresh_as_of: Some(answer.as_of), ..answer })
    }

    /// Computes a result from the rows.
    async fn compute(&mut self, question: &Question) -> Result<Answer> {
        let frame = question.frame(self.session, self.counted.clone(), self.as_of);
        let whole = Frame { by: Vec::new(), ..frame.clone() };
        let total = self.figures(&whole).await?.remove(&Vec::new()).unwrap_or_default();
        let groups =
            if frame.by.is_empty() { BTreeMap::new() } else { self.figures(&frame).await? };
        let lines = groups.into_iter().map(|(keys, figure)| Line { keys, figure }).collect();
        Ok(Answer {
            question: question.clone(),
            as_of: self.as_of,
            fresh_as_of: None,
            is_provisional: self.as_of < frame.until_at,
            total,
            lines,
            identities: identities_of(question),
        })
    }

    /// The figures of the groups of a frame.
    async fn figures(&mut self, frame: &Frame) -> Result<BTreeMap<Vec<Key>, Figure>> {
        let definition = definition::of(frame.metric);
        let bases = self.bases(frame, definition).await?;
        let tally = self.tally(frame).await?;
        let mut keys: BTreeSet<&Vec<Key>> = tally.keys().collect();
        keys.extend(bases.iter().flat_map(BTreeMap::keys));
        let nothing = Parts::new();
        let reading = definition.reading_by(&frame.by);
        let figure = |key: &Vec<Key>| {
            let parts = tally.get(key).unwrap_or(&nothing);
            let base = bases.as_ref().map(|bases| bases.get(key).copied().unwrap_or(0));
            (key.clone(), Figure::read(reading, parts, base))
        };
        let all = keys.into_iter().map(figure);
        if frame.by.iter().any(|by| is_decided(*by)) {
            // Groups by what decided are parts of the whole themselves, and no wholes of their own.
            let told = all.filter(|(_, figure)| figure.value != 0);
            return Ok(told.map(|(key, figure)| (key, Figure { base: None, ..figure })).collect());
        }
        Ok(all.filter(|(_, figure)| figure.says_something(reading)).collect())
    }

    /// The value of the base in each group, where there is one that can be broken down alike.
    async fn bases(
        &mut self,
        frame: &Frame,
        definition: &Definition,
    ) -> Result<Option<BTreeMap<Vec<Key>, i64>>> {
        let Some(base) = definition.base.map(definition::of) else { return Ok(None) };
        let has = |dimension: &Dimension| base.has(*dimension);
        if !frame.by.iter().all(has) || !frame.filter.dimensions().iter().all(has) {
            return Ok(None);
        }
        let frame = Frame { metric: base.id, ..frame.clone() };
        let tally = self.tally(&frame).await?;
        let value = |parts: &Parts| Figure::read(base.reading, parts, None).value;
        Ok(Some(tally.iter().map(|(key, parts)| (key.clone(), value(parts))).collect()))
    }

    /// Counts the parts of each group, unless that was done, and refuses to tell them if they don't add
    /// up.
    async fn tally(&mut self, frame: &Frame) -> Result<&Tally> {
        let period = Period { since: frame.since, through: frame.through };
        let key = (counted_as(frame), period, frame.filter.clone(), frame.by.clone());
        if !self.kept.contains_key(&key) {
            let tally = added_up(self.session, frame).await?;
            self.kept.insert(key.clone(), tally);
        }
        self.kept.get(&key).ok_or(Error::Internal)
    }
}

/// The metric under which a tally is kept: several metrics read theirs off the same one.
fn counted_as(frame: &Frame) -> MetricId {
    use MetricId as M;
    match frame.metric {
        M::FamiliesOvercame
        | M::FamiliesContinuing
        | M::FamiliesOtherExits
        | M::FamiliesNew
        | M::FamiliesCarriedIn
            if !frame.by.contains(&Dimension::Month) =>
        {
            M::FamiliesCovered
        }
        M::FamilyBasedExitRate => M::ReturnedToBirthFamilyRate,
        metric => metric,
    }
}

/// What a result is checked against.
fn identities_of(question: &Question) -> Vec<String> {
    use MetricId as M;
    let identities: &[&str] = match question.metric {
        _ if question.by.iter().any(|by| is_decided(*by)) => &[],
        M::FamiliesCovered | M::FamiliesServed => &[OUTCOMES, ENTRIES],
        M::FamiliesOvercame | M::FamiliesContinuing | M::FamiliesOtherExits => &[OUTCOMES],
        M::FamiliesNew | M::FamiliesCarriedIn => &[ENTRIES],
        _ => &[],
    };
    identities.iter().map(|identity| (*identity).to_owned()).collect()
}

/// Counts the parts of each group, and refuses to tell them if they don't add up.
async fn added_up(session: &Session, frame: &Frame) -> Result<Tally> {
    let mut tally = Source::of(session, frame).await?.tally(session, frame).await?;
    for (keys, parts) in &mut tally {
        let Some(whole) = parts.remove(WHOLE) else { continue };
        let sum: i64 = parts.values().sum();
        if sum != whole {
            let metric = frame.metric.to_value();
            tracing::error!(metric, ?keys, sum, whole, "the parts of a metric don't add up");
            return Err(Error::Internal);
        }
    }
    Ok(tally)
}

/// The SHA-256 of a text, in hex.
fn sha256(text: &str) -> String {
    Sha256::digest(text).iter().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"))
}
