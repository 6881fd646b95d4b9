//! Whether a person that is to be recorded looks like a known one. Only persons whose names and
//! birth dates the viewer may see are compared and named.

use entity::person;

use crate::casework::change::Change;
use crate::casework::problem::{Detail, Halt, Problem, Suspect};
use crate::casework::search::{self, Match, MatchReason, PartialBirth, PersonQuery};
use crate::casework::wording::Text;

/// Refuses a person that is likely a known one.
pub async fn refuse_known(change: &Change, new: &person::Model) -> Result<(), Halt> {
    let query = PersonQuery {
        family_name: new.family_name.clone(),
        given_name: Some(new.given_name.clone()),
        patronymic: new.patronymic.clone(),
        text: None,
        birth: PartialBirth::of(new),
        sex: Some(new.sex),
    };
    let rows = change.all(search::candidates(change.session(), &query)).await?;
    let suspects: Vec<Suspect> = search::suspects(&query, &rows).into_iter().map(suspect).collect();
    if suspects.is_empty() {
        return Ok(());
    }
    let problem = Problem::at("input", Text::DuplicateSuspected);
    Err(Problem { detail: Detail::Duplicates(suspects), ..problem }.into())
}

fn suspect(found: Match) -> Suspect {
    Suspect {
        person_id: Some(found.person.id),
        family_id: None,
        score: found.score,
        reasons: found.reasons.into_iter().map(|reason| spelled(reason).to_owned()).collect(),
    }
}

/// A reason as the schema spells it.
const fn spelled(reason: MatchReason) -> &'static str {
    match reason {
        MatchReason::FamilyName => "FAMILY_NAME",
        MatchReason::GivenName => "GIVEN_NAME",
        MatchReason::Patronymic => "PATRONYMIC",
        MatchReason::NamesSwapped => "NAMES_SWAPPED",
        MatchReason::OtherName => "OTHER_NAME",
        MatchReason::SameSpelling => "SAME_SPELLING",
        MatchReason::BirthDate => "BIRTH_DATE",
        MatchReason::BirthDateClose => "BIRTH_DATE_CLOSE",
        MatchReason::Sex => "SEX",
        MatchReason::PatronymicDiffers => "PATRONYMIC_DIFFERS",
        MatchReason::BirthDateDiffers => "BIRTH_DATE_DIFFERS",
        MatchReason::SexDiffers => "SEX_DIFFERS",
    }
}
