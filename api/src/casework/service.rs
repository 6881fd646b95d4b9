//! Services delivered to families.

pub mod recording;

use std::collections::HashMap;

use entity::{person, service, service_person, service_type};
use sea_orm::{ColumnTrait, Order};
use uuid::Uuid;

use crate::access::{Row, Session};
use crate::error::Result;

/// The last services delivered in each case, latest first.
pub async fn last_of_cases(
    session: &Session,
    ids: &[Uuid],
    last: u64,
) -> Result<HashMap<Uuid, Vec<Row<service::Model>>>> {
    use service::Column;
    let rows = session.find::<service::Entity>().of(Column::CaseId, ids);
    rows.filter(Column::VoidedAt.is_null())
        .last_of_each(Column::CaseId, Column::DeliveredOn, last)
        .grouped(|service| service.case_id.unwrap_or_default())
        .await
}

/// The persons that services were delivered to.
pub async fn persons_of(
    session: &Session,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, Vec<Row<person::Model>>>> {
    use service_person::Column;
    let pairs = session
        .find::<service_person::Entity>()
        .of(Column::ServiceId, ids)
        .all_with::<person::Entity>(Column::PersonId, person::Column::Id)
        .await?;
    let mut persons: HashMap<Uuid, Vec<_>> = HashMap::new();
    for (link, person) in pairs {
        persons.entry(link.service_id).or_default().push(person);
    }
    Ok(persons)
}

/// The kinds of service of the catalogue, those in use first.
pub async fn types(session: &Session) -> Result<Vec<Row<service_type::Model>>> {
    use service_type::Column;
    let rows = session.find::<service_type::Entity>().order(Column::IsActive, Order::Desc);
    rows.order(Column::Code, Order::Asc).all().await
}
