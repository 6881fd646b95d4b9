//! Services delivered to families.

pub mod mutation;

use async_graphql::{Context, ID, Object};
use entity::service;
use entity::service_type::ServiceClass;

use super::id::Kind;
use super::input::objects;
use super::loader::{Asking, By, last_questions, many, one, questions};
use super::organisation::Organisation;
use super::person::Person;
use super::plan::Measure;
use super::scalar::{Date, Instant};
use crate::access::Row;
use crate::access::policy::Action;
use crate::casework;
use crate::error::Result;

objects! {
    /// A kind of service.
    ServiceType of service_type;
    /// A service that was delivered.
    Service of service;
}

last_questions! {
    /// The last services delivered in a case, latest first.
    LastServicesOf -> Row<service::Model> = casework::service::last_of_cases;
}

questions! {
    /// The persons that a service was delivered to.
    PersonsServed -> Vec<Row<entity::person::Model>> = casework::service::persons_of;
}

/// A kind of service, from the local catalogue.
#[Object(serial)]
impl ServiceType {
    /// Id with the prefix `servicetype_`.
    pub(super) async fn id(&self) -> ID {
        Kind::ServiceType.id(self.0.id)
    }

    /// Local code.
    async fn code(&self) -> &str {
        &self.0.code
    }

    /// Local name.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// What it is, whatever its local code: rules and reports read this.
    async fn class(&self) -> ServiceClass {
        self.0.class
    }

    /// Whether it is still recorded.
    async fn is_active(&self) -> bool {
        self.0.is_active
    }
}

/// A service that was delivered.
#[Object(serial)]
impl Service {
    /// Id with the prefix `service_`.
    pub(super) async fn id(&self) -> ID {
        Kind::Service.id(self.0.id)
    }

    /// The kind of service.
    async fn service_type(&self, ctx: &Context<'_>) -> Option<Result<ServiceType>> {
        one(ctx, Some(By::<entity::service_type::Entity>::id(self.0.service_type_id))).await
    }

    /// Who delivered it.
    async fn provider(&self, ctx: &Context<'_>) -> Option<Result<Organisation>> {
        one(ctx, Some(By::<entity::organisation::Entity>::id(self.0.provider_id))).await
    }

    /// The measure of a plan under which it was delivered.
    async fn measure(&self, ctx: &Context<'_>) -> Option<Result<Measure>> {
        one(ctx, self.0.measure_id.map(By::<entity::measure::Entity>::id)).await
    }

    /// The persons that it was delivered to.
    async fn persons(&self, ctx: &Context<'_>) -> Result<Vec<Person>> {
        many(ctx, PersonsServed(self.0.id)).await
    }

    /// The day of delivery.
    async fn delivered_on(&self) -> Date {
        Date(self.0.delivered_on)
    }

    /// How many times, at least 1.
    async fn quantity(&self) -> i32 {
        self.0.quantity
    }

    /// When it was recorded.
    async fn recorded_at(&self) -> Instant {
        Instant(self.0.recorded_at)
    }
}

/// Roots for services.
#[derive(Default)]
pub struct ServiceQuery;

#[Object]
impl ServiceQuery {
    /// The kinds of service of the catalogue, those in use first.
    async fn service_types(&self, ctx: &Context<'_>) -> Option<Result<Vec<ServiceType>>> {
        Some(service_types(ctx).await)
    }
}

async fn service_types(ctx: &Context<'_>) -> Result<Vec<ServiceType>> {
    let session = ctx.session()?;
    session.may(Action::ReadCatalogue)?;
    let types = casework::service::types(session).await?;
    Ok(types.into_iter().map(ServiceType::from).collect())
}
