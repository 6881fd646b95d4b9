//! What the feed says of each row that is kept: which aggregate it is, whom it concerns, and its
//! version. Rows that belong to an aggregate have no line of their own.

use chrono::{DateTime, Utc};
use entity::change::ChangeKind;
use sea_orm::{EntityTrait, ModelTrait};
use uuid::Uuid;

use super::task;

/// A line of the feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The kind of row, by the prefix of its ids.
    pub kind: &'static str,
    /// The row.
    pub id: Uuid,
    /// The family that it concerns.
    pub family_id: Option<Uuid>,
    /// The person that it concerns.
    pub person_id: Option<Uuid>,
    /// The organisation whose access changed.
    pub organisation_id: Option<Uuid>,
    /// The worker whose access changed, if it is one's alone.
    pub worker_id: Option<Uuid>,
    /// Its version; 0 where a row is never changed.
    pub version: i32,
    /// What happened to it.
    pub change: ChangeKind,
}

/// A row that is written through a change.
pub trait Kept: ModelTrait {
    /// Its line in the feed; none for a row that belongs to an aggregate.
    fn entry(&self) -> Option<Entry>;

    /// The same at a moment: what is over later is not over yet.
    fn entry_at(&self, _: DateTime<Utc>) -> Option<Entry> {
        self.entry()
    }

    /// Its version and the column of it, if changes of it are counted.
    fn version(&self) -> Option<(<Self::Entity as EntityTrait>::Column, i32)>;

    /// Counts a change.
    fn stamp(&mut self, at: DateTime<Utc>, by: Option<Uuid>);
}

/// Declares aggregates that count their changes: the prefix of their ids, their family, their
/// person.
macro_rules! versioned {
    ($($table:ident $prefix:literal ($row:ident) $family:expr, $person:expr;)+) => {
        $(impl Kept for entity::$table::Model {
            fn entry(&self) -> Option<Entry> {
                let $row = self;
                Some(Entry {
                    kind: $prefix,
                    id: self.id,
                    family_id: $family,
                    person_id: $person,
                    organisation_id: None,
                    worker_id: None,
                    version: self.version,
                    change: ChangeKind::Upserted,
                })
            }

            fn version(&self) -> Option<(entity::$table::Column, i32)> {
                Some((entity::$table::Column::Version, self.version))
            }

            fn stamp(&mut self, at: DateTime<Utc>, by: Option<Uuid>) {
                self.version += 1;
                self.updated_at = at;
                self.updated_by = by;
            }
        })+
    };
}

versioned! {
    person "person" (row) None, Some(row.id);
    family "family" (row) Some(row.id), None;
    concern_report "report" (row) row.family_id, None;
    case "case" (row) Some(row.family_id), None;
    assessment "assessment" (row) Some(row.family_id), None;
    plan "plan" (row) Some(row.family_id), None;
    measure "measure" (row) Some(row.family_id), None;
    visit "visit" (row) Some(row.family_id), None;
    centre "centre" (_row) None, None;
    unit "unit" (_row) None, None;
    programme "programme" (_row) None, None;
    intake "intake" (_row) None, None;
    enrolment "enrolment" (row) Some(row.family_id), row.person_id;
    placement "placement" (row) row.family_id, Some(row.person_id);
    break_glass "breakglass" (row) row.family_id, row.person_id;
    referral "referral" (row) Some(row.family_id), None;
    transfer "transfer" (row) Some(row.family_id), None;
}

/// Declares rows with a line of their own whose changes are not counted.
macro_rules! facts {
    ($($table:ident $prefix:literal ($row:ident) $family:expr, $person:expr;)+) => {
        $(impl Kept for entity::$table::Model {
            fn entry(&self) -> Option<Entry> {
                let $row = self;
                Some(Entry {
                    kind: $prefix,
                    id: self.id,
                    family_id: $family,
                    person_id: $person,
                    organisation_id: None,
                    worker_id: None,
                    version: 0,
                    change: ChangeKind::Upserted,
                })
            }

            fn version(&self) -> Option<(entity::$table::Column, i32)> {
                None
            }

            fn stamp(&mut self, _: DateTime<Utc>, _: Option<Uuid>) {}
        })+
    };
}

