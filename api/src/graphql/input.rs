//! Inputs that several features share: ranges, directions, and the macro for orders.

use async_graphql::{Enum, InputObject};
use chrono::{DateTime, NaiveDate, Utc};

use super::scalar::{Date, Instant};
use crate::casework::Range;

/// Which way a list goes.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Smallest or earliest first.
    Asc,
    /// Greatest or latest first.
    Desc,
}

/// A range of days.
#[derive(InputObject, Clone, Copy, Debug)]
pub struct DateRange {
    /// The first day, inclusive; open if omitted.
    since: Option<Date>,
    /// The day after the last, exclusive; open if omitted.
    until: Option<Date>,
}

/// A range of instants.
#[derive(InputObject, Clone, Copy, Debug)]
pub struct DateTimeRange {
    /// From this instant on, inclusive; open if omitted.
    since: Option<Instant>,
    /// Before this instant, exclusive; open if omitted.
    until: Option<Instant>,
}

impl From<DateRange> for Range<NaiveDate> {
    fn from(range: DateRange) -> Self {
        Self { since: range.since.map(|day| day.0), until: range.until.map(|day| day.0) }
    }
}

impl From<DateTimeRange> for Range<DateTime<Utc>> {
    fn from(range: DateTimeRange) -> Self {
        Self { since: range.since.map(|at| at.0), until: range.until.map(|at| at.0) }
    }
}

/// Declares the orders of a list: an input, and an enum of what the list may be ordered by.
macro_rules! orders {
    ($name:ident by $field:ident of $entity:ident {
        $($(#[$doc:meta])+ $variant:ident = $column:ident),+ $(,)?
    }) => {
        /// What the list may be ordered by; ties are broken by id.
        #[derive(async_graphql::Enum, Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $field {
            $($(#[$doc])+ $variant),+
        }

        /// In which order the list comes.
        #[derive(async_graphql::InputObject, Clone, Copy, Debug)]
        pub struct $name {
            /// By what.
            field: $field,
            /// Which way.
            #[graphql(default_with = "crate::graphql::input::Direction::Asc")]
            direction: crate::graphql::input::Direction,
        }

        impl $name {
            fn keyset(
                order: Option<Self>,
            ) -> crate::access::session::Keyset<entity::$entity::Entity> {
                use crate::graphql::input::Direction;
                let column = order.map(|order| match order.field {
                    $($field::$variant => entity::$entity::Column::$column),+
                });
                let descending = order.is_some_and(|order| order.direction == Direction::Desc);
                crate::access::session::Keyset { column, descending }
            }
        }
    };
}
pub(crate) use orders;

/// Declares an object that stands on one row.
macro_rules! objects {
    ($($(#[$doc:meta])+ $name:ident of $entity:ident;)+) => {
        $($(#[$doc])+
        pub struct $name(crate::access::Row<entity::$entity::Model>);

        impl From<crate::access::Row<entity::$entity::Model>> for $name {
            fn from(row: crate::access::Row<entity::$entity::Model>) -> Self {
                Self(row)
            }
        })+
    };
}
pub(crate) use objects;
