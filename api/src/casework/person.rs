//! Persons and children: names, legal status, relationships, and who is a child.

pub mod gate;
pub mod life;
pub mod likeness;
pub mod record;
pub mod revision;
pub mod naming;
pub mod identifier;
pub mod identity;
pub mod relation;
pub mod legal;

use std::collections::HashMap;

use chrono::NaiveDate;
use entity::person::Sex;
use entity::{
    family_member, identity_fact, legal_status, person, person_identifier, person_name,
    relationship,
};
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ColumnTrait, Condition, DbBackend, IntoSimpleExpr, Order};
use uuid::Uuid;

use super::Range;
use crate::access::scope::exists_for_each;
use crate::access::{Row, Rows, Session, Veil};
use crate::error::Result;

/// What narrows a list of children.
#[derive(Debug, Default)]
pub struct ChildFilter {
    /// Of one of these sexes.
    pub sex_in: Option<Vec<Sex>>,
    /// Born in these days.
    pub born: Option<Range<NaiveDate>>,
    /// Members of one of these families.
    pub family_in: Option<Vec<Uuid>>,
}

/// The children that the viewer may see: persons who are or were a child of a family, or whose
/// legal status as a child is recorded.
pub fn children(session: &Session, filter: ChildFilter) -> Rows<person::Entity> {
    let named = [
        filter.sex_in.as_ref().map(|_| person::Column::Sex),
        filter.born.as_ref().map(|_| person::Column::BirthDate),
    ];
    let rows = session
        .find_showing::<person::Entity>(&Veil::of::<person::Entity>(named))
        .filter(is_child(session.viewer().backend))
        .filter(person::Column::MergedIntoId.is_null())
        .filter_some(filter.sex_in, |sexes| person::Column::Sex.is_in(sexes));
    let rows = match filter.family_in {
        Some(families) => {
            let mut members = member_ids();
            members.and_where(family_member::Column::FamilyId.is_in(families));
            rows.filter(person::Column::Id.into_simple_expr().in_subquery(members))
        }
        None => rows.of_many(),
    };
    match filter.born {
        Some(range) => rows.filter(range.condition(person::Column::BirthDate)),
        None => rows,
    }
}

/// Those persons among some that are children.
pub async fn children_among(
    session: &Session,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, Row<person::Model>>> {
    let rows = session
        .find::<person::Entity>()
        .of(person::Column::Id, ids)
        .filter(is_child(session.viewer().backend));
    Ok(rows.all().await?.into_iter().map(|row| (row.id, row)).collect())
}

fn member_ids() -> sea_orm::sea_query::SelectStatement {
    let mut members = Query::select();
    members
        .column((family_member::Entity, family_member::Column::PersonId))
        .from(family_member::Entity)
        .and_where(family_member::Column::VoidedAt.is_null())
        .and_where(family_member::Column::Role.eq(family_member::MemberRole::Child));
    members
}

/// That a person of a query is or was a child of a family, or has a legal status on record.
pub fn is_child(backend: DbBackend) -> Condition {
    let id = || Expr::col((person::Entity, person::Column::Id));
    let mut memberships = member_ids();
    memberships.and_where(family_member::Column::PersonId.into_simple_expr().eq(id()));
    let mut statuses = Query::select();
    statuses
        .column((legal_status::Entity, legal_status::Column::PersonId))
        .from(legal_status::Entity)
        .and_where(legal_status::Column::VoidedAt.is_null())
        .and_where(legal_status::Column::PersonId.into_simple_expr().eq(id()));
    let exists = |select| exists_for_each(backend, select);
    Condition::any().add(exists(memberships)).add(exists(statuses))
}

/// All names of persons, the one in documents first.
pub async fn names_of(
    session: &Session,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, Vec<Row<person_name::Model>>>> {
    let rows = session.find::<person_name::Entity>().of(person_name::Column::PersonId, ids);
    rows.order(person_name::Column::RecordedAt, Order::Asc)
        .order(person_name::Column::Id, Order::Asc)
        .grouped(|name| name.person_id)
        .await
}

/// The identifiers of persons.
pub async fn identifiers_of(
    session: &Session,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, Vec<Row<person_identifier::Model>>>> {
    use person_identifier::Column;
    let rows = session.find::<person_identifier::Entity>().of(Column::PersonId, ids);
    let rows = rows.filter(Column::VoidedAt.is_null());
    rows.order(Column::Kind, Order::Asc).grouped(|identifier| identifier.person_id).await
}

/// The facts of persons' identity at first registration, the first recorded first.
pub async fn identity_facts_of(
    session: &Session,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, Vec<Row<identity_fact::Model>>>> {
    use identity_fact::Column;
    let rows = session.find::<identity_fact::Entity>().of(Column::PersonId, ids);
    rows.order(Column::RecordedAt, Order::Asc)
        .order(Column::Id, Order::Asc)
        .grouped(|fact| fact.person_id)
        .await
}

/// The history of children's legal status, latest first.
pub async fn legal_statuses_of(
    session: &Session,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, Vec<Row<legal_status::Model>>>> {
    use legal_status::Column;
    let rows = session.find::<legal_status::Entity>().of(Column::PersonId, ids);
    rows.filter(Column::VoidedAt.is_null())
        .order(Column::Since, Order::Desc)
        .order(Column::Id, Order::Desc)
        .grouped(|status| status.person_id)
        .await
}

/// The relationships of persons with others that the viewer may see, from either side.
pub async fn relationships_of(
    session: &Session,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, Vec<Row<relationship::Model>>>> {
    use relationship::Column;
    let backend = session.viewer().backend;
    let side = |column: Column| {
        crate::access::scope::one_of(
            backend,
            Expr::col((relationship::Entity, column)),
            ids.to_vec(),
        )
    };
    let rows = session
        .find::<relationship::Entity>()
        .filter(Condition::any().add(side(Column::PersonId)).add(side(Column::OtherId)))
        .filter(Column::VoidedAt.is_null())
        .order(Column::Id, Order::Asc)
        .all()
        .await?;
    let mut related: HashMap<Uuid, Vec<_>> = HashMap::new();
    for row in rows {
        for id in [row.person_id, row.other_id] {
            if ids.contains(&id) {
                related.entry(id).or_default().push(Row::clone(&row));
            }
        }
    }
    Ok(related)
}
