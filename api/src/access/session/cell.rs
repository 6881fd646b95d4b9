//! Rows that come as JSON arrays, read as the values of columns and then as models.

use std::borrow::Cow;
use std::fmt;

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::prelude::Uuid;
use sea_orm::sea_query::ColumnType;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IdenStatic, Iterable, TryIntoModel, Value,
};
use serde::de::{DeserializeSeed, Deserializer, Error as _, SeqAccess, Visitor};

use crate::error::{Error, Result};

/// A value of a row.
#[derive(Clone, Debug)]
pub struct Cell {
    /// The name of the column in its query.
    pub name: Cow<'static, str>,
    /// Of which type it is.
    pub kind: ColumnType,
    /// Whether it may be null.
    pub is_nullable: bool,
    /// Whether it is left out, because nothing shows it.
    pub is_spared: bool,
}

impl Cell {
    /// A whole number that a query computes.
    pub fn number(prefix: &str, name: &'static str) -> Self {
        let name = prefixed(prefix, name);
        Self { name, kind: ColumnType::Integer, is_nullable: false, is_spared: false }
    }

    /// The columns of a table, each under a name that begins with a prefix.
    pub fn of<E: EntityTrait>(
        prefix: &str,
        spares: impl Fn(&str) -> bool,
    ) -> impl Iterator<Item = Self> {
        E::Column::iter().map(move |column| {
            let (own, def) = (column.as_str(), column.def());
            Self {
                name: prefixed(prefix, own),
                kind: def.get_column_type().clone(),
                is_nullable: def.is_null(),
                is_spared: spares(own),
            }
        })
    }

    /// What stands for a value that is left out.
    fn empty(&self) -> Value {
        let some = !self.is_nullable;
        match self.kind {
            ColumnType::Uuid => some.then(Uuid::nil).into(),
            ColumnType::Boolean => some.then_some(false).into(),
            ColumnType::SmallInteger => some.then_some(0_i16).into(),
            ColumnType::Integer => some.then_some(0_i32).into(),
            ColumnType::BigInteger => some.then_some(0_i64).into(),
            ColumnType::Date => some.then_some(NaiveDate::default()).into(),
            ColumnType::TimestampWithTimeZone => some.then(DateTime::<Utc>::default).into(),
            _ => some.then(String::new).into(),
        }
    }
}

fn prefixed(prefix: &str, name: &'static str) -> Cow<'static, str> {
    if prefix.is_empty() { name.into() } else { format!("{prefix}{name}").into() }
}

/// The columns of a row that comes as a JSON array.
pub struct Cells<'a>(pub &'a [Cell]);

impl Cells<'_> {
    /// The values of a row.
    pub fn read(self, text: &str) -> Result<Vec<Value>> {
        self.deserialize(&mut serde_json::Deserializer::from_str(text)).map_err(|error| {
            tracing::error!(%error, "a row of a joint statement can't be read");
            Error::Internal
        })
    }
}

impl<'de> DeserializeSeed<'de> for Cells<'_> {
    type Value = Vec<Value>;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Self::Value, D::Error> {
        from.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Cells<'_> {
    type Value = Vec<Value>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a row as an array")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut from: A) -> Result<Self::Value, A::Error> {
        let mut values = Vec::with_capacity(self.0.len());
        for cell in self.0 {
            values.push(if cell.is_spared { cell.empty() } else { value(cell, &mut from)? });
        }
        Ok(values)
    }
}

fn value<'de, A: SeqAccess<'de>>(cell: &Cell, from: &mut A) -> Result<Value, A::Error> {
    Ok(match cell.kind {
        ColumnType::Uuid => parsed(from, |text| Uuid::try_parse(text).ok())?.into(),
        ColumnType::Date => parsed(from, |text| text.parse::<NaiveDate>().ok())?.into(),
        ColumnType::TimestampWithTimeZone => {
            parsed(from, |text| text.parse::<DateTime<Utc>>().ok())?.into()
        }
        ColumnType::Boolean => next::<Truth, A>(from)?.map(|truth| truth.0).into(),
        ColumnType::SmallInteger => next::<i16, A>(from)?.into(),
        ColumnType::Integer => next::<i32, A>(from)?.into(),
        ColumnType::BigInteger => next::<i64, A>(from)?.into(),
        ColumnType::Text | ColumnType::String(_) => next::<String, A>(from)?.into(),
        _ => return Err(A::Error::custom(format!("{} is of no known type", cell.name))),
    })
}

fn next<'de, T: serde::Deserialize<'de>, A: SeqAccess<'de>>(
    from: &mut A,
) -> Result<Option<T>, A::Error> {
    from.next_element::<Option<T>>()?.ok_or_else(|| A::Error::custom("a row is too short"))
}

/// A value that JSON holds as text without escapes. An empty one is null: so SQLite writes the digits of one.
fn parsed<'de, T, A: SeqAccess<'de>>(
    from: &mut A,
    parse: impl Fn(&str) -> Option<T>,
) -> Result<Option<T>, A::Error> {
    match next::<&'de str, A>(from)? {
        Some(text) if !text.is_empty() => {
            parse(text).map(Some).ok_or_else(|| A::Error::custom("a value can't be read"))
        }
        _ => Ok(None),
    }
}

/// A truth value, which SQLite writes as a number.
struct Truth(bool);

impl<'de> serde::Deserialize<'de> for Truth {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Seen;
        impl Visitor<'_> for Seen {
            type Value = Truth;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a truth value")
            }

            fn visit_bool<E>(self, truth: bool) -> Result<Truth, E> {
                Ok(Truth(truth))
            }

            fn visit_u64<E>(self, number: u64) -> Result<Truth, E> {
                Ok(Truth(number != 0))
            }

            fn visit_i64<E>(self, number: i64) -> Result<Truth, E> {
                Ok(Truth(number != 0))
            }
        }
        from.deserialize_any(Seen)
    }
}

/// The model of a row from the values of its columns, in their order.
pub fn model<E>(values: &mut impl Iterator<Item = Value>) -> Result<E::Model>
where
    E: EntityTrait,
    E::ActiveModel: TryIntoModel<E::Model>,
{
    let mut row = <E::ActiveModel as ActiveModelTrait>::default();
    for column in E::Column::iter() {
        row.try_set(column, values.next().ok_or(Error::Internal)?)?;
    }
    Ok(row.try_into_model()?)
}

/// A number from the next value.
pub fn number(values: &mut impl Iterator<Item = Value>) -> Result<i32> {
    match values.next() {
        Some(Value::Int(Some(number))) => Ok(number),
        _ => Err(Error::Internal),
    }
}
