//! The door for reads: a session is one viewer's view of the database at one moment, and
//! every query begins at it, with the viewer's predicate already in.

#![expect(clippy::disallowed_methods, reason = "this is the door that reads begin at")]

mod cell;
pub mod joint;
mod rows;

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use entity::audit_event;
use entity::membership::Role;
use sea_orm::sea_query::{ExprTrait, SelectStatement};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseConnection, DbErr, QueryResult, Statement,
};
use uuid::Uuid;

use super::audit::{Node, Notes, Operation, about};
use super::policy::{self, Action};
use super::redact::{Class, Veil};
use super::scope::{Need, SEEN, Visible};
use super::vault::Vault;
use super::viewer::Viewer;
use crate::clock::Clock;
use crate::database::Database;
use crate::error::Result;
use crate::language::Language;
use crate::terms::Terms;
pub use rows::{A, B, Keyset, Rows};

/// One viewer's view of the database during one request.
#[derive(Clone, Debug)]
pub struct Session {
    inner: Arc<Inner>,
    /// The part that its one read takes in a joint statement.
    part: Option<joint::Part>,
}

#[derive(Debug)]
struct Inner {
    database: Database,
    viewer: Viewer,
    asking_each: OnceLock<Viewer>,
    /// The viewer in joint statements, and asking each.
    joint: OnceLock<(Viewer, Viewer)>,
    circumstances: Circumstances,
    operation: OnceLock<Operation>,
    notes: Arc<Notes>,
    has_written: AtomicBool,
}

/// What holds for one request, whoever asks.
#[derive(Clone, Debug)]
pub struct Circumstances {
    /// The request's id.
    pub request_id: Uuid,
    /// The authority's time zone.
    pub zone: Tz,
    /// The language of messages.
    pub language: Language,
    /// The authority's deadlines.
    pub terms: Terms,
    /// What time it is while the request goes on.
    pub clock: Clock,
    /// What seals and opens RESTRICTED values.
    pub vault: Vault,
}

impl Session {
    /// Opens a session for a viewer who was loaded.
    pub fn new(database: Database, viewer: Viewer, circumstances: Circumstances) -> Self {
        let (operation, notes) = (OnceLock::new(), Arc::default());
        let inner = Arc::new(Inner {
            database,
            viewer,
            asking_each: OnceLock::new(),
            joint: OnceLock::new(),
            circumstances,
            operation,
            notes,
            has_written: AtomicBool::new(false),
        });
        Self { inner, part: None }
    }

    /// Says, once, what the request asks for and from where, for the audit.
    pub fn asks(&self, operation: Operation) {
        self.inner.operation.get_or_init(|| operation);
    }

    /// What the request asks for, and from where.
    pub fn operation(&self) -> &Operation {
        self.inner.operation.get_or_init(Operation::default)
    }

    /// What the answer shows, to be written to the audit before it leaves.
    pub fn notes(&self) -> &Arc<Notes> {
        &self.inner.notes
    }

    /// Whether something was, or was to be, changed.
    pub fn has_written(&self) -> bool {
        self.inner.has_written.load(Ordering::Relaxed)
    }

    /// Who asks.
    pub fn viewer(&self) -> &Viewer {
        &self.inner.viewer
    }

    /// Who asks, of whom it is asked of each row whether they see it.
    fn asking_each(&self) -> &Viewer {
        self.inner.asking_each.get_or_init(|| self.viewer().asking_each())
    }

    /// Who asks in a joint statement, and of whom it is asked of each row.
    fn jointly(&self) -> &(Viewer, Viewer) {
        self.inner.joint.get_or_init(|| {
            let viewer = self.viewer();
            let viewer = viewer.naming_grants().unwrap_or_else(|| viewer.clone());
            let each = viewer.asking_each();
            (viewer, each)
        })
    }

    /// The request's id.
    pub fn request_id(&self) -> Uuid {
        self.inner.circumstances.request_id
    }

    /// The language of messages.
    pub fn language(&self) -> Language {
        self.inner.circumstances.language
    }

    /// The authority's deadlines.
    pub fn terms(&self) -> &Terms {
        &self.inner.circumstances.terms
    }

    /// The moment of the request.
    pub fn now(&self) -> DateTime<Utc> {
        self.inner.viewer.now
    }

    /// The moment that it is now, later than that of the request: for what must come after others
    /// whom the request waited for.
    pub fn later(&self) -> DateTime<Utc> {
        Ord::max(self.inner.circumstances.clock.now(), self.now())
    }

