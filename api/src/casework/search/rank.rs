//! How sure it is that a candidate is the one looked for, as a score with its reasons.

use chrono::Months;
use entity::person::{self, Column, Sex};

use super::fold::words;
use super::slip::is_slip;
use super::{PartialBirth, PersonQuery};
use crate::access::Row;

/// The score from which a person is suspected to be the one that is about to be recorded again:
/// family and given name are the same, and neither birth date, sex nor patronymic speaks against
/// it; or names but for a slip, with the same birth date.
pub const LIKELY: i32 = 70;
/// Most suspects that are named.
pub const MOST_SUSPECTS: usize = 10;

/// A person that may be the one looked for.
#[derive(Clone)]
pub struct Match {
    /// The person.
    pub person: Row<person::Model>,
    /// How sure it is, from 1 to 100: the sum of what [`MatchReason`] says of each reason.
    pub score: i32,
    /// What speaks for it, and what against.
    pub reasons: Vec<MatchReason>,
}

/// What speaks for a match, or against it. Points are for the score; a name that is the same but
/// for a slip of the hand, or only in part, has 12 fewer (a patronymic 4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MatchReason {
    /// The family name is the same or sounds alike: 40 points.
    FamilyName,
    /// The given name is the same, sounds alike or is its form in another language: 30 points.
    GivenName,
    /// The patronymic is the same or sounds alike: 8 points.
    Patronymic,
    /// Family and given name stand in each other's place: 4 points off.
    NamesSwapped,
    /// A name is another one that the person bears or bore: 6 points off.
    OtherName,
    /// Every word of the names is spelled as it is recorded: 4 points.
    SameSpelling,
    /// The birth date is the same day: 16 points.
    BirthDate,
    /// The birth date may be the same, as far as it is known, or is within a year: 8 points.
    BirthDateClose,
    /// The sex is the same: 2 points.
    Sex,
    /// The patronymic is another one: 15 points off.
    PatronymicDiffers,
    /// The birth date is more than a year off: 30 points off.
    BirthDateDiffers,
    /// The sex is the other one: 25 points off.
    SexDiffers,
    /// The number that was looked for is theirs: 100 points.
    Identifier,
    /// Of families: the label and the area are the same: 60 points.
    FamilyLabel,
    /// Of families: the address is the same: 40 points.
    Address,
}

const FAMILY_NAME: i32 = 40;
const GIVEN_NAME: i32 = 30;

/// The candidates that may be the one looked for, the surest first, then by id.
pub fn matches(query: &PersonQuery, rows: &[Row<person::Model>]) -> Vec<Match> {
    let asked = Asked::from(query);
    let mut found: Vec<Match> = rows
        .iter()
        // What is hidden must not show in a score either.
        .filter(|row| row.shows(Column::SearchKey))
        .filter_map(|row| {
            let case = weigh(&asked, query, row);
            let score = case.score.clamp(1, 100);
            let is_match = !case.reasons.is_empty();
            is_match.then(|| Match { person: Row::clone(row), score, reasons: case.reasons })
        })
        .collect();
    found.sort_by(|one, other| {
        other.score.cmp(&one.score).then_with(|| one.person.id.cmp(&other.person.id))
    });
    found
}

/// Those that are [`LIKELY`] the same as a person about to be recorded, the surest first, at most
/// [`MOST_SUSPECTS`].
pub fn suspects(query: &PersonQuery, rows: &[Row<person::Model>]) -> Vec<Match> {
    let mut found = matches(query, rows);
    found.retain(|found| found.score >= LIKELY);
    found.truncate(MOST_SUSPECTS);
    found
}

/// The names of a person in folded words, by part.
#[derive(Clone, Default)]
struct Names {
    family: Vec<String>,
    given: Vec<String>,
    patronymic: Vec<String>,
}

/// What is looked for, in folded words: by part, and those that may be any part.
struct Asked {
    names: Names,
    loose: Vec<String>,
    spelling: Vec<String>,
}

/// What speaks for a candidate so far.
#[derive(Default)]
struct Case {
    score: i32,
    reasons: Vec<MatchReason>,
}

impl Case {
    fn add(&mut self, points: i32, reason: MatchReason) {
        self.score += points;
        if !self.reasons.contains(&reason) {
            self.reasons.push(reason);
        }
    }

    fn has(&self, reason: MatchReason) -> bool {
        self.reasons.contains(&reason)
    }
}

impl From<&PersonQuery> for Asked {
    fn from(query: &PersonQuery) -> Self {
        let part = |part: &Option<String>| words(part.as_deref().unwrap_or_default());
        let names = Names {
            family: part(&query.family_name),
            given: part(&query.given_name),
            patronymic: part(&query.patronymic),
        };
        let parts = [&query.family_name, &query.given_name, &query.patronymic, &query.text];
        let spelling = spelled(parts.into_iter().flatten());
        Self { names, loose: part(&query.text), spelling }
    }
}

impl Asked {
    /// The names with each loose word at the part of the person that it fits best, and the words
    /// that fit none.
    fn placed(&self, known: &Names) -> (Names, Vec<&str>) {
        let mut names = self.names.clone();
        let mut elsewhere = Vec::new();
        for word in &self.loose {
            let parts = [
                (&mut names.family, &known.family),
                (&mut names.given, &known.given),
                (&mut names.patronymic, &known.patronymic),
            ];
            let fits = |known: &[String]| fit(std::slice::from_ref(word), known);
            let best = parts.into_iter().max_by_key(|(_, known)| {
                let best_of = known.iter().map(|known| fits(std::slice::from_ref(known))).max();
                best_of.unwrap_or(Fit::None)
            });
            match best {
                Some((asked, known)) if fits(known) != Fit::None => asked.push(word.clone()),
                _ => elsewhere.push(word.as_str()),
            }
        }
        (names, elsewhere)
    }
}

