//! Opening a family or a person in an emergency: for the one worker who asks, for a few hours, to be
//! read and nothing else.

use chrono::TimeDelta;
use entity::access_grant::{self, AccessLevel, DataCategory, GrantBasis, Shown};
use entity::break_glass::{self, Column};
use entity::membership::Role;
use entity::{family, person, worker};
use sea_orm::sea_query::{Expr, Query};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, Iterable, QueryFilter};
use uuid::Uuid;

use crate::access::policy::Action;
use crate::access::{Class, Need, Session, Veil, Visible};
use crate::casework::change::{Change, Key, Right, Subject};
use crate::casework::check::{Checks, LONG};
use crate::casework::grant::{About, lead_grant};
use crate::casework::problem::{Halt, Problem};
use crate::casework::task::Due;
use crate::casework::wording::Emergency;

/// How long access in an emergency lasts at most.
const MOST_HOURS: i64 = 24;

/// How often a worker may take it in a day: whoever needs more is to be shared with.
const MOST_A_DAY: usize = 5;

/// What opens a family or a person in an emergency.
#[derive(Clone, Debug)]
pub struct Open {
    /// What is opened.
    pub about: About,
    /// Why.
    pub reason: String,
    /// For how many hours.
    pub hours: i32,
    /// How much of it.
    pub level: AccessLevel,
}

/// Opens a family or a person to the worker who asks. It is to be reviewed by tomorrow.
pub async fn open(session: &Session, key: &Key, command: &Open) -> Result<Uuid, Halt> {
    let id = Uuid::now_v7();
    let subject = Subject::new("breakglass", id);
    let mut change = Change::begin(session, Action::AccessBreakGlass, key, subject).await?;
    command.check(session)?;
    let worker = change.worker()?;
    refuse_more(&change, worker, command).await?;
    refuse_seen(&change, command).await?;
    let row = command.row(&change, id, worker);
    let grant = access_grant::Model {
        worker_id: Some(worker),
        level: row.level,
        shown: Shown::all(row.level),
        basis: GrantBasis::BreakGlass,
        until: Some(row.until),
        ..lead_grant(&change, row.organisation_id, command.about, id)
    };
    let tomorrow = session.today() + TimeDelta::days(1);
    change.task(Due::break_glass_review(&row, tomorrow));
    change.insert(row).await?;
    change.insert(grant).await?;
    change.commit().await
}

impl Open {
    fn check(&self, session: &Session) -> Result<(), Halt> {
        let mut checks = Checks::default();
        checks.text("input.reason", &self.reason, LONG);
        checks.number("input.hours", self.hours.into(), 1, MOST_HOURS);
        let may_all = session.viewer().role == Role::Supervisor;
        let is_full = self.level == AccessLevel::Full;
        checks.hold(may_all || !is_full, "input.level", Emergency::SummaryOnly);
        checks.done()
    }

    fn row(&self, change: &Change, id: Uuid, worker_id: Uuid) -> break_glass::Model {
        let now = change.session().now();
        let (family_id, person_id) = match self.about {
            About::Family(id) => (Some(id), None),
            About::Person(id) => (None, Some(id)),
        };
        break_glass::Model {
            id,
            worker_id,
            organisation_id: change.session().viewer().organisation_id,
            family_id,
            person_id,
            level: self.level,
            reason: self.reason.clone(),
            since: now,
            until: now + TimeDelta::hours(self.hours.into()),
            ended_at: None,
            outcome: None,
            reviewed_at: None,
            reviewed_by_id: None,
            review_note: None,
            version: 1,
            created_at: now,
            updated_at: now,
            created_by: change.by(),
            updated_by: change.by(),
        }
    }

    fn is_about(&self, row: &break_glass::Model) -> bool {
        match self.about {
            About::Family(id) => row.family_id == Some(id),
            About::Person(id) => row.person_id == Some(id),
        }
    }
}

/// Refuses what the worker has open already, and whoever opens one after another. One request of a
/// worker waits for the other, so that the count holds.
async fn refuse_more(change: &Change, worker: Uuid, command: &Open) -> Result<(), Halt> {
    let now = change.session().now();
    change.hold::<worker::Entity>(Condition::all().add(worker::Column::Id.eq(worker))).await?;
    let lately = change
        .see::<break_glass::Entity>(Right::ANY)
        .filter(Column::WorkerId.eq(worker))
        .filter(Column::Since.gt(now - TimeDelta::hours(MOST_HOURS)))
        .all(change.connection())
        .await?;
    let holds = lately.iter().find(|row| {
        let is_open = row.ended_at.is_none() && row.until > now;
        is_open && row.level >= command.level && command.is_about(row)
    });
    if let Some(row) = holds {
        return Err(
            Problem::at("input.subjectId", Emergency::HoldsAlready { until: row.until }).into()
        );
    }
    if lately.len() >= MOST_A_DAY {
        return Err(Problem::at("input", Emergency::TooMany { most: MOST_A_DAY }).into());
    }
    Ok(())
}

/// Refuses what the viewer sees at that level anyway, and what is nowhere.
async fn refuse_seen(change: &Change, command: &Open) -> Result<(), Halt> {
    let is_seen = match command.about {
        About::Family(id) => {
            seen::<family::Entity>(change, family::Column::Id, id, command.level).await
        }
        About::Person(id) => {
            seen::<person::Entity>(change, person::Column::Id, id, command.level).await
        }
    };
    if is_seen?.ok_or_else(|| Problem::not_found("input.subjectId"))? {
        return Err(Problem::at("input.subjectId", Emergency::SeenAnyway).into());
    }
    Ok(())
}

/// Whether the viewer sees all that a level shows of a row; nothing if there is no such row.
async fn seen<E: Visible>(
    change: &Change,
    column: E::Column,
    id: Uuid,
    level: AccessLevel,
) -> Result<Option<bool>, Halt> {
    let class = match level {
        AccessLevel::ServiceOnly => Class::Operational,
        AccessLevel::Summary => Class::Personal,
        AccessLevel::Full => Class::Sensitive,
    };
    let viewer = change.session().viewer();
    let is_visible = DataCategory::iter()
        .map(|about| E::visible_to(viewer, Need::Value(Veil::new(class, about))))
        .fold(Condition::all(), Condition::add);
    let mut select = Query::select();
    select
        .expr(Expr::case(is_visible, true).finally(false))
        .from(E::default())
        .and_where(column.eq(id));
    let row = change.connection().query_one(&select).await?;
    Ok(row.map(|row| row.try_get_by_index(0)).transpose()?)
}
