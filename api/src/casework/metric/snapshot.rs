//! Reports that were published: frozen as canonical text, of which each byte follows from what was
//! computed, and read again for those who see nothing else.

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use entity::metric::Dimension;
use entity::snapshot::{self, Audience, Column};
use sea_orm::sea_query::ExprTrait;
use sea_orm::{ActiveEnum, ColumnTrait, Condition, Order};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::definition;
use super::figure::Figure;
use super::naming::Names;
use super::question::{Filter, Key, Period, Question};
use super::report::{self, Report};
use super::{Answer, Line};
use crate::access::{Row, Rows, Session};
use crate::error::{Error, Result};

/// The form of the text; goes up when it changes.
const FORMAT: u32 = 1;

/// A report as it is frozen.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Frozen {
    format: u32,
    /// For whom.
    pub audience: String,
    /// Whose work it is about: an organisation with its branches.
    pub organisation: Uuid,
    since: NaiveDate,
    through: NaiveDate,
    as_of: String,
    provisional: bool,
    /// Counts from 1 to this were hidden, with those that would give them away; none if all is shown.
    hidden_to: Option<u64>,
    results: Vec<Table>,
}

/// A result as it is frozen.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Table {
    metric: String,
    version: i32,
    by: Vec<String>,
    identities: Vec<String>,
    total: Figure,
    rows: Vec<Told>,
}

/// A row as it is frozen: its keys with the names that they had then.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Told {
    keys: Vec<Key>,
    names: Vec<Option<String>>,
    figure: Figure,
}

/// What narrows a list of published reports.
#[derive(Debug, Default)]
pub struct SnapshotFilter {
    /// For one of these audiences.
    pub audience_in: Option<Vec<Audience>>,
    /// Of exactly this period.
    pub period: Option<Period>,
}

/// The published reports that the viewer may read.
pub fn snapshots(session: &Session, filter: SnapshotFilter) -> Rows<snapshot::Entity> {
    session
        .find::<snapshot::Entity>()
        .filter_some(filter.audience_in, |audiences| Column::Audience.is_in(audiences))
        .filter_some(filter.period, |period| {
            Column::Since.eq(period.since).and(Column::Through.eq(period.through))
        })
}

impl Frozen {
    /// Freezes a report.
    pub fn of(
        report: &Report,
        audience: Audience,
        organisation: Uuid,
        hidden_to: Option<u64>,
    ) -> Self {
        Self {
            format: FORMAT,
            audience: audience.to_value(),
            organisation,
            since: report.period.since,
            through: report.period.through,
            as_of: report.as_of.to_rfc3339_opts(SecondsFormat::Micros, true),
            provisional: report.is_provisional,
            hidden_to,
            results: report.answers.iter().map(|answer| Table::of(answer, &report.names)).collect(),
        }
    }

    /// The period.
    pub const fn period(&self) -> Period {
        Period { since: self.since, through: self.through }
    }

    /// The text, the same for the same report.
    pub fn text(&self) -> Result<String> {
        serde_json::to_string(self).map_err(|_| Error::Internal)
    }

    /// The report of a text.
    pub fn read(text: &str) -> Result<Self> {
        serde_json::from_str(text).map_err(|error| {
            tracing::error!(%error, "a published report can't be read");
            Error::Internal
        })
    }

    /// All figures that it shows or hides: of which metric, in which breakdown, under which keys.
    pub fn figures(&self) -> impl Iterator<Item = ((&str, &[String], &[Key]), Figure)> {
        self.results.iter().flat_map(|table| {
            let by = table.by.as_slice();
            let rows = table
                .rows
                .iter()
                .map(move |row| ((table.metric.as_str(), by, row.keys.as_slice()), row.figure));
            let total: (&str, &[String], &[Key]) = (table.metric.as_str(), &[], &[]);
            std::iter::once((total, table.total)).chain(rows)
        })
    }

