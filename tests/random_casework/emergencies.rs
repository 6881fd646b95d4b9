//! What holds of access in emergencies whatever comes: it is one worker's, short, counted and reviewed by
//! somebody else.

use chrono::TimeDelta;
use entity::access_grant::{self, GrantBasis};
use entity::break_glass::{self, BreakGlassOutcome};
use entity::task::{self, TaskKind, TaskStatus};

use super::invariants::all;
use crate::harness::Stage;

pub async fn hold(stage: &Stage) {
    let taken = all::<break_glass::Entity>(stage).await;
    let grants = all::<access_grant::Entity>(stage).await;
    let tasks = all::<task::Entity>(stage).await;
    for grant in &grants {
        let is_ours = grant.basis == GrantBasis::BreakGlass;
        assert_eq!(is_ours, grant.worker_id.is_some(), "{grant:?}");
    }
    for row in &taken {
        let theirs: Vec<_> = grants.iter().filter(|one| one.source_id == Some(row.id)).collect();
        let [grant] = theirs.as_slice() else { panic!("one grant: {row:?}: {theirs:?}") };
        assert_eq!(grant.worker_id, Some(row.worker_id));
        assert_eq!((grant.family_id, grant.person_id), (row.family_id, row.person_id));
        assert!(grant.until.is_some_and(|until| until <= row.until), "{grant:?}");
        assert!(row.until - row.since <= TimeDelta::hours(24), "{row:?}");
        assert_ne!(row.reviewed_by_id, Some(row.worker_id), "{row:?}");
        let is_cut = row.outcome == Some(BreakGlassOutcome::Unjustified);
        assert!(!is_cut || grant.until.is_some_and(|until| until <= stage.now()), "{grant:?}");
        let due = tasks
            .iter()
            .find(|one| one.kind == TaskKind::BreakGlassReview && one.subject_id == row.id);
        let due = due.unwrap_or_else(|| panic!("a task to review {row:?}"));
        assert_eq!(due.status == TaskStatus::Open, row.outcome.is_none(), "{due:?}");
        assert_eq!(due.family_id, None);
        let day = row.since - TimeDelta::hours(24)..=row.since;
        let others = taken.iter().filter(|one| one.worker_id == row.worker_id);
        let lately = others.filter(|one| one.since > *day.start() && one.since <= *day.end());
        assert!(lately.count() <= 5, "{row:?}");
    }
}
