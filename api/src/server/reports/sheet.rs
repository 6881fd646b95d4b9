//! A report as it is presented, whether as JSON, CSV or a workbook: the same tables with the same words
//! and cells in the same order, so that the three can't differ.

use std::collections::BTreeSet;

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use entity::episode::ClosureClass;
use entity::metric::{AgeBand, Dimension, MetricId};
use entity::placement::Destination;
use sea_orm::{ActiveEnum, Iterable};

use super::words::{self, Text, say};
use crate::casework::metric::Answer;
use crate::casework::metric::definition::{self, Definition, Reading};
use crate::casework::metric::figure::{Figure, Rate};
use crate::casework::metric::naming;
use crate::casework::metric::question::{Key, Period};
use crate::casework::metric::report::{Report, SECTIONS, Section};
use crate::graphql::metric::key_id;
use crate::language::Language;

/// A report as it is presented.
#[derive(Debug)]
pub struct Sheet {
    pub language: Language,
    pub period: Period,
    /// What was recorded later doesn't count.
    pub as_of: DateTime<Utc>,
    pub is_provisional: bool,
    pub origin: Origin,
    pub tables: Vec<Table>,
    /// The metrics of all tables, each once.
    pub definitions: Vec<&'static Definition>,
    /// What the figures were checked against, with the figures.
    pub identities: Vec<String>,
}

/// What a report is about, and whence it is.
#[derive(Debug)]
pub struct Origin {
    /// Whose work it is about.
    pub whose: String,
    /// The area that it is narrowed to.
    pub area: Option<String>,
    /// Where it is read from a published report.
    pub published: Option<Published>,
    /// The last local day that it knows of.
    pub known_to: NaiveDate,
}

/// A published report.
#[derive(Clone, Copy, Debug)]
pub struct Published {
    pub at: DateTime<Utc>,
    /// Counts from 1 to this were hidden.
    pub hidden_to: Option<u64>,
}

/// One table.
#[derive(Debug)]
pub struct Table {
    pub id: &'static str,
    pub title: &'static str,
    /// What the keys of its lines are.
    pub heads: Vec<&'static str>,
    pub columns: Vec<Column>,
    pub lines: Vec<Line>,
    /// Everything together, where that is told.
    pub total: Option<Vec<Cell>>,
    language: Language,
}

/// A column: a metric, or one outcome of it.
#[derive(Debug)]
pub struct Column {
    pub metric: MetricId,
    pub code: Option<&'static str>,
    pub name: String,
}

/// A line: one cell for each column.
#[derive(Debug)]
pub struct Line {
    pub keys: Vec<(String, String)>,
    pub cells: Vec<Cell>,
}

/// A figure, or that it is hidden.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cell {
    Shown { value: i64, base: Option<i64>, rate: Option<Rate> },
    Hidden,
}

/// A cell of a table as a spreadsheet has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Plain {
    Text(String),
    Whole(i64),
    Rate(Rate),
    Hidden,
    Nothing,
}

impl Plain {
    fn text(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl Sheet {
    /// Presents a report in a language.
    pub fn of(report: &Report, origin: Origin, language: Language) -> Self {
        let months = months(report.period.since, report.period.through.min(origin.known_to));
        let drawing = Drawing { report, language, months };
        let tables = SECTIONS.iter().map(|section| drawing.table(section));
        let tables: Vec<Table> = tables.filter(|table| !table.columns.is_empty()).collect();
        let mut seen = BTreeSet::new();
        let metrics = tables.iter().flat_map(|table| &table.columns).map(|column| column.metric);
        let definitions = metrics.filter(|metric| seen.insert(*metric)).map(definition::of);
        Self {
            language,
            period: report.period,
            as_of: report.as_of,
            is_provisional: report.is_provisional,
            origin,
            definitions: definitions.collect(),
            identities: drawing.identities(),
            tables,
        }
    }

    /// What stands above the tables: labels with their texts.
    pub fn head(&self) -> Vec<(&'static str, String)> {
        let word = |text: Text| say(text, self.language);
        let standing = if self.is_provisional { words::PROVISIONAL } else { words::COMPLETE };
        let Origin { whose, area, published, .. } = &self.origin;
        let mut head = vec![
            (word(words::PERIOD), format!("{} / {}", self.period.since, self.period.through)),
            (word(words::WHOSE), whose.clone()),
            (word(words::AREA), area.clone().unwrap_or_else(|| word(words::ALL_AREAS).to_owned())),
            (word(words::AS_OF), moment(self.as_of)),
            (word(words::STANDING), word(standing).to_owned()),
        ];
        if let Some(Published { at, hidden_to }) = published {
            head.push((word(words::PUBLISHED), moment(*at)));
            head.extend(hidden_to.map(|most| (word(words::HIDDEN_TO), most.to_string())));
        }
        head.extend(self.identities.iter().map(|text| (word(words::CHECKED), text.clone())));
        head
    }

    /// The name of a file with the report, without its ending.
    pub fn file_name(&self) -> String {
        format!("report_{}_{}", self.period.since, self.period.through)
    }
}

fn moment(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%d %H:%M:%S UTC").to_string()
}

/// The months that a period meets.
fn months(since: NaiveDate, through: NaiveDate) -> Vec<String> {
    let number = |day: NaiveDate| day.year() * 12 + day.month0().cast_signed();
    (number(since)..=number(through))
        .map(|month| format!("{:04}-{:02}", month.div_euclid(12), month.rem_euclid(12) + 1))
        .collect()
}

struct Drawing<'a> {
    report: &'a Report,
    language: Language,
    months: Vec<String>,
}

impl Drawing<'_> {
    fn table(&self, section: &Section) -> Table {
        let answers: Vec<&Answer> = section.answers(self.report).collect();
        let outcomes = section.by.contains(&Dimension::Outcome);
        let by: Vec<Dimension> =
            section.by.iter().copied().filter(|by| *by != Dimension::Outcome).collect();
        let columns: Vec<Column> = if outcomes {
            answers.iter().flat_map(|answer| self.outcomes(answer)).collect()
        } else {
            answers.iter().map(|answer| self.column(answer, None)).collect()
        };
        let figures = |key: &[Key]| -> Vec<Cell> {
            columns.iter().map(|column| cell(&answers, column, key)).collect()
        };
        let keys = self.keys(&answers, &by);
        let line = |key: &Vec<Key>| Line { keys: self.named(&by, key), cells: figures(key) };
        let lines = keys.iter().map(line).collect();
        let total = (!outcomes && !answers.is_empty()).then(|| figures(&[]));
        Table {
            id: section.id,
            title: section.title(self.language),
            heads: by.iter().map(|by| words::head(*by, self.language)).collect(),
            lines,
            total,
            columns,
            language: self.language,
        }
    }

