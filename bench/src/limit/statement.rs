//! The statement of each operation, and how an operation's variables become its parameters.

use chrono::NaiveDate;
use serde_json::Value;
use tokio_postgres::types::ToSql;
use uuid::Uuid;

/// What can be asked for.
#[derive(Clone, Copy, Debug)]
pub enum Operation {
    Home,
    FamilyFile,
    ChildrenPage,
    PeriodReport,
    RecordVisit,
}

/// Parameters behind the first, which holds the organisations.
pub type Parameters = Vec<Box<dyn ToSql + Send + Sync>>;

impl Operation {
    /// The operation of a name as it stands in the documents.
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "Home" => Self::Home,
            "FamilyFile" => Self::FamilyFile,
            "ChildrenPage" => Self::ChildrenPage,
            "PeriodReport" => Self::PeriodReport,
            "RecordVisit" => Self::RecordVisit,
            _ => return None,
        })
    }

    /// Its statement: one row of one text, the `data` of the answer; no row where nothing is seen.
    pub const fn sql(self) -> &'static str {
        match self {
            Self::Home => include_str!("../../sql/home.sql"),
            Self::FamilyFile => include_str!("../../sql/family_file.sql"),
            Self::ChildrenPage => include_str!("../../sql/children_page.sql"),
            Self::PeriodReport => include_str!("../../sql/period_report.sql"),
            Self::RecordVisit => include_str!("../../sql/record_visit.sql"),
        }
    }

    /// The parameters that variables stand for; `None` if they are none of this operation.
    pub fn parameters(self, variables: &Value) -> Option<Parameters> {
        let text = |name: &str| variables[name].as_str();
        Some(match self {
            Self::Home => {
                let (at, id) = text("after").map_or(Some(("infinity", Uuid::max())), behind)?;
                vec![Box::new(at.to_owned()), Box::new(id)]
            }
            Self::FamilyFile => vec![Box::new(text("id")?.parse::<Uuid>().ok()?)],
            Self::ChildrenPage => {
                let after = text("after").map_or(Ok(Uuid::nil()), str::parse).ok()?;
                vec![Box::new(after)]
            }
            Self::PeriodReport => {
                let day = |name| text(name)?.parse::<NaiveDate>().ok();
                vec![Box::new(day("since")?), Box::new(day("through")?)]
            }
            Self::RecordVisit => vec![
                Box::new(text("caseId")?.parse::<Uuid>().ok()?),
                Box::new(text("id")?.parse::<Uuid>().ok()?),
                Box::new(text("purpose")?.to_owned()),
                Box::new(text("visitedAt")?.to_owned()),
            ],
        })
    }
}

/// A cursor `<time>|<id>`.
fn behind(cursor: &str) -> Option<(&str, Uuid)> {
    let (at, id) = cursor.split_once('|')?;
    Some((at, id.parse().ok()?))
}