/// What speaks for a person and against; nothing at all if no name does.
fn weigh(asked: &Asked, query: &PersonQuery, row: &person::Model) -> Case {
    let known = Names {
        family: words(row.family_name.as_deref().unwrap_or_default()),
        given: words(&row.given_name),
        patronymic: words(row.patronymic.as_deref().unwrap_or_default()),
    };
    let (names, elsewhere) = asked.placed(&known);
    let mut case = weigh_names(&names, &known);
    weigh_other_names(&mut case, &names, &elsewhere, &known, &row.search_key);
    weigh_patronymic(&mut case, &names, &known);
    if case.score <= 0 {
        return Case::default();
    }
    let recorded = [row.family_name.as_ref(), Some(&row.given_name), row.patronymic.as_ref()];
    let recorded = spelled(recorded.into_iter().flatten());
    if asked.spelling.iter().all(|word| recorded.contains(word)) {
        case.add(4, MatchReason::SameSpelling);
    }
    weigh_birth(&mut case, query.birth, PartialBirth::of(row));
    match (query.sex.unwrap_or(Sex::Unknown), row.sex) {
        (Sex::Unknown, _) | (_, Sex::Unknown) => {}
        (asked, known) if asked == known => case.add(2, MatchReason::Sex),
        _ => case.add(-25, MatchReason::SexDiffers),
    }
    case
}

/// How words of a part fit those of another.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    None,
    /// But for a slip, or in part.
    Nearly,
    Same,
}

fn fit(asked: &[String], known: &[String]) -> Fit {
    let shared = asked.iter().filter(|word| known.contains(word)).count();
    if shared > 0 && shared == asked.len() && shared == known.len() {
        Fit::Same
    } else if shared > 0 || asked.iter().any(|word| known.iter().any(|known| is_slip(word, known)))
    {
        Fit::Nearly
    } else {
        Fit::None
    }
}

/// Family and given name as they stand, or in each other's place where that fits better.
fn weigh_names(asked: &Names, known: &Names) -> Case {
    let weigh = |family: &[String], given: &[String]| {
        let mut case = Case::default();
        for (asked, known, points, reason) in [
            (family, &known.family, FAMILY_NAME, MatchReason::FamilyName),
            (given, &known.given, GIVEN_NAME, MatchReason::GivenName),
        ] {
            match fit(asked, known) {
                Fit::Same => case.add(points, reason),
                Fit::Nearly => case.add(points - 12, reason),
                Fit::None => {}
            }
        }
        case
    };
    let straight = weigh(&asked.family, &asked.given);
    let mut swapped = weigh(&asked.given, &asked.family);
    if swapped.score > 0 {
        swapped.add(-4, MatchReason::NamesSwapped);
    }
    if swapped.score > straight.score { swapped } else { straight }
}

/// Names that fit neither, but another name of the person.
fn weigh_other_names(
    case: &mut Case,
    asked: &Names,
    elsewhere: &[&str],
    known: &Names,
    search_key: &str,
) {
    let now = [&known.family, &known.given, &known.patronymic];
    let others: Vec<String> = search_key
        .split(' ')
        .filter(|word| !word.is_empty() && now.iter().all(|part| !part.iter().any(|w| w == word)))
        .map(str::to_owned)
        .collect();
    let is_other = |word: &str| others.iter().any(|other| other == word || is_slip(word, other));
    let mut loose = elsewhere.iter().filter(|word| is_other(word)).count();
    let is_swapped = case.has(MatchReason::NamesSwapped);
    let (asked_family, asked_given) =
        if is_swapped { (&asked.given, &asked.family) } else { (&asked.family, &asked.given) };
    for (part, points, reason) in [
        (asked_family, FAMILY_NAME, MatchReason::FamilyName),
        (asked_given, GIVEN_NAME, MatchReason::GivenName),
    ] {
        if case.has(reason) {
            continue;
        }
        if part.iter().any(|word| is_other(word)) {
            case.add(points - 6, MatchReason::OtherName);
        } else if part.is_empty() && loose > 0 {
            loose -= 1;
            case.add(points - 6, MatchReason::OtherName);
        }
    }
}

fn weigh_patronymic(case: &mut Case, asked: &Names, known: &Names) {
    if asked.patronymic.is_empty() || known.patronymic.is_empty() {
        return;
    }
    match fit(&asked.patronymic, &known.patronymic) {
        Fit::Same => case.add(8, MatchReason::Patronymic),
        Fit::Nearly => case.add(4, MatchReason::Patronymic),
        Fit::None => case.add(-15, MatchReason::PatronymicDiffers),
    }
}

fn weigh_birth(case: &mut Case, asked: Option<PartialBirth>, known: Option<PartialBirth>) {
    let (Some(asked), Some(known)) = (asked, known) else { return };
    let ((first, last), (known_first, known_last)) = (asked.span(), known.span());
    let is_day = first == last && known_first == known_last;
    let (end, start) = (last.min(known_last), first.max(known_first));
    let a_year_on = end.checked_add_months(Months::new(12));
    if is_day && first == known_first {
        case.add(16, MatchReason::BirthDate);
    } else if a_year_on.is_none_or(|a_year_on| start <= a_year_on) {
        case.add(8, MatchReason::BirthDateClose);
    } else {
        case.add(-30, MatchReason::BirthDateDiffers);
    }
}

/// The words of names in lower case, as they are spelled.
fn spelled<'a>(names: impl Iterator<Item = &'a String>) -> Vec<String> {
    let words = names.flat_map(|name| name.split(|c: char| c.is_whitespace() || c == '-'));
    words.filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
}

#[cfg(test)]
mod tests;
