//! The ends of a referral: completed or withdrawn by the receiver, revoked by the sender, or with the
//! consent on which it rests. The access that it gave ends with it, in the same transaction.

use entity::access_grant::GrantBasis;
use entity::referral::{self, Column, ReferralStatus};
use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement, SimpleExpr};
use sea_orm::{ActiveEnum, ColumnTrait, Condition, Iterable};
use uuid::Uuid;

use super::gate;
use crate::access::Session;
use crate::access::policy::Action;
use crate::casework::change::{Change, Key, Subject};
use crate::casework::check::{Checks, LONG};
use crate::casework::grant;
use crate::casework::problem::Halt;
use crate::casework::state::Machine;

/// What ends a referral.
#[derive(Clone, Debug)]
pub struct End {
    /// The referral.
    pub id: Uuid,
    /// Why, or what came of it.
    pub reason: String,
}

/// The receiver has done what it was asked for.
pub async fn complete(session: &Session, key: &Key, command: &End) -> Result<Uuid, Halt> {
    end(session, key, command, (Action::ReferralComplete, ReferralStatus::Completed)).await
}

/// The receiver gives it back.
pub async fn withdraw(session: &Session, key: &Key, command: &End) -> Result<Uuid, Halt> {
    end(session, key, command, (Action::ReferralWithdraw, ReferralStatus::Withdrawn)).await
}

/// The sender takes it back.
pub async fn revoke(session: &Session, key: &Key, command: &End) -> Result<Uuid, Halt> {
    end(session, key, command, (Action::ReferralRevoke, ReferralStatus::Revoked)).await
}

async fn end(
    session: &Session,
    key: &Key,
    command: &End,
    (action, next): (Action, ReferralStatus),
) -> Result<Uuid, Halt> {
    let subject = Subject::new("referral", command.id);
    let mut change = Change::begin(session, action, key, subject).await?;
    let mut checks = Checks::default();
    checks.text("input.reason", &command.reason, LONG);
    checks.done()?;
    let before = match next {
        ReferralStatus::Revoked => gate::sent(&change, command.id).await?,
        _ => gate::received(&change, command.id).await?,
    };
    before.status.check(next, gate::PATH)?;
    let now = session.later();
    change.happens_at(now);
    let after = referral::Model {
        status: next,
        status_reason: Some(command.reason.clone()),
        ended_at: Some(now),
        ..before.clone()
    };
    change.update(&before, after).await?;
    if before.status == ReferralStatus::Accepted {
        grant::end(&mut change, GrantBasis::Referral, &[before.id], now).await?;
    }
    change.commit().await
}

/// Ends the referrals that rest on a consent, with the access that they gave.
pub async fn resting_on(
    change: &mut Change,
    consent_id: Uuid,
    next: ReferralStatus,
    reason: Option<&str>,
) -> Result<(), Halt> {
    close(change, Condition::all().add(Column::ConsentId.eq(consent_id)), next, reason).await?;
    Ok(())
}

/// Revokes what runs of the referrals of a case that is closed, with the access that they gave.
pub async fn of_closed_case(change: &mut Change, case_id: Uuid) -> Result<(), Halt> {
    let reason = change.session().language().choose(
        "The case was closed.",
        "Случай закрыт.",
        "Випадок закрито.",
    );
    let of_case = Condition::all().add(Column::CaseId.eq(case_id));
    close(change, of_case, ReferralStatus::Revoked, Some(reason)).await?;
    Ok(())
}

/// The referrals of a case that end with it.
pub fn open_of(case_id: Uuid) -> SelectStatement {
    let mut select = Query::select();
    select
        .expr(Expr::val(1))
        .from(referral::Entity)
        .and_where(Column::CaseId.eq(case_id))
        .and_where(may_become(ReferralStatus::Revoked));
    select
}

fn may_become(next: ReferralStatus) -> SimpleExpr {
    Column::Status.is_in(ReferralStatus::iter().filter(|status| status.may_become(next)))
}

/// Ends those among some referrals that may end so: how many.
pub(super) async fn close(
    change: &mut Change,
    which: Condition,
    next: ReferralStatus,
    reason: Option<&str>,
) -> Result<usize, Halt> {
    let (now, by) = (change.session().later(), change.by());
    change.happens_at(now);
    let reason = reason.map_or_else(|| Expr::col(Column::StatusReason), Expr::val);
    let values = vec![
        (Column::Status, Expr::val(next.to_value())),
        (Column::StatusReason, reason),
        (Column::EndedAt, Expr::val(now)),
        (Column::UpdatedAt, Expr::val(now)),
        (Column::UpdatedBy, Expr::val(by)),
        (Column::Version, Expr::col(Column::Version).add(1)),
    ];
    let which = which.add(may_become(next));
    let ended = change.update_where::<referral::Entity>(values, which).await?;
    // Those that were never accepted gave no access.
    let accepted = ended.iter().filter(|referral| referral.answered_at.is_some());
    let ids: Vec<Uuid> = accepted.map(|referral| referral.id).collect();
    grant::end(change, GrantBasis::Referral, &ids, now).await?;
    Ok(ended.len())
}
