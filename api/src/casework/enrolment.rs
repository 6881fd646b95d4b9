//! Enrolments in programmes and what happened in their stages.

pub mod attending;
pub mod gate;
pub mod offering;
pub mod places;
pub mod requesting;
pub mod running;
pub mod staging;
pub mod upkeep;

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::enrolment::{self, EnrolmentStatus};
use entity::{attendance, enrolment_person, person, stage_event, visit};
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Func, Query};
use sea_orm::{ColumnTrait, Condition, Order};
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

/// That an enrolment holds a place: an offer does until it runs out.
pub fn holding(now: DateTime<Utc>) -> Condition {
    use enrolment::Column;
    let lasts = Condition::any()
        .add(Column::Status.ne(EnrolmentStatus::Offered))
        .add(Column::OfferedUntil.is_null())
        .add(Column::OfferedUntil.gt(now));
    Condition::all().add(Column::Status.is_in(HOLDING)).add(lasts)
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
        .cond_where(holding(session.now()))
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

/// The place of enrolments in the waiting order of their intakes, from 1; it names nobody else.
pub async fn waiting_positions(session: &Session, ids: &[Uuid]) -> Result<HashMap<Uuid, i64>> {
    use enrolment::Column;
    let other = Alias::new("other");
    let own = |column| Expr::col((enrolment::Entity, column));
    let theirs = |column| Expr::col((other.clone(), column));
    let sooner = Expr::tuple([theirs(Column::RequestedAt), theirs(Column::Id)])
        .lte(Expr::tuple([own(Column::RequestedAt), own(Column::Id)]));
    let before = theirs(Column::Priority)
        .gt(own(Column::Priority))
        .or(theirs(Column::Priority).eq(own(Column::Priority)).and(sooner));
    let mut select = Query::select();
    select
        .column((enrolment::Entity, Column::Id))
        .expr(Func::count(theirs(Column::Id)))
        .from(enrolment::Entity)
        .from_as(enrolment::Entity, other.clone())
        .and_where(one_of(session.viewer().backend, own(Column::Id), ids.to_vec()))
        .and_where(
            own(Column::Status).eq(sea_orm::ActiveEnum::into_value(EnrolmentStatus::Waitlisted)),
        )
        .and_where(
            theirs(Column::Status).eq(sea_orm::ActiveEnum::into_value(EnrolmentStatus::Waitlisted)),
        )
        .and_where(theirs(Column::IntakeId).eq(own(Column::IntakeId)))
        .and_where(before)
        .group_by_col((enrolment::Entity, Column::Id));
    session.tally(&select).await
}

/// Who attended under enrolments, the last days first.
pub async fn last_attendance_of(
    session: &Session,
    ids: &[Uuid],
    last: u64,
) -> Result<HashMap<Uuid, Vec<Row<attendance::Model>>>> {
    use attendance::Column;
    let rows = session.find::<attendance::Entity>().of(Column::EnrolmentId, ids);
    let rows = rows
        .order(Column::HeldOn, Order::Desc)
        .order(Column::PersonId, Order::Asc)
        .grouped(|row| row.enrolment_id)
        .await?;
    let most = usize::try_from(last).unwrap_or(usize::MAX);
    let cut = |(id, rows): (Uuid, Vec<_>)| (id, rows.into_iter().take(most).collect());
    Ok(rows.into_iter().map(cut).collect())
}

/// The visits that follow the end of enrolments, first to last.
pub async fn visits_after(
    session: &Session,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, Vec<Row<visit::Model>>>> {
    use visit::Column;
    let rows = session.find::<visit::Entity>().of(Column::EnrolmentId, ids);
    rows.filter(Column::VoidedAt.is_null())
        .order(Column::ScheduledFor, Order::Asc)
        .order(Column::Id, Order::Asc)
        .grouped(|visit| visit.enrolment_id.unwrap_or_default())
        .await
}
