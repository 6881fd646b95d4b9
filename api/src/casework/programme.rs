//! Programmes with what belongs to their description: stages, intakes, rules, budget.

pub mod eligibility;
pub mod founding;
pub mod gate;
pub mod intakes;
mod parts;

use std::collections::HashMap;

use entity::programme::{self, ProgrammeKind, ProgrammeStatus};
use entity::{
    budget_line, eligibility_rule, intake, programme_availability, programme_priority,
    programme_stage,
};
use sea_orm::{ColumnTrait, Order};
use uuid::Uuid;

use crate::access::{Row, Rows, Session};
use crate::error::Result;

/// What narrows a list of programmes.
#[derive(Debug, Default)]
pub struct ProgrammeFilter {
    /// Of one of these kinds.
    pub kind_in: Option<Vec<ProgrammeKind>>,
    /// In one of these stages of their life cycle.
    pub status_in: Option<Vec<ProgrammeStatus>>,
    /// Of one of these organisations.
    pub organisation_in: Option<Vec<Uuid>>,
}

/// The programmes.
pub fn programmes(session: &Session, filter: ProgrammeFilter) -> Rows<programme::Entity> {
    use programme::Column;
    session
        .find::<programme::Entity>()
        .filter_some(filter.kind_in, |kinds| Column::Kind.is_in(kinds))
        .filter_some(filter.status_in, |statuses| Column::Status.is_in(statuses))
        .filter_some(filter.organisation_in, |ids| Column::OrganisationId.is_in(ids))
}

/// The stages of programmes, in order.
pub async fn stages_of(
    session: &Session,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, Vec<Row<programme_stage::Model>>>> {
    use programme_stage::Column;
    let rows = session.find::<programme_stage::Entity>().of(Column::ProgrammeId, ids);
    rows.order(Column::No, Order::Asc).grouped(|stage| stage.programme_id).await
}

/// The last intakes of each programme by the day they open.
pub async fn last_intakes_of(
    session: &Session,
    ids: &[Uuid],
    last: u64,
) -> Result<HashMap<Uuid, Vec<Row<intake::Model>>>> {
    use intake::Column;
    let rows = session.find::<intake::Entity>().of(Column::ProgrammeId, ids);
    rows.last_of_each(Column::ProgrammeId, Column::OpensOn, last)
        .grouped(|intake| intake.programme_id)
        .await
}

/// Where and when programmes are available.
pub async fn availability_of(
    session: &Session,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, Vec<Row<programme_availability::Model>>>> {
    use programme_availability::Column;
    let rows = session.find::<programme_availability::Entity>().of(Column::ProgrammeId, ids);
    rows.order(Column::Since, Order::Asc)
        .order(Column::Id, Order::Asc)
        .grouped(|availability| availability.programme_id)
        .await
}

/// The conditions for enrolment in programmes.
pub async fn rules_of(
    session: &Session,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, Vec<Row<eligibility_rule::Model>>>> {
    use eligibility_rule::Column;
    let rows = session.find::<eligibility_rule::Entity>().of(Column::ProgrammeId, ids);
    rows.order(Column::Id, Order::Asc).grouped(|rule| rule.programme_id).await
}

/// The budgets of programmes, by year.
pub async fn budget_of(
    session: &Session,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, Vec<Row<budget_line::Model>>>> {
    use budget_line::Column;
    let rows = session.find::<budget_line::Entity>().of(Column::ProgrammeId, ids);
    rows.order(Column::Year, Order::Asc)
        .order(Column::Purpose, Order::Asc)
        .grouped(|line| line.programme_id)
        .await
}

/// Which circumstances of a family come first in programmes, most points first.
pub async fn priorities_of(
    session: &Session,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, Vec<Row<programme_priority::Model>>>> {
    use programme_priority::Column;
    let rows = session.find::<programme_priority::Entity>().of(Column::ProgrammeId, ids);
    rows.order(Column::Points, Order::Desc)
        .order(Column::Id, Order::Asc)
        .grouped(|priority| priority.programme_id)
        .await
}
