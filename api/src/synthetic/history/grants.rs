//! Who may see the family besides: grants, each with its cause.

use chrono::{DateTime, Utc};
use entity::access_grant::{self, AccessLevel, GrantBasis, Shown};
use uuid::Uuid;

use super::Chronicle;
use crate::synthetic::calendar::morning;

/// What a grant lets an organisation see, why and how long.
#[derive(Clone, Copy)]
pub struct Sight {
    pub organisation_id: Uuid,
    pub level: AccessLevel,
    pub shown: Shown,
    pub basis: GrantBasis,
    pub source_id: Uuid,
    pub since: DateTime<Utc>,
    pub until: Option<DateTime<Utc>>,
}

/// Of whom a grant is.
#[derive(Clone, Copy)]
pub enum Whom {
    Family,
    Person(Uuid),
}

impl Chronicle<'_> {
    /// The branch sees the whole family, from the opening on, after the closure too.
    pub(super) fn write_lead_grant(&mut self) {
        let Some(opened_on) = self.plot.course.spans.first().map(|span| span.opened_on) else {
            return;
        };
        let sight = Sight {
            organisation_id: self.organisation_id(),
            level: AccessLevel::Full,
            shown: Shown::all(AccessLevel::Full),
            basis: GrantBasis::Lead,
            source_id: self.case_id,
            since: morning(opened_on),
            until: None,
        };
        self.grant(Whom::Family, sight);
    }

    pub(super) fn grant(&mut self, whom: Whom, sight: Sight) {
        let created_by = Some(self.lead_on(sight.since.date_naive()));
        self.rows.access_grant.push(access_grant::Model {
            id: self.plot.chance.id(sight.since),
            organisation_id: sight.organisation_id,
            worker_id: None,
            family_id: matches!(whom, Whom::Family).then_some(self.family_id),
            person_id: match whom {
                Whom::Family => None,
                Whom::Person(person_id) => Some(person_id),
            },
            level: sight.level,
            shown: sight.shown,
            basis: sight.basis,
            source_id: Some(sight.source_id),
            since: sight.since,
            until: sight.until,
            created_at: sight.since,
            created_by,
        });
    }
}