facts! {
    family_member "member" (row) Some(row.family_id), Some(row.person_id);
    relationship "relationship" (row) None, Some(row.person_id);
    legal_status "legalstatus" (row) None, Some(row.person_id);
    register_entry "entry" (row) row.family_id, row.person_id;
    decision "decision" (row) row.family_id, row.person_id;
    episode "episode" (row) Some(row.family_id), None;
    assignment "assignment" (row) Some(row.family_id), None;
    case_note "note" (row) Some(row.family_id), None;
    goal "goal" (row) Some(row.family_id), None;
    service "service" (row) Some(row.family_id), None;
    stage_event "stageevent" (row) Some(row.family_id), None;
    snapshot "snapshot" (_row) None, None;
    training_event "training" (_row) None, None;
}

/// Declares rows that belong to an aggregate, whose line stands for them.
macro_rules! parts {
    ($($table:ident),+ $(,)?) => {
        $(impl Kept for entity::$table::Model {
            fn entry(&self) -> Option<Entry> {
                None
            }

            fn version(&self) -> Option<(entity::$table::Column, i32)> {
                None
            }

            fn stamp(&mut self, _: DateTime<Utc>, _: Option<Uuid>) {}
        })+
    };
}

parts!(
    person_name,
    person_identifier,
    identity_fact,
    family_characteristic,
    concern_category,
    plan_sign_off,
    visit_child,
    service_person,
    capacity_period,
    budget_line,
    programme_availability,
    eligibility_rule,
    programme_stage,
    programme_priority,
    enrolment_person,
    attendance,
    training_headcount,
    absence,
    placement_breach,
    consent_recipient,
);

impl Kept for entity::consent::Model {
    fn entry(&self) -> Option<Entry> {
        Some(Entry {
            kind: "consent",
            id: self.id,
            family_id: Some(self.family_id),
            person_id: self.person_id,
            organisation_id: None,
            worker_id: None,
            version: self.version,
            change: ChangeKind::Upserted,
        })
    }

    fn version(&self) -> Option<(entity::consent::Column, i32)> {
        Some((entity::consent::Column::Version, self.version))
    }

    fn stamp(&mut self, at: DateTime<Utc>, by: Option<Uuid>) {
        self.version += 1;
        self.updated_at = Some(at);
        self.updated_by = by;
    }
}

impl Kept for entity::task::Model {
    fn entry(&self) -> Option<Entry> {
        Some(Entry {
            kind: task::KIND,
            id: self.id,
            family_id: self.family_id,
            person_id: None,
            organisation_id: None,
            worker_id: None,
            version: self.version,
            change: ChangeKind::Upserted,
        })
    }

    fn version(&self) -> Option<(entity::task::Column, i32)> {
        Some((entity::task::Column::Version, self.version))
    }

    fn stamp(&mut self, at: DateTime<Utc>, _: Option<Uuid>) {
        self.version += 1;
        self.updated_at = at;
    }
}

/// A grant is a line about what it opens, for the organisation that may see it from now on.
impl Kept for entity::access_grant::Model {
    fn entry(&self) -> Option<Entry> {
        self.entry_at(self.since)
    }

    fn entry_at(&self, now: DateTime<Utc>) -> Option<Entry> {
        let (kind, id) = match (self.family_id, self.person_id) {
            (Some(family_id), _) => ("family", family_id),
            (None, person_id) => ("person", person_id?),
        };
        Some(Entry {
            kind,
            id,
            family_id: self.family_id,
            person_id: self.person_id,
            organisation_id: Some(self.organisation_id),
            worker_id: self.worker_id,
            version: 0,
            change: if self.until.is_some_and(|until| until <= now) {
                ChangeKind::AccessLost
            } else {
                ChangeKind::AccessGained
            },
        })
    }

    fn version(&self) -> Option<(entity::access_grant::Column, i32)> {
        None
    }

    fn stamp(&mut self, _: DateTime<Utc>, _: Option<Uuid>) {}
}
