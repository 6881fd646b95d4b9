//! What is asked, resolved: the period as days and instants, what counts as known, whose work, narrowed by
//! what and broken down by what; and how a source's columns become keys, joins and conditions.

use chrono::{DateTime, NaiveDate, Utc};
use entity::area::AreaKind;
use entity::metric::{AgeBand, Dimension, MetricId};
use sea_orm::{ActiveEnum, DbBackend, Iterable, QueryResult};
use uuid::Uuid;

use super::question::{Filter, Key};
use super::sql::Sql;
use crate::access::scope::Counted;
use crate::error::Result;

/// What is asked, resolved.
#[derive(Clone, Debug)]
pub struct Frame {
    pub backend: DbBackend,
    pub metric: MetricId,
    /// First day of the period.
    pub since: NaiveDate,
    /// Last day of the period.
    pub through: NaiveDate,
    /// First instant of the period.
    pub since_at: DateTime<Utc>,
    /// First instant after the period.
    pub until_at: DateTime<Utc>,
    /// What was recorded later doesn't count.
    pub as_of: DateTime<Utc>,
    /// Whether that is a moment in the past: who led a case then may lead it no longer.
    pub looks_back: bool,
    /// Whose work is counted.
    pub counted: Counted,
    /// Narrowed to what.
    pub filter: Filter,
    /// Broken down by what.
    pub by: Vec<Dimension>,
}

/// Where a source has what a dimension goes by.
#[derive(Clone, Debug)]
pub enum Column {
    /// The id of an area, of any kind.
    Area(&'static str),
    /// The id of a row.
    Id(&'static str),
    /// A code, or an expression that is one.
    Code(String),
}

/// Whose work a row is.
#[derive(Clone, Copy, Debug)]
pub struct Own {
    /// The organisation that leads, runs or organises it.
    pub organisation: &'static str,
    /// The area that it is in.
    pub area: &'static str,
}

/// Where a source has what dimensions go by.
pub type Columns<'a> = &'a dyn Fn(Dimension) -> Option<Column>;

impl Frame {
    /// Whether the result is broken down by a dimension, or narrowed by it.
    pub fn uses(&self, dimension: Dimension) -> bool {
        self.by.contains(&dimension) || self.filter.codes(dimension).is_some()
    }

    /// Adds the keys to what is selected, as `k0`, `k1`, ...
    pub fn keys(&self, sql: &mut Sql, columns: Columns<'_>) {
        for (no, dimension) in self.by.iter().enumerate() {
            let key = match columns(*dimension) {
                Some(Column::Area(_)) => format!("ak{no}.key_id"),
                Some(Column::Id(column)) => column.to_owned(),
                Some(Column::Code(code)) => code,
                None => "null".to_owned(),
            };
            sql.add(&format!(", {key} as k{no}"));
        }
    }

    /// The keys, each behind a comma.
    pub fn listed(&self) -> String {
        (0..self.by.len()).fold(String::new(), |keys, no| format!("{keys}, k{no}"))
    }

    /// The keys of a row that was selected with them.
    pub fn read_keys(&self, row: &QueryResult) -> Result<Vec<Key>> {
        let key = |(no, dimension): (usize, &Dimension)| {
            let name = format!("k{no}");
            Ok(if is_by_row(*dimension) {
                row.try_get::<Option<Uuid>>("", &name)?.map_or(Key::None, Key::Id)
            } else {
                row.try_get::<Option<String>>("", &name)?.map_or(Key::None, Key::Code)
            })
        };
        self.by.iter().enumerate().map(key).collect()
    }

    /// Whether a day lies in the period.
    pub fn holds(&self, day: NaiveDate) -> bool {
        (self.since..=self.through).contains(&day)
    }

    /// Joins each area to the one of the asked kind that it lies in.
    pub fn area_joins(&self, sql: &mut Sql, columns: Columns<'_>) {
        for (no, dimension) in self.by.iter().enumerate() {
            let (Some(Column::Area(column)), Some(kind)) = (columns(*dimension), kind(*dimension))
            else {
                continue;
            };
            sql.bind(
                " left join (select a.id as area_id, o.id as key_id from area a \
                 join area o on a.path like o.path || '%' where o.kind = ?)",
                [kind.to_value().into()],
            );
            sql.add(&format!(" ak{no} on ak{no}.area_id = {column}"));
        }
    }

    /// Adds that a row is of the work that is counted, and within the filter; whose work it is, the
    /// dimensions say.
    pub fn narrow(&self, sql: &mut Sql, columns: Columns<'_>) {
        let organisation = match columns(Dimension::Organisation) {
            Some(Column::Id(column)) => column,
            _ => "null",
        };
        let area = match columns(Dimension::Region) {
            Some(Column::Area(column)) => column,
            _ => "null",
        };
        self.narrow_own(sql, columns, Own { organisation, area });
    }

    /// The same where whose work it is stands in other columns than what it is broken down by.
    pub fn narrow_own(&self, sql: &mut Sql, columns: Columns<'_>, own: Own) {
        match &self.counted {
            Counted::Organisations(ids) => sql.add(" and ").one_of(own.organisation, ids),
            Counted::Areas(ids) => sql.add(" and ").one_of(own.area, ids),
        };
        let filter = &self.filter;
        if let (Some(id), Some(Column::Area(column))) = (filter.area, columns(Dimension::Region)) {
            within(sql, "area", column, id);
        }
        let organisation = columns(Dimension::Organisation);
        if let (Some(id), Some(Column::Id(column))) = (filter.organisation, organisation) {
            within(sql, "organisation", column, id);
        }
        for (id, dimension) in
            [(filter.programme, Dimension::Programme), (filter.centre, Dimension::Centre)]
        {
            if let (Some(id), Some(Column::Id(column))) = (id, columns(dimension)) {
                sql.bind(&format!(" and {column} = ?"), [id.into()]);
            }
        }
        for dimension in Dimension::iter() {
            if let (Some(codes), Some(Column::Code(code))) =
                (filter.codes(dimension), columns(dimension))
            {
                sql.add(" and ").one_of_codes(&format!("({code})"), &codes);
            }
        }
    }

    /// That something was recorded, and not voided yet, when the result is as of.
    pub fn known(&self, sql: &mut Sql, table: &str) {
        sql.bind(
            &format!(
                " and {table}.recorded_at <= ? and ({table}.voided_at is null or {table}.voided_at > ?)"
            ),
            [self.as_of.into(), self.as_of.into()],
        );
    }

    /// A day that is bound.
    pub fn day(&self) -> &'static str {
        if self.backend == DbBackend::Postgres { "cast(? as date)" } else { "?" }
    }

    /// An instant that is bound.
    pub fn instant(&self) -> &'static str {
        if self.backend == DbBackend::Postgres { "cast(? as timestamptz)" } else { "?" }
    }

