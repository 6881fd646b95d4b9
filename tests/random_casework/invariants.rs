//! The invariants of the model, asked of the tables after a history.

use std::collections::HashMap;

use entity::case::CaseStatus;
use entity::plan::PlanStatus;
use entity::visit::VisitStatus;
use entity::{
    access_grant, assessment, assignment, case, case_note, change, episode, family, family_member,
    idempotency_key, measure, person, plan, register_entry, service, service_person, visit,
    visit_child,
};
use sea_orm::{ConnectionTrait, EntityTrait, Statement};
use uuid::Uuid;

use crate::harness::Stage;

pub async fn all<E: EntityTrait>(stage: &Stage) -> Vec<E::Model> {
    E::find().all(&stage.database.reader).await.unwrap()
}

/// Asserts every invariant.
pub async fn hold(stage: &Stage) {
    let cases = all::<case::Entity>(stage).await;
    let episodes = all::<episode::Entity>(stage).await;
    one_open_episode_a_case(&cases, &episodes);
    closures_took_two(&episodes);
    nothing_after_a_closure(stage, &cases, &episodes).await;
    plans_and_measures(stage).await;
    memberships_do_not_overlap(stage).await;
    visits_and_services_are_in_time(stage).await;
    decided_by_somebody_else(stage).await;
    seen_by_grants(stage, &cases).await;
    the_feed_follows(stage).await;
    places_are_enough(stage).await;
    parts_are_of_one_family(stage).await;
}

/// Rows that are parts of another one are of its family: reads take the family that a case is seen with for
/// that of its parts.
async fn parts_are_of_one_family(stage: &Stage) {
    for (part, column, whole) in [
        ("episode", "case_id", "case"),
        ("assignment", "case_id", "case"),
        ("case_note", "episode_id", "episode"),
        ("assessment", "case_id", "case"),
        ("plan", "case_id", "case"),
        ("plan_sign_off", "plan_id", "plan"),
        ("goal", "plan_id", "plan"),
        ("measure", "plan_id", "plan"),
        ("measure", "case_id", "case"),
        ("visit", "case_id", "case"),
        ("service", "case_id", "case"),
        ("service", "measure_id", "measure"),
    ] {
        let sql = format!(
            "select count(*) from \"{part}\" part join \"{whole}\" whole on whole.id = part.{column}
             where whole.family_id <> part.family_id"
        );
        let reader = &stage.database.reader;
        let counted = Statement::from_string(reader.get_database_backend(), sql);
        let found = reader.query_one_raw(counted).await.unwrap().unwrap();
        assert_eq!(found.try_get_by_index::<i64>(0).unwrap(), 0, "{part} by {column}");
    }
}

/// Never more hold a place of an intake than there are, and nobody's grant outlasts an enrolment.
async fn places_are_enough(stage: &Stage) {
    use entity::enrolment::EnrolmentStatus::{Ended, Expired, Ineligible, Offered, Withdrawn};
    use hearth::casework::enrolment::HOLDING;
    let now = stage.now();
    let enrolments = all::<entity::enrolment::Entity>(stage).await;
    for intake in all::<entity::intake::Entity>(stage).await {
        let held = enrolments.iter().filter(|row| {
            let ran_out = row.offered_until.is_some_and(|until| until <= now);
            row.intake_id == intake.id
                && HOLDING.contains(&row.status)
                && !(row.status == Offered && ran_out)
        });
        assert!(held.count() <= usize::try_from(intake.capacity).unwrap(), "I03: {intake:?}");
    }
    for grant in all::<access_grant::Entity>(stage).await {
        let own = enrolments.iter().find(|row| Some(row.id) == grant.source_id);
        let is_over =
            own.is_some_and(|row| matches!(row.status, Ended | Expired | Ineligible | Withdrawn));
        let has_ended = grant.until.is_some_and(|until| until <= now);
        assert!(!is_over || has_ended, "I15: {grant:?}");
    }
}

