//! Recording and changing families and their members.

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object};
use entity::family_characteristic::FamilyCharacteristic;
use entity::family_member::MemberRole;
use uuid::Uuid;

use super::Family;
use crate::casework;
use crate::casework::family::membership::{Add, End, Membership};
use crate::casework::family::record::{Create, Update};
use crate::error::Result;
use crate::graphql::id::Kind;
use crate::graphql::payload::{payloads, perform};
use crate::graphql::scalar::Date;

payloads! {
    /// A family, or why nothing was done.
    FamilyPayload {
        /// The family; null if nothing was done.
        family: Family of family
    }
}

/// What records a family.
#[derive(InputObject)]
pub struct FamilyCreateInput {
    /// Made by the client, new for each change: sending it again does nothing twice.
    client_mutation_id: Uuid,
    /// The id of the new family, if the client made one offline: `family_` and a `UUIDv7`.
    id: Option<ID>,
    /// What the family is called among those who work with it, up to 200 characters. Personal.
    label: String,
    /// The area that it lives in. Personal.
    area_id: ID,
    /// Its address, up to 200 characters. Sensitive; restricted if it is protected.
    address: Option<String>,
    /// Whether the address is kept secret: it is then shown as `protectedAddress` only.
    #[graphql(default)]
    is_address_protected: bool,
    /// Its circumstances. Sensitive.
    #[graphql(default)]
    characteristics: Vec<FamilyCharacteristic>,
    /// That it is new, though it looks like a known one: say so after a look at the candidates of
    /// `DUPLICATE_SUSPECTED`.
    #[graphql(default)]
    confirmed_new: bool,
}

impl FamilyCreateInput {
    fn command(self) -> Result<Create> {
        Ok(Create {
            id: self.id.map(|id| Kind::Family.parse(&id)).transpose()?,
            label: self.label,
            area_id: Kind::Area.parse(&self.area_id)?,
            address: self.address,
            is_address_protected: self.is_address_protected,
            characteristics: self.characteristics,
            confirmed_new: self.confirmed_new,
        })
    }
}

/// What changes a family; what is omitted stays as it is, null clears.
#[derive(InputObject)]
pub struct FamilyUpdateInput {
    /// Made by the client, new for each change: sending it again does nothing twice.
    client_mutation_id: Uuid,
    /// The family.
    id: ID,
    /// The `version` that the change was decided on; another one now is a version conflict.
    expected_version: i32,
    /// What the family is called, up to 200 characters. Personal.
    label: MaybeUndefined<String>,
    /// The area that it lives in; its open cases move with it. Personal.
    area_id: MaybeUndefined<ID>,
    /// Its address, up to 200 characters. Sensitive; restricted if it is protected.
    address: MaybeUndefined<String>,
    /// Whether the address is kept secret. Becoming protected hides the address that is there;
    /// the end of the protection shows it, which needs the right to read it, or another `address`.
    is_address_protected: MaybeUndefined<bool>,
    /// Its circumstances, all of them. Sensitive.
    characteristics: MaybeUndefined<Vec<FamilyCharacteristic>>,
    /// The decision on a move to an area that the family's organisation does not serve; such a move
    /// is for a supervisor who did not record the decision.
    move_decision_id: Option<ID>,
}

impl FamilyUpdateInput {
    fn command(self) -> Result<Update> {
        let area_id: Option<Option<ID>> = self.area_id.into();
        let decision = self.move_decision_id;
        Ok(Update {
            id: Kind::Family.parse(&self.id)?,
            expected_version: self.expected_version,
            label: self.label.into(),
            area_id: area_id
                .map(|id| id.map(|id| Kind::Area.parse(&id)).transpose())
                .transpose()?,
            address: self.address.into(),
            is_address_protected: self.is_address_protected.into(),
            characteristics: self.characteristics.into(),
            move_decision_id: decision.map(|id| Kind::Decision.parse(&id)).transpose()?,
        })
    }
}

