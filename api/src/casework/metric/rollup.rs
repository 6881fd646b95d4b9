//! Results that are kept where computing them takes long: each is exact as of the moment that it tells, and
//! is computed anew in the background. Whoever asks as of a moment of their own gets it from the rows. A
//! question is noted before it is answered: what takes longer than a request may is computed in the background
//! as well, and those who ask meanwhile are told so.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use entity::metric::{Dimension, MetricId};
use entity::rollup;
use sea_orm::{ActiveEnum, DbErr};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::definition;
use super::figure::Figure;
use super::question::{Filter, Key, Period, Question};
use super::{Answer, Line, Reckoning, sha256};
use crate::access::Session;
use crate::access::scope::Counted;
use crate::error::{Error, Result};

/// For how long results are computed anew that nobody asks for.
const KEPT_FOR: TimeDelta = TimeDelta::days(7);
/// What is noted of a result and was not computed in this time takes longer than a request may.
const TOO_LONG: TimeDelta = TimeDelta::seconds(10);
/// How often it is noted that somebody asks.
const NOTED_EVERY: TimeDelta = TimeDelta::hours(1);

/// A question with whose work it is about, as it is kept.
#[derive(Debug, Serialize, Deserialize)]
struct Asked {
    metric: String,
    version: i32,
    since: NaiveDate,
    through: NaiveDate,
    by: Vec<String>,
    area: Option<Uuid>,
    organisation: Option<Uuid>,
    programme: Option<Uuid>,
    centre: Option<Uuid>,
    codes: Vec<(String, Vec<String>)>,
    counted: Counted,
}

/// The figures of a result, as they are kept.
#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    total: Figure,
    lines: Vec<(Vec<Key>, Figure)>,
}

const CODED: [Dimension; 4] =
    [Dimension::Sex, Dimension::AgeBand, Dimension::Grounds, Dimension::SupportLevel];

impl Asked {
    fn of(question: &Question, counted: &Counted) -> Self {
        let filter = &question.filter;
        let code = |dimension: &Dimension| Some((dimension.to_value(), filter.codes(*dimension)?));
        Self {
            metric: question.metric.to_value(),
            version: definition::of(question.metric).version,
            since: question.period.since,
            through: question.period.through,
            by: question.by.iter().map(ActiveEnum::to_value).collect(),
            area: filter.area,
            organisation: filter.organisation,
            programme: filter.programme,
            centre: filter.centre,
            codes: CODED.iter().filter_map(code).collect(),
            counted: counted.clone(),
        }
    }

    /// The question; none if it is of a metric or a version that is no more.
    fn question(&self) -> Option<Question> {
        let metric = MetricId::try_from_value(&self.metric).ok()?;
        let by = self.by.iter().map(|by| Dimension::try_from_value(by).ok());
        Some(Question {
            metric,
            period: Period { since: self.since, through: self.through },
            by: by.collect::<Option<_>>()?,
            filter: Filter {
                area: self.area,
                organisation: self.organisation,
                programme: self.programme,
                centre: self.centre,
                sex_in: self.codes(Dimension::Sex).ok()?,
                age_band_in: self.codes(Dimension::AgeBand).ok()?,
                grounds_in: self.codes(Dimension::Grounds).ok()?,
                support_level_in: self.codes(Dimension::SupportLevel).ok()?,
            },
            as_of: None,
        })
        .filter(|_| definition::of(metric).version == self.version)
    }

    fn codes<E: ActiveEnum<Value = String>>(
        &self,
        dimension: Dimension,
    ) -> Result<Option<Vec<E>>, DbErr> {
        let found = self.codes.iter().find(|(name, _)| *name == dimension.to_value());
        let Some((_, codes)) = found else { return Ok(None) };
        codes.iter().map(E::try_from_value).collect::<Result<_, _>>().map(Some)
    }

    fn text(&self) -> Result<String> {
        serde_json::to_string(self).map_err(|_| Error::Internal)
    }
}

