//! Whom an entry or a decision is about, and whether a decision is about them.

use chrono::NaiveDate;
use entity::{decision, family, family_member};
use sea_orm::{ColumnTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use crate::casework::change::{Change, Right};
use crate::casework::person::gate;
use crate::casework::problem::{Halt, Problem};
use crate::casework::wording::Text;

/// A family, a person, or both.
#[derive(Clone, Copy, Debug)]
pub struct About {
    /// The family.
    pub family_id: Option<Uuid>,
    /// The person.
    pub person_id: Option<Uuid>,
}

impl About {
    /// Keeps those it is about from others until the change is over; the viewer must see them in
    /// full. Nothing happens to a person before they are born.
    pub async fn lock(self, change: &Change, (path, day): (&str, NaiveDate)) -> Result<(), Halt> {
        if let Some(id) = self.family_id {
            change.lock::<family::Entity>(id, Right::Led, "input.familyId").await?;
        }
        if let Some(id) = self.person_id {
            let person = gate::enter(change, id, "input.personId").await?;
            if person.birth_date.is_some_and(|born| day < born) {
                return Err(Problem::at(path, Text::BeforeBirth).into());
            }
        }
        Ok(())
    }

    /// Refuses a decision that is neither about them nor about the person's family.
    pub async fn check_decision(self, change: &Change, id: Uuid) -> Result<(), Halt> {
        let path = "input.decisionId";
        let decision = change.read::<decision::Entity>(id, Right::FULL, path).await?;
        let is_own = |own: Option<Uuid>, other: Option<Uuid>| own.is_some() && own == other;
        let is_about = is_own(self.family_id, decision.family_id)
            || is_own(self.person_id, decision.person_id)
            || self.lives_in(change, decision.family_id).await?;
        if is_about { Ok(()) } else { Err(Problem::at(path, Text::DecisionElsewhere).into()) }
    }

    /// Whether the person is or was a member of a family.
    async fn lives_in(self, change: &Change, family_id: Option<Uuid>) -> Result<bool, Halt> {
        use family_member::Column;
        let (Some(person_id), Some(family_id)) = (self.person_id, family_id) else {
            return Ok(false);
        };
        let member = change
            .see::<family_member::Entity>(Right::FULL)
            .filter(Column::FamilyId.eq(family_id))
            .filter(Column::PersonId.eq(person_id))
            .filter(Column::VoidedAt.is_null())
            .limit(1)
            .one(change.connection())
            .await?;
        Ok(member.is_some())
    }
}
