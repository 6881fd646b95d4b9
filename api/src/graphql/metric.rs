//! Metrics: what is measured, how it is defined, and results that say how they came about.

mod figure;
pub mod snapshot;

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use entity::case::SupportLevel;
use entity::metric::{AgeBand, Dimension, MetricId};
use entity::person::Sex;
use entity::register_entry::RegisterGrounds;

use self::figure::{MetricDefinition, MetricFigure};
use self::snapshot::Snapshot;
use super::family::Family;
use super::id::Kind;
use super::loader::Asking;
use super::page::{Asked, Connection, page};
use super::person::Child;
use super::scalar::{Date, Instant};
use crate::access::Row;
use crate::access::policy::Action;
use crate::access::session::Keyset;
use crate::casework::metric::definition;
use crate::casework::metric::naming::{self, Names};
use crate::casework::metric::question::{Filter, Key, Period, Question, is_by_row};
use crate::casework::metric::{self, Answer, Line, rows};
use crate::error::{Error, Result};
use crate::language::Language;

/// A period of whole local days.
#[derive(InputObject, Clone, Copy, Debug)]
pub struct PeriodInput {
    /// First day, inclusive.
    since: Date,
    /// Last day, inclusive.
    through: Date,
}

impl From<PeriodInput> for Period {
    fn from(period: PeriodInput) -> Self {
        Self { since: period.since.0, through: period.through.0 }
    }
}

/// What a result is narrowed to; what is given must all hold.
#[derive(InputObject, Clone, Debug)]
pub struct MetricFilter {
    /// Within this area.
    area_id: Option<ID>,
    /// Of this organisation, its branches and teams.
    organisation_id: Option<ID>,
    /// Of this programme.
    programme_id: Option<ID>,
    /// Of this centre.
    centre_id: Option<ID>,
    /// Of persons of one of these sexes.
    sex_in: Option<Vec<Sex>>,
    /// Of persons of one of these ages.
    age_band_in: Option<Vec<AgeBand>>,
    /// With register entries on one of these grounds.
    grounds_in: Option<Vec<RegisterGrounds>>,
    /// At one of these levels of support.
    support_level_in: Option<Vec<SupportLevel>>,
}

impl MetricFilter {
    fn narrowed(filter: Option<Self>) -> Result<Filter> {
        let Some(filter) = filter else { return Ok(Filter::default()) };
        let id = |kind: Kind, id: Option<ID>| id.map(|id| kind.parse(&id)).transpose();
        Ok(Filter {
            area: id(Kind::Area, filter.area_id)?,
            organisation: id(Kind::Organisation, filter.organisation_id)?,
            programme: id(Kind::Programme, filter.programme_id)?,
            centre: id(Kind::Centre, filter.centre_id)?,
            sex_in: filter.sex_in,
            age_band_in: filter.age_band_in,
            grounds_in: filter.grounds_in,
            support_level_in: filter.support_level_in,
        })
    }
}

/// The result of a metric, with all that explains it.
pub struct MetricResult {
    answer: Answer,
    names: Names,
    language: Language,
    snapshot: Option<Row<entity::snapshot::Model>>,
}

/// One key of a row.
#[derive(SimpleObject)]
pub struct MetricKey {
    /// In which dimension.
    dimension: Dimension,
    /// The id of an area, organisation, programme, centre, stage or worker; else the code; `NONE` where
    /// there is nothing of the kind.
    id: ID,
    /// What it is called: codes in the language asked for.
    name: String,
}

/// One group of a result.
pub struct MetricRow<'a> {
    result: &'a MetricResult,
    line: &'a Line,
}

/// One group of a result.
#[Object]
impl MetricRow<'_> {
    /// What the group is, in the order of `groupBy`.
    async fn keys(&self) -> Vec<MetricKey> {
        self.result.keys(self.line)
    }

    /// The figure of the group.
    #[graphql(flatten)]
    async fn figure(&self) -> MetricFigure {
        let reading = self.result.answer.question.definition().reading;
        MetricFigure { figure: self.line.figure, reading }
    }
}