    /// What it says to a question: a breakdown that was published, or one figure of it.
    pub fn answer(&self, question: &Question) -> Result<(Answer, Names)> {
        let metric = question.metric.to_value();
        let mut tables = self.results.iter().filter(|table| table.metric == metric);
        let narrowed = Narrowed::of(&question.filter)?;
        let by: Vec<String> = question.by.iter().map(ActiveEnum::to_value).collect();
        let found = match &narrowed {
            None if by.is_empty() => tables.next().map(|table| (table.total, Vec::new())),
            None => tables.find(|table| table.by == by).map(|table| (table.total, table.lines())),
            Some(narrowed) if by.is_empty() => {
                tables.find_map(|table| table.figure(narrowed)).map(|figure| (figure, Vec::new()))
            }
            Some(_) => None,
        };
        let Some((total, lines)) = found else { return Err(self.nothing_published(question)) };
        let answer = Answer {
            question: question.clone(),
            as_of: self.as_of()?,
            fresh_as_of: None,
            is_provisional: self.provisional,
            total,
            lines,
            identities: self.identities(&metric, &by),
        };
        Ok((answer, self.names(question)))
    }

    /// The report that was frozen, as far as its results are still reported.
    pub fn report(&self) -> Result<Report> {
        let (mut answers, mut names) = (Vec::new(), Names::new());
        for (metric, by) in report::contents() {
            let is_frozen = |table: &Table| {
                table.metric == metric.to_value()
                    && table.by.iter().eq(by
                        .iter()
                        .map(ActiveEnum::to_value)
                        .collect::<Vec<_>>()
                        .iter())
            };
            if self.results.iter().any(is_frozen) {
                let question = Question {
                    metric,
                    period: self.period(),
                    by: by.to_vec(),
                    filter: Filter::default(),
                    as_of: None,
                };
                let (answer, of_rows) = self.answer(&question)?;
                answers.push(answer);
                names.extend(of_rows);
            }
        }
        Ok(Report {
            period: self.period(),
            as_of: self.as_of()?,
            is_provisional: self.provisional,
            fresh_as_of: None,
            answers,
            names,
        })
    }

    /// Counts from 1 to this were hidden; none if all is shown.
    pub const fn hidden_to(&self) -> Option<u64> {
        self.hidden_to
    }

    /// What was recorded later doesn't count.
    fn as_of(&self) -> Result<DateTime<Utc>> {
        DateTime::parse_from_rfc3339(&self.as_of)
            .map(|at| at.with_timezone(&Utc))
            .map_err(|_| Error::Internal)
    }

    fn identities(&self, metric: &str, by: &[String]) -> Vec<String> {
        let of = |table: &&Table| table.metric == metric && (by.is_empty() || table.by == by);
        self.results.iter().find(of).map(|table| table.identities.clone()).unwrap_or_default()
    }

    fn names(&self, question: &Question) -> Names {
        let metric = question.metric.to_value();
        let rows = self.results.iter().filter(|table| table.metric == metric);
        let pairs =
            rows.flat_map(|table| &table.rows).flat_map(|row| row.keys.iter().zip(&row.names));
        pairs
            .filter_map(|(key, name)| match (key, name) {
                (Key::Id(id), Some(name)) => Some((*id, name.clone())),
                _ => None,
            })
            .collect()
    }

    /// That this was not published, and what was.
    fn nothing_published(&self, question: &Question) -> Error {
        let metric = question.metric.to_value();
        let tables = self.results.iter().filter(|table| table.metric == metric);
        let published: Vec<String> =
            tables
                .map(|table| {
                    if table.by.is_empty() {
                        "no groups".to_owned()
                    } else {
                        table.by.join(" and ")
                    }
                })
                .collect();
        Error::BadInput(if published.is_empty() {
            format!("{metric} is not in the report that was published for this period.")
        } else {
            format!(
                "What was published of {metric} for this period is broken down by: {}. Ask for one of \
                 these, or, without `groupBy`, narrow to one area or one code of it.",
                published.join("; ")
            )
        })
    }
}

/// The one group that a filter narrows to.
enum Narrowed {
    Row(Uuid),
    Code(Dimension, String),
}

impl Narrowed {
    fn of(filter: &Filter) -> Result<Option<Self>> {
        let rows = [filter.area, filter.organisation, filter.programme, filter.centre];
        let mut all: Vec<Self> = rows.into_iter().flatten().map(Self::Row).collect();
        for dimension in filter.dimensions() {
            if let Some(codes) = filter.codes(dimension) {
                let [code] = codes.as_slice() else { return Err(one_only()) };
                all.push(Self::Code(dimension, code.clone()));
            }
        }
        if all.len() > 1 {
            return Err(one_only());
        }
        Ok(all.pop())
    }
}

fn one_only() -> Error {
    Error::BadInput(
        "Published figures can be narrowed to one area, organisation, programme, centre or code at a time."
            .to_owned(),
    )
}

