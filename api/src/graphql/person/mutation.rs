//! Recording and changing persons, and what is recorded of them.

mod keeping;
mod facts;

use async_graphql::{Context, Object};

use super::{Child, ChildBy, Person};
use crate::casework;
use crate::error::Result;
use crate::graphql::payload::{payloads, perform};

pub use facts::{
    IdentifierAddInput, IdentifierVoidInput, IdentityFactAddInput, LegalStatusRecordInput,
    PersonNameAddInput, RelationshipAddInput, RelationshipEndInput,
};
pub use keeping::{PersonCreateInput, PersonIdentifierInput, PersonUpdateInput};

payloads! {
    /// A person, or why nothing was done.
    PersonPayload {
        /// The person; null if nothing was done.
        person: Person of person,
        /// The same person in the role of a child; null if it is none, or nothing was done.
        child: Child by ChildBy
    }
}

/// Mutations of persons.
#[derive(Default)]
pub struct PersonMutation;

#[Object]
impl PersonMutation {
    /// Records a person: as a member of a family, with which it is seen, or alone, seen by the
    /// viewer's organisation until it joins a family. One that looks like a known one is refused
    /// with `DUPLICATE_SUSPECTED` unless `confirmedNew` says that it is new. For caseworkers and
    /// supervisors.
    async fn person_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The person.")] input: PersonCreateInput,
    ) -> Option<Result<PersonPayload>> {
        perform!(ctx, input => casework::person::record::create)
    }

    /// Changes a person. A new name is the legal name from today on; the former one stays on
    /// record, and so does the name at birth. For caseworkers and supervisors.
    async fn person_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What changes.")] input: PersonUpdateInput,
    ) -> Option<Result<PersonPayload>> {
        perform!(ctx, input => casework::person::revision::update)
    }

    /// Records a further name of a person, which is found by it from now on. For caseworkers and
    /// supervisors.
    async fn person_name_add(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whose name, and which.")] input: PersonNameAddInput,
    ) -> Option<Result<PersonPayload>> {
        perform!(ctx, input => casework::person::naming::add)
    }

    /// Adds a number that identifies a person in another system, up to 50 of them. Whether the same
    /// is on record already is not told. For caseworkers and supervisors.
    async fn identifier_add(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whose number, and which.")] input: IdentifierAddInput,
    ) -> Option<Result<PersonPayload>> {
        perform!(ctx, input => casework::person::identifier::add)
    }

    /// Voids a number that is wrong: it is shown no more, and stays on record. For caseworkers and
    /// supervisors.
    async fn identifier_void(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which number, and why.")] input: IdentifierVoidInput,
    ) -> Option<Result<PersonPayload>> {
        perform!(ctx, input => casework::person::identifier::void)
    }

    /// Records a fact of a person's identity at first registration, for good: it is never changed
    /// nor deleted. For caseworkers and supervisors.
    async fn identity_fact_add(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whose fact, and which.")] input: IdentityFactAddInput,
    ) -> Option<Result<PersonPayload>> {
        perform!(ctx, input => casework::person::identity::add)
    }

    /// Records how a person is related to another. For caseworkers and supervisors.
    async fn relationship_add(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who is what to whom.")] input: RelationshipAddInput,
    ) -> Option<Result<PersonPayload>> {
        perform!(ctx, input => casework::person::relation::add)
    }

    /// Ends a relationship; it stays on record. For caseworkers and supervisors.
    async fn relationship_end(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which, and when.")] input: RelationshipEndInput,
    ) -> Option<Result<PersonPayload>> {
        perform!(ctx, input => casework::person::relation::end)
    }

    /// Records the legal status of a child from a day on; the one in force ends on that day. For
    /// caseworkers and supervisors.
    async fn legal_status_record(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whose status, which, and since when.")] input: LegalStatusRecordInput,
    ) -> Option<Result<PersonPayload>> {
        perform!(ctx, input => casework::person::legal::record)
    }
}
