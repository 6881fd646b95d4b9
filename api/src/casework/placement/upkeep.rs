//! What is due by itself: reservations that ran out, and places that became free without anybody's
//! act, such as by a capacity that begins on a day.

use entity::placement::{self, Column, PlacementStatus};
use entity::{capacity_period, centre, unit};
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Func, Query, SelectStatement, SimpleExpr};
use sea_orm::{ActiveEnum, ColumnTrait, Condition};
use uuid::Uuid;

use super::keeping;
use crate::access::Session;
use crate::access::policy::Action;
use crate::casework::change::{Change, Key, Subject};
use crate::casework::problem::Halt;
use crate::error::Result;

/// The centres where something is due, each with the organisation that runs it.
pub async fn due(session: &Session) -> Result<Vec<(Uuid, Uuid)>> {
    let mut ids: Vec<Uuid> = session.tally(&stale(session)).await?.into_keys().collect();
    ids.extend(session.tally(&waited_for(session)).await?.into_keys());
    ids.sort();
    ids.dedup();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let centres = session.find::<centre::Entity>().of(centre::Column::Id, &ids).all().await?;
    Ok(centres.iter().map(|centre| (centre.id, centre.organisation_id)).collect())
}

/// Notes what ran out in a centre, and gives its free places to who waits. Whether anything changed;
/// nothing is left behind if nothing did.
pub async fn settle(session: &Session, key: &Key, centre_id: &Uuid) -> Result<bool, Halt> {
    let subject = Subject::new("centre", *centre_id);
    let mut change = Change::begin(session, Action::GiveOutPlaces, key, subject).await?;
    let mut roll = keeping::of_centre(&change, *centre_id).await?;
    roll.settle();
    let is_changed = roll.is_changed();
    if is_changed {
        roll.write(&mut change).await?;
        change.commit().await?;
    }
    Ok(is_changed)
}

/// Centres with a reservation that ran out.
fn stale(session: &Session) -> SelectStatement {
    let mut select = Query::select();
    select
        .column(Column::CentreId)
        .expr(Func::count(Expr::col(Column::Id)))
        .from(placement::Entity)
        .and_where(Column::Status.eq(PlacementStatus::Reserved))
        .and_where(Column::ReservedUntil.lte(session.now()))
        .and_where(Column::VoidedAt.is_null())
        .group_by_col(Column::CentreId);
    select
}

/// Open centres where somebody waits for a unit that has a free place.
fn waited_for(session: &Session) -> SelectStatement {
    let own = |column: Column| Expr::col((placement::Entity, column));
    let today = session.today();
    let open = Condition::all()
        .add(Expr::col((centre::Entity, centre::Column::Id)).eq(own(Column::CentreId)))
        .add(centre::Column::Status.eq(centre::CentreStatus::Open));
    let in_force = Condition::all()
        .add(
            Expr::col((capacity_period::Entity, capacity_period::Column::UnitId))
                .eq(own(Column::UnitId)),
        )
        .add(capacity_period::Column::Since.lte(today))
        .add(capacity_period::Column::Until.is_null().or(capacity_period::Column::Until.gt(today)));
    let places = Expr::col((capacity_period::Entity, capacity_period::Column::Places));
    let mut select = Query::select();
    select
        .column((placement::Entity, Column::CentreId))
        .expr(Func::count(own(Column::Id)))
        .from(placement::Entity)
        .inner_join(centre::Entity, open)
        .inner_join(unit::Entity, {
            Expr::col((unit::Entity, unit::Column::Id)).eq(own(Column::UnitId))
        })
        .inner_join(capacity_period::Entity, in_force)
        .and_where(Column::Status.eq(PlacementStatus::Waitlisted))
        .and_where(own(Column::VoidedAt).is_null())
        .and_where(places.gt(held(session)))
        .group_by_col((placement::Entity, Column::CentreId));
    select
}

/// How many hold a place of the unit of a placement.
fn held(session: &Session) -> SimpleExpr {
    let other = Alias::new("holder");
    let column = |column: Column| Expr::col((other.clone(), column));
    let is = |status: PlacementStatus| column(Column::Status).eq(status.to_value());
    let reserved =
        is(PlacementStatus::Reserved).and(column(Column::ReservedUntil).gt(session.now()));
    let away = is(PlacementStatus::OnLeave).and(column(Column::HoldsPlace).eq(true));
    let mut select = Query::select();
    select
        .expr(Func::count(column(Column::Id)))
        .from_as(placement::Entity, other.clone())
        .and_where(column(Column::UnitId).eq(Expr::col((placement::Entity, Column::UnitId))))
        .and_where(column(Column::VoidedAt).is_null())
        .and_where(is(PlacementStatus::Admitted).or(away).or(reserved));
    SimpleExpr::SubQuery(None, Box::new(select.into()))
}
