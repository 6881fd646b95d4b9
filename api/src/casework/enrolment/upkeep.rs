//! What is due by itself: offers that ran out, and places of intakes that are free while somebody
//! waits.

use std::collections::HashMap;

use entity::enrolment::{self, Column, EnrolmentStatus};
use entity::intake;
use entity::programme::{self, ProgrammeStatus};
use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement, SimpleExpr};
use sea_orm::{ColumnTrait, Condition};
use uuid::Uuid;

use super::places::Places;
use crate::access::Session;
use crate::access::policy::Action;
use crate::casework::change::{Change, Key, Subject};
use crate::casework::problem::Halt;
use crate::error::Result;

/// The intakes where something is due, each with the organisation that runs the programme.
pub async fn due(session: &Session) -> Result<Vec<(Uuid, Uuid)>> {
    let this = Expr::col((intake::Entity, intake::Column::Id));
    let stale = Condition::all().add(this.in_subquery(stale_intakes(session)));
    let intakes = session.find::<intake::Entity>().filter(stale).all().await?;
    if intakes.is_empty() {
        return Ok(Vec::new());
    }
    let programmes: Vec<Uuid> = intakes.iter().map(|intake| intake.programme_id).collect();
    let programmes = crate::casework::by_id::<programme::Entity>(session, &programmes).await?;
    let programmes: HashMap<Uuid, _> = programmes.into_iter().collect();
    let with_organisation = |intake_id: Uuid, programme_id: Uuid| {
        programmes.get(&programme_id).map(|programme| (intake_id, programme.organisation_id))
    };
    let pairs = intakes.iter().map(|intake| with_organisation(intake.id, intake.programme_id));
    Ok(pairs.flatten().collect())
}

/// Gives out what came free in an intake: offers that ran out end, and those who wait move up. Whether
/// anything changed; nothing is left behind if nothing did.
pub async fn settle(session: &Session, key: &Key, intake_id: &Uuid) -> Result<bool, Halt> {
    let subject = Subject::new("intake", *intake_id);
    let mut change = Change::begin(session, Action::GiveOutPlaces, key, subject).await?;
    let mut places = Places::of_intake(&change, *intake_id, "input.id").await?;
    places.expire();
    places.promote();
    let is_changed = places.write(&mut change).await?;
    if is_changed {
        change.commit().await?;
    }
    Ok(is_changed)
}

/// The ids of the intakes in which there is something to settle: an offer ran out, or somebody waits
/// while a place is free.
fn stale_intakes(session: &Session) -> SelectStatement {
    use intake::Column as Intake;
    let (now, today) = (session.now(), session.today());
    let in_intake = |what: SimpleExpr, which: Condition| {
        let mut select = Query::select();
        select
            .expr(what)
            .from(enrolment::Entity)
            .and_where(
                Expr::col((enrolment::Entity, Column::IntakeId))
                    .eq(Expr::col((intake::Entity, Intake::Id))),
            )
            .cond_where(which);
        select
    };
    let stale = Condition::all()
        .add(Column::Status.eq(EnrolmentStatus::Offered))
        .add(Column::OfferedUntil.lte(now));
    let waiting = Condition::all().add(Column::Status.eq(EnrolmentStatus::Waitlisted));
    let held = in_intake(Expr::col((enrolment::Entity, Column::Id)).count(), super::holding(now));
    let held = SimpleExpr::SubQuery(None, Box::new(held.into()));
    let has_room = Condition::all()
        .add(programme::Column::Status.eq(ProgrammeStatus::Active))
        .add(Condition::any().add(Intake::EndsOn.is_null()).add(Intake::EndsOn.gte(today)))
        .add(Expr::exists(in_intake(Expr::val(1), waiting)))
        .add(Expr::col((intake::Entity, Intake::Capacity)).gt(held));
    let of_programme = Expr::col((programme::Entity, programme::Column::Id))
        .eq(Expr::col((intake::Entity, Intake::ProgrammeId)));
    let mut select = Query::select();
    select
        .column((intake::Entity, Intake::Id))
        .from(intake::Entity)
        .inner_join(programme::Entity, of_programme)
        .cond_where(
            Condition::any().add(Expr::exists(in_intake(Expr::val(1), stale))).add(has_room),
        );
    select
}
