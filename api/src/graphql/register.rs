//! Registers, entries on them, and decisions of bodies.

pub mod mutation;

use async_graphql::{Context, ID, Object};
use entity::decision;
use entity::register::{RegisterClass, RegisterSubject};
use entity::register_entry::{self, RegisterGrounds};

use super::family::Family;
use super::id::Kind;
use super::input::objects;
use super::loader::{Asking, By, one, questions};
use super::organisation::Organisation;
use super::person::Person;
use super::scalar::Date;
use crate::access::Row;
use crate::access::policy::Action;
use crate::casework;
use crate::error::Result;

objects! {
    /// A register of families or of children.
    Register of register;
    /// An entry on a register, for a time.
    RegisterEntry of register_entry;
    /// A decision of a body.
    Decision of decision;
}

questions! {
    /// The entries of a person, latest first.
    EntriesOfPerson -> Vec<Row<register_entry::Model>> = casework::register::entries_of_persons;
    /// The entries of a family, latest first.
    EntriesOfFamily -> Vec<Row<register_entry::Model>> = casework::register::entries_of_families;
}

/// A register of families or of children.
#[Object(serial)]
impl Register {
    /// Id with the prefix `register_`.
    pub(super) async fn id(&self) -> ID {
        Kind::Register.id(self.0.id)
    }

    /// Local code.
    async fn code(&self) -> &str {
        &self.0.code
    }

    /// Local name.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// What the register is for, whatever its local code: rules and reports read this.
    async fn class(&self) -> RegisterClass {
        self.0.class
    }

    /// Whom it lists.
    async fn subject(&self) -> RegisterSubject {
        self.0.subject
    }

    /// Whether new entries are made on it.
    async fn is_active(&self) -> bool {
        self.0.is_active
    }
}

/// An entry of a family or a person on a register, for a time.
#[Object(serial)]
impl RegisterEntry {
    /// Id with the prefix `entry_`.
    pub(super) async fn id(&self) -> ID {
        Kind::RegisterEntry.id(self.0.id)
    }

    /// The register.
    async fn register(&self, ctx: &Context<'_>) -> Option<Result<Register>> {
        one(ctx, Some(By::<entity::register::Entity>::id(self.0.register_id))).await
    }

    /// The family, if the entry is of one.
    async fn family(&self, ctx: &Context<'_>) -> Option<Result<Family>> {
        one(ctx, self.0.family_id.map(By::<entity::family::Entity>::id)).await
    }

    /// The person, if the entry is of one.
    async fn person(&self, ctx: &Context<'_>) -> Option<Result<Person>> {
        one(ctx, self.0.person_id.map(By::<entity::person::Entity>::id)).await
    }

    /// Why. Sensitive.
    async fn grounds(&self) -> Option<RegisterGrounds> {
        self.0.show(register_entry::Column::Grounds, |row| &row.grounds).copied()
    }

    /// First day.
    async fn since(&self) -> Date {
        Date(self.0.since)
    }

    /// The day after the last; null while it lasts.
    async fn until(&self) -> Option<Date> {
        self.0.until.map(Date)
    }

    /// Why it was ended. Sensitive.
    async fn removal_reason(&self) -> Option<&str> {
        let column = register_entry::Column::RemovalReason;
        self.0.show(column, |row| &row.removal_reason)?.as_deref()
    }

    /// The decision that started it.
    async fn decision(&self, ctx: &Context<'_>) -> Option<Result<Decision>> {
        one(ctx, self.0.decision_id.map(By::<decision::Entity>::id)).await
    }

    /// The decision that ended it.
    async fn removal_decision(&self, ctx: &Context<'_>) -> Option<Result<Decision>> {
        one(ctx, self.0.removal_decision_id.map(By::<decision::Entity>::id)).await
    }

    /// The names of the fields of this object that are hidden from the viewer.
    async fn redacted_fields(&self) -> Vec<String> {
        use register_entry::Column;
        self.0.hidden(&[("grounds", Column::Grounds), ("removalReason", Column::RemovalReason)])
    }
}

/// A decision of a body that starts or ends a register entry, a legal status or a placement.
#[Object(serial)]
impl Decision {
    /// Id with the prefix `decision_`.
    pub(super) async fn id(&self) -> ID {
        Kind::Decision.id(self.0.id)
    }

    /// The body that decided.
    async fn body(&self, ctx: &Context<'_>) -> Option<Result<Organisation>> {
        one(ctx, Some(By::<entity::organisation::Entity>::id(self.0.body_id))).await
    }

    /// What was decided. Personal.
    async fn kind(&self) -> Option<&str> {
        Some(self.0.show(decision::Column::Kind, |row| &row.kind)?)
    }

    /// The decision's number at the body. Personal.
    async fn number(&self) -> Option<&str> {
        Some(self.0.show(decision::Column::Number, |row| &row.number)?)
    }

    /// The day of the decision.
    async fn decided_on(&self) -> Date {
        Date(self.0.decided_on)
    }

    /// The first day on which it has effect, if that is another one.
    async fn effect_since(&self) -> Option<Date> {
        self.0.effect_since.map(Date)
    }

    /// The day after the last on which it has effect.
    async fn effect_until(&self) -> Option<Date> {
        self.0.effect_until.map(Date)
    }

    /// Where the document is kept. Sensitive.
    async fn document(&self) -> Option<&str> {
        self.0.show(decision::Column::Document, |row| &row.document)?.as_deref()
    }

    /// The names of the fields of this object that are hidden from the viewer.
    async fn redacted_fields(&self) -> Vec<String> {
        use decision::Column;
        self.0.hidden(&[
            ("kind", Column::Kind),
            ("number", Column::Number),
            ("document", Column::Document),
        ])
    }
}

/// Roots for registers.
#[derive(Default)]
pub struct RegisterQuery;

#[Object]
impl RegisterQuery {
    /// The registers of the catalogue, those in use first.
    async fn registers(&self, ctx: &Context<'_>) -> Option<Result<Vec<Register>>> {
        Some(registers(ctx).await)
    }
}

async fn registers(ctx: &Context<'_>) -> Result<Vec<Register>> {
    let session = ctx.session()?;
    session.may(Action::ReadCatalogue)?;
    let registers = casework::register::registers(session).await?;
    Ok(registers.into_iter().map(Register::from).collect())
}
