//! Which children are looked for on a day: those on a register, and those in care, as far as the
//! viewer may know it.

use chrono::{Months, NaiveDate};
use entity::access_grant::AccessLevel;
use entity::family_member::{self, MemberRole};
use entity::legal_status::{self, LegalStatusKind};
use entity::placement::{self, Destination};
use entity::{family, person, register_entry};
use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement, SimpleExpr};
use sea_orm::{ColumnTrait, Condition};
use uuid::Uuid;

use super::facts::STAYED;
use super::{TOLD, WhereaboutsFilter};
use crate::access::{Need, Rows, Session, Veil, Visible};
use crate::casework::person::is_child;

/// The age from which on somebody is no child, in months.
const OF_AGE: Months = Months::new(18 * 12);

/// The children who on a day are on a register or in care. A class or an area is asked only of
/// those whose personal fields the viewer sees.
pub fn children(
    session: &Session,
    day: NaiveDate,
    filter: &WhereaboutsFilter,
) -> Rows<person::Entity> {
    let personal = filter.class_in.is_some() || filter.area_in.is_some();
    let veils: &[Veil] = if personal { &TOLD } else { &[] };
    let mut listed = Condition::any().add(seen_in_summary(session, day));
    if !personal {
        listed = listed.add(seen_in_part(session, day));
    }
    session
        .find_showing::<person::Entity>(veils)
        .filter(person::Column::MergedIntoId.is_null())
        .filter(listed)
        .filter_some(filter.register_in.clone(), |ids| on_register(session, day, Some(ids)).into())
        .filter_some(filter.area_in.clone(), |ids| Expr::exists(in_areas(session, day, ids)))
}

/// That the viewer is told where somebody is.
fn told<E: Visible>(session: &Session) -> Condition {
    let seen = |veil: Veil| E::visible_to(session.viewer(), Need::Value(veil));
    TOLD.into_iter().fold(Condition::all(), |all, veil| all.add(seen(veil)))
}

/// Under age and alive on the day, and on a register or in care.
fn seen_in_summary(session: &Session, day: NaiveDate) -> Condition {
    Condition::all()
        .add(told::<person::Entity>(session))
        .add(is_under_age(session, day))
        .add(is_alive(session, day))
        .add(
            Condition::any()
                .add(on_register(session, day, None))
                .add(Expr::exists(placed(session, day)))
                .add(Expr::exists(with_status(day))),
        )
}

/// Of others neither age nor death nor legal status may be told, not even by their absence here.
fn seen_in_part(session: &Session, day: NaiveDate) -> Condition {
    let in_summary = told::<person::Entity>(session);
    Condition::all().add(in_summary.not()).add(is_child(session.viewer().backend)).add(
        Condition::any()
            .add(on_register(session, day, None))
            .add(Expr::exists(placed(session, day))),
    )
}

/// Born by the day and under age on it. Whose birth date isn't known is a child if recorded as one.
fn is_under_age(session: &Session, day: NaiveDate) -> Condition {
    use person::Column;
    let earliest = day.checked_sub_months(OF_AGE).unwrap_or(NaiveDate::MIN);
    let born = Condition::all().add(Column::BirthDate.lte(day)).add(Column::BirthDate.gt(earliest));
    let unknown =
        Condition::all().add(Column::BirthDate.is_null()).add(is_child(session.viewer().backend));
    Condition::any().add(born).add(unknown)
}

/// Not dead before the day, neither by the person's record nor by a discharge.
fn is_alive(session: &Session, day: NaiveDate) -> Condition {
    use person::Column;
    let mut died = about::<placement::Entity>(placement::Column::PersonId);
    died.and_where(placement::Column::VoidedAt.is_null())
        .and_where(placement::Column::Destination.eq(Destination::Died))
        .and_where(placement::Column::DischargedAt.lt(session.start_of(day)));
    Condition::all()
        .add(Condition::any().add(Column::DeathDate.is_null()).add(Column::DeathDate.gte(day)))
        .add(Expr::exists(died).not())
}

