//! Whether a family that is to be recorded looks like a known one: by what it is called and where
//! it lives, folded so that spellings meet. Only families that the viewer may see are named.

use entity::family::{self, Column};
use sea_orm::{ColumnTrait, Condition, Order};

use crate::access::{Class, Veil};
use crate::casework::change::Change;
use crate::casework::problem::{Detail, Halt, Problem, Suspect};
use crate::casework::search::{MatchReason, fold};
use crate::casework::wording::Text;

/// Most candidates that are named.
const MOST: usize = 10;

/// The words of a label or an address, folded, in an order of their own.
pub fn key(text: &str) -> String {
    let mut words = fold::words(text);
    words.sort();
    words.dedup();
    words.join(" ")
}

/// Refuses a family that is called as a known one of its area, or lives at the address of one.
pub async fn refuse_known(change: &Change, new: &family::Model) -> Result<(), Halt> {
    let same_name = Condition::all()
        .add(Column::SearchKey.eq(&new.search_key))
        .add(Column::AreaId.eq(new.area_id));
    let mut alike = Condition::any();
    if !new.search_key.is_empty() {
        alike = alike.add(same_name);
    }
    if let Some(address) = new.address_key.as_ref().filter(|key| !key.is_empty()) {
        alike = alike.add(Column::AddressKey.eq(address));
    }
    if alike.is_empty() {
        return Ok(());
    }
    // A comparison with a sensitive value starts from the rows whose sensitive values are seen.
    let lives = Veil::of::<family::Entity>([Some(Column::AddressKey)]);
    let rows = change.session().find_showing::<family::Entity>(&lives).filter(alike);
    let known = change.all(rows.order(Column::Id, Order::Asc)).await?;
    let mut suspects: Vec<Suspect> = known.iter().map(|known| suspect(known, new)).collect();
    suspects.sort_by_key(|suspect| -suspect.score);
    suspects.truncate(MOST);
    if suspects.is_empty() {
        return Ok(());
    }
    // That a family fits an address says where it lives.
    let is_named = |id| suspects.iter().any(|suspect| suspect.family_id == Some(id));
    known.iter().filter(|known| is_named(known.id)).for_each(|known| known.note(Class::Sensitive));
    let problem = Problem::at("input", Text::DuplicateSuspected);
    Err(Problem { detail: Detail::Duplicates(suspects), ..problem }.into())
}

/// 60 for the same name in the same area, 40 for the same address.
fn suspect(known: &family::Model, new: &family::Model) -> Suspect {
    let mut reasons = Vec::new();
    let mut score = 0;
    if known.search_key == new.search_key && known.area_id == new.area_id {
        score += 60;
        reasons.push(MatchReason::FamilyLabel);
    }
    if known.address_key.is_some() && known.address_key == new.address_key {
        score += 40;
        reasons.push(MatchReason::Address);
    }
    Suspect { person_id: None, family_id: Some(known.id), score, reasons }
}