impl MetricResult {
    fn keys(&self, line: &Line) -> Vec<MetricKey> {
        let by = &self.answer.question.by;
        let key = |(dimension, key): (&Dimension, &Key)| MetricKey {
            dimension: *dimension,
            id: key_id(*dimension, key),
            name: naming::name(*dimension, key, &self.names, self.language),
        };
        by.iter().zip(&line.keys).map(key).collect()
    }
}

impl MetricResult {
    /// A page of the rows behind a group.
    fn asked<E: sea_orm::EntityTrait>(
        &self,
        what: &str,
        keys: Option<&Vec<ID>>,
        (first, after): (Option<i32>, Option<String>),
    ) -> Result<Asked<E>> {
        if self.snapshot.is_some() {
            return Err(Error::BadInput(
                "The result is read from a published report, which has no rows behind it."
                    .to_owned(),
            ));
        }
        let order = Keyset { column: None, descending: false };
        let filter = format!("metric {what} {:?} {keys:?}", self.answer.question);
        Ok(Asked { first, after, order, filter })
    }

    /// The keys that ids name.
    fn parsed(&self, keys: Option<Vec<ID>>) -> Result<Option<Vec<Key>>> {
        let Some(ids) = keys else { return Ok(None) };
        let key = |(no, id): (usize, &ID)| match self.answer.question.by.get(no) {
            _ if id.as_str() == NONE => Ok(Key::None),
            Some(dimension) if is_by_row(*dimension) => kind_of(*dimension).parse(id).map(Key::Id),
            _ => Ok(Key::Code(id.to_string())),
        };
        ids.iter().enumerate().map(key).collect::<Result<_>>().map(Some)
    }
}

/// The id of a key that is of nothing.
const NONE: &str = "NONE";

/// Of what kind the rows are that keys of a dimension name.
const fn kind_of(dimension: Dimension) -> Kind {
    match dimension {
        Dimension::Organisation => Kind::Organisation,
        Dimension::Programme => Kind::Programme,
        Dimension::Centre => Kind::Centre,
        Dimension::Stage => Kind::Stage,
        Dimension::Worker => Kind::Worker,
        _ => Kind::Area,
    }
}

pub(crate) fn key_id(dimension: Dimension, key: &Key) -> ID {
    match key {
        Key::Id(id) => kind_of(dimension).id(*id),
        Key::Code(code) => ID(code.clone()),
        Key::None => ID(NONE.to_owned()),
    }
}

/// The result of a metric, with all that explains it. It is of the work of the viewer's organisations; of a
/// coordinator, in the viewer's areas; of an analyst, as it was published.
#[Object(serial)]
impl MetricResult {
    /// What was measured, exactly.
    async fn definition(&self) -> MetricDefinition {
        MetricDefinition(self.answer.question.definition(), self.language)
    }

    /// First day of the period.
    async fn since(&self) -> Date {
        Date(self.answer.question.period.since)
    }

    /// Last day of the period.
    async fn through(&self) -> Date {
        Date(self.answer.question.period.through)
    }

    /// What was recorded later doesn't count.
    async fn as_of(&self) -> Instant {
        Instant(self.answer.as_of)
    }

    /// The moment that a kept result is of, where the service keeps results for a while; null if the
    /// result was computed for this very question. If it is long ago, the keeping fell behind: ask with
    /// `asOf` to have it computed from the rows.
    async fn fresh_as_of(&self) -> Option<Instant> {
        self.answer.fresh_as_of.map(Instant)
    }

    /// Whether the period was not over at `asOf`: the same will differ later.
    async fn provisional(&self) -> bool {
        self.answer.is_provisional
    }

    /// The identities that the total and every row were checked against. A result that breaks one is
    /// not shown, but an error.
    async fn identities(&self) -> &[String] {
        &self.answer.identities
    }

    /// The published report that the result is read from; null if it was computed from the rows.
    async fn snapshot(&self) -> Option<Snapshot> {
        self.snapshot.as_ref().map(|row| Snapshot::from(Row::clone(row)))
    }

    /// Everything together: who is in several rows counts once.
    async fn total(&self) -> MetricFigure {
        let reading = self.answer.question.definition().reading;
        MetricFigure { figure: self.answer.total, reading }
    }