    /// The local date of the request.
    pub fn today(&self) -> NaiveDate {
        self.day_of(self.now())
    }

    /// The local date of an instant.
    pub fn day_of(&self, instant: DateTime<Utc>) -> NaiveDate {
        instant.with_timezone(&self.inner.circumstances.zone).date_naive()
    }

    /// The first instant of a local day.
    pub fn start_of(&self, day: NaiveDate) -> DateTime<Utc> {
        let midnight = day.and_time(NaiveTime::MIN);
        // Where the clock is put forward at midnight, the day begins later.
        let begins = (0..3).find_map(|hours| {
            let local = midnight + TimeDelta::hours(hours);
            self.inner.circumstances.zone.from_local_datetime(&local).earliest()
        });
        begins.map_or_else(|| midnight.and_utc(), |begins| begins.with_timezone(&Utc))
    }

    /// The first instant after a local day.
    pub fn end_of(&self, day: NaiveDate) -> DateTime<Utc> {
        self.start_of(day.succ_opt().unwrap_or(day))
    }

    /// Refuses what the viewer's role never does.
    pub fn may(&self, action: Action) -> Result<()> {
        if self.viewer().is_house && policy::is_due_by_itself(action) {
            return Ok(());
        }
        policy::check(self.viewer().role, action)
    }

    /// The rows that the viewer may see.
    pub fn find<E: Visible>(&self) -> Rows<E> {
        Rows::all_seen(self)
    }

    /// The rows of which the viewer may see certain values. A filter or an order on such values starts
    /// here, so that it can't be used to guess what is hidden.
    pub fn find_showing<E: Visible>(&self, veils: &[Veil]) -> Rows<E> {
        if veils.is_empty() {
            return self.find();
        }
        // What is restricted is open to nobody by an emergency.
        let is_restricted = veils.iter().any(|veil| veil.class == Class::Restricted);
        let lasting = is_restricted.then(|| self.viewer().lasting());
        let viewer = lasting.as_ref().unwrap_or_else(|| self.viewer());
        let seen = |veil: &Veil| E::visible_to(viewer, Need::Value(*veil));
        let all = veils.iter().fold(Condition::all(), |all, veil| all.add(seen(veil)));
        Rows::seen_by(self, all)
    }

    /// The rows that the viewer's organisation leads the work with.
    pub fn find_led<E: Visible>(&self) -> Rows<E> {
        Rows::led(self)
    }

    /// The events of the audit about an object: those of the viewer's organisations and, where these
    /// lead the work with whom it is about, everybody's. For auditors alone.
    pub fn find_events_about(&self, node: Node) -> Rows<audit_event::Entity> {
        use audit_event::Column;
        let viewer = self.viewer();
        let mut seen = audit_event::Entity::visible_to(viewer, SEEN);
        if viewer.role == Role::Auditor && !viewer.is_house {
            seen = Condition::any().add(seen).add(about::is_led(viewer, node));
        }
        let about = Column::EntityKind.eq(node.kind).and(about::names(viewer.backend, node.id));
        Rows::seen_by(self, seen).filter(about)
    }

    /// Numbers over all rows, whoever may see them: for counts that name nobody, such as how
    /// many places of a unit are taken. Each row is an id and a count.
    pub async fn tally(&self, select: &SelectStatement) -> Result<HashMap<Uuid, i64>> {
        let rows = self.database().query_all(select).await?;
        let read = |row: &QueryResult| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?));
        Ok(rows.iter().map(read).collect::<Result<_, DbErr>>()?)
    }

    /// Figures of the work that the viewer counts, which the statement narrows to by
    /// [`counted`](super::scope::counted): rows of keys and numbers that name nobody.
    pub(crate) async fn figures(&self, statement: Statement) -> Result<Vec<QueryResult>> {
        Ok(self.varied().query_all_raw(statement).await?)
    }

    /// What seals and opens RESTRICTED values; see [`Session::reveal`].
    pub fn vault(&self) -> &Vault {
        &self.inner.circumstances.vault
    }

    pub(crate) fn database(&self) -> &DatabaseConnection {
        &self.inner.database.reader
    }

    pub(crate) fn varied(&self) -> &DatabaseConnection {
        &self.inner.database.varied
    }

    pub(crate) fn writer(&self) -> &DatabaseConnection {
        self.inner.has_written.store(true, Ordering::Relaxed);
        &self.inner.database.writer
    }
}
