//! What the receiving organisation answers: accepting opens the family to it, as far as was shared.

use chrono::{DateTime, Utc};
use entity::access_grant::{self, DataCategory, GrantBasis, Shown};
use entity::consent;
use entity::referral::{self, ReferralStatus};
use sea_orm::sea_query::Query;
use sea_orm::{ColumnTrait, ConnectionTrait};
use uuid::Uuid;

use super::gate;
use crate::access::Session;
use crate::access::policy::Action;
use crate::casework::change::{Change, Key, Subject};
use crate::casework::check::{Checks, LONG};
use crate::casework::consent::in_force;
use crate::casework::grant::{About, lead_grant};
use crate::casework::names::split;
use crate::casework::problem::{Halt, Problem};
use crate::casework::state::Machine;
use crate::casework::wording::{Sharing, Text};

/// What answers a referral.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The referral.
    pub id: Uuid,
    /// Whether it is accepted.
    pub accepts: bool,
    /// Why, where it is declined.
    pub reason: Option<String>,
}

/// Accepts or declines a referral. What is accepted is seen from then on, until the referral or the
/// consent on which it rests runs out.
pub async fn answer(session: &Session, key: &Key, command: &Answer) -> Result<Uuid, Halt> {
    let subject = Subject::new("referral", command.id);
    let mut change = Change::begin(session, Action::ReferralAnswer, key, subject).await?;
    let mut checks = Checks::default();
    let says_why = command.reason.as_ref().is_some_and(|reason| !reason.trim().is_empty());
    checks.hold(command.accepts || says_why, "input.reason", Text::ReasonRequired);
    checks.some_text("input.reason", command.reason.as_deref(), LONG);
    checks.done()?;
    let before = gate::received(&change, command.id).await?;
    let next = if command.accepts { ReferralStatus::Accepted } else { ReferralStatus::Declined };
    before.status.check(next, gate::PATH)?;
    let now = session.later();
    change.happens_at(now);
    let after = referral::Model {
        status: next,
        status_reason: command.reason.clone(),
        answered_at: Some(now),
        ended_at: (!command.accepts).then_some(now),
        ..before.clone()
    };
    change.update(&before, after).await?;
    if command.accepts {
        let until = shown_until(&change, &before, now).await?;
        let grant = grant(&change, &before, until);
        change.insert(grant).await?;
    }
    change.commit().await
}

/// Until when an accepted referral shows the family; refused where what it rests on is gone.
async fn shown_until(
    change: &Change,
    referral: &referral::Model,
    now: DateTime<Utc>,
) -> Result<Option<DateTime<Utc>>, Halt> {
    let own = referral.expires_at;
    let Some(consent_id) = referral.consent_id else { return Ok(own) };
    // The receiver does not see the consent: the referral rests on it whoever asks.
    let mut consent = Query::select();
    consent
        .column((consent::Entity, consent::Column::Until))
        .from(consent::Entity)
        .and_where(consent::Column::Id.eq(consent_id))
        .cond_where(in_force(now));
    let found = change.connection().query_one(&consent).await?;
    let found = found.ok_or_else(|| Problem::at(gate::PATH, Sharing::ConsentGone))?;
    let until: Option<DateTime<Utc>> = found.try_get_by_index(0)?;
    Ok(own.into_iter().chain(until).min())
}

fn grant(
    change: &Change,
    referral: &referral::Model,
    until: Option<DateTime<Utc>>,
) -> access_grant::Model {
    let sections = split::<DataCategory>(&referral.sections);
    let about = About::Family(referral.family_id);
    access_grant::Model {
        level: referral.level,
        shown: Shown::of(referral.level, &sections),
        basis: GrantBasis::Referral,
        until,
        ..lead_grant(change, referral.receiver_id, about, referral.id)
    }
}