impl Table {
    fn of(answer: &Answer, names: &Names) -> Self {
        let name = |key: &Key| match key {
            Key::Id(id) => names.get(id).cloned(),
            Key::Code(_) | Key::None => None,
        };
        let told = |line: &Line| Told {
            keys: line.keys.clone(),
            names: line.keys.iter().map(name).collect(),
            figure: line.figure,
        };
        Self {
            metric: answer.question.metric.to_value(),
            version: definition::of(answer.question.metric).version,
            by: answer.question.by.iter().map(ActiveEnum::to_value).collect(),
            identities: answer.identities.clone(),
            total: answer.total,
            rows: answer.lines.iter().map(told).collect(),
        }
    }

    fn lines(&self) -> Vec<Line> {
        let line = |row: &Told| Line { keys: row.keys.clone(), figure: row.figure };
        self.rows.iter().map(line).collect()
    }

    /// The figure of one group. What has no row counts zero, which is shown.
    fn figure(&self, narrowed: &Narrowed) -> Option<Figure> {
        let [by] = self.by.as_slice() else { return None };
        match narrowed {
            Narrowed::Row(id) => self.row(&Key::Id(*id)),
            Narrowed::Code(dimension, code) if dimension.to_value() == *by => {
                Some(self.row(&Key::Code(code.clone())).unwrap_or_default())
            }
            Narrowed::Code(..) => None,
        }
    }

    fn row(&self, key: &Key) -> Option<Figure> {
        let row = self.rows.iter().find(|row| row.keys.first() == Some(key))?;
        Some(row.figure)
    }
}

/// The reports that an organisation published for those who may see no person, of periods that overlap
/// another.
pub fn overlapping(
    session: &Session,
    organisation_id: Uuid,
    period: Period,
) -> Rows<snapshot::Entity> {
    let found = Condition::all()
        .add(Column::OrganisationId.eq(organisation_id))
        .add(Column::Audience.ne(Audience::Internal))
        .add(Column::Since.lte(period.through))
        .add(Column::Through.gte(period.since));
    let rows = session.find::<snapshot::Entity>().filter(found);
    rows.order(Column::PublishedAt, Order::Asc).order(Column::Id, Order::Asc)
}

/// The answer that was published last for analysts of the viewer's organisations, of exactly this period,
/// and as of this moment if one is said.
pub async fn published(
    session: &Session,
    question: &Question,
) -> Result<(Answer, Names, Row<snapshot::Model>)> {
    let snapshot = latest(session, question.period, question.as_of).await?;
    let (answer, names) = Frozen::read(&snapshot.content)?.answer(question)?;
    Ok((answer, names, snapshot))
}

/// The report that was published last for analysts of the viewer's organisations, of exactly this period,
/// and as of this moment if one is said.
pub async fn latest(
    session: &Session,
    period: Period,
    as_of: Option<DateTime<Utc>>,
) -> Result<Row<snapshot::Model>> {
    let filter =
        SnapshotFilter { audience_in: Some(vec![Audience::Analyst]), period: Some(period) };
    let found = snapshots(session, filter)
        .filter_some(as_of, |as_of| Column::AsOf.eq(as_of))
        .order(Column::PublishedAt, Order::Desc)
        .order(Column::Id, Order::Desc)
        .first()
        .await?;
    match found {
        Some(snapshot) => Ok(snapshot),
        None => Err(not_published(session).await?),
    }
}

/// How many periods the error names.
const NAMED: u64 = 10;

/// That no report of the period was published, and of which periods there are.
async fn not_published(session: &Session) -> Result<Error> {
    let filter =
        SnapshotFilter { audience_in: Some(vec![Audience::Analyst]), ..SnapshotFilter::default() };
    let rows = snapshots(session, filter).order(Column::PublishedAt, Order::Desc).limit(NAMED);
    let mut periods: Vec<String> =
        rows.all().await?.iter().map(|row| format!("{} to {}", row.since, row.through)).collect();
    periods.sort_unstable();
    periods.dedup();
    let published = if periods.is_empty() {
        "none is yet".to_owned()
    } else {
        format!("there are {}", periods.join(", "))
    };
    Ok(Error::BadInput(format!(
        "Analysts read what was published, and no report of this period (as of this moment) was: \
         {published}."
    )))
}