fn one_open_episode_a_case(cases: &[case::Model], episodes: &[episode::Model]) {
    for case in cases {
        let mut own: Vec<_> = episodes.iter().filter(|one| one.case_id == case.id).collect();
        own.sort_by_key(|one| one.no);
        let numbers: Vec<_> = own.iter().map(|one| one.no).collect();
        assert_eq!(numbers, (1..=i32::try_from(own.len()).unwrap()).collect::<Vec<_>>());
        let open = own.iter().filter(|one| one.closed_on.is_none()).count();
        assert_eq!(open, usize::from(case.status != CaseStatus::Closed), "I09: {case:?}");
        for pair in own.windows(2) {
            assert!(pair[0].closed_on.unwrap() <= pair[1].opened_on, "I09: {pair:?}");
        }
        assert_eq!(case.closed_on.is_some(), case.status == CaseStatus::Closed, "{case:?}");
    }
    let mut open: Vec<_> = cases
        .iter()
        .filter(|case| case.status != CaseStatus::Closed)
        .map(|case| (case.family_id, case.kind))
        .collect();
    let count = open.len();
    open.sort();
    open.dedup();
    assert_eq!(open.len(), count, "one open case a family and kind");
}

fn closures_took_two(episodes: &[episode::Model]) {
    for episode in episodes.iter().filter(|one| one.closed_on.is_some()) {
        assert!(episode.closure_class.is_some() && episode.summary.is_some(), "I07: {episode:?}");
        assert!(episode.approved_by_id.is_some(), "I07: {episode:?}");
        assert_ne!(episode.closed_by_id, episode.approved_by_id, "I16: {episode:?}");
    }
}

/// Of a closed case nothing but notes was recorded after its closure.
async fn nothing_after_a_closure(
    stage: &Stage,
    cases: &[case::Model],
    episodes: &[episode::Model],
) {
    let closed: HashMap<Uuid, _> = cases
        .iter()
        .filter(|case| case.status == CaseStatus::Closed)
        .filter_map(|case| {
            let own = episodes.iter().filter(|one| one.case_id == case.id);
            Some((case.id, own.filter_map(|one| one.closure_recorded_at).max()?))
        })
        .collect();
    let mut recorded: Vec<(Option<Uuid>, chrono::DateTime<chrono::Utc>)> = Vec::new();
    let visits = all::<visit::Entity>(stage).await;
    recorded.extend(visits.iter().map(|row| (row.case_id, row.updated_at)));
    let services = all::<service::Entity>(stage).await;
    recorded.extend(services.iter().map(|row| (row.case_id, row.recorded_at)));
    let assessments = all::<assessment::Entity>(stage).await;
    recorded.extend(assessments.iter().map(|row| (Some(row.case_id), row.updated_at)));
    let plans = all::<plan::Entity>(stage).await;
    recorded.extend(plans.iter().map(|row| (Some(row.case_id), row.updated_at)));
    let measures = all::<measure::Entity>(stage).await;
    recorded.extend(measures.iter().map(|row| (Some(row.case_id), row.updated_at)));
    let assignments = all::<assignment::Entity>(stage).await;
    recorded.extend(assignments.iter().map(|row| (Some(row.case_id), row.recorded_at)));
    for (case_id, at) in recorded {
        let Some(closed_at) = case_id.and_then(|id| closed.get(&id)) else { continue };
        assert!(at <= *closed_at, "I08: recorded {at} into a case closed {closed_at}");
    }
    for assignment in assignments.iter().filter(|row| closed.contains_key(&row.case_id)) {
        assert!(assignment.until.is_some(), "nobody is assigned to a closed case");
    }
    for note in all::<case_note::Entity>(stage).await {
        assert!(
            episodes.iter().any(|one| one.id == note.episode_id && one.case_id == note.case_id)
        );
    }
}

async fn plans_and_measures(stage: &Stage) {
    let plans = all::<plan::Entity>(stage).await;
    let mut active: HashMap<Uuid, usize> = HashMap::new();
    for plan in plans.iter().filter(|plan| plan.status == PlanStatus::Active) {
        *active.entry(plan.case_id).or_default() += 1;
    }
    assert!(active.values().all(|count| *count == 1), "I10");
    for measure in all::<measure::Entity>(stage).await {
        let plan = plans.iter().find(|plan| plan.id == measure.plan_id).unwrap();
        assert_eq!((plan.case_id, plan.family_id), (measure.case_id, measure.family_id));
        let is_done = measure.status == entity::measure::MeasureStatus::Done;
        assert_eq!(is_done, measure.done_on.is_some(), "{measure:?}");
    }
}

async fn memberships_do_not_overlap(stage: &Stage) {
    let members = all::<family_member::Entity>(stage).await;
    for (place, one) in members.iter().enumerate() {
        assert!(one.until.is_none_or(|until| until > one.since), "I12: {one:?}");
        for other in &members[place + 1..] {
            let same = (one.family_id, one.person_id) == (other.family_id, other.person_id);
            let before = |a: &family_member::Model, b: &family_member::Model| {
                a.until.is_some_and(|until| until <= b.since)
            };
            let apart = before(one, other) || before(other, one);
            assert!(!same || apart, "I13: {one:?} {other:?}");
        }
    }
}

