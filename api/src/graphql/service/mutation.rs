//! Recording services.

use async_graphql::{Context, ID, InputObject, Object};
use uuid::Uuid;

use super::Service;
use crate::casework;
use crate::casework::service::recording::{Recipient, Record};
use crate::error::Result;
use crate::graphql::id::{Kind, parse_person};
use crate::graphql::payload::{payloads, perform};
use crate::graphql::scalar::Date;

payloads! {
    /// A service, or why nothing was done.
    ServicePayload {
        /// The service; null if nothing was done.
        service: Service of service
    }
}

/// What records a service that was delivered. Exactly one of `measureId`, `caseId` and `familyId`.
#[derive(InputObject)]
pub struct ServiceRecordInput {
    /// Made by the client, new for each change: sending it again does nothing twice.
    client_mutation_id: Uuid,
    /// The id of the new service, if the client made one offline: `service_` and a `UUIDv7`.
    id: Option<ID>,
    /// The measure under which it was delivered; its plan must not be over. Case and family follow
    /// from it, and the measure stays as it is.
    measure_id: Option<ID>,
    /// The case in which it was delivered, which must be open.
    case_id: Option<ID>,
    /// The family, where the service belongs to no case.
    family_id: Option<ID>,
    /// The kind of service: an active one of the catalogue.
    service_type_id: ID,
    /// To whom, as persons or as children: 1 to 50 members of the family, present or past.
    person_ids: Vec<ID>,
    /// The day of delivery: today at the latest, at most a year ago, and not before the case was
    /// opened.
    delivered_on: Date,
    /// How many times, 1 to 1000.
    #[graphql(default = 1)]
    quantity: i32,
    /// Who delivered it; the viewer's organisation if omitted. Partners name themselves or a branch
    /// of theirs, caseworkers any active organisation.
    provider_id: Option<ID>,
}

impl ServiceRecordInput {
    fn command(self) -> Result<Record> {
        Ok(Record {
            id: self.id.map(|id| Kind::Service.parse(&id)).transpose()?,
            to: Recipient {
                measure_id: self.measure_id.map(|id| Kind::Measure.parse(&id)).transpose()?,
                case_id: self.case_id.map(|id| Kind::Case.parse(&id)).transpose()?,
                family_id: self.family_id.map(|id| Kind::Family.parse(&id)).transpose()?,
            },
            service_type_id: Kind::ServiceType.parse(&self.service_type_id)?,
            person_ids: self.person_ids.iter().map(parse_person).collect::<Result<_>>()?,
            delivered_on: self.delivered_on.0,
            quantity: self.quantity,
            provider_id: self.provider_id.map(|id| Kind::Organisation.parse(&id)).transpose()?,
        })
    }
}

/// Mutations of services.
#[derive(Default)]
pub struct ServiceMutation;

#[Object]
impl ServiceMutation {
    /// Records a service that was delivered. For caseworkers and supervisors who see the family in
    /// full, and for partners and staff of a centre who serve it.
    async fn service_record(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What records it.")] input: ServiceRecordInput,
    ) -> Option<Result<ServicePayload>> {
        perform!(ctx, input => casework::service::recording::record)
    }
}