    fn column(&self, answer: &Answer, code: Option<&'static str>) -> Column {
        let metric = answer.question.metric;
        let name = match code {
            None => definition::of(metric).name(self.language).to_owned(),
            Some(code) => {
                let key = Key::Code(code.to_owned());
                naming::name(Dimension::Outcome, &key, &self.report.names, self.language)
            }
        };
        Column { metric, code, name }
    }

    fn outcomes(&self, answer: &Answer) -> Vec<Column> {
        OUTCOMES.iter().map(|code| self.column(answer, Some(code))).collect()
    }

    /// The keys of the lines, in the order in which people read them.
    fn keys(&self, answers: &[&Answer], by: &[Dimension]) -> Vec<Vec<Key>> {
        let lines = answers.iter().flat_map(|answer| &answer.lines);
        let mut keys: BTreeSet<Vec<Key>> =
            lines.map(|line| line.keys.iter().take(by.len()).cloned().collect()).collect();
        if by == [Dimension::Month] && !answers.is_empty() {
            keys.extend(self.months.iter().map(|month| vec![Key::Code(month.clone())]));
        }
        keys.remove(&Vec::new());
        let mut keys: Vec<Vec<Key>> = keys.into_iter().collect();
        keys.sort_by_cached_key(|keys| -> Vec<(usize, String)> {
            by.iter().zip(keys).map(|(by, key)| (rank(*by, key), self.name(*by, key))).collect()
        });
        keys
    }

    fn name(&self, by: Dimension, key: &Key) -> String {
        naming::name(by, key, &self.report.names, self.language)
    }

    fn named(&self, by: &[Dimension], keys: &[Key]) -> Vec<(String, String)> {
        let named =
            |(by, key): (&Dimension, &Key)| (key_id(*by, key).to_string(), self.name(*by, key));
        by.iter().zip(keys).map(named).collect()
    }

    /// The identities with the names and totals of what they are of.
    fn identities(&self) -> Vec<String> {
        let mut found: Vec<&String> = Vec::new();
        for identity in self.report.answers.iter().flat_map(|answer| &answer.identities) {
            if !found.contains(&identity) {
                found.push(identity);
            }
        }
        let told = |identity: &&String| {
            let words: Vec<String> = identity.split(' ').map(|word| self.told(word)).collect();
            words.join(" ")
        };
        found.iter().map(told).collect()
    }

    fn told(&self, word: &str) -> String {
        let Ok(metric) = MetricId::try_from_value(&word.to_owned()) else { return word.to_owned() };
        let name = definition::of(metric).name(self.language);
        let mut answers = self.report.answers.iter();
        match answers.find(|answer| answer.question.metric == metric) {
            Some(answer) if answer.total.is_hidden => {
                format!("{name} ({})", say(words::HIDDEN, self.language))
            }
            Some(answer) => format!("{name} ({})", answer.total.value),
            None => name.to_owned(),
        }
    }
}

/// What becomes of an enrolment in a stage, in the order in which it is read.
const OUTCOMES: [&str; 5] = ["ENTERED", "COMPLETED", "DROPPED", "RELAPSED", "STILL_IN"];

