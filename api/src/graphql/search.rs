//! Looking for a person who may be known already.

use async_graphql::{Context, Enum, InputObject, Object, SimpleObject};
use entity::person::Sex;
use entity::secret::Secret;

use super::loader::{Asking, By};
use super::person::Person;
use super::prefetch::by_ids;
use super::scalar::PartialDate;
use crate::access::Class;
use crate::access::policy::Action;
use crate::casework;
use crate::casework::check::SHORT;
use crate::casework::person::identifier::Identifier;
use crate::casework::search::{Match, PartialBirth, PersonQuery};
use crate::error::{Error, Result};

/// How many matches are answered unless asked otherwise, and at most.
const FIRST: i32 = 10;
const MOST: i32 = 25;
/// Most characters of a part of the name.
const LONGEST: usize = 100;

/// Who is looked for. At least one word of the name is needed; each more makes the search surer.
/// Spellings are compared by sound: Russian, Ukrainian and the usual Latin ones find each other,
/// with ё or е, and a slip in a longer word is forgiven. Or a number is given, and nothing else.
#[derive(InputObject)]
pub struct PersonSearchInput {
    /// Family name, at most 100 characters. In the place of the given name it is found too.
    family_name: Option<String>,
    /// Given name, at most 100 characters. In the place of the family name it is found too.
    given_name: Option<String>,
    /// Patronymic, at most 100 characters. Persons without one are found too.
    patronymic: Option<String>,
    /// Words of the name in any order, at most 100 characters: `Sergei Petrenko`.
    text: Option<String>,
    /// Birth date, as exact as it is known. It orders the matches and excludes none.
    birth_date: Option<PartialDate>,
    /// Sex. It orders the matches and excludes none.
    sex: Option<Sex>,
    /// A number that identifies the person in another system, instead of a name; it stands alone.
    /// Needs a token with the scope `restricted:read`, and finds only persons whom the viewer sees in
    /// full: that nobody is found doesn't mean that nobody has the number. Each match is audited.
    identifier: Option<PersonSearchIdentifier>,
}

/// A number that is looked for. Neither case nor spaces, dashes and dots make a difference.
#[derive(InputObject)]
pub struct PersonSearchIdentifier {
    /// What kind of number it is, as it was recorded, up to 200 characters.
    kind: String,
    /// The number, whole, up to 200 characters. Restricted.
    value: String,
}

/// The persons that may be the one looked for, the surest first.
#[derive(SimpleObject)]
pub struct PersonMatchConnection {
    /// The matches.
    nodes: Vec<PersonMatch>,
    /// Whether there are more matches than asked for: say more of the name to narrow them.
    has_more: bool,
}

/// A person that may be the one looked for.
#[derive(SimpleObject)]
pub struct PersonMatch {
    /// The person.
    person: Person,
    /// How sure it is, from 1 to 100: the sum of the reasons' points. From 70 on it is likely the
    /// same person.
    score: i32,
    /// What speaks for it, and what against.
    reasons: Vec<MatchReason>,
}

