//! Finding a person again, however the name is written: the key that is stored to search by, the
//! candidates that the database finds by it, and how sure each of them is.

mod alphabet;
pub mod fold;
pub mod number;
mod slip;
mod rank;

use chrono::{Datelike, Days, Months, NaiveDate};
use entity::person::{self, Column, DatePrecision, Sex};
use sea_orm::sea_query::{CaseStatement, Expr, ExprTrait, SimpleExpr};
use sea_orm::{ColumnTrait, Condition, IntoSimpleExpr, Order};

use crate::access::{Rows, Session, Veil};

pub use fold::{NameParts, search_key};
pub use rank::{LIKELY, MOST_SUSPECTS, Match, MatchReason, matches, suspects};

/// Who is looked for. It can't be printed, so that no name gets into a log.
#[derive(Clone, Default)]
pub struct PersonQuery {
    /// Family name.
    pub family_name: Option<String>,
    /// Given name.
    pub given_name: Option<String>,
    /// Patronymic.
    pub patronymic: Option<String>,
    /// Words of the name, of which it isn't said which part they are.
    pub text: Option<String>,
    /// Birth date, as exact as it is known.
    pub birth: Option<PartialBirth>,
    /// Sex.
    pub sex: Option<Sex>,
}

/// A birth date as exact as it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PartialBirth {
    /// The day, or the first day of the month or year.
    pub day: NaiveDate,
    /// How exactly it is known.
    pub precision: DatePrecision,
}

/// Most candidates that the database hands over to be ranked.
pub const MOST_CANDIDATES: u64 = 200;
/// Most words of a query that are looked for.
const MOST_WORDS: usize = 8;

/// The persons that may be the one looked for: of the words of the query, one must be among the
/// words of the person, and another one too, but for a slip of the hand; a query of one word needs
/// that one, but for a slip. Those that have most words come first, then by id, at most
/// [`MOST_CANDIDATES`].
pub fn candidates(session: &Session, query: &PersonQuery) -> Rows<person::Entity> {
    let words = query.words();
    let points = points(&words);
    let enough = match words.as_slice() {
        [] => Condition::all().add(Column::Id.is_null()),
        [word] => Condition::any().add(like(word)).add_option(nearly(word)),
        several => several.iter().fold(Condition::any(), |any, word| any.add(like(word))),
    };
    let rows = session
        .find_showing::<person::Entity>(&Veil::of::<person::Entity>([Some(Column::SearchKey)]))
        .filter(Column::MergedIntoId.is_null())
        .filter(enough)
        .filter_some((words.len() > 1).then(|| points.clone()), |points| {
            points.gte(HAS + NEARLY_HAS)
        });
    rows.ranked(points, Order::Desc).order(Column::Id, Order::Asc).limit(MOST_CANDIDATES)
}

impl PersonQuery {
    /// The folded words to look for, each once: initials only if there is nothing longer.
    pub fn words(&self) -> Vec<String> {
        let parts = [&self.family_name, &self.given_name, &self.patronymic, &self.text];
        let mut words: Vec<String> = Vec::new();
        for word in parts.into_iter().flatten().flat_map(|part| fold::words(part)) {
            if !words.contains(&word) {
                words.push(word);
            }
        }
        if words.iter().any(|word| word.len() > 1) {
            words.retain(|word| word.len() > 1);
        }
        words.truncate(MOST_WORDS);
        words
    }
}

impl PartialBirth {
    /// The birth date of a person, if it is recorded.
    pub fn of(person: &person::Model) -> Option<Self> {
        Some(Self { day: person.birth_date?, precision: person.birth_precision })
    }

    /// The first and the last day that it may mean; an estimate may be a year off.
    fn span(self) -> (NaiveDate, NaiveDate) {
        let years = |before: i32, after: i32| {
            let year = |year, month, day| NaiveDate::from_ymd_opt(year, month, day);
            let first = year(self.day.year() - before, 1, 1).unwrap_or(NaiveDate::MIN);
            (first, year(self.day.year() + after, 12, 31).unwrap_or(NaiveDate::MAX))
        };
        match self.precision {
            DatePrecision::Day => (self.day, self.day),
            DatePrecision::Month => {
                let first = self.day.with_day(1).unwrap_or(self.day);
                let next = first.checked_add_months(Months::new(1));
                let last = next.and_then(|next| next.checked_sub_days(Days::new(1)));
                (first, last.unwrap_or(NaiveDate::MAX))
            }
            DatePrecision::Year => years(0, 0),
            DatePrecision::Estimated => years(1, 1),
        }
    }
}

/// What a word counts that the person has, and one that the person has but for a slip.
const HAS: i32 = 2;
const NEARLY_HAS: i32 = 1;

fn points(words: &[String]) -> SimpleExpr {
    let point = |word: &String| -> SimpleExpr {
        let mut case = CaseStatement::new().case(like(word), HAS);
        if let Some(slips) = nearly(word) {
            case = case.case(slips, NEARLY_HAS);
        }
        case.finally(0).into()
    };
    words.iter().map(point).reduce(ExprTrait::add).unwrap_or_else(|| Expr::val(0))
}

fn nearly(word: &str) -> Option<Condition> {
    let patterns = slip::patterns(word);
    if patterns.is_empty() {
        return None;
    }
    Some(patterns.iter().fold(Condition::any(), |any, pattern| any.add(like(pattern))))
}

/// Folded words are of `a-z0-9`, and slips of that and `_`: nothing is to be escaped, and both
/// databases compare alike.
fn like(pattern: &str) -> SimpleExpr {
    let is_plain = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'_';
    debug_assert!(pattern.bytes().all(is_plain), "a folded word");
    Column::SearchKey.like(format!("% {pattern} %")).into_simple_expr()
}
