//! Who belongs to a family, as rules read it: inside a change, with the days of birth and death.

use chrono::NaiveDate;
use entity::family_member::{self, Column, MemberRole};
use entity::person;
use sea_orm::{ColumnTrait, EntityTrait, JoinType, QueryFilter, QuerySelect};
use uuid::Uuid;

use super::change::{Change, Right};
use super::problem::Halt;
use super::wording::Text;

/// The memberships of a family that are not voided, ended ones too.
#[derive(Clone, Debug)]
pub struct Household {
    members: Vec<(family_member::Model, person::Model)>,
    /// Whether the viewer may learn when somebody was born or died.
    tells_dates: bool,
}

impl Household {
    /// Reads the memberships of a family that the viewer sees, in one statement.
    pub async fn read(change: &Change, family_id: Uuid, right: Right) -> Result<Self, Halt> {
        let join = family_member::Entity::belongs_to(person::Entity)
            .from(Column::PersonId)
            .to(person::Column::Id);
        let rows = change
            .see::<family_member::Entity>(right)
            .filter(Column::FamilyId.eq(family_id))
            .filter(Column::VoidedAt.is_null())
            .join(JoinType::InnerJoin, join.into())
            .select_also(person::Entity)
            .all(change.connection())
            .await?;
        let pair = |(member, person): (_, Option<_>)| Some((member, person?));
        let members = rows.into_iter().filter_map(pair).collect();
        Ok(Self { members, tells_dates: right != Right::ANY })
    }

    /// The children of the family on a day who were born and alive then, each once.
    pub fn children_on(&self, day: NaiveDate) -> Vec<Uuid> {
        let there = self.members.iter().filter(|(member, person)| {
            is_child_on(member, day) && not_alive(person, day).is_none()
        });
        let mut children: Vec<_> = there.map(|(member, _)| member.person_id).collect();
        children.sort();
        children.dedup();
        children
    }

    /// Why somebody can't have been seen as a child of the family on a day.
    pub fn no_child_on(&self, person_id: Uuid, day: NaiveDate) -> Option<Text> {
        self.unfit(person_id, day, Text::NotChildThen, |member| is_child_on(member, day))
    }

    /// Why somebody can't have been served as a member of the family by a day; whoever left it
    /// before can.
    pub fn no_member_by(&self, person_id: Uuid, day: NaiveDate) -> Option<Text> {
        self.unfit(person_id, day, Text::NotMemberThen, |member| member.since <= day)
    }

    fn unfit(
        &self,
        person_id: Uuid,
        day: NaiveDate,
        otherwise: Text,
        fits: impl Fn(&family_member::Model) -> bool,
    ) -> Option<Text> {
        let mut own =
            self.members.iter().filter(|(member, _)| member.person_id == person_id).peekable();
        let Some((_, person)) = own.peek() else { return Some(Text::NotFound) };
        if let Some(text) = not_alive(person, day) {
            return Some(if self.tells_dates { text } else { otherwise });
        }
        if own.any(|(member, _)| fits(member)) { None } else { Some(otherwise) }
    }
}

fn is_child_on(member: &family_member::Model, day: NaiveDate) -> bool {
    let lasts = member.until.is_none_or(|until| day < until);
    member.role == MemberRole::Child && member.since <= day && lasts
}

/// Why nothing can have happened to a person on a day.
pub fn not_alive(person: &person::Model, day: NaiveDate) -> Option<Text> {
    if person.birth_date.is_some_and(|born| day < born) {
        Some(Text::BeforeBirth)
    } else if person.death_date.is_some_and(|died| day > died) {
        Some(Text::AfterDeath)
    } else {
        None
    }
}
