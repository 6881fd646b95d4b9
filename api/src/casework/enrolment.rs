//! Enrolments in programmes and what happened in their stages.

use std::collections::HashMap;

use entity::enrolment::{self, EnrolmentStatus};
use entity::{enrolment_person, person, stage_event};
use sea_orm::sea_query::{Expr, Func, Query};
use sea_orm::{ColumnTrait, Order};
use uuid::Uuid;

use crate::access::scope::one_of;
use crate::access::{Row, Session};
use crate::error::Result;

/// States in which an enrolment holds a place of its intake.
pub const HOLDING: [EnrolmentStatus; 4] = [
    EnrolmentStatus::Offered,
    EnrolmentStatus::Enrolled,
    EnrolmentStatus::InProgress,
    EnrolmentStatus::Suspended,
];

/// The enrolments of families, those of their members included, latest first.
pub async fn of_families(
    session: &Session,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, Vec<Row<enrolment::Model>>>> {
    use enrolment::Column;
    let rows = session.find::<enrolment::Entity>().of(Column::FamilyId, ids);
    rows.order(Column::RequestedAt, Order::Desc)
        .order(Column::Id, Order::Desc)
        .grouped(|enrolment| enrolment.family_id)
        .await
}

/// The enrolments of persons themselves, latest first.
pub async fn of_persons(
    session: &Session,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, Vec<Row<enrolment::Model>>>> {
    use enrolment::Column;
    let rows = session.find::<enrolment::Entity>().of(Column::PersonId, ids);
    rows.order(Column::RequestedAt, Order::Desc)
        .order(Column::Id, Order::Desc)
        .grouped(|enrolment| enrolment.person_id.unwrap_or_default())
        .await
}

/// The last enrolments requested in each intake.
pub async fn last_of_intakes(
    session: &Session,
    ids: &[Uuid],
    last: u64,
) -> Result<HashMap<Uuid, Vec<Row<enrolment::Model>>>> {
    use enrolment::Column;
    let rows = session.find::<enrolment::Entity>().of(Column::IntakeId, ids);
    rows.last_of_each(Column::IntakeId, Column::RequestedAt, last)
        .grouped(|enrolment| enrolment.intake_id)
        .await
}

/// The last enrolments requested in each programme.
pub async fn last_of_programmes(
    session: &Session,
    ids: &[Uuid],
    last: u64,
) -> Result<HashMap<Uuid, Vec<Row<enrolment::Model>>>> {
    use enrolment::Column;
    let rows = session.find::<enrolment::Entity>().of(Column::ProgrammeId, ids);
    rows.last_of_each(Column::ProgrammeId, Column::RequestedAt, last)
        .grouped(|enrolment| enrolment.programme_id)
        .await
}

/// How many places of intakes are held, whoever may see by whom.
pub async fn held_in(session: &Session, ids: &[Uuid]) -> Result<HashMap<Uuid, i64>> {
    use enrolment::Column;
    let mut select = Query::select();
    select
        .column(Column::IntakeId)
        .expr(Func::count(Expr::col(Column::Id)))
        .from(enrolment::Entity)
        .and_where(one_of(session.viewer().backend, Column::IntakeId, ids.to_vec()))
        .and_where(Column::Status.is_in(HOLDING))
        .group_by_col(Column::IntakeId);
    session.tally(&select).await
}

/// The persons who take part under enrolments.
pub async fn persons_of(
    session: &Session,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, Vec<Row<person::Model>>>> {
    use enrolment_person::Column;
    let pairs = session
        .find::<enrolment_person::Entity>()
        .of(Column::EnrolmentId, ids)
        .all_with::<person::Entity>(Column::PersonId, person::Column::Id)
        .await?;
    let mut persons: HashMap<Uuid, Vec<_>> = HashMap::new();
    for (link, person) in pairs {
        persons.entry(link.enrolment_id).or_default().push(person);
    }
    Ok(persons)
}

/// What happened in the stages of enrolments, first to last.
pub async fn events_of(
    session: &Session,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, Vec<Row<stage_event::Model>>>> {
    use stage_event::Column;
    let rows = session.find::<stage_event::Entity>().of(Column::EnrolmentId, ids);
    rows.order(Column::OccurredOn, Order::Asc)
        .order(Column::Id, Order::Asc)
        .grouped(|event| event.enrolment_id)
        .await
}