/// Where a key stands: rows come by name, codes in their own order, and nothing last.
fn rank(by: Dimension, key: &Key) -> usize {
    fn of<E: ActiveEnum<Value = String> + Iterable>(code: &str) -> Option<usize> {
        E::iter().position(|one| one.to_value() == code)
    }
    let Key::Code(code) = key else { return if *key == Key::None { usize::MAX } else { 0 } };
    let found = match by {
        Dimension::AgeBand => of::<AgeBand>(code),
        Dimension::ClosureClass => of::<ClosureClass>(code),
        Dimension::Destination => of::<Destination>(code),
        _ => Some(0),
    };
    found.unwrap_or(usize::MAX)
}

/// The figure under some keys; the total without. What has no line counts nothing.
fn cell(answers: &[&Answer], column: &Column, key: &[Key]) -> Cell {
    let of = |answer: &&&Answer| answer.question.metric == column.metric;
    let Some(answer) = answers.iter().find(of) else { return Cell::NOTHING };
    let reading = definition::of(column.metric).reading;
    if key.is_empty() {
        return Cell::of(answer.total, reading);
    }
    let is_here = |keys: &[Key]| match column.code {
        None => keys == key,
        Some(code) => keys.split_last().is_some_and(|(last, first)| {
            first == key && matches!(last, Key::Code(own) if own == code)
        }),
    };
    let line = answer.lines.iter().find(|line| is_here(&line.keys));
    line.map_or(Cell::NOTHING, |line| Cell::of(line.figure, reading))
}

impl Cell {
    const NOTHING: Self = Self::Shown { value: 0, base: None, rate: None };

    fn of(figure: Figure, reading: Reading) -> Self {
        if figure.is_hidden {
            return Self::Hidden;
        }
        Self::Shown { value: figure.value, base: figure.base, rate: figure.rate(reading) }
    }

    const fn rate(self) -> Option<Rate> {
        match self {
            Self::Shown { rate, .. } => rate,
            Self::Hidden => None,
        }
    }

    const fn value(self) -> Plain {
        match self {
            Self::Shown { value, .. } => Plain::Whole(value),
            Self::Hidden => Plain::Hidden,
        }
    }
}

impl Table {
    /// The table as a spreadsheet has it, its heads first.
    pub fn grid(&self) -> Vec<Vec<Plain>> {
        if self.heads.is_empty() { self.upright() } else { self.across() }
    }

    /// One line for each metric.
    fn upright(&self) -> Vec<Vec<Plain>> {
        let heads = [words::METRIC, words::NUMBER, words::SHARE, words::EACH];
        let mut rows: Vec<Vec<Plain>> =
            vec![heads.iter().map(|head| Plain::text(say(*head, self.language))).collect()];
        for (column, cell) in self.columns.iter().zip(self.total.iter().flatten()) {
            let (share, each) = match (cell, cell.rate()) {
                (_, Some(rate @ Rate::Percent(_))) => (Plain::Rate(rate), Plain::Nothing),
                (_, Some(rate @ Rate::ForEach(_))) => (Plain::Nothing, Plain::Rate(rate)),
                (Cell::Hidden, None) => (Plain::Hidden, Plain::Hidden),
                _ => (Plain::Nothing, Plain::Nothing),
            };
            rows.push(vec![Plain::text(&column.name), cell.value(), share, each]);
        }
        rows
    }

    /// One line for each group, and a column more for what has rates.
    fn across(&self) -> Vec<Vec<Plain>> {
        let rates: Vec<Option<Rate>> = (0..self.columns.len()).map(|no| self.rate_of(no)).collect();
        let mut head: Vec<Plain> = self.heads.iter().map(|head| Plain::text(head)).collect();
        for (column, rate) in self.columns.iter().zip(&rates) {
            head.push(Plain::text(&column.name));
            let of = match rate {
                Some(Rate::Percent(_)) => words::PERCENT,
                Some(Rate::ForEach(_)) => words::FOR_EACH,
                None => continue,
            };
            head.push(Plain::text(&format!("{}{}", column.name, say(of, self.language))));
        }
        let mut rows = vec![head];
        let total = self.total.iter().map(|cells| {
            let mut keys = vec![Plain::Nothing; self.heads.len()];
            if let Some(first) = keys.first_mut() {
                *first = Plain::text(say(words::TOTAL, self.language));
            }
            (keys, cells)
        });
        let lines = self.lines.iter().map(|line| {
            (line.keys.iter().map(|(_, name)| Plain::text(name)).collect(), &line.cells)
        });
        for (mut row, cells) in lines.chain(total) {
            for (cell, rate) in cells.iter().zip(&rates) {
                row.push(cell.value());
                if rate.is_some() {
                    row.push(match (cell, cell.rate()) {
                        (Cell::Hidden, _) => Plain::Hidden,
                        (_, Some(rate)) => Plain::Rate(rate),
                        (_, None) => Plain::Nothing,
                    });
                }
            }
            rows.push(row);
        }
        rows
    }

    /// A rate of a column, if it has any.
    fn rate_of(&self, no: usize) -> Option<Rate> {
        let of = |cells: &Vec<Cell>| cells.get(no).and_then(|cell| cell.rate());
        self.lines.iter().find_map(|line| of(&line.cells))
    }
}