async fn visits_and_services_are_in_time(stage: &Stage) {
    let today = stage.now().date_naive();
    let persons: HashMap<Uuid, person::Model> =
        all::<person::Entity>(stage).await.into_iter().map(|row| (row.id, row)).collect();
    let visits = all::<visit::Entity>(stage).await;
    for visit in &visits {
        let is_made = visit.status == VisitStatus::Completed;
        assert!(!is_made || visit.visited_at.is_some(), "{visit:?}");
        assert!(visit.visited_at.is_none_or(|at| at <= stage.now()), "I12: {visit:?}");
    }
    for seen in all::<visit_child::Entity>(stage).await {
        let visit = visits.iter().find(|visit| visit.id == seen.visit_id).unwrap();
        let (on, born) =
            (visit.visited_at.unwrap().date_naive(), persons[&seen.person_id].birth_date);
        assert!(born.is_none_or(|born| born <= on), "I12: {seen:?}");
        assert!(seen.seen || !seen.seen_alone);
    }
    let services = all::<service::Entity>(stage).await;
    for served in all::<service_person::Entity>(stage).await {
        let service = services.iter().find(|service| service.id == served.service_id).unwrap();
        assert!(service.delivered_on <= today, "I12: {service:?}");
        let born = persons[&served.person_id].birth_date;
        assert!(born.is_none_or(|born| born <= service.delivered_on), "I12: {service:?}");
    }
    for entry in all::<register_entry::Entity>(stage).await {
        assert!(entry.since <= today && entry.until.is_none_or(|until| until > entry.since));
    }
    for person in persons.values() {
        assert!(person.birth_date.is_none_or(|born| born <= today), "I12: {person:?}");
        let in_order = person.death_date.zip(person.birth_date).is_none_or(|(d, b)| d >= b);
        assert!(in_order, "I12: {person:?}");
    }
}

async fn decided_by_somebody_else(stage: &Stage) {
    for row in all::<assessment::Entity>(stage).await {
        assert_ne!(Some(row.assessed_by_id), row.approved_by_id, "I16: {row:?}");
    }
}

/// Every family is seen by the organisation that made it, and by each that leads a case of it.
async fn seen_by_grants(stage: &Stage, cases: &[case::Model]) {
    let grants = all::<access_grant::Entity>(stage).await;
    for family in all::<family::Entity>(stage).await {
        let lead = family.lead_organisation_id.unwrap();
        assert!(grants.iter().any(|grant| {
            grant.family_id == Some(family.id)
                && grant.organisation_id == lead
                && grant.until.is_none()
        }));
    }
    for case in cases {
        assert!(grants.iter().any(|grant| grant.source_id == Some(case.id)), "{case:?}");
    }
}

/// The newest line of each aggregate has the version that the row has; no line tells of a reporter.
async fn the_feed_follows(stage: &Stage) {
    let mut newest: HashMap<(String, Uuid), i32> = HashMap::new();
    let mut feed = all::<change::Entity>(stage).await;
    feed.sort_by_key(|line| line.seq);
    for line in feed {
        if line.kind == entity::change::ChangeKind::Upserted {
            newest.insert((line.entity_kind, line.entity_id), line.version);
        }
    }
    for case in all::<case::Entity>(stage).await {
        assert_eq!(newest.get(&("case".to_owned(), case.id)), Some(&case.version), "{case:?}");
    }
    for family in all::<family::Entity>(stage).await {
        assert_eq!(newest.get(&("family".to_owned(), family.id)), Some(&family.version));
    }
    for person in all::<person::Entity>(stage).await {
        assert_eq!(newest.get(&("person".to_owned(), person.id)), Some(&person.version));
    }
    for plan in all::<plan::Entity>(stage).await {
        assert_eq!(newest.get(&("plan".to_owned(), plan.id)), Some(&plan.version));
    }
    for measure in all::<measure::Entity>(stage).await {
        assert_eq!(newest.get(&("measure".to_owned(), measure.id)), Some(&measure.version));
    }
    for visit in all::<visit::Entity>(stage).await {
        assert_eq!(newest.get(&("visit".to_owned(), visit.id)), Some(&visit.version));
    }
    for key in all::<idempotency_key::Entity>(stage).await {
        assert!(key.entity_id.is_some());
    }
}