/// The result that is kept for a question: its figures, and the moment that they are of. The first time, the
/// question is noted. An error if it was noted before, and computing it took too long.
pub(super) async fn read(
    session: &Session,
    question: &Question,
    counted: &Counted,
) -> Result<Option<Answer>> {
    let asked = Asked::of(question, counted).text()?;
    let Some(row) = session.rolled_up(&sha256(&asked)).await? else {
        let (id, now) = (sha256(&asked), session.now());
        let as_of = DateTime::UNIX_EPOCH;
        let noted =
            rollup::Model { id, question: asked, as_of, asked_at: now, content: String::new() };
        forgive(session.roll_up(noted).await);
        return Ok(None);
    };
    if row.content.is_empty() && session.now() - row.asked_at > TOO_LONG {
        return Err(Error::BeingCounted);
    }
    let Ok(kept) = serde_json::from_str::<Kept>(&row.content) else { return Ok(None) };
    let as_of = row.as_of;
    if session.now() - row.asked_at > NOTED_EVERY {
        let noted = session.roll_up(rollup::Model { asked_at: session.now(), ..row }).await;
        forgive(noted);
    }
    let line = |(keys, figure)| Line { keys, figure };
    Ok(Some(Answer {
        question: question.clone(),
        as_of,
        fresh_as_of: Some(as_of),
        is_provisional: as_of < session.end_of(question.period.through),
        total: kept.total,
        lines: kept.lines.into_iter().map(line).collect(),
        identities: super::identities_of(question),
    }))
}

/// Keeps a result.
pub(super) async fn keep(session: &Session, answer: &Answer, counted: &Counted) -> Result<()> {
    let question = Asked::of(&answer.question, counted).text()?;
    let row = rollup::Model {
        id: sha256(&question),
        question,
        as_of: answer.as_of,
        asked_at: session.now(),
        content: content(answer)?,
    };
    forgive(session.roll_up(row).await);
    Ok(())
}

fn content(answer: &Answer) -> Result<String> {
    let lines = answer.lines.iter().map(|line| (line.keys.clone(), line.figure)).collect();
    serde_json::to_string(&Kept { total: answer.total, lines }).map_err(|_| Error::Internal)
}

/// What can't be kept is computed again: nobody's question fails for it.
fn forgive(kept: Result<()>) {
    if let Err(error) = kept {
        tracing::warn!(%error, "a result of a metric could not be kept");
    }
}

/// Computes anew what is older than some time, and throws away what nobody asks for: how many results were
/// computed. `progress` is told how many are done, and of how many. One that fails keeps its old figures, and
/// the others are computed all the same; then it is an error.
pub async fn rebuild(
    session: &Session,
    older_than: TimeDelta,
    progress: impl Fn(usize, usize),
) -> Result<usize> {
    let now = session.now();
    session.forget_rollups(now - KEPT_FOR).await?;
    let rows = session.rollups(now - KEPT_FOR).await?;
    let stale: Vec<_> = rows.into_iter().filter(|row| now - row.as_of >= older_than).collect();
    let mut reckonings: HashMap<Counted, Reckoning<'_>> = HashMap::new();
    let mut failed = None;
    for (done, row) in stale.iter().enumerate() {
        progress(done, stale.len());
        let asked: Option<Asked> = serde_json::from_str(&row.question).ok();
        let Some(asked) = asked else { continue };
        let Some(question) = asked.question() else { continue };
        let fresh = || Reckoning::of(session, asked.counted.clone(), Some(now));
        let reckoning = reckonings.entry(asked.counted.clone()).or_insert_with(fresh);
        let computed = async {
            let content = content(&reckoning.compute(&question).await?)?;
            session.roll_up(rollup::Model { as_of: now, content, ..row.clone() }).await
        };
        if let Err(error) = computed.await {
            tracing::warn!(%error, metric = asked.metric, "a result that is kept was not computed");
            failed = Some(error);
        }
    }
    progress(stale.len(), stale.len());
    failed.map_or(Ok(stale.len()), Err)
}

/// Whether results are kept at all, and until what age they are fresh.
pub fn keeps(session: &Session) -> Option<TimeDelta> {
    session.terms().rollup_age()
}

/// The oldest moment of some results that were kept; none if all were computed from the rows.
pub fn oldest<'a>(answers: impl Iterator<Item = &'a Answer>) -> Option<DateTime<Utc>> {
    answers.filter_map(|answer| answer.fresh_as_of).min()
}