    /// The first day on which register entries count: the last of the period for what is counted on
    /// that day.
    pub const fn first_of_entries(&self) -> NaiveDate {
        match self.metric {
            MetricId::FamiliesOnRegister
            | MetricId::ChildrenInFamiliesOnRegister
            | MetricId::ChildrenOnRegister => self.through,
            _ => self.since,
        }
    }

    /// A day some days before another.
    pub fn before(&self, day: &str, days: i64) -> String {
        if self.backend == DbBackend::Postgres {
            format!("({day} - {days})")
        } else {
            format!("date({day}, '-{days} days')")
        }
    }

    /// A day as a number, `YYYYMMDD`.
    pub fn number(&self, day: &str) -> String {
        if self.backend == DbBackend::Postgres {
            format!(
                "cast(extract(year from {day}) * 10000 + extract(month from {day}) * 100 \
                 + extract(day from {day}) as integer)"
            )
        } else {
            format!("cast(replace({day}, '-', '') as integer)")
        }
    }

    /// Completed years of a person at a day: a number that is null where the birth date is.
    pub fn years(&self, birth: &str, day: &str) -> String {
        format!("(({} - {}) / 10000)", self.number(day), self.number(birth))
    }

    /// The age band of a person at a day.
    pub fn age_band(&self, birth: &str, day: &str) -> String {
        let years = self.years(birth, day);
        let mut text = format!("case when {birth} is null then '{}'", AgeBand::Unknown.to_value());
        for (band, below) in [
            (AgeBand::Infant, 3),
            (AgeBand::Preschool, 7),
            (AgeBand::School, 14),
            (AgeBand::Adolescent, ADULT_AT),
        ] {
            text = format!("{text} when {years} < {below} then '{}'", band.to_value());
        }
        format!("{text} else '{}' end", AgeBand::Adult.to_value())
    }

    /// That a person is a child at a day; whoever's birth date is not known is taken for one.
    pub fn is_child(&self, birth: &str, day: &str) -> String {
        format!("({birth} is null or {} < {ADULT_AT})", self.years(birth, day))
    }

    /// The calendar month of a day, as `YYYY-MM`.
    pub fn month(&self, day: &str) -> String {
        if self.backend == DbBackend::Postgres {
            format!("to_char({day}, 'YYYY-MM')")
        } else {
            format!("substr({day}, 1, 7)")
        }
    }
}

/// From this age on, in completed years, nobody is a child.
pub const ADULT_AT: i32 = 18;

fn within(sql: &mut Sql, table: &str, column: &str, id: Uuid) {
    sql.bind(
        &format!(
            " and {column} in (select w.id from {table} w join {table} r \
             on w.path like r.path || '%' where r.id = ?)"
        ),
        [id.into()],
    );
}

/// The kind of the areas that a dimension goes by.
pub const fn kind(dimension: Dimension) -> Option<AreaKind> {
    match dimension {
        Dimension::Region => Some(AreaKind::Region),
        Dimension::District => Some(AreaKind::District),
        Dimension::Municipality => Some(AreaKind::Municipality),
        Dimension::CityDistrict => Some(AreaKind::CityDistrict),
        Dimension::Settlement => Some(AreaKind::Settlement),
        _ => None,
    }
}

/// Whether the keys of a dimension are ids of rows, not codes.
pub const fn is_by_row(dimension: Dimension) -> bool {
    kind(dimension).is_some()
        || matches!(
            dimension,
            Dimension::Organisation
                | Dimension::Programme
                | Dimension::Centre
                | Dimension::Stage
                | Dimension::Worker
        )
}
