//! The period report: which metrics it holds, in which breakdowns, all of one moment.

use chrono::{DateTime, Utc};
use entity::membership::Role;
use entity::metric::{Dimension, MetricId};
use entity::snapshot;

use super::question::{Filter, Period, Question};
use super::snapshot::{Frozen, latest};
use super::{Answer, Reckoning, naming, rollup};
use crate::access::policy::Action;
use crate::access::scope::{Counted, counted};
use crate::access::{Row, Session};
use crate::error::{Error, Result};
use crate::language::Language;

/// One table of the report: metrics that are broken down alike.
#[derive(Debug)]
pub struct Section {
    /// A short name for programs.
    pub id: &'static str,
    /// What it is called, in English, Russian and Ukrainian.
    pub title: [&'static str; 3],
    /// What its rows are.
    pub by: &'static [Dimension],
    /// What its columns are.
    pub metrics: &'static [MetricId],
}

const OUTCOMES: &[MetricId] = &[
    MetricId::FamiliesCovered,
    MetricId::FamiliesOvercame,
    MetricId::FamiliesContinuing,
    MetricId::FamiliesOtherExits,
    MetricId::FamiliesNew,
    MetricId::FamiliesCarriedIn,
    MetricId::FamiliesServed,
    MetricId::ChildrenInCoveredFamilies,
];

/// The tables of the report, in order.
pub static SECTIONS: &[Section] = &[
    Section {
        id: "summary",
        title: ["Families and children", "Семьи и дети", "Сім'ї та діти"],
        by: &[],
        metrics: &[
            MetricId::FamiliesCovered,
            MetricId::FamiliesOvercame,
            MetricId::FamiliesContinuing,
            MetricId::FamiliesOtherExits,
            MetricId::FamiliesNew,
            MetricId::FamiliesCarriedIn,
            MetricId::FamiliesServed,
            MetricId::ChildrenInCoveredFamilies,
            MetricId::FamiliesOnRegister,
            MetricId::ChildrenInFamiliesOnRegister,
            MetricId::ChildrenOnRegister,
            MetricId::TrainingParticipants,
        ],
    },
    Section {
        id: "municipalities",
        title: ["By municipality", "По муниципалитетам", "За муніципалітетами"],
        by: &[Dimension::Municipality],
        metrics: OUTCOMES,
    },
    Section {
        id: "other_exits",
        title: ["Other exits by reason", "Другие причины завершения", "Інші причини завершення"],
        by: &[Dimension::ClosureClass],
        metrics: &[MetricId::FamiliesOtherExits],
    },
    Section {
        id: "flow",
        title: ["Flow by month", "Движение по месяцам", "Рух за місяцями"],
        by: &[Dimension::Month],
        metrics: &[MetricId::FamiliesNew, MetricId::FamiliesOvercame, MetricId::FamiliesOtherExits],
    },
    Section {
        id: "ages",
        title: ["Children by age", "Дети по возрасту", "Діти за віком"],
        by: &[Dimension::AgeBand],
        metrics: &[MetricId::ChildrenInCoveredFamilies],
    },
    Section {
        id: "destinations",
        title: ["Discharges by destination", "Выбытия по месту", "Вибуття за місцем"],
        by: &[Dimension::Destination],
        metrics: &[MetricId::Discharges],
    },
    Section {
        id: "centres",
        title: ["Centres", "Центры", "Центри"],
        by: &[Dimension::Centre],
        metrics: &[
            MetricId::OccupancyRate,
            MetricId::OccupancyOn,
            MetricId::Admissions,
            MetricId::Discharges,
            MetricId::ReturnedToBirthFamilyRate,
        ],
    },
    Section {
        id: "programmes",
        title: ["Programmes by stage", "Программы по этапам", "Програми за етапами"],
        by: &[Dimension::Stage, Dimension::Outcome],
        metrics: &[MetricId::ProgrammeFunnel],
    },
];

/// A report, computed.
#[derive(Clone, Debug)]
pub struct Report {
    /// The period.
    pub period: Period,
    /// What was recorded later doesn't count.
    pub as_of: DateTime<Utc>,
    /// The same, where results were kept and not computed for this very report.
    pub fresh_as_of: Option<DateTime<Utc>>,
    /// Whether the period was not over then.
    pub is_provisional: bool,
    /// The results, each metric of each section in order.
    pub answers: Vec<Answer>,
    /// The names of the rows that keys are of.
    pub names: naming::Names,
}

/// The metrics that the report holds, each with its breakdown, in order.
pub fn contents() -> impl Iterator<Item = (MetricId, &'static [Dimension])> {
    SECTIONS.iter().flat_map(|one| one.metrics.iter().map(|metric| (*metric, one.by)))
}

/// The report as the viewer may see it: of the work that they count, or what was published last of this
/// period, with the row that it is read from.
pub async fn told(
    session: &Session,
    period: Period,
    filter: Filter,
    as_of: Option<DateTime<Utc>>,
) -> Result<(Report, Option<Row<snapshot::Model>>)> {
    session.may(Action::ReadMetrics)?;
    if session.viewer().role != Role::Analyst {
        return Ok((report(session, period, filter, as_of).await?, None));
    }
    if filter != Filter::default() {
        return Err(Error::BadInput(
            "A published report is about the whole organisation: ask without an area.".to_owned(),
        ));
    }
    let row = latest(session, period, as_of).await?;
    Ok((Frozen::read(&row.content)?.report()?, Some(row)))
}

/// The report of the work that the viewer counts.
pub async fn report(
    session: &Session,
    period: Period,
    filter: Filter,
    as_of: Option<DateTime<Utc>>,
) -> Result<Report> {
    session.may(Action::ReadMetrics)?;
    let counted = counted(session.viewer());
    compute(session, period, filter, (counted, as_of)).await
}

/// The report of some work.
pub(super) async fn compute(
    session: &Session,
    period: Period,
    filter: Filter,
    (counted, as_of): (Counted, Option<DateTime<Utc>>),
) -> Result<Report> {
    let mut reckoning = Reckoning::of(session, counted, as_of);
    let (mut answers, mut names) = (Vec::new(), naming::Names::new());
    for section in SECTIONS {
        for metric in section.metrics {
            let by = section.by.to_vec();
            let filter = filter.clone();
            let question = Question { metric: *metric, period, by, filter, as_of };
            let narrowed = question.filter.dimensions();
            if !narrowed.iter().all(|dimension| question.definition().has(*dimension)) {
                // What can't be told of an area is left out of its report.
                continue;
            }
            question.check(session)?;
            let answer = reckoning.answer(&question).await?;
            names.extend(naming::of_rows(session, &answer).await?);
            answers.push(answer);
        }
    }
    // Of results that were kept the report is no newer than the oldest.
    let fresh_as_of = rollup::oldest(answers.iter());
    let as_of = fresh_as_of.unwrap_or_else(|| reckoning.as_of());
    let is_provisional = as_of < session.end_of(period.through);
    Ok(Report { period, as_of, fresh_as_of, is_provisional, answers, names })
}

impl Section {
    /// What it is called in a language.
    pub fn title(&self, language: Language) -> &'static str {
        let [english, russian, ukrainian] = self.title;
        language.choose(english, russian, ukrainian)
    }

    /// Its results in a report, in the order of its metrics.
    pub fn answers<'a>(&'a self, report: &'a Report) -> impl Iterator<Item = &'a Answer> {
        let of = |answer: &&Answer| {
            answer.question.by == self.by && self.metrics.contains(&answer.question.metric)
        };
        report.answers.iter().filter(of)
    }
}
