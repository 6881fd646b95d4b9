//! The places of an intake, kept from others while they are given out: offers run out, those who wait
//! move up, and never do more hold a place than there are.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use entity::access_grant::GrantBasis;
use entity::enrolment::{self, Column, EnrolmentStatus};
use entity::programme::{self, ProgrammeStatus};
use entity::{family, intake};
use sea_orm::sea_query::{Expr, ExprTrait, IntoIden, Query, SimpleExpr};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, FromQueryResult, IntoSimpleExpr, Iterable};
use uuid::Uuid;

use crate::access::scope::led_by;
use crate::casework::change::{Change, KEPT, Right};
use crate::casework::grant::show_until;
use crate::casework::joined::select_columns_of;
use crate::casework::kept::Kept;
use crate::casework::problem::{Halt, Problem};

/// Enrolments in which somebody takes part, or has an offer to.
pub const RUNNING: [EnrolmentStatus; 4] = super::HOLDING;

/// Enrolments that are not over.
pub const LIVE: [EnrolmentStatus; 6] = [
    EnrolmentStatus::Requested,
    EnrolmentStatus::Waitlisted,
    EnrolmentStatus::Offered,
    EnrolmentStatus::Enrolled,
    EnrolmentStatus::InProgress,
    EnrolmentStatus::Suspended,
];

/// An intake that is kept from others, with everybody who holds a place in it or wants one.
#[derive(Clone, Debug)]
pub struct Places {
    intake: intake::Model,
    programme: programme::Model,
    is_led: bool,
    live: Vec<enrolment::Model>,
    changed: BTreeSet<Uuid>,
    now: DateTime<Utc>,
    by: Option<Uuid>,
    today: NaiveDate,
    offer_days: i64,
}

const PROGRAMME: &str = "programme_";
const LED: &str = "is_led_here";

impl Places {
    /// The places of an intake, whoever sees who holds them.
    pub async fn of_intake(change: &Change, id: Uuid, path: &str) -> Result<Self, Halt> {
        let this = Condition::all().add(intake::Column::Id.eq(id));
        Self::read(change, this, (None, Expr::val(false)), path).await
    }

    /// The places of the intake of an enrolment that the viewer sees.
    pub async fn of_enrolment(change: &Change, id: Uuid, path: &str) -> Result<Self, Halt> {
        let mut own = Query::select();
        own.column((enrolment::Entity, Column::IntakeId))
            .from(enrolment::Entity)
            .and_where(Column::Id.eq(id))
            .cond_where(change.rows_of::<enrolment::Entity>(Right::ANY));
        let this = intake::Column::Id.into_simple_expr().in_subquery(own);
        let mut led = Query::select();
        led.expr(Expr::val(1))
            .from(enrolment::Entity)
            .and_where(Column::Id.eq(id))
            .cond_where(led_by::<enrolment::Entity>(change.session().viewer()));
        let this = Condition::all().add(this);
        Self::read(change, this, (Some(id), Expr::exists(led)), path).await
    }

    async fn read(
        change: &Change,
        which: Condition,
        (enrolment_id, led): (Option<Uuid>, SimpleExpr),
        path: &str,
    ) -> Result<Self, Halt> {
        let of_programme = Expr::col((programme::Entity, programme::Column::Id))
            .eq(Expr::col((intake::Entity, intake::Column::ProgrammeId)));
        let mut select = Query::select();
        select
            .columns(intake::Column::iter().map(|column| (intake::Entity, column)))
            .from(intake::Entity)
            .inner_join(programme::Entity, of_programme)
            .cond_where(which)
            .expr_as(led, LED)
            .lock_with_tables(KEPT, [intake::Entity.into_iden()]);
        select_columns_of::<programme::Entity>(&mut select, PROGRAMME);
        let row = change.connection().query_one(&select).await?;
        let row = row.ok_or_else(|| Problem::not_found(path))?;
        let intake = intake::Model::from_query_result(&row, "")?;
        let session = change.session();
        let live = live(change, intake.id, enrolment_id).await?;
        let now = live.iter().map(|one| one.updated_at).fold(session.later(), Ord::max);
        Ok(Self {
            programme: programme::Model::from_query_result(&row, PROGRAMME)?,
            is_led: row.try_get("", LED)?,
            live,
            intake,
            changed: BTreeSet::new(),
            now,
            by: change.by(),
            today: session.day_of(now),
            offer_days: session.terms().offer_days,
        })
    }

    /// The moment of the change: once nobody else has the intake, so that the history holds what truly
    /// came after what.
    pub const fn now(&self) -> DateTime<Utc> {
        self.now
    }

    /// The intake.
    pub const fn intake(&self) -> &intake::Model {
        &self.intake
    }

    /// The intake as it was changed.
    pub fn set_intake(&mut self, intake: intake::Model) {
        self.intake = intake;
    }

    /// The programme.
    pub const fn programme(&self) -> &programme::Model {
        &self.programme
    }

    /// The organisation that runs the programme.
    pub const fn organisation_id(&self) -> Uuid {
        self.programme.organisation_id
    }

    /// Whether the viewer's organisation leads the work with the family of the enrolment asked for.
    pub const fn is_led(&self) -> bool {
        self.is_led
    }

    /// An enrolment as it stands now.
    pub fn get(&self, id: Uuid) -> Option<&enrolment::Model> {
        self.live.iter().find(|enrolment| enrolment.id == id)
    }

