//! Whether a person that is to be recorded looks like a known one. Only persons whose names and
//! birth dates the viewer may see are compared and named.

use entity::person;

use crate::access::Class;
use crate::casework::change::Change;
use crate::casework::problem::{Detail, Halt, Problem, Suspect};
use crate::casework::search::{self, Match, PartialBirth, PersonQuery};
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
    // That a person fits a name says what they are called.
    found.person.note(Class::Personal);
    Suspect {
        person_id: Some(found.person.id),
        family_id: None,
        score: found.score,
        reasons: found.reasons,
    }
}
