//! Publishing a report: computed at one moment, what is small hidden for those who may see no person, and
//! frozen. What was published before is taken into account, so that two reports can't be subtracted.

use chrono::{DateTime, Utc};
use entity::organisation;
use entity::snapshot::{self, Audience};
use uuid::Uuid;

use super::question::{Filter, LONGEST, LONGEST_YEARS, Period};
use super::release::{self, Earlier};
use super::report::{self, Report};
use super::sha256;
use super::snapshot::{Frozen, overlapping};
use super::sql::Sql;
use crate::access::policy::Action;
use crate::access::scope::counted;
use crate::access::{Row, Session};
use crate::casework::change::{Change, Key, Right, Subject};
use crate::casework::check::Checks;
use crate::casework::problem::{Halt, Problem};
use crate::casework::wording::{Reporting, Text};
use crate::error::{Error, Result};

/// What publishes a report.
#[derive(Clone, Debug)]
pub struct Publish {
    /// The period.
    pub period: Period,
    /// For whom.
    pub audience: Audience,
    /// What was recorded later doesn't count; now if not said.
    pub as_of: Option<DateTime<Utc>>,
}

/// Publishes a report of the work of the viewer's organisation with its branches.
pub async fn publish(session: &Session, key: &Key, command: &Publish) -> Result<Uuid, Halt> {
    let id = Uuid::now_v7();
    let organisation_id = session.viewer().organisation_id;
    let mut change =
        Change::begin(session, Action::SnapshotPublish, key, Subject::new("snapshot", id)).await?;
    command.check(session)?;
    let worker = change.worker()?;
    let own = Right::ANY;
    change.lock::<organisation::Entity>(organisation_id, own, "input").await?;
    let earlier = earlier(&change, command, organisation_id).await?;
    let report = compute(session, command.period, command.as_of).await?;
    let (content, sha256) =
        frozen(session, report, (command.audience, organisation_id), earlier).await?;
    let now = session.now();
    let row = snapshot::Model {
        id,
        organisation_id,
        audience: command.audience,
        since: command.period.since,
        through: command.period.through,
        as_of: command.as_of.unwrap_or(now),
        published_at: now,
        published_by_id: worker,
        sha256,
        content,
    };
    change.insert(row).await?;
    change.commit().await
}

impl Publish {
    fn check(&self, session: &Session) -> Result<(), Halt> {
        let Period { since, through } = self.period;
        let mut checks = Checks::default();
        let (today, years) = (session.today(), LONGEST_YEARS);
        checks.hold(since <= through, "input.period.through", Text::DatesOutOfOrder);
        checks.hold(since <= today, "input.period.since", Text::InFuture { today });
        let is_short = (through - since).num_days() <= LONGEST;
        checks.hold(is_short, "input.period.through", Reporting::PeriodTooLong { years });
        let is_past = self.as_of.is_none_or(|as_of| as_of <= session.now());
        checks.hold(is_past, "input.asOf", Reporting::AsOfInFuture);
        checks.done()
    }
}

async fn compute(
    session: &Session,
    period: Period,
    as_of: Option<DateTime<Utc>>,
) -> Result<Report> {
    let counted = counted(session.viewer());
    // What is published is computed from the rows, as of a moment that is said.
    let as_of = Some(as_of.unwrap_or_else(|| session.now()));
    report::compute(session, period, Filter::default(), (counted, as_of)).await
}

/// The text of a report for an audience, and its hash.
async fn frozen(
    session: &Session,
    report: Report,
    (audience, organisation_id): (Audience, Uuid),
    earlier: Vec<Frozen>,
) -> Result<(String, String)> {
    let thresholds = session.terms().small_numbers.hidden_to(audience);
    let hidden_to = thresholds.last().copied();
    // Weighing what readers could work out takes the processor for a while.
    let work = move || {
        let earlier: Vec<Earlier> = earlier.iter().map(Earlier::of).collect();
        release::hide(report, &thresholds, &earlier)
    };
    let report = tokio::task::spawn_blocking(work).await.map_err(|_| Error::Internal)?;
    let text = Frozen::of(&report, audience, organisation_id, hidden_to).text()?;
    let sha256 = sha256(&text);
    Ok((text, sha256))
}

/// The reports of overlapping periods that were published for those who may see no person. Of nested
/// organisations only one may publish for them, or one's report could be subtracted from another's.
async fn earlier(
    change: &Change,
    command: &Publish,
    organisation_id: Uuid,
) -> Result<Vec<Frozen>, Halt> {
    if command.audience == Audience::Internal {
        return Ok(Vec::new());
    }
    let session = change.session();
    if is_published_by_another(session, organisation_id).await? {
        return Err(Problem::at("input.audience", Reporting::PublishedByAnother).into());
    }
    let rows = change.all(overlapping(session, organisation_id, command.period)).await?;
    Ok(rows.iter().map(|row| Frozen::read(&row.content)).collect::<Result<_>>()?)
}

/// Whether an organisation above or below this one published for those who may see no person.
async fn is_published_by_another(session: &Session, organisation_id: Uuid) -> Result<bool> {
    let mut sql = Sql::new(session.viewer().backend);
    sql.bind(
        "select count(*) as n from snapshot s join organisation o on o.id = s.organisation_id \
         join organisation own on own.id = ? where s.audience <> 'INTERNAL' and o.id <> own.id \
         and (o.path like own.path || '%' or own.path like o.path || '%')",
        [organisation_id.into()],
    );
    let rows = session.figures(sql.statement()).await?;
    let number: i64 = rows.first().ok_or(Error::Internal)?.try_get("", "n")?;
    Ok(number > 0)
}

/// Whether a published report comes out again from the rows, byte for byte.
pub async fn reproduces(session: &Session, snapshot: &snapshot::Model) -> Result<Option<bool>> {
    if session.viewer().organisation_id != snapshot.organisation_id
        || session.may(Action::SnapshotPublish).is_err()
    {
        return Ok(None);
    }
    let period = Period { since: snapshot.since, through: snapshot.through };
    let report = compute(session, period, Some(snapshot.as_of)).await?;
    let rows = overlapping(session, snapshot.organisation_id, period).all().await?;
    let is_earlier = |row: &&Row<snapshot::Model>| row.published_at < snapshot.published_at;
    let is_suppressed = snapshot.audience != Audience::Internal;
    let before = rows.iter().filter(is_earlier).filter(|_| is_suppressed);
    let before = before.map(|row| Frozen::read(&row.content)).collect::<Result<_>>()?;
    let whose = (snapshot.audience, snapshot.organisation_id);
    let (text, _) = frozen(session, report, whose, before).await?;
    Ok(Some(text == snapshot.content))
}
