//! What is due by itself: consents whose time ran out, with what rested on them. That nobody sees
//! anything by them any more needs no noting.

use entity::consent::{self, Column, ConsentStatus};
use entity::family;
use entity::referral::ReferralStatus;
use sea_orm::sea_query::{Expr, ExprTrait, Query, SimpleExpr};
use sea_orm::{ActiveEnum, ColumnTrait, Condition};
use uuid::Uuid;

use crate::access::Session;
use crate::access::policy::Action;
use crate::casework::change::{Change, Key, Subject};
use crate::casework::problem::Halt;
use crate::casework::referral::ending;
use crate::error::Result;

/// How many are noted at once; the others are next.
const MOST: u64 = 100;

/// The consents that ran out and are not noted as expired yet, each with the organisation that leads
/// the work with the family.
pub async fn due(session: &Session) -> Result<Vec<(Uuid, Uuid)>> {
    let mut lead = Query::select();
    lead.column((family::Entity, family::Column::LeadOrganisationId))
        .from(family::Entity)
        .and_where(
            Expr::col((family::Entity, family::Column::Id))
                .eq(Expr::col((consent::Entity, Column::FamilyId))),
        );
    let asked = vec![
        Expr::col((consent::Entity, Column::Id)),
        SimpleExpr::SubQuery(None, Box::new(lead.into())),
    ];
    let rows = session.find::<consent::Entity>().filter(ran_out(session)).limit(MOST);
    let due = rows.facts::<(Uuid, Option<Uuid>)>(asked).await?;
    Ok(due.into_iter().map(|(id, lead)| (id, lead.unwrap_or_default())).collect())
}

/// Notes that a consent ran out. Whether it was to be noted still: of two servers, one does it.
pub async fn settle(session: &Session, key: &Key, id: &Uuid) -> Result<bool, Halt> {
    let subject = Subject::new("consent", *id);
    let mut change = Change::begin(session, Action::SharingExpire, key, subject).await?;
    let this = ran_out(session).add(Column::Id.eq(*id));
    let values = vec![
        (Column::Status, Expr::val(ConsentStatus::Expired.to_value())),
        (Column::UpdatedAt, Expr::val(session.now())),
        (Column::Version, Expr::col(Column::Version).add(1)),
    ];
    if change.update_where::<consent::Entity>(values, this).await?.is_empty() {
        return Ok(false);
    }
    ending::resting_on(&mut change, *id, ReferralStatus::Expired, None).await?;
    change.commit().await?;
    Ok(true)
}

fn ran_out(session: &Session) -> Condition {
    Condition::all()
        .add(Column::Status.eq(ConsentStatus::Given))
        .add(Column::Until.lte(session.now()))
}
