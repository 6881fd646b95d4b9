//! What the rules ask of rows, for many at once: who leads the work, and where a case stands.

use std::collections::HashMap;

use entity::case::{self, CaseStatus};
use entity::plan::{self, PlanStatus};
use entity::{episode, family, person};
use sea_orm::sea_query::{Expr, ExprTrait, IntoColumnRef, Query, SelectStatement, SimpleExpr};
use sea_orm::{ColumnTrait, EntityTrait};
use uuid::Uuid;

use crate::access::scope::led_by;
use crate::access::{Session, Visible};
use crate::casework::case::gate;
use crate::error::Result;

/// Whether the viewer's organisation leads the work with families.
pub async fn led_families(session: &Session, ids: &[Uuid]) -> Result<HashMap<Uuid, bool>> {
    led::<family::Entity>(session, family::Column::Id, ids).await
}

/// Whether the viewer's organisation leads the work with persons.
pub async fn led_persons(session: &Session, ids: &[Uuid]) -> Result<HashMap<Uuid, bool>> {
    led::<person::Entity>(session, person::Column::Id, ids).await
}

async fn led<E>(session: &Session, id: E::Column, ids: &[Uuid]) -> Result<HashMap<Uuid, bool>>
where
    E: Visible,
    E::Model: sea_orm::FromQueryResult + Send + Sync,
{
    let rows = session.find_led::<E>().of(id, ids);
    let led: Vec<Uuid> = rows.facts(vec![Expr::col((E::default(), id))]).await?;
    Ok(ids.iter().map(|id| (*id, led.contains(id))).collect())
}

/// Where a case stands, and what of it the rules need besides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CaseFacts {
    /// Where it stands.
    pub status: CaseStatus,
    /// Whether the viewer's organisation leads the work with its family.
    pub is_led: bool,
    /// The episode that is open.
    pub open_episode: Option<OpenEpisode>,
    /// Whether an episode was closed.
    pub has_closed_episode: bool,
    /// Whether a plan is being drafted.
    pub has_draft: bool,
}

/// An episode that is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenEpisode {
    /// Who asked for its closure.
    pub closure_asked_by: Option<Uuid>,
}

impl CaseFacts {
    /// Whether something may be written into it.
    pub const fn is_open(&self) -> bool {
        gate::is_open(self.status)
    }
}

type Told = (Uuid, CaseStatus, bool, bool, Option<Uuid>, bool, bool);

/// Where cases that the viewer sees stand, in one statement.
pub async fn of_cases(session: &Session, ids: &[Uuid]) -> Result<HashMap<Uuid, CaseFacts>> {
    use episode::Column::{ClosedById, ClosedOn};
    let is_led = Expr::case(led_by::<case::Entity>(session.viewer()), true).finally(false);
    let mut asked_by = episodes(ClosedOn.is_null());
    asked_by.column((episode::Entity, ClosedById));
    let asked = vec![
        Expr::col((case::Entity, case::Column::Id)),
        Expr::col((case::Entity, case::Column::Status)),
        is_led.into(),
        is_there(episodes(ClosedOn.is_null())),
        SimpleExpr::SubQuery(None, Box::new(asked_by.into())),
        is_there(episodes(ClosedOn.is_not_null())),
        is_there(drafts()),
    ];
    let rows = session.find::<case::Entity>().of(case::Column::Id, ids);
    let told: Vec<Told> = rows.facts(asked).await?;
    Ok(told.into_iter().map(facts).collect())
}

fn facts(
    (id, status, is_led, has_open, closure_asked_by, has_closed_episode, has_draft): Told,
) -> (Uuid, CaseFacts) {
    let open_episode = has_open.then_some(OpenEpisode { closure_asked_by });
    (id, CaseFacts { status, is_led, open_episode, has_closed_episode, has_draft })
}

fn is_there(mut rows: SelectStatement) -> SimpleExpr {
    Expr::exists(rows.expr(Expr::val(1)).take())
}

/// The episodes of a case that a statement selects from.
fn episodes(condition: SimpleExpr) -> SelectStatement {
    of_case(episode::Entity, (episode::Entity, episode::Column::CaseId), condition)
}

/// Its plans that are being drafted.
fn drafts() -> SelectStatement {
    let condition = plan::Column::Status.eq(PlanStatus::Draft);
    of_case(plan::Entity, (plan::Entity, plan::Column::CaseId), condition)
}

fn of_case<E: EntityTrait>(
    entity: E,
    case_id: impl IntoColumnRef,
    condition: SimpleExpr,
) -> SelectStatement {
    let own = Expr::col((case::Entity, case::Column::Id));
    let mut rows = Query::select();
    rows.from(entity).and_where(Expr::col(case_id).eq(own)).and_where(condition);
    rows
}