/// What speaks for a match, or against it, with the points that it adds to the score. A name that
/// is the same only in part, or but for a slip of the hand, has 12 points fewer, a patronymic 4.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "casework::search::MatchReason")]
pub enum MatchReason {
    /// The family name is the same or sounds alike: 40 points.
    FamilyName,
    /// The given name is the same, sounds alike or is its form in another language: 30 points.
    GivenName,
    /// The patronymic is the same or sounds alike: 8 points.
    Patronymic,
    /// Family and given name stand in each other's place: 4 points off.
    NamesSwapped,
    /// A name that matches is another one that the person bears or bore: 6 points off.
    OtherName,
    /// Every word of the name is spelled as it is recorded: 4 points.
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

impl From<Match> for PersonMatch {
    fn from(found: Match) -> Self {
        let reasons = found.reasons.into_iter().map(MatchReason::from).collect();
        Self { person: found.person.into(), score: found.score, reasons }
    }
}

impl From<PartialDate> for PartialBirth {
    fn from(date: PartialDate) -> Self {
        Self { day: date.day(), precision: date.precision() }
    }
}

impl PersonSearchInput {
    /// The number that is looked for, if one is: then nothing else may be given.
    fn number(&mut self) -> Result<Option<Identifier>> {
        let Some(PersonSearchIdentifier { kind, value }) = self.identifier.take() else {
            return Ok(None);
        };
        let names = [&self.family_name, &self.given_name, &self.patronymic, &self.text];
        let is_alone = names.into_iter().all(Option::is_none)
            && self.birth_date.is_none()
            && self.sex.is_none();
        if !is_alone {
            return Err(Error::BadInput(
                "Give either `identifier` or words of the name with birth date and sex, not both."
                    .to_owned(),
            ));
        }
        for (field, text) in [("kind", &kind), ("value", &value)] {
            if text.trim().is_empty() || text.chars().count() > SHORT {
                return Err(Error::BadInput(format!(
                    "`identifier.{field}` must have 1 to {SHORT} characters."
                )));
            }
        }
        Ok(Some(Identifier { kind, value: Secret::new(value) }))
    }

    fn query(self) -> Result<PersonQuery> {
        let query = PersonQuery {
            family_name: short("familyName", self.family_name)?,
            given_name: short("givenName", self.given_name)?,
            patronymic: short("patronymic", self.patronymic)?,
            text: short("text", self.text)?,
            birth: self.birth_date.map(PartialBirth::from),
            sex: self.sex,
        };
        if query.words().is_empty() {
            return Err(Error::BadInput(
                "Give at least one word of the name, as `familyName`, `givenName`, `patronymic` \
                 or `text`; or an `identifier`."
                    .to_owned(),
            ));
        }
        Ok(query)
    }
}

fn short(field: &str, given: Option<String>) -> Result<Option<String>> {
    match given {
        Some(given) if given.chars().count() > LONGEST => {
            Err(Error::BadInput(format!("`{field}` must have at most {LONGEST} characters.")))
        }
        given => Ok(given),
    }
}

/// The root of searches.
#[derive(Default)]
pub struct SearchQuery;

#[Object]
impl SearchQuery {
    /// The persons that the viewer may see by name and that may be the one looked for, each with
    /// how sure it is and why. Ask before a person or a family is recorded. Costs 20 and the
    /// matches.
    async fn person_search(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who is looked for.")] input: PersonSearchInput,
        #[graphql(desc = "How many, 1 to 25.", default_with = "Some(FIRST)")] first: Option<i32>,
    ) -> Option<Result<PersonMatchConnection>> {
        Some(search(ctx, input, first.unwrap_or(FIRST)).await)
    }
}

async fn search(
    ctx: &Context<'_>,
    mut input: PersonSearchInput,
    first: i32,
) -> Result<PersonMatchConnection> {
    let session = ctx.session()?;
    session.may(Action::SearchPersons)?;
    if !(1..=MOST).contains(&first) {
        return Err(Error::BadInput(format!("`first` must be from 1 to {MOST}, not {first}.")));
    }
    let first = usize::try_from(first).unwrap_or_default();
    let found = if let Some(number) = input.number()? {
        casework::search::number::holders(session, &number, first + 1).await?
    } else {
        let query = input.query()?;
        let rows = casework::search::candidates(session, &query).all_looked_for().await?;
        casework::search::matches(&query, &rows)
    };
    let ids: Vec<_> = found.iter().take(first).map(|found| found.person.id).collect();
    by_ids::<By<entity::person::Entity>>(ctx, "Person", &[&["nodes", "person"]], &ids).await?;
    let has_more = found.len() > first;
    let shown = found.into_iter().take(first);
    // That a person fits a name says what they are called.
    let shown = shown.inspect(|found| found.person.note(Class::Personal));
    let nodes = shown.map(PersonMatch::from).collect();
    Ok(PersonMatchConnection { nodes, has_more })
}
