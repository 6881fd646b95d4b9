//! What is asked of a report: the parameters of its address, with an answer to each mistake.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::words::{self, Text, say};
use crate::access::Session;
use crate::casework::metric::question::{LONGEST, Period};
use crate::error::{Error, Result};
use crate::graphql::id::Kind;

/// What a report is asked for.
#[derive(Debug)]
pub struct Asked {
    pub period: Period,
    /// Narrowed to this area.
    pub area: Option<Uuid>,
    /// What was recorded later doesn't count; now unless said.
    pub as_of: Option<DateTime<Utc>>,
}

#[derive(Default)]
struct Given {
    since: Option<String>,
    through: Option<String>,
    area: Option<String>,
    as_of: Option<String>,
}

impl Given {
    fn of(query: &str, refuse: impl Fn(Text) -> Error) -> Result<Self> {
        let mut given = Self::default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let place = match &*name {
                "since" => &mut given.since,
                "through" => &mut given.through,
                "area" => &mut given.area,
                "asOf" => &mut given.as_of,
                _ => return Err(refuse(words::UNKNOWN)),
            };
            if place.replace(value.into_owned()).is_some() {
                return Err(refuse(words::UNKNOWN));
            }
        }
        Ok(given)
    }
}

impl Asked {
    /// Reads the parameters of an address.
    pub fn of(query: &str, session: &Session) -> Result<Self> {
        let refuse = |text: Text| Error::BadInput(say(text, session.language()).to_owned());
        let given = Given::of(query, refuse)?;
        let day = |text: Option<String>| -> Result<NaiveDate> {
            let day = text.and_then(|text| NaiveDate::parse_from_str(&text, "%Y-%m-%d").ok());
            day.ok_or_else(|| refuse(words::NO_DAY))
        };
        let period = Period { since: day(given.since)?, through: day(given.through)? };
        let wrong = [
            (period.since > period.through, words::OUT_OF_ORDER),
            ((period.through - period.since).num_days() > LONGEST, words::TOO_LONG),
            (period.since > session.today(), words::NOT_BEGUN),
        ];
        if let Some((_, why)) = wrong.into_iter().find(|(is_wrong, _)| *is_wrong) {
            return Err(refuse(why));
        }
        let area = given
            .area
            .filter(|area| !area.is_empty())
            .map(|area| Kind::Area.parse(&area.into()).map_err(|_| refuse(words::NO_AREA)));
        let as_of = given.as_of.filter(|at| !at.is_empty()).map(|at| {
            let at = DateTime::parse_from_rfc3339(&at).map(|at| at.with_timezone(&Utc));
            at.ok().filter(|at| *at <= session.now()).ok_or_else(|| refuse(words::NO_MOMENT))
        });
        Ok(Self { period, area: area.transpose()?, as_of: as_of.transpose()? })
    }
}