    /// The families that a group counts, as far as the viewer sees them; or those whose cases, measures,
    /// visits, reports or enrolments it counts. An error where the metric counts persons, or was read
    /// from a published report.
    async fn families(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "The ids of the group's keys, in the order of `groupBy`; all groups together \
                          unless said."
        )]
        keys: Option<Vec<ID>>,
        #[graphql(desc = "How many, 1 to 100; 25 unless said.")] first: Option<i32>,
        #[graphql(desc = "Behind this cursor.")] after: Option<String>,
    ) -> Option<Result<Connection<Family>>> {
        let listed = async {
            let asked =
                self.asked::<entity::family::Entity>("families", keys.as_ref(), (first, after))?;
            let rows = rows::families(ctx.session()?, &self.answer, self.parsed(keys)?).await?;
            page(ctx, rows, asked).await
        };
        Some(listed.await)
    }

    /// The persons that a group counts, or whose stays it counts, as far as the viewer sees them, in the
    /// role of a child. An error where the metric counts families or their work, or was read from a
    /// published report.
    async fn children(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "The ids of the group's keys, in the order of `groupBy`; all groups together \
                          unless said."
        )]
        keys: Option<Vec<ID>>,
        #[graphql(desc = "How many, 1 to 100; 25 unless said.")] first: Option<i32>,
        #[graphql(desc = "Behind this cursor.")] after: Option<String>,
    ) -> Option<Result<Connection<Child>>> {
        let listed = async {
            let asked =
                self.asked::<entity::person::Entity>("children", keys.as_ref(), (first, after))?;
            let rows = rows::persons(ctx.session()?, &self.answer, self.parsed(keys)?).await?;
            page(ctx, rows, asked).await
        };
        Some(listed.await)
    }

    /// One row for each group that has something to count, in the order of their keys' names.
    async fn rows(&self) -> Vec<MetricRow<'_>> {
        let row = |line| MetricRow { result: self, line };
        let mut rows: Vec<MetricRow<'_>> = self.answer.lines.iter().map(row).collect();
        rows.sort_by_cached_key(|row| -> Vec<(String, ID)> {
            self.keys(row.line).into_iter().map(|key| (key.name, key.id)).collect()
        });
        rows
    }
}

/// Roots for metrics.
#[derive(Default)]
pub struct MetricQuery;

#[Object]
impl MetricQuery {
    /// A metric over a period, broken down by up to two dimensions. Figures are of the work that the
    /// viewer's organisations lead, run or organise; a coordinator's are of their areas; an analyst's are
    /// read from the report of exactly that period that was published last for analysts. For caseworkers,
    /// supervisors, coordinators, centre staff and analysts.
    async fn metric(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which metric.")] id: MetricId,
        #[graphql(desc = "The period; metrics of a day are of its last day.")] period: PeriodInput,
        #[graphql(desc = "Broken down by these, at most two; see the definition's `dimensions`.")]
        group_by: Option<Vec<Dimension>>,
        #[graphql(desc = "Narrowed to this.")] filter: Option<MetricFilter>,
        #[graphql(desc = "What was recorded later doesn't count; now unless said.")] as_of: Option<
            Instant,
        >,
    ) -> Option<Result<MetricResult>> {
        let asked = async {
            let question = Question {
                metric: id,
                period: period.into(),
                by: group_by.unwrap_or_default(),
                filter: MetricFilter::narrowed(filter)?,
                as_of: as_of.map(|at| at.0),
            };
            let session = ctx.session()?;
            let language = session.language();
            let (answer, names, snapshot) = metric::answer(session, &question).await?;
            Ok(MetricResult { answer, names, language, snapshot })
        };
        Some(asked.await)
    }

    /// The definitions of all metrics.
    async fn metric_definitions(&self, ctx: &Context<'_>) -> Option<Result<Vec<MetricDefinition>>> {
        let listed = ctx.session().and_then(|session| {
            session.may(Action::ReadMetrics)?;
            let language = session.language();
            Ok(definition::all().map(|one| MetricDefinition(one, language)).collect())
        });
        Some(listed)
    }
}
