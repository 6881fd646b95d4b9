//! Families and who belongs to them, today or as of a day.

pub mod likeness;
pub mod record;
pub mod membership;

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use entity::case::CaseStatus;
use entity::family_characteristic::FamilyCharacteristic;
use entity::family_member::{self, MemberRole};
use entity::{case, family, family_characteristic, person};
use sea_orm::sea_query::{ExprTrait, Query, SelectStatement};
use sea_orm::{ColumnTrait, IntoSimpleExpr, Order};
use uuid::Uuid;

use super::Range;
use crate::access::{Row, Rows, Session, Veil};
use crate::error::Result;

/// What narrows a list of families.
#[derive(Debug, Default)]
pub struct FamilyFilter {
    /// With exactly this reference.
    pub reference: Option<String>,
    /// Living in one of these areas (not in areas within them).
    pub area_in: Option<Vec<Uuid>>,
    /// Led by one of these organisations.
    pub lead_organisation_in: Option<Vec<Uuid>>,
    /// With one of these characteristics.
    pub characteristic_in: Option<Vec<FamilyCharacteristic>>,
    /// With a case in one of these states.
    pub case_status_in: Option<Vec<CaseStatus>>,
    /// Changed in this time.
    pub updated: Option<Range<DateTime<Utc>>>,
}

/// The families that the viewer may see.
pub fn families(session: &Session, filter: FamilyFilter) -> Rows<family::Entity> {
    use family::Column;
    let mut named = Veil::of::<family::Entity>([filter.area_in.as_ref().map(|_| Column::AreaId)]);
    let circumstances =
        filter.characteristic_in.as_ref().map(|_| family_characteristic::Column::Kind);
    named.extend(Veil::of::<family_characteristic::Entity>([circumstances]));
    let id = || Column::Id.into_simple_expr();
    let rows = session
        .find_showing::<family::Entity>(&named)
        .filter_some(filter.reference, |reference| Column::Reference.eq(reference))
        .filter_some(filter.area_in, |areas| Column::AreaId.is_in(areas))
        .filter_some(filter.lead_organisation_in, |ids| Column::LeadOrganisationId.is_in(ids))
        .filter_some(filter.characteristic_in, |kinds| id().in_subquery(with_characteristic(kinds)))
        .filter_some(filter.case_status_in, |statuses| id().in_subquery(with_case(statuses)));
    match filter.updated {
        Some(range) => rows.filter(range.condition(Column::UpdatedAt)),
        None => rows,
    }
}

fn with_characteristic(kinds: Vec<FamilyCharacteristic>) -> SelectStatement {
    use family_characteristic::{Column, Entity};
    let mut select = Query::select();
    select.column((Entity, Column::FamilyId)).from(Entity).and_where(Column::Kind.is_in(kinds));
    select
}

fn with_case(statuses: Vec<CaseStatus>) -> SelectStatement {
    use case::{Column, Entity};
    let mut select = Query::select();
    select
        .column((Entity, Column::FamilyId))
        .from(Entity)
        .and_where(Column::Status.is_in(statuses));
    select
}

/// The characteristics of families.
pub async fn characteristics_of(
    session: &Session,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, Vec<Row<family_characteristic::Model>>>> {
    use family_characteristic::Column;
    let rows = session.find::<family_characteristic::Entity>().of(Column::FamilyId, ids);
    rows.order(Column::Kind, Order::Asc).grouped(|row| row.family_id).await
}

/// A membership with the person.
pub type Member = (Row<family_member::Model>, Row<person::Model>);

/// A membership with the family.
pub type Home = (Row<family_member::Model>, Row<family::Model>);

/// All who belong or belonged to families, adults first, then by age; a voided membership, which
/// brings nobody, is left out.
pub async fn members_of(session: &Session, ids: &[Uuid]) -> Result<HashMap<Uuid, Vec<Member>>> {
    use family_member::Column;
    let pairs = session
        .find::<family_member::Entity>()
        .of(Column::FamilyId, ids)
        .bringing()
        .order(Column::Since, Order::Asc)
        .order(Column::Id, Order::Asc)
        .all_with::<person::Entity>(Column::PersonId, person::Column::Id)
        .await?;
    let mut members: HashMap<Uuid, Vec<Member>> = HashMap::new();
    for (member, person) in pairs {
        members.entry(member.family_id).or_default().push((member, person));
    }
    for household in members.values_mut() {
        household.sort_by_key(|(member, person)| {
            (member.role == MemberRole::Child, person.birth_date, member.id)
        });
    }
    Ok(members)
}

/// The families that persons belong or belonged to and that the viewer may see.
pub async fn homes_of(session: &Session, ids: &[Uuid]) -> Result<HashMap<Uuid, Vec<Home>>> {
    use family_member::Column;
    let pairs = session
        .find::<family_member::Entity>()
        .of(Column::PersonId, ids)
        .filter(Column::VoidedAt.is_null())
        .order(Column::Since, Order::Asc)
        .order(Column::Id, Order::Asc)
        .all_with::<family::Entity>(Column::FamilyId, family::Column::Id)
        .await?;
    let mut homes: HashMap<Uuid, Vec<Home>> = HashMap::new();
    for (member, family) in pairs {
        homes.entry(member.person_id).or_default().push((member, family));
    }
    Ok(homes)
}

/// Whether a membership is in force on a day.
pub fn is_member_on(member: &family_member::Model, day: NaiveDate) -> bool {
    member.since <= day && member.until.is_none_or(|until| day < until)
}

/// Whether a member answers for the children of the household.
pub const fn is_caregiver(member: &family_member::Model) -> bool {
    !matches!(member.role, MemberRole::Child)
        && (member.primary_caregiver || member.legal_responsibility)
}