/// A person's membership of a family, as it is told.
#[derive(InputObject)]
pub struct MembershipInput {
    /// The id of the new membership, if the client made one offline: `member_` and a `UUIDv7`.
    id: Option<ID>,
    /// Role of the person in the family.
    role: MemberRole,
    /// First day, at the latest today.
    since: Date,
    /// The day after the last; omitted while it lasts.
    until: Option<Date>,
    /// Whether the person lives in this household. Personal.
    #[graphql(default = true)]
    lives_here: bool,
    /// Whether the person is legally responsible for the children. Personal.
    #[graphql(default)]
    has_legal_responsibility: bool,
    /// Whether the person is the one who mainly cares for the children. Personal.
    #[graphql(default)]
    is_primary_caregiver: bool,
}

impl MembershipInput {
    /// The membership that casework is told.
    pub(in crate::graphql) fn told(self) -> Result<Membership> {
        Ok(Membership {
            id: self.id.map(|id| Kind::FamilyMember.parse(&id)).transpose()?,
            role: self.role,
            since: self.since.0,
            until: self.until.map(|day| day.0),
            lives_here: self.lives_here,
            legal_responsibility: self.has_legal_responsibility,
            primary_caregiver: self.is_primary_caregiver,
        })
    }
}

/// What adds a member to a family.
#[derive(InputObject)]
pub struct FamilyMemberAddInput {
    /// Made by the client, new for each change: sending it again does nothing twice.
    client_mutation_id: Uuid,
    /// The family.
    family_id: ID,
    /// The person: an id with the prefix `person_` or `child_`.
    person_id: ID,
    /// The membership.
    membership: MembershipInput,
}

impl FamilyMemberAddInput {
    fn command(self) -> Result<Add> {
        Ok(Add {
            family_id: Kind::Family.parse(&self.family_id)?,
            person_id: Kind::parse_person(&self.person_id)?,
            membership: self.membership.told()?,
        })
    }
}

/// What ends a membership.
#[derive(InputObject)]
pub struct FamilyMemberEndInput {
    /// Made by the client, new for each change: sending it again does nothing twice.
    client_mutation_id: Uuid,
    /// The family.
    family_id: ID,
    /// The membership.
    member_id: ID,
    /// The day after the last: tomorrow if today is the last.
    until: Date,
}

impl FamilyMemberEndInput {
    fn command(self) -> Result<End> {
        Ok(End {
            family_id: Kind::Family.parse(&self.family_id)?,
            member_id: Kind::FamilyMember.parse(&self.member_id)?,
            until: self.until.0,
        })
    }
}

/// Mutations of families.
#[derive(Default)]
pub struct FamilyMutation;

#[Object]
impl FamilyMutation {
    /// Records a family, which the viewer's organisation sees in full from now on. One that looks
    /// like a known one is refused with `DUPLICATE_SUSPECTED` unless `confirmedNew` says that it is
    /// new. For caseworkers and supervisors.
    async fn family_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The family.")] input: FamilyCreateInput,
    ) -> Option<Result<FamilyPayload>> {
        perform!(ctx, input => casework::family::record::create)
    }

    /// Changes a family. For caseworkers and supervisors.
    async fn family_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What changes.")] input: FamilyUpdateInput,
    ) -> Option<Result<FamilyPayload>> {
        perform!(ctx, input => casework::family::record::update)
    }

    /// Adds a person to a family for a time. A child may belong to two households; memberships of
    /// one person in one family don't overlap. For caseworkers and supervisors.
    async fn family_member_add(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who, and as what.")] input: FamilyMemberAddInput,
    ) -> Option<Result<FamilyPayload>> {
        perform!(ctx, input => casework::family::membership::add)
    }

    /// Ends a membership of a family; it stays on record. For caseworkers and supervisors.
    async fn family_member_end(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which, and when.")] input: FamilyMemberEndInput,
    ) -> Option<Result<FamilyPayload>> {
        perform!(ctx, input => casework::family::membership::end)
    }
}
