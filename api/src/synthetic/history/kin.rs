//! How the people of a family are related.

use entity::family_member::MemberRole;
use entity::relationship::{self, RelationshipKind};

use super::Chronicle;
use super::household::{Makeup, Person};

impl Chronicle<'_> {
    pub(super) fn write_kin(&mut self) {
        let (adults, children) = (self.home.adults.clone(), self.home.children.clone());
        for adult in &adults {
            let kind = match adult.role {
                MemberRole::Parent => RelationshipKind::ParentOf,
                MemberRole::Guardian => RelationshipKind::GrandparentOf,
                _ => RelationshipKind::Other,
            };
            for child in &children {
                self.relate(adult, child, kind);
            }
        }
        if let [one, other] = &adults[..] {
            self.relate(one, other, RelationshipKind::PartnerOf);
        }
        if let [one, other, ..] = &children[..] {
            self.relate(one, other, RelationshipKind::SiblingOf);
        }
        self.write_other_ties(&adults, &children);
    }

    /// A grandmother is the guardian as well; a guest is a child of this household's parent.
    fn write_other_ties(&mut self, adults: &[Person], children: &[Person]) {
        let Some(adult) = adults.first() else { return };
        if self.home.makeup == Makeup::Grandmother {
            for child in children {
                self.relate(adult, child, RelationshipKind::GuardianOf);
            }
        }
        if let Some(guest) = self.home.guest.clone() {
            self.relate(adult, &guest, RelationshipKind::ParentOf);
        }
    }

    fn relate(&mut self, person: &Person, other: &Person, kind: RelationshipKind) {
        let recorded_at = self.known_at.max(person.known_at).max(other.known_at);
        self.rows.relationship.push(relationship::Model {
            id: self.plot.chance.id(recorded_at),
            person_id: person.id,
            other_id: other.id,
            kind,
            since: None,
            until: None,
            recorded_at,
            voided_at: None,
            void_reason: None,
        });
    }
}