/// A subquery over rows that name the person.
fn about<E>(column: E::Column) -> SelectStatement
where
    E: sea_orm::EntityTrait,
{
    let mut select = Query::select();
    select
        .expr(Expr::val(1))
        .from(E::default())
        .and_where(Expr::col((E::default(), column)).eq(person_id()));
    select
}

fn person_id() -> SimpleExpr {
    Expr::col((person::Entity, person::Column::Id))
}

/// That a half-open time, told by two columns, covers a day.
fn covering(since: impl ColumnTrait, until: impl ColumnTrait, day: NaiveDate) -> Condition {
    Condition::all()
        .add(since.lte(day))
        .add(Condition::any().add(until.is_null()).add(until.gt(day)))
}

/// With an entry of their own in force, or a child of a family with one that the viewer sees.
fn on_register(session: &Session, day: NaiveDate, registers: Option<Vec<Uuid>>) -> Condition {
    let mut own = about::<register_entry::Entity>(register_entry::Column::PersonId);
    own.cond_where(in_force(day, registers.clone()));
    let mut of_family = Query::select();
    of_family
        .expr(Expr::val(1))
        .from(register_entry::Entity)
        .and_where(
            Expr::col((register_entry::Entity, register_entry::Column::FamilyId))
                .eq(Expr::col((family_member::Entity, family_member::Column::FamilyId))),
        )
        .cond_where(in_force(day, registers));
    let seen =
        family_member::Entity::visible_to(session.viewer(), Need::Row(AccessLevel::ServiceOnly));
    let mut child_of = member(day, seen);
    child_of.and_where(Expr::exists(of_family));
    Condition::any().add(Expr::exists(own)).add(Expr::exists(child_of))
}

fn in_force(day: NaiveDate, registers: Option<Vec<Uuid>>) -> Condition {
    use register_entry::Column;
    covering(Column::Since, Column::Until, day)
        .add(Column::VoidedAt.is_null())
        .add_option(registers.map(|ids| Column::RegisterId.is_in(ids)))
}

/// The person's memberships as a child on a day, in families of which something is seen.
fn member(day: NaiveDate, seen: Condition) -> SelectStatement {
    use family_member::Column;
    let mut select = about::<family_member::Entity>(Column::PersonId);
    select
        .and_where(Column::Role.eq(MemberRole::Child))
        .and_where(Column::VoidedAt.is_null())
        .cond_where(covering(Column::Since, Column::Until, day))
        .cond_where(seen);
    select
}

/// The person's memberships in families of some areas.
fn in_areas(session: &Session, day: NaiveDate, areas: Vec<Uuid>) -> SelectStatement {
    let mut homes = Query::select();
    homes
        .column((family::Entity, family::Column::Id))
        .from(family::Entity)
        .and_where(family::Column::AreaId.is_in(areas));
    let mut select = member(day, told::<family_member::Entity>(session));
    let id = (family_member::Entity, family_member::Column::FamilyId);
    select.and_where(Expr::col(id).in_subquery(homes));
    select
}

/// The person's residential stays that cover a day.
fn placed(session: &Session, day: NaiveDate) -> SelectStatement {
    use placement::Column;
    let end = session.end_of(day);
    let mut select = about::<placement::Entity>(Column::PersonId);
    select
        .and_where(Column::VoidedAt.is_null())
        .and_where(Column::IsResidential.eq(true))
        .and_where(Column::Status.is_in(STAYED))
        .and_where(Column::AdmittedAt.lt(end))
        .cond_where(
            Condition::any().add(Column::DischargedAt.is_null()).add(Column::DischargedAt.gte(end)),
        );
    select
}

/// The person's legal statuses in force that mean care outside the birth family.
fn with_status(day: NaiveDate) -> SelectStatement {
    use legal_status::Column;
    let kinds = [
        LegalStatusKind::Guardianship,
        LegalStatusKind::Foster,
        LegalStatusKind::WithoutParentalCare,
        LegalStatusKind::Orphan,
    ];
    let mut select = about::<legal_status::Entity>(Column::PersonId);
    select
        .and_where(Column::VoidedAt.is_null())
        .and_where(Column::Status.is_in(kinds))
        .cond_where(covering(Column::Since, Column::Until, day));
    select
}
