//! Finding a person by a number that identifies them in another system: by its keyed hash, so that
//! nothing is opened.

use entity::person::{self, Column};
use entity::person_identifier::{self, Column as Number};
use sea_orm::sea_query::Query;
use sea_orm::{ColumnTrait, Order};

use super::{Match, MatchReason};
use crate::access::viewer::RESTRICTED_SCOPE;
use crate::access::{Class, Session, Veil};
use crate::casework::person::identifier::Identifier;
use crate::error::{Error, Result};

/// A number belongs to one person: the match is sure.
const SURE: i32 = 100;

/// The persons who have a number that is not voided and whom the viewer sees in full, by id, at most
/// `limit`. It needs the scope of RESTRICTED fields, since finding somebody tells that the number is
/// theirs; so each one found is noted for the audit. Numbers are looked for under the hashes of all keys,
/// in the middle of a rotation too.
pub async fn holders(session: &Session, number: &Identifier, limit: usize) -> Result<Vec<Match>> {
    if !session.viewer().has_scope(RESTRICTED_SCOPE) {
        return Err(Error::BadInput(format!(
            "Searching by `identifier` needs a token with the scope `{RESTRICTED_SCOPE}`."
        )));
    }
    let hashes = session.vault().fingerprints(&number.kind, &number.value);
    let mut theirs = Query::select();
    theirs
        .column(Number::PersonId)
        .from(person_identifier::Entity)
        .and_where(Number::ValueHash.is_in(hashes))
        .and_where(Number::VoidedAt.is_null());
    let numbers = Veil::of::<person_identifier::Entity>([Some(Number::Value)]);
    let found = session
        .find_showing::<person::Entity>(&numbers)
        .filter(Column::MergedIntoId.is_null())
        .filter(Column::Id.in_subquery(theirs))
        .order(Column::Id, Order::Asc)
        .limit(limit as u64)
        .all()
        .await?;
    for person in &found {
        person.note(Class::Restricted);
    }
    let reasons = || vec![MatchReason::Identifier];
    let found = found.into_iter();
    Ok(found.map(|person| Match { person, score: SURE, reasons: reasons() }).collect())
}