    /// Changes an enrolment; its version grows once, however often this is done.
    pub fn set(&mut self, id: Uuid, change: impl FnOnce(&mut enrolment::Model)) {
        let (now, by) = (self.now, self.by);
        let Some(enrolment) = self.live.iter_mut().find(|enrolment| enrolment.id == id) else {
            return;
        };
        change(enrolment);
        if self.changed.insert(id) {
            enrolment.stamp(now, by);
        }
    }

    /// Offers that ran out hold no place any more.
    pub fn expire(&mut self) {
        let now = self.now;
        let stale: Vec<Uuid> =
            self.live.iter().filter(|one| ran_out(one, now)).map(id_of).collect();
        for id in stale {
            self.set(id, |enrolment| {
                enrolment.status = EnrolmentStatus::Expired;
                enrolment.closed_at = enrolment.offered_until;
            });
        }
    }

    /// How many hold a place.
    pub fn holders(&self) -> usize {
        self.live
            .iter()
            .filter(|one| RUNNING.contains(&one.status) && !ran_out(one, self.now))
            .count()
    }

    /// Places that nobody holds.
    pub fn free(&self) -> usize {
        usize::try_from(self.intake.capacity).unwrap_or_default().saturating_sub(self.holders())
    }

    /// Whether places are given out: the programme is running and the cohort is not over.
    pub fn are_given_out(&self) -> bool {
        let lasts = self.intake.ends_on.is_none_or(|last| self.today <= last);
        self.programme.status == ProgrammeStatus::Active && lasts
    }

    /// Those who wait are offered what is free: greatest priority first, then by when it was asked
    /// for.
    pub fn promote(&mut self) {
        self.promote_but(None);
    }

    /// The same, passing over one.
    pub fn promote_but(&mut self, except: Option<Uuid>) {
        if !self.are_given_out() {
            return;
        }
        let waits = |one: &&enrolment::Model| {
            one.status == EnrolmentStatus::Waitlisted && Some(one.id) != except
        };
        let mut waiting: Vec<&enrolment::Model> = self.live.iter().filter(waits).collect();
        waiting.sort_by_key(|one| (Reverse(one.priority), one.requested_at, one.id));
        let first: Vec<Uuid> = waiting.into_iter().take(self.free()).map(id_of).collect();
        for id in first {
            self.offer(id);
        }
    }

    /// Offers a place for as long as the authority's terms say.
    pub fn offer(&mut self, id: Uuid) {
        let now = self.now;
        let until = now + TimeDelta::days(self.offer_days);
        self.set(id, |enrolment| {
            enrolment.status = EnrolmentStatus::Offered;
            enrolment.offered_at = Some(now);
            enrolment.offered_until = Some(until);
        });
    }

    /// Writes what was changed, and what follows for who sees the families. Whoever closes a case
    /// keeps the family, and so does this where somebody comes to hold a place.
    pub async fn write(self, change: &mut Change) -> Result<bool, Halt> {
        let changed = self.changed;
        let rows: Vec<enrolment::Model> =
            self.live.into_iter().filter(|one| changed.contains(&one.id)).collect();
        if rows.is_empty() {
            return Ok(false);
        }
        change.happens_at(self.now);
        let offered = rows.iter().filter(|one| one.status == EnrolmentStatus::Offered);
        let families: BTreeSet<Uuid> = offered.map(|one| one.family_id).collect();
        if !families.is_empty() {
            let these = Condition::all().add(family::Column::Id.is_in(families));
            change.hold::<family::Entity>(these).await?;
        }
        let seen = change.session().now();
        let until = rows.iter().map(|row| (row.id, shown_until(row, seen))).collect();
        change.write_all(rows).await?;
        show_until(change, GrantBasis::Enrolment, until).await?;
        Ok(true)
    }
}

const fn id_of(enrolment: &enrolment::Model) -> Uuid {
    enrolment.id
}

/// Whether an offer ran out.
pub fn ran_out(enrolment: &enrolment::Model, now: DateTime<Utc>) -> bool {
    enrolment.status == EnrolmentStatus::Offered
        && enrolment.offered_until.is_some_and(|until| until <= now)
}

async fn live(
    change: &Change,
    intake_id: Uuid,
    enrolment_id: Option<Uuid>,
) -> Result<Vec<enrolment::Model>, Halt> {
    let which = Condition::any()
        .add(Column::Status.is_in(LIVE))
        .add_option(enrolment_id.map(|id| Column::Id.eq(id)));
    let mut select = Query::select();
    select
        .columns(Column::iter().map(|column| (enrolment::Entity, column)))
        .from(enrolment::Entity)
        .and_where(Column::IntakeId.eq(intake_id))
        .cond_where(which);
    let rows = change.connection().query_all(&select).await?;
    let rows = rows.iter().map(|row| enrolment::Model::from_query_result(row, ""));
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Until when the programme's organisation sees the family by an enrolment: while it is not over, and
/// an offer no longer than it stands.
fn shown_until(enrolment: &enrolment::Model, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    match enrolment.status {
        EnrolmentStatus::Offered => enrolment.offered_until,
        EnrolmentStatus::Expired => enrolment.closed_at,
        status if LIVE.contains(&status) => None,
        _ => Some(now),
    }
}
